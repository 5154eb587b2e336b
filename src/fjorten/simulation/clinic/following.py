"""What is done in the cases after a missed consultation: mostly in time, now and then late, and closed by persons with a reason."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from fjorten.appointments.models import Appointment
from fjorten.audit.actor import Actor
from fjorten.followup.actions.assessments import record_answer, record_assessment, record_report_sent
from fjorten.followup.actions.closings import close, end_watch, watch_on
from fjorten.followup.actions.flags import flag
from fjorten.followup.actions.steps import ASSESS, Closing, Planned, correct_event, pause, record_step
from fjorten.followup.contact import How, Interpreter, Outcome
from fjorten.followup.ladder import Owner
from fjorten.followup.models import Assessment, Case, OwedAnswer
from fjorten.followup.proposals import proposal_after
from fjorten.followup.queries import CaseRow, cases_due, open_cases, owed_answers_due, unconfirmed_claims, watched_cases
from fjorten.kernel.working_days import add_working_days
from fjorten.organisation.models import Employee
from fjorten.plans.actions.settling import confirm_done_elsewhere, decline, mark_done_elsewhere
from fjorten.simulation.clinic.telephoning import agree_on_a_time, find_right_numbers, takes_the_telephone
from fjorten.simulation.clinic.workday import OFFICE, Workday, actor
from fjorten.simulation.families.habits import Why
from fjorten.simulation.records import Person

IS_DONE_ON_ITS_DAY = 0.85  # of the steps due; the others wait a day, and another [default]
IS_ASSESSED_EARLY = 0.01  # of the steps a professional takes: weighed without waiting for the ladder [default]
IS_A_DUTY = 0.1  # of the assessments; at most one report a year in seven of eight municipalities [source: the survey of 2020]
IS_FLAGGED = 0.01
IS_WRITTEN_WRONG = 0.01  # of the entries [default]
SYSTEM_GIVES_A_TIME_WITHIN_DAYS = 2


def follow_up(work: Workday) -> None:
    """This function will close the cases that can be closed, and take the next step in those that are due."""
    rows = cases_due(municipality=work.municipality, on=work.day)
    due = {row.case.pk for row in rows}
    rows += [row for row in open_cases(municipality=work.municipality, on=work.day) if row.closable is not None and row.case.pk not in due]
    people = work.people({row.case.person_id for row in rows})
    for row in rows:
        known = people.get(row.case.person_id)
        rng = work.rng("case", *_whose(row.case, known), work.day)
        if rng.random() >= IS_DONE_ON_ITS_DAY:
            continue
        by = actor(row.acts)
        if row.closable is not None:
            with work.trying("close"):
                close(case=row.case, closing=row.closable.closing or _closing_for(work, known), note="", by=by, at=work.at(14))
        else:
            with work.trying(f"step {row.step.code}"):
                _take(work, row, known, by=by, at=work.at(14))


def look_after_the_rest(work: Workday) -> None:
    """This function will look again at what is watched, write down the answers of child welfare, and confirm what others have done."""
    at = work.at(14, 30)
    for case in watched_cases(municipality=work.municipality).filter(watch_on__lte=work.day):
        known = work.people([case.person_id]).get(case.person_id)
        with work.trying("watch"):
            if known is not None and work.lives_here(known):
                end_watch(case=case, reason="familien er funnet", by=OFFICE, at=at)
            else:
                watch_on(case=case, until=add_working_days(work.day + timedelta(days=60), 0), note="ingen nyheter", by=OFFICE, at=at)
    for answer in owed_answers_due(municipality=work.municipality, on=work.day):
        is_receipt = answer.what == OwedAnswer.What.RECEIPT
        with work.trying("answer"):
            record_answer(
                answer=answer,
                received_on=work.day,
                content="svaret er kommet",
                is_investigated=work.rng("investigated", work.day, answer.what).random() < 0.5 if is_receipt else None,
                by=OFFICE,
                at=at,
            )
    for step in unconfirmed_claims(municipality=work.municipality, on=work.day - timedelta(days=20)).select_related(
        "enrolment__person__municipality"
    ):
        if work.rng("confirmed", step.enrolment.enrolled_on, step.step, work.day).random() < 0.05:
            with work.trying("confirm"):
                confirm_done_elsewhere(enrolment=step.enrolment, step=step.step, reason="fastlegen har bekreftet", by=OFFICE, at=at)


def _take(work: Workday, row: CaseRow, known: Person | None, *, by: Actor, at: datetime) -> None:
    case, step = row.case, row.step
    if step.who is Owner.SYSTEM:
        if case.opened_on + timedelta(days=SYSTEM_GIVES_A_TIME_WITHIN_DAYS) <= work.day:
            _record(work, case, step.code, Outcome.NO_CONTACT, None, by=by, at=at)
        return
    if step.code == ASSESS or work.rng("assessed", *_whose(case, known), work.day).random() < IS_ASSESSED_EARLY * (step.who is Owner.NURSE):
        _assess(work, case, known, row.acts, by=by, at=at)
    if work.rng("flagged", *_whose(case, known), work.day).random() < IS_FLAGGED:
        flag(person=case.person, until=work.day + timedelta(days=200), reason="bør følges nærmere", by=by, at=at)
        case.refresh_from_db()
    away = None if known is None else work.households.whereabouts(known, work.day)
    how = {"home_visit": How.HOME_VISIT, "discuss": How.DISCUSSION, "leader_decides": How.DISCUSSION}.get(step.code, How.TELEPHONE)
    match how:
        case How.DISCUSSION:
            _record(work, case, step.code, Outcome.DONE, how, by=by, at=at)
        case _:
            find_right_numbers(work, case.person, by=by, at=at)
            if away is not None:
                _away(work, case, away, by=by, at=at)
            elif known is None or not work.lives_here(known):
                _not_there(work, case, step.code, how, known, by=by, at=at)
            elif how is How.HOME_VISIT or takes_the_telephone(work, case.person, known, why=step.code):
                _reached(work, case, step.code, how, known, by=by, at=at)
            else:
                _record(work, case, step.code, Outcome.NO_CONTACT, how, by=by, at=at)


def _reached(work: Workday, case: Case, step: str, how: How, known: Person, *, by: Actor, at: datetime) -> None:
    """Talk with the family: most agree on a time, a few decline, or say that the doctor has done it."""
    rng, habits = work.rng("talk", known.key, case.planned_step.step, work.day), work.households.habits
    planned, chance = case.planned_step, rng.random()
    why = rng.choice((Why.FORGOT, Why.FORGOT, Why.ILLNESS, Why.LOGISTICS, Why.DID_NOT_UNDERSTAND))
    if chance < habits.declines:
        decline(enrolment=planned.enrolment, step=planned.step, on=work.day, reason="familien takker nei", by=by, at=at)
        _end(case, step, Closing("declined_recorded"), Outcome.DECLINES, how, why=Why.DECLINED, by=by, at=at)
        return
    if chance < habits.declines + habits.says_the_doctor_did_it:
        reason = "moren sier at fastlegen har gjort det"
        mark_done_elsewhere(
            enrolment=planned.enrolment, step=planned.step, on=work.day, today=work.day, is_confirmed=False, reason=reason, by=by, at=at
        )
        _end(case, step, Closing("done_by_gp_unconfirmed"), Outcome.FOUND_OUT, how, why=Why.SEEN_BY_GP, by=by, at=at)
        return
    given = Appointment.objects.still_open().filter(planned_step=planned, begins_at__gt=at).exists()
    outcome = Outcome.NEW_TIME if given or agree_on_a_time(work, planned, by=by, at=at) is not None else Outcome.REACHED
    needs_interpreter = known.mother is not None and work.households.guardian(known.mother).needs_interpreter
    _record(work, case, step, outcome, how, why=why, interpreter=Interpreter.QUALIFIED if needs_interpreter else None, by=by, at=at)


def _away(work: Workday, case: Case, away: tuple[Why, date], *, by: Actor, at: datetime) -> None:
    """Let the case wait for a family that is abroad or in hospital."""
    why, until = away
    reason = "abroad_until_date" if why is Why.ABROAD else "hospitalised"
    pause(case=case, until=max(until, work.day + timedelta(days=1)), reason=reason, note="en slektning sier fra", by=by, at=at)


def _not_there(work: Workday, case: Case, step: str, how: How, known: Person | None, *, by: Actor, at: datetime) -> None:
    """Nobody is there. At the door it is seen that they have left; the telephone only rings."""
    if how is How.HOME_VISIT:
        moved = known is not None and known.whereabouts_on(work.day).municipality_code is not None
        if not moved:
            why = Why.EMIGRATED
            _end(case, step, Closing("emigrated_unconfirmed_keep_watch"), Outcome.FOUND_OUT, how, why=why, by=by, at=at)
            return
    _record(work, case, step, Outcome.NO_CONTACT, how, by=by, at=at)


def _record(
    work: Workday,
    case: Case,
    step: str,
    outcome: Outcome,
    how: How | None,
    *,
    why: Why | None = None,
    interpreter: Interpreter | None = None,
    by: Actor,
    at: datetime,
) -> None:
    coming = proposal_after(case, done=step, on=work.day)
    event = record_step(
        case=case,
        step=step,
        done_at=at,
        then=Planned(coming.step.code),
        how=how,
        interpreter=interpreter,
        outcome=outcome,
        reason="" if why is None else why.value,
        by=by,
        at=at,
    )
    if work.rng("entry", case.person.born_by, case.person.given_name, step, work.day).random() < IS_WRITTEN_WRONG:
        correct_event(event=event, how=how, outcome=Outcome.NO_CONTACT, note="ført på feil linje", by=by, at=at)


def _end(case: Case, step: str, closing: Closing, outcome: Outcome, how: How, *, why: Why, by: Actor, at: datetime) -> None:
    record_step(case=case, step=step, done_at=at, then=closing, how=how, outcome=outcome, reason=why.value, by=by, at=at)


def _assess(work: Workday, case: Case, known: Person | None, assessor: Employee, *, by: Actor, at: datetime) -> None:
    """A named professional weighs whether there is a duty to report, and writes the answer down; mostly no."""
    if Assessment.objects.filter(case=case).exists():
        return
    is_duty = work.rng("duty", *_whose(case, known), work.day).random() < IS_A_DUTY
    assessment = record_assessment(
        person=case.person,
        case=case,
        assessed_by=assessor,
        assessed_on=work.day,
        duty_to_report=is_duty,
        criteria=["a"] if is_duty else [],
        grounds="oppdiktet begrunnelse",
        by=by,
        at=at,
    )
    if is_duty:
        record_report_sent(assessment=assessment, sent_at=at, by=by, at=at)


def _whose(case: Case, known: Person | None) -> tuple[object, ...]:
    """What a case is drawn by: the child and the step, never a row's number, which another database gives otherwise."""
    return (known.key if known is not None else str(case.person.born_by), case.planned_step.step)


def _closing_for(work: Workday, known: Person | None) -> str:
    """Choose why a case ends whose child follows the programme here no longer, or whose fact was written wrong."""
    if known is not None and not work.lives_here(known):
        return "moved_transfer_confirmed"
    return "merged_into_next_consultation"
