"""
Versjoner og kommunens egne vedtak

Programmet er datert. Et barn planlegges etter versjonen som gjelder den dagen, og referansen lagres med innskrivingen, slik at planen kan
forklares senere. En kommune kan legge til konsultasjoner og flytte våre vinduer og måldager for sine barn. Det retningslinjen selv sier, kan
den ikke endre, og det nasjonale står igjen ved siden av det som er vedtatt.

I tabellene har kommune 4601 fra 1. januar 2026 lagt til en femårskonsultasjon (L01_Y5) og en 16-månederskonsultasjon (L02_M16), og flyttet
2-årskonsultasjonen til 25 måneder.
"""

from __future__ import annotations

from datetime import date

from fjorten.programme.definitions import NoProgrammeApplies, child_programme
from fjorten.programme.overlays import load_overlay, overlay_on
from fjorten.programme.tables import DefinitionIsInvalid
from tests.programme.definition_tables import Tables, added_step_table, overlay_table
from tests.spec.tables import check_table, spec

LOCAL = load_overlay(
    overlay_table(
        add=[added_step_table(), added_step_table("L02_M16", target="16m", window=("15m", "17m"))],
        change=[{"code": "C13_Y2", "target": {"at": "25m"}, "default_window": {"from": "23m", "to": "30m"}}],
    )
)


def version(on: date, municipality: str) -> str:
    try:
        programme = child_programme(on, overlay_on([LOCAL], municipality=municipality, on=on))
    except NoProgrammeApplies:
        return "ingen"
    return f"{programme.version.split('.2026')[0]} med {len(programme.steps)} konsultasjoner"


def step_in(municipality: str, step: str) -> str:
    on = date(2026, 6, 1)
    definition = child_programme(on, overlay_on([LOCAL], municipality=municipality, on=on)).step(step)
    return f"{definition.target} i {definition.default_window}"


def what_the_national_version_said(step: str) -> str:
    local = child_programme(date(2026, 6, 1), LOCAL).step(step).local
    if local is None:
        return "uendret"
    return "lagt til av kommunen" if local.is_added else f"{local.national_target} i {local.national_window}"


ATTEMPTS: dict[str, Tables] = {
    "flytter hjemmebesøket til 3 uker": {"change": [{"code": "C01_HOME", "target": {"at": "21d"}}]},
    "korter vinduet til 8–9 dager": {"change": [{"code": "C01_HOME", "default_window": {"from": "8d", "to": "9d"}}]},
    "endrer det offisielle tidsrommet": {"change": [{"code": "C01_HOME", "official_window": {"from": "7d", "to": "21d"}}]},
    "gir sin egen et offisielt tidsrom": {"add": [added_step_table(official_window={"from": "59m", "to": "66m"})]},
    "endrer en konsultasjon som ikke finnes": {"change": [{"code": "C99", "target": {"at": "21d"}}]},
    "legger til en som finnes": {"add": [added_step_table("C14_Y4", target="50m", window=("49m", "51m"))]},
    "går ut over programmet": {"add": [added_step_table(target="71m", window=("70m", "73m"))]},
    "bygger på en annen versjon": {"add": [added_step_table()], "based_on": "2027.1"},
}


def first_problem(attempt: str) -> str:
    try:
        child_programme(date(2026, 6, 1), load_overlay(overlay_table(**ATTEMPTS[attempt])))  # type: ignore[arg-type]
    except DefinitionIsInvalid as refused:
        return str(refused.problems[0])
    return "godtatt"


@spec("Versjonen som gjelder en dag, med kommunens vedtak fra den dagen det gjelder")
def test_which_version_applies() -> None:
    check_table(
        version,
        """
        on         | municipality | version
        2017-02-08 | 4601         | ingen
        2017-02-09 | 4601         | 2017.1 med 14 konsultasjoner
        2025-12-31 | 4601         | 2017.1 med 14 konsultasjoner
        2026-01-01 | 4601         | 2017.1+4601 med 16 konsultasjoner
        2026-01-01 | 0301         | 2017.1 med 14 konsultasjoner
        """,
        convert={"on": date.fromisoformat},
    )


@spec("Kommunen kan legge til konsultasjoner og flytte våre vinduer og måldager")
def test_what_a_municipality_can_decide() -> None:
    check_table(
        step_in,
        """
        municipality | step    | step_in
        0301         | C13_Y2  | 24m i 23m..28m
        4601         | C13_Y2  | 25m i 23m..30m
        4601         | L02_M16 | 16m i 15m..17m
        4601         | L01_Y5  | 60m i 59m..66m
        4601         | C14_Y4  | 48m i 47m..54m
        """,
    )


@spec("Det nasjonale står igjen ved siden av vedtaket")
def test_what_the_national_version_said_is_kept() -> None:
    check_table(
        what_the_national_version_said,
        """
        step   | what_the_national_version_said
        C13_Y2 | 24m i 23m..28m
        L01_Y5 | lagt til av kommunen
        C14_Y4 | uendret
        """,
    )


@spec("Det kommunen ikke kan vedta, sier filen ifra om")
def test_what_a_municipality_cannot_decide() -> None:
    check_table(
        first_problem,
        """
        attempt                                | first_problem
        flytter hjemmebesøket til 3 uker       | change C01_HOME.target: 21d is outside default_window 5d..14d; move the target or widen the window
        korter vinduet til 8–9 dager           | change C01_HOME.default_window: 8d..9d does not cover official_window 7d..10d; widen it so that every official day is in it
        endrer det offisielle tidsrommet       | change C01_HOME.official_window: is for the national guideline only; use default_window
        gir sin egen et offisielt tidsrom      | add L01_Y5.official_window: is for the national guideline only; use default_window
        endrer en konsultasjon som ikke finnes | change C99.code: no step "C99" in child-2017.toml (known: C01_HOME, C02_W4, C03_W6, C04_M3, C05_M4, C06_M5, C07_M6, C08_M8, C09_M10, C10_M12, C11_M15, C12_M17, C13_Y2, C14_Y4)
        legger til en som finnes               | step C14_Y4.code: is used by 2 steps; give each step a code of its own
        går ut over programmet                 | add L01_Y5.default_window: ends at 73m, after the programme itself ends at 6y; end it earlier
        bygger på en annen versjon             | based_on: decided for version 2027.1, but 2017.1 applies; decide anew and write based_on = "2017.1"
        """,
    )
