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
    children = list(Person.objects.filter(municipality=municipality, public_id__in=about))
    adults = list(Adult.objects.filter(municipality=municipality, public_id__in=about))
    if about - {child.public_id for child in children} - {adult.public_id for adult in adults}:
        return None
    numbers = [adult.number for adult in adults if adult.number]
    answered_for = ParentalResponsibility.objects.filter(child__municipality=municipality, responsible_number__in=numbers)
    cared_for = Placement.objects.filter(carer__in=adults)
    return {
        *(child.pk for child in children),
        *(child.continued_as_id for child in children if child.continued_as_id is not None),
        *answered_for.values_list("child_id", flat=True),
        *cared_for.values_list("person_id", flat=True),
    }
