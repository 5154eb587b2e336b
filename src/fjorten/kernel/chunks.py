"""Many values, some at a time: a database and a register each take only so many in one question."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

ValueT = TypeVar("ValueT")


def chunks(values: Sequence[ValueT], size: int) -> Iterator[list[ValueT]]:
    """This function will cut a sequence into pieces of at most `size`, in order. No values: no piece."""
    for begin in range(0, len(values), size):
        yield list(values[begin : begin + size])
