"""
How an appointment takes its people, its room and its child, under the locks of `appointments.locks`.

Looked up first, so that a refusal can say what is in the way; the database's own constraint is the wall behind.
"""

from datetime import timedelta
from functools import reduce
from operator import or_

from django.db import IntegrityError, transaction
from django.db.models import Q

from fjorten.appointments.models import Appointment, Hold
from fjorten.appointments.staffing import absences_between
from fjorten.kernel.refusals import Refused
from fjorten.kernel.times import oslo_date
from fjorten.organisation.models import Clinic, Employee


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
    staff = {pk for pk in (appointment.employee_id, appointment.doctor_id) if pk is not None}
    clinics = Clinic.objects.of(appointment.municipality)
    is_room_ours = appointment.room_id is None or clinics.filter(rooms=appointment.room_id).exists()
    are_staff_ours = Employee.objects.filter(pk__in=staff, municipality=appointment.municipality).count() == len(staff)
    if not (is_room_ours and are_staff_ours and clinics.filter(pk=appointment.clinic_id).exists()):
        raise TimeIsAnotherMunicipalitys(appointment.clinic_id)
    day = oslo_date(appointment.begins_at)
    for absence in absences_between(day, day + timedelta(days=1), municipality=appointment.municipality):
        if absence.is_during(appointment.begins_at, appointment.ends_at, day=day) and absence.is_of(
            clinic_id=appointment.clinic_id, employees=staff, room_id=appointment.room_id
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
        with transaction.atomic():
            appointment.save()
            Hold.objects.bulk_create(holds_of(appointment))
    except IntegrityError as refused:
        _refuse_if_taken(appointment)  # a writer that took no locks was first, after we looked
        raise refused


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
