"""A staffed municipality with children the register has told of, some years old, whom nobody follows yet. 10 March 2026 is today."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from fjorten.audit.actor import Actor
from fjorten.history.actions import TakenOver, take_over_history
from fjorten.history.child import EarlierChild
from fjorten.history.lines import read_history, write_history
from fjorten.kernel.national_id import parse
from fjorten.organisation.models import Municipality
from fjorten.people.models import Person
from fjorten.registers.actions import load_extract
from tests.factories.cases import clinic_of, staffed
from tests.factories.register import a_number, extract_file, person_document

TODAY = date(2026, 3, 10)
BORN_ON = date(2025, 5, 10)  # ten months old: the window of C09_M10 is open, ten steps have been
NUMBERS = [a_number(BORN_ON, nth) for nth in range(4)]


@pytest.fixture
def loaded(municipality: Municipality, clerk: Actor, at: datetime, tmp_path: Path) -> Municipality:
    """The municipality with four children of ten months, and staff since long ago."""
    staffed(clinic_of(municipality))
    path = extract_file(tmp_path / "uttrekk.jsonl", [person_document(number, born_on=BORN_ON) for number in NUMBERS])
    load_extract(path=path, municipality=municipality, on=TODAY - timedelta(days=1), by=clerk, at=at)
    return municipality


TakeOver = Callable[..., TakenOver]


@pytest.fixture
def take_over(loaded: Municipality, clerk: Actor, at: datetime, tmp_path: Path) -> TakeOver:
    """Takes over histories by way of a file: what a test tells of is written and read as anybody's file is."""

    def taken(*children: EarlierChild, raw: Iterable[str] = ()) -> TakenOver:
        path = tmp_path / "historikk.jsonl"
        write_history(path, children)
        with path.open("a", encoding="utf-8") as stream:
            stream.writelines(f"{line}\n" for line in raw)
        return take_over_history(lines=read_history(path), municipality=loaded, by=clerk, at=at)

    return taken


def a_child(nth: int = 0, **told: Any) -> EarlierChild:
    """One of the four, followed since birth."""
    return EarlierChild(number=parse(NUMBERS[nth]), **{"since": BORN_ON, **told})


def child_numbered(nth: int = 0) -> Person:
    """One of the four as the ledger knows it."""
    return Person.objects.get(identifiers__number=NUMBERS[nth])
