"""
From flat rows to persons: the same person looked up twice is one person, and only persons who can matter are kept.

Two rows are one person when they have the same number in use, or when one has as its former number what is the other's number: a D-number
and the fødselsnummer that came after it. Two persons who only share a former number stay two: that is how the register shows a split.
The row with the newest `last_changed_at` tells about the person; the numbers of all rows are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from fjorten.registers.reconcile.sought import Sought
from fjorten.registers.residency import DEAD, NOT_RESIDENT

if TYPE_CHECKING:
    import duckdb

IS_SOMEWHERE_IN_NORWAY: Final = (
    f"(NOT is_dead AND coalesce(status NOT IN ({', '.join(repr(word) for word in sorted(NOT_RESIDENT | {DEAD}))}), true))"
)
_IS_PROTECTED: Final = "protection IN ('confidential', 'strictly_confidential')"


def has_no_place(sought: Sought) -> str:
    """This function will give SQL that is true for persons of the ages asked for who live somewhere, the register does not say where."""
    return f"({is_of_age(sought)} AND municipality IS NULL AND {IS_SOMEWHERE_IN_NORWAY})"


def name_those_missing(connection: duckdb.DuckDBPyConnection) -> None:
    """
    This function will fill the relation `named` with the numbers still to be looked for in the files.

    They are those in `wanted` (of journals and the earlier extract) and in `mother` that are not in `seen`.
    """
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE named AS"
        " SELECT number FROM (FROM wanted UNION FROM mother) WHERE number IS NOT NULL AND number NOT IN (FROM seen)"
    )


def keep_persons(connection: duckdb.DuckDBPyConnection, sought: Sought) -> None:
    """
    This function will make `kept(person_key, staged_row)`, the persons who matter and the row that tells about each, and `person_number`.

    Kept are persons of the ages asked for with an address here, or without any place; everybody with a number in `wanted`; and the mothers
    of those, when the register does not say where the child is or the mother is protected.
    """
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE identified AS
        SELECT staged_row, current_number, identifier.*, changed FROM (
            SELECT rowid AS staged_row, number AS current_number, unnest(identifiers) AS identifier,
                coalesce(epoch_us(last_changed_at), 0) AS changed
            FROM staged WHERE kind = 'person'
        )
        """
    )
    _tell_who_is_who(connection)
    here = " OR ".join(f"{column} IN ({', '.join(map(repr, sought.codes))})" for column in ("municipality", "stay_municipality"))
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE newest AS
        SELECT person_key, staged_row FROM who WHERE rows = 1
        UNION ALL
        SELECT person_key, arg_max(staged_row, {{'changed': changed, 'row': staged_row}}) FROM who WHERE rows > 1 GROUP BY person_key;

        CREATE OR REPLACE TEMP TABLE person_number AS
        SELECT person_key, number, bool_or(is_in_use) AS is_in_use, max(since) AS since
        FROM identified JOIN who USING (staged_row) GROUP BY person_key, number;

        CREATE OR REPLACE TEMP TABLE kept AS
        SELECT person_key, staged_row FROM newest JOIN staged ON staged.rowid = staged_row
        WHERE person_key IN (SELECT person_key FROM person_number WHERE number IN (FROM wanted)) OR {is_of_age(sought)}
            AND ({here} OR municipality IS NULL AND stay_municipality IS NULL AND {IS_SOMEWHERE_IN_NORWAY});

        INSERT INTO kept
        WITH mothers AS (
            SELECT mother_number AS number, bool_or({has_no_place(sought)}) AS child_has_no_place
            FROM kept JOIN staged ON staged.rowid = staged_row WHERE mother_number IS NOT NULL GROUP BY mother_number
        )
        SELECT DISTINCT person_key, staged_row
        FROM mothers JOIN person_number USING (number) JOIN newest USING (person_key) JOIN staged ON staged.rowid = staged_row
        WHERE (child_has_no_place OR {_IS_PROTECTED}) AND person_key NOT IN (SELECT person_key FROM kept);
        """
    )


def last_numbers(links: Mapping[str, tuple[str, int]]) -> dict[str, str]:
    """
    This function will follow each number to the last one its owner has.

    `links` goes from a former number to the number that came after it, and when that was last changed. Two documents may each have the
    other's number as the former one; then the one changed last is right.
    """
    return {number: _last_number(number, links) for number in links}


def _last_number(number: str, links: Mapping[str, tuple[str, int]]) -> str:
    path = [number]
    while path[-1] in links:
        following, _ = links[path[-1]]
        if following in path:
            ring = path[path.index(following) :]
            return max((links[member] for member in ring), key=lambda link: (link[1], link[0]))[0]
        path.append(following)
    return path[-1]


def _tell_who_is_who(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `who(staged_row, person_key, changed, rows)`. Hardly any number in use is a former one; the few are followed in Python."""
    found = connection.execute(
        """
        SELECT number, arg_max({'number': current_number, 'changed': changed}, {'changed': changed, 'number': current_number})
        FROM identified
        WHERE number <> current_number AND number IN (SELECT number FROM staged WHERE kind = 'person')
        GROUP BY number
        """
    ).fetchall()
    last = last_numbers({former: (after["number"], after["changed"]) for former, after in found})
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE who AS
        WITH renumbered AS (SELECT unnest($former::VARCHAR[]) AS former, unnest($last::VARCHAR[]) AS last),
        numbered AS (
            SELECT staged.rowid AS staged_row, coalesce(last, number) AS number, coalesce(epoch_us(last_changed_at), 0) AS changed
            FROM staged LEFT JOIN renumbered ON number = former WHERE kind = 'person'
        ),
        keys AS (SELECT number, min(staged_row) AS person_key, count(*) AS rows FROM numbered GROUP BY number)
        SELECT staged_row, person_key, changed, rows FROM numbered JOIN keys USING (number)
        """,
        {"former": list(last), "last": list(last.values())},
    )


def is_of_age(sought: Sought) -> str:
    """This function will give SQL that is true for persons of the ages asked for, as far as their birth is known."""
    first, last = sought.born_from.isoformat(), sought.born_until.isoformat()
    return (
        f"(born_on BETWEEN DATE '{first}' AND DATE '{last}'"
        f" OR born_on IS NULL AND coalesce(born_year BETWEEN {sought.years.start} AND {sought.years.stop - 1}, true))"
    )
