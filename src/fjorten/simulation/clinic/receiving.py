"""The reception on a morning that is not over: who has come, who is in, whose consultation is over, and who waits without a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from fjorten.appointments.actions.reception import fetch_in, note_arrival, note_drop_in
from fjorten.appointments.models import Appointment, DropIn
from fjorten.appointments.queries import appointments_on
from fjorten.journal.models import Journal
from fjorten.organisation.models import Clinic
from fjorten.people.facts import Protection
from fjorten.simulation.clinic.consulting import fates, write_down
from fjorten.simulation.clinic.workday import OFFICE, Workday, actor

EARLY: Final = timedelta(minutes=25)  # those who come by then are early, and wait [default]
BEFORE_TIME: Final = timedelta(minutes=4)
_OF_DROP_IN: Final = timedelta(weeks=26)  # families with a baby come to have it weighed
_WAITED: Final = ((timedelta(minutes=14), DropIn.Matter.FEEDING), (timedelta(minutes=3), DropIn.Matter.WEIGHING))


def receive_until(work: Workday, until: datetime) -> None:
    """
    This function will receive those whose time has begun by an instant, write down what became of the times that are over, and let those
    who come early, and a few without an appointment, wait.
    """
    todays = [row for row in appointments_on(work.day, municipality=work.municipality).still_open() if row.begins_at <= until + EARLY]
    for appointment, fate in zip(todays, fates(work, todays), strict=True):
        if fate.comes:
            _receive(work, appointment, until)
        if appointment.ends_at <= until:
            write_down(work, appointment, fate, at=min(until, appointment.ends_at + BEFORE_TIME))
    for clinic in Clinic.objects.filter(municipality=work.municipality).order_by("pk"):
        _let_some_drop_in(work, clinic, until)


def _receive(work: Workday, appointment: Appointment, until: datetime) -> None:
    came_at = min(until, appointment.begins_at - BEFORE_TIME)
    with work.trying("arrives"):
        note_arrival(appointment=appointment, by=OFFICE, at=came_at)
    if appointment.begins_at <= until:
        with work.trying("is fetched in"):
            fetch_in(appointment=appointment, by=actor(appointment.employee), at=appointment.begins_at)


def _let_some_drop_in(work: Workday, clinic: Clinic, until: datetime) -> None:
    with_a_time = appointments_on(work.day, municipality=work.municipality).values("person")
    babies = Journal.objects.still_open().filter(
        clinic=clinic, person__born_on__gt=work.day - _OF_DROP_IN, person__is_dead=False, person__protection=Protection.NONE
    )
    journals = babies.exclude(person__in=with_a_time).select_related("person").order_by("-person__born_on", "pk")
    for journal, (waited, matter) in zip(journals[: len(_WAITED)], _WAITED, strict=False):
        with work.trying("drops in"):
            note_drop_in(person=journal.person, clinic=clinic, matter=matter, by=OFFICE, at=until - waited)
