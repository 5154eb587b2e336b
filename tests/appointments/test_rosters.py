"""The slots a roster gives: weekdays, every second week, holidays, absences, and the nights the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from fjorten.appointments.rosters import Absence, Opening, OpeningIsInvalid, Slot, slots_on
from fjorten.kernel.periods import Period
from fjorten.kernel.times import OSLO
from fjorten.programme.steps import Performer

MONDAY = date(2026, 3, 2)
ALWAYS = Period(date(2026, 1, 1), None)


def opening(**traits: Any) -> Opening:
    usual: dict[str, Any] = {
        "person": "kari",
        "room": "rom 2",
        "performer": Performer.PUBLIC_HEALTH_NURSE,
        "weekday": 0,
        "begins": time(9),
        "ends": time(11),
        "valid": ALWAYS,
        "slot_minutes": 45,
    }
    return Opening(**(usual | traits))


def clock(slots: list[Slot]) -> list[str]:
    return [f"{slot.begins_at.astimezone(OSLO):%H:%M}-{slot.ends_at.astimezone(OSLO):%H:%M}" for slot in slots]


def test_slots_follow_each_other_and_none_goes_beyond_the_end() -> None:
    assert clock(slots_on(MONDAY, openings=[opening()])) == ["09:00-09:45", "09:45-10:30"]
    assert clock(slots_on(MONDAY, openings=[opening(ends=time(11, 15))])) == ["09:00-09:45", "09:45-10:30", "10:30-11:15"]
    assert clock(slots_on(MONDAY, openings=[opening(travel_minutes=20)])) == ["09:00-09:45", "10:05-10:50"]


def test_the_slots_of_all_openings_come_in_order_of_time() -> None:
    doctor = opening(person="ola", room="rom 1", performer=Performer.CLINIC_DOCTOR, begins=time(9, 30), slot_minutes=60)
    slots = slots_on(MONDAY, openings=[doctor, opening()])
    assert [slot.person for slot in slots] == ["kari", "ola", "kari"]
    assert slots == sorted(slots)


@pytest.mark.parametrize(
    ("day", "traits", "is_on"),
    [
        (date(2026, 3, 3), {}, False),
        (date(2026, 3, 2), {"valid": Period(date(2026, 3, 2), date(2026, 3, 9))}, True),
        (date(2026, 3, 9), {"valid": Period(date(2026, 3, 2), date(2026, 3, 9))}, False),
        (date(2025, 12, 29), {}, False),
        (date(2025, 12, 29), {"valid": Period(None, None)}, True),
        (date(2026, 3, 2), {"every_weeks": 2, "valid": Period(date(2026, 3, 4), None)}, False),
        (date(2026, 3, 9), {"every_weeks": 2, "valid": Period(date(2026, 3, 4), None)}, False),
        (date(2026, 3, 16), {"every_weeks": 2, "valid": Period(date(2026, 3, 4), None)}, True),
        (date(2027, 1, 4), {"every_weeks": 2, "valid": Period(date(2026, 12, 21), None)}, True),  # over a year with 53 weeks
    ],
)
def test_which_days_an_opening_falls_on(day: date, traits: dict[str, Any], is_on: bool) -> None:
    assert bool(slots_on(day, openings=[opening(**traits)])) is is_on


def test_a_holiday_has_no_slots() -> None:
    assert slots_on(date(2026, 4, 6), openings=[opening()]) == []  # Easter Monday


@pytest.mark.parametrize(
    ("absence", "left"),
    [
        (Absence(days=Period(MONDAY, MONDAY + timedelta(1))), []),
        (Absence(days=Period(MONDAY, MONDAY + timedelta(1)), person="kari"), []),
        (Absence(days=Period(MONDAY, MONDAY + timedelta(1)), person="ola"), ["09:00-09:45", "09:45-10:30"]),
        (Absence(days=Period(MONDAY, MONDAY + timedelta(1)), room="rom 2"), []),
        (Absence(days=Period(MONDAY + timedelta(1), None)), ["09:00-09:45", "09:45-10:30"]),
        (Absence(days=Period(None, None), ends=time(9)), ["09:00-09:45", "09:45-10:30"]),
        (Absence(days=Period(None, None), ends=time(9, 1)), ["09:45-10:30"]),
        (Absence(days=Period(None, None), begins=time(9, 45)), ["09:00-09:45"]),
        (Absence(days=Period(None, None), begins=time(10, 30)), ["09:00-09:45", "09:45-10:30"]),
    ],
)
def test_an_absence_takes_away_what_it_covers(absence: Absence, left: list[str]) -> None:
    assert clock(slots_on(MONDAY, openings=[opening()], absences=[absence])) == left


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 3), (date(2026, 10, 25), 5), (date(2026, 11, 1), 4)])
def test_a_night_when_the_clocks_change_has_the_hours_it_has(day: date, hours: int) -> None:
    night = opening(weekday=6, begins=time(0), ends=time(4), slot_minutes=60)
    slots = slots_on(day, openings=[night])
    assert len(slots) == hours
    assert all(slot.ends_at - slot.begins_at == timedelta(hours=1) for slot in slots)
    assert [slot.ends_at for slot in slots[:-1]] == [slot.begins_at for slot in slots[1:]]


def test_slots_are_instants_in_utc() -> None:
    [first, _] = slots_on(MONDAY, openings=[opening()])
    assert (first.begins_at, first.begins_at.tzinfo) == (datetime(2026, 3, 2, 8, tzinfo=UTC), UTC)


@pytest.mark.parametrize(
    "traits",
    [
        {"weekday": 7},
        {"slot_minutes": 0},
        {"slot_minutes": 121},
        {"capacity": 0},
        {"every_weeks": 0},
        {"travel_minutes": -1},
        {"ends": time(8)},
        {"every_weeks": 2, "valid": Period(None, None)},
    ],
)
def test_an_opening_that_can_give_nothing_is_refused(traits: dict[str, Any]) -> None:
    with pytest.raises(OpeningIsInvalid):
        opening(**traits)
