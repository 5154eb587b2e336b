"""Two sides with at least one of every finding, and protected children who must never be seen: what the tests of the files start from."""

from __future__ import annotations

from datetime import date
from functools import cache

from fjorten.registers.reconcile.reconciliation import Reconciliation
from tests.registers.reconcile.two_sides import ELSEWHERE, HERE, TwoSides

# Texts that stand only with the protected. None of them may be found in any file but protected.csv, and those that locate in none at all.
PROTECTED_NAMES = ("Skjult", "Usynlig", "Dekket", "Ukjentmann")
LOCATING = ("Hemmeligveien", "Skjoldungen helsestasjon", "1811", "Omegnen helsestasjon")


@cache
def answer_of_every_kind() -> Reconciliation:
    """The answer, worked out once for all the tests that only read it."""
    return every_kind().answer()


def every_kind() -> TwoSides:
    """Build the two sides."""
    sides = TwoSides()
    sides.journal(sides.person(given_name="Enig"))
    sides.person(
        given_name="Mateo", family_name="Silva Costa", moved_on=date(2026, 11, 9), immigrated_on=date(2026, 11, 9), immigrated_from="PRT"
    )
    sides.person(given_name="Klient", protection="client", address="Mottaksveien 1, 0155 OSLO")
    sides.journal(sides.person(given_name="Lukket"), given_name="Lukket", closed_on=date(2026, 1, 1))
    sides.person(given_name="Opphold", status="midlertidig", municipality=None, stay_municipality_now=HERE, stay_since=date(2026, 10, 1))
    sides.journal(sides.earlier(given_name="Borte"), given_name="Borte")
    sides.journal(sides.person(given_name="Død", status="doed", died_on=date(2026, 5, 5)), given_name="Død")
    sides.journal(sides.person(given_name="Forsvunnet", status="forsvunnet"), given_name="Forsvunnet")
    sides.journal(sides.new_number(), given_name="Uregistrert", family_name="Nummer")
    sides.journal(sides.person(given_name="Leon", municipality=ELSEWHERE), given_name="Leon")
    sides.journal(
        sides.person(given_name="Utvandret", municipality=None, status="utflyttet", emigrated_on=date(2026, 5, 5)), given_name="Utvandret"
    )
    former = sides.new_number(is_d_number=True)
    sides.person(given_name="Nytt", former_numbers=(former,), since=date(2026, 2, 2))
    sides.journal(former, given_name="Nytt")
    twice = sides.person(given_name="Dobbel")
    sides.journal(twice, given_name="Dobbel")
    sides.journal(twice, given_name="Dobbel")
    sides.journal(None, given_name="Numerløs", family_name="Ås", born_on=date(2022, 2, 3))
    sides.person(given_name="Zofia", family_name="Nowak", born_on=date(2025, 6, 7))
    sides.journal(None, given_name="Zofia", family_name="Nowak", born_on=date(2025, 6, 7))
    sides.journal(
        None,
        number_raw="12345678901",
        number_problem="control_digits",
        given_name='=HYPERLINK("http://x")',
        family_name="<b>Ås</b>",
        born_on=date(2022, 2, 3),
    )
    sides.journal(sides.person(given_name="Dato"), given_name="Dato", born_on=date(2024, 5, 3))
    sides.journal(sides.person(given_name="Navn"), given_name="Navn", family_name="Hansen")
    _add_protected(sides)
    sides.rejected_row(source="journaler.csv", line=7, reason="Raden har for få felt.", raw="Hemmeligveien ***********")
    return sides


def _add_protected(sides: TwoSides) -> None:
    hidden = {"family_name": "Sperret", "clinic": "Skjoldungen helsestasjon", "address": "Hemmeligveien 9"}
    strict = sides.person(given_name="Skjult", family_name="Sperret", protection="strictly_confidential", municipality=None)
    sides.journal(strict, given_name="Skjult", **hidden)
    sides.person(
        given_name="Usynlig",
        family_name="Sperret",
        protection="confidential",
        municipality="1811",
        municipality_now=HERE,
        address="Hemmeligveien 9",
    )
    gone = sides.earlier(given_name="Dekket", family_name="Sperret", protection="strictly_confidential", address="Hemmeligveien 9")
    sides.journal(gone, given_name="Dekket", **hidden)
    refused = sides.new_number()
    sides.journal(refused, given_name="Ukjentmann", **hidden)
    sides.failed_lookup(refused, "Ingen tilgang: strengt fortrolig")
