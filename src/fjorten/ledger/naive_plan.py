"""
Windows and states counted anew, as simply as they can be said. Pure.

Part of the independent recount: it takes the steps' ages from a definition as data, steps through the calendar by itself, and shares
nothing with `programme.plan`, `programme.status`, `kernel.ages` or `kernel.periods`.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Final, NamedTuple

from fjorten.programme.definitions import Definition

_YEARS: Final = 6  # the child programme follows children until the day they turn six [source: guideline helsestasjon 0-5 år]


class Window(NamedTuple):
    """When one step is offered: first day, the first day after it, the day to aim at, and the step's place in the programme from 1."""

    position: int
    target_on: date
    window_from: date
    window_until: date


def windows(born_on: date, definition: Definition) -> dict[str, Window]:
    """
    Find the window of every step of a programme for a child born on a day, by step code.

    The ages are the definition's; both ends of its windows count, so the window is over on the day after the last [default].
    """
    found = {}
    for position, step in enumerate(definition.steps, start=1):
        found[str(step.code)] = Window(
            position=position,
            target_on=day_of_age(born_on, str(step.target)),
            window_from=day_of_age(born_on, str(step.default_window.first)),
            window_until=date.fromordinal(day_of_age(born_on, str(step.default_window.last)).toordinal() + 1),
        )
    return found


@cache
def day_of_age(born_on: date, age: str) -> date:
    """
    Find the day a child reaches an age written as "8d", "6w", "14m" or "6y".

    Months and years are walked one month at a time; a day the last month does not have is moved back to its end [default].
    """
    number, unit = int(age[:-1]), age[-1]
    if unit in "dw":
        return date.fromordinal(born_on.toordinal() + number * (7 if unit == "w" else 1))
    year, month = born_on.year, born_on.month
    for _ in range(number * (12 if unit == "y" else 1)):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return _day_or_last(year, month, born_on.day)


def is_in_age_group(born_on: date | None, born_by: date, on: date) -> bool:
    """
    Tell whether a child is born and has not turned six on a day.

    Where only the latest possible birth date is known, that one decides, and whether the birth has been is not asked: nobody is taken off
    early [default].
    """
    if born_on is not None and on < born_on:
        return False
    return on < day_of_age(born_by, f"{_YEARS}y")


class Visit(NamedTuple):
    """An appointment by its days in Norway: set on, held or to be held on, and how it stands since when."""

    set_on: date
    held_on: date
    state: str
    state_on: date


def is_waited_for(day: date, visit: Visit) -> bool:
    """Tell whether an appointment was set and nothing had become of it on a day, as is known now: what was held was held on its day."""
    if visit.set_on > day:
        return False
    if visit.state in ("offered", "confirmed"):
        return True
    if visit.state in ("attended", "did_not_attend", "not_brought"):
        return day < visit.held_on
    return day < visit.state_on


def state_on(
    day: date, *, outcome: str | None, outcome_on: date | None, window_from: date, window_until: date, visits: Sequence[Visit] = ()
) -> str:
    """
    Tell the state of a step on a day (L3): settled if it was settled by then, else booked, else missed if nobody had come by then, else by
    the window.
    """
    if outcome is not None and outcome_on is not None and outcome_on <= day:
        return outcome
    if any(is_waited_for(day, visit) for visit in visits):
        return "booked"
    if any(visit.state in ("did_not_attend", "not_brought") and visit.held_on <= day for visit in visits):
        return "missed"
    if day < window_from:
        return "not_yet_due"
    return "due" if day < window_until else "overdue"


def _day_or_last(year: int, month: int, day: int) -> date:
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1
