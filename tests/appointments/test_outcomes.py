"""What becomes of an appointment, over every state, target, role and moment; and what was written down wrong, put right."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from itertools import product
from typing import Any

import pytest
from django.db import transaction

from fjorten.access.permissions import GRANTS, Permission
from fjorten.appointments.actions.absences import record_absence
from fjorten.appointments.actions.booking import (
    ChildHasDied,
    EnrolmentHasEnded,
    StepHasAnOpenAppointment,
    StepIsSettled,
    book,
    move_by_family,
)
from fjorten.appointments.actions.holding import ChildIsBusy, StaffOrRoomIsAway, TimeIsTaken
from fjorten.appointments.actions.outcomes import (
    cancel_by_clinic,
    cancel_by_family,
    confirm,
    correct,
    mark_attended,
    mark_did_not_attend,
    mark_not_brought,
)
from fjorten.appointments.models import Appointment, AppointmentEvent
from fjorten.appointments.states import (
    WHO_SAYS,
    AppointmentHasNotBegun,
    Follows,
    NothingToCorrect,
    NotYoursToSay,
    State,
    corrected,
    settled,
)
from fjorten.audit.actor import Actor
from fjorten.kernel.refusals import Refused
from fjorten.people.models import Person
from fjorten.plans.actions.enrolment import end_enrolment
from fjorten.plans.actions.settling import decline, mark_done, reopen
from fjorten.plans.models import Enrolment, PlannedStep
from fjorten.plans.reasons import REASON_LENGTH, ReasonIsMissing, ReasonIsTooLong
from tests.appointments.written import everything, history_of, holds_by_clock, newest_in_the_trail
from tests.factories.clinic import AT, CLERK, FAMILY, LEADER, NURSE, TODAY, StaffedClinic, an_enrolled_child, step_of

ACTIONS: dict[State, Callable[..., Follows]] = {
    State.CONFIRMED: confirm,
    State.ATTENDED: mark_attended,
    State.DID_NOT_ATTEND: mark_did_not_attend,
    State.NOT_BROUGHT: mark_not_brought,
    State.CANCELLED_BY_FAMILY: cancel_by_family,
    State.CANCELLED_BY_CLINIC: cancel_by_clinic,
}
WRONG = "feil rad"


@pytest.fixture
def booked(here: StaffedClinic, step: PlannedStep) -> Appointment:
    """The sister's time on Monday, from nine to half past."""
    return book(planned_step=step, slot=here.slot("2026-03-16 09:00"), by=CLERK, at=AT)


def in_state(appointment: Appointment, state: State) -> Appointment:
    """The appointment as it is after somebody who may has said so."""
    if state in ACTIONS:
        ACTIONS[state](appointment=appointment, by=NURSE, at=appointment.begins_at - timedelta(hours=state not in AFTER))
    elif state is not State.OFFERED:
        correct_to(in_state(appointment, State.CANCELLED_BY_CLINIC), state)
    appointment.refresh_from_db()
    return appointment


AFTER = {State.ATTENDED, State.DID_NOT_ATTEND, State.NOT_BROUGHT}


def correct_to(appointment: Appointment, state: State, **told: Any) -> Follows:
    return correct(appointment=appointment, to=state, **({"reason": WRONG, "by": NURSE, "at": appointment.begins_at} | told))


def answer(act: Callable[[], Follows]) -> str:
    """What an action says, after which everything is as it was."""
    try:
        with transaction.atomic():
            said = act()
            transaction.set_rollback(True)
            return said.value
    except Refused as refused:
        return type(refused).__name__


def the_rules_answer(rule: Callable[[], Follows]) -> str:
    try:
        return rule().value
    except Refused as refused:
        return type(refused).__name__


@pytest.mark.parametrize("state", State)
def test_every_action_answers_as_the_table_does(state: State, booked: Appointment) -> None:
    row = in_state(booked, state)
    assert row.state == state
    for (to, act), (role, who), has_begun in product(ACTIONS.items(), WHO_SAYS.items(), (False, True)):
        by, at = Actor(who="x", role=role), row.begins_at - timedelta(seconds=not has_begun)
        expected = the_rules_answer(partial(settled, state, to, by=who, has_begun=has_begun))
        assert answer(partial(act, appointment=row, by=by, at=at)) == expected, (state, to, role, has_begun)


def test_everybody_who_may_book_has_a_say_in_what_became_of_a_time() -> None:
    assert {role.value for role, granted in GRANTS.items() if Permission.BOOK in granted} <= set(WHO_SAYS)


@pytest.mark.parametrize("state", State)
def test_every_correction_answers_as_the_rule_does(state: State, booked: Appointment) -> None:
    row = in_state(booked, state)
    for to, (role, who), has_begun in product(State, WHO_SAYS.items(), (False, True)):
        by, at = Actor(who="x", role=role), row.begins_at - timedelta(seconds=not has_begun)
        expected = the_rules_answer(partial(corrected, state, to, by=who, has_begun=has_begun))
        assert answer(partial(correct_to, row, to, by=by, at=at)) == expected, (state, to, role, has_begun)


@pytest.mark.parametrize("to", ACTIONS)
def test_what_is_said_is_written_with_who_when_and_why(to: State, booked: Appointment) -> None:
    at = booked.begins_at + timedelta(hours=-1 if to is State.CONFIRMED or to is State.CANCELLED_BY_FAMILY else 1)
    told = {} if to is State.CONFIRMED else {"reason": "sa mor"}
    ACTIONS[to](appointment=booked, **told, by=NURSE, at=at)
    booked.refresh_from_db()
    reason = told.get("reason", "")
    assert (booked.state, booked.state_at, booked.state_by, booked.state_reason) == (to, at, NURSE.who, reason)
    assert history_of(booked)[1:] == [("offered", to, NURSE.who, NURSE.role, reason)]
    assert bool(holds_by_clock(booked)) is to.is_holding
    assert newest_in_the_trail()["action"] == f"appointment.{to}"


@pytest.mark.parametrize("to", [to for to in ACTIONS if to is not State.CONFIRMED])
def test_a_reason_fits(to: State, booked: Appointment) -> None:
    with pytest.raises(ReasonIsTooLong):
        ACTIONS[to](appointment=booked, reason="x" * (REASON_LENGTH + 1), by=NURSE, at=booked.begins_at)


def test_whoever_holds_an_old_copy_is_told_that_somebody_was_first(booked: Appointment) -> None:
    stale = Appointment.objects.get(pk=booked.pk)
    cancel_by_family(appointment=booked, by=FAMILY, at=AT)
    before = everything()
    assert answer(lambda: mark_attended(appointment=stale, by=NURSE, at=booked.begins_at)) == "AppointmentIsSettled"
    assert everything() == before


def test_the_consultation_is_done_on_the_day_the_child_came(booked: Appointment, step: PlannedStep) -> None:
    late = booked.begins_at + timedelta(days=9)
    assert mark_attended(appointment=booked, by=CLERK, at=late) is Follows.CONSULTATION_IS_WRITTEN
    step.refresh_from_db()
    assert (step.outcome, step.outcome_on, step.outcome_at, step.outcome_by) == ("done", date(2026, 3, 16), late, CLERK.who)


def test_the_day_the_child_came_is_the_norwegian_day(here: StaffedClinic, step: PlannedStep) -> None:
    midnight = book(planned_step=step, slot=here.slot("2026-06-16 00:30"), by=CLERK, at=AT)
    assert midnight.begins_at.date() == date(2026, 6, 15)
    mark_attended(appointment=midnight, by=CLERK, at=midnight.begins_at)
    step.refresh_from_db()
    assert step.outcome_on == date(2026, 6, 16)


def test_a_consultation_settled_in_the_meantime_stays_as_it_was_settled(booked: Appointment, sister: Enrolment, step: PlannedStep) -> None:
    decline(enrolment=sister, step=step.step, on=TODAY, reason="vil ikke", by=CLERK, at=AT)
    mark_attended(appointment=booked, by=CLERK, at=booked.begins_at)
    booked.refresh_from_db()
    step.refresh_from_db()
    assert (booked.state, step.outcome) == ("attended", "declined")
    correct_to(booked, State.DID_NOT_ATTEND)
    step.refresh_from_db()
    assert step.outcome == "declined"


def test_a_child_who_has_moved_or_died_can_still_have_come(
    here: StaffedClinic, booked: Appointment, sister: Enrolment, step: PlannedStep
) -> None:
    end_enrolment(enrolment=sister, on=date(2026, 3, 18), reason="flyttet", by=CLERK, at=AT)
    Person.objects.filter(pk=booked.person_id).update(is_dead=True, died_on=date(2026, 3, 19))
    mark_attended(appointment=booked, by=CLERK, at=booked.begins_at + timedelta(days=4))
    step.refresh_from_db()
    assert step.outcome == "done"


def test_a_correction_stands_beside_what_it_corrects(booked: Appointment) -> None:
    in_state(booked, State.DID_NOT_ATTEND)
    assert correct_to(booked, State.NOT_BROUGHT) is Follows.NEW_TIME_THE_SAME_DAY
    assert correct_to(booked, State.ATTENDED, reason="kom likevel") is Follows.CONSULTATION_IS_WRITTEN
    first, missed, not_brought, came = AppointmentEvent.objects.filter(appointment=booked).order_by("pk")
    assert [event.corrects for event in (first, missed, not_brought, came)] == [None, None, missed, not_brought]
    assert [(came.from_state, came.to_state, came.reason)] == [("not_brought", "attended", "kom likevel")]
    booked.refresh_from_db()
    assert (booked.state, booked.state_reason) == ("attended", "kom likevel")


def test_a_correction_is_recorded(booked: Appointment) -> None:
    in_state(booked, State.DID_NOT_ATTEND)
    correct_to(booked, State.CANCELLED_BY_CLINIC)
    assert newest_in_the_trail() == {
        "action": "appointment.corrected",
        "about": str(booked.person.public_id),
        "who": NURSE.who,
        "detail": {"appointment": booked.pk, "was": "did_not_attend", "to": "cancelled_by_clinic"},
    }


@pytest.mark.parametrize("to", [to for to in State if to is not State.ATTENDED])
def test_an_attendance_taken_back_opens_the_consultation_again(to: State, booked: Appointment, step: PlannedStep) -> None:
    in_state(booked, State.ATTENDED)
    correct_to(booked, to)
    step.refresh_from_db()
    booked.refresh_from_db()
    assert (booked.state, step.outcome) == (to, None)
    assert [event.reason for event in step.events.order_by("pk")][-1] == WRONG
    assert bool(holds_by_clock(booked)) is to.is_holding


def test_a_consultation_somebody_else_settled_is_not_opened_by_a_correction(
    booked: Appointment, sister: Enrolment, step: PlannedStep
) -> None:
    in_state(booked, State.ATTENDED)
    reopen(enrolment=sister, step=step.step, reason="feil", by=CLERK, at=AT)
    mark_done(enrolment=sister, step=step.step, on=TODAY, today=TODAY, by=CLERK, at=AT)
    correct_to(booked, State.DID_NOT_ATTEND)
    step.refresh_from_db()
    assert step.outcome == "done"


@pytest.mark.parametrize("to", [State.OFFERED, State.CONFIRMED, State.ATTENDED, State.DID_NOT_ATTEND])
def test_back_in_a_state_that_holds_it_takes_its_time_again(to: State, booked: Appointment) -> None:
    before = holds_by_clock(booked)
    in_state(booked, State.CANCELLED_BY_FAMILY)
    assert holds_by_clock(booked) == {}
    correct_to(booked, to)
    assert holds_by_clock(booked) == before


@pytest.mark.parametrize("to", [State.OFFERED, State.ATTENDED, State.DID_NOT_ATTEND])
def test_a_time_given_to_another_is_not_taken_back(to: State, here: StaffedClinic, booked: Appointment, brother: Enrolment) -> None:
    in_state(booked, State.CANCELLED_BY_FAMILY)
    book(planned_step=step_of(brother, "C13_Y2"), slot=here.slot("2026-03-16 09:15"), by=CLERK, at=AT)
    before = everything()
    with pytest.raises(TimeIsTaken):
        correct_to(booked, to)
    assert everything() == before


def test_a_child_that_has_another_time_then_is_not_put_back(here: StaffedClinic, booked: Appointment, sister: Enrolment) -> None:
    in_state(booked, State.CANCELLED_BY_FAMILY)
    elsewhere = here.slot("2026-03-16 09:15", employee=here.other_nurse, room=here.other_room)
    book(planned_step=step_of(sister, "C05_M4"), slot=elsewhere, by=CLERK, at=AT)
    with pytest.raises(ChildIsBusy):
        correct_to(booked, State.OFFERED)


def test_travel_is_held_again_too(here: StaffedClinic, step: PlannedStep) -> None:
    visit = book(planned_step=step, slot=here.slot("2026-03-16 09:00", room=None, travel_minutes=25), by=CLERK, at=AT)
    in_state(visit, State.CANCELLED_BY_FAMILY)
    correct_to(visit, State.OFFERED)
    assert holds_by_clock(visit) == {f"employee:{here.nurse.pk}": "09:00-09:55", f"person:{visit.person_id}": "09:00-09:30"}


def test_back_in_a_group_it_takes_the_lowest_free_place(here: StaffedClinic) -> None:
    children = [an_enrolled_child(here) for _ in range(3)]
    rows = [
        book(planned_step=step_of(child, "C05_M4"), slot=here.slot("2026-03-16 09:00", capacity=2), by=CLERK, at=AT)
        for child in children[:2]
    ]
    for row in rows:
        in_state(row, State.CANCELLED_BY_FAMILY)
    anew = book(planned_step=step_of(children[2], "C05_M4"), slot=here.slot("2026-03-16 09:00", capacity=2), by=CLERK, at=AT)
    correct_to(rows[0], State.OFFERED)
    rows[0].refresh_from_db()
    assert (rows[0].place, rows[0].sitting) == (1, anew.sitting)
    with pytest.raises(TimeIsTaken):
        correct_to(rows[1], State.OFFERED)


def test_back_to_open_what_a_booking_would_refuse_is_refused(
    here: StaffedClinic, booked: Appointment, sister: Enrolment, step: PlannedStep
) -> None:
    in_state(booked, State.CANCELLED_BY_FAMILY)

    def refused_while(refusal: type[Refused], given: Callable[[], object]) -> None:
        with transaction.atomic():
            given()
            for to in (State.OFFERED, State.CONFIRMED):
                with pytest.raises(refusal):
                    correct_to(booked, to)
            transaction.set_rollback(True)

    signed = {"by": LEADER, "at": AT}
    refused_while(StepHasAnOpenAppointment, lambda: book(planned_step=step, slot=here.slot("2026-03-17 09:00"), **signed))
    refused_while(StepIsSettled, lambda: decline(enrolment=sister, step=step.step, on=TODAY, reason="vil ikke", **signed))
    refused_while(EnrolmentHasEnded, lambda: end_enrolment(enrolment=sister, on=date(2026, 3, 16), reason="flyttet", **signed))
    refused_while(ChildHasDied, lambda: Person.objects.filter(pk=booked.person_id).update(is_dead=True))
    days = {"from_on": date(2026, 3, 16), "until_on": date(2026, 3, 17)}
    refused_while(StaffOrRoomIsAway, lambda: record_absence(clinic=here.clinic, employee=here.nurse, **days, **signed))
    correct_to(booked, State.OFFERED)


def test_an_appointment_moved_by_mistake_is_put_back_once_the_new_one_is_gone(here: StaffedClinic, booked: Appointment) -> None:
    new = move_by_family(appointment=booked, slot=here.slot("2026-03-17 09:00"), by=FAMILY, at=AT)
    with pytest.raises(StepHasAnOpenAppointment):
        correct_to(booked, State.OFFERED)
    cancel_by_clinic(appointment=new, by=CLERK, at=AT)
    correct_to(booked, State.OFFERED)
    assert holds_by_clock(booked) != {}


@pytest.mark.parametrize(
    ("reason", "refusal"), [("", ReasonIsMissing), (" ", ReasonIsMissing), ("x" * (REASON_LENGTH + 1), ReasonIsTooLong)]
)
def test_a_correction_says_why(reason: str, refusal: type[Refused], booked: Appointment) -> None:
    in_state(booked, State.CANCELLED_BY_FAMILY)
    with pytest.raises(refusal):
        correct_to(booked, State.OFFERED, reason=reason)


def test_nobody_came_to_what_was_cancelled_and_has_not_begun(booked: Appointment) -> None:
    in_state(booked, State.CANCELLED_BY_FAMILY)
    with pytest.raises(AppointmentHasNotBegun):
        correct_to(booked, State.ATTENDED, at=booked.begins_at - timedelta(seconds=1))


def test_an_open_appointment_is_not_corrected_and_a_job_corrects_nothing(booked: Appointment) -> None:
    with pytest.raises(NothingToCorrect):
        correct_to(booked, State.ATTENDED)
    in_state(booked, State.CANCELLED_BY_FAMILY)
    with pytest.raises(NotYoursToSay):
        correct_to(booked, State.OFFERED, by=Actor(who="nattkjøring", role="job"))


def test_a_role_with_a_long_name_may_book(here: StaffedClinic, step: PlannedStep) -> None:
    by = Actor(who="drift", role="technical_administrator")
    assert history_of(book(planned_step=step, slot=here.slot("2026-03-16 09:00"), by=by, at=AT))[0][3] == by.role


def test_instants_are_kept_as_they_were_said(booked: Appointment) -> None:
    at = datetime(2026, 3, 16, 9, 0, 0, 1, tzinfo=AT.tzinfo)
    mark_did_not_attend(appointment=booked, by=CLERK, at=at)
    booked.refresh_from_db()
    assert booked.state_at == at
