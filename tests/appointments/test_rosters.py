"""The slots a roster gives: weekdays, every second week, holidays, absences, and the nights the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from fjorten.appointments.rosters import Absence, Opening, OpeningIsInvalid, slots_on
from fjorten.appointments.slots import FreeSlot
from fjorten.kernel.periods import Period
from fjorten.kernel.times import OSLO
from fjorten.programme.steps import Performer, Setting

MONDAY = date(2026, 3, 2)
ALWAYS = Period(date(2026, 1, 1), None)
KARI, OLA, PER = 11, 12, 13
HERE, ELSEWHERE = 1, 2
FIRST_ROOM, SECOND_ROOM = 21, 22
NURSE, DOCTOR = Performer.PUBLIC_HEALTH_NURSE, Performer.CLINIC_DOCTOR


def opening(**traits: Any) -> Opening:
    usual: dict[str, Any] = {
        "clinic_id": HERE,
        "employee_id": KARI,
        "performer": NURSE,
        "room_id": SECOND_ROOM,
        "setting": Setting.CLINIC,
        "weekday": 0,
        "begins": time(9),
        "ends": time(11),
        "valid": ALWAYS,
        "slot_minutes": 45,
    }
    return Opening(**(usual | traits))


def clock(slots: list[FreeSlot]) -> list[str]:
    return [f"{slot.begins_at.astimezone(OSLO):%H:%M}-{slot.ends_at.astimezone(OSLO):%H:%M}" for slot in slots]


def test_slots_follow_each_other_and_none_goes_beyond_the_end() -> None:
    assert clock(slots_on(MONDAY, openings=[opening()])) == ["09:00-09:45", "09:45-10:30"]
    assert clock(slots_on(MONDAY, openings=[opening(ends=time(11, 15))])) == ["09:00-09:45", "09:45-10:30", "10:30-11:15"]
    assert clock(slots_on(MONDAY, openings=[opening(travel_minutes=20)])) == ["09:00-09:45", "10:05-10:50"]


def test_the_slots_of_all_openings_come_in_order_of_time() -> None:
    doctor = opening(employee_id=OLA, room_id=FIRST_ROOM, performer=DOCTOR, begins=time(9, 30), slot_minutes=60)
    slots = slots_on(MONDAY, openings=[doctor, opening()])
    assert [slot.employee_id for slot in slots] == [KARI, OLA, KARI]
    assert clock(slots) == ["09:00-09:45", "09:30-10:30", "09:45-10:30"]


def test_a_slot_says_all_that_is_needed_to_book_it() -> None:
    [slot, _] = slots_on(MONDAY, openings=[opening(doctor_id=OLA, setting=Setting.GROUP, capacity=6, travel_minutes=10)])
    assert slot == FreeSlot(
        clinic_id=HERE,
        employee_id=KARI,
        doctor_id=OLA,
        room_id=SECOND_ROOM,
        setting=Setting.GROUP,
        performers=frozenset({NURSE, DOCTOR}),
        begins_at=datetime(2026, 3, 2, 8, 0, tzinfo=UTC),
        ends_at=datetime(2026, 3, 2, 8, 45, tzinfo=UTC),
        held_until=datetime(2026, 3, 2, 8, 55, tzinfo=UTC),
        capacity=6,
        places_left=6,
        sitting=None,
    )
    assert slot.without_doctor().doctor_id is None
    assert slot.without_doctor().performers == {NURSE}


def test_a_doctor_who_receives_alone_is_still_a_doctor_without_another() -> None:
    [slot, _] = slots_on(MONDAY, openings=[opening(employee_id=OLA, performer=DOCTOR)])
    assert slot.without_doctor() == slot


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
        (Absence(days=Period(MONDAY, MONDAY + timedelta(1)), clinic_id=HERE), []),
        (Absence(days=Period(MONDAY, MONDAY + timedelta(1)), clinic_id=ELSEWHERE), ["09:00-09:45", "09:45-10:30"]),
        (Absence(days=Period(MONDAY, MONDAY + timedelta(1)), employee_id=KARI), []),
        (Absence(days=Period(MONDAY, MONDAY + timedelta(1)), employee_id=PER), ["09:00-09:45", "09:45-10:30"]),
        (Absence(days=Period(MONDAY, MONDAY + timedelta(1)), room_id=SECOND_ROOM), []),
        (Absence(days=Period(MONDAY, MONDAY + timedelta(1)), room_id=FIRST_ROOM), ["09:00-09:45", "09:45-10:30"]),
        (Absence(days=Period(MONDAY + timedelta(1), None), clinic_id=HERE), ["09:00-09:45", "09:45-10:30"]),
        (Absence(days=Period(None, None), clinic_id=HERE, ends=time(9)), ["09:00-09:45", "09:45-10:30"]),
        (Absence(days=Period(None, None), clinic_id=HERE, ends=time(9, 1)), ["09:45-10:30"]),
        (Absence(days=Period(None, None), clinic_id=HERE, begins=time(9, 45)), ["09:00-09:45"]),
        (Absence(days=Period(None, None), clinic_id=HERE, begins=time(10, 30)), ["09:00-09:45", "09:45-10:30"]),
    ],
)
def test_an_absence_takes_away_what_it_covers(absence: Absence, left: list[str]) -> None:
    assert clock(slots_on(MONDAY, openings=[opening()], absences=[absence])) == left


def test_where_only_the_doctor_is_away_the_nurse_still_receives() -> None:
    away = Absence(days=Period(MONDAY, MONDAY + timedelta(1)), employee_id=OLA, ends=time(9, 45))
    slots = slots_on(MONDAY, openings=[opening(doctor_id=OLA)], absences=[away])
    assert [(slot.doctor_id, slot.performers) for slot in slots] == [(None, {NURSE}), (OLA, {NURSE, DOCTOR})]


def test_a_home_visit_has_no_room_and_no_absent_room_stops_it() -> None:
    away = Absence(days=Period(None, None), room_id=SECOND_ROOM)
    assert len(slots_on(MONDAY, openings=[opening(setting=Setting.HOME, room_id=None)], absences=[away])) == 2


@pytest.mark.parametrize(
    ("traits", "meet"),
    [
        ({}, True),
        ({"weekday": 1}, False),
        ({"begins": time(11), "ends": time(12)}, False),
        ({"begins": time(10), "ends": time(12)}, True),
        ({"valid": Period(date(2025, 1, 1), date(2026, 1, 1))}, False),
        ({"valid": Period(date(2025, 1, 1), date(2026, 1, 5))}, False),  # both hold on 1-4 January, but no Monday is in it
        ({"valid": Period(date(2025, 1, 1), date(2026, 1, 6))}, True),
        ({"valid": Period(None, None)}, True),
        ({"every_weeks": 2}, True),
        ({"every_weeks": 2, "valid": Period(date(2026, 1, 12), None)}, True),
    ],
)
def test_whether_two_openings_are_ever_open_at_once(traits: dict[str, Any], meet: bool) -> None:
    assert opening().meets(opening(**traits)) is meet
    assert opening(**traits).meets(opening()) is meet


@pytest.mark.parametrize(
    ("weeks", "starts", "meet"),
    [
        ((2, 2), (date(2026, 1, 5), date(2026, 1, 12)), False),
        ((2, 2), (date(2026, 1, 5), date(2026, 1, 19)), True),
        ((2, 4), (date(2026, 1, 5), date(2026, 1, 12)), False),
        ((2, 3), (date(2026, 1, 5), date(2026, 1, 12)), True),
        ((52, 51), (date(2026, 1, 5), date(2026, 1, 12)), True),
    ],
)
def test_openings_of_odd_and_even_weeks_never_meet(weeks: tuple[int, int], starts: tuple[date, date], meet: bool) -> None:
    first, second = (opening(every_weeks=every, valid=Period(start, None)) for every, start in zip(weeks, starts, strict=True))
    assert first.meets(second) is meet


def test_openings_that_always_were_meet() -> None:
    assert opening(valid=Period(None, None)).meets(opening(valid=Period(None, None)))


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
        {"every_weeks": 53},
        {"travel_minutes": -1},
        {"ends": time(8)},
        {"every_weeks": 2, "valid": Period(None, None)},
    ],
)
def test_an_opening_that_can_give_nothing_is_refused(traits: dict[str, Any]) -> None:
    with pytest.raises(OpeningIsInvalid):
        opening(**traits)
