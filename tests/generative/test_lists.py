"""The watch over the lists sees what it is there to see: rows taken off by machines, without a reason, or by nobody at all."""

from datetime import timedelta

import pytest

from fjorten.organisation.models import Municipality
from fjorten.plans.actions.enrolment import end_enrolment
from fjorten.plans.actions.settling import mark_done, waive
from fjorten.plans.models import Enrolment, PlannedStep
from tests.factories.clinic import AT, CLERK, JOB, TODAY, a_staffed_clinic, an_enrolled_child
from tests.generative.lists import Lists, gone_without_a_word, lists_on

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def child(municipality: Municipality) -> Enrolment:
    return an_enrolled_child(a_staffed_clinic(municipality))


def overnight(before: Lists) -> list[str]:
    return gone_without_a_word(before, lists_on(TOMORROW, municipality=before.municipality))


def test_a_night_when_nothing_happens_takes_nobody_off(child: Enrolment) -> None:
    before = lists_on(TODAY, municipality=child.municipality)
    assert before.rows["step due and unbooked"], "there is somebody on the list"
    assert overnight(before) == []


def test_what_a_person_settles_or_ends_with_a_reason_is_in_order(child: Enrolment) -> None:
    before = lists_on(TODAY, municipality=child.municipality)
    waive(enrolment=child, step="C01_HOME", on=TODAY, reason="barnet var på sykehus", by=CLERK, at=AT)
    end_enrolment(enrolment=child, on=TODAY, reason="flyttet", by=CLERK, at=AT)
    assert overnight(before) == []


def test_a_machine_that_settles_a_step_is_seen(child: Enrolment) -> None:
    before = lists_on(TODAY, municipality=child.municipality)
    mark_done(enrolment=child, step="C01_HOME", on=TODAY, today=TODAY, by=JOB, at=AT)
    assert any("step due and unbooked" in problem and "nattkjøring" in problem for problem in overnight(before))


def test_a_machine_that_ends_an_enrolment_is_seen(child: Enrolment) -> None:
    before = lists_on(TODAY, municipality=child.municipality)
    end_enrolment(enrolment=child, on=TODAY, reason="borte", by=JOB, at=AT)
    assert any(problem.startswith(f"{TOMORROW}: enrolment") for problem in overnight(before))


def test_a_window_that_is_moved_by_nobody_is_seen(child: Enrolment) -> None:
    before = lists_on(TODAY, municipality=child.municipality)
    due = PlannedStep.objects.filter(enrolment=child, step="C04_M3")
    due.update(window_from=TOMORROW + timedelta(days=100), window_until=TOMORROW + timedelta(days=120))
    first = PlannedStep.objects.filter(enrolment=child, step="C01_HOME")
    first.update(window_from=TOMORROW + timedelta(days=100), window_until=TOMORROW + timedelta(days=120))
    assert any("neither booked, settled nor due" in problem for problem in overnight(before))
