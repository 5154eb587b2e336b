"""Enrolled children, their families and a roster, for the tests that touch the database. 10 March 2026, a Tuesday, is today."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from fjorten.appointments.models import Appointment, RosterOpening
from fjorten.appointments.states import State
from fjorten.audit.actor import Actor
from fjorten.kernel.times import oslo_instant
from fjorten.organisation.models import Clinic, Employee, Municipality, Room
from fjorten.people.facts import ResidenceKind
from fjorten.people.models import Adult, FamilyRelation, ParentalResponsibility, Person, Residence
from fjorten.plans.actions.enrolment import enrol
from fjorten.plans.models import PlannedStep
from fjorten.programme.definitions import child_programme
from tests.factories.register import a_number

TODAY = date(2026, 3, 10)
AT = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
CLERK = Actor(who="merkantil.prøve", role="clerk", unit="Helsestasjonen", ground="test")


def a_child(
    municipality: Municipality,
    born_on: date,
    *,
    mother: str = "",
    with_catch_up: bool = False,
    done_before: date | None = None,
    **facts: Any,
) -> Person:
    """A resident, enrolled child. Steps whose target lies before `done_before` (without it: all whose window has closed) are settled."""
    child = Person.objects.create(municipality=municipality, born_on=born_on, born_by=born_on, **facts)
    Residence.objects.create(
        person=child, municipality_code="9901", is_here=True, kind=ResidenceKind.STREET, valid_from=born_on, source="prøve"
    )
    if mother:
        FamilyRelation.objects.create(person=child, role="mor", related_number=mother, source="prøve")
        ParentalResponsibility.objects.create(child=child, kind="mor", responsible_number=mother, source="prøve")
    enrolment = enrol(
        person=child,
        clinic=municipality.clinics.get(is_default=True),
        definition=child_programme(TODAY),
        on=TODAY if with_catch_up else born_on,
        reason="prøve",
        by=CLERK,
        at=AT,
        with_catch_up=with_catch_up,
    )
    behind = enrolment.steps.filter(window_until__lte=TODAY) if done_before is None else enrolment.steps.filter(target_on__lt=done_before)
    behind.filter(outcome=None).update(outcome="done", outcome_on=TODAY, outcome_at=AT, outcome_by="prøve", outcome_reason="")
    return child


def step_of(child: Person, code: str) -> PlannedStep:
    return PlannedStep.objects.get(enrolment__person=child, step=code)


def a_mother(municipality: Municipality, nth: int = 0, **facts: Any) -> str:
    number = a_number(date(1994, 5, 3), nth)
    Adult.objects.create(municipality=municipality, number=number, recorded_at=AT, recorded_by="prøve", **facts)
    return number


def a_nurse(clinic: Clinic, code: str = "kari", role: str = Employee.Role.NURSE) -> Employee:
    return Employee.objects.create(
        municipality=clinic.municipality, clinic=clinic, code=code, name=code, role=role, employed_from=date(2020, 1, 1)
    )


def an_opening(
    nurse: Employee, *, weekdays: Sequence[int] = range(5), begins: int = 9, ends: int = 12, minutes: int = 45, **traits: Any
) -> None:
    """The nurse receives children at the clinic on these weekdays, in a room of her own."""
    room, _ = Room.objects.get_or_create(clinic=nurse.clinic, name=f"rom {nurse.code}")
    usual: dict[str, Any] = {"setting": "clinic", "room": room, "valid_from": date(2026, 1, 1), "recorded_at": AT, "recorded_by": "prøve"}
    for weekday in weekdays:
        RosterOpening.objects.create(
            clinic=nurse.clinic,
            employee=nurse,
            weekday=weekday,
            begins=time(begins),
            ends=time(ends),
            slot_minutes=minutes,
            **(usual | traits),
        )


def an_appointment(step: PlannedStep, nurse: Employee, day: date, *, state: State = State.OFFERED, **traits: Any) -> Appointment:
    """A time at nine, as it stands in the table; nothing is held for it."""
    begins_at = oslo_instant(day, time(9))
    usual: dict[str, Any] = {"setting": "clinic", "booked_at": AT, "booked_by": "prøve", "state_at": AT, "state_by": "prøve"}
    return Appointment.objects.create(
        municipality=step.municipality,
        person=step.enrolment.person,
        planned_step=step,
        clinic=nurse.clinic,
        employee=nurse,
        begins_at=begins_at,
        ends_at=begins_at + timedelta(minutes=30),
        held_until=begins_at + timedelta(minutes=30),
        state=state.value,
        **(usual | traits),
    )
