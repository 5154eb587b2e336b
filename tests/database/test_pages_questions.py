"""Every question the pages ask in words that are kept is answered as Django answers it put together anew, whoever asks."""

from collections import Counter
from typing import Any

import pytest
import time_machine
from django.db.models import Model
from django.urls import reverse
from tools.pages.matrix import Kind

from fjorten.access.permissions import Role
from fjorten.database.questions import Question
from fjorten.database.words import Words
from fjorten.organisation.models import Municipality
from tests.web.conftest import clock  # noqa: F401 (a fixture)
from tests.web.everybody import Everybody, everybody_in

LISTS = ("today", "worklist", "register", "calendar", "messages", "capacity")
OF_A_CHILD = ("child", "case", "times")
ASKED = (
    "",
    "?group=due",
    "?owner=nobody",
    "?language=nb",
    "?language=ar",
    "?step=C05_M4",
    "?after=due.2026-04-06.1",
    "?before=due.2026-12-01.99999",
)


@pytest.fixture
def world(municipality: Municipality, clock: time_machine.Traveller) -> Everybody:  # noqa: F811
    return everybody_in(municipality)


def told(row: Any) -> Any:
    if not isinstance(row, Model):
        return row
    beside = {name: _values(one) for name, one in row._state.fields_cache.items() if isinstance(one, Model)}
    return (_values(row), beside)


def _values(row: Model) -> Any:
    return (type(row), {name: value for name, value in vars(row).items() if name != "_state"})


def test_the_pages_read_what_they_would_have_read(
    world: Everybody,
    monkeypatch: pytest.MonkeyPatch,
    clock: time_machine.Traveller,  # noqa: F811
) -> None:
    kept, making = Question.rows, Words.__init__
    asked: Counter[str] = Counter()
    made: list[Words] = []
    monkeypatch.setattr(Words, "__init__", lambda words, *told: made.append(words) or making(words, *told))

    def compared(self: Question[Any]) -> list[Any]:
        found, anew = kept(self), self.built()
        asked[self.build.__qualname__] += 1
        order = list if anew.ordered else lambda rows: sorted(rows, key=repr)
        assert order([told(one) for one in found]) == order([told(one) for one in anew]), self
        return found

    monkeypatch.setattr(Question, "rows", compared)
    for role in (Role.NURSE, Role.CLERK, Role.LEADER, Role.DOCTOR):
        for address in [
            *(reverse(name) for name in LISTS),
            *(reverse("worklist") + fields for fields in ASKED),
            *(reverse(name, args=[world.children[kind].public_id]) for name in OF_A_CHILD for kind in (Kind.OWN, Kind.NAMED)),
        ]:
            clock.shift(7)  # seconds: an instant that was written into the words would be told
            assert world.browsers[role].get(address).status_code in {200, 302, 403, 404}, address
    assert len(asked) > 15, asked
    assert len(made) < sum(asked.values()) / 4, (len(made), asked)  # most are asked in words that were kept
