"""What a programme consists of: frozen values, as they are after a definition has been read and found right."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NewType

from fjorten.programme.durations import Duration

StepCode = NewType("StepCode", str)


class NoSuchStep(LookupError):
    """A step was asked for that the programme does not have. The message lists those it has."""


class Certainty(StrEnum):
    """How sure a fact is."""

    SOURCE = "source"  # read in a named public source
    DEFAULT = "default"  # our own choice, configurable, never to be shown as official
    UNVERIFIED = "unverified"  # a professional must check it before clinical use


class Performer(StrEnum):
    """Who carries out a step."""

    PUBLIC_HEALTH_NURSE = "phn"
    CLINIC_DOCTOR = "gp"
    PHYSIOTHERAPIST = "pt"
    MIDWIFE = "mw"


class Setting(StrEnum):
    """Where a step takes place. When several are named, the clinic chooses."""

    HOME = "home"
    CLINIC = "clinic"
    GROUP = "group"


class Measure(StrEnum):
    """What is measured. Length is lying, height is standing."""

    WEIGHT = "weight"
    LENGTH = "length"
    HEIGHT = "height"
    HEAD = "head"


class VisionCheck(StrEnum):
    """How sight is checked."""

    ASSESS = "assess"
    EYE_EXAMINATION = "eye_examination"
    ACUITY = "acuity"


class HearingCheck(StrEnum):
    """How hearing is checked."""

    OBSERVE = "observe"
    PLAY_AUDIOMETRY = "play_audiometry"


class FollowUpTrack(StrEnum):
    """How quickly a missed step is followed up [default]."""

    STANDARD = "standard"
    FAST = "fast"


class Need(StrEnum):
    """What a step gives a child that is not only group and information, and that is therefore made up for when it was missed."""

    MEASUREMENT = "measurement"
    VISION = "vision"
    HEARING = "hearing"
    SCREENING = "screening"
    DOCTOR = "doctor"
    VACCINES = "vaccines"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was read."""

    key: str
    title: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence about the whole programme, in Norwegian, with how sure it is."""

    text: str
    certainty: Certainty
    source: Source | None


@dataclass(frozen=True, slots=True)
class Screening:
    """A tool used in a step. Only result and outcome are ever stored: the tools are protected by copyright."""

    key: str
    name: str
    certainty: Certainty
    note: str


@dataclass(frozen=True, slots=True)
class CountedAs:
    """What official statistics count the step as."""

    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class AgeWindow:
    """The ages from `first` to `last`, both included."""

    first: Duration
    last: Duration

    def __str__(self) -> str:
        return f"{self.first}..{self.last}"

    def holds(self, age: Duration) -> bool:
        """Tell whether the age lies in the window for every child, whatever its birth date."""
        return self.first.is_never_after(age) and age.is_never_after(self.last)

    def may_hold(self, age: Duration) -> bool:
        """Tell whether the age lies in the window for some child; months and days meet differently for different birth dates."""
        return self.first.shortest_days <= age.longest_days and age.shortest_days <= self.last.longest_days

    def covers(self, other: AgeWindow) -> bool:
        """Tell whether the other window lies inside this one for every child."""
        return self.first.is_never_after(other.first) and other.last.is_never_after(self.last)


@dataclass(frozen=True, slots=True)
class LocalDecision:
    """What a municipality has decided about a step, and what the national definition said before it did."""

    municipality: str
    decided_by: str
    reason: str
    valid_from: date
    national_target: Duration | None  # None: the step is the municipality's own
    national_window: AgeWindow | None

    @property
    def is_added(self) -> bool:
        """Tell whether the municipality added the step, rather than moving one of the national ones."""
        return self.national_target is None


@dataclass(frozen=True, slots=True)
class StepDefinition:
    """
    One step of a programme: what is offered, when and by whom.

    `official_window` is what the source says, and is None when it says nothing; `default_window` is ours or the municipality's.
    `verified` covers all fields but `default_window` and those listed in `unverified`.
    """

    code: StepCode
    names: Mapping[str, str]  # nb, nn, en
    target: Duration
    target_certainty: Certainty
    target_why: str
    official_window: AgeWindow | None
    default_window: AgeWindow
    window_why: str
    performers: tuple[Performer, ...]
    optional_performers: tuple[Performer, ...]
    settings: tuple[Setting, ...]
    individual_on_request: bool
    measures: tuple[Measure, ...]
    optional_measures: tuple[Measure, ...]
    measures_on_indication: tuple[Measure, ...]
    vision: tuple[VisionCheck, ...]
    hearing: tuple[HearingCheck, ...]
    vaccines: tuple[str, ...]
    risk_group_vaccines: tuple[str, ...]
    screenings: tuple[str, ...]
    optional_screenings: tuple[str, ...]
    topics: tuple[str, ...]  # Norwegian
    doctor_examines: tuple[str, ...]  # Norwegian
    counted_as: CountedAs | None
    follow_up_track: FollowUpTrack
    source: Source
    verified: bool
    unverified: tuple[str, ...]
    local: LocalDecision | None = None

    @property
    def name(self) -> str:
        """The step's name in Norwegian bokmål."""
        return self.names["nb"]

    @property
    def is_group_only(self) -> bool:
        """Tell whether the step is only held as a group, unless the parents ask for something else."""
        return self.settings == (Setting.GROUP,)

    @property
    def needs(self) -> frozenset[Need]:
        """Tell what the step gives that must be made up for when it was missed; empty for pure group and information steps."""
        given = {
            Need.MEASUREMENT: self.measures,
            Need.VISION: self.vision,
            Need.HEARING: self.hearing,
            Need.SCREENING: self.screenings,
            Need.DOCTOR: Performer.CLINIC_DOCTOR in self.performers,
            Need.VACCINES: self.vaccines + self.risk_group_vaccines,
        }
        return frozenset(need for need, content in given.items() if content)

    @property
    def rule_content(self) -> dict[str, object]:
        """Everything a plan depends on, as plain values: no names, reasons, sources or other words."""
        return {
            "code": self.code,
            "target": str(self.target),
            "default_window": str(self.default_window),
            "official_window": str(self.official_window or ""),
            "settings": list(self.settings),
            "needs": sorted(self.needs),
        }


@dataclass(frozen=True, slots=True)
class Definition:
    """
    A programme as it applies in a stated period, its steps in programme order.

    `valid_until` is exclusive and None for the newest version. `reference` identifies it for good; a municipality's overlay is part of it.
    """

    id: str
    version: str
    file: str
    titles: Mapping[str, str]  # nb, nn, en
    version_label: str
    strength: str
    valid_from: date
    valid_until: date | None
    ends_at: Duration
    source: Source
    sources: tuple[Source, ...]
    read_on: date
    next_review_on: date
    reviewed_by: str
    remarks: tuple[Remark, ...]
    screenings: tuple[Screening, ...]
    steps: tuple[StepDefinition, ...]

    def __hash__(self) -> int:
        return hash(self.reference)

    @property
    def title(self) -> str:
        """The programme's name in Norwegian bokmål."""
        return self.titles["nb"]

    @property
    def reference(self) -> str:
        """
        The text that is stored with an enrolment, and from which `definitions.definition_of` finds this definition again.

        "child-programme-0-5/2017.1", or with a municipality's overlay "child-programme-0-5/2017.1+4601.2026-01-01.3f9a2c1b".
        At most 80 characters.
        """
        return f"{self.id}/{self.version}"

    @property
    def codes(self) -> tuple[StepCode, ...]:
        """The codes of the steps, in programme order."""
        return tuple(step.code for step in self.steps)

    @property
    def fingerprint(self) -> str:
        """Eight characters that change whenever something a plan depends on changes."""
        return fingerprint_of([str(self.ends_at), *(step.rule_content for step in self.steps)])

    def applies_on(self, day: date) -> bool:
        """Tell whether this version is the one in force on a day."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)

    def step(self, code: str) -> StepDefinition:
        """Find a step by its code. Raises NoSuchStep, which lists the codes there are."""
        for step in self.steps:
            if step.code == code:
                return step
        raise NoSuchStep(f'no step "{code}" in {self.file} (known: {", ".join(self.codes)})')


def fingerprint_of(content: object) -> str:
    """Make eight hexadecimal characters of plain values (texts, numbers, lists, dicts): the same for the same content, in any process."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:8]
