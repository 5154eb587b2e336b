"""What a family is told about one appointment, from the invitation to the day, and what happens when something is in the way."""

import pytest

from fjorten.appointments.actions.outcomes import cancel_by_clinic, cancel_by_family, correct, mark_did_not_attend
from fjorten.appointments.states import State
from fjorten.messages.models import ContactTask, Message
from fjorten.people.actions.families import pause_contact, record_contact_point, record_placement
from fjorten.people.models import ContactPoint, Person
from tests.factories.clinic import CLERK, LEADER
from tests.factories.family import a_guardian
from tests.messages.conftest import Desk

pytestmark = pytest.mark.django_db


def test_a_family_is_invited_and_reminded_twice_and_nothing_is_said_twice(desk: Desk) -> None:
    desk.time_for(desk.child())
    desk.work()
    desk.work()
    assert desk.sent() == [("invitation", "sent")]
    desk.until("2026-03-27T07:59")
    desk.work()
    assert len(desk.sent()) == 1
    desk.until("2026-03-27T09:01")  # three days before, at ten in Oslo
    desk.work()
    desk.work()
    desk.until("2026-03-29T08:01")  # the day before, and summer time has begun
    desk.work()
    desk.until("2026-03-30T12:00")
    desk.work()
    assert desk.sent() == [("invitation", "delivered"), ("reminder_3_days", "delivered"), ("reminder_1_day", "delivered")]


def test_the_text_says_when_and_how_and_nothing_about_health(desk: Desk) -> None:
    desk.time_for(desk.child())
    desk.work()
    [message] = Message.objects.all()
    assert message.sent_text == (
        "Prøve kommune: Ida har time mandag 30. mars kl. 09.00. Svar 1 hvis dere kommer, 2 hvis dere trenger en annen tid, eller ring "
        "00990000. Timen er gratis, og tolk er gratis."
    )
    assert message.sent_to == "+4700000001"


def test_an_unapproved_language_gets_norwegian(desk: Desk) -> None:
    desk.time_for(desk.child(a_guardian(language="ti")))
    desk.work()
    [message] = Message.objects.all()
    assert (message.sent_language, message.sent_text[:13]) == ("nb", "Prøve kommune")


def test_both_guardians_are_told_each_in_their_language(desk: Desk) -> None:
    desk.time_for(desk.child(a_guardian(), a_guardian(telephone="+4700000002", language="en", nth=1)))
    desk.work()
    assert [(message.sent_to, message.sent_language) for message in Message.objects.order_by("pk")] == [
        ("+4700000001", "nb"),
        ("+4700000002", "en"),
    ]


def test_a_second_guardian_who_is_found_later_is_told_too(desk: Desk) -> None:
    child = desk.child(a_guardian(), a_guardian(telephone="", has_address=False, nth=1))
    desk.time_for(child)
    desk.work()
    other = child.messages.get().adult
    assert other is not None
    found = Person.objects.get(pk=child.pk).municipality.adults.exclude(pk=other.pk).get()
    record_contact_point(
        adult=found,
        kind=ContactPoint.Kind.TELEPHONE,
        value="+4700000002",
        source=ContactPoint.Source.STAFF,
        by=CLERK,
        at=desk.at,
    )
    desk.work()
    assert [message.sent_to for message in Message.objects.order_by("pk")] == ["+4700000001", "+4700000002"]


def test_nothing_is_sent_at_night(desk: Desk) -> None:
    desk.until("2026-03-10T21:30")
    desk.time_for(desk.child())
    desk.work()
    assert desk.sent() == []
    desk.until("2026-03-11T06:59")
    desk.work()
    assert desk.sent() == []
    desk.until("2026-03-11T07:00")
    desk.work()
    assert desk.sent() == [("invitation", "sent")]


def test_what_was_queued_is_withdrawn_when_the_family_cancels_first(desk: Desk) -> None:
    appointment = desk.time_for(desk.child())
    desk.settle()
    cancel_by_family(appointment=appointment, reason="", by=CLERK, at=desk.at)
    desk.work()
    assert desk.sent() == [("invitation", "lapsed")]


def test_an_appointment_is_asked_about_again_at_the_moment_of_sending(desk: Desk) -> None:
    appointment = desk.time_for(desk.child())
    desk.settle()
    cancel_by_family(appointment=appointment, reason="", by=CLERK, at=desk.at)
    desk.send()
    [message] = Message.objects.all()
    assert (message.state, message.state_reason) == ("lapsed", "timen er avlyst, flyttet eller alt ført")


def test_a_cancellation_corrected_before_anything_was_sent_lets_the_invitation_go(desk: Desk) -> None:
    appointment = desk.time_for(desk.child())
    desk.settle()
    cancel_by_family(appointment=appointment, reason="", by=CLERK, at=desk.at)
    desk.work()
    appointment.refresh_from_db()
    correct(appointment=appointment, to=State.OFFERED, reason="feil barn", by=CLERK, at=desk.at)
    desk.work()
    assert desk.sent() == [("invitation", "sent")]


def test_the_clinic_tells_of_a_cancelled_time_only_those_who_knew_of_it(desk: Desk) -> None:
    told, untold = desk.time_for(desk.child()), desk.time_for(desk.child(), "2026-03-30 09:30")
    Message.objects.all().delete()
    desk.settle()
    Message.objects.filter(about=f"appointment:{untold.pk}").delete()
    desk.send()
    for appointment in (told, untold):
        cancel_by_clinic(appointment=appointment, reason="syk ansatt", by=LEADER, at=desk.at)
    desk.work()
    assert [(message.kind, message.person_id) for message in Message.objects.order_by("pk")] == [
        ("invitation", told.person_id),
        ("cancelled_by_clinic", told.person_id),
    ]


def test_a_new_time_after_a_miss_is_told_as_that(desk: Desk) -> None:
    child = desk.child()
    missed = desk.time_for(child)
    desk.work()
    desk.until("2026-03-30T11:00")
    mark_did_not_attend(appointment=missed, by=CLERK, at=desk.at)
    from fjorten.appointments.actions.booking import book
    from tests.factories.clinic import step_of

    step = step_of(child.enrolments.get(), "C04_M3")
    book(planned_step=step, slot=desk.here.slot("2026-04-08 09:00"), replaces=missed, by=CLERK, at=desk.at)
    desk.work()
    latest = Message.objects.order_by("-pk").first()
    assert latest is not None
    assert (latest.kind, latest.sent_text[:50]) == ("missed_new_time", "Prøve kommune: Vi savnet dere til timen. Ida har f")


class TestWhoIsNotTold:
    def test_a_protected_child_stands_on_the_manual_list_of_a_nurse(self, desk: Desk) -> None:
        desk.time_for(desk.child(protection="confidential"))
        desk.work()
        assert desk.sent() == [("invitation", "replaced_by_task")]
        task = ContactTask.objects.get()
        assert (task.reason, task.owner.code, task.deputy.code) == ("child_is_protected", "kari", "per")

    def test_a_child_protected_after_queueing_gets_nothing(self, desk: Desk) -> None:
        child = desk.child()
        desk.time_for(child)
        desk.settle()
        Person.objects.filter(pk=child.pk).update(protection="strictly_confidential")
        desk.send()
        assert desk.sent() == [("invitation", "replaced_by_task")]
        assert not list(desk.folder.glob("*")) if desk.folder.exists() else True
        assert desk.tasks() == ["child_is_protected"]

    def test_nothing_is_sent_about_a_dead_child(self, desk: Desk) -> None:
        child = desk.child()
        desk.time_for(child)
        desk.settle()
        Person.objects.filter(pk=child.pk).update(is_dead=True)
        desk.send()
        desk.work()
        assert desk.sent() == [("invitation", "lapsed")]
        assert desk.tasks() == []

    def test_while_somebody_else_cares_for_the_child_only_they_are_told(self, desk: Desk) -> None:
        child = desk.child()
        [mother] = child.municipality.adults.all()
        desk.time_for(child)
        desk.settle()
        [carer] = _another_adult(desk, child, "+4700000009")
        record_placement(
            person=child,
            carer=carer,
            kind="child_welfare",
            is_secret=True,
            source="barnevernet ringte",
            on=desk.at.date(),
            by=CLERK,
            at=desk.at,
        )
        desk.work()
        desk.work()
        by_adult = {message.adult_id: message.state for message in Message.objects.all()}
        assert by_adult == {mother.pk: "lapsed", carer.pk: "sent"}

    def test_a_family_nobody_can_reach_is_a_persons_work(self, desk: Desk) -> None:
        desk.time_for(desk.child(a_guardian(telephone="", has_address=False)))
        desk.work()
        assert desk.tasks() == ["nobody_can_be_reached"]

    def test_a_family_without_a_telephone_gets_a_letter_which_waits_for_print(self, desk: Desk) -> None:
        desk.time_for(desk.child(a_guardian(telephone="")))
        desk.work()
        assert [(message.kind, message.way, message.state) for message in Message.objects.all()] == [("invitation", "letter", "queued")]

    def test_a_pause_holds_messages_back_and_ends(self, desk: Desk) -> None:
        child = desk.child()
        desk.time_for(child)
        desk.settle()
        today = desk.at.date()
        pause_contact(person=child, from_on=today, until_on=today.replace(day=20), today=today, reason="sykehus", by=CLERK, at=desk.at)
        desk.work()
        assert desk.sent() == [("invitation", "queued")]
        desk.until("2026-03-20T09:00")
        desk.work()
        assert desk.sent() == [("invitation", "sent")]


class TestAfterAStop:
    def test_a_week_down_loses_nothing_and_repeats_nothing(self, desk: Desk) -> None:
        soon, passed = desk.time_for(desk.child(), "2026-03-23 09:00"), desk.time_for(desk.child(), "2026-03-12 09:00")
        desk.until("2026-03-20T10:00")
        desk.work()
        desk.work()
        assert {(message.person_id, message.kind, message.state) for message in Message.objects.all()} == {
            (soon.person_id, "invitation", "sent"),
            (soon.person_id, "reminder_3_days", "sent"),
            (passed.person_id, "invitation", "replaced_by_task"),
            (passed.person_id, "reminder_1_day", "lapsed"),
        }
        assert desk.tasks() == ["too_late"]

    def test_nothing_is_sent_after_its_appointment(self, desk: Desk) -> None:
        desk.time_for(desk.child(), "2026-03-12 09:00")
        desk.settle()
        desk.until("2026-03-12T08:00")  # nine in Oslo: it has begun
        desk.send()
        assert desk.sent() == [("invitation", "replaced_by_task")]


def _another_adult(desk: Desk, child: Person, telephone: str):
    from fjorten.people.actions.families import record_adult

    adult = record_adult(municipality=desk.municipality, name="Fosterforelder", language="nb", by=CLERK, at=desk.at)
    record_contact_point(
        adult=adult, kind=ContactPoint.Kind.TELEPHONE, value=telephone, source=ContactPoint.Source.STAFF, by=CLERK, at=desk.at
    )
    return [adult]
