"""Resolving what does not match: every item ends with a person's decision, and can be put aside only until a day with a reason."""

from datetime import date, datetime

from django.db import transaction

from fjorten.audit.actor import Actor
from fjorten.audit.trail import record
from fjorten.kernel.refusals import Refused
from fjorten.plans.reasons import refuse_without_reason
from fjorten.registers.models import WorkItem


class WorkItemAlreadyResolved(Refused):
    """Someone was first."""

    sentence = "Oppgaven er allerede avsluttet."


class DayHasPassed(Refused):
    """Waiting until a day that has been is not waiting."""

    sentence = "Datoen å vente til må være fram i tid."


@transaction.atomic
def resolve(*, item: WorkItem, resolution: WorkItem.Resolution, reason: str, by: Actor, at: datetime) -> None:
    """Resolve a work item with a signed reason. Raises ReasonIsMissing, ReasonIsTooLong or WorkItemAlreadyResolved."""
    refuse_without_reason(reason)
    unresolved = WorkItem.objects.unresolved().filter(pk=item.pk)
    if not unresolved.update(resolved_at=at, resolved_by=by.who, resolution=resolution.value, resolution_reason=reason):
        raise WorkItemAlreadyResolved(item.pk)
    _record("work_item.resolved", item, by=by, at=at, reason=reason, resolution=resolution.value)


@transaction.atomic
def put_aside(*, item: WorkItem, until: date, today: date, reason: str, by: Actor, at: datetime) -> None:
    """
    Put a work item aside until a day, with a reason. Raises ReasonIsMissing, ReasonIsTooLong, DayHasPassed or WorkItemAlreadyResolved.
    """
    refuse_without_reason(reason)
    if until <= today:
        raise DayHasPassed(item.pk)
    if not WorkItem.objects.unresolved().filter(pk=item.pk).update(waits_until=until, waits_reason=reason):
        raise WorkItemAlreadyResolved(item.pk)
    _record("work_item.put_aside", item, by=by, at=at, reason=reason, until=until.isoformat())


def _record(action: str, item: WorkItem, *, by: Actor, at: datetime, reason: str, **detail: str) -> None:
    record(
        action,
        municipality=item.municipality.code,
        about=str(item.person.public_id),
        by=by,
        at=at,
        detail={"rule": item.rule, **detail},
        reason=reason,
    )
