"""Changes of who somebody is by the register: names, numbers, birth dates, and records that turn out to be the same person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from fjorten.kernel.national_id import Kind, NationalId
from fjorten.simulation.office import elements
from fjorten.simulation.office.desk import Filing, Office
from fjorten.simulation.office.happenings import Happening
from fjorten.simulation.places import Home
from fjorten.simulation.records import Person, Status


def name_child(office: Office, person: Person, given_name: str, family_name: str, *, on: date, middle_name: str = "") -> None:
    """This function will register a newborn's real name; the temporary one is annulled [source]."""
    filing = office.file(person)
    for entry in person.all_current("navn"):
        filing.annul(entry)
    elements.enter_name(filing, given_name, family_name, on, middle_name=middle_name, cause="Navnevalg")
    person.tell(
        office.day,
        replace(person.standing, given_name=given_name, family_name=family_name, middle_name=middle_name, name_is_temporary=False),
    )
    filing.announce("endringINavn")
    office.note(Happening.NAMED, person)


def change_name(office: Office, person: Person, given_name: str, family_name: str, *, on: date) -> None:
    """This function will register a change of name; the old one stays in the record as history."""
    filing = office.file(person)
    filing.end("navn", ended_on=on)
    elements.enter_name(filing, given_name, family_name, on, cause="Navneendring")
    person.tell(office.day, replace(person.standing, given_name=given_name, family_name=family_name, middle_name=""))
    filing.announce("endringINavn")
    office.note(Happening.NAME_CHANGED, person)


def settle(office: Office, people: Iterable[Person], home: Home, *, on: date) -> None:
    """
    This function will make people with a D-number residents with a fødselsnummer.

    `endringIIdentifikasjonsnummer` comes first, on the old number; the document lists both [source]. Parents must come before their
    children, whose records then point at the parents' new numbers.
    """
    home = office.current_home(home)
    for person in people:
        old_number = person.number
        filing = _give_new_number(office, person, person.standing.born_on, on=on)
        filing.announce("endringIIdentifikasjonsnummer", under=old_number)
        elements.enter_status(filing, Status.RESIDENT, on, cause="Bosetting")
        filing.end("oppholdsadresse", ended_on=on)
        elements.enter_immigration(filing, person.origin, on)
        elements.enter_residence(office, filing, home, on, cause="Bosetting")
        standing = replace(person.standing, status=Status.RESIDENT, home=home, stay=None)
        if person.is_child:
            standing = replace(standing, guardians=_point_at_parents(filing, person, on))
        person.tell(office.day, standing)
        filing.announce("personErBosatt", "endringIInnflytting", "endringIStatus", "endringIBostedsadresse", "endringIOppholdsadresse")
        if person.is_child:
            filing.announce("endringIFamilierelasjon", "endringIForeldreansvar")
            office.note(Happening.SETTLED, person)


def let_d_number_go_inactive(office: Office, person: Person, *, on: date) -> None:
    """This function will make a D-number inactive, as after five years: the status changes, the number stays in use [source]."""
    filing = office.file(person)
    elements.enter_status(filing, Status.INACTIVE, on, cause="Inaktivering")
    filing.end("oppholdsadresse", ended_on=on)
    person.tell(office.day, replace(person.standing, status=Status.INACTIVE, stay=None))
    filing.announce("personErInaktiv", "endringIStatus", "endringIOppholdsadresse")
    office.note(Happening.D_NUMBER_INACTIVE, person)


def correct_birth_date(office: Office, person: Person, born_on: date, *, on: date, with_new_number: bool) -> None:
    """This function will correct a birth date; `with_new_number` also the number that told it, in a filing of its own."""
    filing = office.file(person)
    old_birth = person.current("foedsel")
    assert old_birth is not None, "every record has a birth"
    values = old_birth.element | {"foedselsdato": born_on.isoformat(), "foedselsaar": str(born_on.year)}
    filing.end_entry(old_birth, ended_on=on)
    filing.enter("foedsel", values, valid_on=born_on, cause="Korrigering")
    person.tell(office.day, replace(person.standing, born_on=born_on))
    filing.announce("endringIFoedsel")
    office.note(Happening.BIRTH_DATE_CORRECTED, person)
    if with_new_number:
        correct_number(office, person, on=on)


def correct_number(office: Office, person: Person, *, on: date) -> None:
    """This function will replace a wrong number with a right one of the same kind; both stay in the document."""
    old_number = person.number
    filing = _give_new_number(office, person, person.standing.born_on, on=on, kind=old_number.kind)
    filing.announce("endringIIdentifikasjonsnummer", under=old_number)
    office.note(Happening.NUMBER_CORRECTED, person)


def cease_as_duplicate(office: Office, duplicate: Person, original: Person, *, on: date) -> None:
    """
    This function will let one of two records of the same child cease.

    `personErOpphoertSomDublett` has no document [source]; the record that goes on lists the ceased number as no longer in use.
    """
    ceased_number = duplicate.number
    ceasing = office.file(duplicate)
    ceasing.end("identifikasjonsnummer", ended_on=on)
    elements.enter_status(ceasing, Status.CEASED, on, cause="Dublett")
    ceasing.end("oppholdsadresse", ended_on=on)
    duplicate.tell(office.day, replace(duplicate.standing, status=Status.CEASED, stay=None, merged_into=original.key))
    continuing = office.file(original)
    continuing.end_entry(elements.enter_number(continuing, ceased_number, on, cause="Sammenslåing"), ended_on=on)
    numbers = (*original.standing.numbers[:-1], ceased_number, original.number)
    original.tell(office.day, replace(original.standing, numbers=numbers))
    if office.rng.random() < 0.5:
        ceasing.announce("personErOpphoertSomDublett", under=ceased_number, with_document=False)
        continuing.announce("personErViderefoertSomGjeldendeVedSammenslaaing", "endringIIdentifikasjonsnummer")
    else:
        continuing.announce("personErViderefoertSomGjeldendeVedSammenslaaing", "endringIIdentifikasjonsnummer")
        ceasing.announce("personErOpphoertSomDublett", under=ceased_number, with_document=False)
    office.note(Happening.DUPLICATE_CEASED, duplicate)


def touch(office: Office, person: Person, *, on: date) -> None:
    """
    This function will announce `personErOppdatert`, which has no document: something changed, fetch the person again [source].

    What changed is the grade of the identity basis, to one the published schema does not list, as announced for 2027 [source].
    """
    filing = office.file(person)
    filing.end("identitetsgrunnlag", ended_on=on)
    filing.enter("identitetsgrunnlag", {"identitetsgrunnlagstatus": "unik"}, valid_on=on)
    filing.announce("personErOppdatert", with_document=False)
    office.note(Happening.TOUCHED, person)


def announce_unknown_event(office: Office, person: Person) -> None:
    """This function will announce an event of a type nobody has heard of, with the person's document as it is."""
    office.file(person).announce("endringITilknytningTilRiket")


def _give_new_number(office: Office, person: Person, born_on: date, *, on: date, kind: Kind = Kind.FOEDSELSNUMMER) -> Filing:
    filing = office.file(person)
    filing.end("identifikasjonsnummer", ended_on=on)
    number = office.numbers.issue(office.rng, born_on=born_on, sex=person.sex, issued_on=on, kind=kind)
    elements.enter_number(filing, number, on, cause="Nytt nummer")
    person.tell(office.day, replace(person.standing, numbers=(*person.standing.numbers, number)))
    return filing


def _point_at_parents(filing: Filing, child: Person, on: date) -> tuple[NationalId, ...]:
    """Let a child's record follow its parents to their new numbers; gives the guardians under the numbers they have now."""
    filing.end("familierelasjon", ended_on=on)
    elements.enter_parents(filing, child, on)
    custody = child.current("foreldreansvar")
    parents = [parent for parent in (child.mother, child.father) if parent is not None]
    present = {old: parent.number for parent in parents for old in parent.standing.numbers}
    guardians = tuple(present.get(guardian, guardian) for guardian in child.standing.guardians)
    elements.enter_guardians(filing, str(custody.element["ansvar"]) if custody else "ukjent", guardians, on)
    return guardians
