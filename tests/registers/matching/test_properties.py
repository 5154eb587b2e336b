"""What holds for whatever stands in the two files: hundreds of records that share few values, and lack many."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

import pytest

from fjorten.registers.matching.comparison import BORN, COMPARISONS, levels
from fjorten.registers.matching.preparation import prepare
from tests.registers.matching.sides import Candidate, Sides, two_sides

_GIVEN = (
    "Emma",
    "Emilie",
    "Emma Marie",
    "Marie",
    "Muhammad",
    "Mohammed",
    "Máret",
    "Maret-Ánne",
    "Kari*PIKE",
    "-",
    "",
    "Мария",
    "Aa",
    None,
    None,
)
_FAMILY = ("Hansen", "Hanssen", "Berg", "Hansen Berg", "Ødegård", "Odegard", "Emma", "Marie Emma", "-", "", None)
_ADDRESSES = ("Storgata 1, 0155 Oslo", "Storgata 1", "storgata 1 0155 Oslo", "Gate 2, 0155 Oslo", "0155 Oslo", "ukjent", "", None, None)
_DAYS = [date(2023, 12, 30) + timedelta(days=days) for days in (0, 1, 2, 3, 31, 40, 99, 366, 900)]
_DAYS += [date(2023, 3, 5), date(2023, 5, 3)]
_MOTHERS = ("05889012345", "05889012346", "", None, None)


def _records(rng: random.Random, count: int, key: str) -> list[dict[str, object]]:
    return [
        {
            key: number,
            "given_name": rng.choice(_GIVEN),
            "family_name": rng.choice(_FAMILY),
            "born_on": rng.choice((*_DAYS, None)),
            "address": rng.choice(_ADDRESSES),
            "mother_number": rng.choice(_MOTHERS),
        }
        for number in range(1, count + 1)
    ]


@pytest.fixture(scope="module", params=[1, 2])
def crowd(request: pytest.FixtureRequest) -> Iterator[Sides]:
    """150 journals and 250 persons, invented from a seed; in the relations, and prepared for comparing."""
    rng = random.Random(request.param)
    with two_sides(with_village=False) as sides:
        for journal in _records(rng, 150, "journal_key"):
            sides.journal(**journal, postcode=rng.choice(("0155", "0160", None)))
        for person in _records(rng, 250, "person_key"):
            born_on = person["born_on"]
            sides.person(
                **person,
                middle_name=rng.choice((None, None, "Berg")),
                name_is_temporary=rng.choice((False, False, True, None)),
                protection=rng.choice(("none", "none", "none", "client", "strictly_confidential", None)),
                born_year=born_on.year if isinstance(born_on, date) else rng.choice((None, 2023)),
            )
        sides.fill_relations()
        prepare(sides.connection, journal="journal", register="register")
        sides.connection.execute(
            "CREATE TABLE compared_journal AS FROM matching_journal; CREATE TABLE compared_person AS FROM matching_person"
        )
        yield sides


def test_scores_are_probabilities_and_ranks_follow_them(crowd: Sides) -> None:
    found = crowd.candidates(limit_per_journal=50)
    assert len(found) > 150
    of_journal: dict[int, list[Candidate]] = {}
    for candidate in found:
        of_journal.setdefault(candidate.journal_key, []).append(candidate)
    for candidates in of_journal.values():
        assert all(0 <= candidate.score <= 1 for candidate in candidates)
        assert sum(candidate.score for candidate in candidates) <= 1 + 1e-5  # each is rounded to six decimals
        assert [candidate.rank for candidate in candidates] == list(range(1, len(candidates) + 1))
        assert all(one.score >= other.score for one, other in pairwise(candidates))
        assert len({candidate.person_key for candidate in candidates}) == len(candidates)


def test_an_ambiguous_candidate_never_stands_alone_and_the_best_is_one_of_them(crowd: Sides) -> None:
    doubtful: dict[int, list[int]] = {}
    for candidate in crowd.candidates(limit_per_journal=50):
        if candidate.is_ambiguous:
            doubtful.setdefault(candidate.journal_key, []).append(candidate.rank)
    assert doubtful
    assert all(ranks == list(range(1, len(ranks) + 1)) and len(ranks) > 1 for ranks in doubtful.values())


def test_two_runs_give_the_same_rows(crowd: Sides) -> None:
    once = crowd.candidates()
    crowd.connection.execute("SET threads = 2")
    assert crowd.candidates() == once
    crowd.connection.execute("SET threads = 1")


def test_agreement_reads_the_same_from_either_side(crowd: Sides) -> None:
    sides = ("compared_journal AS j, compared_person AS p", "compared_person AS j, compared_journal AS p")
    keys = ("j.key AS journal_key, p.key AS person_key", "p.key AS journal_key, j.key AS person_key")
    one, other = (
        crowd.connection.execute(f"SELECT {key}, {levels()} FROM {side} ORDER BY journal_key, person_key").fetchall()
        for key, side in zip(keys, sides, strict=True)
    )
    assert len(one) > 30_000
    assert one == other


def test_what_is_missing_on_one_side_is_evidence_of_nothing(crowd: Sides) -> None:
    missing = {"given": "first", "family": "family", "mother": "mother"}
    for comparison in COMPARISONS:
        if column := missing.get(comparison.name):
            rows = crowd.connection.execute(
                f"SELECT DISTINCT {comparison.name}_level = 0, j.{column} IS NULL OR p.{column} IS NULL"
                f" FROM (SELECT {levels()}, j, p FROM compared_journal AS j, compared_person AS p)"
            ).fetchall()
            assert sorted(rows) == [(False, False), (True, True)], comparison.name


def _naive_born_level(one: date | None, other: date | None) -> str:
    """How two whole dates agree, word by word from the names of the levels."""
    if one is None or other is None:
        return ""
    digits = sum(a != b for a, b in zip(f"{one:%Y%m%d}", f"{other:%Y%m%d}", strict=True))
    if one == other:
        return "same"
    if one.year == other.year and (one.day, one.month) == (other.month, other.day):
        return "swapped"
    if abs((one - other).days) == 1:
        return "next_day"
    if digits == 1:
        return "one_digit"
    if (one.year, one.month) == (other.year, other.month):
        return "same_month"
    return "same_year" if one.year == other.year else "different"


def test_dates_agree_as_a_naive_reading_says(crowd: Sides) -> None:
    names = ["", *(level.name for level in BORN.levels)]
    rows = crowd.connection.execute(
        f"SELECT j.born_on, p.born_on, born_level FROM (SELECT {levels()}, j, p FROM compared_journal AS j, compared_person AS p)"
        " WHERE coalesce(p.born, 1) % 10000 > 0"
    ).fetchall()
    assert {names[level] for _, _, level in rows} == set(names)
    for one, other, level in rows:
        assert names[level] == _naive_born_level(one, other), (one, other)
