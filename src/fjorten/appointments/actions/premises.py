"""Closing clinics and rooms, when nothing hangs on them any more."""

from datetime import datetime

from django.db import transaction

from fjorten.appointments.locks import change_the_rosters_alone
from fjorten.appointments.premises import HangsOn, what_hangs_on_clinics, what_hangs_on_rooms
from fjorten.audit.actor import Actor
from fjorten.audit.trail import record
from fjorten.kernel.refusals import Refused
from fjorten.kernel.times import oslo_date
from fjorten.organisation.models import Clinic, ClinicArea, Room


class SomethingHangsOnIt(Refused):
    """A clinic is closed when no child, employee, role, opening or appointment is there any more, a room when neither of the last is."""

    sentence = "Noe hører fortsatt til her. Flytt eller avslutt det først, så kan det stenges."


class DefaultClinicStaysOpen(Refused):
    """The clinic that takes the children no other clinic serves cannot be closed: they would be nobody's."""

    sentence = "Denne helsestasjonen tar imot barna ingen annen har, og kan ikke stenges."


class IsClosedAlready(Refused):
    """Somebody was first."""

    sentence = "Helsestasjonen eller rommet er allerede stengt."


@transaction.atomic
def close_clinic(*, clinic: Clinic, by: Actor, at: datetime) -> None:
    """
    Close a clinic, from today: it serves no area, and nobody is given anything there. Its past stays.

    Raises DefaultClinicStaysOpen, SomethingHangsOnIt or IsClosedAlready.
    """
    if clinic.is_default:
        raise DefaultClinicStaysOpen(clinic.pk)
    on = oslo_date(at)
    change_the_rosters_alone(clinic.municipality)
    if not what_hangs_on_clinics(clinic.municipality, on=on).get(clinic.pk, HangsOn()).is_nothing:
        raise SomethingHangsOnIt(clinic.pk)
    if not Clinic.objects.filter(pk=clinic.pk, closed_on__isnull=True).update(closed_on=on):
        raise IsClosedAlready(clinic.pk)
    ClinicArea.objects.filter(clinic=clinic).delete()
    record("clinic.closed", municipality=clinic.municipality.code, by=by, at=at, detail={"clinic": clinic.name})


@transaction.atomic
def close_room(*, room: Room, by: Actor, at: datetime) -> None:
    """Close a room, from today. Raises SomethingHangsOnIt or IsClosedAlready."""
    municipality, on = room.clinic.municipality, oslo_date(at)
    change_the_rosters_alone(municipality)
    if not what_hangs_on_rooms(municipality, on=on).get(room.pk, HangsOn()).is_nothing:
        raise SomethingHangsOnIt(room.pk)
    if not Room.objects.filter(pk=room.pk, closed_on__isnull=True).update(closed_on=on):
        raise IsClosedAlready(room.pk)
    record("room.closed", municipality=municipality.code, by=by, at=at, detail={"clinic": room.clinic.name, "name": room.name})
