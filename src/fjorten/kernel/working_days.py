"""
Norwegian public holidays and working days.

Sources: lov om helligdager og helligdagsfred § 2 (the church holidays, and every Sunday); lov om 1. og 17. mai som høgtidsdager § 1
[source]. Christmas Eve, New Year's Eve and the Wednesday and Saturday around Easter are ordinary days in these laws [source]. That Saturday
is not a working day is how clinics keep their week, not the law [default].
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from fjorten.kernel.spoken import spoken

FIXED_HOLIDAYS: Final = {
    "1. nyttårsdag": (1, 1),
    "1. mai": (5, 1),
    "17. mai": (5, 17),
    "1. juledag": (12, 25),
    "2. juledag": (12, 26),
}
DAYS_FROM_EASTER_SUNDAY: Final = {
    "Skjærtorsdag": -3,
    "Langfredag": -2,
    "1. påskedag": 0,
    "2. påskedag": 1,
    "Kristi himmelfartsdag": 39,
    "1. pinsedag": 49,
    "2. pinsedag": 50,
}
_MONDAY_TO_FRIDAY: Final = range(5)


def easter_sunday(year: int) -> date:
    """
    Find Easter Sunday in the Gregorian calendar.

    Source: the "anonymous" computus printed by Butcher (1876) and by Meeus, Astronomical Algorithms, chapter 8; any year from 1583
    [source]. The tests hold it to another implementation.
    """
    golden = year % 19
    century, year_of_century = divmod(year, 100)
    leap_centuries, century_of_four = divmod(century, 4)
    leap_years, year_of_four = divmod(year_of_century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - moon + 15) % 30
    to_sunday = (32 + 2 * century_of_four + 2 * leap_years - epact - year_of_four) % 7
    late_moon = (golden + 11 * epact + 22 * to_sunday) // 451
    month, day = divmod(epact + to_sunday - 7 * late_moon + 114, 31)
    return date(year, month, day + 1)


def holidays_of(year: int) -> dict[date, str]:
    """
    List the public holidays of a year, in order, with their Norwegian names; ordinary Sundays are not listed.

    Two holidays on one day are named together: 1 May 2008 was «1. mai og Kristi himmelfartsdag».
    """
    return dict(_holidays(year))


@lru_cache(maxsize=512)
def _holidays(year: int) -> Mapping[date, str]:
    easter = easter_sunday(year)
    named = [(date(year, month, day), name) for name, (month, day) in FIXED_HOLIDAYS.items()]
    named += [(easter + timedelta(days), name) for name, days in DAYS_FROM_EASTER_SUNDAY.items()]
    found: dict[date, str] = {}
    for day, name in sorted(named):
        found[day] = spoken("%(one)s og %(other)s", one=found[day], other=name) if day in found else name
    return found


def is_working_day(day: date) -> bool:
    """Tell whether a day is a Monday to Friday that is not a public holiday."""
    return day.weekday() in _MONDAY_TO_FRIDAY and day not in _holidays(day.year)


def add_working_days(day: date, count: int) -> date:
    """
    Find the working day that lies `count` working days after `day`; before it, when negative.

    The day itself never counts. With 0 the answer is the day itself, or the next working day when it is not one: what a deadline that falls
    on a holiday moves to [default].
    """
    if count == 0 and is_working_day(day):
        return day
    step = timedelta(-1 if count < 0 else 1)
    for _ in range(max(abs(count), 1)):
        day += step
        while not is_working_day(day):
            day += step
    return day


def working_days_between(start: date, until: date) -> int:
    """Count the working days in the half-open period `[start, until)`; negative, as many, when the two are in the other order."""
    if until < start:
        return -working_days_between(until, start)
    return sum(is_working_day(start + timedelta(days)) for days in range((until - start).days))
