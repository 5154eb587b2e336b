"""Finding out what became of what was sent: receipts, asking, and in the end a person."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from fjorten.audit.actor import Actor
from fjorten.messages.actions.fates import fail, leave
from fjorten.messages.actions.sending import Carriers, put_down
from fjorten.messages.actions.tasks import open_task
from fjorten.messages.channels.interface import Delivery, Handover, Reason, Receipt
from fjorten.messages.models import Attempt, Message, OutboxState, Way
from fjorten.messages.outbox import RECEIPT_WITHIN, UNFINISHED_FOR
from fjorten.messages.tasks import TaskReason
from fjorten.organisation.models import Municipality
from fjorten.organisation.responsibility import Staff


@transaction.atomic
def take_receipt(*, gateway: str, receipt: Receipt, staff: Staff, by: Actor, at: datetime) -> bool:
    """
    Write down what a gateway says became of a message; tells whether it was news.

    Receipts come doubled and in any order: delivered is final, also after a failure, and what does not match any message changes nothing.
    """
    tries = Attempt.objects.filter(gateway=gateway)
    named = tries.filter(reference=receipt.reference) if receipt.reference else tries.filter(idempotency_key=receipt.key)
    attempt = named.order_by("-number").first()
    if attempt is None:
        return False
    rows = Message.objects.select_related("person__municipality", "clinic__municipality", "municipality", "adult").select_for_update(
        of=("self",)
    )
    row = rows.get(pk=attempt.message_id)
    if receipt.delivery in (Delivery.DELIVERED, Delivery.POSTED) and row.state != OutboxState.DELIVERED:
        leave(row=row, state=OutboxState.DELIVERED, reason="", by=by, at=at)
        waiting = Message.objects.filter(after=row, state=OutboxState.QUEUED)
        waiting.update(state=OutboxState.LAPSED, state_at=at, state_reason="den første meldingen kom fram likevel")
        return True
    if receipt.delivery is Delivery.FAILED and row.state in (OutboxState.SENT, OutboxState.UNCERTAIN, OutboxState.IN_HAND):
        fail(row=row, reason="ikke levert", staff=staff, by=by, at=at)
        return True
    return False


def look_after_sent(*, municipality: Municipality, carriers: Carriers, staff: Staff, by: Actor, at: datetime) -> Counter[str]:
    """
    See to what was left in the air: tries a crash cut off, messages nobody knows the fate of, and those without a receipt after a day.

    What a gateway can be asked about is asked; the rest becomes a task, once.
    """
    counts: Counter[str] = Counter()
    for attempt in Attempt.objects.filter(
        message__municipality=municipality,
        message__state=OutboxState.IN_HAND,
        finished_at__isnull=True,
        started_at__lte=at - UNFINISHED_FOR,
    ):
        put_down(attempt=attempt, handover=Handover.uncertain(Reason.NO_ANSWER), staff=staff, by=by, at=at)
        counts["cut_off"] += 1
    for row, reason in _unsettled(municipality, at):
        if _ask(row, carriers, staff=staff, by=by, at=at):
            counts["answered"] += 1
        elif not row.tasks.filter(reason=reason.value).exists():
            open_task(message=row, reason=reason, staff=staff, by=by, at=at)
            counts["tasks"] += 1
    return counts


def _unsettled(municipality: Municipality, at: datetime) -> Iterator[tuple[Message, TaskReason]]:
    rows = Message.objects.of(municipality).with_all_about_it()
    for row in rows.filter(state=OutboxState.UNCERTAIN, state_at__lte=at - UNFINISHED_FOR):
        yield row, TaskReason.UNCERTAIN
    for row in rows.filter(state=OutboxState.SENT, way=Way.SMS, state_at__lte=at - RECEIPT_WITHIN):
        yield row, TaskReason.NO_RECEIPT


def _ask(row: Message, carriers: Carriers, *, staff: Staff, by: Actor, at: datetime) -> bool:
    attempt = row.attempts.order_by("-number").first()
    channel = carriers.named(attempt.gateway) if attempt is not None else None
    if attempt is None or channel is None or not channel.can_be_asked:
        return False
    receipt = channel.ask(key=attempt.idempotency_key, reference=attempt.reference)
    if receipt is None:
        return False
    named = Receipt(delivery=receipt.delivery, key=attempt.idempotency_key, at=receipt.at)
    return take_receipt(gateway=attempt.gateway, receipt=named, staff=staff, by=by, at=at)
