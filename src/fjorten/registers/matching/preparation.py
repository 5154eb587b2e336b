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

_NAMED: Final = """
    side.key, if(given.is_named, given.first, NULL) AS first, if(given.is_named, given.sound, NULL) AS first_sound,
    family.folded AS family, family.sound_all AS family_sound, family.sound AS family_first_sound,
    concat(' ', if(given.is_named, given.folded || ' ', NULL), middle.folded || ' ', family.folded || ' ') AS names,
    coalesce(if(given.is_named, given.beginnings, NULL), 0) | coalesce(middle.beginnings, 0) | coalesce(family.beginnings, 0) AS beginnings,
    born_on, (year(born_on) * 10000 + month(born_on) * 100 + day(born_on))::INTEGER AS born, coalesce(year(born_on), born_year)::INTEGER AS born_year,
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
    everybody = f"""
        SELECT person_key AS key, if(name_is_temporary, NULL, given_name) AS given_name, middle_name, family_name, born_on, born_year, mother_number,
            {_unless_protected(_street("address"))} AS street, {_unless_protected(_postcode("address"))} AS postcode
        FROM {register}
        WHERE (
            coalesce(year(born_on), born_year) BETWEEN (SELECT min(year(born_on)) - {_YEARS_ASTRAY} FROM {journal})
            AND (SELECT max(year(born_on)) + {_YEARS_ASTRAY} FROM {journal})
        ) IS NOT FALSE
    """
    keys = f"{_key('first_sound', 'family_sound')} AS names_key, {_key('street', 'postcode')} AS household_key, {_key('first', 'born // 100')} AS first_month_key"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE matching_person AS"
        f" SELECT *, {keys}, {_key('family_first_sound', 'first_sound')} AS swapped_key FROM ({_shaped(f'({everybody})')})"
    )
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE matching_journal AS
        WITH journals AS ({_shaped("matching_numberless")}),
             everybody AS (SELECT count(*) AS persons FROM matching_person),
             firsts AS (SELECT first, count(*) AS persons FROM matching_person WHERE first IN (SELECT first FROM journals) GROUP BY ALL),
             families AS (SELECT family, count(*) AS persons FROM matching_person WHERE family IN (SELECT family FROM journals) GROUP BY ALL)
        SELECT journals.*, {keys}, {_key('first_sound', 'family_first_sound')} AS swapped_key,
            firsts.persons / everybody.persons AS first_share, families.persons / everybody.persons AS family_share,
            if(born % 100 <= 12, born // 10000 * 10000 + born % 100 * 100 + born // 100 % 100, NULL)::INTEGER AS born_swapped
        FROM journals CROSS JOIN everybody LEFT JOIN firsts USING (first) LEFT JOIN families USING (family)
        """
    )


def _shaped(side: str) -> str:
    placeholders = ", ".join(f"'{placeholder}'" for placeholder in PLACEHOLDERS)
    return f"""
        SELECT {_NAMED}
        FROM {side} AS side
        LEFT JOIN (
            SELECT *, folded NOT IN ({placeholders}) AND NOT regexp_matches(raw, '{_TEMPORARY}', 'i') AS is_named FROM matching_name
        ) AS given ON given.raw = side.given_name
        LEFT JOIN matching_name AS middle ON middle.raw = side.middle_name
        LEFT JOIN matching_name AS family ON family.raw = side.family_name
    """


def _key(one: str, other: str) -> str:
    """A number to join on instead of two texts: four times as fast. That two keys may fall together once in a while does no harm to finding."""
    return f"if({one} IS NULL OR {other} IS NULL, NULL, hash({one}, {other}))"


def _unless_protected(sql: str) -> str:
    return f"if(protection = 'none', {sql}, NULL)"  # NULL is not 'none': what is unknown is treated as protected


def _street(address: str) -> str:
    """The line before the comma, or before the postcode when there is none, without case and spaces: «storgata12b»."""
    before_postcode = f"regexp_replace({address}, '\\s*\\b\\d{{4}}\\s+[^\\d]+$', '')"
    return f"lower(replace(if(contains({address}, ','), split_part({address}, ',', 1), {before_postcode}), ' ', ''))"


def _postcode(address: str) -> str:
    """The four digits after the first comma, where our readers put them, or else the last four digits before the place."""
    after_comma = f"ltrim(split_part({address}, ',', 2))"
    usual = f"{after_comma} BETWEEN '0' AND '9z' AND strpos({after_comma}, ' ') = 5"
    return f"if({usual}, left({after_comma}, 4), regexp_extract({address}, '\\b(\\d{{4}})\\s+[^\\d]+$', 1))"
