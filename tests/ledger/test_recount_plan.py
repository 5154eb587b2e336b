"""The recount's own calendar and states, and that they agree with the programme's."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fjorten.kernel.ages import age_in_years
from fjorten.ledger.naive_plan import day_of_age, is_in_age_group, state_on, windows
from fjorten.programme.definitions import known_versions
from fjorten.programme.plan import plan_for

births = st.dates(date(1990, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("born_on", "age", "day"),
    [
        (date(2026, 1, 31), "0d", date(2026, 1, 31)),
        (date(2026, 1, 31), "8d", date(2026, 2, 8)),
        (date(2026, 1, 31), "6w", date(2026, 3, 14)),
        (date(2026, 1, 31), "1m", date(2026, 2, 28)),
        (date(2024, 1, 31), "1m", date(2024, 2, 29)),
        (date(2025, 8, 31), "14m", date(2026, 10, 31)),
        (date(2024, 2, 29), "2y", date(2026, 2, 28)),
        (date(2024, 2, 29), "4y", date(2028, 2, 29)),
        (date(2025, 12, 31), "12m", date(2026, 12, 31)),
    ],
)
def test_an_age_is_reached_on_a_day(born_on: date, age: str, day: date) -> None:
    assert day_of_age(born_on, age) == day


@given(born_on=births)
def test_windows_are_those_of_the_programme(born_on: date) -> None:
    for definition in known_versions():
        recounted = windows(born_on, definition)
        planned = plan_for(born_on, definition)
        assert [(code, *window) for code, window in recounted.items()] == [
            (row.step, position, row.target_on, row.window.start, row.window.until) for position, row in enumerate(planned, start=1)
        ]


@given(born_on=births, days=st.integers(-400, 2600))
def test_the_age_group_is_from_birth_until_the_sixth_birthday(born_on: date, days: int) -> None:
    on = born_on + timedelta(days=days)
    assert is_in_age_group(born_on, born_on, on) == (days >= 0 and age_in_years(born_on, on) < 6)


def test_where_only_the_year_is_known_nobody_is_taken_off_early() -> None:
    assert is_in_age_group(None, date(2020, 12, 31), date(2026, 12, 30))
    assert not is_in_age_group(None, date(2020, 12, 31), date(2026, 12, 31))
    assert is_in_age_group(None, date(2026, 12, 31), date(2026, 3, 10))


@pytest.mark.parametrize(
    ("day", "outcome", "outcome_on", "state"),
    [
        (date(2026, 3, 1), None, None, "not_yet_due"),
        (date(2026, 3, 2), None, None, "due"),
        (date(2026, 3, 9), None, None, "due"),
        (date(2026, 3, 10), None, None, "overdue"),
        (date(2026, 3, 9), "done", date(2026, 3, 10), "due"),
        (date(2026, 3, 10), "done", date(2026, 3, 10), "done"),
        (date(2026, 3, 1), "waived", date(2026, 2, 1), "waived"),
    ],
)
def test_a_step_is_in_one_state_on_a_day(day: date, outcome: str | None, outcome_on: date | None, state: str) -> None:
    window = {"window_from": date(2026, 3, 2), "window_until": date(2026, 3, 10)}
    assert state_on(day, outcome=outcome, outcome_on=outcome_on, **window) == state
