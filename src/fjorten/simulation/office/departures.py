"""Deaths, deaths that turn out to be wrong, and people nobody can find."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from fjorten.simulation.office import elements
from fjorten.simulation.office.desk import Office
from fjorten.simulation.office.happenings import Happening
from fjorten.simulation.places import Home
from fjorten.simulation.records import Person, Protection, Status


def register_death(office: Office, person: Person, *, died_on: date) -> None:
    """This function will register a death. The residence ends with it [unverified]."""
    filing = office.file(person)
    filing.enter("doedsfall", {"doedsdato": died_on.isoformat()}, valid_on=died_on, cause="Dødsfall")
    elements.enter_status(filing, Status.DEAD, died_on, cause="Dødsfall")
    filing.end("bostedsadresse", ended_on=died_on)
    filing.end("oppholdsadresse", ended_on=died_on)
    person.tell(office.day, replace(person.standing, status=Status.DEAD, died_on=died_on, home=None, stay=None))
    filing.announce("personErDoed", "endringIDoedsfall", "endringIStatus", "endringIBostedsadresse")
    office.note(Happening.DIED, person)


def correct_death_date(office: Office, person: Person, *, died_on: date) -> None:
    """This function will correct the date of a death. The feed says `personErReaktivert` here too, although the person is dead [source]."""
    filing = office.file(person)
    for entry in person.all_current("doedsfall"):
        filing.annul(entry)
    filing.enter("doedsfall", {"doedsdato": died_on.isoformat()}, valid_on=died_on, cause="Korrigering")
    person.tell(office.day, replace(person.standing, died_on=died_on))
    filing.announce("personErReaktivert", "endringIDoedsfall", "personErDoed")
    office.note(Happening.DEATH_DATE_CORRECTED, person)


def annul_death(office: Office, person: Person, status: Status, home: Home | None, *, lived_there_since: date) -> None:
    """This function will annul a death registered by mistake: the person has the status and the home, if any, they had before."""
    filing = office.file(person)
    for field in ("doedsfall", "status"):
        for entry in person.all_current(field):
            filing.annul(entry)
    standing = replace(person.standing, died_on=None, status=status)
    elements.enter_status(filing, status, lived_there_since, cause="Annullering")
    if home is not None:
        home = office.current_home(home)
        elements.enter_residence(office, filing, home, lived_there_since, cause="Annullering")
        standing = replace(standing, home=home)
    person.tell(office.day, standing)
    filing.announce("personErReaktivert", "endringIDoedsfall", "endringIStatus")
    if home is not None and standing.grading is not Protection.STRICTLY_CONFIDENTIAL:
        filing.announce("endringIBostedsadresse")
    office.note(Happening.DEATH_ANNULLED, person)


def register_missing(office: Office, person: Person, *, on: date) -> None:
    """This function will register somebody as missing (`forsvunnet`): the residence ends, nobody knows more."""
    filing = office.file(person)
    elements.enter_status(filing, Status.MISSING, on, cause="Forsvunnet")
    filing.end("bostedsadresse", ended_on=on)
    person.tell(office.day, replace(person.standing, status=Status.MISSING, home=None))
    filing.announce("endringIStatus", "endringIBostedsadresse")
    office.note(Happening.WENT_MISSING, person)


def register_found(office: Office, person: Person, home: Home, *, on: date) -> None:
    """This function will register that somebody who was missing lives at a home."""
    home = office.current_home(home)
    filing = office.file(person)
    elements.enter_status(filing, Status.RESIDENT, on, cause="Bosetting")
    elements.enter_residence(office, filing, home, on)
    person.tell(office.day, replace(person.standing, status=Status.RESIDENT, home=home))
    filing.announce("personErBosatt", "endringIStatus", "endringIBostedsadresse")
    office.note(Happening.FOUND, person)
