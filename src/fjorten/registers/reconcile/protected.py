"""
The children with address protection, and those who may have it: for one named person's eyes, in a file of their own.

A case says who the child is and what there is to do. It holds nothing that locates: no address, no municipality now or before, no clinic,
no file or extract name, and no words that tell here from elsewhere. Source: reliability requirement N12, "anything else that locates"
[source]; which fields locate [default].
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from fjorten.kernel.ages import age_in_months
from fjorten.kernel.names import sort_key
from fjorten.registers.reconcile.evidence import Row, display_name
from fjorten.registers.reconcile.findings import rows_of

if TYPE_CHECKING:
    import duckdb

    from fjorten.registers.reconcile.request import Request


class Grade(StrEnum):
    """Why a child is treated as protected."""

    CONFIDENTIAL = "confidential"
    STRICTLY_CONFIDENTIAL = "strictly_confidential"
    UNKNOWN = "unknown"  # nothing says so, but the child looks as a strictly protected one would


class Matter(StrEnum):
    """What there is to look at, in words that are true wherever the child is."""

    WITHOUT_JOURNAL = "without_journal"
    CLOSED_JOURNAL = "closed_journal"
    JOURNAL_TO_ASSESS = "journal_to_assess"
    DEAD = "dead"
    IDENTIFIER_CHANGED = "identifier_changed"
    TWO_JOURNALS = "two_journals_one_child"
    NUMBER_MISSING = "journal_without_number"
    NUMBER_INVALID = "invalid_number"
    NOT_IN_EXTRACT = "number_not_in_extract"
    GONE = "gone_from_extract"
    BIRTH_DATE = "birth_date_disagrees"
    NAME = "name_disagrees"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectedCase:
    """One protected child, or one journal that may be a protected child's."""

    grade: Grade
    is_through_mother: bool
    number: str | None = field(repr=False)
    name: str | None = field(repr=False)
    born_on: date | None = field(repr=False)
    age_months: int | None
    journal_ids: tuple[str, ...] = field(repr=False)
    matters: tuple[Matter, ...]


_PERSONS: Final = """
    SELECT person.*, given_name, middle_name, family_name, name_is_temporary, sex, their.* EXCLUDE (person_key)
    FROM person JOIN (SELECT person_key, given_name, middle_name, family_name, name_is_temporary, sex FROM register) USING (person_key)
    LEFT JOIN (
        SELECT person_key, list(DISTINCT coalesce(journal_id, 'linje ' || line)) AS journal_ids,
            bool_or(filed.number <> person.number) AS identifier_changed,
            bool_or(filed.born_on <> person.born_on) AS birth_date_disagrees,
            bool_or(journal_key IN (SELECT journal_key FROM name_difference)) AS name_disagrees
        FROM person JOIN filed USING (person_key) JOIN (SELECT journal_key, journal_id, line FROM journal) USING (journal_key)
        WHERE is_open AND protected_as IS NOT NULL GROUP BY person_key
    ) AS their USING (person_key)
    WHERE protected_as IS NOT NULL AND in_range
        -- Of those the register places elsewhere, only they who have an open journal here concern us.
        AND (place NOT IN ('elsewhere', 'abroad', 'dead', 'ceased') OR open_journals > 0)
"""

_GONE: Final = """
    SELECT gone.*, journal_ids
    FROM gone LEFT JOIN (
        SELECT gone_key, list(DISTINCT coalesce(journal_id, 'linje ' || line)) AS journal_ids
        FROM gone_number JOIN journal USING (number) WHERE is_open GROUP BY gone_key
    ) USING (gone_key)
    WHERE protected_as IS NOT NULL
"""

# A journal that may be a protected child's belongs to the child's own case when it is likely to be its; else it is a case of its own.
_JOURNALS: Final = """
    SELECT unplaced.*, coalesce(journal_id, 'linje ' || line) AS shown_id, owner.person_key AS owner_key
    FROM unplaced ANTI JOIN traceable USING (journal_key)
    LEFT JOIN (
        SELECT journal_key, max_by(person_key, score) AS person_key
        FROM suggested JOIN person USING (person_key)
        WHERE score >= getvariable('belongs_to_protected_score') AND protected_as IS NOT NULL AND in_range GROUP BY journal_key
    ) AS owner ON owner.journal_key = unplaced.journal_key
    WHERE number IS NULL OR number NOT IN (SELECT number FROM gone_number)
"""


def protected_cases(connection: duckdb.DuckDBPyConnection, request: Request) -> list[ProtectedCase]:
    """
    This function will list the protected children who are asked about, by name, and the journals that may be a protected child's.

    A child is listed also when register and journal agree: nothing automatic reaches it, so a person must. Needs `findings.prepare`.
    """
    by_person = {row["person_key"]: _of_person(row, request.on) for row in rows_of(connection, _PERSONS)}
    cases = [_of_gone(row, request.on) for row in rows_of(connection, _GONE)]
    for row in rows_of(connection, _JOURNALS):
        owner = by_person.get(row["owner_key"])
        if owner is None:
            cases.append(_of_journal(row, request.on))
        else:
            by_person[row["owner_key"]] = _with_journal(owner, row)
    return sorted([*by_person.values(), *cases], key=lambda case: (sort_key(case.name or ""), case.born_on or date.min, case.number or ""))


def _of_person(row: Row, on: date) -> ProtectedCase:
    is_open, is_closed = row["open_journals"] > 0, row["closed_journals"] > 0
    is_dead, is_placed = row["place"] == "dead", row["place"] in ("here", "stays")
    matters = {
        Matter.DEAD: is_dead,
        Matter.WITHOUT_JOURNAL: not is_open and not is_closed,
        Matter.CLOSED_JOURNAL: not is_open and is_closed,
        Matter.JOURNAL_TO_ASSESS: is_open and not is_dead and not is_placed,
        Matter.IDENTIFIER_CHANGED: not is_dead and bool(row["identifier_changed"]),
        Matter.TWO_JOURNALS: row["open_journals"] > 1,
        Matter.BIRTH_DATE: bool(row["birth_date_disagrees"]),
        Matter.NAME: bool(row["name_disagrees"]),
    }
    return _case(
        row,
        min(row["died_on"] or on, on),
        grade=Grade(row["protected_as"]),
        is_through_mother=bool(row["is_protected_through_mother"]),
        matters=tuple(matter for matter, applies in matters.items() if applies),
        journal_ids=row["journal_ids"] or (),
    )


def _of_gone(row: Row, on: date) -> ProtectedCase:
    return _case(row, on, grade=Grade(row["protected_as"]), matters=(Matter.GONE,), journal_ids=row["journal_ids"] or ())


def _of_journal(row: Row, on: date) -> ProtectedCase:
    return _case(row, on, grade=Grade.UNKNOWN, matters=(Matter(row["rule"]),), journal_ids=(row["shown_id"],))


def _with_journal(case: ProtectedCase, row: Row) -> ProtectedCase:
    others = tuple(matter for matter in case.matters if matter is not Matter.WITHOUT_JOURNAL)
    return replace(case, matters=(*others, Matter(row["rule"])), journal_ids=(*case.journal_ids, row["shown_id"]))


def _case(
    row: Row, on: date, *, grade: Grade, matters: tuple[Matter, ...], journal_ids: Iterable[str], is_through_mother: bool = False
) -> ProtectedCase:
    born_on: date | None = row["born_on"]
    return ProtectedCase(
        grade=grade,
        is_through_mother=is_through_mother,
        number=row["number"],
        name=display_name(row),
        born_on=born_on,
        age_months=None if born_on is None or born_on > on else age_in_months(born_on, on),
        journal_ids=tuple(sorted(journal_ids)),
        matters=matters,
    )
