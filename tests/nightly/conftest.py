"""A municipality with something to do for every stage of a night."""

from pathlib import Path

import pytest

from tests.factories.clinic import StaffedClinic
from tests.factories.night import a_municipality_with_work


@pytest.fixture
def here(db: None, signing_key: None, tmp_path: Path) -> StaffedClinic:
    return a_municipality_with_work(tmp_path)
