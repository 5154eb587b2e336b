"""A staffed clinic and a child of ten months whose consultation at ten months nobody has held. 10 March 2026, a Tuesday, is today."""

from datetime import date, datetime

import pytest

from fjorten.audit.actor import Actor
from fjorten.followup.actions.cases import open_case
from fjorten.followup.models import Case
from fjorten.organisation.models import Clinic, Employee, Municipality
from fjorten.people.models import Person
from fjorten.plans.models import PlannedStep
from tests.factories.cases import child_with_plan, clinic_of, staffed, step_of

TODAY = date(2026, 3, 10)
BORN_ON = date(2025, 5, 10)
STEP = "C09_M10"


@pytest.fixture
def clinic(municipality: Municipality) -> Clinic:
    return clinic_of(municipality)


@pytest.fixture
def staff(clinic: Clinic) -> dict[str, Employee]:
    return staffed(clinic)


@pytest.fixture
def child(clinic: Clinic, staff: dict[str, Employee], clerk: Actor, at: datetime) -> Person:
    return child_with_plan(clinic, BORN_ON, on=BORN_ON, by=clerk, at=at)


@pytest.fixture
def step(child: Person) -> PlannedStep:
    return step_of(child, STEP)


@pytest.fixture
def case(step: PlannedStep, clerk: Actor, at: datetime) -> Case:
    """A case opened by hand, waiting for its first step."""
    return open_case(planned_step=step, reason="mor ringte", by=clerk, at=at)
