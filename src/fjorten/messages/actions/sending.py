"""
Sending what is due, one message at a time, and finding out what became of what was sent.

A message is taken in hand and the try written down before a gateway is called, in a transaction of its own; so a crash at any point leaves
either a message that was never handed over, or one of which it is known that it is not known. Whether it is still right to send it is
asked again at that moment, not before.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q

from fjorten.audit.actor import Actor
from fjorten.audit.trail import record
from fjorten.kernel.times import oslo_date
from fjorten.messages.actions.fates import detail_of, fail, hand_to_a_person, leave, lock_child_of, mark_way_dead
from fjorten.messages.actions.last_look import StillOwed, look_again
from fjorten.messages.channels.interface import Attachment, Channel, Handover, Outcome, Parcel, Reason
from fjorten.messages.composing import WrittenLetter, compose, write_letter
from fjorten.messages.languages import languages
from fjorten.messages.letters.printing import LetterHasLettersNobodyCanWrite
from fjorten.messages.models import Attempt, Message, OutboxState, Way
from fjorten.messages.outbox import Then, after_try, try_again_at
from fjorten.messages.queries import silence_of
from fjorten.messages.silence import UntilSilent, tries_left
from fjorten.messages.tasks import TaskReason
from fjorten.messages.telling import Told
from fjorten.messages.texts import NoSuchText, TextCannotBeFilled
from fjorten.organisation.models import Municipality
from fjorten.organisation.responsibility import Staff

Clock = Callable[[], datetime]

ANOTHER_GATEWAY: Final = "kan være sendt gjennom en annen meldingstjeneste, og sendes ikke en gang til"
NO_WAY_LEFT: Final = "nummeret eller adressen er ikke lenger i bruk"
REFUSED: Final = "avvist"
_DEAD: Final = frozenset({Reason.ADDRESS_INVALID, Reason.ADDRESS_BLOCKED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Carriers:
    """
    The gateways a municipality uses. Without one for e-mail, e-mail waits; without digital letters, letters are printed. With them, those
    to somebody whose number nobody knows still are.
    """

    sms: Channel
    email: Channel | None = None
    letters: Channel | None = None

    def of(self, way: str) -> Channel | None:
        """Tell which gateway carries messages that go this way; None when none does."""
        return {Way.SMS.value: self.sms, Way.EMAIL.value: self.email, Way.LETTER.value: self.letters}[way]

    def named(self, name: str) -> Channel | None:
        """Find a gateway by its name; None when it is not used any more."""
        return next((one for one in self.all if one.name == name), None)

    @property
    def all(self) -> tuple[Channel, ...]:
        """The gateways that are used."""
        return tuple(one for one in (self.sms, self.email, self.letters) if one is not None)


@dataclass(slots=True)
class Worked:
    """What one round did. `counts`: how many messages came to each end. `failed`: child's key and what went wrong; the others are done."""

    counts: Counter[str] = field(default_factory=Counter)
    failed: list[tuple[int, Exception]] = field(default_factory=list)

    @contextmanager
    def going_on(self, person: int) -> Iterator[None]:
        """Let what goes wrong with one child's message be that one's: the others are owed theirs."""
        try:
            yield
        except (OperationalError, InterfaceError):  # the database's own trouble is everybody's
            raise
        except Exception as wrong:  # whatever it is
            self.failed.append((person, wrong))


@dataclass(frozen=True, slots=True)
class _InHand:
    attempt: Attempt
    channel: Channel
    parcel: Parcel


def send_due(
    *, municipality: Municipality, carriers: Carriers, still_owed: StillOwed, staff: Staff, by: Actor, at: datetime, clock: Clock
) -> Worked:
    """
    Send what is queued and due at `at`, oldest first; tells how many came to stand in which state. `clock` is read before and after a
    gateway is called.

    Two of these at once share the work: whoever takes a message in hand is the only one that sends it. What goes wrong with one message is
    told in the answer, and the others are sent. A gateway that has fallen silent is left alone, and its messages wait (`silence`).
    """
    channels = {way.value: _until_silent(channel, at) for way in Way if (channel := carriers.of(way)) is not None}
    due = Message.objects.of(municipality).filter(state=OutboxState.QUEUED, not_before__lte=at, way__in=channels)
    due = due.exclude(way=Way.LETTER, adult__number="")
    listening = Carriers(sms=channels[Way.SMS], email=channels.get(Way.EMAIL), letters=channels.get(Way.LETTER))
    worked = Worked()
    for key, person, way in list(due.order_by("not_before", "pk").values_list("pk", "person_id", "way")):
        if channels[way].is_left_alone:
            worked.counts["left_in_the_queue"] += 1
            continue
        with worked.going_on(person):
            state = send(message=key, carriers=listening, still_owed=still_owed, staff=staff, by=by, clock=clock)
            if state is not None:
                worked.counts[state.value] += 1
    return worked


def _until_silent(channel: Channel, at: datetime) -> UntilSilent:
    return UntilSilent(channel, tries=tries_left(silence_of(channel.name, at=at), at=at))


def send(*, message: int, carriers: Carriers, still_owed: StillOwed, staff: Staff, by: Actor, clock: Clock) -> OutboxState | None:
    """
    Send one message (by primary key), if it is still queued and still right to send; tells where it stands then, None when someone else had
    it or it waits. Three steps: taken in hand, handed over outside any transaction, put down with the answer.
    """
    taken = take_in_hand(message=message, carriers=carriers, still_owed=still_owed, staff=staff, by=by, at=clock())
    if not isinstance(taken, _InHand):
        return taken
    handover = taken.channel.hand_over(taken.parcel)
    return put_down(attempt=taken.attempt, handover=handover, staff=staff, by=by, at=clock())


@transaction.atomic
def take_in_hand(
    *, message: int, carriers: Carriers, still_owed: StillOwed, staff: Staff, by: Actor, at: datetime
) -> _InHand | OutboxState | None:
    """
    Take a queued message in hand and write the try down, or say what else became of it; None when it was not ours to take, or waits.

    The child's row is locked first, as in everything that changes a child's messages, so that nobody waits in a ring.
    """
    lock_child_of(message)
    if not Message.objects.filter(pk=message, state=OutboxState.QUEUED, not_before__lte=at).update(state=OutboxState.IN_HAND, state_at=at):
        return None
    row = Message.objects.with_all_about_it().get(pk=message)
    told = look_again(row=row, still_owed=still_owed, staff=staff, by=by, at=at)
    return _try(row, told, carriers, staff, by=by, at=at) if isinstance(told, Told) else told


def _try(row: Message, told: Told, carriers: Carriers, staff: Staff, *, by: Actor, at: datetime) -> _InHand | OutboxState | None:
    channel = carriers.of(row.way)
    if channel is None:
        Message.objects.filter(pk=row.pk).update(state=OutboxState.QUEUED)
        return None
    unsure = row.attempts.filter(outcome=Outcome.UNCERTAIN.value).order_by("-number").first()
    if unsure is not None and not (channel.takes_keys and unsure.takes_keys and unsure.gateway == channel.name):
        return leave(row=row, state=OutboxState.UNCERTAIN, reason=ANOTHER_GATEWAY, by=by, at=at)
    to = _to(row, told)
    if unsure is None and not to:
        return fail(row=row, reason=NO_WAY_LEFT, staff=staff, by=by, at=at)
    try:
        written_on = oslo_date(at if unsure is None else unsure.started_at)
        letter = write_letter(row, told, written_on=written_on) if row.way == Way.LETTER else None
        if unsure is None:
            _write(row, told, to, letter)
    except (NoSuchText, TextCannotBeFilled, LetterHasLettersNobodyCanWrite):
        return hand_to_a_person(row=row, reason=TaskReason.NO_TEXT, staff=staff, by=by, at=at)
    return _InHand(_written_down(row, channel, by=by, at=at), channel, _parcel(row, to, letter))


def _write(row: Message, told: Told, to: str, letter: WrittenLetter | None) -> None:
    if letter is not None:
        row.sent_title, row.sent_text, row.sent_language, row.sent_to = letter.title[:200], letter.said, letter.language, row.way
    else:
        composed = compose(row, told)
        row.sent_title, row.sent_text, row.sent_language, row.sent_to = composed.title[:200], composed.sms, composed.language, to
    row.save(update_fields=["sent_title", "sent_text", "sent_language", "sent_to"])


def _written_down(row: Message, channel: Channel, *, by: Actor, at: datetime) -> Attempt:
    attempt = Attempt.objects.create(
        message=row,
        number=row.attempts.count() + 1,
        gateway=channel.name,
        takes_keys=channel.takes_keys,
        idempotency_key=_key_of(row),
        started_at=at,
    )
    record(
        "message.taken_in_hand", municipality=row.municipality.code, about=str(row.person.public_id), by=by, at=at, detail=detail_of(row)
    )
    return attempt


def _parcel(row: Message, to: str, letter: WrittenLetter | None) -> Parcel:
    """Make the parcel of what was written down: a second try under the same key is the same, word for word and to the same address."""
    return Parcel(
        key=_key_of(row),
        to=row.sent_to if letter is None else to,
        title=row.sent_title,
        body=row.sent_text,
        language=row.sent_language,
        is_right_to_left=languages()[row.sent_language].is_right_to_left,
        postal=None if letter is None else letter.letter.recipient,
        attachments=() if letter is None else (Attachment(file_name="brev.pdf", mime_type="application/pdf", content=letter.pdf),),
    )


@transaction.atomic
def put_down(*, attempt: Attempt, handover: Handover, staff: Staff, by: Actor, at: datetime) -> OutboxState | None:
    """
    Write down what a gateway answered, and let follow what follows; None when the message had been settled in the meantime.

    An answer that comes after the try was taken to be cut off still counts, where it says more than that nobody knows.
    """
    lock_child_of(attempt.message_id)
    unanswered = Q(finished_at__isnull=True) if handover.outcome is Outcome.UNCERTAIN else Q(outcome__in=("", Outcome.UNCERTAIN.value))
    answered = Attempt.objects.filter(unanswered, pk=attempt.pk).update(
        finished_at=at,
        outcome=handover.outcome.value,
        reference=_kept(handover.reference, 120),
        detail=_kept(handover.detail, 300),
        parts=handover.parts,
    )
    row = Message.objects.with_all_about_it().get(pk=attempt.message_id)
    was_overtaken = row.attempts.filter(number__gt=attempt.number).exists()
    if not answered or was_overtaken or row.state not in (OutboxState.IN_HAND, OutboxState.UNCERTAIN, OutboxState.QUEUED):
        return None
    return _after(row, attempt, handover, staff, by=by, at=at)


def _after(row: Message, attempt: Attempt, handover: Handover, staff: Staff, *, by: Actor, at: datetime) -> OutboxState:
    tries = list(row.attempts.filter(started_at__gte=row.created_at).order_by("number")) or [attempt]
    reason = handover.reason.sentence if handover.reason else ""
    trying_for = at - tries[0].started_at
    match after_try(handover.outcome, takes_keys=attempt.takes_keys, tries=len(tries), trying_for=trying_for):
        case Then.WAIT_FOR_RECEIPT:
            return leave(row=row, state=OutboxState.SENT, reason="", by=by, at=at)
        case Then.TRY_AGAIN:
            wait = timedelta(seconds=handover.try_again_after_seconds)
            again_at = try_again_at(at, tries=attempt.number, asked_to_wait=wait)
            Message.objects.filter(pk=row.pk).update(state=OutboxState.QUEUED, state_at=at, not_before=again_at)
            return OutboxState.QUEUED
        case Then.FIND_OUT:
            return leave(row=row, state=OutboxState.UNCERTAIN, reason=reason, by=by, at=at)
        case Then.TELL_ANOTHER_WAY:
            if handover.reason in _DEAD:
                mark_way_dead(row=row, reason=reason, by=by, at=at)
            return fail(row=row, reason=reason or REFUSED, staff=staff, by=by, at=at)


def _kept(said: str, most: int) -> str:
    """Make a gateway's words such that every database can hold them: no NUL, no half characters."""
    return said.encode("utf-8", "replace").decode().replace("\0", "")[:most]


def _to(row: Message, told: Told) -> str:
    """Tell where a message goes now; "" when that way is gone. A letter goes to the adult's number, and on paper to the address."""
    if row.way == Way.LETTER:
        return told.reach.adult.number if told.reach.has_postal_address else ""
    point = told.reach.telephone if row.way == Way.SMS else told.reach.email
    return point.value if point is not None else ""


def _key_of(row: Message) -> str:
    """Make the key a gateway knows the message by: the same in every try, and nobody else's."""
    named = f"{row.municipality.code}/{row.pk}/{row.key}/{row.adult_id}/{row.way}"
    return hashlib.sha256(named.encode()).hexdigest()[:32]
