"""Giving a child the very time a person has chosen, or moving an appointment to it."""

from datetime import datetime, timedelta

from django.db import transaction

from fjorten.appointments.actions.booking import book, move_by_clinic, move_by_family
from fjorten.appointments.actions.inviting import ChosenTimeIsGone
from fjorten.appointments.models import Appointment
from fjorten.appointments.needs import need_by_hand
from fjorten.appointments.placing import Need, suits
from fjorten.appointments.proposals import ChosenTime
from fjorten.appointments.queries import free_slots
from fjorten.appointments.slots import FreeSlot
from fjorten.audit.actor import Actor
from fjorten.kernel.refusals import Refused
from fjorten.kernel.times import oslo_date
from fjorten.organisation.models import Clinic, Municipality
from fjorten.plans.models import PlannedStep


class StepIsNotInTheProgramme(Refused):
    """Nobody knows what the step takes any more."""

    sentence = "Konsultasjonen finnes ikke i programmet lenger. Sett opp timen til en annen konsultasjon."


@transaction.atomic
def book_chosen(*, planned_step: PlannedStep, chosen: ChosenTime, reason: str = "", by: Actor, at: datetime) -> Appointment:
    """
    Give a child the time somebody has chosen for it, on whatever day: place, competence and length must suit the step.

    For those the night leaves to a person, too (`needs.ByHandBecause`). Raises ChosenTimeIsGone, StepIsNotInTheProgramme, or what `book`
    refuses.
    """
    need, slot = _chosen(planned_step, chosen, at)
    replaces = Appointment.objects.get(pk=need.replaces) if need.replaces is not None else None
    interpreter = need.needs_interpreter
    return book(planned_step=planned_step, slot=slot, needs_interpreter=interpreter, replaces=replaces, reason=reason, by=by, at=at)


@transaction.atomic
def move_to_chosen_for_family(*, appointment: Appointment, chosen: ChosenTime, reason: str = "", by: Actor, at: datetime) -> Appointment:
    """
    Move an appointment to the time somebody has chosen, because the family asked for it.

    Raises ChosenTimeIsGone, StepIsNotInTheProgramme, or what `move_by_family` refuses.
    """
    _, slot = _chosen(appointment.planned_step, chosen, at)
    return move_by_family(appointment=appointment, slot=slot, reason=reason, by=by, at=at)


@transaction.atomic
def move_to_chosen_for_clinic(*, appointment: Appointment, chosen: ChosenTime, reason: str = "", by: Actor, at: datetime) -> Appointment:
    """
    Move an appointment to the time somebody has chosen, because the clinic needs it.

    Raises ChosenTimeIsGone, StepIsNotInTheProgramme, or what `move_by_clinic` refuses.
    """
    _, slot = _chosen(appointment.planned_step, chosen, at)
    return move_by_clinic(appointment=appointment, slot=slot, reason=reason, by=by, at=at)


def _chosen(planned_step: PlannedStep, chosen: ChosenTime, at: datetime) -> tuple[Need, FreeSlot]:
    """Find the time that was chosen among those that are free now."""
    need = need_by_hand(planned_step, on=oslo_date(at))
    if need is None:
        raise StepIsNotInTheProgramme(planned_step.pk)
    slot = _free_now(need, chosen, planned_step.municipality)
    if slot is None:
        raise ChosenTimeIsGone(planned_step.pk)
    return need, slot


def _free_now(need: Need, chosen: ChosenTime, municipality: Municipality) -> FreeSlot | None:
    day = oslo_date(chosen.begins_at)
    clinic = Clinic.objects.of(municipality).get(pk=need.clinic)
    free = free_slots(municipality=municipality, from_on=day, until_on=day + timedelta(days=1), clinic=clinic)
    return next((slot for slot in free if ChosenTime.of(slot) == chosen and suits(need, slot)), None)
