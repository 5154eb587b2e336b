"""Municipalities with several numbers, clinics with areas."""

from datetime import datetime

import pytest
from django.db import IntegrityError, transaction

from fjorten.audit.actor import Actor
from fjorten.audit.models import AuditEvent
from fjorten.organisation.actions import CodeBelongsToAnother, NotAMunicipalityNumber, add_code, open_clinic, open_municipality
from fjorten.organisation.models import Clinic, ClinicArea, Municipality, MunicipalityCode
from fjorten.organisation.queries import (
    NoMunicipalityYet,
    SeveralMunicipalities,
    UnknownMunicipality,
    clinic_map,
    municipality_named,
)

NOT_NUMBERS = ["", "301", "03011", "O301", "٠٣٠١", "03 1"]


@pytest.fixture
def signed(clerk: Actor, at: datetime) -> dict[str, object]:
    return {"by": clerk, "at": at}


def events() -> list[str]:
    return list(AuditEvent.objects.order_by("seq").values_list("action", flat=True))


@pytest.mark.django_db
def test_opening_a_municipality_gives_it_a_clinic_and_is_recorded(signed: dict[str, object]) -> None:
    opened = open_municipality(code="0301", name="Oslo", **signed)
    assert (str(opened), opened.enrols_newborns, opened.newborn_days) == ("0301 Oslo", True, 28)
    assert [(str(clinic), clinic.is_default) for clinic in opened.clinics.all()] == [("Helsestasjonen", True)]
    assert events() == ["municipality.opened"]


def test_opening_it_again_changes_nothing(municipality: Municipality, signed: dict[str, object]) -> None:
    assert open_municipality(code="9901", name="Et annet navn", **signed) == municipality
    assert Municipality.objects.get().name == "Prøvekommunen"
    assert events() == ["municipality.opened"]


@pytest.mark.django_db
@pytest.mark.parametrize("code", NOT_NUMBERS)
def test_a_municipality_number_has_four_digits(code: str, signed: dict[str, object]) -> None:
    with pytest.raises(NotAMunicipalityNumber):
        open_municipality(code=code, name="Prøvekommunen", **signed)
    assert not Municipality.objects.exists()


@pytest.mark.parametrize("code", NOT_NUMBERS)
def test_another_number_has_four_digits_too(code: str, municipality: Municipality, signed: dict[str, object]) -> None:
    with pytest.raises(NotAMunicipalityNumber):
        add_code(municipality=municipality, code=code, source="reform", **signed)


def test_another_number_names_the_same_municipality(municipality: Municipality, signed: dict[str, object]) -> None:
    add_code(municipality=municipality, code="9911", source="reform 2020", **signed)
    assert municipality_named("9911") == municipality_named("9901") == municipality
    assert open_municipality(code="9911", name="Ny", **signed) == municipality
    event = AuditEvent.objects.get(action="municipality.code_added")
    assert event.detail == {"code": "9911", "source": "reform 2020"}


def test_saying_another_number_again_changes_nothing(municipality: Municipality, signed: dict[str, object]) -> None:
    for source in ("reform 2020", "sagt for hånd"):
        add_code(municipality=municipality, code="9911", source=source, **signed)
    assert MunicipalityCode.objects.get().source == "reform 2020"
    assert events() == ["municipality.opened", "municipality.code_added"]


def test_a_number_belongs_to_one_municipality(municipality: Municipality, signed: dict[str, object]) -> None:
    neighbour = open_municipality(code="9902", name="Nabokommunen", **signed)
    add_code(municipality=neighbour, code="9912", source="reform", **signed)
    for code in ("9902", "9912"):
        with pytest.raises(CodeBelongsToAnother):
            add_code(municipality=municipality, code=code, source="reform", **signed)
    assert municipality_named("9912") == neighbour


@pytest.mark.django_db
def test_before_any_municipality_is_opened_there_is_none_to_name() -> None:
    with pytest.raises(NoMunicipalityYet):
        municipality_named(None)
    with pytest.raises(UnknownMunicipality):
        municipality_named("9901")


def test_the_only_municipality_need_not_be_named(municipality: Municipality) -> None:
    assert municipality_named(None) == municipality
    with pytest.raises(UnknownMunicipality):
        municipality_named("9902")


def test_one_of_several_must_be_named(municipality: Municipality, signed: dict[str, object]) -> None:
    neighbour = open_municipality(code="9902", name="Nabokommunen", **signed)
    with pytest.raises(SeveralMunicipalities):
        municipality_named(None)
    assert municipality_named("9902") == neighbour


def test_the_longest_area_decides_which_clinic_serves_a_basic_unit(municipality: Municipality, signed: dict[str, object]) -> None:
    default = municipality.clinics.get()
    north = open_clinic(municipality=municipality, name="Nord", basic_unit_prefixes=["99010", "99010205"], **signed)
    valley = open_clinic(municipality=municipality, name="Dalen", basic_unit_prefixes=["990102"], **signed)
    clinics = clinic_map(municipality)
    assert clinics.default == default
    served = {"99010100": north, "99010200": valley, "99010205": north, "99011111": default, "9901": default, "": default}
    assert {unit: clinics.clinic_for(unit) for unit in served} == served


def test_a_clinic_of_another_municipality_serves_nobody_here(municipality: Municipality, signed: dict[str, object]) -> None:
    neighbour = open_municipality(code="9902", name="Nabokommunen", **signed)
    open_clinic(municipality=neighbour, name="Nord", basic_unit_prefixes=["9901"], **signed)
    assert clinic_map(municipality).clinic_for("99010101") == municipality.clinics.get()
    assert list(Clinic.objects.of(municipality)) == [municipality.clinics.get()]


def test_opening_a_clinic_again_sets_its_areas_anew(municipality: Municipality, signed: dict[str, object]) -> None:
    first = open_clinic(municipality=municipality, name="Nord", basic_unit_prefixes=["99010", "99010", "99011"], **signed)
    assert sorted(first.areas.values_list("basic_unit_prefix", flat=True)) == ["99010", "99011"]
    again = open_clinic(municipality=municipality, name="Nord", **signed)
    assert again == first
    assert not ClinicArea.objects.exists()
    assert events() == ["municipality.opened", "clinic.opened", "clinic.opened"]


@pytest.mark.parametrize(
    "row",
    [
        Municipality(code="99O1", name="Feil"),
        Municipality(code="9903", name="Feil", newborn_days=366),
        MunicipalityCode(code="1", source="feil"),
        Clinic(name="Enda en", is_default=True),
        Clinic(name="Helsestasjonen"),
    ],
    ids=["letters in the number", "newborn for over a year", "short number", "two default clinics", "two clinics of one name"],
)
def test_the_database_refuses_what_cannot_be(row: object, municipality: Municipality) -> None:
    if not isinstance(row, Municipality):
        row.municipality = municipality
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
