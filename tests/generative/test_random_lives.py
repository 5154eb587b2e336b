"""
Random lives of children with random families and random staff, lived day by day through the real actions and the nightly run.

Births, moves, changed numbers, twins, deaths, placements, protection, returns, late entries; declines, dead numbers, letters that come
back; what staff do, sensible and not. On every day L1 to L6 hold and nobody is gone from a list without a row that says who and why.
10,000 histories in the long run, a couple of hundred in `make test`.
"""

import os
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from django.db import transaction

from fjorten.kernel.refusals import Refused
from fjorten.ledger.balance import balance_of
from fjorten.nightly.stages import BY_DAY, Done, Night, queue_what_is_owed
from fjorten.organisation.actions import open_municipality
from fjorten.simulation import service as lived_service
from fjorten.simulation.clinic.workday import OFFICE
from fjorten.simulation.doing import do
from fjorten.simulation.driving import NURSE, morning_of
from fjorten.simulation.families.habits import Habits
from fjorten.simulation.histories import Pace, random_histories
from fjorten.simulation.intents import intents_on
from fjorten.simulation.lives import Lives
from fjorten.simulation.places import FJORDVIK
from fjorten.simulation.service import LivedService
from tests.generative.lists import gone_without_a_word, lists_on
from tests.generative.test_register_histories import assert_it_balances_and_the_recount_agrees

TOGETHER = 100 if os.environ.get("FJORTEN_LONG_RUN") == "1" else 15
DAYS = 40 if os.environ.get("FJORTEN_LONG_RUN") == "1" else 8
IN_MAKE_TEST = 25
IN_THE_LONG_RUN = 10_000
# Much happens in a short time, to families that are hard to reach: the rare ways are the ones to be tried.
PACE = Pace(first_days=10, pauses=(0, 0, 1, 2, 5, 12))
HARD = Habits(
    has_no_telephone=0.15,
    number_is_dead=0.15,
    number_is_somebody_elses=0.05,
    post_comes_back=0.3,
    goes_abroad=0.5,
    is_in_hospital=0.1,
    forgets=(0.3, 0.2, 0.1),
    is_ill=0.1,
    something_comes_up=0.1,
    asks_for_another_time=0.2,
    writes_something_else=0.1,
    wants_no_messages=0.05,
    declines=0.15,
    says_the_doctor_did_it=0.15,
)


def live(seed: int, folder: Path) -> Counter[str]:
    """Live `TOGETHER` histories side by side for `DAYS` days, and hold every day to all that must be so."""
    lives = Lives(seed, random_histories(seed, TOGETHER, pace=PACE))
    begins_on = lives.begins_on
    municipality = open_municipality(code=FJORDVIK.code, name=FJORDVIK.name, by=OFFICE, at=morning_of(begins_on))
    service = LivedService(
        municipality=municipality, world=lives, register=lambda day: lambda: lives.register(day), folder=folder, habits=HARD
    )
    service.open(begins_on, children=TOGETHER)
    before = lists_on(begins_on, municipality=municipality)
    for number in range(DAYS):
        day = begins_on + timedelta(days=number)
        run = service.live(day)
        assert [(trouble.sentence, trouble.error) for trouble in run.troubles.all()] == [], f"the night before {day}, seed {seed}"
        let_staff_try(lives, service, day)
        after = lists_on(day, municipality=municipality)
        assert gone_without_a_word(before, after) == [], f"seed {seed}"
        assert balance_of(municipality=municipality, on=day).problems == (), f"seed {seed}"
        if number % 7 == 0:
            assert_it_balances_and_the_recount_agrees(municipality, day)
        before = after
    assert_it_balances_and_the_recount_agrees(municipality, begins_on + timedelta(days=DAYS - 1))
    return service.done


def let_staff_try(lives: Lives, service: LivedService, day: date) -> None:
    """Let staff try what they mean to do on a day, sensible or not; what the system refuses is counted."""
    for intent in intents_on(lives.truth(day), day=day, rng=Random(f"{lives.seed}/intents/{day}")):
        try:
            with transaction.atomic():
                do(intent, municipality=service.municipality, day=day, by=NURSE, at=morning_of(day) + timedelta(hours=12))
            service.done[f"meant: {intent.kind.value}"] += 1
        except Refused as refused:
            service.refused[type(refused).__name__] += 1


def and_nothing_is_left(stage: Callable[[Night], Done]) -> Callable[[Night], Done]:
    """A round by day looks at few children: had it looked at them all, there would have been nothing more to do."""

    def checked(night: Night) -> Done:
        done = stage(night)
        with transaction.atomic():
            again = queue_what_is_owed(night)
            transaction.set_rollback(True)
        assert {what: number for what, number in again.counts.items() if number and what != "waiting"} == {}, f"by day on {night.on}"
        return done

    return checked


@pytest.fixture(autouse=True)
def rounds_are_held_to_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lived_service, "BY_DAY", {**BY_DAY, "owed": and_nothing_is_left(BY_DAY["owed"])})


def check(seed: int, folder: Path) -> None:
    with transaction.atomic():
        done = live(seed, folder)
        print(f"{TOGETHER} histories, seed {seed}: {sorted(done.items())}")
        assert done["attended"] + done["did not attend"] > 0, f"times were held, seed {seed}"
        assert done["attended"] > 0 or os.environ.get("FJORTEN_LONG_RUN") != "1", f"families came, seed {seed}"
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(IN_MAKE_TEST // TOGETHER))
def test_on_every_day_of_random_lives_nobody_is_lost(tmp_path: Path, signing_key: None, seed: int) -> None:
    check(seed, tmp_path)


@pytest.mark.generative
@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(2_000, 2_000 + IN_THE_LONG_RUN // TOGETHER))
def test_ten_thousand_random_lives(tmp_path: Path, signing_key: None, seed: int) -> None:
    assert os.environ.get("FJORTEN_LONG_RUN") == "1", "run it with make generative"
    check(seed, tmp_path)
