"""
Where the register says one person lived, asked day by day. Pure.

Part of the independent recount: `registers.timeline` lays periods out; here one day at a time is put to the documents, newest first, and
the first one that speaks of that day answers. Days are ISO texts, which sort as days do.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from fjorten.kernel.times import start_of_day
from fjorten.ledger.naive_register import STRICTEST, Statement, as_day, emigrated_on, grade_in_force, grade_told, has_place, status_of
from fjorten.registers.residency import BIRTH_REGISTERED, NOT_RESIDENT

ALWAYS: Final = "0001-01-01"  # the day that stands for all days before the first we are told of
_NEVER: Final = "9999-99-99"
_LAST_DAY: Final = "9999-12-31"
# Whoever has left the country, is missing or has a number that is over stays nowhere either [default].
_NOT_STAYING: Final = frozenset({"utflyttet", "forsvunnet", "opphoert"})


class Place(NamedTuple):
    """A place as one document tells it: lived in from `start` (ALWAYS when it does not say) to the day before `end` (None: still)."""

    code: str
    kind: str
    basic_unit: str
    start: str
    end: str | None
    source: str
    is_via_mother: bool = False


class Home(NamedTuple):
    """What holds on a day, in the columns of the residence table."""

    municipality_code: str
    kind: str
    basic_unit: str
    is_here: bool
    source: str


class Word(NamedTuple):
    """
    What the register has said without our keeping any facts: that the child lives in another place (`elsewhere`), in no place (`nowhere`),
    or is strictly protected, without a place (`hidden`).
    """

    kind: str
    seen_on: date
    sequence: int | None
    registered_at: datetime | None

    @property
    def told_at(self) -> datetime:
        """When the register knew it."""
        return self.registered_at or start_of_day(self.seen_on)

    def is_newer_than(self, said: "Statement | Word") -> bool:
        """Tell whether it was said after something else: by sequence numbers when both are events, else by time."""
        if self.sequence is not None and said.sequence is not None:
            return self.sequence > said.sequence
        is_event_beside_another = isinstance(said, Word) and self.sequence is not None and self.told_at == said.told_at
        return self.told_at > said.told_at or is_event_beside_another


class _Telling(NamedTuple):
    """What one document says about residence, and the first day it speaks of (_NEVER: it is silent)."""

    places: list[Place]
    from_day: str


class Residences:
    """The residences of one person by all statements about them, oldest first, and the words that came without facts, one of a kind."""

    def __init__(self, ordered: Sequence[Statement], *, own_codes: Collection[str], words: Collection[Word]) -> None:
        backwards = ordered[::-1]
        self._newest = ordered[-1]
        self._tellings = [_telling(backwards[place:]) for place in range(len(backwards))]
        self._own_codes = own_codes
        holding = _words_that_hold(words, ordered)
        self.hidden_on = next((word.seen_on for word in holding if word.kind == "hidden"), None)
        self._grade = STRICTEST if self.hidden_on is not None else grade_in_force(ordered)
        self._has_later_word = any(word.is_newer_than(self._newest) for word in words)
        self._over_from = min((word.seen_on.isoformat() for word in holding if word.kind != "hidden"), default=_NEVER)
        self._last_known: Place | None = None
        self._last_known = self._find_last_known(backwards)

    def on(self, day: str) -> list[Home]:
        """Tell what holds on a day; empty when nothing is known to."""
        if day >= self._over_from:
            return []
        if self._last_known is not None and day >= self._last_known.start:
            return [self._home(self._last_known)]
        return [self._home(place) for place in self._told(day)]

    def open_ended(self) -> list[Home]:
        """Tell where the person lives until further notice."""
        return self.on(_LAST_DAY)

    def stays_here_since(self) -> tuple[bool, date | None]:
        """
        Tell whether the register has an address here for somebody who is no resident here, and since when.

        The duty to help follows the stay (pbrl § 6-1 [source]). Only the newest document counts.
        """
        if self._has_later_word or not says_stays_here(self._newest, self._own_codes):
            return False, None
        return True, as_day(max((row["start"] for row in _addresses_here(self._newest, self._own_codes) if row["start"]), default=None))

    def days_of_change(self) -> set[str]:
        """List every day on which what holds may change; between two of them it does not."""
        days = {ALWAYS, self._over_from, _NEVER if self._last_known is None else self._last_known.start}
        for telling in self._tellings:
            days.add(telling.from_day)
            for place in telling.places:
                days.update(day for day in (place.start, place.end) if day)
        return days - {_NEVER}

    def _told(self, day: str) -> list[Place]:
        """Ask the documents, newest first, about a day: the first that speaks of it answers."""
        nobody_spoke_later = True
        for telling in self._tellings:
            if telling.from_day <= day:
                # The strictly protected: what was told last, and is not told to be over, is only what was last known.
                is_last_known = self._grade == STRICTEST and nobody_spoke_later
                return [
                    place._replace(kind="last_known") if is_last_known and place.end is None else place
                    for place in telling.places
                    if place.start <= day and (place.end is None or day < place.end)
                ]
            nobody_spoke_later = nobody_spoke_later and telling.from_day == _NEVER
        return []

    def _find_last_known(self, backwards: Sequence[Statement]) -> Place | None:
        """
        Find the place that goes on for somebody strictly protected of whom no place is told, but who is not said to be dead or gone.

        It goes on from the first of the unbroken run of newest documents without place; also after a stay abroad [default].
        """
        if self._grade != STRICTEST or self._newest.payload["dead"] or _gone_on(self._newest) is not None or self._told(_LAST_DAY):
            return None
        silent_since = self._newest.first_seen_on.isoformat()
        for statement in backwards:
            if _gone_on(statement) is not None or has_place(statement):
                break
            silent_since = statement.first_seen_on.isoformat()
        over_on = _LAST_DAY
        for day in sorted(self.days_of_change(), reverse=True):
            told = self._told(day)
            if told:
                last = max(told, key=lambda place: place.start)
                return last._replace(kind="last_known", start=max(silent_since, over_on), end=None)
            over_on = day
        return None

    def _home(self, place: Place) -> Home:
        # The basic unit says too much about where a protected person lives.
        basic_unit = place.basic_unit if self._grade == "none" else ""
        is_here = place.is_via_mother or place.code in self._own_codes
        return Home(place.code, place.kind, basic_unit, is_here, place.source)


def _words_that_hold(words: Collection[Word], ordered: Sequence[Statement]) -> list[Word]:
    """
    Leave out the words that something newer has put an end to.

    Another place lasts until a document tells a place again, or until a mother living here does; the rest only until the next document. A
    place told in the open ends strict protection, and strict protection without a place ends being nowhere.
    """
    told_a_place = [statement for statement in ordered if says_where(statement)]
    until = {"elsewhere": told_a_place[-1] if told_a_place else ordered[-1]}
    later = {word.kind: word for word in words if word.is_newer_than(until.get(word.kind, ordered[-1]))}
    for kind, ended_by in (("nowhere", "hidden"), ("hidden", "elsewhere")):
        if kind in later and ended_by in later and later[ended_by].is_newer_than(later[kind]):
            del later[kind]
    return list(later.values())


def own_codes_for(ordered: Sequence[Statement], own_codes: Collection[str]) -> frozenset[str]:
    """Add the numbers the register gave the person's address while the person lived here and stayed where it was: a reform moves nobody."""
    codes = set(own_codes)
    latest: list[str] = []
    for statement in ordered:
        told = [row["code"] for row in statement.payload["residences"] if row["current"] and row["code"]]
        if statement.payload["renumbered"] and codes.intersection(latest):
            codes.update(told)
        if told:
            latest = told
    return frozenset(codes)


def since_first_here(ordered: list[Statement], own_codes: Collection[str]) -> list[Statement]:
    """Leave out what was said before the person first lived or stayed here, if that was ever said: it is not ours to know."""
    for place, statement in enumerate(ordered):
        if says_lives_here(statement, own_codes) or says_stays_here(statement, own_codes):
            return ordered[place:]
    return ordered


def says_lives_here(statement: Statement, own_codes: Collection[str]) -> bool:
    """Tell whether one document by itself says that a living person lives here."""
    if statement.payload["dead"] or status_of(statement) in NOT_RESIDENT:
        return False
    if _is_newborn_without_address(statement):
        return bool(statement.payload["mother_lives_here"])
    return any(row["current"] and row["code"] in own_codes for row in statement.payload["residences"])


def says_where(statement: Statement) -> bool:
    """Tell whether one document has the person living somewhere: a residence in force, or a mother who lives here."""
    if _is_newborn_without_address(statement):
        return bool(statement.payload["mother_lives_here"])
    return has_place(statement)


def says_stays_here(statement: Statement, own_codes: Collection[str]) -> bool:
    """Tell whether one document by itself gives a living person who is no resident here an address here."""
    if statement.payload["dead"] or status_of(statement) in _NOT_STAYING or says_lives_here(statement, own_codes):
        return False
    return bool(_addresses_here(statement, own_codes))


def _addresses_here(statement: Statement, own_codes: Collection[str]) -> list[dict[str, Any]]:
    rows = statement.payload["stays"] + statement.payload["residences"]
    return [row for row in rows if row["current"] and row["code"] in own_codes]


def _telling(backwards: Sequence[Statement]) -> _Telling:
    """Read what the first of some statements (newest first) says; the older ones only help to date a residence without a date."""
    statement = backwards[0]
    places = _newborn(statement) if _is_newborn_without_address(statement) else _places(backwards)
    gone = _gone_on(statement)
    if gone is not None:
        places = [place._replace(end=min(place.end or gone, gone)) for place in places if place.start < gone]
    speaks_from = [place.start for place in places] + ([gone] if gone is not None else [])
    if not speaks_from:
        # No place at all. The strictly protected have none, and the dead need none: such a document leaves standing what was known. Of
        # others nothing is known to hold from the day we were told.
        is_silent = grade_told(statement) == STRICTEST or statement.payload["dead"]
        return _Telling([], _NEVER if is_silent else statement.first_seen_on.isoformat())
    return _Telling(places, min(speaks_from))


def _is_newborn_without_address(statement: Statement) -> bool:
    registered = any(row["current"] and row["status"] == BIRTH_REGISTERED for row in statement.payload["statuses"])
    return registered and not has_place(statement)


def _newborn(statement: Statement) -> list[Place]:
    if not statement.payload["mother_lives_here"]:
        return []
    return [Place("", "via_mother", "", statement.payload["born_on"] or ALWAYS, None, statement.source, is_via_mother=True)]


def _places(backwards: Sequence[Statement]) -> list[Place]:
    """
    Lay out one document's places: the one in force that started last, and before it the others, each until the next one at the latest.

    A place that is over, or that another one in force has followed, counts only when it is dated.
    """
    statement = backwards[0]
    rows = [row for row in statement.payload["residences"] if row["code"]]
    last = None
    for row in rows:
        if row["current"] and (last is None or (row["start"] or "") > (last["start"] or "")):
            last = row
    places = []
    next_starts = None
    if last is not None:
        next_starts = last["start"] or _first_told(last["code"], backwards)
        places.append(Place(last["code"], last["kind"], last["basic_unit"], next_starts or ALWAYS, None, statement.source))
    earlier = [row for row in rows if row is not last and row["start"]]
    for row in sorted(earlier, key=lambda row: str(row["start"]), reverse=True):
        ends = [day for day in (row["end"], next_starts) if day]
        if ends and min(ends) > row["start"]:
            places.append(Place(row["code"], row["kind"], "", row["start"], min(ends), statement.source))
            next_starts = row["start"]
    return places


def _first_told(code: str, backwards: Sequence[Statement]) -> str | None:
    """
    Date an undated residence: the first day of the unbroken run of statements that tell it. None when no statement before says otherwise.

    A statement without any place breaks no run.
    """
    first_day = None
    for statement in backwards:
        codes = [row["code"] for row in statement.payload["residences"] if row["current"] and row["code"]]
        if codes and code not in codes:
            return first_day
        first_day = statement.first_seen_on.isoformat()
    return None


def _gone_on(statement: Statement) -> str | None:
    """Tell from which day a document says that the person lives nowhere in the country any more; None when it does not."""
    status = status_of(statement)
    if status not in NOT_RESIDENT:
        return None
    starts = [row["start"] for row in statement.payload["statuses"] if row["current"] and row["status"] == status and row["start"]]
    return emigrated_on(statement) or max(starts, default=None) or statement.first_seen_on.isoformat()
