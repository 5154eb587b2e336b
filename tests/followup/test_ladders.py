"""A municipality's own days and words: taken into use, kept for good, and never against the never-rules."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from fjorten.audit.actor import Actor
from fjorten.audit.models import AuditEvent
from fjorten.followup.actions.entries import OnlyAPerson
from fjorten.followup.actions.ladders import AnotherLadderBeginsThatDay, LadderIsForAnotherMunicipality, adopt_ladder
from fjorten.followup.actions.steps import Planned, record_step
from fjorten.followup.contact import Outcome
from fjorten.followup.ladder import Owner, Track, default_ladder
from fjorten.followup.ladders import NoSuchLadder, ladder_of, ladders_of
from fjorten.followup.models import Case, LadderOverlay
from fjorten.followup.overlays import read_change
from fjorten.organisation.models import Municipality
from fjorten.programme.tables import DefinitionIsInvalid
from tests.factories.cases import JOB, NURSE, instant
from tests.followup.conftest import TODAY

FROM = date(2026, 3, 11)


def content(**changes: Any) -> dict[str, Any]:
    """A municipality that calls the day after, and has its own words for one way of closing."""
    return {
        "municipality": "9901",
        "valid_from": FROM,
        "based_on": "2026.1",
        "decided_by": "Ledende helsesykepleier, sak 2026/12",
        "why": "Vi ringer dagen etter.",
        "step": [{"code": "check_and_call", "standard_days": 1}],
        "close": [{"code": "attended", "name": {"nb": "barnet har vært her", "nn": "barnet har vore her", "en": "has been here"}}],
        "months": {"pause": 3},
        **changes,
    }


def adopt(to: Municipality, *, by: Actor = NURSE, **changes: Any) -> None:
    adopt_ladder(municipality=to, content=content(**changes), by=by, at=instant(TODAY))


def test_days_words_and_waits_are_the_municipalitys_and_the_rest_is_as_it_was(municipality: Municipality) -> None:
    adopt(municipality)
    own = ladder_of(municipality, on=FROM)
    assert own.step("check_and_call").days == {Track.STANDARD: 1, Track.FAST: 1}
    assert own.closings[0].name["nb"] == "barnet har vært her"
    assert (own.pause_months, own.deadline_months) == (3, 3)
    assert own.codes == default_ladder().codes
    assert [step.who for step in own.steps] == [step.who for step in default_ladder().steps]
    assert ladder_of(municipality, on=FROM - timedelta(days=1)) == default_ladder()


def test_it_is_kept_whole_and_found_by_its_reference_also_when_another_has_come(municipality: Municipality) -> None:
    adopt(municipality)
    first = ladder_of(municipality, on=FROM)
    adopt(municipality, valid_from=date(2026, 9, 1), why="Tre dager likevel.", step=[{"code": "check_and_call", "standard_days": 3}])
    assert ladder_of(municipality, on=date(2026, 9, 1)).step("check_and_call").days[Track.STANDARD] == 3
    assert ladders_of(municipality).of(first.reference) == first
    with pytest.raises(NoSuchLadder, match=r"2026\.1"):
        ladders_of(municipality).of("non-attendance-ladder/1999.1")


def test_adopting_it_again_changes_nothing(municipality: Municipality) -> None:
    adopt(municipality)
    events = AuditEvent.objects.count()
    adopt(municipality)
    assert (LadderOverlay.objects.count(), AuditEvent.objects.count()) == (1, events)


def test_a_ladder_of_another_municipality_of_a_day_that_is_taken_or_by_a_machine_is_refused(municipality: Municipality) -> None:
    with pytest.raises(LadderIsForAnotherMunicipality):
        adopt(municipality, municipality="9902")
    with pytest.raises(OnlyAPerson):
        adopt(municipality, by=JOB)
    adopt(municipality)
    with pytest.raises(AnotherLadderBeginsThatDay):
        adopt(municipality, step=[{"code": "check_and_call", "standard_days": 3}])


def test_an_open_case_keeps_its_ladder_until_its_next_step(case: Case, municipality: Municipality) -> None:
    adopt(municipality)
    assert case.ladder == default_ladder().reference
    at = instant(FROM)
    record_step(case=case, step="new_time", done_at=at, then=Planned("check_and_call"), outcome=Outcome.NEW_TIME, by=NURSE, at=at)
    assert case.ladder == ladder_of(municipality, on=FROM).reference
    assert case.due_on == date(2026, 3, 12)


NEVER: dict[str, tuple[dict[str, Any], str]] = {
    "a step of the system's own": ({"step": [{"code": "assess", "who": "system"}]}, "is not a field here"),
    "a closing by the system": ({"close": [{"code": "attended", "by": "system"}]}, "is not a field here"),
    "a way of closing of its own": ({"close": [{"code": "timed_out"}]}, '"timed_out" is not in the ladder'),
    "a step of its own": ({"step": [{"code": "report_by_timer", "standard_days": 40}]}, '"report_by_timer" is not in the ladder'),
    "a first step that is not at once": ({"step": [{"code": "new_time", "standard_days": 1}]}, "the first step is taken at once"),
    "days that fall": ({"step": [{"code": "leaders_list", "standard_days": 2}]}, "do not rise"),
    "a slower fast track": ({"step": [{"code": "check_and_call", "fast_days": 3, "standard_days": 2}]}, "slower on the fast track"),
    "days below nothing": ({"step": [{"code": "new_time", "fast_days": -1}]}, "cannot be waited"),
    "a wait for good": ({"months": {"pause": 13}}, "13 months are not waited"),
    "a wait of nothing": ({"months": {"deadline": 0}}, "0 months are not waited"),
    "an end to the watch": ({"close": [{"code": "attended", "keeps_watch": False}]}, "is not a field here"),
    "other facts": ({"triggers": {"nothing_booked": 0}}, "is not a field here"),
    "another version": ({"based_on": "2020.1"}, "is not the version that ships"),
    "a municipality that is no number": ({"municipality": "Oslo"}, "has the wrong form"),
    "a day that is none": ({"valid_from": "snart"}, "must be a date"),
}


@pytest.mark.parametrize("name", NEVER)
def test_what_is_not_the_municipalitys_to_change_is_refused(name: str) -> None:
    changes, expected = NEVER[name]
    with pytest.raises(DefinitionIsInvalid) as refusal:
        read_change(content(**changes))
    assert expected in str(refusal.value)


def test_only_the_first_step_of_any_ladder_is_the_systems() -> None:
    assert [step.who is Owner.SYSTEM for step in read_change(content()).ladder.steps] == [True, *[False] * 8]


def test_the_trail_says_that_a_ladder_was_adopted(municipality: Municipality, at: datetime) -> None:
    adopt(municipality)
    last = AuditEvent.objects.order_by("-seq")[0]
    assert (last.action, last.detail) == ("ladder.adopted", {"ladder": ladder_of(municipality, on=FROM).reference})
