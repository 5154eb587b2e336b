from hypothesis import given
from hypothesis import strategies as st

from fjorten.kernel.chunks import chunks
from tests.examples import EXAMPLES


@EXAMPLES
@given(st.lists(st.integers()), st.integers(1, 7))
def test_nothing_is_lost_and_no_piece_is_empty_or_too_large(values: list[int], size: int) -> None:
    pieces = list(chunks(values, size))
    assert [value for piece in pieces for value in piece] == values
    assert all(1 <= len(piece) <= size for piece in pieces)
    assert all(len(piece) == size for piece in pieces[:-1])
