"""What families are told of who writes to them: the municipality's name and Norwegian, a clinic's telephone and address."""

from datetime import datetime
from typing import Any

import pytest

from fjorten.audit.actor import Actor
from fjorten.audit.models import AuditEvent
from fjorten.kernel.telephones import TelephoneNumberIsInvalid
from fjorten.organisation.actions import (
    CannotStandInAMessage,
    NotANorwegian,
    TellsTheKindOfClinic,
    name_for_families,
    tell_where_clinic_is,
)
from fjorten.organisation.models import Clinic, Municipality


@pytest.fixture
def signed(clerk: Actor, at: datetime) -> dict[str, Any]:
    return {"by": clerk, "at": at}


def what_changed() -> list[tuple[str, dict[str, Any]]]:
    return list(AuditEvent.objects.exclude(action="municipality.opened").order_by("seq").values_list("action", "detail"))


def test_families_know_the_municipality_by_a_name_of_its_own(municipality: Municipality, signed: dict[str, Any]) -> None:
    name_for_families(municipality=municipality, brand=" Prøve\n kommune ", norwegian="nn", **signed)
    municipality.refresh_from_db()
    assert (municipality.brand, municipality.norwegian) == ("Prøve kommune", "nn")
    assert what_changed() == [("municipality.named", {"brand": "Prøve kommune", "norwegian": "nn"})]


def test_a_clinics_number_is_read_as_people_write_it(municipality: Municipality, signed: dict[str, Any]) -> None:
    clinic = municipality.clinics.get()
    tell_where_clinic_is(clinic=clinic, telephone="00 00 00 01", visiting_address="Torget 1, Fjordvik", **signed)
    clinic.refresh_from_db()
    assert (clinic.telephone, clinic.visiting_address) == ("+4700000001", "Torget 1, Fjordvik")
    told = {"clinic": "Helsestasjonen", "telephone": "+4700000001", "visiting_address": "Torget 1, Fjordvik"}
    assert what_changed() == [("clinic.found_at", told)]


@pytest.mark.parametrize("brand", ["", "  ", "x" * 41, "Prøve {kommune}", "Prøve\u202ekommune"])
def test_what_cannot_stand_in_a_message_is_refused(brand: str, municipality: Municipality, signed: dict[str, Any]) -> None:
    with pytest.raises(CannotStandInAMessage):
        name_for_families(municipality=municipality, brand=brand, norwegian="nb", **signed)
    with pytest.raises(CannotStandInAMessage):
        tell_where_clinic_is(clinic=municipality.clinics.get(), telephone="00000001", visiting_address=brand * 4, **signed)
    assert what_changed() == []


@pytest.mark.parametrize("brand", ["Prøve helsestasjon", "Helsetjenesten", "Barnevernet"])
def test_what_tells_the_kind_of_clinic_is_refused(brand: str, municipality: Municipality, signed: dict[str, Any]) -> None:
    with pytest.raises(TellsTheKindOfClinic):
        name_for_families(municipality=municipality, brand=brand, norwegian="nb", **signed)
    with pytest.raises(TellsTheKindOfClinic):
        tell_where_clinic_is(clinic=municipality.clinics.get(), telephone="00000001", visiting_address=f"{brand}, Torget 1", **signed)
    assert what_changed() == []


def test_no_third_norwegian_and_no_number_that_cannot_be(municipality: Municipality, signed: dict[str, Any]) -> None:
    with pytest.raises(NotANorwegian):
        name_for_families(municipality=municipality, brand="Prøve kommune", norwegian="en", **signed)
    for telephone in ("", "ring oss", "123"):
        with pytest.raises(TelephoneNumberIsInvalid):
            tell_where_clinic_is(clinic=municipality.clinics.get(), telephone=telephone, visiting_address="Torget 1", **signed)
    assert what_changed() == []
    assert Clinic.objects.get().telephone == ""
