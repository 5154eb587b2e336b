"""The best free times for some children, as a proposal a person looks at before anything is booked or anybody is told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fjorten.appointments.models import Appointment
from fjorten.appointments.needs import ByHand, waiting_on
from fjorten.appointments.owed import AppointmentFacts, told_of
from fjorten.appointments.placing import Need, Placement, Unplaced
from fjorten.appointments.queries import free_slots
from fjorten.appointments.slots import FreeSlot
from fjorten.appointments.solver import place
from fjorten.appointments.states import State
from fjorten.messages.obligations import Obligation
from fjorten.organisation.models import Municipality
from fjorten.programme.steps import Setting


@dataclass(frozen=True, slots=True)
class ChosenTime:
    """What a form says to mean one free time: nobody receives twice at one time in one way."""

    begins_at: datetime
    employee: int
    setting: Setting

    @classmethod
    def of(cls, slot: FreeSlot) -> ChosenTime:
        """Name a free time."""
        return cls(slot.begins_at, slot.employee_id, slot.setting)


@dataclass(frozen=True, slots=True)
class ProposedTime:
    """A child, the time proposed, and what the family would be told if it were booked now."""

    placement: Placement
    told: Obligation


@dataclass(frozen=True, slots=True)
class Proposed:
    """
    The answer for every planned step asked about: a time, or why there is none, or that a person must find it. `not_waiting` (primary keys)
    have a time already, are settled, wait until a day, or have a window that is further away than anybody is told of a time.
    """

    times: tuple[ProposedTime, ...]
    unplaced: tuple[Unplaced, ...]
    by_hand: tuple[ByHand, ...]
    not_waiting: tuple[int, ...]


def times_for(
    planned_steps: Collection[int],
    *,
    municipality: Municipality,
    on: date,
    at: datetime,
    fast: Collection[int] = (),
    paused_steps: Collection[int] = (),
) -> Proposed:
    """
    This function will propose times for planned steps (primary keys), by the rules of the night's batch, among the times that are free
    now. A person asks for them, so it is never too early while the window is near. `fast` and `paused_steps` as in `needs.waiting_on`.
    """
    waiting = waiting_on(
        municipality=municipality, on=on, fast=fast, paused_steps=paused_steps, only_steps=planned_steps, is_asked_for=True
    )
    placing = place(needs=waiting.needs, slots=free_for(waiting.needs, municipality), today=on)
    replaced = Appointment.objects.filter(pk__in=[need.replaces for need in waiting.needs if need.replaces is not None])
    states = {pk: State(state) for pk, state in replaced.values_list("pk", "state")}
    answered = {need.planned_step for need in waiting.needs} | {one.planned_step for one in waiting.by_hand}
    return Proposed(
        times=tuple(ProposedTime(one, _told(one, states, at)) for one in placing.placed),
        unplaced=placing.unplaced,
        by_hand=tuple(waiting.by_hand),
        not_waiting=tuple(step for step in planned_steps if step not in answered),
    )


def free_for(needs: Sequence[Need], municipality: Municipality) -> list[FreeSlot]:
    """This function will find the free times in the days that any of the needs may be given one."""
    if not needs:
        return []
    starts = [need.days.start for need in needs if need.days.start is not None]
    ends = [need.days.until for need in needs if need.days.until is not None]
    return free_slots(municipality=municipality, from_on=min(starts), until_on=max(ends))


def told_if_given(need: Need, slot: FreeSlot, *, instead_of: State | None, at: datetime) -> Obligation:
    """
    This function will tell what the family would be told if a time were given now: as of an appointment that is not there yet, so its key
    is the planned step's. `instead_of` is how the appointment stands that it would be given instead of; None when there is none.
    """
    return told_of(
        AppointmentFacts(
            pk=need.planned_step,
            person_id=need.child,
            clinic_id=slot.clinic_id,
            setting=slot.setting,
            begins_at=slot.begins_at,
            booked_at=at,
            state=State.OFFERED,
            state_at=at,
            instead_of=instead_of,
        )
    )


def _told(one: Placement, states: dict[int, State], at: datetime) -> Obligation:
    instead_of = None if one.need.replaces is None else states[one.need.replaces]
    return told_if_given(one.need, one.slot, instead_of=instead_of, at=at)
