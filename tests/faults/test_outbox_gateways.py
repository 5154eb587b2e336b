"""
The real outbox against gateways that do everything a gateway can do wrong (reliability F8 and F15).

About 50 messages on each database in `make test`, at least 7,000 in `make faults` (FJORTEN_LONG_RUN), and letters through SvarUt, which
are dear to write: 5 and 500. Receipts come disordered, doubled or not at all; of a letter the gateway tells when it is asked. Afterwards
the stand-in's own book is held against the outbox: nobody was told twice, nobody is lost, and nobody whose message the gateway never took
counts as told. The counts are printed.
"""

import os
from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from django.db import connection

from fjorten.audit.trail import broken_links
from fjorten.messages.actions.receipts import ask_about_letters, take_receipt
from fjorten.messages.carriers import Carriers
from fjorten.messages.channels.interface import Delivery, Heard, Patience, Receipt
from fjorten.messages.models import Attempt, ContactTask, Message, Way
from fjorten.messages.queries import messages_in_the_air, unaccounted_obligations
from tests.counterparties import pswincom, sveve
from tests.counterparties.misbehaviour import Misbehaviour, Taken, by_chance, told_of
from tests.counterparties.rigs import RIGS, Rig
from tests.faults.outboxes import AT, JOB, Worker, a_clinic, ends, families, invitations, lost
from tests.letters import needs_letters

LONG = os.environ.get("FJORTEN_LONG_RUN") == "1"
MESSAGES = 1_800 if LONG else 12
LETTERS = 500 if LONG else 5
SEED = int(os.environ.get("FJORTEN_SEED", "14"))
# Short: a gateway that says nothing is waited for in earnest.
PATIENCE = Patience(connect_seconds=2, read_seconds=0.25, whole_answer_seconds=0.5)
ROUNDS = [timedelta(minutes=minutes) for minutes in (0, 2, 7, 8, 16, 22, 40, 90, 180, 300, 24 * 60, 25 * 60, 26 * 60)]
# Letters take days: they are asked about, and after the days a letter takes a person is.
LETTER_ROUNDS = [*ROUNDS, *(timedelta(days=9, hours=hours) for hours in (0, 7))]
DELIVERED_OF_TAKEN = 0.9
# An invitation is two submits over SMPP, and each is a new chance to go wrong: more of them go well, so that some messages do.
AMONG = {"smpp": (*Misbehaviour, *[Misbehaviour.BEHAVES] * 12)}

pytestmark = pytest.mark.faults


def reports_of_sveve(rig: Rig, taken: Taken, *, delivered: bool) -> list[Heard]:
    return list(rig.channel.heard_in(sveve.report_of(taken, delivered=delivered)))


def reports_of_pswincom(rig: Rig, taken: Taken, *, delivered: bool) -> list[Heard]:
    return list(rig.channel.heard_in(pswincom.report_of(taken, state="DELIVRD" if delivered else "UNDELIV")))


def reports_of_smpp(rig: Rig, taken: Taken, *, delivered: bool) -> list[Heard]:
    rig.channel.listen(0.01)  # bound, whatever happened before
    rig.stand_in.report(taken, state="DELIVRD" if delivered else "UNDELIV")
    before = len(rig.heard)
    rig.channel.listen(0.02)
    return rig.heard[before:]


def no_reports(rig: Rig, taken: Taken, *, delivered: bool) -> list[Heard]:
    return []


def told_when_asked(rig: Rig, taken: Taken, *, delivered: bool) -> list[Heard]:
    rig.stand_in.statuses[taken.key] = "LEST" if delivered else "IKKE_LEVERT"
    return []


CHANNELS: dict[str, tuple[Way, Callable[..., list[Heard]]]] = {
    "sveve": (Way.SMS, reports_of_sveve),
    "pswincom": (Way.SMS, reports_of_pswincom),
    "smpp": (Way.SMS, reports_of_smpp),
    "smtp": (Way.EMAIL, no_reports),
    "svarut": (Way.LETTER, told_when_asked),
}


class Night:
    """One gateway on a bad day: what it did, and what it said of it afterwards."""

    def __init__(self, name: str, rig: Rig, worker: Worker) -> None:
        self.name, self.rig, self.worker = name, rig, worker
        self.chance = Random(f"{SEED}/{name}")
        self.said_delivered: set[str] = set()
        self.receipts = 0
        self.is_told_of: set[str] = set()

    def go(self) -> None:
        begun = self.worker.at
        for number, later in enumerate(LETTER_ROUNDS if self.name == "svarut" else ROUNDS):
            self.worker.at = begun + later
            assert self.worker.round() == []
            begun += self.wait_for_the_rest()
            if number in (2, 6, 9):
                self.report()
            if self.name == "svarut" and later.days:
                self.ask()

    def wait_for_the_rest(self) -> timedelta:
        """Send until all has been tried: a gateway that has fallen silent is left alone for a while, and nobody is woken. Tells how long."""
        since = self.worker.at
        untried = Message.objects.filter(state="queued", attempts__isnull=True).exclude(way=Way.LETTER)
        while self.worker.send().counts["left_in_the_queue"] or untried.exists():
            self.worker.at += timedelta(minutes=2)
        return self.worker.at - since

    def ask(self) -> None:
        """Ask what became of the letters, as is done every night."""
        told = {"municipality": self.worker.municipality, "staff": self.worker.staff(), "by": JOB, "at": self.worker.at}
        assert ask_about_letters(carriers=self.worker.carriers, **told).failed == []

    def report(self) -> None:
        """Tell of what was taken since the last time, as a bad night would."""
        _, reports = CHANNELS[self.name]
        new = [one for one in told_of(self.rig.stand_in.book, seed=self.chance.randrange(10**6)) if one.reference not in self.is_told_of]
        self.is_told_of |= {one.reference for one in self.rig.stand_in.book.taken}
        for taken in new:
            # Doubled receipts may contradict each other: a centre that gave up, and a telephone that got it all the same.
            delivered = self.chance.random() < DELIVERED_OF_TAKEN
            if delivered and self.name == "svarut":
                self.said_delivered.add(taken.key)
            for heard in reports(self.rig, taken, delivered=delivered):
                assert isinstance(heard, Receipt)
                if heard.delivery is Delivery.DELIVERED:
                    self.said_delivered.add(taken.key)
                self.take(heard)

    def take(self, receipt: Receipt) -> None:
        self.receipts += 1
        told = {"municipality": self.worker.municipality, "staff": self.worker.staff(), "by": JOB, "at": self.worker.at}
        take_receipt(gateway=self.rig.channel.name, receipt=receipt, **told)


@pytest.mark.parametrize("name", [pytest.param(name, marks=needs_letters if name == "svarut" else ()) for name in CHANNELS])
def test_nobody_is_told_twice_and_nobody_is_lost(own_database: None, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    way, _ = CHANNELS[name]
    clinic = a_clinic()
    owed = invitations(clinic, families(clinic, LETTERS if way == Way.LETTER else MESSAGES, way=way))
    with RIGS[name](by_chance(SEED, AMONG.get(name, tuple(Misbehaviour))), PATIENCE) as rig:
        others = {Way.SMS: {}, Way.EMAIL: {"email": rig.channel}, Way.LETTER: {"letters": rig.channel}}
        carriers = Carriers(sms=rig.channel, **others[way])
        night = Night(name, rig, Worker(clinic.municipality, carriers, owed))
        night.go()
        book, key_in_book = rig.stand_in.book, rig.key_in_book
        in_the_air = list(messages_in_the_air(municipality=clinic.municipality, at=night.worker.at))
        before = ends()
        night.worker.round()
        assert ends() == before, "one more round changes nothing"

    times = book.times()
    rows = list(Message.objects.filter(way=way).prefetch_related("attempts", "tasks", "followed_by"))
    doubled = [key for key, count in times.items() if count > 1]
    never_taken = [row for row in rows if not times[_book_key(row, key_in_book)]]
    wrongly_told = [row for row in never_taken if row.state in ("delivered", "sent")]
    with capsys.disabled():
        print(
            f"\n{connection.vendor}, {name}: {len(rows)} messages, {Attempt.objects.count()} sends, {night.receipts} receipts, seed {SEED}"
        )
        print(f"  taken {sum(times.values())}, doubled {len(doubled)}, lost {len(lost(owed))}, told wrongly {len(wrongly_told)}")
        print("  " + ", ".join(f"{end} {count}" for end, count in sorted(before.items())))
    assert len(rows) == len(owed)
    assert doubled == []
    assert lost(owed) == []
    assert wrongly_told == []
    assert in_the_air == []
    assert unaccounted_obligations(municipality=clinic.municipality, obligations=owed, at=night.worker.at) == []
    for row in rows:
        has_task = {task.reason for task in row.tasks.all()}
        match row.state:
            case "delivered":
                assert _book_key(row, key_in_book) in night.said_delivered
            case "sent":
                assert way == Way.EMAIL or has_task == {"no_receipt"}
            case "uncertain":
                assert has_task == {"uncertain"}
            case "failed":
                assert has_task >= {"not_delivered"} or [one.way for one in row.followed_by.all()] == ["letter"]
            case other:
                raise AssertionError(other)
    assert set(ContactTask.objects.values_list("done_at", flat=True)) <= {None}, "nothing closes by itself"
    assert list(broken_links(clinic.municipality.code)) == []


def _book_key(row: Message, key_in_book: Callable[..., str]) -> str:
    attempt = row.attempts.all()[0]

    class Sent:
        key, to = attempt.idempotency_key, row.sent_to

    return key_in_book(Sent)


@pytest.mark.django_db
def test_where_nothing_goes_wrong_everybody_is_told_once() -> None:
    clinic = a_clinic()
    owed = invitations(clinic, families(clinic, 20))
    with RIGS["sveve"]() as rig:
        worker = Worker(clinic.municipality, Carriers(sms=rig.channel), owed)
        assert [worker.round(), worker.round()] == [[], []]
        for taken in rig.stand_in.book.taken:
            for heard in reports_of_sveve(rig, taken, delivered=True):
                take_receipt(municipality=clinic.municipality, gateway="sveve", receipt=heard, staff=worker.staff(), by=JOB, at=AT)
        assert set(rig.stand_in.book.times().values()) == {1}
    assert ends() == {"sms delivered": 20}
