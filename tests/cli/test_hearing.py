"""What a message centre tells the worker over the connection it keeps open: receipts and messages from families, kept where they belong."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
import time_machine
from django.db import OperationalError, connection
from smpplib import consts

from fjorten.appointments.models import Appointment
from fjorten.audit.models import AuditEvent
from fjorten.cli.hearing import keep_heard
from fjorten.cli.rounds import round_of
from fjorten.messages.carriers import Carriers
from fjorten.messages.channels.interface import Incoming
from fjorten.messages.channels.smpp import Smpp
from fjorten.messages.models import Attempt, ContactTask, IncomingMessage, Message
from fjorten.organisation.actions import open_municipality
from fjorten.organisation.models import Clinic, Municipality
from fjorten.people.actions.families import record_adult, record_contact_point
from fjorten.people.models import ContactPoint
from tests.counterparties.message_centre import PASSWORD, MessageCentreStandIn
from tests.counterparties.misbehaviour import BEHAVING, Misbehaviour, Plan, Taken
from tests.counterparties.rigs import PATIENT
from tests.factories.clinic import AT, a_staffed_clinic
from tests.factories.family import a_guardian
from tests.factories.night import a_child_with_a_time
from tests.faults.outboxes import JOB, Worker, a_clinic, families, invitations

pytestmark = pytest.mark.django_db

SILENCE = 0.05
KEPT, COME_AGAIN = consts.SMPP_ESME_ROK, consts.SMPP_ESME_RX_T_APPN


@dataclass
class Line:
    """A worker, the connection it keeps open, and the centre at the other end of it."""

    centre: MessageCentreStandIn
    channel: Smpp
    worker: Worker

    def send(self) -> list[Taken]:
        """Send what is due; gives what the centre has taken so far, in order."""
        assert self.worker.round() == []
        return self.centre.book.taken

    def hear(self) -> list[int]:
        """Hear what there is to hear; gives what the centre was answered to all it has told so far."""
        self.channel.listen(SILENCE)
        # Before it listens it asks whether the centre is there; whoever answers that has read all we said before.
        self.channel.listen(SILENCE)
        return self.centre.answers


@pytest.fixture(autouse=True)
def at_nine() -> Iterator[None]:
    with time_machine.travel(AT, tick=True):
        yield


@contextmanager
def a_channel(centre: MessageCentreStandIn) -> Iterator[Smpp]:
    channel = Smpp("127.0.0.1", centre.port, user="b", password=lambda: PASSWORD, sender="26112", keep=keep_heard, patience=PATIENT)
    yield channel
    channel.close()


@contextmanager
def a_line(many: int = 1, plan: Plan = BEHAVING) -> Iterator[Line]:
    clinic = a_clinic()
    owed = invitations(clinic, families(clinic, many))
    with MessageCentreStandIn(plan) as centre, a_channel(centre) as channel:
        yield Line(centre, channel, Worker(clinic.municipality, Carriers(sms=channel), owed))


def states() -> list[tuple[str, str]]:
    return [(row.way, row.state) for row in Message.objects.order_by("pk")]


def told() -> int:
    return AuditEvent.objects.filter(action__in=["message.delivered", "message.failed"]).count()


def test_a_receipt_reaches_its_message() -> None:
    with a_line(2) as line:
        first, second = line.send()
        line.centre.report(second)
        assert line.hear() == [KEPT]
        delivered = Attempt.objects.get(message__state="delivered")
        assert delivered.reference == second.reference
        line.centre.report(first, state="UNDELIV")
        assert line.hear() == [KEPT, KEPT]
    assert sorted(states()) == [("letter", "queued"), ("sms", "delivered"), ("sms", "failed")]


def test_doubled_receipts_are_news_once() -> None:
    with a_line() as line:
        [taken] = line.send()
        for _ in range(3):
            line.centre.report(taken)
        assert line.hear() == [KEPT] * 3
    assert (states(), told()) == ([("sms", "delivered")], 1)


@pytest.mark.parametrize(
    ("said", "end"),
    [
        (["DELIVRD", "ENROUTE"], [("sms", "delivered")]),
        (["DELIVRD", "EXPIRED"], [("sms", "delivered")]),
        (["EXPIRED", "DELIVRD"], [("sms", "delivered"), ("letter", "lapsed")]),
        (["ENROUTE", "UNKNOWN"], [("sms", "sent")]),
        (["UNDELIV", "ENROUTE", "UNDELIV"], [("sms", "failed"), ("letter", "queued")]),
    ],
)
def test_receipts_in_any_order_end_as_if_they_had_come_in_theirs(said: list[str], end: list[tuple[str, str]]) -> None:
    with a_line() as line:
        [taken] = line.send()
        for state in said:
            line.centre.report(taken, state=state)
        assert line.hear() == [KEPT] * len(said)
    assert states() == end


def test_a_receipt_of_nothing_we_sent_is_let_go_and_changes_nothing() -> None:
    with a_line() as line:
        line.send()
        events = AuditEvent.objects.count()
        line.centre.report(Taken("x", "999999", "4700009999", "til noen andre"))
        assert line.hear() == [KEPT]
    assert (states(), AuditEvent.objects.count()) == ([("sms", "sent")], events)


def test_a_receipt_that_overtakes_our_own_note_of_the_message_is_told_again() -> None:
    """Two processes share the account: the one that hears the receipt may not know yet what the other was answered."""
    with a_line() as line:
        [taken] = line.send()
        Attempt.objects.update(outcome="", finished_at=None, reference="")
        Message.objects.update(state="in_hand")
        line.centre.report(taken)
        assert line.hear() == [COME_AGAIN]
        Attempt.objects.update(outcome="accepted", finished_at=AT, reference=taken.reference)
        Message.objects.update(state="sent")
        line.centre.report(taken)
        assert line.hear() == [COME_AGAIN, KEPT]
    assert states() == [("sms", "delivered")]


def test_what_families_write_is_kept_beside_what_it_answers() -> None:
    with a_line(2) as line:
        line.send()
        line.centre.send_in("4700000001", "1")
        line.centre.send_in("4700000099", "Hvem er dette?")
        assert line.hear() == [KEPT, KEPT]
    answer, question = IncomingMessage.objects.order_by("pk")
    assert (answer.meaning, answer.answers.sent_to, answer.gateway) == ("coming", "+4700000001", "smpp")
    assert (question.from_number, question.answers, question.person) == ("+4700000099", None, None)
    assert question.handled_at is None, "somebody reads it"


def test_a_receipt_and_an_answer_go_to_the_municipality_whose_message_it_is() -> None:
    other = open_municipality(code="9902", name="Naboen", by=JOB, at=AT)
    with a_line(1) as line:
        [taken] = line.send()
        line.centre.report(taken)
        line.centre.send_in("4700000000", "2")
        assert line.hear() == [KEPT] * 2
    assert states() == [("sms", "delivered")]
    [incoming] = IncomingMessage.objects.all()
    assert (incoming.municipality.code, incoming.from_number) == ("9901", "+4700000000")
    assert not AuditEvent.objects.filter(municipality_code=other.code, action__startswith="message.").exists()


def test_what_nobody_asked_for_goes_to_whoever_has_the_number_noted_and_else_to_the_first_municipality() -> None:
    open_municipality(code="9902", name="Den første her", by=JOB, at=AT)
    with a_line(1) as line:
        noted = record_adult(municipality=line.worker.municipality, name="Far Prøve", by=JOB, at=AT)
        record_contact_point(
            adult=noted, kind=ContactPoint.Kind.TELEPHONE, value="+4700000077", source=ContactPoint.Source.FAMILY, by=JOB, at=AT
        )
        line.send()  # which opens the connection
        line.centre.send_in("4700000077", "Når er timen?")
        line.centre.send_in("4700000099", "Feil nummer?")
        assert line.hear() == [KEPT] * 2
    rows = IncomingMessage.objects.order_by("pk").values_list("from_number", "municipality__code", "handled_at")
    assert list(rows) == [("+4700000077", "9901", None), ("+4700000099", "9902", None)]


def test_where_there_is_no_municipality_nobody_can_keep_it() -> None:
    keep_heard(Incoming(reference="1", from_number="+4700000099", text="Hallo?"))
    assert not IncomingMessage.objects.exists()


def test_a_connection_that_breaks_is_made_anew_and_everything_comes_through() -> None:
    with a_line(3) as line:
        line.worker.owed, later = line.worker.owed[:1], line.worker.owed
        [first] = line.send()
        line.centre.hang_up()
        assert line.hear() == [], "nothing to hear, and nothing goes wrong"
        line.worker.owed = later
        line.centre.hang_up()
        taken = line.send()
        assert [one.key for one in taken] == ["4700000000", "4700000001", "4700000002"]
        assert line.centre.binds >= 3
        for one in taken:
            line.centre.report(one)
        line.centre.report(first)
        assert line.hear() == [KEPT] * 4
    assert states() == [("sms", "delivered")] * 3


def test_a_connection_cut_before_we_answered_lets_the_centre_tell_it_again() -> None:
    with a_line() as line:
        [taken] = line.send()
        line.centre.report(taken)
        line.centre.hang_up()
        line.hear()
        line.hear()
        line.centre.report(taken)
        line.hear()
    assert (states(), told()) == ([("sms", "delivered")], 1)


def test_a_receipt_that_comes_in_the_middle_of_a_submit_is_kept_and_the_submit_answered() -> None:
    line: Line

    def plan(number: str) -> Misbehaviour:
        for one in line.centre.book.taken:
            line.centre.report(one)
        return Misbehaviour.BEHAVES

    with a_line(2, plan) as line:
        line.send()
        line.hear()
        assert states() == [("sms", "delivered"), ("sms", "sent")]
        assert line.centre.answers and set(line.centre.answers) <= {KEPT, COME_AGAIN}


@contextmanager
def the_database_away() -> Iterator[None]:
    def away(execute: Callable[..., object], sql: str, params: object, many: bool, context: object) -> object:
        raise OperationalError("the server closed the connection unexpectedly")

    with connection.execute_wrapper(away):
        yield


def test_what_cannot_be_kept_because_the_database_is_away_is_told_again() -> None:
    with a_line() as line:
        [taken] = line.send()
        with the_database_away():
            line.centre.report(taken)
            line.centre.send_in("4700000000", "2")
            assert line.hear() == [COME_AGAIN] * 2
        assert (states(), IncomingMessage.objects.count()) == ([("sms", "sent")], 0)
        line.centre.report(taken)
        line.centre.send_in("4700000000", "2")
        assert line.hear()[2:] == [KEPT] * 2
    assert (states(), IncomingMessage.objects.count()) == ([("sms", "delivered")], 1)


def test_a_round_of_the_worker_hears_first_and_does_what_the_family_asked(municipality: Municipality) -> None:
    here = a_staffed_clinic(municipality)
    Clinic.objects.update(telephone="00 00 00 00", visiting_address="Torget 1, Fjordvik")
    a_child_with_a_time(here, "2026-03-30 09:00", a_guardian())
    a_child_with_a_time(here, "2026-03-30 10:00", a_guardian(telephone="+4700000002", nth=1))
    with MessageCentreStandIn() as centre, a_channel(centre) as channel:
        carriers = Carriers(sms=channel)
        assert round_of(municipality, carriers, settle=True)["sent"] == 2
        for taken in centre.book.taken:
            centre.report(taken)
        centre.send_in("4700000001", "1")
        centre.send_in("4700000002", "Vi er bortreist da")
        round_of(municipality, carriers, settle=True)
        assert centre.answers == [KEPT] * 4
        assert sorted(Appointment.objects.values_list("state", flat=True)) == ["confirmed", "offered"]
        assert set(Message.objects.filter(kind="invitation").values_list("state", flat=True)) == {"delivered"}
        assert set(ContactTask.objects.values_list("reason", flat=True)) == {"wrote_something"}
        assert [one.to for one in centre.book.taken[2:]] == ["4700000001"], "and the one who comes is told that we know"
