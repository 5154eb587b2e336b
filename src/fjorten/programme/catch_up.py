"""
A plan for a child who comes late: what to do now, what goes into it, what is left out and why, and what comes later.

A child who moves in at 2 years and 3 months has twelve windows behind it. As twelve overdue rows they help nobody; left out, the child is
lost. The plan gives the nurse one consultation to book, with everything in it that still matters, and leaves the rest of the programme as
it is. Nothing in it takes effect until a person has accepted it.

The rule [default, all of it]. No source was found that says how to catch up; a public health nurse must review it before clinical use.
"Documented" steps were carried out elsewhere and are not looked at again. For the others, on the day of the plan:

1.  A step whose window has not opened keeps its window (upcoming).
2.  What a step still gives: measurement, vision, hearing, screening and doctor count only when no later documented step gives the same;
    vaccines always count, since a later consultation says nothing about earlier doses. Steps that give none of it are group and
    information.
3.  The first consultation is the latest step whose window has opened that still gives something; when there is none, the latest step in
    its window. It is the only thing to do now.
4.  But when that step gives something, and the next step opens within 7 days, gives something and is not a group, and no step that gives
    something has 7 days or more left of its window, then the next step is the first consultation: two visits within days help nobody.
5.  Other steps in their window keep it when 14 days or more are left of it. With fewer left they are merged into the first consultation.
6.  Other steps whose window has passed: what still gives something is merged into the first consultation, the rest is waived, reason
    `before_enrolment`.
7.  The first consultation keeps its own window when 7 days or more are left of it and nothing is merged into it. Otherwise it is to be held
    within 28 days, before the next window opens, before its own window ends if 7 days or more are left of it, and before the programme
    ends; but there are always at least 7 days. Days count from the day of the plan, or from the opening of the window when that lies ahead.
8.  From the age the programme ends at nothing is planned: every step is waived, reason `programme_ended`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from fjorten.kernel.periods import Period
from fjorten.programme import catch_up_sentences as sentences
from fjorten.programme.plan import PlannedWindow, plan_for
from fjorten.programme.steps import Definition, Need, StepCode, StepDefinition

WITHIN: Final = timedelta(days=28)  # the first consultation, when there is something to catch up [default]
AT_LEAST: Final = timedelta(days=7)  # the time a clinic needs to find an hour and tell the family [default]
SOON: Final = timedelta(days=7)  # a window that opens so soon is waited for [default]
ENOUGH: Final = timedelta(days=14)  # left of a window that can still be used by itself [default]
SCHOOL_IS_NEAR: Final = timedelta(days=365)  # before the programme ends: the school health service should know the plan [default]


class Proposal(StrEnum):
    """What the plan proposes for one step."""

    DO_NOW = "do_now"
    MERGE = "merge"
    WAIVE = "waive"
    UPCOMING = "upcoming"
    DONE_ELSEWHERE = "done_elsewhere"


class Reason(StrEnum):
    """Why the plan proposes it. `before_enrolment` is what the ledger stores for a waived step."""

    FIRST_CONSULTATION = "first_consultation"
    IN_WINDOW = "in_window"
    AHEAD = "ahead"
    MERGED = "merged"
    BEFORE_ENROLMENT = "before_enrolment"
    DOCUMENTED = "documented"
    PROGRAMME_ENDED = "programme_ended"


class ChildIsNotBornYet(ValueError):
    """A catch-up plan was asked for on a day before the child's birth."""


@dataclass(frozen=True, slots=True)
class CatchUpItem:
    """
    What is proposed for one step, and why, in a sentence for the nurse.

    `into` is the first consultation for merged steps, otherwise None. `needs` is what the step still gives. `window` is the programme's
    own, except for the step to do now.
    """

    step: StepCode
    proposal: Proposal
    into: StepCode | None
    reason: Reason
    sentence: str
    needs: frozenset[Need]
    window: PlannedWindow


@dataclass(frozen=True, slots=True)
class CatchUpPlan:
    """The whole plan: exactly one item per step, in programme order, and the summary the nurse reads first (Norwegian)."""

    born_on: date
    on: date
    definition: str  # its reference
    items: tuple[CatchUpItem, ...]
    summary: str

    @property
    def now(self) -> CatchUpItem | None:
        """The one consultation to book now; None when nothing has opened yet, all of it is documented, or the programme has ended."""
        return next(iter(self.having(Proposal.DO_NOW)), None)

    @property
    def needs(self) -> frozenset[Need]:
        """Everything the consultation to book now must give, its own contents and those of the steps merged into it."""
        return frozenset[Need]().union(*(item.needs for item in self.items if item.proposal in (Proposal.DO_NOW, Proposal.MERGE)))

    def having(self, proposal: Proposal) -> tuple[CatchUpItem, ...]:
        """Find the items with one proposal, in programme order."""
        return tuple(item for item in self.items if item.proposal is proposal)


@dataclass(frozen=True, slots=True)
class _Row:
    """One undocumented step seen from the day of the plan."""

    definition: StepDefinition
    planned: PlannedWindow
    needs: frozenset[Need]  # what the step still gives
    starts_on: date
    until: date
    on: date

    @property
    def is_ahead(self) -> bool:
        return self.on < self.starts_on

    @property
    def is_past(self) -> bool:
        return self.until <= self.on

    @property
    def is_in_window(self) -> bool:
        return not self.is_ahead and not self.is_past

    def has_left(self, days: timedelta) -> bool:
        return self.is_in_window and self.until - self.on >= days


def catch_up(born_on: date, definition: Definition, *, on: date, documented: Collection[StepCode] = ()) -> CatchUpPlan:
    """
    Propose a plan for a child who is enrolled after birth, as seen on the day `on`; `documented` steps were carried out elsewhere.

    Exactly one item per step, at most one of them to do now, and one whenever a step that still gives something has opened. Raises
    ChildIsNotBornYet, and NoSuchStep for a documented step the programme does not have. The rule, all of it [default], is written at the
    top of this module.
    """
    if on < born_on:
        raise ChildIsNotBornYet(f"born on {born_on}, planned on {on}; plan on the day of birth or later")
    settled = {definition.step(code).code for code in documented}
    plan = plan_for(born_on, definition)
    rows = _rows(born_on, definition, plan, settled, on)
    if on >= definition.ends_at.after(born_on):
        items = {row.planned.step: _after_the_end(row, definition) for row in rows}
    else:
        items = _propose(rows, ends_on=definition.ends_at.after(born_on))
    for step, planned in zip(definition.steps, plan, strict=True):
        if step.code in settled:
            items[step.code] = _item(step, planned, Proposal.DONE_ELSEWHERE, Reason.DOCUMENTED, sentence=sentences.documented(step))
    ordered = tuple(items[code] for code in definition.codes)
    return CatchUpPlan(born_on, on, definition.reference, ordered, _summary(born_on, definition, on, ordered))


def _rows(born_on: date, definition: Definition, plan: Sequence[PlannedWindow], settled: Collection[StepCode], on: date) -> list[_Row]:
    rows: list[_Row] = []
    given_later: frozenset[Need] = frozenset()
    for step, planned in zip(reversed(definition.steps), reversed(plan), strict=True):
        if step.code in settled:
            given_later |= step.needs - {Need.VACCINES}
            continue
        starts_on, until = step.default_window.first.after(born_on), planned.deadline_on + timedelta(days=1)
        rows.append(_Row(step, planned, step.needs - given_later, starts_on, until, on))
    return rows[::-1]


def _propose(rows: Sequence[_Row], *, ends_on: date) -> dict[StepCode, CatchUpItem]:
    first = _first_consultation(rows)
    items = {row.planned.step: _beside(row, first) for row in rows if row is not first}
    if first is not None:
        merged = [item for item in items.values() if item.proposal is Proposal.MERGE]
        items[first.planned.step] = _now(first, merged, next_opens_on=_next_opening(rows, first), ends_on=ends_on)
    return items


def _first_consultation(rows: Sequence[_Row]) -> _Row | None:
    """Rules 3 and 4."""
    giving = [row for row in rows if row.needs and not row.is_ahead]
    if not giving:
        return next((row for row in reversed(rows) if row.is_in_window), None)
    coming = next((row for row in rows if row.is_ahead), None)
    if (
        coming is not None
        and coming.starts_on - coming.on <= SOON
        and coming.needs
        and not coming.definition.is_group_only
        and not any(row.has_left(AT_LEAST) for row in giving)
    ):
        return coming
    return giving[-1]


def _beside(row: _Row, first: _Row | None) -> CatchUpItem:
    """Rules 1, 5 and 6: a step that is not the first consultation."""
    step, planned = row.definition, row.planned
    if row.is_ahead:
        sentence = sentences.ahead(step, row.starts_on, planned.deadline_on)
        return _item(step, planned, Proposal.UPCOMING, Reason.AHEAD, sentence=sentence, needs=row.needs)
    if row.has_left(ENOUGH):
        sentence = sentences.in_window(step, planned.deadline_on)
        return _item(step, planned, Proposal.UPCOMING, Reason.IN_WINDOW, sentence=sentence, needs=row.needs)
    if first is not None and (row.needs or row.is_in_window):
        closes_on = planned.deadline_on if row.is_in_window else None
        sentence = sentences.merged(step, first.definition, row.needs, closes_on=closes_on)
        return _item(step, planned, Proposal.MERGE, Reason.MERGED, sentence=sentence, needs=row.needs, into=first.planned.step)
    return _item(step, planned, Proposal.WAIVE, Reason.BEFORE_ENROLMENT, sentence=sentences.before_enrolment(step))


def _next_opening(rows: Sequence[_Row], first: _Row) -> date | None:
    return min((row.starts_on for row in rows if row.is_ahead and row is not first), default=None)


def _now(first: _Row, merged: Sequence[CatchUpItem], *, next_opens_on: date | None, ends_on: date) -> CatchUpItem:
    """Rule 7."""
    step = first.definition
    start = max(first.on, first.starts_on)
    has_time = first.until - start >= AT_LEAST
    if has_time and not merged:
        sentence = sentences.as_usual(step, first.planned.deadline_on)
        return _item(step, first.planned, Proposal.DO_NOW, Reason.IN_WINDOW, sentence=sentence, needs=first.needs)
    limits = [start + WITHIN, ends_on]
    if next_opens_on is not None:
        limits.append(next_opens_on)
    if has_time:
        limits.append(first.until)
    until = max(start + AT_LEAST, min(limits))
    deadline_on = until - timedelta(days=1)
    needs = first.needs.union(*(item.needs for item in merged))
    planned = PlannedWindow(first.planned.step, start, Period(start, until), deadline_on)
    sentence = sentences.first_consultation(
        step, needs, from_on=start if first.is_ahead else None, deadline_on=deadline_on, is_late=first.is_past, has_merged=bool(merged)
    )
    return _item(step, planned, Proposal.DO_NOW, Reason.FIRST_CONSULTATION, sentence=sentence, needs=first.needs)


def _after_the_end(row: _Row, definition: Definition) -> CatchUpItem:
    """Rule 8."""
    sentence = sentences.after_the_end(row.definition, definition.ends_at)
    return _item(row.definition, row.planned, Proposal.WAIVE, Reason.PROGRAMME_ENDED, sentence=sentence)


def _item(
    step: StepDefinition,
    planned: PlannedWindow,
    proposal: Proposal,
    reason: Reason,
    *,
    sentence: str,
    needs: frozenset[Need] = frozenset(),
    into: StepCode | None = None,
) -> CatchUpItem:
    return CatchUpItem(step.code, proposal, into, reason, sentence, needs, planned)


def _summary(born_on: date, definition: Definition, on: date, items: Sequence[CatchUpItem]) -> str:
    def named(reason: Reason, proposal: Proposal) -> list[str]:
        return [definition.step(item.step).name for item in items if item.reason is reason and item.proposal is proposal]

    now = next((item for item in items if item.proposal is Proposal.DO_NOW), None)
    ends_on = definition.ends_at.after(born_on)
    opening = sentences.ended(definition.ends_at) if on >= ends_on else sentences.NOTHING_NOW
    return sentences.summary(
        age=sentences.age(born_on, on),
        first=opening if now is None else now.sentence,
        merged=named(Reason.MERGED, Proposal.MERGE),
        in_window=named(Reason.IN_WINDOW, Proposal.UPCOMING),
        coming=[item.sentence for item in items if item.reason is Reason.AHEAD],
        left_out=named(Reason.BEFORE_ENROLMENT, Proposal.WAIVE),
        documented=named(Reason.DOCUMENTED, Proposal.DONE_ELSEWHERE),
        school_is_near=on < ends_on <= on + SCHOOL_IS_NEAR,
    )
