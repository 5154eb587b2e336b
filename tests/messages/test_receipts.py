"""Receipts, in whatever order and number they come, and what is done when none does."""

from collections.abc import Iterator
from itertools import permutations

import pytest
from django.db import transaction

from fjorten.audit.models import AuditEvent
from fjorten.messages.actions.receipts import ReceiptIs, take_receipt
from fjorten.messages.channels.interface import Delivery, Handover, Reason, Receipt
from fjorten.messages.models import Attempt, Message
from fjorten.organisation.actions import open_municipality
from tests.factories.clinic import CLERK
from tests.factories.family import a_guardian
from tests.messages.conftest import JOB, Desk
from tests.messages.gateway import Gateway

pytestmark = pytest.mark.django_db

DELIVERED, FAILED = Delivery.DELIVERED, Delivery.FAILED
NO_ANSWER = Handover.uncertain(Reason.NO_ANSWER)


def states() -> list[tuple[str, str]]:
    return [(message.way, message.state) for message in Message.objects.order_by("pk")]


def told(desk: Desk, delivery: Delivery, *, reference: str = "1", key: str = "", gateway: str = "prøve") -> ReceiptIs:
    receipt = Receipt(delivery=delivery, reference=reference, key=key)
    return take_receipt(municipality=desk.municipality, gateway=gateway, receipt=receipt, staff=desk.staff, by=JOB, at=desk.at)


@pytest.fixture
def sent(desk: Desk) -> Iterator[Desk]:
    """A desk that has sent one invitation, with reference 1, and has no receipt for it."""
    desk.channel = Gateway()
    desk.time_for(desk.child())
    desk.work()
    yield desk


class TestWhatAReceiptSays:
    @pytest.mark.parametrize("delivery", [Delivery.DELIVERED, Delivery.POSTED])
    def test_delivered_is_told(self, sent: Desk, delivery: Delivery) -> None:
        assert told(sent, delivery) is ReceiptIs.NEWS
        assert states() == [("sms", "delivered")]

    def test_failed_is_told_another_way(self, sent: Desk) -> None:
        assert told(sent, FAILED) is ReceiptIs.NEWS
        assert states() == [("sms", "failed"), ("letter", "queued")]

    @pytest.mark.parametrize("delivery", [Delivery.PENDING, Delivery.UNKNOWN])
    def test_pending_and_unknown_change_nothing(self, sent: Desk, delivery: Delivery) -> None:
        assert told(sent, delivery) is ReceiptIs.KNOWN
        assert states() == [("sms", "sent")]

    @pytest.mark.parametrize(
        "named", [{"reference": "99"}, {"reference": "1", "gateway": "en annen"}, {"reference": "", "key": "x"}], ids=str
    )
    def test_a_receipt_of_nothing_we_sent_changes_nothing_and_says_so(self, sent: Desk, named: dict[str, str]) -> None:
        assert told(sent, FAILED, **named) is ReceiptIs.OF_NOTHING_SENT
        assert states() == [("sms", "sent")]

    def test_two_municipalities_with_gateways_of_one_name_do_not_share_references(self, sent: Desk) -> None:
        other = open_municipality(code="9902", name="Naboen", by=CLERK, at=sent.at)
        receipt = Receipt(delivery=FAILED, reference="1")
        answer = take_receipt(municipality=other, gateway="prøve", receipt=receipt, staff=sent.staff, by=JOB, at=sent.at)
        assert (answer, states()) == (ReceiptIs.OF_NOTHING_SENT, [("sms", "sent")])

    def test_our_own_key_is_believed_where_the_reference_never_reached_us(self, desk: Desk) -> None:
        desk.channel = Gateway([NO_ANSWER])
        desk.time_for(desk.child())
        desk.work()
        assert told(desk, DELIVERED, reference="4711", key=Attempt.objects.get().idempotency_key) is ReceiptIs.NEWS
        assert states() == [("sms", "delivered")]

    def test_our_own_key_is_believed_before_a_reference_used_twice(self, desk: Desk) -> None:
        desk.channel = Gateway([Handover.accepted(reference="1"), Handover.accepted(reference="1")])
        desk.time_for(desk.child(), "2026-03-30 09:00")
        desk.time_for(desk.child(), "2026-03-30 09:30")
        desk.work()
        [first, _] = Attempt.objects.order_by("pk")
        told(desk, DELIVERED, reference="1", key=first.idempotency_key)
        assert states() == [("sms", "delivered"), ("sms", "sent")]


class TestOrder:
    def test_delivered_is_the_last_word_in_whatever_order_it_comes(self, sent: Desk) -> None:
        orders = sorted(set(permutations([DELIVERED, DELIVERED, FAILED, FAILED, Delivery.PENDING])))
        assert len(orders) == 30
        for order in orders:
            with transaction.atomic():
                for delivery in order:
                    told(sent, delivery)
                assert Message.objects.get(way="sms").state == "delivered", order
                assert not Message.objects.filter(way="letter", state="queued").exists(), order
                assert sent.tasks() == [], order
                transaction.set_rollback(True)

    def test_delivered_after_a_failure_withdraws_the_letter_with_its_reason(self, sent: Desk) -> None:
        told(sent, FAILED)
        told(sent, DELIVERED)
        letter = Message.objects.get(way="letter")
        assert (letter.state, letter.state_reason) == ("lapsed", "den første meldingen kom fram likevel")
        assert AuditEvent.objects.filter(action="message.lapsed").count() == 1
        sent.work()
        assert states() == [("sms", "delivered"), ("letter", "lapsed")], "and it is not queued again"

    def test_the_task_of_a_failure_stays_for_a_person_to_close(self, desk: Desk) -> None:
        desk.channel = Gateway()
        desk.time_for(desk.child(a_guardian(has_address=False)))
        desk.work()
        told(desk, FAILED)
        told(desk, DELIVERED)
        assert (states(), desk.tasks()) == ([("sms", "delivered")], ["not_delivered"])

    def test_two_guardians_failing_at_once_make_one_task(self, desk: Desk) -> None:
        desk.channel = Gateway()
        desk.time_for(desk.child(a_guardian(has_address=False), a_guardian(telephone="+4700000002", has_address=False, nth=1)))
        desk.work()
        assert [told(desk, FAILED, reference=reference) for reference in "1221"] == ["news", "news", "known", "known"]
        assert desk.tasks() == ["not_delivered"]

    def test_a_receipt_may_come_before_the_answer(self, desk: Desk) -> None:
        desk.channel = Gateway(meanwhile=lambda parcel: told(desk, DELIVERED, reference="1", key=parcel.key))
        desk.time_for(desk.child())
        desk.work()
        assert states() == [("sms", "delivered")]

    def test_a_receipt_of_a_failure_may_come_before_the_answer(self, desk: Desk) -> None:
        desk.channel = Gateway(meanwhile=lambda parcel: told(desk, FAILED, reference="1", key=parcel.key))
        desk.time_for(desk.child())
        desk.work()
        assert states() == [("sms", "failed"), ("letter", "queued")]

    def test_a_receipt_days_late_still_counts(self, sent: Desk) -> None:
        sent.later(days=9)
        sent.look_after()
        assert told(sent, DELIVERED) is ReceiptIs.NEWS
        assert states() == [("sms", "delivered")]

    def test_a_receipt_for_one_that_waits_to_be_tried_again_stops_it(self, desk: Desk) -> None:
        desk.channel = gateway = Gateway([NO_ANSWER], takes_keys=True)
        desk.time_for(desk.child())
        desk.work()
        told(desk, DELIVERED, reference="", key=gateway.handed[0].key)
        desk.later(minutes=30)
        desk.work()
        assert (len(gateway.handed), states(), desk.tasks()) == (1, [("sms", "delivered")], [])


class TestNoReceipt:
    def test_after_a_day_somebody_calls_once_and_nothing_is_sent_again(self, sent: Desk) -> None:
        sent.later(hours=23, minutes=59)
        sent.work()
        assert sent.tasks() == []
        for _ in range(5):
            sent.later(minutes=1)
            sent.work()
        assert (sent.tasks(), states()) == (["no_receipt"], [("sms", "sent")])

    def test_a_reminder_is_called_about_like_one_that_was_refused_but_not_when_it_is_of_no_use(self, sent: Desk) -> None:
        told(sent, DELIVERED)
        sent.until("2026-03-27T09:00")
        sent.work()
        sent.until("2026-03-28T09:00")
        sent.work()
        assert (sent.sent()[1:], sent.tasks()) == ([("reminder_3_days", "sent")], ["no_receipt"])
        sent.until("2026-03-29T08:00")
        sent.work()
        sent.until("2026-03-30T08:00")  # the reminder of yesterday is a day old: they come, or they do not
        sent.channel.can_be_asked = True
        for _ in range(2):
            sent.work()
        assert (sent.sent()[1:], sent.tasks()) == ([("reminder_3_days", "sent"), ("reminder_1_day", "sent")], ["no_receipt"])

    def test_a_gateway_that_can_be_asked_is_asked_first(self, sent: Desk) -> None:
        gateway = sent.channel
        gateway.can_be_asked, gateway.told_when_asked = True, {gateway.handed[0].key: DELIVERED}
        sent.later(hours=24)
        sent.work()
        assert (sent.tasks(), states()) == ([], [("sms", "delivered")])

    def test_a_gateway_that_says_it_failed_when_asked_is_believed(self, sent: Desk) -> None:
        gateway = sent.channel
        gateway.can_be_asked, gateway.told_when_asked = True, {gateway.handed[0].key: FAILED}
        sent.later(hours=24)
        sent.work()
        assert states() == [("sms", "failed"), ("letter", "queued")]

    @pytest.mark.parametrize("answer", [None, Delivery.PENDING, Delivery.UNKNOWN])
    def test_one_that_does_not_know_leaves_it_to_a_person(self, sent: Desk, answer: Delivery | None) -> None:
        gateway = sent.channel
        gateway.can_be_asked = True
        gateway.told_when_asked = {} if answer is None else {gateway.handed[0].key: answer}
        sent.later(hours=24)
        sent.work()
        assert (sent.tasks(), states()) == (["no_receipt"], [("sms", "sent")])

    def test_a_gateway_nobody_uses_any_more_cannot_be_asked(self, sent: Desk) -> None:
        sent.channel = Gateway(name="en ny", can_be_asked=True, told_when_asked={Attempt.objects.get().idempotency_key: DELIVERED})
        sent.later(hours=24)
        sent.work()
        assert sent.tasks() == ["no_receipt"]

    def test_one_that_cannot_be_looked_after_stops_no_other(self, desk: Desk) -> None:
        desk.channel = Gateway(can_be_asked=True)
        for begins in ("09:00", "09:30", "10:00"):
            desk.time_for(desk.child(), f"2026-03-30 {begins}")
        desk.work()
        desk.later(hours=24)
        second = Attempt.objects.order_by("pk")[1]
        ask = desk.channel.ask
        desk.channel.ask = lambda *, key, reference="": 1 / 0 if key == second.idempotency_key else ask(key=key)
        worked = desk.look_after()
        assert desk.tasks() == ["no_receipt", "no_receipt"]
        assert [(person, type(wrong)) for person, wrong in worked.failed] == [(second.message.person_id, ZeroDivisionError)]
