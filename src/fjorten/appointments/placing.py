"""
Who needs a time, which times they could have, and what makes one better than another. Pure values; `solver` chooses among them.

A wish is a wish: no child goes without a time because none of the free ones was wished for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

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


def span_of(slot: FreeSlot) -> Span:
    """This function will tell when a child given the slot is there."""
    return Span(slot.begins_at, slot.ends_at)


def way_for(need: Need, slot: FreeSlot) -> Way | None:
    """This function will tell in which way a slot can serve a need, by place, competence, length and clinic; None when in no way."""
    if slot.clinic_id != need.clinic or slot.places_left < 1:
        return None
    return next((way for way in need.ways if way.minutes <= slot.minutes and _serves(slot, way)), None)


def fits(need: Need, slot: FreeSlot) -> bool:
    """
    This function will tell whether a need may be given a slot: right clinic, place, competence and length, on one of its days, and the
    child not elsewhere. These are never bent; everything else is weighed (`points`).
    """
    return slot.day in need.days and way_for(need, slot) is not None and not _is_elsewhere(need, slot)


def why_not(need: Need, slots: list[FreeSlot]) -> WhyNot:
    """This function will tell why a need that was given none of the free slots went without."""
    days = [slot for slot in slots if slot.clinic_id == need.clinic and slot.places_left and slot.day in need.days]
    if not any(_serves(slot, way) for slot in days for way in need.ways):
        return WhyNot.NO_SUCH_TIME
    right = [slot for slot in days if way_for(need, slot)]
    if not right:
        return WhyNot.ONLY_SHORTER_TIMES
    return WhyNot.CHILD_IS_ELSEWHERE if all(_is_elsewhere(need, slot) for slot in right) else WhyNot.TAKEN_BY_OTHERS


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
    begins, ends = slot.begins_at.astimezone(OSLO), slot.ends_at.astimezone(OSLO)
    wishes = need.wishes
    if begins.weekday() in wishes.unsuitable_weekdays:
        yield Shortcoming.OUTSIDE_WISH
    if (wishes.earliest and begins.time() < wishes.earliest) or (wishes.latest and ends.time() > wishes.latest):
        yield Shortcoming.OUTSIDE_WISH
    if need.family_times:
        same_day = [span for span in need.family_times if oslo_date(span.begins_at) == begins.date()]
        if not same_day:
            yield Shortcoming.SIBLING_ANOTHER_DAY
        elif not any(are_next_to_each_other(span, span_of(slot), norms=norms) for span in same_day):
            yield Shortcoming.SIBLING_APART
    if need.same_nurse not in (None, slot.employee_id):
        yield Shortcoming.ANOTHER_NURSE
    if (begins.date() - today).days < norms.soon_days:
        yield Shortcoming.SHORT_NOTICE


def are_next_to_each_other(one: Span, other: Span, *, norms: Norms) -> bool:
    """This function will tell whether siblings could go from the one to the other, or are in both together: a family comes once."""
    limit = timedelta(minutes=norms.next_to_minutes)
    return one == other or any(
        timedelta(0) <= later.begins_at - earlier.ends_at <= limit for earlier, later in ((one, other), (other, one))
    )


def _serves(slot: FreeSlot, way: Way) -> bool:
    return slot.setting is way.setting and way.performers <= slot.performers


def _is_elsewhere(need: Need, slot: FreeSlot) -> bool:
    return any(span_of(slot).overlaps(span) for span in need.taken)
