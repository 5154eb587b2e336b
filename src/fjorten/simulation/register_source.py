"""The town's register as the system reads it, without files or a network: for generated histories, where there are thousands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from types import TracebackType
from typing import Self

from fjorten.registers.feeds.rows import page_of
from fjorten.registers.feeds.source import FailedLookUp, FeedPage, Found, PersonDocument
from fjorten.simulation.feed import FeedRow

PAGE = 1000


def nobody(_number: str) -> PersonDocument | None:
    """Answer no look-up."""
    return None


class GivenRows:
    """A register that has just these rows, delivered in pages in the order they are given."""

    def __init__(
        self, rows: Sequence[FeedRow], *, person_now: Callable[[str], PersonDocument | None] = nobody, page_size: int = PAGE
    ) -> None:
        self._rows = rows
        self._person_now = person_now
        self._page_size = page_size
        self._documents = {
            str(line["dokumentidentifikator"]): row.person_document
            for row in rows
            if (line := row.document_line) is not None and row.person_document is not None
        }

    def pages(self, after: int | None) -> Iterator[FeedPage]:
        """Give the rows page by page."""
        wanted = [row for row in self._rows if after is None or row.sequence > after]
        for begin in range(0, len(wanted), self._page_size):
            yield page_of(list(enumerate((row.row for row in wanted[begin : begin + self._page_size]), start=1)), after=None)

    def documents(self, ids: Iterable[str]) -> Found:
        """Find the documents behind events."""
        return Found({key: self._documents[key] for key in ids if key in self._documents})

    def persons(self, numbers: Iterable[str]) -> Found:
        """Find persons as they are now."""
        asked = set(numbers)
        found = {number: document for number in asked if (document := self._person_now(number)) is not None}
        return Found(found, [FailedLookUp(number, "Personen finnes ikke.") for number in asked - set(found)])

    def last_sequence(self) -> int | None:
        """Tell the highest sequence number."""
        return max((row.sequence for row in self._rows), default=0)

    def close(self) -> None:
        """Let go of nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
