"""What must hold between the fields of a definition, once each of them can be read. Every broken rule is noted, with its remedy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from itertools import pairwise

from fjorten.programme.durations import Duration
from fjorten.programme.steps import Performer, StepDefinition

Note = Callable[[str, str], None]  # field, message


def check_step(step: StepDefinition, *, ends_at: Duration | None, screenings: Collection[str], note: Note) -> None:
    """
    Note every rule a single step breaks. `ends_at` is the age the programme ends at, None when that cannot be read; `screenings` are the
    keys of the tools the programme describes.

    The target lies in both windows, the default window covers the official one (offering less than the guideline is not a default), all of
    it lies within the programme, what a doctor examines needs a doctor, and a tool that is used is described.
    """
    window, official = step.default_window, step.official_window
    if not window.first.is_never_after(window.last):
        note("default_window", f"starts at {window.first}, after it ends at {window.last}; swap them or check the units")
    elif not window.holds(step.target):
        when = " for some birth dates" if window.may_hold(step.target) else ""
        note("target", f"{step.target} is outside default_window {window}{when}; move the target or widen the window")
    if official is not None and not official.first.is_never_after(official.last):
        note("official_window", f"starts at {official.first}, after it ends at {official.last}; swap them or check the units")
    elif official is not None:
        if not official.holds(step.target):
            note("target", f"{step.target} is outside official_window {official}; move the target into it")
        if not window.covers(official):
            note("default_window", f"{window} does not cover official_window {official}; widen it so that every official day is in it")
    if ends_at is not None and not window.last.is_never_after(ends_at):
        note("default_window", f"ends at {window.last}, after the programme itself ends at {ends_at}; end it earlier")
    if step.doctor_examines and Performer.CLINIC_DOCTOR not in step.performers:
        note("doctor_examines", 'is given, but no doctor takes part; add "gp" to performers or remove it')
    for field, used in (("screenings", step.screenings), ("optional_screenings", step.optional_screenings)):
        for key in used:
            if key not in screenings:
                note(field, f'"{key}" is not described; add [screenings.{key}] (known: {", ".join(screenings)})')


def check_order(steps: Sequence[StepDefinition], *, note: Note) -> None:
    """Note steps with the same code, and steps that do not follow the one before them by target for every birth date."""
    for code, uses in Counter(step.code for step in steps).items():
        if uses > 1:
            note(f"step {code}.code", f"is used by {uses} steps; give each step a code of its own")
    remedy = "put the steps in order of age, and count neighbours in the same unit"
    for earlier, later in pairwise(steps):
        if not earlier.target.is_never_after(later.target):
            note(f"step {later.code}.target", f"{later.target} comes before {earlier.target} of {earlier.code} for some children; {remedy}")
