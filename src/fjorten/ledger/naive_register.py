"""
What the register says of one person, counted anew and as simply as it can be said. Pure.

Part of the independent recount: written from the words of the rules, day by day instead of period by period, and shares nothing with
`registers.timeline`. Days are ISO texts here, as they stand in the documents: they sort as days do.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final, NamedTuple

from fjorten.kernel.names import fold, is_temporary_newborn_name
from fjorten.kernel.national_id import NotANationalId, parse
from fjorten.kernel.times import start_of_day

STRICTEST: Final = "strictly_confidential"
_GRADES: Final = ("none", "client", "confidential", STRICTEST)


class Statement(NamedTuple):
    """One register document as it is stored."""

    id: int
    payload: dict[str, Any]
    digest: str
    sequence: int | None
    registered_at: datetime | None
    first_seen_on: date
    last_seen_on: date

    @property
    def told_at(self) -> datetime:
        """
        When the register knew this: the event's time; else the newest time stamp, when the document is an event's or stamped throughout;
        else the beginning of the last day it was seen.
        """
        if self.registered_at is not None:
            return self.registered_at
        stamp = self.payload["changed_at"]
        if stamp and (self.sequence is not None or self.payload["all_stamped"]):
            return datetime.fromisoformat(stamp)
        return start_of_day(self.last_seen_on)

    @property
    def source(self) -> str:
        """Where it came from, as it stands beside each fact."""
        return f"extract:{self.first_seen_on}" if self.sequence is None else f"feed:{self.sequence}"


class Facts(NamedTuple):
    """What the documents about one person add up to: the columns of the person, and the rows of each table of facts, as tuples."""

    person: dict[str, object]
    rows: dict[str, list[tuple[object, ...]]]


def oldest_first(statements: Iterable[Statement]) -> list[Statement]:
    """
    Put statements in the order the register made them.

    Events stand by their sequence number, and no event is older than one before it. Extracts and look-ups go in among them by when the
    register knew them, before an event of the same moment.
    """
    every = list(statements)
    others = sorted((s for s in every if s.sequence is None), key=lambda s: (s.told_at, s.last_seen_on, s.digest))
    events: list[tuple[datetime, Statement]] = []
    now = datetime.min.replace(tzinfo=UTC)
    for event in sorted((s for s in every if s.sequence is not None), key=lambda s: (s.sequence, s.digest)):
        now = max(now, event.told_at)
        events.append((now, event))
    line: list[Statement] = []
    for moment, event in sorted(events, key=lambda pair: (pair[0], pair[1].sequence, pair[1].first_seen_on, pair[1].digest)):
        while others and others[0].told_at <= moment:
            line.append(others.pop(0))
        line.append(event)
    return line + others


def facts_of(ordered: Sequence[Statement]) -> Facts:
    """Say what holds of a person, given all statements about them, oldest first. Where they live is `naive_residence`."""
    newest = ordered[-1]
    backwards = ordered[::-1]
    name = _name_in_force(backwards)
    born_on, born_by = _birth(ordered)
    is_dead = bool(newest.payload["dead"])
    person = {
        "status": status_of(newest)[:40],
        "born_on": born_on,
        "born_by": born_by,
        "sex": next((s.payload["sex"] for s in backwards if s.payload["sex"]), ""),
        "is_dead": is_dead,
        "died_on": as_day(newest.payload["died_on"]) if is_dead else None,
        "emigrated_on": as_day(emigrated_on(newest)),
        "given_name": name[0],
        "middle_name": name[1],
        "family_name": name[2],
        "name_is_temporary": is_temporary_newborn_name(name[0]),
        "search_name": fold(" ".join(filter(None, name))),
        "protection": grade_in_force(ordered),
        "source": newest.source,
    }
    rows = {
        "identifiers": _identifiers(ordered),
        "protections": _protections(backwards),
        "names": _latest_rows(backwards, "names", ("given", "middle", "family", "start", "end")),
        "responsibilities": _latest_rows(backwards, "responsibilities", ("kind", "number", "organisation", "start", "end")),
        "relations": _latest_rows(backwards, "relations", ("role", "number", "start", "end")),
        "migrations": _latest_rows(backwards, "moves", ("direction", "country", "on")),
    }
    return Facts(person, rows)


def status_of(statement: Statement) -> str:
    """Tell the status in force in one document: of several, the one that started last."""
    found, started = "", None
    for row in statement.payload["statuses"]:
        if row["current"] and (started is None or (row["start"] or "") > started):
            found, started = row["status"], row["start"] or ""
    return found


def emigrated_on(statement: Statement) -> str | None:
    """Tell when somebody whose status is moved out left the country: the last move out that has a day."""
    if status_of(statement) != "utflyttet":
        return None
    return max((move["on"] for move in statement.payload["moves"] if move["direction"] == "out" and move["on"]), default=None)


def has_place(statement: Statement) -> bool:
    """Tell whether a document gives a residence in force with a municipality."""
    return any(row["current"] and row["code"] for row in statement.payload["residences"])


def grade_told(statement: Statement) -> str:
    """Tell the strictest address protection in force in one document."""
    return max((row["level"] for row in statement.payload["protections"] if row["current"]), key=_GRADES.index, default="none")


def grade_in_force(ordered: Sequence[Statement]) -> str:
    """Tell the grade that applies: that of the newest document that is not silent about protection. Silence lifts nothing."""
    speaking = [statement for statement in ordered if _speaks_of_protection(statement)]
    return grade_told(speaking[-1]) if speaking else "none"


def as_day(text: str | None) -> date | None:
    """Read an ISO day."""
    return date.fromisoformat(text) if text else None


def _speaks_of_protection(statement: Statement) -> bool:
    # A document with an ungraded address in force says that the address is open.
    return bool(statement.payload["protections"]) or has_place(statement)


def _birth(ordered: Sequence[Statement]) -> tuple[date | None, date]:
    """Find the birth date, and the latest day it can have been, from the newest document that tells either of them."""
    for statement in reversed(ordered):
        if statement.payload["born_on"]:
            day = date.fromisoformat(statement.payload["born_on"])
            return day, day
        if statement.payload["born_year"] is not None:
            return None, date(statement.payload["born_year"], 12, 31)
    for statement in reversed(ordered):
        for row in statement.payload["identifiers"]:
            day_told = _told_by_number(row["number"])
            if day_told is not None:
                return day_told, day_told
    return None, date(min(statement.first_seen_on for statement in ordered).year, 12, 31)


def _told_by_number(number: str) -> date | None:
    try:
        return parse(number).told_birth_date
    except NotANationalId:
        return None


def _name_in_force(backwards: Sequence[Statement]) -> tuple[str, str, str]:
    """Take the name in force from the newest document with names: of several the one that started last, of those the one written last."""
    for statement in backwards:
        names = statement.payload["names"]
        if names:
            chosen = names[0]
            for row in names[1:]:
                if (row["current"], row["start"] or "") >= (chosen["current"], chosen["start"] or ""):
                    chosen = row
            return chosen["given"], chosen["middle"], chosen["family"]
    return "", "", ""


def _identifiers(ordered: Sequence[Statement]) -> list[tuple[object, ...]]:
    """
    List every number the person has been known by.

    In use is a number whose latest mention says so, unless the newest document has numbers in use and this is not one of them.
    """
    in_use_now = [row["number"] for row in ordered[-1].payload["identifiers"] if row["in_use"]]
    mentions = [(row, statement) for statement in ordered for row in statement.payload["identifiers"]]
    found: list[tuple[object, ...]] = []
    for number in sorted({row["number"] for row, _ in mentions}):
        own = [(row, statement) for row, statement in mentions if row["number"] == number]
        starts = [row["start"] for row, _ in own if row["start"]]
        is_in_use = own[-1][0]["in_use"] and (not in_use_now or number in in_use_now)
        found.append((number, is_in_use, as_day(starts[-1]) if starts else None, own[0][1].source))
    return found


def _protections(backwards: Sequence[Statement]) -> list[tuple[object, ...]]:
    speaking = next((statement for statement in backwards if _speaks_of_protection(statement)), None)
    if speaking is None:
        return []
    told: set[tuple[object, ...]] = set()
    for row in speaking.payload["protections"]:
        if row["level"] != "none":
            end = as_day(row["end"])
            if end is None and not row["current"]:
                end = speaking.first_seen_on  # over, but not since when: at the latest when we were told
            told.add((row["level"], as_day(row["start"]), end, speaking.source))
    return list(told)


def _latest_rows(backwards: Sequence[Statement], field: str, columns: tuple[str, ...]) -> list[tuple[object, ...]]:
    """Take a kind of rows from the newest document that has any: absence deletes nothing."""
    days = {"start", "end", "on"}
    for statement in backwards:
        rows = statement.payload[field]
        if rows:
            return [(*(as_day(row[column]) if column in days else row[column] for column in columns), statement.source) for row in rows]
    return []
