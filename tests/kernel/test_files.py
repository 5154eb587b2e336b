"""Why a file could not be read, said in words."""

import os
from errno import EACCES, EIO, EISDIR, ENOENT

import pytest

from fjorten.kernel.files import why_unreadable


@pytest.mark.parametrize(
    ("number", "says"),
    [(ENOENT, "den finnes ikke"), (EACCES, "du har ikke lov"), (EISDIR, "det er en mappe"), (EIO, os.strerror(EIO))],
)
def test_it_is_said_in_words(number: int, says: str) -> None:
    assert says in why_unreadable(OSError(number, os.strerror(number)))


def test_what_nobody_knows_is_said_to_be_so() -> None:
    assert why_unreadable(OSError()) == "ukjent feil"
