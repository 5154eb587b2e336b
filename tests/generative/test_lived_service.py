"""
A municipality with families and a service lives day by day through the real actions and the nightly run.

On every day the ledger balances (L1 to L6), the recount from raw facts agrees, and nobody is gone from a list without a row that says who
and why.
"""

import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from fjorten.kernel.times import OSLO
from fjorten.messages.models import Attempt
from fjorten.simulation.service import LivedService, town_at_work
from fjorten.simulation.town import Town
from tests.generative.lists import gone_without_a_word, lists_on
from tests.generative.test_register_histories import assert_it_balances_and_the_recount_agrees

BEGINS_ON = date(2026, 1, 15)
SOME_DAYS = 6
TWO_YEARS = 731


def live(folder: Path, *, seed: int, children: int, days: int) -> LivedService:
    town = Town(seed=seed, children=children, begins_on=BEGINS_ON)
    service = town_at_work(town, folder=folder, children=children)
    before = lists_on(BEGINS_ON, municipality=service.municipality)
    for number in range(1, days + 1):
        day = BEGINS_ON + timedelta(days=number)
        run = service.live(day)
        assert [trouble.sentence for trouble in run.troubles.all()] == [], f"the night before {day}, seed {seed}"
        assert_it_balances_and_the_recount_agrees(service.municipality, day)
        after = lists_on(day, municipality=service.municipality)
        assert gone_without_a_word(before, after) == [], f"seed {seed}"
        before = after
    return service


def assert_nobody_was_woken() -> None:
    hours = {at.astimezone(OSLO).hour for at in Attempt.objects.values_list("started_at", flat=True)}
    assert hours <= set(range(8, 20)), "messages go between eight in the morning and eight in the evening"


@pytest.mark.django_db
def test_some_days_of_a_service_on_every_day_all_is_accounted_for(tmp_path: Path, signing_key: None) -> None:
    service = live(tmp_path, seed=3, children=60, days=SOME_DAYS)
    assert_nobody_was_woken()
    assert service.done["attended"] > 0, "families came"
    assert service.done["did not attend"] > 0, "and some did not"


@pytest.mark.generative
@pytest.mark.django_db
def test_two_years_of_a_service_on_every_day_all_is_accounted_for(tmp_path: Path, signing_key: None) -> None:
    assert os.environ.get("FJORTEN_LONG_RUN") == "1", "run it with make generative"
    service = live(tmp_path, seed=4, children=150, days=TWO_YEARS)
    assert_nobody_was_woken()
    print(f"two years: {sorted(service.done.items())}; refused: {sorted(service.refused.items())}")
