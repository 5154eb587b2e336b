"""A staffed clinic, another clinic, and a child of the first. 10 March 2026, a Tuesday morning, is now."""

from datetime import date

import pytest

from fjorten.organisation.actions import open_clinic
from fjorten.organisation.models import Clinic, Municipality
from fjorten.people.models import Person
from tests.factories.clinic import AT, LEADER, StaffedClinic, a_staffed_clinic, an_enrolled_child


@pytest.fixture
def here(municipality: Municipality) -> StaffedClinic:
    return a_staffed_clinic(municipality, has_rosters=False)


@pytest.fixture
def north(here: StaffedClinic) -> Clinic:
    return open_clinic(municipality=here.municipality, name="Nord", by=LEADER, at=AT)


@pytest.fixture
def child(here: StaffedClinic) -> Person:
    return an_enrolled_child(here, born_on=date(2026, 1, 5), family_name="Myrull").person
