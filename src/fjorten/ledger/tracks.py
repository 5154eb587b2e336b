"""Where children stand in their programme, step by step: what the track on lists and on the child's page is drawn from."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from django.db.models import F

from fjorten.ledger.balance import state_on
from fjorten.organisation.models import Municipality
from fjorten.plans.models import PlannedStep
from fjorten.plans.programmes import programmes_of
from fjorten.plans.queries import enrolment_open_on
from fjorten.programme.status import Status
from fjorten.programme.steps import StepDefinition


@dataclass(frozen=True, slots=True)
class StandingStep:
    """
    One planned step and its state on a day. `definition` is None when its programme no longer comes with fjorten. `is_from_before`: its
    window had closed when the child was enrolled, and nobody has settled it: nobody here knows what became of it.
    """

    planned: PlannedStep
    definition: StepDefinition | None
    state: Status
    is_from_before: bool


def tracks_of(persons: Collection[int], *, municipality: Municipality, on: date) -> Mapping[int, tuple[StandingStep, ...]]:
    """
    This function will find the steps of children (by primary key) who are enrolled on a day, in the order of the programme, with the state
    of each; () for a child without a plan. Two questions, however many children.
    """
    found: defaultdict[int, list[StandingStep]] = defaultdict(list)
    enrolled = enrolment_open_on(on, "enrolment__")
    rows = PlannedStep.objects.filter(enrolled, municipality=municipality, enrolment__person__in=persons).annotate(
        state=state_on(on),
        child=F("enrolment__person_id"),
        version=F("enrolment__programme_version"),
        enrolled_on=F("enrolment__enrolled_on"),
    )
    step_of = cache(programmes_of(municipality).step_of)  # a list has fourteen steps over and over again
    for row in rows.defer(*_NOT_READ).order_by("child", "position", "pk"):
        is_from_before = row.outcome is None and row.window_until <= row.enrolled_on
        found[row.child].append(StandingStep(row, step_of(row.version, row.step), Status(row.state), is_from_before))
    return {child: tuple(found[child]) for child in persons}


# Of how a step was settled a list shows that, and when; who wrote it and why is read where it is asked for.
_NOT_READ: Final = ("outcome_at", "outcome_by", "outcome_reason")
