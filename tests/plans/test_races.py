"""Two at once: one of them was first, and the other is told so. In a database that really commits."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

import pytest
from django.db import connections, transaction

from fjorten.audit.actor import Actor
from fjorten.audit.trail import broken_links
from fjorten.kernel.refusals import Refused
from fjorten.organisation.actions import open_municipality
from fjorten.people.models import Person
from fjorten.plans.actions.enrolment import AlreadyEnrolled, enrol
from fjorten.plans.actions.settling import StepAlreadySettled, decline, mark_done
from fjorten.plans.actions.standing import AlreadyStandsThere, decide_standing
from fjorten.plans.models import Enrolment, PlannedStep, StandingDecision, StepEvent
from fjorten.programme.definitions import child_programme
from tests.plans.conftest import TODAY, resident

OUTSIDE = StandingDecision.Standing.OUTSIDE
PROGRAMME = child_programme(TODAY)


@pytest.fixture
def child(own_database: None, clerk: Actor, at: datetime) -> Person:
    """A child in a database of the test's own."""
    return resident(open_municipality(code="9901", name="Prøvekommunen", by=clerk, at=at), date(2023, 12, 10))


def enrol_once(child: Person, by: Actor, at: datetime) -> None:
    clinic = child.municipality.clinics.get()
    enrol(person=child, clinic=clinic, definition=PROGRAMME, on=TODAY, reason="flyttet hit", by=by, at=at)


def outcome_of(act: Callable[[], object]) -> str:
    """Do it in a thread of its own, and tell "done" or the name of the refusal."""
    try:
        act()
    except Refused as refused:
        return type(refused).__name__
    finally:
        connections.close_all()
    return "done"


def at_the_same_time(*acts: Callable[[], object]) -> list[str]:
    """Start all of them together."""
    together = threading.Barrier(len(acts))

    def wait_and(act: Callable[[], object]) -> str:
        together.wait(timeout=60)
        return outcome_of(act)

    connections.close_all()
    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(wait_and, acts))


def while_another_has_not_committed(first: Callable[[], object], second: Callable[[], object]) -> str:
    """Do the first, and while its transaction is still open begin the second, which cannot see it yet. Tell what became of the second."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            waiting = pool.submit(outcome_of, second)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.5)  # it waits for the first, on both databases
        return waiting.result(timeout=60)


def test_one_of_four_enrols_the_child(child: Person, clerk: Actor, at: datetime) -> None:
    assert at_the_same_time(*[lambda: enrol_once(child, clerk, at)] * 4) == ["AlreadyEnrolled"] * 3 + ["done"]
    assert Enrolment.objects.count() == 1
    assert PlannedStep.objects.count() == 14
    assert list(broken_links("9901")) == []


def test_whoever_could_not_see_the_enrolment_yet_is_told_of_it(child: Person, clerk: Actor, at: datetime) -> None:
    def enrolling() -> None:
        enrol_once(child, clerk, at)

    assert while_another_has_not_committed(enrolling, enrolling) == AlreadyEnrolled.__name__
    assert Enrolment.objects.count() == 1
    assert list(broken_links("9901")) == []


def test_whoever_could_not_see_the_decision_yet_is_told_of_it(child: Person, clerk: Actor, at: datetime) -> None:
    def deciding() -> None:
        decide_standing(person=child, standing=OUTSIDE, on=TODAY, reason="på reise", by=clerk, at=at)

    assert while_another_has_not_committed(deciding, deciding) == AlreadyStandsThere.__name__
    assert StandingDecision.objects.count() == 1


def test_one_of_two_settles_the_step(child: Person, clerk: Actor, at: datetime) -> None:
    enrol_once(child, clerk, at)
    told = {"enrolment": Enrolment.objects.get(), "step": "C14_Y4", "on": TODAY, "reason": "prøve", "by": clerk, "at": at}
    outcomes = at_the_same_time(lambda: mark_done(today=TODAY, **told), lambda: decline(**told))
    assert outcomes == [StepAlreadySettled.__name__, "done"]
    assert StepEvent.objects.filter(planned_step__step="C14_Y4", what="settled").count() == 1
    assert list(broken_links("9901")) == []
