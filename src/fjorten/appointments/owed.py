"""
What a family is owed to be told about one appointment: that it is, that it comes, that it is changed. Pure.

Computed from the appointment as it stands, every time anew. The same appointment always gives the same keys, so nothing is told twice; one
that has been cancelled, moved or held gives none of what it gave before, so what waits to be sent is withdrawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from fjorten.appointments.states import State
from fjorten.kernel.times import oslo_date, oslo_instant
from fjorten.messages.obligations import IfTooLate, Obligation
from fjorten.messages.outbox import in_sending_hours
from fjorten.programme.steps import Setting

# Reminders go at ten, Oslo time [default].
REMINDERS_AT: Final = time(10)
# Whoever was told of an appointment less than this before a reminder needs no reminder [default].
TOLD_LATELY: Final = timedelta(hours=24)
# How many days before: about a group, the first reminder, the second.
_DAYS_BEFORE: Final = (7, 3, 1)
# On these days before an appointment something about it begins to be owed, or comes too late; 0: on its own.
DAYS_THAT_MATTER: Final = (*_DAYS_BEFORE, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentFacts:
    """
    One appointment as far as messages go. `instead_of` is how the appointment it replaces stands, None when it replaces none.

    `was_told`: the family has been told of it, or may have been. `is_replaced`: another has been given in its place.
    """

    pk: int
    person_id: int
    clinic_id: int
    setting: Setting
    begins_at: datetime
    booked_at: datetime
    state: State
    state_at: datetime
    instead_of: State | None = None
    was_told: bool = False
    is_replaced: bool = False

    @property
    def about(self) -> str:
        """What its messages are about, in the outbox."""
        return f"appointment:{self.pk}"


def owed_about(appointment: AppointmentFacts) -> Iterator[Obligation]:
    """
    This function will tell what is owed about one appointment.

    - An open one: to be told of it, at once [default]; reminders 3 days and 1 day before (Steiner 2018 [source for two of them]); a week
      before a group, that it is one [default].
    - One the clinic has cancelled, which the family may have been told of and has had no other for: to be told that.
    - Everything else: nothing. What was missed is answered by a new appointment, and that one is told of in words of its own.
    """
    if appointment.state.is_open:
        yield told_of(appointment)
        yield from _reminders(appointment)
    elif appointment.state is State.CANCELLED_BY_CLINIC and appointment.was_told and not appointment.is_replaced:
        yield _obligation(
            appointment,
            "cancelled_by_clinic",
            "cancelled",
            not_before=in_sending_hours(appointment.state_at),
            lapses_at=appointment.begins_at,
            if_too_late=IfTooLate.BECOMES_TASK,
        )


_KIND_INSTEAD_OF: Final = {
    State.DID_NOT_ATTEND: "missed_new_time",
    State.NOT_BROUGHT: "missed_new_time",
    State.MOVED_BY_CLINIC: "time_changed",
    State.CANCELLED_BY_CLINIC: "time_changed",
}


def told_of(appointment: AppointmentFacts) -> Obligation:
    """This function will tell what is owed about an open appointment at once: that it is, in the words of what it is given instead of."""
    kind = "invitation" if appointment.instead_of is None else _KIND_INSTEAD_OF.get(appointment.instead_of, "invitation")
    return _obligation(
        appointment,
        kind,
        "told",
        not_before=in_sending_hours(appointment.booked_at),
        lapses_at=appointment.begins_at,
        if_too_late=IfTooLate.BECOMES_TASK,
    )


def _reminders(appointment: AppointmentFacts) -> Iterator[Obligation]:
    day = oslo_date(appointment.begins_at)
    before_group, three, one = (oslo_instant(day - timedelta(days=days), REMINDERS_AT) for days in _DAYS_BEFORE)
    reminders = [("reminder_3_days", three, one), ("reminder_1_day", one, oslo_instant(day, time.min))]
    if appointment.setting is Setting.GROUP:
        reminders.insert(0, ("before_group", before_group, three))
    for kind, not_before, lapses_at in reminders:
        if appointment.booked_at + TOLD_LATELY <= not_before:
            yield _obligation(appointment, kind, kind, not_before=not_before, lapses_at=lapses_at, if_too_late=IfTooLate.LAPSES)


def _obligation(
    appointment: AppointmentFacts, kind: str, what: str, *, not_before: datetime, lapses_at: datetime, if_too_late: IfTooLate
) -> Obligation:
    return Obligation(
        key=f"{appointment.about}/{what}",
        kind=kind,
        about=appointment.about,
        person_id=appointment.person_id,
        clinic_id=appointment.clinic_id,
        not_before=not_before,
        lapses_at=lapses_at,
        if_too_late=if_too_late,
        values={"begins_at": appointment.begins_at.isoformat()},
    )
