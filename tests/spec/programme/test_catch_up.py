"""
Innhentingsplan

Et barn som kommer til kommunen etter fødselen, får en plan en helsesykepleier kan arbeide med: én konsultasjon nå, det som tas med i den, det
som ikke holdes i ettertid og hvorfor, og det som kommer. Ingenting gjelder før et menneske har godtatt planen.

Hele regelen er vår egen og må gjennomgås av en helsesykepleier før klinisk bruk; ingen kilde for innhenting ble funnet. Barnet i tabellene er
født 15. januar 2023. Forslagene er do_now (settes opp nå), merge (tas med i den), waive (holdes ikke), upcoming (følger programmet) og
done_elsewhere (dokumentert et annet sted).
"""

from __future__ import annotations

from datetime import date, timedelta

from fjorten.programme.catch_up import CatchUpPlan, Proposal, catch_up
from fjorten.programme.definitions import StepCode, child_programme
from fjorten.programme.durations import parse_duration
from tests.spec.tables import check_table, spec

PROGRAMME = child_programme(on=date(2026, 11, 21))
BORN_ON = date(2023, 1, 15)


def plan_at(age: str, documented: str = "") -> CatchUpPlan:
    """The plan at an age such as "27m" or "8m 20d", with documented steps named by their short codes or "alt før C13"."""
    first, *further = age.split()
    on = parse_duration(first).after(BORN_ON) + timedelta(days=sum(int(days.removesuffix("d")) for days in further))
    return catch_up(BORN_ON, PROGRAMME, on=on, documented=steps(documented))


def steps(text: str) -> set[StepCode]:
    if text.startswith("alt før "):
        return {code for code in PROGRAMME.codes if code < text.removeprefix("alt før ")}
    return {code for code in PROGRAMME.codes if code.split("_")[0] in text.split()}


def short(plan: CatchUpPlan, proposal: Proposal, reason: str | None = None) -> str:
    return " ".join(item.step.split("_")[0] for item in plan.having(proposal) if reason in (None, item.reason))


def now(age: str, documented: str = "") -> str:
    item = plan_at(age, documented).now
    return f"{item.step} {item.window.window.start} til {item.window.deadline_on}" if item else "ingenting"


def merged(age: str, documented: str = "") -> str:
    return short(plan_at(age, documented), Proposal.MERGE)


def waived(age: str, documented: str = "") -> str:
    return short(plan_at(age, documented), Proposal.WAIVE)


def upcoming(age: str) -> str:
    return short(plan_at(age), Proposal.UPCOMING)


def kept_in_window(age: str) -> str:
    return short(plan_at(age), Proposal.UPCOMING, "in_window")


def what_is_proposed(age: str, step: str) -> str:
    item = next(item for item in plan_at(age).items if item.step == step)
    return f"{item.proposal}: {item.sentence}"


def summary(age: str, documented: str = "") -> str:
    return plan_at(age, documented).summary


@spec("Barnet på 2 år og 3 måneder: én konsultasjon nå, det gamle med i den, resten ute med grunn")
def test_the_child_of_two_years_and_three_months() -> None:
    check_table(
        what_is_proposed,
        """
        age | step     | what_is_proposed
        27m | C01_HOME | merge: «Hjemmebesøk 7–10 dager» er ikke dokumentert. Måling og syn tas med i «2 år».
        27m | C02_W4   | waive: «4 uker» er gruppe og informasjon for en alder som er forbi. Den holdes ikke i ettertid.
        27m | C03_W6   | merge: «6 uker» er ikke dokumentert. Måling, syn, hørsel og legeundersøkelse tas med i «2 år», og vaksinasjonsstatus gjennomgås.
        27m | C04_M3   | merge: «3 måneder» er ikke dokumentert. Måling og syn tas med i «2 år», og vaksinasjonsstatus gjennomgås.
        27m | C05_M4   | waive: «4 måneder» er gruppe og informasjon for en alder som er forbi. Den holdes ikke i ettertid.
        27m | C06_M5   | merge: «5 måneder» er ikke dokumentert. Måling tas med i «2 år», og vaksinasjonsstatus gjennomgås.
        27m | C07_M6   | merge: «6 måneder» er ikke dokumentert. Måling, syn og legeundersøkelse tas med i «2 år».
        27m | C08_M8   | waive: «8 måneder» er gruppe og informasjon for en alder som er forbi. Den holdes ikke i ettertid.
        27m | C09_M10  | merge: «10 måneder» er ikke dokumentert. Måling tas med i «2 år».
        27m | C10_M12  | merge: «12 måneder» er ikke dokumentert. Måling, syn, hørsel, kartlegging og legeundersøkelse tas med i «2 år», og vaksinasjonsstatus gjennomgås.
        27m | C11_M15  | merge: «15 måneder» er ikke dokumentert. Måling tas med i «2 år», og vaksinasjonsstatus gjennomgås.
        27m | C12_M17  | waive: «17–18 måneder» er gruppe og informasjon for en alder som er forbi. Den holdes ikke i ettertid.
        27m | C13_Y2   | do_now: Sett opp konsultasjonen «2 år» nå, senest 12. mai 2025, sammen med lege. Ta med måling, syn, hørsel, kartlegging og legeundersøkelse, og gå gjennom vaksinasjonsstatus.
        27m | C14_Y4   | upcoming: «4 år» kommer: fra 15. desember 2026 til og med 15. juli 2027.
        """,
    )


@spec("Høyst én konsultasjon settes opp nå, og aldri ingen når noe som betyr noe, er åpnet")
def test_what_to_do_now() -> None:
    check_table(
        now,
        """
        age    | now
        2d     | ingenting
        5d     | C01_HOME 2023-01-20 til 2023-01-29
        14d    | C01_HOME 2023-01-29 til 2023-02-04
        17d    | C01_HOME 2023-02-01 til 2023-02-07
        21d    | C01_HOME 2023-02-05 til 2023-02-25
        30d    | C01_HOME 2023-02-14 til 2023-02-25
        35d    | C03_W6 2023-02-26 til 2023-03-11
        10w    | C03_W6 2023-03-26 til 2023-04-08
        80d    | C04_M3 2023-04-09 til 2023-05-06
        4m     | C04_M3 2023-05-15 til 2023-06-03
        7m     | C07_M6 2023-08-15 til 2023-09-11
        8m 20d | C07_M6 2023-10-05 til 2023-10-14
        13m    | C10_M12 2024-02-15 til 2024-03-13
        18m    | C11_M15 2024-07-15 til 2024-08-11
        21m    | C11_M15 2024-10-15 til 2024-11-11
        27m    | C13_Y2 2025-04-15 til 2025-05-12
        33m    | C13_Y2 2025-10-15 til 2025-11-11
        56m    | C14_Y4 2027-09-15 til 2027-10-12
        71m    | C14_Y4 2028-12-15 til 2029-01-11
        72m    | ingenting
        """,
    )


@spec("Målinger, legeundersøkelser, kartlegging og vaksiner fra tidligere konsultasjoner tas med i den første")
def test_what_is_merged() -> None:
    check_table(
        merged,
        """
        age    | merged
        5d     |
        30d    | C02
        35d    | C01 C02
        7m     | C01 C03 C04 C06
        8m 20d | C01 C03 C04 C06 C08
        13m    | C01 C03 C04 C06 C07 C09
        21m    | C01 C03 C04 C06 C07 C09 C10
        27m    | C01 C03 C04 C06 C07 C09 C10 C11
        56m    | C01 C03 C04 C06 C07 C09 C10 C11 C13
        """,
    )


@spec("Ren gruppe og informasjon fra en alder som er forbi, holdes ikke (before_enrolment)")
def test_what_is_waived() -> None:
    check_table(
        waived,
        """
        age | waived
        5d  |
        35d |
        10w | C02
        7m  | C02 C05
        13m | C02 C05 C08
        27m | C02 C05 C08 C12
        33m | C02 C05 C08 C12
        71m | C02 C05 C08 C12
        """,
    )


@spec("Det som er i tidsvinduet med 14 dager eller mer igjen, holdes for seg")
def test_what_keeps_its_window() -> None:
    check_table(
        kept_in_window,
        """
        age | kept_in_window
        21d | C02
        28d | C02
        29d |
        4m  | C05
        7m  | C08
        8m  | C08
        18m | C12
        27m |
        """,
    )


@spec("Det som ikke er åpnet, følger programmet")
def test_what_is_upcoming() -> None:
    check_table(
        upcoming,
        """
        age | upcoming
        2d  | C01 C02 C03 C04 C05 C06 C07 C08 C09 C10 C11 C12 C13 C14
        13m | C11 C12 C13 C14
        27m | C14
        33m | C14
        56m |
        """,
    )


@spec("Det som er dokumentert et annet sted, regnes med: senere måling, syn, hørsel og lege dekker tidligere, men ikke vaksiner")
def test_steps_documented_elsewhere() -> None:
    check_table(
        now,
        """
        age | documented      | now
        27m | alt før C13     | C13_Y2 2024-12-15 til 2025-05-15
        33m | C13             | C11_M15 2025-10-15 til 2025-11-11
        33m | C11 C13         | C10_M12 2025-10-15 til 2025-11-11
        33m | alt før C14     | ingenting
        18m | alt før C12     | C12_M17 2024-06-15 til 2024-09-15
        13m | C01 C03 C04 C06 | C10_M12 2024-02-15 til 2024-03-13
        """,
    )
    check_table(
        merged,
        """
        age | documented      | merged
        33m | C13             | C03 C04 C06 C10
        33m | C03 C04 C06 C13 | C10
        13m | C01 C03 C04 C06 | C07 C09
        """,
    )
    check_table(
        waived,
        """
        age | documented  | waived
        33m | C13         | C01 C02 C05 C07 C08 C09 C12
        33m | alt før C14 |
        """,
    )


@spec("Planen forklarer seg selv")
def test_the_summary() -> None:
    check_table(
        summary,
        """
        age | summary
        5d  | Barnet er 5 dager. «Hjemmebesøk 7–10 dager» er i tidsvinduet og holdes som vanlig, senest 29. januar 2023. «4 uker» kommer: fra 5. februar 2023 til og med 25. februar 2023. Deretter følger barnet programmet videre (12 til).
        27m | Barnet er 2 år og 3 måneder. Sett opp konsultasjonen «2 år» nå, senest 12. mai 2025, sammen med lege. Ta med måling, syn, hørsel, kartlegging og legeundersøkelse, og gå gjennom vaksinasjonsstatus. Tas med i samme konsultasjon: «Hjemmebesøk 7–10 dager», «6 uker», «3 måneder», «5 måneder», «6 måneder», «10 måneder», «12 måneder» og «15 måneder». «4 år» kommer: fra 15. desember 2026 til og med 15. juli 2027. Holdes ikke i ettertid: «4 uker», «4 måneder», «8 måneder» og «17–18 måneder».
        71m | Barnet er 5 år og 11 måneder. Sett opp konsultasjonen «4 år» nå, senest 11. januar 2029, sammen med lege. Tidsvinduet er forbi, men sent gjennomført er også gjennomført. Ta med måling, syn, hørsel, kartlegging og legeundersøkelse, og gå gjennom vaksinasjonsstatus. Tas med i samme konsultasjon: «Hjemmebesøk 7–10 dager», «6 uker», «3 måneder», «5 måneder», «6 måneder», «10 måneder», «12 måneder», «15 måneder» og «2 år». Holdes ikke i ettertid: «4 uker», «4 måneder», «8 måneder» og «17–18 måneder». Gi skolehelsetjenesten beskjed om planen.
        72m | Barnet er 6 år. Programmet er slutt ved 6 år; skolehelsetjenesten følger barnet videre.
        """,
    )
