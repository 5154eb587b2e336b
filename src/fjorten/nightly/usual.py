"""
Whether a night did about what nights do. Pure.

A run that finishes and does nothing looks well; only what is usual tells that the register was empty, or that nobody was sent anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean, pstdev
from typing import Final

from fjorten.kernel.working_days import is_working_day

Counts = Mapping[str, int]

# All numbers are our own [default]. A night is held against the last 14 of its kind (working days apart from other days); with fewer than
# five nobody knows yet what is usual.
NIGHTS: Final = 14
FEWEST: Final = 5
DEVIATIONS: Final = 3
# A smaller difference is never told of: small clinics vary.
FLOOR: Final = 10
# What is usually at least this many, and is none at all, is told of however small it is.
USUALLY_SOME: Final = 5


@dataclass(frozen=True, slots=True)
class Unusual:
    """One count far off: its name, what it was, and what it usually is (the mean)."""

    name: str
    count: int
    usual: float


def nights_of_its_kind(on: date, earlier: Sequence[tuple[date, Counts]]) -> list[Counts]:
    """This function will keep the earlier nights a night can be held against: working days with working days, others with others."""
    return [counts for day, counts in earlier if day != on and is_working_day(day) is is_working_day(on)][:NIGHTS]


def unusual_counts(counts: Counts, earlier: Sequence[Counts]) -> list[Unusual]:
    """
    This function will name the counts of a night that are far off those of earlier nights of its kind, newest first.

    Far off: more than three standard deviations, and more than the floor, from their mean; or none of what there usually are some. A count
    that a night does not have is none.
    """
    nights = earlier[:NIGHTS]
    if len(nights) < FEWEST:
        return []
    names = sorted({name for night in (counts, *nights) for name in night})
    found = (_unusual(name, counts.get(name, 0), [night.get(name, 0) for night in nights]) for name in names)
    return [one for one in found if one is not None]


def _unusual(name: str, count: int, before: Sequence[int]) -> Unusual | None:
    mean = fmean(before)
    difference = abs(count - mean)
    is_far_off = difference > max(DEVIATIONS * pstdev(before), FLOOR)
    is_missing = count == 0 and mean >= USUALLY_SOME and min(before) > 0
    return Unusual(name, count, mean) if is_far_off or is_missing else None
