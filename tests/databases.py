"""
The migrated test database of each worker; and databases of a test's own, for what cannot be rolled back: processes that are killed, and
tables that are append-only. Those start as a copy of the migrated one and are thrown away.
"""

import contextlib
import fcntl
import itertools
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.db import connection, connections
from django.test.utils import setup_databases, teardown_databases

_numbers = itertools.count(1)


@contextlib.contextmanager
def migrated_database(shared: Path) -> Iterator[None]:
    """
    Give the process its migrated test database while the block runs. Of several workers the first migrates one and copies it for the
    others: migrating takes many seconds, copying less than one. `shared` is a folder all workers of this run have, and nobody else.
    """
    before = str(connection.settings_dict["NAME"])
    with (shared / "databases").open("a+") as list_of_made:
        fcntl.flock(list_of_made, fcntl.LOCK_EX)
        list_of_made.seek(0)
        mine = connection.creation._get_test_db_name()
        if mine in list_of_made.read().splitlines():
            connection.close()
            connection.settings_dict["NAME"] = mine
        else:
            setup_databases(verbosity=0, interactive=False, aliases={"default"}, serialized_aliases=set())
            for other in _of_the_other_workers(mine):
                _copy(mine, other)
                list_of_made.write(f"{other}\n")
    yield
    teardown_databases([(connection, before, True)], verbosity=0)


def _of_the_other_workers(mine: str) -> list[str]:
    """The names of the other workers' test databases: all but the worker's own name is the same."""
    me = os.environ.get("PYTEST_XDIST_WORKER", "")
    workers = [f"gw{number}" for number in range(int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "0")))]
    beginning, found, ending = mine.rpartition(me) if me in workers else ("", "", "")
    return [f"{beginning}{other}{ending}" for other in workers if found and other != me]


@contextlib.contextmanager
def database_of_its_own() -> Iterator[None]:
    """Point the default connection at a fresh copy of the migrated test database while the block runs. Needs the fixture django_db_setup."""
    template = str(connection.settings_dict["NAME"])
    name = f"{template}-{os.getpid()}-{next(_numbers)}"
    _copy(template, name)
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = template
        _remove(name)


def _copy(template: str, name: str) -> None:
    """Copy a database nobody else is connected to."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        shutil.copy(template, name)
        return
    connection.close()
    with _maintenance() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def _remove(name: str) -> None:
    if connection.vendor == "sqlite":
        for ending in ("", "-wal", "-shm"):
            Path(name + ending).unlink(missing_ok=True)
        return
    with _maintenance() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextlib.contextmanager
def _maintenance():
    """A connection outside the test databases, in autocommit: only so can databases be made and dropped."""
    import psycopg

    settings = connection.settings_dict
    address = {"host": settings["HOST"], "port": settings["PORT"], "user": settings["USER"], "dbname": "postgres"}
    with psycopg.connect(**address, autocommit=True) as own, own.cursor() as cursor:
        yield cursor
