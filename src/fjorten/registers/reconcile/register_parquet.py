"""
A register extract as Parquet with the documented columns (`columns.REGISTER_COLUMNS`), into the same flat rows as JSON Lines.

Columns the file does not have are NULL, columns of other names are ignored, and a value that cannot be read as its column's type is NULL.
Numbers and codes stored as integers get their leading zeros back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from fjorten.registers.reconcile.columns import REGISTER_COLUMNS
from fjorten.registers.reconcile.document_elements import level_of, protection_of
from fjorten.registers.reconcile.request import InputCannotBeUsed
from fjorten.registers.reconcile.sought import Sought
from fjorten.registers.residency import DEAD

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

_KINDS: Final = ("street", "cadastral", "unknown", "none")


def parquet_columns(connection: duckdb.DuckDBPyConnection, path: Path) -> Mapping[str, str]:
    """This function will tell the names and types of a Parquet file's columns. Raises InputCannotBeUsed for a damaged file."""
    import duckdb

    try:
        described = connection.execute("DESCRIBE FROM read_parquet(?)", [str(path)]).fetchall()
    except duckdb.Error as error:
        raise InputCannotBeUsed(f"{path.name} er ikke en hel Parquet-fil. Hent eller lag den på nytt.") from error
    return {name: kind for name, kind, *_ in described}


def require_register_columns(columns: Mapping[str, str], name: str) -> None:
    """This function will raise InputCannotBeUsed when a file lacks a column without which nobody's age or residence can be known."""
    missing = [column for column in ("number", "municipality") if column not in columns]
    if "born_on" not in columns and "born_year" not in columns:
        missing.append("born_on")
    if missing:
        raise InputCannotBeUsed(
            f"{name} mangler kolonnen {', '.join(missing)}. Et registeruttrekk i Parquet har kolonnene {', '.join(REGISTER_COLUMNS)}; "
            "de tre første slagene kreves: number, born_on (eller born_year) og municipality."
        )


def may_matter(columns: Mapping[str, str], sought: Sought) -> str:
    """
    This function will give SQL that is true for every row of a file that may be somebody of the ages asked for, or protected.

    It is tried on every row, so it compares columns as they are wherever their type allows; `select_persons` reads them properly.
    """
    born_on, born_year = _typed(columns, "born_on", "DATE"), _typed(columns, "born_year", "INTEGER")
    number, protection = _as_compared(columns), _typed(columns, "protection", "VARCHAR")
    here = " OR ".join(f"{_code(columns, name)} IN {_listed(sought)}" for name in ("municipality", "stay_municipality"))
    return f"""(
        {_is_born(columns, sought)}
        OR {protection} NOT IN ('none', 'ugradert', 'client', 'klientadresse')
        OR {number} IS NULL OR length({number}) <> 11
        OR CASE WHEN {born_on} IS NULL AND {born_year} IS NULL THEN {here}
            WHEN {born_on} IS NULL THEN {born_year} BETWEEN {sought.years.start} AND {sought.years.stop - 1} END
    )"""


def select_numbers(columns: Mapping[str, str], source: str, sought: Sought) -> str:
    """This function will give SQL for all numbers, now and formerly, of those of the ages asked for whose birth date is known."""
    numbers = f"[{_as_compared(columns)}]"
    if "former_numbers" in columns:
        numbers = f"if(len(former_numbers) > 0, list_concat({numbers}, {_numbers(columns, 'former_numbers')}), {numbers})"
    return f"SELECT unnest({numbers}) AS number FROM {source} WHERE {_is_born(columns, sought)}"


def select_mothers(columns: Mapping[str, str], source: str, sought: Sought) -> str:
    """This function will give SQL for the mothers of those of the ages asked for who live nowhere."""
    placeless = f"{_typed(columns, 'municipality', 'VARCHAR')} IS NULL"
    return f"SELECT {_number(columns, 'mother_number')} FROM {source} WHERE {_is_born(columns, sought)} AND {placeless}"


def _is_born(columns: Mapping[str, str], sought: Sought) -> str:
    born_on = _typed(columns, "born_on", "DATE")
    return f"{born_on} BETWEEN DATE '{sought.born_from.isoformat()}' AND DATE '{sought.born_until.isoformat()}'"


def has_number(columns: Mapping[str, str], wanted: str) -> str:
    """This function will give SQL that is true for the rows about somebody whose number now is in the relation `wanted`."""
    return f"{_as_compared(columns)} IN (FROM {wanted})"


def _as_compared(columns: Mapping[str, str]) -> str:
    # A text is compared as it stands, without making sure of its form row by row; rows with another length are let through anyway.
    return "number" if columns["number"] == "VARCHAR" else _number(columns, "number")


def places_of_former_numbers(columns: Mapping[str, str], source: str, wanted: str) -> str | None:
    """This function will give SQL for where in `source` somebody stands who had a number in `wanted` before; None without such a column."""
    if "former_numbers" not in columns:
        return None
    former = f"SELECT file_row_number, unnest({_numbers(columns, 'former_numbers')}) AS number FROM {source} WHERE len(former_numbers) > 0"
    return f"SELECT DISTINCT file_row_number FROM ({former}) WHERE number IN (FROM {wanted})"


def select_persons(columns: Mapping[str, str], source: str) -> str:
    """
    This function will give SQL that reads the rows of `source`, a part of the file with `file_row_number`, into flat rows.

    The columns are those of `register_json.select_persons`. Needs `document_elements.MACROS`.
    """
    texts = ("status", "sex", "given_name", "middle_name", "family_name", "address", "emigrated_to", "immigrated_from", "address_kind")
    dates = ("born_on", "died_on", "moved_on", "stay_since", "emigrated_on", "immigrated_on", "number_since")
    kinds = ", ".join(f"'{kind}'" for kind in _KINDS)
    return f"""
        WITH typed AS (
            SELECT file_row_number + 1 AS line, {_number(columns, "number")} AS number,
                {", ".join(f"in_words({_text(columns, name)}) AS {name}" for name in texts)},
                {", ".join(f"{_date(columns, name)} AS {name}" for name in dates)},
                {_integer(columns, "born_year")} AS born_year, {level_of(_text(columns, "protection"))} AS level,
                {_code(columns, "municipality")} AS municipality, {_code(columns, "stay_municipality")} AS stay_municipality,
                {_number(columns, "mother_number")} AS mother_number, {_numbers(columns, "former_numbers")} AS former,
                coalesce({_numbers(columns, "guardian_numbers")}, []) AS guardian_numbers,
                {_typed(columns, "last_changed_at", "TIMESTAMPTZ")} AS last_changed_at
            FROM {source}
        )
        SELECT * EXCLUDE (former, level, number_since) REPLACE (
                coalesce(year(born_on), born_year) AS born_year,
                CASE WHEN address_kind IN ({kinds}) THEN address_kind WHEN address IS NOT NULL THEN 'street'
                    WHEN municipality IS NOT NULL THEN 'unknown' ELSE 'none' END AS address_kind
            ),
            NULL::VARCHAR AS looked_up, NULL::VARCHAR AS message, if(number IS NULL, 'unreadable', 'person') AS kind,
            if(len(former) > 0, list_concat([{_IN_USE}], list_transform(former, lambda n: {_FORMER})), [{_IN_USE}]) AS identifiers,
            died_on IS NOT NULL OR coalesce(status = '{DEAD}', false) AS is_dead, {protection_of("level")} AS protection
        FROM typed
    """


_IN_USE: Final = "{'number': number, 'is_in_use': true, 'since': number_since}"
_FORMER: Final = "{'number': n, 'is_in_use': false, 'since': NULL::DATE}"


def _typed(columns: Mapping[str, str], name: str, kind: str) -> str:
    """SQL for a column as the type; NULL when the file has no such column or the value cannot be read as that."""
    if name not in columns:
        return f"NULL::{kind}"
    return f'"{name}"' if columns[name] == kind else f'TRY_CAST("{name}" AS {kind})'


def _text(columns: Mapping[str, str], name: str) -> str:
    return _typed(columns, name, "VARCHAR")


def _date(columns: Mapping[str, str], name: str) -> str:
    return _typed(columns, name, "DATE")


def _integer(columns: Mapping[str, str], name: str) -> str:
    return _typed(columns, name, "INTEGER")


def _number(columns: Mapping[str, str], name: str) -> str:
    return f"as_number({_text(columns, name)})"


def _code(columns: Mapping[str, str], name: str) -> str:
    return f"as_code({_text(columns, name)})"


def _numbers(columns: Mapping[str, str], name: str) -> str:
    """SQL for a list of numbers; a text with several numbers in it is a list too."""
    kind = columns.get(name)
    if kind is None:
        return "NULL::VARCHAR[]"
    if kind.endswith("[]"):
        return f'list_filter(list_transform("{name}", lambda n: as_number(n::VARCHAR)), lambda n: n IS NOT NULL)'
    return f"regexp_extract_all(\"{name}\"::VARCHAR, '[0-9]{{11}}')"


def _listed(sought: Sought) -> str:
    return "(" + ", ".join(f"'{code}'" for code in sought.codes) + ")"
