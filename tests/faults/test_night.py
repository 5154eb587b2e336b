"""
A night that is killed, stopped, cut off from its database or fails at any statement, or is run by several at once, ends as one that was left
in peace (F1, F2, F5, F9).

`make test` takes some points on each database, `make faults` all of them and at least 300 kills; points are drawn from a seed that is printed
on failure. Every try begins with the same municipality, in a database of its own.
"""

import multiprocessing
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import OperationalError, close_old_connections, connection, connections

from fjorten.audit.trail import broken_links
from fjorten.ledger.signing import ensure_key
from fjorten.messages.models import Message, OutboxState
from fjorten.nightly.actions import run_night
from fjorten.nightly.models import Run
from fjorten.nightly.stages import Night
from fjorten.organisation.models import Clinic, Municipality
from fjorten.people.models import Person
from tests.databases import database_of_its_own
from tests.factories.night import AT, a_municipality_with_work, a_night, picture_of_everything
from tests.faults.kills import run_killed_at, statements_of
from tests.faults.servers import cut_off

LONG = os.environ.get("FJORTEN_LONG_RUN") == "1"
KILLS = 300 if LONG else 2
STOPS = None if LONG else 2  # None: every statement
CUTS = 300 if LONG else 1
NIGHTS_AT_ONCE = 200 if LONG else 2
SEED = int(os.environ.get("FJORTEN_SEED", "14"))

pytestmark = pytest.mark.faults

Picture = dict[str, list[Any]]


class _Stopped(BaseException):
    """The end of a process, in the middle of anything; no `except Exception` keeps it."""


@pytest.fixture
def prepared(django_db_setup: None, django_db_blocker: Any, settings: Any, tmp_path: Path) -> Iterator[Path]:
    """A municipality with a night's work, in a database of its own that every try is a copy of; gives its folder."""
    settings.HOME = tmp_path / "home"
    ensure_key()
    folder = tmp_path / "given"
    folder.mkdir()
    with django_db_blocker.unblock(), database_of_its_own():
        a_municipality_with_work(folder)
        yield folder


@contextmanager
def a_try(prepared: Path) -> Iterator[Path]:
    """A copy of the municipality, its register and its empty outbox."""
    folder = prepared.parent / "try"
    shutil.copytree(prepared, folder)
    try:
        with database_of_its_own():
            yield folder
    finally:
        shutil.rmtree(folder)


def the_night(folder: Path) -> Night:
    return a_night(Municipality.objects.get(), folder)


def run(folder: Path) -> None:
    run_night(night=the_night(folder))


def left_in_peace(prepared: Path) -> tuple[Picture, list[str], int]:
    """What is there after a night nobody disturbed: all tables, the files sent, and how many statements it took."""
    with a_try(prepared) as folder:
        points = statements_of(lambda: run(folder))
        assert Run.objects.get().balanced
        return picture_of_everything(), sent(folder), points


def sent(folder: Path) -> list[str]:
    """What lies in the outbox, by text: a family told twice is there twice."""
    return sorted(path.read_text(encoding="utf-8").split('"to"')[1] for path in (folder / "outbox").glob("*.json"))


def finish(folder: Path) -> None:
    """
    Run the night again, and once more after what was in the air must have come down: a try that was cut off is found out about, by asking
    the gateway, when it has been unfinished for a quarter of an hour.
    """
    run(folder)
    if Message.objects.filter(state__in=[OutboxState.IN_HAND, OutboxState.UNCERTAIN]).exists():
        for minutes in (20, 40):
            run_night(night=a_night(Municipality.objects.get(), folder, at=AT + timedelta(minutes=minutes)))


def is_the_same(folder: Path, done: tuple[Picture, list[str], int], where: str) -> None:
    """
    Hold what is there to what a night leaves that was left in peace. Of a message that was cut off, the tries and the instants differ: it is
    told by what the gateway got, and by all messages being what they are about, to whom, and no longer on their way.
    """
    picture, files, _ = done
    assert sent(folder) == files, f"somebody was told twice, or not at all: {where}"
    assert list(broken_links("9901")) == [], where
    now = picture_of_everything()
    for table, rows in picture.items():
        if table == "family_messages.Message":
            assert [row[:9] for row in now[table]] == [row[:9] for row in rows], f"{table}: {where}"
        elif table != "family_messages.Attempt":
            assert now[table] == rows, f"{table}: {where}"
    states = sorted(Message.objects.values_list("kind", "state"))
    assert not [state for _, state in states if state in {"in_hand", "uncertain", "queued"}], where


def points_of(total: int, wanted: int | None) -> list[int]:
    """All points, or so many of them, drawn with the seed."""
    everywhere = range(1, total + 1)
    return list(everywhere) if wanted is None or wanted >= total else sorted(Random(f"{SEED}/{total}").sample(everywhere, wanted))


# What ends a process ends it between the opening of a server's cursor and its first row too; here the process lives on, and hears of it.
@pytest.mark.filterwarnings("ignore:.*ServerSideCursor.* was deleted while still open:ResourceWarning")
@pytest.mark.parametrize("wrong", [_Stopped, RuntimeError], ids=["stopped", "failed"])
def test_a_night_can_stop_or_fail_at_any_statement(prepared: Path, wrong: type[BaseException]) -> None:
    done = left_in_peace(prepared)
    statements = done[2] // 2  # killing counts the points before and after
    stopped = 0
    for point in points_of(statements, STOPS):
        with a_try(prepared) as folder:
            stopped += _ends_at(point, wrong, lambda folder=folder: run(folder))
            finish(folder)
            is_the_same(folder, done, f"statement {point} of {statements}, {wrong.__name__}, seed {SEED}")
    assert stopped > 0
    print(f"F2: {stopped} of {statements} statements, {wrong.__name__}: the same end state after another run")


def _ends_at(point: int, wrong: type[BaseException], work: Callable[[], None]) -> bool:
    """Do the work and let a statement fail; tells whether it came so far."""
    seen = 0

    def fail(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen == point:
            raise wrong(f"statement {point}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail), suppress(_Stopped, RuntimeError):
        work()
    return seen >= point


def test_a_night_whose_connection_is_cut_goes_on_or_is_finished_by_the_next(prepared: Path) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("a file has no connection to cut")
    done = left_in_peace(prepared)
    statements = done[2] // 2
    chance, cuts, ended = Random(f"{SEED}/cut"), 0, 0
    for _ in range(10 * CUTS):
        if cuts == CUTS:
            break
        point = chance.randrange(1, statements + 1)
        with a_try(prepared) as folder:
            was_cut = list[int]()
            with cut_at(point, was_cut), suppress(OperationalError):
                run(folder)
                ended += len(was_cut)
            cuts += len(was_cut)  # the points of a night are its commits too: some lie behind its last statement
            close_old_connections()
            finish(folder)
            is_the_same(folder, done, f"cut at statement {point} of {statements}, seed {SEED}")
    assert cuts == CUTS, "the nights were too short to be cut"
    print(f"F5: {cuts} connections cut in the middle of a night, 0 lost, 0 doubled; {ended} nights went on by themselves, seed {SEED}")


@contextmanager
def cut_at(point: int, was_cut: list[int]) -> Iterator[None]:
    """Let the server cut the connection just before a statement, and note that it did."""
    seen = 0

    def cut(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen == point:
            was_cut.append(point)
            cut_off()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(cut):
        yield


def test_a_killed_night_is_finished_by_the_next(prepared: Path) -> None:
    done = left_in_peace(prepared)
    rng, killed = Random(SEED), 0
    for _ in range(KILLS):
        point = rng.randrange(1, done[2] + 1)
        with a_try(prepared) as folder:
            killed += run_killed_at(point, lambda folder=folder: run(folder))
            finish(folder)
            is_the_same(folder, done, f"killed at point {point} of {done[2]}, seed {SEED}")
    assert killed == KILLS
    print(f"F1: {killed} kills, 0 lost, 0 doubled")


def test_several_nights_at_once_do_what_one_does(prepared: Path) -> None:
    done = left_in_peace(prepared)
    rng, run_at_once, longest = Random(SEED), 0, 0.0
    while run_at_once < NIGHTS_AT_ONCE:
        number = rng.randint(2, 8)
        with a_try(prepared) as folder:
            connections.close_all()
            processes = [multiprocessing.get_context("fork").Process(target=_one_of_several, args=(folder,)) for _ in range(number)]
            begun = time.monotonic()
            for process in processes:
                process.start()
            for process in processes:
                process.join()
            longest = max(longest, time.monotonic() - begun)
            assert [process.exitcode for process in processes] == [0] * number, "each of them came to its end"
            assert Run.objects.filter(finished_at__isnull=False).count() == number
            finish(folder)
            is_the_same(folder, done, f"{number} at once, seed {SEED}")
        run_at_once += number
    print(f"F9: {run_at_once} nights, two to eight at once: as one. The slowest lot took {longest:.1f} s")


def _one_of_several(folder: Path) -> None:
    connections.close_all()
    run(folder)
    connections.close_all()


@pytest.mark.django_db
def test_two_pictures_of_the_same_are_the_same_and_of_something_else_are_not(tmp_path: Path) -> None:
    a_municipality_with_work(tmp_path)
    before = picture_of_everything()
    assert picture_of_everything() == before
    assert sum(map(len, before.values())) > 100
    Message.objects.create(
        municipality=Municipality.objects.get(),
        key="appointment:1/told",
        kind="invitation",
        about="appointment:1",
        person=Person.objects.first(),
        clinic=Clinic.objects.get(),
        way="sms",
        not_before=AT,
        if_too_late="lapses",
        created_at=AT,
        state="lapsed",
        state_at=AT,
        state_reason="prøve",
    )
    assert picture_of_everything() != before
