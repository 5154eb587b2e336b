"""
Who waits for whom when times are given out at once: locks taken in one order, so that nobody waits in a ring.

The order in this room is: the municipality's rosters, the resources of a day, the planned step's row, the appointment's row, and last the
head of the trail. An action that takes several of them takes them so; therefore a room above gives a time before it records anything
itself, and one child's time in one transaction. The constraint behind (`holds`) would keep two bookings apart without any lock, but under a
race it answers many of them with a deadlock (measured: reliability §5). SQLite lets one writer in at a time, from the first statement of
its transaction, so there the locks are not needed.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from hashlib import blake2b

from django.db import connection

from fjorten.appointments.models import Appointment, Hold
from fjorten.kernel.times import oslo_date
from fjorten.organisation.models import Municipality
from fjorten.plans.models import PlannedStep


def let_others_book_too(municipality_id: int) -> None:
    """Hold the rosters as they are until the transaction ends, together with everybody else who books."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_key(f"rosters:{municipality_id}")])


def change_the_rosters_alone(municipality: Municipality) -> None:
    """Wait until nobody books in the municipality, and keep them waiting until the transaction ends: absences and openings are few."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_key(f"rosters:{municipality.pk}")])


def lock_resources(holds: Iterable[Hold]) -> None:
    """Lock every resource on every day it is to be held, in one order, until the transaction ends. An action calls it once at most."""
    if connection.vendor == "postgresql":
        keys = sorted({_key(f"{hold.resource}/{day}") for hold in holds for day in _days_of(hold)})
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(pg_advisory_xact_lock(key)) FROM unnest(%s::bigint[]) AS key", [keys])


def locked_step(planned_step_id: int) -> PlannedStep:
    """Lock a planned step's row and read it as it is now, with its enrolment and child."""
    steps = PlannedStep.objects.select_for_update(no_key=True, of=("self",)).select_related("enrolment__person__municipality")
    return steps.get(pk=planned_step_id)


def locked_appointment(appointment_id: int) -> Appointment:
    """Lock an appointment's row and read it as it is now."""
    appointments = Appointment.objects.select_for_update(no_key=True, of=("self",)).select_related("person", "municipality")
    return appointments.get(pk=appointment_id)


def _days_of(hold: Hold) -> Iterable[date]:
    day = oslo_date(hold.begins_at)
    while day <= oslo_date(hold.ends_at):
        yield day
        day += timedelta(days=1)


def _key(name: str) -> int:
    """Make the 64-bit number PostgreSQL locks by. Should two names ever share one, their bookings wait for each other; no more."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True)
