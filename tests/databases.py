"""
Databases of a test's own, for what cannot be rolled back: processes that are killed, and tables that are append-only.

Each starts as a copy of the migrated test database and is thrown away.
"""

import contextlib
import itertools
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.db import connection, connections

_numbers = itertools.count(1)


@contextlib.contextmanager
def database_of_its_own() -> Iterator[None]:
    """Point the default connection at a fresh copy of the migrated test database while the block runs. Needs the fixture django_db_setup."""
    template = str(connection.settings_dict["NAME"])
    name = _copy(template)
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = template
        _remove(name)


def _copy(template: str) -> str:
    if connection.vendor == "sqlite":
        name = f"{template}-{os.getpid()}-{next(_numbers)}"
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        shutil.copy(template, name)
        return name
    name = f"{template}_{os.getpid()}_{next(_numbers)}"
    connection.close()
    with _maintenance() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return name


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
