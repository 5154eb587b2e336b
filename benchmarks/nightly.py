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
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from tools.private_postgres import binaries, server

if TYPE_CHECKING:
    from fjorten.organisation.models import Clinic, Municipality
    from fjorten.people.models import Adult, Person

ROOT: Final = Path(__file__).resolve().parent.parent
CHILDREN: Final = 50_000
QUICK_CHILDREN: Final = 2_000
GOAL: Final = 0.05
NOT_SEEN_EVERY: Final = 20
# Twice the nurses a city has, since the first night gives times to everybody whose turn it is at once.
CHILDREN_PER_NURSE: Final = 80
CLINICS: Final = 12

ON: Final = date(2026, 3, 10)
AT: Final = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)


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

    from fjorten.audit.actor import Actor
    from fjorten.ledger.signing import ensure_key
    from fjorten.organisation.actions import open_municipality

    call_command("migrate", verbosity=0)
    ensure_key()
    by = Actor(who="benchmark", role="clerk")
    municipality = open_municipality(code="9901", name="Prøvekommunen", by=by, at=AT)
    clinics = list(_staffed_clinics(municipality, children, by))
    _follow(municipality, clinics, children, by)
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


def _staffed_clinics(municipality: Municipality, children: int, by: Any) -> Iterator[Clinic]:
    """Nurses for the children there are, each in a room of their own five days a week, every fourth of a clinic with a doctor beside her."""
    from fjorten.appointments.models import RosterOpening
    from fjorten.organisation.actions import hire, open_clinic, open_room
    from fjorten.organisation.models import Employee

    since = date(2020, 1, 1)
    roles = Employee.Role
    clinics = [open_clinic(municipality=municipality, name=f"Klinikk {number}", by=by, at=AT) for number in range(CLINICS)]
    for number, clinic in enumerate(clinics):
        for code, role in ((f"leder{number}", roles.LEADER), (f"merkantil{number}", roles.CLERK)):
            hire(clinic=clinic, code=code, name=code, role=role, employed_from=since, by=by, at=AT)
        yield clinic
    openings = []
    for number in range(max(children // CHILDREN_PER_NURSE, 4)):
        clinic = clinics[number % CLINICS]
        nurse = hire(clinic=clinic, code=f"s{number}", name=f"s{number}", role=roles.NURSE, employed_from=since, by=by, at=AT)
        room = open_room(clinic=clinic, name=f"Rom {number}", by=by, at=AT)
        doctor = None
        if number // CLINICS % 4 == 0:
            doctor = hire(clinic=clinic, code=f"l{number}", name=f"l{number}", role=roles.DOCTOR, employed_from=since, by=by, at=AT)
        common = {"clinic": clinic, "employee": nurse, "valid_from": since, "recorded_at": AT, "recorded_by": "benchmark"}
        for weekday in range(5):
            day = {**common, "weekday": weekday}
            minutes = 30 if weekday < 3 else 45  # the consultations at two and four years are longer
            openings.append(
                RosterOpening(**day, doctor=doctor, room=room, setting="clinic", begins=time(8), ends=time(12), slot_minutes=minutes)
            )
            if weekday < 2:
                group = {"setting": "group", "slot_minutes": 120, "capacity": 6}
                openings.append(RosterOpening(**day, room=room, begins=time(13), ends=time(15), **group))
            else:
                home = {"setting": "home", "slot_minutes": 90, "travel_minutes": 0}
                openings.append(RosterOpening(**day, begins=time(12, 30), ends=time(15, 30), **home))
    RosterOpening.objects.bulk_create(openings, batch_size=2000)


def _follow(municipality: Municipality, clinics: list[Clinic], children: int, by: Any) -> None:
    """Children with their guardians, enrolled, with what lies behind them settled."""
    births = sorted(ON - timedelta(days=1 + number * 37 % 2190) for number in range(children))
    numbers = _numbers(children * 2)
    guardians = _guardians(municipality, children, numbers)
    persons = _residents(municipality, births, guardians, numbers)
    _enrol(municipality, clinics, persons, by)
    _settle_what_lies_behind(municipality)


def _guardians(municipality: Municipality, children: int, numbers: Iterator[str]) -> list[Adult]:
    """One for each child, with a telephone number that cannot ring."""
    from fjorten.people.models import Adult, ContactPoint

    common = {"recorded_at": AT, "recorded_by": "benchmark"}
    adults = [Adult(municipality=municipality, number=next(numbers), **common) for _ in range(children)]
    guardians = Adult.objects.bulk_create(adults, batch_size=2000)
    telephones = [
        ContactPoint(adult=adult, kind="telephone", value=f"+4700{nth:06}", source="family", **common)
        for nth, adult in enumerate(guardians)
    ]
    ContactPoint.objects.bulk_create(telephones, batch_size=2000)
    return guardians


def _residents(municipality: Municipality, births: list[date], guardians: list[Adult], numbers: Iterator[str]) -> list[Person]:
    """Children as the register tells of them: born on these days, living here, each with a number and a guardian."""
    from fjorten.people.models import Identifier, ParentalResponsibility, Person, Residence

    named = {"municipality": municipality, "status": "bosatt", "sex": "kvinne", "given_name": "Ida", "family_name": "Prøve"}
    persons = Person.objects.bulk_create([Person(born_on=day, born_by=day, **named) for day in births], batch_size=2000)
    here = {"municipality_code": "9901", "is_here": True, "kind": "street", "source": "benchmark"}
    Residence.objects.bulk_create([Residence(person=one, valid_from=one.born_on, **here) for one in persons], batch_size=2000)
    known = [Identifier(person=one, municipality=municipality, number=next(numbers), is_in_use=True) for one in persons]
    Identifier.objects.bulk_create(known, batch_size=2000)
    responsible = [
        ParentalResponsibility(child=child, kind="felles", responsible_number=adult.number, source="benchmark")
        for child, adult in zip(persons, guardians, strict=True)
    ]
    ParentalResponsibility.objects.bulk_create(responsible, batch_size=2000)
    return persons


def _enrol(municipality: Municipality, clinics: list[Clinic], persons: list[Person], by: Any) -> None:
    """Every child from its birth, spread over the clinics."""
    from fjorten.plans.actions.enrolment import NewEnrolment, enrol_all
    from fjorten.plans.steps import full_plan
    from fjorten.programme.definitions import child_programme

    definition = child_programme(ON)
    plans = {day: full_plan(day, definition) for day in {one.born_by for one in persons}}
    new = [
        NewEnrolment(person=child, clinic=clinics[nth % len(clinics)], on=child.born_by, steps=plans[child.born_by])
        for nth, child in enumerate(persons)
    ]
    enrol_all(children=new, municipality=municipality, programme_version=definition.reference, reason="bosatt", by=by, at=AT)


def _settle_what_lies_behind(municipality: Municipality) -> None:
    """All of it is done, but for one child in twenty its newest step."""
    from django.db.models import F

    from fjorten.plans.models import PlannedStep

    behind = PlannedStep.objects.filter(municipality=municipality, window_until__lte=ON)
    newest = dict(behind.order_by("position").values_list("enrolment__person_id", "pk"))
    not_seen = {pk for person, pk in newest.items() if person % NOT_SEEN_EVERY == 0}
    settled = {"outcome": "done", "outcome_on": F("window_from"), "outcome_at": AT, "outcome_by": "benchmark", "outcome_reason": "prøve"}
    behind.exclude(pk__in=not_seen).update(**settled)


def _numbers(wanted: int) -> Iterator[str]:
    """Synthetic numbers (month + 80), one after the other."""
    from fjorten.kernel.national_id import with_control_digits

    made, day = 0, date(1960, 1, 1)
    while made < wanted:
        for individual in range(500):
            number = with_control_digits(f"{day.day:02}{day.month + 80:02}{day.year % 100:02}{individual:03}")
            if number is not None:
                made += 1
                yield number
                if made == wanted:
                    return
        day += timedelta(days=1)


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
