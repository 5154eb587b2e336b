"""
Letters on paper, killed at every point between being queued, printed, handed over and returned, and printed by several at once.

Each letter lies in exactly one batch; no file lies where somebody prints it unless its batch is written down, and no batch is without its
file once the command has been run again; handed over and returned are all or nothing. A letter more is queued between the kill and the next
run, so that the next file is another one. 9 kills in `make test`, every point on both databases in `make faults` (FJORTEN_LONG_RUN); the
counts and the seed are printed.
"""

import hashlib
import multiprocessing
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import connection, connections

from fjorten.audit.models import AuditEvent
from fjorten.audit.trail import broken_links
from fjorten.messages.actions.letters import (
    BatchIsHandedOver,
    LetterWasNotSent,
    hand_over_batch,
    mark_returned,
    print_letters,
)
from fjorten.messages.carriers import Carriers
from fjorten.messages.letters.printing import NothingToPrint
from fjorten.messages.models import ContactTask, Message, PrintBatch, Way
from fjorten.organisation.models import Clinic
from fjorten.people.models import Person, PostalAddress
from tests.databases import database_of_its_own
from tests.faults.kills import run_killed_at, statements_of
from tests.faults.outboxes import AT, JOB, Worker, a_clinic, families, invitations
from tests.letters import needs_letters
from tests.messages.gateway import Gateway

LONG = os.environ.get("FJORTEN_LONG_RUN") == "1"
AT_ONCE = 25 if LONG else 1
LETTERS = 2
SEED = int(os.environ.get("FJORTEN_SEED", "14"))

pytestmark = [
    pytest.mark.faults,
    needs_letters,
]


def the_worker(children: list[Person]) -> Worker:
    clinic = Clinic.objects.select_related("municipality").get()
    return Worker(clinic.municipality, Carriers(sms=Gateway()), invitations(clinic, children))


def printed(folder: Path) -> PrintBatch:
    worker = the_worker([])
    told: dict[str, Any] = {"staff": worker.staff(), "by": JOB, "at": AT}
    return print_letters(municipality=worker.municipality, folder=folder, still_owed=lambda messages, at: {}, **told)


def handed_over() -> int:
    batch = PrintBatch.objects.select_related("municipality").get()
    return hand_over_batch(batch=batch, still_owed=lambda messages, at: {}, by=JOB, at=AT)


def returned() -> None:
    letter = Message.objects.with_all_about_it().order_by("pk")[0]
    mark_returned(message=letter, on=AT.date(), staff=the_worker([]).staff(), by=JOB, at=AT)


@pytest.fixture
def folder(django_db_setup: None, django_db_blocker: Any, tmp_path: Path) -> Iterator[Path]:
    """Letters that wait to be printed, in a database of their own that every try is a copy of; gives the folder they are printed into."""
    with django_db_blocker.unblock(), database_of_its_own():
        the_clinic = a_clinic()
        families(the_clinic, LETTERS + 1, way=Way.LETTER)
        the_worker(list(Person.objects.order_by("pk")[:LETTERS])).settle()
        yield tmp_path / "brev"


@contextmanager
def a_try(folder: Path) -> Iterator[None]:
    """A copy of what there is."""
    kept = folder.parent / "kept"
    if folder.exists():
        shutil.copytree(folder, kept)
    try:
        with database_of_its_own():
            yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if kept.exists():
            kept.rename(folder)


def points_of(work: Callable[[], object], folder: Path, *, always: tuple[int, ...] = ()) -> list[int]:
    """All the points of a piece of work, or two that matter (counted from its end) and one drawn with the seed."""
    with a_try(folder):
        total = statements_of(work)
    if LONG:
        return list(range(1, total + 1))
    return sorted({*(total - one for one in always), Random(f"{SEED}/{total}").randrange(1, total + 1)})


def files(folder: Path) -> set[str]:
    """What lies where somebody prints it."""
    return {path.name for path in folder.glob("[!.]*")}


def said_of(action: str) -> int:
    return AuditEvent.objects.filter(action=action).count()


def told(capsys: pytest.CaptureFixture[str], what: str, points: list[int]) -> None:
    with capsys.disabled():
        print(f"\n{connection.vendor}, letters killed while {what}: {len(points)} kills, lost 0, in two batches 0, unsaid 0, seed {SEED}")


def test_printing_can_be_killed_anywhere(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # Counted from the end: the batch stands and its file has no name yet; the file is written and the batch does not stand yet.
    points = points_of(lambda: printed(folder), folder, always=(0, 3))
    for point in points:
        with a_try(folder):
            assert run_killed_at(point, lambda: printed(folder))
            assert files(folder) <= set(PrintBatch.objects.values_list("file_name", flat=True)), "nothing to print that is not written down"
            waiting = Message.objects.filter(state="queued", batch=None).count()
            assert waiting in (0, LETTERS) and waiting + Message.objects.filter(state="in_hand", batch__isnull=False).count() == LETTERS
            the_worker(list(Person.objects.order_by("pk"))).settle()
            printed(folder)
            with suppress(NothingToPrint):
                printed(folder)
            everything_lies_in_one_batch(folder, LETTERS + 1)
    told(capsys, "printed", points)


def everything_lies_in_one_batch(folder: Path, letters: int) -> None:
    batches = list(PrintBatch.objects.all())
    assert files(folder) == {batch.file_name for batch in batches}
    assert [path.name for path in folder.glob(".*")] == [], "nothing about families is left lying"
    for batch in batches:
        assert hashlib.sha256((folder / batch.file_name).read_bytes()).hexdigest() == batch.file_digest
        assert batch.messages.filter(state="in_hand").count() == batch.letters
    assert sum(batch.letters for batch in batches) == Message.objects.exclude(batch=None).count() == letters
    assert said_of("message.printed") == letters
    assert list(broken_links("9901")) == []


def test_handing_over_can_be_killed_anywhere(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    printed(folder)
    points = points_of(handed_over, folder, always=(0, 1))
    for point in points:
        with a_try(folder):
            assert run_killed_at(point, handed_over)
            is_done = PrintBatch.objects.get().handed_over_at is not None
            assert Message.objects.filter(state="sent" if is_done else "in_hand").count() == LETTERS
            with suppress(BatchIsHandedOver):
                handed_over()
            assert Message.objects.filter(state="sent").count() == LETTERS
            assert (said_of("print_batch.handed_over"), said_of("message.sent")) == (1, LETTERS)
            assert list(broken_links("9901")) == []
    told(capsys, "handed over", points)


def test_a_return_can_be_killed_anywhere(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    printed(folder)
    handed_over()
    points = points_of(returned, folder, always=(0, 1))
    for point in points:
        with a_try(folder):
            assert run_killed_at(point, returned)
            letter = Message.objects.order_by("pk")[0]
            is_done = letter.state == "failed"
            assert is_done or letter.state == "sent"
            assert ContactTask.objects.count() == PostalAddress.objects.filter(returned_on__isnull=False).count() == int(is_done)
            with suppress(LetterWasNotSent):
                returned()
            assert ContactTask.objects.get().message == letter
            assert sorted(Message.objects.values_list("state", flat=True)) == ["failed", "sent"]
            assert list(broken_links("9901")) == []
    told(capsys, "returned", points)


def test_several_who_print_at_once_print_each_letter_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(AT_ONCE):
        with a_try(folder):
            connections.close_all()
            processes = [multiprocessing.get_context("fork").Process(target=_print_at_once, args=(folder,)) for _ in range(3)]
            for process in processes:
                process.start()
            for process in processes:
                process.join()
            assert [process.exitcode for process in processes] == [0, 0, 0]
            everything_lies_in_one_batch(folder, LETTERS)
    with capsys.disabled():
        print(f"\n{connection.vendor}, three who print at once, {AT_ONCE} times: lost 0, in two batches 0")


def _print_at_once(folder: Path) -> None:
    connections.close_all()
    with suppress(NothingToPrint):
        printed(folder)
    connections.close_all()


@pytest.mark.django_db
def test_a_letter_that_cannot_be_written_is_a_persons_even_when_it_is_the_only_one(tmp_path: Path) -> None:
    the_clinic = a_clinic()
    the_worker(families(the_clinic, 1, way=Way.LETTER)).settle()
    Message.objects.update(values={})
    with pytest.raises(NothingToPrint):
        printed(tmp_path / "brev")
    assert Message.objects.get().state == "replaced_by_task"
    assert ContactTask.objects.get().reason == "no_text"
