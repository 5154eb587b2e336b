"""Somebody signed in at a clinic where children can be given times, on a day whose clock stands still."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from fjorten.organisation.models import Municipality
from fjorten.web.glance import forget
from tests.factories.clinic import StaffedClinic, a_staffed_clinic

NOW = datetime(2026, 4, 6, 7, 10, tzinfo=UTC)  # ten past nine in Oslo, the day after Easter Monday's week began


@pytest.fixture(autouse=True)
def nothing_is_kept() -> Iterator[None]:
    """What the head of a page keeps for a minute is not kept from one test to the next."""
    forget()
    yield
    forget()


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The clock of the pages, standing still until a test moves it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def here(municipality: Municipality) -> StaffedClinic:
    """A staffed clinic."""
    return a_staffed_clinic(municipality)


@pytest.fixture
def client() -> Client:
    """A browser that sends our forms' tokens."""
    return Client(enforce_csrf_checks=False)
