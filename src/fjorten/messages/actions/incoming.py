"""What families write back: kept once, and put beside the message it answers."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from fjorten.audit.actor import Actor
from fjorten.audit.trail import record
from fjorten.kernel.refusals import Refused
from fjorten.kernel.telephones import TelephoneNumberIsInvalid, read_telephone
from fjorten.messages.channels.interface import Incoming
from fjorten.messages.incoming import IncomingEffect, meaning_of
from fjorten.messages.models import Attempt, IncomingMessage, Message, OutboxState, Way
from fjorten.organisation.models import Municipality
from fjorten.people.models import ContactPoint, Person

# What a family writes is held against what they were sent in these days [default]; before that nobody remembers what was asked.
ANSWERS_WITHIN: Final = timedelta(days=30)
_SENT: Final = (OutboxState.SENT, OutboxState.DELIVERED, OutboxState.UNCERTAIN)


@transaction.atomic
def take_incoming(*, municipality: Municipality, gateway: str, heard: Incoming, by: Actor, at: datetime) -> IncomingMessage | None:
    """
    Keep a text message from a family, with what it means; None when the gateway has handed us the same one before.

    It answers the newest message sent to the number, or the one the gateway names. What follows from it is for the rooms above.
    """
    number = _as_kept(heard.from_number)
    text = _as_text(heard.text)
    answers = _answered(municipality, gateway, heard, number, at)
    incoming, is_new = IncomingMessage.objects.get_or_create(
        gateway=gateway,
        reference=heard.reference[:120],
        defaults={
            "municipality": municipality,
            "from_number": number[:20],
            "text": text,
            "received_at": at,
            "meaning": meaning_of(text).value,
            "answers": answers,
            "person": answers.person if answers is not None else _child_of(municipality, number),
        },
    )
    if not is_new:
        return None
    about = str(incoming.person.public_id) if incoming.person is not None else ""
    record("message.received", municipality=municipality.code, about=about, by=by, at=at, detail={"meaning": incoming.meaning})
    return incoming


class IncomingIsSeenTo(Refused):
    """Someone was first."""

    sentence = "Noen har alt sett på meldingen."


@transaction.atomic
def see_to_incoming(*, incoming: IncomingMessage, effect: IncomingEffect, by: Actor, at: datetime) -> None:
    """Note that a person has read a message no machine could do anything with, and what came of it. Raises IncomingIsSeenTo."""
    if not mark_handled(incoming=incoming, effect=effect.value, by=by, at=at):
        raise IncomingIsSeenTo(incoming.pk)
    about = str(incoming.person.public_id) if incoming.person is not None else ""
    record("message.seen_to", municipality=incoming.municipality.code, about=about, by=by, at=at, detail={"effect": effect.value})


@transaction.atomic
def mark_handled(*, incoming: IncomingMessage, effect: str, by: Actor, at: datetime) -> bool:
    """Note what came of a message that came in; tells whether nobody had before."""
    return bool(
        IncomingMessage.objects.filter(pk=incoming.pk, handled_at__isnull=True).update(effect=effect, handled_at=at, handled_by=by.who)
    )


def _as_kept(number: str) -> str:
    try:
        return read_telephone(number).e164
    except TelephoneNumberIsInvalid:
        return number


def _as_text(written: str) -> str:
    """Keep what every database can hold: no NUL, no half characters."""
    return written.encode("utf-8", "replace").decode().replace("\0", "")


def _answered(municipality: Municipality, gateway: str, heard: Incoming, number: str, at: datetime) -> Message | None:
    if heard.answers:
        tries = Attempt.objects.filter(message__municipality=municipality, gateway=gateway, reference=heard.answers)
        attempt = tries.select_related("message__person").order_by("-pk").first()
        if attempt is not None:
            return attempt.message
    sent = Message.objects.of(municipality).filter(way=Way.SMS, sent_to=number, state__in=_SENT, state_at__gte=at - ANSWERS_WITHIN)
    return sent.select_related("person").order_by("-state_at", "-pk").first()


def _child_of(municipality: Municipality, number: str) -> Person | None:
    """Find the youngest child of whoever uses the number, so that what they wrote reaches somebody who knows the family."""
    adults = ContactPoint.objects.filter(
        adult__municipality=municipality, kind=ContactPoint.Kind.TELEPHONE, value=number, ended_at__isnull=True
    ).exclude(adult__number="")
    numbers = adults.values_list("adult__number", flat=True)
    children = Person.objects.of(municipality).filter(responsibilities__responsible_number__in=list(numbers))
    return children.order_by("-born_by", "pk").first()
