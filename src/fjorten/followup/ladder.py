"""
The ladder after a missed consultation: which step comes next, whose it is, and by when. Pure; the steps are data in ladder.toml.

The ladder proposes and a named person does. Nothing here closes a case, and nothing here reports anybody: those are a person's acts, with a
reason out of a closed list. A municipality may change days and words; the never-rules are code, and stand for all.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any, Final

from fjorten.followup.triggers import Entry
from fjorten.kernel.ages import add_months, age_in_months
from fjorten.kernel.working_days import add_working_days
from fjorten.programme.tables import Table, opened

_FILE: Final = "ladder.toml"
_LONGEST_MONTHS: Final = 12  # what a municipality may choose at most, of every wait there is [default]


class Track(StrEnum):
    """How quickly the steps follow each other."""

    STANDARD = "standard"
    FAST = "fast"


class Owner(StrEnum):
    """Whose a step is: the system's own message, or somebody of a role."""

    SYSTEM = "system"
    CLERK = "clerk"
    NURSE = "nurse"
    LEADER = "leader"


@dataclass(frozen=True, slots=True)
class LadderStep:
    """One step: whose it is, after how many working days on each track, and its words by language."""

    code: str
    who: Owner
    days: Mapping[Track, int]
    name: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reason:
    """A word out of a closed list. `keeps_watch` for ways of closing that leave something to be followed."""

    code: str
    name: Mapping[str, str]
    keeps_watch: bool = False


@dataclass(frozen=True, slots=True)
class Ladder:
    """
    A version of the ladder: whom the fast track is for, its steps in order, why families did not come, why a case may wait, and how it may
    end. `fast_consultations` are codes of the child programme; `entries` the first step of a case that does not begin at the bottom.
    No deadline is set more than `deadline_months` ahead, no pause lasts beyond `pause_months`; a case closed with an eye kept on it is
    looked at again after `watch_months`, and a family that declined is asked again after `ask_again_months` at the latest.
    """

    reference: str
    fast_under_months: int
    fast_consultations: frozenset[str]
    steps: tuple[LadderStep, ...]
    reasons: tuple[Reason, ...]
    pauses: tuple[Reason, ...]
    closings: tuple[Reason, ...]
    entries: Mapping[Entry, str]
    deadline_months: int
    pause_months: int
    watch_months: int
    ask_again_months: int

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the steps, in order."""
        return tuple(step.code for step in self.steps)

    def place_of(self, code: str) -> int:
        """Tell which step this is, from 0. Raises KeyError with the known codes."""
        return self.codes.index(self.step(code).code)

    def starts_with(self, entry: Entry) -> str:
        """Tell the first step of a case by where it enters; "" for the bottom."""
        return self.entries.get(entry, "")

    def step(self, code: str) -> LadderStep:
        """Give a step by its code. Raises KeyError with the known codes."""
        found = next((step for step in self.steps if step.code == code), None)
        if found is None:
            raise KeyError(f'no step "{code}" in the ladder (known: {", ".join(self.codes)})')
        return found


@dataclass(frozen=True, slots=True)
class NextStep:
    """What a case waits for, whose it is and by when."""

    step: LadderStep
    due_on: date


@cache
def default_ladder() -> Ladder:
    """This function will read the ladder that ships with fjorten. Raises DefinitionIsInvalid."""
    return read_ladder(ladder_tables(), file=_FILE)


def ladder_tables() -> dict[str, Any]:
    """This function will read the tables of the file that ships with fjorten, anew at each call: a caller may change its own copy."""
    return tomllib.loads(resources.files("fjorten.followup").joinpath(_FILE).read_text(encoding="utf-8"))


def read_ladder(content: Mapping[str, object], *, file: str) -> Ladder:
    """
    This function will make a ladder of the tables of its file.

    Raises DefinitionIsInvalid with every mistake that can be found; among them steps that do not come later than the one before, a fast
    track slower than the standard one, and what breaks the never-rules: a ladder that does not begin at once or end with the leader, a step
    after the first that is the system's own (that would be a timer's), and a field nobody asked for, such as who else might close a case.
    """
    with opened(content, file=file) as top:
        reference = top.reference(example="non-attendance-ladder")
        top.review_days()
        _read_source(top)
        fast_under_months, fast_consultations = _fast(top)
        entries, months = _entries(top), _months(top)
        steps = [_step(table) for table in top.tables("step")]
        lists = {key: tuple(_reason(table) for table in top.tables(key)) for key in ("reason", "pause", "close")}
        for key, found in lists.items():
            _note_doubles(top, key, [reason.code for reason in found])
        _note_doubles(top, "step", [step.code for step in steps])
        _check_steps(top, steps)
        for entry, code in entries.items():
            if code not in {step.code for step in steps}:
                top.note(f"starts.{entry}", f'"{code}" is not a step of the ladder')
    return Ladder(
        reference=reference,
        fast_under_months=fast_under_months,
        fast_consultations=fast_consultations,
        steps=tuple(steps),
        reasons=lists["reason"],
        pauses=lists["pause"],
        closings=lists["close"],
        entries=entries,
        **months,
    )


def _read_source(top: Table) -> None:
    """Make sure that it is written where the ladder comes from, and how certain that is."""
    source = top.table_or_empty("source")
    for field in ("title", "measures", "days", "tracks", "codes"):
        source.text(field, example='"default"')
    source.close()


def _fast(top: Table) -> tuple[int, frozenset[str]]:
    table = top.table_or_empty("fast")
    under_months, consultations = table.number("under_months", example="6"), table.texts("consultations")
    table.close()
    return under_months or 0, frozenset(consultations)


def _check_steps(top: Table, steps: Sequence[LadderStep]) -> None:
    """Note what breaks the order of the steps, or the never-rules."""
    for track in Track:
        days = [step.days[track] for step in steps]
        if days != sorted(days):
            top.note("step", f"the days of the {track} track do not rise: {days}")
    for step in steps:
        if step.days[Track.FAST] > step.days[Track.STANDARD]:
            top.note(f"step {step.code}", "is slower on the fast track than on the standard one")
    if not steps or steps[0].days[Track.STANDARD] != 0 or steps[-1].who is not Owner.LEADER:
        top.note("step", "the first step is taken at once, and the last is the leader's: a case never runs out of steps")
    for step in steps[1:]:
        if step.who is Owner.SYSTEM:
            top.note(f"step {step.code}", "is the system's own; after the first message every step is taken by a person, never by a timer")


def _entries(top: Table) -> dict[Entry, str]:
    table = top.table_or_empty("starts")
    entries: dict[Entry, str] = {entry: table.text(entry, example='"call_again"') for entry in Entry if entry is not Entry.BOTTOM}
    table.close()
    return entries


def _months(top: Table) -> dict[str, int]:
    table = top.table_or_empty("months")
    months = {}
    for key in ("deadline", "pause", "watch", "ask_again"):
        given = table.number(key, example="3")
        if given is not None and not 1 <= given <= _LONGEST_MONTHS:
            table.note(key, f"{given} months are not waited; at least 1 and at most {_LONGEST_MONTHS}, so that nobody is put off for good")
        months[f"{key}_months"] = given or 0
    table.close()
    return months


def _step(table: Table) -> LadderStep:
    step = LadderStep(
        code=table.text("code", example='"call_again"'),
        who=table.choice("who", Owner) or Owner.LEADER,
        days={track: _days(table, f"{track}_days") for track in Track},
        name=table.names("name"),
    )
    table.close()
    return step


def _days(table: Table, key: str) -> int:
    days = table.number(key, example="5")
    if days is not None and days < 0:
        table.note(key, f"{days} working days cannot be waited")
    return days or 0


def _reason(table: Table) -> Reason:
    reason = Reason(table.text("code", example='"forgot"'), table.names("name"), table.optional_flag("keeps_watch"))
    table.close()
    return reason


def _note_doubles(top: Table, key: str, codes: list[str]) -> None:
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        top.note(key, f'"{code}" stands there twice')


def track_for(ladder: Ladder, *, consultation: str, born_on: date, on: date, is_flagged: bool, has_earlier_case: bool) -> Track:
    """
    This function will tell how quickly a case is followed: fast for the youngest, for consultations that cannot wait, for children a person
    has flagged, and for those there has been a case about before [default].
    """
    is_young = age_in_months(born_on, on) < ladder.fast_under_months
    is_fast = is_young or consultation in ladder.fast_consultations or is_flagged or has_earlier_case
    return Track.FAST if is_fast else Track.STANDARD


def next_step(ladder: Ladder, *, done: Iterable[str], track: Track, opened_on: date, starts_with: str | None = None) -> NextStep:
    """
    This function will tell what comes next: the first step that has not been done. There always is one: the last, the leader's, comes back.

    `done` are the codes of steps that were done or passed over by a person's decision. `starts_with` is the first step of a case that does
    not begin at the bottom, such as one about a family that cannot be reached: the steps below it are left out, and days count from it.
    """
    settled = set(done)
    first = 0 if starts_with is None else ladder.steps.index(ladder.step(starts_with))
    left = [step for step in ladder.steps[first:] if step.code not in settled]
    step = left[0] if left else ladder.steps[-1]
    ahead = ladder.steps[first].days[track]
    return NextStep(step, add_working_days(opened_on, step.days[track] - ahead))


def step_after(
    ladder: Ladder, *, done: Iterable[str], track: Track, counts_from: date, on: date, starts_with: str | None = None
) -> NextStep:
    """
    This function will propose what comes after the steps that are `done`, to somebody who has just finished one `on` a day.

    As `next_step`, but never due before the working day after: a step taken late does not make the next one late before it is begun. When
    all are done the leader's comes back after a month [default].
    """
    settled = set(done)
    coming = next_step(ladder, done=settled, track=track, opened_on=counts_from, starts_with=starts_with)
    if coming.step.code in settled:
        return NextStep(coming.step, add_working_days(add_months(on, 1), 0))
    return NextStep(coming.step, max(coming.due_on, add_working_days(on, 1)))
