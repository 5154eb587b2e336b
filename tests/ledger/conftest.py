"""The ledger most tests of this folder begin with."""

from datetime import datetime
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from fjorten.audit.actor import Actor
from fjorten.organisation.models import Municipality
from tests.ledger.book import Book, make_book


@pytest.fixture
def book(municipality: Municipality, clerk: Actor, at: datetime, tmp_path: Path, settings: Settings) -> Book:
    """A ledger with one child in every situation, in an installation of its own."""
    settings.HOME = tmp_path
    return make_book(municipality=municipality, by=clerk, at=at, folder=tmp_path)
