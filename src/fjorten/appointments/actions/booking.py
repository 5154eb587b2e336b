"""Giving a child a time, and another one instead of it."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from fjorten.appointments.actions.history import about, write_state
from fjorten.appointments.actions.holding import holds_of, refuse_unless_present, take_time
from fjorten.appointments.locks import let_others_book_too, lock_resources, locked_appointment, locked_step
from fjorten.appointments.models import Appointment, AppointmentEvent
from fjorten.appointments.slots import FreeSlot
from fjorten.appointments.states import State, settled, who_says
from fjorten.audit.actor import Actor
from fjorten.audit.trail import record
from fjorten.kernel.refusals import Refused
from fjorten.kernel.times import oslo_date
from fjorten.plans.models import PlannedStep
from fjorten.plans.reasons import refuse_too_long


class TimeHasPassed(Refused):
    """Nobody can come to what has begun."""

    sentence = "Tiden er allerede begynt eller over. Velg en tid fram i tid."


class ChildHasDied(Refused):
    """The register says that the child is dead."""

    sentence = "Folkeregisteret sier at barnet er dødt. Det kan ikke settes opp time, og timer som står, avlyses uten beskjed til familien."


class EnrolmentHasEnded(Refused):
    """The child does not follow the programme here on that day."""

    sentence = "Barnet er ikke innmeldt her på denne dagen. Meld det inn først, eller velg en dag mens det er innmeldt."


class StepIsSettled(Refused):
    """The consultation has been held, declined or waived."""

    sentence = "Konsultasjonen er allerede avgjort. Åpne den igjen med begrunnelse før du setter opp time."


class StepHasAnOpenAppointment(Refused):
    """There is one time for one consultation."""

    sentence = "Konsultasjonen har allerede en time. Flytt den, eller avlys den først."


class AppointmentIsOfAnotherStep(Refused):
    """An appointment is given instead of one for the same consultation."""

    sentence = "Den gamle timen gjelder en annen konsultasjon. Velg en time for den samme."


@transaction.atomic
def book(
    *,
    planned_step: PlannedStep,
    slot: FreeSlot,
    needs_interpreter: bool = False,
    replaces: Appointment | None = None,
    reason: str = "",
    by: Actor,
    at: datetime,
) -> Appointment:
    """
    Give a child a time for one planned step; `replaces` is the settled appointment it is given instead of, if there was one.

    In a group the child joins those already there, on the lowest free place, whatever `slot.sitting` and `slot.places_left` said when the
    slot was read. Whether the slot's performers, setting and length suit the step is the caller's judgement. Raises TimeHasPassed,
    TimeIsTaken, ChildIsBusy, StaffOrRoomIsAway, TimeIsAnotherMunicipalitys, ChildHasDied, EnrolmentHasEnded, StepIsSettled,
    StepHasAnOpenAppointment, AppointmentIsOfAnotherStep or ReasonIsTooLong.
    """
    refuse_too_long(reason)
    if replaces is not None and replaces.planned_step_id != planned_step.pk:
        raise AppointmentIsOfAnotherStep(replaces.pk)
    wanted = _wanted(planned_step.pk, slot, needs_interpreter=needs_interpreter, replaces=replaces, by=by, at=at)
    let_others_book_too(wanted.municipality_id)
    refuse_unless_present(wanted)
    lock_resources(holds_of(wanted))
    _give(wanted, locked_step(planned_step.pk), reason=reason, by=by, at=at)
    record("appointment.booked", **about(wanted), reason=reason, by=by, at=at)
    return wanted


@transaction.atomic
def move_by_family(*, appointment: Appointment, slot: FreeSlot, reason: str = "", by: Actor, at: datetime) -> Appointment:
    """
    Give the family another time because they asked for it. It counts as put off by them.

    Raises what `book` raises, AppointmentIsSettled, AppointmentHasBegun or NotYoursToSay.
    """
    new = _move(appointment, slot, State.MOVED_BY_FAMILY, reason=reason, by=by, at=at)
    record("appointment.moved_by_family", **about(new, instead_of=appointment.pk), reason=reason, by=by, at=at)
    return new


@transaction.atomic
def move_by_clinic(*, appointment: Appointment, slot: FreeSlot, reason: str = "", by: Actor, at: datetime) -> Appointment:
    """
    Give the family another time because the clinic needs it. It is never counted as the family's.

    Raises what `book` raises, AppointmentIsSettled or NotYoursToSay.
    """
    new = _move(appointment, slot, State.MOVED_BY_CLINIC, reason=reason, by=by, at=at)
    record("appointment.moved_by_clinic", **about(new, instead_of=appointment.pk), reason=reason, by=by, at=at)
    return new


def refuse_unless_wanted(step: PlannedStep, appointment: Appointment) -> None:
    """
    Make sure that a child still is to have an open time for a step.

    Raises ChildHasDied, EnrolmentHasEnded or StepHasAnOpenAppointment.
    """
    if step.enrolment.person.is_dead:
        raise ChildHasDied(step.enrolment.person_id)
    ended_on = step.enrolment.ended_on
    if ended_on is not None and ended_on <= oslo_date(appointment.begins_at):
        raise EnrolmentHasEnded(step.enrolment_id)
    if Appointment.objects.still_open().filter(planned_step=step).exclude(pk=appointment.pk).exists():
        raise StepHasAnOpenAppointment(step.pk)


def _move(appointment: Appointment, slot: FreeSlot, to: State, *, reason: str, by: Actor, at: datetime) -> Appointment:
    refuse_too_long(reason)
    wanted = _wanted(appointment.planned_step_id, slot, needs_interpreter=appointment.needs_interpreter, replaces=appointment, by=by, at=at)
    let_others_book_too(wanted.municipality_id)
    refuse_unless_present(wanted)
    lock_resources([*holds_of(appointment), *holds_of(wanted)])
    step = locked_step(appointment.planned_step_id)
    old = locked_appointment(appointment.pk)
    settled(State(old.state), to, by=who_says(by.role), has_begun=at >= old.begins_at)
    write_state(appointments=[old], to=to, reason=reason, by=by, at=at)
    _give(wanted, step, reason=reason, by=by, at=at)
    return wanted


def _wanted(
    planned_step_id: int, slot: FreeSlot, *, needs_interpreter: bool, replaces: Appointment | None, by: Actor, at: datetime
) -> Appointment:
    if slot.begins_at <= at:
        raise TimeHasPassed(planned_step_id)
    planned_step = PlannedStep.objects.select_related("municipality", "enrolment__person").get(pk=planned_step_id)
    return Appointment(
        municipality=planned_step.municipality,
        person=planned_step.enrolment.person,
        planned_step=planned_step,
        clinic_id=slot.clinic_id,
        employee_id=slot.employee_id,
        doctor_id=slot.doctor_id,
        room_id=slot.room_id,
        setting=slot.setting.value,
        begins_at=slot.begins_at,
        ends_at=slot.ends_at,
        held_until=slot.held_until,
        sitting=uuid4(),
        capacity=slot.capacity,
        needs_interpreter=needs_interpreter,
        replaces=replaces,
        booked_at=at,
        booked_by=by.who,
        state_at=at,
        state_by=by.who,
    )


def _give(wanted: Appointment, step: PlannedStep, *, reason: str, by: Actor, at: datetime) -> None:
    if step.outcome is not None:
        raise StepIsSettled(step.pk)
    refuse_unless_wanted(step, wanted)
    take_time(wanted)
    AppointmentEvent.objects.create(appointment=wanted, to_state=State.OFFERED.value, at=at, by=by.who, role=by.role, reason=reason)
