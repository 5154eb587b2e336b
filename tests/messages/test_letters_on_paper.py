"""Letters: printed together, handed over by somebody, and what happens to those that must not go after all."""

from datetime import date

import pytest

from fjorten.appointments.actions.outcomes import cancel_by_family
from fjorten.ledger.owed import why_not_owed
from fjorten.messages.actions.letters import (
    BatchHoldsLettersNobodyMayGet,
    BatchIsHandedOver,
    LetterWasNotSent,
    hand_over_batch,
    letters_nobody_may_get,
    mark_returned,
    print_letters,
    take_out_of_batch,
)
from fjorten.messages.letters.printing import NothingToPrint
from fjorten.messages.models import Message, PrintBatch
from fjorten.people.models import Person, PostalAddress
from tests.factories.clinic import CLERK
from tests.factories.family import a_guardian
from tests.letters import needs_letters
from tests.messages.conftest import Desk

pytestmark = [pytest.mark.django_db, needs_letters]
ON_PAPER = a_guardian(telephone="")


def printed(desk: Desk) -> PrintBatch:
    return print_letters(
        municipality=desk.municipality, folder=desk.folder, still_owed=why_not_owed, staff=desk.staff, by=CLERK, at=desk.at
    )


def handed_over(desk: Desk, batch: PrintBatch) -> int:
    return hand_over_batch(batch=batch, still_owed=why_not_owed, by=CLERK, at=desk.at)


def test_letters_are_printed_once_and_count_as_sent_when_they_are_handed_over(desk: Desk) -> None:
    desk.time_for(desk.child(ON_PAPER))
    desk.time_for(desk.child(a_guardian(telephone="", language="en", nth=1)), "2026-03-30 09:30")
    desk.work()
    batch = printed(desk)
    assert (batch.letters, [path.name for path in desk.folder.iterdir()]) == (2, [batch.file_name])
    assert {message.state for message in Message.objects.all()} == {"in_hand"}
    with pytest.raises(NothingToPrint):
        printed(desk)
    assert handed_over(desk, batch) == 2
    with pytest.raises(BatchIsHandedOver):
        handed_over(desk, batch)
    desk.later(days=5)
    desk.work()
    assert {message.state for message in Message.objects.all()} == {"sent"}
    assert desk.tasks() == []


def test_the_only_letter_that_nobody_can_write_becomes_a_persons_work(desk: Desk) -> None:
    desk.time_for(desk.child(ON_PAPER))
    desk.settle()
    Message.objects.update(values={})
    with pytest.raises(NothingToPrint):
        printed(desk)
    assert (Message.objects.get().state, desk.tasks()) == ("replaced_by_task", ["no_text"])


def test_a_letter_is_written_in_norwegian_and_in_the_familys_language(desk: Desk) -> None:
    desk.time_for(desk.child(a_guardian(telephone="", language="en")))
    desk.work()
    printed(desk)
    [message] = Message.objects.all()
    assert "mandag 30. mars kl. 09.00 hos Torget 1, Fjordvik" in message.sent_text
    assert "on Monday 30 March at 09:00 at Torget 1, Fjordvik" in message.sent_text


def test_a_batch_with_a_letter_that_must_not_go_is_not_handed_over(desk: Desk) -> None:
    stays, goes = desk.child(ON_PAPER), desk.child(a_guardian(telephone="", nth=1))
    desk.time_for(stays)
    appointment = desk.time_for(goes, "2026-03-30 09:30")
    protected = desk.child(a_guardian(telephone="", nth=2))
    desk.time_for(protected, "2026-03-30 10:00")
    desk.work()
    batch = printed(desk)
    cancel_by_family(appointment=appointment, reason="", by=CLERK, at=desk.at)
    Person.objects.filter(pk=protected.pk).update(protection="confidential")
    with pytest.raises(BatchHoldsLettersNobodyMayGet):
        handed_over(desk, batch)
    stopped = letters_nobody_may_get(batch=batch, still_owed=why_not_owed, at=desk.at)
    assert [message.person_id for message in stopped] == [goes.pk, protected.pk]
    for message in stopped:
        take_out_of_batch(message=message, reason="makulert", by=CLERK, at=desk.at)
    assert handed_over(desk, batch) == 1
    desk.work()
    assert desk.tasks() == ["child_is_protected"]


def test_a_returned_letter_stops_the_address_and_asks_a_person(desk: Desk) -> None:
    child = desk.child(ON_PAPER)
    desk.time_for(child)
    desk.work()
    batch = printed(desk)
    [message] = Message.objects.all()
    with pytest.raises(LetterWasNotSent):
        mark_returned(message=message, on=date(2026, 3, 16), staff=desk.staff, by=CLERK, at=desk.at)
    handed_over(desk, batch)
    mark_returned(message=message, on=date(2026, 3, 16), staff=desk.staff, by=CLERK, at=desk.at)
    assert PostalAddress.objects.get().returned_on == date(2026, 3, 16)
    assert desk.tasks() == ["not_delivered"]


def test_a_letter_nobody_has_the_letters_for_does_not_stop_the_others(desk: Desk) -> None:
    desk.time_for(desk.child(ON_PAPER))
    desk.time_for(desk.child(a_guardian(telephone="", nth=1), given_name="\U000f0000"), "2026-03-30 09:30")
    desk.work()
    assert printed(desk).letters == 1
    assert desk.tasks() == ["no_text"]
