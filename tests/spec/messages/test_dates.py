"""Dager og klokkeslett på hvert språk

Ordene er fra CLDR. Klokken er Norges, har 24 timer og står med vestlige sifre på alle språk, også arabisk: det er tallene som står på telefonen og på døren. Året
står ikke: det familien får vite om, er uker unna. Kilde: CLDR [source], valgene er våre [default].
"""

from datetime import date, datetime

from fjorten.messages.dates import clock_in, day_in
from tests.spec.tables import check_table, spec


@spec("En dag")
def test_a_day() -> None:
    check_table(
        day_in,
        """
        language | day        | svar
        nb       | 2026-09-24 | torsdag 24. september
        nn       | 2026-09-22 | tysdag 22. september
        nn       | 2026-09-26 | laurdag 26. september
        en       | 2026-09-24 | Thursday 24 September
        uk       | 2026-09-24 | четвер, 24 вересня
        ar       | 2026-09-24 | الخميس، 24 سبتمبر
        ru       | 2026-05-05 | вторник, 5 мая
        pl       | 2026-09-24 | czwartek, 24 września
        ti       | 2026-09-24 | ሓሙስ፣ 24 መስከረም
        so       | 2026-09-24 | Khamiis, Sebtembar 24
        """,
        convert={"day": date.fromisoformat},
    )


@spec("Et klokkeslett er Norges, også når sommertiden skifter")
def test_a_clock_time() -> None:
    check_table(
        clock_in,
        """
        language | at                     | svar
        nb       | 2026-09-24T07:30+00:00 | 09.30
        nn       | 2026-09-24T07:30+00:00 | 09.30
        en       | 2026-09-24T07:30+00:00 | 09:30
        ar       | 2026-09-24T13:05+00:00 | 15:05
        ti       | 2026-09-24T13:05+00:00 | 15:05
        pl       | 2026-03-29T00:59+00:00 | 01:59
        pl       | 2026-03-29T01:00+00:00 | 03:00
        so       | 2026-10-25T00:30+00:00 | 02:30
        so       | 2026-10-25T01:30+00:00 | 02:30
        """,
        convert={"at": datetime.fromisoformat},
    )


@spec("Et tidspunkt er den dagen det er i Norge")
def test_an_instant_is_its_day_in_oslo() -> None:
    check_table(
        day_in,
        """
        language | day                    | svar
        nb       | 2026-09-23T21:59+00:00 | onsdag 23. september
        nb       | 2026-09-23T22:00+00:00 | torsdag 24. september
        """,
        convert={"day": datetime.fromisoformat},
    )
