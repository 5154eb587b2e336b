"""From a programme definition to the plan rows of one child. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import assert_never

from fjorten.kernel.periods import Period
from fjorten.programme.catch_up import Proposal, catch_up
from fjorten.programme.definitions import Definition, StepCode
from fjorten.programme.plan import plan_for
from fjorten.programme.status import Status


@dataclass(frozen=True, slots=True)
class StepRow:
    """
    One row of a plan: window `[window_from, window_until)`, and for a step the catch-up plan settles the outcome, its day and reason code.

    `in_catch_up` tells that the window is the catch-up plan's own and not the programme's. `by` is who settled it, "" for whoever writes
    the plan; `is_confirmed` counts for what was done elsewhere.
    """

    step: str
    position: int
    target_on: date
    window_from: date
    window_until: date
    in_catch_up: bool = False
    outcome: Status | None = None
    outcome_on: date | None = None
    reason: str = ""
    by: str = ""
    is_confirmed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierStep:
    """
    What an earlier system tells of one step: how it was settled, on which day, by whom ("" when it does not tell), and why.

    `is_confirmed` counts for what was done elsewhere: documented, or so far only a claim.
    """

    step: str
    outcome: Status
    on: date
    by: str = ""
    reason: str = ""
    is_confirmed: bool = True


@lru_cache(maxsize=4096)  # the birth dates of a nation's children under six, with room for two programmes
def full_plan(born_on: date, definition: Definition) -> tuple[StepRow, ...]:
    """Lay out the whole programme from birth: one row per step, in programme order. Children born on one day get the very same rows."""
    return tuple(
        StepRow(planned.step, position, planned.target_on, *_ends(planned.window))
        for position, planned in enumerate(plan_for(born_on, definition), start=1)
    )


def catch_up_plan(born_on: date, definition: Definition, *, on: date, documented: Collection[StepCode] = ()) -> tuple[StepRow, ...]:
    """
    Lay out the programme for a child who enters on a day: what is behind is waived or merged with a reason, one consultation is offered
    now, the rest keeps its windows (the rule stands in programme.catch_up).

    Raises ChildIsNotBornYet, and NoSuchStep (programme.steps) for a documented step the programme does not have.
    """
    items = {item.step: item for item in catch_up(born_on, definition, on=on, documented=documented).items}
    rows = []
    for row in full_plan(born_on, definition):
        item = items[StepCode(row.step)]
        match item.proposal:
            case Proposal.UPCOMING:
                rows.append(row)
            case Proposal.DO_NOW:
                rows.append(_offered(row, item.window.target_on, item.window.window))
            case Proposal.MERGE | Proposal.WAIVE:
                reason = item.reason.value if item.into is None else f"{item.reason.value}:{item.into}"
                rows.append(replace(row, outcome=Status.WAIVED, outcome_on=on, reason=reason))
            case Proposal.DONE_ELSEWHERE:
                rows.append(replace(row, outcome=Status.DONE_ELSEWHERE, outcome_on=on, reason=item.reason.value))
            case _:
                assert_never(item.proposal)
    return tuple(rows)


def plan_taken_over(born_on: date, definition: Definition, *, on: date, settled: Collection[EarlierStep]) -> tuple[StepRow, ...]:
    """
    Lay out the programme for a child an earlier system followed from a day on, with what it tells of the steps.

    It is the catch-up plan of that day, which for a newborn is the whole programme: what was done elsewhere by then was documented. What is
    told counts before what such a plan would propose. Raises what `catch_up_plan` raises.
    """
    told = {step.step: step for step in settled}
    known = {StepCode(code) for code, step in told.items() if step.outcome is Status.DONE_ELSEWHERE and step.is_confirmed and step.on <= on}
    rows = catch_up_plan(born_on, definition, on=on, documented=known)
    return tuple(_settled(row, told[row.step]) if row.step in told else row for row in rows)


def _settled(row: StepRow, told: EarlierStep) -> StepRow:
    return replace(row, outcome=told.outcome, outcome_on=told.on, reason=told.reason, by=told.by, is_confirmed=told.is_confirmed)


def moved_rows(rows: Mapping[str, StepRow], plan: Collection[StepRow]) -> tuple[StepRow, ...]:
    """Pick from a new plan the rows whose place, window or target differs from the rows we have."""
    return tuple(row for row in plan if row.step in rows and _place(row) != _place(rows[row.step]))


def _offered(row: StepRow, target_on: date, window: Period) -> StepRow:
    """Give the consultation to do now its window. Often that is the programme's own, and then it follows the birth date like the others."""
    start, until = _ends(window)
    offered = replace(row, target_on=target_on, window_from=start, window_until=until)
    return offered if offered == row else replace(offered, in_catch_up=True)


def _place(row: StepRow) -> tuple[int, date, date, date]:
    return row.position, row.target_on, row.window_from, row.window_until


def _ends(window: Period) -> tuple[date, date]:
    assert window.start is not None and window.until is not None, "a step's window has two ends"
    return window.start, window.until
