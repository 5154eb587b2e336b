"""The strategies that generated tests draw histories from."""

from hypothesis import given, settings

from fjorten.simulation.histories import History
from tests.generative.histories import Delivery, batches_of_histories, deliveries


@settings(max_examples=60, deadline=None)
@given(deliveries())
def test_every_row_arrives_in_the_end_whatever_the_way(delivery: Delivery) -> None:
    arrived = {row.sequence: row for batch in delivery.batches for row in batch}
    assert [arrived[sequence] for sequence in sorted(arrived)] == list(delivery.history.rows)
    assert str(delivery.history.seed) in repr(delivery)


@settings(max_examples=20, deadline=None)
@given(batches_of_histories(at_most=4))
def test_a_batch_is_one_feed(batch: tuple[History, ...]) -> None:
    sequences = [row.sequence for history in batch for row in history.rows]
    assert sequences == list(range(1, len(sequences) + 1))
