"""
Both sides brought to one shape before they are compared: folded names, dates, the mother's number, street and postcode.

The tables `matching_journal` and `matching_person` have the same columns, so that a comparison is written once and reads the same from
either side. What cannot be evidence is NULL already here: a newborn's temporary name, a placeholder, the address of anyone protected.
"""

from __future__ import annotations

from typing import Final

import duckdb

from fjorten.registers.matching.blocking import key_of
from fjorten.registers.matching.folding import create_folded_names

# What journals hold for a newborn without a name, folded [default]. The register's own form, *PIKE and *GUTT, is known by its star.
PLACEHOLDERS: Final = ("pike", "jente", "gutt", "baby", "nn", "n n", "nyfoedt", "ny foedt", "navnloes", "uten navn", "ukjent", "tvilling")
_TEMPORARY: Final = r"\*\s*(PIKE|GUTT)\b"

# Nobody further from all the journals' years of birth than this is looked at: the register has mothers and grown siblings too [default].
_YEARS_ASTRAY: Final = 6

# Few columns: to keep one costs more than to compute it. A year of birth without a date is a day that no calendar has, 20220000.
_SHAPE: Final = """
    side.key, if(given.is_named, given.first, NULL) AS first, if(given.is_named, given.sound, NULL) AS first_sound,
    family.folded AS family, family.sound_all AS family_sound, family.sound AS family_first_sound,
    concat(' ', if(given.is_named, given.folded || ' ', NULL), middle.folded || ' ', family.folded || ' ') AS names,
    coalesce(if(given.is_named, given.beginnings, NULL), 0) | coalesce(middle.beginnings, 0) | coalesce(family.beginnings, 0) AS beginnings,
    born_on, coalesce(year(born_on) * 10000 + month(born_on) * 100 + day(born_on), born_year * 10000)::INTEGER AS born,
    nullif(trim(mother_number), '') AS mother, nullif(street, '') AS street, nullif(postcode, '') AS postcode
"""


def prepare(connection: duckdb.DuckDBPyConnection, *, journal: str, register: str) -> None:
    """
    Create the temporary tables `matching_journal` (journals without a valid number) and `matching_person` (those of a like age).

    `journal` and `register` name relations with the columns of the reconciliation's `journal` and `register`; their key is `key` here, and
    each is read once. Journals also carry what share of the persons have their first and their family name: `first_share`, `family_share`.
    """
    _take_journals(connection, journal)
    _take_persons(connection, register, journal)
    sources = [("matching_numberless", "given_name"), ("matching_numberless", "family_name")]
    sources += [("matching_register", column) for column in ("given_name", "middle_name", "family_name")]
    create_folded_names(connection, table="matching_name", sources=sources)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE matching_person AS {_shaped('matching_register')}")
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE matching_journal AS
        WITH journals AS ({_shaped("matching_numberless", "if(given.is_named, given.sound_all, NULL) AS first_sounds")}),
             everybody AS (SELECT count(*) AS persons FROM matching_person),
             firsts AS (SELECT first, count(*) AS bearers FROM matching_person SEMI JOIN journals USING (first) GROUP BY ALL),
             families AS (SELECT family, count(*) AS bearers FROM matching_person SEMI JOIN journals USING (family) GROUP BY ALL)
        SELECT journals.* EXCLUDE (first_sounds), firsts.bearers / persons AS first_share, families.bearers / persons AS family_share,
            [born, if(born % 100 <= 12, born // 10000 * 10000 + born % 100 * 100 + born // 100 % 100, NULL)::INTEGER] AS dates,
            [{key_of("first_sound", "family_sound")}, {key_of("family_first_sound", "first_sounds")}] AS name_keys,
            {key_of("street", "postcode")} AS household_key, {key_of("first", "born // 100")} AS first_month_key
        FROM journals CROSS JOIN everybody LEFT JOIN firsts USING (first) LEFT JOIN families USING (family)
        """
    )


def _take_journals(connection: duckdb.DuckDBPyConnection, journal: str) -> None:
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE matching_numberless AS
        SELECT journal_key AS key, given_name, NULL::VARCHAR AS middle_name, family_name, born_on, NULL::INTEGER AS born_year,
            mother_number, {_street("address")} AS street,
            coalesce(nullif(regexp_extract(postcode, '\\d{{4}}'), ''), {_postcode("address")}) AS postcode
        FROM {journal} WHERE number IS NULL
        """
    )


def _take_persons(connection: duckdb.DuckDBPyConnection, register: str, journal: str) -> None:
    """Take those of a like age. Whoever is not known to be unprotected is treated as protected: the address is hidden before it is read."""
    years = f"(SELECT {{}}(year(born_on)) FROM {journal})"
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE matching_register AS
        SELECT * EXCLUDE (address), {_street("address")} AS street, {_postcode("address")} AS postcode
        FROM (
            SELECT person_key AS key, if(name_is_temporary, NULL, given_name) AS given_name, middle_name, family_name, born_on, born_year,
                mother_number, if(protection = 'none', address, NULL) AS address
            FROM {register}
            WHERE (
                coalesce(year(born_on), born_year)
                BETWEEN {years.format("min")} - {_YEARS_ASTRAY} AND {years.format("max")} + {_YEARS_ASTRAY}
            ) IS NOT FALSE
        )
        """
    )


def _shaped(side: str, *more: str) -> str:
    placeholders = ", ".join(f"'{placeholder}'" for placeholder in PLACEHOLDERS)
    return f"""
        SELECT {", ".join((_SHAPE, *more))}
        FROM {side} AS side
        LEFT JOIN (
            SELECT *, folded NOT IN ({placeholders}) AND NOT regexp_matches(raw, '{_TEMPORARY}', 'i') AS is_named FROM matching_name
        ) AS given ON given.raw = side.given_name
        LEFT JOIN matching_name AS middle ON middle.raw = side.middle_name
        LEFT JOIN matching_name AS family ON family.raw = side.family_name
    """


# «c/o Ås, Storgata 12 B, 0155 Oslo»: the part with the postcode is the last, the street the one before it. Without a comma the postcode is
# found by its four digits before the place.
_LAST_PART_IS_POSTCODE: Final = "regexp_matches({last}, '^\\d{{4}}($| )')"
_AT_THE_END: Final = "\\s*\\b(\\d{4})\\s+[^\\d]+$"


def _last(address: str, part: int = -1) -> str:
    return f"ltrim(split_part({address}, ',', {part}))"


def _street(address: str) -> str:
    """Street and house number without case and spaces, «storgata12b»."""
    only_street = f"regexp_replace({_last(address)}, '{_AT_THE_END}', '')"
    return f"lower(replace(if({_LAST_PART_IS_POSTCODE.format(last=_last(address))}, {_last(address, -2)}, {only_street}), ' ', ''))"


def _postcode(address: str) -> str:
    anywhere = f"regexp_extract({_last(address)}, '{_AT_THE_END}', 1)"
    return f"if({_LAST_PART_IS_POSTCODE.format(last=_last(address))}, left({_last(address)}, 4), {anywhere})"
