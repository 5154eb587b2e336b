"""
P5 and P6: the worklist page with its tracks, signed in, every reading written down, as one user sees it.

A nurse of all clinics asks for the list through the whole of the application (middleware, session, trail, template), in one process. In the
large city every child has two consultations behind it that nobody has settled, so the list is deep enough to be read from its 400,000th row; the
small one is the same for 3,000 children. The floor of P6 reads the same children, steps, guardians and telephones in four questions and writes
the same values into plain rows, without session, policy, trail or components.

    python -m benchmarks.worklist [--children 330000] [--only postgres]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from html import escape
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from tools.private_postgres import binaries, server

from benchmarks.population import AT, BY, ON, follow, staffed_clinics

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from fjorten.organisation.models import Clinic, Municipality

ROOT: Final = Path(__file__).resolve().parent.parent
SMALL: Final = 3_000
LARGE: Final = 330_000
QUICK_LARGE: Final = 12_000
UNSETTLED: Final = 2
DEEP: Final = 400_000
ROWS: Final = 50
TIMES: Final = 60
GOAL_MS: Final = 30.0
GOAL_GROWTH: Final = 1.3
GOAL_OF_FLOOR: Final = {"SQLite": 1 / 6, "PostgreSQL": 1 / 4}


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds of each asking, of the first page, of the deep one (from row `deep`) and of the floor, and statements of a page."""

    first: list[float]
    later: list[float]
    floor: list[float]
    deep: int
    statements: int


def run(*, quick: bool = False, large: int | None = None, only: str | None = None) -> list[str]:
    """Measure P5 and P6 on both databases, or one of them (`sqlite`, `postgres`), and say what was found."""
    large = large or (QUICK_LARGE if quick else LARGE)
    lines: list[str] = []
    if only != "postgres":
        lines += _lines("SQLite", large, {size: _in_a_process(size, address=None) for size in (SMALL, large)})
    if only != "sqlite":
        programs = binaries()
        if programs is None:
            return [*lines, "P5 on PostgreSQL: MISSED, because no server programs were found (initdb, postgres)"]
        found = {}
        for size in (SMALL, large):
            with server(programs, counts_tables=True) as address:
                found[size] = _in_a_process(size, address=address)
        lines += _lines("PostgreSQL", large, found)
    return lines


def _lines(database: str, large: int, found: dict[int, Measured]) -> list[str]:
    small_city, city = found[SMALL], found[large]
    p95, goal = quantiles(city.first, n=20)[-1], GOAL_OF_FLOOR[database]
    growth = median(city.first) / median(small_city.first)
    deeper = median(city.later) / median(city.first)
    of_floor = median(city.floor) / median(city.first)
    verdict = {True: "met", False: "MISSED"}
    return [
        f"P5 worklist on {database}, {large:,} children, {ROWS} rows: p95 {p95:.1f} ms (goal at most {GOAL_MS:.0f}: {verdict[p95 <= GOAL_MS]}), "
        f"median {median(city.first):.1f} ms, {city.statements} statements ({small_city.statements} with {SMALL:,} children: "
        f"{verdict[city.statements == small_city.statements]})",
        f"P5 growth on {database}: {growth:.2f} of the page with {SMALL:,} children ({median(small_city.first):.1f} ms; goal at most "
        f"{GOAL_GROWTH}: {verdict[growth <= GOAL_GROWTH]}); the page after row {city.deep:,}: {deeper:.2f} of the first (goal at most "
        f"{GOAL_GROWTH}: {verdict[deeper <= GOAL_GROWTH]})",
        f"P6 worklist on {database} against plain rows of the same: {of_floor:.2f} of their requests per second (goal at least {goal:.2f}: "
        f"{verdict[of_floor >= goal]}); {median(city.floor):.1f} ms and {median(city.first):.1f} ms",
    ]


def _in_a_process(children: int, *, address: str | None) -> Measured:
    """Measure one city in a process and a folder of its own: settings are read once a process."""
    with tempfile.TemporaryDirectory(prefix="fjorten-bench-") as home:
        environment = {
            **os.environ,
            "FJORTEN_HOME": home,
            "FJORTEN_SECRET_KEY": "benchmark" * 8,
            "FJORTEN_HOSTS": "testserver",
            "DJANGO_SETTINGS_MODULE": "fjorten.config.settings",
        }
        environment.pop("DATABASE_URL", None)
        if address is not None:
            environment["DATABASE_URL"] = address
        command = [sys.executable, "-m", "benchmarks.worklist", "--measure", str(children)]
        done = subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
        return Measured(**json.loads(done.stdout.splitlines()[-1]))


def _measure(children: int) -> Measured:
    """Measure the database the settings name."""
    import django

    django.setup()
    import time_machine
    from django.core.management import call_command
    from django.db import connection

    from fjorten.cli.server import settle
    from fjorten.ledger import worklist
    from fjorten.ledger.signing import ensure_key
    from fjorten.organisation.actions import open_municipality

    worklist.PAGE = ROWS  # type: ignore[misc]  # the goal is for a page of 50
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    ensure_key()
    municipality = open_municipality(code="9901", name="Prøvekommunen", by=BY, at=AT)
    clinics = list(staffed_clinics(municipality, children))
    follow(municipality, clinics, children, not_seen_every=1, newest=UNSETTLED)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with time_machine.travel(AT.replace(hour=9), tick=True):
        browser = _a_nurse_of_all(municipality, clinics)
        deep, address = _deep_in(municipality)
        _page(browser, "/worklist/?group=due")
        settle()  # as a process that serves does
        first = _timed(lambda: _page(browser, "/worklist/?group=due"))
        later = _timed(lambda: _page(browser, address))
        floor = _timed(lambda: _plain_rows(municipality.pk))
        statements = _Counter()
        with connection.execute_wrapper(statements):
            _page(browser, "/worklist/?group=due")
    return Measured(first, later, floor, deep, statements.seen)


class _Counter:
    def __init__(self) -> None:
        self.seen = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.seen += 1
        return execute(sql, params, many, context)


def _timed(do: Callable[[], object]) -> list[float]:
    """Milliseconds of each time, after three that are not counted."""
    for _ in range(3):
        do()
    found = []
    for _ in range(TIMES):
        begun = perf_counter()
        do()
        found.append((perf_counter() - begun) * 1000)
    return found


def _page(browser: Client, address: str) -> bytes:
    answer = browser.get(address, secure=True)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answered {answer.status_code}")
    return bytes(answer.content)


def _a_nurse_of_all(municipality: Municipality, clinics: list[Clinic]) -> Client:
    """Somebody who sees every child, signed in."""
    from django.test import Client

    from fjorten.access.actions import give_role, open_account
    from fjorten.access.permissions import Role
    from fjorten.web.edge import SEEN_AT, SIGNED_IN_AT

    user = open_account(municipality=municipality, login="alle", name="Alle Klinikker", employee=None, by=BY, at=AT)
    for clinic in clinics:
        give_role(user=user, role=Role.NURSE, clinic=clinic, from_on=ON, by=BY, at=AT)
    browser = Client()
    browser.force_login(user, backend="fjorten.access.sign_in.LocalAccounts")
    session = browser.session
    session[SIGNED_IN_AT] = session[SEEN_AT] = AT.replace(hour=9).timestamp()
    session.save()
    return browser


def _deep_in(municipality: Municipality) -> tuple[int, str]:
    """The address of the page that begins after row 400,000, or after the middle of a shorter list."""
    from fjorten.ledger.needing_now import steps_due
    from fjorten.ledger.worklist import Group, Place
    from fjorten.web.worklist.asking import text_of

    due = steps_due(municipality=municipality, on=ON).select_related(None)
    row = min(DEEP, due.count() // 2)
    found = due.order_by("window_until", "pk")[row]
    return row, f"/worklist/?group=due&after={text_of(Place(Group.DUE, found.window_until, found.pk))}"


_ROWS: Final = """
    SELECT s.id, s.step, s.window_until, e.id, p.id, p.given_name, p.family_name, p.born_on
    FROM plans_plannedstep s JOIN plans_enrolment e ON e.id = s.enrolment_id JOIN people_person p ON p.id = e.person_id
    WHERE s.municipality_id = %s AND s.outcome IS NULL ORDER BY s.window_until, s.id LIMIT 50"""
_STEPS: Final = (
    "SELECT enrolment_id, step, outcome, window_from, window_until FROM plans_plannedstep WHERE enrolment_id IN ({}) ORDER BY position"
)
_GUARDIANS: Final = """
    SELECT r.child_id, a.id, a.name, a.language FROM people_parentalresponsibility r JOIN people_person p ON p.id = r.child_id
    JOIN people_adult a ON a.municipality_id = p.municipality_id AND a.number = r.responsible_number AND NOT a.number = ''
    WHERE r.child_id IN ({})"""
_TELEPHONES: Final = "SELECT adult_id, value FROM people_contactpoint WHERE adult_id IN ({}) AND ended_at IS NULL"


def _plain_rows(municipality: int) -> str:
    """The floor: the same values by plain questions, in plain rows."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [municipality])
        rows = cursor.fetchall()

        def of(question: str, keys: list[int]) -> dict[int, list[tuple[Any, ...]]]:
            found = defaultdict(list)
            cursor.execute(question.format(", ".join(map(str, keys)) or "0"))
            for key, *values in cursor.fetchall():
                found[key].append(tuple(values))
            return found

        steps = of(_STEPS, [row[3] for row in rows])
        guardians = of(_GUARDIANS, [row[4] for row in rows])
        telephones = of(_TELEPHONES, [one[0] for of_child in guardians.values() for one in of_child])
    lines = []
    for pk, step, until, enrolment, person, given, family, born in rows:
        track = "".join(f"<i class={outcome or 'open'}>{code}</i>" for code, outcome, _, _ in steps[enrolment])
        reached = ", ".join(telephone[0] for one in guardians[person] for telephone in telephones[one[0]])
        cells = (escape(f"{given} {family}"), str(born), escape(step), track, escape(reached), str(until))
        lines.append(f"<tr id={pk}><td>{'</td><td>'.join(cells)}</td></tr>")
    return f"<!doctype html><table>{''.join(lines)}</table>"


def main() -> None:
    """Measure in this process for another, or for whoever asks."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--children", type=int, default=LARGE)
    parser.add_argument("--only", choices=("sqlite", "postgres"))
    parser.add_argument("--measure", type=int, metavar="CHILDREN")
    options = parser.parse_args()
    if options.measure:
        found = _measure(options.measure)
        print(json.dumps({name: getattr(found, name) for name in Measured.__slots__}))
    else:
        print("\n".join(run(large=options.children, only=options.only)))


if __name__ == "__main__":
    main()
