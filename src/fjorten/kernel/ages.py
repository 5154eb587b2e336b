"""Ages in completed units and exact month arithmetic."""

from __future__ import annotations

from datetime import date

_DAYS_IN_MONTH = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def days_in_month(year: int, month: int) -> int:
    """Count the days of a calendar month (month 1-12), 29 in the February of a leap year."""
    if month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0):
        return 29
    return _DAYS_IN_MONTH[month - 1]


def add_months(day: date, months: int) -> date:
    """
    Find the same day of the month `months` later (or earlier, when negative); the last day of the month when there is no such day.

    31 January plus one month is 28 or 29 February; 29 February plus twelve months is 28 February. The same answer as dateutil's
    `relativedelta(months=...)`, which the tests hold it to. Raises ValueError outside the years 1-9999.

    Source: the programme counts in months and does not say what a month after the 31st is; last day of the month [default].
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, days_in_month(year, month)))


def add_years(day: date, years: int) -> date:
    """Find the same day `years` later: `add_months` with twelve months a year, so 29 February becomes 28 February [default]."""
    return add_months(day, 12 * years)


def age_in_days(born_on: date, on: date) -> int:
    """Count the completed days of life on a day: 0 on the day of birth, negative before it."""
    return (on - born_on).days


def age_in_weeks(born_on: date, on: date) -> int:
    """Count the completed weeks of life on a day: 0 until the seventh day after birth."""
    return age_in_days(born_on, on) // 7


def age_in_months(born_on: date, on: date) -> int:
    """
    Count the completed months of life on a day: the largest n for which `add_months(born_on, n)` is not after `on`.

    Someone born on the 31st completes a month on the last day of a shorter one. Negative before birth.
    """
    months = (on.year - born_on.year) * 12 + on.month - born_on.month
    return months if add_months(born_on, months) <= on else months - 1


def age_in_years(born_on: date, on: date) -> int:
    """
    Count the completed years of life on a day: the largest n for which `add_years(born_on, n)` is not after `on`.

    Someone born on 29 February has a birthday on 28 February in other years [default].
    """
    return age_in_months(born_on, on) // 12
