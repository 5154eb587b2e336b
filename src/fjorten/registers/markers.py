"""
Words of the register about children we keep no facts of, and what is left of them when we learn that such a child was ours. Pure.

Of a child elsewhere only a marker is kept: what kind of word it was, and when. When an older document turns up that has the child living
here, the markers take the place of the documents we never kept, so that the order of arrival changes nothing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from fjorten.kernel.times import start_of_day
from fjorten.registers.documents import Payload
from fjorten.registers.statements import Statement, gone_status, tells_a_place, tells_no_place


class MarkerKind(StrEnum):
    """What was said: a place that is not ours; no place at all (dead, emigrated, without address); or strict protection, and no place."""

    ELSEWHERE = "elsewhere"
    NOWHERE = "nowhere"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Marker:
    """A word without facts: of which kind, on which day we saw it, and when and as which event the register said it."""

    kind: MarkerKind
    seen_on: date
    sequence: int | None = None
    registered_at: datetime | None = None

    @property
    def told_at(self) -> datetime:
        """When the register knew it."""
        return self.registered_at or start_of_day(self.seen_on)


@dataclass(frozen=True, slots=True)
class Marked:
    """
    What markers add to the documents: strictly protected since, residence over on (None: no); and whether any of them is the newest word.
    """

    hidden_on: date | None
    over_on: date | None
    is_newest: bool


def kind_of(payload: Payload) -> MarkerKind:
    """Tell which kind of marker stands for a document that does not have the person living here."""
    if tells_no_place(payload):
        return MarkerKind.HIDDEN
    is_gone = payload["dead"] or gone_status(payload) is not None
    return MarkerKind.ELSEWHERE if tells_a_place(payload) and not is_gone else MarkerKind.NOWHERE


def is_newer_marker(marker: Marker, other: Marker) -> bool:
    """Tell whether a marker was told after another: two events by their numbers, else by when the register knew it; then the event wins."""
    if marker.sequence is not None and other.sequence is not None:
        return marker.sequence > other.sequence
    return (marker.told_at, marker.sequence is not None) > (other.told_at, other.sequence is not None)


def what_markers_add(markers: Collection[Marker], backwards: Sequence[Statement]) -> Marked:
    """
    Weigh markers, at most one of each kind, against the documents we hold of the person, newest first.

    A word of a place is over only when a newer document tells a place: strict protection, or a time without any, brings nobody back who had
    moved before. The other words are over as soon as anything newer is said; strict protection also outlives the word that the person is
    nowhere, and then the place known last stays open, since nobody may conclude that such a child lives elsewhere [default].
    """
    newest = backwards[0]
    placed = next((statement for statement in backwards if tells_a_place(statement.payload)), newest)
    held = {marker.kind: marker for marker in markers if _is_newer(marker, placed if marker.kind is MarkerKind.ELSEWHERE else newest)}
    elsewhere, nowhere, hidden = (held.get(kind) for kind in (MarkerKind.ELSEWHERE, MarkerKind.NOWHERE, MarkerKind.HIDDEN))
    if hidden is not None and nowhere is not None and is_newer_marker(hidden, nowhere):
        nowhere = None
    if hidden is not None and elsewhere is not None and is_newer_marker(elsewhere, hidden):
        hidden = None
    over = [marker.seen_on for marker in (elsewhere, nowhere) if marker is not None]
    return Marked(
        hidden_on=hidden.seen_on if hidden is not None else None,
        over_on=min(over, default=None),
        is_newest=any(_is_newer(marker, newest) for marker in markers),
    )


def _is_newer(marker: Marker, statement: Statement) -> bool:
    if marker.sequence is not None and statement.sequence is not None:
        return marker.sequence > statement.sequence
    return marker.told_at > statement.told_at
