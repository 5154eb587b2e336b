"""
Random sequences of what clerks, nurses, leaders and families do, done for real and in a naive book beside: they answer alike, and end alike.

Two nurses, a doctor and two rooms for three children, all on one Monday morning, so that nearly everything is in the way of something.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from fjorten.appointments import models
from fjorten.appointments.actions.absences import cancel_absence, record_absence
from fjorten.appointments.actions.booking import book, move_by_clinic, move_by_family
from fjorten.appointments.actions.outcomes import (
    cancel_by_clinic,
    cancel_by_family,
    confirm,
    correct,
    mark_attended,
    mark_did_not_attend,
    mark_not_brought,
)
from fjorten.appointments.queries import appointments_to_rebook, free_slots, not_closed, states_of_steps
from fjorten.appointments.states import State
from fjorten.audit.actor import Actor
from fjorten.kernel.refusals import Refused
from fjorten.organisation.models import Municipality
from fjorten.plans.actions.settling import decline
from fjorten.plans.models import PlannedStep
from fjorten.programme.steps import Setting
from tests.examples import EXAMPLES
from tests.factories.clinic import LEADER, StaffedClinic, a_staffed_clinic, an_enrolled_child, step_of
from tests.generative.naive_bookings import HOLDING, OPEN, Absence, NaiveBook, Step, minutes

pytestmark = pytest.mark.by_example

MONDAY = date(2026, 3, 16)
ACTIONS: dict[State, Callable[..., object]] = {
    State.CONFIRMED: confirm,
    State.ATTENDED: mark_attended,
    State.DID_NOT_ATTEND: mark_did_not_attend,
    State.NOT_BROUGHT: mark_not_brought,
    State.CANCELLED_BY_FAMILY: cancel_by_family,
    State.CANCELLED_BY_CLINIC: cancel_by_clinic,
}

ROLES = st.sampled_from(["family", "clerk", "public_health_nurse", "public_health_nurse", "leader"])
ANY = st.integers(0, 50)  # which of those there are, counted round
SLOTS = st.fixed_dictionaries(
    {
        "start": st.integers(0, 8),
        "minutes": st.sampled_from([10, 20, 30]),
        "travel": st.sampled_from([0, 0, 20]),
        "employee": st.sampled_from(["nurse", "nurse", "other_nurse"]),
        "doctor": st.sampled_from([None, None, "doctor"]),
        "room": st.sampled_from(["room", "room", "other_room", None]),
    }
)
# A group of two begins on the hour with the first nurse, so that children find each other in it.
GROUPS = st.builds(
    lambda capacity: {"start": 6, "minutes": 30, "travel": 0, "employee": "nurse", "doctor": None, "room": "room", "capacity": capacity},
    st.sampled_from([2, 3]),
)
TIMES = st.one_of(SLOTS, SLOTS, GROUPS)
BOOKS = st.tuples(st.just("book"), ANY, TIMES)
DOINGS = st.one_of(
    BOOKS,
    st.tuples(st.just("move"), ANY, st.sampled_from([State.MOVED_BY_FAMILY, State.MOVED_BY_CLINIC]), TIMES, ROLES),
    st.tuples(st.just("say"), ANY, st.sampled_from(list(ACTIONS)), ROLES),
    st.tuples(st.just("say"), ANY, st.sampled_from([State.CANCELLED_BY_CLINIC, State.ATTENDED]), st.just("public_health_nurse")),
    st.tuples(st.just("correct"), ANY, st.sampled_from(list(State)), st.just("public_health_nurse")),
    st.tuples(st.just("correct"), ANY, st.sampled_from([State.OFFERED, State.ATTENDED]), ROLES),
    st.tuples(st.just("away"), st.sampled_from(["nurse", "doctor", "room", None]), st.integers(0, 6), st.integers(1, 9)),
    st.tuples(st.just("back"), ANY),
    st.tuples(st.just("decline"), ANY),
    st.tuples(st.just("wait"), st.sampled_from([10, 30, 60])),
)
# A morning begins with some bookings, so that there is something to say, and ends when the first of them have begun.
MORNINGS = st.tuples(
    st.lists(BOOKS, min_size=3, max_size=5),
    st.lists(DOINGS, min_size=2, max_size=6),
    st.just([("wait", 90)]),
    st.lists(DOINGS, min_size=2, max_size=6),
).map(lambda parts: [doing for part in parts for doing in part])


class TwoBooks:
    """The real book and the naive one, side by side."""

    def __init__(self, here: StaffedClinic, steps: list[PlannedStep]) -> None:
        self.here = here
        self.at = here.slot("2026-03-16 08:00").begins_at
        self.nine = here.slot("2026-03-16 09:00").begins_at
        self.real_steps = steps
        self.steps = [Step(child=f"child {row.enrolment.person_id}") for row in self.real_steps]
        self.real: list[models.Appointment] = []
        self.naive = NaiveBook()
        self.real_absences: list[Any] = []

    def do(self, what: str, *told: Any) -> None:
        self.at += timedelta(seconds=1)  # no two things are said at one instant
        getattr(self, what)(*told)

    def both(self, act: Callable[[], object], refusals: set[str]) -> object:
        """The real one is done where nothing speaks against it, and is refused for one of the reasons where something does."""
        try:
            done = act()
        except Refused as refused:
            assert type(refused).__name__ in refusals
            return None
        assert refusals == set()
        return done

    def slot(self, told: dict[str, Any]) -> Any:
        traits = {name: getattr(self.here, told[name]) if told[name] else None for name in ("employee", "doctor", "room")}
        begins_at = self.nine + timedelta(minutes=10 * told["start"])
        ends_at = begins_at + timedelta(minutes=told["minutes"])
        until = ends_at + timedelta(minutes=told["travel"])
        if "capacity" in told:
            traits |= {"capacity": told["capacity"]}
        return self.here.slot("2026-03-16 09:00", **traits, begins_at=begins_at, ends_at=ends_at, held_until=until)

    def said_by(self, role: str) -> Actor:
        return Actor(who=f"en {role}", role=role)

    def book(self, which: int, time_told: dict[str, Any]) -> None:
        number, slot = which % len(self.steps), self.slot(time_told)
        refusals = self.naive.book(self.steps[number], slot, self.at)
        done = self.both(lambda: book(planned_step=self.real_steps[number], slot=slot, by=LEADER, at=self.at), refusals)
        if done is not None:
            self.real.append(done)

    def move(self, which: int, to: State, time_told: dict[str, Any], role: str) -> None:
        if self.real:
            number, slot = which % len(self.real), self.slot(time_told)
            act = move_by_family if to is State.MOVED_BY_FAMILY else move_by_clinic
            refusals = self.naive.move(self.naive.appointments[number], to, slot, role, self.at)
            done = self.both(lambda: act(appointment=self.real[number], slot=slot, by=self.said_by(role), at=self.at), refusals)
            if done is not None:
                self.real.append(done)

    def say(self, which: int, to: State, role: str) -> None:
        if self.real:
            number = which % len(self.real)
            refusals = self.naive.say(self.naive.appointments[number], to, role, self.at)
            self.both(lambda: ACTIONS[to](appointment=self.real[number], by=self.said_by(role), at=self.at), refusals)

    def correct(self, which: int, to: State, role: str) -> None:
        settled = [number for number, row in enumerate(self.naive.appointments) if row.state not in OPEN]
        if settled:
            number = settled[which % len(settled)]
            refusals = self.naive.correct(self.naive.appointments[number], to, role, self.at)
            by = self.said_by(role)
            self.both(lambda: correct(appointment=self.real[number], to=to, reason="feil", by=by, at=self.at), refusals)

    def away(self, who: str | None, start: int, length: int) -> None:
        begins, ends = (datetime.combine(MONDAY, time(9)) + timedelta(minutes=10 * tens) for tens in (start, start + length))
        whose = {} if who is None else {"room" if who == "room" else "employee": getattr(self.here, who)}
        name = f"{next(iter(whose))} {next(iter(whose.values())).pk}" if whose else None
        back = record_absence(
            clinic=self.here.clinic,
            from_on=MONDAY,
            until_on=MONDAY + timedelta(days=1),
            begins=begins.time(),
            ends=ends.time(),
            **whose,
            by=LEADER,
            at=self.at,
        )
        from_at = self.nine + timedelta(minutes=10 * start)
        fallen = self.naive.be_absent(Absence(name, minutes(from_at, from_at + timedelta(minutes=10 * length))))
        assert {row.pk for row in back.appointments} == {self.real[self.naive.appointments.index(row)].pk for row in fallen}
        self.real_absences.append(back.absence)

    def back(self, which: int) -> None:
        if self.real_absences:
            number = which % len(self.real_absences)
            cancel_absence(absence=self.real_absences.pop(number), by=LEADER, at=self.at)
            self.naive.absences.pop(number)

    def decline(self, which: int) -> None:
        number = which % len(self.steps)
        if self.steps[number].settled_by is None:
            step = self.real_steps[number]
            decline(enrolment=step.enrolment, step=step.step, on=MONDAY, reason="vil ikke", by=LEADER, at=self.at)
            self.steps[number].settled_by = "the family"

    def wait(self, minutes_told: int) -> None:
        self.at += timedelta(minutes=minutes_told)

    def agree(self) -> None:
        """Look through everything that is kept, and every list."""
        naive = self.naive.appointments
        rows = {row.pk: row for row in models.Appointment.objects.all()}
        assert [rows[row.pk].state for row in self.real] == [row.state for row in naive]
        assert [rows[row.pk].place for row in self.real if rows[row.pk].state in HOLDING] == [
            row.place for row in naive if row.state in HOLDING
        ]
        for real, row in zip(self.real, naive, strict=True):
            held = {
                (hold.resource.replace(":", " ").replace("person", "child"), minute)
                for hold in models.Hold.objects.filter(appointment=real)
                for minute in minutes(hold.begins_at, hold.ends_at)
            }
            assert held == row.takes()
        last_said = {event.appointment_id: event.to_state for event in models.AppointmentEvent.objects.order_by("pk")}
        assert last_said == {pk: row.state for pk, row in rows.items()}
        outcomes = list(
            PlannedStep.objects.filter(pk__in=[row.pk for row in self.real_steps]).order_by("pk").values_list("outcome", flat=True)
        )
        assert outcomes == [None if s.settled_by is None else "declined" if s.settled_by == "the family" else "done" for s in self.steps]
        self.lists_agree()

    def lists_agree(self) -> None:
        naive, municipality = self.naive.appointments, self.here.municipality
        numbers = {row.pk: number for number, row in enumerate(self.real)}
        unclosed = {numbers[row.pk] for row in not_closed(municipality=municipality, on=MONDAY + timedelta(days=1))}
        assert unclosed == {number for number, row in enumerate(naive) if row.state in OPEN}
        newest = {id(row.step): number for number, row in enumerate(naive)}.values()
        waiting = {
            number
            for number in newest
            if naive[number].state is State.CANCELLED_BY_CLINIC
            and naive[number].step.settled_by is None
            and not any(row.step is naive[number].step and row.state in OPEN for row in naive)
        }
        assert {numbers[row.pk] for row in appointments_to_rebook(municipality=municipality, on=MONDAY)} == waiting
        assert list(states_of_steps(row.pk for row in self.real_steps).values()) == [
            tuple(row.state for row in naive if row.step is step) for step in self.steps
        ]
        found = free_slots(municipality=municipality, from_on=MONDAY, until_on=MONDAY + timedelta(days=1))
        roster = [
            self.slot({"start": 2 * n, "minutes": 20, "travel": 0, "employee": "nurse", "doctor": "doctor", "room": "room"})
            for n in range(3)
        ]
        group = self.slot({"start": 6, "minutes": 30, "travel": 0, "employee": "nurse", "doctor": None, "room": "room", "capacity": 3})
        told = [(slot.begins_at, slot.doctor_id is not None, slot.places_left) for slot in found]
        assert told == self.naive.free([*roster, group])


def test_the_real_book_and_the_naive_one_agree(municipality: Municipality) -> None:
    here = a_staffed_clinic(municipality, has_rosters=False)
    here.opens(weekday=0, begins=time(9), ends=time(10), slot_minutes=20, doctor=here.doctor)
    here.opens(weekday=0, begins=time(10), ends=time(10, 30), setting=Setting.GROUP, capacity=3)
    children = [an_enrolled_child(here, born_on=date(2026, 1, 5 + number)) for number in range(3)]
    steps = [step_of(child, code) for child in children for code in ("C04_M3", "C05_M4")]

    @settings(EXAMPLES, max_examples=max(EXAMPLES.max_examples // 5, 1))  # a morning is some dozen statements
    @given(MORNINGS)
    def agree(doings: list[tuple[Any, ...]]) -> None:
        with transaction.atomic():
            books = TwoBooks(here, steps)
            for what, *told in doings:
                books.do(what, *told)
            books.agree()
            transaction.set_rollback(True)

    agree()
