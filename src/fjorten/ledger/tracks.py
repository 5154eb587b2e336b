"""Where children stand in their programme, step by step: what the track on lists and on the child's page is drawn from."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

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
    rows = PlannedStep.objects.filter(enrolled, municipality=municipality, enrolment__person__in=persons).annotate(state=state_on(on))
    programmes = programmes_of(municipality)
    for row in rows.select_related("enrolment").order_by("enrolment__person", "position", "pk"):
        enrolment = row.enrolment
        definition = programmes.step_of(enrolment.programme_version, row.step)
        is_from_before = row.outcome is None and row.window_until <= enrolment.enrolled_on
        found[enrolment.person_id].append(StandingStep(row, definition, Status(row.state), is_from_before))
    return {child: tuple(found[child]) for child in persons}
