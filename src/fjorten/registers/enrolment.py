"""One action away: enrolling the child a work item is about, with the catch-up plan ready."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from fjorten.audit.actor import Actor
from fjorten.kernel.refusals import Refused
from fjorten.organisation.queries import clinic_map
from fjorten.people.models import Person
from fjorten.plans.actions.enrolment import BirthDateIsUnknown, enrol
from fjorten.plans.models import Enrolment
from fjorten.plans.programmes import programmes_of
from fjorten.programme.catch_up import CatchUpPlan, ChildIsNotBornYet, catch_up
from fjorten.programme.definitions import StepCode
from fjorten.programme.steps import NoSuchStep as NoStepWithThisCode
from fjorten.registers.models import WorkItem
from fjorten.registers.policy import basic_unit_of
from fjorten.registers.work import resolve

# Enrolling answers what these rules ask for.
ANSWERED_BY_ENROLLING = ("lives_here_without_journal", "stays_here_without_journal", "closed_journal_lives_here")


class DocumentedStepIsUnknown(Refused):
    """A step said to be documented elsewhere is not in the programme."""

    sentence = "En av kodene etter --documented finnes ikke i programmet."


class EnrolledBeforeBirth(Refused):
    """The day of enrolment lies before the birth."""

    sentence = "Innmeldingsdagen er før barnet ble født. Sjekk datoen."


@transaction.atomic
def enrol_resident(
    *, person: Person, on: date, reason: str, documented: Collection[str] = (), by: Actor, at: datetime
) -> tuple[Enrolment, CatchUpPlan]:
    """
    Enrol a child at the clinic of its area with the catch-up plan accepted, and resolve the work items this answers. Gives the plan too.

    Raises what plans.actions.enrolment.enrol refuses, DocumentedStepIsUnknown or EnrolledBeforeBirth.
    """
    if person.born_on is None:
        raise BirthDateIsUnknown(person.pk)
    definition = programmes_of(person.municipality).on(on)
    codes = [StepCode(code) for code in documented]
    try:
        plan = catch_up(person.born_on, definition, on=on, documented=codes)
    except NoStepWithThisCode as wrong:
        raise DocumentedStepIsUnknown from wrong
    except ChildIsNotBornYet as wrong:
        raise EnrolledBeforeBirth from wrong
    clinic = clinic_map(person.municipality).clinic_for(basic_unit_of(person))
    enrolment = enrol(person=person, clinic=clinic, definition=definition, on=on, reason=reason, documented=codes, by=by, at=at)
    for item in WorkItem.objects.unresolved().filter(person=person, rule__in=ANSWERED_BY_ENROLLING):
        resolve(item=item, resolution=WorkItem.Resolution.ENROLLED, reason=reason, by=by, at=at)
    return enrolment, plan
