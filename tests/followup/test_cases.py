"""Opening a case from facts and by hand, moving it, and giving it to others: what each writes, and what it refuses."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from fjorten.appointments.models import Appointment
from fjorten.appointments.states import State
from fjorten.audit.actor import Actor
from fjorten.audit.models import AuditEvent
from fjorten.followup.actions.cases import (
    CaseIsOpenAlready,
    DoesNotWorkHere,
    NotTheirStep,
    OwnerIsTheirOwnDeputy,
    StepNeedsNoCase,
    open_case,
    reassign,
)
from fjorten.followup.actions.closings import close
from fjorten.followup.actions.entries import NOTE_LENGTH, NoteIsMissing, NoteIsTooLong, SomeoneWasFirst
from fjorten.followup.actions.flags import flag
from fjorten.followup.actions.steps import pause
from fjorten.followup.models import Case, CaseEvent, CaseFact
from fjorten.followup.queries import cases_left_behind, cases_without_next_step_owner_deputy_or_deadline, open_cases
from fjorten.followup.rounds import hand_over_cases, note_new_times, open_cases_from_facts
from fjorten.organisation.models import Clinic, Employee, Municipality
from fjorten.organisation.responsibility import NobodyToOwnIt
from fjorten.people.models import Person
from fjorten.plans.actions.enrolment import end_enrolment
from fjorten.plans.actions.settling import mark_done
from fjorten.plans.models import PlannedStep
from tests.factories.cases import JOB, NURSE, appointment, child_with_plan, guardian, instant, step_of
from tests.followup.conftest import BORN_ON, STEP, TODAY

Staff = dict[str, Employee]


def night(municipality: Municipality, on: date = TODAY) -> tuple[int, int, int]:
    """Run the night's opening, and tell (opened, moved, noted)."""
    done = open_cases_from_facts(municipality=municipality, on=on, by=JOB, at=instant(on, 23))
    assert done.troubles == []
    return done.opened, done.moved, done.noted


def missed(step: PlannedStep, staff: Staff, on: date = TODAY, state: State = State.DID_NOT_ATTEND) -> Appointment:
    return appointment(step, staff["sykepleier"], on=on, state=state)


@pytest.fixture(autouse=True)
def others_are_done(request: pytest.FixtureRequest) -> None:
    """Settle every step before the one tried, so that only that one has facts."""
    if "child" in request.fixturenames:
        child = request.getfixturevalue("child")
        for row in PlannedStep.objects.filter(enrolment__person=child, window_until__lte=TODAY):
            mark_done(enrolment=row.enrolment, step=row.step, on=row.target_on, today=TODAY, by=NURSE, at=instant(TODAY, 1))


def test_a_missed_consultation_opens_one_case_however_often_it_is_seen(step: PlannedStep, staff: Staff, municipality: Municipality) -> None:
    no_show = missed(step, staff)
    assert night(municipality) == (1, 0, 0)
    case = Case.objects.get()
    assert (case.trigger, case.trigger_key, case.fact_on) == ("missed", f"appointment:{no_show.pk}", TODAY)
    assert (case.next_step, case.owner, case.deputy, case.due_on) == ("new_time", staff["merkantil"], staff["leder"], TODAY)
    assert (case.track, case.opened_by, case.ladder) == ("standard", "nattkjøring", "non-attendance-ladder/2026.1")
    before = AuditEvent.objects.count()
    assert night(municipality) == (0, 0, 0)
    assert AuditEvent.objects.count() == before


def test_opening_writes_the_fact_an_event_and_a_line_in_the_trail(step: PlannedStep, staff: Staff, municipality: Municipality) -> None:
    missed(step, staff)
    night(municipality)
    case = Case.objects.get()
    assert list(CaseFact.objects.values_list("case", "trigger", "since")) == [(case.pk, "missed", TODAY)]
    event = CaseEvent.objects.get()
    assert (event.what, event.reason, event.note) == ("opened", "missed", "Ingen kom til timen.")
    assert (event.next_step, event.owner, event.due_on) == ("new_time", staff["merkantil"], TODAY)
    last = AuditEvent.objects.order_by("-seq")[0]
    assert (last.action, last.about, last.who) == ("case.opened", str(case.person.public_id), "nattkjøring")


def test_a_second_miss_gives_the_open_case_to_the_nurse_and_opens_no_other(
    step: PlannedStep, staff: Staff, municipality: Municipality
) -> None:
    missed(step, staff)
    night(municipality)
    later = TODAY + timedelta(days=9)
    missed(step, staff, on=later)
    assert night(municipality, later) == (0, 1, 0)
    case = Case.objects.get()
    assert (case.next_step, case.starts_with, case.counts_from, case.due_on) == ("nurse_takes_over", "nurse_takes_over", later, later)
    assert case.owner.role == Employee.Role.NURSE
    assert case.facts.count() == 2
    assert list(case.events.order_by("pk").values_list("what", flat=True)) == ["opened", "moved"]
    assert night(municipality, later) == (0, 0, 0)


def test_two_misses_seen_together_open_one_case_with_the_nurse(step: PlannedStep, staff: Staff, municipality: Municipality) -> None:
    missed(step, staff, on=TODAY - timedelta(days=8))
    missed(step, staff)
    assert night(municipality) == (1, 0, 0)
    case = Case.objects.get()
    assert (case.next_step, case.due_on, case.facts.count()) == ("nurse_takes_over", TODAY, 2)


def test_the_nurse_is_the_one_the_family_knows(step: PlannedStep, staff: Staff, municipality: Municipality) -> None:
    appointment(step_of(step.enrolment.person, "C08_M8"), staff["kollega"], on=TODAY - timedelta(days=60), state=State.ATTENDED)
    missed(step, staff, on=TODAY - timedelta(days=8))
    missed(step, staff)
    night(municipality)
    assert Case.objects.get().owner == staff["kollega"]


def test_a_fact_lower_on_the_ladder_never_moves_a_case_down(step: PlannedStep, staff: Staff, municipality: Municipality) -> None:
    missed(step, staff, on=TODAY - timedelta(days=8))
    missed(step, staff)
    night(municipality)
    over = step.window_until
    assert night(municipality, over)[1:] == (0, 1)  # the window passed: noted, not moved
    assert Case.objects.get(planned_step=step).next_step == "nurse_takes_over"


def test_a_closed_case_about_the_same_fact_does_not_open_again(step: PlannedStep, staff: Staff, municipality: Municipality) -> None:
    missed(step, staff)
    night(municipality)
    close(case=Case.objects.get(), closing="merged_into_next_consultation", by=NURSE, at=instant(TODAY, 14))
    assert night(municipality, TODAY + timedelta(days=1)) == (0, 0, 0)


def test_a_new_fact_after_a_case_is_closed_opens_a_new_one_on_the_fast_track(
    step: PlannedStep, staff: Staff, municipality: Municipality
) -> None:
    missed(step, staff)
    night(municipality)
    close(case=Case.objects.get(), closing="merged_into_next_consultation", by=NURSE, at=instant(TODAY, 14))
    tomorrow = TODAY + timedelta(days=1)
    missed(step, staff, on=tomorrow)
    assert night(municipality, tomorrow) == (1, 0, 0)
    newest = Case.objects.order_by("-pk")[0]
    assert (newest.track, newest.next_step) == ("fast", "nurse_takes_over")


def test_nothing_booked_is_the_clinics_and_the_window_passing_is_the_same_case(
    step: PlannedStep, staff: Staff, municipality: Municipality
) -> None:
    closes = step.window_until
    assert night(municipality, closes - timedelta(days=16)) == (0, 0, 0)
    assert night(municipality, closes - timedelta(days=15)) == (1, 0, 0)
    assert Case.objects.get().trigger == "nothing_booked"
    [row] = open_cases(municipality=municipality, on=closes)
    assert row.why_open == "Ingen time er satt opp, og tidsrommet er snart over. Det er tjenesten som mangler en time, ikke familien."
    assert night(municipality, closes)[2] == 1


def test_a_returned_letter_opens_a_case_that_begins_with_a_call(child: Person, staff: Staff, municipality: Municipality) -> None:
    guardian(child, returned_on=TODAY)
    assert night(municipality) == (1, 0, 0)
    case = Case.objects.get()
    assert (case.trigger, case.next_step, case.due_on) == ("letter_returned", "call_again", TODAY)
    assert case.planned_step.step == STEP  # the first one that is left


def test_a_dead_number_moves_the_open_case_to_the_call(child: Person, step: PlannedStep, staff: Staff, municipality: Municipality) -> None:
    missed(step, staff)
    night(municipality)
    tomorrow = TODAY + timedelta(days=1)
    guardian(child, failed_on=tomorrow)
    assert night(municipality, tomorrow) == (0, 1, 0)
    assert Case.objects.get().next_step == "call_again"


def test_a_placed_child_is_not_looked_for_at_its_parents(child: Person, staff: Staff, municipality: Municipality) -> None:
    carer = guardian(child, nth=1)
    guardian(child, failed_on=TODAY)
    child.placements.create(
        carer=carer, kind="child_welfare", source="barnevernet", from_on=TODAY, recorded_at=instant(TODAY), recorded_by="t"
    )
    assert night(municipality) == (0, 0, 0)


def test_the_dead_and_those_whose_enrolment_has_ended_get_no_new_case(
    child: Person, step: PlannedStep, staff: Staff, municipality: Municipality
) -> None:
    missed(step, staff)
    Person.objects.filter(pk=child.pk).update(is_dead=True)
    assert night(municipality) == (0, 0, 0)
    Person.objects.filter(pk=child.pk).update(is_dead=False)
    end_enrolment(enrolment=step.enrolment, on=TODAY, reason="flyttet", by=NURSE, at=instant(TODAY))
    assert night(municipality) == (0, 0, 0)


def test_an_age_limit_hides_nobody(clinic: Clinic, staff: Staff, municipality: Municipality, clerk: Actor, at: datetime) -> None:
    child_with_plan(clinic, date(2018, 1, 5), on=date(2018, 1, 5), by=clerk, at=at)
    assert night(municipality)[0] == 14


def test_one_child_that_cannot_be_done_is_listed_and_the_rest_are_done(
    step: PlannedStep, clinic: Clinic, staff: Staff, municipality: Municipality, clerk: Actor, at: datetime
) -> None:
    other = child_with_plan(clinic, BORN_ON, on=BORN_ON, by=clerk, at=at)
    for row in PlannedStep.objects.filter(enrolment__person=other, window_until__lte=TODAY):
        mark_done(enrolment=row.enrolment, step=row.step, on=row.target_on, today=TODAY, by=NURSE, at=instant(TODAY, 1))
    poisoned = missed(step_of(other, STEP), staff)
    missed(step, staff)
    # Another case of the same child has the very key of this miss, as a row that was put in by hand would.
    foreign = open_case(planned_step=step_of(other, "C10_M12"), reason="prøve", by=NURSE, at=instant(TODAY, 1))
    Case.objects.filter(pk=foreign.pk).update(
        planned_step=poisoned.planned_step, trigger="missed", trigger_key=f"appointment:{poisoned.pk}"
    )
    close(case=Case.objects.get(pk=foreign.pk), closing="merged_into_next_consultation", by=NURSE, at=instant(TODAY, 2))
    done = open_cases_from_facts(municipality=municipality, on=TODAY, by=JOB, at=instant(TODAY, 23))
    assert done.opened == 1
    [trouble] = done.troubles
    assert (trouble.person_id, trouble.error.split(":")[0]) == (other.pk, "IntegrityError")
    assert trouble.sentence.endswith(".")


def test_without_anybody_to_own_it_a_case_is_not_opened_and_the_night_says_so(
    step: PlannedStep, staff: Staff, municipality: Municipality
) -> None:
    missed(step, staff)
    Employee.objects.update(employed_until=TODAY)
    done = open_cases_from_facts(municipality=municipality, on=TODAY, by=JOB, at=instant(TODAY, 23))
    assert [trouble.error for trouble in done.troubles] == ["NobodyToOwnIt"]
    assert "Ingen kan ta seg av dette" in done.troubles[0].sentence
    Employee.objects.update(employed_until=None)
    assert night(municipality) == (1, 0, 0)  # nothing was lost by waiting


def test_a_case_is_opened_by_hand_with_a_reason(case: Case, staff: Staff) -> None:
    assert (case.trigger, case.next_step, case.owner) == ("by_hand", "new_time", staff["merkantil"])
    assert case.events.get().note == "mor ringte"


def test_opening_by_hand_refuses_a_second_case_and_a_step_without_need(case: Case, step: PlannedStep, clerk: Actor, at: datetime) -> None:
    with pytest.raises(CaseIsOpenAlready):
        open_case(planned_step=step, reason="igjen", by=clerk, at=at)
    done = step_of(case.person, "C08_M8")
    with pytest.raises(StepNeedsNoCase):
        open_case(planned_step=done, reason="igjen", by=clerk, at=at)
    end_enrolment(enrolment=step.enrolment, on=TODAY, reason="flyttet", by=NURSE, at=at)
    left = step_of(case.person, "C10_M12")
    with pytest.raises(StepNeedsNoCase):
        open_case(planned_step=left, reason="igjen", by=clerk, at=at)
    with pytest.raises(NoteIsMissing):
        open_case(planned_step=left, reason=" ", by=clerk, at=at)
    with pytest.raises(NoteIsTooLong):
        open_case(planned_step=left, reason="x" * (NOTE_LENGTH + 1), by=clerk, at=at)


def test_without_a_leader_or_anybody_of_the_role_opening_by_hand_is_refused(step: PlannedStep, clerk: Actor, at: datetime) -> None:
    Employee.objects.exclude(role="public_health_nurse").update(employed_until=TODAY)
    with pytest.raises(NobodyToOwnIt):
        open_case(planned_step=step, reason="mor ringte", by=clerk, at=at)


def test_the_database_itself_refuses_a_second_open_case_and_a_case_closed_without_a_reason(case: Case) -> None:
    double = Case.objects.get(pk=case.pk)
    double.pk, double.trigger_key = None, "en annen"
    with pytest.raises(IntegrityError), transaction.atomic():
        double.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(closed_at=case.opened_at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(next_step="")


def test_a_case_is_given_to_somebody_else_with_a_reason(case: Case, staff: Staff, clerk: Actor, at: datetime) -> None:
    reassign(case=case, owner=staff["sykepleier"], deputy=staff["kollega"], reason="kjenner familien", by=clerk, at=at)
    assert (case.owner, case.deputy) == (staff["sykepleier"], staff["kollega"])
    reassign(case=case, owner=staff["leder"], reason="vil ha den selv", by=clerk, at=at)
    assert case.deputy in {staff["merkantil"], staff["sykepleier"], staff["kollega"]}
    assert list(case.events.order_by("pk").values_list("what", flat=True)) == ["opened", "reassigned", "reassigned"]


def test_reassigning_refuses_those_who_do_not_work_here_and_those_the_step_is_not_for(
    case: Case, staff: Staff, clerk: Actor, at: datetime
) -> None:
    Employee.objects.filter(pk=staff["kollega"].pk).update(employed_until=TODAY)
    with pytest.raises(DoesNotWorkHere):
        reassign(case=case, owner=staff["kollega"], reason="bytte", by=clerk, at=at)
    with pytest.raises(DoesNotWorkHere):
        reassign(case=case, owner=staff["leder"], deputy=staff["kollega"], reason="bytte", by=clerk, at=at)
    with pytest.raises(OwnerIsTheirOwnDeputy):
        reassign(case=case, owner=staff["leder"], deputy=staff["leder"], reason="bytte", by=clerk, at=at)
    Case.objects.filter(pk=case.pk).update(next_step="nurse_takes_over")
    case.refresh_from_db()
    with pytest.raises(NotTheirStep):
        reassign(case=case, owner=staff["merkantil"], reason="bytte", by=clerk, at=at)
    with pytest.raises(NoteIsMissing):
        reassign(case=case, owner=staff["leder"], reason="", by=clerk, at=at)


def test_nobody_overwrites_what_they_have_not_seen(case: Case, staff: Staff, clerk: Actor, at: datetime) -> None:
    as_another_saw_it = Case.objects.get(pk=case.pk)
    reassign(case=case, owner=staff["leder"], reason="bytte", by=clerk, at=at)
    with pytest.raises(SomeoneWasFirst):
        reassign(case=as_another_saw_it, owner=staff["sykepleier"], reason="bytte", by=clerk, at=at)
    assert case.events.count() == 2


def test_when_the_owner_leaves_the_case_is_handed_over_and_l4_holds_again(case: Case, staff: Staff, municipality: Municipality) -> None:
    Employee.objects.filter(pk__in=[staff["merkantil"].pk, staff["leder"].pk]).update(employed_until=TODAY)
    assert list(cases_without_next_step_owner_deputy_or_deadline(municipality=municipality, on=TODAY)) == [case]
    before = case.opened_on - timedelta(days=1)
    assert not cases_without_next_step_owner_deputy_or_deadline(municipality=municipality, on=before).exists(), "it was not there yet"
    done = hand_over_cases(municipality=municipality, on=TODAY, by=JOB, at=instant(TODAY, 23))
    assert [trouble.error for trouble in done.troubles] == ["NobodyToOwnIt"]  # two nurses cannot own a clerk's case by rule
    Employee.objects.filter(pk=staff["leder"].pk).update(employed_until=None)
    assert hand_over_cases(municipality=municipality, on=TODAY, by=JOB, at=instant(TODAY, 23)).handed_over == 1
    case.refresh_from_db()
    assert case.owner == staff["leder"]
    assert case.closed_at is None
    assert not cases_left_behind(municipality=municipality, on=TODAY).exists()
    assert not cases_without_next_step_owner_deputy_or_deadline(municipality=municipality, on=TODAY).exists()
    assert hand_over_cases(municipality=municipality, on=TODAY, by=JOB, at=instant(TODAY, 23)).handed_over == 0


def test_when_only_the_deputy_leaves_the_owner_stays(case: Case, staff: Staff, municipality: Municipality) -> None:
    Employee.objects.filter(pk=staff["leder"].pk).update(employed_until=TODAY)
    assert hand_over_cases(municipality=municipality, on=TODAY, by=JOB, at=instant(TODAY, 23)).handed_over == 1
    case.refresh_from_db()
    assert (case.owner, case.deputy.role) == (staff["merkantil"], "public_health_nurse")


def test_a_new_time_is_noted_and_the_clerk_has_the_next_step(
    case: Case, step: PlannedStep, staff: Staff, municipality: Municipality
) -> None:
    assert note_new_times(municipality=municipality, on=TODAY, by=JOB, at=instant(TODAY, 23)).new_times == 0
    appointment(step, staff["sykepleier"], on=TODAY + timedelta(days=10))
    assert note_new_times(municipality=municipality, on=TODAY, by=JOB, at=instant(TODAY, 23)).new_times == 1
    case.refresh_from_db()
    assert (case.next_step, case.owner, case.due_on) == ("check_and_call", staff["merkantil"], date(2026, 3, 12))
    assert note_new_times(municipality=municipality, on=TODAY, by=JOB, at=instant(TODAY, 23)).new_times == 0


def test_a_paused_case_takes_in_a_new_fact_and_stays_paused(
    case: Case, step: PlannedStep, staff: Staff, municipality: Municipality
) -> None:
    pause(case=case, until=TODAY + timedelta(days=30), reason="hospitalised", by=NURSE, at=instant(TODAY))
    missed(step, staff, on=TODAY - timedelta(days=8))
    missed(step, staff)
    assert night(municipality) == (0, 1, 0)
    case.refresh_from_db()
    assert (case.next_step, case.paused_until) == ("nurse_takes_over", TODAY + timedelta(days=30))


def test_a_flagged_child_gets_the_fast_track(step: PlannedStep, staff: Staff, municipality: Municipality) -> None:
    flag(person=step.enrolment.person, until=TODAY + timedelta(days=90), reason="følges tett", by=NURSE, at=instant(TODAY))
    missed(step, staff)
    night(municipality)
    assert Case.objects.get().track == "fast"
