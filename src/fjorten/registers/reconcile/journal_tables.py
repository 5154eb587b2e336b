"""
A journal export of whatever kind into one shape: rows of text cells with the line each stands on, and where our columns are.

CSV comes in many writings: the encoding and the separator are told from the content, the headings are the first line with headings we know,
and whatever stands above them (a title, a date, `sep=;`) is passed over. A row with more or fewer cells than the headings is turned down
with its line, since nobody can say which cell is which; so is one with a quotation mark that is never closed. Neither stops the next row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fjorten.kernel.masking import mask
from fjorten.registers.reconcile.columns import Mapped, map_headings, recognised, require_journal_columns
from fjorten.registers.reconcile.file_kinds import Content, beginning, content_of, encoding_of, is_gzipped, opened, require_file, saved_once
from fjorten.registers.reconcile.journal_rows import HEADING_WITHIN_LINES, Heading, find_heading, records_of
from fjorten.registers.reconcile.register_parquet import parquet_columns
from fjorten.registers.reconcile.request import InputCannotBeUsed, Request
from fjorten.registers.reconcile.workbooks import workbook_rows

if TYPE_CHECKING:
    import duckdb

# Separates the cells of rows that are written anew; no export has it in a name or an address.
_UNIT_SEPARATOR: Final = "\x1f"

_RAW_LENGTH: Final = 80


def read_journal_table(connection: duckdb.DuckDBPyConnection, request: Request, *, workspace: Path) -> Mapped:
    """
    This function will make the relation `journal_text(line, c0, c1, ...)` of the journal file, and tell which cell each column of ours is.

    Rows that cannot be read go to `rejected`; blank rows and headings that come again are nothing. Raises InputCannotBeUsed for a file that
    is no table, or has no column with a number.
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


def _read_csv(connection: duckdb.DuckDBPyConnection, path: Path, column_map: Mapping[str, str], workspace: Path) -> Mapped:
    with opened(path) as file:
        content = file.read()
    encoding = encoding_of(content)
    decoded = content.decode(encoding, errors="replace")
    text = saved_once(decoded)
    is_as_saved = text == decoded and encoding == "utf-8" and "\x00" not in text and "\ufffd" not in text and not is_gzipped(path)
    if "\r" in text.replace("\r\n", ""):  # the line ends of old Mac programs
        text, is_as_saved = text.replace("\r\n", "\n").replace("\r", "\n"), False
    text = text.replace("\x00", "")
    heading = find_heading(_lines(text, HEADING_WITHIN_LINES), column_map)
    mapped = map_headings(heading.cells, column_map)
    require_journal_columns(heading.cells, mapped)
    if '"' in text:
        rows = _closed(connection, records_of(_lines(text), heading), path.name)
        _load_rows(connection, rows, name=path.name, headings=heading.cells, mapped=mapped, workspace=workspace)
        return mapped
    name = path.name
    if not is_as_saved:
        path = workspace / "journals.txt"
        path.write_text(text, encoding="utf-8", newline="")
    has_blank_lines = "\n\n" in (below := text.replace("\r\n", "\n").rstrip("\n")) or "\n \n" in below
    if has_blank_lines or not _load_even_rows(connection, path, heading, mapped):
        split = f"SELECT line, string_split(text, $separator) AS cells FROM {_TEXT_LINES} WHERE line > {heading.line}"
        _load(connection, split, path, heading.separator, name=name, headings=heading.cells, mapped=mapped)
    return mapped


def _read_workbook(connection: duckdb.DuckDBPyConnection, path: Path, column_map: Mapping[str, str], workspace: Path) -> Mapped:
    def headings_in(row: Sequence[str]) -> int:
        return recognised(row, column_map)

    sheets = ((max(map(headings_in, rows[:HEADING_WITHIN_LINES]), default=0), rows) for rows in workbook_rows(path))
    _, rows = max(sheets, key=lambda sheet: sheet[0], default=(0, []))
    at = max(range(len(rows[:HEADING_WITHIN_LINES])), key=lambda place: headings_in(rows[place]), default=0)
    headings = rows[at] if rows else []
    mapped = map_headings(headings, column_map)
    require_journal_columns(headings, mapped)
    below = enumerate(rows[at + 1 :], start=at + 2)
    whole = ((number, [*row, *[""] * (len(headings) - len(row))]) for number, row in below)  # empty cells at the end are not stored
    _load_rows(connection, whole, name=path.name, headings=headings, mapped=mapped, workspace=workspace)
    return mapped


def _read_parquet(connection: duckdb.DuckDBPyConnection, path: Path, column_map: Mapping[str, str]) -> Mapped:
    headings = list(parquet_columns(connection, path))
    mapped = map_headings(headings, column_map)
    require_journal_columns(headings, mapped)
    # The names of the columns come from outside: they are quoted, and a quotation mark in one is doubled.
    cells = (f'"{headings[place].replace(chr(34), chr(34) * 2)}"::VARCHAR AS c{place}' for place in mapped.places.values())
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE journal_text AS SELECT file_row_number + 1 AS line, {', '.join(cells)}"
        " FROM read_parquet($path, file_row_number = true)",
        {"path": str(path)},
    )
    return mapped


def _lines(text: str, how_many: int = -1) -> list[str]:
    return [line.removesuffix("\r") for line in text.split("\n", how_many)]


def _closed(
    connection: duckdb.DuckDBPyConnection, records: Iterable[tuple[int, Sequence[str] | None]], name: str
) -> Iterator[tuple[int, Sequence[str]]]:
    """Turn down the rows with an open quotation mark, and let the others through."""
    for line, cells in records:
        if cells is None:
            connection.execute(
                "INSERT INTO rejected VALUES (?, ?, ?, NULL)", [name, line, "Raden har et anførselstegn som ikke er lukket."]
            )
        else:
            yield line, cells


def _load_even_rows(connection: duckdb.DuckDBPyConnection, path: Path, heading: Heading, mapped: Mapped) -> bool:
    """Load a file in which every row has as many cells as the headings, and tell whether it was so. By far the fastest way."""
    import duckdb

    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(heading.cells)))
    try:
        connection.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE journal_text AS
            SELECT * FROM (
                SELECT row_number() OVER () + {heading.line} AS line, *
                FROM read_csv($path, columns = {{{columns}}}, delim = $separator, skip = {heading.line}, {_NOTHING_QUOTED})
            ) WHERE {_is_row(heading.cells, mapped)}
            """,
            {"path": str(path), "separator": heading.separator, "heading": heading.cells[mapped.places["number"]]},
        )
    except duckdb.InvalidInputException:
        return False
    return True


def _load_rows(
    connection: duckdb.DuckDBPyConnection,
    rows: Iterable[tuple[int, Sequence[str]]],
    *,
    name: str,
    headings: Sequence[str],
    mapped: Mapped,
    workspace: Path,
) -> None:
    """Load rows that had to be read in Python: written as plain lines, which is how DuckDB takes in many rows fastest."""
    path = workspace / "journal_rows.txt"
    with path.open("w", encoding="utf-8", newline="") as file:
        for line, cells in rows:
            file.write(f"{line}{_UNIT_SEPARATOR}{_on_one_line(_UNIT_SEPARATOR.join(cells))}\n")
    split = f"SELECT cells[1]::BIGINT AS line, cells[2:] AS cells FROM (SELECT string_split(text, $separator) AS cells FROM {_TEXT_LINES})"
    _load(connection, split, path, _UNIT_SEPARATOR, name=name, headings=headings, mapped=mapped)


def _on_one_line(cells: str) -> str:
    return cells.replace("\r\n", " ").replace("\n", " ").replace("\r", " ")


_NOTHING_QUOTED: Final = "header = false, auto_detect = false, quote = '', escape = '', comment = ''"

# A whole line as one cell: nothing separates, nothing quotes. A blank line is NULL, and counted.
_TEXT_LINES: Final = (
    f"(SELECT row_number() OVER () AS line, text FROM read_csv($path, columns = {{'text': 'VARCHAR'}}, delim = '', {_NOTHING_QUOTED},"
    " strict_mode = false))"
)


def _is_row(headings: Sequence[str], mapped: Mapped) -> str:
    """SQL that is false for a blank row, and for headings that come again, as they do above every page of some exports."""
    cells = ", ".join(f"c{place}" for place in range(len(headings)))
    return f"trim(coalesce({cells}, '')) <> '' AND c{mapped.places['number']} IS DISTINCT FROM $heading"


def _load(
    connection: duckdb.DuckDBPyConnection,
    rows: str,
    path: Path,
    separator: str,
    *,
    name: str,
    headings: Sequence[str],
    mapped: Mapped,
) -> None:
    """Make `journal_text` of the rows that are as wide as the headings, or wider with nothing in it; put the others in `rejected`."""
    width = len(headings)
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE journal_row AS
        SELECT line, if(trim(array_to_string(cells[{width + 1}:], '')) = '', cells[:{width}], cells) AS cells
        FROM ({rows}) WHERE trim(array_to_string(cells, '')) <> ''
        """,
        {"path": str(path), "separator": separator},
    )
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE journal_text AS
        SELECT * FROM (
            SELECT line, {", ".join(f"nullif(cells[{place + 1}], '') AS c{place}" for place in range(width))}
            FROM journal_row WHERE len(cells) = {width}
        ) WHERE {_is_row(headings, mapped)}
        """,
        {"heading": headings[mapped.places["number"]]},
    )
    other_widths = connection.execute(
        f"SELECT line, len(cells), array_to_string(cells, ' ') FROM journal_row WHERE len(cells) <> {width} ORDER BY line"
    ).fetchall()
    connection.execute(
        "INSERT INTO rejected SELECT $name, unnest($lines::BIGINT[]), unnest($reasons::VARCHAR[]), unnest($raw::VARCHAR[])",
        {
            "name": name,
            "lines": [line for line, _, _ in other_widths],
            "reasons": [f"Raden har {cells} felt, men overskriftene er {width}." for _, cells, _ in other_widths],
            "raw": [mask(text)[:_RAW_LENGTH] for _, _, text in other_widths],
        },
    )
