"""Changes to who runs the service."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from fjorten.audit.actor import Actor
from fjorten.audit.trail import record
from fjorten.kernel.refusals import Refused
from fjorten.organisation.models import Clinic, ClinicArea, Municipality, MunicipalityCode


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
    renumbered = MunicipalityCode.objects.filter(code=code).select_related("municipality").first()
    if renumbered is not None:
        return renumbered.municipality
    municipality, is_new = Municipality.objects.get_or_create(code=code, defaults={"name": name})
    if is_new:
        Clinic.objects.create(municipality=municipality, name="Helsestasjonen", is_default=True)
        record("municipality.opened", municipality=code, by=by, at=at, detail={"name": name})
    return municipality


class CodeBelongsToAnother(Refused):
    """Another municipality keeps its ledger here under this number."""

    sentence = "En annen kommune i denne installasjonen har allerede dette kommunenummeret."


@transaction.atomic
def add_code(*, municipality: Municipality, code: str, source: str, by: Actor, at: datetime) -> None:
    """
    Say that another number is, or was, this municipality's. Saying it again changes nothing.

    Raises NotAMunicipalityNumber or CodeBelongsToAnother.
    """
    if len(code) != 4 or not (code.isascii() and code.isdigit()):
        raise NotAMunicipalityNumber
    if Municipality.objects.filter(code=code).exclude(pk=municipality.pk).exists():
        raise CodeBelongsToAnother
    row, is_new = MunicipalityCode.objects.get_or_create(code=code, defaults={"municipality": municipality, "source": source})
    if row.municipality_id != municipality.pk:
        raise CodeBelongsToAnother
    if is_new:
        record("municipality.code_added", municipality=municipality.code, by=by, at=at, detail={"code": code, "source": source})


@transaction.atomic
def open_clinic(*, municipality: Municipality, name: str, basic_unit_prefixes: Sequence[str] = (), by: Actor, at: datetime) -> Clinic:
    """Open a clinic that serves the basic units beginning with the given digits. Opening it again sets its areas anew."""
    clinic, _ = Clinic.objects.get_or_create(municipality=municipality, name=name)
    clinic.areas.all().delete()
    ClinicArea.objects.bulk_create([ClinicArea(clinic=clinic, basic_unit_prefix=prefix) for prefix in sorted(set(basic_unit_prefixes))])
    record("clinic.opened", municipality=municipality.code, by=by, at=at, detail={"name": name, "areas": len(basic_unit_prefixes)})
    return clinic
