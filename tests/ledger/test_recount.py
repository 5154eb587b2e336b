"""The recount agrees with a ledger in which everything is as it should be, in every situation and on every day."""

from datetime import date, timedelta

import pytest

from fjorten.people.models import Person
from fjorten.plans.models import Enrolment
from fjorten.registers.models import SeenElsewhere
from tests.ledger.book import EARLIER, TODAY, Book

pytestmark = pytest.mark.django_db


def test_the_book_holds_every_situation(book: Book) -> None:
    totals = book.recounted().totals
    assert {name: totals[name] for name in ("residents", "enrolled", "in_transfer", "outside", "unaccounted")} == {
        "residents": 11,
        "enrolled": 5,
        "in_transfer": 1,
        "outside": 1,
        "unaccounted": 4,
    }
    assert totals["protected"] == 1
    assert totals["enrolled_not_resident"] == 1
    assert totals["unconfirmed_elsewhere"] == 1
    assert {state for states in totals["steps"].values() for state in states} == {
        "not_yet_due",
        "due",
        "overdue",
        "done",
        "done_elsewhere",
        "declined",
        "waived",
    }
    assert Person.objects.filter(continued_as__isnull=False).count() == 1
    assert SeenElsewhere.objects.count() > 0
    assert Enrolment.objects.filter(ended_on__isnull=False).count() == 1


def test_the_recount_agrees_with_a_sound_ledger(book: Book) -> None:
    result = book.recounted()
    assert [difference.sentence for difference in result.differences] == []
    assert result.agrees
    assert result.totals == result.ledger
    assert result.checked["lines"] == sum(n for states in result.totals["steps"].values() for n in states.values()) + 5


@pytest.mark.parametrize(
    "day", [date(2026, 1, 1), EARLIER, TODAY - timedelta(days=1), date(2026, 4, 13), date(2029, 12, 30), date(2029, 12, 31)]
)
def test_it_agrees_on_other_days_too(book: Book, day: date) -> None:
    assert [difference.sentence for difference in book.recounted(on=day).differences] == []


def test_an_empty_ledger_agrees(municipality, settings, tmp_path, clerk, at) -> None:
    from fjorten.ledger.signing import ensure_key

    settings.HOME = tmp_path
    ensure_key()
    result = Book(municipality, clerk, at, tmp_path).recounted()
    assert result.agrees
    assert result.checked == {"documents": 0, "persons": 0, "enrolments": 0, "steps": 0, "lines": 0, "trail": 1}
