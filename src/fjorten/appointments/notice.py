"""
In which days a planned step may be given a time tonight. Pure; the numbers are data in norms.toml.

A family is told in good time: 14 to 21 days ahead [default]. Where the window closes before that, they are told later rather than offered
a time outside it: the visit to a newborn, the first consultation of a newcomer. After a miss the new time comes soon.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from fjorten.appointments.norms import Days, Notice
from fjorten.kernel.periods import Period
from fjorten.kernel.working_days import add_working_days


class Occasion(StrEnum):
    """What a time is given for."""

    FIRST = "first"  # the step has had no time before
    PUT_OFF = "put_off"  # the family or the clinic cancelled the last one
    MISSED = "missed"  # nobody came to the last one


@dataclass(frozen=True, slots=True)
class Booking:
    """The days in which a time may be given, the day to aim at, and the first day that comes too late for the step."""

    days: Period
    target_on: date
    until_on: date


def booking_on(
    today: date,
    *,
    window: Period,
    target_on: date,
    occasion: Occasion,
    notice: Notice,
    is_fast: bool = False,
    can_come_soon: bool = False,
    is_asked_for: bool = False,
) -> Booking | None:
    """
    This function will tell in which days a step may be given a time on `today`; None when it is too early to.

    - The first time of a step lies 14 to 21 days ahead and inside the window. It is given from the day the middle of those days is the
      target, or from the day a person asks for it.
    - When the window closes within 21 days, or the last time was cancelled: from the day after tomorrow, inside the window; from tomorrow
      for a family that can come at short notice.
    - After a miss: within 14 calendar days, on the fast track 3 working days; inside the window while it lasts.
    - When the window has passed, or closes before a time can be told of: as after a miss. Late is better than never, and the step
      stands on the overdue list meanwhile.

    Source: "14-21 days ahead" and the new time after a miss are the ladder's and the messages' [default].
    """
    assert window.start is not None and window.until is not None, "a step's window has two ends"
    soonest = notice.family_can_come_soon_days if can_come_soon else notice.short.shortest
    inside = _cut(_days(today, notice.short, soonest), window)
    if occasion is Occasion.MISSED or window.until <= today + timedelta(days=soonest):
        return _again(today, window=window, notice=notice, is_fast=is_fast, soonest=soonest)
    if occasion is Occasion.PUT_OFF or window.until <= today + timedelta(days=notice.ordinary.longest):
        return _aimed(inside, target_on, window.until)
    if is_asked_for:
        return _aimed(_cut(_days(today, notice.ordinary), window), target_on, window.until)
    middle = (notice.ordinary.shortest + notice.ordinary.longest + 1) // 2
    if today + timedelta(days=middle) < target_on:
        return None
    return _aimed(_cut(_days(today, notice.ordinary), window), target_on, window.until)


def _again(today: date, *, window: Period, notice: Notice, is_fast: bool, soonest: int) -> Booking | None:
    days = _days(today, notice.again_fast) if is_fast else _days(today, notice.again, min(soonest, notice.again.shortest))
    assert days.start is not None and days.until is not None, "counted from today"
    assert window.start is not None and window.until is not None, "as above"
    if days.until <= window.start:
        return None  # planned anew since the miss: its turn comes
    return _aimed(_cut(days, window) or days, days.start, min(days.until, window.until))


def _days(today: date, days: Days, shortest: int | None = None) -> Period:
    first = today + timedelta(days=days.shortest if shortest is None else shortest)
    last = add_working_days(today, days.longest) if days.in_working_days else today + timedelta(days=days.longest)
    return Period(first, last + timedelta(days=1))


def _cut(days: Period, window: Period) -> Period | None:
    return days.intersection(window)


def _aimed(days: Period | None, target_on: date, until_on: date) -> Booking | None:
    """Aim at the target, or at the nearest day a time may be given on: what is late already is not later on one day than another."""
    if days is None:
        return None
    assert days.start is not None and days.until is not None, "an intersection of two bounded periods"
    return Booking(days, min(max(target_on, days.start), days.until - timedelta(days=1)), until_on)
