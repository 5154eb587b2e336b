"""
From rosters to slots: who is where on a day, for what, and which times that gives. Pure.

An opening comes back every week, or every nth week, on one weekday. A public holiday has none; an absence takes away what it covers, of an
employee, of a room, or of the whole clinic. Times are Norwegian clock times; slots are instants in UTC, so a night when the clocks change
has the slots that really fit in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import lcm

from fjorten.appointments.slots import FreeSlot
from fjorten.kernel.periods import Period
from fjorten.kernel.times import oslo_instant, start_of_day
from fjorten.kernel.working_days import holidays_of
from fjorten.programme.steps import Performer, Setting

_MOST_WEEKS_APART = 52  # a roster that comes back more seldom is a date, not a roster [default]


class OpeningIsInvalid(ValueError):
    """An opening that gives no slot, or never comes. The message says what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """
    A piece of a roster: on `weekday` (Monday is 0), from `begins` to `ends` by the clock, in the days of `valid`, every `every_weeks` weeks
    counted from the week `valid` starts in.

    Ids are primary keys. `performer` is what the employee can be used for; `doctor_id` is a doctor who is there too. Slots follow each
    other, `slot_minutes` long, `capacity` children in each (more than one in a group); the staff are kept free `travel_minutes` after each.
    Raises OpeningIsInvalid.
    """

    clinic_id: int
    employee_id: int
    performer: Performer
    doctor_id: int | None = None
    room_id: int | None
    setting: Setting
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
        if self.slot_minutes < 1 or self.capacity < 1 or not 1 <= self.every_weeks <= _MOST_WEEKS_APART or self.travel_minutes < 0:
            raise OpeningIsInvalid(f"minutes, capacity and weeks are at least 1, weeks at most {_MOST_WEEKS_APART}, and travel at least 0")
        if datetime.combine(date.min, self.ends) - datetime.combine(date.min, self.begins) < timedelta(minutes=self.slot_minutes):
            raise OpeningIsInvalid(f"from {self.begins} to {self.ends} there is no room for {self.slot_minutes} minutes")
        if self.every_weeks > 1 and self.valid.start is None:
            raise OpeningIsInvalid(f"every {self.every_weeks} weeks needs a day to count from")

    @property
    def performers(self) -> frozenset[Performer]:
        """Who receives the child: the employee, and the doctor where there is one."""
        return frozenset({self.performer} if self.doctor_id is None else {self.performer, Performer.CLINIC_DOCTOR})

    def is_on(self, day: date) -> bool:
        """Tell whether the opening falls on a day, holidays and absences apart."""
        if day.weekday() != self.weekday or day not in self.valid:
            return False
        return self.valid.start is None or (_monday(day) - _monday(self.valid.start)).days // 7 % self.every_weeks == 0

    def meets(self, other: Opening) -> bool:
        """Tell whether there is a day when both are open at once."""
        common = self.valid.intersection(other.valid)
        if self.weekday != other.weekday or common is None or not (self.begins < other.ends and other.begins < self.ends):
            return False
        if common.start is None:
            return True
        first = common.start + timedelta(days=(self.weekday - common.start.weekday()) % 7)
        days = (first + timedelta(weeks=weeks) for weeks in range(lcm(self.every_weeks, other.every_weeks)))
        return any(self.is_on(day) and other.is_on(day) for day in days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Days, or some hours of each, when an employee, a room, or a whole clinic is away: exactly one of the three is named."""

    days: Period
    clinic_id: int | None = None
    employee_id: int | None = None
    room_id: int | None = None
    begins: time = time.min
    ends: time | None = None

    def is_during(self, begins: datetime, ends: datetime, *, day: date) -> bool:
        """Tell whether the absence takes away any part of the time from `begins` to `ends` (instants) on a day in Norway."""
        if day not in self.days:
            return False
        until = oslo_instant(day, self.ends) if self.ends is not None else start_of_day(day + timedelta(days=1))
        return oslo_instant(day, self.begins) < ends and begins < until

    def is_of(self, *, clinic_id: int, employees: Collection[int | None], room_id: int | None) -> bool:
        """Tell whether the clinic, one of the employees, or the room is away."""
        if self.employee_id is not None:
            return self.employee_id in employees
        return self.room_id == room_id if self.room_id is not None else self.clinic_id == clinic_id


def slots_on(day: date, *, openings: Collection[Opening], absences: Collection[Absence] = ()) -> list[FreeSlot]:
    """
    This function will list the slots the rosters give on a day, in order of time, with every place left.

    None on a public holiday [default]. Where only the doctor is away the slot is there without: the nurse still receives [default].
    """
    if day in holidays_of(day.year):
        return []
    todays = [absence for absence in absences if day in absence.days]
    slots = (
        present
        for opening in openings
        if opening.is_on(day)
        for slot in _slots_of(opening, day)
        if (present := _less_absences(slot, todays, day)) is not None
    )
    return sorted(slots, key=lambda slot: (slot.begins_at, slot.ends_at, slot.employee_id))


def _less_absences(slot: FreeSlot, absences: Collection[Absence], day: date) -> FreeSlot | None:
    away = [absence for absence in absences if absence.is_during(slot.begins_at, slot.ends_at, day=day)]
    if any(absence.is_of(clinic_id=slot.clinic_id, employees={slot.employee_id}, room_id=slot.room_id) for absence in away):
        return None
    if slot.doctor_id is not None and any(absence.employee_id == slot.doctor_id for absence in away):
        return slot.without_doctor()
    return slot


def _slots_of(opening: Opening, day: date) -> Iterator[FreeSlot]:
    begins, closes = oslo_instant(day, opening.begins), oslo_instant(day, opening.ends)
    length, pause = timedelta(minutes=opening.slot_minutes), timedelta(minutes=opening.travel_minutes)
    while begins + length <= closes:
        yield FreeSlot(
            clinic_id=opening.clinic_id,
            employee_id=opening.employee_id,
            doctor_id=opening.doctor_id,
            room_id=opening.room_id,
            setting=opening.setting,
            performers=opening.performers,
            begins_at=begins,
            ends_at=begins + length,
            held_until=begins + length + pause,
            capacity=opening.capacity,
            places_left=opening.capacity,
            sitting=None,
        )
        begins += length + pause


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
