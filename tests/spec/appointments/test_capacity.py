"""Om det er timer nok

Barn som ikke kan få time i tidsrommet, telles etter uke, sted og fagfolk. Tolv uker fram settes behovet mot de ledige plassene: planlagte konsultasjoner uten time,
barn som etter fjorårets gjennomsnitt vil bli født eller flytte, og nye timer etter ikke møtt i samme andel som i fjor [default]. Den som ikke får time en uke,
venter inn i den neste.
"""

from datetime import date

from fjorten.appointments.capacity import Kind, Outlook, Week, forecast
from fjorten.programme.steps import Setting
from tests.appointments.times import NURSE, NURSE_AND_DOCTOR
from tests.spec.tables import check_table, spec

FIRST = Week.of(date(2026, 3, 9))
KINDS = {
    "helsesykepleier": Kind(Setting.CLINIC, NURSE),
    "lege": Kind(Setting.CLINIC, NURSE_AND_DOCTOR),
    "gruppe": Kind(Setting.GROUP, NURSE),
}


def week_by_week(behov: str, ledig: str, fodsler: str = "", uteblir: str = "", flytter: str = "") -> str:
    """Needs and places as «lege 3 0 2, gruppe 1 1 1»: one number a week."""
    outlook = Outlook(
        first_week=FIRST,
        planned=numbers(behov),
        free=numbers(ledig),
        newborn=[(8, KINDS["helsesykepleier"])] if fodsler else [],
        births_a_week=float(fodsler or 0),
        missed_share=float(uteblir or 0) / 100,
        moves_a_week=float(flytter or 0),
        children=100,
    )
    rows = forecast(outlook, weeks=3)
    behind: dict[str, list[str]] = {}
    for row in rows:
        name = next(name for name, kind in KINDS.items() if kind == row.kind)
        behind.setdefault(name, []).append(f"{row.behind:g}")
    return ", ".join(f"{name} {' '.join(counts)}" for name, counts in sorted(behind.items()))


def numbers(words: str) -> dict[tuple[Week, Kind], float]:
    found = {}
    for part in filter(None, words.split(", ")):
        name, *counts = part.split()
        found |= {(FIRST.after(n), KINDS[name]): float(count) for n, count in enumerate(counts)}
    return found


@spec("Hvor mange som står uten time når uken er over")
def test_who_is_behind_week_by_week() -> None:
    check_table(
        week_by_week,
        """
        behov                                | ledig                                | fodsler | uteblir | flytter | svar
        helsesykepleier 3 3 3                | helsesykepleier 3 3 3                |      |           |         | helsesykepleier 0 0 0
        helsesykepleier 5 3 1                | helsesykepleier 3 3 3                |      |           |         | helsesykepleier 2 2 0
        lege 2 0 0, helsesykepleier 2 0 0    | lege 3 0 0                           |      |           |         | helsesykepleier 1 1 1, lege 0 0 0
        lege 2 0 0                           | helsesykepleier 5 5 5                |      |           |         | lege 2 2 2
        gruppe 4 0 0                         | helsesykepleier 5 5 5                |      |           |         | gruppe 4 4 4
        helsesykepleier 10 10 10             | helsesykepleier 10 10 10             |      | 10        |         | helsesykepleier 1 2 3
        helsesykepleier 1 1 1                | helsesykepleier 1 1 1                | 2    |           |         | helsesykepleier 0 2 4
        helsesykepleier 10 10 10             | helsesykepleier 10 10 10             |      |           | 5       | helsesykepleier 0 0.5 1.5
        """,
    )
