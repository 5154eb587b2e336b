"""From a programme definition to the plan rows of one child. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from fjorten.kernel.periods import Period
from fjorten.programme.catch_up import Proposal, catch_up
from fjorten.programme.definitions import Definition, StepCode
from fjorten.programme.plan import plan_for
from fjorten.programme.status import Status


@dataclass(frozen=True, slots=True)
class StepRow:
    """
    One row of a plan: window `[window_from, window_until)`, and for a step the catch-up plan settles the outcome and the reason code.

    `in_catch_up` tells that the window is the catch-up plan's own and not the programme's.
    """

    step: str
    position: int
    target_on: date
    window_from: date
    window_until: date
    in_catch_up: bool = False
    outcome: Status | None = None
    reason: str = ""


def full_plan(born_on: date, definition: Definition) -> tuple[StepRow, ...]:
    """Lay out the whole programme from birth: one row per step, in programme order."""
    return tuple(
        StepRow(planned.step, position, planned.target_on, *_window(planned.window))
        for position, planned in enumerate(plan_for(born_on, definition), start=1)
    )


def catch_up_plan(born_on: date, definition: Definition, *, on: date, documented: Collection[StepCode] = ()) -> tuple[StepRow, ...]:
    """
    Lay out the programme for a child who enters on a day: what is behind is waived or merged with a reason, one consultation is offered
    now, the rest keeps its windows (the rule stands in programme.catch_up).
    """
    items = {item.step: item for item in catch_up(born_on, definition, on=on, documented=documented).items}
    rows = []
    for row in full_plan(born_on, definition):
        item = items[StepCode(row.step)]
        match item.proposal:
            case Proposal.UPCOMING:
                rows.append(row)
            case Proposal.DO_NOW:
                start, until = _window(item.window.window)
                rows.append(
                    replace(
                        row, target_on=item.window.target_on, window_from=start, window_until=until, in_catch_up=True, reason=item.reason
                    )
                )
            case Proposal.MERGE | Proposal.WAIVE:
                reason = item.reason.value if item.into is None else f"{item.reason.value}:{item.into}"
                rows.append(replace(row, outcome=Status.WAIVED, reason=reason))
            case Proposal.DONE_ELSEWHERE:
                rows.append(replace(row, outcome=Status.DONE_ELSEWHERE, reason=item.reason.value))
            case _:
                assert_never(item.proposal)
    return tuple(rows)


def moved_windows(rows: Mapping[str, StepRow], plan: Collection[StepRow]) -> tuple[StepRow, ...]:
    """Pick from a new plan the rows whose window or target differs from the rows we have."""
    return tuple(
        row
        for row in plan
        if row.step in rows
        and (row.target_on, row.window_from, row.window_until)
        != (rows[row.step].target_on, rows[row.step].window_from, rows[row.step].window_until)
    )


def _window(period: Period) -> tuple[date, date]:
    if period.start is None or period.until is None:
        raise ValueError("a step's window has two ends")
    return period.start, period.until
