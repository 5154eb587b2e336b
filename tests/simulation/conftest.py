"""Towns that several modules look at. They only live further when asked, so sharing them changes nothing."""

from datetime import date

import pytest

from fjorten.simulation.town import Town

BEGINS_ON = date(2024, 3, 1)
REFORM_ON = date(2025, 1, 1)
DECADE_ENDS_ON = date(2034, 3, 1)


@pytest.fixture(scope="session")
def town() -> Town:
    """A small town that is reformed after ten months."""
    return Town(seed=4, children=220, begins_on=BEGINS_ON, reform_on=REFORM_ON)


@pytest.fixture(scope="session")
def old_town() -> Town:
    """A middling town that has lived for ten years, into the time of the new identity numbers."""
    middling = Town(seed=11, children=900, begins_on=BEGINS_ON, reform_on=date(2028, 1, 1))
    middling.live_until(DECADE_ENDS_ON)
    return middling
