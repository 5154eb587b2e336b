"""
One child whose data is broken, among many, through the whole night (F24): the others are done as if nothing were wrong, and that one is
listed with the reason, or done all the same.

Every way a child's own rows can be broken has a row below. Each night poisons some children, drawn with a seed, each in another way: 12
poisonings in `make test`, at least 1,000 in `make faults` (FJORTEN_LONG_RUN). The counts and the seed are printed.
"""

import os
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from django.db import IntegrityError, connection, transaction

from fjorten.appointments.actions.outcomes import mark_did_not_attend
from fjorten.appointments.models import Appointment
from fjorten.followup.models import Case
from fjorten.messages.actions.incoming import take_incoming
from fjorten.messages.channels.interface import Incoming
from fjorten.messages.models import ContactTask, IncomingMessage, Message
from fjorten.nightly.actions import run_night
from fjorten.nightly.models import Run
from fjorten.organisation.models import Clinic, Employee, Municipality
from fjorten.people.models import Adult, ContactPoint, Person, PostalAddress, Wish
from fjorten.plans.models import Enrolment, PlannedStep
from fjorten.registers.models import WorkItem
from tests.factories.clinic import NURSE, a_staffed_clinic
from tests.factories.family import a_guardian
from tests.factories.night import AT, a_child_with_a_time, a_night, everything_as_it_is
from tests.faults.outboxes import JOB, telephone
from tests.faults.test_workers import undone_afterwards

LONG = os.environ.get("FJORTEN_LONG_RUN") == "1"
NIGHTS = 84 if LONG else 1
AT_ONCE = 12
CHILDREN = 20 if LONG else 16
SEED = int(os.environ.get("FJORTEN_SEED", "14"))
RUBBISH = ("", "?", "ikke noe", "æøå \u202e", "999", "-1", "2026-02-30", "{}")

pytestmark = [
    pytest.mark.faults,
    pytest.mark.django_db,
]

Poison = Callable[[Person, Random], object]


def steps_of(child: Person, chance: Random):
    """One of the steps that are not settled, the next one most often."""
    open_steps = list(PlannedStep.objects.filter(enrolment__person=child, outcome__isnull=True).order_by("position"))
    return PlannedStep.objects.filter(pk=chance.choice([*open_steps[:1] * 3, *open_steps[:4]]).pk)


def adults_of(child: Person):
    numbers = child.responsibilities.values_list("responsible_number", flat=True)
    return Adult.objects.filter(municipality=child.municipality, number__in=list(numbers))


def wishes(child: Person, chance: Random) -> object:
    weekdays = chance.choice([{"man": 1}, ["tirsdag"], [None], 17, "0", [[0]], [99, -1], [1.5]])
    return Wish.objects.create(person=child, unsuitable_weekdays=weekdays, recorded_at=AT, recorded_by="prøve")


POISONS: dict[str, Poison] = {
    "wishes that are none": wishes,
    "a step in no programme": lambda child, chance: steps_of(child, chance).update(step="X99_INGEN"),
    "a programme nobody has": lambda child, chance: Enrolment.objects.filter(person=child).update(programme_version="ukjent"),
    "a guardian's number that is none": lambda child, chance: child.responsibilities.update(responsible_number=chance.choice(RUBBISH)[:11]),
    "a telephone that is none": lambda child, chance: ContactPoint.objects.filter(adult__in=adults_of(child)).update(value="ring mor"),
    "a language nobody speaks": lambda child, chance: adults_of(child).update(language="xx"),
    "an address without lines": lambda child, chance: PostalAddress.objects.filter(adult__in=adults_of(child)).update(lines="", place=""),
    "messages without values": lambda child, chance: child.messages.update(values=chance.choice([{}, {"begins_at": "i morgen"}, [], 3])),
    "messages of no kind": lambda child, chance: child.messages.update(kind="ukjent"),
    "messages about nothing": lambda child, chance: child.messages.update(about=chance.choice(["appointment:x", "appointment:", "?", ""])),
    "a time at a closed clinic": lambda child, chance: closed_clinic(child),
    "a time with somebody who has left": lambda child, chance: with_somebody_who_left(child),
    "a time in a state nobody knows": lambda child, chance: Appointment.objects.filter(person=child).update(setting="ukjent"),
    "times without a history": lambda child, chance: without_history(child),
    "a birthday in the future": lambda child, chance: Person.objects.filter(pk=child.pk).update(born_on=date(2090, 1, 1)),
    "no birthday": lambda child, chance: Person.objects.filter(pk=child.pk).update(born_on=None),
    "a name of nothing": lambda child, chance: Person.objects.filter(pk=child.pk).update(given_name=chance.choice([" ", "\u202e", "-"])),
    "a protection nobody knows": lambda child, chance: Person.objects.filter(pk=child.pk).update(protection="ukjent"),
    "an answer that means nothing": lambda child, chance: IncomingMessage.objects.filter(person=child).update(meaning="ukjent"),
    "a case on no ladder": lambda child, chance: Case.objects.filter(person=child).update(ladder="ukjent"),
    "a case at no step": lambda child, chance: Case.objects.filter(person=child).update(next_step="ukjent"),
}


# The database itself lets nobody write these.
REFUSED = {"a birthday in the future", "a protection nobody knows"}


def closed_clinic(child: Person) -> None:
    closed = Clinic.objects.create(municipality=child.municipality, name="Nedlagt", is_default=False)
    Appointment.objects.filter(person=child).update(clinic=closed)


def with_somebody_who_left(child: Person) -> None:
    one = Appointment.objects.filter(person=child).first()
    left = Employee.objects.create(
        municipality=child.municipality, clinic=one.clinic, code=f"gikk{child.pk}", name="Gikk", role="public_health_nurse",
        employed_from=date(2020, 1, 1), employed_until=date(2021, 1, 1),
    )  # fmt: skip
    Appointment.objects.filter(person=child).update(employee=left)


def without_history(child: Person) -> None:
    Appointment.objects.filter(person=child).update(booked_by="", state_by="")


@pytest.fixture
def children(municipality: Municipality, signing_key: None, tmp_path: Path) -> list[Person]:
    """
    Children of whom something is known and something is to be done tonight: reminders wait to be sent, cases are open, families have
    written.
    """
    Municipality.objects.update(brand="Prøve kommune")
    municipality.refresh_from_db()
    here = a_staffed_clinic(municipality)
    Clinic.objects.update(telephone="00 00 00 00", visiting_address="Torget 1, Fjordvik")
    here.clinic.refresh_from_db()
    found = []
    for nth in range(CHILDREN):
        was_missed = nth % 4 == 3
        begins = f"2026-03-{'09' if was_missed else '13'} {8 + nth // 2:02}:{nth % 2 * 30:02}"
        given = a_child_with_a_time(here, begins, a_guardian(telephone=telephone(nth), nth=nth))
        if was_missed:
            mark_did_not_attend(appointment=given, by=NURSE, at=AT - timedelta(hours=12))
        found.append(given.person)
    in_the_evening = AT - timedelta(hours=11)  # nothing is sent: what is owed waits for the morning
    assert list(run_night(night=a_night(municipality, tmp_path, at=in_the_evening, register=None)).troubles.all()) == []
    assert Message.objects.filter(state="queued").exists() and Case.objects.exists()
    for nth in (0, 1, 2):
        answer = Incoming(reference=f"svar-{nth}", from_number=telephone(nth), text=["1", "2", "Hei"][nth])
        take_incoming(municipality=municipality, gateway="prøve", heard=answer, by=JOB, at=AT)
    return found


Outcome = tuple[list[tuple[str, str, str]], list[str], int]


def outcome_of(child: Person) -> Outcome:
    """What a night did for a child: messages, times and open cases."""
    messages = sorted(child.messages.values_list("kind", "way", "state"))
    times = sorted(Appointment.objects.filter(person=child).values_list("state", flat=True))
    return messages, times, Case.objects.filter(person=child, closed_on=None).count()


def is_listed(child: Person, run: Run) -> bool:
    """Whether somebody can see that something is wrong with a child, and what."""
    told = [*run.troubles.filter(person=child).values_list("sentence", flat=True)]
    told += ContactTask.objects.filter(person=child, done_at=None).values_list("sentence", flat=True)
    told += WorkItem.objects.filter(person=child, resolved_at=None).values_list("rule", flat=True)
    return any(sentence.strip() for sentence in told)


def is_poisoned(child: Person, name: str, chance: Random) -> bool:
    """Poison a child; False where the database does not let anybody."""
    try:
        with transaction.atomic():
            POISONS[name](child, chance)
    except IntegrityError:
        return False
    return True


def test_one_poisoned_child_stops_nobody_else(children: list[Person], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    municipality = children[0].municipality
    with undone_afterwards():
        whole = run_night(night=a_night(municipality, tmp_path / "whole", at=AT, register=None))
        assert list(whole.troubles.all()) == []
        wanted = {child.pk: outcome_of(child) for child in children}
        assert len({str(outcome) for outcome in wanted.values()}) > 1
    chance, ended, stopped = Random(SEED), Counter[str](), list[str]()
    for night in range(NIGHTS):
        with undone_afterwards():
            names = chance.sample(sorted(POISONS), AT_ONCE)
            poisoned = dict(zip((child.pk for child in chance.sample(children, AT_ONCE)), names, strict=True))
            for child in children:
                if child.pk in poisoned and not is_poisoned(child, poisoned[child.pk], chance):
                    del poisoned[child.pk]
                    ended["refused by the database"] += 1
            run = run_night(night=a_night(municipality, tmp_path / f"{night}", at=AT, register=None))
            stopped += [f"{one.sentence} {one.error}" for one in run.troubles.filter(person=None).exclude(stage="ledger", error="")]
            assert run.finished_at is not None
            for child in children:
                is_done = outcome_of(child) == wanted[child.pk]
                if child.pk not in poisoned:
                    assert is_done, f"{outcome_of(child)} is not {wanted[child.pk]}; seed {SEED}, night {night}: {sorted(names)}"
                    continue
                end = "listed" if is_listed(child, run) else "done all the same" if is_done else "SILENT"
                ended[end] += 1
                if end == "SILENT":
                    stopped.append(f"{poisoned[child.pk]}: {outcome_of(child)} is not {wanted[child.pk]}")
    with capsys.disabled():
        others = NIGHTS * (CHILDREN - AT_ONCE)
        print(
            f"\n{connection.vendor}, F24: {sum(ended.values())} poisonings in {NIGHTS} nights, {others} others done, seed {SEED}; {dict(ended)}"
        )
    assert stopped == []
    assert sum(ended.values()) == NIGHTS * AT_ONCE
    assert ended["listed"] > 0


def test_every_poison_is_a_poison_to_somebody_or_refused(children: list[Person]) -> None:
    chance, refused = Random(SEED), set[str]()
    tried = list(POISONS) if LONG else chance.sample(list(POISONS), 2)
    for name in tried:
        for child in children:
            with undone_afterwards():
                before = everything_as_it_is()
                if not is_poisoned(child, name, chance):
                    refused.add(name)
                if name in refused or everything_as_it_is() != before:
                    break
        else:
            raise AssertionError(name)
    assert refused == REFUSED & set(tried)
