"""Settling a step (held here, held elsewhere, declined, not to be offered) and opening it again. Each change has its row in the history."""

from datetime import date, datetime

from django.db import transaction

from fjorten.audit.actor import Actor
from fjorten.audit.trail import record
from fjorten.kernel.refusals import Refused
from fjorten.plans.actions.history import about, write_history
from fjorten.plans.models import Enrolment, PlannedStep, StepEvent
from fjorten.plans.programmes import programmes_of
from fjorten.plans.reasons import refuse_too_long, refuse_without_reason
from fjorten.programme.status import Status


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


@transaction.atomic
def mark_done(*, enrolment: Enrolment, step: str, on: date, today: date, reason: str = "", by: Actor, at: datetime) -> None:
    """Record that a consultation was held here. Raises ReasonIsTooLong, DayIsInTheFuture, NoSuchStep or StepAlreadySettled."""
    refuse_too_long(reason)
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
    refuse_without_reason(reason)
    if on > today:
        raise DayIsInTheFuture(step)
    _settle(enrolment, step, Status.DONE_ELSEWHERE, on=on, reason=reason, by=by, at=at, is_confirmed=is_confirmed)


@transaction.atomic
def confirm_done_elsewhere(*, enrolment: Enrolment, step: str, reason: str, by: Actor, at: datetime) -> None:
    """Record that a claim of done elsewhere has been confirmed. Raises ReasonIsMissing, NoSuchStep or StepIsNotSettled."""
    refuse_without_reason(reason)
    row = _step(enrolment, step)
    waiting = PlannedStep.objects.filter(pk=row.pk, outcome=Status.DONE_ELSEWHERE, is_confirmed=False)
    if not waiting.update(is_confirmed=True):
        raise StepIsNotSettled(row.pk)
    row.refresh_from_db()
    write_history(rows=[row], what=StepEvent.What.SETTLED, reason=reason, by=by, at=at)
    record("step.confirmed_elsewhere", **about(enrolment, step=step), by=by, at=at, reason=reason)


@transaction.atomic
def decline(*, enrolment: Enrolment, step: str, on: date, reason: str, by: Actor, at: datetime) -> None:
    """
    Record that the family declines a consultation: it is voluntary, and the no is dated and signed.

    Raises ReasonIsMissing, NoSuchStep or StepAlreadySettled.
    """
    refuse_without_reason(reason)
    _settle(enrolment, step, Status.DECLINED, on=on, reason=reason, by=by, at=at)


@transaction.atomic
def waive(*, enrolment: Enrolment, step: str, on: date, reason: str, by: Actor, at: datetime) -> None:
    """Record that a consultation will not be offered, and why. Raises ReasonIsMissing, NoSuchStep or StepAlreadySettled."""
    refuse_without_reason(reason)
    _settle(enrolment, step, Status.WAIVED, on=on, reason=reason, by=by, at=at)


@transaction.atomic
def reopen(*, enrolment: Enrolment, step: str, reason: str, by: Actor, at: datetime) -> None:
    """
    Take back a settled state recorded by mistake; the history keeps it.

    Raises ReasonIsMissing, NoSuchStep, StepIsNoLongerInTheProgramme or StepIsNotSettled.
    """
    refuse_without_reason(reason)
    row = _step(enrolment, step)
    if step not in programmes_of(enrolment.municipality).of(enrolment.programme_version).codes:
        raise StepIsNoLongerInTheProgramme(row.pk)
    settled = PlannedStep.objects.filter(pk=row.pk, outcome__isnull=False)
    cleared = dict.fromkeys(("outcome", "outcome_on", "outcome_at", "outcome_by", "outcome_reason", "is_confirmed"))
    if not settled.update(**cleared):
        raise StepIsNotSettled(row.pk)
    row.refresh_from_db()
    write_history(rows=[row], what=StepEvent.What.REOPENED, reason=reason, by=by, at=at)
    record("step.reopened", **about(enrolment, step=step), by=by, at=at, reason=reason)


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
    write_history(rows=[row], what=StepEvent.What.SETTLED, reason=reason, by=by, at=at)
    record(f"step.{outcome.value}", **about(enrolment, step=step), by=by, at=at, reason=reason)


def _step(enrolment: Enrolment, step: str) -> PlannedStep:
    row = PlannedStep.objects.filter(enrolment=enrolment, step=step).first()
    if row is None:
        raise NoSuchStep(step)
    return row
