"""
From rosters to slots: who is where on a day, for what, and which times that gives. Pure.

An opening comes back every week, or every nth week, on one weekday. A public holiday has none; an absence takes away what it covers, of a
person, of a room, or of the whole clinic. Times are Norwegian clock times; slots are instants in UTC, so a night when the clocks change
has the slots that really fit in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from fjorten.kernel.periods import Period
from fjorten.kernel.times import oslo_instant, start_of_day
from fjorten.kernel.working_days import holidays_of
from fjorten.programme.steps import Performer


class OpeningIsInvalid(ValueError):
    """An opening that gives no slot, or never comes. The message says what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """
    A piece of a roster: on `weekday` (Monday is 0), from `begins` to `ends` by the clock, in the days of `valid`, every `every_weeks` weeks
    counted from the week `valid` starts in.

    `person`, `room` are the roster's own codes. Slots follow each other, `slot_minutes` long, `capacity` children in each (more than one in
    a group), `travel_minutes` are kept free after each (home visits). Raises OpeningIsInvalid.
    """

    person: str
    room: str
    performer: Performer
    weekday: int
    begins: time
    ends: time
    valid: Period
    slot_minutes: int
    every_weeks: int = 1
    capacity: int = 1
    travel_minutes: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise OpeningIsInvalid(f"weekday {self.weekday}: Monday is 0 and Sunday 6")
        if self.slot_minutes < 1 or self.capacity < 1 or self.every_weeks < 1 or self.travel_minutes < 0:
            raise OpeningIsInvalid("minutes, capacity and weeks are at least 1, and travel at least 0")
        if datetime.combine(date.min, self.ends) - datetime.combine(date.min, self.begins) < timedelta(minutes=self.slot_minutes):
            raise OpeningIsInvalid(f"from {self.begins} to {self.ends} there is no room for {self.slot_minutes} minutes")
        if self.every_weeks > 1 and self.valid.start is None:
            raise OpeningIsInvalid(f"every {self.every_weeks} weeks needs a day to count from")

    def is_on(self, day: date) -> bool:
        """Tell whether the opening falls on a day, holidays and absences apart."""
        if day.weekday() != self.weekday or day not in self.valid:
            return False
        return self.valid.start is None or (_monday(day) - _monday(self.valid.start)).days // 7 % self.every_weeks == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Days, or some hours of each, when a person, a room, or (both None) the whole clinic is away."""

    days: Period
    person: str | None = None
    room: str | None = None
    begins: time = time.min
    ends: time | None = None

    def covers(self, opening: Opening, day: date, begins: datetime, ends: datetime) -> bool:
        """Tell whether the absence takes away any part of the time from `begins` to `ends` (instants) of an opening on a day."""
        if day not in self.days or (self.person or opening.person) != opening.person or (self.room or opening.room) != opening.room:
            return False
        until = oslo_instant(day, self.ends) if self.ends is not None else start_of_day(day + timedelta(days=1))
        return oslo_instant(day, self.begins) < ends and begins < until


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A time that can be booked: instants in UTC, whose and where, by whom it can be used, and for how many children."""

    begins_at: datetime
    ends_at: datetime
    person: str
    room: str
    performer: Performer
    capacity: int


def slots_on(day: date, *, openings: Collection[Opening], absences: Collection[Absence] = ()) -> list[Slot]:
    """This function will list the slots the rosters give on a day, in order of time. None on a public holiday [default]."""
    if day in holidays_of(day.year):
        return []
    return sorted(
        slot
        for opening in openings
        if opening.is_on(day)
        for slot in _slots_of(opening, day)
        if not any(absence.covers(opening, day, slot.begins_at, slot.ends_at) for absence in absences)
    )


def _slots_of(opening: Opening, day: date) -> Iterator[Slot]:
    begins, closes = oslo_instant(day, opening.begins), oslo_instant(day, opening.ends)
    length, pause = timedelta(minutes=opening.slot_minutes), timedelta(minutes=opening.travel_minutes)
    while begins + length <= closes:
        yield Slot(begins, begins + length, opening.person, opening.room, opening.performer, opening.capacity)
        begins += length + pause


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
