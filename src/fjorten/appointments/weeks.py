"""A week at a clinic: who is there when, who comes, what is free, and why nobody is there."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Q

from fjorten.appointments.capacity import Week
from fjorten.appointments.day import definition_for
from fjorten.appointments.models import Appointment, RosterOpening
from fjorten.appointments.queries import free_slots
from fjorten.appointments.rosters import Opening
from fjorten.appointments.slots import FreeSlot
from fjorten.appointments.staffing import opening_of
from fjorten.kernel.times import oslo_date, start_of_day
from fjorten.kernel.working_days import holidays_of
from fjorten.organisation.models import Absence, Clinic, Employee, Room
from fjorten.people.families import Family, families_of
from fjorten.plans.programmes import programmes_of
from fjorten.programme.steps import StepDefinition

_WORKING: Final = 5


@dataclass(frozen=True, slots=True)
class BookedTime:
    """One appointment of the week. `step` is None when its programme no longer comes with fjorten."""

    appointment: Appointment
    step: StepDefinition | None
    family: Family


@dataclass(frozen=True, slots=True)
class ClinicWeek:
    """
    A week at a clinic. `days` are Monday to Friday, and the weekend when something is on in it; `staff` and `rooms` are those who are in
    the rosters or have appointments, in order of name. `holidays` are by their day, with the name.
    """

    week: Week
    days: tuple[date, ...]
    staff: Sequence[Employee]
    rooms: Sequence[Room]
    openings: Sequence[Opening]
    free: Sequence[FreeSlot]
    booked: Sequence[BookedTime]
    absences: Sequence[Absence]
    holidays: Mapping[date, str]


def clinic_week(clinic: Clinic, *, week: Week) -> ClinicWeek:
    """
    This function will read a week at a clinic: appointments that hold their time, the times that are free, rosters, absences and holidays.

    The number of questions does not grow with the week.
    """
    municipality, monday, until = clinic.municipality, week.monday, week.after(1).monday
    rows = list(
        Appointment.objects.of(municipality)
        .holding()
        .filter(clinic=clinic, begins_at__gte=start_of_day(monday), begins_at__lt=start_of_day(until))
        .select_related("person", "planned_step__enrolment", "employee", "doctor", "room")
        .order_by("begins_at", "pk")
    )
    openings = [opening_of(row) for row in _openings(clinic, monday, until)]
    free = free_slots(municipality=municipality, from_on=monday, until_on=until, clinic=clinic)
    families, programmes = families_of({row.person_id for row in rows}, on=monday), programmes_of(municipality)
    both: list[Opening | Appointment] = [*openings, *rows]
    working = {pk for one in both for pk in (one.employee_id, one.doctor_id) if pk is not None}
    used = {one.room_id for one in both if one.room_id is not None}
    busy = {oslo_date(row.begins_at) for row in rows} | {slot.day for slot in free}
    return ClinicWeek(
        week=week,
        days=days_shown(week, busy),
        staff=list(Employee.objects.filter(pk__in=working).order_by("name", "pk")),
        rooms=list(Room.objects.filter(pk__in=used).order_by("name", "pk")),
        openings=openings,
        free=free,
        booked=[BookedTime(row, definition_for(row, programmes), families[row.person_id]) for row in rows],
        absences=list(_absences(clinic, monday, until)),
        holidays={day: name for year in {monday.year, until.year} for day, name in holidays_of(year).items() if monday <= day < until},
    )


def days_shown(week: Week, busy: Collection[date]) -> tuple[date, ...]:
    """This function will give the days of a week that are shown: Monday to Friday, and those of the weekend when something is on."""
    everyday = (week.monday + timedelta(days=number) for number in range(7))
    return tuple(day for day in everyday if day.weekday() < _WORKING or day in busy)


def _openings(clinic: Clinic, monday: date, until: date) -> Sequence[RosterOpening]:
    in_force = RosterOpening.objects.in_force_from(monday).filter(clinic=clinic, valid_from__lt=until)
    return list(in_force.select_related("employee").order_by("begins", "pk"))


def _absences(clinic: Clinic, monday: date, until: date) -> Sequence[Absence]:
    """Find who is away: staff wherever it was recorded, the clinic's rooms, and the clinic itself."""
    of_ours = Q(employee__isnull=False, clinic__municipality=clinic.municipality_id) | Q(clinic=clinic)
    found = Absence.objects.filter(of_ours, cancelled_at__isnull=True, from_on__lt=until, until_on__gt=monday)
    return list(found.select_related("employee", "room").order_by("from_on", "pk"))
