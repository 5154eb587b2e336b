"""
Whether there are times enough: who cannot be placed inside the window, and twelve weeks of need against what the rosters give. Pure.

Nothing here is a promise: births and moves are last year's mean, and misses last year's share [default]. A shortage is shown by ISO week,
place and competence, so that a leader sees which times to open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from fjorten.appointments.placing import Unplaced
from fjorten.appointments.slots import FreeSlot
from fjorten.programme.steps import Performer, Setting

WEEKS: Final = 12
_ONE_WEEK: Final = timedelta(weeks=1)


class Competence(StrEnum):
    """The scarcest of those a time needs: whoever it takes besides the nurse, else the nurse."""

    DOCTOR = "doctor"
    PHYSIOTHERAPIST = "physiotherapist"
    MIDWIFE = "midwife"
    NURSE = "nurse"


_SCARCEST_FIRST: Final = (
    (Performer.CLINIC_DOCTOR, Competence.DOCTOR),
    (Performer.PHYSIOTHERAPIST, Competence.PHYSIOTHERAPIST),
    (Performer.MIDWIFE, Competence.MIDWIFE),
)


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """A week by its Monday; written "2026-W11" [source: ISO 8601]."""

    monday: date

    @classmethod
    def of(cls, day: date) -> Week:
        """Find the week of a day."""
        return cls(day - timedelta(days=day.weekday()))

    def __str__(self) -> str:
        year, week, _ = self.monday.isocalendar()
        return f"{year}-W{week:02}"

    def after(self, weeks: int) -> Week:
        """Find the week some weeks later."""
        return Week(self.monday + weeks * _ONE_WEEK)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of time: where it is, and everybody who must be there."""

    setting: Setting
    performers: frozenset[Performer]

    @property
    def competence(self) -> Competence:
        """The scarcest competence among those who must be there."""
        return next((competence for performer, competence in _SCARCEST_FIRST if performer in self.performers), Competence.NURSE)

    def can_serve(self, other: Kind) -> bool:
        """Whether a time of this kind will do for one of the other."""
        return self.setting is other.setting and other.performers <= self.performers

    @property
    def order(self) -> tuple[str, str]:
        """A stable order: by place, then competence."""
        return self.setting.value, "+".join(sorted(self.performers))


@dataclass(frozen=True, slots=True)
class Shortage:
    """How many children lack a time of a kind in a week: the week of the day they should have been aimed at."""

    week: Week
    setting: Setting
    competence: Competence
    missing: int


def shortages(unplaced: Iterable[Unplaced]) -> tuple[Shortage, ...]:
    """This function will count those who could not be placed by week, place and competence, in order of time."""
    missing: dict[tuple[Week, Setting, Competence], int] = defaultdict(int)
    for one in unplaced:
        way = one.need.ways[0]
        missing[Week.of(one.need.target_on), way.setting, Kind(way.setting, way.performers).competence] += 1
    ordered = sorted(missing.items(), key=lambda item: (item[0][0], item[0][1].value, item[0][2].value))
    return tuple(Shortage(week, setting, competence, number) for (week, setting, competence), number in ordered)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """
    What a forecast is made from. `planned` are steps without an appointment by the week of their target, those behind in the first week;
    `newborn` the kinds of time a newborn needs and after how many days; the means are of the last twelve months, moves net and per week;
    `missed_share` is of appointments whose time has come; `free` are places by the week they are in.
    """

    first_week: Week
    planned: Mapping[tuple[Week, Kind], float]
    newborn: Sequence[tuple[int, Kind]] = ()
    births_a_week: float = 0.0
    moves_a_week: float = 0.0
    children: int = 0
    missed_share: float = 0.0
    free: Mapping[tuple[Week, Kind], float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WeekForecast:
    """
    One kind of time in one week, in children: who needs one this week, the places that could serve them (a doctor's place can serve those
    who need a nurse as well, and is counted for both), and how many are `behind` when the week is over, earlier weeks included.
    """

    week: Week
    kind: Kind
    need: float
    free: float
    behind: float


def forecast(outlook: Outlook, *, weeks: int = WEEKS) -> tuple[WeekForecast, ...]:
    """
    This function will set the need of each week against the free places of each kind, week by week.

    Need: the planned steps; those of children still to be born, at last year's mean; what children who move in or out add or take away, as
    if they were like the others; and new times after a miss, last year's share of all of it [default]. Places go first to those they are
    just right for, and what is left to those who need less. Whoever gets none waits into the next week.
    """
    kinds = sorted({kind for _, kind in outlook.planned} | {kind for _, kind in outlook.newborn}, key=lambda kind: kind.order)
    behind: dict[Kind, float] = defaultdict(float)
    found = []
    for number in range(weeks):
        week = outlook.first_week.after(number)
        need = {kind: _need(outlook, number, kind) for kind in kinds}
        wanted = {kind: need[kind] + behind[kind] for kind in kinds}
        free = {kind: places for (when, kind), places in outlook.free.items() if when == week}
        behind |= _left_over(wanted, free)
        for kind in kinds:
            could = sum(places for other, places in free.items() if other.can_serve(kind))
            found.append(WeekForecast(week, kind, need[kind], could, behind[kind]))
    return tuple(found)


def _need(outlook: Outlook, number: int, kind: Kind) -> float:
    week = outlook.first_week.after(number)
    planned = outlook.planned.get((week, kind), 0.0)
    born = sum(outlook.births_a_week for days, needed in outlook.newborn if needed == kind and days // 7 <= number)
    moved = planned * outlook.moves_a_week * number / outlook.children if outlook.children else 0.0
    return max(0.0, planned + born + moved) * (1 + outlook.missed_share)


def _left_over(wanted: Mapping[Kind, float], free: Mapping[Kind, float]) -> dict[Kind, float]:
    """Share the places of a week, those who need most people first, each from the places that are least more than it needs."""
    left, without = dict(free), dict(wanted)
    for kind in sorted(wanted, key=lambda kind: (-len(kind.performers), kind.order)):
        for places in sorted((other for other in left if other.can_serve(kind)), key=lambda other: (len(other.performers), other.order)):
            taken = min(left[places], without[kind])
            left[places] -= taken
            without[kind] -= taken
    return without


def places_by_week(slots: Iterable[FreeSlot]) -> dict[tuple[Week, Kind], float]:
    """This function will count the free places of each kind, week by week."""
    free: dict[tuple[Week, Kind], float] = defaultdict(float)
    for slot in slots:
        free[Week.of(slot.day), Kind(slot.setting, slot.performers)] += slot.places_left
    return dict(free)
