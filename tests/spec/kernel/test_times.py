"""
Tidspunkt og dager

Tidspunkt lagres i UTC, mens regler gjelder kalenderdager i Norge. Dagen skifter ved midnatt norsk tid, både i sommertid og normaltid.
Kilde: husregelen om tid i arkitekturen.
"""

from __future__ import annotations

from datetime import date, datetime

from fjorten.kernel.times import oslo_date, start_of_day
from tests.spec.tables import check_table, spec


@spec("Et tidspunkt hører til den norske kalenderdagen")
def test_the_civil_day_of_an_instant() -> None:
    check_table(
        oslo_date,
        """
        at                        | answer
        2026-01-31T22:59:59+00:00 | 2026-01-31
        2026-01-31T23:00:00+00:00 | 2026-02-01
        2026-07-01T21:59:59+00:00 | 2026-07-01
        2026-07-01T22:00:00+00:00 | 2026-07-02
        2026-01-31T23:30:00-05:00 | 2026-02-01
        """,
        convert={"at": datetime.fromisoformat},
    )


@spec("En dag begynner ved norsk midnatt, én eller to timer før midnatt i UTC")
def test_the_instant_a_day_begins() -> None:
    check_table(
        start_of_day,
        """
        day        | answer
        2026-01-31 | 2026-01-30 23:00:00+00:00
        2026-07-01 | 2026-06-30 22:00:00+00:00
        2026-03-29 | 2026-03-28 23:00:00+00:00
        2026-03-30 | 2026-03-29 22:00:00+00:00
        """,
        convert={"day": date.fromisoformat},
    )
