"""
Perioder

En periode er halvåpen: første dag er med, sluttdagen er ikke med. Uten sluttdag gjelder den fortsatt. Perioder skrives her som
`første..slutt`. Kilde: husregelen om tid i arkitekturen.
"""

from __future__ import annotations

from datetime import date

from fjorten.kernel.periods import Period
from tests.spec.tables import check_table, period, spec


def holds(period: Period, day: date) -> str:
    return "ja" if day in period else "nei"


def common_days(first: Period, second: Period) -> str:
    assert first.overlaps(second) is (first.intersection(second) is not None)
    return str(first.intersection(second) or "ingen")


def days(period: Period) -> str:
    return str(period.days)


@spec("Første dag er med i perioden, sluttdagen er ikke med")
def test_the_first_day_counts_and_the_end_does_not() -> None:
    check_table(
        holds,
        """
        period                 | day        | answer
        2026-02-01..2026-02-21 | 2026-01-31 | nei
        2026-02-01..2026-02-21 | 2026-02-01 | ja
        2026-02-01..2026-02-21 | 2026-02-20 | ja
        2026-02-01..2026-02-21 | 2026-02-21 | nei
        2026-02-01..           | 2099-01-01 | ja
        ..2026-02-01           | 1900-01-01 | ja
        ..2026-02-01           | 2026-02-01 | nei
        ..                     | 2026-02-01 | ja
        2026-02-01..2026-02-01 | 2026-02-01 | nei
        """,
        convert={"period": period, "day": date.fromisoformat},
    )


@spec("To perioder overlapper når de har minst én dag felles")
def test_overlap_is_a_day_in_common() -> None:
    check_table(
        common_days,
        """
        first                  | second                 | answer
        2026-01-01..2026-02-01 | 2026-01-15..2026-03-01 | 2026-01-15..2026-02-01
        2026-01-01..2026-02-01 | 2026-01-31..2026-03-01 | 2026-01-31..2026-02-01
        2026-01-01..2026-02-01 | 2026-02-01..2026-03-01 | ingen
        2026-01-01..           | ..2026-01-01           | ingen
        2026-01-01..           | 2026-02-01..           | 2026-02-01..
        ..2026-02-01           | ..2026-01-01           | ..2026-01-01
        ..                     | ..                     | ..
        2026-01-01..2026-03-01 | 2026-02-01..2026-02-01 | ingen
        """,
        convert={"first": period, "second": period},
    )


@spec("Lengden er antall dager, og er ukjent når en ende er åpen")
def test_length_in_days() -> None:
    check_table(
        days,
        """
        period                 | answer
        2026-02-01..2026-02-21 | 20
        2026-02-01..2026-02-02 | 1
        2026-02-01..2026-02-01 | 0
        2026-02-01..           | None
        ..2026-02-01           | None
        """,
        convert={"period": period},
    )
