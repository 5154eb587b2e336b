"""Hvor lang tid i forveien familien får timen

Første time til en konsultasjon gis 14 til 21 dager i forveien, og alltid i tidsrommet. Er tidsrommet snart over, gis den på kortere varsel: hjemmebesøket hos den
nyfødte, den nyinnflyttede, timen noen har avlyst. Etter ikke møtt kommer den nye timen innen 14 dager, på hurtigsporet innen 3 virkedager. Alle tall er våre
[default] og står i norms.toml.
"""

from datetime import date

from fjorten.appointments.norms import default_norms
from fjorten.appointments.notice import Occasion, booking_on
from fjorten.kernel.periods import Period
from tests.spec.tables import check_table, period, spec

OCCASIONS = {"første": Occasion.FIRST, "avlyst": Occasion.PUT_OFF, "ikke møtt": Occasion.MISSED, "ikke møtt, hurtig": Occasion.MISSED}


def may_be_given(dag: date, tidsrom: Period, sikter_mot: date, time: str, kort_varsel: str = "") -> str:
    booking = booking_on(
        dag,
        window=tidsrom,
        target_on=sikter_mot,
        occasion=OCCASIONS[time],
        notice=default_norms().notice,
        is_fast=time.endswith("hurtig"),
        can_come_soon=kort_varsel == "ja",
    )
    return "ikke ennå" if booking is None else f"{booking.days}, helst {booking.target_on}"


CONVERT = {"dag": date.fromisoformat, "tidsrom": period, "sikter_mot": date.fromisoformat}


@spec("Dagene en time kan gis på, av dem som er igjen av tidsrommet")
def test_the_days_a_first_time_may_be_given_on() -> None:
    check_table(
        may_be_given,
        """
        dag        | tidsrom                | sikter_mot | time              | svar
        2026-03-01 | 2026-03-10..2026-05-10 | 2026-04-10 | første            | ikke ennå
        2026-03-22 | 2026-03-10..2026-05-10 | 2026-04-10 | første            | ikke ennå
        2026-03-23 | 2026-03-10..2026-05-10 | 2026-04-10 | første            | 2026-04-06..2026-04-14, helst 2026-04-10
        2026-04-15 | 2026-03-10..2026-05-10 | 2026-04-10 | første            | 2026-04-29..2026-05-07, helst 2026-04-29
        2026-04-20 | 2026-03-10..2026-05-10 | 2026-04-10 | første            | 2026-04-22..2026-05-10, helst 2026-04-22
        2026-05-09 | 2026-03-10..2026-05-10 | 2026-04-10 | første            | 2026-05-11..2026-05-24, helst 2026-05-11
        2026-03-03 | 2026-03-06..2026-03-16 | 2026-03-09 | første            | 2026-03-06..2026-03-16, helst 2026-03-09
        """,
        convert=CONVERT,
    )


@spec("Etter ikke møtt, etter avlysning, og når tidsrommet er over")
def test_the_days_a_new_time_may_be_given_on() -> None:
    check_table(
        may_be_given,
        """
        dag        | tidsrom                | sikter_mot | time              | kort_varsel | svar
        2026-04-07 | 2026-03-10..2026-05-10 | 2026-04-07 | ikke møtt         | nei         | 2026-04-09..2026-04-22, helst 2026-04-09
        2026-04-07 | 2026-03-10..2026-04-12 | 2026-04-07 | ikke møtt         | nei         | 2026-04-09..2026-04-12, helst 2026-04-09
        2026-04-10 | 2026-03-10..2026-04-11 | 2026-04-07 | ikke møtt         | nei         | 2026-04-12..2026-04-25, helst 2026-04-12
        2026-04-10 | 2026-03-10..2026-05-10 | 2026-04-07 | ikke møtt, hurtig | nei         | 2026-04-11..2026-04-16, helst 2026-04-11
        2026-04-01 | 2026-03-10..2026-05-10 | 2026-04-07 | avlyst            | nei         | 2026-04-03..2026-04-23, helst 2026-04-07
        2026-04-01 | 2026-03-10..2026-05-10 | 2026-04-02 | avlyst            | ja          | 2026-04-02..2026-04-23, helst 2026-04-02
        2026-06-01 | 2026-03-10..2026-05-10 | 2026-04-07 | første            | nei         | 2026-06-03..2026-06-16, helst 2026-06-03
        2026-06-01 | 2026-03-10..2026-05-10 | 2026-04-07 | første            | ja          | 2026-06-02..2026-06-16, helst 2026-06-02
        2026-04-07 | 2026-05-10..2026-06-10 | 2026-05-20 | ikke møtt         | nei         | ikke ennå
        """,
        convert=CONVERT,
    )
