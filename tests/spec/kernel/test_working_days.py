"""
Virkedager og helligdager

Virkedager er mandag til fredag utenom offentlige fridager. Kilder: lov om helligdager og helligdagsfred § 2 og lov om 1. og 17. mai som
høgtidsdager § 1. Julaften, nyttårsaften, onsdagen før skjærtorsdag og påskeaften er ikke helligdager i loven. At lørdag ikke er virkedag, er
vårt valg.
"""

from __future__ import annotations

from datetime import date

from fjorten.kernel.working_days import add_working_days, holidays_of, is_working_day, working_days_between
from tests.spec.tables import check_table, spec


def name_of(day: date) -> str:
    return holidays_of(day.year).get(day, "ingen")


def working(day: date) -> str:
    return "ja" if is_working_day(day) else "nei"


@spec("Tolv navngitte dager i året er helligdager eller høytidsdager, i tillegg til søndagene")
def test_the_holidays_of_a_year() -> None:
    check_table(
        name_of,
        """
        day        | answer
        2026-01-01 | 1. nyttårsdag
        2026-04-02 | Skjærtorsdag
        2026-04-03 | Langfredag
        2026-04-04 | ingen
        2026-04-05 | 1. påskedag
        2026-04-06 | 2. påskedag
        2026-05-01 | 1. mai
        2026-05-14 | Kristi himmelfartsdag
        2026-05-17 | 17. mai
        2026-05-24 | 1. pinsedag
        2026-05-25 | 2. pinsedag
        2026-12-24 | ingen
        2026-12-25 | 1. juledag
        2026-12-26 | 2. juledag
        2026-12-31 | ingen
        """,
        convert={"day": date.fromisoformat},
    )


@spec("Faller to helligdager på samme dag, nevnes begge")
def test_two_holidays_on_one_day() -> None:
    check_table(
        name_of,
        """
        day        | answer
        2008-05-01 | 1. mai og Kristi himmelfartsdag
        2012-05-17 | 17. mai og Kristi himmelfartsdag
        2027-05-17 | 17. mai og 2. pinsedag
        """,
        convert={"day": date.fromisoformat},
    )


@spec("Lørdager, søndager og helligdager er ikke virkedager")
def test_working_days() -> None:
    check_table(
        working,
        """
        day        | answer
        2026-04-01 | ja
        2026-04-02 | nei
        2026-04-04 | nei
        2026-04-06 | nei
        2026-04-07 | ja
        2026-05-09 | nei
        2026-05-10 | nei
        2026-12-24 | ja
        """,
        convert={"day": date.fromisoformat},
    )


@spec("En frist i virkedager regnes fra dagen etter, og en frist på null virkedager flyttes til første virkedag")
def test_adding_working_days() -> None:
    check_table(
        add_working_days,
        """
        day        | count | answer
        2026-04-01 | 0     | 2026-04-01
        2026-04-01 | 1     | 2026-04-07
        2026-04-02 | 0     | 2026-04-07
        2026-04-02 | 1     | 2026-04-07
        2026-04-03 | 5     | 2026-04-13
        2026-04-07 | -1    | 2026-04-01
        2026-04-04 | -2    | 2026-03-31
        2026-12-31 | 1     | 2027-01-04
        """,
        convert={"day": date.fromisoformat, "count": int},
    )


@spec("Virkedager mellom to dager telles fra og med den første til den andre, som ikke er med")
def test_counting_working_days() -> None:
    check_table(
        working_days_between,
        """
        start      | until      | answer
        2026-03-30 | 2026-04-13 | 7
        2026-04-01 | 2026-04-02 | 1
        2026-04-02 | 2026-04-07 | 0
        2026-04-01 | 2026-04-01 | 0
        2026-04-13 | 2026-03-30 | -7
        """,
        convert={"start": date.fromisoformat, "until": date.fromisoformat},
    )
