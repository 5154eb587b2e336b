"""Changes to who runs the service."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from fjorten.audit.actor import Actor
from fjorten.audit.trail import record
from fjorten.kernel.refusals import Refused
from fjorten.organisation.models import Clinic, ClinicArea, Municipality


class NotAMunicipalityNumber(Refused):
    """A municipality number has four digits."""

    sentence = "Kommunenummeret må ha fire siffer, for eksempel 0301."


@transaction.atomic
def open_municipality(*, code: str, name: str, by: Actor, at: datetime) -> Municipality:
    """
    Open a municipality's ledger, with one clinic to begin with. Opening it again changes nothing.

    Raises NotAMunicipalityNumber.
    """
    if len(code) != 4 or not (code.isascii() and code.isdigit()):
        raise NotAMunicipalityNumber
    municipality, is_new = Municipality.objects.get_or_create(code=code, defaults={"name": name})
    if is_new:
        Clinic.objects.create(municipality=municipality, name="Helsestasjonen", is_default=True)
        record("municipality.opened", municipality=code, by=by, at=at, detail={"name": name})
    return municipality


@transaction.atomic
def open_clinic(*, municipality: Municipality, name: str, basic_unit_prefixes: Sequence[str] = (), by: Actor, at: datetime) -> Clinic:
    """Open a clinic that serves the basic units beginning with the given digits. Opening it again sets its areas anew."""
    clinic, _ = Clinic.objects.get_or_create(municipality=municipality, name=name)
    clinic.areas.all().delete()
    ClinicArea.objects.bulk_create([ClinicArea(clinic=clinic, basic_unit_prefix=prefix) for prefix in sorted(set(basic_unit_prefixes))])
    record("clinic.opened", municipality=municipality.code, by=by, at=at, detail={"name": name, "areas": len(basic_unit_prefixes)})
    return clinic
