"""Moving house, leaving the country and coming back, being recoded by a reform, and having no known abode."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from fjorten.simulation.office import elements
from fjorten.simulation.office.desk import Office
from fjorten.simulation.office.happenings import Happening
from fjorten.simulation.places import Home
from fjorten.simulation.records import Person, Protection, Status


def move(office: Office, people: Iterable[Person], home: Home, *, moved_on: date, happening: Happening) -> None:
    """
    This function will register that people moved to a home in Norway on a day, whenever the office is told.

    For people with a confidential address the change comes as `endringIAdressebeskyttelse`, as it does since 2023 [source]; for strictly
    protected people nothing is announced, since the feed holds no address data of theirs [source].
    """
    home = office.current_home(home)
    for person in people:
        filing = office.file(person)
        elements.enter_residence(office, filing, home, moved_on)
        person.tell(office.day, replace(person.standing, home=home))
        match person.standing.grading:
            case Protection.STRICTLY_CONFIDENTIAL:
                pass
            case Protection.CONFIDENTIAL:
                filing.announce("endringIAdressebeskyttelse")
            case _:
                filing.announce("endringIBostedsadresse")
        office.note(happening, person)


def correct_address(office: Office, people: Iterable[Person], *, on: date) -> None:
    """This function will correct the dwelling number of a home: `endringIBostedsadresseUtenFlytting`, nobody moved."""
    for person in people:
        entry, home = person.current("bostedsadresse"), person.standing.home
        assert entry is not None and home is not None, "only a registered home can be corrected"
        corrected = home.with_corrected_unit(office.rng)
        filing = office.file(person)
        elements.enter_residence(office, filing, corrected, _moved_on(entry.element), valid_on=on, cause="Korrigering")
        person.tell(office.day, replace(person.standing, home=corrected))
        filing.announce("endringIBostedsadresseUtenFlytting")
        office.note(Happening.ADDRESS_CORRECTED, person)


def recode(office: Office, person: Person, *, on: date) -> None:
    """
    This function will put a person's home, or stay, under the municipality's new code: a reform, nobody moved.

    The residence begins anew on the day of the reform and keeps the day they moved in (`flyttedato`) [unverified].
    """
    standing = person.standing
    filing = office.file(person)
    entry = person.current("bostedsadresse")
    if standing.home is not None and entry is not None:
        home = office.current_home(standing.home)
        elements.enter_residence(office, filing, home, _moved_on(entry.element), valid_on=on, cause="Kommuneregulering")
        standing = replace(standing, home=home)
        if standing.grading is not Protection.STRICTLY_CONFIDENTIAL:
            filing.announce("endringIBostedsadresseVedKommuneregulering")
    if standing.stay is not None:
        stay = office.current_home(standing.stay)
        elements.enter_stay(filing, stay, on)
        standing = replace(standing, stay=stay)
        filing.announce("endringIOppholdsadresse")
    person.tell(office.day, standing)
    office.note(Happening.RECODED_BY_REFORM, person)


def emigrate(office: Office, people: Iterable[Person], *, country: str, moved_on: date) -> None:
    """This function will register that people left the country."""
    for person in people:
        filing = office.file(person)
        elements.enter_status(filing, Status.EMIGRATED, moved_on, cause="Utflytting")
        filing.end("bostedsadresse", ended_on=moved_on)
        elements.enter_emigration(filing, country, moved_on)
        person.tell(office.day, replace(person.standing, status=Status.EMIGRATED, home=None))
        filing.announce("personErUtflyttet", "endringIUtflytting", "endringIStatus", "endringIBostedsadresse")
        office.note(Happening.EMIGRATED, person)


def come_back_from_abroad(office: Office, people: Iterable[Person], home: Home, *, moved_on: date) -> None:
    """This function will register that emigrants are residents again, under the number they had."""
    home = office.current_home(home)
    for person in people:
        filing = office.file(person)
        elements.enter_status(filing, Status.RESIDENT, moved_on, cause="Innflytting")
        elements.enter_immigration(filing, person.origin, moved_on)
        elements.enter_residence(office, filing, home, moved_on, cause="Innflytting")
        person.tell(office.day, replace(person.standing, status=Status.RESIDENT, home=home))
        filing.announce("personErBosatt", "endringIInnflytting", "endringIStatus", "endringIBostedsadresse")
        office.note(Happening.CAME_BACK_FROM_ABROAD, person)


def _moved_on(values: dict[str, object]) -> date:
    return date.fromisoformat(str(values["flyttedato"]))
