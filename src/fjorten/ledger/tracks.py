"""Where children stand in their programme, step by step: what the track on lists and on the child's page is drawn from."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from typing import Any, Final, NamedTuple

from django.db.models import QuerySet

from fjorten.database.questions import Question
from fjorten.ledger.balance import state_on
from fjorten.organisation.models import Municipality
from fjorten.plans.models import PlannedStep
from fjorten.plans.programmes import programmes_of
from fjorten.plans.queries import enrolment_open_on
from fjorten.programme.status import Status
from fjorten.programme.steps import StepDefinition

_STATES: Final = {state.value: state for state in Status}


class StepFacts(NamedTuple):
    """What is read of a planned step, in the order it is asked for: a list has hundreds of them, and needs no rows that can be changed."""

    pk: int
    step: str
    position: int
    target_on: date
    window_from: date
    window_until: date
    outcome: str | None
    outcome_on: date | None
    is_confirmed: bool


class StandingStep(NamedTuple):
    """
    One planned step and its state on a day. `definition` is None when its programme no longer comes with fjorten. `is_from_before`: its
    window had closed when the child was enrolled, and nobody has settled it: nobody here knows what became of it.
    """

    planned: StepFacts
    definition: StepDefinition | None
    state: Status
    is_from_before: bool


def tracks_of(persons: Collection[int], *, municipality: Municipality, on: date) -> Mapping[int, tuple[StandingStep, ...]]:
    """
    This function will find the steps of children (by primary key) who are enrolled on a day, in the order of the programme, with the state
    of each; () for a child without a plan. Two questions, however many children.
    """
    found: defaultdict[int, list[StandingStep]] = defaultdict(list)
    step_of = cache(programmes_of(municipality).step_of)  # a list has fourteen steps over and over again
    for child, version, enrolled_on, state, *facts in Question(_steps, (municipality, on), {"persons": persons}).rows():
        planned = StepFacts._make(facts)
        is_from_before = planned.outcome is None and planned.window_until <= enrolled_on
        found[child].append(StandingStep(planned, step_of(version, planned.step), _STATES[state], is_from_before))
    return {child: tuple(found[child]) for child in persons}


def _steps(municipality: Municipality, on: date, persons: Collection[int]) -> QuerySet[PlannedStep, tuple[Any, ...]]:
    """The steps of children who are enrolled, with what is asked of their enrolment, and the facts, in order."""
    enrolled = enrolment_open_on(on, "enrolment__")
    steps = PlannedStep.objects.filter(enrolled, municipality=municipality, enrolment__person__in=persons).annotate(state=state_on(on))
    of_child = ("enrolment__person", "enrolment__programme_version", "enrolment__enrolled_on", "state")
    return steps.order_by("enrolment__person", "position", "pk").values_list(*of_child, *StepFacts._fields)
