"""
A municipality's own decisions on top of a national programme: steps it adds, and default windows and targets it changes.

What the guideline says is never touched: official windows, contents and performers of national steps have no field here, and a changed
step keeps what it was changed from (`StepDefinition.local`). An overlay is decided for one national version and says which; when the next
one comes it is refused until somebody has decided again. Written as a TOML file:

    municipality = "4601"
    valid_from = 2026-01-01
    based_on = "2017.1"
    decided_by = "Ledende helsesykepleier, sak 2025/1234"
    reason = "Kommunen tilbyr en femårskonsultasjon før skolestart."

    [[add]]
    code = "L01_Y5"
    name = { nb = "5 år", nn = "5 år", en = "5 years" }
    target = { at = "60m" }
    default_window = { from = "59m", to = "66m" }
    performers = ["phn"]
    settings = ["clinic"]

    [[change]]
    code = "C13_Y2"
    target = { at = "25m" }
    default_window = { from = "23m", to = "30m" }
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

from fjorten.programme.durations import Duration
from fjorten.programme.reading import CODE, VERSION, read_step, read_target, read_window
from fjorten.programme.steps import (
    AgeWindow,
    Certainty,
    Definition,
    LocalDecision,
    NoSuchStep,
    Source,
    StepCode,
    StepDefinition,
    fingerprint_of,
)
from fjorten.programme.tables import DefinitionIsInvalid, Problem, Table
from fjorten.programme.validation import Note, check_order, check_step

_MUNICIPALITY: Final = re.compile(r"[0-9]{4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Change:
    """A national step offered at another time here; None leaves that part as it is."""

    code: StepCode
    target: Duration | None
    target_why: str
    default_window: AgeWindow | None
    window_why: str


@dataclass(frozen=True, slots=True)
class Overlay:
    """What one municipality has decided about one national version, from a day on. `valid_until` is exclusive, None while it stands."""

    file: str
    municipality: str
    valid_from: date
    valid_until: date | None
    based_on: str
    decided_by: str
    reason: str
    added: tuple[StepDefinition, ...]
    changes: tuple[Change, ...]

    def __hash__(self) -> int:
        return hash((self.municipality, self.valid_from))

    @property
    def suffix(self) -> str:
        """
        What the overlay adds to a version: "4601.2026-01-01.3f9a2c1b".

        The last part changes with everything a plan depends on, so that an edited file is never taken for the one children were planned
        after. Names and reasons may be corrected without changing it.
        """
        changes = [[change.code, str(change.target or ""), str(change.default_window or "")] for change in self.changes]
        return f"{self.municipality}.{self.valid_from}.{fingerprint_of([[step.rule_content for step in self.added], changes])}"

    def applies_on(self, day: date) -> bool:
        """Tell whether the overlay is in force on a day."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


def load_overlay(source: Path | Mapping[str, object]) -> Overlay:
    """
    Read a municipality's overlay from a TOML file, or from the same tables as a dict.

    Raises DefinitionIsInvalid with every mistake that can be seen without the national definition; `with_overlay` checks the rest. Raises
    OSError when there is no such file.
    """
    if isinstance(source, Path):
        return _read_overlay(read_toml(source.read_bytes(), file=source.name), file=source.name)
    return _read_overlay(source, file="overlay")


def read_toml(content: bytes, *, file: str) -> dict[str, object]:
    """Read the bytes of a TOML file into tables. Raises DefinitionIsInvalid, which names the line, when they are not TOML in UTF-8."""
    try:
        return tomllib.loads(content.decode("utf-8-sig"))  # Windows editors put a mark in front
    except UnicodeDecodeError as wrong:
        raise DefinitionIsInvalid(file, [Problem(f"byte {wrong.start}", "is not UTF-8; save the file as UTF-8")]) from wrong
    except tomllib.TOMLDecodeError as wrong:
        raise DefinitionIsInvalid(file, [Problem("TOML", f"{wrong}; correct that line")]) from wrong


def _read_overlay(values: Mapping[str, object], *, file: str) -> Overlay:
    problems: list[Problem] = []
    top = Table(values, place="", problems=problems)
    municipality = top.matching("municipality", _MUNICIPALITY, example="4601")
    valid_from, valid_until = top.day("valid_from"), top.optional_day("valid_until")
    if valid_from and valid_until and valid_until <= valid_from:
        top.note("valid_until", f"{valid_until} is not after valid_from {valid_from}; write the first day the decision no longer applies")
    based_on = top.matching("based_on", VERSION, example="2017.1")
    decided_by = top.text("decided_by", example='"Ledende helsesykepleier, sak 2025/1234"')
    reason = top.text("reason", example='"Kommunen tilbyr en femårskonsultasjon før skolestart."')
    decision = Source(key="local", title=f"Kommune {municipality}: {decided_by}")
    added = [_read_added(table, decision) for table in top.tables("add")]
    changes = [_read_change(table) for table in top.tables("change")]
    if not top.has("add") and not top.has("change"):
        top.note("add", "is missing, and so is change; an overlay adds or changes at least one step, otherwise leave it out")
    top.close()
    if problems or valid_from is None:
        raise DefinitionIsInvalid(file, problems)
    return Overlay(
        file=file,
        municipality=municipality,
        valid_from=valid_from,
        valid_until=valid_until,
        based_on=based_on,
        decided_by=decided_by,
        reason=reason,
        added=tuple(step for step in added if step is not None),
        changes=tuple(change for change in changes if change is not None),
    )


def _read_added(table: Table, decision: Source) -> StepDefinition | None:
    _refuse_official_window(table)
    return read_step(table, sources={decision.key: decision}, source=decision, target_certainty=Certainty.DEFAULT, verified=False)


def _refuse_official_window(table: Table) -> None:
    if table.optional_table("official_window") is not None:
        table.note("official_window", "is for the national guideline only; use default_window")


def _read_change(table: Table) -> Change:
    _refuse_official_window(table)
    code = StepCode(table.matching("code", CODE, example="C13_Y2"))
    target, target_why = read_target(table.optional_table("target"))
    window, window_why = read_window(table.optional_table("default_window"))
    if not table.has("target") and not table.has("default_window"):
        table.note("target", "is missing, and so is default_window; change at least one of them")
    table.close()
    return Change(code=code, target=target, target_why=target_why, default_window=window, window_why=window_why)


def overlay_on(overlays: Iterable[Overlay], *, municipality: str, on: date) -> Overlay | None:
    """
    Find the overlay of a municipality that is in force on a day: the one decided last; None when there is none.

    Raises DefinitionIsInvalid when two start on the same day, since nobody can tell which was meant.
    """
    in_force = sorted((o for o in overlays if o.municipality == municipality and o.applies_on(on)), key=lambda o: o.valid_from)
    if len(in_force) > 1 and in_force[-1].valid_from == in_force[-2].valid_from:
        files = f"{in_force[-2].file} and {in_force[-1].file}"
        raise DefinitionIsInvalid(files, [Problem("valid_from", f"both start on {in_force[-1].valid_from}; put the decisions in one file")])
    return in_force[-1] if in_force else None


@lru_cache(maxsize=256)
def with_overlay(definition: Definition, overlay: Overlay) -> Definition:
    """
    Make the programme a municipality follows: the national definition with its overlay, steps in order of target age.

    Raises DefinitionIsInvalid, naming the overlay's file and fields, when it was decided for another national version, changes a step that
    does not exist, adds one that does, or breaks a rule that holds for every definition.
    """
    problems: list[Problem] = []
    if overlay.based_on != definition.version:
        remedy = f'{definition.version} applies; decide anew and write based_on = "{definition.version}"'
        raise DefinitionIsInvalid(overlay.file, [Problem("based_on", f"decided for version {overlay.based_on}, but {remedy}")])
    changed: dict[StepCode, StepDefinition] = {}
    for change in overlay.changes:
        try:
            national = definition.step(change.code)
        except NoSuchStep as missing:
            problems.append(Problem(f"change {change.code}.code", str(missing)))
            continue
        if change.code in changed:
            problems.append(Problem(f"change {change.code}.code", "is changed twice; write both changes in one [[change]]"))
        changed[change.code] = _changed(national, change, overlay)
    added = [replace(step, local=_decision(overlay, None)) for step in overlay.added]
    for kind, step in [("change", step) for step in changed.values()] + [("add", step) for step in added]:
        check_step(
            step,
            ends_at=definition.ends_at,
            screenings=[screening.key for screening in definition.screenings],
            note=_noting(problems, f"{kind} {step.code}."),
        )
    steps = sorted([*(changed.get(step.code, step) for step in definition.steps), *added], key=lambda step: step.target.usual_days)
    check_order(steps, note=_noting(problems, ""))
    if problems:
        raise DefinitionIsInvalid(overlay.file, problems)
    untils = [until for until in (definition.valid_until, overlay.valid_until) if until is not None]
    return replace(
        definition,
        version=f"{definition.version}+{overlay.suffix}",
        file=f"{definition.file} + {overlay.file}",
        valid_from=max(definition.valid_from, overlay.valid_from),
        valid_until=min(untils, default=None),
        sources=(*definition.sources, Source(key="local", title=f"Kommune {overlay.municipality}: {overlay.decided_by}")),
        steps=tuple(steps),
    )


def _noting(problems: list[Problem], prefix: str) -> Note:
    def note(field: str, message: str) -> None:
        problems.append(Problem(f"{prefix}{field}", message))

    return note


def _changed(national: StepDefinition, change: Change, overlay: Overlay) -> StepDefinition:
    step = replace(national, local=_decision(overlay, national))
    if change.target is not None:
        step = replace(step, target=change.target, target_certainty=Certainty.DEFAULT, target_why=change.target_why)
    if change.default_window is not None:
        step = replace(step, default_window=change.default_window, window_why=change.window_why)
    return step


def _decision(overlay: Overlay, national: StepDefinition | None) -> LocalDecision:
    return LocalDecision(
        municipality=overlay.municipality,
        decided_by=overlay.decided_by,
        reason=overlay.reason,
        valid_from=overlay.valid_from,
        national_target=None if national is None else national.target,
        national_window=None if national is None else national.default_window,
    )
