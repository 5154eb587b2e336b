"""Somebody is away: which appointments fall, which stand, and what is written of it."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from fjorten.appointments.actions.absences import AbsenceHasNoTime, AbsenceIsCancelled, AbsenceIsOfOne, cancel_absence, record_absence
from fjorten.appointments.actions.booking import book
from fjorten.appointments.actions.outcomes import confirm, mark_attended
from fjorten.appointments.models import Appointment
from fjorten.appointments.queries import appointments_to_rebook
from fjorten.appointments.states import NotYoursToSay
from fjorten.audit.models import AuditEvent
from fjorten.kernel.refusals import Refused
from fjorten.kernel.writing import TextIsTooLong
from fjorten.organisation.actions import open_clinic, open_municipality, open_room
from fjorten.organisation.models import ABSENCE_REASON, Absence
from fjorten.plans.models import PlannedStep
from tests.appointments.written import everything, history_of, holds_by_clock
from tests.factories.clinic import AT, CLERK, FAMILY, JOB, LEADER, TODAY, StaffedClinic, an_enrolled_child, step_of

MONDAY, TUESDAY = date(2026, 3, 16), date(2026, 3, 17)


@pytest.fixture
def morning(here: StaffedClinic) -> dict[str, Appointment]:
    """Monday's appointments: two with the nurse, one of them with the doctor too; one with the other nurse; a home visit; and Tuesday's."""
    other = {"employee": here.other_nurse, "room": here.other_room}
    slots = {
        "nurse at nine": here.slot("2026-03-16 09:00"),
        "with the doctor at ten": here.slot("2026-03-16 10:00", doctor=here.doctor),
        "other nurse at nine": here.slot("2026-03-16 09:00", **other),
        "home at eleven": here.slot("2026-03-16 11:00", room=None, travel_minutes=30),
        "nurse on Tuesday": here.slot("2026-03-17 09:00"),
    }
    return {name: book(planned_step=step_of(an_enrolled_child(here), "C04_M3"), slot=slot, by=CLERK, at=AT) for name, slot in slots.items()}


def absent(here: StaffedClinic, *, from_on: date = MONDAY, until_on: date = TUESDAY, **whose: Any) -> list[str]:
    """Record an absence, and tell what fell, by the clock and in order."""
    told = {"reason": "syk", "by": LEADER, "at": AT}
    back = record_absence(clinic=here.clinic, from_on=from_on, until_on=until_on, **(told | whose))
    return [row.pk for row in back.appointments]


@pytest.mark.parametrize(
    ("whose", "fall"),
    [
        ({"employee": "nurse"}, ["nurse at nine", "with the doctor at ten", "home at eleven"]),
        ({"employee": "doctor"}, ["with the doctor at ten"]),
        ({"employee": "other_nurse"}, ["other nurse at nine"]),
        ({"room": "room"}, ["nurse at nine", "with the doctor at ten"]),
        ({}, ["nurse at nine", "other nurse at nine", "with the doctor at ten", "home at eleven"]),
        ({"employee": "nurse", "begins": time(9, 30), "ends": time(10)}, []),
        ({"employee": "nurse", "begins": time(9, 29), "ends": time(10)}, ["nurse at nine"]),
        ({"employee": "nurse", "begins": time(9, 30), "ends": time(10, 1)}, ["with the doctor at ten"]),
        ({"employee": "nurse", "begins": time(11, 30), "ends": time(12)}, []),  # on the way back from the home visit
        (
            {"employee": "nurse", "until_on": date(2026, 3, 18)},
            ["nurse at nine", "with the doctor at ten", "home at eleven", "nurse on Tuesday"],
        ),
        ({"employee": "nurse", "from_on": TUESDAY, "until_on": date(2026, 3, 18)}, ["nurse on Tuesday"]),
        (
            {"employee": "nurse", "until_on": date(2026, 3, 18), "begins": time(8), "ends": time(9, 30)},
            ["nurse at nine", "nurse on Tuesday"],
        ),
    ],
)
def test_an_absence_gives_back_what_it_covers(
    whose: dict[str, Any], fall: list[str], here: StaffedClinic, morning: dict[str, Appointment]
) -> None:
    named = {name: getattr(here, value) if isinstance(value, str) else value for name, value in whose.items()}
    assert absent(here, **named) == [morning[name].pk for name in fall]
    for name, row in morning.items():
        row.refresh_from_db()
        assert row.state == ("cancelled_by_clinic" if name in fall else "offered")
        assert bool(holds_by_clock(row)) is (name not in fall)
    assert {row.pk for row in appointments_to_rebook(municipality=here.municipality, on=TODAY)} == {morning[name].pk for name in fall}


def test_what_is_given_back_is_written_with_the_absences_reason(here: StaffedClinic, morning: dict[str, Appointment]) -> None:
    confirm(appointment=morning["nurse at nine"], by=FAMILY, at=AT)
    absent(here, room=here.room)
    assert history_of(morning["nurse at nine"])[-1] == ("confirmed", "cancelled_by_clinic", LEADER.who, "leader", "syk")
    assert history_of(morning["with the doctor at ten"])[-1] == ("offered", "cancelled_by_clinic", LEADER.who, "leader", "syk")
    actions = list(AuditEvent.objects.order_by("-seq").values_list("action", "about")[:3])
    children = [str(morning[name].person.public_id) for name in ("with the doctor at ten", "nurse at nine")]
    assert actions == [*(("appointment.cancelled_by_clinic", child) for child in children), ("absence.recorded", "")]


def test_what_has_begun_and_nobody_has_closed_falls_too_but_never_what_is_settled(
    here: StaffedClinic, morning: dict[str, Appointment]
) -> None:
    at = morning["home at eleven"].ends_at + timedelta(hours=1)
    mark_attended(appointment=morning["nurse at nine"], by=CLERK, at=at)
    assert absent(here, employee=here.nurse, at=at) == [morning["with the doctor at ten"].pk, morning["home at eleven"].pk]


def test_a_whole_group_is_given_back(here: StaffedClinic) -> None:
    children = [an_enrolled_child(here) for _ in range(4)]
    slot = here.slot("2026-03-16 13:00", capacity=6)
    rows = [book(planned_step=step_of(child, "C05_M4"), slot=slot, by=CLERK, at=AT) for child in children]
    assert absent(here, employee=here.nurse) == [row.pk for row in rows]


def test_a_clinic_that_closes_leaves_the_other_clinics_open(here: StaffedClinic, step: PlannedStep) -> None:
    north = open_clinic(municipality=here.municipality, name="Nord", by=LEADER, at=AT)
    room = open_room(clinic=north, name="Rom 1", by=LEADER, at=AT)
    book(planned_step=step, slot=here.slot("2026-03-16 09:00", clinic_id=north.pk, room=room), by=CLERK, at=AT)
    assert absent(here) == []
    with pytest.raises(AbsenceIsOfOne):
        absent(here, room=room)


@pytest.mark.parametrize(("day", "at_two"), [("2026-03-29", 0), ("2026-10-25", 2)])
def test_hours_of_absence_are_clock_hours_when_the_clocks_change(day: str, at_two: int, here: StaffedClinic) -> None:
    """From two to three: no hour in the night of March, two in the night of October."""
    begins = here.slot(f"{day} 00:00").begins_at
    rows = []
    for hour in range(5):
        start = begins + timedelta(hours=hour)
        slot = here.slot(f"{day} 00:00", begins_at=start, ends_at=start + timedelta(hours=1), held_until=start + timedelta(hours=1))
        rows.append(book(planned_step=step_of(an_enrolled_child(here), "C04_M3"), slot=slot, by=CLERK, at=AT))
    on = date.fromisoformat(day)
    fallen = absent(here, from_on=on, until_on=on + timedelta(days=1), employee=here.nurse, begins=time(2), ends=time(3))
    assert fallen == [row.pk for row in rows[2 : 2 + at_two]]


@pytest.mark.parametrize(
    ("whose", "refusal"),
    [
        ({"until_on": MONDAY}, AbsenceHasNoTime),
        ({"until_on": date(2026, 3, 15)}, AbsenceHasNoTime),
        ({"begins": time(9)}, AbsenceHasNoTime),
        ({"ends": time(9)}, AbsenceHasNoTime),
        ({"begins": time(9), "ends": time(9)}, AbsenceHasNoTime),
        ({"employee": "nurse", "room": "room"}, AbsenceIsOfOne),
        ({"reason": "x" * (ABSENCE_REASON + 1)}, TextIsTooLong),
        ({"by": FAMILY}, NotYoursToSay),
        ({"by": JOB}, NotYoursToSay),
    ],
)
def test_an_absence_is_of_somebody_at_some_time_and_said_by_staff(
    whose: dict[str, Any], refusal: type[Refused], here: StaffedClinic, morning: dict[str, Appointment]
) -> None:
    named = {name: getattr(here, value) if isinstance(value, str) and name != "reason" else value for name, value in whose.items()}
    before = everything()
    with pytest.raises(refusal):
        absent(here, **named)
    assert everything() == before


def test_an_absence_is_of_the_municipalitys_own(here: StaffedClinic) -> None:
    neighbour = open_municipality(code="9902", name="Nabokommunen", by=LEADER, at=AT)
    with pytest.raises(AbsenceIsOfOne):
        record_absence(clinic=neighbour.clinics.get(), from_on=MONDAY, until_on=TUESDAY, employee=here.nurse, by=LEADER, at=AT)


def test_a_cancelled_absence_leaves_what_it_cancelled_and_is_cancelled_once(here: StaffedClinic, morning: dict[str, Appointment]) -> None:
    absent(here, employee=here.nurse)
    absence = Absence.objects.get()
    cancel_absence(absence=absence, by=CLERK, at=AT)
    absence.refresh_from_db()
    assert (absence.cancelled_at, absence.cancelled_by) == (AT, CLERK.who)
    assert Appointment.objects.filter(state="cancelled_by_clinic").count() == 3
    with pytest.raises(AbsenceIsCancelled):
        cancel_absence(absence=absence, by=CLERK, at=AT)


def test_the_number_of_questions_does_not_grow_with_what_falls(here: StaffedClinic, django_assert_max_num_queries: Any) -> None:
    for number in range(12):
        step = step_of(an_enrolled_child(here), "C04_M3")
        book(planned_step=step, slot=here.slot(f"2026-03-16 {8 + number // 2:02}:{30 * (number % 2):02}"), by=CLERK, at=AT)
    with django_assert_max_num_queries(14):
        assert len(absent(here, employee=here.nurse)) == 12
