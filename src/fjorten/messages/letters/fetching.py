"""Keeps letters from reaching out: whatever address stands in one, nothing is fetched."""

from __future__ import annotations

from typing import Never

from weasyprint.urls import FatalURLFetchingError, URLFetcher


class LetterReachesOut(FatalURLFetchingError):
    """Something in a letter asked for an address. Letters hold none, so the letter is not made: an escape has failed."""


class NothingIsFetched(URLFetcher):
    """
    Refuses every address but `data:`, and stops the letter at the first that asks: a hole in the escaping should be loud.

    `asked` counts them; their words are kept nowhere, since they may be somebody's.
    """

    def __init__(self) -> None:
        super().__init__(allowed_protocols=())
        self.asked = 0

    def fetch(self, url: str, headers: object = None) -> Never:
        """This function will fetch nothing. Raises LetterReachesOut."""
        self.asked += 1
        raise LetterReachesOut("a letter asked for an address")
