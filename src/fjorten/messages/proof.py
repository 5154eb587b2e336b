"""
What can be shown of one message: whether it arrived, which ways are left, and all that happened to it.

Read, never written. Lists of messages are in `listing`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from fjorten.kernel.times import oslo_date
from fjorten.messages.channels.interface import Outcome as TryOutcome
from fjorten.messages.composing import Composed, compose
from fjorten.messages.models import Attempt, ContactTask, IncomingMessage, Message, OutboxState, Way
from fjorten.messages.outbox import is_too_late, letter_is_in_time, needed_on
from fjorten.messages.queries import approved_texts
from fjorten.messages.telling import Told, tellings
from fjorten.messages.texts import NoSuchText, TextCannotBeFilled, messages

Outcome = TryOutcome  # what came of a try is told with the proof of it
_TOLD_OR_BEING_TOLD = (OutboxState.QUEUED, OutboxState.IN_HAND, OutboxState.SENT, OutboxState.UNCERTAIN, OutboxState.DELIVERED)


@dataclass(frozen=True, slots=True)
class Proof:
    """
    All there is about one message, each in order of time: the tries, the tasks it led to, what was answered, and the messages sent in its
    place. `would_say` is what it says if it is sent now; None when it is not waiting, or cannot be written.
    """

    message: Message
    attempts: Sequence[Attempt] = field(repr=False)
    tasks: Sequence[ContactTask] = field(repr=False)
    answers: Sequence[IncomingMessage] = field(repr=False)
    followed_by: Sequence[Message] = field(repr=False)
    ways_left: Sequence[Way] = field(repr=False)
    would_say: Composed | None = field(repr=False)


def proof_of(message: Message, *, at: datetime) -> Proof:
    """This function will gather what can be shown of a message."""
    return Proof(
        message=message,
        attempts=list(message.attempts.order_by("number")),
        tasks=list(message.tasks.select_related("owner", "deputy").order_by("opened_at", "pk")),
        answers=list(message.answers.order_by("received_at", "pk")),
        followed_by=list(message.followed_by.order_by("created_at", "pk")),
        ways_left=ways_left(message, at=at),
        would_say=_would_say(message, at),
    )


def fate_is_unknown(message: Message) -> bool:
    """This function will tell whether nobody knows if a message arrived, so that a person may say. A letter arrives unless returned."""
    return message.state == OutboxState.UNCERTAIN or (message.state == OutboxState.SENT and message.way != Way.LETTER)


def ways_left(message: Message, *, at: datetime) -> tuple[Way, ...]:
    """
    This function will tell by which other ways a message that did not arrive may be sent to the same adult now, none when it may not.

    Only one that is known to have failed; never one nobody knows the fate of, nor while the adult is being told of the same thing already.
    Source: messages.md, "no blind retry" [default].
    """
    if message.state != OutboxState.FAILED or message.adult_id is None or is_too_late(at, message.lapses_at):
        return ()
    others = Message.objects.of(message.municipality).filter(key=message.key, adult=message.adult_id).exclude(pk=message.pk)
    stand = list(others.values_list("way", "state"))
    if any(state in _TOLD_OR_BEING_TOLD for _, state in stand):
        return ()
    told = _told(message, at)
    if told is None:
        return ()
    tried = {message.way, *(way for way, state in stand if state != OutboxState.LAPSED)}
    return tuple(way for way in Way if way not in tried and _reaches(way, told, message, at))


def _told(message: Message, at: datetime) -> Told | None:
    answer = tellings({message.person_id}, on=oslo_date(at))[message.person_id].answer
    return next((one for one in answer if one.reach.adult.pk == message.adult_id), None) if isinstance(answer, tuple) else None


def _reaches(way: Way, told: Told, message: Message, at: datetime) -> bool:
    match way:
        case Way.SMS:
            return told.reach.telephone is not None
        case Way.EMAIL:
            return told.reach.email is not None
        case Way.LETTER:
            in_time = letter_is_in_time(today=oslo_date(at), needed_on=needed_on(message.lapses_at))
            return told.reach.has_postal_address and messages()[message.kind].can_be_a_letter and in_time


def _would_say(message: Message, at: datetime) -> Composed | None:
    if message.state != OutboxState.QUEUED or message.sent_text:
        return None
    told = _told(message, at)
    if told is None:
        return None
    try:
        return compose(message, told, approved=approved_texts(municipality=message.municipality))
    except (NoSuchText, TextCannotBeFilled):
        return None
