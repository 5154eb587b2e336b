"""A small hard set: twins, siblings, other spellings, other names, lost letters, wrong and missing dates, newborns, old addresses."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
from benchmarks.hard_pairs import TROUBLES, HardSet, load, make

from fjorten.registers.matching import candidates
from fjorten.registers.matching.weights import stored

SEED = 31  # neither the seed the weights were counted on nor the one the benchmark tests on


@pytest.fixture(scope="module")
def hard_set() -> HardSet:
    return make(SEED, persons=8_000, journals=1_500)


@pytest.fixture(scope="module")
def suggested(hard_set: HardSet) -> Iterator[dict[int, tuple[int, bool]]]:
    """Journal -> the person that is called likely for it, and whether that is marked as ambiguous."""
    with duckdb.connect() as connection:
        load(connection, hard_set)
        candidates(connection)
        rows = connection.execute(
            "SELECT journal_key, person_key, is_ambiguous FROM match_candidate WHERE rank = 1 AND score >= ?", [stored().suggested_from]
        ).fetchall()
        yield {journal: (person, is_ambiguous) for journal, person, is_ambiguous in rows}


def test_of_those_called_likely_hardly_any_is_wrong(hard_set: HardSet, suggested: dict[int, tuple[int, bool]]) -> None:
    right = sum(hard_set.truth[journal] == person for journal, (person, _) in suggested.items())
    assert right / len(suggested) >= 0.96


def test_of_those_called_likely_and_clear_even_fewer_are_wrong(hard_set: HardSet, suggested: dict[int, tuple[int, bool]]) -> None:
    clear = {journal: person for journal, (person, is_ambiguous) in suggested.items() if not is_ambiguous}
    assert sum(hard_set.truth[journal] == person for journal, person in clear.items()) / len(clear) >= 0.97


def test_most_of_those_in_the_register_are_found(hard_set: HardSet, suggested: dict[int, tuple[int, bool]]) -> None:
    known = [journal for journal, person in hard_set.truth.items() if person is not None]
    found = sum(suggested.get(journal, (None, False))[0] == hard_set.truth[journal] for journal in known)
    assert found / len(known) >= 0.85


@pytest.mark.parametrize("trouble", TROUBLES)
def test_no_single_trouble_hides_most_children(hard_set: HardSet, suggested: dict[int, tuple[int, bool]], trouble: str) -> None:
    troubled = [journal for journal, troubles in hard_set.troubles.items() if trouble in troubles and hard_set.truth[journal] is not None]
    found = sum(suggested.get(journal, (None, False))[0] == hard_set.truth[journal] for journal in troubled)
    assert len(troubled) > 100
    assert found / len(troubled) >= 0.6


def test_a_set_is_the_same_every_time_it_is_made(hard_set: HardSet) -> None:
    assert make(SEED, persons=8_000, journals=1_500) == hard_set
