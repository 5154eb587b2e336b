"""Whether there are times enough: the alarm, and what the forecast is made from."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fjorten.appointments.capacity import Competence, Kind, Week, shortages
from fjorten.appointments.forecasts import children_without_room, forecast_from, outlook_on, shortages_on
from fjorten.appointments.placing import Unplaced, WhyNot
from fjorten.appointments.states import State
from fjorten.organisation.models import Employee, Municipality
from fjorten.people.facts import ResidenceKind
from fjorten.people.models import Residence
from fjorten.plans.models import Enrolment
from fjorten.programme.steps import Performer, Setting
from tests.appointments.families import TODAY, a_child, a_nurse, an_appointment, an_opening, step_of
from tests.appointments.times import NURSE, NURSE_AND_DOCTOR, WITH_DOCTOR, a_need

EIGHT_MONTHS_SOON = date(2025, 7, 25)
AT_CLINIC = Kind(Setting.CLINIC, NURSE)


@pytest.fixture
def nurse(municipality: Municipality) -> Employee:
    return a_nurse(municipality.clinics.get())


def test_a_week_is_written_as_the_iso_week() -> None:
    assert [str(Week.of(day)) for day in (date(2026, 12, 31), date(2027, 1, 3), date(2027, 1, 4))] == ["2026-W53", "2026-W53", "2027-W01"]


@pytest.mark.parametrize(
    ("performers", "competence"),
    [
        (NURSE, Competence.NURSE),
        (NURSE_AND_DOCTOR, Competence.DOCTOR),
        (NURSE | {Performer.PHYSIOTHERAPIST}, Competence.PHYSIOTHERAPIST),
        (NURSE | {Performer.MIDWIFE}, Competence.MIDWIFE),
    ],
)
def test_a_time_is_called_by_its_scarcest_competence(performers: frozenset[Performer], competence: Competence) -> None:
    assert Kind(Setting.CLINIC, performers).competence is competence


def test_shortages_are_counted_by_week_place_and_competence() -> None:
    without = [a_need(1, ways=(WITH_DOCTOR,)), a_need(2, ways=(WITH_DOCTOR,)), a_need(3), a_need(4, target_on=date(2026, 3, 23))]
    counted = [
        (str(one.week), one.competence.value, one.missing) for one in shortages(Unplaced(need, WhyNot.NO_SUCH_TIME) for need in without)
    ]
    assert counted == [("2026-W12", "doctor", 2), ("2026-W12", "nurse", 1), ("2026-W13", "nurse", 1)]


def test_whoever_can_be_placed_later_in_the_window_is_no_alarm(municipality: Municipality, nurse: Employee) -> None:
    for _ in range(3):
        a_child(municipality, EIGHT_MONTHS_SOON, done_before=date(2026, 3, 1))
    assert [one.missing for one in shortages_on(municipality=municipality, on=TODAY)] == [3]
    an_opening(nurse, weekdays=[2], ends=10, valid_from=date(2026, 1, 1))  # one a week, and the window has more than three
    assert children_without_room(municipality=municipality, on=TODAY) == ()


@pytest.mark.parametrize("weeks", [1, 3, 52])
def test_however_far_is_looked_at_a_time_the_same_are_without_room(
    municipality: Municipality, nurse: Employee, monkeypatch: pytest.MonkeyPatch, weeks: int
) -> None:
    for _ in range(5):
        a_child(municipality, EIGHT_MONTHS_SOON, done_before=date(2026, 3, 1))
    an_opening(nurse, weekdays=[2], ends=10, valid_from=date(2026, 1, 1), valid_until=TODAY + timedelta(days=14))
    an_opening(nurse, weekdays=[1, 2], ends=10, valid_from=TODAY + timedelta(days=21), valid_until=TODAY + timedelta(days=28))
    monkeypatch.setattr("fjorten.appointments.forecasts._AT_A_TIME", timedelta(weeks=weeks))
    assert len(children_without_room(municipality=municipality, on=TODAY)) == 2


def test_the_outlook_counts_what_has_no_time_yet(municipality: Municipality, nurse: Employee) -> None:
    child = a_child(municipality, EIGHT_MONTHS_SOON, done_before=date(2026, 3, 1))
    an_opening(nurse, weekdays=[2], ends=11)
    outlook = outlook_on(municipality=municipality, on=TODAY)
    assert outlook.planned == {(Week.of(date(2026, 3, 25)), AT_CLINIC): 1, (Week.of(date(2026, 5, 25)), AT_CLINIC): 1}
    assert outlook.free[Week.of(date(2026, 3, 25)), AT_CLINIC] == 2
    assert (8, Kind(Setting.HOME, NURSE)) in outlook.newborn
    an_appointment(step_of(child, "C08_M8"), nurse, date(2026, 3, 24))
    assert (Week.of(date(2026, 3, 25)), AT_CLINIC) not in outlook_on(municipality=municipality, on=TODAY).planned


def test_what_is_behind_is_needed_this_week(municipality: Municipality) -> None:
    a_child(municipality, TODAY - timedelta(days=150), done_before=TODAY - timedelta(days=40))
    planned = outlook_on(municipality=municipality, on=TODAY).planned
    assert planned[Week.of(TODAY), Kind(Setting.GROUP, NURSE)] == 1


def test_last_years_births_moves_and_misses_are_counted(municipality: Municipality, nurse: Employee) -> None:
    born_here = [a_child(municipality, date(2025, 9, 1) + timedelta(days=number)) for number in range(4)]
    moved_in = a_child(municipality, date(2023, 3, 1))
    moved_in.residences.update(valid_from=date(2025, 10, 1))
    moved_within = a_child(municipality, date(2023, 3, 1))
    moved_within.residences.update(valid_until=date(2025, 10, 1))
    Residence.objects.create(
        person=moved_within, municipality_code="9901", is_here=True, kind=ResidenceKind.STREET, valid_from=date(2025, 10, 1), source="prøve"
    )
    moved_out = [a_child(municipality, date(2023, 4, 1)) for _ in range(3)]
    for child in moved_out:
        child.residences.update(valid_until=date(2026, 1, 1))
    for number, child in enumerate(born_here):
        state = State.DID_NOT_ATTEND if number == 0 else State.ATTENDED
        an_appointment(step_of(child, "C03_W6"), nurse, date(2025, 11, 3 + number), state=state)
    outlook = outlook_on(municipality=municipality, on=TODAY)
    assert outlook.births_a_week == 4 / 52
    assert outlook.moves_a_week == (1 - 3) / 52
    assert outlook.missed_share == 1 / 4
    assert outlook.children == 6


def test_an_unknown_programme_stops_no_forecast(municipality: Municipality) -> None:
    a_child(municipality, EIGHT_MONTHS_SOON, done_before=date(2026, 3, 1))
    Enrolment.objects.update(programme_version="child-programme-0-5/1950.1")
    assert outlook_on(municipality=municipality, on=TODAY).planned == {}


def test_twelve_weeks_of_every_kind_in_as_many_questions_for_ten_children_as_for_one(municipality: Municipality, nurse: Employee) -> None:
    an_opening(nurse)
    a_child(municipality, EIGHT_MONTHS_SOON, done_before=date(2026, 3, 1))
    with CaptureQueriesContext(connection) as for_one:
        weeks = {row.week for row in forecast_from(municipality=municipality, on=TODAY)}
    assert len(weeks) == 12
    for _ in range(9):
        a_child(municipality, EIGHT_MONTHS_SOON, done_before=date(2026, 3, 1))
    with CaptureQueriesContext(connection) as for_ten:
        forecast_from(municipality=municipality, on=TODAY)
    assert len(for_ten) == len(for_one)
