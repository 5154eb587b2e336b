"""Whether a family comes to its time, and why not. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from fjorten.simulation.families.habits import Habits, Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """
    What counts on the day of a time. `away`: why the family is not at home, None when it is. `was_told`: a message or a person reached
    somebody of the family. `reminders`: how many came through, 0 to 2. `reads_it`: they can read the language they were told in, or need no
    interpreter.
    """

    away: Why | None = None
    was_told: bool = True
    reminders: int = 2
    reads_it: bool = True
    is_followed_by_specialist: bool = False


def why_not_coming(rng: Random, situation: Situation, habits: Habits) -> Why | None:
    """
    This function will draw why a family does not come; None when it comes.

    Who is away, or has not been told, does not come, but for a few who had heard of it. Then one cause after the other, each by itself;
    only forgetting depends on reminders.
    """
    if situation.away is not None:
        return situation.away
    if not situation.was_told:
        return None if rng.random() < habits.comes_untold else Why.UNKNOWN
    if not situation.reads_it and rng.random() < habits.does_not_understand:
        return Why.DID_NOT_UNDERSTAND
    if situation.is_followed_by_specialist and rng.random() < 0.3:
        return Why.SPECIALIST
    causes = (
        (Why.ILLNESS, habits.is_ill),
        (Why.LOGISTICS, habits.something_comes_up),
        (Why.FORGOT, habits.forgets[min(situation.reminders, 2)]),
    )
    return next((why for why, share in causes if rng.random() < share), None)
