"""
The programme room on thousands of random children, against the naive engine of tests/programme written from the text of the rules.

Children are born on any day from 2017 to 2105, so across leap years and the one that is none (2100); programmes are the national one and
invented ones with windows that overlap, touch and leave gaps.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fjorten.programme.catch_up import CatchUpPlan, Proposal, Reason, catch_up
from fjorten.programme.definitions import Definition, StepCode, child_programme
from fjorten.programme.plan import plan_for, plans_for
from fjorten.programme.reading import read_definition
from fjorten.programme.status import Status, StepFacts, status_of
from tests.examples import EXAMPLES
from tests.programme import naive_engine as naive
from tests.programme.definition_tables import definition_table, step_table

BIRTHS = st.one_of(
    st.dates(date(2017, 2, 9), date(2105, 12, 31)),
    st.sampled_from([date(2020, 2, 29), date(2024, 2, 29), date(2095, 12, 31), date(2099, 1, 31), date(2096, 2, 29), date(2100, 2, 28)]),
    st.dates(date(2020, 1, 1), date(2030, 12, 31)).map(lambda day: day.replace(month=[1, 3, 5, 7, 8, 10, 12][day.day % 7], day=31)),
)
AGES_DAYS = st.one_of(st.integers(0, 60), st.integers(0, 700), st.integers(0, 2250))
NATIONAL = child_programme(on=date(2026, 1, 1))
GIFTS = ["measurement", "vision", "hearing", "screening", "doctor", "vaccines"]


@st.composite
def invented_programmes(draw: st.DrawFn) -> tuple[Definition, list[naive.NaiveStep]]:
    """Up to eight steps counted in days or months, with windows of any width around their targets."""
    unit, widest, last_target = draw(st.sampled_from([("d", 60, 2000), ("m", 4, 66)]))
    targets = sorted(draw(st.lists(st.integers(0, last_target), min_size=1, max_size=8)))
    steps = []
    for number, target in enumerate(targets):
        before, after = draw(st.integers(0, min(widest, target))), draw(st.integers(0, widest))
        gives = draw(st.lists(st.sampled_from(GIFTS), unique=True, max_size=3))
        steps.append(
            naive.NaiveStep(
                f"S{number}", f"{target}{unit}", f"{target - before}{unit}", f"{target + after}{unit}", " ".join(gives), draw(st.booleans())
            )
        )
    tables = [
        step_table(step.code, target=step.target, window=(step.first, step.last), gives=step.gives.split(), group_only=step.group_only)
        for step in steps
    ]
    return read_definition(definition_table(steps=tables), file="invented.toml"), steps


PROGRAMMES = st.one_of(st.just((NATIONAL, naive.FOURTEEN)), invented_programmes())


DOCUMENTED = st.one_of(st.just(frozenset[int]()), st.frozensets(st.integers(0, 13)))


def agree_on_plan(programme: tuple[Definition, list[naive.NaiveStep]], born_on: date) -> None:
    definition, steps = programme
    ours = plan_for(born_on, definition)
    expected = naive.plan(born_on, steps)
    assert [row.step for row in ours] == [row.step for row in expected]
    for row, other in zip(ours, expected, strict=True):
        assert row.target_on == other.target_on
        assert (row.window.start, row.deadline_on) == (other.days[0], other.days[-1])
        assert row.window.until == naive.tomorrow(other.days[-1])
    assert plans_for([born_on, born_on], definition) == [ours, ours]


@pytest.mark.by_example
@EXAMPLES
@given(PROGRAMMES, BIRTHS)
@example((NATIONAL, naive.FOURTEEN), date(2024, 2, 29))
@example((NATIONAL, naive.FOURTEEN), date(2023, 8, 31))
def test_plans_agree(programme: tuple[Definition, list[naive.NaiveStep]], born_on: date) -> None:
    agree_on_plan(programme, born_on)


OUTCOMES = st.sampled_from([None, None, Status.DONE, Status.DONE_ELSEWHERE, Status.DECLINED, Status.WAIVED])
MISSED_ON = st.one_of(st.none(), st.dates(date(2017, 1, 1), date(2030, 1, 1)))


def agree_on_status(born_on: date, number: int, age_days: int, outcome: Status | None, is_booked: bool, missed_on: date | None) -> None:
    today = born_on + timedelta(days=age_days)
    window = plan_for(born_on, NATIONAL)[number].window
    facts = StepFacts(window, outcome=outcome, has_open_appointment=is_booked, missed_on=missed_on)
    days = naive.window_days(born_on, naive.FOURTEEN[number])
    assert status_of(facts, today=today) == naive.status(days, outcome, is_booked, missed_on is not None, today)


@pytest.mark.by_example
@EXAMPLES
@given(BIRTHS, st.integers(0, 13), AGES_DAYS, OUTCOMES, st.booleans(), MISSED_ON)
def test_states_agree(born_on: date, number: int, age_days: int, outcome: Status | None, is_booked: bool, missed_on: date | None) -> None:
    agree_on_status(born_on, number, age_days, outcome, is_booked, missed_on)


def agree_on_catch_up(programme: tuple[Definition, list[naive.NaiveStep]], born_on: date, age_days: int, numbers: frozenset[int]) -> None:
    definition, steps = programme
    on = born_on + timedelta(days=age_days)
    documented = {definition.codes[number] for number in numbers if number < len(steps)}
    ours = catch_up(born_on, definition, on=on, documented=documented)
    expected = naive.catch_up(born_on, steps, on, set(documented))
    for item in ours.items:
        other = expected[item.step]
        assert (item.proposal, item.into, item.reason) == (other.proposal, other.into, other.reason), f"{item.step}: {ours.summary}"
        if item.proposal is Proposal.DO_NOW:
            assert (item.window.window.start, item.window.deadline_on) == (other.days[0], other.days[-1]), f"{item.step}: {ours.summary}"
    keeps_its_promises(ours, definition, documented)


def keeps_its_promises(plan: CatchUpPlan, definition: Definition, documented: set[StepCode]) -> None:
    """What the catch-up plan promises the nurse, whatever the details of the rule."""
    assert tuple(item.step for item in plan.items) == definition.codes
    now = plan.having(Proposal.DO_NOW)
    assert len(now) <= 1
    assert {item.into for item in plan.having(Proposal.MERGE)} <= {item.step for item in now}
    assert {item.step for item in plan.having(Proposal.DONE_ELSEWHERE)} == documented
    # Never a wall of overdue rows: what is still to be done when the plan is accepted is not overdue that day, nor in the week after.
    windows = {row.step: row.window for row in plan_for(plan.born_on, definition)}
    for item in plan.items:
        if item.reason == Reason.AHEAD:
            assert status_of(StepFacts(item.window.window), today=plan.on) is Status.NOT_YET_DUE
        elif item.proposal in (Proposal.DO_NOW, Proposal.UPCOMING):
            assert status_of(StepFacts(item.window.window), today=plan.on + timedelta(days=6)) is not Status.OVERDUE
        else:
            assert item.window.window == windows[item.step]
        assert item.sentence.endswith(".")
    # Never nothing: something is to be done now, is coming, or has been done.
    has_ended = plan.on >= definition.ends_at.after(plan.born_on)
    for item in plan.having(Proposal.WAIVE):
        assert has_ended or not item.needs
    if not has_ended and any(item.proposal is Proposal.MERGE or item.reason == Reason.IN_WINDOW for item in plan.items):
        assert len(now) == 1


@pytest.mark.by_example
@EXAMPLES
@given(PROGRAMMES, BIRTHS, AGES_DAYS, DOCUMENTED)
def test_catch_up_plans_agree(
    programme: tuple[Definition, list[naive.NaiveStep]], born_on: date, age_days: int, numbers: frozenset[int]
) -> None:
    agree_on_catch_up(programme, born_on, age_days, numbers)


def test_catch_up_plans_agree_on_every_day_of_the_first_year_and_every_eleventh_after_it() -> None:
    for age_days in [*range(430), *range(430, 2250, 11)]:
        agree_on_catch_up((NATIONAL, naive.FOURTEEN), date(2024, 2, 29), age_days, frozenset())
