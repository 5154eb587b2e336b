"""`fjorten serve` as a process: it answers, writes what it should in its log and nothing else, and stops when asked."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from tests.cli.test_worker import _address
from tests.factories.register import a_number

ROOT = Path(__file__).resolve().parent.parent.parent
KEY = "x7-Qm2bV9tLk4Rz8Wc1Yp6Hs3Nd5Jf0Ga-Ue_Ti.Bo,Pl+Xv=Zr"
_PATIENCE_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def a_server(folder: Path, port: int, **settings: str) -> Iterator["subprocess.Popen[str]"]:
    """The command in a process of its own, over this test's database."""
    (folder / "var" / "keys").mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / "var").chmod(0o700)
    if connection.vendor == "sqlite":
        Path(connection.settings_dict["NAME"]).chmod(0o600)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("FJORTEN_", "DATABASE_URL", "DJANGO_"))}
    environment |= {
        "FJORTEN_HOME": str(folder / "var"),
        "FJORTEN_SECRET_KEY": KEY,
        "FJORTEN_HOSTS": "127.0.0.1",
        "FJORTEN_BEHIND_PROXY": "127.0.0.1",
        "DATABASE_URL": _address(),
        "PYTHONPATH": str(ROOT / "src"),
        **settings,
    }
    connection.close()
    command = [sys.executable, "-c", "from fjorten.cli.main import entry; entry()", "serve", "--port", str(port), "--workers", "1"]
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log, text=True) as process,
    ):
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def answer(port: int, address: str, process: "subprocess.Popen[str]", log: Path) -> int:
    """Ask as the server in front does, until somebody answers; gives the status."""
    begun = time.monotonic()
    while True:
        assert process.poll() is None, log.read_text()
        assert time.monotonic() - begun < _PATIENCE_SECONDS, log.read_text()
        with suppress(ConnectionRefusedError), closing(http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_SECONDS)) as asked:
            asked.request("GET", address, headers={"X-Forwarded-Proto": "https"})
            with asked.getresponse() as answered:
                return answered.status
        time.sleep(0.1)


def test_it_answers_keeps_numbers_and_searches_out_of_its_log_and_stops(own_database: None, tmp_path: Path) -> None:
    port, number = free_port(), a_number(date(2026, 3, 1))
    with a_server(tmp_path, port) as server:
        assert answer(port, "/", server, tmp_path / "log") < 500
        assert answer(port, f"/noe/{number}/?hvem={number}&navn=Ida", server, tmp_path / "log") < 500
        (tmp_path / "second").mkdir()
        with a_server(tmp_path / "second", port) as second:
            assert second.wait(_PATIENCE_SECONDS) == 2
        assert "porten er opptatt" in (tmp_path / "second" / "log").read_text(encoding="utf-8")
        begun = time.monotonic()
        server.send_signal(signal.SIGTERM)
        assert server.wait(_PATIENCE_SECONDS) == 0
        assert time.monotonic() - begun < 15
    log = (tmp_path / "log").read_text(encoding="utf-8")
    assert "GET /noe/***********/ " in log
    assert number not in log
    assert "Ida" not in log


def test_it_does_not_start_when_something_is_not_safe(own_database: None, tmp_path: Path) -> None:
    with a_server(tmp_path, free_port(), FJORTEN_HOSTS="", FJORTEN_SECRET_KEY="kort") as server:
        assert server.wait(_PATIENCE_SECONDS) == 1
    told = (tmp_path / "log").read_text(encoding="utf-8").splitlines()
    assert sorted(line.rpartition("(")[2] for line in told) == ["fjorten.E001)", "fjorten.E003)"]


@pytest.mark.parametrize("text", ["/barn/?hvem=Ida", "Error handling request /sok?navn=Ida%20Marie&x=1"])
def test_a_log_line_ends_at_the_question_mark(text: str) -> None:
    import logging

    from fjorten.config.logs import WithoutQueries

    record = logging.LogRecord("gunicorn.error", logging.ERROR, "", 0, "%s failed", (text,), None)
    assert WithoutQueries().filter(record)
    assert record.getMessage() == f"{text.partition('?')[0]} failed"
