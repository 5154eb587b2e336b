"""The lists: what nobody closed, what is to be given another time, what nobody is to come to, and what has nobody to hold it."""

from collections.abc import Iterable
from datetime import date, timedelta

from fjorten.appointments.actions.booking import book, move_by_clinic
from fjorten.appointments.actions.outcomes import (
    cancel_by_clinic,
    cancel_by_family,
    confirm,
    correct,
    mark_attended,
    mark_did_not_attend,
)
from fjorten.appointments.models import Appointment
from fjorten.appointments.queries import (
    appointments_of,
    appointments_on,
    appointments_to_cancel,
    appointments_to_rebook,
    appointments_without_staff,
    not_closed,
    open_appointment_of,
    states_of_step,
    states_of_steps,
)
from fjorten.appointments.slots import FreeSlot
from fjorten.appointments.states import State
from fjorten.organisation.actions import end_employment, open_municipality
from fjorten.people.models import Person
from fjorten.plans.actions.enrolment import end_enrolment
from fjorten.plans.actions.settling import decline
from fjorten.plans.models import Enrolment, PlannedStep
from tests.factories.clinic import AT, CLERK, FAMILY, LEADER, NURSE, TODAY, StaffedClinic, an_enrolled_child, step_of


def given(step: PlannedStep, slot: FreeSlot) -> Appointment:
    return book(planned_step=step, slot=slot, by=CLERK, at=AT)


def listed(rows: Iterable[Appointment]) -> list[Appointment]:
    return list(rows)


def test_what_nobody_closed_stays_on_the_list_until_somebody_does(here: StaffedClinic, step: PlannedStep, brother: Enrolment) -> None:
    hers, his = given(step, here.slot("2026-03-16 09:00")), given(step_of(brother, "C13_Y2"), here.slot("2026-03-17 00:00"))
    confirm(appointment=hers, by=FAMILY, at=AT)

    def on(day: date) -> list[Appointment]:
        return listed(not_closed(municipality=here.municipality, on=day))

    assert on(date(2026, 3, 16)) == []
    assert on(date(2026, 3, 17)) == [hers]  # midnight in Norway is an hour before midnight in UTC, and is the 17th
    assert on(date(2026, 3, 18)) == on(date(2030, 1, 1)) == [hers, his]
    mark_did_not_attend(appointment=hers, by=CLERK, at=hers.ends_at)
    assert on(date(2026, 3, 18)) == [his]


def test_the_last_hour_of_a_summer_day_belongs_to_it(here: StaffedClinic, step: PlannedStep) -> None:
    late = given(step, here.slot("2026-06-15 23:30"))
    assert listed(not_closed(municipality=here.municipality, on=date(2026, 6, 15))) == []
    assert listed(not_closed(municipality=here.municipality, on=date(2026, 6, 16))) == [late]
    assert listed(appointments_on(date(2026, 6, 15), municipality=here.municipality)) == [late]


def test_a_day_and_a_child_with_all_their_appointments(
    here: StaffedClinic, sister: Enrolment, step: PlannedStep, brother: Enrolment
) -> None:
    second = given(step_of(brother, "C13_Y2"), here.slot("2026-03-16 10:00"))
    first = given(step, here.slot("2026-03-16 09:00"))
    later = given(step_of(sister, "C05_M4"), here.slot("2026-04-16 09:00"))
    cancel_by_family(appointment=first, by=FAMILY, at=AT)
    assert listed(appointments_on(date(2026, 3, 16), municipality=here.municipality, clinic=here.clinic)) == [first, second]
    assert listed(appointments_of(sister.person)) == [first, later]
    neighbour = open_municipality(code="9902", name="Nabokommunen", by=LEADER, at=AT)
    assert listed(appointments_on(date(2026, 3, 16), municipality=neighbour)) == []
    assert listed(appointments_on(date(2026, 3, 16), municipality=here.municipality, clinic=neighbour.clinics.get())) == []


def test_the_open_appointment_of_a_step(here: StaffedClinic, step: PlannedStep) -> None:
    assert open_appointment_of(step) is None
    booked = given(step, here.slot("2026-03-16 09:00"))
    assert open_appointment_of(step) == booked
    cancel_by_family(appointment=booked, by=FAMILY, at=AT)
    assert open_appointment_of(step) is None


def to_rebook(here: StaffedClinic, on: date = TODAY) -> list[Appointment]:
    return listed(appointments_to_rebook(municipality=here.municipality, on=on))


def test_what_the_clinic_cancelled_is_to_be_given_another_time(here: StaffedClinic, step: PlannedStep) -> None:
    booked = given(step, here.slot("2026-03-16 09:00"))
    assert to_rebook(here) == []
    cancel_by_clinic(appointment=booked, by=CLERK, at=AT)
    assert to_rebook(here) == [booked]
    again = given(step, here.slot("2026-03-17 09:00"))
    assert to_rebook(here) == []
    cancel_by_family(appointment=again, by=FAMILY, at=AT)
    assert to_rebook(here) == [], "the newest was the family's: that is another list's"


def test_the_window_that_closes_first_is_first(here: StaffedClinic, step: PlannedStep, brother: Enrolment) -> None:
    rows = [given(step_of(brother, "C14_Y4"), here.slot("2026-03-16 09:00")), given(step, here.slot("2026-03-17 09:00"))]
    for row in rows:
        cancel_by_clinic(appointment=row, by=CLERK, at=AT)
    assert to_rebook(here) == rows[::-1]


def test_nobody_is_given_another_time_who_is_not_to_have_one(here: StaffedClinic) -> None:
    children = {name: an_enrolled_child(here) for name in ("dead", "moved", "moving", "declined", "corrected", "waits")}
    rows = {}
    for number, (name, child) in enumerate(children.items()):
        rows[name] = given(step_of(child, "C04_M3"), here.slot(f"2026-03-16 {9 + number:02}:00"))
        cancel_by_clinic(appointment=rows[name], by=CLERK, at=AT)
    Person.objects.filter(pk=children["dead"].person_id).update(is_dead=True, died_on=TODAY)
    end_enrolment(enrolment=children["moved"], on=TODAY, reason="flyttet", by=CLERK, at=AT)
    end_enrolment(enrolment=children["moving"], on=TODAY + timedelta(days=1), reason="flytter", by=CLERK, at=AT)
    decline(enrolment=children["declined"], step="C04_M3", on=TODAY, reason="vil ikke", by=CLERK, at=AT)
    correct(appointment=rows["corrected"], to=State.CANCELLED_BY_FAMILY, reason="mor ringte", by=CLERK, at=AT)
    assert to_rebook(here) == [rows["moving"], rows["waits"]]


def test_a_moved_appointment_needs_no_other_time(here: StaffedClinic, step: PlannedStep) -> None:
    move_by_clinic(appointment=given(step, here.slot("2026-03-16 09:00")), slot=here.slot("2026-03-17 09:00"), by=CLERK, at=AT)
    assert to_rebook(here) == []


def test_what_nobody_is_to_come_to_is_listed_until_somebody_cancels_it(here: StaffedClinic) -> None:
    children = {name: an_enrolled_child(here) for name in ("dead", "moved", "moving later", "declined", "coming")}
    rows = {
        name: given(step_of(child, "C04_M3"), here.slot(f"2026-03-16 {9 + number:02}:00"))
        for number, (name, child) in enumerate(children.items())
    }
    Person.objects.filter(pk=children["dead"].person_id).update(is_dead=True, died_on=TODAY)
    end_enrolment(enrolment=children["moved"], on=date(2026, 3, 16), reason="flyttet", by=CLERK, at=AT)
    end_enrolment(enrolment=children["moving later"], on=date(2026, 3, 17), reason="flytter", by=CLERK, at=AT)
    decline(enrolment=children["declined"], step="C04_M3", on=TODAY, reason="vil ikke", by=CLERK, at=AT)

    def on(day: date) -> list[Appointment]:
        return listed(appointments_to_cancel(municipality=here.municipality, on=day))

    assert on(TODAY) == [rows["dead"], rows["moved"], rows["declined"]]
    assert on(date(2026, 3, 17)) == []  # then they are among what nobody closed
    for name in ("dead", "moved", "declined"):
        cancel_by_clinic(appointment=rows[name], by=CLERK, at=AT)
    assert on(TODAY) == []


def test_what_has_nobody_to_hold_it_is_listed(here: StaffedClinic, sister: Enrolment, step: PlannedStep, brother: Enrolment) -> None:
    before = given(step, here.slot("2026-03-16 09:00"))
    with_nurse = given(step_of(sister, "C05_M4"), here.slot("2026-03-17 00:00"))
    with_doctor = given(step_of(brother, "C13_Y2"), here.slot("2026-03-17 10:00", employee=here.other_nurse, doctor=here.doctor))
    for employee in (here.nurse, here.doctor):
        end_employment(employee=employee, on=date(2026, 3, 17), by=LEADER, at=AT)
    found = listed(appointments_without_staff(municipality=here.municipality, on=TODAY))
    assert found == [with_nurse, with_doctor]
    assert before not in found
    cancel_by_clinic(appointment=with_nurse, by=LEADER, at=AT)
    assert listed(appointments_without_staff(municipality=here.municipality, on=TODAY)) == [with_doctor]


def test_the_states_of_a_steps_appointments_come_in_the_order_they_were_booked(
    here: StaffedClinic, sister: Enrolment, step: PlannedStep
) -> None:
    assert states_of_step(step) == ()
    late = given(step, here.slot("2026-03-18 09:00"))
    cancel_by_family(appointment=late, by=FAMILY, at=AT)
    early = given(step, here.slot("2026-03-16 09:00"))
    mark_did_not_attend(appointment=early, by=NURSE, at=early.ends_at)
    mark_attended(appointment=given(step, here.slot("2026-03-20 09:00")), by=NURSE, at=AT + timedelta(days=11))
    expected = (State.CANCELLED_BY_FAMILY, State.DID_NOT_ATTEND, State.ATTENDED)
    assert states_of_step(step) == expected
    other = step_of(sister, "C05_M4")
    assert states_of_steps([step.pk, other.pk]) == {step.pk: expected, other.pk: ()}
