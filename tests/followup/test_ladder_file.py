"""The ladder as data: complete, in order, and with every mistake in a file named at once."""

import tomllib
from collections.abc import Callable
from importlib import resources
from typing import Any

import pytest

from fjorten.followup.ladder import Owner, Track, default_ladder, next_step, read_ladder
from fjorten.programme.definitions import child_programme
from fjorten.programme.tables import DefinitionIsInvalid
from tests.spec.followup.test_ladder import MONDAY


def content() -> dict[str, Any]:
    return tomllib.loads(resources.files("fjorten.followup").joinpath("ladder.toml").read_text(encoding="utf-8"))


def test_there_is_always_a_next_step_and_it_never_comes_earlier_than_the_one_before() -> None:
    ladder = default_ladder()
    for track in Track:
        due = [
            next_step(ladder, done=[step.code for step in ladder.steps[:done]], track=track, opened_on=MONDAY).due_on
            for done in range(len(ladder.steps) + 1)
        ]
        assert due == sorted(due)


def test_steps_may_be_done_out_of_order() -> None:
    coming = next_step(default_ladder(), done=["new_time", "assess"], track=Track.STANDARD, opened_on=MONDAY)
    assert coming.step.code == "check_and_call"


def test_every_case_ends_with_the_leader_and_only_the_first_step_is_the_systems() -> None:
    steps = default_ladder().steps
    assert steps[-1].who is Owner.LEADER
    assert [step.code for step in steps if step.who is Owner.SYSTEM] == ["new_time"]


def test_the_lists_are_those_of_the_survey_and_the_guideline() -> None:
    ladder = default_ladder()
    assert len(ladder.reasons) == 12
    assert {reason.code for reason in ladder.closings if reason.keeps_watch} == {
        "emigrated_unconfirmed_keep_watch",
        "concern_report_sent_keep_open_until_feedback",
    }
    assert "timer" not in str([reason.name for reason in ladder.closings])


def test_the_consultations_of_the_fast_track_are_in_the_programme() -> None:
    assert default_ladder().fast_consultations < set(child_programme(MONDAY).codes)


def test_an_unknown_step_is_named_with_the_known_ones() -> None:
    with pytest.raises(KeyError, match="call_again"):
        default_ladder().step("ring")


BROKEN: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "days that fall": (lambda c: c["step"][3].update(standard_days=1), "do not rise"),
    "a slower fast track": (lambda c: c["step"][8].update(fast_days=90), "slower on the fast track"),
    "days that are no number": (lambda c: c["step"][1].update(fast_days="én"), "must be a whole number"),
    "days that are below nothing": (lambda c: c["step"][0].update(fast_days=-1), "cannot be waited"),
    "an unknown owner": (lambda c: c["step"][1].update(who="doctor"), '"doctor" is not known'),
    "no leader at the end": (lambda c: c["step"].pop(), "the last is the leader's"),
    "no steps": (lambda c: c.pop("step"), "the last is the leader's"),
    "the same code twice": (lambda c: c["reason"].append(c["reason"][0]), '"forgot" stands there twice'),
    "a missing language": (lambda c: c["close"][0]["name"].pop("nn"), "nn: is missing"),
    "a misspelt field": (lambda c: c["step"][1].update(fastdays=3), 'did you mean "fast_days"'),
    "a review before the reading": (lambda c: c.update(next_review_on=c["read_on"]), "is not after"),
    "no fast track": (lambda c: c.pop("fast"), "fast: is missing"),
    "an age that is no number": (lambda c: c["fast"].update(under_months="6m"), "fast.under_months: must be a whole number"),
    "a later step of the system's own": (lambda c: c["step"][7].update(who="system"), "never by a timer"),
    "a start that is no step": (lambda c: c["starts"].update(unreachable="ring"), '"ring" is not a step of the ladder'),
    "no starts": (lambda c: c.pop("starts"), "starts: is missing"),
    "no months": (lambda c: c.pop("months"), "months: is missing"),
    "a wait for good": (lambda c: c["months"].update(pause=120), "120 months are not waited"),
    "a closing by a timer": (lambda c: c["close"][0].update(after_days=90), "is not a field here"),
    "no source": (lambda c: c.pop("source"), "source: is missing"),
}


@pytest.mark.parametrize("mistake", BROKEN)
def test_a_mistake_is_named_with_its_place(mistake: str) -> None:
    broken = content()
    change, expected = BROKEN[mistake]
    change(broken)
    with pytest.raises(DefinitionIsInvalid) as refusal:
        read_ladder(broken, file="ladder.toml")
    assert expected in str(refusal.value)
