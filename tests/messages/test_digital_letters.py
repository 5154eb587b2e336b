"""Letters handed to SvarUt: the same accessible PDF as on paper, to the number it is found by and the address it may be printed to."""

from collections.abc import Iterator

import pytest

from fjorten.kernel.times import oslo_date
from fjorten.messages.actions.receipts import ask_about_letters
from fjorten.messages.composing import compose_letter
from fjorten.messages.letters.printing import letter_as_pdf
from fjorten.messages.models import Attempt, Message
from fjorten.messages.queries import letters_to_print
from fjorten.messages.telling import tellings
from fjorten.people.models import Adult, PostalAddress
from tests.counterparties.misbehaviour import Misbehaviour, always
from tests.counterparties.rigs import Rig, svarut_rig
from tests.factories.family import a_guardian
from tests.letters import needs_letters
from tests.messages.conftest import JOB, Desk

pytestmark = [pytest.mark.django_db, needs_letters]
ON_PAPER = a_guardian(telephone="", language="en")


@pytest.fixture
def rig() -> Iterator[Rig]:
    with svarut_rig() as opened:
        yield opened


@pytest.fixture
def svarut(desk: Desk, rig: Rig) -> Desk:
    """The desk, whose letters go by SvarUt."""
    desk.letters = rig.channel
    return desk


def ends() -> list[tuple[str, str]]:
    return [(message.way, message.state) for message in Message.objects.order_by("pk")]


def test_the_letter_arrives_as_it_would_on_paper(svarut: Desk, rig: Rig) -> None:
    svarut.time_for(svarut.child(ON_PAPER))
    svarut.work()
    svarut.work()
    [shipment] = rig.stand_in.shipments.values()
    adult, message = Adult.objects.get(), Message.objects.get()
    assert shipment["tittel"] == "Time til Ida"
    assert shipment["mottaker"] == {
        "navn": "Vakker Blåbærøy",
        "digitalId": adult.number,
        "adresselinje1": "Oppdiktede vei 1",
        "postnummer": "0000",
        "poststed": "FJORDVIK",
        "land": "Norge",
    }
    [[document]] = rig.stand_in.documents.values()
    [told] = tellings([message.person_id], on=oslo_date(svarut.at))[message.person_id].answer
    on_paper = letter_as_pdf(compose_letter(message, told, written_on=oslo_date(svarut.at)))
    assert document == on_paper, "the accessible one that would have been printed"
    assert (ends(), message.sent_title, message.sent_language, message.sent_to) == ([("letter", "sent")], "Time til Ida", "en", "letter")
    assert "Ida har time mandag 30. mars" in message.sent_text and "Ida has an appointment on Monday" in message.sent_text
    assert list(letters_to_print(municipality=svarut.municipality, at=svarut.at)) == [], "and nobody prints it as well"


def test_one_to_somebody_whose_number_is_not_known_is_printed(svarut: Desk, rig: Rig) -> None:
    child = svarut.child(ON_PAPER)
    svarut.time_for(child)
    svarut.settle()
    Adult.objects.update(number="")
    svarut.send()
    assert (ends(), rig.stand_in.shipments) == ([("letter", "queued")], {})
    assert letters_to_print(municipality=svarut.municipality, at=svarut.at).count() == 1


def test_one_whose_address_is_gone_meanwhile_is_somebodys_to_call_about(svarut: Desk, rig: Rig) -> None:
    svarut.time_for(svarut.child(ON_PAPER))
    svarut.settle()
    PostalAddress.objects.update(returned_on=svarut.at.date())
    svarut.send()
    assert (rig.stand_in.shipments, ends(), svarut.tasks()) == ({}, [("letter", "replaced_by_task")], ["nobody_can_be_reached"])


def test_one_that_cannot_be_written_becomes_a_persons_work_and_no_other_is_stopped(svarut: Desk, rig: Rig) -> None:
    svarut.time_for(svarut.child(ON_PAPER, given_name="\U000f0000"))
    svarut.time_for(svarut.child(a_guardian(telephone="", nth=1)), "2026-03-30 09:30")
    svarut.work()
    assert (ends(), svarut.tasks()) == ([("letter", "replaced_by_task"), ("letter", "sent")], ["no_text"])
    assert len(rig.stand_in.shipments) == 1


def test_an_uncertain_letter_is_asked_about_and_never_sent_again(desk: Desk) -> None:
    with svarut_rig(always(Misbehaviour.TAKEN_CUT)) as rig:
        desk.letters = rig.channel
        desk.time_for(desk.child(ON_PAPER))
        desk.work()
        assert ends() == [("letter", "uncertain")]
        desk.later(minutes=20)
        desk.work()
        assert (len(rig.stand_in.shipments), Attempt.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("status", "state", "tasks"),
    [
        ("LEST", "delivered", []),
        ("PRINTET", "delivered", []),
        ("SENDT_PRINT", "sent", []),
        ("AVVIST", "failed", ["not_delivered"]),
        ("IKKE_LEVERT", "failed", ["not_delivered"]),
    ],
)
def test_the_night_asks_what_became_of_it(svarut: Desk, rig: Rig, status: str, state: str, tasks: list[str]) -> None:
    svarut.time_for(svarut.child(ON_PAPER))
    svarut.work()
    rig.stand_in.statuses[Attempt.objects.get().idempotency_key] = status
    svarut.later(days=1)
    for _ in range(2):
        ask_about_letters(municipality=svarut.municipality, carriers=svarut.carriers, staff=svarut.staff, by=JOB, at=svarut.at)
    assert (ends(), svarut.tasks()) == ([("letter", state)], tasks)
