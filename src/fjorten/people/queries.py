"""Questions about persons."""

from datetime import date

from fjorten.kernel.national_id import NationalId
from fjorten.kernel.refusals import Refused
from fjorten.organisation.models import Municipality
from fjorten.people.models import Person, PersonQuerySet


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
