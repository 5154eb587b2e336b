"""What is done in a case: a step and what comes after it, a pause with an end, and the correction of what was written down wrong."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import assert_never

from django.db import transaction

from fjorten.audit.actor import Actor
from fjorten.followup.actions.cases import check_owner
from fjorten.followup.actions.closings import close_with
from fjorten.followup.actions.entries import Signature, change_open, enter, refuse_machines, refuse_note
from fjorten.followup.contact import How, Interpreter, Outcome
from fjorten.followup.ladder import Ladder, Owner
from fjorten.followup.ladders import ladders_of
from fjorten.followup.models import Assessment, Case, CaseEvent
from fjorten.followup.proposals import proposal
from fjorten.kernel.ages import add_months
from fjorten.kernel.refusals import Refused
from fjorten.organisation.models import Employee
from fjorten.organisation.responsibility import staff_on

ASSESS = "assess"  # the step that is only done when an assessment has been written


class NoSuchStep(Refused):
    """The ladder has no such step."""

    sentence = "Stigen har ikke dette steget. Velg et av stegene på listen."


class NotInTheList(Refused):
    """A way, an interpreter, an outcome or a reason that is not one of those there are."""

    sentence = "Velg blant det som står på listen, eller la feltet stå tomt."


class ChildAsInterpreter(Refused):
    """A child is not used as an interpreter (tolkeloven § 4 [source])."""

    sentence = "Barn skal ikke brukes som tolk (tolkeloven § 4). Var det en nødssituasjon, velg det og skriv hva som hastet."


class StepIsInTheFuture(Refused):
    """What has been done was done by now."""

    sentence = "Tidspunktet er fram i tid. Oppgi når det ble gjort."


class StepIsBehind(Refused):
    """The next step lies further down than where the case stands."""

    sentence = "Neste steg kan ikke ligge lenger ned på stigen enn der saken står. Velg det samme eller et senere."


class DeadlineIsOutOfReach(Refused):
    """The deadline has been, or is so far ahead that the child would be out of sight."""

    sentence = (
        "Fristen må være i dag eller senere, og ikke lenger fram enn stigen tillater (tre måneder når kommunen ikke har valgt noe annet)."
    )


class CaseIsPaused(Refused):
    """The case waits until a day."""

    sentence = "Saken er satt på vent. Ta den opp igjen først."


class CaseIsNotPaused(Refused):
    """There is no pause to end."""

    sentence = "Saken er ikke satt på vent."


class UnknownPause(Refused):
    """A case does not wait for this reason."""

    sentence = "En sak settes bare på vent av grunnene som står på listen. Velg en av dem."


class PauseIsOutOfReach(Refused):
    """A pause ends on a day to come, within what the ladder lets a case wait."""

    sentence = (
        "Pausen må slutte en dag fram i tid, og ikke lenger fram enn stigen tillater (seks måneder når kommunen ikke har valgt noe annet)."
    )


class AssessmentIsMissing(Refused):
    """The step of the assessment is not done before there is one."""

    sentence = "Det er ikke skrevet noen individuell vurdering i saken. Skriv den først, også når svaret er nei."


class EventIsCorrected(Refused):
    """The entry has been corrected already; the correction is what stands."""

    sentence = "Dette er alt rettet. Rett rettelsen i stedet."


@dataclass(frozen=True, slots=True)
class Planned:
    """What comes next, as a person decided: a step, and where they chose otherwise than the ladder, whose it is and by when."""

    step: str
    owner: Employee | None = None
    deputy: Employee | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """How the case ends with this step."""

    code: str


@transaction.atomic
def record_step(
    *,
    case: Case,
    step: str,
    done_at: datetime,
    then: Planned | Closing,
    how: How | None = None,
    language: str = "",
    interpreter: Interpreter | None = None,
    outcome: Outcome,
    reason: str = "",
    note: str = "",
    by: Actor,
    at: datetime,
) -> CaseEvent:
    """
    Record a step that was taken, and what comes next or how the case ends: one of the two, so that no case has nothing to wait for.

    `step` is usually the one the case waits for, and may be another. `reason` is why the family did not come, a code of the ladder, "" when
    nobody has said. `proposals.proposal_after` is what the ladder proposes for `then`; a later step, another owner or another day are the
    person's to choose. The case follows the ladder in force on the day from here on. A job may record the system's own step, the new time,
    and nothing else. Raises OnlyAPerson and every refusal of this module
    but those of pauses; for `then` also what `reassign` and `close` raise; SomeoneWasFirst.
    """
    signature = Signature(by, at)
    refuse_note(note, is_needed=interpreter is Interpreter.CHILD_EMERGENCY)
    ladders = ladders_of(case.municipality)
    own = ladders.of(case.ladder)
    _refuse_not_theirs(step, own, by)
    _refuse_unlisted(case, own, reason, interpreter)
    _refuse_not_now(case, step, done_at, signature)
    contact = _contact(how=how, language=language, interpreter=interpreter, outcome=outcome)
    told = {"step": step, "done_at": done_at, "reason": reason, "note": note, **contact}
    match then:
        case Planned():
            _go_on(case, ladders.on(signature.day), then, signature)
            return enter(case, CaseEvent.What.STEP, signature, **told)
        case Closing(code):
            event = enter(case, CaseEvent.What.STEP, signature, **told)
            close_with(case, code, "", signature)
            return event
        case _:
            assert_never(then)


@transaction.atomic
def pause(*, case: Case, until: date, reason: str, note: str = "", by: Actor, at: datetime) -> None:
    """
    Let a case wait until a day, for one of the ladder's reasons: a child abroad, in hospital, in transfer. It goes on by itself then.

    Raises OnlyAPerson, NoteIsTooLong, UnknownPause, PauseIsOutOfReach or SomeoneWasFirst.
    """
    refuse_machines(by)
    refuse_note(note, is_needed=False)
    signature = Signature(by, at)
    ladder = ladders_of(case.municipality).of(case.ladder)
    if reason not in {known.code for known in ladder.pauses}:
        raise UnknownPause(reason)
    if not signature.day < until <= add_months(signature.day, ladder.pause_months):
        raise PauseIsOutOfReach(case.pk)
    change_open(case, paused_until=until, pause_reason=reason)
    enter(case, CaseEvent.What.PAUSED, signature, reason=reason, until_on=until, note=note)


@transaction.atomic
def resume(*, case: Case, reason: str, by: Actor, at: datetime) -> None:
    """
    Take a case up again before its pause is over.

    Raises OnlyAPerson, NoteIsMissing, NoteIsTooLong, CaseIsNotPaused or SomeoneWasFirst.
    """
    refuse_machines(by)
    refuse_note(reason)
    signature = Signature(by, at)
    if case.paused_until is None or case.paused_until <= signature.day:
        raise CaseIsNotPaused(case.pk)
    change_open(case, paused_until=None, pause_reason="", due_on=max(case.due_on, signature.day))
    enter(case, CaseEvent.What.RESUMED, signature, note=reason)


@transaction.atomic
def correct_event(
    *,
    event: CaseEvent,
    how: How | None = None,
    language: str = "",
    interpreter: Interpreter | None = None,
    outcome: Outcome | None = None,
    reason: str = "",
    note: str,
    by: Actor,
    at: datetime,
) -> CaseEvent:
    """
    Write what an entry should have said beside it, all of it anew, with why in the note. Nothing is overwritten (hpl § 42 [source]).

    What the case waits for is not changed by it. Raises OnlyAPerson, NoteIsMissing, NoteIsTooLong, NotInTheList, ChildAsInterpreter or
    EventIsCorrected.
    """
    refuse_machines(by)
    refuse_note(note)
    case = Case.objects.select_for_update(no_key=True).get(pk=event.case_id)  # two corrections of one entry wait for each other
    _refuse_unlisted(case, ladders_of(case.municipality).of(case.ladder), reason, interpreter)
    if CaseEvent.objects.filter(corrects=event).exists():
        raise EventIsCorrected(event.pk)
    return enter(
        case,
        CaseEvent.What.CORRECTED,
        Signature(by, at),
        corrects=event,
        step=event.step,
        done_at=event.done_at,
        reason=reason,
        note=note,
        **_contact(how=how, language=language, interpreter=interpreter, outcome=outcome),
    )


def _refuse_not_theirs(step: str, own: Ladder, by: Actor) -> None:
    """The step is one of the ladder's, and a machine takes none but its own."""
    if step not in own.codes:
        raise NoSuchStep(step)
    if own.step(step).who is not Owner.SYSTEM:
        refuse_machines(by)


def _refuse_unlisted(case: Case, own: Ladder, reason: str, interpreter: Interpreter | None) -> None:
    """A reason is one of the ladder's, and no child is an interpreter."""
    if reason and reason not in {known.code for known in own.reasons}:
        raise NotInTheList(reason)
    if interpreter is Interpreter.CHILD:
        raise ChildAsInterpreter(case.pk)


def _refuse_not_now(case: Case, step: str, done_at: datetime, signature: Signature) -> None:
    """What was done was done by now, in a case that does not wait; the assessment when there is one."""
    if done_at > signature.instant:
        raise StepIsInTheFuture(case.pk)
    if case.paused_until is not None and case.paused_until > signature.day:
        raise CaseIsPaused(case.pk)
    if step == ASSESS and not Assessment.objects.filter(case=case).exists():
        raise AssessmentIsMissing(case.pk)


def _contact(*, how: How | None, language: str, interpreter: Interpreter | None, outcome: Outcome | None) -> dict[str, str]:
    """Write down how the family was spoken with, and what came of it."""
    return {"how": how or "", "language": language, "interpreter": interpreter or "", "outcome": outcome or ""}


def _go_on(case: Case, now: Ladder, then: Planned, signature: Signature) -> None:
    """Let the case wait for what was chosen, by the ladder of the day."""
    if then.step not in now.codes:
        raise NoSuchStep(then.step)
    if case.next_step in now.codes and now.place_of(then.step) < now.place_of(case.next_step):
        raise StepIsBehind(case.pk)
    staff = staff_on(municipality=case.municipality, on=signature.day)
    comes_back = then.step == case.next_step == now.codes[-1]
    behind = now.codes if comes_back else now.codes[: now.place_of(then.step)]
    usual = proposal(case, now, behind, on=signature.day, staff=staff)
    due_on = then.due_on or usual.due_on
    if then.due_on is not None and not signature.day <= due_on <= add_months(signature.day, now.deadline_months):
        raise DeadlineIsOutOfReach(case.pk)
    owner = then.owner or usual.owner
    deputy = check_owner(case, owner, then.deputy, who=usual.step.who, staff=staff) if then.owner or then.deputy else usual.deputy
    change_open(
        case,
        next_step=then.step,
        owner=owner,
        deputy=deputy,
        due_on=due_on,
        ladder=now.reference,
        starts_with=case.starts_with if case.starts_with in now.codes else "",
        paused_until=None,
        pause_reason="",
    )
