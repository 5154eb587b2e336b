"""In which order to read a feed that lies in a file in any order."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from typing import IO, Final

from fjorten.registers.feeds.lines import lines_of
from fjorten.registers.feeds.parsing import NotJson, is_plain, object_in, parse_json
from fjorten.registers.feeds.rows import RowIsBroken, sequence_in
from fjorten.registers.feeds.source import RejectedRow

# As many rows as the register's own interface gives at a time, so that both kinds of source cost the same to go through. [source]
ROWS_PER_PAGE: Final = 1000
# A file of something else gives a complaint for every line; more than this helps nobody. [default]
MOST_COMPLAINTS: Final = 1000

# A quick look at a line without reading it as JSON, which takes far longer. Whatever it finds is checked when the line is read.
_SEQUENCE: Final = re.compile(rb'"sekvensnummer"\s*:\s*([1-9][0-9]{0,17})\s*[,}]')


class FileOrder:
    """In which order the lines of a feed are to be read: by sequence number, and by place in the file where that is the same."""

    __slots__ = ("_offsets", "_order", "_positions", "_sequences", "complaints")

    def __init__(self, file: IO[bytes]) -> None:
        """Read the file once, looking for sequence numbers only. Lines without one are in `complaints`, as far as somebody would read."""
        self._sequences: Final = array("q")
        self._offsets: Final = array("q")
        self._positions: Final = array("q")
        complaints: list[RejectedRow] = []
        others = 0
        for line in lines_of(file):
            try:
                sequence = _sequence_of(line.content)
            except RowIsBroken as broken:
                if len(complaints) < MOST_COMPLAINTS:
                    complaints.append(RejectedRow(line.position, None, broken.reason))
                else:
                    others += 1
                continue
            self._sequences.append(sequence)
            self._offsets.append(line.offset)
            self._positions.append(line.position)
        if others:
            complaints.append(RejectedRow(complaints[-1].position + 1, None, f"Etter denne linjen er det {others} til som ikke kan leses."))
        self.complaints: Final = tuple(complaints)
        self._order: Final = array("q", sorted(range(len(self._sequences)), key=self._sequences.__getitem__))

    @property
    def last(self) -> int:
        """The highest sequence number, 0 when there is none."""
        return self._sequences[self._order[-1]] if self._order else 0

    def chunks(self, after: int) -> Iterator[list[tuple[int, int]]]:
        """This function will give the lines above a sequence number, as position and byte offset, in pieces of about a page."""
        start = bisect_right(self._order, after, key=self._sequences.__getitem__)
        while start < len(self._order):
            # Lines that share a number belong on one page: only there is it seen whether they are the same.
            last_number = self._sequences[self._order[min(start + ROWS_PER_PAGE, len(self._order)) - 1]]
            end = bisect_right(self._order, last_number, key=self._sequences.__getitem__)
            yield [(self._positions[place], self._offsets[place]) for place in self._order[start:end]]
            start = end


def _sequence_of(content: bytes | None) -> int:
    if content is None:
        raise RowIsBroken("Linjen er for lang til å være en hendelse.")
    if is_plain(content, b'"sekvensnummer"') and (found := _SEQUENCE.search(content)):
        return int(found[1])
    try:
        row = object_in(parse_json(content))
    except NotJson:
        raise RowIsBroken("Linjen er ikke gyldig JSON.") from None
    return sequence_in((row or {}).get("sekvensnummer"))
