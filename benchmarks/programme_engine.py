"""
P4: the programme engine, reading its definition included, against a straightforward python-dateutil loop.

330,000 children, as many as the nation has under six years, with birth dates spread over six years; fourteen steps each, 4.62 million rows.

What is compared, in interleaved pairs:

- *ours*: reads and validates the definition file from disk, then `plans_for` all children. Answers a list with one plan per child.
- *dateutil*: the loop anyone would write: for each child, for each step, `born_on + relativedelta(...)` for target, first and last day. It
  is given the steps ready-made, with every `relativedelta` built once beforehand, and makes plain tuples, which cost less than our rows.
  It is run on every fortieth child and its time multiplied by forty; its work per child is the same whichever child it is.

Both answer the same rows. Ours hands the same row objects to all children born on one day, which is where the time is saved and is all a
reader of rows needs. A bulk write needs more: the second line has both sides write every field of every row out into columns (child, step,
target, first day, end, deadline), ours for all 330,000 children, dateutil again for one in forty, scaled.

Before anything is timed the rows are compared one by one: for every one of the 330,000 children and every step, against dateutil.
The ratio is the median over the pairs; the floor it divides by is the dateutil time of the same pair.

    python -m benchmarks.programme_engine
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from importlib import resources
from statistics import median
from time import perf_counter

from dateutil.relativedelta import relativedelta

from fjorten.programme.definitions import load_definition
from fjorten.programme.durations import Duration
from fjorten.programme.plan import PlannedWindow, plans_for
from fjorten.programme.steps import Definition

CHILDREN = 330_000
SAMPLE_EVERY = 40
PAIRS = 5
GOAL = 100

DEFINITION_FILE = resources.files("fjorten.programme") / "definitions" / "child-2017.toml"

NaiveRow = tuple[str, date, date, date, date]  # step, target, first day, end (exclusive), deadline
NaiveStep = tuple[str, relativedelta, relativedelta, relativedelta]
Columns = tuple[list[object], list[object], list[object], list[object], list[object], list[object]]


def run() -> list[str]:
    """Measure P4 and say what was found, one line per result."""
    births = _births()
    sample = births[::SAMPLE_EVERY]
    definition = load_definition(DEFINITION_FILE)
    steps = _naive_steps(definition)
    _compare_every_row(births, plans_for(births, definition), steps)
    if _columns(plans_for(sample, definition)) != _naive_columns([_naive_plan(born_on, steps) for born_on in sample]):
        raise AssertionError("the columns differ")

    ratios, floors, column_ratios = [], [], []
    for _ in range(PAIRS):
        ours = _seconds(lambda: plans_for(births, load_definition(DEFINITION_FILE)))
        naive = _seconds(lambda: [_naive_plan(born_on, steps) for born_on in sample]) * len(births) / len(sample)
        ratios.append(naive / ours)
        floors.append(naive)
        our_columns = _seconds(lambda: _columns(plans_for(births, load_definition(DEFINITION_FILE))))
        naive_columns = _seconds(lambda: _naive_columns([_naive_plan(born_on, steps) for born_on in sample])) * len(births) / len(sample)
        column_ratios.append(naive_columns / our_columns)
    rows = len(births) * len(definition.steps)
    ratio = median(ratios)
    verdict = "met" if ratio >= GOAL else "MISSED"
    return [
        f"P4 programme engine incl. loading: {ratio:.0f} x python-dateutil (goal at least {GOAL} x: {verdict}; {PAIRS} pairs, "
        f"{min(ratios):.0f}-{max(ratios):.0f} x); floor {median(floors):.1f} s for {rows:,} rows, measured on 1 child in {SAMPLE_EVERY} "
        "and scaled; every row compared",
        f"P4 with every field of every row written into columns on both sides: {median(column_ratios):.0f} x "
        f"({min(column_ratios):.0f}-{max(column_ratios):.0f} x)",
    ]


def _births() -> list[date]:
    chance = random.Random(14)
    first, days = date(2020, 11, 21), 6 * 365 + 2
    return [first + timedelta(days=chance.randrange(days)) for _ in range(CHILDREN)]


def _naive_steps(definition: Definition) -> list[NaiveStep]:
    def delta(age: Duration) -> relativedelta:
        return relativedelta(months=age.months) if age.days is None else relativedelta(days=age.days)

    return [(step.code, delta(step.target), delta(step.default_window.first), delta(step.default_window.last)) for step in definition.steps]


def _naive_plan(born_on: date, steps: Sequence[NaiveStep]) -> list[NaiveRow]:
    rows = []
    for code, target, first, last in steps:
        deadline_on = born_on + last
        rows.append((code, born_on + target, born_on + first, deadline_on + timedelta(days=1), deadline_on))
    return rows


def _columns(plans: Sequence[Sequence[PlannedWindow]]) -> Columns:
    columns: Columns = ([], [], [], [], [], [])
    # Plans of one birth date are one object, so that each is turned on its side only once.
    turned: dict[int, tuple[tuple[object, ...], ...]] = {}
    for child, plan in enumerate(plans):
        sides = turned.get(id(plan))
        if sides is None:
            rows = [(row.step, row.target_on, row.window.start, row.window.until, row.deadline_on) for row in plan]
            sides = turned[id(plan)] = tuple(zip(*rows, strict=True))
        columns[0].extend([child] * len(plan))
        for column, side in zip(columns[1:], sides, strict=True):
            column.extend(side)
    return columns


def _naive_columns(plans: Sequence[Sequence[NaiveRow]]) -> Columns:
    columns: Columns = ([], [], [], [], [], [])
    for child, plan in enumerate(plans):
        for code, target_on, first_on, until, deadline_on in plan:
            columns[0].append(child)
            columns[1].append(code)
            columns[2].append(target_on)
            columns[3].append(first_on)
            columns[4].append(until)
            columns[5].append(deadline_on)
    return columns


def _compare_every_row(births: Sequence[date], plans: Sequence[Sequence[PlannedWindow]], steps: Sequence[NaiveStep]) -> None:
    expected = {born_on: _naive_plan(born_on, steps) for born_on in set(births)}
    for born_on, plan in zip(births, plans, strict=True):
        rows = [(row.step, row.target_on, row.window.start, row.window.until, row.deadline_on) for row in plan]
        if rows != expected[born_on]:
            raise AssertionError(f"the engines differ for a child born on {born_on}: {rows} is not {expected[born_on]}")


def _seconds(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started


if __name__ == "__main__":
    print("\n".join(run()))
