"""Questions about plans."""

from fjorten.people.models import Person
from fjorten.plans.actions import NotEnrolled
from fjorten.plans.models import Enrolment


def open_enrolment_of(person: Person) -> Enrolment:
    """Find the enrolment a person follows the programme by. Raises NotEnrolled."""
    enrolment = Enrolment.objects.still_open().filter(person=person).select_related("person__municipality", "clinic").first()
    if enrolment is None:
        raise NotEnrolled(person.pk)
    return enrolment
