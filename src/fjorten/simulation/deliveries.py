"""The ways in which rows of a feed reach a consumer other than once and in order. Every row arrives in the end."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

Row = TypeVar("Row")

# What arrives together; between two batches the consumer has done all it can with what it has.
Batches = tuple[tuple[Row, ...], ...]


def shuffled(rows: Sequence[Row], seed: int) -> tuple[Row, ...]:
    """This function will give the rows in another order."""
    return tuple(Random(f"shuffled/{seed}").sample(rows, len(rows)))


def repeated(rows: Sequence[Row], seed: int) -> tuple[Row, ...]:
    """This function will give the rows in order, some of them once or twice more further on, at least one when there are any."""
    rng = Random(f"repeated/{seed}")
    delivered = list(rows)
    for row in rng.choices(rows, k=rng.randrange(1, len(rows) + 1)) if rows else ():
        delivered.insert(rng.randrange(delivered.index(row) + 1, len(delivered) + 1), row)
    return tuple(delivered)


def gapped(rows: Sequence[Row], seed: int) -> Batches[Row]:
    """This function will give the rows in two batches: the first lacks some, never the last one; the second brings them, in order."""
    rng = Random(f"gapped/{seed}")
    if len(rows) < 2:
        return (tuple(rows), ())
    start = rng.randrange(len(rows) - 1)
    lacking = range(start, rng.randrange(start + 1, len(rows)))
    return (
        tuple(row for place, row in enumerate(rows) if place not in lacking),
        tuple(rows[place] for place in lacking),
    )


def scrambled(rows: Sequence[Row], seed: int) -> Batches[Row]:
    """This function will do all of it: several batches, rows out of order within and between them, and some of them again."""
    rng = Random(f"scrambled/{seed}")
    delivered = shuffled(repeated(rows, seed), seed)
    cuts = sorted(rng.randrange(len(delivered) + 1) for _ in range(rng.randrange(4)))
    return tuple(delivered[start:end] for start, end in zip([0, *cuts], [*cuts, len(delivered)], strict=True))
