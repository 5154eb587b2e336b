"""A clinic, a programme and children to try the plans on. 10 March 2026 is today."""

from datetime import date

import pytest

from fjorten.audit.actor import Actor
from fjorten.organisation.models import Clinic, Municipality
from fjorten.people.models import Person
from fjorten.plans.actions.enrolment import enrol
from fjorten.plans.models import Enrolment
from fjorten.programme.definitions import Definition, child_programme

TODAY = date(2026, 3, 10)
NATIONAL = "child-programme-0-5/2017.1"


def resident(municipality: Municipality, born_on: date | None, **facts: object) -> Person:
    """A child the register has told of; without a birth date, one whose year of birth is all that is known."""
    return Person.objects.create(municipality=municipality, born_on=born_on, born_by=born_on or date(2024, 12, 31), **facts)


@pytest.fixture
def clinic(municipality: Municipality) -> Clinic:
    return municipality.clinics.get()


@pytest.fixture
def programme() -> Definition:
    return child_programme(TODAY)


@pytest.fixture
def newborn(municipality: Municipality) -> Person:
    """Nine days old."""
    return resident(municipality, date(2026, 3, 1))


@pytest.fixture
def newcomer(municipality: Municipality) -> Person:
    """Two years and three months old, just moved in."""
    return resident(municipality, date(2023, 12, 10))


@pytest.fixture
def enrolment(newborn: Person, clinic: Clinic, programme: Definition, clerk: Actor, at) -> Enrolment:
    """The newborn, enrolled with the whole programme ahead."""
    return enrol(
        person=newborn, clinic=clinic, definition=programme, on=TODAY, reason="nyfødt bosatt", by=clerk, at=at, with_catch_up=False
    )
