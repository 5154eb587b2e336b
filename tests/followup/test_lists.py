"""The lists: who acts and why, what waits, what can be closed, and that reading them costs the same for many children as for few."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fjorten.appointments.states import State
from fjorten.audit.actor import Actor
from fjorten.followup.actions.cases import open_case
from fjorten.followup.actions.closings import close
from fjorten.followup.actions.steps import pause
from fjorten.followup.facts import facts_on
from fjorten.followup.models import Case
from fjorten.followup.queries import (
    CaseRow,
    cases_due,
    cases_of,
    declined_to_ask_again,
    leaders_list,
    open_cases,
    paused_cases,
    unconfirmed_claims,
)
from fjorten.followup.rounds import open_cases_from_facts
from fjorten.organisation.models import Absence, Clinic, Employee, Municipality
from fjorten.organisation.owners import Because
from fjorten.people.models import Adult, Person
from fjorten.plans.actions.enrolment import end_enrolment
from fjorten.plans.actions.settling import confirm_done_elsewhere, decline, mark_done, mark_done_elsewhere, reopen
from fjorten.plans.models import PlannedStep
from tests.factories.cases import JOB, NURSE, appointment, child_with_plan, guardian, instant, step_of
from tests.followup.conftest import BORN_ON, STEP, TODAY

Staff = dict[str, Employee]
TOMORROW = TODAY + timedelta(days=1)


def away(employee: Employee, *, on: date = TODAY) -> None:
    Absence.objects.create(
        clinic=employee.clinic, employee=employee, from_on=on, until_on=on + timedelta(days=1), recorded_at=instant(on), recorded_by="test"
    )


def only(rows: list[CaseRow]) -> CaseRow:
    [row] = rows
    return row


def test_a_case_is_due_on_its_day_and_stays_due_until_something_is_done(case: Case, municipality: Municipality) -> None:
    Case.objects.update(due_on=TOMORROW)
    assert cases_due(municipality=municipality, on=TODAY) == []
    assert len(open_cases(municipality=municipality, on=TODAY)) == 1
    assert only(cases_due(municipality=municipality, on=TOMORROW)).step.code == "new_time"
    assert len(cases_due(municipality=municipality, on=TODAY + timedelta(days=800))) == 1


def test_the_row_says_who_acts_and_why(case: Case, staff: Staff, municipality: Municipality) -> None:
    row = only(open_cases(municipality=municipality, on=TODAY))
    assert (row.acts, row.because) == (staff["merkantil"], Because.OWNER)
    away(staff["merkantil"])
    row = only(open_cases(municipality=municipality, on=TODAY))
    assert (row.acts, row.because) == (staff["leder"], Because.DEPUTY)
    Case.objects.update(deputy=staff["kollega"])
    away(staff["kollega"])
    row = only(open_cases(municipality=municipality, on=TODAY))
    assert (row.acts, row.because) == (staff["leder"], Because.LEADER)
    away(staff["leder"])
    row = only(open_cases(municipality=municipality, on=TODAY))
    assert (row.acts, row.because.words) == (
        staff["leder"],
        "ingen er til stede: eieren, stedfortrederen og lederen er borte",
    )
    assert only(open_cases(municipality=municipality, on=TOMORROW)).because == Because.OWNER  # nobody had to hand it back


def test_the_deputy_sees_the_case_while_the_owner_is_away(case: Case, staff: Staff) -> None:
    assert cases_of(staff["leder"], on=TODAY) == []
    away(staff["merkantil"])
    assert only(cases_of(staff["leder"], on=TODAY)).because == Because.DEPUTY
    assert only(cases_of(staff["merkantil"], on=TODAY)).acts == staff["leder"]


def test_a_paused_case_is_on_the_list_of_the_paused_and_comes_back_on_its_day(case: Case, municipality: Municipality) -> None:
    until = TODAY + timedelta(days=30)
    pause(case=case, until=until, reason="hospitalised", by=NURSE, at=instant(TODAY))
    assert cases_due(municipality=municipality, on=until - timedelta(days=1)) == []
    assert only(paused_cases(municipality=municipality, on=TODAY)).due_on == until
    assert only(cases_due(municipality=municipality, on=until)).due_on == until
    assert paused_cases(municipality=municipality, on=until) == []


def test_the_leader_sees_their_own_steps_and_every_old_case_also_a_paused_one(case: Case, municipality: Municipality) -> None:
    assert leaders_list(municipality=municipality, on=TODAY) == []
    Case.objects.update(next_step="leader_decides")
    assert len(leaders_list(municipality=municipality, on=TODAY)) == 1
    Case.objects.update(next_step="discuss", paused_until=date(2026, 8, 1), pause_reason="hospitalised")
    assert leaders_list(municipality=municipality, on=date(2026, 6, 9)) == []
    assert len(leaders_list(municipality=municipality, on=date(2026, 6, 10))) == 1  # 60 working days, with Easter, May and Whitsun


def test_a_settled_step_says_that_the_case_can_be_closed_and_a_person_closes_it(case: Case, municipality: Municipality) -> None:
    assert only(open_cases(municipality=municipality, on=TODAY)).closable is None
    mark_done(enrolment=case.planned_step.enrolment, step=STEP, on=TODAY, today=TODAY, by=NURSE, at=instant(TODAY))
    closable = only(open_cases(municipality=municipality, on=TODAY)).closable
    assert closable is not None
    assert closable.sentence == "kan lukkes: konsultasjonen er gjennomført"
    close(case=case, closing=closable.closing, by=NURSE, at=instant(TODAY))
    assert open_cases(municipality=municipality, on=TODAY) == []


def test_a_corrected_appointment_says_that_the_case_can_be_closed(step: PlannedStep, staff: Staff, municipality: Municipality) -> None:
    row = appointment(step, staff["sykepleier"], on=TODAY, state=State.DID_NOT_ATTEND)
    open_cases_from_facts(municipality=municipality, on=TODAY, by=JOB, at=instant(TODAY, 23))
    missed = Case.objects.filter(planned_step=step)

    def closable() -> str:
        found = {row.case: row.closable for row in open_cases(municipality=municipality, on=TODAY)}[missed.get()]
        return found.sentence if found else ""

    assert closable() == ""
    row.state = State.ATTENDED
    row.save()
    assert closable() == "kan lukkes: det som åpnet saken, er rettet. Velg hvorfor"


def test_claims_of_done_elsewhere_are_counted_apart_until_somebody_confirms(step: PlannedStep, municipality: Municipality) -> None:
    told = {"enrolment": step.enrolment, "step": STEP, "by": NURSE, "at": instant(TODAY)}
    mark_done_elsewhere(on=TODAY, today=TODAY, is_confirmed=False, reason="mor sier fastlegen", **told)
    assert list(unconfirmed_claims(municipality=municipality, on=TODAY)) == [step]
    assert list(unconfirmed_claims(municipality=municipality, on=TODAY - timedelta(days=1))) == []
    confirm_done_elsewhere(reason="epikrise", **told)
    assert list(unconfirmed_claims(municipality=municipality, on=TODAY)) == []


def test_a_family_that_declined_is_asked_again_at_the_next_consultation(step: PlannedStep, municipality: Municipality) -> None:
    told = {"enrolment": step.enrolment, "step": STEP, "by": NURSE, "at": instant(TODAY)}
    decline(on=TODAY, reason="ønsker ikke", **told)
    following = step_of(step.enrolment.person, "C10_M12")
    assert declined_to_ask_again(municipality=municipality, on=following.window_from - timedelta(days=1)) == []
    [row] = declined_to_ask_again(municipality=municipality, on=following.window_from)
    assert (row.step, row.declined_on, row.ask_on) == (step, TODAY, following.window_from)
    reopen(reason="spurt igjen", **told)
    decline(on=following.window_from, reason="fortsatt nei", **told)
    after_that = step_of(step.enrolment.person, "C11_M15")
    assert declined_to_ask_again(municipality=municipality, on=after_that.window_from - timedelta(days=1)) == []
    assert len(declined_to_ask_again(municipality=municipality, on=after_that.window_from)) == 1
    end_enrolment(enrolment=step.enrolment, on=after_that.window_from, reason="flyttet", by=NURSE, at=instant(TODAY))
    assert declined_to_ask_again(municipality=municipality, on=after_that.window_from) == []


def many(clinic: Clinic, staff: Staff, count: int) -> list[Person]:
    """Children with overdue steps, a miss, a returned letter and an open case each."""
    children = []
    for nth in range(count):
        child = child_with_plan(clinic, BORN_ON + timedelta(days=nth), on=BORN_ON + timedelta(days=nth), by=NURSE, at=instant(BORN_ON))
        guardian(child, nth=Adult.objects.count(), returned_on=TODAY)
        step = step_of(child, STEP)
        appointment(step, staff["sykepleier"], on=TODAY - timedelta(days=nth), state=State.DID_NOT_ATTEND)
        open_case(planned_step=step_of(child, "C10_M12"), reason="prøve", by=NURSE, at=instant(TODAY))
        children.append(child)
    return children


@pytest.mark.parametrize("read", [facts_on, open_cases, cases_due, leaders_list, paused_cases, declined_to_ask_again])
def test_a_list_costs_the_same_for_many_children_as_for_few(read: object, clinic: Clinic, staff: Staff, municipality: Municipality) -> None:
    many(clinic, staff, 2)
    few = queries_of(read, municipality)
    many(clinic, staff, 6)
    assert queries_of(read, municipality) == few <= 10


def queries_of(read: object, municipality: Municipality) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        list(read(municipality=municipality, on=TODAY))  # type: ignore[operator]
    return len(captured)


def test_a_night_with_nothing_new_reads_only(clinic: Clinic, staff: Staff, municipality: Municipality) -> None:
    many(clinic, staff, 3)
    first = open_cases_from_facts(municipality=municipality, on=TODAY, by=JOB, at=instant(TODAY, 23))
    assert first.opened > 3
    with CaptureQueriesContext(connection) as captured:
        assert open_cases_from_facts(municipality=municipality, on=TODAY, by=JOB, at=instant(TODAY, 23)).changed == 0
    assert len(captured) <= 13
    assert facts_on(municipality=municipality, on=TODAY) == []


def test_another_municipalitys_cases_are_not_ours(case: Case, clerk: Actor, at: datetime) -> None:
    from fjorten.organisation.actions import open_municipality

    neighbour = open_municipality(code="9902", name="Nabokommunen", by=clerk, at=at)
    assert open_cases(municipality=neighbour, on=TODAY) == []
    assert facts_on(municipality=neighbour, on=TODAY) == []
