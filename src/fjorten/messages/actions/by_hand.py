"""What a person does about one message: says what became of it, or sends it another way."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from fjorten.audit.actor import Actor
from fjorten.audit.trail import Entry, record_all
from fjorten.kernel.refusals import Refused
from fjorten.messages.actions.fates import detail_of, fail, leave, lock_child_of
from fjorten.messages.actions.tasks import finish_task
from fjorten.messages.models import ContactTask, Message, OutboxState, Way
from fjorten.messages.outbox import in_sending_hours
from fjorten.messages.proof import fate_is_unknown, ways_left
from fjorten.messages.tasks import TaskOutcome, TaskReason
from fjorten.organisation.responsibility import Staff

SAID_TO_HAVE_ARRIVED: Final = "bekreftet av en ansatt"
SAID_NOT_TO_HAVE_ARRIVED: Final = "kom ikke fram, ifølge en ansatt"
_ABOUT_ITS_FATE: Final = (TaskReason.UNCERTAIN, TaskReason.NO_RECEIPT)


class FateIsKnown(Refused):
    """It has been settled: by a receipt, the gateway's answer, or a colleague."""

    sentence = "Det er alt kjent hvordan det gikk med meldingen."


class CannotGoThatWay(Refused):
    """
    The message did not fail, is of no use any more, or the adult is not told, not reached that way, or is being told already.
    """

    sentence = "Meldingen kan ikke sendes denne veien nå. Ring familien, eller se hva som er endret."


@transaction.atomic
def settle_fate(*, message: Message, has_arrived: bool, staff: Staff, by: Actor, at: datetime) -> OutboxState:
    """
    Say what became of a message nobody knew the fate of: it arrived, or it did not, and the family is told another way or by a person.

    What a person was asked to find out is done by it. Raises FateIsKnown. Never sends the same message again.
    """
    lock_child_of(message.pk)
    row = Message.objects.with_all_about_it().get(pk=message.pk)
    if not fate_is_unknown(row):
        raise FateIsKnown(row.pk)
    if has_arrived:
        state = leave(row=row, state=OutboxState.DELIVERED, reason=SAID_TO_HAVE_ARRIVED, by=by, at=at)
    else:
        state = fail(row=row, reason=SAID_NOT_TO_HAVE_ARRIVED, staff=staff, by=by, at=at)
    note = row.state_reason
    _finish(row, _ABOUT_ITS_FATE, TaskOutcome.WAS_TOLD if has_arrived else TaskOutcome.NO_LONGER_NEEDED, note, by=by, at=at)
    return state


@transaction.atomic
def send_another_way(*, message: Message, way: Way, by: Actor, at: datetime) -> Message:
    """
    Queue a message that did not arrive by another way, to the same adult; it is looked at once more before it goes, as every message is.

    The task to call the family is done by it: fails this one too, another is opened. Raises CannotGoThatWay.
    """
    lock_child_of(message.pk)
    row = Message.objects.with_all_about_it().get(pk=message.pk)
    if way not in ways_left(row, at=at):
        raise CannotGoThatWay(row.pk)
    queued, _ = Message.objects.update_or_create(
        municipality=row.municipality,
        key=row.key,
        adult=row.adult,
        way=way,
        defaults={
            "kind": row.kind,
            "about": row.about,
            "person": row.person,
            "clinic": row.clinic,
            "values": row.values,
            "not_before": at if way == Way.LETTER else in_sending_hours(at),
            "lapses_at": row.lapses_at,
            "if_too_late": row.if_too_late,
            "created_at": at,
            "state": OutboxState.QUEUED,
            "state_at": at,
            "state_reason": "",
            "after": row,
        },
    )
    note = f"sendt på nytt som {way.label}"
    _finish(row, (TaskReason.NOT_DELIVERED,), TaskOutcome.NO_LONGER_NEEDED, note, by=by, at=at)
    entry = Entry("message.sent_another_way", about=str(row.person.public_id), detail=detail_of(queued))
    record_all([entry], municipality=row.municipality.code, by=by, at=at)
    return queued


def _finish(row: Message, reasons: Sequence[TaskReason], outcome: TaskOutcome, note: str, *, by: Actor, at: datetime) -> None:
    open_ones = ContactTask.objects.filter(message=row, reason__in=[reason.value for reason in reasons], done_at__isnull=True)
    for task in open_ones.select_related("municipality", "person"):
        finish_task(task=task, outcome=outcome, note=note, by=by, at=at)
