"""What an earlier system tells of a case that is closed. Pure values."""

from dataclasses import dataclass
from datetime import date

from fjorten.followup.contact import How, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierEntry:
    """One step that was taken: its code on the ladder, the day, by whom, how, what came of it, and why the family had not come ("")."""

    step: str
    on: date
    by: str
    how: How | None = None
    outcome: Outcome
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierCase:
    """
    One case about one step, from the day it was opened to the day it was closed, in one of the ladder's ways.

    `owner` is the code of the employee it was last with, who also closed it. One that is still open is not told of: what ought to be
    followed up follows from the facts, and is opened here (`followup.triggers`).
    """

    step: str
    owner: str
    opened_on: date
    closed_on: date
    closing: str
    note: str = ""
    entries: tuple[EarlierEntry, ...] = ()
