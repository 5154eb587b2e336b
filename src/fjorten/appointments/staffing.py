"""Who is there and who is away, from the rows to the pure values the rosters are reckoned with."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time
from types import MappingProxyType
from typing import Final

from django.db.models import Q

from fjorten.appointments import rosters
from fjorten.appointments.models import RosterOpening
from fjorten.kernel.periods import Period
from fjorten.organisation.models import Absence, Employee, Municipality
from fjorten.programme.steps import Performer, Setting

# Who a child can be given a time with. Clerks and leaders receive nobody.
PERFORMERS: Final[Mapping[str, Performer]] = MappingProxyType(
    {
        Employee.Role.NURSE.value: Performer.PUBLIC_HEALTH_NURSE,
        Employee.Role.DOCTOR.value: Performer.CLINIC_DOCTOR,
        Employee.Role.PHYSIOTHERAPIST.value: Performer.PHYSIOTHERAPIST,
        Employee.Role.MIDWIFE.value: Performer.MIDWIFE,
    }
)


def opening_of(row: RosterOpening) -> rosters.Opening:
    """Make the pure value of an opening. Raises rosters.OpeningIsInvalid, and KeyError for an employee who receives nobody."""
    return rosters.Opening(
        clinic_id=row.clinic_id,
        employee_id=row.employee_id,
        performer=PERFORMERS[row.employee.role],
        doctor_id=row.doctor_id,
        room_id=row.room_id,
        setting=Setting(row.setting),
        weekday=row.weekday,
        begins=row.begins,
        ends=row.ends,
        valid=Period(row.valid_from, row.valid_until),
        slot_minutes=row.slot_minutes,
        every_weeks=row.every_weeks,
        capacity=row.capacity,
        travel_minutes=row.travel_minutes,
    )


def absence_of(row: Absence) -> rosters.Absence:
    """Make the pure value of an absence."""
    is_of_the_clinic = row.employee_id is None and row.room_id is None
    return rosters.Absence(
        days=Period(row.from_on, row.until_on),
        clinic_id=row.clinic_id if is_of_the_clinic else None,
        employee_id=row.employee_id,
        room_id=row.room_id,
        begins=row.begins or time.min,
        ends=row.ends,
    )


def absences_between(from_on: date, until_on: date, *, municipality: Municipality) -> list[rosters.Absence]:
    """Read who is away some time in `[from_on, until_on)`: what has been recorded, and whoever is not employed yet or any more."""
    not_here = Employee.objects.filter(Q(employed_from__gt=from_on) | Q(employed_until__lt=until_on), municipality=municipality)
    return [*recorded_absences_between(from_on, until_on, municipality=municipality), *time_not_employed(not_here)]


def recorded_absences_between(from_on: date, until_on: date, *, municipality: Municipality) -> list[rosters.Absence]:
    """Read the absences recorded for some time in `[from_on, until_on)`, of employees, rooms and whole clinics."""
    of_ours = Absence.objects.filter(clinic__municipality=municipality, cancelled_at__isnull=True)
    return [absence_of(row) for row in of_ours.filter(from_on__lt=until_on, until_on__gt=from_on)]


def time_not_employed(employees: Iterable[Employee]) -> Iterator[rosters.Absence]:
    """Give the days before each was employed, and after, as absences: the rosters know nothing of contracts."""
    for employee in employees:
        yield rosters.Absence(days=Period(None, employee.employed_from), employee_id=employee.pk)
        if employee.employed_until is not None:
            yield rosters.Absence(days=Period(employee.employed_until, None), employee_id=employee.pk)
