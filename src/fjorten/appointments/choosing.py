"""The free times a person may choose among for one child, the best first: what the night weighs, one child at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from fjorten.appointments.capacity import WEEKS, Week
from fjorten.appointments.needs import need_by_hand
from fjorten.appointments.norms import Norms, default_norms
from fjorten.appointments.placing import Need, Shortcoming, points, shortcomings, suits
from fjorten.appointments.queries import free_slots
from fjorten.appointments.slots import FreeSlot
from fjorten.organisation.models import Clinic, Municipality
from fjorten.plans.models import PlannedStep

# Three, and no two on one day: a family that cannot come that day has another to choose [default].
BEST: Final = 3


@dataclass(frozen=True, slots=True)
class Suiting:
    """A free time that suits a child's need. `points` are the night's (`placing.points`, 0 could not be better); `is_inside` its days."""

    slot: FreeSlot
    points: int
    shortcomings: frozenset[Shortcoming]
    is_inside: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """What is offered to choose among: the `best` times first, and every time of one week that suits, in order of time."""

    need: Need
    best: tuple[Suiting, ...]
    week: Week
    in_week: tuple[Suiting, ...]


def suiting(need: Need, slots: Iterable[FreeSlot], *, at: datetime, today: date, norms: Norms) -> list[Suiting]:
    """
    This function will keep, in their order, the slots to come that suit a need, each weighed as the night would. Place, competence, length
    and where the child is are never bent; a day outside the need's is said.
    """
    return [
        Suiting(
            slot=slot,
            points=points(need, slot, today=today, norms=norms),
            shortcomings=frozenset(shortcomings(need, slot, today=today, norms=norms)),
            is_inside=slot.day in need.days,
        )
        for slot in slots
        if slot.begins_at > at and suits(need, slot)
    ]


def best_of(offered: Sequence[Suiting], *, most: int = BEST) -> tuple[Suiting, ...]:
    """This function will choose the best times among those inside the need's days, at most one on each day, the best first."""
    of_day: dict[date, Suiting] = {}
    for one in sorted((one for one in offered if one.is_inside), key=_order):
        of_day.setdefault(one.slot.day, one)
    return tuple(sorted(of_day.values(), key=_order)[:most])


def choice_for(planned_step: PlannedStep, *, municipality: Municipality, on: date, at: datetime, week: Week | None = None) -> Choice | None:
    """
    This function will find the times a planned step may be given, or its appointment moved to: the best within its days, at most twelve
    weeks of them, and all of one week, which is the week of the best one unless another is asked for.

    None when the plan names a step that is not here any more. The number of questions does not grow with the weeks.
    """
    need = need_by_hand(planned_step, on=on)
    if need is None:
        return None
    assert need.days.start is not None and need.days.until is not None, "a need has a first and a last day"
    until = min(need.days.until, need.days.start + timedelta(weeks=WEEKS))
    clinic = Clinic.objects.of(municipality).get(pk=need.clinic)
    norms = default_norms()

    def offered(from_on: date, until_on: date) -> list[Suiting]:
        free = free_slots(municipality=municipality, from_on=from_on, until_on=until_on, clinic=clinic)
        return suiting(need, free, at=at, today=on, norms=norms)

    best = best_of(offered(need.days.start, until))
    shown = week or Week.of(best[0].slot.day if best else need.days.start)
    return Choice(need, best, shown, tuple(offered(shown.monday, shown.after(1).monday)))


def _order(one: Suiting) -> tuple[int, datetime, int]:
    return one.points, one.slot.begins_at, one.slot.employee_id
