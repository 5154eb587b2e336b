"""Little tables that are both test and manual: run by pytest, printed as reference pages by tools/reference.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar

from fjorten.kernel.periods import Period

Proof = TypeVar("Proof", bound=Callable[..., None])
Convert = Mapping[str, Callable[[str], object]]


def spec(sentence: str) -> Callable[[Proof], Proof]:
    """Give a test the Norwegian sentence it proves. The sentence becomes a heading of the reference page, with the test's tables under it."""

    def keep(proof: Proof) -> Proof:
        proof.__doc__ = proof.__doc__ or sentence
        return proof

    return keep


def check_table(function: Callable[..., object], table: str, *, convert: Convert | None = None) -> None:
    """
    Call `function` once per row, with the cells as keyword arguments, and compare `str` of the answer with the last column.

    A cell is passed as text, or as `convert[heading]` makes of it. All rows are tried before the test fails, so that one run shows the
    whole difference. Raises TableIsMalformed for a table that cannot prove anything.
    """
    headings, rows = read_table(table)
    *arguments, _ = headings
    converters = dict(convert or {})
    if unknown := converters.keys() - set(arguments):
        raise TableIsMalformed(f"convert names columns the table does not have: {', '.join(sorted(unknown))}")
    differences = []
    for row in rows:
        *cells, expected = row
        values = {name: converters.get(name, str)(cell) for name, cell in zip(arguments, cells, strict=True)}
        answer = str(function(**values))
        if answer != expected:
            differences.append(f"{' | '.join(row)}    <- answered {answer!r}")
    assert not differences, "\n".join(["the rule and the table differ:", *differences])


class TableIsMalformed(ValueError):
    """A table without rows, with a row of another width than its headings, or with a converter for a column it does not have."""


def read_table(table: str) -> tuple[list[str], list[list[str]]]:
    """Split a table of `|`-separated cells into headings and rows, leaving out blank lines. Raises TableIsMalformed."""
    lines = [line for line in table.splitlines() if line.strip()]
    split = [[cell.strip() for cell in line.split("|")] for line in lines]
    if len(split) < 2:
        raise TableIsMalformed("a table without rows proves nothing")
    headings, *rows = split
    for row in rows:
        if len(row) != len(headings):
            raise TableIsMalformed(f"{len(row)} cells under {len(headings)} headings: {' | '.join(row)}")
    return headings, rows


def optional_date(cell: str) -> date | None:
    """Read a cell as a date; None when it is blank."""
    return date.fromisoformat(cell) if cell else None


def period(cell: str) -> Period:
    """Read a cell like `2026-02-01..2026-02-21` as a half-open period; either end may be left out."""
    start, _, until = cell.partition("..")
    return Period(optional_date(start), optional_date(until))


def truth(cell: str) -> bool:
    """Read a cell as `ja` or `nei`. Raises KeyError for anything else."""
    return {"ja": True, "nei": False}[cell]
