"""Når en familie som takket nei, spørres igjen

Det er frivillig, og et nei er datert og signert. Det gjelder den alderen det ble sagt ved: familien spørres igjen ved neste konsultasjon, senest etter et år [default].
"""

from datetime import date

from fjorten.followup.queries import ask_again_on
from tests.spec.tables import check_table, optional_date, spec


def asked(takket_nei: date, neste_fra: date | None, maaneder: str) -> str:
    return str(ask_again_on(takket_nei, next_window_from=neste_fra, months=int(maaneder)))


@spec("Dagen de spørres igjen")
def test_the_day_they_are_asked() -> None:
    check_table(
        asked,
        """
        takket_nei | neste_fra  | maaneder | svar
        2026-03-10 | 2026-05-10 | 12      | 2026-05-10
        2026-03-10 | 2028-05-10 | 12      | 2027-03-10
        2026-03-10 |            | 12      | 2027-03-10
        2028-02-29 |            | 12      | 2029-02-28
        """,
        convert={"takket_nei": date.fromisoformat, "neste_fra": optional_date},
    )
