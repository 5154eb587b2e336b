"""Hva som er en uvanlig natt

En natt holdes opp mot de siste fjorten av samme slag: virkedager for seg, andre dager for seg. Før det er fem å sammenligne med, er ingenting uvanlig. Mer enn
tre standardavvik fra gjennomsnittet, og mer enn ti, sies fra om; det samme gjør ingen der det ellers alltid er noen, minst fem i snitt [default].
"""

from datetime import date

from fjorten.nightly.usual import nights_of_its_kind, unusual_counts
from tests.spec.tables import check_table, spec


def is_unusual(i_natt: str, tidligere: str) -> str:
    found = unusual_counts({"antall": int(i_natt)}, [{"antall": int(one)} for one in tidligere.split()])
    return "ja" if found else "nei"


@spec("Er tallet i natt uvanlig?")
def test_what_is_unusual() -> None:
    check_table(
        is_unusual,
        """
        i_natt | tidligere                                 | svar
        100    | 100 101 99 100 102                        | nei
        109    | 100 101 99 100 102                        | nei
        120    | 100 101 99 100 102                        | ja
        85     | 100 101 99 100 102                        | ja
        120    | 60 140 80 120 100                         | nei
        0      | 60 140 80 120 100                         | ja
        0      | 5 6 4 5 7                                 | ja
        0      | 5 6 0 5 7                                 | nei
        0      | 2 1 3 2 1                                 | nei
        11     | 0 0 0 0 0                                 | ja
        10     | 0 0 0 0 0                                 | nei
        500    | 0 0 0 0                                   | nei
        50     | 1 1 1 1 1 1 1 1 1 1 1 1 1 1 900 900 900   | ja
        """,
    )


def compared(natt: str, tidligere: str) -> str:
    earlier = [(date.fromisoformat(day), {"dag": date.fromisoformat(day).day}) for day in tidligere.split()]
    return " ".join(str(counts["dag"]) for counts in nights_of_its_kind(date.fromisoformat(natt), earlier))


@spec("Nettene en natt holdes opp mot: de samme dagene i uken, og aldri dagen selv")
def test_nights_of_one_kind() -> None:
    check_table(
        compared,
        """
        natt       | tidligere                                                    | svar
        2026-03-10 | 2026-03-09 2026-03-08 2026-03-07 2026-03-06                  | 9 6
        2026-03-14 | 2026-03-13 2026-03-08 2026-03-07 2026-03-06                  | 8 7
        2026-04-02 | 2026-04-01 2026-03-29 2026-03-28                             | 29 28
        2026-03-10 | 2026-03-10 2026-03-09                                        | 9
        """,
    )
