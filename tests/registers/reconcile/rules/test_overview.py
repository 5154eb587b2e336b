"""Whether two files belong together, and the figures at the head of the report."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from fjorten.registers.reconcile.overview import Overview, why_they_hardly_match
from fjorten.registers.reconcile.request import InputCannotBeUsed
from tests.registers.reconcile.every_kind import answer_of_every_kind
from tests.registers.reconcile.two_sides import ELSEWHERE, TwoSides

GOOD = Overview(
    residents=1000, protected_residents=2, with_journal=960, with_likely_journal=3, with_closed_journal=5, without_journal=30, journals=1500,
    open_journals=980, journals_here=965, journals_out_of_range=400, register_persons=2100, failed_lookups=0, rejected_rows=0,
    newest_change_on=date(2026, 11, 20),
)  # fmt: skip


def test_a_good_pair_matches() -> None:
    assert why_they_hardly_match(GOOD) is None


@pytest.mark.parametrize(
    ("open_journals", "journals_here", "matches"),
    [
        (2, 0, True),
        (3, 0, False),
        (3, 1, True),
        (9, 1, True),
        (10, 0, False),
        (11, 1, False),
        (10, 1, True),
        (49, 5, True),
        (50, 24, False),
        (50, 25, True),
    ],
)
def test_the_more_journals_the_more_of_them_must_be_found(open_journals: int, journals_here: int, matches: bool) -> None:
    counts = replace(GOOD, open_journals=open_journals, journals_here=journals_here)
    assert (why_they_hardly_match(counts) is None) is matches


@pytest.mark.parametrize(
    ("residents", "without_journal", "matches"),
    [(9, 9, True), (10, 10, False), (10, 9, True), (11, 10, False), (50, 26, False), (50, 25, True)],
)
def test_the_more_residents_the_more_of_them_must_have_a_journal(residents: int, without_journal: int, matches: bool) -> None:
    counts = replace(GOOD, residents=residents, without_journal=without_journal)
    assert (why_they_hardly_match(counts) is None) is matches


def test_files_with_nobody_at_all_say_nothing() -> None:
    assert "Ingen i registerfilen" in (
        why_they_hardly_match(replace(GOOD, residents=0, register_persons=0, open_journals=0, journals_here=0)) or ""
    )


def test_files_of_two_municipalities_stop_the_run_and_force_carries_it_on() -> None:
    sides = TwoSides()
    for _ in range(4):
        sides.journal(sides.person(municipality=ELSEWHERE))
    with pytest.raises(InputCannotBeUsed, match="--force") as stopped:
        sides.answer(force=False)
    assert "Bare 0 av 4 åpne journaler gjelder barn som bor i kommunen." in stopped.value.sentence
    answer = sides.answer(force=True)
    assert answer.warning is not None
    assert len(answer.findings) == 4


def test_the_residents_of_every_kind_are_counted_once() -> None:
    counts = answer_of_every_kind().counts
    parts = (
        counts.protected_residents,
        counts.with_journal,
        counts.with_likely_journal,
        counts.with_closed_journal,
        counts.without_journal,
    )
    assert counts.residents == sum(parts)
    assert parts == (1, 5, 1, 1, 2)


def test_children_without_a_journal_in_the_figure_are_those_in_the_lists() -> None:
    answer = answer_of_every_kind()
    assert answer.counts.without_journal == answer.count_by_rule["lives_here_without_journal"]
    assert answer.counts.with_closed_journal == answer.count_by_rule["closed_journal_lives_here"]
