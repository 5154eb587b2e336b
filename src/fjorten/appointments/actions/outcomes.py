"""What became of an appointment, and putting right what was written down wrong."""

from datetime import datetime

from django.db import transaction

from fjorten.appointments.actions.booking import StepIsSettled, refuse_unless_wanted
from fjorten.appointments.actions.history import about, write_state
from fjorten.appointments.actions.holding import holds_of, refuse_unless_present, take_time
from fjorten.appointments.locks import let_others_book_too, lock_resources, locked_appointment, locked_step
from fjorten.appointments.models import Appointment
from fjorten.appointments.states import Follows, State, corrected, settled, who_says
from fjorten.audit.actor import Actor
from fjorten.audit.trail import record
from fjorten.kernel.times import oslo_date
from fjorten.plans.actions.settling import mark_done, reopen
from fjorten.plans.models import PlannedStep
from fjorten.plans.reasons import ReasonIsMissing, refuse_too_long
from fjorten.programme.status import Status

# Every one of these raises AppointmentIsSettled when somebody was first, NotYoursToSay, and ReasonIsTooLong; and tells what must follow.


@transaction.atomic
def confirm(*, appointment: Appointment, by: Actor, at: datetime) -> Follows:
    """Record that the family has said they come. Raises AppointmentHasBegun too."""
    follows = _settle(appointment, State.CONFIRMED, reason="", by=by, at=at)
    record("appointment.confirmed", **about(appointment), by=by, at=at)
    return follows


@transaction.atomic
def mark_attended(*, appointment: Appointment, reason: str = "", by: Actor, at: datetime) -> Follows:
    """
    Record that the child came: the consultation was held, so its planned step is done on the day of the appointment.

    A step that has been settled in the meantime stays as it was settled. Raises AppointmentHasNotBegun too.
    """
    step = locked_step(appointment.planned_step_id)
    follows = _settle(appointment, State.ATTENDED, reason=reason, by=by, at=at)
    _mark_step_done(step, appointment, by=by, at=at)
    record("appointment.attended", **about(appointment), reason=reason, by=by, at=at)
    return follows


@transaction.atomic
def mark_did_not_attend(*, appointment: Appointment, reason: str = "", by: Actor, at: datetime) -> Follows:
    """Record that nobody came. Raises AppointmentHasNotBegun too."""
    follows = _settle(appointment, State.DID_NOT_ATTEND, reason=reason, by=by, at=at)
    record("appointment.did_not_attend", **about(appointment), reason=reason, by=by, at=at)
    return follows


@transaction.atomic
def mark_not_brought(*, appointment: Appointment, reason: str = "", by: Actor, at: datetime) -> Follows:
    """Record a professional's judgement that somebody could have brought the child, and did not. Raises AppointmentHasNotBegun too."""
    follows = _settle(appointment, State.NOT_BROUGHT, reason=reason, by=by, at=at)
    record("appointment.not_brought", **about(appointment), reason=reason, by=by, at=at)
    return follows


@transaction.atomic
def cancel_by_family(*, appointment: Appointment, reason: str = "", by: Actor, at: datetime) -> Follows:
    """Record that the family cancels; the time is free again. Raises AppointmentHasBegun too."""
    follows = _settle(appointment, State.CANCELLED_BY_FAMILY, reason=reason, by=by, at=at)
    record("appointment.cancelled_by_family", **about(appointment), reason=reason, by=by, at=at)
    return follows


@transaction.atomic
def cancel_by_clinic(*, appointment: Appointment, reason: str = "", by: Actor, at: datetime) -> Follows:
    """Record that the clinic cancels, also after it began; the time is free again, and the child is on the list to be given another."""
    follows = _settle(appointment, State.CANCELLED_BY_CLINIC, reason=reason, by=by, at=at)
    record("appointment.cancelled_by_clinic", **about(appointment), reason=reason, by=by, at=at)
    return follows


@transaction.atomic
def correct(*, appointment: Appointment, to: State, reason: str, by: Actor, at: datetime) -> Follows:
    """
    Put right what was written of an appointment. What was written stays in its history, and the correction beside it.

    An attendance that is taken back opens the step it settled again; one that is put right settles it. Back in a state that holds its time,
    the appointment takes people, room and child anew, in a group the lowest free place.

    Raises ReasonIsMissing, ReasonIsTooLong, NothingToCorrect, NotYoursToSay or AppointmentHasNotBegun; TimeIsTaken or ChildIsBusy when the
    time has been given to others; for an open state also StepIsSettled, StepHasAnOpenAppointment, ChildHasDied, EnrolmentHasEnded and
    StaffOrRoomIsAway.
    """
    if not reason.strip():
        raise ReasonIsMissing
    refuse_too_long(reason)
    if to.is_holding:
        let_others_book_too(appointment.municipality_id)
        lock_resources(holds_of(appointment))
    step = locked_step(appointment.planned_step_id)
    row = locked_appointment(appointment.pk)
    was = State(row.state)
    follows = corrected(was, to, by=who_says(by.role), has_begun=at >= row.begins_at)
    did_settle = was is State.ATTENDED and step.outcome == Status.DONE.value and step.outcome_at == row.state_at
    if to.is_open:
        if step.outcome is not None and not did_settle:
            raise StepIsSettled(step.pk)
        refuse_unless_wanted(step, row)
        refuse_unless_present(row)
    if to.is_holding and not was.is_holding:
        take_time(row)
    write_state(appointments=[row], to=to, reason=reason, corrects=row.events.latest("pk"), by=by, at=at)
    if did_settle:
        reopen(enrolment=step.enrolment, step=step.step, reason=reason, by=by, at=at)
    if to is State.ATTENDED:
        _mark_step_done(step, row, by=by, at=at)
    record("appointment.corrected", **about(row, was=was.value, to=to.value), reason=reason, by=by, at=at)
    return follows


def _settle(appointment: Appointment, to: State, *, reason: str, by: Actor, at: datetime) -> Follows:
    refuse_too_long(reason)
    row = locked_appointment(appointment.pk)
    follows = settled(State(row.state), to, by=who_says(by.role), has_begun=at >= row.begins_at)
    write_state(appointments=[row], to=to, reason=reason, by=by, at=at)
    return follows


def _mark_step_done(step: PlannedStep, appointment: Appointment, *, by: Actor, at: datetime) -> None:
    if step.outcome is None:
        on = oslo_date(appointment.begins_at)
        mark_done(enrolment=step.enrolment, step=step.step, on=on, today=oslo_date(at), by=by, at=at)
