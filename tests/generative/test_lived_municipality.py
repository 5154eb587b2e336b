"""
A municipality lives day by day through the real inputs, with staff who do what is sensible and what is not.

On every day the ledger balances, the recount from raw documents agrees, and the children who stand in it are those the simulation knows to
live here.
"""

import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from fjorten.kernel.ages import age_in_years
from fjorten.ledger.balance import balance_of
from fjorten.ledger.snapshots import keep
from fjorten.people.models import Identifier
from fjorten.people.queries import resident_children
from fjorten.simulation.driving import REGISTER, LivedMunicipality, morning_of
from fjorten.simulation.town import Town
from tests.generative.test_register_histories import assert_it_balances_and_the_recount_agrees

BEGINS_ON = date(2026, 1, 15)
DAYS = 366 if os.environ.get("FJORTEN_LONG_RUN") == "1" else 6


def assert_the_right_children_stand_in_it(lived: LivedMunicipality, day: date) -> None:
    municipality = lived.municipality
    here = set(resident_children(municipality=municipality, on=day).values_list("pk", flat=True))
    owners = dict(Identifier.objects.filter(municipality=municipality).values_list("number", "person_id"))
    expected = set()
    for child in lived.town.truth(day):
        if (child.listed_here or child.last_listed_here) and not child.registered_dead and age_in_years(child.born_on, day) < 6:
            assert child.number.digits in owners, f"a child of {child.age_months} months who lives here is not known on {day}"
            expected.add(owners[child.number.digits])
    # A newborn without an address is known through its mother, when the register answered a look-up of her.
    newborns = {owners[c.number.digits] for c in lived.town.truth(day) if c.newborn_of_resident and c.number.digits in owners}
    assert here - newborns == expected - newborns, f"{len(here - expected)} too many, {len(expected - here)} too few on {day}"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("seed", "reform_on"), [(1, None), (2, BEGINS_ON + timedelta(days=8))], ids=["an ordinary time", "with a municipality reform"]
)
def test_on_every_day_the_ledger_balances_and_the_recount_agrees(
    tmp_path: Path, signing_key: None, seed: int, reform_on: date | None
) -> None:
    town = Town(seed=seed, children=90, begins_on=BEGINS_ON, reform_on=reform_on)
    lived = LivedMunicipality(town=town, folder=tmp_path)
    lived.begin()
    for number in range(1, DAYS + 1):
        day = BEGINS_ON + timedelta(days=number)
        lived.live(day)
        lived.try_intents(day)
        if number % 7 == 0:
            lived.reconcile(day)
        keep(balance_of(municipality=lived.municipality, on=day), municipality=lived.municipality, by=REGISTER, at=morning_of(day))
        assert_it_balances_and_the_recount_agrees(lived.municipality, day)
        assert_the_right_children_stand_in_it(lived, day)
    assert lived.done.total() > 0, "staff did something"
    assert lived.refused.total() > 0, "and were refused something"
