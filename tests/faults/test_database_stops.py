"""
A PostgreSQL server that is stopped in the middle of work, and connections that are cut in the middle of transactions (F4, F5).

Clerks give times and families are told of them, each in a process of its own; what a clerk was told was done is written to a file. The
server is stopped at once, as if its processes were killed, and started again; nobody else is. Afterwards every acknowledged change is there,
everybody is at work again, no message was sent twice, and nobody is lost.

2 stops and 5 cuts in `make test`, 50 and 300 in `make faults` (FJORTEN_LONG_RUN). The counts and the seed are printed, and how long it took
until everybody was at work again; what is asserted of that is only that it ends.
"""

import argparse
import json
import os
import signal
import sys
import time as clock
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
import time_machine
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django_tasks_db.models import DBTaskResult

from fjorten.appointments.actions.booking import book, move_by_family
from fjorten.appointments.actions.outcomes import cancel_by_clinic
from fjorten.appointments.models import Appointment, AppointmentEvent, Hold
from fjorten.appointments.slots import FreeSlot
from fjorten.audit.models import AuditEvent
from fjorten.audit.trail import broken_links
from fjorten.cli import worker
from fjorten.cli.tasks import wake
from fjorten.kernel.refusals import Refused
from fjorten.ledger.owed import all_obligations
from fjorten.messages.carriers import Carriers
from fjorten.messages.channels.file_outbox import FileOutbox
from fjorten.messages.models import Attempt, ContactTask, Message
from fjorten.messages.queries import unaccounted_obligations
from fjorten.nightly.stages import BY_DAY
from fjorten.organisation.actions import open_municipality
from fjorten.organisation.models import Clinic
from fjorten.plans.models import PlannedStep
from tests.counterparties.sveve import PASSWORD, SveveStandIn
from tests.factories.clinic import AT, LEADER, NURSE, StaffedClinic, a_staffed_clinic, an_enrolled_child
from tests.factories.family import a_guardian, family_of
from tests.factories.night import a_night
from tests.faults.outboxes import telephone
from tests.faults.servers import StoppableServer, a_server_to_stop
from tests.faults.test_booking_race import overlaps
from tests.faults.test_workers import undone_afterwards

LONG = os.environ.get("FJORTEN_LONG_RUN") == "1"
STOPS = 50 if LONG else 2
CUTS = 300 if LONG else 5
CLERKS = 4 if LONG else 2
CHILDREN = 60 if LONG else 8
SEED = int(os.environ.get("FJORTEN_SEED", "14"))
STEPS = ("C04_M3", "C05_M4", "C06_M5")
PAUSE_SECONDS = 0.2 if LONG else 0.05
_PATIENCE_SECONDS = 90
WORKERS = ("with keys", "without keys")

pytestmark = pytest.mark.faults


@dataclass
class Clerk:
    """
    Somebody who gives, moves and cancels times all day long. Before each thing they do, connections that are of no use are let go of, as it
    is before every request to a page; nothing else is done about a database that is away.
    """

    here: StaffedClinic
    number: int
    folder: Path

    def begin(self) -> None:
        self.random = Random(f"{SEED}/{self.number}")
        self.steps = list(PlannedStep.objects.filter(step__in=STEPS).order_by("pk"))

    def work(self) -> None:
        self.begin()
        with (self.folder / f"clerk-{self.number}.jsonl").open("a", encoding="utf-8", buffering=1) as told:
            while not (self.folder / "enough").exists():
                close_old_connections()
                (act,) = self.random.choices([self.book, self.move, self.cancel], [6, 2, 2])
                answer: dict[str, object] = {"act": act.__name__}
                try:
                    answer["done"] = act()
                except Refused as refused:
                    answer["refused"] = type(refused).__name__
                except (OperationalError, InterfaceError) as away:
                    answer["away"] = type(away).__name__
                except Exception:
                    answer["error"] = traceback.format_exc()
                told.write(json.dumps({**answer, "at": clock.monotonic()}) + "\n")
                clock.sleep(PAUSE_SECONDS)

    def book(self) -> list[tuple[int, str]]:
        row = book(planned_step=self.random.choice(self.steps), slot=self.slot(), by=NURSE, at=AT)
        if not DBTaskResult.objects.ready().exists():
            wake(self.here.municipality.code)
        return [(row.pk, "offered")]

    def move(self) -> list[tuple[int, str]]:
        old = self.one_of_them()
        new = move_by_family(appointment=old, slot=self.slot(), by=NURSE, at=AT)
        return [(old.pk, "moved_by_family"), (new.pk, "offered")]

    def cancel(self) -> list[tuple[int, str]]:
        row = self.one_of_them()
        cancel_by_clinic(appointment=row, by=NURSE, at=AT)
        return [(row.pk, "cancelled_by_clinic")]

    def one_of_them(self) -> Appointment:
        newest = list(Appointment.objects.still_open().order_by("-pk")[:20])
        if not newest:
            raise NothingThere
        return self.random.choice(newest)

    def slot(self) -> FreeSlot:
        day = date(2026, 3, 16) + timedelta(days=self.random.choice([0, 1, 2, 3, 4, 7, 8, 9, 10, 11]))
        who, where = self.random.choice([(self.here.nurse, self.here.room), (self.here.other_nurse, self.here.other_room)])
        return self.here.slot(f"{day} {self.random.randrange(8, 15):02}:{self.random.choice([0, 30]):02}", employee=who, room=where)


class NothingThere(Refused):
    """There is no appointment to do anything with."""

    sentence = "Ingen timer ennå."


def in_a_process(work: Callable[[], int]) -> int:
    """Do something in a process of its own; gives its number."""
    connection.close()
    child = os.fork()
    if child:
        return child
    status = 70
    try:
        status = work()
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
    finally:
        os._exit(status)


def a_worker(folder: Path, name: str, outside: dict[str, str]) -> Callable[[], int]:
    """The worker as the command runs it, with settings of its own, at nine in the morning of the trial's day."""

    def work() -> int:
        settings.OUTSIDE, settings.HOME = outside, folder
        os.environ["PGAPPNAME"] = name
        with (folder / f"{name}.log").open("a", encoding="utf-8", buffering=1) as sys.stderr, time_machine.travel(AT, tick=True):
            return worker.run(argparse.Namespace(once=False))

    return work


@dataclass
class Load:
    """Everybody at work, and what can be seen of them from outside."""

    folder: Path
    clerks: list[int] = field(default_factory=list)
    workers: list[int] = field(default_factory=list)
    slowest: dict[str, float] = field(default_factory=Counter)

    def answers(self) -> Iterator[tuple[int, dict]]:
        for number in range(CLERKS):
            file = self.folder / f"clerk-{number}.jsonl"
            for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else []:
                yield number, json.loads(line)

    def is_back(self, server: StoppableServer, since: float) -> None:
        """Wait until every clerk has been told again that something is done, and the workers ask the database again."""

        def clerks() -> bool:
            return {number for number, answer in self.answers() if answer["at"] > since and "done" in answer} == set(range(CLERKS))

        self.soon("the clerks", clerks, since)
        self.soon("the workers", lambda: server.who_is_there() >= set(WORKERS), since)

    def does_what_it_is_asked(self) -> None:
        """Wait until a worker has done what was put in its queue just now, behind whatever it is doing."""
        close_old_connections()
        wake("9901")
        task = DBTaskResult.objects.order_by("-enqueued_at")[0]
        self.soon("a worker", lambda: DBTaskResult.objects.filter(pk=task.pk, status="SUCCESSFUL").exists(), clock.monotonic())

    def soon(self, who: str, are_back: Callable[[], bool], since: float) -> None:
        while not are_back():
            for process in (*self.clerks, *self.workers):
                assert os.waitpid(process, os.WNOHANG) == (0, 0), "nobody has to be started again"
            assert clock.monotonic() - since < _PATIENCE_SECONDS, f"{who} did not come back"
            clock.sleep(0.05)
        self.slowest[who] = max(self.slowest[who], clock.monotonic() - since)

    def end(self) -> None:
        """Let everybody finish what they have in hand; each ends by itself."""
        (self.folder / "enough").touch()
        for process in self.workers:
            os.kill(process, signal.SIGTERM)
        for process in (*self.clerks, *self.workers):
            assert os.waitpid(process, 0)[1] == 0


@contextmanager
def everybody_at_work(here: StaffedClinic, folder: Path, gateway: SveveStandIn) -> Iterator[Load]:
    """Clerks, a worker whose gateway takes keys (files), and one whose gateway takes none."""
    password = folder / "passord"
    password.write_text(PASSWORD, encoding="utf-8")
    sveve = {
        "FJORTEN_SMS": "sveve",
        "FJORTEN_SMS_ADDRESS": gateway.address,
        "FJORTEN_SMS_USER": "bruker",
        "FJORTEN_SMS_PASSWORD_FILE": str(password),
        "FJORTEN_SMS_SENDER": "Fjordvik",
    }
    load = Load(folder)
    try:
        for number in range(CLERKS):
            load.clerks.append(in_a_process(lambda number=number: Clerk(here, number, folder).work() or 0))
        for name, outside in zip(WORKERS, ({}, sveve), strict=True):
            load.workers.append(in_a_process(a_worker(folder, name, outside)))
        load.does_what_it_is_asked()
        yield load
    except BaseException:
        for process in (*load.clerks, *load.workers):
            os.kill(process, signal.SIGKILL)
        raise
    load.end()


def stopped(server: StoppableServer, load: Load, chance: Random) -> None:
    for _ in range(STOPS):
        clock.sleep(chance.uniform(0.1, 1))
        server.stop()
        clock.sleep(chance.uniform(0, 0.3))
        server.start()
        load.is_back(server, clock.monotonic())


def cut(server: StoppableServer, load: Load, chance: Random) -> None:
    cuts = 0
    while cuts < CUTS:
        clock.sleep(chance.uniform(0, 0.1))
        cuts += server.cut_one()
    load.is_back(server, clock.monotonic())


def test_what_was_acknowledged_is_there_and_everybody_works_on(
    django_db_setup: None, django_db_blocker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no server to stop; processes that die with it are tried in the other trials")
    with django_db_blocker.unblock(), a_server_to_stop() as server, SveveStandIn() as gateway:
        here = a_staffed_clinic(open_municipality(code="9901", name="Prøve", by=LEADER, at=AT), has_rosters=False)
        Clinic.objects.update(telephone="00 00 00 00", visiting_address="Torget 1, Fjordvik")
        here.clinic.refresh_from_db()
        for number in range(CHILDREN):
            child = an_enrolled_child(here, born_on=date(2026, 1, 1) + timedelta(days=number % 8))
            family_of(child.person, a_guardian(telephone=telephone(number), nth=number))
        with everybody_at_work(here, tmp_path, gateway) as load:
            chance, back = Random(SEED), dict[str, str]()
            for fault in (cut, stopped):
                load.slowest.clear()
                fault(server, load, chance)
                load.does_what_it_is_asked()
                back[fault.__name__] = ", ".join(f"{who} after at most {seconds:.1f} s" for who, seconds in load.slowest.items())
        finish(here, tmp_path)

        answers = [answer for _, answer in load.answers()]
        errors = [answer["error"] for answer in answers if "error" in answer]
        acknowledged = {(pk, state) for answer in answers for pk, state in answer.get("done", [])}
        there = changes()
        missing = acknowledged - there
        taken = Counter([*gateway.book.times().elements(), *(file.stem for file in (tmp_path / "outbox").glob("*.json"))])
        doubled = [key for key, times in taken.items() if times > 1]
        keys = dict(Attempt.objects.order_by("number").values_list("message_id", "idempotency_key"))
        rows = list(Message.objects.exclude(adult=None))
        told_wrongly = [row.pk for row in rows if row.state in ("sent", "delivered") and keys[row.pk] not in taken]
        forgotten = set(taken) - {keys[pk] for pk in Message.objects.that_may_have_told().values_list("pk", flat=True) if pk in keys}
        tasks = set(ContactTask.objects.values_list("message_id", flat=True))
        lost = [row.pk for row in rows if row.state in ("uncertain", "failed") and row.pk not in tasks]
        states = Counter(row.state for row in rows)
        away = sum("away" in answer for answer in answers)
        seen_by_workers = sum(
            (tmp_path / f"{name}.log").read_text().count("Databasen svarer ikke") for name in ("with keys", "without keys")
        )
        begun = datetime(2026, 1, 1, tzinfo=UTC)
        at = AT + timedelta(hours=3)
        unaccounted = unaccounted_obligations(
            municipality=here.municipality, obligations=list(all_obligations(municipality=here.municipality, since=begun, at=at)), at=at
        )
        with capsys.disabled():
            print(f"\nPostgreSQL under load, seed {SEED}")
            print(f"  F5, {CUTS} connections cut in a transaction; back at work: {back['cut']}")
            print(f"  F4, {STOPS} immediate stops, each started again; back at work: {back['stopped']}")
            print(f"  {len(answers)} actions, {len(acknowledged)} changes acknowledged, {len(there - acknowledged)} kept without a word")
            print(f"  refused for want of a database: clerks {away}, workers {seen_by_workers}; lost of the acknowledged {len(missing)}")
            print(f"  {len(taken)} messages taken, doubled {len(doubled)}, lost {len(lost) + len(unaccounted)}; {dict(states)}")
        assert errors == [], errors[0]
        assert missing == set()
        assert len(acknowledged) > 0 and away + seen_by_workers > 0
        assert doubled == []
        assert (told_wrongly, forgotten, lost, unaccounted) == ([], set(), [], [])
        assert states.keys() <= {"sent", "delivered", "uncertain", "failed", "lapsed"}
        assert overlaps(list(Hold.objects.all())) == []
        new = AppointmentEvent.objects.filter(from_state="").count()
        booked = AuditEvent.objects.filter(action__in=["appointment.booked", "appointment.moved_by_family"]).count()
        assert new == booked == Appointment.objects.count(), "never a change without a trail, or a trail without a change"
        assert list(broken_links("9901")) == []


def finish(here: StaffedClinic, folder: Path) -> None:
    """Let one worker that nobody disturbs put things in order; what was cut off is found out about after a quarter of an hour."""
    for minutes in (60, 80, 100, 120):
        at = AT + timedelta(minutes=minutes)
        night = a_night(here, folder, at=at, since=datetime(2026, 1, 1, tzinfo=UTC), carriers=Carriers(sms=FileOutbox(folder / "outbox")))
        for stage in BY_DAY.values():
            assert stage(night).failures == ()


def changes() -> set[tuple[int, str]]:
    """Everything that was ever said of an appointment."""
    return set(AppointmentEvent.objects.values_list("appointment_id", "to_state"))


@pytest.mark.django_db
def test_a_change_that_was_told_and_then_undone_is_missed(tmp_path: Path) -> None:
    here = a_staffed_clinic(open_municipality(code="9901", name="Prøve", by=LEADER, at=AT), has_rosters=False)
    an_enrolled_child(here)
    clerk = Clerk(here, 1, tmp_path)
    clerk.begin()
    kept = clerk.book()
    with undone_afterwards():
        undone = clerk.cancel()
        assert {*kept, *undone} <= changes()
    assert {*kept, *undone} - changes() == {*undone}
