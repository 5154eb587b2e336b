"""
What a family is owed, as a value. Pure.

Rooms above compute obligations from facts, every time anew: an appointment in three weeks is owed an invitation and two reminders, a missed
one a new time. Nothing remembers to do anything; what is owed is compared with what has been sent (`messages.actions.settle_obligations`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

# Told of a child (by primary key) whose facts cannot be read, and what is wrong with them; the others are owed theirs.
Unreadable = Callable[[int, Exception], object]


def raise_it(_person_id: int, wrong: Exception) -> None:
    """This function will let what is wrong with one child's facts be everybody's: for whoever asks about one."""
    raise wrong


class IfTooLate(StrEnum):
    """What becomes of a message that was not sent while it was of use."""

    LAPSES = "lapses"  # a reminder: the appointment was, or was not, attended without it
    BECOMES_TASK = "becomes_task"  # a family that was never told must be told by somebody


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """
    One thing a family is owed to be told. `key` names it for good: the same fact gives the same key, and a key is sent once to each adult.

    It is sent from `not_before` on and never from `lapses_at` on (None: it never comes too late). `values` are what is put into the text
    besides what the municipality and the child give: instants in ISO 8601 under "begins_at" and "missed_at", plain text otherwise.
    `clinic_id`: whose telephone and place it tells, and whose staff see to it by hand.
    `is_letter`: on paper even where there is a telephone number. `adult_id`: only to this one, who asked. Instants are aware.
    """

    key: str
    kind: str
    about: str
    person_id: int
    clinic_id: int
    not_before: datetime
    lapses_at: datetime | None
    if_too_late: IfTooLate
    values: Mapping[str, str]
    is_letter: bool = False
    adult_id: int | None = None
