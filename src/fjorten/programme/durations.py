"""How old: ages written as "8d", "6w", "14m" or "6y", and what can be said about their order for every birth date at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Final

from fjorten.kernel.ages import add_months

LONGEST_YEARS: Final = 25  # pupils and young people included; keeps every date far from the end of the calendar


class Unit(StrEnum):
    """The unit an age is counted in; each is written as the first letter of its English name."""

    DAYS = "d"
    WEEKS = "w"
    MONTHS = "m"
    YEARS = "y"


_DAYS_IN: Final = {Unit.DAYS: 1, Unit.WEEKS: 7}
_MONTHS_IN: Final = {Unit.MONTHS: 1, Unit.YEARS: 12}
_WORDS: Final = {
    Unit.DAYS: ("dag", "dager"),
    Unit.WEEKS: ("uke", "uker"),
    Unit.MONTHS: ("måned", "måneder"),
    Unit.YEARS: ("år", "år"),
}
_WRITTEN: Final = re.compile(r"(0|[1-9][0-9]{0,3})([dwmy])", re.ASCII)
_MEAN_MONTH_DAYS: Final = 365.2425 / 12


class NotADuration(ValueError):
    """A text that is not an age as programme files write them."""


@dataclass(frozen=True, slots=True)
class Duration:
    """
    A whole number of days, weeks, months or years since birth.

    Months and years are completed ones: "14m" is the day the child completes 14 months, by `kernel.ages.add_months`, so a child born on
    31 August completes 6 months on the last day of February [default].
    """

    amount: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}"

    @property
    def words(self) -> str:
        """The age in Norwegian: «14 måneder»."""
        one, several = _WORDS[self.unit]
        return f"{self.amount} {one if self.amount == 1 else several}"

    @property
    def days(self) -> int | None:
        """The age in days; None when it is counted in months or years, which have no fixed number of days."""
        return self.amount * _DAYS_IN[self.unit] if self.unit in _DAYS_IN else None

    @property
    def months(self) -> int:
        """The age in completed months; 0 when it is counted in days or weeks."""
        return self.amount * _MONTHS_IN.get(self.unit, 0)

    @property
    def shortest_days(self) -> int:
        """The fewest days the age can be, over all birth dates: 3 months are at least 89 days."""
        return self._possible_days[0]

    @property
    def longest_days(self) -> int:
        """The most days the age can be, over all birth dates: 3 months are at most 92 days."""
        return self._possible_days[1]

    @property
    def usual_days(self) -> float:
        """The age in days with months of average length: for ordering only, never for a date."""
        return self.months * _MEAN_MONTH_DAYS if self.days is None else float(self.days)

    @property
    def _possible_days(self) -> tuple[int, int]:
        return _days_in_months(self.months) if self.days is None else (self.days, self.days)

    def after(self, born_on: date) -> date:
        """Find the day a child born on `born_on` reaches this age."""
        days = self.days
        return add_months(born_on, self.months) if days is None else born_on + timedelta(days=days)

    def is_never_after(self, other: Duration) -> bool:
        """
        Tell whether every child reaches this age no later than the other one.

        Two ages in days, or two in months, are compared as numbers. Otherwise it depends on the birth date: 91 days come before 3 months
        for some children and after for others, and the answer is False both ways round.
        """
        if (self.days is None) == (other.days is None):
            return self.longest_days <= other.longest_days
        return self.longest_days <= other.shortest_days


def parse_duration(text: str) -> Duration:
    """Read an age such as "8d", "6w", "14m" or "6y". Raises NotADuration, whose message says how to write one."""
    match = _WRITTEN.fullmatch(text)
    if match is None:
        raise NotADuration(f'"{text}" is not an age; write a whole number and d, w, m or y, for example "42d" or "14m"')
    duration = Duration(int(match[1]), Unit(match[2]))
    if duration.usual_days > LONGEST_YEARS * 12 * _MEAN_MONTH_DAYS:
        raise NotADuration(f'"{text}" is more than {LONGEST_YEARS} years; check the unit (d days, w weeks, m months, y years)')
    return duration


@cache
def _days_in_months(months: int) -> tuple[int, int]:
    """
    Count the fewest and the most days from a day to the same day `months` later, over all days of the calendar.

    It is enough to look at the first days of months: a day that the last month does not have is moved back to its end, which gives no
    fewer days than the span that starts a month later. Every possible mixture of month lengths occurs among the starts from 2070 to 2104:
    before, across and after 2100, which has no leap day.
    """
    starts = [date(index // 12, index % 12 + 1, 1) for index in range(2070 * 12, 2105 * 12)]
    spans = [(add_months(start, months) - start).days for start in starts]
    return min(spans), max(spans)
