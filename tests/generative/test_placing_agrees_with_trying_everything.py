"""Choosing times, against trying everything for a handful of children, and against taking each in turn for more of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fjorten.appointments.norms import default_norms
from fjorten.appointments.placing import Need, Placing, Span, WhyNot, Wishes
from fjorten.appointments.slots import FreeSlot
from fjorten.appointments.solver import place, without_room
from fjorten.kernel.periods import Period
from fjorten.programme.steps import Setting
from tests.appointments import naive_placing as naive
from tests.appointments.times import AT_CLINIC, IN_GROUP, NURSE, NURSE_AND_DOCTOR, TODAY, WITH_DOCTOR, a_need, a_slot
from tests.examples import EXAMPLES

NORMS = default_norms()
A_SITTING = UUID(int=7)

SOME = settings(EXAMPLES, max_examples=max(EXAMPLES.max_examples // 4, 1))  # each is solved, and tried out by hand


@st.composite
def slots(draw: st.DrawFn) -> FreeSlot:
    """Times close together, of few employees, so that they get in each other's way."""
    employee = draw(st.integers(1, 2))
    day, clock = draw(st.integers(3, 4)), draw(st.sampled_from(["09:00", "09:20", "09:30", "10:00", "12:00"]))
    kind = draw(st.sampled_from(["clinic", "clinic", "doctor", "group", "begun"]))
    if kind in {"group", "begun"}:
        capacity = draw(st.integers(2, 3))
        sitting = A_SITTING if kind == "begun" else None
        left = draw(st.integers(1, capacity - 1)) if kind == "begun" else capacity
        # A group somebody is in holds its people: nothing else of theirs is free then.
        own = {"employee_id": 9, "room_id": 9} if kind == "begun" else {"employee_id": employee}
        return a_slot(day, clock, minutes=60, setting=Setting.GROUP, capacity=capacity, places_left=left, sitting=sitting, **own)
    traits = {"doctor_id": 5, "performers": NURSE_AND_DOCTOR} if kind == "doctor" else {"performers": NURSE}
    room = draw(st.sampled_from([employee, 1]))
    return a_slot(
        day,
        clock,
        minutes=draw(st.sampled_from([20, 30, 45])),
        travel=draw(st.sampled_from([0, 15])),
        employee_id=employee,
        room_id=room,
        **traits,
    )


@st.composite
def needs(draw: st.DrawFn, number: int) -> Need:
    start = draw(st.integers(2, 4))
    days = Period(date(2026, 3, start), date(2026, 3, draw(st.integers(start + 1, 8))))
    family_time = a_slot(draw(st.integers(3, 4)), "09:30")
    return a_need(
        number,
        child=draw(st.sampled_from([number, number, number, 1])),
        days=days,
        target_on=date(2026, 3, draw(st.integers(2, 8))),
        until_on=days.until + timedelta(days=draw(st.sampled_from([0, 0, 5, 90]))),
        ways=draw(st.sampled_from([(AT_CLINIC,), (WITH_DOCTOR,), IN_GROUP, (AT_CLINIC, IN_GROUP[0])])),
        same_nurse=draw(st.sampled_from([None, 1, 2])),
        family=draw(st.sampled_from([None, 1, 1])),
        family_times=draw(st.sampled_from([(), (), (Span(family_time.begins_at, family_time.ends_at),)])),
        taken=draw(st.sampled_from([(), (), (Span(family_time.begins_at, family_time.ends_at),)])),
        needs_interpreter=draw(st.booleans()),
        wishes=draw(st.sampled_from([Wishes(), Wishes(frozenset({1, 2})), Wishes(earliest=time(10)), Wishes(latest=time(10))])),
    )


def tasks(children: int, times: int) -> st.SearchStrategy[tuple[list[Need], list[FreeSlot]]]:
    free = st.lists(slots(), max_size=times, unique_by=lambda slot: (slot.begins_at, slot.employee_id, slot.room_id, slot.setting))
    return st.tuples(st.integers(0, children).flatmap(lambda n: st.tuples(*(needs(i) for i in range(1, n + 1))).map(list)), free)


def answer_of(placing: Placing, wanted: list[Need]) -> list[FreeSlot | None]:
    given_slots = {one.need.planned_step: one.slot for one in placing.placed}
    assert len(given_slots) + len(placing.unplaced) == len(wanted), "everybody has one answer"
    return [given_slots.get(need.planned_step) for need in wanted]


EARLY = Period(date(2026, 3, 2), date(2026, 3, 8))
ON_THE_WAY = (
    [a_need(1, days=EARLY, target_on=date(2026, 3, 3)), a_need(2, days=EARLY, target_on=date(2026, 3, 3))],
    [a_slot(3, "09:00", travel=15), a_slot(3, "09:30")],
)
SAME_DAY_BUT_NOT_TOGETHER = (
    [a_need(number, days=EARLY, target_on=date(2026, 3, 2 + number), family=1) for number in (1, 2)],
    [a_slot(3, "09:00"), a_slot(3, "14:00"), a_slot(4, "09:00")],
)


@pytest.mark.by_example
@SOME
@given(tasks(children=4, times=5))
@example(ON_THE_WAY)
@example(SAME_DAY_BUT_NOT_TOGETHER)
def test_nothing_is_better_than_what_is_chosen(task: tuple[list[Need], list[FreeSlot]]) -> None:
    wanted, free = task
    placing = place(needs=wanted, slots=free, today=TODAY)
    answer = answer_of(placing, wanted)
    assert all(slot is None or naive.may_have(need, slot) for need, slot in zip(wanted, answer, strict=True))
    assert naive.is_allowed(wanted, answer)
    assert placing.is_best
    found = naive.worth(wanted, answer, today=TODAY, norms=NORMS)
    best = naive.best_worth(wanted, free, today=TODAY, norms=NORMS)
    assert found == best
    assert len(without_room(needs=wanted, slots=free, today=TODAY)) == best[0]


@pytest.mark.by_example
@SOME
@given(tasks(children=12, times=12))
def test_never_fewer_children_than_one_after_the_other(task: tuple[list[Need], list[FreeSlot]]) -> None:
    wanted, free = task
    placing = place(needs=wanted, slots=free, today=TODAY)
    assert naive.is_allowed(wanted, answer_of(placing, wanted))
    assert len(placing.placed) >= naive.greedy(wanted, free)


@pytest.mark.by_example
@SOME
@given(tasks(children=6, times=8), st.randoms(use_true_random=False))
def test_the_same_children_and_times_give_the_same_answer_in_any_order(task, shuffle) -> None:
    wanted, free = task
    first = place(needs=wanted, slots=free, today=TODAY)
    shuffle.shuffle(wanted)
    shuffle.shuffle(free)
    assert place(needs=wanted, slots=free, today=TODAY) == first


@pytest.mark.by_example
@SOME
@given(tasks(children=6, times=8))
def test_a_wish_never_costs_a_child_its_time(task: tuple[list[Need], list[FreeSlot]]) -> None:
    wanted, free = task
    without_wishes = [replace(need, wishes=Wishes()) for need in wanted]
    placed = len(place(needs=wanted, slots=free, today=TODAY).placed)
    assert placed == len(place(needs=without_wishes, slots=free, today=TODAY).placed)


@pytest.mark.by_example
@SOME
@given(tasks(children=6, times=4))
def test_whoever_goes_without_is_told_why(task: tuple[list[Need], list[FreeSlot]]) -> None:
    wanted, free = task
    for one in place(needs=wanted, slots=free, today=TODAY).unplaced:
        could = [slot for slot in free if naive.may_have(one.need, slot)]
        assert bool(could) == (one.why is WhyNot.TAKEN_BY_OTHERS)
