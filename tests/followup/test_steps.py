"""What is done in a case: steps with what comes next, pauses with an end, ways of closing, flags, and corrections."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.utils import DatabaseError

from fjorten.audit.actor import Actor
from fjorten.audit.models import AuditEvent
from fjorten.followup.actions.assessments import record_assessment, record_report_sent
from fjorten.followup.actions.cases import CaseIsOpenAlready, DoesNotWorkHere, NotTheirStep, open_case
from fjorten.followup.actions.closings import (
    AnswersAreStillOwed,
    CaseIsNotClosed,
    CaseIsNotWatched,
    ClosingDisagreesWithThePlan,
    NoReportIsSent,
    UnknownClosing,
    WatchIsTooLong,
    close,
    end_watch,
    reopen_case,
    watch_on,
)
from fjorten.followup.actions.entries import NoteIsMissing, OnlyAPerson, SomeoneWasFirst
from fjorten.followup.actions.flags import FlagEndsOutOfReach, FlagIsEnded, flag, unflag
from fjorten.followup.actions.steps import (
    AssessmentIsMissing,
    CaseIsNotPaused,
    CaseIsPaused,
    ChildAsInterpreter,
    Closing,
    DeadlineIsOutOfReach,
    EventIsCorrected,
    NoSuchStep,
    NotInTheList,
    PauseIsOutOfReach,
    Planned,
    StepIsBehind,
    StepIsInTheFuture,
    UnknownPause,
    correct_event,
    pause,
    record_step,
    resume,
)
from fjorten.followup.contact import How, Interpreter, Outcome
from fjorten.followup.ladder import default_ladder
from fjorten.followup.models import Case, CaseEvent, OwedAnswer
from fjorten.followup.proposals import proposal_after, proposal_of
from fjorten.followup.queries import watched_cases
from fjorten.organisation.models import Employee, Municipality
from fjorten.plans.actions.settling import decline, mark_done, mark_done_elsewhere
from tests.factories.cases import JOB, NURSE, instant
from tests.followup.conftest import STEP, TODAY

Staff = dict[str, Employee]
LATER = TODAY + timedelta(days=30)


def did(case: Case, **told: Any) -> CaseEvent:
    """Record the step the case waits for, with the ladder's own proposal, when nothing else is said."""
    at = told.pop("at", instant(TODAY, 14))
    defaults: dict[str, Any] = {
        "step": case.next_step,
        "done_at": at,
        "outcome": Outcome.NO_CONTACT,
        "how": How.TELEPHONE,
        "by": NURSE,
        "at": at,
    }
    told = {**defaults, **told}
    if "then" not in told:
        told["then"] = Planned(proposal_after(case, done=told["step"], on=at.date()).step.code)
    return record_step(case=case, **told)


def test_a_step_is_written_with_who_when_how_and_why_and_the_next_one_has_an_owner_and_a_day(case: Case, staff: Staff) -> None:
    did(case)
    event = did(
        case,
        step="check_and_call",
        done_at=instant(TODAY, 13),
        language="pl",
        interpreter=Interpreter.QUALIFIED,
        outcome=Outcome.REACHED,
        reason="did_not_understand_message",
        note="vil gjerne ha SMS på polsk",
    )
    assert (event.step, event.done_at, event.by, event.how, event.language) == (
        "check_and_call",
        instant(TODAY, 13),
        "sykepleier.prøve",
        "telephone",
        "pl",
    )
    assert (event.interpreter, event.outcome, event.reason) == ("qualified", "reached", "did_not_understand_message")
    assert (case.next_step, case.owner, case.due_on) == ("call_again", staff["merkantil"], date(2026, 3, 17))
    assert (event.next_step, event.owner, event.due_on) == ("call_again", staff["merkantil"], date(2026, 3, 17))
    last = AuditEvent.objects.order_by("-seq")[0]
    assert (last.action, last.detail["next_step"]) == ("case.step", "call_again")


def test_the_whole_ladder_is_walked_and_the_leaders_list_comes_back_every_month(case: Case, staff: Staff, at: datetime) -> None:
    seen = []
    day = TODAY
    for _ in range(len(default_ladder().steps) + 1):
        if case.next_step == "assess":
            record_assessment(
                person=case.person, case=case, assessed_by=staff["sykepleier"], assessed_on=day, duty_to_report=False, criteria=[],
                grounds="følges tett av familien selv", by=NURSE, at=instant(day),
            )  # fmt: skip
        seen.append((case.next_step, case.owner.role))
        did(case, at=instant(day, 14))
        assert case.due_on > day
        day = case.due_on
    assert [step for step, _ in seen] == [*default_ladder().codes, "leaders_list"]
    assert seen[3][1] == "public_health_nurse"
    assert seen[6][1] == seen[8][1] == "leader"
    assert case.closed_at is None
    assert (case.next_step, (case.due_on - day).days) == ("leaders_list", 0)


def test_a_person_may_choose_a_later_step_another_owner_and_another_day(case: Case, staff: Staff) -> None:
    did(case, then=Planned("home_visit", owner=staff["kollega"], deputy=staff["leder"], due_on=TODAY + timedelta(days=3)))
    assert (case.next_step, case.owner, case.deputy) == ("home_visit", staff["kollega"], staff["leder"])
    assert case.due_on == TODAY + timedelta(days=3)


def test_the_same_step_may_be_tried_again(case: Case) -> None:
    did(case)
    did(case, then=Planned("check_and_call"))
    assert (case.next_step, case.due_on) == ("check_and_call", date(2026, 3, 12))


def test_a_proposal_tells_what_the_page_shows_before_the_step_is_written(case: Case, staff: Staff) -> None:
    coming = proposal_after(case, done="new_time", on=TODAY)
    assert (coming.step.code, coming.owner, coming.due_on) == ("check_and_call", staff["merkantil"], date(2026, 3, 12))
    chosen = proposal_of(case, step="leader_decides", on=TODAY)
    assert (chosen.owner, chosen.due_on) == (staff["leder"], date(2026, 4, 17))  # 25 working days, Easter among them


def test_a_step_done_ahead_does_not_leave_a_gap_behind(case: Case) -> None:
    did(case, step="call_again", then=Planned("check_and_call"))
    assert proposal_after(case, done="check_and_call", on=TODAY).step.code == "nurse_takes_over"


REFUSED: dict[str, tuple[dict[str, Any], type[Exception]]] = {
    "an unknown step": ({"step": "ring"}, NoSuchStep),
    "an unknown next step": ({"then": Planned("ring")}, NoSuchStep),
    "an unknown reason": ({"reason": "latskap"}, NotInTheList),
    "a child as interpreter": ({"interpreter": Interpreter.CHILD}, ChildAsInterpreter),
    "an emergency without a word about it": ({"interpreter": Interpreter.CHILD_EMERGENCY}, NoteIsMissing),
    "what has not been done yet": ({"done_at": instant(LATER)}, StepIsInTheFuture),
    "a deadline that has been": ({"then": Planned("call_again", due_on=TODAY - timedelta(days=1))}, DeadlineIsOutOfReach),
    "a deadline out of sight": ({"then": Planned("call_again", due_on=TODAY + timedelta(days=93))}, DeadlineIsOutOfReach),
    "an assessment nobody has written": ({"step": "assess", "then": Planned("leaders_list")}, AssessmentIsMissing),
    "an unknown way of closing": ({"then": Closing("glemt")}, UnknownClosing),
    "a consultation that was not held": ({"then": Closing("attended")}, ClosingDisagreesWithThePlan),
    "a machine": ({"step": "check_and_call", "by": JOB}, OnlyAPerson),
    "a machine that closes": ({"then": Closing("deceased"), "by": JOB}, OnlyAPerson),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_step_is_refused_and_nothing_is_written(name: str, case: Case) -> None:
    told, refusal = REFUSED[name]
    before = Case.objects.values().get(pk=case.pk), CaseEvent.objects.count(), AuditEvent.objects.count()
    with pytest.raises(refusal):
        did(case, **{"then": Planned("check_and_call"), **told})
    assert (Case.objects.values().get(pk=case.pk), CaseEvent.objects.count(), AuditEvent.objects.count()) == before


def test_the_next_step_never_lies_below_where_the_case_stands(case: Case) -> None:
    did(case)
    with pytest.raises(StepIsBehind):
        did(case, then=Planned("new_time"))


def test_the_next_step_is_not_given_to_whom_it_is_not_for(case: Case, staff: Staff) -> None:
    with pytest.raises(NotTheirStep):
        did(case, then=Planned("nurse_takes_over", owner=staff["merkantil"]))
    Employee.objects.filter(pk=staff["kollega"].pk).update(employed_until=TODAY)
    with pytest.raises(DoesNotWorkHere):
        did(case, then=Planned("nurse_takes_over", owner=staff["kollega"]))


def test_in_an_emergency_a_child_may_have_interpreted_and_it_says_why(case: Case) -> None:
    event = did(case, interpreter=Interpreter.CHILD_EMERGENCY, note="mor falt om, måtte ringe ambulanse")
    assert event.interpreter == "child_emergency"


def test_a_machine_may_note_the_new_time_and_nothing_else(case: Case) -> None:
    did(case, outcome=Outcome.NEW_TIME, by=JOB)
    assert case.next_step == "check_and_call"
    with pytest.raises(OnlyAPerson):
        did(case, by=JOB)


def test_two_who_record_the_same_step_are_not_both_right(case: Case) -> None:
    as_another_saw_it = Case.objects.get(pk=case.pk)
    did(case)
    with pytest.raises(SomeoneWasFirst):
        did(as_another_saw_it, step="new_time", then=Planned("check_and_call"))
    assert case.events.filter(what="step").count() == 1


def test_a_step_may_end_the_case_with_a_reason(case: Case) -> None:
    event = did(case, outcome=Outcome.REACHED, reason="moved_within_country", then=Closing("moved_transfer_confirmed"))
    assert (event.what, event.reason) == ("step", "moved_within_country")
    assert (case.closing, case.closed_by, case.closed_on) == ("moved_transfer_confirmed", "sykepleier.prøve", TODAY)
    assert list(case.events.order_by("pk").values_list("what", flat=True)) == ["opened", "step", "closed"]


def test_a_closed_case_takes_no_more_steps(case: Case) -> None:
    close(case=case, closing="moved_transfer_confirmed", by=NURSE, at=instant(TODAY))
    for act in (
        lambda: did(case, then=Planned("check_and_call")),
        lambda: close(case=case, closing="deceased", by=NURSE, at=instant(TODAY)),
        lambda: pause(case=case, until=LATER, reason="hospitalised", by=NURSE, at=instant(TODAY)),
    ):
        with pytest.raises(SomeoneWasFirst):
            act()


SAYS: dict[str, Callable[..., None]] = {
    "attended": lambda **step: mark_done(on=TODAY, today=TODAY, **step),
    "done_by_gp_confirmed": lambda **step: mark_done_elsewhere(on=TODAY, today=TODAY, is_confirmed=True, reason="epikrise", **step),
    "done_by_gp_unconfirmed": lambda **step: mark_done_elsewhere(on=TODAY, today=TODAY, is_confirmed=False, reason="mor sier det", **step),
    "declined_recorded": lambda **step: decline(on=TODAY, reason="ønsker ikke", **step),
}


@pytest.mark.parametrize("closing", SAYS)
def test_what_a_closing_says_of_the_consultation_stands_in_the_plan_first(closing: str, case: Case) -> None:
    with pytest.raises(ClosingDisagreesWithThePlan):
        close(case=case, closing=closing, by=NURSE, at=instant(TODAY))
    SAYS[closing](enrolment=case.planned_step.enrolment, step=STEP, by=NURSE, at=instant(TODAY))
    close(case=case, closing=closing, by=NURSE, at=instant(TODAY))
    assert case.closing == closing


def test_settling_the_step_does_not_close_the_case(case: Case) -> None:
    mark_done(enrolment=case.planned_step.enrolment, step=STEP, on=TODAY, today=TODAY, by=NURSE, at=instant(TODAY))
    case.refresh_from_db()
    assert case.closed_at is None


@pytest.mark.parametrize("act", [close, reopen_case, end_watch, pause, resume])
def test_no_machine_closes_pauses_or_opens_again(act: Callable[..., None], case: Case) -> None:
    told = {close: {"closing": "deceased"}, pause: {"until": LATER, "reason": "hospitalised"}}.get(act, {"reason": "prøve"})
    with pytest.raises(OnlyAPerson):
        act(case=case, by=JOB, at=instant(TODAY), **told)


def test_a_mistaken_closing_is_taken_back_and_the_history_keeps_both(case: Case) -> None:
    with pytest.raises(CaseIsNotClosed):
        reopen_case(case=case, reason="feil", by=NURSE, at=instant(TODAY))
    close(case=case, closing="moved_transfer_confirmed", note="ringte", by=NURSE, at=instant(TODAY))
    with pytest.raises(NoteIsMissing):
        reopen_case(case=case, reason="", by=NURSE, at=instant(LATER))
    reopen_case(case=case, reason="feil barn", by=NURSE, at=instant(LATER))
    assert (case.closed_at, case.closing, case.closing_note, case.next_step) == (None, "", "", "new_time")
    assert case.due_on >= LATER
    assert list(case.events.order_by("pk").values_list("what", flat=True)) == ["opened", "closed", "reopened"]


def test_a_case_is_not_taken_back_beside_another_open_one(case: Case) -> None:
    close(case=case, closing="moved_transfer_confirmed", by=NURSE, at=instant(TODAY))
    open_case(planned_step=case.planned_step, reason="er her likevel", by=NURSE, at=instant(TODAY))
    with pytest.raises(CaseIsOpenAlready):
        reopen_case(case=case, reason="feil", by=NURSE, at=instant(TODAY))


def test_a_pause_has_an_end_and_goes_on_by_itself(case: Case) -> None:
    pause(case=case, until=LATER, reason="abroad_until_date", note="hos besteforeldre", by=NURSE, at=instant(TODAY))
    assert (case.paused_until, case.pause_reason) == (LATER, "abroad_until_date")
    with pytest.raises(CaseIsPaused):
        did(case)
    did(case, at=instant(LATER))
    assert (case.paused_until, case.pause_reason) == (None, "")


@pytest.mark.parametrize("until", [TODAY, TODAY - timedelta(days=1), date(2026, 9, 11)])
def test_a_pause_ends_on_a_day_to_come_within_six_months(until: date, case: Case) -> None:
    with pytest.raises(PauseIsOutOfReach):
        pause(case=case, until=until, reason="hospitalised", by=NURSE, at=instant(TODAY))
    with pytest.raises(UnknownPause):
        pause(case=case, until=LATER, reason="ferie", by=NURSE, at=instant(TODAY))


def test_a_pause_is_ended_before_its_day(case: Case) -> None:
    with pytest.raises(CaseIsNotPaused):
        resume(case=case, reason="hjemme", by=NURSE, at=instant(TODAY))
    pause(case=case, until=LATER, reason="hospitalised", by=NURSE, at=instant(TODAY))
    resume(case=case, reason="utskrevet", by=NURSE, at=instant(TODAY + timedelta(days=3)))
    assert (case.paused_until, case.due_on) == (None, TODAY + timedelta(days=3))
    with pytest.raises(CaseIsNotPaused):
        resume(case=case, reason="igjen", by=NURSE, at=instant(LATER))


def test_what_is_closed_with_an_eye_kept_on_it_is_watched_until_a_person_ends_that(case: Case, municipality: Municipality) -> None:
    with pytest.raises(CaseIsNotWatched):
        end_watch(case=case, reason="funnet", by=NURSE, at=instant(TODAY))
    close(case=case, closing="emigrated_unconfirmed_keep_watch", by=NURSE, at=instant(TODAY))
    assert list(watched_cases(municipality=municipality)) == [case]
    assert case.watch_on == date(2026, 6, 10)
    with pytest.raises(WatchIsTooLong):
        watch_on(case=case, until=date(2026, 12, 1), note="ser igjen", by=NURSE, at=instant(TODAY))
    watch_on(case=case, until=date(2026, 6, 1), note="skriver til ambassaden", by=NURSE, at=instant(TODAY))
    assert case.watch_on == date(2026, 6, 1)
    end_watch(case=case, reason="utvandret i registeret", by=NURSE, at=instant(LATER))
    assert not watched_cases(municipality=municipality).exists()
    with pytest.raises(CaseIsNotWatched):
        watch_on(case=case, until=LATER, note="igjen", by=NURSE, at=instant(TODAY))


def test_a_case_about_a_report_is_watched_until_the_answers_have_come(case: Case, staff: Staff) -> None:
    closing = "concern_report_sent_keep_open_until_feedback"
    with pytest.raises(NoReportIsSent):
        close(case=case, closing=closing, by=NURSE, at=instant(TODAY))
    assessment = record_assessment(
        person=case.person, case=case, assessed_by=staff["sykepleier"], assessed_on=TODAY, duty_to_report=True, criteria=["b"],
        grounds="prøve", by=NURSE, at=instant(TODAY),
    )  # fmt: skip
    record_report_sent(assessment=assessment, sent_at=instant(TODAY), by=NURSE, at=instant(TODAY))
    close(case=case, closing=closing, by=NURSE, at=instant(TODAY))
    with pytest.raises(AnswersAreStillOwed):
        end_watch(case=case, reason="ferdig", by=NURSE, at=instant(LATER))
    OwedAnswer.objects.update(received_on=LATER)
    end_watch(case=case, reason="svarene er kommet", by=NURSE, at=instant(LATER))
    assert case.watch_ended_by == "sykepleier.prøve"


def test_an_entry_is_corrected_beside_itself_and_only_once(case: Case) -> None:
    event = did(case, outcome=Outcome.NO_CONTACT)
    with pytest.raises(NotInTheList):
        correct_event(event=event, reason="latskap", note="feil", by=NURSE, at=instant(TODAY))
    with pytest.raises(ChildAsInterpreter):
        correct_event(event=event, interpreter=Interpreter.CHILD, note="feil", by=NURSE, at=instant(TODAY))
    correction = correct_event(
        event=event, how=How.TELEPHONE, outcome=Outcome.REACHED, note="snakket med far", by=NURSE, at=instant(TODAY, 15)
    )
    assert (correction.corrects, correction.outcome, correction.step) == (event, "reached", "new_time")
    event.refresh_from_db()
    assert event.outcome == "no_contact"
    with pytest.raises(EventIsCorrected):
        correct_event(event=event, note="igjen", by=NURSE, at=instant(TODAY))
    assert correct_event(event=correction, note="likevel ikke", by=NURSE, at=instant(TODAY)).corrects == correction


@pytest.mark.parametrize("table", ["followup_caseevent", "followup_casefact"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET by = 'x'", "DELETE FROM {}"])
def test_events_and_facts_are_append_only_in_the_database_itself(table: str, statement: str, case: Case) -> None:
    sql = statement.format(table).replace("by = 'x'", "key = 'x'" if table.endswith("fact") else "by = 'x'")
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_flag_hurries_the_open_case_and_ends_on_a_day(case: Case, clerk: Actor) -> None:
    did(case)
    assert case.due_on == date(2026, 3, 12)
    flagged = flag(person=case.person, until=LATER, reason="følges tett", by=NURSE, at=instant(TODAY))
    case.refresh_from_db()
    assert (case.track, case.due_on) == ("fast", date(2026, 3, 11))
    unflag(flag=flagged, by=clerk, at=instant(TODAY))
    with pytest.raises(FlagIsEnded):
        unflag(flag=flagged, by=clerk, at=instant(TODAY))
    case.refresh_from_db()
    assert case.track == "fast"


@pytest.mark.parametrize("until", [TODAY, date(2027, 3, 11)])
def test_a_flag_lasts_a_year_at_most(until: date, case: Case) -> None:
    with pytest.raises(FlagEndsOutOfReach):
        flag(person=case.person, until=until, reason="følges tett", by=NURSE, at=instant(TODAY))
    with pytest.raises(NoteIsMissing):
        flag(person=case.person, until=LATER, reason=" ", by=NURSE, at=instant(TODAY))
    with pytest.raises(OnlyAPerson):
        flag(person=case.person, until=LATER, reason="prøve", by=JOB, at=instant(TODAY))
