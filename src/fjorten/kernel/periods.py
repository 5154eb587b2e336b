"""Half-open periods of whole days: the first day counts, the day named as the end does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


class PeriodEndsBeforeItStarts(ValueError):
    """A period was built from two days in the wrong order."""


@dataclass(frozen=True, slots=True)
class Period:
    """
    The days from `start` up to, but not including, `until`.

    `start=None` means "from before anyone recorded it" and `until=None` "still so". A period may be empty (`start == until`): registers
    contain people who moved in and out again on the same day, and that is a fact, not an error. Raises PeriodEndsBeforeItStarts.

    Source: the house rule on time in the architecture, half-open periods [default].
    """

    start: date | None
    until: date | None

    def __post_init__(self) -> None:
        if self.start is not None and self.until is not None and self.until < self.start:
            raise PeriodEndsBeforeItStarts(f"{self.until} is before {self.start}")

    def __contains__(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.until is None or day < self.until)

    def __str__(self) -> str:
        return f"{self.start or ''}..{self.until or ''}"

    @property
    def is_open(self) -> bool:
        """Tell whether the period has no end yet."""
        return self.until is None

    @property
    def is_empty(self) -> bool:
        """Tell whether the period holds no day at all."""
        return self.start is not None and self.start == self.until

    @property
    def days(self) -> int | None:
        """Count the days in the period; None when either end is unknown or open."""
        if self.start is None or self.until is None:
            return None
        return (self.until - self.start).days

    def intersection(self, other: Period) -> Period | None:
        """Find the days both periods hold; None when there is no such day."""
        starts = [day for day in (self.start, other.start) if day is not None]
        ends = [day for day in (self.until, other.until) if day is not None]
        start = max(starts, default=None)
        until = min(ends, default=None)
        if start is not None and until is not None and until <= start:
            return None
        return Period(start, until)

    def overlaps(self, other: Period) -> bool:
        """Tell whether there is a day that both periods hold. Periods that only meet do not overlap, and an empty one overlaps nothing."""
        return self.intersection(other) is not None
