"""A gateway that says nothing anybody can use is left alone, so that its silence does not become everybody's task."""

import pytest

from fjorten.messages.channels.interface import Handover, Parcel, Reason
from fjorten.messages.models import Message
from fjorten.messages.queries import silence_of
from fjorten.nightly.queries import status_of
from fjorten.nightly.standing import Kind
from tests.factories.family import a_guardian
from tests.messages.conftest import Desk
from tests.messages.gateway import Gateway

pytestmark = pytest.mark.django_db

BAD_GATEWAY = Handover.uncertain(Reason.ANSWER_GARBLED, "502")
ACCEPTED = Handover.accepted(reference="1")


@pytest.fixture
def queued(desk: Desk) -> Desk:
    """A desk with twelve families to write to."""
    for place in range(12):
        guardian = a_guardian(telephone=f"+470000001{place:01d}" if place < 10 else f"+47000002{place}", nth=place)
        desk.time_for(desk.child(guardian), f"2026-03-{26 + place // 6 * 4} {9 + place % 6 // 2:02d}:{place % 2 * 30:02d}")
    desk.settle()
    return desk


def queue() -> int:
    return Message.objects.filter(state="queued").count()


def test_after_five_in_a_row_the_rest_waits_and_is_sent_when_it_answers_again(queued: Desk) -> None:
    queued.channel = gateway = Gateway([BAD_GATEWAY] * 6)
    worked = queued.send()
    assert (len(gateway.handed), queue(), worked.counts["left_in_the_queue"]) == (5, 7, 7)
    [told] = [alarm.sentence for alarm in status_of(municipality=queued.municipality, at=queued.at) if alarm.kind is Kind.GATEWAY_DOWN]
    assert "prøve" in told
    queued.later(minutes=1)
    queued.send()
    assert len(gateway.handed) == 5, "not yet"
    queued.later(minutes=1)
    queued.send()
    assert (len(gateway.handed), queue()) == (6, 6), "one shows whether it answers again, and it does not"
    queued.later(minutes=5)
    queued.send()
    assert (len(gateway.handed), queue()) == (12, 0)
    queued.later(minutes=20)
    queued.look_after()
    assert queued.tasks() == ["uncertain"] * 6


def test_a_day_of_silence_is_a_few_tasks_and_not_all_families(queued: Desk) -> None:
    queued.channel = gateway = Gateway([BAD_GATEWAY] * 100)
    for _ in range(60):
        queued.send()
        queued.later(minutes=1)
    assert (len(gateway.handed), queue()) == (8, 4), "after 5, and then after 2, 5 and 15 minutes"
    assert silence_of("prøve", at=queued.at).in_a_row == 8


def test_four_and_then_an_answer_is_no_silence(queued: Desk) -> None:
    queued.channel = gateway = Gateway(([BAD_GATEWAY] * 4 + [ACCEPTED]) * 2)
    queued.send()
    assert (len(gateway.handed), queue()) == (12, 0)


def test_silence_is_the_gateways_whoever_waits_for_it(queued: Desk) -> None:
    queued.channel = Gateway([BAD_GATEWAY] * 5)
    queued.send()
    queued.channel = gateway = Gateway(name="en annen")
    queued.later(minutes=1)
    queued.send()
    assert (len(gateway.handed), queue()) == (7, 0)


def test_one_that_fails_in_a_way_nobody_foresaw_is_left_alone_too(queued: Desk) -> None:
    def breaks(_: Parcel) -> None:
        raise ZeroDivisionError

    queued.channel = gateway = Gateway(meanwhile=breaks)
    assert len(queued.send().failed) == 5
    assert (len(gateway.handed), queue()) == (5, 7)
