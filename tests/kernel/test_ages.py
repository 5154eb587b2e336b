"""Ages at the edges of the calendar; the tables are in tests/spec."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

import pytest

from fjorten.kernel.ages import add_months, age_in_months, days_in_month


@pytest.mark.parametrize("year", [1900, 1999, 2000, 2023, 2024, 2100, 2400])
def test_the_length_of_every_month_is_that_of_the_calendar(year: int) -> None:
    assert [days_in_month(year, month) for month in range(1, 13)] == [monthrange(year, month)[1] for month in range(1, 13)]


@pytest.mark.parametrize(("day", "months"), [(date(9999, 12, 1), 1), (date(1, 1, 1), -1)])
def test_months_outside_the_calendar_are_refused(day: date, months: int) -> None:
    with pytest.raises(ValueError, match="year"):
        add_months(day, months)


def test_an_age_can_be_computed_on_the_first_and_the_last_day_of_the_calendar() -> None:
    assert age_in_months(date.min, date.max) == 9999 * 12 - 1
    assert age_in_months(date.max, date.min) == -(9999 * 12 - 1) - 1
