"""Questions about who runs the service."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Prefetch, Q

from fjorten.kernel.refusals import Refused
from fjorten.organisation.models import Absence, Clinic, ClinicArea, Employee, EmployeeQuerySet, Municipality, Room


class NoMunicipalityYet(Refused):
    """There is nothing to count before a municipality has been opened."""

    sentence = "Ingen kommune er åpnet ennå. Kjør `fjorten init --municipality NNNN`, eller `fjorten register load … --municipality NNNN`."


class SeveralMunicipalities(Refused):
    """More than one municipality keeps its ledger here, so one must be named."""

    sentence = "Flere kommuner fører regnskap her. Si hvilken med --municipality NNNN."


class UnknownMunicipality(Refused):
    """The municipality named does not keep its ledger here."""

    sentence = "Denne kommunen er ikke åpnet i denne installasjonen. Kjør `fjorten init --municipality NNNN` først."


class NoSuchEmployee(Refused):
    """Nobody in the municipality is called by this code."""

    sentence = "Ingen ansatt i kommunen har denne koden. Sjekk hvordan den er skrevet."


class NoSuchClinic(Refused):
    """No clinic of the municipality has this name."""

    sentence = "Kommunen har ingen helsestasjon med dette navnet. Sjekk hvordan det er skrevet."


class NoSuchRoom(Refused):
    """The clinic has no room of this name."""

    sentence = "Helsestasjonen har ikke noe rom med dette navnet. Åpne det først: `fjorten roster room NAVN`."


class NoSuchAbsence(Refused):
    """No absence of the municipality has this number."""

    sentence = "Det er ikke ført noe fravær med dette nummeret. Se numrene med `fjorten staff`."


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


def municipalities_named(code: str | None) -> list[Municipality]:
    """
    List the municipality with this number, or all of the installation, in order of number, when none is named.

    Raises NoMunicipalityYet or UnknownMunicipality.
    """
    if code is not None:
        return [municipality_named(code)]
    everybody = list(Municipality.objects.order_by("code"))
    if not everybody:
        raise NoMunicipalityYet
    return everybody


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


def employees_of(municipality: Municipality, *, on: date, clinic: Clinic | None = None) -> EmployeeQuerySet:
    """Find those who work in a municipality, or at one of its clinics, on a day, absent or not, in order of code."""
    employees = Employee.objects.filter(municipality=municipality).employed_on(on)
    return (employees if clinic is None else employees.filter(clinic=clinic)).order_by("code")


def everybody_employed(municipality: Municipality) -> list[Employee]:
    """List all who work, have worked or are to work in a municipality, in order of name."""
    return list(Employee.objects.filter(municipality=municipality).select_related("clinic", "deputy").order_by("name", "code"))


def employee_coded(code: str, municipality: Municipality) -> Employee:
    """Find the one the trail and the rosters call by this code, still employed or not. Raises NoSuchEmployee."""
    employee = Employee.objects.filter(municipality=municipality, code=code).first()
    if employee is None:
        raise NoSuchEmployee(code)
    return employee


def employees_coded(codes: Collection[str], *, municipality: Municipality) -> Mapping[str, Employee]:
    """Find those the trail and the rosters call by some codes, still employed or not, by code. Raises NoSuchEmployee."""
    found = {one.code: one for one in Employee.objects.filter(municipality=municipality, code__in=codes).select_related("deputy")}
    for code in sorted(codes):
        if code not in found:
            raise NoSuchEmployee(code)
    return found


def clinic_named(name: str | None, municipality: Municipality) -> Clinic:
    """Find an open clinic by its name, or the one that takes what no other does when none is named. Raises NoSuchClinic."""
    clinics = Clinic.objects.of(municipality).still_open()
    clinic = clinics.filter(is_default=True).first() if name is None else clinics.filter(name=name).first()
    if clinic is None:
        raise NoSuchClinic
    return clinic


def clinics_of(municipality: Municipality) -> list[Clinic]:
    """List the open clinics of a municipality, in order of name."""
    return list(Clinic.objects.of(municipality).still_open().order_by("name"))


def clinics_with_rooms(municipality: Municipality) -> list[Clinic]:
    """List all clinics of a municipality, closed ones last, each with its areas and rooms at hand, in order of name; in three questions."""
    rooms = Room.objects.order_by(F("closed_on").asc(nulls_first=True), "name")
    areas = ClinicArea.objects.order_by("basic_unit_prefix")
    clinics = Clinic.objects.of(municipality).prefetch_related(Prefetch("rooms", rooms), Prefetch("areas", areas))
    return list(clinics.order_by(F("closed_on").asc(nulls_first=True), "name"))


def clinic_numbered(number: int, municipality: Municipality) -> Clinic:
    """Find a clinic by its number, open or closed. Raises NoSuchClinic."""
    clinic = Clinic.objects.of(municipality).filter(pk=number).select_related("municipality").first()
    if clinic is None:
        raise NoSuchClinic
    return clinic


def areas_of(clinic: Clinic) -> list[str]:
    """List the areas of a clinic: the first digits of the basic units it serves, in order."""
    return list(clinic.areas.order_by("basic_unit_prefix").values_list("basic_unit_prefix", flat=True))


def room_numbered(number: int, municipality: Municipality) -> Room:
    """Find a room of one of a municipality's clinics by its number, open or closed. Raises NoSuchRoom."""
    room = Room.objects.filter(pk=number, clinic__municipality=municipality).select_related("clinic__municipality").first()
    if room is None:
        raise NoSuchRoom
    return room


def rooms_of(municipality: Municipality) -> list[Room]:
    """List the open rooms of all clinics of a municipality, by clinic and name."""
    rooms = Room.objects.filter(clinic__municipality=municipality, closed_on__isnull=True)
    return list(rooms.select_related("clinic").order_by("clinic__name", "name"))


def employee_numbered(number: int, municipality: Municipality) -> Employee:
    """Find an employee by their number, still employed or not. Raises NoSuchEmployee."""
    employees = Employee.objects.filter(municipality=municipality).select_related("clinic", "deputy", "municipality")
    employee = employees.filter(pk=number).first()
    if employee is None:
        raise NoSuchEmployee(number)
    return employee


def room_named(name: str, clinic: Clinic) -> Room:
    """Find an open room of a clinic by its name. Raises NoSuchRoom."""
    room = clinic.rooms.filter(name=name, closed_on__isnull=True).first()
    if room is None:
        raise NoSuchRoom
    return room


def absence_numbered(number: int, municipality: Municipality) -> Absence:
    """Find an absence by its number. Raises NoSuchAbsence."""
    absence = Absence.objects.filter(pk=number, clinic__municipality=municipality).select_related("clinic__municipality").first()
    if absence is None:
        raise NoSuchAbsence(number)
    return absence


def absences_from(on: date, municipality: Municipality) -> list[Absence]:
    """List the absences that are not over on a day, in order of their first day."""
    absences = Absence.objects.filter(clinic__municipality=municipality, cancelled_at__isnull=True, until_on__gt=on)
    return list(absences.select_related("employee", "room", "clinic").order_by("from_on", "pk"))
