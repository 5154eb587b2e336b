"""What the clinic's staff mean to do on a day. The simulation only means it: whoever drives the system does it, or is refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from random import Random

from fjorten.programme.definitions import child_programme
from fjorten.programme.plan import plan_for
from fjorten.programme.steps import Definition, StepCode
from fjorten.simulation.households import CHILD_YEARS
from fjorten.simulation.truth import ChildTruth

SHARE_A_DAY = 1 / 25  # of the children, so that each is thought of about ten times a year [default]


class IntentKind(StrEnum):
    """What staff may mean to do about a child, or about one of its steps."""

    ENROL = "enrol"
    DONE = "done"
    DONE_ELSEWHERE = "done_elsewhere"
    DECLINE = "decline"
    WAIVE = "waive"
    CORRECT = "correct"  # take a settled step back
    PUT_OUTSIDE = "put_outside"  # with a dated reason signed by a person
    CONFIRM_MOVED_OUT = "confirm_moved_out"
    WAIT = "wait"  # until a date, with a reason


_KINDS = tuple(IntentKind)
_WEIGHTS = (30, 30, 8, 5, 4, 4, 3, 8, 4)
_ABOUT_A_STEP = frozenset({IntentKind.DONE, IntentKind.DONE_ELSEWHERE, IntentKind.DECLINE, IntentKind.WAIVE, IntentKind.CORRECT})


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing somebody means to do. `step` is given when it is about a step; `reason` is a Norwegian sentence for the record."""

    kind: IntentKind
    child: ChildTruth
    step: StepCode | None
    reason: str


_REASONS = {
    IntentKind.ENROL: "Barnet bor her.",
    IntentKind.DONE: "Gjennomført på helsestasjonen.",
    IntentKind.DONE_ELSEWHERE: "Familien har vist helsekortet.",
    IntentKind.DECLINE: "Foreldrene har takket nei.",
    IntentKind.WAIVE: "Lagt inn i en senere konsultasjon.",
    IntentKind.CORRECT: "Ført på feil barn.",
    IntentKind.PUT_OUTSIDE: "Følges opp av spesialisthelsetjenesten.",
    IntentKind.CONFIRM_MOVED_OUT: "Den nye kommunen har tatt imot.",
    IntentKind.WAIT: "Familien er bortreist.",
}


def intents_on(truths: Iterable[ChildTruth], *, day: date, rng: Random) -> tuple[Intent, ...]:
    """
    This function will draw what staff mean to do on a day about children who are, or have been, known here.

    Some of it cannot be done: enrolling a child that is enrolled, confirming a move nobody made. The system has to say so.
    """
    definition = child_programme(day)
    known = [
        truth
        for truth in truths
        if truth.age_years < CHILD_YEARS and (truth.registered_here or truth.stays_here or truth.newborn_of_resident)
    ]
    thought_of = [truth for truth in known if rng.random() < SHARE_A_DAY]
    return tuple(_intent(truth, definition, day=day, rng=rng) for truth in thought_of)


def _intent(truth: ChildTruth, definition: Definition, *, day: date, rng: Random) -> Intent:
    kind = rng.choices(_KINDS, weights=_WEIGHTS)[0]
    step = None
    if kind in _ABOUT_A_STEP:
        begun = [
            planned.step for planned in plan_for(truth.born_on, definition) if planned.window.start is None or planned.window.start <= day
        ]
        # Mostly the latest step that has begun; the ones before it are put in order now and then.
        step = (begun[-1] if rng.random() < 0.7 else rng.choice(begun)) if begun else definition.steps[0].code
    return Intent(kind, truth, step, _REASONS[kind])
