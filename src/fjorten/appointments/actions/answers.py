"""What follows when a family answers a message about a time: 1 confirms it, 2 and everything else goes to a person."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.db import transaction

from fjorten.appointments.actions.outcomes import confirm
from fjorten.appointments.models import Appointment
from fjorten.appointments.obligations import ABOUT
from fjorten.appointments.states import State
from fjorten.audit.actor import Actor
from fjorten.kernel.times import oslo_date
from fjorten.messages.actions.incoming import ANSWERS_WITHIN, mark_handled
from fjorten.messages.actions.tasks import open_task_about_incoming
from fjorten.messages.incoming import Meaning
from fjorten.messages.models import IncomingMessage, Message
from fjorten.messages.tasks import TaskReason
from fjorten.organisation.models import Clinic
from fjorten.organisation.responsibility import Staff

CONFIRMED: Final = "confirmed"
GIVEN_TO_A_PERSON: Final = "given_to_a_person"
_FAMILY: Final = Actor(who="familien", role="family", ground="svar på SMS")
_REASONS: Final = {
    Meaning.OTHER_TIME: TaskReason.WANTS_ANOTHER_TIME,
    Meaning.STOP: TaskReason.WANTS_NO_MESSAGES,
    Meaning.COMING: TaskReason.WROTE_SOMETHING,
    Meaning.FREE_TEXT: TaskReason.WROTE_SOMETHING,
}


@transaction.atomic
def act_on_answer(*, incoming: IncomingMessage, staff: Staff, by: Actor, at: datetime) -> str:
    """
    Do what a message from a family asks for, once; tells the effect, "" when nobody here uses the number or it was done before.

    1 confirms the times the number has been told of, when they are all on one day (siblings come together); on several days nobody can know
    which one is meant, and a person asks. Raises NobodyToOwnIt.
    """
    if incoming.person is None or incoming.handled_at is not None:
        return ""
    coming = list(_told_of(incoming, at))
    days = {oslo_date(appointment.begins_at) for appointment in coming}
    effect = GIVEN_TO_A_PERSON
    if incoming.meaning == Meaning.COMING and len(days) == 1:
        effect = CONFIRMED
        for appointment in coming:
            if appointment.state == State.OFFERED:
                confirm(appointment=appointment, by=_FAMILY, at=at)
    if not mark_handled(incoming=incoming, effect=effect, by=by, at=at):
        return ""
    if effect == GIVEN_TO_A_PERSON:
        clinic = coming[0].clinic if coming else _clinic_of(incoming)
        reason = _REASONS[Meaning(incoming.meaning)]
        open_task_about_incoming(incoming=incoming, person=incoming.person, clinic=clinic, reason=reason, staff=staff, by=by, at=at)
    return effect


def _told_of(incoming: IncomingMessage, at: datetime) -> Iterator[Appointment]:
    """Find the coming appointments that messages to the number have been about lately."""
    sent = Message.objects.filter(municipality=incoming.municipality, sent_to=incoming.from_number, state_at__gte=at - ANSWERS_WITHIN)
    keys = {int(about.removeprefix(ABOUT)) for about in sent.filter(about__startswith=ABOUT).values_list("about", flat=True)}
    open_ones = Appointment.objects.still_open().filter(pk__in=keys, begins_at__gt=at)
    yield from open_ones.select_related("clinic__municipality", "person", "municipality").order_by("begins_at", "pk")


def _clinic_of(incoming: IncomingMessage) -> Clinic:
    if incoming.answers is not None:
        return incoming.answers.clinic
    return Clinic.objects.of(incoming.municipality).get(is_default=True)
