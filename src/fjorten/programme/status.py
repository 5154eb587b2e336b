"""
Where one person stands with one planned step: exactly one of nine states (invariant L3 of the ledger).

Settled states are recorded by a person and stored. The others are computed when they are read, from facts and the day, and stand nowhere:
no job flips them, so none can be forgotten by one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from fjorten.kernel.periods import Period


class Status(StrEnum):
    """The nine states of a planned step."""

    NOT_YET_DUE = "not_yet_due"
    DUE = "due"
    BOOKED = "booked"
    OVERDUE = "overdue"
    MISSED = "missed"
    DONE = "done"
    DONE_ELSEWHERE = "done_elsewhere"
    DECLINED = "declined"
    WAIVED = "waived"

    @property
    def words(self) -> str:
        """The state in Norwegian, the same words everywhere: «skal ha time nå»."""
        return _WORDS[self]


_WORDS: Final = {
    Status.NOT_YET_DUE: "kommer",
    Status.DUE: "skal ha time nå",
    Status.BOOKED: "time satt opp",
    Status.OVERDUE: "over tiden",
    Status.MISSED: "ikke møtt",
    Status.DONE: "gjennomført",
    Status.DONE_ELSEWHERE: "gjort annet sted",
    Status.DECLINED: "takket nei",
    Status.WAIVED: "ikke aktuelt",
}

SETTLED: Final = frozenset({Status.DONE, Status.DONE_ELSEWHERE, Status.DECLINED, Status.WAIVED})
_BY_DATE: Final = frozenset({Status.NOT_YET_DUE, Status.DUE, Status.OVERDUE})

# What may follow a state, by one recorded fact or by a night passing. Only two changes come with the calendar: not yet due becomes due, and
# due becomes overdue. A settled state is left again only when a person corrects it, and then the step stands where its facts put it.
TRANSITIONS: Final[Mapping[Status, frozenset[Status]]] = MappingProxyType(
    {
        Status.NOT_YET_DUE: SETTLED | {Status.BOOKED, Status.DUE},
        Status.DUE: SETTLED | {Status.BOOKED, Status.OVERDUE},
        Status.OVERDUE: SETTLED | {Status.BOOKED},
        # Attended or missed, or cancelled: then it is the calendar again, or the earlier miss that is still to be followed up.
        Status.BOOKED: SETTLED | _BY_DATE | {Status.MISSED},
        Status.MISSED: SETTLED | {Status.BOOKED},
        **{settled: (SETTLED - {settled}) | _BY_DATE | {Status.BOOKED, Status.MISSED} for settled in SETTLED},
    }
)


class OutcomeIsNotSettled(ValueError):
    """A step was given an outcome that is not a settled state, such as "overdue", which is computed and never stored."""


@dataclass(frozen=True, slots=True)
class StepFacts:
    """
    What is recorded about one planned step.

    `outcome` is a settled state or None; `missed_on` is the day of the last appointment nobody came to, None when there was none. Raises
    OutcomeIsNotSettled.
    """

    window: Period
    outcome: Status | None = None
    has_open_appointment: bool = False
    missed_on: date | None = None

    def __post_init__(self) -> None:
        if self.outcome is not None and self.outcome not in SETTLED:
            raise OutcomeIsNotSettled(f'"{self.outcome}" is not an outcome (known: {", ".join(sorted(SETTLED))})')


def status_of(facts: StepFacts, *, today: date) -> Status:
    """
    Tell where one person stands with one planned step on `today`.

    The first that applies: settled · booked · missed and not offered again · by the window. Done late is still done: the window says when
    to offer, not what counts. A missed step stays missed until it is booked again or settled, however old it gets.

    Source: invariant L3 of the architecture, and the guideline on children who do not attend, which follows up the missed appointment
    rather than the passed window [default].
    """
    if facts.outcome is not None:
        return facts.outcome
    if facts.has_open_appointment:
        return Status.BOOKED
    if facts.missed_on is not None:
        return Status.MISSED
    if today in facts.window:
        return Status.DUE
    # Outside the window, so one of its ends is known; a window without a start cannot lie ahead.
    return Status.NOT_YET_DUE if facts.window.start is not None and today < facts.window.start else Status.OVERDUE
