"""What no code can write, because the database refuses it. Raw SQL, on whichever database the suite runs on."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from fjorten.appointments.actions.booking import book
from fjorten.appointments.models import Appointment, AppointmentEvent, Hold
from fjorten.plans.models import Enrolment, PlannedStep
from tests.appointments.written import holds_by_clock
from tests.factories.clinic import AT, CLERK, StaffedClinic, step_of

NINE = datetime(2026, 3, 16, 8, 0, tzinfo=UTC)
HELD_TWICE = "no_resource_is_held_twice"


@pytest.fixture
def booked(here: StaffedClinic, step: PlannedStep) -> Appointment:
    """The sister's time on Monday, from nine to half past."""
    return book(planned_step=step, slot=here.slot("2026-03-16 09:00"), by=CLERK, at=AT)


@pytest.fixture
def other(here: StaffedClinic, brother: Enrolment) -> Appointment:
    """The brother's time right after hers."""
    return book(planned_step=step_of(brother, "C13_Y2"), slot=here.slot("2026-03-16 09:30"), by=CLERK, at=AT)


def run(statement: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def hold(appointment: Appointment, resource: str, begins_at: datetime, ends_at: datetime, sitting: object) -> None:
    """Write a hold as a program that knows none of our rules would."""
    adapt = connection.ops.adapt_datetimefield_value
    run(
        "INSERT INTO appointments_hold (appointment_id, resource, begins_at, ends_at, sitting) VALUES (%s, %s, %s, %s, %s)",
        appointment.pk,
        resource,
        adapt(begins_at),
        adapt(ends_at),
        getattr(sitting, "hex", sitting),
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (timedelta(0), timedelta(0)),
        (timedelta(minutes=-60), timedelta(minutes=60)),
        (timedelta(minutes=10), timedelta(minutes=-10)),
        (timedelta(minutes=-29, seconds=-59), timedelta(minutes=-29, seconds=-59)),
        (timedelta(minutes=29, seconds=59, microseconds=999_999), timedelta(minutes=29)),
        (timedelta(minutes=-60), timedelta(minutes=-30, microseconds=1)),
    ],
)
def test_one_resource_is_not_held_twice_at_once(before: timedelta, after: timedelta, booked: Appointment, other: Appointment) -> None:
    Hold.objects.filter(appointment=other).delete()
    for resource in holds_by_clock(booked):
        with pytest.raises(IntegrityError, match=HELD_TWICE):
            hold(other, resource, NINE + before, NINE + timedelta(minutes=30) + after, uuid4())
    assert Hold.objects.count() == 3


@pytest.mark.parametrize(("begins", "ends"), [(-30, 0), (30, 60)])
def test_holds_may_meet(begins: int, ends: int, booked: Appointment, other: Appointment) -> None:
    Hold.objects.filter(appointment=other).delete()
    for resource in holds_by_clock(booked):
        hold(other, resource, NINE + timedelta(minutes=begins), NINE + timedelta(minutes=ends), uuid4())
    assert Hold.objects.count() == 6


def test_holds_of_one_sitting_may_overlap(booked: Appointment, other: Appointment) -> None:
    Hold.objects.filter(appointment=other).delete()
    hold(other, f"room:{booked.room_id}", NINE, NINE + timedelta(minutes=30), booked.sitting)
    assert Hold.objects.filter(resource=f"room:{booked.room_id}").count() == 2


def test_a_hold_is_not_moved_over_another(booked: Appointment, other: Appointment) -> None:
    earlier = connection.ops.adapt_datetimefield_value(NINE + timedelta(minutes=29))
    with pytest.raises(IntegrityError, match=HELD_TWICE):
        run("UPDATE appointments_hold SET begins_at = %s WHERE appointment_id = %s", earlier, other.pk)
    later = connection.ops.adapt_datetimefield_value(NINE + timedelta(minutes=31))
    run("UPDATE appointments_hold SET begins_at = %s WHERE appointment_id = %s", later, other.pk)
    assert set(holds_by_clock(other).values()) == {"09:31-10:00"}


def test_two_groups_do_not_become_one_by_another_sitting(booked: Appointment, other: Appointment) -> None:
    Hold.objects.filter(appointment=other).delete()
    hold(other, f"room:{booked.room_id}", NINE, NINE + timedelta(minutes=30), booked.sitting)
    with pytest.raises(IntegrityError, match=HELD_TWICE):
        run("UPDATE appointments_hold SET sitting = %s WHERE appointment_id = %s", uuid4().hex, other.pk)


def test_an_instant_in_another_form_cannot_slip_past_the_comparison(booked: Appointment) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps instants as instants, not as text")
    day = "2026-03-16"
    for form in (f"{day}T09:00:00", f"{day} 09:00", f"{day} 10:00:00+01:00", f"{day} 09:00:00.5", f"{day} 09:00:00Z", "9:00", ""):
        for column in ("begins_at", "ends_at"):
            with pytest.raises(IntegrityError, match="an instant is kept as Django writes it"):
                run(f"UPDATE appointments_hold SET {column} = %s", form)


def test_what_was_said_of_an_appointment_is_never_changed(booked: Appointment) -> None:
    for statement in ("UPDATE appointments_appointmentevent SET reason = 'en annen'", "DELETE FROM appointments_appointmentevent"):
        with pytest.raises(DatabaseError, match="append-only"):
            run(statement)
    assert AppointmentEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("place = 1", "a_place_is_within_the_capacity"),
        ("held_until = begins_at", "staff_are_held_to_the_end_or_longer"),
        ("ends_at = begins_at", "an_appointment_ends_after_it_begins"),
        ("state = 'forgotten'", "appointment_state_is_known"),
    ],
)
def test_an_appointment_is_what_it_can_be(change: str, constraint: str, booked: Appointment) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        run(f"UPDATE appointments_appointment SET {change}")


@pytest.mark.parametrize(
    ("change", "constraint", "columns"),
    [
        ("planned_step_id = {0.planned_step_id}", "one_open_appointment_per_planned_step", "appointments_appointment.planned_step_id"),
        ("sitting = '{0.sitting.hex}'", "one_child_per_place", "appointments_appointment.sitting, appointments_appointment.place"),
        (
            "sitting = '{0.sitting.hex}', place = 1, capacity = 2, person_id = {0.person_id}",
            "a_child_has_one_place",
            "appointments_appointment.sitting, appointments_appointment.person_id",
        ),
    ],
)
def test_two_appointments_do_not_share_what_is_one_alones(
    change: str, constraint: str, columns: str, booked: Appointment, other: Appointment
) -> None:
    named = columns if connection.vendor == "sqlite" else constraint
    with pytest.raises(IntegrityError, match=named):
        run(f"UPDATE appointments_appointment SET {change.format(booked)} WHERE id = {other.pk}")
    run(f"UPDATE appointments_appointment SET state = 'cancelled_by_clinic' WHERE id = {booked.pk}")
    run(f"UPDATE appointments_appointment SET {change.format(booked)} WHERE id = {other.pk}")
