"""Plans an earlier system followed, taken over with what it tells of their steps."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import Q

from fjorten.audit.actor import Actor
from fjorten.kernel.refusals import Refused
from fjorten.kernel.times import oslo_date
from fjorten.kernel.writing import must_fit
from fjorten.organisation.models import Clinic, Municipality
from fjorten.people.models import Person
from fjorten.plans.actions.enrolment import AlreadyEnrolled, BirthDateIsUnknown, ChildIsDead, NewEnrolment, enrol_all
from fjorten.plans.actions.settling import DayIsInTheFuture, NoSuchStep
from fjorten.plans.models import Enrolment, StandingDecision
from fjorten.plans.reasons import refuse_too_long, refuse_without_reason
from fjorten.plans.steps import EarlierStep, plan_taken_over
from fjorten.programme.definitions import Definition
from fjorten.programme.status import SETTLED, Status

LONGEST_NAME: Final = 150  # characters of who did something; what the tables hold


class StepIsNotSettledByThat(Refused):
    """A step was told of with a word that settles nothing."""

    sentence = "Skriv hvordan konsultasjonen ble avgjort: done, done_elsewhere, declined eller waived. Det som ikke er avgjort, utelates."


class StepIsToldOfTwice(Refused):
    """One step was told of in two ways."""

    sentence = "Samme konsultasjon er avgjort to ganger. La bare det som gjelder, stå."


class DayIsBeforeBirth(Refused):
    """Nothing was done before the child was born."""

    sentence = "Datoen er før barnet ble født. Sjekk den."


class StandsOutside(Refused):
    """A signed decision of this municipality says otherwise."""

    sentence = "Det er ført her at barnet er utenfor eller under overføring. Meld barnet inn selv, eller avslutt det som er ført, først."


@dataclass(frozen=True, slots=True)
class EarlierPlan:
    """Of one child: the clinic that follows it, since which day, and what is told of its steps."""

    person: Person
    clinic: Clinic
    since: date
    steps: Sequence[EarlierStep]


@transaction.atomic
def take_over_plans(
    *, plans: Sequence[EarlierPlan], municipality: Municipality, definition: Definition, reason: str, by: Actor, at: datetime
) -> list[Enrolment]:
    """
    Enrol children an earlier system followed, from the day it did so, with what it tells of their steps. All or none; one event each.

    What was done is written as who did it and on which day told it; that it was written here, and by whom, is in the trail. Raises
    ReasonIsMissing, ReasonIsTooLong, TextIsTooLong, ChildIsDead, BirthDateIsUnknown, AlreadyEnrolled, StandsOutside, NoSuchStep,
    StepIsNotSettledByThat, StepIsToldOfTwice, DayIsInTheFuture or DayIsBeforeBirth.
    """
    refuse_without_reason(reason)
    children = [_new_enrolment(plan, definition, today=oslo_date(at)) for plan in plans]
    persons = [child.person.pk for child in children]
    if Enrolment.objects.filter(person__in=persons).exists():
        raise AlreadyEnrolled
    if StandingDecision.objects.filter(Q(until_on__isnull=True) | Q(until_on__gt=oslo_date(at)), person__in=persons).exists():
        raise StandsOutside
    return enrol_all(children=children, municipality=municipality, programme_version=definition.reference, reason=reason, by=by, at=at)


def _new_enrolment(plan: EarlierPlan, definition: Definition, *, today: date) -> NewEnrolment:
    person = plan.person
    if person.is_dead:
        raise ChildIsDead(person.pk)
    if person.born_on is None:
        raise BirthDateIsUnknown(person.pk)
    refuse_day(plan.since, born_on=person.born_on, today=today)
    _refuse_steps(plan.steps, definition, born_on=person.born_on, today=today)
    rows = plan_taken_over(person.born_on, definition, on=plan.since, settled=plan.steps)
    return NewEnrolment(person=person, clinic=plan.clinic, on=plan.since, steps=rows, is_catch_up=True)


def _refuse_steps(steps: Collection[EarlierStep], definition: Definition, *, born_on: date, today: date) -> None:
    if len({step.step for step in steps}) < len(steps):
        raise StepIsToldOfTwice
    for step in steps:
        if step.step not in definition.codes:
            raise NoSuchStep(step.step)
        if step.outcome not in SETTLED:
            raise StepIsNotSettledByThat(step.step)
        refuse_day(step.on, born_on=born_on, today=today)
        must_fit("navnet på den som gjorde det", step.by, most=LONGEST_NAME)
        if step.outcome is Status.DONE:
            refuse_too_long(step.reason)
        else:
            refuse_without_reason(step.reason)


def refuse_day(on: date, *, born_on: date, today: date) -> None:
    """Make sure that a day lies between the birth and today. Raises DayIsInTheFuture or DayIsBeforeBirth."""
    if on > today:
        raise DayIsInTheFuture
    if on < born_on:
        raise DayIsBeforeBirth
