"""
P8: writing plan rows with their history, against the plainest way to get the same rows into the same tables.

20,000 children with fourteen steps each, 280,000 rows, and the history of each step; one child in twenty has come late and has a catch-up
plan, whose settled steps have two rows of history. All constraints, foreign keys and indexes are on, as migrated.

What is compared, in interleaved pairs, each on a fresh copy of the same database, the transaction's commit included:

- *ours*: `plans.bulk.write_plans` as `enrol_all` calls it, given the plans as Python values.
- *floor on PostgreSQL*: the driver's COPY of the same rows, steps and history, from two buffers that lie ready in memory.
- *floor on SQLite*: the driver's `executemany` of the same rows from two lists of tuples that lie ready in memory.

The floor's rows are read back from what ours wrote, so both write the same. SQLite runs with the production settings (WAL, synchronous
FULL), PostgreSQL as a private server that does not wait for the disk, on either side. Who goes first changes from pair to pair; the ratio
is the median over the pairs. A further line gives the whole of `enrol_all`, which also writes an enrolment, a journal and an event in the
hash-chained trail for every child; it has no goal of its own.

    python -m benchmarks.plan_rows [--quick]
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from tools.private_postgres import binaries, server

if TYPE_CHECKING:
    from fjorten.organisation.models import Municipality
    from fjorten.plans.actions.enrolment import NewEnrolment

ROOT: Final = Path(__file__).resolve().parent.parent
CHILDREN: Final = 20_000
QUICK_CHILDREN: Final = 2_000
PAIRS: Final = 5
LATE_EVERY: Final = 20
GOAL: Final = 0.7

ON: Final = date(2026, 3, 10)
AT: Final = datetime(2026, 3, 10, 9, tzinfo=UTC)
WHO: Final = "benchmark"
REASON: Final = "bosatt"


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of every pair, and how many rows each side of a pair wrote."""

    steps: int
    events: int
    ours: list[float]
    floor: list[float]
    enrolling: list[float]


def run(*, quick: bool = False) -> list[str]:
    """Measure P8 on both databases and say what was found, one line per result."""
    children = QUICK_CHILDREN if quick else CHILDREN
    with tempfile.TemporaryDirectory(prefix="fjorten-bench-") as home:
        lines = _lines("SQLite", "executemany", "synchronous FULL", children, _in_a_process(children, home, address=None))
        programs = binaries()
        if programs is None:
            return [*lines, "P8 plan rows on PostgreSQL: MISSED, because no server programs were found (initdb, postgres)"]
        with server(programs) as address:
            found = _in_a_process(children, home, address=address)
        return [*lines, *_lines("PostgreSQL", "COPY", "a server that does not wait for the disk", children, found)]


def _lines(database: str, floor: str, settings: str, children: int, found: Measured) -> list[str]:
    rows = found.steps + found.events
    ratios = [floor_s / ours_s for floor_s, ours_s in zip(found.floor, found.ours, strict=True)]
    whole = [floor_s / all_s for floor_s, all_s in zip(found.floor, found.enrolling, strict=True)]
    verdict = "met" if median(ratios) >= GOAL else "MISSED"
    speeds = f"floor {rows / median(found.floor):,.0f} rows/s, ours {rows / median(found.ours):,.0f} rows/s"
    return [
        f"P8 plan rows with history on {database}: {median(ratios):.2f} of plain {floor} (goal at least {GOAL}: {verdict}; "
        f"{len(ratios)} pairs, {min(ratios):.2f}-{max(ratios):.2f}); {speeds}; {found.steps:,} steps and {found.events:,} history rows of "
        f"{children:,} children; {settings}",
        f"P8 the whole of enrolling on {database}, with enrolment, journal and trail: {median(whole):.2f} of that floor "
        f"({min(whole):.2f}-{max(whole):.2f}), {children / median(found.enrolling):,.0f} children/s (no goal)",
    ]


def _in_a_process(children: int, home: str, *, address: str | None) -> Measured:
    """Measure one database in a process of its own: settings are read once a process."""
    environment = {
        **os.environ,
        "FJORTEN_HOME": home,
        "FJORTEN_SECRET_KEY": "benchmark",
        "DJANGO_SETTINGS_MODULE": "fjorten.config.settings",
    }
    for name in ("DATABASE_URL", "FJORTEN_SQLITE_SYNCHRONOUS"):
        environment.pop(name, None)
    if address is not None:
        environment["DATABASE_URL"] = address
    command = [sys.executable, "-m", "benchmarks.plan_rows", "--measure", str(children)]
    done = subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return Measured(**json.loads(done.stdout))


def _measure(children: int) -> Measured:
    """Measure the database the settings name."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction

    from fjorten.audit.actor import Actor
    from fjorten.organisation.actions import open_municipality
    from fjorten.plans.actions.enrolment import enrol_all
    from fjorten.plans.bulk import write_plans
    from fjorten.plans.models import Enrolment
    from fjorten.programme.definitions import child_programme

    call_command("migrate", verbosity=0)
    by = Actor(who=WHO, role="clerk")
    municipality = open_municipality(code="9901", name="Prøvekommunen", by=by, at=AT)
    definition = child_programme(ON)
    new = _new_enrolments(municipality, children)
    persons_only = str(connection.settings_dict["NAME"])

    def enrolling() -> None:
        enrol_all(children=new, municipality=municipality, programme_version=definition.reference, reason=REASON, by=by, at=AT)

    with _copy_of(persons_only) as enrolled:
        plans = {enrolment.pk: child.steps for enrolment, child in zip(_enrol_without_plans(municipality, new), new, strict=True)}

        def ours() -> None:
            with transaction.atomic():
                write_plans(plans, municipality=municipality.pk, at=AT, by=WHO, reason=REASON)

        with _copy_of(enrolled):
            ours()
            floor = _floor_of_what_stands()
        found = Measured(steps=len(plans) * len(definition.steps), events=floor.events, ours=[], floor=[], enrolling=[])
        for pair in range(PAIRS):
            sides = [(found.ours, ours), (found.floor, floor.write)]
            for seconds, side in sides if pair % 2 == 0 else reversed(sides):
                with _copy_of(enrolled):
                    seconds.append(_seconds(side))
            with _copy_of(persons_only):
                found.enrolling.append(_seconds(enrolling))
                assert Enrolment.objects.count() == children
    return found


def _new_enrolments(municipality: Municipality, children: int) -> list[NewEnrolment]:
    """Make children with birth dates spread over six years; one in LATE_EVERY comes by a catch-up plan."""
    from fjorten.people.models import Person
    from fjorten.plans.actions.enrolment import NewEnrolment
    from fjorten.plans.steps import catch_up_plan, full_plan
    from fjorten.programme.definitions import child_programme

    definition = child_programme(ON)
    clinic = municipality.clinics.get()
    births = [ON - timedelta(days=1 + number * 37 % 2190) for number in range(children)]
    persons = Person.objects.bulk_create([Person(municipality=municipality, born_on=day, born_by=day) for day in births], batch_size=2000)
    return [
        NewEnrolment(person=person, clinic=clinic, on=ON, steps=catch_up_plan(born_on, definition, on=ON), is_catch_up=True)
        if number % LATE_EVERY == 0
        else NewEnrolment(person=person, clinic=clinic, on=ON, steps=full_plan(born_on, definition))
        for number, (person, born_on) in enumerate(zip(persons, births, strict=True))
    ]


def _enrol_without_plans(municipality: Municipality, children: list[NewEnrolment]) -> list[Any]:
    from fjorten.plans.models import Enrolment

    return Enrolment.objects.bulk_create(
        [
            Enrolment(
                municipality=municipality,
                person=child.person,
                clinic=child.clinic,
                programme_version="benchmark",
                planned_from_born_on=child.person.born_by,
                enrolled_on=child.on,
                enrolled_at=AT,
                enrolled_by=WHO,
                reason=REASON,
            )
            for child in children
        ],
        batch_size=2000,
    )


@dataclass(frozen=True, slots=True)
class _Floor:
    """The plainest writing of rows that lie ready, and how many rows of history are among them."""

    events: int
    write: Callable[[], None]


def _floor_of_what_stands() -> _Floor:
    """Take the steps and events that stand in the database as the rows to write. New keys will be the same, so the events fit the steps."""
    from django.db import connection, transaction

    from fjorten.plans.models import PlannedStep, StepEvent

    tables = []
    for model in (PlannedStep, StepEvent):
        names = [field.column for field in model._meta.concrete_fields if not field.primary_key]
        tables.append((model._meta.db_table, ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))))
    if connection.vendor == "postgresql":
        buffers = [_dump(f"COPY (SELECT {columns} FROM {table} ORDER BY id) TO STDOUT") for table, columns, _ in tables]

        def copy() -> None:
            with transaction.atomic(), connection.cursor() as cursor:
                for (table, columns, _), rows in zip(tables, buffers, strict=True):
                    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as writing:
                        writing.write(rows)

        return _Floor(events=StepEvent.objects.count(), write=copy)

    connection.ensure_connection()
    # Past Django's cursor: as texts and numbers, the way SQLite holds them.
    lists = [_raw(f"SELECT {columns} FROM {table} ORDER BY id") for table, columns, _ in tables]

    def insert() -> None:
        with transaction.atomic():
            for (table, columns, marks), rows in zip(tables, lists, strict=True):
                connection.connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)

    return _Floor(events=StepEvent.objects.count(), write=insert)


def _dump(statement: str) -> bytes:
    from django.db import connection

    with connection.cursor() as cursor, cursor.copy(statement) as reading:
        return b"".join(bytes(block) for block in reading)


def _raw(statement: str) -> list[tuple[Any, ...]]:

    from django.db import connection

    own = sqlite3.connect(str(connection.settings_dict["NAME"]))
    try:
        return own.execute(statement).fetchall()
    finally:
        own.close()


@contextmanager
def _copy_of(name: str) -> Iterator[str]:
    """Point the connection at a fresh copy of a database while the block runs."""
    from django.db import connection

    before = connection.settings_dict["NAME"]
    connection.close()
    copy = _copied(name)
    connection.settings_dict["NAME"] = copy
    connection.ensure_connection()
    try:
        yield copy
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
        _removed(copy)


def _copied(name: str) -> str:

    from django.db import connection

    copy = f"{name}_{uuid.uuid4().hex[:8]}"
    if connection.vendor == "sqlite":
        shutil.copy(name, copy)  # the last connection has been closed, and has taken the WAL file with it
    else:
        _server_command(f'CREATE DATABASE "{copy}" TEMPLATE "{name}"')
    return copy


def _removed(name: str) -> None:
    from django.db import connection

    if connection.vendor == "sqlite":
        for ending in ("", "-wal", "-shm"):
            Path(name + ending).unlink(missing_ok=True)
    else:
        _server_command(f'DROP DATABASE "{name}"')


def _server_command(statement: str) -> None:
    import psycopg
    from django.db import connection

    settings = connection.settings_dict
    with psycopg.connect(host=settings["HOST"], port=settings["PORT"], user=settings["USER"], dbname="template1", autocommit=True) as own:
        own.execute(statement)


def _seconds(work: Callable[[], None]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(asdict(_measure(int(sys.argv[2])))))
    else:
        print("\n".join(run(quick="--quick" in sys.argv[1:])))
