"""Giving a child a time: what is taken, what is refused, groups, home visits, siblings, and another time instead."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest

from fjorten.appointments.actions.absences import cancel_absence, record_absence
from fjorten.appointments.actions.booking import (
    AppointmentIsOfAnotherStep,
    ChildHasDied,
    EnrolmentHasEnded,
    StepHasAnOpenAppointment,
    StepIsSettled,
    TimeHasPassed,
    book,
    move_by_clinic,
    move_by_family,
)
from fjorten.appointments.actions.holding import ChildIsBusy, StaffOrRoomIsAway, TimeIsAnotherMunicipalitys, TimeIsTaken
from fjorten.appointments.actions.outcomes import cancel_by_clinic, cancel_by_family, confirm
from fjorten.appointments.models import Appointment, Hold
from fjorten.appointments.states import AppointmentHasBegun, AppointmentIsSettled, Follows, NotYoursToSay
from fjorten.audit.actor import Actor
from fjorten.kernel.refusals import Refused
from fjorten.organisation.actions import end_employment, hire, open_clinic, open_municipality, open_room
from fjorten.organisation.models import Employee, Municipality
from fjorten.organisation.owners import Because
from fjorten.organisation.responsibility import Responsible, staff_on
from fjorten.plans.actions import REASON_LENGTH, ReasonIsTooLong, decline, mark_done
from fjorten.plans.models import Enrolment, PlannedStep
from tests.appointments.written import everything, history_of, holds_by_clock, newest_in_the_trail
from tests.factories.clinic import AT, CLERK, FAMILY, JOB, LEADER, SINCE, TODAY, StaffedClinic, an_enrolled_child, step_of

NINE = "2026-03-16 09:00"


def given(step: PlannedStep, slot: Any, **told: Any) -> Appointment:
    return book(planned_step=step, slot=slot, **({"by": CLERK, "at": AT} | told))


def refused(refusal: type[Refused], act: Callable[[], object]) -> None:
    """See an action refused, and nothing written."""
    before = everything()
    with pytest.raises(refusal):
        act()
    assert everything() == before


def test_a_booked_time_takes_the_staff_the_room_and_the_child(here: StaffedClinic, step: PlannedStep) -> None:
    booked = given(step, here.slot(NINE, doctor=here.doctor), needs_interpreter=True, reason="mor ringte")
    assert holds_by_clock(booked) == {
        f"employee:{here.nurse.pk}": "09:00-09:30",
        f"employee:{here.doctor.pk}": "09:00-09:30",
        f"room:{here.room.pk}": "09:00-09:30",
        f"person:{booked.person_id}": "09:00-09:30",
    }
    booked.refresh_from_db()
    assert (booked.state, booked.place, booked.needs_interpreter, booked.booked_by) == ("offered", 0, True, CLERK.who)
    assert (booked.planned_step, booked.person, booked.clinic) == (step, step.enrolment.person, here.clinic)
    assert history_of(booked) == [("", "offered", CLERK.who, "clerk", "mor ringte")]
    assert newest_in_the_trail() == {
        "action": "appointment.booked",
        "about": str(booked.person.public_id),
        "who": CLERK.who,
        "detail": {"appointment": booked.pk},
    }


def test_a_job_may_book(here: StaffedClinic, step: PlannedStep) -> None:
    assert given(step, here.slot(NINE), by=JOB).booked_by == JOB.who


@pytest.mark.parametrize(
    ("begins", "traits"),
    [
        (NINE, {}),
        ("2026-03-16 08:45", {}),
        ("2026-03-16 09:29", {"minutes": 5}),
        ("2026-03-16 08:00", {"minutes": 180}),
        (NINE, {"employee": "other_nurse"}),  # another nurse in the same room
        (NINE, {"room": "other_room"}),  # the same nurse in another room
        (NINE, {"employee": "other_nurse", "room": None, "doctor": "nurse"}),  # the nurse as the other one beside
    ],
)
def test_what_is_taken_is_not_given_again(
    begins: str, traits: dict[str, Any], here: StaffedClinic, step: PlannedStep, brother: Enrolment
) -> None:
    given(step, here.slot(NINE))
    named = {name: getattr(here, value) if isinstance(value, str) else value for name, value in traits.items()}
    slot = here.slot(begins, **named)
    refused(TimeIsTaken, lambda: given(step_of(brother, "C13_Y2"), slot))


@pytest.mark.parametrize(
    ("begins", "traits"),
    [
        ("2026-03-16 08:30", {}),
        ("2026-03-16 09:30", {}),
        (NINE, {"employee": "other_nurse", "room": "other_room"}),
    ],
)
def test_times_that_only_meet_or_share_nothing_are_given_both(
    begins: str, traits: dict[str, Any], here: StaffedClinic, step: PlannedStep, brother: Enrolment
) -> None:
    given(step, here.slot(NINE))
    given(step_of(brother, "C13_Y2"), here.slot(begins, **{name: getattr(here, value) for name, value in traits.items()}))
    assert Appointment.objects.count() == 2


def test_brother_and_sister_come_one_after_the_other(here: StaffedClinic, step: PlannedStep, brother: Enrolment) -> None:
    first = given(step, here.slot(NINE))
    second = given(step_of(brother, "C13_Y2"), here.slot("2026-03-16 09:30"))
    assert first.ends_at == second.begins_at


def test_one_child_is_not_in_two_places_at_once(here: StaffedClinic, sister: Enrolment, step: PlannedStep) -> None:
    given(step, here.slot(NINE))
    elsewhere = here.slot("2026-03-16 09:15", employee=here.other_nurse, room=here.other_room)
    refused(ChildIsBusy, lambda: given(step_of(sister, "C05_M4"), elsewhere))


def test_the_travel_after_a_home_visit_is_kept_free_for_the_staff_alone(
    here: StaffedClinic, sister: Enrolment, step: PlannedStep, brother: Enrolment
) -> None:
    visit = given(step, here.slot(NINE, room=None, minutes=60, travel_minutes=30, employee=here.other_nurse))
    assert holds_by_clock(visit) == {f"employee:{here.other_nurse.pk}": "09:00-10:30", f"person:{visit.person_id}": "09:00-10:00"}
    on_the_way = here.slot("2026-03-16 10:00", employee=here.other_nurse)
    refused(TimeIsTaken, lambda: given(step_of(brother, "C13_Y2"), on_the_way))
    given(step_of(sister, "C05_M4"), here.slot("2026-03-16 10:00"))
    given(step_of(brother, "C13_Y2"), here.slot("2026-03-16 10:30", employee=here.other_nurse, room=here.other_room))


def test_a_group_fills_from_the_lowest_place_until_it_is_full(here: StaffedClinic) -> None:
    slot = here.slot(NINE, capacity=3)
    children = [an_enrolled_child(here, born_on=date(2026, 1, 5)) for _ in range(5)]
    steps = [step_of(child, "C05_M4") for child in children]
    booked = [given(step, slot) for step in steps[:3]]
    assert [row.place for row in booked] == [0, 1, 2]
    assert len({row.sitting for row in booked}) == 1
    refused(TimeIsTaken, lambda: given(steps[3], slot))
    cancel_by_family(appointment=booked[1], by=CLERK, at=AT)
    assert given(steps[3], slot).place == 1
    refused(TimeIsTaken, lambda: given(steps[4], slot))


def test_a_group_is_as_large_as_it_was_when_it_was_begun(
    here: StaffedClinic, step: PlannedStep, brother: Enrolment, sister: Enrolment
) -> None:
    given(step, here.slot(NINE, capacity=2))
    second = given(step_of(brother, "C13_Y2"), here.slot(NINE, capacity=30))
    assert (second.place, second.capacity) == (1, 2)
    other = an_enrolled_child(here, born_on=date(2026, 1, 6))
    refused(TimeIsTaken, lambda: given(step_of(other, "C05_M4"), here.slot(NINE, capacity=30)))


def test_a_child_sits_in_a_group_once(here: StaffedClinic, sister: Enrolment, step: PlannedStep) -> None:
    given(step, here.slot(NINE, capacity=6))
    refused(ChildIsBusy, lambda: given(step_of(sister, "C05_M4"), here.slot(NINE, capacity=6)))


@pytest.mark.parametrize("capacities", [(1, 6), (6, 1)])
def test_a_group_and_a_single_child_do_not_share_a_time(
    capacities: tuple[int, int], here: StaffedClinic, step: PlannedStep, brother: Enrolment
) -> None:
    first, second = capacities
    given(step, here.slot(NINE, capacity=first))
    refused(TimeIsTaken, lambda: given(step_of(brother, "C13_Y2"), here.slot(NINE, capacity=second)))


def test_a_group_left_by_everybody_can_be_begun_anew(here: StaffedClinic, step: PlannedStep, brother: Enrolment) -> None:
    alone = given(step, here.slot(NINE, capacity=6))
    cancel_by_family(appointment=alone, by=CLERK, at=AT)
    assert given(step_of(brother, "C13_Y2"), here.slot(NINE, capacity=6)).place == 0


@pytest.mark.parametrize("minutes", [0, -30])
def test_what_has_begun_is_not_given(minutes: int, here: StaffedClinic, step: PlannedStep) -> None:
    slot = here.slot(NINE)
    refused(TimeHasPassed, lambda: given(step, slot, at=slot.begins_at - timedelta(minutes=minutes)))
    assert given(step, slot, at=slot.begins_at - timedelta(seconds=1)).state == "offered"


def test_one_open_time_for_one_consultation(here: StaffedClinic, sister: Enrolment, step: PlannedStep) -> None:
    given(step, here.slot(NINE))
    refused(StepHasAnOpenAppointment, lambda: given(step, here.slot("2026-03-17 09:00")))
    given(step_of(sister, "C05_M4"), here.slot("2026-03-17 09:00"))


@pytest.mark.parametrize("settle", ["done", "declined"])
def test_a_settled_consultation_gets_no_time(settle: str, here: StaffedClinic, sister: Enrolment, step: PlannedStep) -> None:
    if settle == "done":
        mark_done(enrolment=sister, step=step.step, on=TODAY, today=TODAY, by=CLERK, at=AT)
    else:
        decline(enrolment=sister, step=step.step, on=TODAY, reason="vil ikke", by=CLERK, at=AT)
    refused(StepIsSettled, lambda: given(step, here.slot(NINE)))


def test_a_child_the_register_says_is_dead_gets_no_time(here: StaffedClinic) -> None:
    child = an_enrolled_child(here, has_died_on=date(2026, 3, 9))
    refused(ChildHasDied, lambda: given(step_of(child, "C04_M3"), here.slot(NINE)))


def test_a_child_that_has_moved_gets_no_time_from_the_day_it_does(here: StaffedClinic) -> None:
    child = an_enrolled_child(here, has_moved_away_on=date(2026, 3, 16))
    refused(EnrolmentHasEnded, lambda: given(step_of(child, "C04_M3"), here.slot(NINE)))
    assert given(step_of(child, "C04_M3"), here.slot("2026-03-13 09:00")).state == "offered"


def test_a_time_is_given_instead_of_one_for_the_same_consultation(here: StaffedClinic, sister: Enrolment, step: PlannedStep) -> None:
    cancelled = given(step, here.slot(NINE))
    cancel_by_clinic(appointment=cancelled, by=CLERK, at=AT)
    other = step_of(sister, "C05_M4")
    refused(AppointmentIsOfAnotherStep, lambda: given(other, here.slot(NINE), replaces=cancelled))
    assert given(step, here.slot(NINE), replaces=cancelled).replaces == cancelled


def test_a_reason_fits(here: StaffedClinic, step: PlannedStep) -> None:
    refused(ReasonIsTooLong, lambda: given(step, here.slot(NINE), reason="x" * (REASON_LENGTH + 1)))
    booked = given(step, here.slot(NINE), reason="x" * REASON_LENGTH)
    refused(
        ReasonIsTooLong,
        lambda: move_by_family(appointment=booked, slot=here.slot("2026-03-17 09:00"), reason="x" * (REASON_LENGTH + 1), by=CLERK, at=AT),
    )


MONDAY = {"from_on": date(2026, 3, 16), "until_on": date(2026, 3, 17)}


@pytest.mark.parametrize(
    "whose",
    [{"employee": "nurse"}, {"employee": "doctor"}, {"room": "room"}, {}, {"employee": "nurse", "begins": time(8), "ends": time(9, 1)}],
)
def test_nobody_is_given_a_time_with_somebody_who_is_away(whose: dict[str, Any], here: StaffedClinic, step: PlannedStep) -> None:
    named = {name: getattr(here, value) if isinstance(value, str) else value for name, value in whose.items()}
    away = record_absence(clinic=here.clinic, **MONDAY, **named, by=LEADER, at=AT)
    slot = here.slot(NINE, doctor=here.doctor)
    refused(StaffOrRoomIsAway, lambda: given(step, slot))
    cancel_absence(absence=away.absence, by=LEADER, at=AT)
    assert given(step, slot).state == "offered"


@pytest.mark.parametrize(
    "whose",
    [{"employee": "other_nurse"}, {"room": "other_room"}, {"employee": "nurse", "begins": time(9, 30), "ends": time(15)}],
)
def test_those_who_are_there_receive_while_others_are_away(whose: dict[str, Any], here: StaffedClinic, step: PlannedStep) -> None:
    named = {name: getattr(here, value) if isinstance(value, str) else value for name, value in whose.items()}
    record_absence(clinic=here.clinic, **MONDAY, **named, by=LEADER, at=AT)
    assert given(step, here.slot(NINE)).state == "offered"


def test_nobody_is_given_a_time_with_somebody_not_employed_that_day(here: StaffedClinic, step: PlannedStep) -> None:
    end_employment(employee=here.nurse, on=date(2026, 3, 16), by=LEADER, at=AT)
    refused(StaffOrRoomIsAway, lambda: given(step, here.slot(NINE)))
    coming = hire(
        clinic=here.clinic, code="ny", name="Nils Ny", role=Employee.Role.NURSE, employed_from=date(2026, 3, 17), by=LEADER, at=AT
    )
    refused(StaffOrRoomIsAway, lambda: given(step, here.slot(NINE, employee=coming)))
    assert given(step, here.slot("2026-03-17 09:00", employee=coming)).employee == coming


@pytest.fixture
def neighbour(municipality: Municipality) -> dict[str, Any]:
    """A clinic, a room and a nurse of the municipality beside."""
    clinic = open_municipality(code="9902", name="Nabokommunen", by=LEADER, at=AT).clinics.get()
    nurse = hire(clinic=clinic, code="nabo", name="Nora Nabo", role=Employee.Role.NURSE, employed_from=SINCE, by=LEADER, at=AT)
    room = open_room(clinic=clinic, name="Rom 1", by=LEADER, at=AT)
    return {"clinic_id": clinic.pk, "employee": nurse, "room": room}


@pytest.mark.parametrize("theirs", ["clinic_id", "employee", "room"])
def test_a_child_is_given_its_own_municipalitys_time(
    theirs: str, neighbour: dict[str, Any], here: StaffedClinic, step: PlannedStep
) -> None:
    refused(TimeIsAnotherMunicipalitys, lambda: given(step, here.slot(NINE, **{theirs: neighbour[theirs]})))


def test_a_child_may_be_given_a_time_at_another_clinic_of_the_municipality(here: StaffedClinic, step: PlannedStep) -> None:
    north = open_clinic(municipality=here.municipality, name="Nord", by=LEADER, at=AT)
    room = open_room(clinic=north, name="Rom 1", by=LEADER, at=AT)
    assert given(step, here.slot(NINE, clinic_id=north.pk, room=room)).clinic == north


@pytest.mark.parametrize(
    ("move", "by", "state"), [(move_by_family, FAMILY, "moved_by_family"), (move_by_clinic, LEADER, "moved_by_clinic")]
)
def test_a_moved_appointment_is_replaced_by_the_new_one(
    move: Callable[..., Appointment], by: Actor, state: str, here: StaffedClinic, step: PlannedStep
) -> None:
    old = given(step, here.slot(NINE), needs_interpreter=True)
    new = move(appointment=old, slot=here.slot("2026-03-16 09:15"), reason="bilen", by=by, at=AT)  # overlaps the old: it is let go first
    old.refresh_from_db()
    assert (old.state, old.state_reason, holds_by_clock(old)) == (state, "bilen", {})
    assert (new.state, new.replaces, new.planned_step, new.needs_interpreter) == ("offered", old, step, True)
    assert history_of(old)[-1] == ("offered", state, by.who, by.role, "bilen")
    assert history_of(new) == [("", "offered", by.who, by.role, "bilen")]
    assert set(holds_by_clock(new).values()) == {"09:15-09:45"}
    assert newest_in_the_trail() == {
        "action": f"appointment.{state}",
        "about": str(new.person.public_id),
        "who": by.who,
        "detail": {"appointment": new.pk, "instead_of": old.pk},
    }


def test_with_owner_and_deputy_away_the_leader_moves_it_for_the_family(here: StaffedClinic, step: PlannedStep) -> None:
    booked = given(step, here.slot("2026-03-20 09:00", employee=here.doctor))
    for nurse in (here.nurse, here.other_nurse):
        record_absence(clinic=here.clinic, employee=nurse, from_on=TODAY, until_on=TODAY + timedelta(days=1), by=LEADER, at=AT)
    acts, because = staff_on(municipality=here.municipality, on=TODAY).acting(
        Responsible(owner=here.nurse, deputy=here.other_nurse), clinic=here.clinic.pk
    )
    assert because is Because.LEADER
    by = Actor(who=acts.code, role=acts.role, unit=here.clinic.name, ground="test")
    new = move_by_family(appointment=booked, slot=here.slot("2026-03-20 10:00", employee=here.doctor), reason="ringte", by=by, at=AT)
    assert confirm(appointment=new, by=by, at=AT) is Follows.NOTHING
    assert cancel_by_family(appointment=new, by=by, at=AT) is Follows.NEW_TIME_IS_FOUND
    assert [event[3] for event in history_of(new)] == ["leader"] * 3


def test_an_appointment_that_cannot_be_moved_there_stays_where_it_is(here: StaffedClinic, step: PlannedStep, brother: Enrolment) -> None:
    old = given(step, here.slot(NINE))
    given(step_of(brother, "C13_Y2"), here.slot("2026-03-17 09:00"))
    refused(TimeIsTaken, lambda: move_by_family(appointment=old, slot=here.slot("2026-03-17 09:00"), by=FAMILY, at=AT))
    assert holds_by_clock(old) != {}


def test_moving_within_a_group_keeps_the_place(here: StaffedClinic, step: PlannedStep) -> None:
    old = given(step, here.slot(NINE, capacity=6))
    assert move_by_clinic(appointment=old, slot=here.slot(NINE, capacity=6), by=CLERK, at=AT).place == 0


def test_who_may_move_what_and_when_is_the_tables_word(here: StaffedClinic, step: PlannedStep) -> None:
    old = given(step, here.slot(NINE))
    later = here.slot("2026-03-17 09:00")
    refused(NotYoursToSay, lambda: move_by_clinic(appointment=old, slot=later, by=FAMILY, at=AT))
    refused(NotYoursToSay, lambda: move_by_family(appointment=old, slot=later, by=JOB, at=AT))
    refused(AppointmentHasBegun, lambda: move_by_family(appointment=old, slot=later, by=FAMILY, at=old.begins_at))
    confirm(appointment=old, by=FAMILY, at=AT)
    move_by_clinic(appointment=old, slot=later, by=CLERK, at=old.begins_at)
    refused(AppointmentIsSettled, lambda: move_by_clinic(appointment=old, slot=here.slot("2026-03-18 09:00"), by=CLERK, at=AT))
    assert Hold.objects.values("appointment").distinct().count() == 1


@pytest.mark.parametrize(("day", "utc_hour"), [("2026-03-27", 8), ("2026-03-30", 7), ("2026-10-23", 7), ("2026-10-26", 8)])
def test_nine_is_nine_before_and_after_the_clocks_change(day: str, utc_hour: int, here: StaffedClinic, step: PlannedStep) -> None:
    booked = given(step, here.slot(f"{day} 09:00"))
    booked.refresh_from_db()
    assert booked.begins_at.hour == utc_hour
    assert holds_by_clock(booked)[f"room:{here.room.pk}"] == "09:00-09:30"


def test_the_hour_that_comes_twice_is_two_hours(here: StaffedClinic, step: PlannedStep, brother: Enrolment) -> None:
    first = given(step, here.slot("2026-10-25 02:00", minutes=60))
    second = here.slot("2026-10-25 02:00", minutes=60, begins_at=first.ends_at, ends_at=first.ends_at + timedelta(hours=1))
    given(
        step_of(brother, "C13_Y2"),
        here.slot("2026-10-25 02:00", begins_at=second.begins_at, ends_at=second.ends_at, held_until=second.ends_at),
    )
    assert Appointment.objects.count() == 2
