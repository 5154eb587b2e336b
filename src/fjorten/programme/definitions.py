"""
Which programme applies: the definitions that come with fjorten, their order in time, and the way back from a stored reference.

    >>> programme = child_programme(on=date(2026, 1, 1))
    >>> programme.reference
    'child-programme-0-5/2017.1'

The definitions are files beside this module (definitions/child-<year>.toml). A new national version is a new file with a later
`valid_from`; the earlier ones stay, since children were planned after them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import pairwise

from fjorten.programme.overlays import Overlay, read_toml, with_overlay
from fjorten.programme.reading import read_definition
from fjorten.programme.steps import Definition, NoSuchStep, StepCode, StepDefinition
from fjorten.programme.tables import DefinitionIsInvalid, Problem

__all__ = [
    "Definition",
    "DefinitionIsInvalid",
    "NoProgrammeApplies",
    "NoSuchStep",
    "NoSuchVersion",
    "StepCode",
    "StepDefinition",
    "child_programme",
    "definition_of",
    "in_sequence",
    "known_versions",
    "load_definition",
    "version_on",
]


class NoProgrammeApplies(LookupError):
    """A programme was asked for on a day before the first version, or after the last one ended."""


class NoSuchVersion(LookupError):
    """A stored reference to a definition that is not known here. The message lists those that are."""


def load_definition(path: Traversable) -> Definition:
    """Read and validate one definition file. Raises DefinitionIsInvalid with every mistake in it, OSError when there is no such file."""
    return read_definition(read_toml(path.read_bytes(), file=path.name), file=path.name)


@cache
def known_versions() -> tuple[Definition, ...]:
    """Read all versions of the child programme that come with fjorten, oldest first. Read once; the files are part of the package."""
    folder = resources.files("fjorten.programme") / "definitions"
    return in_sequence(load_definition(path) for path in folder.iterdir() if path.name.startswith("child-"))


def in_sequence(definitions: Iterable[Definition]) -> tuple[Definition, ...]:
    """
    Put the versions of one programme in order of time, each ending where the next begins.

    Raises DefinitionIsInvalid when two begin on the same day, carry the same version or belong to different programmes, or when a stated
    end leaves days on which none or two of them apply.
    """
    ordered = sorted(definitions, key=lambda definition: definition.valid_from)
    for earlier, later in pairwise(ordered):
        problem = _contradiction(earlier, later)
        if problem is not None:
            raise DefinitionIsInvalid(later.file, [problem])
    ends = [later.valid_from for later in ordered[1:]]
    return (*(replace(version, valid_until=until) for version, until in zip(ordered, ends, strict=False)), *ordered[-1:])


def _contradiction(earlier: Definition, later: Definition) -> Problem | None:
    file = earlier.file
    if later.id != earlier.id:
        return Problem("programme.id", f'"{later.id}" is another programme than "{earlier.id}" in {file}; keep the id, or another folder')
    if later.version == earlier.version:
        return Problem("programme.version", f'"{later.version}" is already used in {file}; give the new file the next one')
    if later.valid_from == earlier.valid_from:
        return Problem("programme.valid_from", f"{file} begins on the same day; a new version begins later")
    if earlier.valid_until not in (None, later.valid_from):
        return Problem(
            "programme.valid_from", f"{later.valid_from} is not the day {file} ends ({earlier.valid_until}); leave valid_until out there"
        )
    return None


def version_on(versions: Sequence[Definition], on: date) -> Definition:
    """Find the one of several versions that applies on a day. Raises NoProgrammeApplies, which lists the periods there are."""
    for version in versions:
        if version.applies_on(on):
            return version
    periods = ", ".join(
        f"{version.version} from {version.valid_from} until {version.valid_until or 'further notice'}" for version in versions
    )
    raise NoProgrammeApplies(f"no version of the programme applies on {on} (known: {periods})")


def child_programme(on: date, overlay: Overlay | None = None) -> Definition:
    """
    Find the child programme that applies on a day, with a municipality's overlay when that is in force on the day too.

    Raises NoProgrammeApplies before 9 February 2017, the day of the first national guideline we hold [source], and DefinitionIsInvalid
    when the overlay was decided for another national version or does not fit it.
    """
    national = version_on(known_versions(), on)
    return with_overlay(national, overlay) if overlay is not None and overlay.applies_on(on) else national


def definition_of(reference: str, *, overlays: Iterable[Overlay] = ()) -> Definition:
    """
    Find the definition a stored `Definition.reference` stands for, given the overlays the municipality has ever used.

    Raises NoSuchVersion when there is none: a national version that no longer comes with fjorten, or an overlay file that is missing or
    has been edited in a way that changes the plan.
    """
    national = {version.reference: version for version in known_versions()}
    base, _, suffix = reference.partition("+")
    by_suffix = {overlay.suffix: overlay for overlay in overlays}
    if base not in national or (suffix and suffix not in by_suffix):
        known = ", ".join([*national, *(f"+{known_suffix}" for known_suffix in by_suffix)])
        raise NoSuchVersion(f'no definition "{reference}" (known: {known})')
    return with_overlay(national[base], by_suffix[suffix]) if suffix else national[base]
