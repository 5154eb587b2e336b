"""
Reconciliation inside the system: the register's facts against our own journals, by the same rules as `fjorten reconcile`.

What does not match becomes a work item with an owner group and a deadline, and stays until a person resolves it. An item a person has
resolved is opened again only when what it is about has changed since.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import duckdb
from django.db import transaction

from fjorten.audit.actor import Actor
from fjorten.audit.trail import Entry, record_all
from fjorten.journal.models import Journal
from fjorten.organisation.models import Municipality
from fjorten.people.facts import Protection
from fjorten.people.models import FamilyRelation, Identifier, Migration, Person, Residence
from fjorten.people.queries import resident_children
from fjorten.registers.models import RegisterDocument, WorkItem
from fjorten.registers.reconcile.findings import Finding, find
from fjorten.registers.reconcile.findings import prepare as prepare_findings
from fjorten.registers.reconcile.relations import create_relations
from fjorten.registers.reconcile.request import Request

Owner = WorkItem.Owner


@dataclass(frozen=True, slots=True)
class Duty:
    """Who sees to a kind of finding, and within how many days [default]."""

    owner: WorkItem.Owner
    days: int


# [default] A child nobody has invited comes first; what only needs tidying can wait. A municipality's leader should look these over.
DUTIES: Final[dict[str, Duty]] = {
    "lives_here_without_journal": Duty(Owner.NURSES, 7),
    "closed_journal_lives_here": Duty(Owner.NURSES, 7),
    "stays_here_without_journal": Duty(Owner.NURSES, 14),
    "journal_open_dead": Duty(Owner.CLERKS, 1),
    "journal_open_missing": Duty(Owner.LEADER, 1),
    "journal_open_registered_elsewhere": Duty(Owner.NURSES, 14),
    "journal_open_emigrated": Duty(Owner.NURSES, 14),
    "two_journals_one_child": Duty(Owner.NURSES, 14),
    "gone_from_extract": Duty(Owner.PROTECTED_TEAM, 3),
    "address_protected": Duty(Owner.PROTECTED_TEAM, 3),
}
ANYTHING_ELSE: Final = Duty(Owner.CLERKS, 14)


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One thing for one person to look at: which rule, how serious, what to do, and the evidence of the register's side."""

    person: int
    rule: str
    severity: str
    action: str
    evidence: dict[str, str]


@transaction.atomic
def reconcile(*, municipality: Municipality, on: date, by: Actor, at: datetime) -> int:
    """Hold the register against the journals and open a work item for everything new that does not match; tells how many were opened."""
    found = [*_mismatches(municipality, on), *_protected(municipality, on), *_gone_from_extract(municipality, on)]
    standing = set(WorkItem.objects.of(municipality).unresolved().values_list("person_id", "rule"))
    settled = {
        (person, rule): evidence
        for person, rule, evidence in WorkItem.objects.of(municipality)
        .filter(resolved_at__isnull=False)
        .order_by("resolved_at", "pk")
        .values_list("person_id", "rule", "evidence")
    }
    new = {
        (item.person, item.rule): item
        for item in found
        if (item.person, item.rule) not in standing and settled.get((item.person, item.rule)) != item.evidence
    }
    items = WorkItem.objects.bulk_create(
        [
            WorkItem(
                municipality=municipality,
                person_id=item.person,
                rule=item.rule,
                severity=item.severity,
                owner=(duty := DUTIES.get(item.rule, ANYTHING_ELSE)).owner,
                suggested_action=item.action,
                evidence=item.evidence,
                opened_on=on,
                opened_at=at,
                deadline_on=on + timedelta(days=duty.days),
            )
            for item in new.values()
        ],
        batch_size=2000,
    )
    about = dict(Person.objects.filter(pk__in=[item.person_id for item in items]).values_list("pk", "public_id"))
    record_all(
        [Entry("work_item.opened", about=str(about[item.person_id]), detail={"rule": item.rule}) for item in items],
        municipality=municipality.code,
        by=by,
        at=at,
    )
    return len(items)


def _mismatches(municipality: Municipality, on: date) -> Iterator[Mismatch]:
    nowhere = Path("fjorten")  # the rules ask for files only to name them; inside the system there are none
    request = Request(register_paths=(nowhere,), journals_path=nowhere, municipality=municipality.code, on=on, out=nowhere)
    with duckdb.connect(config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}) as connection:
        create_relations(connection)
        _tell_relations(connection, municipality)
        prepare_findings(connection, request)
        findings = find(connection, request)
    owners = dict(Identifier.objects.filter(municipality=municipality).values_list("number", "person_id"))
    for finding in findings:
        person = next((owners[number] for number in finding.numbers if number in owners), None)
        if person is not None:
            yield Mismatch(person, finding.rule, finding.severity.value, finding.action.code, _evidence(finding))


def _evidence(finding: Finding) -> dict[str, str]:
    """Keep the register's side of the evidence, without numbers and names: those stand with the person."""
    left_out = {"number", "name", "address", "born_on"}
    return {name: str(value) for name, value in finding.register_evidence.items() if value is not None and name not in left_out}


def _tell_relations(connection: duckdb.DuckDBPyConnection, municipality: Municipality) -> None:
    """Fill the relations of the rules from our own tables, as plain rows: it is done for everybody every night."""
    current = _current_residences(municipality)
    known = _identifiers(municipality)
    moves = _migrations(municipality)
    mothers = _mothers(municipality)
    persons = list(Person.objects.of(municipality).order_by("pk").values_list(*_OF_A_PERSON, named=True))
    rows = []
    for person in persons:
        home, abroad = current.get(person.pk), moves[person.pk]
        rows.append(
            {
                "person_key": person.pk,
                "source": "fjorten",
                "line": person.pk,
                "number": known[person.pk][0].number if person.pk in known else None,
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
                "municipality": (home.municipality_code or municipality.code) if home else None,
                "municipality_now": (municipality.code if home.is_here else home.municipality_code) if home else None,
                "moved_on": home.valid_from if home else None,
                "address_kind": "unknown" if home else "none",
                "stay_municipality_now": municipality.code if person.stays_here else None,
                "stay_since": person.stays_here_since,
                "emigrated_on": person.emigrated_on,
                "emigrated_to": abroad["out"].country if "out" in abroad else None,
                "immigrated_on": abroad["in"].moved_on if "in" in abroad else None,
                "immigrated_from": abroad["in"].country if "in" in abroad else None,
                "mother_number": mothers.get(person.pk) or None,
            }
        )
    numbers = [
        {"person_key": key, "number": row.number, "is_in_use": row.is_in_use, "is_current": row is theirs[0], "since": row.valid_from}
        for key, theirs in known.items()
        for row in theirs
    ]
    number_of = {row["person_key"]: row["number"] for row in rows}
    journals = [
        {
            "journal_key": journal.pk,
            "line": journal.pk,
            "journal_id": str(journal.pk),
            "number_raw": number_of.get(owner),
            "number": number_of.get(owner),
            "number_problem": None if number_of.get(owner) else "missing",
            "opened_on": journal.opened_on,
            "closed_on": journal.closed_on,
            "is_open": journal.closed_on is None,
            "clinic": journal.clinic__name,
        }
        for journal in Journal.objects.filter(municipality=municipality).order_by("pk").values_list(*_OF_A_JOURNAL, named=True)
        for owner in [journal.person__continued_as_id or journal.person_id]
    ]
    _insert(connection, "register", rows)
    _insert(connection, "register_number", numbers)
    _insert(connection, "journal", journals)


_OF_A_PERSON: Final = (
    *("pk", "status", "born_on", "born_by", "sex", "died_on", "is_dead", "given_name", "middle_name", "family_name", "name_is_temporary"),
    *("protection", "stays_here", "stays_here_since", "emigrated_on"),
)
_OF_A_JOURNAL: Final = ("pk", "person_id", "person__continued_as_id", "opened_on", "closed_on", "clinic__name")


def _current_residences(municipality: Municipality) -> Mapping[int, Any]:
    """Read where each child lives: the first residence that has not ended."""
    current: dict[int, Any] = {}
    rows = Residence.objects.filter(person__municipality=municipality, valid_until__isnull=True).order_by("pk")
    for row in rows.values_list("person_id", "municipality_code", "is_here", "valid_from", named=True):
        current.setdefault(row.person_id, row)
    return current


def _identifiers(municipality: Municipality) -> Mapping[int, list[Any]]:
    """Read each child's numbers, the one in use first."""
    known: dict[int, list[Any]] = defaultdict(list)
    rows = Identifier.objects.filter(person__municipality=municipality).values_list(
        "person_id", "number", "is_in_use", "valid_from", named=True
    )
    for row in rows:
        known[row.person_id].append(row)
    return {key: sorted(theirs, key=lambda row: (not row.is_in_use, row.number)) for key, theirs in known.items()}


def _migrations(municipality: Municipality) -> Mapping[int, dict[str, Any]]:
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


def _protected(municipality: Municipality, on: date) -> Iterator[Mismatch]:
    """Every protected child we know stands on the protected team's list: counted, followed by hand, named nowhere else."""
    levels = [Protection.CONFIDENTIAL.value, Protection.STRICTLY_CONFIDENTIAL.value]
    for person in resident_children(municipality=municipality, on=on).filter(protection__in=levels).order_by("pk"):
        yield Mismatch(person.pk, "address_protected", "high", "follow_by_hand", {"level": person.protection})


def _gone_from_extract(municipality: Municipality, on: date) -> Iterator[Mismatch]:
    """Children of an earlier extract whom the newest one no longer has. Never read as moved out: they may have been protected."""
    extracts = RegisterDocument.objects.filter(municipality=municipality, channel=RegisterDocument.Channel.EXTRACT)
    newest = extracts.order_by("-last_seen_on").values_list("last_seen_on", flat=True).first()
    if newest is None:
        return
    here = resident_children(municipality=municipality, on=on)
    seen = extracts.filter(last_seen_on=newest).values("person_id")
    earlier = extracts.filter(last_seen_on__lt=newest).values("person_id")
    for person in here.filter(pk__in=earlier).exclude(pk__in=seen).order_by("pk"):
        yield Mismatch(person.pk, "gone_from_extract", "high", "investigate_gone", {"newest_extract": newest.isoformat()})
