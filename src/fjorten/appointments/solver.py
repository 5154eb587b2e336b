"""
Choosing times for many children at once, with OR-Tools CP-SAT.

What is chosen, in this order:

1. As many children as possible are given a time. A time is used once, a group by as many as it has places for, and no employee, doctor,
   room or child is in two places at once. Every time lies on one of the days the child may be given, with the place, the competence and the
   minutes the step needs. None of this is ever bent.
2. When there is not room for all, those whose window closes first come first.
3. Among all ways of doing that, the one with the fewest points in all (`placing.points`): near the target, the same nurse as before,
   siblings on the same day next to each other, the family's wishes, few full groups rather than many half empty, some days to prepare in
   (more where an interpreter must be ordered), and no doctor's time for a step that needs no doctor.

The same children and the same times give the same answer, in whatever order they come: the search has one worker, a fixed seed, and a limit
counted in its own work and not by a clock. Children who cannot stand in each other's way are chosen for apart. A search stopped at its
limit gives the best it found, never fewer children than taking them in turn would, and says that it was stopped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from fjorten.appointments.choices import Chosen, Part, Task, parts_of
from fjorten.appointments.exact_choice import Model
from fjorten.appointments.norms import Norms, default_norms
from fjorten.appointments.placing import FreeTimes, Need, Placement, Placing, Unplaced, points
from fjorten.appointments.slots import FreeSlot

# The most work for one step of one part, in the solver's own measure: some seconds each [default].
WORK: Final = 1.0


def place(*, needs: Iterable[Need], slots: Iterable[FreeSlot], today: date, norms: Norms | None = None, work: float = WORK) -> Placing:
    """
    This function will give each need a slot, or the reason why it got none; what it seeks, in order, stands at the top of this module.

    Each planned step is needed at most once. Takes a second or so for a clinic's night, and under a minute for a city that is a week
    behind. `work` limits the search.
    """
    using = norms or default_norms()
    task = Task.of(needs, slots, today=today, norms=using, weigh=lambda need, slot: points(need, slot, today=today, norms=using))
    chosen: Chosen = {}
    is_best = True
    for part in parts_of(task):
        found, proven = _solve(task, part, work=work)
        chosen |= found
        is_best = is_best and proven
    placed = tuple(Placement(need, task.slots[chosen[i]]) for i, need in enumerate(task.needs) if i in chosen)
    return Placing(placed, _unplaced(task, chosen), is_best)


def without_room(
    *, needs: Iterable[Need], slots: Iterable[FreeSlot], today: date, norms: Norms | None = None, work: float = WORK
) -> tuple[Unplaced, ...]:
    """This function will tell who cannot be given a time however the others are placed: the first two steps of `place` and no more."""
    task = Task.of(needs, slots, today=today, norms=norms or default_norms(), weigh=lambda need, slot: 0)
    chosen: Chosen = {}
    for part in parts_of(task):
        everything = Part.of(task, part)
        chosen |= _who(everything, everything.flow(), work=work)[0]
    return _unplaced(task, chosen)


def _unplaced(task: Task, chosen: Chosen) -> tuple[Unplaced, ...]:
    free = FreeTimes(task.slots)
    return tuple(Unplaced(need, free.why_not(need)) for i, need in enumerate(task.needs) if i not in chosen)


def _solve(task: Task, part: Sequence[int], *, work: float) -> tuple[Chosen, bool]:
    """
    Choose for one part: first who, then the best times for them.

    A flow answers both at once where nobody minds where the others are: no group is started, no siblings are placed together, and nobody's
    time stands in the way of another's. Whatever else there is, nothing can be better than the flow.
    """
    everything = Part.of(task, part)
    bound = everything.flow()
    chosen, proven = _who(everything, bound, work=work)
    if proven and everything.cost(chosen) == everything.own_cost(bound):
        return chosen, True
    best, is_cheapest = Model(everything.narrowed(chosen)).cheapest(chosen, work)
    return best, proven and is_cheapest


def _who(part: Part, bound: Chosen, *, work: float) -> tuple[Chosen, bool]:
    """Choose who is placed: the flow tells, unless times stand in each other's way. Then among the best times first, and then among all."""
    if part.allows(bound):
        return bound, True
    chosen = part.in_turn()
    proven = False
    for weighed in (part.narrowed(chosen), part):
        if part.missing(chosen) == part.missing(bound):
            return chosen, True
        chosen, proven = Model(weighed).most(chosen, work)
    return chosen, proven
