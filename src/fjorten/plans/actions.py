"""
Changes to who follows the programme and to where a step stands.

Every change of a step writes its history row and its event in the same transaction. Nothing here is called by a timer.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Q

from fjorten.audit.actor import Actor
from fjorten.audit.trail import Entry, record, record_all
from fjorten.journal.models import Journal
from fjorten.kernel.refusals import Refused
from fjorten.organisation.models import Clinic, Municipality
from fjorten.people.models import Person
from fjorten.plans.bulk import write_plans
from fjorten.plans.models import Enrolment, PlannedStep, StandingDecision, StepEvent
from fjorten.plans.programmes import programmes_of
from fjorten.plans.steps import StepRow, catch_up_plan, full_plan, moved_rows
from fjorten.programme.definitions import Definition, StepCode
from fjorten.programme.status import Status

NOT_IN_PROGRAMME: Final = "not_in_programme"  # the reason code of a step that a new programme version no longer has
REASON_LENGTH: Final = 500  # characters; what the tables hold


class ReasonIsMissing(Refused):
    """A signed reason was asked for and not given."""

    sentence = "Skriv en begrunnelse (minst ett ord). Den blir stående med navnet ditt."


class ReasonIsTooLong(Refused):
    """The reason does not fit; what belongs in the journal should not be written here either."""

    sentence = f"Begrunnelsen er for lang. Skriv den med høyst {REASON_LENGTH} tegn, og resten i journalen."


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


class NoSuchStep(Refused):
    """The child's programme has no step with this code."""

    sentence = "Programmet har ingen konsultasjon med denne koden. Kodene står i docs/reference og i `fjorten ledger`."


class StepAlreadySettled(Refused):
    """Someone was first: the step is settled."""

    sentence = "Konsultasjonen er allerede avgjort. Åpne den igjen med begrunnelse hvis det er feil."


class StepIsNotSettled(Refused):
    """There is nothing to open again or to confirm."""

    sentence = "Konsultasjonen er ikke avgjort, så det er ingenting å åpne igjen eller bekrefte."


class StepIsNoLongerInTheProgramme(Refused):
    """The step is not in the programme the child follows now, so there is nothing to offer again."""

    sentence = "Konsultasjonen er ikke lenger med i programmet barnet følger, og kan ikke åpnes igjen."


class DayIsInTheFuture(Refused):
    """What has been done was done today or before."""

    sentence = "Datoen er fram i tid. Oppgi dagen det skjedde."


class AlreadyStandsThere(Refused):
    """A signed decision about the child's standing is in force already."""

    sentence = "Det finnes allerede en gjeldende begrunnelse for dette barnet. Avslutt den først."


class NoDecisionInForce(Refused):
    """There is no standing decision to end."""

    sentence = "Det finnes ingen gjeldende begrunnelse å avslutte for dette barnet."


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
    _refuse_without_reason(reason)
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
    if StandingDecision.objects.filter(_reaches_beyond(on, "until_on"), person=person, from_on__lte=on).update(until_on=on):
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
    _refuse_without_reason(reason)
    later = Enrolment.objects.still_open().filter(pk=enrolment.pk, enrolled_on__gt=on)
    if not later.update(enrolled_on=on):
        raise NotEnrolled(enrolment.pk)
    Journal.objects.still_open().filter(person=enrolment.person, opened_on=enrolment.enrolled_on).update(opened_on=on)
    _record("enrolment.counted_from", enrolment, by=by, at=at, reason=reason, on=on.isoformat())


@transaction.atomic
def end_enrolment(*, enrolment: Enrolment, on: date, reason: str, by: Actor, at: datetime) -> None:
    """
    End an enrolment with a signed reason and close the journal with it; the child is enrolled until the day before `on`.

    Raises ReasonIsMissing, ReasonIsTooLong, EnrolmentEndsBeforeItBegins or NotEnrolled.
    """
    _refuse_without_reason(reason)
    if on < enrolment.enrolled_on:
        raise EnrolmentEndsBeforeItBegins(enrolment.pk)
    ended = {"ended_on": on, "ended_at": at, "ended_by": by.who, "ended_reason": reason}
    if not Enrolment.objects.still_open().filter(pk=enrolment.pk).update(**ended):
        raise NotEnrolled(enrolment.pk)
    Journal.objects.still_open().filter(person=enrolment.person, clinic=enrolment.clinic).update(
        closed_on=on, closed_at=at, closed_by=by.who, closed_reason=reason
    )
    _record("enrolment.ended", enrolment, by=by, at=at, reason=reason)


@transaction.atomic
def mark_done(*, enrolment: Enrolment, step: str, on: date, today: date, reason: str = "", by: Actor, at: datetime) -> None:
    """Record that a consultation was held here. Raises ReasonIsTooLong, DayIsInTheFuture, NoSuchStep or StepAlreadySettled."""
    _refuse_too_long(reason)
    if on > today:
        raise DayIsInTheFuture(step)
    _settle(enrolment, step, Status.DONE, on=on, reason=reason, by=by, at=at)


@transaction.atomic
def mark_done_elsewhere(
    *, enrolment: Enrolment, step: str, on: date, today: date, is_confirmed: bool, reason: str, by: Actor, at: datetime
) -> None:
    """
    Record that a consultation was held somewhere else: confirmed by a document, or so far only a claim, which is counted apart.

    Raises ReasonIsMissing (say who told it), NoSuchStep, StepAlreadySettled or DayIsInTheFuture.
    """
    _refuse_without_reason(reason)
    if on > today:
        raise DayIsInTheFuture(step)
    _settle(enrolment, step, Status.DONE_ELSEWHERE, on=on, reason=reason, by=by, at=at, is_confirmed=is_confirmed)


@transaction.atomic
def confirm_done_elsewhere(*, enrolment: Enrolment, step: str, reason: str, by: Actor, at: datetime) -> None:
    """Record that a claim of done elsewhere has been confirmed. Raises ReasonIsMissing, NoSuchStep or StepIsNotSettled."""
    _refuse_without_reason(reason)
    row = _step(enrolment, step)
    waiting = PlannedStep.objects.filter(pk=row.pk, outcome=Status.DONE_ELSEWHERE, is_confirmed=False)
    if not waiting.update(is_confirmed=True):
        raise StepIsNotSettled(row.pk)
    row.refresh_from_db()
    _add_history([row], StepEvent.What.SETTLED, at=at, by=by, reason=reason)
    _record("step.confirmed_elsewhere", enrolment, by=by, at=at, reason=reason, step=step)


@transaction.atomic
def decline(*, enrolment: Enrolment, step: str, on: date, reason: str, by: Actor, at: datetime) -> None:
    """
    Record that the family declines a consultation: it is voluntary, and the no is dated and signed.

    Raises ReasonIsMissing, NoSuchStep or StepAlreadySettled.
    """
    _refuse_without_reason(reason)
    _settle(enrolment, step, Status.DECLINED, on=on, reason=reason, by=by, at=at)


@transaction.atomic
def waive(*, enrolment: Enrolment, step: str, on: date, reason: str, by: Actor, at: datetime) -> None:
    """Record that a consultation will not be offered, and why. Raises ReasonIsMissing, NoSuchStep or StepAlreadySettled."""
    _refuse_without_reason(reason)
    _settle(enrolment, step, Status.WAIVED, on=on, reason=reason, by=by, at=at)


@transaction.atomic
def reopen(*, enrolment: Enrolment, step: str, reason: str, by: Actor, at: datetime) -> None:
    """
    Take back a settled state recorded by mistake; the history keeps it.

    Raises ReasonIsMissing, NoSuchStep, StepIsNoLongerInTheProgramme or StepIsNotSettled.
    """
    _refuse_without_reason(reason)
    row = _step(enrolment, step)
    if step not in programmes_of(enrolment.municipality).of(enrolment.programme_version).codes:
        raise StepIsNoLongerInTheProgramme(row.pk)
    settled = PlannedStep.objects.filter(pk=row.pk, outcome__isnull=False)
    cleared = dict.fromkeys(("outcome", "outcome_on", "outcome_at", "outcome_by", "outcome_reason", "is_confirmed"))
    if not settled.update(**cleared):
        raise StepIsNotSettled(row.pk)
    row.refresh_from_db()
    _add_history([row], StepEvent.What.REOPENED, at=at, by=by, reason=reason)
    _record("step.reopened", enrolment, by=by, at=at, reason=reason, step=step)


@transaction.atomic
def replan(*, enrolment: Enrolment, definition: Definition, born_on: date, reason: str, by: Actor, at: datetime) -> int:
    """
    Reckon the windows anew after a corrected birth date or under a new programme version; tells how many rows changed.

    Settled steps keep their outcome; a step offered by the catch-up plan keeps its window; steps new in the programme get a row; a step no
    longer in it is waived if it is not settled, and opened again if the programme takes it back. Raises ReasonIsMissing.
    """
    _refuse_without_reason(reason)
    rows = {row.step: row for row in PlannedStep.objects.select_for_update(no_key=True).filter(enrolment=enrolment)}
    plan = {new.step: _keeping_catch_up(new, rows.get(new.step)) for new in full_plan(born_on, definition)}
    known = {code: StepRow(row.step, row.position, row.target_on, row.window_from, row.window_until) for code, row in rows.items()}
    changed = [_moved(rows[new.step], new) for new in moved_rows(known, plan.values())]
    PlannedStep.objects.bulk_update(changed, ["position", "target_on", "window_from", "window_until"])
    added = PlannedStep.objects.bulk_create(
        [
            _moved(PlannedStep(municipality_id=enrolment.municipality_id, enrolment=enrolment, step=code), new)
            for code, new in plan.items()
            if code not in rows
        ]
    )
    _add_history(changed, StepEvent.What.REPLANNED, at=at, by=by, reason=reason)
    _add_history(added, StepEvent.What.PLANNED, at=at, by=by, reason=reason)
    Enrolment.objects.filter(pk=enrolment.pk).update(programme_version=definition.reference, planned_from_born_on=born_on)
    enrolment.programme_version, enrolment.planned_from_born_on = definition.reference, born_on
    _record("enrolment.replanned", enrolment, by=by, at=at, reason=reason, programme=definition.reference, rows=len(changed) + len(added))
    for code, row in rows.items():
        if code not in plan and row.outcome is None:
            waive(enrolment=enrolment, step=code, on=row.window_from, reason=NOT_IN_PROGRAMME, by=by, at=at)
        elif code in plan and row.outcome_reason == NOT_IN_PROGRAMME:
            reopen(enrolment=enrolment, step=code, reason=reason, by=by, at=at)
    return len(changed) + len(added)


@transaction.atomic
def decide_standing(
    *, person: Person, standing: StandingDecision.Standing, on: date, reason: str, by: Actor, at: datetime
) -> StandingDecision:
    """
    Sign that a resident child stands outside the programme, or that its journal is in transfer, from a day on.

    Raises ReasonIsMissing, ReasonIsTooLong, AlreadyEnrolled or AlreadyStandsThere.
    """
    _refuse_without_reason(reason)
    if standing == StandingDecision.Standing.OUTSIDE and Enrolment.objects.still_open().filter(person=person).exists():
        raise AlreadyEnrolled(person.pk)
    standing_already = StandingDecision.objects.filter(_reaches_beyond(on, "until_on"), person=person)
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
    _refuse_without_reason(reason)
    if not StandingDecision.objects.filter(person=person, until_on__isnull=True, from_on__lte=on).update(until_on=on):
        raise NoDecisionInForce(person.pk)
    record("standing.ended", municipality=person.municipality.code, about=str(person.public_id), by=by, at=at, reason=reason)


def _settle(
    enrolment: Enrolment,
    step: str,
    outcome: Status,
    *,
    on: date,
    reason: str,
    by: Actor,
    at: datetime,
    is_confirmed: bool | None = None,
) -> None:
    row = _step(enrolment, step)
    unsettled = PlannedStep.objects.filter(pk=row.pk, outcome__isnull=True)
    told = {"outcome_on": on, "outcome_at": at, "outcome_by": by.who, "outcome_reason": reason, "is_confirmed": is_confirmed}
    if not unsettled.update(outcome=outcome.value, **told):  # compare and set: right on both databases without a row lock
        raise StepAlreadySettled(row.pk)
    row.refresh_from_db()
    _add_history([row], StepEvent.What.SETTLED, at=at, by=by, reason=reason)
    _record(f"step.{outcome.value}", enrolment, by=by, at=at, reason=reason, step=step)


def _step(enrolment: Enrolment, step: str) -> PlannedStep:
    row = PlannedStep.objects.filter(enrolment=enrolment, step=step).first()
    if row is None:
        raise NoSuchStep(step)
    return row


def _add_history(rows: Sequence[PlannedStep], what: StepEvent.What, *, at: datetime, by: Actor, reason: str) -> None:
    StepEvent.objects.bulk_create(
        [
            StepEvent(
                planned_step=row,
                what=what,
                outcome=row.outcome,
                outcome_on=row.outcome_on,
                is_confirmed=row.is_confirmed,
                window_from=row.window_from,
                window_until=row.window_until,
                at=at,
                by=by.who,
                reason=reason,
            )
            for row in rows
        ]
    )


def _keeping_catch_up(new: StepRow, row: PlannedStep | None) -> StepRow:
    """Leave a step the window that the catch-up plan gave it: the family has been offered that one."""
    if row is None or row.basis == PlannedStep.Basis.PROGRAMME:
        return new
    return replace(new, target_on=row.target_on, window_from=row.window_from, window_until=row.window_until)


def _moved(row: PlannedStep, new: StepRow) -> PlannedStep:
    row.position, row.target_on, row.window_from, row.window_until = new.position, new.target_on, new.window_from, new.window_until
    return row


def _is_enrolled_after(person: Person, on: date) -> bool:
    """Whether an enrolment covers the day, or a later one: two of them on one day would be one too many (L2)."""
    return Enrolment.objects.filter(_reaches_beyond(on, "ended_on"), person=person).exists()


def _reaches_beyond(on: date, end: str) -> Q:
    return Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": on})


def _record(action: str, enrolment: Enrolment, *, by: Actor, at: datetime, reason: str, **detail: str | int) -> None:
    person = enrolment.person
    record(action, municipality=person.municipality.code, about=str(person.public_id), by=by, at=at, detail={**detail}, reason=reason)


def _refuse_without_reason(reason: str) -> None:
    if not reason.strip():
        raise ReasonIsMissing
    _refuse_too_long(reason)


def _refuse_too_long(reason: str) -> None:
    if len(reason) > REASON_LENGTH:
        raise ReasonIsTooLong
