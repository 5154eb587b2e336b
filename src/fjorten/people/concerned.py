"""Which children what is written about somebody concerns: the child itself, and the children an adult is told about or cares for."""

from collections.abc import Collection
from uuid import UUID

from fjorten.organisation.models import Municipality
from fjorten.people.models import Adult, ParentalResponsibility, Person, Placement


def children_concerned(public_ids: Collection[str], *, municipality: Municipality) -> set[int] | None:
    """
    Find the children (primary keys) that what is written about some persons (children or adults, by opaque id) concerns; None when one of
    them is nobody we know, so that it may concern anybody.

    Of a child whose journal goes on as another's, both. Of an adult, all who ever were in their care by the register or by ourselves.
    """
    try:
        about = {UUID(one) for one in public_ids}
    except ValueError:
        return None
    persons = Person.objects.filter(municipality=municipality, public_id__in=about).values_list("pk", "public_id", "continued_as_id")
    adults = Adult.objects.filter(municipality=municipality, public_id__in=about).values_list("pk", "public_id", "number")
    children, grown = list(persons), list(adults)
    if about - {public_id for _, public_id, _ in (*children, *grown)}:
        return None
    numbers = [number for _, _, number in grown if number]
    answered_for = ParentalResponsibility.objects.filter(child__municipality=municipality, responsible_number__in=numbers)
    cared_for = Placement.objects.filter(carer__in=[pk for pk, _, _ in grown])
    return {
        *(pk for pk, _, _ in children),
        *(joined for _, _, joined in children if joined is not None),
        *answered_for.values_list("child_id", flat=True),
        *cared_for.values_list("person_id", flat=True),
    }
