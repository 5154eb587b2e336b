"""Those who are not at work: ill from one day to the next, on holiday in turns, and the house closed between Christmas and new year."""

from __future__ import annotations

from datetime import date, timedelta

from fjorten.appointments.actions.absences import record_absence
from fjorten.audit.actor import Actor
from fjorten.organisation.models import Absence, Clinic, Employee
from fjorten.simulation.clinic.workday import Workday

FALLS_ILL_A_DAY = 0.006  # of those at work; for one to five days, so about 4 % are ill at a time [default]
HOLIDAYS_ARE_SET_IN = 4  # April, for the summer; and in November for Christmas: long before anybody is given a time then
SUMMER_WEEKS = 3

LEADER = Actor(who="leder11", role="leader", unit="Helsestasjonen", ground="simulering")


def fall_ill(work: Workday) -> None:
    """This function will let some of those at work call in ill; what they were to do is given back at once."""
    employees = Employee.objects.filter(municipality=work.municipality).present_on(work.day).exclude(role=Employee.Role.LEADER)
    for employee in employees.select_related("clinic__municipality").order_by("code"):
        rng = work.rng("ill", employee.code, work.day)
        if rng.random() < FALLS_ILL_A_DAY:
            until = work.day + timedelta(days=rng.randrange(1, 6))
            _away(work, employee.clinic, employee, (work.day, until), "sykdom")


def set_holidays(work: Workday) -> None:
    """This function will set the summer's holidays on the first working day of April, and close the house for Christmas in November."""
    if work.day.month == HOLIDAYS_ARE_SET_IN and not _is_set(work, "ferie"):
        for place, employee in enumerate(_all(work)):
            # In turns, so that there is always somebody: three weeks each, from the last week of June on.
            first = date(work.day.year, 6, 22) + timedelta(weeks=SUMMER_WEEKS * (place % 2))
            _away(work, employee.clinic, employee, (first, first + timedelta(weeks=SUMMER_WEEKS)), "ferie")
    if work.day.month == 11 and not _is_set(work, "stengt i julen"):
        for clinic in Clinic.objects.of(work.municipality).select_related("municipality").order_by("pk"):
            _away(work, clinic, None, (date(work.day.year, 12, 24), date(work.day.year + 1, 1, 2)), "stengt i julen")


def _all(work: Workday) -> list[Employee]:
    employees = Employee.objects.filter(municipality=work.municipality).employed_on(work.day)
    return list(employees.select_related("clinic__municipality").order_by("role", "code"))


def _is_set(work: Workday, reason: str) -> bool:
    rows = Absence.objects.filter(clinic__municipality=work.municipality, reason=reason, recorded_at__gt=work.at(0) - timedelta(days=60))
    return rows.exists()


def _away(work: Workday, clinic: Clinic, employee: Employee | None, days: tuple[date, date], reason: str) -> None:
    from_on, until_on = days
    with work.trying(f"absence: {reason}"):
        record_absence(clinic=clinic, employee=employee, from_on=from_on, until_on=until_on, reason=reason, by=LEADER, at=work.at(7, 15))
