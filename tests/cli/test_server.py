"""What a process that serves does with what stays for as long as it lives."""

import gc
from collections.abc import Iterator

import pytest

from fjorten.cli.server import settle


@pytest.fixture(autouse=True)
def nothing_stays_settled() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_what_is_there_is_not_looked_through_again_and_what_comes_after_is() -> None:
    assert gc.get_freeze_count() == 0
    settle()
    settled = gc.get_freeze_count()
    assert settled > 50_000
    assert len(gc.get_objects()) < settled / 10
    later: list[object] = []
    later.append(later)
    del later
    assert gc.collect() >= 1
