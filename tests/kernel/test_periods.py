"""Half-open periods; the table is in tests/spec."""

from __future__ import annotations

from datetime import date

import pytest

from fjorten.kernel.periods import Period, PeriodEndsBeforeItStarts

JANUARY = Period(date(2026, 1, 1), date(2026, 2, 1))


def test_a_period_cannot_end_before_it_starts() -> None:
    with pytest.raises(PeriodEndsBeforeItStarts, match="2026-01-01 is before 2026-02-01"):
        Period(date(2026, 2, 1), date(2026, 1, 1))


def test_an_empty_period_is_a_fact() -> None:
    in_and_out_again = Period(date(2026, 1, 15), date(2026, 1, 15))

    assert in_and_out_again.is_empty
    assert in_and_out_again.days == 0
    assert not in_and_out_again.overlaps(JANUARY)
    assert not in_and_out_again.overlaps(in_and_out_again)


def test_a_period_without_a_start_is_not_empty() -> None:
    assert not Period(None, None).is_empty
    assert not JANUARY.is_empty


def test_a_period_is_open_until_it_has_an_end() -> None:
    assert Period(date(2026, 1, 1), None).is_open
    assert not JANUARY.is_open
    assert not Period(None, date(2026, 1, 1)).is_open


def test_periods_are_values() -> None:
    assert Period(date(2026, 1, 1), date(2026, 2, 1)) == JANUARY
    assert len({JANUARY, Period(date(2026, 1, 1), date(2026, 2, 1))}) == 1
    assert str(JANUARY) == "2026-01-01..2026-02-01"
