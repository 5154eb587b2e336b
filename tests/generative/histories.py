"""Strategies: random lives of single children, and the ways their rows may arrive. They shrink towards short lives told in order."""

from dataclasses import dataclass

from hypothesis import strategies as st

from fjorten.simulation.deliveries import Batches, gapped, repeated, scrambled, shuffled
from fjorten.simulation.feed import FeedRow
from fjorten.simulation.histories import History, random_histories, random_history

seeds = st.integers(min_value=0, max_value=2**32 - 1)

_WAYS = {
    "in order": lambda rows, _seed: (tuple(rows),),
    "repeated": lambda rows, seed: (repeated(rows, seed),),
    "gapped": gapped,
    "shuffled": lambda rows, seed: (shuffled(rows, seed),),
    "scrambled": scrambled,
}


@dataclass(frozen=True, slots=True)
class Delivery:
    """A history and the batches in which its rows arrive. The name of the way and the seeds are what a failing example prints."""

    history: History
    way: str
    seed: int
    batches: Batches[FeedRow]

    def __repr__(self) -> str:
        return f"Delivery(history seed {self.history.seed}, {self.way}, seed {self.seed}: {[len(batch) for batch in self.batches]} rows)"


def histories() -> st.SearchStrategy[History]:
    """One history."""
    return seeds.map(random_history)


def batches_of_histories(*, at_most: int) -> st.SearchStrategy[tuple[History, ...]]:
    """Some histories that share nothing and whose rows join to one feed."""
    return st.builds(lambda seed, count: tuple(random_histories(seed, count)), st.integers(0, 2**20), st.integers(1, at_most))


def deliveries(*ways: str) -> st.SearchStrategy[Delivery]:
    """One history and a way for its rows to arrive; all ways when none is named."""
    return st.builds(deliver, histories(), st.sampled_from(ways or tuple(_WAYS)), seeds)


def deliver(history: History, way: str, seed: int) -> Delivery:
    """Let the rows of a history arrive in a way: in order, repeated, gapped, shuffled or scrambled."""
    return Delivery(history, way, seed, _WAYS[way](history.rows, seed))
