"""How people come into the register: born, come from abroad with a number for good or for the time being, or known since long before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import count

from fjorten.kernel.national_id import Kind, Sex
from fjorten.simulation.names import Origin, temporary_name
from fjorten.simulation.office import elements
from fjorten.simulation.office.desk import Filing, Office
from fjorten.simulation.office.happenings import Happening
from fjorten.simulation.places import Home, Values
from fjorten.simulation.records import Person, Protection, Standing, Status, Whereabouts


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who somebody is when the register first hears of them."""

    born_on: date
    sex: Sex
    origin: Origin
    given_name: str
    family_name: str
    middle_name: str = ""
    mother: Person | None = None
    father: Person | None = None


@dataclass(frozen=True, slots=True)
class BirthOrder:
    """Number `place` of `of` children born together, `place` counting from 1."""

    place: int
    of: int

    @property
    def code(self) -> int:
        """The register's `rekkefoelgenummer`: 21 is number one of two [source]."""
        return 10 * self.of + self.place


class Keys:
    """Gives every person of a municipality, or of a batch of histories, a key of their own."""

    __slots__ = ("_keys",)

    def __init__(self, first: int = 1) -> None:
        self._keys = count(first)

    def next(self) -> int:
        """This function will give a key nobody has."""
        return next(self._keys)


def register_birth(
    office: Office,
    keys: Keys,
    child: Newcomer,
    *,
    home: Home | None,
    born_in: str,
    order: BirthOrder | None = None,
    grading: Protection = Protection.NONE,
    is_named: bool = False,
) -> Person:
    """
    This function will register a birth in the municipality with code `born_in`.

    `home` None is a child that is birth-registered only (`foedselsregistrert`) and gets its address later. Unless `is_named`, the child is
    called after its mother until somebody names it; so the newcomer must have a mother.
    """
    assert child.mother is not None, "a birth needs a mother"
    called = child if is_named else replace(child, given_name=temporary_name(child.mother.standing.given_name, child.sex), middle_name="")
    status = Status.BIRTH_REGISTERED if home is None else Status.RESIDENT
    person, filing = _begin_record(office, keys, called, status=status, is_child=True, known_on=child.born_on, born_in=born_in)
    birth_in_norway: Values = {"foedselsinstitusjonsnavn": "Fjordvik sykehus"}
    if order is not None:
        birth_in_norway["rekkefoelgenummer"] = order.code
    filing.enter("foedselINorge", birth_in_norway, valid_on=child.born_on, cause="Fødsel")
    standing = replace(person.standing, grading=grading, name_is_temporary=not is_named)
    if grading is not Protection.NONE:
        elements.enter_grade(filing, grade=grading, valid_on=child.born_on)
    if home is not None:
        standing = replace(standing, home=office.current_home(home))
        elements.enter_residence(office, filing, office.current_home(home), child.born_on, cause="Fødsel")
    person.tell(office.day, standing)
    person.go(child.born_on, Whereabouts(born_in))
    filing.announce("personErOpprettet", "endringIIdentifikasjonsnummer", "endringIFoedsel", "endringIFoedselINorge", "endringIKjoenn")
    filing.announce("endringINavn", "endringIStatus", "endringIFamilierelasjon", "endringIForeldreansvar", "endringIStatsborgerskap")
    if home is not None and grading is not Protection.STRICTLY_CONFIDENTIAL:
        filing.announce("personErBosatt", "endringIBostedsadresse")
    office.note(Happening.BORN if home is not None else Happening.BORN_WITHOUT_ADDRESS, person)
    if order is not None:
        office.note(Happening.TWINS_BORN, person)
    for parent in (child.mother, child.father):
        if parent is not None:
            elements.enter_child_of(office, parent, person, child.born_on)
    return person


def give_first_address(office: Office, person: Person, home: Home, *, on: date) -> None:
    """This function will make a birth-registered child a resident."""
    home = office.current_home(home)
    filing = office.file(person)
    elements.enter_status(filing, Status.RESIDENT, on, cause="Bosetting")
    elements.enter_residence(office, filing, home, on, cause="Bosetting")
    person.tell(office.day, replace(person.standing, status=Status.RESIDENT, home=home))
    filing.announce("personErBosatt", "endringIStatus", "endringIBostedsadresse")
    office.note(Happening.FIRST_ADDRESS, person)


def register_immigrant(office: Office, keys: Keys, newcomer: Newcomer, *, home: Home, moved_on: date, is_child: bool) -> Person:
    """This function will register somebody who comes from abroad to stay, with a fødselsnummer at once."""
    home = office.current_home(home)
    person, filing = _begin_record(office, keys, newcomer, status=Status.RESIDENT, is_child=is_child, known_on=moved_on)
    elements.enter_immigration(filing, newcomer.origin, moved_on)
    elements.enter_residence(office, filing, home, moved_on, cause="Innflytting")
    person.tell(office.day, replace(person.standing, home=home))
    person.go(moved_on, Whereabouts(home.municipality_code))
    filing.announce("personErOpprettet", "personErBosatt", "endringIIdentifikasjonsnummer", "endringINavn", "endringIFoedsel")
    filing.announce("endringIStatus", "endringIInnflytting", "endringIBostedsadresse", "endringIStatsborgerskap")
    if is_child:
        filing.announce("endringIFamilierelasjon", "endringIForeldreansvar")
        office.note(Happening.IMMIGRATED, person)
    return person


def register_with_d_number(
    office: Office, keys: Keys, newcomer: Newcomer, *, stay: Home, arrived_on: date, is_child: bool, status: Status = Status.TEMPORARY
) -> Person:
    """This function will register somebody who stays for the time being: D-number, `oppholdsadresse`, and no residence."""
    stay = office.current_home(stay)
    person, filing = _begin_record(office, keys, newcomer, status=status, is_child=is_child, known_on=arrived_on, kind=Kind.D_NUMBER)
    elements.enter_stay(filing, stay, arrived_on)
    is_unknown = office.rng.random() < office.quirks.unknown_value * 10
    permit: Values = {"oppholdstillatelse": "kollektivBeskyttelse" if is_unknown else "midlertidig", "oppholdFra": arrived_on.isoformat()}
    filing.enter("opphold", permit, valid_on=arrived_on)
    person.tell(office.day, replace(person.standing, stay=stay))
    person.go(arrived_on, Whereabouts(stay.municipality_code))
    filing.announce("personErOpprettet", "endringIIdentifikasjonsnummer", "endringIStatus", "endringINavn", "endringIFoedsel")
    filing.announce("endringIOppholdsadresse", "endringIOpphold")
    if is_child:
        filing.announce("endringIFamilierelasjon", "endringIForeldreansvar")
        office.note(Happening.ARRIVED_WITH_D_NUMBER, person)
    return person


def register_as_long_known(office: Office, keys: Keys, newcomer: Newcomer, *, home: Home, since: date, is_child: bool) -> Person:
    """This function will register somebody who has lived at `home` since long before the feed is read: nothing is announced."""
    with office.writing_old_records(since):
        is_born_here = newcomer.origin.country == "NOR" or (is_child and since == newcomer.born_on)
        born_in = home.municipality_code if is_born_here else None
        person, filing = _begin_record(office, keys, newcomer, status=Status.RESIDENT, is_child=is_child, known_on=since, born_in=born_in)
        if born_in is None:
            elements.enter_immigration(filing, newcomer.origin, since)
        elements.enter_residence(office, filing, home, since, cause="Fødsel" if since == newcomer.born_on else "Innflytting")
    person.tell(office.day, replace(person.standing, home=home))
    person.go(since, Whereabouts(home.municipality_code))
    return person


def _begin_record(
    office: Office,
    keys: Keys,
    newcomer: Newcomer,
    *,
    status: Status,
    is_child: bool,
    known_on: date,
    kind: Kind = Kind.FOEDSELSNUMMER,
    born_in: str | None = None,
) -> tuple[Person, Filing]:
    """Enter what every record has: number, birth, sex, name, citizenship, status, and for children parents and guardians."""
    person = Person(keys.next(), newcomer.sex, newcomer.origin, is_child, mother=newcomer.mother, father=newcomer.father)
    number = office.numbers.issue(office.rng, born_on=newcomer.born_on, sex=newcomer.sex, issued_on=known_on, kind=kind)
    filing = office.file(person)
    elements.enter_number(filing, number, known_on)
    elements.enter_birth(filing, newcomer.born_on, country="NOR" if born_in else newcomer.origin.country, municipality_code=born_in)
    elements.enter_sex(filing, newcomer.sex, newcomer.born_on)
    elements.enter_name(filing, newcomer.given_name, newcomer.family_name, known_on, middle_name=newcomer.middle_name)
    elements.enter_status(filing, status, known_on)
    elements.enter_citizenship(office, filing, newcomer.origin, known_on)
    custody, guardians = elements.parents_as_guardians(person)
    if is_child:
        elements.enter_parents(filing, person, known_on)
        elements.enter_guardians(filing, custody, guardians, known_on)
    standing = Standing(
        (number,), newcomer.born_on, status, newcomer.given_name, newcomer.family_name, newcomer.middle_name, guardians=guardians
    )
    person.tell(office.day, standing)
    return person, filing
