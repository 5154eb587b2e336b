"""Appointments an earlier system kept, taken over with what became of them, and those it has given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from django.db import transaction

from fjorten.appointments.actions.booking import StepIsSettled, refuse_unless_wanted
from fjorten.appointments.actions.holding import holds_of, refuse_unless_present, take_time
from fjorten.appointments.earlier import EarlierTime
from fjorten.appointments.locks import let_others_book_too, lock_resources
from fjorten.appointments.models import Appointment, AppointmentEvent
from fjorten.appointments.states import State
from fjorten.audit.actor import Actor
from fjorten.audit.trail import Entry, record_all
from fjorten.kernel.refusals import Refused
from fjorten.kernel.times import oslo_date, oslo_instant
from fjorten.organisation.models import Employee, Municipality, Room
from fjorten.organisation.queries import NoSuchRoom, employees_coded
from fjorten.plans.actions.settling import NoSuchStep
from fjorten.plans.actions.taking_over import refuse_day
from fjorten.plans.models import Enrolment, PlannedStep
from fjorten.plans.reasons import refuse_too_long

SHORTEST, LONGEST = 5, 480  # minutes: what can have been a consultation [default]
_LARGEST_GROUP: Final = 30  # children [default]
_NOON: Final = time(12)
_HELD_OR_MISSED: Final = frozenset({State.ATTENDED, State.DID_NOT_ATTEND, State.NOT_BROUGHT})


class WhatBecameOfItIsMissing(Refused):
    """It is over and nobody has said what became of it, or it is to come and has been held already."""

    sentence = "En time som er over, må ha det som ble av den. En time som kommer, må stå som tilbudt, bekreftet, flyttet eller avlyst."


class AppointmentHasNoLength(Refused):
    """The length, or the number of children, cannot be right."""

    sentence = f"En time varer fra {SHORTEST} til {LONGEST} minutter, og er for 1 til 30 barn. Sjekk tallene."


class AppointmentIsToldOfTwice(Refused):
    """One step had two times at once."""

    sentence = "Samme konsultasjon har to timer på samme tidspunkt. La bare én stå."


@dataclass(frozen=True, slots=True)
class EarlierTimes:
    """What is told of one child's appointments, with the enrolment they belong to."""

    enrolment: Enrolment
    times: Sequence[EarlierTime]


@transaction.atomic
def take_over_times(*, children: Sequence[EarlierTimes], municipality: Municipality, by: Actor, at: datetime) -> None:
    """
    Note the appointments children have had, with what became of them, and those they have been given; one event for each child. All or
    none.

    What is over takes nobody's time any more, so employee and room are not held: where an earlier system set two children up at once, both
    were there. What is to come takes it as any other, in a group together with those already there. Raises WhatBecameOfItIsMissing,
    AppointmentHasNoLength, AppointmentIsToldOfTwice, NoSuchStep, NoSuchEmployee, NoSuchRoom, DayIsBeforeBirth, DayIsInTheFuture or
    ReasonIsTooLong; for one to come also StepIsSettled, StepHasAnOpenAppointment, TimeIsTaken, ChildIsBusy or StaffOrRoomIsAway.
    """
    places = _Places.read([time for child in children for time in child.times], municipality)
    of_steps = PlannedStep.objects.filter(enrolment__in=[child.enrolment for child in children])
    steps = {(row.enrolment_id, row.step): row for row in of_steps.select_related("enrolment__person", "municipality")}
    rows: list[Appointment] = []
    for child in children:
        _refuse_what_cannot_be(child, at)
        for told in sorted(child.times, key=lambda time: time.begins_at):
            step = steps.get((child.enrolment.pk, told.step))
            if step is None:
                raise NoSuchStep(told.step)
            rows.append(_appointment(told, step, places, by=by, at=at))
    Appointment.objects.bulk_create([row for row in rows if not State(row.state).is_open], batch_size=500)
    _take_times_to_come([row for row in rows if State(row.state).is_open], municipality)
    AppointmentEvent.objects.bulk_create([event for row in rows for event in _events(row, by)], batch_size=500)
    entries = [
        Entry("appointments.taken_over", about=str(child.enrolment.person.public_id), detail={"appointments": len(child.times)})
        for child in children
        if child.times
    ]
    record_all(entries, municipality=municipality.code, by=by, at=at)


def _refuse_what_cannot_be(child: EarlierTimes, at: datetime) -> None:
    if len({(told.step, told.begins_at) for told in child.times}) < len(child.times):
        raise AppointmentIsToldOfTwice
    born_on, today = child.enrolment.planned_from_born_on, oslo_date(at)
    for told in child.times:
        if not SHORTEST <= told.minutes <= LONGEST or not 1 <= told.capacity <= _LARGEST_GROUP:
            raise AppointmentHasNoLength(told.minutes)
        if told.begins_at > at if told.state in _HELD_OR_MISSED else told.state.is_open and told.begins_at <= at:
            raise WhatBecameOfItIsMissing(told.step)
        for day in (told.booked_on, told.said_on):
            if day is not None:
                refuse_day(day, born_on=born_on, today=today)
        refuse_day(min(oslo_date(told.begins_at), today), born_on=born_on, today=today)
        refuse_too_long(told.reason)


@dataclass(frozen=True, slots=True)
class _Places:
    """Employees and doctors by code, and rooms by clinic and name."""

    staff: Mapping[str, Employee]
    rooms: Mapping[tuple[int, str], Room]

    @classmethod
    def read(cls, times: Sequence[EarlierTime], municipality: Municipality) -> "_Places":
        codes = {code for told in times for code in (told.employee, told.doctor) if code}
        rooms = Room.objects.filter(clinic__municipality=municipality)
        return cls(employees_coded(codes, municipality=municipality), {(room.clinic_id, room.name): room for room in rooms})

    def room(self, name: str, clinic: int) -> Room | None:
        if name and (clinic, name) not in self.rooms:
            raise NoSuchRoom(name)
        return self.rooms[clinic, name] if name else None


def _appointment(told: EarlierTime, step: PlannedStep, places: _Places, *, by: Actor, at: datetime) -> Appointment:
    enrolment, employee = step.enrolment, places.staff[told.employee]
    ends_at = told.begins_at + timedelta(minutes=told.minutes)
    given = min(oslo_date(told.begins_at), oslo_date(at)) if told.booked_on is None else told.booked_on
    booked_at = min(oslo_instant(given, _NOON), told.begins_at, at)
    put_off_at = min(told.begins_at if told.said_on is None else oslo_instant(told.said_on, _NOON), told.begins_at, at)
    # What was held or missed was so when it was over; what was put off, when somebody said so; what is to come, when it was given.
    state_at = min(ends_at, at) if told.state in _HELD_OR_MISSED else booked_at if told.state.is_open else max(put_off_at, booked_at)
    return Appointment(
        municipality=step.municipality,
        person=enrolment.person,
        planned_step=step,
        clinic_id=enrolment.clinic_id,
        employee=employee,
        doctor=places.staff[told.doctor] if told.doctor else None,
        room=places.room(told.room, enrolment.clinic_id),
        setting=told.setting.value,
        begins_at=told.begins_at,
        ends_at=ends_at,
        held_until=ends_at,
        capacity=told.capacity,
        booked_at=booked_at,
        booked_by=by.who,
        state=told.state.value,
        state_at=state_at,
        state_by=employee.code,
        state_reason=told.reason,
    )


def _take_times_to_come(rows: Sequence[Appointment], municipality: Municipality) -> None:
    """Let those who are to come take employee, room and child, under the locks of everybody who books."""
    if not rows:
        return
    let_others_book_too(municipality.pk)
    lock_resources(hold for row in rows for hold in holds_of(row))
    for row in rows:
        step = row.planned_step
        if step.outcome is not None:
            raise StepIsSettled(step.pk)
        refuse_unless_wanted(step, row)
        refuse_unless_present(row)
        take_time(row)


def _events(row: Appointment, by: Actor) -> list[AppointmentEvent]:
    """An appointment that was given, and what became of it, if anything has."""
    offered = State.OFFERED.value
    given = AppointmentEvent(appointment=row, to_state=offered, at=row.booked_at, by=by.who, role=by.role)
    if row.state == offered:
        return [given]
    became = AppointmentEvent(
        appointment=row,
        from_state=offered,
        to_state=row.state,
        at=row.state_at,
        by=row.employee.code,
        role=row.employee.role,
        reason=row.state_reason,
    )
    return [given, became]
