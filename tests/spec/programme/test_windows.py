"""
Tidsvinduer

Et barns plan følger av fødselsdatoen og programmet alene: for hver konsultasjon en dag å sikte mot, et vindu og en siste dag. Vinduet skrives
fra første dag til dagen etter den siste. «14 måneder» er dagen barnet fyller 14 måneder; finnes ikke dagen, gjelder månedens siste dag (vårt
valg).
"""

from __future__ import annotations

from datetime import date

from fjorten.programme.definitions import child_programme
from fjorten.programme.plan import plan_for
from tests.spec.tables import check_table, spec

PROGRAMME = child_programme(on=date(2026, 11, 21))


def window(born_on: date, step: str) -> str:
    return str(next(row.window for row in plan_for(born_on, PROGRAMME) if row.step == step))


def target(born_on: date, step: str) -> str:
    return str(next(row.target_on for row in plan_for(born_on, PROGRAMME) if row.step == step))


def deadline(born_on: date, step: str) -> str:
    return str(next(row.deadline_on for row in plan_for(born_on, PROGRAMME) if row.step == step))


@spec("Hele planen for et barn født 15. januar 2025")
def test_a_whole_plan() -> None:
    check_table(
        window,
        """
        born_on    | step     | window
        2025-01-15 | C01_HOME | 2025-01-20..2025-01-30
        2025-01-15 | C02_W4   | 2025-02-05..2025-02-26
        2025-01-15 | C03_W6   | 2025-02-26..2025-03-12
        2025-01-15 | C04_M3   | 2025-04-09..2025-05-07
        2025-01-15 | C05_M4   | 2025-05-07..2025-06-10
        2025-01-15 | C06_M5   | 2025-06-04..2025-07-17
        2025-01-15 | C07_M6   | 2025-07-04..2025-08-19
        2025-01-15 | C08_M8   | 2025-08-15..2025-10-16
        2025-01-15 | C09_M10  | 2025-10-15..2025-12-16
        2025-01-15 | C10_M12  | 2025-12-15..2026-03-16
        2025-01-15 | C11_M15  | 2026-03-15..2026-06-16
        2025-01-15 | C12_M17  | 2026-06-15..2026-09-16
        2025-01-15 | C13_Y2   | 2026-12-15..2027-05-16
        2025-01-15 | C14_Y4   | 2028-12-15..2029-07-16
        """,
        convert={"born_on": date.fromisoformat},
    )


@spec("Måneder regnes til samme dag i måneden, eller månedens siste dag")
def test_targets_in_months() -> None:
    check_table(
        target,
        """
        born_on    | step    | target
        2024-02-29 | C10_M12 | 2025-02-28
        2024-02-29 | C13_Y2  | 2026-02-28
        2024-02-29 | C14_Y4  | 2028-02-29
        2023-08-31 | C07_M6  | 2024-02-29
        2024-08-31 | C07_M6  | 2025-02-28
        2025-01-31 | C04_M3  | 2025-04-30
        2025-12-31 | C13_Y2  | 2027-12-31
        2025-10-31 | C05_M4  | 2026-02-28
        """,
        convert={"born_on": date.fromisoformat},
    )


@spec("Vinduet slutter dagen etter den siste dagen")
def test_deadlines() -> None:
    check_table(
        deadline,
        """
        born_on    | step     | deadline
        2025-12-24 | C01_HOME | 2026-01-07
        2024-02-29 | C03_W6   | 2024-04-24
        2024-02-29 | C04_M3   | 2024-06-19
        2023-12-31 | C08_M8   | 2024-09-30
        2024-12-31 | C10_M12  | 2026-02-28
        2022-10-31 | C14_Y4   | 2027-04-30
        """,
        convert={"born_on": date.fromisoformat},
    )
