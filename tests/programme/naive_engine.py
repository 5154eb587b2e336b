"""
The programme a second time, as slowly and plainly as possible, to hold the real engine to.

Written from the text of the rules, day by day, with a calendar of its own. It shares nothing with src/fjorten: not the definition file (the
fourteen steps are typed in here), not the month arithmetic (a child's life is walked one day at a time), not the sets and formulas.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache


@dataclass(frozen=True)
class NaiveStep:
    code: str
    target: str
    first: str
    last: str
    gives: str = ""  # words: measurement vision hearing screening doctor vaccines
    group_only: bool = False


FOURTEEN = [
    NaiveStep("C01_HOME", "8d", "5d", "14d", "measurement vision"),
    NaiveStep("C02_W4", "28d", "21d", "41d", "", group_only=True),
    NaiveStep("C03_W6", "42d", "42d", "55d", "measurement vision hearing doctor vaccines"),
    NaiveStep("C04_M3", "3m", "84d", "111d", "measurement vision vaccines"),
    NaiveStep("C05_M4", "4m", "112d", "145d", "", group_only=True),
    NaiveStep("C06_M5", "5m", "140d", "182d", "measurement vaccines"),
    NaiveStep("C07_M6", "6m", "170d", "215d", "measurement vision doctor"),
    NaiveStep("C08_M8", "8m", "7m", "9m", ""),
    NaiveStep("C09_M10", "10m", "9m", "11m", "measurement"),
    NaiveStep("C10_M12", "12m", "11m", "14m", "measurement vision hearing screening doctor vaccines"),
    NaiveStep("C11_M15", "15m", "14m", "17m", "measurement vaccines"),
    NaiveStep("C12_M17", "17m", "17m", "20m", "", group_only=True),
    NaiveStep("C13_Y2", "24m", "23m", "28m", "measurement vision hearing screening doctor"),
    NaiveStep("C14_Y4", "48m", "47m", "54m", "measurement vision hearing screening"),
]
ENDS_AT = "6y"
LONGEST_LIFE_DAYS = 2300  # six years and a few weeks


def tomorrow(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


@lru_cache(maxsize=4000)
def life(born_on: date) -> list[tuple[date, int, int]]:
    """Every day of a child's first six years: the day, days lived, months completed."""
    days = [(born_on, 0, 0)]
    while len(days) <= LONGEST_LIFE_DAYS:
        yesterday, lived, months = days[-1]
        day = tomorrow(yesterday)
        is_last_of_month = tomorrow(day).day == 1
        if day.day == born_on.day or (is_last_of_month and day.day < born_on.day):
            months += 1
        days.append((day, lived + 1, months))
    return days


@lru_cache(maxsize=4000)
def day_of(born_on: date, age: str) -> date:
    """The first day on which the child has lived so long."""
    number, unit = int(age[:-1]), age[-1]
    for day, lived, months in life(born_on):
        if unit == "d" and lived == number:
            return day
        if unit == "w" and lived == number * 7:
            return day
        if unit == "m" and months == number:
            return day
        if unit == "y" and months == number * 12:
            return day
    raise AssertionError(f"nobody lives {age} here")


@dataclass
class NaivePlan:
    step: str
    target_on: date
    days: list[date]  # every day of the window


@lru_cache(maxsize=4000)
def window_days(born_on: date, step: NaiveStep) -> list[date]:
    first, last = day_of(born_on, step.first), day_of(born_on, step.last)
    return [day for day, _, _ in life(born_on) if first <= day <= last]


def plan(born_on: date, steps: list[NaiveStep]) -> list[NaivePlan]:
    return [NaivePlan(step.code, day_of(born_on, step.target), window_days(born_on, step)) for step in steps]


def status(window: list[date], outcome: str | None, booked: bool, missed: bool, today: date) -> str:
    """The nine states, tried one by one; every claim is written out so that exactly one can hold."""
    claims = {
        "done": outcome == "done",
        "done_elsewhere": outcome == "done_elsewhere",
        "declined": outcome == "declined",
        "waived": outcome == "waived",
        "booked": outcome is None and booked,
        "missed": outcome is None and not booked and missed,
        "not_yet_due": outcome is None and not booked and not missed and all(today < day for day in window),
        "due": outcome is None and not booked and not missed and any(today == day for day in window),
        "overdue": outcome is None and not booked and not missed and all(today > day for day in window),
    }
    true = [state for state, holds in claims.items() if holds]
    if len(true) != 1:
        raise AssertionError(f"not exactly one state: {true}")
    return true[0]


@dataclass
class NaiveProposal:
    proposal: str
    into: str | None = None
    reason: str = ""
    days: tuple[date, ...] = ()  # the window of the step to do now


def catch_up(born_on: date, steps: list[NaiveStep], on: date, documented: set[str], ends_at: str = ENDS_AT) -> dict[str, NaiveProposal]:
    """The eight rules, in their order, over lists of days."""
    windows = {step.code: window_days(born_on, step) for step in steps}
    left = {code: [day for day in days if day >= on] for code, days in windows.items()}
    opened = {code for code, days in windows.items() if days[0] <= on}
    answer = {code: NaiveProposal("done_elsewhere", reason="documented") for code in documented}
    open_steps = [step for step in steps if step.code not in documented]

    if on >= day_of(born_on, ends_at):  # rule 8
        for step in open_steps:
            answer[step.code] = NaiveProposal("waive", reason="programme_ended")
        return answer

    gives: dict[str, list[str]] = {}  # rule 2
    for step in open_steps:
        gives[step.code] = []
        for thing in step.gives.split():
            later = steps[steps.index(step) + 1 :]
            given_later = [other for other in later if other.code in documented and thing in other.gives.split()]
            if thing == "vaccines" or not given_later:
                gives[step.code].append(thing)

    first = None  # rule 3
    for step in open_steps:
        if step.code in opened and gives[step.code]:
            first = step
    if first is None:
        for step in open_steps:
            if step.code in opened and left[step.code]:
                first = step
    elif not any(step.code in opened and gives[step.code] and len(left[step.code]) >= 7 for step in open_steps):  # rule 4
        for step in open_steps:
            if step.code not in opened:
                waiting = [day for day, _, _ in life(born_on) if on < day <= windows[step.code][0]]
                if len(waiting) <= 7 and gives[step.code] and not step.group_only:
                    first = step
                break

    for step in open_steps:
        if first is not None and step.code == first.code:
            continue
        if step.code not in opened:  # rule 1
            answer[step.code] = NaiveProposal("upcoming", reason="ahead")
        elif len(left[step.code]) >= 14:  # rule 5
            answer[step.code] = NaiveProposal("upcoming", reason="in_window")
        elif left[step.code] or gives[step.code]:  # rules 5 and 6
            assert first is not None
            answer[step.code] = NaiveProposal("merge", into=first.code, reason="merged")
        else:
            answer[step.code] = NaiveProposal("waive", reason="before_enrolment")

    if first is not None:  # rule 7
        own = windows[first.code]
        start = on if on >= own[0] else own[0]
        own_left = [day for day in own if day >= start]
        carries = any(item.proposal == "merge" for item in answer.values())
        if len(own_left) >= 7 and not carries:
            answer[first.code] = NaiveProposal("do_now", reason="in_window", days=tuple(own))
        else:
            openings = [windows[step.code][0] for step in open_steps if step.code not in opened and step.code != first.code]
            end = day_of(born_on, ends_at)
            days: list[date] = []
            day = start
            while True:
                enough = len(days) >= 7
                too_late = len(days) >= 28 or day in openings or day >= end or (len(own_left) >= 7 and day not in own)
                too_late = too_late or any(opening <= day for opening in openings)
                if enough and too_late:
                    break
                days.append(day)
                day = tomorrow(day)
            answer[first.code] = NaiveProposal("do_now", reason="first_consultation", days=tuple(days))
    return answer
