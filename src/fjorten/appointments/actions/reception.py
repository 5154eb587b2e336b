"""The day's reception: who has come, who has been fetched in, and who came without an appointment."""

from datetime import datetime

from django.db import IntegrityError, transaction

from fjorten.appointments.actions.booking import ChildHasDied
from fjorten.appointments.actions.history import about
from fjorten.appointments.locks import locked_appointment
from fjorten.appointments.models import Appointment, Arrival, DropIn
from fjorten.appointments.states import AppointmentIsSettled, State
from fjorten.audit.actor import Actor
from fjorten.audit.trail import Detail, record
from fjorten.kernel.refusals import Refused
from fjorten.kernel.times import oslo_date
from fjorten.organisation.models import Clinic
from fjorten.people.models import Person


class AppointmentIsAnotherDay(Refused):
    """Nobody arrives today for an appointment of another day."""

    sentence = "Timen er en annen dag. Er familien her nå, sett dem på drop-in eller flytt timen."


class HasNotArrived(Refused):
    """Nobody has said that the family is here."""

    sentence = "Ingen har ført at familien er kommet. Før det først, eller se om noen har angret det."


class IsFetchedAlready(Refused):
    """Somebody else was first."""

    sentence = "Familien er alt hentet inn."


class WaitsAlready(Refused):
    """The child is on the drop-in list."""

    sentence = "Barnet står alt på drop-in og venter."


class DoesNotWait(Refused):
    """Somebody has received them, or they have left."""

    sentence = "Familien venter ikke lenger: noen har tatt imot dem, eller de har gått."


class IsNotAMatter(Refused):
    """What they came for is not on the list."""

    sentence = "Velg hva familien kommer for: veiing, amming og ernæring, vaksine, samtale eller annet."


class ChildIsAnotherMunicipalitys(Refused):
    """The child and the clinic are not of one municipality."""

    sentence = "Barnet og helsestasjonen hører ikke til samme kommune."


@transaction.atomic
def note_arrival(*, appointment: Appointment, by: Actor, at: datetime) -> Arrival:
    """
    Record that the family has come for an appointment of today. Said twice, it is recorded once.

    Raises AppointmentIsSettled or AppointmentIsAnotherDay.
    """
    row = locked_appointment(appointment.pk)
    _refuse_unless_expected_today(row, at)
    standing = row.arrivals.in_force().first()
    if standing is not None:
        return standing
    arrival = Arrival.objects.create(appointment=row, arrived_at=at, arrived_by=by.who)
    record("appointment.arrived", **about(row), by=by, at=at)
    return arrival


@transaction.atomic
def fetch_in(*, appointment: Appointment, by: Actor, at: datetime) -> None:
    """
    Record that the family has been fetched in from the waiting room. Raises HasNotArrived, IsFetchedAlready, AppointmentIsSettled or
    AppointmentIsAnotherDay.
    """
    row = locked_appointment(appointment.pk)
    _refuse_unless_expected_today(row, at)
    standing = row.arrivals.in_force().first()
    if standing is None:
        raise HasNotArrived(row.pk)
    if standing.fetched_at is not None:
        raise IsFetchedAlready(row.pk)
    # A clock that went back a little must not keep a family waiting.
    Arrival.objects.filter(pk=standing.pk).update(fetched_at=max(at, standing.arrived_at), fetched_by=by.who)
    record("appointment.fetched_in", **about(row), by=by, at=at)


@transaction.atomic
def take_back_arrival(*, appointment: Appointment, by: Actor, at: datetime) -> None:
    """Take back that a family had come: it was written by mistake. The row is kept. Raises HasNotArrived or AppointmentIsSettled."""
    row = locked_appointment(appointment.pk)
    if not State(row.state).is_open:
        raise AppointmentIsSettled
    if not row.arrivals.in_force().update(undone_at=at, undone_by=by.who):
        raise HasNotArrived(row.pk)
    record("appointment.arrival_taken_back", **about(row), by=by, at=at)


def _refuse_unless_expected_today(appointment: Appointment, at: datetime) -> None:
    if not State(appointment.state).is_open:
        raise AppointmentIsSettled
    if oslo_date(appointment.begins_at) != oslo_date(at):
        raise AppointmentIsAnotherDay(appointment.pk)


@transaction.atomic
def note_drop_in(*, person: Person, clinic: Clinic, matter: str, by: Actor, at: datetime) -> DropIn:
    """
    Put a child on the drop-in list of a clinic. `matter` is one of `DropIn.Matter`.

    Raises IsNotAMatter, ChildIsAnotherMunicipalitys, ChildHasDied or WaitsAlready.
    """
    if person.is_dead:
        raise ChildHasDied(person.pk)
    if matter not in DropIn.Matter.values:
        raise IsNotAMatter
    if person.municipality_id != clinic.municipality_id:
        raise ChildIsAnotherMunicipalitys(person.pk)
    try:
        with transaction.atomic():
            drop_in = DropIn.objects.create(clinic=clinic, person=person, matter=matter, came_at=at, came_by=by.who)
    except IntegrityError as error:  # the constraint holds whoever else was first
        raise WaitsAlready(person.pk) from error
    _record("drop_in.came", drop_in, by=by, at=at, matter=matter)
    return drop_in


@transaction.atomic
def receive_drop_in(*, drop_in: DropIn, by: Actor, at: datetime) -> None:
    """Record that somebody receives a family that came without an appointment. Raises DoesNotWait."""
    if not DropIn.objects.waiting().filter(pk=drop_in.pk).update(received_at=max(at, drop_in.came_at), received_by=by.who):
        raise DoesNotWait(drop_in.pk)
    _record("drop_in.received", drop_in, by=by, at=at)


@transaction.atomic
def end_drop_in(*, drop_in: DropIn, by: Actor, at: datetime) -> None:
    """Record that a family left the drop-in queue before anybody received them, or was put there by mistake. Raises DoesNotWait."""
    if not DropIn.objects.waiting().filter(pk=drop_in.pk).update(ended_at=max(at, drop_in.came_at), ended_by=by.who):
        raise DoesNotWait(drop_in.pk)
    _record("drop_in.ended", drop_in, by=by, at=at)


def _record(action: str, drop_in: DropIn, *, by: Actor, at: datetime, **detail: str) -> None:
    told: Detail = {"drop_in": drop_in.pk, **detail}
    child = drop_in.person
    record(action, municipality=child.municipality.code, about=str(child.public_id), detail=told, by=by, at=at)
