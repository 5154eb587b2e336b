"""What becomes of a message when it is sent, try by try."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from fjorten.appointments.actions.outcomes import cancel_by_clinic, cancel_by_family
from fjorten.appointments.models import Appointment
from fjorten.audit.models import AuditEvent
from fjorten.audit.trail import Kind, broken_links, record
from fjorten.messages.actions.handovers import mark_sent, note_accepted, put_down
from fjorten.messages.actions.in_hand import begin_handover, give_back
from fjorten.messages.actions.sending import HANDFUL
from fjorten.messages.channels.interface import Handover, Reason
from fjorten.messages.models import Attempt, ContactTask, Message
from fjorten.messages.queries import messages_in_the_air
from fjorten.organisation.models import Clinic
from fjorten.people.actions.families import end_pause, mark_contact_point_dead, pause_contact, record_contact_point
from fjorten.people.models import ContactPoint, ParentalResponsibility, Person
from tests.factories.clinic import CLERK, LEADER
from tests.factories.family import a_guardian
from tests.messages.conftest import JOB, Desk
from tests.messages.gateway import Gateway

pytestmark = pytest.mark.django_db

NO_ANSWER = Handover.uncertain(Reason.NO_ANSWER)
UNREACHABLE = Handover.not_sent(Reason.UNREACHABLE)
DEAD_NUMBER = Handover.refused(Reason.ADDRESS_INVALID)


def states() -> list[tuple[str, str]]:
    return [(message.way, message.state) for message in Message.objects.order_by("pk")]


def telephone_changes(desk: Desk, child: Person, value: str, kind: ContactPoint.Kind = ContactPoint.Kind.TELEPHONE) -> None:
    adult = child.messages.exclude(adult=None).first().adult
    record_contact_point(adult=adult, kind=kind, value=value, source=ContactPoint.Source.FAMILY, by=CLERK, at=desk.at)


class TestAccepted:
    def test_a_try_is_written_down_with_what_was_sent_and_to_where(self, desk: Desk) -> None:
        desk.channel = gateway = Gateway([Handover.accepted(reference="77", parts=2, detail="OK")])
        desk.time_for(desk.child())
        desk.work()
        attempt, message = Attempt.objects.get(), Message.objects.get()
        assert (attempt.outcome, attempt.reference, attempt.parts, attempt.detail, attempt.number) == ("accepted", "77", 2, "OK", 1)
        assert (message.state, message.sent_text, message.sent_to) == ("sent", gateway.handed[0].body, gateway.handed[0].to)

    def test_email_is_sent_where_there_is_no_telephone(self, desk: Desk) -> None:
        desk.time_for(desk.child(a_guardian(telephone="", email="mor@prove.example")))
        desk.settle()
        email = desk.email = Gateway(name="post")
        desk.send()
        assert [(one.to, one.title) for one in email.handed] == [("mor@prove.example", "Prøve kommune")]
        desk.later(days=3)
        desk.look_after()
        assert states() == [("email", "sent")], "no receipt comes for e-mail, and none is waited for"
        assert desk.tasks() == []

    def test_email_waits_where_there_is_no_gateway_for_it(self, desk: Desk) -> None:
        desk.time_for(desk.child(a_guardian(telephone="", email="mor@prove.example")))
        desk.work()
        assert states() == [("email", "queued")]
        desk.later(hours=30)
        assert messages_in_the_air(municipality=desk.municipality, at=desk.at).count() == 1

    def test_a_message_someone_else_has_in_hand_is_left_alone(self, desk: Desk) -> None:
        desk.channel = gateway = Gateway()
        desk.time_for(desk.child())
        desk.settle()
        [key] = Message.objects.values_list("pk", flat=True)
        [mine] = desk.take([key]).in_hand
        assert (desk.take([key]).in_hand, desk.send().counts) == ((), {})
        assert (gateway.handed, Attempt.objects.get()) == ([], mine.attempt)


class TestNotSent:
    def test_it_is_tried_again_later_and_later_and_then_goes(self, desk: Desk) -> None:
        desk.channel = gateway = Gateway([UNREACHABLE, UNREACHABLE, UNREACHABLE])
        desk.time_for(desk.child())
        waits = []
        while not gateway.taken:
            desk.work()
            waits.append(len(gateway.handed))
            desk.later(minutes=1)
        assert (len(gateway.handed), len(waits)) == (4, 23), "at 0, 2, 7 and 22 minutes"
        assert states() == [("sms", "sent")]

    def test_a_gateway_that_asks_for_more_time_gets_it(self, desk: Desk) -> None:
        desk.channel = gateway = Gateway([Handover.not_sent(Reason.THROTTLED, try_again_after_seconds=600)])
        desk.time_for(desk.child())
        desk.work()
        desk.later(minutes=9)
        desk.work()
        assert len(gateway.handed) == 1
        desk.later(minutes=1)
        desk.work()
        assert len(gateway.handed) == 2

    def test_after_a_day_of_tries_the_family_is_told_another_way(self, desk: Desk) -> None:
        desk.channel = Gateway([UNREACHABLE] * 100)
        desk.time_for(desk.child())
        desk.work()
        while Message.objects.filter(way="sms", state="queued").exists():
            desk.later(hours=1)
            desk.work()
        assert desk.at - datetime(2026, 3, 10, 9, 0, tzinfo=UTC) == timedelta(hours=24)
        assert states() == [("sms", "failed"), ("letter", "queued")]
        assert Attempt.objects.count() < 25

    def test_a_second_try_does_not_wake_anybody(self, desk: Desk) -> None:
        desk.until("2026-03-10T18:59")
        desk.channel = gateway = Gateway([UNREACHABLE])
        desk.time_for(desk.child())
        desk.work()
        for _ in range(144):
            desk.later(minutes=5)
            desk.send()
            assert len(gateway.handed) == 1 or desk.at >= datetime(2026, 3, 11, 7, tzinfo=UTC)
        desk.later(minutes=5)
        desk.send()
        assert len(gateway.handed) == 2

    def test_a_worker_that_wakes_at_night_waits_for_the_morning(self, desk: Desk) -> None:
        desk.time_for(desk.child())
        desk.settle()
        desk.until("2026-03-10T19:00")
        desk.send()
        assert states() == [("sms", "queued")]
        desk.until("2026-03-11T07:00")
        desk.send()
        assert states() == [("sms", "sent")]

    def test_one_that_is_tried_for_more_than_a_day_is_in_the_air(self, desk: Desk) -> None:
        desk.time_for(desk.child())
        desk.channel = Gateway([UNREACHABLE])
        desk.work()
        desk.later(hours=25)
        Message.objects.update(not_before=desk.at + timedelta(minutes=59))  # however often it has been put off
        assert messages_in_the_air(municipality=desk.municipality, at=desk.at).count() == 0, (
            "a worker that was away has not tried for a day"
        )
        [first] = Attempt.objects.all()
        for number in (2, 3, 4):
            Attempt.objects.create(message=first.message, number=number, started_at=desk.at, takes_keys=False)
        assert messages_in_the_air(municipality=desk.municipality, at=desk.at).count() == 1


class TestUncertain:
    def test_a_gateway_without_keys_is_never_handed_it_again_and_somebody_finds_out(self, desk: Desk) -> None:
        desk.channel = gateway = Gateway([NO_ANSWER])
        desk.time_for(desk.child())
        desk.work()
        assert (states(), desk.tasks()) == ([("sms", "uncertain")], [])
        desk.later(minutes=14)
        desk.work()
        assert desk.tasks() == []
        for _ in range(5):
            desk.later(minutes=1)
            desk.work()
        assert (desk.tasks(), len(gateway.handed)) == (["uncertain"], 1)

    def test_a_gateway_with_keys_is_handed_the_same_again_word_for_word(self, desk: Desk) -> None:
        desk.channel = gateway = Gateway([NO_ANSWER], takes_keys=True)
        child = desk.child()
        desk.time_for(child)
        desk.work()
        telephone_changes(desk, child, "+4700000009")
        Person.objects.filter(pk=child.pk).update(given_name="ANNA")
        Clinic.objects.update(telephone="00 00 00 01")
        desk.later(minutes=2)
        desk.work()
        first, second = gateway.handed
        assert (first.key, first.to, first.title, first.body, first.language) == (second.key, second.to, second.title, second.body, "nb")
        assert (len(gateway.taken), states()) == (1, [("sms", "sent")])

    def test_the_number_may_have_died_meanwhile(self, desk: Desk) -> None:
        desk.channel = gateway = Gateway([NO_ANSWER], takes_keys=True)
        desk.time_for(desk.child())
        desk.work()
        mark_contact_point_dead(contact_point=ContactPoint.objects.get(), on=desk.at.date(), reason="ringt", by=CLERK, at=desk.at)
        desk.later(minutes=2)
        desk.work()
        # There is still an address, so the family is told; by the key the gateway knows it has it.
        assert len(gateway.taken) == 1

    @pytest.mark.parametrize("now", [{"name": "en annen", "takes_keys": True}, {"takes_keys": False}], ids=["another", "no keys any more"])
    def test_at_another_gateway_the_key_says_nothing(self, desk: Desk, now: dict[str, object]) -> None:
        desk.channel = Gateway([NO_ANSWER], takes_keys=True)
        desk.time_for(desk.child())
        desk.work()
        desk.channel = other = Gateway(**now)
        desk.later(minutes=16)
        desk.work()
        desk.later(minutes=16)
        desk.work()
        assert (other.handed, states(), desk.tasks()) == ([], [("sms", "uncertain")], ["uncertain"])

    def test_while_it_is_tried_again_somebody_is_asked_after_fifteen_minutes_once(self, desk: Desk) -> None:
        desk.channel = gateway = Gateway([NO_ANSWER] * 100, takes_keys=True)
        desk.time_for(desk.child())
        for minute in range(0, 60, 3):
            desk.work()
            assert desk.tasks() == (["uncertain"] if minute >= 15 else [])
            desk.later(minutes=3)
        for _ in range(10):
            desk.later(hours=3)
            desk.work()
        assert (states(), desk.tasks(), len(gateway.taken)) == ([("sms", "uncertain")], ["uncertain"], 1)

    def test_withdrawn_after_an_uncertain_try_the_family_may_have_been_told(self, desk: Desk) -> None:
        desk.channel = Gateway([NO_ANSWER], takes_keys=True)
        appointment = desk.time_for(desk.child())
        desk.work()
        cancel_by_clinic(appointment=appointment, reason="syk ansatt", by=LEADER, at=desk.at)
        desk.later(minutes=2)
        desk.work()
        desk.work()
        assert desk.sent() == [("invitation", "lapsed"), ("cancelled_by_clinic", "sent")]


class TestCutOff:
    def left_in_hand(self, desk: Desk, gateway: Gateway) -> Attempt:
        desk.channel = gateway
        desk.time_for(desk.child())
        desk.settle()
        [key] = Message.objects.values_list("pk", flat=True)
        [one] = desk.take([key]).in_hand
        assert begin_handover(one=one, at=desk.at)
        gateway.hand_over(one.parcel)  # and then the power goes
        return Attempt.objects.get()

    def test_without_keys_it_is_uncertain_and_a_task_after_fifteen_minutes(self, desk: Desk) -> None:
        self.left_in_hand(desk, gateway := Gateway())
        desk.later(minutes=14)
        desk.work()
        assert states() == [("sms", "in_hand")]
        desk.later(minutes=1)
        desk.work()
        assert (states(), desk.tasks(), len(gateway.handed)) == ([("sms", "uncertain")], ["uncertain"], 1)

    def test_with_keys_it_is_sent_once_more_and_taken_once(self, desk: Desk) -> None:
        self.left_in_hand(desk, gateway := Gateway(takes_keys=True))
        desk.later(minutes=15)
        desk.work()
        desk.later(minutes=2)
        desk.work()
        assert (states(), desk.tasks()) == ([("sms", "sent")], [])
        assert (len(gateway.handed), len(gateway.taken)) == (2, 1)

    def test_where_the_next_round_comes_late_it_is_sent_and_nobody_is_asked_to_find_out(self, desk: Desk) -> None:
        self.left_in_hand(desk, gateway := Gateway(takes_keys=True))
        desk.later(minutes=20)
        desk.work()
        desk.later(hours=2)
        desk.work()
        assert (states(), desk.tasks()) == ([("sms", "sent")], [])
        assert (len(gateway.handed), len(gateway.taken)) == (2, 1)

    @pytest.mark.parametrize(
        ("answer", "state"),
        [(Handover.accepted(reference="9"), "sent"), (UNREACHABLE, "queued"), (DEAD_NUMBER, "failed"), (NO_ANSWER, "uncertain")],
        ids=str,
    )
    def test_an_answer_that_comes_after_all_is_believed(self, desk: Desk, answer: Handover, state: str) -> None:
        attempt = self.left_in_hand(desk, Gateway())
        desk.later(minutes=16)
        desk.take_up()
        put_down(attempt=attempt, handover=answer, staff=desk.staff, by=JOB, at=desk.at)
        assert states()[0] == ("sms", state)

    def test_an_answer_to_an_earlier_try_does_not_speak_for_a_later_one(self, desk: Desk) -> None:
        attempt = self.left_in_hand(desk, Gateway([Handover.accepted(reference="1"), NO_ANSWER], takes_keys=True))
        desk.later(minutes=15)
        desk.take_up()
        desk.later(minutes=2)
        desk.send()
        assert put_down(attempt=attempt, handover=DEAD_NUMBER, staff=desk.staff, by=JOB, at=desk.at) is None
        assert states() == [("sms", "queued")]


class TestAHandful:
    def many(self, desk: Desk, number: int = HANDFUL + 3) -> list[Person]:
        children = [desk.child(a_guardian(telephone=f"+4700000{place:03}", nth=place)) for place in range(number)]
        for place, child in enumerate(children):
            desk.time_for(child, f"2026-{3 + place // 16:02}-{30 - place // 8 % 2:02} {7 + place % 8:02}:00")
        desk.settle()
        return children

    def test_more_than_a_handful_are_all_sent_and_each_try_is_one_of_its_own(self, desk: Desk) -> None:
        desk.channel = gateway = Gateway()
        children = self.many(desk)
        assert desk.send().counts == {"sent": len(children)}
        assert sorted(parcel.to for parcel in gateway.handed) == sorted(f"+4700000{place:03}" for place in range(len(children)))
        assert set(Attempt.objects.values_list("number", "outcome")) == {(1, "accepted")}

    def test_what_is_written_meanwhile_makes_those_left_be_looked_at_anew(self, desk: Desk) -> None:
        children = self.many(desk, 4)

        def cancels(parcel: object) -> None:
            if len(gateway.handed) == 2:
                appointment = Appointment.objects.get(person=children[3])
                cancel_by_family(appointment=appointment, reason="", by=CLERK, at=desk.at)

        desk.channel = gateway = Gateway(meanwhile=cancels)
        assert desk.send().counts == {"sent": 3, "lapsed": 1}
        assert Message.objects.get(kind="invitation", state="lapsed").person == children[3]
        assert AuditEvent.objects.filter(action="message.given_back").count() == 2
        assert Attempt.objects.count() == 3, "a try that was never made is none"

    def test_a_slow_gateway_is_given_no_message_that_was_looked_at_long_ago(self, desk: Desk) -> None:
        self.many(desk, 4)
        desk.channel = gateway = Gateway(meanwhile=lambda parcel: desk.later(seconds=3))
        assert desk.send().counts == {"sent": 4}
        assert (len(gateway.handed), AuditEvent.objects.filter(action="message.given_back").count()) == (4, 2)

    def test_reading_and_sending_itself_change_nothing(self, desk: Desk) -> None:
        def reads(parcel: object) -> None:
            with transaction.atomic():
                record("child.read", municipality="9901", by=CLERK, at=desk.at, kind=Kind.READ)
                record("message.sent", municipality="9901", by=JOB, at=desk.at)

        self.many(desk, 3)
        desk.channel = Gateway(meanwhile=reads)
        assert desk.send().counts == {"sent": 3}
        assert not AuditEvent.objects.filter(action="message.given_back").exists()

    def test_a_crash_before_handing_over_leaves_no_doubt_and_it_is_sent(self, desk: Desk) -> None:
        desk.channel = gateway = Gateway()
        self.many(desk, 2)
        [first, second] = desk.take(Message.objects.values_list("pk", flat=True)).in_hand
        begin_handover(one=first, at=desk.at)
        gateway.hand_over(first.parcel)  # and then the power goes
        desk.later(minutes=15)
        desk.work()
        assert (sorted(states()), desk.tasks()) == ([("sms", "sent"), ("sms", "uncertain")], ["uncertain"])
        assert [parcel.to for parcel in gateway.handed] == [first.parcel.to, second.parcel.to]

    def test_a_crash_after_the_answer_was_noted_leaves_no_doubt_either(self, desk: Desk) -> None:
        desk.channel = gateway = Gateway()
        self.many(desk, 1)
        [one] = desk.take(Message.objects.values_list("pk", flat=True)).in_hand
        begin_handover(one=one, at=desk.at)
        note_accepted(attempt=one.attempt, handover=gateway.hand_over(one.parcel), at=desk.at)  # and then the power goes
        desk.later(minutes=15)
        desk.work()
        assert (states(), desk.tasks(), len(gateway.handed)) == ([("sms", "sent")], [], 1)

    def test_what_another_gave_back_meanwhile_is_not_handed_over(self, desk: Desk) -> None:
        self.many(desk, 1)
        [one] = desk.take(Message.objects.values_list("pk", flat=True)).in_hand
        assert give_back(attempts=[one.attempt.pk], by=JOB, at=desk.at) == 1
        assert not begin_handover(one=one, at=desk.at)
        assert give_back(attempts=[one.attempt.pk], by=JOB, at=desk.at) == 0
        assert states() == [("sms", "queued")]

    def test_what_a_receipt_has_spoken_of_is_left_as_it_says(self, desk: Desk) -> None:
        desk.channel = gateway = Gateway()
        self.many(desk, 1)
        [one] = desk.take(Message.objects.values_list("pk", flat=True)).in_hand
        begin_handover(one=one, at=desk.at)
        note_accepted(attempt=one.attempt, handover=gateway.hand_over(one.parcel), at=desk.at)
        Message.objects.update(state="delivered")
        assert mark_sent(attempts=[one.attempt.pk], by=JOB, at=desk.at) == 0
        assert states() == [("sms", "delivered")]


class TestRefused:
    def test_a_dead_number_is_noted_as_a_fact_and_a_letter_goes(self, desk: Desk) -> None:
        desk.channel = Gateway([DEAD_NUMBER])
        desk.time_for(desk.child())
        desk.work()
        point = ContactPoint.objects.get()
        assert (point.failed_on, point.failed_reason) == (desk.at.date(), "Adressen eller nummeret kan ikke brukes.")
        assert states() == [("sms", "failed"), ("letter", "queued")]
        assert Message.objects.get(way="letter").after == Message.objects.get(way="sms")
        assert AuditEvent.objects.filter(action="contact_point.dead").count() == 1

    def test_a_refusal_that_is_not_about_the_number_leaves_the_number_alone(self, desk: Desk) -> None:
        desk.channel = Gateway([Handover.refused(Reason.CONTENT_NOT_ACCEPTED)])
        desk.time_for(desk.child())
        desk.work()
        assert ContactPoint.objects.get().failed_on is None

    def test_a_number_the_family_has_changed_meanwhile_is_not_called_dead(self, desk: Desk) -> None:
        child = desk.child()
        desk.time_for(child)
        desk.channel = Gateway([DEAD_NUMBER], meanwhile=lambda parcel: telephone_changes(desk, child, "+4700000009"))
        desk.work()
        assert [point.failed_on for point in ContactPoint.objects.filter(ended_at__isnull=True)] == [None]

    def test_a_dead_email_is_noted_as_that(self, desk: Desk) -> None:
        desk.email = Gateway([DEAD_NUMBER], name="post")
        desk.time_for(desk.child(a_guardian(telephone="", email="mor@prove.example")))
        desk.work()
        assert ContactPoint.objects.get().failed_on == desk.at.date()

    def test_a_letter_is_for_when_there_is_time_and_an_address(self, desk: Desk) -> None:
        desk.channel = Gateway([DEAD_NUMBER, DEAD_NUMBER])
        desk.time_for(desk.child(), "2026-03-16 09:00")
        desk.time_for(desk.child(a_guardian(has_address=False, nth=1)), "2026-03-30 09:30")
        desk.work()
        assert states() == [("sms", "failed"), ("sms", "failed")]
        assert desk.tasks() == ["not_delivered", "not_delivered"]

    def test_a_reminder_that_fails_is_somebodys_to_call_about(self, desk: Desk) -> None:
        desk.time_for(desk.child())
        desk.work()
        desk.until("2026-03-27T09:00")
        desk.settle()
        desk.channel = Gateway([DEAD_NUMBER])
        desk.send()
        assert desk.sent() == [("invitation", "sent"), ("reminder_3_days", "failed")]
        assert desk.tasks() == ["not_delivered"]

    def test_two_guardians_failing_make_one_task_and_no_doubled_letter(self, desk: Desk) -> None:
        desk.channel = Gateway([DEAD_NUMBER, DEAD_NUMBER])
        desk.time_for(desk.child(a_guardian(has_address=False), a_guardian(telephone="+4700000002", has_address=False, nth=1)))
        desk.work()
        desk.work()
        assert (states(), desk.tasks()) == ([("sms", "failed"), ("sms", "failed")], ["not_delivered"])

    def test_one_guardian_told_is_enough(self, desk: Desk) -> None:
        desk.channel = Gateway([DEAD_NUMBER])
        desk.time_for(desk.child(a_guardian(), a_guardian(telephone="+4700000002", nth=1)))
        desk.work()
        assert (states(), desk.tasks()) == ([("sms", "failed"), ("sms", "sent")], [])

    def test_one_failed_and_the_other_no_longer_a_guardian_is_nobody_told(self, desk: Desk) -> None:
        child = desk.child(a_guardian(), a_guardian(telephone="+4700000002", nth=1))
        desk.time_for(child)
        desk.settle()
        gone = a_guardian(nth=1).number

        def leaves(parcel: object) -> None:
            ParentalResponsibility.objects.filter(child=child, responsible_number=gone).update(valid_until=desk.at.date())
            with transaction.atomic():
                record("child.told_by_register", municipality="9901", by=JOB, at=desk.at)

        desk.channel = Gateway([DEAD_NUMBER], meanwhile=leaves)
        desk.send()
        assert (states(), desk.tasks()) == ([("sms", "failed"), ("sms", "lapsed")], [])
        desk.work()
        desk.work()
        assert desk.tasks() == ["not_delivered"], "found the next time what is owed is settled"

    def test_a_number_found_dead_before_sending_gives_a_letter(self, desk: Desk) -> None:
        desk.time_for(desk.child())
        desk.settle()
        mark_contact_point_dead(contact_point=ContactPoint.objects.get(), on=desk.at.date(), reason="ringt", by=CLERK, at=desk.at)
        desk.send()
        assert states() == [("sms", "failed"), ("letter", "queued")]
        assert Message.objects.filter(state="failed").get().state_reason == "nummeret eller adressen er ikke lenger i bruk"


class TestTheLastLook:
    def test_a_pause_that_is_ended_early_lets_the_message_go_the_next_morning(self, desk: Desk) -> None:
        child = desk.child()
        desk.time_for(child)
        desk.settle()
        today = desk.at.date()
        pause_contact(person=child, from_on=today, until_on=today.replace(day=25), today=today, reason="sykehus", by=CLERK, at=desk.at)
        desk.work()
        end_pause(person=child, on=today, by=CLERK, at=desk.at)
        desk.work()
        assert states() == [("sms", "queued")]
        desk.until("2026-03-11T07:00")
        desk.work()
        assert states() == [("sms", "sent")]

    @pytest.mark.parametrize("is_queued_before", [True, False])
    def test_a_pause_that_outlasts_the_time_lets_the_message_lapse_with_its_reason(self, desk: Desk, *, is_queued_before: bool) -> None:
        child = desk.child()
        desk.time_for(child)
        if is_queued_before:
            desk.settle()
        today = desk.at.date()
        pause_contact(person=child, from_on=today, until_on=today.replace(month=6), today=today, reason="sykehus", by=CLERK, at=desk.at)
        desk.work()
        desk.until("2026-03-30T08:00")
        desk.work()
        invitation = Message.objects.get(kind="invitation")
        assert (invitation.state, invitation.state_reason) == ("lapsed", "familien skulle ikke ha meldinger før den var for sent ute")
        desk.until("2026-06-11T08:00")
        desk.work()
        assert desk.tasks() == [], "a pause is a person's decision, and nobody is asked to repair it"

    def test_a_message_without_its_values_is_a_persons_and_the_others_go(self, desk: Desk) -> None:
        for begins in ("09:00", "09:30", "10:00"):
            desk.time_for(desk.child(), f"2026-03-30 {begins}")
        desk.settle()
        Message.objects.filter(pk=Message.objects.order_by("pk").first().pk).update(values={})
        worked = desk.send()
        assert [message.state for message in Message.objects.order_by("pk")] == ["replaced_by_task", "sent", "sent"]
        assert (desk.tasks(), worked.failed) == (["no_text"], [])

    def test_whatever_goes_wrong_with_one_message_the_others_are_sent(self, desk: Desk) -> None:
        for begins in ("09:00", "09:30", "10:00"):
            desk.time_for(desk.child(), f"2026-03-30 {begins}")
        desk.settle()
        poisoned = Message.objects.order_by("pk")[1]
        Message.objects.filter(pk=poisoned.pk).update(about="appointment:x")
        worked = desk.send()
        assert [message.state for message in Message.objects.order_by("pk")] == ["sent", "queued", "sent"]
        assert [(person, type(wrong)) for person, wrong in worked.failed] == [(poisoned.person_id, ValueError)]

    def test_what_lapses_waits_for_nobody(self, desk: Desk) -> None:
        appointment = desk.time_for(desk.child())
        desk.settle()
        cancel_by_family(appointment=appointment, reason="", by=CLERK, at=desk.at)
        desk.until("2026-03-10T22:00")  # at night
        desk.send()
        assert states() == [("sms", "lapsed")]

    def test_words_no_database_can_keep_are_kept_without_what_is_wrong_with_them(self, desk: Desk) -> None:
        desk.channel = Gateway([Handover.accepted(reference="1\0\ud8007", detail="a\0b")])
        desk.time_for(desk.child())
        desk.work()
        attempt = Attempt.objects.get()
        assert (attempt.reference, attempt.detail, states()) == ("1?7", "ab", [("sms", "sent")])


def test_the_trail_holds_after_all_of_it_and_neither_it_nor_the_log_tells_who(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    desk.channel = Gateway([NO_ANSWER, UNREACHABLE, DEAD_NUMBER])
    for begins in ("09:00", "09:30", "10:00", "10:30"):
        desk.time_for(desk.child(), f"2026-03-30 {begins}")
    desk.settle()
    Message.objects.filter(pk=Message.objects.earliest("pk").pk).update(values={"begins_at": "Ida 00000001"})
    went_wrong = []
    for _ in range(4):
        went_wrong += [*desk.settle().failed, *desk.send().failed, *desk.look_after().failed]
        desk.later(minutes=16)
    assert list(broken_links(desk.municipality.code)) == []
    assert sorted(desk.tasks()) == ["no_text", "uncertain"]
    private = ["0000000", "Ida", "IDA", "Blåbærøy", "Oppdiktede", *(adult.number for adult in desk.municipality.adults.all())]
    trail = "\n".join(f"{event.action} {event.about} {event.detail}" for event in AuditEvent.objects.all())
    tasks = "\n".join(f"{task.key} {task.sentence} {task.note}" for task in ContactTask.objects.all())
    tries = "\n".join(f"{one.reference} {one.detail}" for one in Attempt.objects.all())
    for place in (trail, tasks, tries, caplog.text, repr(went_wrong)):
        assert [word for word in private if word in place] == []


def test_a_name_of_200_letters_is_kept_on_both_databases(desk: Desk) -> None:
    desk.time_for(desk.child(given_name="X" * 200))
    desk.work()
    assert "X" + "x" * 199 in Message.objects.get().sent_text
    assert states() == [("sms", "sent")]
