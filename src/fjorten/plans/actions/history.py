"""How it is written what became of steps: a row of history each, and what the trail is told. Inside the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from django.db import transaction

from fjorten.audit.actor import Actor
from fjorten.audit.trail import Detail
from fjorten.plans.models import Enrolment, PlannedStep, StepEvent


@transaction.atomic(savepoint=False)
def write_history(*, rows: Sequence[PlannedStep], what: StepEvent.What, reason: str, by: Actor, at: datetime) -> None:
    """Write down what happened to steps, and how each stands after it."""
    StepEvent.objects.bulk_create(
        [
            StepEvent(
                planned_step=row,
                what=what,
                outcome=row.outcome,
                outcome_on=row.outcome_on,
                is_confirmed=row.is_confirmed,
                window_from=row.window_from,
                window_until=row.window_until,
                at=at,
                by=by.who,
                reason=reason,
            )
            for row in rows
        ]
    )


class About(TypedDict):
    municipality: str
    about: str
    detail: Detail


def about(enrolment: Enrolment, **detail: str | int) -> About:
    """Tell the trail whose plan an event is about."""
    person = enrolment.person
    return {"municipality": person.municipality.code, "about": str(person.public_id), "detail": {**detail}}
