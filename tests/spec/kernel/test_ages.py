"""
Alder

Alder regnes i hele, fullførte dager, uker, måneder og år. En måned er fullført på samme dag i måneden som fødselsdagen, eller på månedens
siste dag når den dagen ikke finnes. Kilde: programmet regner i måneder uten å si hva en måned etter den 31. er; siste dag i måneden er vårt
valg.
"""

from __future__ import annotations

from datetime import date

from fjorten.kernel.ages import add_months, add_years, age_in_days, age_in_months, age_in_weeks, age_in_years
from tests.spec.tables import check_table, spec


def all_units(born_on: date, on: date) -> str:
    units = (age_in_years(born_on, on), age_in_months(born_on, on), age_in_weeks(born_on, on), age_in_days(born_on, on))
    return "{} år, {} md, {} uker, {} dager".format(*units)


@spec("En måned senere er samme dag i måneden, eller månedens siste dag")
def test_adding_months() -> None:
    check_table(
        add_months,
        """
        day        | months | answer
        2026-01-15 | 1      | 2026-02-15
        2026-01-31 | 1      | 2026-02-28
        2024-01-31 | 1      | 2024-02-29
        2026-01-31 | 2      | 2026-03-31
        2026-01-31 | 3      | 2026-04-30
        2024-02-29 | 12     | 2025-02-28
        2024-02-29 | 48     | 2028-02-29
        2026-12-31 | 14     | 2028-02-29
        2026-03-31 | -1     | 2026-02-28
        2026-01-01 | -1     | 2025-12-01
        2026-01-15 | 0      | 2026-01-15
        1900-01-31 | 1      | 1900-02-28
        2000-01-31 | 1      | 2000-02-29
        """,
        convert={"day": date.fromisoformat, "months": int},
    )


@spec("Et år senere er samme dato, og 28. februar for den som er født på skuddagen")
def test_adding_years() -> None:
    check_table(
        add_years,
        """
        day        | years | answer
        2024-05-17 | 5     | 2029-05-17
        2024-02-29 | 1     | 2025-02-28
        2024-02-29 | 4     | 2028-02-29
        2024-02-29 | -1    | 2023-02-28
        """,
        convert={"day": date.fromisoformat, "years": int},
    )


@spec("Alderen er antall fullførte enheter, og negativ før fødselen")
def test_ages_in_completed_units() -> None:
    check_table(
        all_units,
        """
        born_on    | on         | answer
        2026-01-31 | 2026-01-31 | 0 år, 0 md, 0 uker, 0 dager
        2026-01-31 | 2026-02-27 | 0 år, 0 md, 3 uker, 27 dager
        2026-01-31 | 2026-02-28 | 0 år, 1 md, 4 uker, 28 dager
        2026-01-31 | 2026-03-30 | 0 år, 1 md, 8 uker, 58 dager
        2026-01-31 | 2026-03-31 | 0 år, 2 md, 8 uker, 59 dager
        2024-02-29 | 2025-02-27 | 0 år, 11 md, 52 uker, 364 dager
        2024-02-29 | 2025-02-28 | 1 år, 12 md, 52 uker, 365 dager
        2020-06-15 | 2026-06-14 | 5 år, 71 md, 312 uker, 2190 dager
        2020-06-15 | 2026-06-15 | 6 år, 72 md, 313 uker, 2191 dager
        2026-02-01 | 2026-01-31 | -1 år, -1 md, -1 uker, -1 dager
        """,
        convert={"born_on": date.fromisoformat, "on": date.fromisoformat},
    )
