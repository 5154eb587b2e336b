"""
Our own tables as the two sides the rules of `reconcile` hold against each other: what the register says of each child, and the journals.

Read as plain rows: it is done for everybody every night.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

import duckdb

from fjorten.journal.models import Journal
from fjorten.organisation.models import Municipality
from fjorten.people.models import FamilyRelation, Identifier, Migration, Person, Residence

Rows = list[dict[str, Any]]

_OF_A_PERSON: Final = (
    *("pk", "status", "born_on", "born_by", "sex", "died_on", "is_dead", "given_name", "middle_name", "family_name", "name_is_temporary"),
    *("protection", "stays_here", "stays_here_since", "emigrated_on"),
)
_OF_A_JOURNAL: Final = ("pk", "person_id", "person__continued_as_id", "opened_on", "closed_on", "clinic__name")


def fill_sides(connection: duckdb.DuckDBPyConnection, municipality: Municipality) -> None:
    """Fill the relations `register`, `register_number` and `journal` (`relations.create_relations`) with a municipality's rows."""
    numbers = _numbers(municipality)
    in_use = {key: theirs[0].number for key, theirs in numbers.items()}
    _insert(connection, "register", _register_side(municipality, in_use))
    _insert(
        connection,
        "register_number",
        [
            {"person_key": key, "number": row.number, "is_in_use": row.is_in_use, "is_current": row is theirs[0], "since": row.valid_from}
            for key, theirs in numbers.items()
            for row in theirs
        ],
    )
    _insert(connection, "journal", _journal_side(municipality, in_use))


def _register_side(municipality: Municipality, in_use: Mapping[int, str]) -> Rows:
    homes, moves, mothers = _homes(municipality), _moves(municipality), _mothers(municipality)
    persons = Person.objects.of(municipality).order_by("pk").values_list(*_OF_A_PERSON, named=True)
    return [
        {
            "person_key": person.pk,
            "source": "fjorten",
            "line": person.pk,
            "number": in_use.get(person.pk),
            "status": person.status or None,
            "born_on": person.born_on,
            "born_year": person.born_by.year,
            "sex": person.sex or None,
            "died_on": person.died_on,
            "is_dead": person.is_dead,
            "given_name": person.given_name or None,
            "middle_name": person.middle_name or None,
            "family_name": person.family_name or None,
            "name_is_temporary": person.name_is_temporary,
            "protection": person.protection,
            **_home(homes.get(person.pk), municipality.code),
            "stay_municipality_now": municipality.code if person.stays_here else None,
            "stay_since": person.stays_here_since,
            "emigrated_on": person.emigrated_on,
            **_abroad(moves[person.pk]),
            "mother_number": mothers.get(person.pk) or None,
        }
        for person in persons
    ]


def _home(home: Any | None, code: str) -> dict[str, Any]:
    return {
        "municipality": (home.municipality_code or code) if home else None,
        "municipality_now": (code if home.is_here else home.municipality_code) if home else None,
        "moved_on": home.valid_from if home else None,
        "address_kind": "unknown" if home else "none",
    }


def _abroad(moves: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "emigrated_to": moves["out"].country if "out" in moves else None,
        "immigrated_on": moves["in"].moved_on if "in" in moves else None,
        "immigrated_from": moves["in"].country if "in" in moves else None,
    }


def _journal_side(municipality: Municipality, in_use: Mapping[int, str]) -> Rows:
    journals = Journal.objects.filter(municipality=municipality).order_by("pk").values_list(*_OF_A_JOURNAL, named=True)
    return [
        {
            "journal_key": journal.pk,
            "line": journal.pk,
            "journal_id": str(journal.pk),
            "number_raw": in_use.get(owner),
            "number": in_use.get(owner),
            "number_problem": None if in_use.get(owner) else "missing",
            "opened_on": journal.opened_on,
            "closed_on": journal.closed_on,
            "is_open": journal.closed_on is None,
            "clinic": journal.clinic__name,
        }
        for journal in journals
        for owner in [journal.person__continued_as_id or journal.person_id]
    ]


def _homes(municipality: Municipality) -> Mapping[int, Any]:
    """Read where each child lives: the first residence that has not ended."""
    homes: dict[int, Any] = {}
    rows = Residence.objects.filter(person__municipality=municipality, valid_until__isnull=True).order_by("pk")
    for row in rows.values_list("person_id", "municipality_code", "is_here", "valid_from", named=True):
        homes.setdefault(row.person_id, row)
    return homes


def _numbers(municipality: Municipality) -> Mapping[int, list[Any]]:
    """Read each child's numbers, the one in use first."""
    known: dict[int, list[Any]] = defaultdict(list)
    rows = Identifier.objects.filter(person__municipality=municipality)
    for row in rows.values_list("person_id", "number", "is_in_use", "valid_from", named=True):
        known[row.person_id].append(row)
    return {key: sorted(theirs, key=lambda row: (not row.is_in_use, row.number)) for key, theirs in known.items()}


def _moves(municipality: Municipality) -> Mapping[int, dict[str, Any]]:
    """Read the newest of each child's moves from and to abroad."""
    moves: dict[int, dict[str, Any]] = defaultdict(dict)
    rows = Migration.objects.filter(person__municipality=municipality).order_by("pk")
    for row in rows.values_list("person_id", "direction", "country", "moved_on", named=True):
        moves[row.person_id][row.direction] = row
    return moves


def _mothers(municipality: Municipality) -> Mapping[int, str]:
    """Read the number of each child's mother."""
    mothers: dict[int, str] = {}
    rows = FamilyRelation.objects.filter(person__municipality=municipality, role="mor").order_by("pk")
    for person, number in rows.values_list("person_id", "related_number"):
        mothers.setdefault(person, number)
    return mothers


def _insert(connection: duckdb.DuckDBPyConnection, relation: str, rows: Sequence[dict[str, Any]]) -> None:
    """Fill a relation column by column: one list a column is far quicker than one insert a row."""
    if not rows:
        return
    columns = list(rows[0])
    types = {name: kind for name, kind, *_ in connection.execute(f"DESCRIBE {relation}").fetchall()}
    unnested = ", ".join(f"unnest(?::{types[column]}[]) AS {column}" for column in columns)
    connection.execute(
        f"INSERT INTO {relation} BY NAME SELECT {unnested}",
        [[row[column] for row in rows] for column in columns],
    )
