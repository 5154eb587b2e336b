"""
Who looked at whom: written before anything is shown, and read again by those who review it and by the family.

Looking is an event of the trail like any other: `read`, or `refused` for a try. About a list that is shown nothing is written but the
opened hits; a print or an export writes one event for each person in it, so that the log of one child is one question however they were
seen.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet

from fjorten.audit.actor import Actor
from fjorten.audit.models import AuditEvent
from fjorten.audit.trail import Detail, Entry, Kind, record_all

PAGE: Final = 100  # looks on a page of the log
_LOOKS: Final = (Kind.READ.value, Kind.REFUSED.value)

# What is read of an event to tell of a look: a week of a large municipality is many, and its hashes are not asked for.
_COLUMNS: Final = ("seq", "at", "action", "about", "who", "role", "unit", "ground", "kind", "detail")

Persons = Collection[str] | Mapping[str, str]  # opaque ids, or opaque ids with the ground of each


@dataclass(frozen=True, slots=True)
class Look:
    """
    One look, or try to look: its number in the chain, when, what (`action`), about whom (opaque id, "" for nobody in particular), who,
    and on what ground. `was_shown` is False for a try that was refused.
    """

    seq: int
    at: datetime
    action: str
    about: str
    who: str
    role: str
    unit: str
    ground: str
    was_shown: bool
    detail: Mapping[str, str | int | bool | None]


def note_look(
    action: str,
    *,
    persons: Persons = (),
    municipality: str,
    by: Actor,
    at: datetime,
    detail: Detail | None = None,
) -> None:
    """
    This function will record that somebody is to be shown something, in a short transaction of its own: call it before anything is shown,
    and show nothing when it raises.

    `persons` are opaque ids, each of whom gets an event; where the ground differs, with the ground for each instead of the actor's. Nobody:
    one event about nobody in particular (a page of counts, a text). `detail` is plain facts, never free text, a name or an identity number.
    """
    _note(Entry(action, detail=detail or {}, kind=Kind.READ), persons, municipality, by, at)


def note_refused(
    action: str,
    *,
    persons: Persons = (),
    municipality: str,
    by: Actor,
    at: datetime,
    detail: Detail | None = None,
) -> None:
    """This function will record that somebody asked to see something and was refused, as `note_look` does for what is shown."""
    _note(Entry(action, detail=detail or {}, kind=Kind.REFUSED), persons, municipality, by, at)


def _note(entry: Entry, persons: Persons, municipality: str, by: Actor, at: datetime) -> None:
    grounds = persons if isinstance(persons, Mapping) else dict.fromkeys(persons or ("",), by.ground)
    entries: dict[str, list[Entry]] = {}
    for person, ground in grounds.items():
        entries.setdefault(ground, []).append(replace(entry, about=person))
    with transaction.atomic(durable=True):  # committed when this returns, so that nothing is shown that a later fault takes the log of
        for ground, some in entries.items():
            record_all(some, municipality=municipality, by=replace(by, ground=ground), at=at)


def looks_at(
    person: str,
    *,
    municipality: str,
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
    most: int | None = PAGE,
) -> list[Look]:
    """
    This function will list who looked, or tried to look, at one person (opaque id), the latest first.

    Instants `[since, until)`. `before`: the number of the last look of the page before; `most` on a page, None for all.
    """
    return _page(_looks(municipality, since, until).filter(about=person), before, most)


def looks_by(
    who: str,
    *,
    municipality: str,
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
    most: int | None = PAGE,
) -> list[Look]:
    """This function will list what somebody (as the trail calls them) looked at, or tried to, the latest first; pages as of `looks_at`."""
    return _page(_looks(municipality, since, until).filter(who=who), before, most)


def looks_between(since: datetime, until: datetime, *, municipality: str) -> Iterator[Look]:
    """This function will go through all looks at persons in `[since, until)`, oldest first, without holding them all."""
    rows = _looks(municipality, since, until).exclude(about="").order_by("at", "seq")
    return (_look(row) for row in rows.values_list(*_COLUMNS).iterator(chunk_size=2000))


def _looks(municipality: str, since: datetime | None, until: datetime | None) -> QuerySet[AuditEvent]:
    looks = AuditEvent.objects.filter(municipality_code=municipality, kind__in=_LOOKS)
    if since is not None:
        looks = looks.filter(at__gte=since)
    return looks if until is None else looks.filter(at__lt=until)


def _page(looks: QuerySet[AuditEvent], before: int | None, most: int | None) -> list[Look]:
    rows = (looks if before is None else looks.filter(seq__lt=before)).order_by("-seq")
    return [_look(row) for row in (rows if most is None else rows[:most]).values_list(*_COLUMNS)]


def _look(row: tuple[Any, ...]) -> Look:
    seq, at, action, about, who, role, unit, ground, kind, detail = row
    return Look(seq, at, action, about, who, role, unit, ground, kind == Kind.READ.value, detail)
