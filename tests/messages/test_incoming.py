"""What families write is kept once, beside the message it answers, and read by somebody."""

import pytest

from fjorten.audit.models import AuditEvent
from fjorten.messages.actions.incoming import mark_handled, take_incoming
from fjorten.messages.channels.interface import Handover, Incoming
from fjorten.messages.models import IncomingMessage, Message
from fjorten.messages.queries import unread_incoming
from tests.factories.family import a_guardian
from tests.messages.conftest import JOB, Desk
from tests.messages.gateway import Gateway

pytestmark = pytest.mark.django_db


def heard(
    desk: Desk, text: str, *, number: str = "+4700000001", reference: str = "a", gateway: str = "prøve", answers: str = ""
) -> IncomingMessage | None:
    incoming = Incoming(reference=reference, from_number=number, text=text, answers=answers)
    return take_incoming(municipality=desk.municipality, gateway=gateway, heard=incoming, by=JOB, at=desk.at)


def test_it_answers_the_newest_message_sent_to_the_number(desk: Desk) -> None:
    desk.time_for(desk.child(), "2026-03-30 09:00")
    desk.work()
    desk.later(days=1)
    desk.time_for(desk.child(), "2026-03-30 09:30")
    desk.work()
    incoming = heard(desk, "1")
    assert incoming.answers == Message.objects.latest("pk")
    assert incoming.person == incoming.answers.person


def test_it_answers_the_one_the_gateway_names_at_that_gateway(desk: Desk) -> None:
    desk.channel = Gateway([Handover.accepted(reference="5")], name="den ene")
    desk.time_for(desk.child(), "2026-03-30 09:00")
    desk.work()
    desk.later(days=1)
    desk.channel = Gateway([Handover.accepted(reference="5")], name="den andre")
    desk.time_for(desk.child(), "2026-03-30 09:30")
    desk.work()
    first, second = Message.objects.order_by("pk")
    assert heard(desk, "1", gateway="den ene", answers="5").answers == first
    assert heard(desk, "1", gateway="den andre", answers="5").answers == second


def test_a_reference_nobody_knows_leaves_the_number(desk: Desk) -> None:
    desk.time_for(desk.child())
    desk.work()
    assert heard(desk, "1", answers="finnes ikke").answers == Message.objects.get()


def test_after_a_month_nobody_remembers_what_was_asked_but_the_family_is_known(desk: Desk) -> None:
    child = desk.child()
    desk.time_for(child)
    desk.work()
    desk.look_after()
    desk.later(days=31)
    incoming = heard(desk, "Hei, når er timen?")
    assert (incoming.answers, incoming.person) == (None, child)


def test_a_number_nobody_here_uses_belongs_to_nobody(desk: Desk) -> None:
    desk.child()
    incoming = heard(desk, "Hei", number="+4700000099")
    assert (incoming.person, incoming.answers) == (None, None)
    assert list(unread_incoming(municipality=desk.municipality)) == [incoming]


@pytest.mark.parametrize("number", ["00000001", "004700000001", "+47 00 00 00 01"])
def test_a_number_is_known_however_it_is_written(desk: Desk, number: str) -> None:
    child = desk.child()
    assert heard(desk, "Hei", number=number).person == child


@pytest.mark.parametrize("number", ["Posten", "", "1" * 60])
def test_a_sender_that_is_no_number_is_kept_all_the_same(desk: Desk, number: str) -> None:
    incoming = heard(desk, "Tilbud!", number=number)
    assert (incoming.person, incoming.from_number) == (None, number[:20])


def test_it_may_answer_the_younger_of_two_where_nothing_was_sent(desk: Desk) -> None:
    from datetime import date

    older = desk.child(a_guardian(), born_on=date(2024, 1, 5))
    younger = desk.child(a_guardian(), born_on=date(2026, 1, 5))
    assert heard(desk, "Hei").person == younger != older


def test_the_same_reference_is_the_same_message_at_one_gateway_only(desk: Desk) -> None:
    assert heard(desk, "Hei") is not None
    assert heard(desk, "noe annet") is None
    assert heard(desk, "Hei", gateway="en annen") is not None
    assert AuditEvent.objects.filter(action="message.received").count() == 2


@pytest.mark.parametrize(("text", "kept"), [("a\0b", "ab"), ("hei \ud83d", "hei ?"), ("", ""), ("å" * 5000, "å" * 5000)])
def test_whatever_comes_is_kept_on_both_databases(desk: Desk, text: str, kept: str) -> None:
    assert IncomingMessage.objects.get(pk=heard(desk, text).pk).text == kept


def test_it_is_handled_once(desk: Desk) -> None:
    incoming = heard(desk, "Hei")
    assert mark_handled(incoming=incoming, effect="given_to_a_person", by=JOB, at=desk.at)
    assert not mark_handled(incoming=incoming, effect="confirmed", by=JOB, at=desk.at)
    assert IncomingMessage.objects.get().effect == "given_to_a_person"
    assert not unread_incoming(municipality=desk.municipality).exists()


def test_neither_number_nor_text_is_in_the_trail(desk: Desk) -> None:
    desk.child()
    heard(desk, "Vi bor i Oppdiktede vei 1")
    written = "\n".join(f"{event.action} {event.about} {event.detail}" for event in AuditEvent.objects.all())
    assert "Oppdiktede" not in written and "00000001" not in written
