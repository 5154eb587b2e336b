"""
When the event cannot be recorded, nothing has been done.

The trail is made to fail for real: its head is put back, so that the next event gets a number that is taken.
"""

import inspect
from collections.abc import Callable
from datetime import date
from functools import partial
from types import ModuleType
from typing import Any

import pytest
from django.db import IntegrityError

from fjorten.appointments.actions import absences, booking, outcomes, rosters
from fjorten.appointments.models import Appointment, RosterOpening
from fjorten.appointments.states import State
from fjorten.audit.models import AuditHead
from fjorten.plans.models import PlannedStep
from fjorten.programme.steps import Setting
from tests.appointments.written import everything
from tests.factories.clinic import AT, CLERK, LEADER, NURSE, StaffedClinic

Act = Callable[[], object]
NAMES = [
    "book",
    "move_by_family",
    "move_by_clinic",
    "confirm",
    "mark_attended",
    "mark_did_not_attend",
    "mark_not_brought",
    "cancel_by_family",
    "cancel_by_clinic",
    "correct",
    "record_absence",
    "cancel_absence",
    "add_opening",
    "end_opening",
    "change_opening",
]


@pytest.fixture
def acts(here: StaffedClinic, step: PlannedStep) -> dict[str, Act]:
    """Every action of the room, with what must have been done first done."""
    opening = here.opens(weekday=0)
    booked = booking.book(planned_step=step, slot=here.slot("2026-03-16 09:00"), by=CLERK, at=AT)
    days = {"clinic": here.clinic, "from_on": date(2026, 3, 16), "until_on": date(2026, 3, 17), "by": LEADER, "at": AT}
    away = absences.record_absence(employee=here.doctor, **days)
    to_tuesday = {"appointment": booked, "slot": here.slot("2026-03-17 09:00"), "by": CLERK, "at": AT}
    before, after = {"appointment": booked, "by": NURSE, "at": AT}, {"appointment": booked, "by": NURSE, "at": booked.ends_at}

    return {
        "book": lambda: booking.book(planned_step=step, slot=here.slot("2026-03-17 09:00"), by=CLERK, at=AT),
        "move_by_family": partial(booking.move_by_family, **to_tuesday),
        "move_by_clinic": partial(booking.move_by_clinic, **to_tuesday),
        "confirm": partial(outcomes.confirm, **before),
        "mark_attended": partial(outcomes.mark_attended, **after),
        "mark_did_not_attend": partial(outcomes.mark_did_not_attend, **after),
        "mark_not_brought": partial(outcomes.mark_not_brought, **after),
        "cancel_by_family": partial(outcomes.cancel_by_family, **before),
        "cancel_by_clinic": partial(outcomes.cancel_by_clinic, **before),
        "correct": partial(outcomes.correct, to=State.ATTENDED, reason="feil rad", **after),
        "record_absence": partial(absences.record_absence, employee=here.nurse, **days),
        "cancel_absence": partial(absences.cancel_absence, absence=away.absence, by=LEADER, at=AT),
        "add_opening": partial(here.opens, weekday=1),
        "end_opening": partial(rosters.end_opening, opening=opening, on=date(2026, 3, 20), by=LEADER, at=AT),
        "change_opening": partial(rosters.change_opening, opening=opening, on=date(2026, 3, 20), **_as_it_is(opening), by=LEADER, at=AT),
    }


def _as_it_is(opening: RosterOpening) -> dict[str, Any]:
    """What an opening is, but a quarter of an hour shorter."""
    kept = ("clinic", "employee", "weekday", "begins", "valid_until", "slot_minutes", "room", "doctor", "every_weeks", "capacity")
    return {
        **{name: getattr(opening, name) for name in kept},
        "setting": Setting(opening.setting),
        "travel_minutes": opening.travel_minutes,
        "ends": opening.ends.replace(hour=opening.ends.hour - 1, minute=45),
    }


def prepare(name: str) -> None:
    """Cancel the appointment where the action is about one that is cancelled."""
    if name in {"book", "correct"}:
        outcomes.cancel_by_family(appointment=Appointment.objects.get(), by=NURSE, at=AT)


def actions_of(module: ModuleType) -> set[str]:
    own = {name: value for name, value in inspect.getmembers(module, inspect.isfunction) if value.__module__ == module.__name__}
    return {name for name, value in own.items() if {"by", "at"} <= set(inspect.signature(value).parameters) and not name.startswith("_")}


def test_every_action_is_tried(acts: dict[str, Act]) -> None:
    assert set().union(*map(actions_of, (absences, booking, outcomes, rosters))) == set(acts) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_an_action_whose_event_fails_has_written_nothing(name: str, acts: dict[str, Act]) -> None:
    prepare(name)
    AuditHead.objects.update(seq=0)
    before = everything()
    with pytest.raises(IntegrityError, match="audit"):
        acts[name]()
    assert everything() == before


@pytest.mark.parametrize("name", NAMES)
def test_the_same_action_does_write_when_the_event_can_be_recorded(name: str, acts: dict[str, Act]) -> None:
    prepare(name)
    before = everything()
    acts[name]()
    after = everything()
    assert after["audit.AuditEvent"] != before["audit.AuditEvent"]
    assert {label for label, rows in after.items() if rows != before[label]} - {"audit.AuditEvent", "audit.AuditHead"}
