"""
P10: a night in which nothing has changed, against the first night after the children were read in.

50,000 children of a city, spread over six years of age, are followed by the programme here; every one has a guardian with a telephone number
that cannot ring. What lies behind a child was settled long ago, but for one child in twenty, who was not seen the last time. The clinics have
nurses, doctors and rooms for the children there are. The first night finds and opens the cases, gives the times, and queues what families are
owed; the second, an hour later, has nothing to do. No register is read: there is nothing new in it either night, and reading it has goals of
its own. Both are one process each would run them in, one after the other; what is shown beside the ratio is where the second one's time goes.

Each stage is said on stderr as it ends: a first night of 50,000 takes a good part of an hour.

    python -m benchmarks.nightly [--children 50000] [--only postgres]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from tools.private_postgres import binaries, server

from benchmarks.population import AT, BY, ON, follow, staffed_clinics

if TYPE_CHECKING:
    from fjorten.organisation.models import Municipality

ROOT: Final = Path(__file__).resolve().parent.parent
CHILDREN: Final = 50_000
QUICK_CHILDREN: Final = 2_000
GOAL: Final = 0.05


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of the stages of both nights, and what they did."""

    first: dict[str, float]
    unchanged: dict[str, float]
    first_did: dict[str, dict[str, int]]
    unchanged_did: dict[str, dict[str, int]]
    statements: int


def run(*, quick: bool = False, children: int | None = None, only: str | None = None) -> list[str]:
    """Measure P10 on both databases, or one of them (`sqlite`, `postgres`), and say what was found, some lines for each."""
    children = children or (QUICK_CHILDREN if quick else CHILDREN)
    lines: list[str] = []
    with tempfile.TemporaryDirectory(prefix="fjorten-bench-") as home:
        if only != "postgres":
            lines += _lines("SQLite", children, _in_a_process(children, home, address=None))
        if only != "sqlite":
            lines += _on_postgres(children, home)
    return lines


def _on_postgres(children: int, home: str) -> list[str]:
    programs = binaries()
    if programs is None:
        return ["P10 on PostgreSQL: MISSED, because no server programs were found (initdb, postgres)"]
    with server(programs, counts_tables=True) as address:
        return _lines("PostgreSQL", children, _in_a_process(children, home, address=address))


def _lines(database: str, children: int, found: Measured) -> list[str]:
    first, unchanged = sum(found.first.values()), sum(found.unchanged.values())
    ratio = unchanged / first
    verdict = "met" if ratio <= GOAL else "MISSED"
    stages = ", ".join(f"{stage} {found.first[stage]:.1f} -> {seconds:.2f}" for stage, seconds in found.unchanged.items())
    did = {f"{stage}.{name}": number for stage, counts in found.first_did.items() for name, number in counts.items() if number}
    return [
        f"P10 unchanged night on {database}, {children:,} children: {ratio:.1%} of the first (goal at most {GOAL:.0%}: {verdict}); "
        f"{first:.1f} s and {unchanged:.2f} s, {found.statements} statements in the second",
        f"P10 by stage, seconds of the first -> the second: {stages}",
        f"P10 the first night did: {', '.join(f'{name} {number}' for name, number in did.items())}",
    ]


def _in_a_process(children: int, home: str, *, address: str | None) -> Measured:
    """Measure one database in a process of its own: settings are read once a process."""
    environment = {
        **os.environ,
        "FJORTEN_HOME": home,
        "FJORTEN_SECRET_KEY": "benchmark",
        "DJANGO_SETTINGS_MODULE": "fjorten.config.settings",
    }
    environment.pop("DATABASE_URL", None)
    if address is not None:
        environment["DATABASE_URL"] = address
    command = [sys.executable, "-m", "benchmarks.nightly", "--measure", str(children)]
    done = subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def _measure(children: int) -> Measured:
    """Measure the database the settings name."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from fjorten.ledger.signing import ensure_key
    from fjorten.organisation.actions import open_municipality

    call_command("migrate", verbosity=0)
    ensure_key()
    municipality = open_municipality(code="9901", name="Prøvekommunen", by=BY, at=AT)
    clinics = list(staffed_clinics(municipality, children))
    follow(municipality, clinics, children)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    first, first_did = _a_night(municipality, AT)
    statements = _Counter()
    with connection.execute_wrapper(statements):
        unchanged, unchanged_did = _a_night(municipality, AT + timedelta(hours=1))
    return Measured(first, unchanged, first_did, unchanged_did, statements.seen)


class _Counter:
    def __init__(self) -> None:
        self.seen = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.seen += 1
        return execute(sql, params, many, context)


def _a_night(municipality: Municipality, at: datetime) -> tuple[dict[str, float], dict[str, dict[str, int]]]:
    from django.conf import settings

    from fjorten.messages.carriers import Carriers
    from fjorten.messages.channels.file_outbox import FileOutbox
    from fjorten.nightly import actions
    from fjorten.nightly.stages import STAGES, Night

    seconds: dict[str, float] = {}

    def timed(name: str) -> Any:
        def stage(night: Night) -> Any:
            begun = perf_counter()
            try:
                return STAGES[name](night)
            finally:
                seconds[name] = perf_counter() - begun
                print(f"  {name}: {seconds[name]:.1f} s", file=sys.stderr, flush=True)

        return stage

    night = Night(
        municipality=municipality,
        on=ON,
        since=actions.since_when(municipality=municipality, at=at),
        register=None,
        register_is_a_folder=False,
        carriers=Carriers(sms=FileOutbox(Path(settings.HOME) / "outbox")),
        by=actions.JOB,
        at=at,
        clock=lambda: at,
    )
    run = actions.run_night(night=night, stages={name: timed(name) for name in STAGES})
    troubles = list(run.troubles.values_list("stage", "sentence", "error")[:5])
    if troubles:
        raise SystemExit(f"the night had troubles: {troubles}")
    return seconds, run.counts


def main() -> None:
    """Measure in this process for another, or for whoever asks."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--children", type=int, default=CHILDREN, help="on both databases, each in a process of its own")
    parser.add_argument("--only", choices=("sqlite", "postgres"))
    parser.add_argument("--measure", type=int, metavar="CHILDREN")
    options = parser.parse_args()
    if options.measure:
        found = _measure(options.measure)
        print(json.dumps({name: getattr(found, name) for name in Measured.__slots__}))
    else:
        print("\n".join(run(children=options.children, only=options.only)))


if __name__ == "__main__":
    main()
