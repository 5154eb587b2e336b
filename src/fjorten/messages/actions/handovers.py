"""Putting down what a gateway answered when a message was handed over to it, and what follows."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from fjorten.audit.actor import Actor
from fjorten.messages.actions.fates import fail, leave, leave_all, lock_a_handful, lock_child_of, mark_way_dead
from fjorten.messages.channels.interface import Handover, Outcome, Reason
from fjorten.messages.models import Attempt, Message, OutboxState
from fjorten.messages.outbox import Then, after_try, try_again_at
from fjorten.organisation.responsibility import Staff

REFUSED: Final = "avvist"
_DEAD: Final = frozenset({Reason.ADDRESS_INVALID, Reason.ADDRESS_BLOCKED})
_AWAITED: Final = (OutboxState.IN_HAND, OutboxState.UNCERTAIN, OutboxState.QUEUED)


def note_accepted(*, attempt: Attempt, handover: Handover, at: datetime) -> None:
    """Note at once that a gateway took a message: from now on a crash leaves no doubt. `mark_sent` says the rest."""
    _note(attempt, handover, at)


@transaction.atomic
def mark_sent(*, attempts: Collection[int], by: Actor, at: datetime) -> int:
    """
    Let messages whose newest try (by primary key) a gateway has taken stand as sent; tells how many. One that a receipt has spoken of
    already is left as that says. Raises ChildrenAreBusy when others are changing some of several children.
    """
    lock_a_handful(set(Message.objects.filter(attempts__in=attempts).values_list("person_id", flat=True)))
    newer = Attempt.objects.filter(pk__in=attempts, outcome=Outcome.ACCEPTED.value, message__state__in=_AWAITED)
    taken = {one.message_id: one.number for one in newer}
    rows = list(Message.objects.filter(pk__in=taken).with_all_about_it().order_by("pk"))
    overtaken = {one.message_id for one in Attempt.objects.filter(message__in=rows) if one.number > taken[one.message_id]}
    return leave_all(rows=[row for row in rows if row.pk not in overtaken], state=OutboxState.SENT, reason="", by=by, at=at)


@transaction.atomic
def put_down(*, attempt: Attempt, handover: Handover, staff: Staff, by: Actor, at: datetime) -> OutboxState | None:
    """
    Write down what a gateway answered, and let follow what follows; None when the message had been settled in the meantime.

    An answer that comes after the try was taken to be cut off still counts, where it says more than that nobody knows.
    """
    lock_child_of(attempt.message_id)
    answered = _note(attempt, handover, at)
    row = Message.objects.with_all_about_it().get(pk=attempt.message_id)
    was_overtaken = row.attempts.filter(number__gt=attempt.number).exists()
    if not answered or was_overtaken or row.state not in _AWAITED:
        return None
    return _after(row, attempt, handover, staff, by=by, at=at)


def _note(attempt: Attempt, handover: Handover, at: datetime) -> bool:
    unanswered = Q(finished_at__isnull=True) if handover.outcome is Outcome.UNCERTAIN else Q(outcome__in=("", Outcome.UNCERTAIN.value))
    return bool(
        Attempt.objects.filter(unanswered, pk=attempt.pk).update(
            finished_at=at,
            outcome=handover.outcome.value,
            reference=_kept(handover.reference, 120),
            detail=_kept(handover.detail, 300),
            parts=handover.parts,
        )
    )


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
