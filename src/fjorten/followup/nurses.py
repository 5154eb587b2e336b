"""The nurse a family knows."""

from fjorten.appointments.models import Appointment
from fjorten.appointments.states import State
from fjorten.organisation.models import Employee
from fjorten.people.models import Person


def nurse_known_to(person: Person) -> int | None:
    """This function will find the nurse, by id, who last met the child, so that the family meets somebody they know."""
    met = Appointment.objects.filter(person=person, state=State.ATTENDED.value, employee__role=Employee.Role.NURSE)
    return met.order_by("-begins_at").values_list("employee_id", flat=True).first()
