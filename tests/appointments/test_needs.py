"""Who waits for a time: from facts in the database to what the solver is given."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fjorten.appointments.needs import ByHandBecause, needs_on, to_place_by_hand, waiting_list, waiting_on
from fjorten.appointments.placing import Need, Wishes
from fjorten.appointments.slots import FreeSlot
from fjorten.appointments.states import State
from fjorten.kernel.periods import Period
from fjorten.organisation.models import Employee, Municipality
from fjorten.people.models import Adult, ContactPause, Person, Placement, Wish
from fjorten.plans.models import Enrolment
from fjorten.programme.steps import Performer, Setting
from tests.appointments.families import AT, TODAY, a_child, a_mother, a_nurse, an_appointment, step_of
from tests.appointments.times import a_slot

EIGHT_MONTHS_SOON = date(2025, 7, 25)  # eight months on 25 March, fifteen days from today


@pytest.fixture
def nurse(municipality: Municipality) -> Employee:
    return a_nurse(municipality.clinics.get())


@pytest.fixture
def child(municipality: Municipality) -> Person:
    """Nearly eight months, with everything before that done."""
    return a_child(municipality, EIGHT_MONTHS_SOON, done_before=date(2026, 3, 1))


def only_need(municipality: Municipality, **asked: object) -> Need:
    [need] = needs_on(municipality=municipality, on=TODAY, **asked)
    return need


def by_hand(municipality: Municipality) -> dict[str, ByHandBecause]:
    return {one.step: one.because for one in to_place_by_hand(municipality=municipality, on=TODAY)}


def test_a_child_whose_turn_has_come_is_found_with_what_the_step_needs(municipality: Municipality, child: Person) -> None:
    need = only_need(municipality)
    assert (need.step, need.child, need.clinic) == ("C08_M8", child.pk, municipality.clinics.get().pk)
    assert need.days == Period(date(2026, 3, 24), date(2026, 4, 1))
    assert (need.target_on, need.until_on) == (date(2026, 3, 25), step_of(child, "C08_M8").window_until)
    assert [(way.setting, way.minutes) for way in need.ways] == [(Setting.CLINIC, 30), (Setting.GROUP, 60)]
    assert needs_on(municipality=municipality, on=TODAY - timedelta(days=20)) == []


def test_a_newborn_is_visited_at_short_notice(municipality: Municipality) -> None:
    a_child(municipality, date(2026, 3, 7))
    home = next(need for need in needs_on(municipality=municipality, on=TODAY) if need.step == "C01_HOME")
    assert home.days == Period(date(2026, 3, 12), date(2026, 3, 22))
    assert home.ways[0].setting is Setting.HOME


def test_the_doctor_is_needed_where_the_step_needs_one(municipality: Municipality) -> None:
    a_child(municipality, TODAY - timedelta(days=30), done_before=TODAY + timedelta(days=1))
    need = only_need(municipality)
    assert need.step == "C03_W6"
    assert need.ways[0].performers == {Performer.PUBLIC_HEALTH_NURSE, Performer.CLINIC_DOCTOR}


def test_a_newcomer_is_given_the_consultation_of_the_catch_up_plan(municipality: Municipality) -> None:
    newcomer = a_child(municipality, date(2023, 12, 10), with_catch_up=True)
    need = only_need(municipality)
    assert need.child == newcomer.pk
    assert need.days.start is not None
    assert need.days.start >= TODAY + timedelta(days=2)


@pytest.mark.parametrize(
    "change",
    [
        lambda child: Person.objects.filter(pk=child.pk).update(is_dead=True, died_on=TODAY),
        lambda child: child.residences.update(valid_until=TODAY),
        lambda child: Enrolment.objects.filter(person=child).update(ended_on=TODAY, ended_at=AT, ended_by="prøve", ended_reason="flyttet"),
        lambda child: Enrolment.objects.filter(person=child).update(enrolled_on=TODAY + timedelta(days=1)),
        lambda child: (
            step_of(child, "C08_M8")
            .enrolment.steps.filter(outcome=None)
            .update(outcome="declined", outcome_on=TODAY, outcome_at=AT, outcome_by="prøve", outcome_reason="ønsker ikke")
        ),
    ],
    ids=["dead", "moved", "ended", "not begun", "declined"],
)
def test_the_dead_the_moved_and_the_settled_need_no_time(change, municipality: Municipality, child: Person) -> None:
    change(child)
    waiting = waiting_on(municipality=municipality, on=TODAY)
    assert (waiting.needs, waiting.by_hand) == ([], [])


def test_whoever_has_a_time_needs_none(municipality: Municipality, child: Person, nurse: Employee) -> None:
    an_appointment(step_of(child, "C08_M8"), nurse, date(2026, 3, 26), state=State.CONFIRMED)
    assert needs_on(municipality=municipality, on=TODAY) == []


@pytest.mark.parametrize("state", [State.DID_NOT_ATTEND, State.NOT_BROUGHT])
def test_after_a_miss_the_new_time_comes_soon_instead_of_the_old_one(
    state: State, municipality: Municipality, child: Person, nurse: Employee
) -> None:
    missed = an_appointment(step_of(child, "C08_M8"), nurse, TODAY, state=state)
    need = only_need(municipality)
    assert (need.days, need.replaces) == (Period(date(2026, 3, 12), date(2026, 3, 25)), missed.pk)
    assert only_need(municipality, fast={child.pk}).days == Period(date(2026, 3, 11), date(2026, 3, 14))


def test_what_was_put_off_is_given_a_time_inside_the_window(municipality: Municipality, child: Person, nurse: Employee) -> None:
    cancelled = an_appointment(step_of(child, "C08_M8"), nurse, date(2026, 3, 26), state=State.CANCELLED_BY_CLINIC)
    need = only_need(municipality)
    assert (need.days, need.replaces) == (Period(date(2026, 3, 12), date(2026, 4, 1)), cancelled.pk)


def test_the_nurse_who_saw_the_child_last_is_preferred(municipality: Municipality, child: Person, nurse: Employee) -> None:
    other = a_nurse(nurse.clinic, "nora")
    an_appointment(step_of(child, "C06_M5"), other, date(2025, 12, 22), state=State.ATTENDED)
    an_appointment(step_of(child, "C07_M6"), nurse, date(2026, 1, 26), state=State.ATTENDED)
    an_appointment(step_of(child, "C08_M8"), other, date(2026, 3, 2), state=State.DID_NOT_ATTEND)
    assert only_need(municipality).same_nurse == nurse.pk


def test_siblings_are_known_by_their_mother_and_their_times(municipality: Municipality, nurse: Employee) -> None:
    mother = a_mother(municipality)
    younger = a_child(municipality, EIGHT_MONTHS_SOON, done_before=date(2026, 3, 1), mother=mother)
    twin = a_child(municipality, EIGHT_MONTHS_SOON, done_before=date(2026, 3, 1), mother=mother)
    older = a_child(municipality, date(2022, 4, 1), mother=mother)
    a_child(municipality, EIGHT_MONTHS_SOON, done_before=date(2026, 3, 1), mother=a_mother(municipality, 1))
    time_of_older = an_appointment(step_of(older, "C14_Y4"), nurse, date(2026, 3, 26))
    needs = {need.child: need for need in needs_on(municipality=municipality, on=TODAY)}
    assert needs[younger.pk].family == needs[twin.pk].family == min(younger.pk, twin.pk, older.pk)
    assert [span.begins_at for span in needs[younger.pk].family_times] == [time_of_older.begins_at]
    assert [need.family for child, need in needs.items() if child not in {younger.pk, twin.pk}] == [None]


def test_an_interpreter_is_needed_when_a_guardian_needs_one_or_else_the_carer(municipality: Municipality) -> None:
    mother = a_mother(municipality, needs_interpreter=True, language="ar")
    child = a_child(municipality, EIGHT_MONTHS_SOON, done_before=date(2026, 3, 1), mother=mother)
    assert only_need(municipality).needs_interpreter
    carer = Adult.objects.create(municipality=municipality, recorded_at=AT, recorded_by="prøve")
    Placement.objects.create(
        person=child, carer=carer, kind="private", source="vedtak", from_on=date(2026, 1, 1), recorded_at=AT, recorded_by="prøve"
    )
    assert not only_need(municipality).needs_interpreter


def test_the_familys_wishes_come_along_and_nonsense_does_not(municipality: Municipality, child: Person) -> None:
    told = {"person": child, "recorded_at": AT, "recorded_by": "prøve"}
    Wish.objects.create(unsuitable_weekdays=[4], ended_at=AT, **told)
    Wish.objects.create(unsuitable_weekdays=[0, 9, "fredag"], earliest=time(12), can_come_at_short_notice=True, **told)
    assert only_need(municipality).wishes == Wishes(frozenset({0}), time(12), None, True)


def test_a_protected_child_is_placed_by_a_person(municipality: Municipality) -> None:
    a_child(municipality, EIGHT_MONTHS_SOON, done_before=date(2026, 3, 1), protection="confidential")
    assert needs_on(municipality=municipality, on=TODAY) == []
    assert by_hand(municipality) == {"C08_M8": ByHandBecause.CHILD_IS_PROTECTED}


def test_so_is_a_child_with_a_protected_guardian(municipality: Municipality) -> None:
    a_child(municipality, EIGHT_MONTHS_SOON, done_before=date(2026, 3, 1), mother=a_mother(municipality, is_protected=True))
    assert by_hand(municipality) == {"C08_M8": ByHandBecause.GUARDIAN_IS_PROTECTED}


def test_a_family_that_is_left_in_peace_is_given_a_time_after_it_can_be_told(municipality: Municipality, child: Person) -> None:
    pause = ContactPause.objects.create(
        person=child, from_on=TODAY, until_on=date(2026, 3, 25), reason="sorg", recorded_at=AT, recorded_by="prøve"
    )
    assert only_need(municipality).days == Period(date(2026, 3, 27), date(2026, 4, 1))
    ContactPause.objects.filter(pk=pause.pk).update(until_on=date(2026, 5, 1))
    assert by_hand(municipality) == {"C08_M8": ByHandBecause.FAMILY_IS_LEFT_IN_PEACE}


def test_a_step_whose_case_waits_is_left_out(municipality: Municipality, child: Person) -> None:
    assert needs_on(municipality=municipality, on=TODAY, paused_steps={step_of(child, "C08_M8").pk}) == []


def test_what_is_overdue_is_given_a_time_soon_and_alone(municipality: Municipality) -> None:
    born_on = TODAY - timedelta(days=150)
    child = a_child(municipality, born_on, done_before=TODAY - timedelta(days=40))
    overdue = step_of(child, "C05_M4")
    assert overdue.window_until < TODAY
    found = by_hand(municipality)
    assert found == {"C05_M4": ByHandBecause.LATER_STEP_IS_DUE}
    child.enrolments.get().steps.filter(step="C06_M5").update(
        outcome="done", outcome_on=TODAY, outcome_at=AT, outcome_by="prøve", outcome_reason=""
    )
    need = next(need for need in needs_on(municipality=municipality, on=TODAY) if need.step == "C05_M4")
    assert need.days == Period(date(2026, 3, 12), date(2026, 3, 25))
    assert [(way.setting, way.is_second_best) for way in need.ways] == [(Setting.CLINIC, False)]


def test_a_child_past_the_programme_is_not_called_in_by_itself(municipality: Municipality) -> None:
    a_child(municipality, date(2019, 12, 1), done_before=date(2023, 12, 1))
    assert by_hand(municipality) == {"C14_Y4": ByHandBecause.PROGRAMME_HAS_ENDED}


def test_a_plan_that_cannot_be_read_is_a_persons_and_stops_nobody_else(municipality: Municipality, child: Person) -> None:
    other = a_child(municipality, EIGHT_MONTHS_SOON, done_before=date(2026, 3, 1))
    Enrolment.objects.filter(person=child).update(programme_version="child-programme-0-5/1950.1")
    assert set(by_hand(municipality).values()) == {ByHandBecause.STEP_IS_UNKNOWN}
    assert [need.child for need in needs_on(municipality=municipality, on=TODAY)] == [other.pk]


def test_the_questions_are_as_many_for_ten_children_as_for_one(municipality: Municipality) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            needs_on(municipality=municipality, on=TODAY)
        return len(asked)

    mother = a_mother(municipality, needs_interpreter=True)
    a_child(municipality, EIGHT_MONTHS_SOON, done_before=date(2026, 3, 1), mother=mother)
    for_one = questions()
    for _ in range(9):
        a_child(municipality, EIGHT_MONTHS_SOON, done_before=date(2026, 3, 1), mother=mother)
    assert questions() == for_one <= 13


def test_what_is_known_of_those_who_wait_is_asked_for_by_their_keys(municipality: Municipality) -> None:
    """A database that has not counted its tables yet took half an hour over the question for them within the question for their parents."""
    a_child(municipality, EIGHT_MONTHS_SOON, done_before=date(2026, 3, 1), mother=a_mother(municipality, needs_interpreter=True))
    with CaptureQueriesContext(connection) as asked:
        needs_on(municipality=municipality, on=TODAY)
    who_waits, *facts = [query["sql"] for query in asked]
    assert "plans_plannedstep" in who_waits
    assert [sql for sql in facts if sql.count("SELECT") > 1] == []


def freed(municipality: Municipality, day: int) -> FreeSlot:
    return a_slot(day, "12:00", clinic_id=municipality.clinics.get().pk)


def test_a_freed_time_is_for_those_whose_window_closes_first(municipality: Municipality) -> None:
    later, sooner = (a_child(municipality, born_on, done_before=date(2026, 3, 1)) for born_on in (EIGHT_MONTHS_SOON, date(2025, 7, 15)))
    waiting = waiting_list(municipality=municipality, on=TODAY, slot=freed(municipality, 18))
    assert [need.child for need in waiting] == [sooner.pk, later.pk]
    assert waiting_list(municipality=municipality, on=TODAY, slot=a_slot(18, clinic_id=0)) == []


def test_a_freed_time_tomorrow_is_for_those_who_can_come_soon(municipality: Municipality, child: Person) -> None:
    assert waiting_list(municipality=municipality, on=TODAY, slot=freed(municipality, 11)) == []
    Wish.objects.create(person=child, can_come_at_short_notice=True, recorded_at=AT, recorded_by="prøve")
    assert [need.child for need in waiting_list(municipality=municipality, on=TODAY, slot=freed(municipality, 11))] == [child.pk]
