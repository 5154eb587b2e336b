"""
Two to eight workers send the same outbox at once and are killed wherever they happen to be, also while a gateway has the message in hand.

About 6 kills for each kind of gateway and database in `make test`, at least 300 in `make faults` (FJORTEN_LONG_RUN). The gateway stands
outside and counts. One that takes keys: nobody lost, nobody told twice. One that takes none: nobody told twice, and everybody whose message
was cut off stands with a task. Then the same, statement by statement: whatever is stopped is rolled back or can be gone on with.
"""

import json
import os
import signal
import threading
import time as clock
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction

from fjorten.audit.models import AuditEvent
from fjorten.audit.trail import broken_links
from fjorten.messages.carriers import Carriers
from fjorten.messages.channels.interface import Channel, Handover, Parcel
from fjorten.messages.channels.sveve import Sveve
from fjorten.messages.models import Attempt, ContactTask, Message
from fjorten.people.models import Person
from tests.counterparties import sveve
from tests.counterparties.sveve import SveveStandIn
from tests.counterparties.web import Reply, Request
from tests.faults.kills import _Counter
from tests.faults.outboxes import AT, Worker, a_clinic, ends, families, invitations, lost, telephone
from tests.messages.gateway import Gateway

KILLS = 300 if os.environ.get("FJORTEN_LONG_RUN") == "1" else 6
EVERY = 1 if os.environ.get("FJORTEN_LONG_RUN") == "1" else 4  # of the statements a round can stop at
SEED = int(os.environ.get("FJORTEN_SEED", "14"))
# One second is two minutes, so that a try that was cut off is found while the test runs.
FASTER = 120
STATEMENTS_AT_MOST = 500

pytestmark = pytest.mark.faults


class KeyedStandIn(SveveStandIn):
    """The same gateway, if it took keys: the same key gets its saved answer, and another text under it is an error."""

    def __init__(self) -> None:
        super().__init__()
        self.saved: dict[str, tuple[str, Reply]] = {}
        self.conflicts: list[str] = []

    def take(self, request: Request) -> Reply:
        key, said = request.said["ref"], f"{request.said['to']} {request.said['msg']}"
        if key not in self.saved:
            self.saved[key] = said, super().take(request)
        elif self.saved[key][0] != said:
            self.conflicts.append(key)
        return self.saved[key][1]


class KeyedSveve(Sveve):
    takes_keys = True


class Deadly:
    """A way to a gateway on which the worker now and then dies: before it is handed a message, or after it took it and before it said so."""

    def __init__(self, channel: Channel, chance: Random) -> None:
        self.channel, self.chance = channel, chance
        self.name, self.takes_keys, self.can_be_asked = channel.name, channel.takes_keys, channel.can_be_asked
        self.ask = channel.ask

    def hand_over(self, parcel: Parcel) -> Handover:
        self.perhaps_die()
        answer = self.channel.hand_over(parcel)
        self.perhaps_die()
        return answer

    def perhaps_die(self) -> None:
        if self.chance.random() < 0.1:
            os.kill(os.getpid(), signal.SIGKILL)


def work_until_killed(worker: Worker, channel: Channel, *, life: int, begun: float, folder: Path) -> None:
    """Work in a process of its own, until the statement comes at which it is killed, or a call in which it dies."""
    chance = Random(f"{SEED}/{life}")
    worker.carriers = Carriers(sms=Deadly(channel, chance))
    try:
        with _Counter(kill_at=chance.randrange(1, STATEMENTS_AT_MOST)):
            while True:
                worker.at = AT + timedelta(seconds=(clock.monotonic() - begun) * FASTER)
                for person, wrong in worker.round():
                    tell(folder, f"{person}: {''.join(traceback.format_exception(wrong))}")
    except BaseException:
        tell(folder, traceback.format_exc())
    finally:
        os._exit(1)


def tell(folder: Path, error: str) -> None:
    with (folder / "errors.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(error) + "\n")


def killed(worker: Worker, channel: Callable[[], Channel], folder: Path) -> int:
    """
    Let two to eight workers live and die until enough have died, and have begun enough before; tells how many were killed. On a busy machine
    they die before they come far: then more of them must.
    """
    connection.close()
    chance, begun = Random(SEED), clock.monotonic()
    lives, dead, alive = 0, 0, set[int]()
    while dead < KILLS or (dead < 3 * KILLS and begun_so_far() <= KILLS // 2):
        for _ in range(chance.randint(2, 8) - len(alive)):
            lives += 1
            child = os.fork()
            if child == 0:
                work_until_killed(worker, channel(), life=lives, begun=begun, folder=folder)
            alive.add(child)
        child, status = os.waitpid(-1, 0)
        alive.discard(child)
        dead += os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    for child in alive:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    worker.at = AT + timedelta(seconds=(clock.monotonic() - begun) * FASTER)
    return dead + len(alive)


def begun_so_far() -> int:
    """How many messages are no longer only queued; the connection is no child's."""
    number = Message.objects.exclude(state="queued").count()
    connection.close()
    return number


def finished(worker: Worker) -> None:
    """Let one worker that nobody kills put things in order, from the next morning on."""
    morning = worker.at.replace(hour=8, minute=0) + timedelta(days=1)
    for minutes in (0, 3, 16, 20):
        worker.at = morning + timedelta(minutes=minutes)
        assert worker.round() == []


@pytest.mark.parametrize("takes_keys", [True, False], ids=["with keys", "without keys"])
def test_workers_killed_at_random(own_database: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], *, takes_keys: bool) -> None:
    clinic = a_clinic()
    owed = invitations(clinic, families(clinic, KILLS * 3))
    worker = Worker(clinic.municipality, Carriers(sms=Gateway()), owed[: len(owed) * 4 // 5])
    worker.settle()  # most of it; the rest is settled by those who are killed
    worker.owed = owed
    with (KeyedStandIn if takes_keys else SveveStandIn)() as stand_in:
        kind = KeyedSveve if takes_keys else Sveve

        def channel() -> Channel:
            return kind(stand_in.address, user="bruker", password=lambda: sveve.PASSWORD, sender="Fjordvik")

        died = killed(worker, channel, tmp_path)
        begun = begun_so_far()
        worker.carriers = Carriers(sms=channel())
        finished(worker)
        times = stand_in.book.times()
        conflicts = getattr(stand_in, "conflicts", [])
    errors = (tmp_path / "errors.jsonl").read_text(encoding="utf-8").splitlines() if (tmp_path / "errors.jsonl").exists() else []
    doubled = [key for key, count in times.items() if count > 1]
    missing = lost(owed) if not takes_keys else [row.key for row in Message.objects.exclude(state="sent")]
    with capsys.disabled():
        print(f"\n{connection.vendor}, {'with' if takes_keys else 'without'} keys: {died} kills, {len(owed)} messages, seed {SEED}")
        print(
            f"  {begun} begun before the last kill, {Attempt.objects.count()} tries, {len(stand_in.book.asked)} calls, {sum(times.values())} taken"
        )
        print(f"  doubled {len(doubled)}, conflicts {len(conflicts)}, errors {len(errors)}; {dict(ends())}")
    assert errors == [], errors[0]
    assert died >= KILLS and begun > KILLS // 2
    assert doubled == [] and conflicts == []
    assert Message.objects.count() == len(owed), "one message for each, however often it was settled"
    if takes_keys:
        assert missing == []
        assert len(times) == len(owed)
    else:
        asked = set(ContactTask.objects.filter(reason="uncertain").values_list("message_id", flat=True))
        for row in Message.objects.all():
            assert row.state == "sent" or (row.state == "uncertain" and row.pk in asked), row.state
        taken = {attempt.idempotency_key for attempt in Attempt.objects.filter(message__state="sent")}
        assert taken <= times.keys()
    assert list(broken_links(clinic.municipality.code)) == []


class Stopped(BaseException):
    """Everything ends here."""


@contextmanager
def stopped_at(point: int) -> Iterator[list[int]]:
    """Stop at a statement; 0 never. Gives a list with the number of statements so far. Savepoints are the transaction's own business."""
    seen = [0]

    def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            seen[0] += 1
            if seen[0] == point:
                raise Stopped
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield seen


def written() -> tuple[list[Any], ...]:
    """All that an outbox holds, without keys that are drawn anew."""
    rows = Message.objects.order_by("key", "adult_id", "way").values_list("key", "adult_id", "way", "state", "state_reason", "sent_text")
    tasks = ContactTask.objects.order_by("key").values_list("key", "reason", "done_at")
    events = AuditEvent.objects.order_by("action", "about").values_list("action", "about")
    return list(rows), list(tasks), list(events)


@contextmanager
def undone_afterwards() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_settling_stopped_at_every_statement_is_rolled_back_child_by_child_and_gone_on_with() -> None:
    clinic = a_clinic()
    children = families(clinic, 4)
    Person.objects.filter(pk=children[1].pk).update(protection="confidential")
    worker = Worker(clinic.municipality, Carriers(sms=Gateway()), invitations(clinic, children))
    with undone_afterwards():
        with stopped_at(0) as seen:
            worker.settle()
        wanted = written()
    assert (len(wanted[0]), len(wanted[1])) == (4, 1)
    for point in range(1, seen[0] + 1):
        with undone_afterwards():
            with pytest.raises(Stopped), stopped_at(point):
                worker.settle()
            protected = Message.objects.filter(person=children[1])
            assert protected.count() == ContactTask.objects.count(), "a message given to a person and the task are one"
            assert Message.objects.count() <= AuditEvent.objects.filter(action__startswith="message.").count() <= 4
            worker.settle()
            assert written() == wanted, f"stopped at statement {point} of {seen[0]}"


@pytest.mark.django_db
@pytest.mark.parametrize("takes_keys", [True, False], ids=["with keys", "without keys"])
def test_sending_stopped_at_every_statement_leaves_at_most_one_of_a_handful_in_doubt(*, takes_keys: bool) -> None:
    clinic = a_clinic()
    worker = Worker(clinic.municipality, Carriers(sms=Gateway()), invitations(clinic, families(clinic, 3)))
    worker.settle()
    with undone_afterwards(), stopped_at(0) as seen:
        worker.send()
    in_doubt = 0
    for point in range(1 + SEED % EVERY, seen[0] + 1, EVERY):
        gateway = Gateway(takes_keys=takes_keys)
        worker.carriers, worker.at = Carriers(sms=gateway), AT
        with undone_afterwards():
            with pytest.raises(Stopped), stopped_at(point):
                worker.send()
            states = set(Message.objects.values_list("state", flat=True))
            assert states <= ({"in_hand", "sent"} if gateway.handed else {"queued", "in_hand"}), f"statement {point} of {seen[0]}"
            for minutes in (0, 15, 17, 31):
                worker.at = AT + timedelta(minutes=minutes)
                assert worker.round() == []
            assert sorted(parcel.to for parcel in gateway.taken) == [telephone(place) for place in range(3)], "each once, none lost"
            unsure = list(Message.objects.exclude(state="sent").values_list("state", "tasks__reason"))
            assert unsure == [] or (not takes_keys and unsure == [("uncertain", "uncertain")])
            in_doubt += len(unsure)
    most = 0 if takes_keys else 3  # only between handing over and hearing the answer, once for each
    assert in_doubt == most if EVERY == 1 else in_doubt <= most


def test_a_child_somebody_else_is_busy_with_is_waited_for_alone_and_nobody_waits_in_a_ring(own_database: None) -> None:
    clinic = a_clinic()
    children = families(clinic, 3)
    worker = Worker(clinic.municipality, Carriers(sms=Gateway()), invitations(clinic, children))
    holds = threading.Event()
    told: list[str] = []

    def change_two_children_from_behind() -> None:
        try:
            with transaction.atomic():
                list(Person.objects.select_for_update(no_key=True).filter(pk=children[2].pk))
                holds.set()
                clock.sleep(0.5)
                list(Person.objects.select_for_update(no_key=True).filter(pk=children[0].pk))
                told.append("changed")
        finally:
            connection.close()

    for round_of in (worker.settle, worker.send):
        holds.clear()
        other = threading.Thread(target=change_two_children_from_behind)
        other.start()
        assert holds.wait(60)
        assert round_of().failed == []
        other.join(60)
    assert told == ["changed", "changed"]
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
