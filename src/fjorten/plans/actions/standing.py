"""The signed reasons for a resident child to stand outside the programme, or to have its journal in transfer."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from fjorten.audit.actor import Actor
from fjorten.audit.trail import record
from fjorten.kernel.refusals import Refused
from fjorten.people.models import Person
from fjorten.plans.actions.enrolment import AlreadyEnrolled
from fjorten.plans.models import Enrolment, StandingDecision
from fjorten.plans.reasons import refuse_without_reason


class AlreadyStandsThere(Refused):
    """A signed decision about the child's standing is in force already."""

    sentence = "Det finnes allerede en gjeldende begrunnelse for dette barnet. Avslutt den først."


class NoDecisionInForce(Refused):
    """There is no standing decision to end."""

    sentence = "Det finnes ingen gjeldende begrunnelse å avslutte for dette barnet."


@transaction.atomic
def decide_standing(
    *, person: Person, standing: StandingDecision.Standing, on: date, reason: str, by: Actor, at: datetime
) -> StandingDecision:
    """
    Sign that a resident child stands outside the programme, or that its journal is in transfer, from a day on.

    Raises ReasonIsMissing, ReasonIsTooLong, AlreadyEnrolled or AlreadyStandsThere.
    """
    refuse_without_reason(reason)
    if standing == StandingDecision.Standing.OUTSIDE and Enrolment.objects.still_open().filter(person=person).exists():
        raise AlreadyEnrolled(person.pk)
    standing_already = StandingDecision.objects.filter(Q(until_on__isnull=True) | Q(until_on__gt=on), person=person)
    if standing_already.exists():
        raise AlreadyStandsThere(person.pk)
    decision = StandingDecision(
        municipality=person.municipality, person=person, standing=standing, reason=reason, from_on=on, decided_at=at, decided_by=by.who
    )
    try:
        with transaction.atomic():
            decision.save(force_insert=True)
    except IntegrityError as refused:
        if standing_already.exists():  # someone else was first, after we looked
            raise AlreadyStandsThere(person.pk) from refused
        raise
    record(f"standing.{standing.value}", municipality=person.municipality.code, about=str(person.public_id), by=by, at=at, reason=reason)
    return decision


@transaction.atomic
def end_standing(*, person: Person, on: date, reason: str, by: Actor, at: datetime) -> None:
    """End the standing decision in force from a day on. Raises ReasonIsMissing, ReasonIsTooLong or NoDecisionInForce."""
    refuse_without_reason(reason)
    if not StandingDecision.objects.filter(person=person, until_on__isnull=True, from_on__lte=on).update(until_on=on):
        raise NoDecisionInForce(person.pk)
    record("standing.ended", municipality=person.municipality.code, about=str(person.public_id), by=by, at=at, reason=reason)
