"""
Both sides brought to one shape before they are compared: folded names, dates, the mother's number, street and postcode.

The tables `matching_journal` and `matching_person` have the same columns, so that a comparison is written once and reads the same from either
side. What cannot be evidence is NULL already here: a newborn's temporary name, a placeholder, the address of anyone who is protected.
"""

from __future__ import annotations

from typing import Final

import duckdb

from fjorten.registers.matching.folding import create_folded_names

# What journals hold for a newborn without a name, folded [default]. The register's own form, *PIKE and *GUTT, is known by its star.
PLACEHOLDERS: Final = ("pike", "jente", "gutt", "baby", "nn", "n n", "nyfoedt", "ny foedt", "navnloes", "uten navn", "ukjent", "tvilling")
# Nobody further from all the journals' years of birth than this is looked at: mothers and grown siblings are in the register too [default].
_YEARS_ASTRAY: Final = 6
_TEMPORARY: Final = r"\*\s*(PIKE|GUTT)\b"

# Few columns: keeping one costs more than computing it. A year of birth without a date is a day that no calendar has, 20220000.
_SHAPE: Final = """
    side.key, if(given.is_named, given.first, NULL) AS first, if(given.is_named, given.sound, NULL) AS first_sound,
    family.folded AS family, family.sound_all AS family_sound, family.sound AS family_first_sound,
    concat(' ', if(given.is_named, given.folded || ' ', NULL), middle.folded || ' ', family.folded || ' ') AS names,
    coalesce(if(given.is_named, given.beginnings, NULL), 0) | coalesce(middle.beginnings, 0) | coalesce(family.beginnings, 0) AS beginnings,
    born_on, coalesce(year(born_on) * 10000 + month(born_on) * 100 + day(born_on), born_year * 10000)::INTEGER AS born,
    nullif(mother_number, '') AS mother, nullif(street, '') AS street, nullif(postcode, '') AS postcode
"""


def prepare(connection: duckdb.DuckDBPyConnection, *, journal: str, register: str) -> None:
    """
    Create the temporary tables `matching_journal` (journals without a valid number) and `matching_person` (those in the register of a like age).

    `journal` and `register` name relations with the columns of the reconciliation's `journal` and `register`; their key is `key` here. Journals
    also carry what share of the register's people have the same first name and the same family name: `first_share`, `family_share`.
    """
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE matching_numberless AS
        SELECT journal_key AS key, given_name, NULL::VARCHAR AS middle_name, family_name, born_on, NULL::INTEGER AS born_year, mother_number,
            {_street("address")} AS street, coalesce(nullif(regexp_extract(postcode, '\\d{{4}}'), ''), {_postcode("address")}) AS postcode
        FROM {journal} WHERE number IS NULL
        """
    )
    names = [("matching_numberless", "given_name"), ("matching_numberless", "family_name")]
    names += [(register, "given_name"), (register, "middle_name"), (register, "family_name")]
    create_folded_names(connection, table="matching_name", sources=names)
    # What is not known to be unprotected is treated as protected. The address is hidden before it is looked at, never after.
    of_like_age = f"""
        SELECT * EXCLUDE (address), {_street("address")} AS street, {_postcode("address")} AS postcode
        FROM (
            SELECT person_key AS key, if(name_is_temporary, NULL, given_name) AS given_name, middle_name, family_name, born_on, born_year,
                mother_number, if(protection = 'none', address, NULL) AS address
            FROM {register}
            WHERE (
                coalesce(year(born_on), born_year) BETWEEN (SELECT min(year(born_on)) - {_YEARS_ASTRAY} FROM {journal})
                AND (SELECT max(year(born_on)) + {_YEARS_ASTRAY} FROM {journal})
            ) IS NOT FALSE
        )
    """
    connection.execute(f"CREATE OR REPLACE TEMP TABLE matching_person AS {_shaped(f'({of_like_age})')}")
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE matching_journal AS
        WITH journals AS ({_shaped("matching_numberless")}),
             everybody AS (SELECT count(*) AS persons FROM matching_person),
             firsts AS (SELECT first, count(*) AS persons FROM matching_person WHERE first IN (SELECT first FROM journals) GROUP BY ALL),
             families AS (SELECT family, count(*) AS persons FROM matching_person WHERE family IN (SELECT family FROM journals) GROUP BY ALL)
        SELECT journals.*, firsts.persons / everybody.persons AS first_share, families.persons / everybody.persons AS family_share,
            if(born % 100 <= 12, born // 10000 * 10000 + born % 100 * 100 + born // 100 % 100, NULL)::INTEGER AS born_swapped
        FROM journals CROSS JOIN everybody LEFT JOIN firsts USING (first) LEFT JOIN families USING (family)
        """
    )


def _shaped(side: str) -> str:
    placeholders = ", ".join(f"'{placeholder}'" for placeholder in PLACEHOLDERS)
    return f"""
        SELECT {_SHAPE}
        FROM {side} AS side
        LEFT JOIN (
            SELECT *, folded NOT IN ({placeholders}) AND NOT regexp_matches(raw, '{_TEMPORARY}', 'i') AS is_named FROM matching_name
        ) AS given ON given.raw = side.given_name
        LEFT JOIN matching_name AS middle ON middle.raw = side.middle_name
        LEFT JOIN matching_name AS family ON family.raw = side.family_name
    """


def _street(address: str) -> str:
    """The line before the comma, or before the postcode when there is none, without case and spaces: «storgata12b»."""
    before_postcode = f"regexp_replace({address}, '\\s*\\b\\d{{4}}\\s+[^\\d]+$', '')"
    return f"lower(replace(if(contains({address}, ','), split_part({address}, ',', 1), {before_postcode}), ' ', ''))"


def _postcode(address: str) -> str:
    """The four digits after the first comma, where our readers put them, or else the last four digits before the place."""
    after_comma = f"ltrim(split_part({address}, ',', 2))"
    usual = f"{after_comma} BETWEEN '0' AND '9z' AND strpos({after_comma}, ' ') = 5"
    return f"if({usual}, left({after_comma}, 4), regexp_extract({address}, '\\b(\\d{{4}})\\s+[^\\d]+$', 1))"
