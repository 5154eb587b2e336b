"""What goes wrong with one child is told of and the others are done; a database in trouble stops everybody."""

from datetime import date

import pytest
from django.db import IntegrityError, InterfaceError, OperationalError

from fjorten.kernel.refusals import Refused
from fjorten.people.troubles import error_of, one_childs_own, sentence_of
from tests.factories.register import a_number


class AskedTwice(Refused):
    """Somebody asked a second time."""

    sentence = "Spør en gang til i morgen."


def tried(wrong: Exception) -> tuple[list[int], list[tuple[int, Exception]]]:
    """Go through three children, of whom the second goes wrong: who was done, and what was told."""
    done: list[int] = []
    failed: list[tuple[int, Exception]] = []
    for child in (1, 2, 3):
        with one_childs_own(child, failed):
            if child == 2:
                raise wrong
            done.append(child)
    return done, failed


@pytest.mark.parametrize("wrong", [AskedTwice(), ValueError("x"), IntegrityError("one_row")], ids=lambda wrong: type(wrong).__name__)
def test_one_childs_trouble_is_not_the_others(wrong: Exception) -> None:
    assert tried(wrong) == ([1, 3], [(2, wrong)])


@pytest.mark.parametrize(
    "wrong", [OperationalError("gone"), InterfaceError("closed"), KeyboardInterrupt()], ids=lambda wrong: type(wrong).__name__
)
def test_what_concerns_everybody_is_raised(wrong: Exception) -> None:
    with pytest.raises(type(wrong)):
        tried(wrong)


def test_a_refusal_is_told_in_its_own_words_and_the_rest_in_ours() -> None:
    assert sentence_of(AskedTwice(), otherwise="Noe gikk galt.") == "Spør en gang til i morgen."
    assert sentence_of(ValueError("x"), otherwise="Noe gikk galt.") == "Noe gikk galt."


def test_an_error_is_named_without_saying_who() -> None:
    assert error_of(AskedTwice()) == "AskedTwice"
    assert error_of(ValueError(f"no {a_number(date(2024, 3, 1))}")) == "ValueError: no ***********"
