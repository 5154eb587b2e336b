"""What the spec tables of placing leave out: the limits, shared people and rooms, and what is said of a time."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from itertools import pairwise
from uuid import UUID

from fjorten.appointments.norms import default_norms
from fjorten.appointments.placing import Shortcoming, Span, WhyNot, Wishes, fits, points, shortcomings
from fjorten.appointments.solver import place, without_room
from fjorten.kernel.periods import Period
from fjorten.programme.steps import Setting
from tests.appointments.times import IN_GROUP, NURSE_AND_DOCTOR, TODAY, WITH_DOCTOR, a_need, a_slot

NORMS = default_norms()


def placed(needs: list, slots: list) -> dict[int, tuple[int, int]]:
    placing = place(needs=needs, slots=slots, today=TODAY)
    return {one.need.planned_step: (one.slot.begins_at.day, one.slot.employee_id) for one in placing.placed}


def test_nobody_and_nothing_is_an_answer_too() -> None:
    assert place(needs=[], slots=[], today=TODAY).is_best
    assert place(needs=[], slots=[a_slot()], today=TODAY).placed == ()
    [alone] = place(needs=[a_need()], slots=[], today=TODAY).unplaced
    assert alone.why is WhyNot.NO_SUCH_TIME


def test_a_doctor_is_with_one_child_at_a_time() -> None:
    needs = [a_need(number, ways=(WITH_DOCTOR,)) for number in (1, 2)]
    slots = [a_slot(16, employee_id=nurse, doctor_id=9, performers=NURSE_AND_DOCTOR) for nurse in (1, 2)]
    assert len(placed(needs, slots)) == 1
    assert len(placed(needs, [*slots, a_slot(20, doctor_id=9, performers=NURSE_AND_DOCTOR)])) == 2


def test_a_room_and_the_way_home_are_kept() -> None:
    needs = [a_need(1), a_need(2)]
    assert len(placed(needs, [a_slot(16, employee_id=1, room_id=3), a_slot(16, "09:15", employee_id=2, room_id=3)])) == 1
    assert len(placed(needs, [a_slot(16, travel=20), a_slot(16, "09:45")])) == 1
    assert len(placed(needs, [a_slot(16, travel=15), a_slot(16, "09:45")])) == 2


def test_a_child_is_in_one_place_at_a_time() -> None:
    both = [a_need(1, child=5), a_need(2, child=5)]
    assert len(placed(both, [a_slot(16, employee_id=1), a_slot(16, "09:15", employee_id=2)])) == 1
    assert len(placed(both, [a_slot(16, employee_id=1), a_slot(16, "09:30", employee_id=2)])) == 2
    slot = a_slot(16)
    busy = a_need(taken=(Span(slot.begins_at, slot.ends_at),))
    [alone] = place(needs=[busy], slots=[slot], today=TODAY).unplaced
    assert alone.why is WhyNot.CHILD_IS_ELSEWHERE


def test_a_group_somebody_is_in_has_only_the_places_that_are_left() -> None:
    begun = a_slot(16, minutes=60, setting=Setting.GROUP, capacity=8, places_left=1, sitting=UUID(int=1))
    needs = [a_need(number, ways=IN_GROUP[:1]) for number in (1, 2)]
    assert len(placed(needs, [begun])) == 1
    fresh = a_slot(17, minutes=60, setting=Setting.GROUP, capacity=8, employee_id=2)
    [only] = [one.slot for one in place(needs=needs[:1], slots=[begun, fresh], today=TODAY).placed]
    assert only == begun


def test_a_time_that_is_too_short_is_not_given() -> None:
    [alone] = place(needs=[a_need()], slots=[a_slot(minutes=20)], today=TODAY).unplaced
    assert alone.why is WhyNot.ONLY_SHORTER_TIMES


def test_another_clinic_and_a_day_outside_are_never_given() -> None:
    need = a_need()
    assert fits(need, a_slot())
    assert not fits(need, a_slot(clinic_id=2))
    assert not fits(need, a_slot(6))
    assert not fits(need, a_slot(28))
    assert not fits(need, a_slot(places_left=0))


def test_a_search_that_is_stopped_says_so_and_places_as_many() -> None:
    needs = [a_need(number, ways=IN_GROUP, family=number // 2) for number in range(1, 9)]
    slots = [a_slot(day, minutes=60, setting=Setting.GROUP, capacity=3) for day in (10, 12, 16, 18, 20)]
    whole, stopped = (place(needs=needs, slots=slots, today=TODAY, work=work) for work in (1.0, 0.0))
    assert whole.is_best
    assert not stopped.is_best
    assert len(stopped.placed) == len(whole.placed) == 8


def test_what_could_be_better_is_listed() -> None:
    sibling = a_slot(16, "12:00")
    need = a_need(
        same_nurse=2,
        days=Period(date(2026, 3, 2), date(2026, 3, 28)),
        ways=IN_GROUP,
        family_times=(Span(sibling.begins_at, sibling.ends_at),),
        wishes=Wishes(frozenset({0}), latest=a_slot(16, "09:15").begins_at.time()),
    )
    assert list(shortcomings(need, a_slot(16), today=TODAY, norms=NORMS)) == [
        Shortcoming.INDIVIDUAL_INSTEAD_OF_GROUP,
        Shortcoming.OUTSIDE_WISH,
        Shortcoming.OUTSIDE_WISH,
        Shortcoming.SIBLING_APART,
        Shortcoming.ANOTHER_NURSE,
    ]
    soon = list(shortcomings(need, a_slot(3), today=TODAY, norms=NORMS))
    assert Shortcoming.SHORT_NOTICE in soon
    assert Shortcoming.SIBLING_ANOTHER_DAY in soon
    assert list(shortcomings(need, sibling, today=TODAY, norms=NORMS))[-1] is Shortcoming.ANOTHER_NURSE


def test_an_interpreter_is_given_time_to_be_ordered() -> None:
    need = a_need(days=Period(date(2026, 3, 2), date(2026, 3, 12)), target_on=date(2026, 3, 4))
    slots = [a_slot(4), a_slot(9)]
    assert placed([need], slots) == {1: (4, 1)}
    assert placed([replace(need, needs_interpreter=True)], slots) == {1: (9, 1)}


def test_the_cost_grows_with_the_distance() -> None:
    costs = [points(a_need(), a_slot(day), today=TODAY, norms=NORMS) for day in (16, 17, 18, 19)]
    steps = [later - earlier for earlier, later in pairwise(costs)]
    assert costs[0] == 0
    assert steps == sorted(set(steps))


def test_who_is_without_room_is_the_same_as_who_is_not_placed() -> None:
    needs = [a_need(number, until_on=date(2026, 3, 20 + number)) for number in (1, 2, 3)]
    slots = [a_slot(16), a_slot(17)]
    [alone] = without_room(needs=needs, slots=slots, today=TODAY)
    assert alone.need.planned_step == 3
    assert [one.need for one in place(needs=needs, slots=slots, today=TODAY).unplaced] == [alone.need]


def test_commands_that_place_nobody_do_not_pay_for_the_solver() -> None:
    code = "import sys, fjorten.appointments.solver; sys.exit(any(name.startswith('ortools') for name in sys.modules))"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0


def test_siblings_at_two_clinics_do_not_wait_for_each_other() -> None:
    needs = [a_need(1, family=1), a_need(2, family=1, clinic=2, target_on=date(2026, 3, 18))]
    slots = [a_slot(16), a_slot(18), a_slot(16, clinic_id=2, employee_id=2), a_slot(18, clinic_id=2, employee_id=2)]
    assert placed(needs, slots) == {1: (16, 1), 2: (18, 2)}


def test_ctrl_c_still_reaches_whoever_waits_for_it_after_the_search() -> None:
    script = """
import os, signal, time
from tests.appointments.times import IN_GROUP, TODAY, a_need, a_slot
from fjorten.appointments.solver import place
from fjorten.programme.steps import Setting
signal.signal(signal.SIGINT, signal.default_int_handler)
needs = [a_need(number, ways=IN_GROUP, family=number // 2) for number in range(1, 9)]
slots = [a_slot(day, minutes=60, setting=Setting.GROUP, capacity=6) for day in (16, 17)] + [a_slot(day) for day in range(9, 28)]
assert len(place(needs=needs, slots=slots, today=TODAY).placed) == 8
try:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(5)
except KeyboardInterrupt:
    print("stopped")
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=False)
    assert (done.stdout, done.returncode) == ("stopped\n", 0), done.stderr
