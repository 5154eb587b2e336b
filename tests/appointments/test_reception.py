"""Who has come, who has been fetched in, and who came without an appointment."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from fjorten.appointments.actions.booking import book
from fjorten.appointments.actions.outcomes import mark_attended
from fjorten.appointments.actions.reception import (
    AppointmentIsAnotherDay,
    ChildIsAnotherMunicipalitys,
    DoesNotWait,
    HasNotArrived,
    IsFetchedAlready,
    IsNotAMatter,
    WaitsAlready,
    end_drop_in,
    fetch_in,
    note_arrival,
    note_drop_in,
    receive_drop_in,
    take_back_arrival,
)
from fjorten.appointments.models import Appointment, Arrival, DropIn
from fjorten.appointments.queries import NoSuchDropIn, arrivals_for, drop_in_numbered, drop_ins_on
from fjorten.appointments.states import AppointmentIsSettled
from fjorten.audit.models import AuditEvent
from fjorten.organisation.actions import open_clinic, open_municipality
from fjorten.organisation.models import Municipality
from fjorten.people.models import Person
from tests.factories.clinic import AT, CLERK, LEADER, NURSE, StaffedClinic, a_staffed_clinic, an_enrolled_child, step_of

ON_THE_DAY = datetime(2026, 4, 6, 6, 50, tzinfo=UTC)  # ten to nine in Oslo


@pytest.fixture
def here(municipality: Municipality) -> StaffedClinic:
    return a_staffed_clinic(municipality)


@pytest.fixture
def appointment(here: StaffedClinic) -> Appointment:
    child = an_enrolled_child(here)
    return book(planned_step=step_of(child, "C04_M3"), slot=here.slot("2026-04-06 09:00"), by=CLERK, at=AT)


def actions_recorded() -> list[str]:
    return list(AuditEvent.objects.order_by("seq").values_list("action", flat=True))


class TestArriving:
    def test_a_family_arrives_and_is_fetched_in(self, appointment: Appointment) -> None:
        note_arrival(appointment=appointment, by=CLERK, at=ON_THE_DAY)
        fetch_in(appointment=appointment, by=NURSE, at=ON_THE_DAY + timedelta(minutes=12))
        [arrival] = Arrival.objects.all()
        assert (arrival.arrived_by, arrival.fetched_by) == (CLERK.who, NURSE.who)
        assert arrivals_for([appointment.pk]) == {appointment.pk: arrival}
        assert actions_recorded()[-2:] == ["appointment.arrived", "appointment.fetched_in"]

    def test_said_twice_it_is_recorded_once(self, appointment: Appointment) -> None:
        first = note_arrival(appointment=appointment, by=CLERK, at=ON_THE_DAY)
        again = note_arrival(appointment=appointment, by=NURSE, at=ON_THE_DAY + timedelta(minutes=1))
        assert again == first
        assert actions_recorded().count("appointment.arrived") == 1

    def test_what_was_written_by_mistake_is_taken_back_and_kept(self, appointment: Appointment) -> None:
        note_arrival(appointment=appointment, by=CLERK, at=ON_THE_DAY)
        take_back_arrival(appointment=appointment, by=CLERK, at=ON_THE_DAY + timedelta(seconds=9))
        assert arrivals_for([appointment.pk]) == {}
        assert Arrival.objects.count() == 1
        note_arrival(appointment=appointment, by=CLERK, at=ON_THE_DAY + timedelta(minutes=5))
        assert Arrival.objects.count() == 2

    def test_nobody_is_fetched_in_who_has_not_arrived(self, appointment: Appointment) -> None:
        with pytest.raises(HasNotArrived):
            fetch_in(appointment=appointment, by=NURSE, at=ON_THE_DAY)
        with pytest.raises(HasNotArrived):
            take_back_arrival(appointment=appointment, by=NURSE, at=ON_THE_DAY)

    def test_of_two_who_fetch_in_the_second_is_told(self, appointment: Appointment) -> None:
        note_arrival(appointment=appointment, by=CLERK, at=ON_THE_DAY)
        fetch_in(appointment=appointment, by=NURSE, at=ON_THE_DAY)
        with pytest.raises(IsFetchedAlready):
            fetch_in(appointment=appointment, by=CLERK, at=ON_THE_DAY)

    def test_nobody_arrives_for_another_days_appointment(self, appointment: Appointment) -> None:
        with pytest.raises(AppointmentIsAnotherDay):
            note_arrival(appointment=appointment, by=CLERK, at=ON_THE_DAY - timedelta(days=1))

    def test_nobody_arrives_for_what_is_settled(self, appointment: Appointment) -> None:
        note_arrival(appointment=appointment, by=CLERK, at=ON_THE_DAY)
        mark_attended(appointment=appointment, by=NURSE, at=ON_THE_DAY + timedelta(hours=1))
        for act in (note_arrival, fetch_in, take_back_arrival):
            with pytest.raises(AppointmentIsSettled):
                act(appointment=appointment, by=CLERK, at=ON_THE_DAY + timedelta(hours=1))

    def test_a_clock_that_goes_back_keeps_no_family_waiting(self, appointment: Appointment) -> None:
        note_arrival(appointment=appointment, by=CLERK, at=ON_THE_DAY)
        fetch_in(appointment=appointment, by=NURSE, at=ON_THE_DAY - timedelta(minutes=3))
        assert Arrival.objects.get().fetched_at == ON_THE_DAY


class TestDropIn:
    def test_they_wait_in_the_order_they_came_until_received(self, here: StaffedClinic) -> None:
        first, second = an_enrolled_child(here).person, an_enrolled_child(here, born_on=date(2025, 5, 5)).person
        note_drop_in(person=first, clinic=here.clinic, matter="weighing", by=CLERK, at=ON_THE_DAY)
        later = note_drop_in(person=second, clinic=here.clinic, matter="talk", by=CLERK, at=ON_THE_DAY + timedelta(minutes=5))
        receive_drop_in(drop_in=later, by=NURSE, at=ON_THE_DAY + timedelta(minutes=9))
        today = drop_ins_on(date(2026, 4, 6), municipality=here.municipality)
        assert [row.person for row in today] == [first, second]
        assert list(DropIn.objects.waiting().values_list("person", flat=True)) == [first.pk]
        assert not drop_ins_on(date(2026, 4, 7), municipality=here.municipality)

    def test_who_left_is_off_the_list_and_kept(self, here: StaffedClinic) -> None:
        child = an_enrolled_child(here).person
        drop_in = note_drop_in(person=child, clinic=here.clinic, matter="weighing", by=CLERK, at=ON_THE_DAY)
        end_drop_in(drop_in=drop_in, by=CLERK, at=ON_THE_DAY + timedelta(minutes=30))
        assert not drop_ins_on(date(2026, 4, 6), municipality=here.municipality)
        for act in (receive_drop_in, end_drop_in):
            with pytest.raises(DoesNotWait):
                act(drop_in=drop_in, by=NURSE, at=ON_THE_DAY + timedelta(minutes=31))
        note_drop_in(person=child, clinic=here.clinic, matter="weighing", by=CLERK, at=ON_THE_DAY + timedelta(hours=1))
        assert drop_in_numbered(drop_in.pk, here.municipality) == drop_in

    def test_a_child_waits_in_one_place(self, here: StaffedClinic) -> None:
        child = an_enrolled_child(here).person
        other = open_clinic(municipality=here.municipality, name="Nord", by=LEADER, at=AT)
        note_drop_in(person=child, clinic=here.clinic, matter="weighing", by=CLERK, at=ON_THE_DAY)
        with pytest.raises(WaitsAlready):
            note_drop_in(person=child, clinic=other, matter="talk", by=CLERK, at=ON_THE_DAY)
        assert DropIn.objects.count() == 1
        assert actions_recorded().count("drop_in.came") == 1

    def test_what_is_not_on_the_list_or_of_another_municipality_is_refused(self, here: StaffedClinic) -> None:
        child = an_enrolled_child(here).person
        with pytest.raises(IsNotAMatter):
            note_drop_in(person=child, clinic=here.clinic, matter="hår", by=CLERK, at=ON_THE_DAY)
        elsewhere = open_municipality(code="9902", name="Nabokommunen", by=CLERK, at=AT)
        stranger = Person.objects.create(municipality=elsewhere, born_on=date(2026, 1, 5), born_by=date(2026, 1, 5))
        with pytest.raises(ChildIsAnotherMunicipalitys):
            note_drop_in(person=stranger, clinic=here.clinic, matter="talk", by=CLERK, at=ON_THE_DAY)
        with pytest.raises(NoSuchDropIn):
            drop_in_numbered(0, here.municipality)


@pytest.mark.parametrize(
    "broken",
    [
        {"fetched_at": ON_THE_DAY - timedelta(minutes=1), "fetched_by": "kari"},
        {"fetched_at": ON_THE_DAY},
        {"undone_by": "kari"},
        {"undone_at": ON_THE_DAY},
    ],
)
def test_the_database_keeps_arrivals_in_order_and_signed(appointment: Appointment, broken: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Arrival.objects.create(appointment=appointment, arrived_at=ON_THE_DAY, arrived_by="merkantil", **broken)
