"""
A birth date and a programme make a plan: for every step the day to aim at, the window to offer it in, and the last day of that.

A plan depends on nothing but these two. In a population the same birth dates come back again and again (a nation's children under six
have about 2,200 of them), so `plans_for` does the calendar arithmetic once per birth date and hands the same rows to all children born
that day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from fjorten.kernel.periods import Period
from fjorten.programme.steps import Definition, StepCode

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PlannedWindow:
    """When one child is offered one step. `window` is half-open; `deadline_on` is its last day."""

    step: StepCode
    target_on: date
    window: Period
    deadline_on: date


def plan_for(born_on: date, definition: Definition) -> tuple[PlannedWindow, ...]:
    """
    Make the plan of a child born on `born_on`: one row per step, in programme order.

    Both ends of a window in the definition count, so the window ends the day after its deadline. Ages in months are completed months with
    the last day of the month standing in for a missing one. Source: ages and official windows from the guideline named in the definition
    [source]; all other windows, and what a month after the 31st is, are ours [default].
    """
    plan = []
    for step in definition.steps:
        deadline_on = step.default_window.last.after(born_on)
        window = Period(step.default_window.first.after(born_on), deadline_on + _ONE_DAY)
        plan.append(PlannedWindow(step.code, step.target.after(born_on), window, deadline_on))
    return tuple(plan)


def plans_for(births: Iterable[date], definition: Definition) -> list[tuple[PlannedWindow, ...]]:
    """Make the plans of many children, in the order of `births`: the same rows as `plan_for`, computed once per birth date."""
    by_birth: dict[date, tuple[PlannedWindow, ...]] = {}
    plans = []
    for born_on in births:
        plan = by_birth.get(born_on)
        if plan is None:
            plan = by_birth[born_on] = plan_for(born_on, definition)
        plans.append(plan)
    return plans
