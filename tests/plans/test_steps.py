"""The plan rows of one child. No database."""

from datetime import date, timedelta

import pytest

from fjorten.plans.steps import StepRow, catch_up_plan, full_plan, moved_rows
from fjorten.programme.catch_up import ChildIsNotBornYet, catch_up
from fjorten.programme.definitions import StepCode, child_programme
from fjorten.programme.plan import plan_for
from fjorten.programme.status import Status
from fjorten.programme.steps import NoSuchStep

PROGRAMME = child_programme(date(2026, 3, 10))
BORN_ON = date(2023, 12, 10)
ON = date(2026, 3, 10)  # two years and three months later


def test_a_full_plan_has_one_row_a_step_in_programme_order() -> None:
    rows = full_plan(BORN_ON, PROGRAMME)
    assert [(row.step, row.position) for row in rows] == list(zip(PROGRAMME.codes, range(1, 15), strict=True))


def test_the_rows_have_the_windows_of_the_plan() -> None:
    for row, planned in zip(full_plan(BORN_ON, PROGRAMME), plan_for(BORN_ON, PROGRAMME), strict=True):
        assert (row.target_on, row.window_from, row.window_until) == (planned.target_on, planned.window.start, planned.window.until)
        assert (row.in_catch_up, row.outcome, row.outcome_on, row.reason) == (False, None, None, "")


def test_children_born_on_one_day_get_the_very_same_plan() -> None:
    assert full_plan(BORN_ON, PROGRAMME) is full_plan(BORN_ON, PROGRAMME)


def test_a_child_who_comes_at_two_years_and_three_months_has_one_consultation_now_and_a_reason_for_every_step_behind() -> None:
    rows = {row.step: row for row in catch_up_plan(BORN_ON, PROGRAMME, on=ON)}
    assert list(rows) == list(PROGRAMME.codes)
    assert [row.step for row in rows.values() if row.in_catch_up] == ["C13_Y2"]
    assert [row.step for row in rows.values() if row.outcome is None] == ["C13_Y2", "C14_Y4"]
    behind = [row for row in rows.values() if row.outcome is not None]
    assert {(row.outcome, row.outcome_on) for row in behind} == {(Status.WAIVED, ON)}
    assert {row.reason for row in behind} == {"merged:C13_Y2", "before_enrolment"}


def test_the_consultation_to_do_now_has_the_catch_up_plans_window() -> None:
    row = {row.step: row for row in catch_up_plan(BORN_ON, PROGRAMME, on=ON)}["C13_Y2"]
    now = catch_up(BORN_ON, PROGRAMME, on=ON).now
    assert now is not None
    assert (row.target_on, row.window_from, row.window_until) == (now.window.target_on, now.window.window.start, now.window.window.until)
    assert row.window_from == ON


def test_a_step_still_in_its_own_window_is_the_programmes_and_not_the_catch_up_plans() -> None:
    assert catch_up_plan(date(2026, 3, 3), PROGRAMME, on=date(2026, 3, 3) + timedelta(days=7)) == full_plan(date(2026, 3, 3), PROGRAMME)


def test_what_is_documented_was_done_elsewhere() -> None:
    rows = {row.step: row for row in catch_up_plan(BORN_ON, PROGRAMME, on=ON, documented=[StepCode("C11_M15")])}
    assert (rows["C11_M15"].outcome, rows["C11_M15"].outcome_on, rows["C11_M15"].reason) == (Status.DONE_ELSEWHERE, ON, "documented")


def test_a_child_over_six_has_nothing_left_to_do() -> None:
    rows = catch_up_plan(date(2019, 1, 1), PROGRAMME, on=ON)
    assert {(row.outcome, row.reason) for row in rows} == {(Status.WAIVED, "programme_ended")}


def test_a_plan_before_birth_or_for_an_unknown_step_is_refused() -> None:
    with pytest.raises(ChildIsNotBornYet):
        catch_up_plan(ON + timedelta(days=1), PROGRAMME, on=ON)
    with pytest.raises(NoSuchStep, match="C99"):
        catch_up_plan(BORN_ON, PROGRAMME, on=ON, documented=[StepCode("C99")])


def row(step: str, *, position: int = 1, target_on: date = ON, window_from: date = ON, days: int = 7) -> StepRow:
    return StepRow(step, position, target_on, window_from, window_from + timedelta(days=days))


@pytest.mark.parametrize(
    "new",
    [
        row("a", position=2),
        row("a", target_on=ON + timedelta(days=1)),
        row("a", window_from=ON - timedelta(days=1), days=8),
        row("a", days=8),
    ],
    ids=["place", "target", "first day", "end"],
)
def test_a_row_has_moved_when_its_place_target_or_window_differs(new: StepRow) -> None:
    assert moved_rows({"a": row("a")}, [new]) == (new,)


def test_rows_that_are_the_same_or_new_have_not_moved() -> None:
    assert moved_rows({"a": row("a")}, [row("a"), row("b")]) == ()
