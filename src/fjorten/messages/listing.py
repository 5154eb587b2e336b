"""
The messages of a municipality as lists: one for each place a message may stand in, by the instant it was, or is, to go.

Read along one index (municipality, state, instant), a page at a time from a place in it, so that a page costs the same however many
messages there are, and however deep it lies.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from fjorten.messages.models import ContactTask, Message, OutboxState, Way
from fjorten.organisation.models import Municipality
from fjorten.people.models import Person

PAGE: Final = 50  # rows on a page
COUNTED_TO: Final = (
    1000  # more than this is said as «over 1 000»: the exact number of a list nobody reads to its end costs more than the page
)


class Standing(StrEnum):
    """Where a message stands, as the lists have it. `owed` should have left the house; what is `queued` is for later."""

    OWED = "owed"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    LAPSED = "lapsed"
    REPLACED = "replaced"


_STATES: Final[Mapping[Standing, tuple[OutboxState, ...]]] = {
    Standing.OWED: (OutboxState.QUEUED, OutboxState.IN_HAND),
    Standing.UNCERTAIN: (OutboxState.UNCERTAIN,),
    Standing.FAILED: (OutboxState.FAILED,),
    Standing.QUEUED: (OutboxState.QUEUED,),
    Standing.SENT: (OutboxState.SENT,),
    Standing.DELIVERED: (OutboxState.DELIVERED,),
    Standing.LAPSED: (OutboxState.LAPSED,),
    Standing.REPLACED: (OutboxState.REPLACED_BY_TASK,),
}
# Oldest first where somebody waits; the newest first of what is past.
_OLDEST_FIRST: Final = frozenset({Standing.OWED, Standing.QUEUED, Standing.UNCERTAIN})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which messages are asked for: about which children, by which way and in which language; None and "" ask for all."""

    children: QuerySet[Person]
    way: Way | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a list: the instant and the number of its row."""

    at: datetime
    row: int


@dataclass(frozen=True, slots=True)
class MessagesPage:
    """At most a page of messages in order, and whether there are more before and after."""

    rows: tuple[Message, ...]
    has_earlier: bool
    has_later: bool


def messages_listed(
    standing: Standing,
    wanted: Wanted,
    *,
    municipality: Municipality,
    at: datetime,
    after: Place | None = None,
    before: Place | None = None,
) -> MessagesPage:
    """This function will read a page of a list: the first, or the one after or before a place."""
    is_up = standing in _OLDEST_FIRST
    rows = _listed(standing, wanted, municipality, at).select_related("person", "adult")
    if before is not None:
        found = list(_along(rows, before, is_up=not is_up)[: PAGE + 1])
        return MessagesPage(tuple(reversed(found[:PAGE])), has_earlier=len(found) > PAGE, has_later=True)
    found = list(_along(rows, after, is_up=is_up)[: PAGE + 1])
    return MessagesPage(tuple(islice(found, PAGE)), has_earlier=after is not None, has_later=len(found) > PAGE)


def counts_listed(wanted: Wanted, *, municipality: Municipality, at: datetime) -> Mapping[Standing, int]:
    """This function will count every list, as far as `COUNTED_TO`, and one more where there are more. One question for each."""
    return {one: _listed(one, wanted, municipality, at)[: COUNTED_TO + 1].count() for one in Standing}


def tasks_listed(
    children: QuerySet[Person], *, municipality: Municipality, after: tuple[object, int] | None = None
) -> tuple[list[ContactTask], bool]:
    """This function will read a page of the manual list about some children, the nearest deadline first; and tell whether more follow."""
    rows = ContactTask.objects.filter(municipality=municipality, done_at__isnull=True, person__in=children.values("pk"))
    if after is not None:
        rows = rows.filter(Q(due_on__gt=after[0]) | Q(due_on=after[0], pk__gt=after[1]))
    found = list(rows.select_related("person", "owner", "deputy", "message").order_by("due_on", "pk")[: PAGE + 1])
    return found[:PAGE], len(found) > PAGE


def messages_of_child(person: Person, *, at_most: int) -> list[Message]:
    """This function will find the newest messages about a child, newest first."""
    return list(Message.objects.filter(person=person).select_related("person", "adult").order_by("-created_at", "-pk")[:at_most])


def _listed(standing: Standing, wanted: Wanted, municipality: Municipality, at: datetime) -> QuerySet[Message]:
    rows = Message.objects.of(municipality).filter(state__in=_STATES[standing])
    if standing is Standing.OWED:
        rows = rows.filter(not_before__lte=at)
    elif standing is Standing.QUEUED:
        rows = rows.filter(not_before__gt=at)
    if wanted.way is not None:
        rows = rows.filter(way=wanted.way)
    if wanted.language:
        rows = rows.filter(sent_language=wanted.language)
    return rows.filter(Exists(wanted.children.filter(pk=OuterRef("person_id"))))


def _along(rows: QuerySet[Message], place: Place | None, *, is_up: bool) -> QuerySet[Message]:
    if place is not None and is_up:
        rows = rows.filter(not_before__gte=place.at).filter(Q(not_before__gt=place.at) | Q(pk__gt=place.row))
    elif place is not None:
        rows = rows.filter(not_before__lte=place.at).filter(Q(not_before__lt=place.at) | Q(pk__lt=place.row))
    return rows.order_by("not_before", "pk") if is_up else rows.order_by(F("not_before").desc(), F("pk").desc())
