"""Done, done elsewhere, declined, waived, and open again: what each writes, and what it refuses."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from fjorten.audit.actor import Actor
from fjorten.plans.actions.settling import (
    DayIsInTheFuture,
    NoSuchStep,
    StepAlreadySettled,
    StepIsNotSettled,
    confirm_done_elsewhere,
    decline,
    mark_done,
    mark_done_elsewhere,
    reopen,
    waive,
)
from fjorten.plans.models import Enrolment
from fjorten.plans.reasons import REASON_LENGTH, ReasonIsMissing, ReasonIsTooLong
from tests.plans.conftest import TODAY
from tests.plans.written import everything, history_of, last_event, step_of, trail

STEP = "C01_HOME"
PLANNED = ("planned", None, None, None, "merkantil.prøve", "nyfødt bosatt")
REASON = "mor ringte"

# Every way to settle a step, and the outcome it gives.
WAYS: dict[str, tuple[Callable[..., None], str, bool | None]] = {
    "done": (partial(mark_done, today=TODAY), "done", None),
    "confirmed elsewhere": (partial(mark_done_elsewhere, today=TODAY, is_confirmed=True), "done_elsewhere", True),
    "said done elsewhere": (partial(mark_done_elsewhere, today=TODAY, is_confirmed=False), "done_elsewhere", False),
    "declined": (decline, "declined", None),
    "waived": (waive, "waived", None),
}
every_way = pytest.mark.parametrize(("settle", "outcome", "is_confirmed"), list(WAYS.values()), ids=list(WAYS))
every_outcome = pytest.mark.parametrize("settle", [way for way, _, _ in WAYS.values()], ids=list(WAYS))


@pytest.fixture
def signed(clerk: Actor, at: datetime) -> dict[str, Any]:
    return {"reason": REASON, "by": clerk, "at": at}


@every_way
def test_settling_stores_the_outcome_with_who_when_and_why(
    settle: Callable[..., None], outcome: str, is_confirmed: bool | None, enrolment: Enrolment, signed: dict[str, Any]
) -> None:
    settle(enrolment=enrolment, step=STEP, on=TODAY, **signed)
    row = step_of(enrolment, STEP)
    assert (row.outcome, row.outcome_on, row.is_confirmed) == (outcome, TODAY, is_confirmed)
    assert (row.outcome_at, row.outcome_by, row.outcome_reason) == (signed["at"], "merkantil.prøve", REASON)
    assert history_of(enrolment, STEP) == [PLANNED, ("settled", outcome, TODAY, is_confirmed, "merkantil.prøve", REASON)]


@every_way
def test_settling_is_recorded(
    settle: Callable[..., None], outcome: str, is_confirmed: bool | None, enrolment: Enrolment, signed: dict[str, Any]
) -> None:
    settle(enrolment=enrolment, step=STEP, on=TODAY, **signed)
    assert last_event(reason=REASON) == {
        "action": f"step.{outcome}",
        "about": str(enrolment.person.public_id),
        "who": "merkantil.prøve",
        "at": signed["at"],
        "detail": {"step": STEP},
    }


@every_outcome
def test_a_settled_step_is_not_settled_again_in_any_way(settle: Callable[..., None], enrolment: Enrolment, signed: dict[str, Any]) -> None:
    settle(enrolment=enrolment, step=STEP, on=TODAY, **signed)
    before = everything()
    for again, _, _ in WAYS.values():
        with pytest.raises(StepAlreadySettled):
            again(enrolment=enrolment, step=STEP, on=TODAY, **signed)
    assert everything() == before


@every_outcome
def test_a_settled_step_is_opened_again_with_a_reason_and_the_history_keeps_both(
    settle: Callable[..., None], enrolment: Enrolment, signed: dict[str, Any]
) -> None:
    unsettled = step_of(enrolment, STEP)
    settle(enrolment=enrolment, step=STEP, on=TODAY, **signed)
    reopen(enrolment=enrolment, step=STEP, **{**signed, "reason": "feil barn"})
    row = step_of(enrolment, STEP)
    assert [getattr(row, field.name) for field in row._meta.concrete_fields] == [
        getattr(unsettled, field.name) for field in row._meta.concrete_fields
    ]
    assert [event[0] for event in history_of(enrolment, STEP)] == ["planned", "settled", "reopened"]
    assert history_of(enrolment, STEP)[-1] == ("reopened", None, None, None, "merkantil.prøve", "feil barn")
    assert last_event(reason="feil barn")["action"] == "step.reopened"
    decline(enrolment=enrolment, step=STEP, on=TODAY, **signed)
    assert step_of(enrolment, STEP).outcome == "declined"


def test_other_steps_and_other_children_are_left_alone(enrolment: Enrolment, signed: dict[str, Any]) -> None:
    mark_done(enrolment=enrolment, step=STEP, on=TODAY, today=TODAY, **signed)
    assert [row.step for row in enrolment.steps.exclude(outcome=None)] == [STEP]


def test_a_consultation_held_here_needs_no_reason(enrolment: Enrolment, clerk: Actor, at: datetime) -> None:
    mark_done(enrolment=enrolment, step=STEP, on=TODAY, today=TODAY, by=clerk, at=at)
    assert step_of(enrolment, STEP).outcome_reason == ""
    with pytest.raises(ReasonIsTooLong):
        mark_done(enrolment=enrolment, step="C02_W4", on=TODAY, today=TODAY, reason="x" * (REASON_LENGTH + 1), by=clerk, at=at)


@pytest.mark.parametrize("act", [*(way for name, (way, _, _) in WAYS.items() if name != "done"), reopen, confirm_done_elsewhere])
def test_everything_else_needs_a_reason_that_fits(act: Callable[..., None], enrolment: Enrolment, clerk: Actor, at: datetime) -> None:
    day = {} if act in {reopen, confirm_done_elsewhere} else {"on": TODAY}
    with pytest.raises(ReasonIsMissing):
        act(enrolment=enrolment, step=STEP, reason=" ", by=clerk, at=at, **day)
    with pytest.raises(ReasonIsTooLong):
        act(enrolment=enrolment, step=STEP, reason="x" * (REASON_LENGTH + 1), by=clerk, at=at, **day)


@pytest.mark.parametrize("settle", [WAYS["done"][0], WAYS["said done elsewhere"][0]], ids=["done", "done elsewhere"])
def test_what_was_done_was_done_today_or_before(settle: Callable[..., None], enrolment: Enrolment, signed: dict[str, Any]) -> None:
    with pytest.raises(DayIsInTheFuture):
        settle(enrolment=enrolment, step=STEP, on=TODAY + timedelta(days=1), **signed)
    settle(enrolment=enrolment, step=STEP, on=date(2026, 3, 8), **signed)
    assert step_of(enrolment, STEP).outcome_on == date(2026, 3, 8)


@pytest.mark.parametrize("act", [*(way for way, _, _ in WAYS.values()), reopen, confirm_done_elsewhere])
def test_a_step_the_child_does_not_have_is_refused(act: Callable[..., None], enrolment: Enrolment, signed: dict[str, Any]) -> None:
    day = {} if act in {reopen, confirm_done_elsewhere} else {"on": TODAY}
    with pytest.raises(NoSuchStep):
        act(enrolment=enrolment, step="C99", **day, **signed)


def test_a_claim_of_done_elsewhere_is_confirmed_once(enrolment: Enrolment, signed: dict[str, Any]) -> None:
    mark_done_elsewhere(enrolment=enrolment, step=STEP, on=date(2026, 3, 8), today=TODAY, is_confirmed=False, **signed)
    confirm_done_elsewhere(enrolment=enrolment, step=STEP, **{**signed, "reason": "epikrise"})
    row = step_of(enrolment, STEP)
    # The one who recorded it, and why, stand: only the confirmation is new.
    assert (row.is_confirmed, row.outcome_on, row.outcome_reason) == (True, date(2026, 3, 8), REASON)
    assert history_of(enrolment, STEP)[1:] == [
        ("settled", "done_elsewhere", date(2026, 3, 8), False, "merkantil.prøve", REASON),
        ("settled", "done_elsewhere", date(2026, 3, 8), True, "merkantil.prøve", "epikrise"),
    ]
    assert last_event(reason="epikrise") == {
        "action": "step.confirmed_elsewhere",
        "about": str(enrolment.person.public_id),
        "who": "merkantil.prøve",
        "at": signed["at"],
        "detail": {"step": STEP},
    }
    with pytest.raises(StepIsNotSettled):
        confirm_done_elsewhere(enrolment=enrolment, step=STEP, **signed)


@pytest.mark.parametrize("way", ["done", "declined", "waived", None])
def test_only_a_claim_can_be_confirmed(way: str | None, enrolment: Enrolment, signed: dict[str, Any]) -> None:
    if way is not None:
        WAYS[way][0](enrolment=enrolment, step=STEP, on=TODAY, **signed)
    with pytest.raises(StepIsNotSettled):
        confirm_done_elsewhere(enrolment=enrolment, step=STEP, **signed)


def test_what_is_not_settled_cannot_be_opened_again(enrolment: Enrolment, signed: dict[str, Any]) -> None:
    before = trail()
    with pytest.raises(StepIsNotSettled):
        reopen(enrolment=enrolment, step=STEP, **signed)
    assert trail() == before
