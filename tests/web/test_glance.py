"""What the head of every page and the lists know of everybody: for how long it is shown, and to whom it is found out anew."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from fjorten.ledger.needing_now import NeedingNow, ShortLists
from fjorten.organisation.models import Municipality
from fjorten.web.glance import Glance, forget, glance, lasting

AT = datetime(2026, 4, 6, 21, 30, tzinfo=UTC)  # half past eleven in the evening in Oslo
NOBODY = NeedingNow(without_journal=0, missed=0, due=0, open_cases=0, cases_without_next_step=0, findings=0)


def a_glance(cost: float) -> Glance:
    return Glance(at=AT, needing=NOBODY, short=ShortLists(frozenset(), frozenset()), balanced=None, residents=0, emergencies=0, cost=cost)


@pytest.mark.parametrize(
    ("cost", "seconds", "is_fresh", "is_being_found", "is_good"),
    [
        (0.02, 59, False, False, True),
        (0.02, 60, False, False, False),
        (0.02, 0, True, False, False),  # finding out takes next to nothing: whoever has changed something sees it
        (0.4, 0, True, False, False),  # finding out takes no time to speak of: whoever has changed something sees it
        (2.0, 39, True, False, True),  # two seconds of everybody's time: at most a twentieth of it
        (2.0, 41, True, False, False),
        (2.0, 70, False, True, True),  # somebody is finding out
        (2.0, 70, True, True, True),
        (2.0, 300, False, True, False),
        (0.02, -1, False, False, False),  # a clock that was set back
        (0.02, 1800, False, True, False),
    ],
)
def test_how_long_it_is_shown(cost: float, seconds: int, *, is_fresh: bool, is_being_found: bool, is_good: bool) -> None:
    asked = {"at": AT + timedelta(seconds=seconds), "is_fresh": is_fresh, "is_being_found": is_being_found}
    assert a_glance(cost).is_good(**asked) is is_good  # type: ignore[arg-type]


def test_yesterdays_is_never_shown_today() -> None:
    before_midnight = replace(a_glance(1), at=AT + timedelta(minutes=29, seconds=59))
    assert not before_midnight.is_good(at=AT + timedelta(minutes=30), is_fresh=False, is_being_found=True)


def test_a_question_about_everybody_is_asked_once() -> None:
    asked = []
    seen = a_glance(0)
    for _ in range(3):
        assert seen.once("languages", lambda: asked.append(1) or ["nb", "pl"]) == ["nb", "pl"]
    assert asked == [1]
    assert seen.once(("languages", 2), lambda: ["so"]) == ["so"]


@pytest.mark.django_db
def test_what_goes_wrong_once_does_not_keep_others_from_finding_out(municipality: Municipality, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("fjorten.web.glance.needing_now", lambda **_: pytest.fail("the database went away"))
        with pytest.raises(BaseException, match="went away"):
            glance(municipality, at=AT)
    assert glance(municipality, at=AT).needing == NOBODY


@pytest.mark.parametrize(
    ("cost", "seconds", "is_fresh", "times"),
    [
        (0.0, 59, False, 1),
        (0.0, 60, False, 2),
        (0.0, 1, True, 2),  # whoever has changed something sees it
        (0.2, 299, False, 1),  # what takes long lasts
        (0.2, 300, False, 2),
        (0.2, 3, True, 2),
        (0.8, 15, True, 1),  # and is not found out anew more than a twentieth of the time
        (0.8, 17, True, 2),
        (0.2, -1, False, 2),
    ],
)
def test_how_long_an_answer_to_one_person_lasts(
    monkeypatch: pytest.MonkeyPatch, cost: float, seconds: int, *, is_fresh: bool, times: int
) -> None:
    forget()
    clock = count(step=cost)
    monkeypatch.setattr("fjorten.web.glance.perf_counter", lambda: next(clock))
    asked: list[int] = []
    for at, fresh in ((AT, False), (AT + timedelta(seconds=seconds), is_fresh)):
        assert lasting(("worklist", 7), lambda: asked.append(1) or "12", at=at, is_fresh=fresh) == "12"
    assert len(asked) == times
    forget()
