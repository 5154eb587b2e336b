"""Holidays and working days against other implementations; the tables are in tests/spec."""

from __future__ import annotations

from datetime import date

import holidays
import pytest
from dateutil.easter import easter

from fjorten.kernel.working_days import easter_sunday, holidays_of, is_working_day, working_days_between


def test_easter_agrees_with_dateutil_in_every_year_of_the_gregorian_calendar() -> None:
    assert all(easter_sunday(year) == easter(year) for year in range(1583, 4100))


@pytest.mark.parametrize("year", range(1950, 2101))
def test_holidays_agree_with_another_package(year: int) -> None:
    named = {"påskedag", "pinsedag", "nyttårsdag", "juledag", "Skjærtorsdag", "Langfredag", "Kristi himmelfartsdag"}
    others = holidays.country_holidays("NO", years=year, language="no")

    ours = holidays_of(year)

    assert set(ours) == set(others)
    assert all(name in ours[day] for day, their_name in others.items() for name in named if name in their_name)


def test_holidays_stand_in_the_order_of_the_year() -> None:
    assert list(holidays_of(2026)) == sorted(holidays_of(2026))


def test_changing_the_list_of_holidays_changes_nothing_for_others() -> None:
    holidays_of(2026).clear()

    assert not is_working_day(date(2026, 1, 1))


def test_the_weekdays_of_2026_less_the_eight_holidays_that_fall_on_them() -> None:
    assert working_days_between(date(2026, 1, 1), date(2027, 1, 1)) == 261 - 8
