"""
Families around children: guardians with numbers that cannot ring, carers, and where they live.

    family_of(child.person, a_guardian(telephone="+4700000001", language="ar"))
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from fjorten.audit.actor import Actor
from fjorten.kernel.national_id import parse
from fjorten.people.actions.families import record_address, record_adult, record_contact_point
from fjorten.people.models import Adult, ContactPoint, ParentalResponsibility, Person, Residence
from tests.factories.register import a_number

AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
CLERK = Actor(who="merkantil.prøve", role="clerk", unit="Helsestasjonen", ground="test")


@dataclass(frozen=True)
class Guardian:
    """A guardian to be: what is not said is as with most, a mobile telephone, an address, and Norwegian."""

    telephone: str = "+4700000001"
    email: str = ""
    language: str = "nb"
    has_address: bool = True
    is_dead: bool = False
    is_protected: bool = False
    needs_interpreter: bool = False
    born_on: date = date(1994, 5, 3)
    nth: int = 0

    @property
    def number(self) -> str:
        return a_number(self.born_on, self.nth)


def a_guardian(**traits: object) -> Guardian:
    return Guardian(**traits)


def family_of(child: Person, *guardians: Guardian, lives_here: bool = True) -> list[Adult]:
    """Give a child guardians by the register, and let them be reached as they say; the child lives here if nothing else is said."""
    if lives_here and not child.residences.exists():
        Residence.objects.create(person=child, municipality_code=child.municipality.code, is_here=True, kind="street", source="prøve")
    return [_recorded(child, guardian) for guardian in guardians or (Guardian(),)]


def _recorded(child: Person, guardian: Guardian) -> Adult:
    ParentalResponsibility.objects.create(child=child, kind="felles", responsible_number=guardian.number, source="prøve")
    adult = record_adult(
        municipality=child.municipality,
        number=parse(guardian.number),
        name="Vakker Blåbærøy",
        language=guardian.language,
        needs_interpreter=guardian.needs_interpreter,
        by=CLERK,
        at=AT,
    )
    for kind, value in ((ContactPoint.Kind.TELEPHONE, guardian.telephone), (ContactPoint.Kind.EMAIL, guardian.email)):
        if value:
            record_contact_point(adult=adult, kind=kind, value=value, source=ContactPoint.Source.FAMILY, by=CLERK, at=AT)
    if guardian.has_address:
        record_address(adult=adult, lines=["Oppdiktede vei 1"], postal_code="0000", place="FJORDVIK", source="prøve", by=CLERK, at=AT)
    Adult.objects.filter(pk=adult.pk).update(is_dead=guardian.is_dead, is_protected=guardian.is_protected)
    adult.refresh_from_db()
    return adult
