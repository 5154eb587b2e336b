"""
How an appointment takes its people, its room and its child, under the locks of `appointments.locks`.

Looked up first, so that a refusal can say what is in the way; the database's own constraint is the wall behind.
"""

from datetime import timedelta
from functools import reduce
from operator import or_

from django.db import IntegrityError
from django.db.models import Exists, Q

from fjorten.appointments.holds import NO_RESOURCE_IS_HELD_TWICE
from fjorten.appointments.models import Appointment, Hold
from fjorten.appointments.staffing import recorded_absences_between, time_not_employed
from fjorten.kernel.refusals import Refused
from fjorten.kernel.times import oslo_date
from fjorten.organisation.models import Clinic, Employee, Room


class TimeIsTaken(Refused):
    """Somebody else has the employee, the doctor or the room, or the group is full."""

    sentence = "Tiden er ikke ledig lenger: den ansatte eller rommet er opptatt, eller gruppen er full. Velg en annen ledig tid."


class ChildIsBusy(Refused):
    """The child has another appointment at that time."""

    sentence = "Barnet har en annen time samtidig. Velg en tid som ikke overlapper med den."


class StaffOrRoomIsAway(Refused):
    """The employee, the doctor, the room or the clinic is away then."""

    sentence = "Den ansatte, legen, rommet eller helsestasjonen er borte på denne tiden. Velg en annen ledig tid."


class TimeIsAnotherMunicipalitys(Refused):
    """The clinic, the room or the staff are not the municipality's that follows the child."""

    sentence = "Tiden hører til en annen kommune enn den som følger opp barnet. Velg en tid ved kommunens egen helsestasjon."


def holds_of(appointment: Appointment) -> list[Hold]:
    """List what an appointment takes, not saved: employee and doctor until they are back, the room and the child to its end."""
    staff = [f"employee:{pk}" for pk in (appointment.employee_id, appointment.doctor_id) if pk is not None]
    rest = [f"person:{appointment.person_id}", *([] if appointment.room_id is None else [f"room:{appointment.room_id}"])]
    ends = [*((resource, appointment.held_until) for resource in staff), *((resource, appointment.ends_at) for resource in rest)]
    return [
        Hold(appointment=appointment, resource=resource, begins_at=appointment.begins_at, ends_at=ends_at, sitting=appointment.sitting)
        for resource, ends_at in ends
    ]


def refuse_unless_present(appointment: Appointment) -> None:
    """
    Make sure that staff and room are the municipality's own, and there at the time.

    Raises TimeIsAnotherMunicipalitys or StaffOrRoomIsAway.
    """
    municipality, day = appointment.municipality, oslo_date(appointment.begins_at)
    wanted = {pk for pk in (appointment.employee_id, appointment.doctor_id) if pk is not None}
    staff = list(Employee.objects.filter(pk__in=wanted, municipality=municipality))
    places = Clinic.objects.of(municipality).filter(pk=appointment.clinic_id)
    if appointment.room_id is not None:
        places = places.filter(Exists(Room.objects.filter(pk=appointment.room_id, clinic__municipality=municipality)))
    if len(staff) != len(wanted) or not places.exists():
        raise TimeIsAnotherMunicipalitys(appointment.clinic_id)
    away = [*time_not_employed(staff), *recorded_absences_between(day, day + timedelta(days=1), municipality=municipality)]
    for absence in away:
        if absence.is_during(appointment.begins_at, appointment.ends_at, day=day) and absence.is_of(
            clinic_id=appointment.clinic_id, employees=wanted, room_id=appointment.room_id
        ):
            raise StaffOrRoomIsAway(appointment.clinic_id)


def take_time(appointment: Appointment) -> None:
    """
    Save an appointment, new or known, together with its holds; in a group it sits down with those already there, on the lowest free place.

    Raises TimeIsTaken or ChildIsBusy.
    """
    _sit_down(appointment)
    _refuse_if_taken(appointment)
    try:
        appointment.save()
        Hold.objects.bulk_create(holds_of(appointment))
    except IntegrityError as refused:
        if NO_RESOURCE_IS_HELD_TWICE in str(refused):  # a writer that took no locks was first, after we looked
            raise TimeIsTaken(appointment.sitting) from refused
        raise


def _sit_down(appointment: Appointment) -> None:
    group = Appointment.objects.holding().filter(
        employee=appointment.employee_id,
        room=appointment.room_id,
        setting=appointment.setting,
        begins_at=appointment.begins_at,
        ends_at=appointment.ends_at,
        capacity__gt=1,
    )
    others = list(group.exclude(pk=appointment.pk).values_list("sitting", "place", "capacity")) if appointment.capacity > 1 else []
    if not others:
        return
    appointment.sitting, _, appointment.capacity = others[0]
    free = set(range(appointment.capacity)) - {place for _, place, _ in others}
    if not free:
        raise TimeIsTaken(appointment.sitting)
    appointment.place = min(free)


def _refuse_if_taken(appointment: Appointment) -> None:
    wanted = holds_of(appointment)
    at_once = reduce(or_, (Q(resource=hold.resource, begins_at__lt=hold.ends_at, ends_at__gt=hold.begins_at) for hold in wanted))
    for resource, sitting in Hold.objects.filter(at_once).values_list("resource", "sitting"):
        if resource == f"person:{appointment.person_id}":
            raise ChildIsBusy(appointment.person_id)
        if sitting != appointment.sitting:
            raise TimeIsTaken(resource)
