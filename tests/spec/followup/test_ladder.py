"""Hva som gjøres når et barn ikke kommer

Tiltakene er retningslinjens; rekkefølgen i det enkelte, alle dager og de to sporene er vårt forslag [default], og kommunen kan endre dager og ord. Systemet
foreslår neste steg, og en navngitt person gjør det. Ingenting lukkes eller meldes av en klokke.
"""

from datetime import date

from fjorten.followup.ladder import Track, default_ladder, next_step, step_after, track_for
from tests.spec.tables import check_table, spec

MONDAY = date(2026, 4, 13)  # Easter is over, and 1 and 14 May are holidays


def waits_for(track: str, done: str, starts_with: str) -> str:
    settled = [step.code for step in default_ladder().steps[: int(done)]]
    coming = next_step(default_ladder(), done=settled, track=Track(track), opened_on=MONDAY, starts_with=starts_with or None)
    return f"{coming.step.code}, {coming.step.who}, {coming.due_on}"


@spec("Neste steg, hvem som har det, og siste dag: virkedager fra dagen saken ble åpnet (her mandag 13. april 2026)")
def test_the_next_step_has_an_owner_and_a_day() -> None:
    check_table(
        waits_for,
        """
        track    | done | starts_with | svar
        standard | 0    |             | new_time, system, 2026-04-13
        standard | 1    |             | check_and_call, clerk, 2026-04-15
        standard | 2    |             | call_again, clerk, 2026-04-20
        standard | 3    |             | nurse_takes_over, nurse, 2026-04-27
        standard | 4    |             | discuss, nurse, 2026-05-05
        standard | 5    |             | home_visit, nurse, 2026-05-12
        standard | 6    |             | leader_decides, leader, 2026-05-20
        standard | 7    |             | assess, nurse, 2026-05-28
        standard | 8    |             | leaders_list, leader, 2026-07-09
        standard | 9    |             | leaders_list, leader, 2026-07-09
        fast     | 1    |             | check_and_call, clerk, 2026-04-14
        fast     | 3    |             | nurse_takes_over, nurse, 2026-04-16
        fast     | 8    |             | leaders_list, leader, 2026-05-28
        standard | 0    | call_again  | call_again, clerk, 2026-04-13
        standard | 3    | call_again  | nurse_takes_over, nurse, 2026-04-20
        """,
    )


def track(consultation: str, age: str, flagged: str, earlier: str) -> str:
    months = int(age)
    born_on = date(2026 - (months + 8) // 12, 12 - (months + 8) % 12, 13)  # so many months before 13 April 2026
    return track_for(
        default_ladder(),
        consultation=consultation,
        born_on=born_on,
        on=MONDAY,
        is_flagged=flagged == "ja",
        has_earlier_case=earlier == "ja",
    )


@spec("Hurtigsporet gjelder de yngste, det som ikke kan vente, barn noen har merket, og barn det har vært sak om før")
def test_who_follows_the_fast_track() -> None:
    check_table(
        track,
        """
        consultation | age | flagged | earlier | svar
        C08_M8       | 8   | nei     | nei     | standard
        C08_M8       | 8   | ja      | nei     | fast
        C08_M8       | 8   | nei     | ja      | fast
        C07_M6       | 6   | nei     | nei     | standard
        C06_M5       | 5   | nei     | nei     | fast
        C04_M3       | 7   | nei     | nei     | fast
        C14_Y4       | 50  | nei     | nei     | standard
        """,
    )


def proposed(track: str, done: str, on: str) -> str:
    settled = [step.code for step in default_ladder().steps[: int(done)]]
    coming = step_after(default_ladder(), done=settled, track=Track(track), counts_from=MONDAY, on=date.fromisoformat(on))
    return f"{coming.step.code}, {coming.due_on}"


@spec("Når et steg er gjort, foreslås neste: stigens dag, men aldri før neste virkedag. Lederens liste kommer igjen etter en måned")
def test_what_is_proposed_when_a_step_is_done() -> None:
    check_table(
        proposed,
        """
        track    | done | on         | svar
        standard | 1    | 2026-04-13 | check_and_call, 2026-04-15
        standard | 2    | 2026-04-15 | call_again, 2026-04-20
        standard | 2    | 2026-04-24 | call_again, 2026-04-27
        fast     | 3    | 2026-04-15 | nurse_takes_over, 2026-04-16
        standard | 9    | 2026-07-09 | leaders_list, 2026-08-10
        """,
    )
