"""Giving children times: the night's batch, the new time after a miss, and the time that came free."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from django.db import DataError, IntegrityError, transaction

from fjorten.appointments.actions.booking import book
from fjorten.appointments.actions.holding import TimeIsTaken
from fjorten.appointments.models import Appointment
from fjorten.appointments.needs import ByHand, waiting_list, waiting_on
from fjorten.appointments.placing import Need, Unplaced, fits
from fjorten.appointments.proposals import ChosenTime, free_for
from fjorten.appointments.queries import free_slots
from fjorten.appointments.slots import FreeSlot
from fjorten.appointments.solver import place
from fjorten.audit.actor import Actor
from fjorten.kernel.refusals import Refused
from fjorten.kernel.times import oslo_date
from fjorten.organisation.models import Municipality
from fjorten.plans.models import PlannedStep

_TRIES: Final = 5  # how many times, each taken by another while we were at it, before a person is asked


class NoTimeToGive(Refused):
    """No free time serves the child in the days it may be given."""

    sentence = "Det finnes ingen ledig time som passer i tiden framover. Åpne flere timer, eller finn en time for hånd."


class ChosenTimeIsGone(Refused):
    """The time somebody chose has been taken meanwhile, or does not serve the child any more."""

    sentence = "Tiden er ikke ledig lenger, eller passer ikke barnet nå. Se forslagene på nytt."


class TimeIsFoundByHand(Refused):
    """The child is one whose times a person finds, or has a time, or needs none now."""

    sentence = "Timen til dette barnet må settes opp for hånd, eller barnet har alt en time eller trenger ingen nå."


@dataclass(frozen=True, slots=True)
class NotBooked:
    """A child the booking refused, and the sentence it said."""

    need: Need
    sentence: str


@dataclass(frozen=True, slots=True)
class Invited:
    """
    What came of a night's batch: appointments (by primary key), who was not placed and why, whom the booking refused, whose time was taken
    by another meanwhile (they wait till the next night), and whom a person must place. `is_best` as in `placing.Placing`.
    """

    booked: tuple[int, ...]
    unplaced: tuple[Unplaced, ...]
    refused: tuple[NotBooked, ...]
    taken_meanwhile: tuple[Need, ...]
    by_hand: tuple[ByHand, ...]
    is_best: bool

    @property
    def still_waiting(self) -> list[Need]:
        """List those who wait for a time as before."""
        return [*(one.need for one in self.unplaced), *(one.need for one in self.refused), *self.taken_meanwhile]


def invite(
    *,
    municipality: Municipality,
    on: date,
    fast: Collection[int] = (),
    paused_steps: Collection[int] = (),
    by: Actor,
    at: datetime,
) -> Invited:
    """
    Give a time to every child whose time to be given one has come, as far as there are times: never more than there are.

    Each child is a transaction of its own, so that one refusal stops nobody else, and a run that was killed goes on where it stopped. A
    second run of a day finds only those the first did not place. Call it outside a transaction. `fast` and `paused_steps` as in
    `needs.waiting_on`.
    """
    waiting = waiting_on(municipality=municipality, on=on, fast=fast, paused_steps=paused_steps)
    placing = place(needs=waiting.needs, slots=free_for(waiting.needs, municipality), today=on)
    steps = PlannedStep.objects.in_bulk([placement.need.planned_step for placement in placing.placed])
    replaced = Appointment.objects.in_bulk([need.replaces for need in waiting.needs if need.replaces is not None])
    groups: dict[FreeSlot, FreeSlot] = {}
    booked: list[int] = []
    refused: list[NotBooked] = []
    taken: list[Need] = []
    for placement in placing.placed:
        need, slot = placement.need, groups.get(placement.slot, placement.slot)
        try:
            appointment = book(
                planned_step=steps[need.planned_step],
                slot=slot,
                needs_interpreter=need.needs_interpreter,
                replaces=replaced.get(need.replaces) if need.replaces is not None else None,
                by=by,
                at=at,
            )
        except TimeIsTaken:
            taken.append(need)
        except (Refused, DataError, IntegrityError) as refusal:
            refused.append(NotBooked(need, str(refusal) if isinstance(refusal, Refused) else Refused.sentence))
        else:
            booked.append(appointment.pk)
            if slot.capacity > 1:
                groups[placement.slot] = replace(slot, sitting=appointment.sitting, places_left=slot.places_left - 1)
    return Invited(tuple(booked), placing.unplaced, tuple(refused), tuple(taken), tuple(waiting.by_hand), placing.is_best)


@transaction.atomic
def offer_new_time(*, appointment: Appointment, fast: Collection[int] = (), by: Actor, at: datetime) -> Appointment:
    """
    Give the child of a missed or cancelled appointment the best new time, by the rules of the night's batch.

    Raises NoTimeToGive, TimeIsFoundByHand, or what booking refuses.
    """
    municipality, on = appointment.municipality, oslo_date(at)
    waiting = waiting_on(municipality=municipality, on=on, fast=fast, only_steps=[appointment.planned_step_id])
    if not waiting.needs:
        raise TimeIsFoundByHand(appointment.pk)
    [need] = waiting.needs
    slots = free_for(waiting.needs, municipality)
    for _ in range(_TRIES):
        placed = place(needs=[need], slots=slots, today=on).placed
        if not placed:
            break
        try:
            return book(
                planned_step=appointment.planned_step,
                slot=placed[0].slot,
                needs_interpreter=need.needs_interpreter,
                replaces=appointment,
                by=by,
                at=at,
            )
        except TimeIsTaken:
            slots = [slot for slot in slots if slot != placed[0].slot]
    raise NoTimeToGive(appointment.pk)


@transaction.atomic
def offer_chosen(
    *,
    planned_step: PlannedStep,
    chosen: ChosenTime,
    fast: Collection[int] = (),
    paused_steps: Collection[int] = (),
    by: Actor,
    at: datetime,
) -> Appointment:
    """
    Give a child the very time a person has been shown and has chosen (`proposals.times_for`): that one, or none.

    Raises TimeIsFoundByHand, ChosenTimeIsGone, or what booking refuses.
    """
    municipality, day = planned_step.municipality, oslo_date(chosen.begins_at)
    waiting = waiting_on(
        municipality=municipality, on=oslo_date(at), fast=fast, paused_steps=paused_steps, only_steps=[planned_step.pk], is_asked_for=True
    )
    if not waiting.needs:
        raise TimeIsFoundByHand(planned_step.pk)
    [need] = waiting.needs
    free = free_slots(municipality=municipality, from_on=day, until_on=day + timedelta(days=1))
    slot = next((slot for slot in free if ChosenTime.of(slot) == chosen and fits(need, slot)), None)
    if slot is None:
        raise ChosenTimeIsGone(planned_step.pk)
    replaces = Appointment.objects.get(pk=need.replaces) if need.replaces is not None else None
    return book(planned_step=planned_step, slot=slot, needs_interpreter=need.needs_interpreter, replaces=replaces, by=by, at=at)


@transaction.atomic
def offer_freed(*, municipality: Municipality, slot: FreeSlot, by: Actor, at: datetime) -> Appointment | None:
    """
    Give a time that came free to the one on the waiting list whose window closes first; None when nobody waits for such a time.

    Somebody the booking refuses is passed over: they stay on the list. Raises TimeIsTaken when the time is no longer free.
    """
    for need in waiting_list(municipality=municipality, on=oslo_date(at), slot=slot):
        try:
            return book(
                planned_step=PlannedStep.objects.get(pk=need.planned_step),
                slot=slot,
                needs_interpreter=need.needs_interpreter,
                replaces=Appointment.objects.filter(pk=need.replaces).first() if need.replaces is not None else None,
                by=by,
                at=at,
            )
        except TimeIsTaken:
            raise
        except Refused:
            continue
    return None
