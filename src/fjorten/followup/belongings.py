"""What somebody who leaves has in hand: what becomes of it is said before they are put down as gone."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from fjorten.appointments.models import Appointment, RosterOpening
from fjorten.followup.models import Case
from fjorten.messages.queries import open_tasks
from fjorten.organisation.models import Employee


@dataclass(frozen=True, slots=True)
class Belongings:
    """
    How much somebody has in hand: open cases and tasks of theirs now, and from their last day on the appointments with them, as the one who
    receives or the doctor beside, the openings they stand in, and how many they are the deputy of. Numbers only.
    """

    cases: int
    tasks: int
    appointments: int
    openings: int
    stands_in_for: int


def belongings_of(employee: Employee, *, on: date) -> Belongings:
    """This function will count what an employee has in hand, when a day is the first they are gone."""
    theirs = Q(employee=employee) | Q(doctor=employee)
    return Belongings(
        cases=Case.objects.filter(owner=employee).still_open().count(),
        tasks=open_tasks(municipality=employee.municipality).filter(owner=employee).count(),
        appointments=Appointment.objects.filter(theirs).coming_from(on).count(),
        openings=RosterOpening.objects.filter(theirs).in_force_from(on).count(),
        stands_in_for=Employee.objects.not_gone_by(on).filter(deputy=employee).count(),
    )
