"""
A journal export of whatever kind into one shape: rows of text cells with the line each stands on, and where our columns are.

CSV comes in many writings: the encoding and the separator are told from the content, the headings are the first line with headings we know,
and whatever stands above them (a title, a date, `sep=;`) is passed over. A row with more or fewer cells than the headings is turned down
with its line, since nobody can say which cell is which; so is one with a quotation mark that is never closed. Neither stops the next row.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fjorten.kernel.masking import mask
from fjorten.registers.reconcile.columns import Mapped, map_headings, recognised, require_journal_columns
from fjorten.registers.reconcile.file_kinds import Content, beginning, content_of, encoding_of, is_gzipped, opened, require_file
from fjorten.registers.reconcile.register_parquet import parquet_columns
from fjorten.registers.reconcile.request import InputCannotBeUsed, Request
from fjorten.registers.reconcile.workbooks import workbook_rows

if TYPE_CHECKING:
    import duckdb

_SEPARATORS: Final = (";", ",", "\t", "|")

# The headings are looked for this far down; titles and lines about the extract stand above them.
_HEADING_WITHIN_LINES: Final = 25

# A quoted cell may hold line breaks, but not more than this: beyond, somebody forgot to close a quotation mark.
_LONGEST_CELL_LINES: Final = 50

# Separates the cells of rows that are written anew; no export has it in a name or an address.
_UNIT_SEPARATOR: Final = "\x1f"

_RAW_LENGTH: Final = 80


@dataclass(frozen=True, slots=True)
class Heading:
    """The row of headings: its cells, the line it ends on, and what separates the cells."""

    cells: tuple[str, ...]
    line: int
    separator: str


def read_journal_table(connection: duckdb.DuckDBPyConnection, request: Request, *, workspace: Path) -> Mapped:
    """
    This function will make the relation `journal_text(line, cells)` from the journal file and tell where our columns are in `cells`.

    Rows that cannot be read go to `rejected`. Raises InputCannotBeUsed for a file that is no table, or has no column with a number.
    """
    path = request.journals_path
    require_file(path)
    content = content_of(beginning(path))
    if content is Content.PARQUET:
        return _read_parquet(connection, path, request.column_map)
    if content is Content.WORKBOOK:
        return _read_workbook(connection, path, request.column_map, workspace)
    if content is Content.TEXT:
        return _read_csv(connection, path, request.column_map, workspace)
    raise InputCannotBeUsed(f"{path.name} {_NO_TABLE[content]}")


_NO_TABLE: Final = {
    Content.OLD_WORKBOOK: "er en eldre Excel-bok (.xls), eller den er beskyttet med passord. Lagre den som CSV UTF-8, eller som .xlsx uten "
    "passord.",
    Content.JSON: "er JSON. Er registerfila og journalfila byttet om? Journalfila skal være CSV, Excel (.xlsx) eller Parquet.",
    Content.MARKUP: "er XML eller HTML. Eksporter journalene som CSV, Excel (.xlsx) eller Parquet.",
    Content.ARCHIVE: "er et arkiv (zip) eller et OpenDocument-regneark. Pakk det ut, eller lagre som CSV UTF-8.",
}


def find_heading(lines: Sequence[str], column_map: Mapping[str, str]) -> Heading | None:
    """This function will find the line and the separator that give the most headings we know; None when no line gives any."""
    candidates = [
        (recognised(cells, column_map), -line, Heading(cells=cells, line=line, separator=separator))
        for line, text in enumerate(lines[:_HEADING_WITHIN_LINES], start=1)
        for separator in _SEPARATORS
        if len(cells := tuple(next(csv.reader([text], delimiter=separator), ()))) > 0
    ]
    known, _, heading = max(candidates, key=lambda candidate: candidate[:2], default=(0, 0, None))
    return heading if known else None


def records_of(lines: Sequence[str], heading: Heading) -> Iterator[tuple[int, list[str] | None]]:
    """
    This function will go through the rows below the headings as (line they begin on, cells), putting quoted line breaks together.

    The cells are None where a quotation mark is never closed; that line is left out, and the next one is a row of its own again.
    """
    at = heading.line
    while at < len(lines):
        cells, taken = _record(lines, at, heading)
        yield at + 1, cells
        at += taken


def _record(lines: Sequence[str], at: int, heading: Heading) -> tuple[list[str] | None, int]:
    alone = _cells(lines[at], heading.separator)
    if alone is not None:
        return alone, 1
    for taken in range(2, min(_LONGEST_CELL_LINES, len(lines) - at) + 1):
        cells = _cells("\n".join(lines[at : at + taken]), heading.separator)
        if cells is not None:
            # Two rows with an open quotation mark each look like one long row, but not like one with the right number of cells.
            return (cells, taken) if len(cells) == len(heading.cells) else (None, 1)
    return None, 1


def _cells(text: str, separator: str) -> list[str] | None:
    """Split a row; None when a quotation mark is open at its end."""
    if '"' not in text:
        return text.split(separator)
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            return None
        # A quotation mark inside a cell that is not quoted, as in a nickname: it is a letter like the others.
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def _read_csv(connection: duckdb.DuckDBPyConnection, path: Path, column_map: Mapping[str, str], workspace: Path) -> Mapped:
    with opened(path) as file:
        content = file.read()
    encoding = encoding_of(content)
    text = content.decode(encoding, errors="replace").replace("\x00", "")
    is_as_saved = encoding == "utf-8" and len(text.encode()) == len(content) and not is_gzipped(path)
    if "\r" in text.replace("\r\n", ""):  # the line ends of old Mac programs
        text, is_as_saved = text.replace("\r\n", "\n").replace("\r", "\n"), False
    heading, mapped = _heading_of(_lines(text, _HEADING_WITHIN_LINES), column_map)
    if '"' in text:
        records = records_of(_lines(text), heading)
        _load_rows(connection, _closed(connection, records, path.name), name=path.name, headings=heading.cells, workspace=workspace)
        return mapped
    _load(
        connection,
        f"SELECT line, string_split(text, $separator) AS cells FROM {_TEXT_LINES} WHERE line > $heading_line",
        {"path": str(path if is_as_saved else _rewritten(text, workspace)), "separator": heading.separator, "heading_line": heading.line},
        name=path.name,
        headings=heading.cells,
    )
    return mapped


def _read_workbook(connection: duckdb.DuckDBPyConnection, path: Path, column_map: Mapping[str, str], workspace: Path) -> Mapped:
    best: tuple[int, list[list[str]]] = (-1, [])
    for rows in workbook_rows(path):
        known = max((recognised(row, column_map) for row in rows[:_HEADING_WITHIN_LINES]), default=0)
        best = max(best, (known, rows), key=lambda sheet: sheet[0])
    known, rows = best
    line = max(range(len(rows[:_HEADING_WITHIN_LINES])), key=lambda at: recognised(rows[at], column_map), default=0)
    headings = rows[line] if rows else []
    mapped = map_headings(headings, column_map)
    require_journal_columns(headings, mapped)
    below = enumerate(rows[line + 1 :], start=line + 2)
    whole = ((number, [*row, *[""] * (len(headings) - len(row))]) for number, row in below)  # empty cells at the end are not stored
    _load_rows(connection, whole, name=path.name, headings=headings, workspace=workspace)
    return mapped


def _read_parquet(connection: duckdb.DuckDBPyConnection, path: Path, column_map: Mapping[str, str]) -> Mapped:
    headings = list(parquet_columns(connection, path))
    mapped = map_headings(headings, column_map)
    require_journal_columns(headings, mapped)
    places = {column: at for at, column in enumerate(mapped.places)}
    quoted = (f'"{headings[place].replace(chr(34), chr(34) * 2)}"::VARCHAR' for place in mapped.places.values())
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE journal_text AS SELECT file_row_number + 1 AS line, [{', '.join(quoted)}] AS cells"
        " FROM read_parquet($path, file_row_number = true)",
        {"path": str(path)},
    )
    return Mapped(places=places, unused=mapped.unused)


def _heading_of(lines: Sequence[str], column_map: Mapping[str, str]) -> tuple[Heading, Mapped]:
    heading = find_heading(lines, column_map)
    if heading is None:
        first = next((line for line in lines if line.strip()), "")
        separator = max(_SEPARATORS, key=first.count)
        heading = Heading(cells=tuple(first.split(separator)), line=1, separator=separator)
    mapped = map_headings(heading.cells, column_map)
    require_journal_columns(heading.cells, mapped)
    return heading, mapped


def _lines(text: str, how_many: int = -1) -> list[str]:
    lines = text.replace("\r\n", "\n").split("\n", how_many) if how_many < 0 else text.split("\n", how_many)[:how_many]
    return [line.removesuffix("\r") for line in lines]


def _rewritten(text: str, workspace: Path) -> Path:
    path = workspace / "journals.txt"
    path.write_text(text, encoding="utf-8", newline="")
    return path


def _closed(
    connection: duckdb.DuckDBPyConnection, records: Iterable[tuple[int, list[str] | None]], name: str
) -> Iterator[tuple[int, list[str]]]:
    """Turn down the rows with an open quotation mark, and let the others through."""
    for line, cells in records:
        if cells is None:
            connection.execute(
                "INSERT INTO rejected VALUES (?, ?, ?, NULL)", [name, line, "Raden har et anførselstegn som ikke er lukket."]
            )
        else:
            yield line, cells


def _load_rows(
    connection: duckdb.DuckDBPyConnection, rows: Iterable[tuple[int, Sequence[str]]], *, name: str, headings: Sequence[str], workspace: Path
) -> None:
    """Load rows that had to be read in Python: written as plain lines, which is how DuckDB takes in many rows fastest."""
    path = workspace / "journal_rows.txt"
    with path.open("w", encoding="utf-8", newline="") as file:
        for line, cells in rows:
            file.write(f"{line}{_UNIT_SEPARATOR}{_UNIT_SEPARATOR.join(map(_on_one_line, cells))}\n")
    _load(
        connection,
        f"SELECT cells[1]::BIGINT AS line, cells[2:] AS cells FROM (SELECT string_split(text, $separator) AS cells FROM {_TEXT_LINES})",
        {"path": str(path), "separator": _UNIT_SEPARATOR},
        name=name,
        headings=headings,
    )


def _on_one_line(cell: str) -> str:
    return " ".join(cell.replace(_UNIT_SEPARATOR, " ").split()) if not cell.isprintable() else cell


# A whole line as one cell: nothing separates, nothing quotes. A blank line is NULL, and counted.
_TEXT_LINES: Final = (
    "(SELECT row_number() OVER () AS line, text FROM read_csv($path, columns = {'text': 'VARCHAR'}, header = false, auto_detect = false,"
    " delim = '', quote = '', escape = '', comment = '', strict_mode = false))"
)


def _load(
    connection: duckdb.DuckDBPyConnection, rows: str, parameters: Mapping[str, object], *, name: str, headings: Sequence[str]
) -> None:
    """
    Make `journal_text` of the rows that are as wide as the headings, and put the others in `rejected`.

    Blank rows are nothing, nor are headings that come again, as they do above every page of some exports.
    """
    width = len(headings)
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE journal_text AS
        SELECT line, if(len(cells) > {width} AND trim(array_to_string(cells[{width + 1}:], '')) = '', cells[:{width}], cells) AS cells
        FROM ({rows}) WHERE trim(array_to_string(cells, '')) <> '' AND cells <> $headings
        """,
        {**parameters, "headings": list(headings)},
    )
    other_widths = connection.execute(
        f"SELECT line, len(cells), array_to_string(cells, ' ') FROM journal_text WHERE len(cells) <> {width} ORDER BY line"
    ).fetchall()
    if not other_widths:
        return
    connection.execute(
        "INSERT INTO rejected SELECT $name, unnest($lines::BIGINT[]), unnest($reasons::VARCHAR[]), unnest($raw::VARCHAR[])",
        {
            "name": name,
            "lines": [line for line, _, _ in other_widths],
            "reasons": [f"Raden har {cells} felt, men overskriftene er {width}." for _, cells, _ in other_widths],
            "raw": [mask(text)[:_RAW_LENGTH] for _, _, text in other_widths],
        },
    )
    connection.execute(f"DELETE FROM journal_text WHERE len(cells) <> {width}")
