"""Families answer: 1 confirms, everything else reaches a person, and nothing is done twice."""

import pytest

from fjorten.appointments.actions.answers import act_on_answer
from fjorten.appointments.obligations import answer_obligations
from fjorten.messages.actions.incoming import take_incoming
from fjorten.messages.channels.interface import Incoming
from fjorten.messages.models import ContactTask, IncomingMessage, Message
from fjorten.messages.queries import unread_incoming
from tests.factories.family import a_guardian
from tests.messages.conftest import JOB, LONG_AGO, Desk

pytestmark = pytest.mark.django_db


def answer(desk: Desk, text: str, *, number: str = "+4700000001", reference: str = "inn-1") -> str:
    heard = Incoming(reference=reference, from_number=number, text=text)
    incoming = take_incoming(municipality=desk.municipality, gateway="prøve", heard=heard, by=JOB, at=desk.at)
    return "" if incoming is None else act_on_answer(incoming=incoming, staff=desk.staff, by=JOB, at=desk.at)


def test_one_confirms_the_time_and_is_thanked_for_once(desk: Desk) -> None:
    appointment = desk.time_for(desk.child())
    desk.work()
    desk.later(hours=2)
    assert answer(desk, "1") == "confirmed"
    appointment.refresh_from_db()
    assert (appointment.state, appointment.state_by) == ("confirmed", "familien")
    [thanks] = answer_obligations(municipality=desk.municipality, since=LONG_AGO)
    assert (thanks.kind, thanks.adult_id) == ("answer_coming", Message.objects.get().adult_id)


def test_the_same_message_handed_over_twice_is_one(desk: Desk) -> None:
    desk.time_for(desk.child())
    desk.work()
    assert answer(desk, "1") == "confirmed"
    assert answer(desk, "1") == ""
    assert IncomingMessage.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2", "wants_another_time"),
        ("STOPP", "wants_no_messages"),
        ("Kan vi komme på fredag?", "wrote_something"),
        ("1 eller 2?", "wrote_something"),
    ],
)
def test_everything_but_a_plain_one_reaches_a_person(desk: Desk, text: str, reason: str) -> None:
    desk.time_for(desk.child())
    desk.work()
    assert answer(desk, text) == "given_to_a_person"
    task = ContactTask.objects.get()
    assert (task.reason, task.owner.code, task.message) == (reason, "merkantil", Message.objects.get())


def test_one_for_siblings_on_the_same_day_confirms_both_times(desk: Desk) -> None:
    guardian = a_guardian()
    times = [desk.time_for(desk.child(guardian), "2026-03-30 09:00"), desk.time_for(desk.child(guardian), "2026-03-30 09:30")]
    desk.work()
    assert answer(desk, "1") == "confirmed"
    for appointment in times:
        appointment.refresh_from_db()
    assert [appointment.state for appointment in times] == ["confirmed", "confirmed"]


def test_one_about_times_on_several_days_could_mean_any_of_them(desk: Desk) -> None:
    guardian = a_guardian()
    desk.time_for(desk.child(guardian), "2026-03-30 09:00")
    desk.time_for(desk.child(guardian), "2026-03-31 09:30")
    desk.work()
    assert answer(desk, "1") == "given_to_a_person"


def test_a_number_nobody_here_uses_stays_on_the_list_of_unread(desk: Desk) -> None:
    assert answer(desk, "Hei", number="+4700009999") == ""
    assert [message.text for message in unread_incoming(municipality=desk.municipality)] == ["Hei"]


def test_a_family_that_writes_first_is_known_by_its_number(desk: Desk) -> None:
    child = desk.child()
    assert answer(desk, "Ida er syk") == "given_to_a_person"
    assert ContactTask.objects.get().person == child
