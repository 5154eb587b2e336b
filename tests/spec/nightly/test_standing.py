"""Når noen må se på noe

`fjorten status` spør hver time, og hver side spør når den vises: en nattkjøring som ikke gikk, kan ikke si fra om det selv. Alle grensene er våre egne [default].
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from fjorten.nightly.standing import Alarm, Facts, Kind, LastNight, alarms, must_tell
from tests.spec.tables import check_table, spec

AT = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


def kinds(facts: Facts) -> str:
    return ", ".join(alarm.kind.value for alarm in alarms(facts, at=AT)) or "alt er bra"


def a_night(**facts: Any) -> LastNight:
    usual: dict[str, Any] = {"on": date(2026, 3, 10), "finished_at": AT - timedelta(hours=9), "balanced": True}
    return LastNight(**(usual | facts))


def by_the_night(ferdig_for_timer: str, gikk_opp: str, begynt_for_timer: str) -> str:
    last = None
    if ferdig_for_timer != "aldri":
        balanced = {"ja": True, "nei": False, "ikke gjort opp": None}[gikk_opp]
        last = a_night(finished_at=AT - timedelta(hours=float(ferdig_for_timer)), balanced=balanced)
    begun = AT - timedelta(hours=float(begynt_for_timer)) if begynt_for_timer else None
    return kinds(Facts(last=last, begun_at=begun))


@spec("Nattkjøringen")
def test_the_night() -> None:
    check_table(
        by_the_night,
        """
        ferdig_for_timer | gikk_opp       | begynt_for_timer | svar
        9                | ja             |                  | alt er bra
        26               | ja             |                  | alt er bra
        26.1             | ja             |                  | no_night
        200              | ja             |                  | no_night
        aldri            |                |                  | never_run
        aldri            |                | 1                | never_run
        9                | nei            |                  | not_balanced
        9                | ikke gjort opp |                  | not_balanced
        9                | ja             | 1                | alt er bra
        9                | ja             | 4.1              | night_stopped
        33               | nei            | 9                | no_night, night_stopped, not_balanced
        """,
    )


def by_troubles(feil: str) -> str:
    found = {error: int(number) for number, error in (part.split("×") for part in feil.split(", ") if part)}
    return kinds(Facts(last=a_night(troubles=found)))


@spec("Det natten ikke kunne gjøre")
def test_troubles() -> None:
    check_table(
        by_troubles,
        """
        feil                                      | svar
                                                  | alt er bra
        1×ValueError                              | troubles
        2×NobodyToOwnIt                           | nobody_to_own
        2×NobodyToOwnIt, 3×FeedCannotBeRead       | nobody_to_own, troubles
        """,
    )


def by_lists(hva: str, antall: str) -> str:
    if hva.startswith("helsestasjoner"):
        return kinds(Facts(last=a_night(), not_found=("Nord", "Sør")[: int(antall)]))
    return kinds(Facts(last=a_night(), **{_FACTS[hva]: int(antall)}))


_FACTS = {
    "meldinger som skulle vært lenger på vei": "in_the_air",
    "uvisse meldinger uten oppgave": "uncertain_without_task",
    "oppgaver over fristen": "tasks_overdue",
    "saker over fristen": "cases_overdue",
    "lederens saker over fristen": "leaders_cases_overdue",
    "brev som ikke er skrevet ut": "letters_waiting",
    "ansatte": "employed",
    "ledere": "leaders",
}


@spec("Det som venter, og dem som skal ta seg av det")
def test_lists_and_people() -> None:
    check_table(
        by_lists,
        """
        hva                                     | antall | svar
        meldinger som skulle vært lenger på vei | 1      | in_the_air
        uvisse meldinger uten oppgave           | 1      | uncertain
        oppgaver over fristen                   | 1      | tasks_overdue
        saker over fristen                      | 1      | cases_overdue
        lederens saker over fristen             | 1      | leaders_cases
        brev som ikke er skrevet ut             | 1      | letters_wait
        ansatte                                 | 0      | nobody_employed
        ledere                                  | 0      | no_leader
        helsestasjoner uten telefon eller adresse | 2    | not_found_by_families
        """,
    )


def when_told(galt: str, fortalt: str, for_timer: str) -> str:
    found = [Alarm(Kind(kind), "") for kind in galt.split()]
    if fortalt == "aldri":
        return "ja" if must_tell(found, told=None, told_at=None, at=AT) else "nei"
    told = frozenset(fortalt.split()) - {"bra"}
    return "ja" if must_tell(found, told=told, told_at=AT - timedelta(hours=float(for_timer)), at=AT) else "nei"


@spec("Når alarmen sendes på e-post: straks når noe er nytt eller bra igjen, det samme etter et døgn, og at alt er bra en gang i uken")
def test_when_somebody_is_told() -> None:
    check_table(
        when_told,
        """
        galt                   | fortalt               | for_timer | svar
        no_night               | aldri                 |           | ja
                               | aldri                 |           | ja
        no_night               | no_night              | 1         | nei
        no_night               | no_night              | 24        | ja
        no_night in_the_air    | no_night              | 1         | ja
        in_the_air             | no_night in_the_air   | 1         | nei
        no_night               | bra                   | 1         | ja
                               | no_night              | 1         | ja
                               | bra                   | 24        | nei
                               | bra                   | 168       | ja
        """,
    )
