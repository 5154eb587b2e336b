"""
Messages in hand: taken when it is right to send them, handed over while it still is, and given back when it may not be.

A handful is taken at once, in one transaction: looked at, written word for word, and its tries put down. Nothing has been handed over then,
and each try says when it is about to be. So a crash at any point leaves messages that surely were not handed over, and are given back, and
at most one of which nobody knows.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from fjorten.audit.actor import Actor
from fjorten.audit.trail import Entry, chain_end, record_all
from fjorten.kernel.times import oslo_date
from fjorten.messages.actions.fates import detail_of, fail, hand_to_a_person, leave, lock_a_handful
from fjorten.messages.actions.last_look import StillOwed, look_again
from fjorten.messages.channels.interface import Attachment, Channel, Outcome, Parcel
from fjorten.messages.composing import WrittenLetter, compose, write_letter
from fjorten.messages.languages import languages
from fjorten.messages.letters.printing import LetterHasLettersNobodyCanWrite
from fjorten.messages.models import Attempt, Message, OutboxState, Way
from fjorten.messages.queries import approved_texts
from fjorten.messages.tasks import TaskReason
from fjorten.messages.telling import Told
from fjorten.messages.texts import NoSuchText, TextCannotBeFilled
from fjorten.organisation.models import Municipality
from fjorten.organisation.responsibility import Staff

ANOTHER_GATEWAY: Final = "kan være sendt gjennom en annen meldingstjeneste, og sendes ikke en gang til"
NO_WAY_LEFT: Final = "nummeret eller adressen er ikke lenger i bruk"
_WRITTEN: Final = ("sent_title", "sent_text", "sent_language", "sent_to")


@dataclass(frozen=True, slots=True)
class InHand:
    """One message that is about to be handed over: the try written down, and the parcel for the gateway."""

    attempt: Attempt
    channel: Channel
    parcel: Parcel
    person: int
    way: str


@dataclass(frozen=True, slots=True)
class Handful:
    """
    Messages taken in hand at an instant. `became` tells where those stand that are not sent now, by primary key. `as_of` is the number of
    the last thing written in the municipality's trail when they were looked at.
    """

    in_hand: tuple[InHand, ...]
    became: Mapping[int, OutboxState]
    taken_at: datetime
    as_of: int


@transaction.atomic
def take_in_hand(
    *,
    municipality: Municipality,
    messages: Collection[int],
    channels: Mapping[str, Channel],
    still_owed: StillOwed,
    staff: Staff,
    by: Actor,
    at: datetime,
) -> Handful:
    """
    Take some of a municipality's messages (by primary key) in hand, those that are queued and due and go a way there is a channel for, and
    write the tries down; or say what else became of them. What was not ours to take, or waits, is in neither.

    The children's rows are locked first, as in everything that changes a child's messages, so that nobody waits in a ring. Raises
    ChildrenAreBusy when others are changing some of several children.
    """
    chosen = Message.objects.of(municipality).filter(pk__in=messages)
    lock_a_handful(set(chosen.values_list("person_id", flat=True)))
    due = chosen.filter(state=OutboxState.QUEUED, not_before__lte=at, way__in=channels).with_all_about_it().order_by("not_before", "pk")
    rows = list(due.select_for_update(of=("self",), no_key=True))
    Message.objects.filter(pk__in=[row.pk for row in rows]).update(state=OutboxState.IN_HAND, state_at=at)
    tries: dict[int, list[Attempt]] = defaultdict(list)
    for attempt in Attempt.objects.filter(message__in=rows).order_by("number"):
        tries[attempt.message_id].append(attempt)
    looked = look_again(rows=rows, still_owed=still_owed, staff=staff, by=by, at=at)
    approved = approved_texts(municipality=municipality)
    became: dict[int, OutboxState] = {}
    ready: list[tuple[Message, Channel, Parcel]] = []
    for row in rows:
        told, channel = looked[row.pk], channels[row.way]
        came = _written(row, told, channel, tries[row.pk], staff, approved=approved, by=by, at=at) if isinstance(told, Told) else told
        if isinstance(came, Parcel):
            ready.append((row, channel, came))
        elif came is not None:
            became[row.pk] = came
    in_hand = _put_down_tries(ready, tries, municipality, by=by, at=at)
    return Handful(in_hand, became, at, chain_end(municipality.code).seq)


def begin_handover(*, one: InHand, at: datetime) -> bool:
    """Say that one message in hand is about to be handed over; False when it is no longer ours: withdrawn, or given back by another."""
    mine = Attempt.objects.filter(pk=one.attempt.pk, handed_over_at__isnull=True, message__state=OutboxState.IN_HAND)
    return bool(mine.update(handed_over_at=at))


@transaction.atomic
def give_back(*, attempts: Collection[int], by: Actor, at: datetime) -> int:
    """
    Put messages back in the queue that were taken in hand and surely not handed over, by the primary keys of their tries; tells how many.

    A try that was never made is none, and its row goes; the trail keeps that the message was in hand. Raises ChildrenAreBusy, as above.
    """
    lock_a_handful(set(Message.objects.filter(attempts__in=attempts).values_list("person_id", flat=True)))
    unmade = Attempt.objects.filter(pk__in=attempts, handed_over_at__isnull=True, message__state=OutboxState.IN_HAND)
    rows = {
        row.message_id: row for row in unmade.select_for_update(of=("self",)).select_related("message__person", "message__municipality")
    }
    Attempt.objects.filter(pk__in=[row.pk for row in rows.values()]).delete()
    Message.objects.filter(pk__in=rows, state=OutboxState.IN_HAND).update(state=OutboxState.QUEUED, state_at=at)
    for code in sorted({row.message.municipality.code for row in rows.values()}):
        ours = [row.message for row in rows.values() if row.message.municipality.code == code]
        entries = [Entry("message.given_back", about=str(message.person.public_id), detail=detail_of(message)) for message in ours]
        record_all(entries, municipality=code, by=by, at=at)
    return len(rows)


def _written(
    row: Message,
    told: Told,
    channel: Channel,
    tries: Sequence[Attempt],
    staff: Staff,
    *,
    approved: Collection[str],
    by: Actor,
    at: datetime,
) -> Parcel | OutboxState:
    """Write what is sent, word for word; or tell what became of the message instead. What may have been sent stays as it was."""
    unsure = next((one for one in reversed(tries) if one.outcome == Outcome.UNCERTAIN.value), None)
    if unsure is not None and not (channel.takes_keys and unsure.takes_keys and unsure.gateway == channel.name):
        return leave(row=row, state=OutboxState.UNCERTAIN, reason=ANOTHER_GATEWAY, by=by, at=at)
    to = _to(row, told)
    if unsure is None and not to:
        return fail(row=row, reason=NO_WAY_LEFT, staff=staff, by=by, at=at)
    try:
        written_on = oslo_date(at if unsure is None else unsure.started_at)
        letter = write_letter(row, told, written_on=written_on, approved=approved) if row.way == Way.LETTER else None
        if unsure is None:
            _write(row, told, to, letter, approved)
    except (NoSuchText, TextCannotBeFilled, LetterHasLettersNobodyCanWrite):
        return hand_to_a_person(row=row, reason=TaskReason.NO_TEXT, staff=staff, by=by, at=at)
    return _parcel(row, to, letter)


def _write(row: Message, told: Told, to: str, letter: WrittenLetter | None, approved: Collection[str]) -> None:
    if letter is not None:
        row.sent_title, row.sent_text, row.sent_language, row.sent_to = letter.title[:200], letter.said, letter.language, row.way
    else:
        composed = compose(row, told, approved=approved)
        row.sent_title, row.sent_text, row.sent_language, row.sent_to = composed.title[:200], composed.sms, composed.language, to


def _put_down_tries(
    ready: Sequence[tuple[Message, Channel, Parcel]],
    tries: Mapping[int, Sequence[Attempt]],
    municipality: Municipality,
    *,
    by: Actor,
    at: datetime,
) -> tuple[InHand, ...]:
    Message.objects.bulk_update([row for row, _, _ in ready], _WRITTEN)
    attempts = [
        Attempt(
            message=row,
            number=len(tries[row.pk]) + 1,
            gateway=channel.name,
            takes_keys=channel.takes_keys,
            idempotency_key=key_of(row),
            started_at=at,
        )
        for row, channel, _ in ready
    ]
    Attempt.objects.bulk_create(attempts)
    entries = [Entry("message.taken_in_hand", about=str(row.person.public_id), detail=detail_of(row)) for row, _, _ in ready]
    record_all(entries, municipality=municipality.code, by=by, at=at)
    return tuple(
        InHand(attempt, channel, parcel, row.person_id, row.way) for attempt, (row, channel, parcel) in zip(attempts, ready, strict=True)
    )


def _parcel(row: Message, to: str, letter: WrittenLetter | None) -> Parcel:
    """Make the parcel of what was written down: a second try under the same key is the same, word for word and to the same address."""
    return Parcel(
        key=key_of(row),
        to=row.sent_to if letter is None else to,
        title=row.sent_title,
        body=row.sent_text,
        language=row.sent_language,
        is_right_to_left=languages()[row.sent_language].is_right_to_left,
        postal=None if letter is None else letter.letter.recipient,
        attachments=() if letter is None else (Attachment(file_name="brev.pdf", mime_type="application/pdf", content=letter.pdf),),
    )


def _to(row: Message, told: Told) -> str:
    """Tell where a message goes now; "" when that way is gone. A letter goes to the adult's number, and on paper to the address."""
    if row.way == Way.LETTER:
        return told.reach.adult.number if told.reach.has_postal_address else ""
    point = told.reach.telephone if row.way == Way.SMS else told.reach.email
    return point.value if point is not None else ""


def key_of(row: Message) -> str:
    """Make the key a gateway knows the message by: the same in every try, and nobody else's."""
    named = f"{row.municipality.code}/{row.pk}/{row.key}/{row.adult_id}/{row.way}"
    return hashlib.sha256(named.encode()).hexdigest()[:32]
