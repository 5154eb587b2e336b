"""A child's steps as the track that lists and pages draw."""

from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.translation import gettext

from fjorten.ledger.tracks import StandingStep
from fjorten.programme.catch_up import CatchUpPlan, Proposal
from fjorten.programme.status import Status
from fjorten.programme.steps import Definition, Performer
from fjorten.web import words
from fjorten.web.marks import OF_STATUS, UNKNOWN, Mark, MiniTrack, Track, TrackStep

_UNKNOWN_STATES = (Status.OVERDUE, Status.DUE)
_TO_COME: Final[Mapping[Proposal, Mark]] = {
    Proposal.DO_NOW: OF_STATUS[Status.DUE],
    Proposal.MERGE: UNKNOWN,
    Proposal.WAIVE: UNKNOWN,
    Proposal.UPCOMING: OF_STATUS[Status.NOT_YET_DUE],
    Proposal.DONE_ELSEWHERE: OF_STATUS[Status.DONE_ELSEWHERE],
}


def track_of(steps: Sequence[StandingStep]) -> Track:
    """This function will draw a child's steps; what lies before a newcomer came is unknown, and not a wall of what is over time."""
    return Track(tuple(_step(step) for step in steps))


def mini_track_of(steps: Sequence[StandingStep]) -> MiniTrack:
    """This function will draw them for a list: without what a small track has no room for."""

    def label(number: int) -> str:
        return words.short_step(steps[number].definition, steps[number].planned.step)

    return MiniTrack.of([mark_of(step) for step in steps], label)


def mark_of(step: StandingStep) -> Mark:
    """This function will tell the mark a step is drawn with."""
    return UNKNOWN if step.is_from_before and step.state in _UNKNOWN_STATES else OF_STATUS[step.state]


def _step(step: StandingStep) -> TrackStep:
    return TrackStep(
        code=step.planned.step,
        label=words.short_step(step.definition, step.planned.step),
        mark=mark_of(step),
        detail=_detail(step),
        note=_note(step),
    )


def _detail(step: StandingStep) -> str:
    planned = step.planned
    if planned.outcome_on is not None:
        return words.day(planned.outcome_on)
    if step.state is Status.NOT_YET_DUE:
        return words.month(planned.target_on)
    return gettext("til %(day)s") % {"day": words.short_day(planned.window_until)}


def _note(step: StandingStep) -> str:
    if step.state is Status.DONE_ELSEWHERE and not step.planned.is_confirmed:
        return gettext("ikke bekreftet")
    if step.state in (Status.DUE, Status.OVERDUE):
        return gettext("ingen time")
    with_doctor = step.definition is not None and Performer.CLINIC_DOCTOR in step.definition.performers
    return gettext("med lege") if with_doctor else ""


def track_to_come(plan: CatchUpPlan, definition: Definition) -> Track:
    """This function will draw the steps of a child nobody has a journal for, as they would stand with one: what lies behind is unknown."""
    steps = ((item, words.short_step(definition.step(item.step), item.step)) for item in plan.items)
    return Track(tuple(TrackStep(item.step, label, _TO_COME[item.proposal]) for item, label in steps))
