"""
A clinic where children can be given times: staff, rooms and openings, and children who follow the programme there.

    here = a_staffed_clinic(municipality, visits_homes=True)
    child = an_enrolled_child(here, born_on=date(2026, 1, 5))
    book(planned_step=step_of(child, "C04_M3"), slot=here.slot("2026-04-06 09:00"), by=here.clerk_at_work, at=AT)

What is not said is as in most clinics: two nurses, a doctor, a clerk and a leader; two rooms; the first nurse receives on weekdays from nine
to noon, with the doctor beside her on Mondays. Everything is recorded at `AT`, a Tuesday morning, by the clerk.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from fjorten.appointments.actions.rosters import add_opening
from fjorten.appointments.models import RosterOpening
from fjorten.appointments.slots import FreeSlot
from fjorten.appointments.staffing import PERFORMERS
from fjorten.audit.actor import Actor
from fjorten.kernel.times import OSLO
from fjorten.organisation.actions import hire, open_room
from fjorten.organisation.models import Clinic, Employee, Municipality, Room
from fjorten.people.models import Person
from fjorten.plans.actions.enrolment import end_enrolment, enrol
from fjorten.plans.models import Enrolment, PlannedStep
from fjorten.programme.definitions import child_programme
from fjorten.programme.steps import Setting

AT = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 10)
SINCE = date(2025, 1, 1)

CLERK = Actor(who="merkantil.prøve", role="clerk", unit="Helsestasjonen", ground="test")
NURSE = Actor(who="kari", role="public_health_nurse", unit="Helsestasjonen", ground="test")
LEADER = Actor(who="leder", role="leader", unit="Helsestasjonen", ground="test")
FAMILY = Actor(who="familien", role="family", ground="eget barn")
JOB = Actor(who="nattkjøring", role="job", ground="test")


@dataclass(frozen=True)
class StaffedClinic:
    """A clinic with those who work there."""

    clinic: Clinic
    nurse: Employee
    other_nurse: Employee
    doctor: Employee
    room: Room
    other_room: Room
    openings: list[RosterOpening] = field(default_factory=list)

    @property
    def municipality(self) -> Municipality:
        return self.clinic.municipality

    def slot(self, begins: str, *, minutes: int = 30, travel_minutes: int = 0, **traits: Any) -> FreeSlot:
        """A time put together by hand, by the Norwegian clock ("2026-03-16 09:00"): with the nurse in the first room, if nothing else is said."""
        begins_at = datetime.fromisoformat(begins).replace(tzinfo=OSLO).astimezone(UTC)
        employee: Employee = traits.pop("employee", self.nurse)
        doctor: Employee | None = traits.pop("doctor", None)
        room: Room | None = traits.pop("room", self.room)
        capacity = traits.pop("capacity", 1)
        usual: dict[str, Any] = {
            "clinic_id": self.clinic.pk,
            "employee_id": employee.pk,
            "doctor_id": doctor.pk if doctor else None,
            "room_id": room.pk if room else None,
            "setting": Setting.GROUP if capacity > 1 else Setting.CLINIC if room else Setting.HOME,
            "performers": frozenset(PERFORMERS[there.role] for there in (employee, doctor) if there is not None),
            "begins_at": begins_at,
            "ends_at": begins_at + timedelta(minutes=minutes),
            "held_until": begins_at + timedelta(minutes=minutes + travel_minutes),
            "capacity": capacity,
            "places_left": capacity,
            "sitting": None,
        }
        return FreeSlot(**(usual | traits))

    def opens(self, *, weekday: int, begins: time = time(9), ends: time = time(12), **traits: Any) -> RosterOpening:
        """One more opening, with the first nurse in the first room if nothing else is said."""
        usual: dict[str, Any] = {
            "employee": self.nurse,
            "room": self.room,
            "setting": Setting.CLINIC,
            "slot_minutes": 30,
            "valid_from": SINCE,
        }
        opening = add_opening(clinic=self.clinic, weekday=weekday, begins=begins, ends=ends, **(usual | traits), by=CLERK, at=AT)
        self.openings.append(opening)
        return opening


def a_staffed_clinic(
    municipality: Municipality, *, has_rosters: bool = True, receives_groups: bool = False, visits_homes: bool = False
) -> StaffedClinic:
    """The default clinic, staffed. Groups of six come on Wednesday afternoons, the other nurse visits homes on Thursdays."""
    clinic = municipality.clinics.get(is_default=True)

    def hired(code: str, name: str, role: Employee.Role) -> Employee:
        return hire(clinic=clinic, code=code, name=name, role=role, employed_from=SINCE, by=LEADER, at=AT)

    hired("merkantil", "Mons Myrull", Employee.Role.CLERK)
    hired("leder", "Lea Lyng", Employee.Role.LEADER)
    here = StaffedClinic(
        clinic=clinic,
        nurse=hired("kari", "Kari Kvist", Employee.Role.NURSE),
        other_nurse=hired("per", "Per Pors", Employee.Role.NURSE),
        doctor=hired("ola", "Ola Ospelauv", Employee.Role.DOCTOR),
        room=open_room(clinic=clinic, name="Rom 1", by=LEADER, at=AT),
        other_room=open_room(clinic=clinic, name="Rom 2", by=LEADER, at=AT),
    )
    if has_rosters:
        for weekday in range(5):
            here.opens(weekday=weekday, doctor=here.doctor if weekday == 0 else None)
    if receives_groups:
        here.opens(weekday=2, begins=time(13), ends=time(15), setting=Setting.GROUP, slot_minutes=60, capacity=6)
    if visits_homes:
        home: dict[str, Any] = {"employee": here.other_nurse, "room": None, "setting": Setting.HOME, "slot_minutes": 60}
        here.opens(weekday=3, travel_minutes=30, **home)
    return here


def an_enrolled_child(
    here: StaffedClinic,
    *,
    born_on: date = date(2026, 1, 5),
    has_died_on: date | None = None,
    has_moved_away_on: date | None = None,
    **facts: Any,
) -> Enrolment:
    """A child who follows the whole programme from birth on. One who has died or moved away did so after enrolling."""
    child = Person.objects.create(municipality=here.municipality, born_on=born_on, born_by=born_on, **facts)
    definition = child_programme(TODAY)
    enrolment = enrol(
        person=child, clinic=here.clinic, definition=definition, on=born_on, reason="bor her", by=CLERK, at=AT, with_catch_up=False
    )
    if has_moved_away_on is not None:
        end_enrolment(enrolment=enrolment, on=has_moved_away_on, reason="flyttet", by=CLERK, at=AT)
    if has_died_on is not None:
        Person.objects.filter(pk=child.pk).update(is_dead=True, died_on=has_died_on)
    return enrolment


def step_of(enrolment: Enrolment, code: str) -> PlannedStep:
    """One of a child's planned steps."""
    return PlannedStep.objects.get(enrolment=enrolment, step=code)
