"""A staffed clinic and two children of it, sister and brother. 10 March 2026 is today, a Tuesday; Monday the 16th is the day to book."""

from datetime import date

import pytest

from fjorten.organisation.models import Municipality
from fjorten.plans.models import Enrolment, PlannedStep
from tests.factories.clinic import StaffedClinic, a_staffed_clinic, an_enrolled_child, step_of


@pytest.fixture
def here(municipality: Municipality) -> StaffedClinic:
    return a_staffed_clinic(municipality, has_rosters=False)


@pytest.fixture
def sister(here: StaffedClinic) -> Enrolment:
    """Nine weeks old."""
    return an_enrolled_child(here, born_on=date(2026, 1, 5))


@pytest.fixture
def brother(here: StaffedClinic) -> Enrolment:
    """Two years old."""
    return an_enrolled_child(here, born_on=date(2024, 3, 1))


@pytest.fixture
def step(sister: Enrolment) -> PlannedStep:
    """The sister's next consultation."""
    return step_of(sister, "C04_M3")
