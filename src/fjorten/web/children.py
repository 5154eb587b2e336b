"""How a child is said on every page, where its page is, and how a journal is opened for it."""

from datetime import date
from functools import cache
from typing import Final
from uuid import UUID

from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext

from fjorten.access.permissions import Permission
from fjorten.people.models import Person
from fjorten.registers.enrolment import enrol_resident
from fjorten.web import words
from fjorten.web.edge import StaffRequest

_SOMEBODY: Final = str(UUID(int=0))  # nobody has it


def address_of(person: Person, name: str = "child") -> str:
    """This function will give the address of a child's page, or of another page about one child by the name of its address."""
    return _address(name, get_script_prefix()).replace(_SOMEBODY, str(person.public_id))


@cache  # lists have a hundred of them, and finding out how an address is written takes longer than writing it
def _address(name: str, _below: str) -> str:
    return reverse(name, args=[_SOMEBODY])


def age_and_birth(born_on: date | None, *, on: date) -> str:
    """This function will write how old a child is and when it was born, as lists have it under a name."""
    born = gettext("f. %(day)s") % {"day": words.day(born_on)} if born_on else gettext("fødselsdato ukjent")
    return f"{words.age(born_on, on=on)} · {born}"


def enrol(request: StaffRequest, person: Person) -> None:
    """
    Open a journal for a child who lives here, with the catch-up plan for what lies behind, as whoever is signed in.

    Raises what `enrol_resident` refuses with.
    """
    by = request.staff.actor(using=Permission.OPEN_JOURNAL)
    enrol_resident(person=person, on=request.today, reason="Bor i kommunen", documented=[], by=by, at=request.at)
