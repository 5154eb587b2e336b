"""
What the register says about one person, one document at a time, and the order it was said in. Pure.

The timeline lays statements over each other; here each one is only asked what it says by itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from fjorten.kernel.times import start_of_day
from fjorten.people.facts import Protection
from fjorten.registers.documents import Payload, is_birth_registered_without_address, strictest
from fjorten.registers.residency import NOT_RESIDENT

_BEGINNING: Final = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Statement:
    """
    One document as heard: from an event of the feed (with its sequence number and when the register made it) or from an extract or a
    look-up (with the days it was seen on).
    """

    payload: Payload
    digest: str
    seen_on: date
    last_seen_on: date
    sequence: int | None = None
    registered_at: datetime | None = None

    @property
    def source(self) -> str:
        """Where the statement came from, as it will stand beside each fact."""
        return f"feed:{self.sequence}" if self.sequence is not None else f"extract:{self.seen_on.isoformat()}"

    @property
    def told_at(self) -> datetime:
        """
        When the register knew this: the event's own time; for an extract or a look-up the newest time stamp in the document when all of it
        is stamped, but for a look-up never before the event that made us ask; else the beginning of the day it was last seen.
        """
        if self.sequence is not None and self.registered_at is not None:
            return self.registered_at
        stamp = self.payload["changed_at"]
        is_telling = stamp is not None and (self.payload["all_stamped"] or self.sequence is not None)
        stamped = datetime.fromisoformat(stamp) if stamp is not None and is_telling else None
        told = [moment for moment in (self.registered_at, stamped) if moment is not None]
        return max(told) if told else start_of_day(self.last_seen_on)


def in_register_order(statements: Iterable[Statement]) -> list[Statement]:
    """
    Order statements from oldest to newest.

    Events follow their sequence numbers; an event never counts as older than one before it. Extracts and look-ups are placed among them
    by when the register knew their content; at the same moment the event wins, because the feed goes on and an extract does not.
    """
    statements = list(statements)
    placed: list[tuple[tuple[datetime, int, int, date, str], Statement]] = []
    latest = _BEGINNING
    for event in sorted((s for s in statements if s.sequence is not None), key=lambda s: (s.sequence or 0, s.digest)):
        latest = max(latest, event.told_at)
        placed.append(((latest, 1, event.sequence or 0, event.seen_on, event.digest), event))
    placed += [((s.told_at, 0, 0, s.last_seen_on, s.digest), s) for s in statements if s.sequence is None]
    return [statement for _, statement in sorted(placed, key=lambda pair: pair[0])]


def lives_here(payload: Payload, own_codes: frozenset[str]) -> bool:
    """Tell whether one document says, by itself, that the person is alive and lives in the municipality."""
    if payload["dead"] or gone_status(payload) is not None:
        return False
    if is_birth_registered_without_address(payload):
        return payload["mother_lives_here"]
    return any(row["current"] and row["code"] in own_codes for row in payload["residences"])


def tells_a_place(payload: Payload) -> bool:
    """Tell whether one document has the person living somewhere: a residence in force, or with a mother who lives here."""
    if is_birth_registered_without_address(payload):
        return payload["mother_lives_here"]
    return any(row["current"] and row["code"] for row in payload["residences"])


def tells_no_place(payload: Payload) -> bool:
    """Tell whether one document says that a living resident is strictly protected, and not where: it must never read as elsewhere."""
    if payload["dead"] or gone_status(payload) is not None or strictest(payload) != Protection.STRICTLY_CONFIDENTIAL:
        return False
    return not any(row["current"] and row["code"] for row in payload["residences"])


def stays_here(payload: Payload, own_codes: frozenset[str]) -> bool:
    """
    Tell whether one document says that the person is not a resident but has an address in the municipality, of stay or otherwise.

    The duty to help follows the stay (pbrl § 6-1 [source]); persons with a D-number have no address of residence at all.
    """
    if payload["dead"] or lives_here(payload, own_codes) or current_status(payload) in {"utflyttet", "forsvunnet", "opphoert"}:
        return False
    return any(row["current"] and row["code"] in own_codes for row in payload["stays"] + payload["residences"])


def newborn_here_on(statements: Iterable[Statement], *, own_codes: frozenset[str], newborn_days: int) -> date | None:
    """
    Find the first day the register told, within `newborn_days` of the birth, that the child lived here; None when it never did.

    Such a child is enrolled at once. Looks at all statements, so that a late or reordered event gives the same answer [default].
    """
    return min(
        (
            statement.seen_on
            for statement in statements
            if (born := statement.payload["born_on"]) is not None
            and (statement.seen_on - date.fromisoformat(born)).days <= newborn_days
            and lives_here(statement.payload, own_codes)
        ),
        default=None,
    )


def current_status(payload: Payload) -> str:
    """Tell the status in force that began last, in the register's own word; "" when there is none."""
    current = [row for row in payload["statuses"] if row["current"]]
    return max(current, key=lambda row: row["start"] or "")["status"][:40] if current else ""


def gone_status(payload: Payload) -> str | None:
    """Tell the status in force when it says that the person does not live in the country; else None."""
    status = current_status(payload)
    return status if status in NOT_RESIDENT else None


def gone_from(statement: Statement) -> date | None:
    """Tell from which day a document says that the person no longer lives anywhere in the country; None when it does not say so."""
    status = gone_status(statement.payload)
    if status is None:
        return None
    starts = [row["start"] for row in statement.payload["statuses"] if row["current"] and row["status"] == status and row["start"]]
    return emigrated_on(statement.payload) or as_date(max(starts, default=None)) or statement.seen_on


def emigrated_on(payload: Payload) -> date | None:
    """Tell on which day somebody who is registered as emigrated did so; None for everybody else and when it is not told."""
    if current_status(payload) != "utflyttet":
        return None
    return max((day for move in payload["moves"] if move["direction"] == "out" and (day := as_date(move["on"]))), default=None)


def as_date(text: str | None) -> date | None:
    """Read an ISO day; None stays None."""
    return date.fromisoformat(text) if text else None
