"""Who follows the programme, from which day, and until when. The journal is opened and closed with it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from fjorten.audit.actor import Actor
from fjorten.audit.trail import Entry, record, record_all
from fjorten.journal.models import Journal
from fjorten.kernel.refusals import Refused
from fjorten.organisation.models import Clinic, Municipality
from fjorten.people.models import Person
from fjorten.plans.actions.history import about
from fjorten.plans.bulk import write_plans
from fjorten.plans.models import Enrolment, StandingDecision
from fjorten.plans.reasons import refuse_without_reason
from fjorten.plans.steps import StepRow, catch_up_plan, full_plan
from fjorten.programme.definitions import Definition, StepCode


class AlreadyEnrolled(Refused):
    """The child follows the programme here already."""

    sentence = "Barnet er allerede innmeldt i programmet her."


class BirthDateIsUnknown(Refused):
    """Without a birth date no window can be reckoned."""

    sentence = (
        "Folkeregisteret oppgir ingen fødselsdato for barnet. Finn den, eller før barnet utenfor med begrunnelse, før det meldes inn."
    )


class ChildIsDead(Refused):
    """The register says that the child is dead."""

    sentence = "Folkeregisteret sier at barnet er dødt. Barnet kan ikke meldes inn."


class EnrolmentEndsBeforeItBegins(Refused):
    """An enrolment was to end on a day before its first."""

    sentence = "Innmeldingen kan ikke avsluttes før dagen den begynte. Sjekk datoen."


class NotEnrolled(Refused):
    """The person does not follow the programme here."""

    sentence = "Barnet er ikke innmeldt i programmet her."


@dataclass(frozen=True, slots=True)
class NewEnrolment:
    """What an enrolment needs to know of one child; `on` is the day it counts from, and `steps` its plan (plans.steps)."""

    person: Person
    clinic: Clinic
    on: date
    steps: tuple[StepRow, ...]
    is_catch_up: bool = False


@transaction.atomic
def enrol(
    *,
    person: Person,
    clinic: Clinic,
    definition: Definition,
    on: date,
    reason: str,
    by: Actor,
    at: datetime,
    with_catch_up: bool = True,
    documented: Collection[StepCode] = (),
) -> Enrolment:
    """
    Enrol a child and open its journal, accepting the catch-up plan for what lies before the day of entry (architecture §1).

    A signed decision that stands on the day ends with it: now the child stands here. Raises ReasonIsMissing, ReasonIsTooLong, ChildIsDead,
    BirthDateIsUnknown or AlreadyEnrolled; and what catch_up_plan raises for a day before birth or an unknown documented step.
    """
    refuse_without_reason(reason)
    if person.is_dead:
        raise ChildIsDead(person.pk)
    if person.born_on is None:
        raise BirthDateIsUnknown(person.pk)
    if _is_enrolled_after(person, on):
        raise AlreadyEnrolled(person.pk)
    steps = (
        catch_up_plan(person.born_on, definition, on=on, documented=documented) if with_catch_up else full_plan(person.born_on, definition)
    )
    new = NewEnrolment(person=person, clinic=clinic, on=on, steps=steps, is_catch_up=with_catch_up)
    municipality = person.municipality
    try:
        with transaction.atomic():
            [enrolment] = enrol_all(
                children=[new], municipality=municipality, programme_version=definition.reference, reason=reason, by=by, at=at
            )
    except IntegrityError as refused:
        if _is_enrolled_after(person, on):  # someone else was first, after we looked
            raise AlreadyEnrolled(person.pk) from refused
        raise
    in_force = StandingDecision.objects.filter(Q(until_on__isnull=True) | Q(until_on__gt=on), person=person, from_on__lte=on)
    if in_force.update(until_on=on):
        record("standing.ended", municipality=municipality.code, about=str(person.public_id), by=by, at=at, reason=reason)
    return enrolment


@transaction.atomic
def enrol_all(
    *,
    children: Sequence[NewEnrolment],
    municipality: Municipality,
    programme_version: str,
    reason: str,
    by: Actor,
    at: datetime,
) -> list[Enrolment]:
    """
    Enrol many children, not enrolled before, with their plans, journals, history and one event each. All or none.

    The caller has made sure of what `enrol` refuses; the database refuses a second open enrolment whatever the caller believed.
    """
    enrolments = Enrolment.objects.bulk_create(
        [
            Enrolment(
                municipality=municipality,
                person=child.person,
                clinic=child.clinic,
                programme_version=programme_version,
                planned_from_born_on=child.person.born_by,
                enrolled_on=child.on,
                enrolled_at=at,
                enrolled_by=by.who,
                reason=reason,
                catch_up_on=child.on if child.is_catch_up else None,
            )
            for child in children
        ],
        batch_size=2000,
    )
    Journal.objects.bulk_create(
        [
            Journal(municipality=municipality, person=child.person, clinic=child.clinic, opened_on=child.on, opened_at=at, opened_by=by.who)
            for child in children
        ],
        batch_size=2000,
    )
    plans = {enrolment.pk: child.steps for enrolment, child in zip(enrolments, children, strict=True)}
    write_plans(plans, municipality=municipality.pk, at=at, by=by.who, reason=reason)
    record_all(
        [
            Entry("enrolment.opened", about=str(child.person.public_id), detail={"programme": programme_version}, reason=reason)
            for child in children
        ],
        municipality=municipality.code,
        by=by,
        at=at,
    )
    return enrolments


@transaction.atomic
def count_enrolment_from(*, enrolment: Enrolment, on: date, reason: str, by: Actor, at: datetime) -> None:
    """
    Let an enrolment and its journal count from an earlier day than was known when it was opened.

    Raises ReasonIsMissing, or NotEnrolled when it has been ended or counts from that day already.
    """
    refuse_without_reason(reason)
    later = Enrolment.objects.still_open().filter(pk=enrolment.pk, enrolled_on__gt=on)
    if not later.update(enrolled_on=on):
        raise NotEnrolled(enrolment.pk)
    Journal.objects.still_open().filter(person=enrolment.person, opened_on=enrolment.enrolled_on).update(opened_on=on)
    record("enrolment.counted_from", **about(enrolment, on=on.isoformat()), by=by, at=at, reason=reason)


@transaction.atomic
def end_enrolment(*, enrolment: Enrolment, on: date, reason: str, by: Actor, at: datetime) -> None:
    """
    End an enrolment with a signed reason and close the journal with it; the child is enrolled until the day before `on`.

    Raises ReasonIsMissing, ReasonIsTooLong, EnrolmentEndsBeforeItBegins or NotEnrolled.
    """
    refuse_without_reason(reason)
    if on < enrolment.enrolled_on:
        raise EnrolmentEndsBeforeItBegins(enrolment.pk)
    ended = {"ended_on": on, "ended_at": at, "ended_by": by.who, "ended_reason": reason}
    if not Enrolment.objects.still_open().filter(pk=enrolment.pk).update(**ended):
        raise NotEnrolled(enrolment.pk)
    Journal.objects.still_open().filter(person=enrolment.person, clinic=enrolment.clinic).update(
        closed_on=on, closed_at=at, closed_by=by.who, closed_reason=reason
    )
    record("enrolment.ended", **about(enrolment), by=by, at=at, reason=reason)


def _is_enrolled_after(person: Person, on: date) -> bool:
    """Whether an enrolment covers the day, or a later one: two of them on one day would be one too many (L2)."""
    return Enrolment.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on), person=person).exists()
