"""The elements of a person's record, worded as the register words them. What happens in a life is put together from these."""

from __future__ import annotations

from datetime import date
from typing import Final

from fjorten.kernel.national_id import Kind, NationalId, Sex
from fjorten.simulation.names import Origin
from fjorten.simulation.office.desk import Filing, Office
from fjorten.simulation.office.stamps import NEW_REGISTER_SINCE
from fjorten.simulation.places import Home, Values
from fjorten.simulation.records import Entry, Person, Protection, Status

SEX_IN_REGISTER: Final = {Sex.FEMALE: "kvinne", Sex.MALE: "mann"}
NUMBER_TYPE_IN_REGISTER: Final = {Kind.FOEDSELSNUMMER: "foedselsnummer", Kind.D_NUMBER: "dNummer"}
GRADE_IN_REGISTER: Final = {
    Protection.NONE: "ugradert",
    Protection.CONFIDENTIAL: "fortrolig",
    Protection.STRICTLY_CONFIDENTIAL: "strengtFortrolig",
}


def enter_number(filing: Filing, number: NationalId, valid_on: date, *, cause: str = "") -> Entry:
    """This function will enter an identity number as being in use."""
    values: Values = {"status": "iBruk", "foedselsEllerDNummer": number.digits, "identifikatortype": NUMBER_TYPE_IN_REGISTER[number.kind]}
    return filing.enter("identifikasjonsnummer", values, valid_on=valid_on, cause=cause)


def enter_birth(filing: Filing, born_on: date, *, country: str, municipality_code: str | None, cause: str = "") -> None:
    """This function will enter when and where somebody was born; `municipality_code` only for births in Norway."""
    values: Values = {"foedselsdato": born_on.isoformat(), "foedselsaar": str(born_on.year), "foedeland": country}
    if municipality_code is not None:
        values["foedekommuneINorge"] = municipality_code
    filing.enter("foedsel", values, valid_on=born_on, cause=cause)


def enter_sex(filing: Filing, sex: Sex, valid_on: date) -> None:
    """This function will enter the sex."""
    filing.enter("kjoenn", {"kjoenn": SEX_IN_REGISTER[sex]}, valid_on=valid_on)


def enter_name(filing: Filing, given_name: str, family_name: str, valid_on: date, *, middle_name: str = "", cause: str = "") -> None:
    """This function will enter a name; the short form is cut at 40 characters [source]. Old records are in capital letters [unverified]."""
    parts = [given_name, middle_name, family_name]
    if filing.recorded_at < NEW_REGISTER_SINCE:
        parts = [part.upper() for part in parts]
    given_name, middle_name, family_name = parts
    values: Values = {"fornavn": given_name, "etternavn": family_name}
    if middle_name:
        values["mellomnavn"] = middle_name
    values["forkortetNavn"] = " ".join(part for part in (family_name, given_name, middle_name) if part)[:40]
    filing.enter("navn", values, valid_on=valid_on, cause=cause)


def enter_status(filing: Filing, status: Status, valid_on: date, *, cause: str = "") -> None:
    """This function will enter how the person stands to the country, after ending the status before."""
    filing.end("status", ended_on=valid_on)
    filing.enter("status", {"status": status.value}, valid_on=valid_on, cause=cause)


def enter_residence(
    office: Office, filing: Filing, home: Home, moved_on: date, *, valid_on: date | None = None, cause: str = "Flytting"
) -> None:
    """This function will enter a residence, after ending the one before. `valid_on` differs from `moved_on` when nobody moved."""
    is_unknown_type = office.rng.random() < office.quirks.unknown_value
    filing.end("bostedsadresse", ended_on=valid_on or moved_on)
    filing.enter(
        "bostedsadresse", home.as_residence(moved_on, unknown_unit_type=is_unknown_type), valid_on=valid_on or moved_on, cause=cause
    )


def enter_stay(filing: Filing, stay: Home, since: date) -> None:
    """This function will enter where somebody without a residence stays."""
    filing.end("oppholdsadresse", ended_on=since)
    filing.enter("oppholdsadresse", stay.as_stay(since), valid_on=since, cause="Opphold")


def enter_grade(filing: Filing, grade: Protection, valid_on: date) -> None:
    """This function will enter a grade of address protection, after ending the one before."""
    filing.end("adressebeskyttelse", ended_on=valid_on)
    filing.enter("adressebeskyttelse", {"graderingsnivaa": GRADE_IN_REGISTER[grade]}, valid_on=valid_on)


def enter_immigration(filing: Filing, origin: Origin, moved_on: date) -> None:
    """This function will enter that somebody came from abroad."""
    values: Values = {"fraflyttingsland": origin.country, "fraflyttingsstedIUtlandet": origin.town_abroad}
    filing.enter("innflytting", values, valid_on=moved_on, cause="Innflytting")


def enter_emigration(filing: Filing, country: str, moved_on: date) -> None:
    """This function will enter that somebody left for another country."""
    values: Values = {"tilflyttingsland": country, "utflyttingsdato": moved_on.isoformat()}
    filing.enter("utflytting", values, valid_on=moved_on, cause="Utflytting")


def enter_citizenship(office: Office, filing: Filing, origin: Origin, valid_on: date) -> None:
    """This function will enter citizenship and how well the identity is checked; now and then with a grade the schema does not list."""
    filing.enter("statsborgerskap", {"statsborgerskap": origin.country}, valid_on=valid_on)
    grade = "unik" if office.rng.random() < office.quirks.unknown_value else "ikkeKontrollert"
    filing.enter("identitetsgrunnlag", {"identitetsgrunnlagstatus": grade}, valid_on=valid_on)


def enter_parents(filing: Filing, child: Person, valid_on: date) -> None:
    """This function will enter the parents a child has in the register, under the numbers they have now."""
    for parent, role in ((child.mother, "mor"), (child.father, "far")):
        if parent is not None:
            values: Values = {"relatertPerson": parent.number.digits, "relatertPersonsRolle": role, "minRolleForPerson": "barn"}
            filing.enter("familierelasjon", values, valid_on=valid_on)


def enter_guardians(filing: Filing, custody: str, guardians: tuple[NationalId, ...], valid_on: date, *, cause: str = "") -> None:
    """
    This function will enter who has parental responsibility, after ending what was.

    `custody` is the register's word: felles, mor, far, andre or ukjent. Without guardians, "andre" is an organisation.
    """
    filing.end("foreldreansvar", ended_on=valid_on)
    for guardian in guardians:
        filing.enter("foreldreansvar", {"ansvar": custody, "ansvarlig": guardian.digits}, valid_on=valid_on, cause=cause)
    if not guardians:
        organisation: Values = {"ansvar": custody, "ansvarligOrganisasjon": "999999999"} if custody == "andre" else {"ansvar": custody}
        filing.enter("foreldreansvar", organisation, valid_on=valid_on, cause=cause)


def parents_as_guardians(child: Person) -> tuple[str, tuple[NationalId, ...]]:
    """This function will give the register's word and the guardians for parents who share, or a parent who is alone."""
    parents = tuple(parent.number for parent in (child.mother, child.father) if parent is not None)
    if len(parents) == 2:
        return "felles", parents
    return ("mor" if child.mother is not None else "far" if child.father is not None else "ukjent"), parents


def enter_child_of(office: Office, parent: Person, child: Person, valid_on: date) -> None:
    """This function will enter a child in a parent's own record."""
    filing = office.file(parent)
    role = "mor" if child.mother is parent else "far"
    relation: Values = {"relatertPerson": child.number.digits, "relatertPersonsRolle": "barn", "minRolleForPerson": role}
    filing.enter("familierelasjon", relation, valid_on=valid_on)
    filing.enter(
        "foreldreansvar", {"ansvar": "felles" if child.father else "mor", "ansvarssubjekt": child.number.digits}, valid_on=valid_on
    )
    filing.announce("endringIFamilierelasjon", "endringIForeldreansvar")
