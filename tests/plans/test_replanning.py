"""A corrected birth date, and another version of the programme: what moves, what stays, what is new."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from fjorten.audit.actor import Actor
from fjorten.organisation.models import Clinic, Municipality
from fjorten.people.models import Person
from fjorten.plans.actions.enrolment import enrol
from fjorten.plans.actions.replanning import replan
from fjorten.plans.actions.settling import StepIsNoLongerInTheProgramme, decline, mark_done, reopen
from fjorten.plans.models import Enrolment, PlannedStep
from fjorten.plans.programmes import adopt_overlay, programmes_of
from fjorten.plans.reasons import ReasonIsMissing
from fjorten.plans.steps import full_plan
from fjorten.programme.definitions import Definition
from fjorten.programme.plan import plan_for
from tests.plans.conftest import NATIONAL, TODAY
from tests.plans.test_programmes import FIVE_YEARS
from tests.plans.written import everything, history_of, last_event, step_of

BORN_ON = date(2026, 3, 1)
CORRECTED = date(2026, 2, 20)
OWN_STEP = "L01_Y5"


@pytest.fixture
def signed(clerk: Actor, at: datetime) -> dict[str, Any]:
    return {"reason": "rettet fødselsdato", "by": clerk, "at": at}


@pytest.fixture
def extended(municipality: Municipality, clerk: Actor, at: datetime) -> Definition:
    """The programme with the municipality's own consultations, at fifteen months' place and at five years."""
    adopt_overlay(municipality=municipality, content=FIVE_YEARS, by=clerk, at=at)
    return programmes_of(municipality).on(TODAY)


def windows(enrolment: Enrolment) -> dict[str, tuple[int, date, date, date]]:
    rows = PlannedStep.objects.filter(enrolment=enrolment).order_by("position", "pk")
    return {row.step: (row.position, row.target_on, row.window_from, row.window_until) for row in rows}


def planned(born_on: date, definition: Definition) -> dict[str, tuple[int, date, date, date]]:
    return {row.step: (row.position, row.target_on, row.window_from, row.window_until) for row in full_plan(born_on, definition)}


def test_a_corrected_birth_date_moves_every_window(enrolment: Enrolment, programme: Definition, signed: dict[str, Any]) -> None:
    assert replan(enrolment=enrolment, definition=programme, born_on=CORRECTED, **signed) == 14
    assert windows(enrolment) == planned(CORRECTED, programme)
    enrolment.refresh_from_db()
    assert enrolment.planned_from_born_on == CORRECTED


def test_moving_writes_history_and_one_event(enrolment: Enrolment, programme: Definition, signed: dict[str, Any]) -> None:
    replan(enrolment=enrolment, definition=programme, born_on=CORRECTED, **signed)
    assert history_of(enrolment, "C14_Y4") == [
        ("planned", None, None, None, "merkantil.prøve", "nyfødt bosatt"),
        ("replanned", None, None, None, "merkantil.prøve", "rettet fødselsdato"),
    ]
    before, after = step_of(enrolment, "C14_Y4").events.order_by("pk")
    assert (before.window_from, after.window_from) == (date(2030, 2, 1), date(2030, 1, 20))
    assert last_event(reason="rettet fødselsdato") == {
        "action": "enrolment.replanned",
        "about": str(enrolment.person.public_id),
        "who": "merkantil.prøve",
        "at": signed["at"],
        "detail": {"programme": NATIONAL, "rows": 14},
    }


def test_a_settled_step_keeps_its_outcome_and_gets_the_new_window(
    enrolment: Enrolment, programme: Definition, signed: dict[str, Any]
) -> None:
    mark_done(enrolment=enrolment, step="C01_HOME", on=TODAY, today=TODAY, **signed)
    replan(enrolment=enrolment, definition=programme, born_on=CORRECTED, **signed)
    row = step_of(enrolment, "C01_HOME")
    assert (row.outcome, row.outcome_on, row.outcome_by) == ("done", TODAY, "merkantil.prøve")
    assert windows(enrolment) == planned(CORRECTED, programme)
    assert [event[:3] for event in history_of(enrolment, "C01_HOME")] == [
        ("planned", None, None),
        ("settled", "done", TODAY),
        ("replanned", "done", TODAY),
    ]


def test_the_consultation_a_catch_up_plan_offered_keeps_its_window(
    newcomer: Person, clinic: Clinic, programme: Definition, signed: dict[str, Any]
) -> None:
    enrolment = enrol(person=newcomer, clinic=clinic, definition=programme, on=TODAY, **signed)
    offered = windows(enrolment)["C13_Y2"]
    assert replan(enrolment=enrolment, definition=programme, born_on=newcomer.born_by - timedelta(days=40), **signed) == 13
    assert windows(enrolment)["C13_Y2"] == offered
    assert windows(enrolment)["C14_Y4"] == planned(newcomer.born_by - timedelta(days=40), programme)["C14_Y4"]
    assert [event[0] for event in history_of(enrolment, "C13_Y2")] == ["planned"]


def test_a_newcomer_whose_first_consultation_is_in_time_is_moved_like_any_other(
    newborn: Person, clinic: Clinic, programme: Definition, signed: dict[str, Any]
) -> None:
    enrolment = enrol(person=newborn, clinic=clinic, definition=programme, on=BORN_ON + timedelta(days=7), **signed)
    replan(enrolment=enrolment, definition=programme, born_on=CORRECTED, **signed)
    assert windows(enrolment) == planned(CORRECTED, programme)


def test_replanning_by_the_same_changes_no_row(enrolment: Enrolment, programme: Definition, signed: dict[str, Any]) -> None:
    before = windows(enrolment)
    assert replan(enrolment=enrolment, definition=programme, born_on=BORN_ON, **signed) == 0
    assert windows(enrolment) == before
    assert len(history_of(enrolment, "C01_HOME")) == 1


def test_replanning_needs_a_reason(enrolment: Enrolment, programme: Definition, signed: dict[str, Any]) -> None:
    before = everything()
    with pytest.raises(ReasonIsMissing):
        replan(enrolment=enrolment, definition=programme, born_on=CORRECTED, **{**signed, "reason": ""})
    assert everything() == before


def test_a_new_version_adds_its_steps_and_those_after_them_move_down(
    enrolment: Enrolment, extended: Definition, signed: dict[str, Any]
) -> None:
    replan(enrolment=enrolment, definition=extended, born_on=BORN_ON, **{**signed, "reason": "nytt program"})
    assert windows(enrolment) == planned(BORN_ON, extended)
    assert list(windows(enrolment)) == [*extended.codes]
    assert history_of(enrolment, OWN_STEP) == [("planned", None, None, None, "merkantil.prøve", "nytt program")]
    enrolment.refresh_from_db()
    assert enrolment.programme_version == extended.reference


def test_a_new_version_moves_a_catch_up_consultation_down_but_keeps_its_window(
    newcomer: Person, clinic: Clinic, programme: Definition, extended: Definition, signed: dict[str, Any]
) -> None:
    enrolment = enrol(person=newcomer, clinic=clinic, definition=programme, on=TODAY, **signed)
    place, *window = windows(enrolment)["C13_Y2"]
    replan(enrolment=enrolment, definition=extended, born_on=newcomer.born_by, **signed)
    assert windows(enrolment)["C13_Y2"] == (place + 1, *window)


def test_a_step_that_is_no_longer_in_the_programme_is_waived(
    enrolment: Enrolment, programme: Definition, extended: Definition, signed: dict[str, Any]
) -> None:
    replan(enrolment=enrolment, definition=extended, born_on=BORN_ON, **signed)
    replan(enrolment=enrolment, definition=programme, born_on=BORN_ON, **signed)
    row = step_of(enrolment, OWN_STEP)
    assert (row.outcome, row.outcome_on, row.outcome_reason) == ("waived", row.window_from, "not_in_programme")
    assert [row.step for row in enrolment.steps.filter(outcome=None).order_by("position")] == [*programme.codes]


def test_what_was_settled_before_the_step_left_the_programme_stands(
    enrolment: Enrolment, programme: Definition, extended: Definition, signed: dict[str, Any]
) -> None:
    replan(enrolment=enrolment, definition=extended, born_on=BORN_ON, **signed)
    decline(enrolment=enrolment, step=OWN_STEP, on=TODAY, **signed)
    replan(enrolment=enrolment, definition=programme, born_on=BORN_ON, **signed)
    assert step_of(enrolment, OWN_STEP).outcome == "declined"
    replan(enrolment=enrolment, definition=extended, born_on=BORN_ON, **signed)
    assert step_of(enrolment, OWN_STEP).outcome == "declined"


def test_a_step_that_has_left_the_programme_is_not_opened_again_by_hand(
    enrolment: Enrolment, programme: Definition, extended: Definition, signed: dict[str, Any]
) -> None:
    replan(enrolment=enrolment, definition=extended, born_on=BORN_ON, **signed)
    replan(enrolment=enrolment, definition=programme, born_on=BORN_ON, **signed)
    before = everything()
    with pytest.raises(StepIsNoLongerInTheProgramme):
        reopen(enrolment=enrolment, step=OWN_STEP, **signed)
    assert everything() == before


def test_a_step_the_programme_takes_back_is_opened_again(
    enrolment: Enrolment, programme: Definition, extended: Definition, signed: dict[str, Any]
) -> None:
    for definition in (extended, programme, extended):
        replan(enrolment=enrolment, definition=definition, born_on=BORN_ON, **signed)
    assert step_of(enrolment, OWN_STEP).outcome is None
    assert windows(enrolment) == planned(BORN_ON, extended)
    assert [event[0] for event in history_of(enrolment, OWN_STEP)] == ["planned", "settled", "reopened"]


@pytest.mark.parametrize("born_on", [date(2024, 2, 29), date(2025, 12, 31), date(2020, 3, 31)])
def test_a_replanned_child_has_the_plan_of_a_child_born_that_day(
    born_on: date, enrolment: Enrolment, programme: Definition, signed: dict[str, Any]
) -> None:
    replan(enrolment=enrolment, definition=programme, born_on=born_on, **signed)
    rows = PlannedStep.objects.filter(enrolment=enrolment).order_by("position")
    assert [(row.step, row.window_from, row.window_until - timedelta(days=1)) for row in rows] == [
        (row.step, row.window.start, row.deadline_on) for row in plan_for(born_on, programme)
    ]
