"""The last look before a message leaves the house: whether it is still right to send it, and to this adult."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from fjorten.audit.actor import Actor
from fjorten.kernel.times import oslo_date, start_of_day
from fjorten.messages.actions.fates import hand_to_a_person, leave
from fjorten.messages.actions.owed import PAUSED_UNTIL_TOO_LATE, SILENCES, TOO_LATE, WRONG_ADDRESSEE
from fjorten.messages.addressees import Manual, Silence
from fjorten.messages.models import Message, OutboxState, Way
from fjorten.messages.obligations import IfTooLate
from fjorten.messages.outbox import in_sending_hours, is_too_late
from fjorten.messages.tasks import BY_MANUAL, TaskReason
from fjorten.messages.telling import Telling, Told, tellings
from fjorten.organisation.responsibility import Staff

# Says, for messages, why each is owed no more, "" while it is (by primary key): the rooms above know, by what a message is about.
StillOwed = Callable[[Sequence[Message], datetime], Mapping[int, str]]


@transaction.atomic
def look_again(
    *, rows: Sequence[Message], still_owed: StillOwed, staff: Staff, by: Actor, at: datetime
) -> Mapping[int, Told | OutboxState | None]:
    """
    Tell who each of some messages taken in hand goes to; or what became of it instead, None when it waits. By primary key.

    Dead, moved, protected, placed with others, cancelled, held, too late: each may have come true since it was queued.
    """
    telling = tellings({row.person_id for row in rows}, on=oslo_date(at))
    reasons = still_owed([row for row in rows if not is_too_late(at, row.lapses_at)], at)
    return {row.pk: _look(row, telling[row.person_id], reasons.get(row.pk, ""), staff, by=by, at=at) for row in rows}


def _look(row: Message, telling: Telling, not_owed: str, staff: Staff, *, by: Actor, at: datetime) -> Told | OutboxState | None:
    if is_too_late(at, row.lapses_at):
        return _came_too_late(row, telling, staff, by=by, at=at)
    if not_owed:
        return leave(row=row, state=OutboxState.LAPSED, reason=not_owed, by=by, at=at)
    waits_until = _waits_until(row, telling, at)
    if waits_until is not None:
        Message.objects.filter(pk=row.pk).update(state=OutboxState.QUEUED, not_before=waits_until)
        return None
    if isinstance(telling.answer, Silence):
        return leave(row=row, state=OutboxState.LAPSED, reason=SILENCES[telling.answer], by=by, at=at)
    if isinstance(telling.answer, Manual):
        return hand_to_a_person(row=row, reason=BY_MANUAL[telling.answer], staff=staff, by=by, at=at)
    told = next((one for one in telling.answer if one.reach.adult.pk == row.adult_id), None)
    return told or leave(row=row, state=OutboxState.LAPSED, reason=WRONG_ADDRESSEE, by=by, at=at)


def _came_too_late(row: Message, telling: Telling, staff: Staff, *, by: Actor, at: datetime) -> OutboxState:
    if telling.paused_until is not None:
        return leave(row=row, state=OutboxState.LAPSED, reason=PAUSED_UNTIL_TOO_LATE, by=by, at=at)
    if isinstance(telling.answer, Silence):
        return leave(row=row, state=OutboxState.LAPSED, reason=SILENCES[telling.answer], by=by, at=at)
    if row.if_too_late == IfTooLate.LAPSES:
        return leave(row=row, state=OutboxState.LAPSED, reason=TOO_LATE, by=by, at=at)
    return hand_to_a_person(row=row, reason=TaskReason.TOO_LATE, staff=staff, by=by, at=at)


def _waits_until(row: Message, telling: Telling, at: datetime) -> datetime | None:
    """
    Tell when a message is looked at again because it may not go now, None when it may: nobody is woken, and who is left in peace is.

    In a pause it is asked every morning, not on the pause's last day: it may be ended before.
    """
    opens_at = in_sending_hours(at)
    if row.way != Way.LETTER and opens_at > at:
        return opens_at
    return in_sending_hours(start_of_day(oslo_date(at) + timedelta(days=1))) if telling.paused_until is not None else None
