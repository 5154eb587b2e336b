"""A child's plan: one row per step, exact to the day."""

from __future__ import annotations

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from fjorten.kernel.periods import Period
from fjorten.programme.definitions import child_programme
from fjorten.programme.plan import PlannedWindow, plan_for, plans_for
from fjorten.programme.steps import StepCode

PROGRAMME = child_programme(on=date(2026, 11, 21))


def test_a_row_holds_target_window_and_the_last_day_of_it() -> None:
    assert plan_for(date(2024, 2, 29), PROGRAMME)[9] == PlannedWindow(
        step=StepCode("C10_M12"),
        target_on=date(2025, 2, 28),
        window=Period(date(2025, 1, 29), date(2025, 4, 30)),
        deadline_on=date(2025, 4, 29),
    )


def test_there_is_one_row_per_step_in_programme_order() -> None:
    assert tuple(row.step for row in plan_for(date(2025, 12, 31), PROGRAMME)) == PROGRAMME.codes


def test_many_children_get_the_same_rows_as_each_alone_in_the_order_they_came() -> None:
    births = [date(2024, 2, 29), date(2023, 8, 31), date(2024, 2, 29), date(2025, 12, 31)]
    plans = plans_for(iter(births), PROGRAMME)
    assert plans == [plan_for(born_on, PROGRAMME) for born_on in births]
    assert plans[0] is plans[2]


def test_no_children_have_no_plans() -> None:
    assert plans_for([], PROGRAMME) == []


def test_every_fifth_birth_date_of_nine_years_is_planned_as_dateutil_would() -> None:
    for days in range(0, 9 * 365, 5):
        born_on = date(2095, 1, 1) + timedelta(days=days)
        for row, step in zip(plan_for(born_on, PROGRAMME), PROGRAMME.steps, strict=True):
            last = step.default_window.last
            assert row.deadline_on == born_on + relativedelta(months=last.months, days=last.days or 0)
            assert row.target_on in row.window
            assert row.window.until == row.deadline_on + timedelta(days=1)
