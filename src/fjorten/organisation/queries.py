"""Questions about who runs the service."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q

from fjorten.kernel.refusals import Refused
from fjorten.organisation.models import Clinic, ClinicArea, Municipality


class NoMunicipalityYet(Refused):
    """There is nothing to count before a municipality has been opened."""

    sentence = "Ingen kommune er åpnet ennå. Kjør `fjorten init --municipality NNNN`, eller `fjorten register load … --municipality NNNN`."


class SeveralMunicipalities(Refused):
    """More than one municipality keeps its ledger here, so one must be named."""

    sentence = "Flere kommuner fører regnskap her. Si hvilken med --municipality NNNN."


class UnknownMunicipality(Refused):
    """The municipality named does not keep its ledger here."""

    sentence = "Denne kommunen er ikke åpnet i denne installasjonen. Kjør `fjorten init --municipality NNNN` først."


def municipality_named(code: str | None) -> Municipality:
    """
    Find the municipality with this number, or the only one there is when none is named.

    Raises NoMunicipalityYet, SeveralMunicipalities or UnknownMunicipality.
    """
    if code is not None:
        found = Municipality.objects.filter(Q(code=code) | Q(other_codes__code=code)).first()
        if found is None:
            raise UnknownMunicipality
        return found
    match list(Municipality.objects.all()[:2]):
        case []:
            raise NoMunicipalityYet
        case [only]:
            return only
        case _:
            raise SeveralMunicipalities


@dataclass(frozen=True, slots=True)
class ClinicMap:
    """Which clinic serves which basic unit; the longest prefix decides, the default clinic takes the rest."""

    default: Clinic
    by_prefix: Mapping[str, Clinic]

    def clinic_for(self, basic_unit: str) -> Clinic:
        """Tell the clinic for a basic unit; "" (unknown, or hidden for a protected person) gives the default clinic."""
        for length in range(len(basic_unit), 0, -1):
            clinic = self.by_prefix.get(basic_unit[:length])
            if clinic is not None:
                return clinic
        return self.default


def clinic_map(municipality: Municipality) -> ClinicMap:
    """Read which clinic serves which part of the municipality."""
    areas = ClinicArea.objects.filter(clinic__municipality=municipality).select_related("clinic")
    return ClinicMap(
        default=Clinic.objects.of(municipality).get(is_default=True), by_prefix={area.basic_unit_prefix: area.clinic for area in areas}
    )
