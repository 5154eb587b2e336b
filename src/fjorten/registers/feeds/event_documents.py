"""From events to the persons they are about: as they were after the event, or else as they are now, or else the reason why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from fjorten.registers.feeds.source import FeedRow, PersonDocument, RegisterSource


class AsOf(StrEnum):
    """Which state of a person a document shows."""

    EVENT = "event"
    NOW = "now"


@dataclass(frozen=True, slots=True)
class PersonAtEvent:
    """A row and the document that came of it; the document is left out of texts, since it holds everything about a person."""

    row: FeedRow
    document: PersonDocument = field(repr=False)
    as_of: AsOf


@dataclass(frozen=True, slots=True)
class PersonNotFound:
    """A row nobody could be found for, with the Norwegian reason. It says nothing about the person; somebody has to look."""

    row: FeedRow
    reason: str


@dataclass(frozen=True, slots=True)
class LookedUp:
    """Every row that was asked about, once, in one of the two lists; both in the order of the rows."""

    found: tuple[PersonAtEvent, ...]
    not_found: tuple[PersonNotFound, ...]


def people_in(rows: Sequence[FeedRow], source: RegisterSource) -> LookedUp:
    """
    This function will find the person each row is about.

    The archived document is asked for first. Some events have none (`personErOppdatert`, `personErOpphoertSomDublett`), and the register
    no longer gives out old ones: then the person is looked up by number as he or she is now, which is never older than the event. Source:
    Folkeregisteret, event list v1.8 [source]. Raises FeedCannotBeRead as the source does.
    """
    archived = source.documents([row.person_document for row in rows if row.person_document])
    current = source.persons([row.number.digits for row in rows if row.person_document not in archived and row.number.digits])
    reasons = {failure.key: failure.reason for found in (archived, current) for failure in found.failures}
    people: list[PersonAtEvent] = []
    not_found: list[PersonNotFound] = []
    for row in rows:
        number, identifier = row.number.digits, row.person_document or ""
        if identifier in archived:
            people.append(PersonAtEvent(row, archived[identifier], AsOf.EVENT))
        elif number in current:
            people.append(PersonAtEvent(row, current[number], AsOf.NOW))
        else:
            not_found.append(PersonNotFound(row, reasons.get(number) or reasons.get(identifier) or "Registeret svarte ikke."))
    return LookedUp(tuple(people), tuple(not_found))
