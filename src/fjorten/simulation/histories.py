"""
Random lives of single children, told the way the register tells them: cheap enough to make thousands.

A history needs no town. It begins with a birth, a move or an arrival and goes on with whatever may happen to somebody in the child's
situation, some of it told weeks late. The end is known: what a system ought to hold when it has read every row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from fjorten.kernel.national_id import NationalId
from fjorten.simulation import stories, truth
from fjorten.simulation.feed import FeedRow, feed_rows
from fjorten.simulation.numbers import NumberIssuer
from fjorten.simulation.office.arrivals import Keys
from fjorten.simulation.office.happenings import Happening, Occurrence
from fjorten.simulation.places import FJORDVIK, Municipality
from fjorten.simulation.records import Person
from fjorten.simulation.truth import ChildTruth
from fjorten.simulation.turns import FIRST_DAYS, Family

LONGEST = 9  # happenings after the first


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast stories go: on how many days they may begin, and the days between two happenings."""

    first_days: int = FIRST_DAYS
    pauses: tuple[int, ...] = stories.PAUSES


@dataclass(frozen=True, slots=True)
class History:
    """
    One child's life, or twins'. `rows` are in order; `expected` is the truth about each child when all have been read, at the end of
    `ends_on`.

    `told_on` is the day of each row, and `people` are those it is about, with what happened to them (`occurrences`).
    `ceased` are numbers of second records that turned out to be one of these children: such a number must lead to that child.
    """

    seed: int
    happenings: tuple[Happening, ...]
    rows: tuple[FeedRow, ...]
    told_on: tuple[date, ...]
    people: tuple[Person, ...]
    occurrences: tuple[Occurrence, ...]
    expected: tuple[ChildTruth, ...]
    ceased: tuple[NationalId, ...]
    ends_on: date


def random_history(
    seed: int,
    *,
    numbers: NumberIssuer | None = None,
    keys: Keys | None = None,
    first_sequence: int = 1,
    municipality: Municipality = FJORDVIK,
    pace: Pace = Pace(),
) -> History:
    """
    This function will make one history; the same seed and the same numbers already issued make the same one.

    Share `numbers`, `keys` and running sequence numbers between histories that meet in one database, as `random_histories` does.
    """
    rng = Random(f"history/{seed}")
    family = Family(
        rng, numbers or NumberIssuer(), keys or Keys(), first_sequence=first_sequence, municipality=municipality, first_days=pace.first_days
    )
    stories.begin(family)
    for _ in range(rng.randrange(LONGEST + 1)):
        stories.go_on(family, pauses=pace.pauses)
    ends_on = family.office.day
    return History(
        seed=seed,
        happenings=tuple(occurrence.happening for occurrence in family.office.occurrences),
        rows=tuple(feed_rows(family.office.notices)),
        told_on=tuple(notice.day for notice in family.office.notices),
        people=tuple(family.people),
        occurrences=tuple(family.office.occurrences),
        expected=tuple(truth.children(family.records, on=ends_on, codes=frozenset({municipality.code}))),
        ceased=tuple(record.number for record in family.records if record.standing.merged_into is not None),
        ends_on=ends_on,
    )


def random_histories(seed: int, count: int, *, municipality: Municipality = FJORDVIK, pace: Pace = Pace()) -> Iterator[History]:
    """This function will make many histories that share nothing, neither numbers nor documents, and whose rows join to one long feed."""
    numbers, keys, next_sequence = NumberIssuer(), Keys(), 1
    for place in range(count):
        # Far enough apart that no two batches of less than a million histories share one.
        history_seed = seed * 1_000_000 + place
        history = random_history(
            history_seed, numbers=numbers, keys=keys, first_sequence=next_sequence, municipality=municipality, pace=pace
        )
        next_sequence += len(history.rows)
        yield history
