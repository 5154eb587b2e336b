"""Between instants, which are stored in UTC, and the civil days of Norway, which the rules are about."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

OSLO: Final = ZoneInfo("Europe/Oslo")


class TimeHasNoZone(ValueError):
    """An instant was given without saying which time zone its clock stood in."""


def oslo_date(at: datetime) -> date:
    """Find the civil day in Norway at an instant. Raises TimeHasNoZone for a naive datetime, which could mean any of three days."""
    if at.tzinfo is None:
        raise TimeHasNoZone("an instant needs a time zone: pass an aware datetime")
    return at.astimezone(OSLO).date()


def oslo_instant(day: date, clock: time) -> datetime:
    """
    Find the instant, in UTC, when Norwegian clocks show a time on a day.

    Of a time that comes twice, the night summer time ends, the first; one that does not come, the night it begins, is counted on from
    before the change [source: PEP 495, fold 0].
    """
    return datetime.combine(day, clock, tzinfo=OSLO).astimezone(UTC)


def start_of_day(day: date) -> datetime:
    """Find the instant, in UTC, when a civil day begins in Norway: 22:00 or 23:00 the evening before, by summer time."""
    return oslo_instant(day, time.min)
