"""
A city of synthetic children for whoever measures: spread over six years of age, followed by the programme, each with a guardian whose telephone
cannot ring; clinics with nurses, doctors and rooms for them. Written in bulk: what is measured is what comes afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby, islice
from random import Random
from typing import TYPE_CHECKING, Final

from fjorten.audit.actor import Actor

if TYPE_CHECKING:
    from fjorten.organisation.models import Clinic, Municipality
    from fjorten.people.models import Adult, Person

NOT_SEEN_EVERY: Final = 20
# Twice the nurses a city has, since the first night gives times to everybody whose turn it is at once.
CHILDREN_PER_NURSE: Final = 80
CLINICS: Final = 12

ON: Final = date(2026, 3, 10)
AT: Final = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
BY: Final = Actor(who="benchmark", role="clerk")


def staffed_clinics(municipality: Municipality, children: int) -> Iterator[Clinic]:
    """Nurses for the children there are, each in a room of their own five days a week, every fourth of a clinic with a doctor beside her."""
    from fjorten.appointments.models import RosterOpening
    from fjorten.organisation.actions import hire, open_clinic, open_room
    from fjorten.organisation.models import Employee

    since = date(2020, 1, 1)
    roles = Employee.Role
    clinics = [open_clinic(municipality=municipality, name=f"Klinikk {number}", by=BY, at=AT) for number in range(CLINICS)]
    for number, clinic in enumerate(clinics):
        for code, role in ((f"leder{number}", roles.LEADER), (f"merkantil{number}", roles.CLERK)):
            hire(clinic=clinic, code=code, name=code, role=role, employed_from=since, by=BY, at=AT)
        yield clinic
    openings = []
    for number in range(max(children // CHILDREN_PER_NURSE, 4)):
        clinic = clinics[number % CLINICS]
        nurse = hire(clinic=clinic, code=f"s{number}", name=f"s{number}", role=roles.NURSE, employed_from=since, by=BY, at=AT)
        room = open_room(clinic=clinic, name=f"Rom {number}", by=BY, at=AT)
        doctor = None
        if number // CLINICS % 4 == 0:
            doctor = hire(clinic=clinic, code=f"l{number}", name=f"l{number}", role=roles.DOCTOR, employed_from=since, by=BY, at=AT)
        common = {"clinic": clinic, "employee": nurse, "valid_from": since, "recorded_at": AT, "recorded_by": "benchmark"}
        for weekday in range(5):
            day = {**common, "weekday": weekday}
            minutes = 30 if weekday < 3 else 45  # the consultations at two and four years are longer
            openings.append(
                RosterOpening(**day, doctor=doctor, room=room, setting="clinic", begins=time(8), ends=time(12), slot_minutes=minutes)
            )
            if weekday < 2:
                group = {"setting": "group", "slot_minutes": 120, "capacity": 6}
                openings.append(RosterOpening(**day, room=room, begins=time(13), ends=time(15), **group))
            else:
                home = {"setting": "home", "slot_minutes": 90, "travel_minutes": 0}
                openings.append(RosterOpening(**day, begins=time(12, 30), ends=time(15, 30), **home))
    RosterOpening.objects.bulk_create(openings, batch_size=2000)


def follow(
    municipality: Municipality,
    clinics: list[Clinic],
    children: int,
    *,
    not_seen_every: int = NOT_SEEN_EVERY,
    newest: int = 1,
    on: date = ON,
) -> None:
    """Children with their guardians, enrolled, with what lies behind them on a day settled but for the newest steps of one in so many."""
    births = sorted(on - timedelta(days=1 + number * 37 % 2190) for number in range(children))
    numbers = _numbers(children * 2)
    guardians = _guardians(municipality, children, numbers)
    persons = _residents(municipality, births, guardians, numbers)
    _enrol(municipality, clinics, persons, on)
    _settle_what_lies_behind(municipality, not_seen_every, newest, on)


def _guardians(municipality: Municipality, children: int, numbers: Iterator[str]) -> list[Adult]:
    """One for each child, with a telephone number that cannot ring."""
    from fjorten.people.models import Adult, ContactPoint

    common = {"recorded_at": AT, "recorded_by": "benchmark"}
    adults = [Adult(municipality=municipality, number=next(numbers), **common) for _ in range(children)]
    guardians = Adult.objects.bulk_create(adults, batch_size=2000)
    telephones = [
        ContactPoint(adult=adult, kind="telephone", value=f"+4700{nth:06}", source="family", **common)
        for nth, adult in enumerate(guardians)
    ]
    ContactPoint.objects.bulk_create(telephones, batch_size=2000)
    return guardians


def _residents(municipality: Municipality, births: list[date], guardians: list[Adult], numbers: Iterator[str]) -> list[Person]:
    """Children as the register tells of them: born on these days, living here, each with a number and a guardian."""
    from fjorten.people.models import Identifier, ParentalResponsibility, Person, Residence

    named = {"municipality": municipality, "status": "bosatt", "sex": "kvinne", "given_name": "Ida", "family_name": "Prøve"}
    persons = Person.objects.bulk_create([Person(born_on=day, born_by=day, **named) for day in births], batch_size=2000)
    here = {"municipality_code": "9901", "is_here": True, "kind": "street", "source": "benchmark"}
    Residence.objects.bulk_create([Residence(person=one, valid_from=one.born_on, **here) for one in persons], batch_size=2000)
    known = [Identifier(person=one, municipality=municipality, number=next(numbers), is_in_use=True) for one in persons]
    Identifier.objects.bulk_create(known, batch_size=2000)
    responsible = [
        ParentalResponsibility(child=child, kind="felles", responsible_number=adult.number, source="benchmark")
        for child, adult in zip(persons, guardians, strict=True)
    ]
    ParentalResponsibility.objects.bulk_create(responsible, batch_size=2000)
    return persons


def _enrol(municipality: Municipality, clinics: list[Clinic], persons: list[Person], on: date) -> None:
    """Every child from its birth, spread over the clinics."""
    from fjorten.plans.actions.enrolment import NewEnrolment, enrol_all
    from fjorten.plans.steps import full_plan
    from fjorten.programme.definitions import child_programme

    definition = child_programme(on)
    plans = {day: full_plan(day, definition) for day in {one.born_by for one in persons}}
    new = [
        NewEnrolment(person=child, clinic=clinic, on=child.born_by, steps=plans[child.born_by])
        for child, clinic in zip(persons, Random(14).choices(clinics, k=len(persons)), strict=True)
    ]
    enrol_all(children=new, municipality=municipality, programme_version=definition.reference, reason="bosatt", by=BY, at=AT)


def _settle_what_lies_behind(municipality: Municipality, not_seen_every: int, newest: int, on: date) -> None:
    """All of it is done, but for one child in so many its newest steps."""
    from django.db.models import F

    from fjorten.kernel.chunks import chunks
    from fjorten.plans.models import PlannedStep

    behind = PlannedStep.objects.filter(municipality=municipality, window_until__lte=on)
    steps = behind.order_by("enrolment__person", "-position").values_list("enrolment__person_id", "pk")
    seen: list[int] = []
    for person, of_one in groupby(steps, key=lambda pair: pair[0]):
        unseen = newest if person % not_seen_every == 0 else 0
        seen += [pk for _, pk in islice(of_one, unseen, None)]
    settled = {"outcome": "done", "outcome_on": F("window_from"), "outcome_at": AT, "outcome_by": "benchmark", "outcome_reason": "prøve"}
    for some in chunks(seen, 10_000):
        PlannedStep.objects.filter(pk__in=some).update(**settled)


def _numbers(wanted: int) -> Iterator[str]:
    """Synthetic numbers (month + 80), one after the other."""
    from fjorten.kernel.national_id import with_control_digits

    made, day = 0, date(1960, 1, 1)
    while made < wanted:
        for individual in range(500):
            number = with_control_digits(f"{day.day:02}{day.month + 80:02}{day.year % 100:02}{individual:03}")
            if number is not None:
                made += 1
                yield number
                if made == wanted:
                    return
        day += timedelta(days=1)
