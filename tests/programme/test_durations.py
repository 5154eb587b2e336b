"""Ages as programme files write them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta

from fjorten.programme.durations import NotADuration, parse_duration


@pytest.mark.parametrize(
    ("text", "words"),
    [("1d", "1 dag"), ("0d", "0 dager"), ("6w", "6 uker"), ("1m", "1 måned"), ("14m", "14 måneder"), ("1y", "1 år"), ("6y", "6 år")],
)
def test_an_age_is_written_the_way_it_was_read(text: str, words: str) -> None:
    duration = parse_duration(text)
    assert str(duration) == text
    assert duration.words == words


@pytest.mark.parametrize("text", ["", "14", "m", "14 m", "14M", "-1d", "1.5m", "014m", "12345d", "1m2d", "٣m", "14m\n"])
def test_other_texts_are_refused_with_an_example(text: str) -> None:
    with pytest.raises(NotADuration, match='for example "42d" or "14m"'):
        parse_duration(text)


def test_an_age_that_must_be_a_slip_of_the_unit_is_refused() -> None:
    assert parse_duration("25y").months == 300
    with pytest.raises(NotADuration, match='"48y" is more than 25 years; check the unit'):
        parse_duration("48y")


def test_weeks_are_days_and_years_are_months() -> None:
    assert parse_duration("6w").days == 42
    assert parse_duration("6w").months == 0
    assert parse_duration("6y").days is None
    assert parse_duration("6y").months == 72


@pytest.mark.parametrize(
    ("born_on", "text", "on"),
    [
        (date(2024, 2, 29), "12m", date(2025, 2, 28)),
        (date(2024, 2, 29), "4y", date(2028, 2, 29)),
        (date(2023, 8, 31), "6m", date(2024, 2, 29)),
        (date(2025, 12, 24), "2w", date(2026, 1, 7)),
        (date(2025, 12, 31), "1d", date(2026, 1, 1)),
    ],
)
def test_the_day_an_age_is_reached(born_on: date, text: str, on: date) -> None:
    assert parse_duration(text).after(born_on) == on


@pytest.mark.parametrize("months", [0, 1, 2, 3, 5, 6, 11, 12, 14, 48, 54])
def test_the_fewest_and_most_days_an_age_can_be_are_those_of_the_calendar(months: int) -> None:
    births = [date(2095, 1, 1) + timedelta(days=days) for days in range(13 * 365)]
    spans = {(born_on + relativedelta(months=months) - born_on).days for born_on in births}
    duration = parse_duration(f"{months}m")
    assert (duration.shortest_days, duration.longest_days) == (min(spans), max(spans))


@pytest.mark.parametrize(
    ("earlier", "later", "never_after"),
    [
        ("8d", "8d", True),
        ("2w", "14d", True),
        ("12m", "1y", True),
        ("42d", "3m", True),
        ("89d", "3m", True),
        ("90d", "3m", False),
        ("3m", "92d", True),
        ("3m", "91d", False),
        ("13m", "1y", False),
    ],
)
def test_one_age_comes_before_another_only_if_it_does_so_for_every_birth_date(earlier: str, later: str, never_after: bool) -> None:
    assert parse_duration(earlier).is_never_after(parse_duration(later)) is never_after
