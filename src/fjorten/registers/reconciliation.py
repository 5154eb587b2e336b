"""
Reconciliation inside the system: the register's facts against our own journals, by the same rules as `fjorten reconcile`.

What does not match becomes a work item with an owner group and a deadline, and stays until a person resolves it. An item a person has
resolved is opened again only when what it is about has changed since.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

import duckdb
from django.db import transaction

from fjorten.audit.actor import Actor
from fjorten.audit.trail import Entry, record_all
from fjorten.organisation.models import Municipality
from fjorten.people.facts import Protection
from fjorten.people.models import Identifier, Person
from fjorten.people.queries import resident_children
from fjorten.registers.models import RegisterDocument, RegisterLoad, WorkItem
from fjorten.registers.reconcile.findings import Finding, find
from fjorten.registers.reconcile.findings import prepare as prepare_findings
from fjorten.registers.reconcile.relations import create_relations
from fjorten.registers.reconcile.request import Request
from fjorten.registers.sides import fill_sides

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
        fill_sides(connection, municipality)
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


def _protected(municipality: Municipality, on: date) -> Iterator[Mismatch]:
    """Every protected child we know stands on the protected team's list: counted, followed by hand, named nowhere else."""
    levels = [Protection.CONFIDENTIAL.value, Protection.STRICTLY_CONFIDENTIAL.value]
    for person in resident_children(municipality=municipality, on=on).filter(protection__in=levels).order_by("pk"):
        yield Mismatch(person.pk, "address_protected", "high", "follow_by_hand", {"level": person.protection})


def _gone_from_extract(municipality: Municipality, on: date) -> Iterator[Mismatch]:
    """Children of an earlier extract whom the newest one no longer has. Never read as moved out: they may have been protected."""
    newest = RegisterLoad.objects.filter(municipality=municipality).order_by("-on").values_list("on", flat=True).first()
    if newest is None:
        return
    here = resident_children(municipality=municipality, on=on)
    # One who is looked up after the extract and told of as before shares a row with it: seen, and no newer extract.
    told = RegisterDocument.objects.filter(municipality=municipality).exclude(channel=RegisterDocument.Channel.FEED)
    seen = told.filter(last_seen_on__gte=newest).values("person_id")
    earlier = told.filter(channel=RegisterDocument.Channel.EXTRACT, first_seen_on__lt=newest).values("person_id")
    for person in here.filter(pk__in=earlier).exclude(pk__in=seen).order_by("pk"):
        yield Mismatch(person.pk, "gone_from_extract", "high", "investigate_gone", {"newest_extract": newest.isoformat()})
