"""What the register holds of a person, element by element, and beside it what is told and what is true of them on each day."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from fjorten.kernel.national_id import NationalId, Sex
from fjorten.simulation.names import Origin
from fjorten.simulation.places import Home, Values


class Status(StrEnum):
    """The register's word for how a person stands to the country [source: Folkeregisteret, Folkeregisterpersonstatus]."""

    RESIDENT = "bosatt"
    EMIGRATED = "utflyttet"
    MISSING = "forsvunnet"
    DEAD = "doed"
    CEASED = "opphoert"
    BIRTH_REGISTERED = "foedselsregistrert"
    TEMPORARY = "midlertidig"
    INACTIVE = "inaktiv"
    NOT_RESIDENT = "ikkeBosatt"


class Protection(StrEnum):
    """Grades of address protection, weakest first."""

    NONE = "none"
    CLIENT = "client"
    CONFIDENTIAL = "confidential"
    STRICTLY_CONFIDENTIAL = "strictly_confidential"


@dataclass(slots=True)
class Entry:
    """
    One element of a person's document and its fate, counted in the office's moments. `element` is as the register writes it, but for what
    its fate adds.

    `recorded`, `ended` and `annulled` are the moments when the register was told. An annulled entry disappears, or, as some registers do,
    stays visible as no longer current (`stays_visible`): which of the two ours does is not published [unverified], so both occur.
    """

    field: str
    element: Values
    valid_on: date
    recorded: int
    ended: int | None = None
    ended_on: date | None = None
    annulled: int | None = None
    stays_visible: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """
    What the register has been told of a person at the end of a day.

    `numbers` are oldest first, so the last is the one in use. `home` is the registered residence, `stay` the address of somebody without
    one. `merged_into` is the person this one turned out to be.
    """

    numbers: tuple[NationalId, ...]
    born_on: date
    status: Status
    given_name: str
    family_name: str
    middle_name: str = ""
    name_is_temporary: bool = False
    home: Home | None = None
    stay: Home | None = None
    grading: Protection = Protection.NONE
    died_on: date | None = None
    guardians: tuple[NationalId, ...] = ()
    merged_into: int | None = None

    @property
    def number(self) -> NationalId:
        """The number in use."""
        return self.numbers[-1]

    @property
    def protection(self) -> Protection:
        """The strictest of the person's own grade and the address's."""
        if self.grading is Protection.NONE and self.home is not None and self.home.is_client_address:
            return Protection.CLIENT
        return self.grading


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a person really is: the code of a municipality, or None for abroad, hidden or dead."""

    municipality_code: str | None
    is_alive: bool = True


@dataclass(slots=True, eq=False, repr=False)
class Person:
    """An invented person: the register's entries about them, what was told on which day, and where they really were."""

    key: int
    sex: Sex
    origin: Origin
    is_child: bool
    mother: Person | None = None
    father: Person | None = None
    duplicate_of: Person | None = None
    entries: list[Entry] = field(default_factory=list)
    _told_days: list[date] = field(default_factory=list)
    _told: list[Standing] = field(default_factory=list)
    _moved_days: list[date] = field(default_factory=list)
    _whereabouts: list[Whereabouts] = field(default_factory=list)

    def __repr__(self) -> str:
        return f"Person({self.key})"

    @property
    def standing(self) -> Standing:
        """What the register has been told up to now."""
        return self._told[-1]

    @property
    def number(self) -> NationalId:
        """The number in use."""
        return self._told[-1].numbers[-1]

    def tell(self, day: date, standing: Standing) -> None:
        """This function will note what the register knows from `day` on. Days must not go backwards."""
        if self._told_days and self._told_days[-1] == day:
            self._told[-1] = standing
        else:
            self._told_days.append(day)
            self._told.append(standing)

    def go(self, day: date, whereabouts: Whereabouts) -> None:
        """This function will note where the person really is from `day` on, whatever the register knows."""
        place = bisect_right(self._moved_days, day)
        self._moved_days.insert(place, day)
        self._whereabouts.insert(place, whereabouts)

    def standing_on(self, day: date) -> Standing | None:
        """This function will find what the register knew at the end of a day; None before it had heard of the person."""
        place = bisect_right(self._told_days, day)
        return self._told[place - 1] if place else None

    def has_been_told_of(self, codes: frozenset[str], *, until: date) -> bool:
        """This function will tell whether the register has ever openly placed the person, as resident or stayer, under one of the codes."""
        told = self._told[: bisect_right(self._told_days, until)]
        openly = (standing for standing in told if standing.grading is not Protection.STRICTLY_CONFIDENTIAL)
        return any(home is not None and home.municipality_code in codes for standing in openly for home in (standing.home, standing.stay))

    def last_open_home_on(self, day: date) -> Home | None:
        """This function will find the last residence the register told openly, before strict protection hid the one there is now."""
        for standing in reversed(self._told[: bisect_right(self._told_days, day)]):
            if standing.home is not None and standing.grading is not Protection.STRICTLY_CONFIDENTIAL:
                return standing.home
        return None

    def whereabouts_on(self, day: date) -> Whereabouts:
        """This function will find where the person really was at the end of a day."""
        place = bisect_right(self._moved_days, day)
        return self._whereabouts[max(place - 1, 0)]

    def here_since(self, codes: frozenset[str], *, on: date) -> date | None:
        """This function will find since when the person has really been under one of the codes without a break; None when not there."""
        since = None
        last = bisect_right(self._moved_days, on)
        for day, whereabouts in reversed(list(zip(self._moved_days[:last], self._whereabouts[:last], strict=True))):
            if whereabouts.municipality_code not in codes:
                break
            since = day
        return since

    def current(self, entry_field: str) -> Entry | None:
        """This function will find the entry in force for a field, the latest when there are several."""
        for entry in reversed(self.entries):
            if entry.field == entry_field and entry.ended is None and entry.annulled is None:
                return entry
        return None

    def all_current(self, entry_field: str) -> list[Entry]:
        """This function will find every entry in force for a field: parents and guardians come in pairs."""
        return [entry for entry in self.entries if entry.field == entry_field and entry.ended is None and entry.annulled is None]
