"""
Staff, a child with a plan, and appointments on it, for trying cases on. Telephone numbers cannot ring; nobody exists.

Appointments are written straight to the tables: what may become of one is tried in its own room.
"""

from datetime import date, datetime, time, timedelta

from fjorten.appointments.models import Appointment
from fjorten.appointments.states import State
from fjorten.audit.actor import Actor
from fjorten.kernel.times import oslo_instant
from fjorten.organisation.models import Clinic, Employee, Municipality
from fjorten.people.models import Adult, ContactPoint, ParentalResponsibility, Person, PostalAddress
from fjorten.plans.actions.enrolment import enrol
from fjorten.plans.models import PlannedStep
from fjorten.programme.definitions import child_programme
from tests.factories.register import a_number

EMPLOYED_FROM = date(2020, 1, 1)
NURSE = Actor(who="sykepleier.prøve", role="public_health_nurse", unit="Helsestasjonen", ground="test")
JOB = Actor(who="nattkjøring", role="job")


def employee(clinic: Clinic, code: str, role: Employee.Role, **facts: object) -> Employee:
    """Somebody who works at a clinic, since long ago when nothing else is said."""
    told = {"employed_from": EMPLOYED_FROM, "name": f"Ansatt {code}", **facts}
    return Employee.objects.create(municipality=clinic.municipality, clinic=clinic, code=code, role=role, **told)


def child_with_plan(clinic: Clinic, born_on: date, *, on: date, by: Actor, at: datetime, **facts: object) -> Person:
    """A child the register has told of, enrolled with the whole programme from a day."""
    person = Person.objects.create(municipality=clinic.municipality, born_on=born_on, born_by=born_on, **facts)
    enrol(person=person, clinic=clinic, definition=child_programme(on), on=on, reason="nyfødt bosatt", by=by, at=at, with_catch_up=False)
    return person


def step_of(person: Person, code: str) -> PlannedStep:
    """One step of a child's plan."""
    return PlannedStep.objects.select_related("enrolment__person", "enrolment__clinic", "municipality").get(
        enrolment__person=person, step=code
    )


def appointment(step: PlannedStep, employee: Employee, *, on: date, state: State = State.OFFERED, **facts: object) -> Appointment:
    """A time for a step at nine o'clock on a day, and what became of it."""
    begins = oslo_instant(on, time(9))
    told: dict[str, object] = {
        "setting": "clinic",
        "begins_at": begins,
        "ends_at": begins + timedelta(minutes=30),
        "booked_at": begins - timedelta(days=14),
        "booked_by": "test",
        "state": state.value,
        "state_at": begins + timedelta(hours=1),
        "state_by": employee.code,
        **facts,
    }
    told.setdefault("held_until", told["ends_at"])
    return Appointment.objects.create(
        municipality=step.municipality, person=step.enrolment.person, planned_step=step, clinic=employee.clinic, employee=employee, **told
    )


def guardian(child: Person, *, nth: int = 0, failed_on: date | None = None, returned_on: date | None = None) -> Adult:
    """Somebody with parental responsibility by the register, with a number that cannot ring and an address, either of which may be dead."""
    number = a_number(date(1994, 5, 3), nth)
    at = oslo_instant(EMPLOYED_FROM, time(12))
    adult = Adult.objects.create(municipality=child.municipality, number=number, recorded_at=at, recorded_by="test")
    ParentalResponsibility.objects.create(child=child, kind="felles", responsible_number=number, source="test")
    ContactPoint.objects.create(
        adult=adult, kind="telephone", value=f"+47{nth:08}", source="family", failed_on=failed_on, recorded_at=at, recorded_by="test"
    )
    PostalAddress.objects.create(
        adult=adult, lines="Ingensteds 1", postal_code="0000", place="Ingensteds", source="test", recorded_at=at, returned_on=returned_on
    )
    return adult


def instant(day: date, hour: int = 12) -> datetime:
    """An hour of a day in Norway."""
    return oslo_instant(day, time(hour))


def staffed(clinic: Clinic) -> dict[str, Employee]:
    """A clerk, two nurses and a leader."""
    roles = Employee.Role
    return {
        "merkantil": employee(clinic, "merkantil", roles.CLERK),
        "sykepleier": employee(clinic, "sykepleier.a", roles.NURSE),
        "kollega": employee(clinic, "sykepleier.b", roles.NURSE),
        "leder": employee(clinic, "leder", roles.LEADER),
    }


def clinic_of(municipality: Municipality) -> Clinic:
    """The clinic a municipality begins with."""
    return municipality.clinics.get()
