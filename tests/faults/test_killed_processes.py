"""
A process killed at any statement of load, feed or enrolment leaves nothing half done, and running it again ends as if it had never been killed.

`make test` kills 24 times on each database, `make faults` 300 (FJORTEN_LONG_RUN); points are drawn from a seed that is printed on failure.
"""

import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from fjorten.audit.actor import Actor
from fjorten.audit.models import AuditEvent
from fjorten.audit.trail import broken_links
from fjorten.kernel.national_id import parse
from fjorten.organisation.actions import open_municipality
from fjorten.organisation.models import Municipality
from fjorten.people.queries import person_with_number
from fjorten.plans.models import Enrolment
from fjorten.registers.actions import apply_feed, load_extract
from fjorten.registers.enrolment import enrol_resident
from fjorten.simulation.histories import random_histories
from fjorten.simulation.places import FJORDVIK
from fjorten.simulation.register_source import GivenRows
from tests.databases import database_of_its_own
from tests.factories.register import a_number, extract_file, person_document
from tests.faults.kills import run_killed_at, statements_of
from tests.state import state_of

KILLS = 300 if os.environ.get("FJORTEN_LONG_RUN") == "1" else 24
SEED = int(os.environ.get("FJORTEN_SEED", "14"))
BY = Actor(who="jobb", role="job")
AT = datetime(2026, 3, 10, 9, tzinfo=UTC)
ON = date(2026, 3, 10)

pytestmark = pytest.mark.faults


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    """Twelve children: newborns, older ones, one protected, one elsewhere."""
    children = [person_document(a_number(day := date(2026, 3, 1 + n)), born_on=day) for n in range(5)]
    children += [person_document(a_number(day := date(2024, 1 + n, 5)), born_on=day) for n in range(6)]
    children.append(person_document(a_number(day := date(2025, 6, 1)), born_on=day, lives_in="9902"))
    return extract_file(tmp_path / "uttrekk.jsonl", children)


def a_municipality(code: str = "9901") -> Municipality:
    return open_municipality(code=code, name="Prøve", by=BY, at=AT)


def load(path: Path) -> None:
    load_extract(path=path, municipality=Municipality.objects.get(), on=ON, by=BY, at=AT)


def read_feed(rows: Any) -> None:
    apply_feed(source=GivenRows(rows, page_size=20), municipality=Municipality.objects.get(), by=BY, at=AT, from_the_start=True)


def enrol(number: str) -> None:
    person = person_with_number(parse(number), municipality=Municipality.objects.get())
    enrol_resident(person=person, on=ON, reason="bor her", by=BY, at=AT)


def killed_everywhere(given: Callable[[], None], work: Callable[[], None], *, share: float, may_stop_between: bool) -> None:
    """
    Kill the work at random points, each in a database of its own; then check that all or nothing is there, that the trail holds, and that
    doing the work again ends in the same state as doing it once.
    """
    with database_of_its_own():
        given()
        before = state_of(Municipality.objects.get())
        points = statements_of(work)
        done, events = state_of(Municipality.objects.get()), AuditEvent.objects.count()
    assert before != done
    rng = Random(f"{SEED}/{work}")
    killed = 0
    tries = max(round(KILLS * share), 1)
    for _ in range(tries):
        point = rng.randrange(1, points + 1)
        with database_of_its_own():
            given()
            killed += run_killed_at(point, work)
            halfway = state_of(Municipality.objects.get())
            assert may_stop_between or halfway in (before, done), f"half done at point {point} of {points}, seed {SEED}"
            assert list(broken_links(Municipality.objects.get().code)) == [], f"point {point}, seed {SEED}"
            if halfway == before:
                work()
                assert AuditEvent.objects.count() == events, f"an event too few or too many, point {point}, seed {SEED}"
            elif halfway != done:
                work()
            assert state_of(Municipality.objects.get()) == done, f"not the same after a second run, point {point}, seed {SEED}"
    assert killed == tries, f"{killed} of {tries} processes were really killed"


def test_loading_an_extract_is_all_or_nothing(django_db_setup: None, django_db_blocker: Any, extract: Path) -> None:
    with django_db_blocker.unblock():
        killed_everywhere(a_municipality, lambda: load(extract), share=0.4, may_stop_between=False)


def test_reading_the_feed_stops_between_pages_only_and_goes_on(django_db_setup: None, django_db_blocker: Any) -> None:
    rows = [row for history in random_histories(SEED, 6, municipality=FJORDVIK) for row in history.rows]
    with django_db_blocker.unblock():
        killed_everywhere(lambda: a_municipality(FJORDVIK.code), lambda: read_feed(rows), share=0.4, may_stop_between=True)


def test_enrolling_is_all_or_nothing(django_db_setup: None, django_db_blocker: Any, extract: Path) -> None:
    number = a_number(date(2024, 3, 5))

    def given() -> None:
        a_municipality()
        load(extract)

    def work() -> None:
        person = person_with_number(parse(number), municipality=Municipality.objects.get())
        if not Enrolment.objects.filter(person=person).exists():
            enrol(number)

    with django_db_blocker.unblock():
        killed_everywhere(given, work, share=0.2, may_stop_between=False)


@pytest.mark.django_db
def test_work_can_be_killed_before_and_after_every_statement() -> None:
    assert statements_of(Municipality.objects.count) == 2
