"""Address protection on and off, and children placed at an address that must not be shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from fjorten.simulation.office import elements
from fjorten.simulation.office.desk import Office
from fjorten.simulation.office.happenings import Happening
from fjorten.simulation.places import Home
from fjorten.simulation.records import Person, Protection

_HAPPENING = {
    Protection.NONE: Happening.PROTECTION_LIFTED,
    Protection.CONFIDENTIAL: Happening.MADE_CONFIDENTIAL,
    Protection.STRICTLY_CONFIDENTIAL: Happening.MADE_STRICTLY_CONFIDENTIAL,
}


def set_grade(office: Office, people: Iterable[Person], grade: Protection, *, on: date, new_home: Home | None = None) -> None:
    """
    This function will set the grade of address protection of people, `Protection.NONE` to lift it.

    One event, `endringIAdressebeskyttelse`, which since 2023 also carries a change of address made at the same time [source].
    """
    for person in people:
        filing = office.file(person)
        elements.enter_grade(filing, grade, on)
        standing = replace(person.standing, grading=grade)
        if new_home is not None:
            home = office.current_home(new_home)
            elements.enter_residence(office, filing, home, on)
            standing = replace(standing, home=home)
        person.tell(office.day, standing)
        filing.announce("endringIAdressebeskyttelse")
        office.note(_HAPPENING[grade], person)


def place(office: Office, child: Person, client_home: Home, *, on: date) -> None:
    """This function will register a child alone at a client address: the address is graded, the child is not."""
    _rehouse(office, child, client_home, on=on, cause="Plassering")
    office.note(Happening.PLACED_AT_CLIENT_ADDRESS, child)


def end_placement(office: Office, child: Person, home: Home, *, on: date) -> None:
    """This function will register that a placed child lives with its family again."""
    _rehouse(office, child, home, on=on, cause="Flytting")
    office.note(Happening.PLACEMENT_ENDED, child)


def _rehouse(office: Office, child: Person, home: Home, *, on: date, cause: str) -> None:
    home = office.current_home(home)
    filing = office.file(child)
    elements.enter_residence(office, filing, home, on, cause=cause)
    child.tell(office.day, replace(child.standing, home=home))
    filing.announce("endringIBostedsadresse")
