"""Finding out what became of what was sent: receipts, asking, and in the end a person."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from fjorten.audit.actor import Actor
from fjorten.kernel.times import oslo_date
from fjorten.kernel.working_days import add_working_days
from fjorten.messages.actions.fates import fail, leave_all, lock_children_of
from fjorten.messages.actions.handovers import mark_sent, put_down
from fjorten.messages.actions.in_hand import give_back
from fjorten.messages.actions.sending import Worked
from fjorten.messages.actions.tasks import open_task
from fjorten.messages.carriers import Carriers
from fjorten.messages.channels.interface import Delivery, Handover, Outcome, Reason, Receipt
from fjorten.messages.models import Attempt, ContactTask, Message, OutboxState, Way
from fjorten.messages.outbox import LETTER_WORKING_DAYS, RECEIPT_WITHIN, UNFINISHED_FOR
from fjorten.messages.queries import left_at_that
from fjorten.messages.tasks import TaskReason
from fjorten.organisation.models import Municipality
from fjorten.organisation.responsibility import Staff

CAME_THROUGH: Final = "den første meldingen kom fram likevel"
NOT_DELIVERED: Final = "ikke levert"
# A gateway is asked about a message a person has been given for this long [default].
ASKED_FOR: Final = timedelta(days=30)
_CAN_STILL_FAIL: Final = (OutboxState.SENT, OutboxState.UNCERTAIN, OutboxState.IN_HAND)


class ReceiptIs(StrEnum):
    """What a receipt was to us."""

    NEWS = "news"
    KNOWN = "known"  # said before, or overtaken by what was said before
    OF_NOTHING_SENT = "of_nothing_sent"  # a gateway that is told so comes again: the answer to our own call may not be written down yet


@transaction.atomic
def take_receipt(*, municipality: Municipality, gateway: str, receipt: Receipt, staff: Staff, by: Actor, at: datetime) -> ReceiptIs:
    """
    Write down what a gateway says became of a message of a municipality; tells whether it was news.

    Receipts come doubled and in any order: delivered is final, also after a failure, and what does not match any message changes nothing.
    """
    [told] = take_receipts(municipality=municipality, gateway=gateway, receipts=[receipt], staff=staff, by=by, at=at)
    return told


@transaction.atomic
def take_receipts(
    *, municipality: Municipality, gateway: str, receipts: Sequence[Receipt], staff: Staff, by: Actor, at: datetime
) -> list[ReceiptIs]:
    """Write down several receipts at once, as if they had come one after the other; see `take_receipt`. All of them, or none."""
    attempts = _named(Attempt.objects.filter(message__municipality=municipality, gateway=gateway), receipts)
    keys = {attempt.message_id for attempt in attempts if attempt is not None}
    lock_children_of(Message.objects.filter(pk__in=keys))
    rows = Message.objects.with_all_about_it().in_bulk(keys)
    told = []
    delivered: list[Message] = []
    for receipt, attempt in zip(receipts, attempts, strict=True):
        if attempt is None:
            told.append(ReceiptIs.OF_NOTHING_SENT)
            continue
        row = rows[attempt.message_id]
        if receipt.delivery in (Delivery.DELIVERED, Delivery.POSTED) and row.state != OutboxState.DELIVERED:
            row.state = OutboxState.DELIVERED
            delivered.append(row)
            told.append(ReceiptIs.NEWS)
        elif receipt.delivery is Delivery.FAILED and row.state in _CAN_STILL_FAIL:
            fail(row=row, reason=NOT_DELIVERED, staff=staff, by=by, at=at)
            told.append(ReceiptIs.NEWS)
        else:
            told.append(ReceiptIs.KNOWN)
    _deliver(delivered, by=by, at=at)
    return told


def _deliver(rows: Sequence[Message], *, by: Actor, at: datetime) -> None:
    leave_all(rows=rows, state=OutboxState.DELIVERED, reason="", by=by, at=at)
    needless = Message.objects.with_all_about_it().filter(after__in=rows, state=OutboxState.QUEUED)
    leave_all(rows=list(needless), state=OutboxState.LAPSED, reason=CAME_THROUGH, by=by, at=at)


def _named(tries: QuerySet[Attempt], receipts: Sequence[Receipt]) -> list[Attempt | None]:
    """Find the try each receipt is about: by our own key, which nobody else has; else by the gateway's reference."""
    by_key = _newest(tries.filter(idempotency_key__in={receipt.key for receipt in receipts if receipt.key}), "idempotency_key")
    unknown = {receipt.reference for receipt in receipts if receipt.key not in by_key and receipt.reference}
    by_reference = _newest(tries.filter(reference__in=unknown), "reference") if unknown else {}
    return [by_key.get(receipt.key) or by_reference.get(receipt.reference) for receipt in receipts]


def _newest(tries: QuerySet[Attempt], name: str) -> dict[str, Attempt]:
    return {getattr(attempt, name): attempt for attempt in tries.order_by("number", "pk")}


def take_up_cut_off(*, municipality: Municipality, staff: Staff, by: Actor, at: datetime) -> Worked:
    """
    Go on with the tries a crash cut off, before anything is sent: what was never handed over is queued again, and may go in the same round.

    What goes wrong with one message is told in the answer.
    """
    worked = Worked()
    for attempt in _cut_off(municipality, at):
        with worked.going_on(attempt.message.person_id):
            worked.counts[_take_up(attempt, staff, by=by, at=at)] += 1
    return worked


def look_after_sent(*, municipality: Municipality, carriers: Carriers, staff: Staff, by: Actor, at: datetime) -> Worked:
    """
    See to the messages nobody knows the fate of, and those without a receipt after a day: after sending, for what may be tried again under
    its key is settled by that, and nobody need be asked to find out.

    What a gateway can be asked about is asked; the rest becomes a task, once. What goes wrong with one message is told in the answer.
    """
    worked = Worked()
    for row, reason in _unsettled(municipality, carriers, at):
        with worked.going_on(row.person_id):
            if _ask(row, carriers, staff=staff, by=by, at=at):
                worked.counts["answered"] += 1
            elif reason is not None and not row.tasks.filter(reason=reason.value).exists():
                open_task(message=row, reason=reason, staff=staff, by=by, at=at)
                worked.counts["tasks"] += 1
    return worked


def ask_about_letters(*, municipality: Municipality, carriers: Carriers, staff: Staff, by: Actor, at: datetime) -> Worked:
    """
    Ask what became of the letters that were sent digitally within a month and are not delivered yet: one that was rejected has told nobody.

    One of which nothing is known after the days a letter takes is a task, once. Once a night is enough: a letter takes days. What goes
    wrong with one is told in the answer.
    """
    worked = Worked()
    askable = Attempt.objects.filter(message=OuterRef("pk"), gateway__in=_askable(carriers))
    sent = Message.objects.of(municipality).filter(Exists(askable), state=OutboxState.SENT, way=Way.LETTER, state_at__gte=at - ASKED_FOR)
    for row in sent.with_all_about_it().order_by("pk"):
        with worked.going_on(row.person_id):
            is_late = add_working_days(oslo_date(row.state_at), LETTER_WORKING_DAYS) < oslo_date(at)
            if _ask(row, carriers, staff=staff, by=by, at=at):
                worked.counts["answered"] += 1
            elif is_late and not row.tasks.filter(reason=TaskReason.NO_RECEIPT.value).exists():
                open_task(message=row, reason=TaskReason.NO_RECEIPT, staff=staff, by=by, at=at)
                worked.counts["tasks"] += 1
    return worked


def _askable(carriers: Carriers) -> list[str]:
    return [channel.name for channel in carriers.all if channel.can_be_asked]


def _cut_off(municipality: Municipality, at: datetime) -> QuerySet[Attempt]:
    """Find the tries of messages that have been in hand for so long that nobody will go on with them."""
    in_hand = Attempt.objects.filter(message__municipality=municipality, message__state=OutboxState.IN_HAND)
    is_newest = ~Exists(Attempt.objects.filter(message=OuterRef("message"), number__gt=OuterRef("number")))
    return in_hand.filter(is_newest, started_at__lte=at - UNFINISHED_FOR).select_related("message").order_by("pk")


def _take_up(attempt: Attempt, staff: Staff, *, by: Actor, at: datetime) -> str:
    """Go on where a crash cut off: before the gateway was called, while it was, or when it had answered."""
    if attempt.outcome == Outcome.ACCEPTED.value:
        mark_sent(attempts=[attempt.pk], by=by, at=at)
        return "taken_up"
    if attempt.handed_over_at is None:
        give_back(attempts=[attempt.pk], by=by, at=at)
        return "given_back"
    put_down(attempt=attempt, handover=Handover.uncertain(Reason.NO_ANSWER), staff=staff, by=by, at=at)
    return "cut_off"


def _unsettled(municipality: Municipality, carriers: Carriers, at: datetime) -> Iterator[tuple[Message, TaskReason | None]]:
    """
    Find the messages somebody must find out about: those that may have been sent, also while they are being tried again under their key,
    and those without a receipt. Where it is left at that, only the gateway is asked.
    """
    rows = Message.objects.of(municipality).with_all_about_it().order_by("pk")
    uncertain = Attempt.objects.filter(message=OuterRef("pk"), outcome=Outcome.UNCERTAIN.value)
    given_up = Q(state=OutboxState.UNCERTAIN) & Exists(uncertain.filter(started_at__lte=at - UNFINISHED_FOR))
    trying = Q(state=OutboxState.QUEUED) & Exists(uncertain.filter(finished_at__lte=at - UNFINISHED_FOR))
    silent, is_left = Q(state=OutboxState.SENT, way=Way.SMS, state_at__lte=at - RECEIPT_WITHIN), left_at_that(at=at)
    for found, reason in ((given_up | trying, TaskReason.UNCERTAIN), (silent & ~is_left, TaskReason.NO_RECEIPT)):
        asked = ContactTask.objects.filter(message=OuterRef("pk"), reason=reason.value)
        for row in rows.filter(found).exclude(Exists(asked), state_at__lt=at - ASKED_FOR):
            yield row, reason
    handed = Attempt.objects.filter(message=OuterRef("pk"), gateway__in=_askable(carriers))
    for row in rows.filter(silent & is_left, Exists(handed), state_at__gte=at - ASKED_FOR):
        yield row, None


def _ask(row: Message, carriers: Carriers, *, staff: Staff, by: Actor, at: datetime) -> bool:
    attempt = row.attempts.order_by("-number").first()
    channel = carriers.named(attempt.gateway) if attempt is not None else None
    if attempt is None or channel is None or not channel.can_be_asked:
        return False
    receipt = channel.ask(key=attempt.idempotency_key, reference=attempt.reference)
    if receipt is None:
        return False
    named = Receipt(delivery=receipt.delivery, key=attempt.idempotency_key, at=receipt.at)
    told = take_receipt(municipality=row.municipality, gateway=attempt.gateway, receipt=named, staff=staff, by=by, at=at)
    return told is ReceiptIs.NEWS
