"""
Two hundred at work at once: `fjorten serve` on PostgreSQL with 100,000 children, for ten minutes, everything written down as always.

Nurses of twelve clinics have signed in. Each looks at the day, the worklist, a child, its case and a search in turn, receives a family that came
without an appointment now and then, and thinks in between: twenty seconds on average, from nothing to a minute [default]. Who is shown, what is
written in the trail and the second wall are those of a real installation. What is measured is what they wait for: from the first byte sent to
the last byte read, over loopback; the users, the server and the database share the machine.

    python -m benchmarks.load [--children 100000] [--users 200] [--minutes 10]
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_urlsafe
from statistics import median, quantiles
from time import monotonic, sleep
from typing import Final
from urllib.parse import urlencode, urlsplit

from tools.private_postgres import binaries, free_port, server

from benchmarks.population import AT, BY, follow, staffed_clinics

ROOT: Final = Path(__file__).resolve().parent.parent
CHILDREN: Final = 100_000
USERS: Final = 200
MINUTES: Final = 10.0
QUICK: Final = (3_000, 20, 0.5)
THINKS: Final = 20.0
LONGEST_THOUGHT: Final = 60.0
SIGNS_IN_FOR: Final = 90.0  # seconds in which all have signed in, before anything is counted
WAITING: Final = 8  # families in each clinic's waiting room when the day begins [default]
PASSWORD: Final = "to hundre helsesykepleiere"
SEED: Final = 14
APP: Final = "fjorten_app"
_CHILD: Final = re.compile(r'href="(/child/[0-9a-f-]{36}/)"')
_TOKEN: Final = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_DROP_IN: Final = re.compile(r'name="drop_in" value="(\d+)"')


@dataclass(slots=True)
class Waited:
    """Milliseconds of every answer, by what was asked for; and what went wrong, by a sentence."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, what: str, milliseconds: float, wrong: str) -> None:
        """Keep one answer."""
        with self.lock:
            self.times[what].append(milliseconds)
            if wrong:
                self.wrong[f"{what}: {wrong}"] += 1


def run(*, quick: bool = False, children: int | None = None, users: int | None = None, minutes: float | None = None) -> list[str]:
    """Serve, let them work, and say how long they waited."""
    usual = QUICK if quick else (CHILDREN, USERS, MINUTES)
    children, users, minutes = children or usual[0], users or usual[1], minutes or usual[2]
    programs = binaries()
    if programs is None:
        return ["LOAD: MISSED, because no server programs were found (initdb, postgres)"]
    with tempfile.TemporaryDirectory(prefix="fjorten-bench-") as home, server(programs, counts_tables=True) as address:
        port = free_port()
        environment = {
            **os.environ,
            "FJORTEN_HOME": home,
            "FJORTEN_SECRET_KEY": token_urlsafe(64),
            "FJORTEN_HOSTS": "localhost",
            "FJORTEN_BEHIND_PROXY": "127.0.0.1",
            "DJANGO_SETTINGS_MODULE": "fjorten.config.settings",
            "DATABASE_URL": address,
        }
        prepare = [sys.executable, "-m", "benchmarks.load", "--prepare", f"{children},{users}"]
        subprocess.run(prepare, env=environment, cwd=ROOT, check=True)
        environment["DATABASE_URL"] = _as_the_application(programs, address)
        with (Path(home) / "served.log").open("w") as log:
            serving = [str(Path(sys.executable).with_name("fjorten")), "serve", "--port", str(port)]
            serve = subprocess.Popen(serving, env=environment, cwd=ROOT, stdout=log, stderr=log)
            try:
                _until_it_answers(port, serve, Path(home) / "served.log")
                waited = _let_them_work(port, users, minutes)
            finally:
                serve.terminate()
                serve.wait(30)
    return _lines(waited, children, users, minutes)


def _lines(waited: Waited, children: int, users: int, minutes: float) -> list[str]:
    everything = [one for times in waited.times.values() for one in times]
    if len(everything) < 2:
        return [f"LOAD: MISSED, because nobody was answered: {dict(waited.wrong)}"]
    p = quantiles(everything, n=100)
    wrong = sum(waited.wrong.values())
    lines = [
        f"LOAD {users} users, {children:,} children, {minutes:g} minutes, PostgreSQL: {len(everything):,} answers "
        f"({len(everything) / minutes / 60:.1f} a second), p50 {p[49]:.0f} ms, p95 {p[94]:.0f} ms, p99 {p[98]:.0f} ms, "
        f"{wrong} errors (goal 0: {'met' if not wrong else 'MISSED'})"
    ]
    for what, times in sorted(waited.times.items()):
        if len(times) > 1:
            p = quantiles(times, n=100)
            lines.append(f"LOAD {what}: {len(times):,} answers, median {median(times):.0f} ms, p95 {p[94]:.0f} ms, p99 {p[98]:.0f} ms")
    return [*lines, *(f"LOAD went wrong {number} times: {what}" for what, number in waited.wrong.most_common(10))]


def _as_the_application(programs: Path, address: str) -> str:
    """Make the application's own role, which the wall between municipalities holds, and give the address it signs in at."""
    parts = urlsplit(address)
    where = [f"--host={parts.hostname}", f"--port={parts.port}", f"--username={parts.username}", f"--dbname={parts.path[1:]}"]
    told = [f"--set=owner={parts.username}", f"--set=app={APP}", f"--file={ROOT / 'deploy' / 'postgresql' / 'roles.sql'}", "--quiet"]
    subprocess.run([str(programs / "psql"), "--no-psqlrc", *where, *told], check=True, stdout=subprocess.DEVNULL)
    return address.replace(f"//{parts.username}@", f"//{APP}@")


def _until_it_answers(port: int, serve: subprocess.Popen[bytes], log: Path) -> None:
    until = monotonic() + 60
    while monotonic() < until and serve.poll() is None:
        try:
            _Browser(port).ask("GET", "/sign-in/")
        except OSError:
            sleep(0.2)
        else:
            return
    raise SystemExit(f"the site does not answer:\n{log.read_text(encoding='utf-8')[-2000:]}")


class _Browser:
    """Keeps cookies and one connection, and follows where it is sent."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.connection: http.client.HTTPConnection | None = None
        self.page = ""

    def ask(self, method: str, address: str, fields: dict[str, str] | None = None) -> int:
        """Ask for a page and keep it; gives the status of the last answer."""
        status, there = self._ask(method, address, fields)
        hops = 0
        while there and hops < 5:
            status, there = self._ask("GET", there, None)
            hops += 1
        return status

    def _ask(self, method: str, address: str, fields: dict[str, str] | None) -> tuple[int, str]:
        headers = {
            "Host": "localhost",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "192.0.2.1",
            "Referer": "https://localhost/",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        body = None
        if fields is not None:
            token = _TOKEN.search(self.page)
            body = urlencode({**fields, "csrfmiddlewaretoken": token.group(1) if token else ""})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        for fresh in (False, True):
            if self.connection is None or fresh:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            try:
                self.connection.request(method, address, body, headers)
                answer = self.connection.getresponse()
                content = answer.read()
                break
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):  # kept open longer than the server keeps it
                if fresh:
                    raise
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        if answer.getheader("Content-Type", "").startswith("text/html"):
            self.page = content.decode()
        there = answer.getheader("Location", "") if answer.status in {301, 302, 303} else ""
        return answer.status, there.removeprefix("https://localhost")


def _let_them_work(port: int, users: int, minutes: float) -> Waited:
    waited = Waited()
    begins = monotonic() + min(SIGNS_IN_FOR, users)
    ends = begins + minutes * 60
    threads = [threading.Thread(target=_work, args=(number, port, waited, begins, ends), daemon=True) for number in range(users)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=max(0.0, ends + 90 - monotonic()))
    return waited


def _work(number: int, port: int, waited: Waited, begins: float, ends: float) -> None:
    """One user, from signing in to the end of the day."""
    by_chance = random.Random(f"{SEED}/{number}")  # who asks for what, not a secret
    browser = _Browser(port)
    sleep(by_chance.uniform(0, min(SIGNS_IN_FOR, begins - monotonic()) * 0.8))
    browser.ask("GET", "/sign-in/")
    if browser.ask("POST", "/sign-in/", {"name": f"bruker{number}", "password": PASSWORD}) != 200 or "sign-out" not in browser.page:
        waited.note("sign in", 0.0, "was not let in")
        return
    sleep(max(0.0, begins - monotonic()) + by_chance.uniform(0, THINKS))
    child = ""
    while monotonic() < ends:
        what, method, address, fields = _next(by_chance, browser, child)
        begun = monotonic()
        try:
            status = browser.ask(method, address, fields)
            # A family that somebody else has fetched in is answered as such.
            is_as_it_should = status == 200 or (status == 409 and what == "receive a drop-in")
            wrong = "" if is_as_it_should else f"answered {status}"
        except OSError as problem:
            wrong, browser.connection = type(problem).__name__, None
        waited.note(what, (monotonic() - begun) * 1000, wrong)
        found = _CHILD.findall(browser.page)
        child = by_chance.choice(found) if found else child
        sleep(min(by_chance.expovariate(1 / THINKS), LONGEST_THOUGHT))


def _next(by_chance: random.Random, browser: _Browser, child: str) -> tuple[str, str, str, dict[str, str] | None]:
    """What somebody does next."""
    waiting = _DROP_IN.findall(browser.page)
    if waiting and by_chance.random() < 0.5:
        return "receive a drop-in", "POST", "/drop-in/", {"drop_in": by_chance.choice(waiting), "do": "receive"}
    dice = by_chance.random()
    if child and dice < 0.35:
        return "child", "GET", child, None
    if dice < 0.6:
        return "today", "GET", "/today/", None
    if dice < 0.9:
        return "worklist", "GET", by_chance.choice(["/worklist/", "/worklist/?group=due", "/worklist/?group=missed"]), None
    born = datetime.now(tz=UTC).date() - timedelta(days=by_chance.randrange(2000))
    return "search", "POST", "/search/", {"q": f"Ida {born:%d.%m.%Y}"}


def _prepare(children: int, users: int) -> None:
    """The city, its staff and their accounts, and families that wait."""
    import django

    django.setup()
    from django.contrib.auth.hashers import make_password
    from django.core.management import call_command
    from django.db import connection

    from fjorten.access.actions import give_role, open_account
    from fjorten.access.models import User
    from fjorten.access.permissions import Role
    from fjorten.appointments.models import DropIn
    from fjorten.journal.models import Journal
    from fjorten.kernel.times import oslo_date
    from fjorten.ledger.signing import ensure_key
    from fjorten.organisation.actions import open_municipality
    from fjorten.organisation.models import Employee

    now = datetime.now(tz=UTC)
    call_command("migrate", verbosity=0)
    ensure_key()
    municipality = open_municipality(code="9901", name="Prøvekommunen", by=BY, at=AT)
    clinics = list(staffed_clinics(municipality, children))
    follow(municipality, clinics, children, on=oslo_date(now))
    nurses = list(Employee.objects.filter(municipality=municipality, role=Employee.Role.NURSE).order_by("pk")[:users])
    for number in range(users):
        nurse = nurses[number] if number < len(nurses) else None
        clinic = nurse.clinic if nurse else clinics[number % len(clinics)]
        user = open_account(municipality=municipality, login=f"bruker{number}", name=f"Bruker {number}", employee=nurse, by=BY, at=AT)
        give_role(user=user, role=Role.NURSE, clinic=clinic, from_on=AT.date(), by=BY, at=AT)
    User.objects.update(password=make_password(PASSWORD))
    rows = []
    for clinic in clinics:
        here = Journal.objects.filter(clinic=clinic).order_by("pk").values_list("person_id", flat=True)
        rows += [DropIn(clinic=clinic, person_id=pk, matter="weighing", came_at=now, came_by="benchmark") for pk in here[:WAITING]]
    DropIn.objects.bulk_create(rows, batch_size=1000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def main() -> None:
    """Measure, or prepare in this process for another."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--children", type=int, default=CHILDREN)
    parser.add_argument("--users", type=int, default=USERS)
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--prepare", metavar="CHILDREN,USERS")
    options = parser.parse_args()
    if options.prepare:
        children, users = map(int, options.prepare.split(","))
        _prepare(children, users)
    else:
        print("\n".join(run(children=options.children, users=options.users, minutes=options.minutes)))


if __name__ == "__main__":
    main()
