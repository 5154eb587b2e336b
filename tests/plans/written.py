"""What stands in the tables after an action, in a form a test can spell out."""

from typing import Any

from django.apps import apps

from fjorten.audit.models import AuditEvent
from fjorten.audit.trail import reason_digest
from fjorten.plans.models import Enrolment, PlannedStep, StepEvent


def step_of(enrolment: Enrolment, code: str) -> PlannedStep:
    return PlannedStep.objects.get(enrolment=enrolment, step=code)


def history_of(enrolment: Enrolment, code: str) -> list[tuple[Any, ...]]:
    """A step's history in the order it was written: what, outcome, on which day, confirmed, by whom, why."""
    events = StepEvent.objects.filter(planned_step__enrolment=enrolment, planned_step__step=code).order_by("pk")
    return list(events.values_list("what", "outcome", "outcome_on", "is_confirmed", "by", "reason"))


def trail() -> list[str]:
    """What has been recorded, without what every test begins with."""
    return list(AuditEvent.objects.exclude(action="municipality.opened").order_by("seq").values_list("action", flat=True))


def last_event(*, reason: str) -> dict[str, Any]:
    """The newest event, held to the reason that was given: the trail keeps only its digest."""
    event = AuditEvent.objects.order_by("-seq").first()
    assert event is not None
    assert event.reason_digest == reason_digest(reason, salt=event.reason_salt)
    return {"action": event.action, "about": event.about, "who": event.who, "at": event.at, "detail": event.detail}


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the rooms an action of this room writes in, the trail included."""
    rooms = ("plans", "journal", "audit", "people")
    models = [model for room in rooms for model in apps.get_app_config(room).get_models()]
    return {model._meta.label: sorted(model._default_manager.values_list(), key=repr) for model in models}
