"""Names that can be the same child's, and names that cannot."""

from __future__ import annotations

from functools import lru_cache

from hypothesis import given
from hypothesis import strategies as st

from fjorten.registers.reconcile.name_agreement import _is_within_distance, names_agree

# Letters of names in the register: Norwegian, Sami and Polish among them.
names = st.text(alphabet="abcdefghijklmnopqrstuvwxyzæøåáčđŋšŧžłńśź- ", min_size=1, max_size=15)


@lru_cache
def distance(one: str, other: str) -> int:
    """Levenshtein's distance straight from its definition."""
    if not one or not other:
        return len(one) + len(other)
    return min(
        distance(one[1:], other) + 1,
        distance(one, other[1:]) + 1,
        distance(one[1:], other[1:]) + (one[0] != other[0]),
    )


@given(st.text("abc", max_size=6), st.text("abc", max_size=6), st.integers(0, 3))
def test_the_distance_is_the_one_of_the_definition(one: str, other: str, allowed: int) -> None:
    assert _is_within_distance(one, other, allowed) == (distance(one, other) <= allowed)


@given(names, names)
def test_a_name_agrees_with_itself_in_any_case_and_order(first: str, last: str) -> None:
    assert names_agree(given=first, middle=None, family=last, journal_given=first.upper(), journal_family=last.title())
    assert names_agree(given=first, middle=None, family=last, journal_given=last, journal_family=first)


@given(names, names, names)
def test_a_middle_name_may_be_left_out(first: str, middle: str, last: str) -> None:
    assert names_agree(given=first, middle=middle, family=last, journal_given=first, journal_family=last)


def test_what_is_missing_does_not_disagree() -> None:
    assert names_agree(given=None, middle=None, family=None, journal_given="Nora", journal_family="Dahl")
    assert names_agree(given="Nora", middle=None, family="Dahl", journal_given=None, journal_family=None)
    assert names_agree(given="Nora", middle=None, family="Dahl", journal_given="", journal_family="  ")


def test_a_full_name_in_one_field_is_compared_as_a_whole() -> None:
    assert names_agree(given="Nora", middle="Berg", family="Dahl", journal_given="Nora Dahl", journal_family=None)
    assert names_agree(given="Nora", middle="Berg", family="Dahl", journal_given=None, journal_family="Dahl Nora")
    assert not names_agree(given="Nora", middle="Berg", family="Dahl", journal_given="Ida Dahl", journal_family=None)


def test_letters_an_export_lost_are_read_from_the_register() -> None:
    for first, last in [("?ile", "?uorgam"), ("Áile", "\ufffduorgam"), ("ÁILE", "?UORGAM")]:
        assert names_agree(given="Áile", middle=None, family="Ŋuorgam", journal_given=first, journal_family=last)
    assert not names_agree(given="Áile", middle=None, family="Ŋuorgam", journal_given="Áile", journal_family="?akkestad")
    assert not names_agree(given="Áile", middle=None, family="Ŋuorgam", journal_given="Nora", journal_family="???????")


def test_an_initial_stands_for_a_name() -> None:
    assert names_agree(given="Anne Marie", middle=None, family="Dahl", journal_given="Anne M.", journal_family="Dahl")
    assert not names_agree(given="Anne Marie", middle=None, family="Dahl", journal_given="Anne K.", journal_family="Dahl")


def test_short_names_must_be_the_same() -> None:
    assert not names_agree(given="Ida", middle=None, family="Lie", journal_given="Ada", journal_family="Lie")
    assert not names_agree(given="Ida", middle=None, family="Lie", journal_given="Ida", journal_family="Moe")


def test_a_twins_name_is_not_forgiven() -> None:
    child = {"given": "Kristian", "middle": None, "family": "Dahl", "journal_family": "Dahl"}
    assert names_agree(**child, journal_given="Kristine")
    assert not names_agree(**child, journal_given="Kristine", twins=("Kristine",))
    assert names_agree(**child, journal_given="Kristian", twins=("Kristian",))
