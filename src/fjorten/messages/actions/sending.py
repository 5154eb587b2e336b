"""
Sending what is due, a handful at a time, and putting down what the gateways answered.

A message is taken in hand and the try written down before a gateway is called, in a transaction of its own; so a crash at any point leaves
either a message that was never handed over, or one of which it is known that it is not known. Whether it is still right to send it is
asked again at that moment, not before: where anything has been written in the municipality since, the handful is given back and looked at
anew.
"""

from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Final, NamedTuple

from fjorten.audit.actor import Actor
from fjorten.audit.trail import has_written_since
from fjorten.messages.actions.handovers import mark_sent, note_accepted, put_down
from fjorten.messages.actions.in_hand import Handful, InHand, begin_handover, give_back, take_in_hand
from fjorten.messages.actions.last_look import StillOwed
from fjorten.messages.carriers import Carriers
from fjorten.messages.channels.interface import Channel, Outcome
from fjorten.messages.models import Message, OutboxState, Way
from fjorten.messages.queries import silence_of
from fjorten.messages.silence import UntilSilent, tries_left
from fjorten.organisation.models import Municipality
from fjorten.organisation.responsibility import Staff
from fjorten.people.troubles import one_childs_own, together_or_each

Clock = Callable[[], datetime]

# How many messages are taken in hand at once, and how long they may stay there before they are given back and looked at anew [default].
HANDFUL: Final = 25
IN_HAND_FOR: Final = timedelta(seconds=5)


def never() -> bool:
    """Tell that nobody asks us to stop."""
    return False


@dataclass(slots=True)
class Worked:
    """What one round did. `counts`: how many messages came to each end. `failed`: child's key and what went wrong; the others are done."""

    counts: Counter[str] = field(default_factory=Counter)
    failed: list[tuple[int, Exception]] = field(default_factory=list)

    def going_on(self, person: int) -> AbstractContextManager[None]:
        """Let what goes wrong with one child's message be that one's: the others are owed theirs."""
        return one_childs_own(person, self.failed)


class Due(NamedTuple):
    """A message that is due, the child it is about (primary keys), and which way it goes."""

    message: int
    person: int
    way: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """
    Who sends, by which gateways (by way), and who says whether it is still right. `clock` is read before and after a gateway is called;
    `is_stopping` says that no further message is to be begun.
    """

    municipality: Municipality
    channels: Mapping[str, UntilSilent]
    still_owed: StillOwed
    staff: Staff
    by: Actor
    clock: Clock
    is_stopping: Callable[[], bool]


def send_due(
    *,
    municipality: Municipality,
    carriers: Carriers,
    still_owed: StillOwed,
    staff: Staff,
    by: Actor,
    at: datetime,
    clock: Clock,
    is_stopping: Callable[[], bool] = never,
) -> Worked:
    """
    Send what is queued and due at `at`, oldest first; tells how many came to stand in which state. `clock` is read before and after a
    gateway is called.

    Two of these at once share the work: whoever takes a message in hand is the only one that sends it. What goes wrong with one message is
    told in the answer, and the others are sent. A gateway that has fallen silent is left alone, and its messages wait (`silence`).
    """
    channels = {way.value: _until_silent(channel, at) for way in Way if (channel := carriers.of(way)) is not None}
    sender = Sender(
        municipality=municipality, channels=channels, still_owed=still_owed, staff=staff, by=by, clock=clock, is_stopping=is_stopping
    )
    due = Message.objects.of(municipality).filter(state=OutboxState.QUEUED, not_before__lte=at, way__in=channels)
    due = due.exclude(way=Way.LETTER, adult__number="")
    left = deque(Due(*row) for row in due.order_by("not_before", "pk").values_list("pk", "person_id", "way"))
    worked = Worked()
    while left and not is_stopping():
        some = _next_few(left, channels, worked)
        for handful in together_or_each(some, partial(_taken, sender=sender), child=lambda one: one.person, failed=worked.failed):
            given_back = send(handful=handful, sender=sender, worked=worked)
            left.extendleft(Due(one.attempt.message_id, one.person, one.way) for one in reversed(given_back))
    return worked


def _until_silent(channel: Channel, at: datetime) -> UntilSilent:
    return UntilSilent(channel, tries=tries_left(silence_of(channel.name, at=at), at=at))


def _next_few(left: deque[Due], channels: Mapping[str, UntilSilent], worked: Worked) -> list[Due]:
    """Take the next messages of those that are left: a handful, but letters one by one, since each takes its time to be laid out."""
    some: list[Due] = []
    while left and len(some) < HANDFUL and (not some or left[0].way != Way.LETTER):
        one = left.popleft()
        if channels[one.way].is_left_alone:
            worked.counts["left_in_the_queue"] += 1
            continue
        some.append(one)
        if one.way == Way.LETTER:
            break
    return some


def _taken(some: Sequence[Due], sender: Sender) -> Handful:
    return take_in_hand(
        municipality=sender.municipality,
        messages=[one.message for one in some],
        channels=sender.channels,
        still_owed=sender.still_owed,
        staff=sender.staff,
        by=sender.by,
        at=sender.clock(),
    )


def send(*, handful: Handful, sender: Sender, worked: Worked) -> tuple[InHand, ...]:
    """
    Hand over the messages of a handful, one after the other and outside any transaction, and put down what the gateways answer; tells which
    were given back, to be looked at anew: because time has passed, or anything has been written in the municipality that may bear on them.

    The first was looked at just now, so each handful gets somewhere.
    """
    worked.counts.update(state.value for state in handful.became.values())
    accepted: list[InHand] = []
    given_back: tuple[InHand, ...] = ()
    for place, one in enumerate(handful.in_hand):
        at = sender.clock()
        is_old = place and (at - handful.taken_at >= IN_HAND_FOR or _may_have_changed(handful, sender))
        if is_old or sender.channels[one.way].is_left_alone or (place and sender.is_stopping()):
            given_back = handful.in_hand[place:]
            _give_back(given_back, sender, worked, at)
            break
        with worked.going_on(one.person):
            if not begin_handover(one=one, at=at):
                continue
            handover = one.channel.hand_over(one.parcel)
            if handover.outcome is Outcome.ACCEPTED:
                note_accepted(attempt=one.attempt, handover=handover, at=sender.clock())
                accepted.append(one)
            else:
                state = put_down(attempt=one.attempt, handover=handover, staff=sender.staff, by=sender.by, at=sender.clock())
                worked.counts.update([] if state is None else [state.value])
    if accepted:
        _put_down_accepted(accepted, sender, worked)
    return given_back


def _may_have_changed(handful: Handful, sender: Sender) -> bool:
    """Tell whether anything but the sending itself has been written since; a message that was withdrawn is no longer in hand."""
    return has_written_since(handful.as_of, municipality=sender.municipality.code, but_for="message.")


def _give_back(some: Sequence[InHand], sender: Sender, worked: Worked, at: datetime) -> None:
    def back(some: Sequence[InHand]) -> int:
        return give_back(attempts=[one.attempt.pk for one in some], by=sender.by, at=at)

    for _ in together_or_each(some, back, child=lambda one: one.person, failed=worked.failed):
        pass


def _put_down_accepted(accepted: Sequence[InHand], sender: Sender, worked: Worked) -> None:
    at = sender.clock()

    def put_down(some: Sequence[InHand]) -> int:
        return mark_sent(attempts=[one.attempt.pk for one in some], by=sender.by, at=at)

    for number in together_or_each(accepted, put_down, child=lambda one: one.person, failed=worked.failed):
        worked.counts[OutboxState.SENT.value] += number
