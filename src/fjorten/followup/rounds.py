"""
The night's part of follow-up: facts get their cases, cases get people who still work here, and a new time that was given is noted.

Each child is a transaction of its own. One that cannot be done is told of with a sentence, and the rest are done. A second round the same
night changes nothing. Nothing is closed, reported or assessed here.
"""

import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import InterfaceError, OperationalError
from django.db.models import Exists, OuterRef

from fjorten.appointments.models import Appointment
from fjorten.appointments.states import State
from fjorten.audit.actor import Actor
from fjorten.followup.actions.cases import TakenIn, hand_over, take_in_facts
from fjorten.followup.actions.steps import Planned, record_step
from fjorten.followup.contact import Outcome
from fjorten.followup.facts import steps_on
from fjorten.followup.ladder import Owner
from fjorten.followup.ladders import ladders_of
from fjorten.followup.models import Case
from fjorten.followup.proposals import proposal_after
from fjorten.followup.queries import cases_left_behind
from fjorten.followup.triggers import Trigger
from fjorten.kernel.refusals import Refused
from fjorten.organisation.models import Municipality
from fjorten.organisation.responsibility import staff_on

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Poisoned:
    """A child the round could not do: by key, with a sentence for a person and the name of what went wrong."""

    person_id: int
    sentence: str
    error: str


@dataclass(slots=True)
class Round:
    """What a round did: cases opened and moved, facts an open case already covered, cases handed over, new times noted, and troubles."""

    opened: int = 0
    moved: int = 0
    noted: int = 0
    handed_over: int = 0
    new_times: int = 0
    troubles: list[Poisoned] = field(default_factory=list)

    @property
    def changed(self) -> int:
        """How much was changed at all."""
        return self.opened + self.moved + self.noted + self.handed_over + self.new_times


def open_cases_from_facts(
    *, municipality: Municipality, on: date, triggers: Collection[Trigger] = tuple(Trigger), by: Actor, at: datetime
) -> Round:
    """
    This function will see to it that every fact of the day of some kinds has a case: opened, or moved when a new fact came to an open
    one.

    The number of reads does not grow with the children who have no new fact. Raises nothing for a single child; a database that is gone
    stops it.
    """
    done = Round()
    ladders, staff = ladders_of(municipality), staff_on(municipality=municipality, on=on)
    for row in steps_on(municipality=municipality, on=on, triggers=triggers):
        with _one_child(row.step.enrolment.person_id, done):
            facts = row.new_facts(on=on, triggers=triggers)
            if facts:
                taken = take_in_facts(planned_step=row.step, facts=facts, ladders=ladders, staff=staff, by=by, at=at)
                _count(taken, done)
    return done


def hand_over_cases(*, municipality: Municipality, on: date, by: Actor, at: datetime) -> Round:
    """This function will give the cases of those who no longer work here to somebody who does. Nothing else about them changes."""
    done = Round()
    ladders, staff = ladders_of(municipality), staff_on(municipality=municipality, on=on)
    for case in cases_left_behind(municipality=municipality, on=on):
        with _one_child(case.person_id, done):
            hand_over(case=case, staff=staff, ladders=ladders, by=by, at=at)
            done.handed_over += 1
    return done


def note_new_times(*, municipality: Municipality, on: date, by: Actor, at: datetime) -> Round:
    """
    This function will note the system's own step as done in the cases where the family has a new time, and set the next one.

    A new time is an open appointment on the day or later, booked since the case was opened or moved.
    """
    done = Round()
    ladders = ladders_of(municipality)
    new_time = Appointment.objects.filter(planned_step=OuterRef("planned_step"), begins_at__gt=at)
    new_time = new_time.filter(state__in=[state.value for state in State if state.is_open])
    waiting = Case.objects.of(municipality).still_open().awake_on(on).filter(Exists(new_time)).order_by("pk")
    for case in waiting.select_related("municipality", "person", "owner", "deputy", "planned_step__enrolment"):
        with _one_child(case.person_id, done):
            if ladders.of(case.ladder).step(case.next_step).who is not Owner.SYSTEM:
                continue
            coming = proposal_after(case, done=case.next_step, on=on)
            record_step(
                case=case,
                step=case.next_step,
                done_at=at,
                then=Planned(coming.step.code),
                outcome=Outcome.NEW_TIME,
                by=by,
                at=at,
            )
            done.new_times += 1
    return done


def _count(taken: TakenIn, done: Round) -> None:
    done.opened += taken.opened
    done.moved += taken.moved
    done.noted += taken.noted


@contextmanager
def _one_child(person_id: int, done: Round) -> Iterator[None]:
    """Let one child fail without the others: tell of it, and go on. A database that cannot be reached is everybody's trouble."""
    try:
        yield
    except (OperationalError, InterfaceError):
        raise
    except Refused as refused:
        done.troubles.append(Poisoned(person_id, refused.sentence, type(refused).__name__))
    except Exception as wrong:
        _log.exception("follow-up could not do person %s", person_id)
        sentence = "Oppfølgingen kunne ikke føres for dette barnet. Se på barnets plan og timer, og åpne saken for hånd."
        done.troubles.append(Poisoned(person_id, sentence, f"{type(wrong).__name__}: {wrong}"[:500]))
