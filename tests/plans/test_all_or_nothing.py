"""
When the event cannot be recorded, nothing has been done.

The trail is made to fail for real: its head is put back, so that the next event gets a number that is taken.
"""

import inspect
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from types import ModuleType
from typing import Any

import pytest
from django.db import IntegrityError

from fjorten.audit.actor import Actor
from fjorten.audit.models import AuditHead
from fjorten.organisation.models import Clinic
from fjorten.people.models import Person
from fjorten.plans.actions import enrolment as enrolling
from fjorten.plans.actions import replanning, settling, standing
from fjorten.plans.models import Enrolment, StandingDecision
from fjorten.plans.programmes import adopt_overlay
from fjorten.plans.steps import full_plan
from fjorten.programme.definitions import Definition
from tests.plans.conftest import NATIONAL, TODAY
from tests.plans.test_programmes import FIVE_YEARS
from tests.plans.written import everything

OUTSIDE = StandingDecision.Standing.OUTSIDE
Act = Callable[[], object]


@pytest.fixture
def acts(
    enrolment: Enrolment, newcomer: Person, clinic: Clinic, programme: Definition, clerk: Actor, at: datetime
) -> dict[str, tuple[Act, Act]]:
    """Every action of the room, ready to be done, with what must have been done first."""
    signed: dict[str, Any] = {"reason": "prøve", "by": clerk, "at": at}
    step = {"enrolment": enrolment, "step": "C01_HOME", **signed}

    def nothing() -> None:
        """Most actions ask for nothing before them."""

    def newcomer_with_plan() -> enrolling.NewEnrolment:
        return enrolling.NewEnrolment(newcomer, clinic, TODAY, full_plan(newcomer.born_by, programme))

    enrol = partial(enrolling.enrol, person=newcomer, clinic=clinic, definition=programme, on=TODAY, **signed)
    decide = partial(standing.decide_standing, person=newcomer, standing=OUTSIDE, on=TODAY, **signed)
    claim = partial(settling.mark_done_elsewhere, on=TODAY, today=TODAY, is_confirmed=False, **step)
    return {
        "enrol": (nothing, enrol),
        "enrol one who stood outside": (decide, enrol),
        "enrol_all": (
            nothing,
            lambda: enrolling.enrol_all(
                children=[newcomer_with_plan()], municipality=newcomer.municipality, programme_version=NATIONAL, **signed
            ),
        ),
        "count_enrolment_from": (
            nothing,
            partial(enrolling.count_enrolment_from, enrolment=enrolment, on=TODAY - timedelta(days=1), **signed),
        ),
        "end_enrolment": (nothing, partial(enrolling.end_enrolment, enrolment=enrolment, on=TODAY, **signed)),
        "mark_done": (nothing, partial(settling.mark_done, on=TODAY, today=TODAY, **step)),
        "mark_done_elsewhere": (nothing, claim),
        "confirm_done_elsewhere": (claim, partial(settling.confirm_done_elsewhere, **step)),
        "decline": (nothing, partial(settling.decline, on=TODAY, **step)),
        "waive": (nothing, partial(settling.waive, on=TODAY, **step)),
        "reopen": (claim, partial(settling.reopen, **step)),
        "replan": (
            nothing,
            partial(
                replanning.replan,
                enrolment=enrolment,
                definition=programme,
                born_on=enrolment.planned_from_born_on - timedelta(days=1),
                **signed,
            ),
        ),
        "decide_standing": (nothing, decide),
        "end_standing": (decide, partial(standing.end_standing, person=newcomer, on=TODAY, **signed)),
        "adopt_overlay": (
            nothing,
            partial(adopt_overlay, municipality=newcomer.municipality, content=FIVE_YEARS, by=clerk, at=at),
        ),
    }


NAMES = [
    "enrol",
    "enrol one who stood outside",
    "enrol_all",
    "count_enrolment_from",
    "end_enrolment",
    "mark_done",
    "mark_done_elsewhere",
    "confirm_done_elsewhere",
    "decline",
    "waive",
    "reopen",
    "replan",
    "decide_standing",
    "end_standing",
    "adopt_overlay",
]


def actions_of(module: ModuleType) -> set[str]:
    own = {name for name, value in inspect.getmembers(module, inspect.isfunction) if value.__module__ == module.__name__}
    return {name for name in own if not name.startswith("_")}


def test_every_action_is_tried(acts: dict[str, tuple[Act, Act]]) -> None:
    public = set().union(*map(actions_of, (enrolling, replanning, settling, standing)))
    assert public | {"adopt_overlay", "enrol one who stood outside"} == set(acts) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_an_action_whose_event_fails_has_written_nothing(name: str, acts: dict[str, tuple[Act, Act]]) -> None:
    prepare, act = acts[name]
    prepare()
    AuditHead.objects.update(seq=0)
    before = everything()
    with pytest.raises(IntegrityError, match="audit"):
        act()
    assert everything() == before


@pytest.mark.parametrize("name", NAMES)
def test_the_same_action_does_write_when_the_event_can_be_recorded(name: str, acts: dict[str, tuple[Act, Act]]) -> None:
    prepare, act = acts[name]
    prepare()
    before = everything()
    act()
    after = everything()
    assert after["audit.AuditEvent"] != before["audit.AuditEvent"]
    assert {label for label, rows in after.items() if rows != before[label]} - {"audit.AuditEvent", "audit.AuditHead"}
