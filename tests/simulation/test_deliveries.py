"""Rows out of order, again and late: nothing is lost on the way."""

import pytest

from fjorten.simulation.deliveries import gapped, repeated, scrambled, shuffled

ROWS = tuple(range(40))
SEEDS = range(25)


@pytest.mark.parametrize("seed", SEEDS)
def test_shuffled_rows_are_the_same_rows(seed: int) -> None:
    assert sorted(shuffled(ROWS, seed)) == list(ROWS)


def test_shuffling_moves_something() -> None:
    assert any(shuffled(ROWS, seed) != ROWS for seed in SEEDS)


@pytest.mark.parametrize("seed", SEEDS)
def test_repeated_rows_come_first_in_order(seed: int) -> None:
    delivered = repeated(ROWS, seed)
    assert tuple(dict.fromkeys(delivered)) == ROWS
    assert len(delivered) > len(ROWS)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_gap_is_filled_by_the_second_batch(seed: int) -> None:
    first, second = gapped(ROWS, seed)
    assert sorted(first + second) == list(ROWS)
    assert second
    assert first[-1] == ROWS[-1]
    assert max(second) < ROWS[-1]


@pytest.mark.parametrize("rows", [(), (1,)])
def test_next_to_nothing_can_be_delivered_too(rows: tuple[int, ...]) -> None:
    assert shuffled(rows, 1) == rows
    assert set(repeated(rows, 1)) == set(rows)
    assert gapped(rows, 1) == (rows, ())
    assert {row for batch in scrambled(rows, 1) for row in batch} == set(rows)


def test_everything_at_once_still_delivers_every_row_in_several_batches() -> None:
    deliveries = [scrambled(ROWS, seed) for seed in SEEDS]
    assert all({row for batch in batches for row in batch} == set(ROWS) for batches in deliveries)
    assert {len(batches) for batches in deliveries} == {1, 2, 3, 4}


def test_the_same_seed_delivers_the_same() -> None:
    assert scrambled(ROWS, 3) == scrambled(ROWS, 3) != scrambled(ROWS, 4)
