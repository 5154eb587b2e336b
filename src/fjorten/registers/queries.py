"""Questions about what the registers left for people to do."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from fjorten.kernel.refusals import Refused
from fjorten.organisation.models import Municipality
from fjorten.registers.enrolment import ANSWERED_BY_ENROLLING
from fjorten.registers.feed_ranges import Run, gaps
from fjorten.registers.models import FeedRange, PendingLookUp, RegisterLoad, WorkItem, WorkItemQuerySet


class NoSuchWorkItem(Refused):
    """There is no item with this number."""

    sentence = "Ingen oppgave har dette nummeret. Kjør `fjorten work` for å se listen."


def open_work(*, municipality: Municipality, on: date) -> WorkItemQuerySet:
    """Find what waits for a person on a day, nearest deadline first."""
    items = WorkItem.objects.of(municipality).unresolved().awake_on(on)
    return items.select_related("person").order_by("deadline_on", "pk")


def findings_answered_by_enrolling(persons: Collection[int]) -> Mapping[int, WorkItem]:
    """Find, for children (primary keys), the unresolved item with the nearest deadline that opening a journal resolves; none: left out."""
    if not persons:
        return {}
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


@dataclass(frozen=True, slots=True)
class FeedStanding:
    """
    What has come from the register: the newest extract that was read (None: never one), the last number of the feed, the runs of numbers
    that are missing before it, and how many persons must be looked up anew.
    """

    extract: RegisterLoad | None
    last: int | None
    missing: tuple[Run, ...]
    to_look_up: int


def feed_standing(*, municipality: Municipality) -> FeedStanding:
    """Tell what has come from the register, and what is missing of it. In three questions."""
    runs = received_runs(municipality)
    return FeedStanding(
        extract=RegisterLoad.objects.filter(municipality=municipality).order_by("-on", "-pk").first(),
        last=max((run.last for run in runs), default=None),
        missing=gaps(runs),
        to_look_up=PendingLookUp.objects.filter(municipality=municipality).count(),
    )


def received_runs(municipality: Municipality) -> tuple[Run, ...]:
    """List the runs of sequence numbers received from the feed."""
    rows = FeedRange.objects.filter(municipality=municipality).order_by("first")
    return tuple(Run(row.first, row.last) for row in rows)
