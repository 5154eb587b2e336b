"""A PostgreSQL server of a trial's own, with our tables in it, that can be stopped in the middle of things and connections to it cut."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection, connections
from tools.private_postgres import _unprivileged_user, binaries, server

_CUT_ONE = """
    SELECT count(pg_terminate_backend(pid)) FROM (
        SELECT pid FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
        ORDER BY random() LIMIT 1
    ) AS somebody
"""


@dataclass(frozen=True)
class StoppableServer:
    """A server, and where its data lies. `stop` is what a power switch is to the processes: nobody is waited for, nothing is written."""

    programs: Path
    address: str
    data: str

    def stop(self) -> None:
        self._control("-m", "immediate", "stop")

    def start(self) -> None:
        """Start it again as it was started; comes back when the log has been gone through and it answers."""
        self._control("-l", f"{Path(self.data).parent}/log", "-t", "60", "restart")

    def cut_one(self) -> int:
        """Cut the connection of somebody who is in a transaction just now; tells how many there were, 0 or 1."""
        with psycopg.connect(self.address, autocommit=True) as own:
            found = own.execute(_CUT_ONE).fetchone()
            return int(found[0]) if found else 0

    def who_is_there(self) -> set[str]:
        """Tell the names of those who have a connection."""
        with psycopg.connect(self.address, autocommit=True) as own:
            return {name for (name,) in own.execute("SELECT application_name FROM pg_stat_activity WHERE datname = current_database()")}

    def _control(self, *arguments: str) -> None:
        user = _unprivileged_user()
        who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
        command = [str(self.programs / "pg_ctl"), "-D", self.data, "-w", *arguments]
        subprocess.run(
            command, check=True, capture_output=True, cwd=Path(self.data).parent, env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"}, **who
        )


@contextmanager
def a_server_to_stop() -> Iterator[StoppableServer]:
    """
    Point the default connection at a server of its own while the block runs, with the tables of the test database.

    What it has acknowledged it has written: unlike the suite's server it does not answer before that. It does not wait for the disk either,
    which makes no difference to a process that is stopped; a power cut is something else, and is not tried here.
    """
    programs = binaries()
    if programs is None:
        if os.environ.get("FJORTEN_REQUIRE_POSTGRES") == "1":
            pytest.fail("there are no PostgreSQL server programs (initdb, postgres, pg_ctl), and they are required")
        pytest.skip("there are no PostgreSQL server programs to start a server with")
    template = dict(connection.settings_dict)
    with server(programs) as address:
        where = urlsplit(address)
        with psycopg.connect(address, autocommit=True) as own:
            own.execute("ALTER ROLE fjorten SET synchronous_commit = on")
            own.execute("CREATE DATABASE trial")
            found = own.execute("SHOW data_directory").fetchone()
        _copy_tables(programs, template, address.removesuffix("/postgres") + "/trial")
        connection.close()
        connection.settings_dict.update(HOST=where.hostname, PORT=where.port, USER=where.username, NAME="trial")
        try:
            yield StoppableServer(programs, address.removesuffix("/postgres") + "/trial", found[0])
        finally:
            connections.close_all()
            connection.settings_dict.update(template)


def _copy_tables(programs: Path, template: dict[str, str], to: str) -> None:
    connection.close()
    source = ["-h", template["HOST"], "-p", str(template["PORT"]), "-U", template["USER"], template["NAME"]]
    dump = subprocess.run([programs / "pg_dump", "--no-owner", *source], check=True, capture_output=True)
    subprocess.run([programs / "psql", "-q", "-v", "ON_ERROR_STOP=1", to], input=dump.stdout, check=True, capture_output=True)


def cut_off() -> None:
    """Let the server cut this process's own connection, as somebody else would, and wait until it has."""
    settings = connection.settings_dict
    who = connection.connection.info.backend_pid
    address = {"host": settings["HOST"], "port": settings["PORT"], "user": settings["USER"], "dbname": settings["NAME"]}
    with psycopg.connect(**address, autocommit=True) as own:
        assert own.execute("SELECT pg_terminate_backend(%s, 5000)", [who]).fetchone() == (True,)
