"""
Programmet 0–5 år

De fjorten konsultasjonene slik de står i definisjonen som følger med. Alder, utfører og innhold er retningslinjens. Bare to konsultasjoner har
et offisielt tidsrom; alle andre vinduer er våre forslag, og kommunen kan bestemme noe annet. Alderen skrives 8d (dager), 14m (fullførte
måneder) eller 6y (fylte år), og begge ender av et vindu regnes med.
"""

from __future__ import annotations

from datetime import date

from fjorten.programme.definitions import child_programme
from tests.spec.tables import check_table, spec

PROGRAMME = child_programme(on=date(2026, 11, 21))


def name_and_age(step: str) -> str:
    definition = PROGRAMME.step(step)
    return f"{definition.name} ({definition.target})"


def windows(step: str) -> str:
    definition = PROGRAMME.step(step)
    official = f"offisielt {definition.official_window}, " if definition.official_window else ""
    return f"{official}vårt {definition.default_window}"


def who_and_where(step: str) -> str:
    definition = PROGRAMME.step(step)
    return f"{' + '.join(definition.performers)}: {' eller '.join(definition.settings)}"


def content(step: str) -> str:
    definition = PROGRAMME.step(step)
    parts = (definition.measures, definition.vision, definition.hearing, definition.vaccines, definition.screenings)
    return ", ".join(word for part in parts for word in part)


@spec("Fjorten konsultasjoner fra fødsel til skolestart")
def test_the_fourteen_consultations() -> None:
    assert len(PROGRAMME.steps) == 14
    check_table(
        name_and_age,
        """
        step     | name_and_age
        C01_HOME | Hjemmebesøk 7–10 dager (8d)
        C02_W4   | 4 uker (28d)
        C03_W6   | 6 uker (42d)
        C04_M3   | 3 måneder (3m)
        C05_M4   | 4 måneder (4m)
        C06_M5   | 5 måneder (5m)
        C07_M6   | 6 måneder (6m)
        C08_M8   | 8 måneder (8m)
        C09_M10  | 10 måneder (10m)
        C10_M12  | 12 måneder (12m)
        C11_M15  | 15 måneder (15m)
        C12_M17  | 17–18 måneder (17m)
        C13_Y2   | 2 år (24m)
        C14_Y4   | 4 år (48m)
        """,
    )


@spec("Offisielle tidsrom og våre vinduer holdes fra hverandre")
def test_official_and_default_windows() -> None:
    check_table(
        windows,
        """
        step     | windows
        C01_HOME | offisielt 7d..10d, vårt 5d..14d
        C02_W4   | vårt 21d..41d
        C03_W6   | vårt 42d..55d
        C04_M3   | vårt 84d..111d
        C05_M4   | vårt 112d..145d
        C06_M5   | vårt 140d..182d
        C07_M6   | vårt 170d..215d
        C08_M8   | vårt 7m..9m
        C09_M10  | vårt 9m..11m
        C10_M12  | vårt 11m..14m
        C11_M15  | vårt 14m..17m
        C12_M17  | offisielt 17m..18m, vårt 17m..20m
        C13_Y2   | vårt 23m..28m
        C14_Y4   | vårt 47m..54m
        """,
    )


@spec("Hvem som utfører (phn helsesykepleier, gp lege), og hvor (home hjemme, clinic helsestasjon, group gruppe)")
def test_performers_and_settings() -> None:
    check_table(
        who_and_where,
        """
        step     | who_and_where
        C01_HOME | phn: home
        C02_W4   | phn: group
        C03_W6   | phn + gp: clinic
        C04_M3   | phn: clinic
        C05_M4   | phn: group
        C06_M5   | phn: clinic eller group
        C07_M6   | phn + gp: clinic
        C08_M8   | phn: clinic eller group
        C09_M10  | phn: clinic eller group
        C10_M12  | phn + gp: clinic
        C11_M15  | phn: clinic
        C12_M17  | phn: group
        C13_Y2   | phn + gp: clinic
        C14_Y4   | phn: clinic
        """,
    )


@spec("Måling, syn, hørsel, vaksiner og kartlegging; konsultasjoner uten noe av dette er gruppe og informasjon")
def test_contents() -> None:
    check_table(
        content,
        """
        step     | content
        C01_HOME | weight, head, assess
        C02_W4   |
        C03_W6   | weight, head, assess, eye_examination, observe, ROTA-1
        C04_M3   | weight, length, head, assess, HEXA-1, PCV-1, ROTA-2
        C05_M4   |
        C06_M5   | weight, length, head, HEXA-2, PCV-2
        C07_M6   | weight, length, head, assess, eye_examination
        C08_M8   |
        C09_M10  | weight, length, head
        C10_M12  | weight, length, head, assess, eye_examination, observe, HEXA-3, PCV-3, PARENT_FORM
        C11_M15  | weight, length, MMR-1
        C12_M17  |
        C13_Y2   | weight, height, assess, eye_examination, observe, SATS, PARENT_FORM
        C14_Y4   | weight, height, acuity, play_audiometry, SPRAK4, PARENT_FORM
        """,
    )
