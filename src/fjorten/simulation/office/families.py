"""Who is responsible for a child: custody after a separation, and adoption."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from fjorten.simulation.office import elements
from fjorten.simulation.office.desk import Office
from fjorten.simulation.office.happenings import Happening
from fjorten.simulation.records import Person


def change_custody(office: Office, child: Person, custody: str, *, on: date) -> None:
    """
    This function will give parental responsibility to both parents (felles), one (mor, far), or somebody else (andre).

    "andre" is child welfare, an organisation without an identity number. A parent the child has not got cannot be asked for.
    """
    mother, father = child.mother, child.father
    chosen = {"felles": (mother, father), "mor": (mother,), "far": (father,), "andre": ()}[custody]
    guardians = tuple(parent.number for parent in chosen if parent is not None)
    assert len(guardians) == len(chosen), "the child has no such parent in the register"
    filing = office.file(child)
    elements.enter_guardians(filing, custody, guardians, on, cause="Foreldreansvar")
    child.tell(office.day, replace(child.standing, guardians=guardians))
    filing.announce("endringIForeldreansvar")
    office.note(Happening.CUSTODY_CHANGED, child)


def adopt(office: Office, child: Person, adopter: Person, family_name: str, *, on: date) -> None:
    """This function will register that the mother's new partner adopts a child without a father, and that the child takes their name."""
    child.father = adopter
    filing = office.file(child)
    filing.end("familierelasjon", ended_on=on)
    elements.enter_parents(filing, child, on)
    custody, guardians = elements.parents_as_guardians(child)
    elements.enter_guardians(filing, custody, guardians, on, cause="Adopsjon")
    filing.end("navn", ended_on=on)
    elements.enter_name(filing, child.standing.given_name, family_name, on, cause="Adopsjon")
    child.tell(office.day, replace(child.standing, guardians=guardians, family_name=family_name, middle_name=""))
    filing.announce("endringIFamilierelasjon", "endringIForeldreansvar", "endringINavn")
    office.note(Happening.ADOPTED, child)
