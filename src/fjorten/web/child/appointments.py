"""A child's appointments as strings: what is to come, what still needs a time, and what has been."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from fjorten.appointments.models import Appointment
from fjorten.appointments.states import State
from fjorten.kernel.times import oslo_date
from fjorten.ledger.tracks import StandingStep
from fjorten.people.models import Person
from fjorten.programme.status import Status
from fjorten.web import words
from fjorten.web.calendar.naming import address_of_times
from fjorten.web.shown import Link
from fjorten.web.times import STATES
from fjorten.web.tracks import mark_of

SHOWN_PAST: Final = 5  # the rest is in the history [default]
_NEEDING: Final = {Status.DUE, Status.OVERDUE, Status.MISSED}


@dataclass(frozen=True, slots=True)
class Time:
    """One appointment, or a step that needs one; `links` are what can be done with it."""

    name: str
    sub: str
    mark: str
    status: str
    links: tuple[Link, ...]


def times_of(person: Person, steps: Sequence[StandingStep], appointments: Sequence[Appointment], *, may_book: bool) -> tuple[Time, ...]:
    """This function will list what is to come, in order; then steps that need a time; then the latest of what has been, newest first."""
    places = {step.planned.pk: place for place, step in enumerate(steps, start=1)}
    names = {step.planned.pk: words.step_name(step.definition, step.planned.step) for step in steps}
    coming = [row for row in appointments if State(row.state).is_open]
    past = [row for row in reversed(appointments) if not State(row.state).is_open][:SHOWN_PAST]
    booked = {row.planned_step_id for row in coming}
    return (
        *(_time(row, names, tuple(_moves(person, row, places)) if may_book else ()) for row in coming),
        *(_needing(person, step, places, may_book=may_book) for step in steps if step.state in _NEEDING and step.planned.pk not in booked),
        *(_time(row, names, ()) for row in past),
    )


def _time(row: Appointment, names: Mapping[int, str], links: tuple[Link, ...]) -> Time:
    mark, status = STATES[State(row.state)]
    who = [row.employee.name, row.doctor.name if row.doctor else "", gettext("tolk må bestilles") if _wants_interpreter(row) else ""]
    return Time(
        name=gettext("%(day)s kl. %(clock)s") % {"day": words.day(oslo_date(row.begins_at)), "clock": words.clock(row.begins_at)},
        sub=words.in_line((names.get(row.planned_step_id, row.planned_step.step), *who)),
        mark=mark,
        status=words.capital(str(status)),
        links=links,
    )


def _wants_interpreter(row: Appointment) -> bool:
    return row.needs_interpreter and State(row.state).is_open


def _moves(person: Person, row: Appointment, places: Mapping[int, int]) -> Iterator[Link]:
    place = places.get(row.planned_step_id)
    if place is not None:
        yield Link(gettext("Flytt"), address_of_times(person, place))
        yield Link(gettext("Avlys"), f"{reverse('cancel_appointment', args=[person.public_id])}?{urlencode({'step': place})}")


def _needing(person: Person, step: StandingStep, places: Mapping[int, int], *, may_book: bool) -> Time:
    place, mark = places[step.planned.pk], mark_of(step)
    return Time(
        name=words.step_name(step.definition, step.planned.step),
        sub=gettext("vindu %(first)s–%(last)s")
        % {"first": words.short_day(step.planned.window_from), "last": words.day(words.last_day(step.planned.window_until))},
        mark=mark.code,
        status=words.capital(str(mark.word)),
        links=(Link(gettext("Sett opp time"), address_of_times(person, place)),) if may_book else (),
    )
