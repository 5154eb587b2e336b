"""Between instants and civil days; the tables are in tests/spec."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from fjorten.kernel.times import TimeHasNoZone, oslo_date, start_of_day


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(TimeHasNoZone, match="aware"):
        oslo_date(datetime(2026, 1, 31, 12))


def test_the_start_of_a_day_is_the_first_instant_of_that_day() -> None:
    for day in (date(2026, 1, 31), date(2026, 3, 29), date(2026, 7, 1), date(2026, 10, 25)):
        start = start_of_day(day)

        assert start.tzinfo is UTC
        assert oslo_date(start) == day
        assert oslo_date(start - timedelta(microseconds=1)) == day - timedelta(days=1)


def test_days_when_the_clock_changes_are_23_and_25_hours_long() -> None:
    assert start_of_day(date(2026, 3, 30)) - start_of_day(date(2026, 3, 29)) == timedelta(hours=23)
    assert start_of_day(date(2026, 10, 26)) - start_of_day(date(2026, 10, 25)) == timedelta(hours=25)
