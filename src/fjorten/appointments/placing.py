"""
Who needs a time, which times they could have, and what makes one better than another. Pure values; `solver` chooses among them.

A wish is a wish: no child goes without a time because none of the free ones was wished for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from fjorten.appointments.norms import Norms
from fjorten.appointments.slots import FreeSlot
from fjorten.kernel.periods import Period
from fjorten.kernel.times import OSLO, oslo_date
from fjorten.programme.steps import Performer, Setting


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From an instant up to, but not including, another."""

    begins_at: datetime
    ends_at: datetime

    def overlaps(self, other: Span) -> bool:
        """Tell whether there is a moment in both."""
        return self.begins_at < other.ends_at and other.begins_at < self.ends_at


@dataclass(frozen=True, slots=True)
class Wishes:
    """What suits a family: weekdays that do not (Monday is 0), from when and until when by the clock, and a few days' notice or not."""

    unsuitable_weekdays: frozenset[int] = frozenset()
    earliest: time | None = None
    latest: time | None = None
    can_come_soon: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """One way a step can be held: where, by whom, and how long at least. `is_second_best`: only when there is no room in a group."""

    setting: Setting
    performers: frozenset[Performer]
    minutes: int
    is_second_best: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """
    One child's need of a time for one planned step (both by primary key), as of a day.

    `days` are those the time may lie in, `target_on` the one to aim at, `opens_on` the first day of the window and `until_on` the first day
    that is too late: whose comes first goes first. `same_nurse` is the employee who received the child last, `replaces` the appointment
    (by primary key) the new time is given instead of. Children with the same `family` are siblings, and come together where their clinic
    is one; `family_times` are times siblings have already, and `taken` are the child's own.
    """

    planned_step: int
    child: int
    step: str
    clinic: int
    days: Period
    target_on: date
    opens_on: date
    until_on: date
    ways: tuple[Way, ...]
    same_nurse: int | None = None
    replaces: int | None = None
    family: int | None = None
    family_times: tuple[Span, ...] = ()
    taken: tuple[Span, ...] = ()
    needs_interpreter: bool = False
    wishes: Wishes = field(default_factory=Wishes)

    def on_any_day_from(self, soonest: date) -> Need:
        """Give the need with all days left of its window from a day on, however far ahead; when the window has passed, the days it has."""
        start = max(self.opens_on, soonest)
        return replace(self, days=Period(start, max(self.until_on, self.days.until or start, start)))

    @property
    def turn(self) -> tuple[date, date, int]:
        """Whose window closes first is first; then whose target comes first."""
        return self.until_on, self.target_on, self.planned_step


class WhyNot(StrEnum):
    """Why a child was given no time tonight. A family's wish is never one of the reasons."""

    NO_SUCH_TIME = "no_such_time"  # none of that place and competence in those days
    ONLY_SHORTER_TIMES = "only_shorter_times"  # there are some, but the step takes longer
    CHILD_IS_ELSEWHERE = "child_is_elsewhere"  # at the only times there are the child has another appointment
    TAKEN_BY_OTHERS = "taken_by_others"  # all went to children whose window closes first


class Shortcoming(StrEnum):
    """What could be better about a time."""

    INDIVIDUAL_INSTEAD_OF_GROUP = "individual_instead_of_group"
    OUTSIDE_WISH = "outside_wish"
    SIBLING_ANOTHER_DAY = "sibling_another_day"
    SIBLING_APART = "sibling_apart"
    ANOTHER_NURSE = "another_nurse"
    SHORT_NOTICE = "short_notice"


@dataclass(frozen=True, slots=True)
class Placement:
    """A child and the time it is given."""

    need: Need
    slot: FreeSlot


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A child without a time, and why."""

    need: Need
    why: WhyNot


@dataclass(frozen=True, slots=True)
class Placing:
    """
    Everybody's answer: each need is in exactly one of the two, in order of turn.

    `is_best`: nothing better exists among the times that were weighed. False when the search was stopped at its limit, and this is the best
    it had found.
    """

    placed: tuple[Placement, ...]
    unplaced: tuple[Unplaced, ...]
    is_best: bool


class Kind(NamedTuple):
    """What a slot can be used for: where, by whom, and how many minutes."""

    setting: Setting
    performers: frozenset[Performer]
    minutes: int

    def serves(self, way: Way) -> bool:
        """Tell whether place and competence are right, however long it lasts."""
        return self.setting is way.setting and way.performers <= self.performers


def span_of(slot: FreeSlot) -> Span:
    """This function will tell when a child given the slot is there."""
    return Span(slot.begins_at, slot.ends_at)


def way_for(need: Need, slot: FreeSlot) -> Way | None:
    """This function will tell in which way a slot can serve a need, by place, competence, length and clinic; None when in no way."""
    if slot.clinic_id != need.clinic or slot.places_left < 1:
        return None
    return way_among(need.ways, Kind(slot.setting, slot.performers, slot.minutes))


def way_among(ways: tuple[Way, ...], kind: Kind) -> Way | None:
    """This function will tell in which of some ways a kind of slot can serve, the first that fits; None when in none."""
    return next((way for way in ways if way.minutes <= kind.minutes and kind.serves(way)), None)


def fits(need: Need, slot: FreeSlot) -> bool:
    """
    This function will tell whether a need may be given a slot: right clinic, place, competence and length, on one of its days, and the
    child not elsewhere. These are never bent; everything else is weighed (`points`).
    """
    return slot.day in need.days and suits(need, slot)


def suits(need: Need, slot: FreeSlot) -> bool:
    """This function will tell whether a slot would serve a need were the day right: what a person who knows better may choose."""
    return way_for(need, slot) is not None and not _is_elsewhere(need, slot)


def points(need: Need, slot: FreeSlot, *, today: date, norms: Norms) -> int:
    """
    This function will weigh a slot for a need: 0 could not be better. All weights are ours [default], in norms.toml.

    Near the target, the cost growing with the distance; the same nurse as before; the family's wishes; next to a sibling's time; some days
    to prepare in, more when an interpreter must be ordered; and no more of the clinic's time than the step needs. What depends on where
    others are placed tonight (starting a group, siblings without a time yet) the solver adds.
    """
    way = way_for(need, slot)
    assert way is not None, "only slots that fit are weighed"
    weight = norms.points
    off, short = abs((slot.day - need.target_on).days), max(0, norms.soon_days - (slot.day - today).days)
    spare = len(slot.performers - way.performers) * weight.spare_performer + (slot.minutes - way.minutes) // 15 * weight.spare_quarter
    prices = {
        Shortcoming.INDIVIDUAL_INSTEAD_OF_GROUP: weight.individual_instead_of_group,
        Shortcoming.OUTSIDE_WISH: weight.outside_wish,
        Shortcoming.SIBLING_ANOTHER_DAY: weight.sibling_another_day,
        Shortcoming.SIBLING_APART: weight.sibling_apart,
        Shortcoming.ANOTHER_NURSE: weight.another_nurse,
        Shortcoming.SHORT_NOTICE: short * (weight.soon + need.needs_interpreter * weight.soon_for_interpreter),
    }
    return off * (weight.per_day + off) + spare + sum(prices[found] for found in shortcomings(need, slot, today=today, norms=norms))


def shortcomings(need: Need, slot: FreeSlot, *, today: date, norms: Norms) -> Iterator[Shortcoming]:
    """This function will list what could be better about a slot for a need; a wish broken twice is listed twice."""
    way = way_for(need, slot)
    if way is not None and way.is_second_best:
        yield Shortcoming.INDIVIDUAL_INSTEAD_OF_GROUP
    wishes = need.wishes
    if slot.day.weekday() in wishes.unsuitable_weekdays:
        yield Shortcoming.OUTSIDE_WISH
    if (wishes.earliest and _clock(slot.begins_at) < wishes.earliest) or (wishes.latest and _clock(slot.ends_at) > wishes.latest):
        yield Shortcoming.OUTSIDE_WISH
    if need.family_times:
        same_day = [span for span in need.family_times if oslo_date(span.begins_at) == slot.day]
        if not same_day:
            yield Shortcoming.SIBLING_ANOTHER_DAY
        elif not any(are_next_to_each_other(span, span_of(slot), norms=norms) for span in same_day):
            yield Shortcoming.SIBLING_APART
    if need.same_nurse not in (None, slot.employee_id):
        yield Shortcoming.ANOTHER_NURSE
    if (slot.day - today).days < norms.soon_days:
        yield Shortcoming.SHORT_NOTICE


def are_next_to_each_other(one: Span, other: Span, *, norms: Norms) -> bool:
    """This function will tell whether siblings could go from the one to the other, or are in both together: a family comes once."""
    limit = timedelta(minutes=norms.next_to_minutes)
    return one == other or any(
        timedelta(0) <= later.begins_at - earlier.ends_at <= limit for earlier, later in ((one, other), (other, one))
    )


class FreeTimes:
    """
    Free slots, by clinic, kind and day: of many slots only those that can serve a need are looked at. What serves is said by `fits`.

    `slots` keep their order; a slot is known by its place in it.
    """

    def __init__(self, slots: Sequence[FreeSlot]) -> None:
        self.slots = slots
        self._days: dict[int, dict[Kind, dict[date, list[int]]]] = {}
        for place, slot in enumerate(slots):
            if slot.places_left:
                kinds = self._days.setdefault(slot.clinic_id, {})
                days = kinds.setdefault(Kind(slot.setting, slot.performers, slot.minutes), {})
                days.setdefault(slot.day, []).append(place)

    def fitting(self, need: Need) -> list[int]:
        """Find the slots a need may be given (`fits`), in order."""
        kinds = self._days.get(need.clinic, {})
        right = [days for kind, days in kinds.items() if way_among(need.ways, kind) is not None]
        places = sorted(place for days in right for day, there in days.items() if day in need.days for place in there)
        return [place for place in places if not _is_elsewhere(need, self.slots[place])] if need.taken else places

    def why_not(self, need: Need) -> WhyNot:
        """Tell why a need that was given none of the slots went without."""
        kinds = self._days.get(need.clinic, {})
        there = [kind for kind, days in kinds.items() if any(day in need.days for day in days)]
        if not any(kind.serves(way) for kind in there for way in need.ways):
            return WhyNot.NO_SUCH_TIME
        if not any(way_among(need.ways, kind) for kind in there):
            return WhyNot.ONLY_SHORTER_TIMES
        return WhyNot.TAKEN_BY_OTHERS if self.fitting(need) else WhyNot.CHILD_IS_ELSEWHERE


def _clock(at: datetime) -> time:
    return at.astimezone(OSLO).time()


def _is_elsewhere(need: Need, slot: FreeSlot) -> bool:
    return any(span_of(slot).overlaps(span) for span in need.taken)
