"""Signed decisions: a resident child stands outside the programme, or its journal is in transfer."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from fjorten.audit.actor import Actor
from fjorten.people.models import Person
from fjorten.plans.actions.enrolment import AlreadyEnrolled, end_enrolment
from fjorten.plans.actions.standing import AlreadyStandsThere, NoDecisionInForce, decide_standing, end_standing
from fjorten.plans.models import Enrolment, StandingDecision
from fjorten.plans.reasons import ReasonIsMissing, ReasonIsTooLong
from tests.plans.conftest import TODAY
from tests.plans.written import everything, last_event, trail

OUTSIDE, IN_TRANSFER = StandingDecision.Standing.OUTSIDE, StandingDecision.Standing.IN_TRANSFER
both = pytest.mark.parametrize("standing", list(StandingDecision.Standing))


@pytest.fixture
def signed(clerk: Actor, at: datetime) -> dict[str, Any]:
    return {"reason": "følges av barnehabiliteringen", "by": clerk, "at": at}


@both
def test_a_decision_is_stored_with_who_when_and_why_and_recorded(
    standing: StandingDecision.Standing, newcomer: Person, signed: dict[str, Any]
) -> None:
    decision = decide_standing(person=newcomer, standing=standing, on=TODAY, **signed)
    decision.refresh_from_db()
    assert (decision.standing, decision.from_on, decision.until_on) == (standing.value, TODAY, None)
    assert (decision.decided_by, decision.decided_at, decision.reason) == ("merkantil.prøve", signed["at"], signed["reason"])
    assert last_event(reason=signed["reason"]) == {
        "action": f"standing.{standing.value}",
        "about": str(newcomer.public_id),
        "who": "merkantil.prøve",
        "at": signed["at"],
        "detail": {},
    }


@both
def test_a_child_stands_in_one_place_at_a_time(standing: StandingDecision.Standing, newcomer: Person, signed: dict[str, Any]) -> None:
    decide_standing(person=newcomer, standing=OUTSIDE, on=TODAY, **signed)
    before = everything()
    with pytest.raises(AlreadyStandsThere):
        decide_standing(person=newcomer, standing=standing, on=TODAY + timedelta(days=5), **signed)
    assert everything() == before


def test_what_the_database_refuses_for_another_reason_is_not_taken_for_a_race(newcomer: Person, signed: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match="decided_at"):
        decide_standing(person=newcomer, standing=OUTSIDE, on=TODAY, **{**signed, "at": None})


def test_a_decision_is_ended_from_a_day_on_and_another_may_follow_from_that_day(newcomer: Person, signed: dict[str, Any]) -> None:
    decide_standing(person=newcomer, standing=IN_TRANSFER, on=TODAY, **signed)
    over = TODAY + timedelta(days=5)
    end_standing(person=newcomer, on=over, **{**signed, "reason": "journalen er kommet"})
    assert last_event(reason="journalen er kommet")["action"] == "standing.ended"
    with pytest.raises(AlreadyStandsThere):  # the day before, the first one still holds
        decide_standing(person=newcomer, standing=OUTSIDE, on=over - timedelta(days=1), **signed)
    decide_standing(person=newcomer, standing=OUTSIDE, on=over, **signed)
    assert list(StandingDecision.objects.order_by("pk").values_list("from_on", "until_on")) == [(TODAY, over), (over, None)]
    assert trail() == ["standing.in_transfer", "standing.ended", "standing.outside"]


def test_an_enrolled_child_is_not_outside_but_may_be_in_transfer(enrolment: Enrolment, signed: dict[str, Any]) -> None:
    with pytest.raises(AlreadyEnrolled):
        decide_standing(person=enrolment.person, standing=OUTSIDE, on=TODAY, **signed)
    decide_standing(person=enrolment.person, standing=IN_TRANSFER, on=TODAY, **signed)
    end_standing(person=enrolment.person, on=TODAY, **signed)
    end_enrolment(enrolment=enrolment, on=TODAY, **signed)
    decide_standing(person=enrolment.person, standing=OUTSIDE, on=TODAY, **signed)
    assert StandingDecision.objects.count() == 2


def test_there_must_be_a_decision_to_end(newcomer: Person, signed: dict[str, Any]) -> None:
    with pytest.raises(NoDecisionInForce):
        end_standing(person=newcomer, on=TODAY, **signed)
    decide_standing(person=newcomer, standing=OUTSIDE, on=TODAY, **signed)
    with pytest.raises(NoDecisionInForce):  # it had not begun
        end_standing(person=newcomer, on=TODAY - timedelta(days=1), **signed)
    end_standing(person=newcomer, on=TODAY, **signed)
    with pytest.raises(NoDecisionInForce):
        end_standing(person=newcomer, on=TODAY, **signed)


@pytest.mark.parametrize(("reason", "refusal"), [(" ", ReasonIsMissing), ("x" * 501, ReasonIsTooLong)])
def test_a_decision_and_its_end_need_a_reason_that_fits(
    reason: str, refusal: type[Exception], newcomer: Person, signed: dict[str, Any]
) -> None:
    with pytest.raises(refusal):
        decide_standing(person=newcomer, standing=OUTSIDE, on=TODAY, **{**signed, "reason": reason})
    decide_standing(person=newcomer, standing=OUTSIDE, on=TODAY, **signed)
    with pytest.raises(refusal):
        end_standing(person=newcomer, on=TODAY, **{**signed, "reason": reason})
