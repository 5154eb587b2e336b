"""Somebody is away: what they were to do is given back at once, and nobody is given a time with them."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction

from fjorten.appointments.actions.history import write_state
from fjorten.appointments.locks import change_the_rosters_alone
from fjorten.appointments.models import Appointment, AppointmentQuerySet
from fjorten.appointments.queries import appointments_of_those_away, open_during
from fjorten.appointments.states import TRANSITIONS, NotYoursToSay, State, who_says
from fjorten.audit.actor import Actor
from fjorten.audit.trail import Detail, Entry, record, record_all
from fjorten.kernel.refusals import Refused
from fjorten.kernel.spoken import spoken
from fjorten.kernel.writing import must_fit
from fjorten.organisation.models import ABSENCE_REASON, Absence, Clinic, Employee, Room


class AbsenceHasNoTime(Refused):
    """An absence has at least one day, and either whole days or hours with both ends."""

    sentence = "Fraværet må vare minst én dag, eller fra et klokkeslett til et senere. Sjekk dager og klokkeslett."


class AbsenceIsOfOne(Refused):
    """An employee, or a room of the clinic, or the clinic."""

    sentence = "Fraværet må gjelde én ansatt i kommunen, ett rom ved helsestasjonen, eller hele helsestasjonen. Velg én av dem."


class AbsenceIsCancelled(Refused):
    """Somebody was first."""

    sentence = "Fraværet er allerede slettet."


@dataclass(frozen=True, slots=True)
class GivenBack:
    """An absence, and the appointments it cancelled, in order of time: each child is to be given another time."""

    absence: Absence
    appointments: tuple[Appointment, ...]


@transaction.atomic
def record_absence(
    *,
    clinic: Clinic,
    from_on: date,
    until_on: date,
    employee: Employee | None = None,
    room: Room | None = None,
    begins: time | None = None,
    ends: time | None = None,
    reason: str = "",
    by: Actor,
    at: datetime,
) -> GivenBack:
    """
    Record that an employee, a room, or (neither) a whole clinic is away in the days `[from_on, until_on)`, or from `begins` to `ends` by
    the clock on each of them, and cancel every open appointment that falls in it, from the clinic's side.

    An appointment with a doctor falls when the doctor is away. Families are told by the obligations that follow from the facts. Raises
    NotYoursToSay, AbsenceHasNoTime, AbsenceIsOfOne or TextIsTooLong.
    """
    must_fit(spoken("begrunnelsen"), reason, most=ABSENCE_REASON)
    if who_says(by.role) not in TRANSITIONS[State.CANCELLED_BY_CLINIC].who:
        raise NotYoursToSay(by.role)
    absence = Absence(
        clinic=clinic,
        employee=employee,
        room=room,
        from_on=from_on,
        until_on=until_on,
        begins=begins,
        ends=ends,
        reason=reason,
        recorded_at=at,
        recorded_by=by.who,
    )
    refuse_impossible(absence)
    change_the_rosters_alone(clinic.municipality)
    absence.save(force_insert=True)
    given_back = open_during(absence, _locked(appointments_of_those_away(absence)))
    write_state(appointments=given_back, to=State.CANCELLED_BY_CLINIC, reason=reason, by=by, at=at)
    cancelled = [
        Entry("appointment.cancelled_by_clinic", about=str(row.person.public_id), detail=_which(row, absence), reason=reason)
        for row in given_back
    ]
    recorded = Entry("absence.recorded", detail=_whose_and_when(absence), reason=reason)
    record_all([recorded, *cancelled], municipality=clinic.municipality.code, by=by, at=at)
    return GivenBack(absence, tuple(given_back))


def refuse_impossible(absence: Absence) -> None:
    """Make sure that an absence, recorded or not yet, has time and is of one. Raises AbsenceHasNoTime or AbsenceIsOfOne."""
    if absence.until_on <= absence.from_on or not _are_hours(absence.begins, absence.ends):
        raise AbsenceHasNoTime
    if not _is_of_one(absence.clinic, absence.employee, absence.room):
        raise AbsenceIsOfOne


@transaction.atomic
def cancel_absence(*, absence: Absence, by: Actor, at: datetime) -> None:
    """
    Take back an absence: the times are free again. What it cancelled stays cancelled, for families have been told.

    Raises AbsenceIsCancelled.
    """
    if not Absence.objects.filter(pk=absence.pk, cancelled_at__isnull=True).update(cancelled_at=at, cancelled_by=by.who):
        raise AbsenceIsCancelled(absence.pk)
    record("absence.cancelled", municipality=absence.clinic.municipality.code, by=by, at=at, detail={"absence": absence.pk})


def _are_hours(begins: time | None, ends: time | None) -> bool:
    """Whole days, or from a time of day to a later one."""
    return begins is ends is None or (begins is not None and ends is not None and begins < ends)


def _is_of_one(clinic: Clinic, employee: Employee | None, room: Room | None) -> bool:
    """An employee of the municipality, a room of the clinic, or neither: the clinic."""
    if employee is not None:
        return room is None and employee.municipality_id == clinic.municipality_id
    return room is None or room.clinic_id == clinic.pk


def _which(row: Appointment, absence: Absence) -> Detail:
    return {"appointment": row.pk, "absence": absence.pk}


def _whose_and_when(absence: Absence) -> Detail:
    return {
        "absence": absence.pk,
        "from_on": absence.from_on.isoformat(),
        "until_on": absence.until_on.isoformat(),
        "clinic": absence.clinic.name,
        "employee": absence.employee.code if absence.employee else None,
        "room": absence.room.name if absence.room else None,
    }


def _locked(appointments: AppointmentQuerySet) -> AppointmentQuerySet:
    """Lock the rows, in the one order whoever locks several rows locks them in."""
    return appointments.select_for_update(no_key=True, of=("self",)).order_by("pk")
