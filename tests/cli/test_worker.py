"""The worker between the nights, as a process of its own: it sends, does what is put in its queue, and stops without tearing anything."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult

from fjorten.cli.tasks import wake
from fjorten.messages.models import Message
from fjorten.nightly.stages import queue_what_is_owed
from tests.counterparties.misbehaviour import Misbehaviour, always
from tests.counterparties.sveve import PASSWORD, SveveStandIn
from tests.factories.clinic import StaffedClinic
from tests.factories.family import a_guardian
from tests.factories.night import a_child_with_a_time, a_municipality_with_work, a_night

ROOT = Path(__file__).resolve().parent.parent.parent
_PATIENCE_SECONDS = 60


@pytest.fixture
def here(own_database: None, tmp_path: Path) -> StaffedClinic:
    return a_municipality_with_work(tmp_path)


@contextmanager
def a_worker(folder: Path, *arguments: str, at: str = "2026-03-10T09:00", **settings: str) -> Iterator[subprocess.Popen[str]]:
    """The command in a process of its own, over this test's database."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("FJORTEN_", "DATABASE_URL"))}
    environment |= {
        "FJORTEN_HOME": str(folder / "var"),
        "FJORTEN_SECRET_KEY": "only for tests",
        "DATABASE_URL": _address(),
        "FJORTEN_SQLITE_SYNCHRONOUS": "NORMAL",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
        **settings,
    }
    connection.close()
    command = [sys.executable, "-m", "tests.cli.working", at, "worker", *arguments]
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def _address() -> str:
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{Path(settings['NAME']).absolute()}"
    return f"postgres://{settings['USER']}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"


def soon(happened: Callable[[], Any], process: subprocess.Popen[str]) -> None:
    """Wait until something has happened; a process that ends first says why."""
    begun = time.monotonic()
    while not happened():
        if process.poll() is not None:
            raise AssertionError(f"the worker ended with {process.returncode}: {process.stderr.read() if process.stderr else ''}")
        assert time.monotonic() - begun < _PATIENCE_SECONDS, "nothing happened"
        time.sleep(0.1)


def sent() -> int:
    return Message.objects.filter(state="sent").count()


def test_it_finds_what_is_owed_and_sends_it_and_stops_when_asked(here: StaffedClinic, tmp_path: Path) -> None:
    with a_worker(tmp_path) as worker:
        soon(lambda: sent() == 2, worker)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=_PATIENCE_SECONDS) == 0
    assert len(list((tmp_path / "var" / "outbox").glob("*.json"))) == 2


def test_what_is_put_in_its_queue_is_done_now(here: StaffedClinic, tmp_path: Path) -> None:
    with a_worker(tmp_path) as worker:
        soon(lambda: sent() == 2, worker)
        a_child_with_a_time(here, "2026-03-20 09:00", a_guardian(telephone="+4700000004", nth=5))
        wake(here.municipality.code)
        soon(lambda: sent() == 3, worker)
        soon(lambda: DBTaskResult.objects.filter(status="SUCCESSFUL").exists(), worker)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=_PATIENCE_SECONDS) == 0


def test_one_round_for_cron_and_nobody_is_woken(here: StaffedClinic, tmp_path: Path) -> None:
    with a_worker(tmp_path, "--once", at="2026-03-10T02:00") as worker:
        assert worker.wait(timeout=_PATIENCE_SECONDS) == 0
    assert (sent(), Message.objects.filter(state="queued").exists()) == (0, True)
    with a_worker(tmp_path, "--once", at="2026-03-10T09:00") as worker:
        assert worker.wait(timeout=_PATIENCE_SECONDS) == 0
    assert sent() == 2


def test_the_message_in_hand_is_finished_and_no_other_begun(here: StaffedClinic, tmp_path: Path) -> None:
    queue_what_is_owed(a_night(here, tmp_path))
    password = tmp_path / "passord"
    password.write_text(PASSWORD, encoding="utf-8")
    with SveveStandIn(always(Misbehaviour.SLOW)) as gateway:
        settings = {
            "FJORTEN_SMS": "sveve",
            "FJORTEN_SMS_ADDRESS": gateway.address,
            "FJORTEN_SMS_USER": "bruker",
            "FJORTEN_SMS_PASSWORD_FILE": str(password),
            "FJORTEN_SMS_SENDER": "Fjordvik",
        }
        with a_worker(tmp_path, **settings) as worker:
            soon(lambda: gateway.book.asked, worker)
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(timeout=_PATIENCE_SECONDS) == 0
        assert sorted(Message.objects.filter(adult__isnull=False).values_list("state", flat=True)) == ["queued", "sent"]
        assert len(gateway.book.taken) == 1


def test_settings_that_do_not_fit_are_told_before_anything_is_done(here: StaffedClinic, tmp_path: Path) -> None:
    with a_worker(tmp_path, FJORTEN_SMS="sveve") as worker:
        assert worker.wait(timeout=_PATIENCE_SECONDS) == 2
        assert worker.stderr is not None
        assert "FJORTEN_SMS_ADDRESS mangler" in worker.stderr.read()


@pytest.mark.django_db
def test_waking_puts_a_municipality_in_the_queue_and_no_more() -> None:
    wake("9901")
    [task] = DBTaskResult.objects.all()
    assert (task.task_path, task.args_kwargs) == ("fjorten.cli.tasks.send_due_messages", {"args": ["9901"], "kwargs": {}})
