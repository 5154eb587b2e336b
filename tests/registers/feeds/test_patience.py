from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fjorten.registers.feeds.patience import REAL_CLOCKWORK, Patience, asked_wait_seconds, http_date

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0),
        ("7", 7),
        (" 300 ", 300),
        ("301", 0.301),
        ("30000", 30),
        ("Sat, 21 Nov 2026 12:00:45 GMT", 45),
        ("Sat, 21 Nov 2026 13:00:45 +0100", 45),
        ("Sat, 21 Nov 2026 12:00:45 -0000", 45),
        ("Sat, 21 Nov 2026 11:00:00 GMT", 0),
        ("", None),
        (None, None),
        ("snart", None),
        ("-5", None),
        ("1.5.5", None),
        ("9999999999999999999", None),
    ],
)
def test_retry_after_is_read_as_seconds_milliseconds_or_a_date(header: str | None, seconds: float | None) -> None:
    assert asked_wait_seconds(header, answered_at=NOON) == seconds


@given(st.text())
def test_no_header_however_strange_stops_the_reading(header: str) -> None:
    asked = asked_wait_seconds(header, answered_at=NOON)
    assert asked is None or asked >= 0


def test_a_date_that_is_none_is_none() -> None:
    assert http_date(None) is None
    assert http_date("Sat, 99 Nov 2026 12:00:00 GMT") is None


def test_waits_grow_spread_and_stop_growing() -> None:
    patience = Patience(first_wait_seconds=1, longest_wait_seconds=10)
    assert [patience.wait_seconds(attempt, chance=1) for attempt in range(6)] == [1, 2, 4, 8, 10, 10]
    assert [patience.wait_seconds(attempt, chance=0) for attempt in range(6)] == [0.5, 1, 2, 4, 5, 5]


@given(st.integers(0, 2000), st.floats(0, 1))
def test_no_wait_is_longer_than_the_longest(attempt: int, chance: float) -> None:
    assert 0 < Patience().wait_seconds(min(attempt, 1000), chance=chance) <= 60


def test_the_real_clock_has_a_zone_and_goes_forward() -> None:
    assert REAL_CLOCKWORK.now().tzinfo is not None
    assert REAL_CLOCKWORK.elapsed_seconds() <= REAL_CLOCKWORK.elapsed_seconds()
    assert 0 <= REAL_CLOCKWORK.chance() <= 1
