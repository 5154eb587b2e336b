"""Two at once: one of them was first, and the other is told so. In a database that really commits."""

from datetime import date, timedelta
from functools import partial

import pytest

from fjorten.appointments.actions.absences import record_absence
from fjorten.appointments.actions.booking import StepHasAnOpenAppointment, book, move_by_family
from fjorten.appointments.actions.holding import StaffOrRoomIsAway, TimeIsTaken
from fjorten.appointments.actions.outcomes import cancel_by_clinic, correct, mark_attended, mark_did_not_attend
from fjorten.appointments.actions.rosters import EmployeeHasAnOpeningThen
from fjorten.appointments.models import Appointment, Hold, RosterOpening
from fjorten.appointments.states import AppointmentIsSettled, State
from fjorten.audit.trail import broken_links
from fjorten.organisation.actions import open_municipality
from fjorten.plans.models import PlannedStep
from tests.factories.clinic import AT, CLERK, FAMILY, LEADER, NURSE, StaffedClinic, a_staffed_clinic, an_enrolled_child, step_of
from tests.plans.test_races import at_the_same_time, while_another_has_not_committed

NINE = "2026-03-16 09:00"


@pytest.fixture
def here(own_database: None) -> StaffedClinic:
    """A staffed clinic in a database of the test's own."""
    return a_staffed_clinic(open_municipality(code="9901", name="Prøvekommunen", by=LEADER, at=AT), has_rosters=False)


def steps(here: StaffedClinic, count: int) -> list[PlannedStep]:
    return [step_of(an_enrolled_child(here), "C04_M3") for _ in range(count)]


def test_one_of_four_children_gets_the_time(here: StaffedClinic) -> None:
    acts = [partial(book, planned_step=step, slot=here.slot(NINE), by=CLERK, at=AT) for step in steps(here, 4)]
    assert at_the_same_time(*acts) == [TimeIsTaken.__name__] * 3 + ["done"]
    assert Appointment.objects.count() == 1
    assert list(broken_links("9901")) == []


def test_four_children_find_the_four_places_of_a_group(here: StaffedClinic) -> None:
    acts = [partial(book, planned_step=step, slot=here.slot(NINE, capacity=4), by=CLERK, at=AT) for step in steps(here, 5)]
    assert at_the_same_time(*acts) == [TimeIsTaken.__name__] + ["done"] * 4
    assert sorted(Appointment.objects.values_list("place", flat=True)) == [0, 1, 2, 3]
    assert Appointment.objects.values("sitting").distinct().count() == 1


def test_one_consultation_gets_one_of_four_times(here: StaffedClinic) -> None:
    [step] = steps(here, 1)
    acts = [partial(book, planned_step=step, slot=here.slot(f"2026-03-{16 + day} 09:00"), by=CLERK, at=AT) for day in range(4)]
    assert at_the_same_time(*acts) == [StepHasAnOpenAppointment.__name__] * 3 + ["done"]


def test_a_booking_that_could_not_see_the_first_yet_is_told_of_it(here: StaffedClinic) -> None:
    hers, his = steps(here, 2)
    first = partial(book, planned_step=hers, slot=here.slot(NINE), by=CLERK, at=AT)
    second = partial(book, planned_step=his, slot=here.slot(NINE, employee=here.other_nurse), by=CLERK, at=AT)
    assert while_another_has_not_committed(first, second) == TimeIsTaken.__name__


def test_a_writer_that_takes_no_locks_is_stopped_by_the_database_alone(here: StaffedClinic) -> None:
    hers, his = steps(here, 2)
    other = book(planned_step=hers, slot=here.slot("2026-03-16 11:00"), by=CLERK, at=AT)

    def write_past_the_locks() -> None:
        begins_at = here.slot(NINE).begins_at
        Hold.objects.filter(appointment=other).update(begins_at=begins_at, ends_at=begins_at + timedelta(minutes=30))

    booking = partial(book, planned_step=his, slot=here.slot(NINE), by=CLERK, at=AT)
    assert while_another_has_not_committed(write_past_the_locks, booking) == TimeIsTaken.__name__
    assert Appointment.objects.count() == 1


def test_nobody_is_booked_with_whoever_is_just_being_recorded_as_away(here: StaffedClinic) -> None:
    [step] = steps(here, 1)
    days = {"from_on": date(2026, 3, 16), "until_on": date(2026, 3, 17)}
    away = partial(record_absence, clinic=here.clinic, employee=here.nurse, **days, by=LEADER, at=AT)
    booking = partial(book, planned_step=step, slot=here.slot(NINE), by=CLERK, at=AT)
    assert while_another_has_not_committed(away, booking) == StaffOrRoomIsAway.__name__


def test_an_absence_gives_back_also_what_was_just_being_booked(here: StaffedClinic) -> None:
    [step] = steps(here, 1)
    days = {"from_on": date(2026, 3, 16), "until_on": date(2026, 3, 17)}
    away = partial(record_absence, clinic=here.clinic, employee=here.nurse, **days, by=LEADER, at=AT)
    booking = partial(book, planned_step=step, slot=here.slot(NINE), by=CLERK, at=AT)
    assert while_another_has_not_committed(booking, away) == "done"
    assert Appointment.objects.get().state == State.CANCELLED_BY_CLINIC


def test_one_of_two_says_what_became_of_it(here: StaffedClinic) -> None:
    [step] = steps(here, 1)
    booked = book(planned_step=step, slot=here.slot(NINE), by=CLERK, at=AT)
    told = {"appointment": booked, "by": NURSE, "at": booked.ends_at}
    outcomes = at_the_same_time(partial(mark_attended, **told), partial(mark_did_not_attend, **told))
    assert outcomes == [AppointmentIsSettled.__name__, "done"]
    booked.refresh_from_db()
    step.refresh_from_db()
    assert (booked.state == State.ATTENDED) is (step.outcome == "done")


def test_attending_and_moving_at_once_do_not_wait_for_each_other_in_a_ring(here: StaffedClinic) -> None:
    for step in steps(here, 6):
        booked = book(planned_step=step, slot=here.slot(NINE), by=CLERK, at=AT)
        late = {"appointment": booked, "by": NURSE, "at": booked.ends_at}
        moving = partial(move_by_family, appointment=booked, slot=here.slot("2026-03-17 09:00"), by=FAMILY, at=AT)
        assert at_the_same_time(partial(mark_attended, **late), moving) == [AppointmentIsSettled.__name__, "done"]
        for row in Appointment.objects.all():
            if row.state == State.ATTENDED:
                correct(appointment=row, to=State.CANCELLED_BY_CLINIC, reason="prøve", by=NURSE, at=row.ends_at)
            elif row.state == State.OFFERED:
                cancel_by_clinic(appointment=row, by=NURSE, at=AT)
    assert not Hold.objects.exists()


def test_one_of_two_puts_the_nurse_into_the_roster(here: StaffedClinic) -> None:
    acts = [partial(here.opens, weekday=0, room=room) for room in (here.room, here.other_room)]
    assert at_the_same_time(*acts) == sorted([EmployeeHasAnOpeningThen.__name__, "done"])
    assert RosterOpening.objects.count() == 1
