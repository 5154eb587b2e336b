"""Keeps letters from reaching out: whatever address stands in one, nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Never


class LetterReachesOut(RuntimeError):
    """Something in a letter asked for an address. Letters hold none, so the letter is not made: an escape has failed."""


class _Asked(BaseException):
    """Goes through WeasyPrint, which carries on after an ordinary exception."""


class NothingIsFetched:
    """
    Refuses every address, and stops the letter at the first that asks: a hole in the escaping should be loud.

    `asked` counts them; their words are kept nowhere, since they may be somebody's.
    """

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, url: str) -> Never:
        """This function will fetch nothing. Stops what is inside `stopping_at_the_first`."""
        self.asked += 1
        raise _Asked


@contextmanager
def stopping_at_the_first() -> Iterator[None]:
    """This function will make of an address asked for an error that can be caught. Raises LetterReachesOut."""
    try:
        yield
    except _Asked:
        raise LetterReachesOut("a letter asked for an address") from None
