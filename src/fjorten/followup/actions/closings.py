"""Ending a case: by a person, in one of the ladder's ways; watching what is not over; and opening it again when that was a mistake."""

from datetime import date, datetime
from typing import Final

from django.db import transaction

from fjorten.audit.actor import Actor
from fjorten.followup.actions.cases import CaseIsOpenAlready
from fjorten.followup.actions.entries import Signature, change_closed, change_open, enter, refuse_machines, refuse_note
from fjorten.followup.closings import agrees_with_plan
from fjorten.followup.ladders import ladders_of
from fjorten.followup.models import Assessment, Case, CaseEvent, OwedAnswer
from fjorten.followup.owners import role_of
from fjorten.kernel.ages import add_months
from fjorten.kernel.refusals import Refused
from fjorten.kernel.working_days import add_working_days
from fjorten.organisation.responsibility import staff_on
from fjorten.plans.models import PlannedStep
from fjorten.programme.status import Status

KEEP_UNTIL_FEEDBACK: Final = "concern_report_sent_keep_open_until_feedback"


class UnknownClosing(Refused):
    """The ladder has no such way of ending a case."""

    sentence = "En sak lukkes bare på måtene som står på listen. Velg en av dem."


class ClosingDisagreesWithThePlan(Refused):
    """The way of closing says something of the consultation that does not stand in the plan."""

    sentence = "Før først i planen at konsultasjonen er gjennomført, gjort et annet sted eller takket nei til. Lukk saken etterpå."


class NoReportIsSent(Refused):
    """A case was to be closed because of a report nobody has recorded as sent."""

    sentence = "Det er ikke ført noen sendt melding på denne saken. Før den først."


class CaseIsNotClosed(Refused):
    """There is nothing to open again."""

    sentence = "Saken er ikke lukket."


class CaseIsNotWatched(Refused):
    """There is no watch to end or to go on with."""

    sentence = "Saken følges ikke videre, så det er ingenting å avslutte eller forlenge."


class AnswersAreStillOwed(Refused):
    """The watch lasts until the answers have come."""

    sentence = "Svarene på meldingen er ikke kommet ennå. Saken følges til de er ført."


class WatchIsTooLong(Refused):
    """The next look is today or before, or further ahead than the ladder lets a child be out of sight."""

    sentence = "Velg en dag fram i tid, og ikke lenger fram enn stigen tillater (tre måneder når kommunen ikke har valgt noe annet)."


@transaction.atomic
def close(*, case: Case, closing: str, note: str = "", by: Actor, at: datetime) -> None:
    """
    Close a case in one of the ladder's ways. One that keeps watch stands on the watched list until a person ends that.

    Raises OnlyAPerson, NoteIsTooLong, UnknownClosing, ClosingDisagreesWithThePlan, NoReportIsSent or SomeoneWasFirst.
    """
    close_with(case, closing, note, Signature(by, at))


@transaction.atomic
def reopen_case(*, case: Case, reason: str, by: Actor, at: datetime) -> None:
    """
    Open again a case that was closed by mistake; its history keeps both. It waits for the step it waited for then.

    Raises OnlyAPerson, NoteIsMissing, NoteIsTooLong, CaseIsNotClosed, CaseIsOpenAlready, NobodyToOwnIt or SomeoneWasFirst.
    """
    refuse_machines(by)
    refuse_note(reason)
    if case.closed_at is None:
        raise CaseIsNotClosed(case.pk)
    if Case.objects.still_open().filter(planned_step=case.planned_step).exists():
        raise CaseIsOpenAlready(case.pk)
    signature = Signature(by, at)
    staff = staff_on(municipality=case.municipality, on=signature.day)
    who = ladders_of(case.municipality).of(case.ladder).step(case.next_step).who
    pair = staff.responsible(role_of(who), clinic=case.planned_step.enrolment.clinic_id, same_as=case.owner_id, turn=case.person_id)
    change_closed(
        case,
        closed_on=None,
        closed_at=None,
        closed_by="",
        closing="",
        closing_note="",
        watch_on=None,
        watch_ended_at=None,
        watch_ended_by="",
        owner=pair.owner,
        deputy=pair.deputy,
        due_on=max(case.due_on, add_working_days(signature.day, 0)),
    )
    enter(case, CaseEvent.What.REOPENED, signature, note=reason)


@transaction.atomic
def watch_on(*, case: Case, until: date, note: str, by: Actor, at: datetime) -> None:
    """
    Look again at a closed case that is watched, and say when to look the next time.

    Raises NoteIsMissing, NoteIsTooLong, CaseIsNotWatched, WatchIsTooLong or SomeoneWasFirst.
    """
    refuse_note(note)
    _refuse_unwatched(case)
    signature = Signature(by, at)
    months = ladders_of(case.municipality).on(signature.day).watch_months
    if not signature.day < until <= add_months(signature.day, months):
        raise WatchIsTooLong(case.pk)
    change_closed(case, watch_on=until)
    enter(case, CaseEvent.What.WATCHED, signature, until_on=until, note=note)


@transaction.atomic
def end_watch(*, case: Case, reason: str, by: Actor, at: datetime) -> None:
    """
    Stop watching a closed case, with a reason: the family was found, the answers have come.

    Raises OnlyAPerson, NoteIsMissing, NoteIsTooLong, CaseIsNotWatched, AnswersAreStillOwed or SomeoneWasFirst.
    """
    refuse_machines(by)
    refuse_note(reason)
    _refuse_unwatched(case)
    if case.closing == KEEP_UNTIL_FEEDBACK and OwedAnswer.objects.outstanding().filter(assessment__person=case.person).exists():
        raise AnswersAreStillOwed(case.pk)
    change_closed(case, watch_ended_at=at, watch_ended_by=by.who)
    enter(case, CaseEvent.What.WATCH_ENDED, Signature(by, at), note=reason)


def close_with(case: Case, closing: str, note: str, signature: Signature) -> None:
    """Close a case inside the caller's transaction, as `close` and the last step of a case both do."""
    refuse_machines(signature.who)
    refuse_note(note, is_needed=False)
    ladder = ladders_of(case.municipality).of(case.ladder)
    ways = {way.code: way for way in ladder.closings}
    if closing not in ways:
        raise UnknownClosing(closing)
    step = PlannedStep.objects.get(pk=case.planned_step_id)
    if not agrees_with_plan(closing, outcome=Status(step.outcome) if step.outcome else None, is_confirmed=step.is_confirmed):
        raise ClosingDisagreesWithThePlan(case.pk)
    if closing == KEEP_UNTIL_FEEDBACK and not Assessment.objects.filter(person=case.person, report_sent_at__isnull=False).exists():
        raise NoReportIsSent(case.pk)
    look_again = add_working_days(add_months(signature.day, ladder.watch_months), 0) if ways[closing].keeps_watch else None
    change_open(
        case,
        closed_on=signature.day,
        closed_at=signature.instant,
        closed_by=signature.who.who,
        closing=closing,
        closing_note=note[:500],
        paused_until=None,
        pause_reason="",
        watch_on=look_again,
    )
    enter(case, CaseEvent.What.CLOSED, signature, reason=closing, note=note, until_on=look_again)


def _refuse_unwatched(case: Case) -> None:
    if case.closed_at is None or case.watch_on is None or case.watch_ended_at is not None:
        raise CaseIsNotWatched(case.pk)
