"""Putting pieces into the rosters, and ending them."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest

from fjorten.appointments.actions.booking import book
from fjorten.appointments.actions.rosters import (
    EmployeeHasAnOpeningThen,
    IsNotADoctorBeside,
    OpeningEndsBeforeItBegins,
    OpeningGivesNoTime,
    OpeningHasEnded,
    OpeningIsAnotherMunicipalitys,
    ReceivesNobody,
    RoomHasAnOpeningThen,
    RoomIsMissing,
    end_opening,
)
from fjorten.appointments.models import RosterOpening
from fjorten.kernel.refusals import Refused
from fjorten.organisation.actions import hire, open_clinic, open_municipality, open_room
from fjorten.organisation.models import Employee
from fjorten.organisation.queries import employee_coded
from fjorten.plans.models import PlannedStep
from fjorten.programme.steps import Setting
from tests.appointments.written import everything, holds_by_clock, newest_in_the_trail
from tests.factories.clinic import AT, CLERK, LEADER, SINCE, StaffedClinic


def refused(refusal: type[Refused], act: Callable[[], object]) -> None:
    before = everything()
    with pytest.raises(refusal):
        act()
    assert everything() == before


def test_an_opening_is_kept_as_it_was_said_and_recorded(here: StaffedClinic) -> None:
    row = here.opens(weekday=4, doctor=here.doctor, every_weeks=2, capacity=3, valid_until=date(2027, 1, 1))
    row.refresh_from_db()
    assert (row.weekday, row.begins, row.ends, row.valid_from, row.valid_until) == (4, time(9), time(12), SINCE, date(2027, 1, 1))
    assert (row.employee, row.doctor, row.room, row.setting) == (here.nurse, here.doctor, here.room, "clinic")
    assert (row.slot_minutes, row.every_weeks, row.capacity, row.recorded_at, row.recorded_by) == (30, 2, 3, AT, CLERK.who)
    assert newest_in_the_trail() == {
        "action": "opening.added",
        "about": "",
        "who": CLERK.who,
        "detail": {"opening": row.pk, "employee": "kari", "weekday": 4, "begins": "09:00", "valid_from": "2025-01-01"},
    }


@pytest.mark.parametrize(
    "traits",
    [
        {"weekday": 7},
        {"ends": time(9)},
        {"ends": time(9, 29)},
        {"slot_minutes": 4},
        {"slot_minutes": 200},
        {"capacity": 0},
        {"capacity": 31},
        {"every_weeks": 0},
        {"every_weeks": 53},
        {"travel_minutes": -1},
        {"valid_until": SINCE},
    ],
)
def test_an_opening_that_gives_no_time_is_refused(traits: dict[str, Any], here: StaffedClinic) -> None:
    refused(OpeningGivesNoTime, lambda: here.opens(**({"weekday": 0} | traits)))


def test_only_those_the_programme_names_receive(here: StaffedClinic) -> None:
    for code in ("merkantil", "leder"):
        refused(ReceivesNobody, lambda code=code: here.opens(weekday=0, employee=employee_coded(code, here.municipality)))
    for role in (Employee.Role.PHYSIOTHERAPIST, Employee.Role.MIDWIFE):
        there = hire(clinic=here.clinic, code=role.value, name="Ny", role=role, employed_from=SINCE, by=LEADER, at=AT)
        here.opens(weekday=0, employee=there, room=open_room(clinic=here.clinic, name=role.value, by=LEADER, at=AT))


def test_the_doctor_beside_is_a_doctor_and_somebody_else(here: StaffedClinic) -> None:
    refused(IsNotADoctorBeside, lambda: here.opens(weekday=0, doctor=here.other_nurse))
    refused(IsNotADoctorBeside, lambda: here.opens(weekday=0, employee=here.doctor, doctor=here.doctor))
    assert here.opens(weekday=0, employee=here.doctor).doctor is None


@pytest.mark.parametrize("setting", [Setting.CLINIC, Setting.GROUP])
def test_only_a_home_visit_is_without_a_room(setting: Setting, here: StaffedClinic) -> None:
    refused(RoomIsMissing, lambda: here.opens(weekday=0, room=None, setting=setting))
    assert here.opens(weekday=0, room=None, setting=Setting.HOME).room is None


def test_staff_and_room_are_the_clinics_own(here: StaffedClinic) -> None:
    neighbour = open_municipality(code="9902", name="Nabokommunen", by=LEADER, at=AT).clinics.get()
    nurse = hire(clinic=neighbour, code="nora", name="Nora", role=Employee.Role.NURSE, employed_from=SINCE, by=LEADER, at=AT)
    doctor = hire(clinic=neighbour, code="odd", name="Odd", role=Employee.Role.DOCTOR, employed_from=SINCE, by=LEADER, at=AT)
    north = open_clinic(municipality=here.municipality, name="Nord", by=LEADER, at=AT)
    for theirs in ({"employee": nurse}, {"doctor": doctor}, {"room": open_room(clinic=north, name="Rom 9", by=LEADER, at=AT)}):
        refused(OpeningIsAnotherMunicipalitys, lambda theirs=theirs: here.opens(weekday=0, **theirs))


@pytest.mark.parametrize(
    ("traits", "refusal"),
    [
        ({"room": "other_room"}, EmployeeHasAnOpeningThen),
        ({"room": None, "setting": Setting.HOME}, EmployeeHasAnOpeningThen),
        ({"employee": "other_nurse"}, RoomHasAnOpeningThen),
        ({"begins": time(11, 30), "ends": time(15)}, EmployeeHasAnOpeningThen),
        ({"every_weeks": 2}, EmployeeHasAnOpeningThen),
        ({"valid_from": date(2026, 12, 1)}, EmployeeHasAnOpeningThen),
    ],
)
def test_one_employee_and_one_room_stand_in_the_roster_once_at_a_time(
    traits: dict[str, Any], refusal: type[Refused], here: StaffedClinic
) -> None:
    here.opens(weekday=0)
    named = {
        name: getattr(here, value) if isinstance(value, str) and value.startswith("other") else value for name, value in traits.items()
    }
    refused(refusal, lambda: here.opens(weekday=0, **named))


@pytest.mark.parametrize(
    "traits",
    [
        {"weekday": 1},
        {"begins": time(12), "ends": time(15)},
        {"employee": "other_nurse", "room": "other_room"},
        {"employee": "other_nurse", "room": "other_room", "doctor": "doctor"},  # a doctor may be beside two nurses, in turn
        {"valid_from": date(2026, 1, 1)},
    ],
)
def test_openings_that_share_nothing_stand_side_by_side(traits: dict[str, Any], here: StaffedClinic) -> None:
    here.opens(weekday=0, doctor=here.doctor, valid_until=date(2026, 1, 1))
    named = {name: getattr(here, value) if isinstance(value, str) else value for name, value in traits.items()}
    here.opens(**({"weekday": 0} | named))
    assert RosterOpening.objects.count() == 2


def test_odd_and_even_weeks_are_shared_by_two(here: StaffedClinic) -> None:
    here.opens(weekday=0, every_weeks=2, valid_from=date(2026, 1, 5))
    here.opens(weekday=0, every_weeks=2, valid_from=date(2026, 1, 12), employee=here.other_nurse)
    refused(RoomHasAnOpeningThen, lambda: here.opens(weekday=0, every_weeks=3, valid_from=date(2026, 1, 5), employee=here.other_nurse))


def test_an_opening_is_ended_once_and_not_before_it_began(here: StaffedClinic, step: PlannedStep) -> None:
    opening = here.opens(weekday=0, valid_from=date(2026, 3, 2))
    booked = book(planned_step=step, slot=here.slot("2026-03-16 09:00"), by=CLERK, at=AT)
    refused(OpeningEndsBeforeItBegins, lambda: end_opening(opening=opening, on=date(2026, 3, 1), by=CLERK, at=AT))
    end_opening(opening=opening, on=date(2026, 3, 16), by=CLERK, at=AT)
    opening.refresh_from_db()
    assert opening.valid_until == date(2026, 3, 16)
    assert newest_in_the_trail()["action"] == "opening.ended"
    assert holds_by_clock(booked) != {}, "what was given in it stands"
    for day in (date(2026, 3, 16), date(2026, 3, 17)):
        refused(OpeningHasEnded, lambda day=day: end_opening(opening=opening, on=day, by=CLERK, at=AT))
    end_opening(opening=opening, on=date(2026, 3, 9), by=CLERK, at=AT)
    here.opens(weekday=0, valid_from=date(2026, 3, 9))
