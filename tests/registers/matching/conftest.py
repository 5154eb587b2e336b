"""What the tests of the matching start from."""

from collections.abc import Iterator

import pytest

from tests.registers.matching.sides import Sides, two_sides


@pytest.fixture
def sides() -> Iterator[Sides]:
    """The village in the register, and no journal."""
    with two_sides() as both:
        yield both
