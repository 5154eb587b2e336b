"""What is owed, held against what has been sent: queued, withdrawn, queued again, given to a person, lapsed; and one bad row among many."""

import os
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fjorten.appointments.actions.outcomes import cancel_by_family, correct
from fjorten.appointments.obligations import appointment_obligations
from fjorten.appointments.states import State
from fjorten.messages.actions.owed import settle_obligations
from fjorten.messages.channels.interface import Handover, Reason
from fjorten.messages.models import Message
from fjorten.messages.obligations import Obligation
from fjorten.messages.queries import messages_in_the_air, unaccounted_obligations
from fjorten.organisation.models import Employee
from fjorten.organisation.responsibility import NobodyToOwnIt
from fjorten.people.actions.families import end_placement, pause_contact, record_placement
from fjorten.people.models import Adult, ParentalResponsibility, Person, Residence
from tests.factories.clinic import CLERK
from tests.factories.family import a_guardian
from tests.messages.conftest import JOB, LONG_AGO, Desk
from tests.messages.gateway import Gateway
from tests.messages.test_outbox_journey import _another_adult

pytestmark = pytest.mark.django_db


def obligations(desk: Desk) -> list:
    return list(appointment_obligations(municipality=desk.municipality, since=LONG_AGO))


def is_all_accounted_for(desk: Desk) -> bool:
    missing = unaccounted_obligations(municipality=desk.municipality, obligations=obligations(desk), at=desk.at)
    return not missing and not messages_in_the_air(municipality=desk.municipality, at=desk.at).exists()


def everything() -> list[tuple]:
    return sorted(Message.objects.values_list("key", "adult", "way", "state", "state_reason", "not_before"), key=str)


class TestOwedAfterAll:
    def test_a_cancellation_that_was_a_mistake_lets_the_invitation_go(self, desk: Desk) -> None:
        appointment = desk.time_for(desk.child())
        desk.settle()
        cancel_by_family(appointment=appointment, reason="", by=CLERK, at=desk.at)
        desk.work()
        assert desk.sent() == [("invitation", "lapsed")]
        appointment.refresh_from_db()
        correct(appointment=appointment, to=State.OFFERED, reason="feil barn", by=CLERK, at=desk.at)
        desk.work()
        assert desk.sent() == [("invitation", "sent")]
        assert is_all_accounted_for(desk)

    def test_corrected_too_late_the_family_is_called(self, desk: Desk) -> None:
        appointment = desk.time_for(desk.child())
        desk.settle()
        cancel_by_family(appointment=appointment, reason="", by=CLERK, at=desk.at)
        desk.work()
        desk.until("2026-03-30T10:00")
        appointment.refresh_from_db()
        correct(appointment=appointment, to=State.OFFERED, reason="feil barn", by=CLERK, at=desk.at)
        desk.work()
        desk.work()
        assert desk.tasks() == ["too_late"]

    def test_a_child_who_moves_back_is_told(self, desk: Desk) -> None:
        child = desk.child()
        desk.time_for(child)
        Residence.objects.filter(person=child).update(valid_until=desk.at.date() - timedelta(days=3))
        desk.work()
        assert (desk.sent(), desk.tasks()) == ([("invitation", "lapsed")], [])
        Residence.objects.filter(person=child).update(valid_until=None)
        desk.work()
        assert sorted(desk.sent()) == [("invitation", "lapsed"), ("invitation", "sent")]

    def test_a_parent_who_has_the_child_back_is_told(self, desk: Desk) -> None:
        child = desk.child()
        [mother] = child.municipality.adults.all()
        desk.time_for(child)
        desk.settle()
        [carer] = _another_adult(desk, child, "+4700000009")
        today = desk.at.date()
        record_placement(person=child, carer=carer, kind="private", is_secret=False, source="mor", on=today, by=CLERK, at=desk.at)
        desk.work()
        end_placement(person=child, on=today, source="mor", by=CLERK, at=desk.at)
        desk.work()
        assert {message.adult_id: message.state for message in Message.objects.all()} == {mother.pk: "sent", carer.pk: "sent"}

    def test_used_again_a_row_keeps_what_was_sent_and_its_tries(self, desk: Desk) -> None:
        desk.channel = gateway = Gateway([Handover.uncertain(Reason.NO_ANSWER)], takes_keys=True)
        child = desk.child()
        desk.time_for(child)
        desk.work()
        before = Message.objects.get().sent_text
        Residence.objects.filter(person=child).update(valid_until=desk.at.date() - timedelta(days=3))
        desk.later(minutes=5)
        desk.work()
        Residence.objects.filter(person=child).update(valid_until=None)
        Person.objects.filter(pk=child.pk).update(given_name="ANNA")
        desk.work()
        desk.work()
        assert {parcel.body for parcel in gateway.handed} == {before}
        assert len(gateway.taken) == 1


class TestWhoSeesToIt:
    def test_a_family_with_two_guardians_is_one_task(self, desk: Desk) -> None:
        child = desk.child(a_guardian(), a_guardian(telephone="+4700000002", nth=1))
        desk.time_for(child)
        desk.settle()
        Person.objects.filter(pk=child.pk).update(protection="confidential")
        desk.work()
        desk.work()
        assert desk.tasks() == ["child_is_protected"]

    def test_a_protected_guardian_is_told_by_hand(self, desk: Desk) -> None:
        child = desk.child()
        desk.time_for(child)
        Adult.objects.update(is_protected=True)
        desk.work()
        assert (desk.sent(), desk.tasks()) == ([("invitation", "replaced_by_task")], ["guardian_is_protected"])

    def test_from_twelve_the_child_is_asked(self, desk: Desk) -> None:
        child = desk.child()
        desk.time_for(child)
        Person.objects.filter(pk=child.pk).update(born_on=date(2014, 3, 10), born_by=date(2014, 3, 10))
        desk.work()
        assert desk.tasks() == ["child_decides"]

    def test_a_child_born_on_the_twenty_ninth_of_february_is_twelve_in_a_year_without_one(self, desk: Desk) -> None:
        born = date(2016, 2, 29)
        child = desk.child()
        desk.time_for(child, "2027-12-01 09:00")
        Person.objects.filter(pk=child.pk).update(born_on=born, born_by=born)
        desk.until("2028-02-28T09:00")
        desk.time_for(desk.child(), "2028-03-20 09:00")
        Person.objects.exclude(pk=child.pk).update(born_on=born, born_by=born)
        desk.work()
        assert Message.objects.exclude(person=child).get().state == "sent", "eleven years the day before"
        desk.until("2028-02-29T09:00")
        desk.time_for(desk.child(), "2028-03-20 10:00")
        latest = Person.objects.latest("pk")
        Person.objects.filter(pk=latest.pk).update(born_on=born, born_by=born)
        desk.work()
        assert Message.objects.get(person=latest, kind="invitation").state == "replaced_by_task"

    def test_a_municipality_without_staff_is_told_so_for_each_child(self, desk: Desk) -> None:
        desk.time_for(desk.child(protection="confidential"))
        desk.time_for(desk.child(), "2026-03-30 09:30")
        Employee.objects.update(employed_until=desk.at.date() - timedelta(days=1))
        settled = desk.settle()
        assert [type(wrong) for _, wrong in settled.failed] == [NobodyToOwnIt]
        assert settled.counts["queued"] == 1


class TestAgain:
    def test_a_second_time_changes_nothing_and_asks_little(self, desk: Desk) -> None:
        for begins in ("09:00", "09:30", "10:00", "10:30"):
            desk.time_for(desk.child(), f"2026-03-30 {begins}")
        desk.work()
        before = everything()
        with CaptureQueriesContext(connection) as asked:
            settled = desk.settle()
        assert everything() == before
        assert {name: count for name, count in settled.counts.items() if count} == {"waiting": 8}
        assert len(asked) < 20 and not any(query["sql"].startswith(("INSERT", "UPDATE")) for query in asked)

    def test_only_the_children_asked_about_have_their_messages_withdrawn(self, desk: Desk) -> None:
        first, second = desk.child(), desk.child()
        desk.time_for(first)
        desk.time_for(second, "2026-03-30 09:30")
        desk.settle()
        told = {"municipality": desk.municipality, "obligations": [], "staff": desk.staff, "by": JOB, "at": desk.at}
        assert settle_obligations(**told, among=[first.pk]).counts["withdrawn"] == 1
        assert Message.objects.get(person=second).state == "queued"

    def test_a_pause_leaves_what_is_owed_waiting_and_accounted_for(self, desk: Desk) -> None:
        child = desk.child()
        desk.time_for(child)
        today = desk.at.date()
        pause_contact(person=child, from_on=today, until_on=today.replace(day=20), today=today, reason="sykehus", by=CLERK, at=desk.at)
        desk.work()
        assert desk.sent() == []
        desk.later(minutes=1)
        assert is_all_accounted_for(desk)
        desk.until("2026-03-20T08:00")
        desk.work()
        assert desk.sent() == [("invitation", "sent")]


class TestPoison:
    """One bad row among many (reliability F24): a hundred in `make test`, a thousand in the long run."""

    MANY = 1000 if os.environ.get("FJORTEN_LONG_RUN") == "1" else 100
    BAD = MANY // 2

    @pytest.fixture
    def owed(self, desk: Desk) -> list[Obligation]:
        """Children owed an invitation each, all of them one adult's."""
        desk.time_for(desk.child())
        [one] = [one for one in obligations(desk) if one.kind == "invitation"]
        born = {"municipality": desk.municipality, "born_on": date(2026, 1, 5), "born_by": date(2026, 1, 5), "given_name": "IDA"}
        here = {"municipality_code": desk.municipality.code, "is_here": True, "kind": "street", "source": "prøve"}
        guardian = {"kind": "felles", "responsible_number": Adult.objects.get().number, "source": "prøve"}
        people = Person.objects.bulk_create(Person(**born) for _ in range(self.MANY - 1))
        Residence.objects.bulk_create(Residence(person=person, **here) for person in people)
        ParentalResponsibility.objects.bulk_create(ParentalResponsibility(child=person, **guardian) for person in people)
        return [one, *(replace(one, key=f"{one.about}/{person.pk}", person_id=person.pk) for person in people)]

    def settled(self, desk: Desk, owed: list[Obligation]) -> tuple[int, list[tuple[int, str]]]:
        settled = settle_obligations(municipality=desk.municipality, obligations=owed, staff=desk.staff, by=JOB, at=desk.at)
        return settled.counts["queued"], [(person, type(wrong).__name__) for person, wrong in settled.failed]

    def test_an_obligation_that_cannot_be_written_down_stops_no_other(self, desk: Desk, owed: list[Obligation]) -> None:
        owed[self.BAD] = replace(owed[self.BAD], values={"begins_at": object()})  # type: ignore[dict-item]  # that is what is wrong with it
        assert self.settled(desk, owed) == (self.MANY - 1, [(owed[self.BAD].person_id, "TypeError")])

    def test_a_child_that_is_not_there_stops_no_other(self, desk: Desk, owed: list[Obligation]) -> None:
        owed[self.BAD] = replace(owed[self.BAD], person_id=0)
        assert self.settled(desk, owed) == (self.MANY - 1, [(0, "KeyError")])

    @pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL holds no date that is none")
    def test_a_child_that_cannot_be_read_stops_no_other(self, desk: Desk, owed: list[Obligation]) -> None:
        child, today = Person.objects.get(pk=owed[self.BAD].person_id), desk.at.date()
        pause_contact(person=child, from_on=today, until_on=today.replace(day=20), today=today, reason="sykehus", by=CLERK, at=desk.at)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE people_contactpause SET until_on = 'til våren'")
        assert self.settled(desk, owed) == (self.MANY - 1, [(owed[self.BAD].person_id, "TypeError")])

    def test_a_message_that_cannot_be_written_stops_no_other(self, desk: Desk, owed: list[Obligation]) -> None:
        self.settled(desk, owed)
        Message.objects.filter(person=owed[self.BAD].person_id).update(values={"begins_at": "i morgen"})
        desk.channel = gateway = Gateway()
        worked = desk.send(still_owed=lambda messages, at: {})
        assert (len(gateway.taken), worked.failed, desk.tasks()) == (self.MANY - 1, [], ["no_text"])
        assert worked.counts == {"sent": self.MANY - 1, "replaced_by_task": 1}


def test_a_family_without_a_telephone_gets_its_letter_and_no_reminder_on_paper(desk: Desk) -> None:
    desk.time_for(desk.child(a_guardian(telephone="")))
    desk.settle()
    desk.until("2026-03-27T09:00")
    desk.settle()
    desk.until("2026-03-29T09:00")
    desk.settle()
    found = sorted(Message.objects.values_list("kind", "way", "state"))
    assert found == [("invitation", "letter", "queued"), ("reminder_1_day", "sms", "lapsed"), ("reminder_3_days", "sms", "lapsed")]
    assert Message.objects.filter(state_reason="sendes ikke som brev, og familien har ikke telefon eller e-post").count() == 2
    assert (desk.tasks(), is_all_accounted_for(desk)) == ([], True)


def test_two_guardians_one_of_them_on_paper_are_reminded_where_one_can_be(desk: Desk) -> None:
    desk.time_for(desk.child(a_guardian(), a_guardian(telephone="", nth=1)))
    desk.work()
    desk.until("2026-03-27T09:00")
    desk.work()
    assert sorted(Message.objects.values_list("kind", "way")) == [
        ("invitation", "letter"),
        ("invitation", "sms"),
        ("reminder_3_days", "sms"),
    ]
    assert is_all_accounted_for(desk)
