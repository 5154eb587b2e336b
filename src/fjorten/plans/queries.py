"""Questions about plans."""

from datetime import date

from django.db.models import Q

from fjorten.kernel.refusals import Refused
from fjorten.people.models import Person
from fjorten.plans.actions.enrolment import NotEnrolled
from fjorten.plans.models import Enrolment, PlannedStep


def open_enrolment_of(person: Person) -> Enrolment:
    """Find the enrolment a person follows the programme by. Raises NotEnrolled."""
    enrolment = Enrolment.objects.still_open().filter(person=person).select_related("person__municipality", "clinic").first()
    if enrolment is None:
        raise NotEnrolled(person.pk)
    return enrolment


class NoSuchStepInThePlan(Refused):
    """The child's plan has no consultation of this code."""

    sentence = "Barnets plan har ingen konsultasjon med denne koden. Se kodene med `fjorten ledger --rows`."


def step_of_enrolment(enrolment: Enrolment, code: str) -> PlannedStep:
    """Find one consultation of a child's plan by its code. Raises NoSuchStepInThePlan."""
    steps = PlannedStep.objects.filter(enrolment=enrolment, step=code)
    step = steps.select_related("enrolment__person", "enrolment__clinic", "municipality").first()
    if step is None:
        raise NoSuchStepInThePlan(code)
    return step


def planned_step_numbered(number: int) -> PlannedStep:
    """Find one consultation of a child's plan by its primary key, with all that stands around it."""
    return PlannedStep.objects.select_related("enrolment__person", "enrolment__clinic", "municipality").get(pk=number)


def enrolment_open_on(on: date, prefix: str = "") -> Q:
    """The enrolments by which a child follows the programme on a day; `prefix` leads from what is asked for to the enrolment."""
    begun = Q(**{f"{prefix}enrolled_on__lte": on})
    return begun & (Q(**{f"{prefix}ended_on__isnull": True}) | Q(**{f"{prefix}ended_on__gt": on}))
