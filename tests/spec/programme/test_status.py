"""
Tilstander

Hver konsultasjon for hvert barn er i nøyaktig én av ni tilstander. Det et menneske har avgjort, lagres; det som avhenger av datoen, regnes ut
når det leses, og kan derfor ikke glemmes av en nattjobb. Et vindu skrives fra første dag til dagen etter den siste.
"""

from __future__ import annotations

from datetime import date

from fjorten.kernel.periods import Period
from fjorten.programme.status import Status, StepFacts, status_of
from tests.spec.tables import check_table, spec


def period(text: str) -> Period:
    start, until = text.split("..")
    return Period(date.fromisoformat(start), date.fromisoformat(until))


def a_day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def outcome_or_none(text: str) -> Status | None:
    return Status(text) if text else None


def is_yes(text: str) -> bool:
    return text == "yes"


def status_from_row(
    today: date, window: Period, outcome: Status | None = None, booked: bool = False, missed_on: date | None = None
) -> Status:
    return status_of(StepFacts(window, outcome=outcome, has_open_appointment=booked, missed_on=missed_on), today=today)


@spec("Uten noe registrert avgjør datoen")
def test_the_date_decides() -> None:
    check_table(
        status_from_row,
        """
        today      | window                 | status
        2026-01-31 | 2026-02-01..2026-02-21 | not_yet_due
        2026-02-01 | 2026-02-01..2026-02-21 | due
        2026-02-20 | 2026-02-01..2026-02-21 | due
        2026-02-21 | 2026-02-01..2026-02-21 | overdue
        2031-02-21 | 2026-02-01..2026-02-21 | overdue
        """,
        convert={"today": date.fromisoformat, "window": period},
    )


@spec("En konsultasjon utenfor tidsvinduet er likevel gjennomført")
def test_done_late_is_done() -> None:
    check_table(
        status_from_row,
        """
        today      | window                 | outcome | status
        2026-01-20 | 2026-02-01..2026-02-21 | done    | done
        2026-02-10 | 2026-02-01..2026-02-21 | done    | done
        2026-03-10 | 2026-02-01..2026-02-21 |         | overdue
        2026-03-10 | 2026-02-01..2026-02-21 | done    | done
        """,
        convert={"today": date.fromisoformat, "window": period, "outcome": outcome_or_none},
    )


@spec("Det et menneske har avgjort, gjelder foran alt annet")
def test_settled_wins() -> None:
    check_table(
        status_from_row,
        """
        today      | window                 | outcome        | booked | missed_on  | status
        2026-03-10 | 2026-02-01..2026-02-21 | done_elsewhere |        |            | done_elsewhere
        2026-03-10 | 2026-02-01..2026-02-21 | declined       |        | 2026-02-12 | declined
        2026-03-10 | 2026-02-01..2026-02-21 | waived         |        |            | waived
        2026-02-10 | 2026-02-01..2026-02-21 | done           | yes    | 2026-02-03 | done
        """,
        convert={
            "today": date.fromisoformat,
            "window": period,
            "outcome": outcome_or_none,
            "booked": is_yes,
            "missed_on": a_day,
        },
    )


@spec("Den som har fått ny time, er ikke lenger «ikke møtt»; den som ikke har fått det, forblir det")
def test_missed_until_offered_again() -> None:
    check_table(
        status_from_row,
        """
        today      | window                 | booked | missed_on  | status
        2026-01-20 | 2026-02-01..2026-02-21 | yes    |            | booked
        2026-03-10 | 2026-02-01..2026-02-21 | yes    |            | booked
        2026-02-13 | 2026-02-01..2026-02-21 |        | 2026-02-12 | missed
        2026-02-13 | 2026-02-01..2026-02-21 | yes    | 2026-02-12 | booked
        2026-03-10 | 2026-02-01..2026-02-21 |        | 2026-02-12 | missed
        2028-03-10 | 2026-02-01..2026-02-21 |        | 2026-02-12 | missed
        """,
        convert={
            "today": date.fromisoformat,
            "window": period,
            "booked": is_yes,
            "missed_on": a_day,
        },
    )


@spec("De samme ordene overalt")
def test_words() -> None:
    check_table(
        lambda status: Status(status).words,
        """
        status         | words
        not_yet_due    | kommer
        due            | skal ha time nå
        booked         | time satt opp
        overdue        | over tiden
        missed         | ikke møtt
        done           | gjennomført
        done_elsewhere | gjort annet sted
        declined       | takket nei
        waived         | ikke aktuelt
        """,
    )
