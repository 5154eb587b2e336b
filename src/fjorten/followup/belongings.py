"""What somebody who leaves has in hand: what becomes of it is said before they are put down as gone."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from fjorten.appointments.models import Appointment, RosterOpening
from fjorten.followup.models import Case
from fjorten.kernel.times import start_of_day
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
    coming = Appointment.objects.filter(theirs).still_open().filter(begins_at__gte=start_of_day(on))
    openings = RosterOpening.objects.filter(theirs).filter(Q(valid_until__isnull=True) | Q(valid_until__gt=on))
    still_here = Q(employed_until__isnull=True) | Q(employed_until__gt=on)
    return Belongings(
        cases=Case.objects.filter(owner=employee).still_open().count(),
        tasks=open_tasks(municipality=employee.municipality).filter(owner=employee).count(),
        appointments=coming.count(),
        openings=openings.count(),
        stands_in_for=Employee.objects.filter(still_here, deputy=employee).count(),
    )
