"""
Register files of every kind into one staging table of flat rows.

A file is gone through twice: once for the numbers of everybody of the ages asked for, and once for those whose number is only known after
that: owners of journal numbers who are of another age, and the mothers of children without a place. Both times nearly all rows are passed
over unread.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fjorten.kernel.masking import mask
from fjorten.registers.reconcile import register_json, register_parquet
from fjorten.registers.reconcile.file_kinds import Content, beginning, content_of, require_file
from fjorten.registers.reconcile.persons import has_no_place
from fjorten.registers.reconcile.register_lines import JsonLines, as_json_lines, lines_of
from fjorten.registers.reconcile.request import InputCannotBeUsed
from fjorten.registers.reconcile.sought import Sought

if TYPE_CHECKING:
    import duckdb

# The flat rows. `identifiers` are all numbers of the person, `looked_up` the one a look-up was made by; `stay_municipality` is a raw code.
STAGED: Final = """
    source VARCHAR, line BIGINT, kind VARCHAR, looked_up VARCHAR, message VARCHAR, number VARCHAR,
    identifiers STRUCT(number VARCHAR, is_in_use BOOLEAN, since DATE)[],
    status VARCHAR, born_on DATE, born_year INTEGER, sex VARCHAR, died_on DATE, is_dead BOOLEAN,
    given_name VARCHAR, middle_name VARCHAR, family_name VARCHAR, protection VARCHAR,
    municipality VARCHAR, moved_on DATE, address_kind VARCHAR, address VARCHAR, stay_municipality VARCHAR, stay_since DATE,
    emigrated_on DATE, emigrated_to VARCHAR, immigrated_on DATE, immigrated_from VARCHAR,
    mother_number VARCHAR, guardian_numbers VARCHAR[], last_changed_at TIMESTAMPTZ
"""

# To number the lines, one thread must read them in order. Above this size that costs more than line numbers are worth, unless some line
# cannot be read: then they are counted after all.
NUMBERED_UP_TO_BYTES: Final = 256 * 1024 * 1024

_RAW_LENGTH: Final = 80


class RegisterFile(ABC):
    """One register file, of whatever kind, that can put rows into the table `staged`."""

    name: str

    @abstractmethod
    def survey(self, connection: duckdb.DuckDBPyConnection, sought: Sought) -> None:
        """Put the numbers of those of the ages asked for in `seen`, and those of the mothers of children without a place in `mother`."""

    @abstractmethod
    def fetch(self, connection: duckdb.DuckDBPyConnection, sought: Sought) -> None:
        """
        Stage all who may matter by age or protection or have a number in `named`, and failed look-ups.

        What cannot be read is put in `rejected`.
        """


def register_file(connection: duckdb.DuckDBPyConnection, path: Path, *, name: str, workspace: Path) -> RegisterFile:
    """This function will find out what kind of register file this is. Raises InputCannotBeUsed when it is none."""
    require_file(path)
    content = content_of(beginning(path))
    if content is Content.PARQUET:
        return _ParquetFile(connection, path, name)
    if content is Content.JSON:
        return _JsonFile(as_json_lines(path, name=name, workspace=workspace))
    raise InputCannotBeUsed(
        f"{name} {_NO_EXTRACT[content]} Et registeruttrekk er JSON Lines (ett oppslag på hver linje, gjerne .gz) eller Parquet."
    )


_NO_EXTRACT: Final = {
    Content.TEXT: "ser ut som en tekst- eller CSV-fil. Er registerfila og journalfila byttet om?",
    Content.WORKBOOK: "er en Excel-bok.",
    Content.OLD_WORKBOOK: "er en Excel-bok.",
    Content.MARKUP: "er XML eller HTML. Kanskje ble en feilmelding lagret i stedet for uttrekket.",
    Content.ARCHIVE: "er et arkiv (zip). Pakk det ut først.",
}


class _ParquetFile(RegisterFile):
    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
        self.name = name
        self._path = path
        self._columns = register_parquet.parquet_columns(connection, path)
        register_parquet.require_register_columns(self._columns, name)

    def survey(self, connection: duckdb.DuckDBPyConnection, sought: Sought) -> None:
        self._run(connection, f"INSERT INTO seen {register_parquet.select_numbers(self._columns, _PARQUET_ROWS, sought)}")
        self._run(connection, f"INSERT INTO mother {register_parquet.select_mothers(self._columns, _PARQUET_ROWS, sought)}")

    def fetch(self, connection: duckdb.DuckDBPyConnection, sought: Sought) -> None:
        columns = self._columns
        wanted = f"{register_parquet.may_matter(columns, sought)} OR {register_parquet.has_number(columns, 'named')}"
        places = register_parquet.places_of_former_numbers(columns, _PARQUET_ROWS, "named")
        if places:
            # Hardly anybody is found by a former number, so that is found out before whole rows are read.
            found = connection.execute(places, {"path": str(self._path)}).fetchall()
            wanted += "".join(f" OR file_row_number = {place}" for (place,) in found)
        # Two steps, since the second is many expressions: on the few rows that are left of each vector they cost several times as much.
        self._run(connection, f"CREATE OR REPLACE TEMP TABLE picked AS FROM {_PARQUET_ROWS} WHERE {wanted}")
        connection.execute(
            f"INSERT INTO staged BY NAME SELECT $name AS source, * FROM ({register_parquet.select_persons(columns, 'picked')})",
            {"name": self.name},
        )
        connection.execute("DROP TABLE picked")
        connection.execute(
            "INSERT INTO rejected SELECT source, line, 'Raden har ikke noe nummer med 11 sifre.', NULL FROM staged"
            " WHERE source = ? AND kind = 'unreadable'",
            [self.name],
        )

    def _run(self, connection: duckdb.DuckDBPyConnection, statement: str) -> None:
        import duckdb

        try:
            connection.execute(statement, {"path": str(self._path)})
        except duckdb.Error as error:
            raise InputCannotBeUsed(f"{self.name} er ikke en hel Parquet-fil. Hent eller lag den på nytt.") from error


_PARQUET_ROWS: Final = "read_parquet($path, file_row_number = true)"


class _JsonFile(RegisterFile):
    def __init__(self, lines: JsonLines) -> None:
        self.name = lines.name
        self._file = lines
        self._shifts: list[tuple[int, int]] | None = shifts_of(lines) if lines.size <= NUMBERED_UP_TO_BYTES else None

    def survey(self, connection: duckdb.DuckDBPyConnection, sought: Sought) -> None:
        self._stage_ages(connection, sought)
        if self._shifts is None and self._unreadable(connection):
            connection.execute("DELETE FROM staged WHERE source = ?", [self.name])
            self._shifts = shifts_of(self._file)
            self._stage_ages(connection, sought)
        self._reject(connection, self._unreadable(connection))
        connection.execute("INSERT INTO seen SELECT unnest(identifiers).number FROM staged WHERE source = ?", [self.name])
        connection.execute(
            f"INSERT INTO mother SELECT mother_number FROM staged WHERE source = ? AND {has_no_place(sought)}",
            [self.name],
        )

    def fetch(self, connection: duckdb.DuckDBPyConnection, sought: Sought) -> None:
        # Those of the ages asked for were staged on the way: to tell their numbers, the documents had to be opened.
        if connection.execute("SELECT count(*) FROM named").fetchall() == [(0,)]:
            return
        lines = register_json.lines_naming(self._lines(), "named")
        # Nobody knows how many lines there are, and the optimiser would rather hold all of them in memory than the few numbers.
        connection.execute("SET disabled_optimizers = 'build_side_probe_side'")
        try:
            self._stage(connection, lines, sought, only="kind = 'person'")  # failed look-ups were staged on the way
        finally:
            connection.execute("RESET disabled_optimizers")

    def _stage_ages(self, connection: duckdb.DuckDBPyConnection, sought: Sought) -> None:
        self._stage(connection, f"FROM {self._lines()} WHERE {register_json.may_matter(sought)}", sought)

    def _stage(self, connection: duckdb.DuckDBPyConnection, lines: str, sought: Sought, *, only: str = "true") -> None:
        """Stage what some lines hold. In two steps, for the same reason as with Parquet."""
        import duckdb

        compression = "gzip" if self._file.is_gzipped else "none"
        try:
            connection.execute(
                f"CREATE OR REPLACE TEMP TABLE picked AS {lines}", {"path": str(self._file.path), "compression": compression}
            )
        except duckdb.IOException as error:  # a packed file that is cut off
            raise InputCannotBeUsed(f"{self.name} er skadet eller ikke lastet ned helt. Hent fila på nytt.") from error
        persons = register_json.select_persons("picked", sought)
        connection.execute(f"INSERT INTO staged BY NAME SELECT $name AS source, * FROM ({persons}) WHERE {only}", {"name": self.name})
        connection.execute("DROP TABLE picked")

    def _lines(self) -> str:
        """SQL for the lines, numbered as an editor numbers them when they are to be."""
        objects = "read_ndjson_objects($path, ignore_errors = true, compression = $compression)"
        if self._shifts is None:
            return f"(SELECT NULL::BIGINT AS line, json FROM {objects})"
        places = f"(SELECT row_number() OVER () AS line, json FROM {objects})"
        if not self._shifts:
            return places
        starts, shifts = [start for start, _ in self._shifts], [shift for _, shift in self._shifts]
        shifted = f"(SELECT unnest({starts}) AS start, unnest({shifts}) AS shift)"
        return f"(SELECT line + coalesce(shift, 0) AS line, json FROM {places} ASOF LEFT JOIN {shifted} ON line >= start)"

    def _unreadable(self, connection: duckdb.DuckDBPyConnection) -> set[int | None]:
        found = connection.execute("SELECT DISTINCT line FROM staged WHERE source = ? AND kind = 'unreadable'", [self.name])
        return {line for (line,) in found.fetchall()}

    def _reject(self, connection: duckdb.DuckDBPyConnection, numbers: set[int | None]) -> None:
        if not numbers:
            return
        rejected = [
            (line.number, _reason(line.content), _shortened(line.content)) for line in lines_of(self._file) if line.number in numbers
        ]
        connection.execute(
            "INSERT INTO rejected SELECT $name, unnest($lines::BIGINT[]), unnest($reasons::VARCHAR[]), unnest($raw::VARCHAR[])",
            {"name": self.name, **dict(zip(("lines", "reasons", "raw"), map(list, zip(*rejected, strict=True)), strict=True))},
        )


def shifts_of(file: JsonLines) -> list[tuple[int, int]]:
    """
    This function will tell where blank lines make the number of a line differ from its place among the lines that are not blank.

    Each pair is the first place from which the difference holds, and the difference. Nearly always there is none.
    """
    shifts: list[tuple[int, int]] = []
    known = 0
    for line in lines_of(file):
        if line.number - line.place != known:
            known = line.number - line.place
            shifts.append((line.place, known))
    return shifts


def _reason(line: bytes) -> str:
    try:
        content = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return "Linja har bokstaver som ikke er UTF-8."
    except ValueError:
        return "Linja er ikke gyldig JSON: den er kuttet eller ødelagt."
    person = content.get("folkeregisterperson", content) if isinstance(content, dict) else None
    if isinstance(person, dict) and "identifikasjonsnummer" in person:
        return "Personen har ikke noe nummer med 11 sifre."
    return "Linja er verken et oppslag eller en person."


def _shortened(line: bytes) -> str:
    return mask(line.decode("utf-8", errors="replace").strip())[:_RAW_LENGTH]
