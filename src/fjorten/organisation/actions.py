"""Changes to who runs the service."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.db import transaction

from fjorten.audit.actor import Actor
from fjorten.audit.trail import Detail, record
from fjorten.kernel.refusals import Refused
from fjorten.kernel.spoken import spoken
from fjorten.kernel.telephones import read_telephone
from fjorten.kernel.times import oslo_date
from fjorten.kernel.writing import must_fit, read_email
from fjorten.organisation.models import (
    EMPLOYEE_CODE,
    EMPLOYEE_NAME,
    NAME,
    ROOM_NAME,
    Clinic,
    ClinicArea,
    Employee,
    Municipality,
    MunicipalityCode,
    Room,
)
from fjorten.organisation.wall import over_all


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
    must_fit("kommunens navn", name, most=NAME)
    with over_all("a municipality is opened before anybody can be within it"):
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
    must_fit("kilden", source, most=NAME)
    if Municipality.objects.filter(code=code).exclude(pk=municipality.pk).exists():
        raise CodeBelongsToAnother
    row, is_new = MunicipalityCode.objects.get_or_create(code=code, defaults={"municipality": municipality, "source": source})
    if row.municipality_id != municipality.pk:
        raise CodeBelongsToAnother
    if is_new:
        record("municipality.code_added", municipality=municipality.code, by=by, at=at, detail={"code": code, "source": source})


_DIGITS_OF_A_BASIC_UNIT: Final = 8


class AreaIsNotDigits(Refused):
    """The area of a clinic is the first digits of the basic units in it."""

    sentence = "Skriv området som de første sifrene i grunnkretsene, høyst åtte, med komma eller mellomrom mellom: 4601 0101, 460102."


class AreaIsAnotherClinics(Refused):
    """Another clinic of the municipality serves exactly this area."""

    sentence = "En annen helsestasjon har det samme området. Ta det bort der først, eller skriv flere sifre."


class ClinicNameIsTaken(Refused):
    """Another clinic of the municipality has this name, open or closed."""

    sentence = "En annen helsestasjon i kommunen heter det samme. Velg et annet navn."


class RoomNameIsTaken(Refused):
    """Another room of the clinic has this name, open or closed."""

    sentence = "Et annet rom ved helsestasjonen heter det samme. Velg et annet navn."


@transaction.atomic
def add_clinic(*, municipality: Municipality, name: str, by: Actor, at: datetime) -> Clinic:
    """
    Open a clinic there has not been, without an area of its own. Raises NameIsMissing, TextIsTooLong or ClinicNameIsTaken.
    """
    name = _a_name(name, spoken("helsestasjonens navn"), most=NAME)
    if Clinic.objects.filter(municipality=municipality, name=name).exists():
        raise ClinicNameIsTaken
    return open_clinic(municipality=municipality, name=name, by=by, at=at)


@transaction.atomic
def rename_clinic(*, clinic: Clinic, name: str, by: Actor, at: datetime) -> None:
    """Give a clinic another name. Pages and rosters say it from now on. Raises NameIsMissing, TextIsTooLong or ClinicNameIsTaken."""
    name = _a_name(name, spoken("helsestasjonens navn"), most=NAME)
    if Clinic.objects.filter(municipality=clinic.municipality_id, name=name).exclude(pk=clinic.pk).exists():
        raise ClinicNameIsTaken(clinic.pk)
    Clinic.objects.filter(pk=clinic.pk).update(name=name)
    record("clinic.renamed", municipality=clinic.municipality.code, by=by, at=at, detail={"from": clinic.name, "to": name})


@transaction.atomic
def set_areas(*, clinic: Clinic, basic_unit_prefixes: Sequence[str], by: Actor, at: datetime) -> None:
    """
    Say which basic units a clinic serves, by their first digits; none: what no other clinic serves. Children whose journals are open stay
    where they are. Raises AreaIsNotDigits or AreaIsAnotherClinics.
    """
    prefixes = sorted(set(basic_unit_prefixes))
    for prefix in prefixes:
        if not (prefix.isascii() and prefix.isdigit() and len(prefix) <= _DIGITS_OF_A_BASIC_UNIT):
            raise AreaIsNotDigits
    Municipality.objects.select_for_update(no_key=True).get(pk=clinic.municipality_id)  # one area, one clinic
    others = ClinicArea.objects.filter(clinic__municipality=clinic.municipality_id, basic_unit_prefix__in=prefixes)
    if others.exclude(clinic=clinic).exists():
        raise AreaIsAnotherClinics(clinic.pk)
    ClinicArea.objects.filter(clinic=clinic).delete()
    ClinicArea.objects.bulk_create([ClinicArea(clinic=clinic, basic_unit_prefix=prefix) for prefix in prefixes])
    detail: Detail = {"clinic": clinic.name, "areas": " ".join(prefixes)}
    record("clinic.areas_set", municipality=clinic.municipality.code, by=by, at=at, detail=detail)


@transaction.atomic
def open_clinic(*, municipality: Municipality, name: str, basic_unit_prefixes: Sequence[str] = (), by: Actor, at: datetime) -> Clinic:
    """
    Open a clinic that serves the basic units beginning with the given digits. Opening it again sets its areas anew, and opens it when it
    was closed. Raises TextIsTooLong.
    """
    must_fit(spoken("helsestasjonens navn"), name, most=NAME)
    clinic, _ = Clinic.objects.get_or_create(municipality=municipality, name=name)
    Clinic.objects.filter(pk=clinic.pk, closed_on__isnull=False).update(closed_on=None)
    clinic.areas.all().delete()
    ClinicArea.objects.bulk_create([ClinicArea(clinic=clinic, basic_unit_prefix=prefix) for prefix in sorted(set(basic_unit_prefixes))])
    record("clinic.opened", municipality=municipality.code, by=by, at=at, detail={"name": name, "areas": len(basic_unit_prefixes)})
    return clinic


# What a family reads must not tell others what kind of clinic it is from: nothing of health or child welfare on an SMS or an envelope.
_TELLS_THE_KIND: Final = re.compile("helse|barnevern", re.IGNORECASE)


class TellsTheKindOfClinic(Refused):
    """What families are to know the municipality or the clinic by says what kind of clinic it is."""

    sentence = (
        "Dette sier hva slags tjeneste det er, og det kan andre lese. Skriv det uten «helse» og «barnevern», for eksempel "
        "«Fjordvik kommune» eller «Torget 1, Fjordvik»."
    )


class CannotStandInAMessage(Refused):
    """What was written is empty or too long, or has a brace or a sign that does not show in it."""

    sentence = "Skriv kommunens navn med høyst 40 tegn og besøksadressen med høyst 150, uten krøllparenteser."


class NotANorwegian(Refused):
    """Norwegian is written as bokmål (nb) or nynorsk (nn)."""

    sentence = "Skriv nb for bokmål eller nn for nynorsk."


@transaction.atomic
def name_for_families(*, municipality: Municipality, brand: str, norwegian: str, by: Actor, at: datetime) -> None:
    """
    Say what families know the municipality as, and which Norwegian ("nb", "nn") it writes. Messages not yet sent say it from now on.

    Raises CannotStandInAMessage, TellsTheKindOfClinic or NotANorwegian.
    """
    if norwegian not in ("nb", "nn"):
        raise NotANorwegian
    known_as = _for_a_message(brand, most=40)
    Municipality.objects.filter(pk=municipality.pk).update(brand=known_as, norwegian=norwegian)
    record("municipality.named", municipality=municipality.code, by=by, at=at, detail={"brand": known_as, "norwegian": norwegian})


@transaction.atomic
def tell_where_clinic_is(*, clinic: Clinic, telephone: str, visiting_address: str, by: Actor, at: datetime) -> None:
    """
    Say what families are to call, as people write numbers, and where they are to come. Messages not yet sent say it from now on.

    Raises TelephoneNumberIsInvalid, CannotStandInAMessage or TellsTheKindOfClinic.
    """
    number, place = read_telephone(telephone).e164, _for_a_message(visiting_address, most=150)
    Clinic.objects.filter(pk=clinic.pk).update(telephone=number, visiting_address=place)
    detail: Detail = {"clinic": clinic.name, "telephone": number, "visiting_address": place}
    record("clinic.found_at", municipality=clinic.municipality.code, by=by, at=at, detail=detail)


def _for_a_message(written: str, *, most: int) -> str:
    kept = " ".join(written.split())
    if not kept or len(kept) > most or not kept.isprintable() or set(kept) & set("{}"):
        raise CannotStandInAMessage
    if _TELLS_THE_KIND.search(kept):
        raise TellsTheKindOfClinic
    return kept


class EmployeeCodeIsTaken(Refused):
    """Somebody else in the municipality is called by this code."""

    sentence = "Koden er allerede i bruk for en annen ansatt i kommunen. Velg en annen."


class NameIsMissing(Refused):
    """An employee needs a code and a name, and a clinic and a room a name."""

    sentence = "Skriv navnet. En ansatt skal ha både kode og navn."


class EmploymentEndsBeforeItBegins(Refused):
    """An employment was to end on a day before its first."""

    sentence = "Ansettelsen kan ikke avsluttes før dagen den begynte. Sjekk datoen."


class EmploymentHasEnded(Refused):
    """The employment has ended on that day already, or before it."""

    sentence = "Ansettelsen er allerede avsluttet. Oppgi en tidligere dag hvis det er feil."


class DeputyCannotStandIn(Refused):
    """A deputy is somebody else, employed in the same municipality now or later."""

    sentence = "Stedfortrederen må være en annen ansatt i kommunen som ikke har sluttet. Velg en annen."


@transaction.atomic
def hire(
    *, clinic: Clinic, code: str, name: str, role: Employee.Role, employed_from: date, email: str = "", by: Actor, at: datetime
) -> Employee:
    """
    Record that somebody works at a clinic from a day on. `code` is what the trail and the rosters call them, once in a municipality.

    Raises NameIsMissing, TextIsTooLong, EmailIsInvalid or EmployeeCodeIsTaken.
    """
    if not code.strip() or not name.strip():
        raise NameIsMissing
    must_fit(spoken("koden"), code, most=EMPLOYEE_CODE)
    must_fit(spoken("navnet"), name, most=EMPLOYEE_NAME)
    email = read_email(email) if email.strip() else ""
    employee, is_new = Employee.objects.get_or_create(
        municipality=clinic.municipality,
        code=code,
        defaults={"clinic": clinic, "name": name, "role": role.value, "email": email, "employed_from": employed_from},
    )
    if not is_new:
        raise EmployeeCodeIsTaken(code)
    _record("employee.hired", employee, by=by, at=at, role=role.value, employed_from=employed_from.isoformat())
    return employee


@transaction.atomic
def end_employment(*, employee: Employee, on: date, by: Actor, at: datetime) -> None:
    """
    Record that somebody works here until the day before `on`. Appointments they hold later stand until somebody gives them to another, and
    are on a list till then (`appointments.queries.appointments_without_staff`).

    Raises EmploymentEndsBeforeItBegins or EmploymentHasEnded.
    """
    if on < employee.employed_from:
        raise EmploymentEndsBeforeItBegins(employee.pk)
    still_here = Employee.objects.employed_on(on).filter(pk=employee.pk)
    if not still_here.update(employed_until=on):
        raise EmploymentHasEnded(employee.pk)
    _record("employee.left", employee, by=by, at=at, on=on.isoformat())


@transaction.atomic
def name_deputy(*, employee: Employee, deputy: Employee | None, by: Actor, at: datetime) -> None:
    """Say who does an employee's work while they are away; None: the leader. Raises DeputyCannotStandIn."""
    if deputy is not None:
        others = Employee.objects.not_gone_by(oslo_date(at)).filter(municipality=employee.municipality_id).exclude(pk=employee.pk)
        if not others.filter(pk=deputy.pk).exists():
            raise DeputyCannotStandIn(deputy.pk)
    Employee.objects.filter(pk=employee.pk).update(deputy=deputy)
    _record("employee.deputy_named", employee, by=by, at=at, deputy=deputy.code if deputy else None)


@transaction.atomic
def rename_room(*, room: Room, name: str, by: Actor, at: datetime) -> None:
    """Give a room another name. Raises NameIsMissing, TextIsTooLong or RoomNameIsTaken."""
    name = _a_name(name, spoken("rommets navn"), most=ROOM_NAME)
    if Room.objects.filter(clinic=room.clinic_id, name=name).exclude(pk=room.pk).exists():
        raise RoomNameIsTaken(room.pk)
    Room.objects.filter(pk=room.pk).update(name=name)
    detail: Detail = {"clinic": room.clinic.name, "from": room.name, "to": name}
    record("room.renamed", municipality=room.clinic.municipality.code, by=by, at=at, detail=detail)


@transaction.atomic
def open_room(*, clinic: Clinic, name: str, by: Actor, at: datetime) -> Room:
    """Open a room of a clinic, or one that was closed. Opening it again changes nothing. Raises NameIsMissing or TextIsTooLong."""
    name = _a_name(name, spoken("rommets navn"), most=ROOM_NAME)
    room, is_new = Room.objects.get_or_create(clinic=clinic, name=name)
    was_closed = Room.objects.filter(pk=room.pk, closed_on__isnull=False).update(closed_on=None)
    if is_new or was_closed:
        record("room.opened", municipality=clinic.municipality.code, by=by, at=at, detail={"clinic": clinic.name, "name": name})
    return room


def _a_name(written: str, what: str, *, most: int) -> str:
    name = " ".join(written.split())
    if not name:
        raise NameIsMissing
    must_fit(what, name, most=most)
    return name


def _record(action: str, employee: Employee, *, by: Actor, at: datetime, **detail: str | None) -> None:
    record(action, municipality=employee.municipality.code, by=by, at=at, detail={"employee": employee.code, **detail})
