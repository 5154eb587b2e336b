"""A municipality's own decisions on top of the national programme: taken into use, kept, and found again."""

from datetime import date, datetime
from typing import Any

import pytest

from fjorten.audit.actor import Actor
from fjorten.organisation.actions import open_municipality
from fjorten.organisation.models import Municipality
from fjorten.plans.models import ProgrammeOverlay
from fjorten.plans.programmes import OverlayIsForAnotherMunicipality, adopt_overlay, programmes_of
from fjorten.programme.definitions import DefinitionIsInvalid, NoSuchVersion, child_programme, known_versions
from fjorten.programme.overlays import load_overlay
from tests.plans.conftest import NATIONAL, TODAY
from tests.plans.written import everything, trail

FIVE_YEARS: dict[str, object] = {
    "municipality": "9901",
    "valid_from": date(2026, 1, 1),
    "based_on": "2017.1",
    "decided_by": "Ledende helsesykepleier, sak 2025/1234",
    "reason": "Kommunen tilbyr konsultasjoner ved 16 måneder og fem år.",
    "add": [
        {
            "code": "L00_M16",
            "name": {"nb": "16 måneder", "nn": "16 månader", "en": "16 months"},
            "target": {"at": "16m"},
            "default_window": {"from": "16m", "to": "17m"},
            "performers": ["phn"],
            "settings": ["clinic"],
        },
        {
            "code": "L01_Y5",
            "name": {"nb": "5 år", "nn": "5 år", "en": "5 years"},
            "target": {"at": "60m"},
            "default_window": {"from": "59m", "to": "66m"},
            "performers": ["phn"],
            "settings": ["clinic"],
        },
    ],
}
LATER_TWO_YEARS: dict[str, object] = {
    "municipality": "9901",
    "valid_from": date(2026, 6, 1),
    "valid_until": date(2027, 1, 1),
    "based_on": "2017.1",
    "decided_by": "Ledende helsesykepleier, sak 2026/7",
    "reason": "Toårskonsultasjonen holdes ved 25 måneder.",
    "change": [{"code": "C13_Y2", "target": {"at": "25m"}, "default_window": {"from": "23m", "to": "30m"}}],
}


@pytest.fixture
def signed(clerk: Actor, at: datetime) -> dict[str, Any]:
    return {"by": clerk, "at": at}


def test_without_decisions_of_its_own_a_municipality_follows_the_national_programme(municipality: Municipality) -> None:
    assert programmes_of(municipality).on(TODAY) == child_programme(TODAY)
    assert programmes_of(municipality).of(NATIONAL) == child_programme(TODAY)


def test_a_day_before_the_first_national_version_has_that_one(municipality: Municipality) -> None:
    assert programmes_of(municipality).on(date(2011, 5, 1)) == known_versions()[0]


def test_a_decision_holds_from_its_first_day(municipality: Municipality, signed: dict[str, Any]) -> None:
    adopt_overlay(municipality=municipality, content=FIVE_YEARS, **signed)
    programmes = programmes_of(municipality)
    assert "L01_Y5" not in programmes.on(date(2025, 12, 31)).codes
    assert "L01_Y5" in programmes.on(date(2026, 1, 1)).codes


def test_a_decision_is_kept_as_it_was_read_and_read_back_the_same(municipality: Municipality, signed: dict[str, Any]) -> None:
    adopted = adopt_overlay(municipality=municipality, content=LATER_TWO_YEARS, **signed)
    row = ProgrammeOverlay.objects.get()
    assert (row.suffix, row.added_at, row.added_by) == (adopted.suffix, signed["at"], "merkantil.prøve")
    assert row.content == {**LATER_TWO_YEARS, "valid_from": "2026-06-01", "valid_until": "2027-01-01"}
    assert programmes_of(municipality).overlays == (adopted,) == (load_overlay(LATER_TWO_YEARS),)
    assert trail() == ["programme.overlay_adopted"]


def test_the_programme_an_old_plan_was_made_by_is_found_after_later_decisions(municipality: Municipality, signed: dict[str, Any]) -> None:
    adopt_overlay(municipality=municipality, content=FIVE_YEARS, **signed)
    then = programmes_of(municipality).on(TODAY)
    adopt_overlay(municipality=municipality, content=LATER_TWO_YEARS, **signed)
    programmes = programmes_of(municipality)
    assert programmes.on(date(2026, 6, 1)).reference != then.reference
    assert programmes.of(then.reference) == then
    assert programmes.on(date(2027, 1, 1)) == then  # the later decision is over, the earlier one still holds
    with pytest.raises(NoSuchVersion):
        programmes.of(f"{NATIONAL}+9901.2026-01-01.00000000")


def test_adopting_the_same_decision_again_changes_nothing(municipality: Municipality, signed: dict[str, Any]) -> None:
    first = adopt_overlay(municipality=municipality, content=FIVE_YEARS, **signed)
    before = everything()
    assert adopt_overlay(municipality=municipality, content=FIVE_YEARS, **signed) == first
    assert everything() == before


def test_a_decision_of_another_municipality_is_refused(clerk: Actor, at: datetime, municipality: Municipality) -> None:
    neighbour = open_municipality(code="9902", name="Nabokommunen", by=clerk, at=at)
    with pytest.raises(OverlayIsForAnotherMunicipality):
        adopt_overlay(municipality=neighbour, content=FIVE_YEARS, by=clerk, at=at)
    adopt_overlay(municipality=municipality, content=FIVE_YEARS, by=clerk, at=at)
    assert programmes_of(neighbour).overlays == ()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"based_on": "2099.1"}, "2099.1"),
        ({"reason": ""}, "reason"),
        ({"remove": ["C13_Y2"]}, "remove"),
        ({"change": [{"code": "C99", "target": {"at": "25m"}}]}, "C99"),
    ],
    ids=["another national version", "no reason", "unknown field", "unknown step"],
)
def test_a_decision_that_does_not_fit_is_refused_with_the_field_named(
    change: dict[str, object], named: str, municipality: Municipality, signed: dict[str, Any]
) -> None:
    before = everything()
    with pytest.raises(DefinitionIsInvalid, match=named):
        adopt_overlay(municipality=municipality, content={**FIVE_YEARS, **change}, **signed)
    assert everything() == before


def test_two_decisions_cannot_begin_on_one_day(municipality: Municipality, signed: dict[str, Any]) -> None:
    adopt_overlay(municipality=municipality, content=FIVE_YEARS, **signed)
    with pytest.raises(DefinitionIsInvalid, match="2026-01-01"):
        adopt_overlay(municipality=municipality, content={**LATER_TWO_YEARS, "valid_from": date(2026, 1, 1)}, **signed)
    assert programmes_of(municipality).on(TODAY).codes[-1] == "L01_Y5"
