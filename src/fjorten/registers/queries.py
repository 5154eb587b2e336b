"""Questions about what the registers left for people to do."""

from collections.abc import Collection, Mapping
from datetime import date

from django.db.models import Count

from fjorten.kernel.refusals import Refused
from fjorten.organisation.models import Municipality
from fjorten.registers.enrolment import ANSWERED_BY_ENROLLING
from fjorten.registers.models import WorkItem, WorkItemQuerySet


class NoSuchWorkItem(Refused):
    """There is no item with this number."""

    sentence = "Ingen oppgave har dette nummeret. Kjør `fjorten work` for å se listen."


def open_work(*, municipality: Municipality, on: date) -> WorkItemQuerySet:
    """Find what waits for a person on a day, nearest deadline first."""
    items = WorkItem.objects.of(municipality).unresolved().awake_on(on)
    return items.select_related("person").order_by("deadline_on", "pk")


def findings_answered_by_enrolling(persons: Collection[int]) -> Mapping[int, WorkItem]:
    """Find, for children (primary keys), the unresolved item with the nearest deadline that opening a journal resolves; none: left out."""
    items = WorkItem.objects.unresolved().filter(person__in=persons, rule__in=ANSWERED_BY_ENROLLING).order_by("-deadline_on", "-pk")
    return {item.person_id: item for item in items}


def waiting_work(*, municipality: Municipality, on: date) -> WorkItemQuerySet:
    """Find what somebody has put aside until a later day, the first to come back first."""
    items = WorkItem.objects.of(municipality).unresolved().filter(waits_until__gt=on)
    return items.select_related("person").order_by("waits_until", "pk")


def kinds_of(items: WorkItemQuerySet) -> dict[str, int]:
    """Count work items by their rule, the most first."""
    counted = items.order_by().values("rule").annotate(number=Count("pk")).order_by("-number", "rule")
    return {row["rule"]: row["number"] for row in counted}


def work_item_numbered(number: int, *, municipality: Municipality) -> WorkItem:
    """Find one work item. Raises NoSuchWorkItem."""
    item = WorkItem.objects.of(municipality).filter(pk=number).select_related("person", "municipality").first()
    if item is None:
        raise NoSuchWorkItem(number)
    return item
