"""
The text of a CSV export taken apart in Python: where the headings are, and rows whose cells are quoted.

Files without a quotation mark need only the first; their rows are split by DuckDB.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fjorten.registers.reconcile.columns import recognised

_SEPARATORS: Final = (";", ",", "\t", "|")

# The headings are looked for this far down; titles and lines about the extract stand above them.
HEADING_WITHIN_LINES: Final = 25

# A quoted cell may hold line breaks, but not more than this: beyond, somebody forgot to close a quotation mark.
_LONGEST_CELL_LINES: Final = 50


@dataclass(frozen=True, slots=True)
class Heading:
    """The row of headings: its cells, the line it stands on (1 is the first), and what separates the cells."""

    cells: tuple[str, ...]
    line: int
    separator: str


def find_heading(lines: Sequence[str], column_map: Mapping[str, str]) -> Heading:
    """
    This function will find the line and the separator that give the most headings we know.

    When no line gives any, the answer is the first line that is not blank, for a message about what was found instead.
    """
    candidates = [
        (recognised(cells, column_map), -line, Heading(cells=cells, line=line, separator=separator))
        for line, text in enumerate(lines[:HEADING_WITHIN_LINES], start=1)
        for separator in _SEPARATORS
        if (cells := tuple(next(csv.reader([text], delimiter=separator), ())))
    ]
    known, _, heading = max(candidates, key=lambda candidate: candidate[:2], default=(0, 0, None))
    if heading is not None and known:
        return heading
    line, text = next(((line, text) for line, text in enumerate(lines, start=1) if text.strip()), (1, ""))
    separator = max(_SEPARATORS, key=text.count)
    return Heading(cells=tuple(text.split(separator)), line=line, separator=separator)


def records_of(lines: Sequence[str], heading: Heading) -> Iterator[tuple[int, Sequence[str] | None]]:
    """
    This function will go through the rows below the headings as (line they begin on, cells), putting quoted line breaks together.

    The cells are None where a quotation mark is never closed; that line is left out, and the next one is a row of its own again.
    """
    at = heading.line
    while at < len(lines):
        cells, taken = _record(lines, at, heading)
        yield at + 1, cells
        at += taken


def _record(lines: Sequence[str], at: int, heading: Heading) -> tuple[Sequence[str] | None, int]:
    alone = _cells(lines[at], heading.separator)
    if alone is not None:
        return alone, 1
    for taken in range(2, min(_LONGEST_CELL_LINES, len(lines) - at) + 1):
        cells = _cells("\n".join(lines[at : at + taken]), heading.separator)
        if cells is not None:
            # Two rows with an open quotation mark each look like one long row, but not like one with the right number of cells.
            return (cells, taken) if len(cells) == len(heading.cells) else (None, 1)
    return None, 1


def _cells(text: str, separator: str) -> Sequence[str] | None:
    """Split a row; None when a quotation mark is open at its end."""
    if '"' not in text:
        return text.split(separator)
    cells = text[1:-1].split(f'"{separator}"')
    if text.count('"') == 2 * len(cells) and text.startswith('"') and text.endswith('"'):
        return cells  # every cell is quoted and none holds a quotation mark: nearly all files with any, at a tenth of the time
    try:
        return next(csv.reader([text], delimiter=separator, strict=True))
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            return None
        # A quotation mark inside a cell that is not quoted, as in a nickname: it is a letter like the others.
        return next(csv.reader([text], delimiter=separator))
