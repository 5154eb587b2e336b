"""The numbers that choosing times goes by, out of norms.toml: notice, lengths, and what makes one time better than another."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources

from fjorten.programme.steps import Setting
from fjorten.programme.tables import Table, opened


@dataclass(frozen=True, slots=True)
class Days:
    """From the night a time is given to the day it is on: at least `shortest`, at most `longest`; calendar days, or working days."""

    shortest: int
    longest: int
    in_working_days: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """How far ahead a time may lie, by occasion; for a freed time and a family that can come soon only the shortest counts."""

    ordinary: Days
    short: Days
    again: Days
    again_fast: Days
    freed_days: int
    family_can_come_soon_days: int


@dataclass(frozen=True, slots=True)
class Minutes:
    """The least a step takes, by setting, and for single steps of the programme whatever the setting."""

    by_setting: Mapping[Setting, int]
    by_step: Mapping[str, int]

    def of(self, step: str, setting: Setting) -> int:
        """Tell how many minutes a step takes at least. A step's own number never makes it shorter than its setting does."""
        return max(self.by_step.get(step, 0), self.by_setting[setting])


@dataclass(frozen=True, slots=True)
class Points:
    """What each shortcoming of a time costs; see norms.toml."""

    per_day: int
    individual_instead_of_group: int
    new_group: int
    outside_wish: int
    sibling_another_day: int
    sibling_apart: int
    another_nurse: int
    spare_performer: int
    spare_quarter: int
    soon: int
    soon_for_interpreter: int


@dataclass(frozen=True, slots=True)
class Norms:
    """A version of all the numbers."""

    reference: str
    notice: Notice
    minutes: Minutes
    points: Points
    soon_days: int
    next_to_minutes: int


@cache
def default_norms() -> Norms:
    """This function will read the numbers that ship with fjorten. Raises DefinitionIsInvalid."""
    file = "norms.toml"
    return read_norms(tomllib.loads(resources.files("fjorten.appointments").joinpath(file).read_text(encoding="utf-8")), file=file)


def read_norms(content: Mapping[str, object], *, file: str) -> Norms:
    """This function will make norms of the tables of their file. Raises DefinitionIsInvalid with every mistake that can be found."""
    with opened(content, file=file) as top:
        reference = top.reference(example="placing")
        top.review_days()
        top.text("source", example='"our own numbers"')
        top.text("certainty", example='"default"')
        notice, minutes, points, nearness = (top.table_or_empty(key) for key in ("notice", "minutes", "points", "nearness"))
        norms = Norms(
            reference=reference,
            notice=Notice(
                ordinary=_days(notice, "ordinary"),
                short=_days(notice, "short"),
                again=_days(notice, "again"),
                again_fast=_days(notice, "again_fast"),
                freed_days=_shortest(notice, "freed"),
                family_can_come_soon_days=_shortest(notice, "family_can_come_soon"),
            ),
            minutes=_minutes(minutes),
            points=Points(**{field.name: _number(points, field.name) for field in fields(Points)}),
            soon_days=_number(nearness, "soon_days"),
            next_to_minutes=_number(nearness, "next_to_minutes"),
        )
        for table in (notice, minutes, points, nearness):
            table.close()
    return norms


def _days(notice: Table, key: str) -> Days:
    table = notice.table_or_empty(key)
    working = table.has("longest_working_days")
    days = Days(_number(table, "shortest_days"), _number(table, "longest_working_days" if working else "longest_days"), working)
    if days.longest < days.shortest:
        table.note("shortest_days", f"{days.shortest} days are more than {days.longest}, the longest")
    table.close()
    return days


def _shortest(notice: Table, key: str) -> int:
    table = notice.table_or_empty(key)
    shortest = _number(table, "shortest_days")
    table.close()
    return shortest


def _minutes(table: Table) -> Minutes:
    by_setting = {setting: _number(table, setting.value) for setting in Setting}
    by_step = {}
    for step in table.tables("step"):
        by_step[step.text("code", example='"C14_Y4"')] = _number(step, "minutes")
        step.close()
    return Minutes(by_setting, by_step)


def _number(table: Table, key: str) -> int:
    number = table.number(key, example="14")
    if number is not None and number < 0:
        table.note(key, f"{number} is less than nothing")
    return number or 0
