"""Runs of received sequence numbers. Pure: what has come, and what is missing between."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True, order=True)
class Run:
    """Sequence numbers `first`..`last`, both ends included."""

    first: int
    last: int

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int) and self.first <= number <= self.last


def joined(runs: Iterable[Run], received: Iterable[int]) -> tuple[Run, ...]:
    """Add received numbers to runs; runs that touch or overlap become one. In order."""
    result: list[Run] = []
    for run in sorted([*runs, *(Run(number, number) for number in set(received))]):
        if result and run.first <= result[-1].last + 1:
            result[-1] = Run(result[-1].first, max(result[-1].last, run.last))
        else:
            result.append(run)
    return tuple(result)


def gaps(runs: Iterable[Run]) -> tuple[Run, ...]:
    """List the numbers missing between runs. What lies before the first run is no gap: the feed was begun there."""
    ordered = sorted(runs)
    return tuple(Run(before.last + 1, after.first - 1) for before, after in pairwise(ordered) if after.first > before.last + 1)
