"""
Random lives told in random ways end in the same ledger (reliability F11, F12).

A history is one child's life, or twins', as the register tells it. Many are told together as one feed, once in order and then shuffled,
gapped and scrambled (shuffled, repeated and cut into batches); where the children who live here stand must be the same, and must agree with
what the simulation knows to be so.
"""

import os
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import transaction

from fjorten.audit.actor import Actor
from fjorten.kernel.ages import age_in_years
from fjorten.ledger.balance import balance_of, ledger_rows
from fjorten.ledger.recount import recount
from fjorten.ledger.snapshots import content_of
from fjorten.organisation.actions import open_municipality
from fjorten.organisation.models import Municipality
from fjorten.people.models import Identifier
from fjorten.people.queries import resident_children
from fjorten.registers.actions import apply_feed
from fjorten.simulation.deliveries import gapped, repeated, scrambled, shuffled
from fjorten.simulation.feed import FeedRow
from fjorten.simulation.histories import History, random_histories
from fjorten.simulation.places import FJORDVIK
from fjorten.simulation.records import Protection, Status
from fjorten.simulation.register_source import GivenRows
from fjorten.simulation.truth import ChildTruth
from tests.state import residents_of

TOGETHER = 50
IN_MAKE_TEST = 50
IN_THE_LONG_RUN = 5_000
BY = Actor(who="folkeregisteret", role="job")

Rows = Sequence[FeedRow]
DELIVERIES = {
    "shuffled": lambda rows, seed: (shuffled(rows, seed),),
    "repeated": lambda rows, seed: (repeated(rows, seed),),
    "gapped": gapped,
    "scrambled": scrambled,
}


def told(batches: Sequence[Rows], *, on: date) -> Municipality:
    """Tell a new municipality's ledger the batches, one reading of the feed each, on a day after everything in them."""
    at = datetime.combine(on, time(12), tzinfo=UTC)
    municipality = open_municipality(code=FJORDVIK.code, name="Fjordvik", by=BY, at=at)
    for batch in batches:
        if batch:
            result = apply_feed(source=GivenRows(batch), municipality=municipality, by=BY, at=at, from_the_start=True)
    assert result.gaps == (), "everything has come in the end"
    return municipality


def check(seed: int) -> None:
    histories = list(random_histories(seed, TOGETHER))
    rows = [row for history in histories for row in history.rows]
    on = max(child.on for history in histories for child in history.expected) + timedelta(days=1)  # a life may run past the others
    in_order: list[Any] = []
    with transaction.atomic():
        municipality = told([rows], on=on)
        in_order = residents_of(municipality, on=on)
        assert_the_ledger_agrees_with_life(municipality, histories, on)
        assert_it_balances_and_the_recount_agrees(municipality, on)
        transaction.set_rollback(True)
    for name, deliver in DELIVERIES.items():
        with transaction.atomic():
            assert residents_of(told(deliver(rows, seed), on=on), on=on) == in_order, f"{name}, seed {seed}"
            transaction.set_rollback(True)


def assert_the_ledger_agrees_with_life(municipality: Municipality, histories: Sequence[History], on: date) -> None:
    here = set(resident_children(municipality=municipality, on=on).values_list("pk", flat=True))
    owners = dict(Identifier.objects.filter(municipality=municipality).values_list("number", "person_id"))
    for history in histories:
        for child in history.expected:
            expected = is_ours(child, history) and not child.registered_dead and age_in_years(child.born_on, on) < 6
            persons = {owners.get(number.digits) for number in child.numbers} - {None}
            assert len(persons) <= 1, f"history {history.seed}: a child under two persons"
            assert bool(persons & here) == expected, f"history {history.seed}: {[h.name for h in history.happenings]}"


def is_ours(child: ChildTruth, history: History) -> bool:
    """Tell whether the child is registered here; of the strictly protected, whether the last place any document told openly is here."""
    if child.protection is not Protection.STRICTLY_CONFIDENTIAL:
        return child.listed_here
    numbers = {number.digits for number in child.numbers}
    told = [place_in(row.person_document) for row in history.rows if row.person_document and numbers & numbers_in(row.person_document)]
    return child.standing.status is Status.RESIDENT and next((place for place in reversed(told) if place), "") == FJORDVIK.code


def numbers_in(document: dict[str, Any]) -> set[str]:
    return {row["foedselsEllerDNummer"] for row in document["identifikasjonsnummer"]}


def place_in(document: dict[str, Any]) -> str:
    """The municipality of the residence in force, "" when the document tells none."""
    for row in document.get("bostedsadresse") or []:
        if row.get("erGjeldende"):
            street, cadastral, unknown = row.get("vegadresse") or {}, row.get("matrikkeladresse") or {}, row.get("ukjentBosted") or {}
            number = cadastral.get("matrikkelnummer") or {}
            return street.get("kommunenummer") or number.get("kommunenummer") or unknown.get("bostedskommune") or ""
    return ""


def assert_it_balances_and_the_recount_agrees(municipality: Municipality, on: date) -> None:
    balance = balance_of(municipality=municipality, on=on)
    assert balance.problems == ()
    lines = ledger_rows(municipality=municipality, on=on)
    result = recount(municipality=municipality, on=on, lines=lines, totals=content_of(balance))
    assert [difference.sentence for difference in result.differences] == []


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(IN_MAKE_TEST // TOGETHER))
def test_however_it_is_told_the_same_children_stand_in_the_same_places(signing_key: None, seed: int) -> None:
    check(seed)


@pytest.mark.generative
@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(1_000, 1_000 + IN_THE_LONG_RUN // TOGETHER))
def test_five_thousand_histories(signing_key: None, seed: int) -> None:
    assert os.environ.get("FJORTEN_LONG_RUN") == "1", "run it with make generative"
    check(seed)
