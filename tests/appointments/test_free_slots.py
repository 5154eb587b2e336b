"""What can be booked: the rosters, less absences and what is held. Holidays, groups, travel, and a constant number of questions."""

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fjorten.appointments.actions.absences import record_absence
from fjorten.appointments.actions.booking import book
from fjorten.appointments.actions.outcomes import cancel_by_family
from fjorten.appointments.actions.rosters import add_opening, end_opening
from fjorten.appointments.queries import free_slots
from fjorten.appointments.slots import FreeSlot
from fjorten.kernel.times import OSLO
from fjorten.organisation.actions import end_employment, hire, open_clinic, open_municipality, open_room
from fjorten.organisation.models import Employee, Municipality
from fjorten.plans.models import Enrolment, PlannedStep
from fjorten.programme.steps import Performer, Setting
from tests.factories.clinic import AT, CLERK, LEADER, SINCE, StaffedClinic, a_staffed_clinic, an_enrolled_child, step_of

MONDAY = date(2026, 3, 16)


def free(here: StaffedClinic, from_on: date = MONDAY, days: int = 1, **traits: Any) -> list[FreeSlot]:
    return free_slots(municipality=here.municipality, from_on=from_on, until_on=from_on + timedelta(days=days), **traits)


def clock(slots: Sequence[FreeSlot]) -> list[str]:
    return [f"{slot.begins_at.astimezone(OSLO):%a %H:%M}" for slot in slots]


def test_a_free_time_can_be_booked_as_it_is_and_is_then_gone(here: StaffedClinic, step: PlannedStep) -> None:
    here.opens(weekday=0, doctor=here.doctor)
    first, *rest = free(here)
    assert clock([first, *rest]) == ["Mon 09:00", "Mon 09:30", "Mon 10:00", "Mon 10:30", "Mon 11:00", "Mon 11:30"]
    assert first == here.slot("2026-03-16 09:00", doctor=here.doctor)
    assert first.performers == {Performer.PUBLIC_HEALTH_NURSE, Performer.CLINIC_DOCTOR}
    booked = book(planned_step=step, slot=first, by=CLERK, at=AT)
    assert free(here) == rest
    cancel_by_family(appointment=booked, by=CLERK, at=AT)
    assert free(here) == [first, *rest]


def test_a_longer_time_put_in_by_hand_takes_every_slot_it_touches(here: StaffedClinic, step: PlannedStep) -> None:
    here.opens(weekday=0)
    book(planned_step=step, slot=here.slot("2026-03-16 09:20", minutes=45), by=CLERK, at=AT)
    assert clock(free(here)) == ["Mon 10:30", "Mon 11:00", "Mon 11:30"]


@pytest.mark.parametrize("by_hand", [{"employee": "other_nurse"}, {"room": "other_room"}])
def test_the_room_and_the_employee_are_each_enough_to_take_a_slot(by_hand: dict[str, str], here: StaffedClinic, step: PlannedStep) -> None:
    here.opens(weekday=0, ends=time(10))
    slot = here.slot("2026-03-16 09:00", **{name: getattr(here, value) for name, value in by_hand.items()})
    book(planned_step=step, slot=slot, by=CLERK, at=AT)
    assert clock(free(here)) == ["Mon 09:30"]


def test_a_doctor_beside_two_nurses_is_with_one_of_them_at_a_time(here: StaffedClinic, step: PlannedStep) -> None:
    here.opens(weekday=0, ends=time(9, 30), doctor=here.doctor)
    here.opens(weekday=0, ends=time(9, 30), doctor=here.doctor, employee=here.other_nurse, room=here.other_room)
    with_kari, with_per = free(here)
    book(planned_step=step, slot=with_kari, by=CLERK, at=AT)
    assert free(here) == [with_per.without_doctor()]


def test_a_time_given_without_the_doctor_leaves_the_doctor_to_the_other(here: StaffedClinic, step: PlannedStep) -> None:
    here.opens(weekday=0, ends=time(9, 30), doctor=here.doctor)
    here.opens(weekday=0, ends=time(9, 30), doctor=here.doctor, employee=here.other_nurse, room=here.other_room)
    with_kari, with_per = free(here)
    book(planned_step=step, slot=with_kari.without_doctor(), by=CLERK, at=AT)
    assert free(here) == [with_per]


def test_a_group_that_is_not_full_is_listed_with_its_sitting_and_what_it_is_for(here: StaffedClinic) -> None:
    here.opens(weekday=2, begins=time(13), ends=time(14), setting=Setting.GROUP, slot_minutes=60, capacity=2)
    wednesday = date(2026, 3, 18)
    [empty] = free(here, wednesday)
    assert (empty.places_left, empty.sitting, empty.steps) == (2, None, frozenset())
    first = book(planned_step=step_of(an_enrolled_child(here), "C05_M4"), slot=empty, by=CLERK, at=AT)
    [half] = free(here, wednesday)
    assert (half.places_left, half.capacity, half.sitting, half.steps) == (1, 2, first.sitting, {"C05_M4"})
    book(planned_step=step_of(an_enrolled_child(here), "C05_M4"), slot=half, by=CLERK, at=AT)
    assert free(here, wednesday) == []


def test_the_staff_are_not_free_on_the_way_back_from_a_home_visit(here: StaffedClinic, step: PlannedStep) -> None:
    here.opens(weekday=0, room=None, setting=Setting.HOME, slot_minutes=45, travel_minutes=15)
    first, *_ = free(here)
    assert (first.room_id, first.held_until - first.ends_at) == (None, timedelta(minutes=15))
    book(planned_step=step, slot=here.slot("2026-03-16 09:50", minutes=10), by=CLERK, at=AT)
    assert clock(free(here)) == ["Mon 10:00", "Mon 11:00"]  # at nine she would not be back in time


def test_an_absence_takes_its_slots_and_an_absent_doctor_only_the_doctor(here: StaffedClinic) -> None:
    here.opens(weekday=0, ends=time(10), doctor=here.doctor)
    days = {"clinic": here.clinic, "from_on": MONDAY, "until_on": MONDAY + timedelta(days=1), "by": LEADER, "at": AT}
    record_absence(employee=here.doctor, **days)
    assert [slot.doctor_id for slot in free(here)] == [None, None]
    record_absence(employee=here.nurse, begins=time(9), ends=time(9, 30), **days)
    assert clock(free(here)) == ["Mon 09:30"]
    record_absence(**days)
    assert free(here) == []


def test_who_is_not_employed_gives_no_slots(here: StaffedClinic) -> None:
    here.opens(weekday=0, ends=time(9, 30))
    end_employment(employee=here.nurse, on=date(2026, 3, 23), by=LEADER, at=AT)
    assert [slot.begins_at.date() for slot in free(here, days=21)] == [MONDAY]


def test_holidays_have_no_slots(here: StaffedClinic) -> None:
    for weekday in range(7):
        here.opens(weekday=weekday, ends=time(9, 30))
    assert clock(free(here, date(2026, 3, 30), 9)) == ["Mon 09:00", "Tue 09:00", "Wed 09:00", "Sat 09:00", "Tue 09:00"]
    assert clock(free(here, date(2026, 5, 14), 4)) == ["Fri 09:00", "Sat 09:00"]  # Ascension Day, and 17 May on a Sunday


@pytest.mark.parametrize(("sunday", "slots"), [(date(2026, 3, 29), 3), (date(2026, 10, 25), 5)])
def test_the_nights_the_clocks_change_have_the_hours_they_have(sunday: date, slots: int, here: StaffedClinic) -> None:
    here.opens(weekday=6, begins=time(0), ends=time(4), slot_minutes=60)
    assert len(free(here, sunday)) == slots


def test_an_ended_opening_gives_slots_until_its_last_day(here: StaffedClinic) -> None:
    opening = here.opens(weekday=0, ends=time(9, 30), valid_from=MONDAY)
    assert len(free(here, date(2026, 3, 1), 50)) == 4  # Easter Monday is not one of them
    end_opening(opening=opening, on=date(2026, 3, 23), by=CLERK, at=AT)
    assert clock(free(here, date(2026, 3, 1), 50)) == ["Mon 09:00"]


def test_one_clinic_or_all_of_the_municipality_and_nothing_of_another(here: StaffedClinic) -> None:
    here.opens(weekday=0, ends=time(9, 30))
    for clinic in (
        open_clinic(municipality=here.municipality, name="Nord", by=LEADER, at=AT),
        open_municipality(code="9902", name="Nabokommunen", by=LEADER, at=AT).clinics.get(),
    ):
        nurse = hire(clinic=clinic, code="nora", name="Nora", role=Employee.Role.NURSE, employed_from=SINCE, by=LEADER, at=AT)
        room = open_room(clinic=clinic, name="Rom 1", by=LEADER, at=AT)
        add_opening(
            clinic=clinic,
            employee=nurse,
            room=room,
            setting=Setting.CLINIC,
            weekday=0,
            begins=time(8),
            ends=time(8, 30),
            slot_minutes=30,
            valid_from=SINCE,
            by=LEADER,
            at=AT,
        )
    assert clock(free(here)) == ["Mon 08:00", "Mon 09:00"]
    assert clock(free(here, clinic=here.clinic)) == ["Mon 09:00"]


@pytest.mark.django_db
def test_twelve_weeks_of_ten_employees_cost_the_questions_of_one_day(municipality: Municipality) -> None:
    here = a_staffed_clinic(municipality, has_rosters=False)
    for number in range(10):
        nurse = hire(clinic=here.clinic, code=f"n{number}", name="Nils", role=Employee.Role.NURSE, employed_from=SINCE, by=LEADER, at=AT)
        room = open_room(clinic=here.clinic, name=f"Rom {number + 10}", by=LEADER, at=AT)
        for weekday in range(5):
            here.opens(weekday=weekday, begins=time(8), ends=time(15), employee=nurse, room=room)
    children = [an_enrolled_child(here) for _ in range(6)]
    for number, child in enumerate(children):
        book(planned_step=step_of(child, "C04_M3"), slot=free(here)[number * 3], by=CLERK, at=AT)

    def asked(days: int) -> tuple[int, int]:
        with CaptureQueriesContext(connection) as questions:
            found = len(free(here, days=days))
        return len(questions), found

    one_day, twelve_weeks = asked(1), asked(84)
    assert one_day == (5, 10 * 14 - 6)
    assert twelve_weeks[0] == one_day[0]
    # Sixty weekdays, less Maundy Thursday, Good Friday, Easter Monday, 1 May, Ascension Day and Whit Monday.
    assert twelve_weeks[1] == 10 * 14 * 54 - 6


def test_siblings_find_times_one_after_the_other(here: StaffedClinic, step: PlannedStep, brother: Enrolment) -> None:
    here.opens(weekday=0, ends=time(10))
    first, second = free(here)
    assert first.ends_at == second.begins_at
    book(planned_step=step, slot=first, by=CLERK, at=AT)
    book(planned_step=step_of(brother, "C13_Y2"), slot=second, by=CLERK, at=AT)
    assert free(here) == []
