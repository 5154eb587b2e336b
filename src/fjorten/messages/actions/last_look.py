"""The last look before a message leaves the house: whether it is still right to send it, and to this adult."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.db import transaction

from fjorten.audit.actor import Actor
from fjorten.kernel.times import oslo_date, start_of_day
from fjorten.messages.actions.fates import hand_to_a_person, leave
from fjorten.messages.actions.owed import SILENCES, TOO_LATE
from fjorten.messages.addressees import Manual, Silence
from fjorten.messages.models import Message, OutboxState
from fjorten.messages.obligations import IfTooLate
from fjorten.messages.outbox import is_too_late
from fjorten.messages.tasks import BY_MANUAL, TaskReason
from fjorten.messages.telling import Told, tellings
from fjorten.organisation.responsibility import Staff

# Says why a message is owed no more, "" while it is: the rooms above know, by what the message is about.
StillOwed = Callable[[Message, datetime], str]

WRONG_ADDRESSEE: Final = "skal ikke lenger til denne mottakeren"


@transaction.atomic
def look_again(*, row: Message, still_owed: StillOwed, staff: Staff, by: Actor, at: datetime) -> Told | OutboxState | None:
    """
    Tell who a message taken in hand goes to; or what became of it instead, None when it waits again because the family is left in peace.

    Dead, moved, protected, placed with others, cancelled, held, too late: each may have come true since it was queued.
    """
    if is_too_late(at, row.lapses_at):
        if row.if_too_late == IfTooLate.LAPSES:
            return leave(row=row, state=OutboxState.LAPSED, reason=TOO_LATE, by=by, at=at)
        return hand_to_a_person(row=row, reason=TaskReason.TOO_LATE, staff=staff, by=by, at=at)
    reason = still_owed(row, at)
    if reason:
        return leave(row=row, state=OutboxState.LAPSED, reason=reason, by=by, at=at)
    telling = tellings([row.person_id], on=oslo_date(at))[row.person_id]
    if telling.paused_until is not None:
        Message.objects.filter(pk=row.pk).update(state=OutboxState.QUEUED, not_before=start_of_day(telling.paused_until))
        return None
    if isinstance(telling.answer, Silence):
        return leave(row=row, state=OutboxState.LAPSED, reason=SILENCES[telling.answer], by=by, at=at)
    if isinstance(telling.answer, Manual):
        return hand_to_a_person(row=row, reason=BY_MANUAL[telling.answer], staff=staff, by=by, at=at)
    told = next((one for one in telling.answer if one.reach.adult.pk == row.adult_id), None)
    return told or leave(row=row, state=OutboxState.LAPSED, reason=WRONG_ADDRESSEE, by=by, at=at)
