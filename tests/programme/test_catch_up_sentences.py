"""The words of a catch-up plan."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fjorten.programme import catch_up_sentences as sentences
from fjorten.programme.definitions import child_programme
from fjorten.programme.durations import parse_duration
from fjorten.programme.steps import Need

PROGRAMME = child_programme(on=date(2026, 11, 21))
TWO_YEARS, FIFTEEN_MONTHS, FOUR_WEEKS = (PROGRAMME.step(code) for code in ("C13_Y2", "C11_M15", "C02_W4"))


@pytest.mark.parametrize(
    ("age", "words"),
    [
        ("0d", "0 dager"),
        ("1d", "1 dag"),
        ("13d", "13 dager"),
        ("14d", "2 uker"),
        ("83d", "11 uker"),
        ("84d", "2 måneder"),
        ("23m", "23 måneder"),
        ("24m", "2 år"),
        ("25m", "2 år og 1 måned"),
        ("71m", "5 år og 11 måneder"),
    ],
)
def test_an_age_is_said_the_way_people_say_it(age: str, words: str) -> None:
    born_on = date(2023, 1, 15)
    assert sentences.age(born_on, parse_duration(age).after(born_on)) == words


def test_a_date_is_written_the_norwegian_way() -> None:
    months = [sentences.day(date(2026, month, 1) + timedelta(days=2)).split()[1] for month in range(1, 13)]
    assert months[0] == "januar"
    assert months[11] == "desember"
    assert len(set(months)) == 12
    assert sentences.day(date(2026, 5, 3)) == "3. mai 2026"


def test_a_merged_step_says_what_is_taken_with_it() -> None:
    for needs, words in [
        ({Need.MEASUREMENT}, "Måling tas med i «2 år»."),
        ({Need.VACCINES}, "Vaksinasjonsstatus gjennomgås i «2 år»."),
        ({Need.MEASUREMENT, Need.DOCTOR, Need.VACCINES}, "Måling og legeundersøkelse tas med i «2 år», og vaksinasjonsstatus gjennomgås."),
        (set(), "Temaene tas med i «2 år»."),
    ]:
        assert sentences.merged(FIFTEEN_MONTHS, TWO_YEARS, needs, closes_on=None) == f"«15 måneder» er ikke dokumentert. {words}"


def test_a_merged_step_in_its_window_says_how_long_that_lasts() -> None:
    sentence = sentences.merged(FOUR_WEEKS, TWO_YEARS, set(), closes_on=date(2026, 5, 3))
    assert sentence == "«4 uker» er i tidsvinduet bare til og med 3. mai 2026. Temaene tas med i «2 år»."


def test_a_first_consultation_that_gives_nothing_of_its_own_only_says_when() -> None:
    sentence = sentences.first_consultation(FOUR_WEEKS, set(), from_on=None, deadline_on=date(2026, 5, 3), is_late=False, has_merged=False)
    assert sentence == "Sett opp konsultasjonen «4 uker» nå, senest 3. mai 2026."
