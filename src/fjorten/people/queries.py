"""Questions about persons."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from fjorten.kernel.national_id import NationalId
from fjorten.kernel.refusals import Refused
from fjorten.organisation.models import Municipality
from fjorten.people.models import Identifier, Person, PersonQuerySet, Residence


class NobodyHasThisNumber(Refused):
    """The number is not known in this municipality's book."""

    sentence = "Ingen i dette regnskapet har dette nummeret. Les inn Folkeregisteret først (`fjorten register load`), eller sjekk nummeret."


def person_with_number(number: NationalId, *, municipality: Municipality) -> Person:
    """Find the person a number belongs or has belonged to; old numbers keep resolving. Raises NobodyHasThisNumber."""
    found = Person.objects.of(municipality).filter(identifiers__number=number.digits).first()
    if found is None:
        raise NobodyHasThisNumber
    return found


def resident_children(*, municipality: Municipality, on: date) -> PersonQuerySet:
    """Find the children in the age group whom the municipality is responsible for by residence on a day (L1's left side)."""
    return Person.objects.of(municipality).in_age_group_on(on).resident_on(on)


def person_with_public_id(public_id: UUID, *, municipality: Municipality) -> Person | None:
    """Find the person an opaque id stands for; who has been joined with another is found as the one they continue as. None: nobody here."""
    persons = Person.objects.filter(municipality=municipality).select_related("municipality", "continued_as__municipality")
    found = persons.filter(public_id=public_id).first()
    return found if found is None or found.continued_as is None else found.continued_as


def number_in_use(person: Person) -> str:
    """Tell the identity number the register uses for a person now, for those who may see it; "" when it uses none."""
    numbers = Identifier.objects.filter(person=person, is_in_use=True).order_by("-pk").values_list("number", flat=True)
    return numbers.first() or ""


def living_here_since(persons: Collection[int], *, on: date) -> Mapping[int, date | None]:
    """
    This function will tell since when children (by primary key) have lived in the municipality by the register; None where it does not say.
    Those who do not live here on the day are left out.
    """
    if not persons:
        return {}
    here = Residence.objects.filter(person__in=persons, is_here=True).on(on)
    return dict(here.order_by("pk").values_list("person_id", "valid_from"))
