"""Hva som regnes som ikke møtt

Ingen kom, eller barnet ble ikke fulgt av noen som kunne: ikke møtt. Den som avbestiller eller flytter samme konsultasjon gang på gang, har heller ikke møtt:
to på rad er første gang, tre er andre [default]. Det helsestasjonen avlyser, er aldri familiens.
"""

from fjorten.appointments.states import State
from fjorten.followup.misses import misses
from tests.spec.tables import check_table, spec

WORDS = {
    "møtt": State.ATTENDED,
    "ikke møtt": State.DID_NOT_ATTEND,
    "ikke fulgt": State.NOT_BROUGHT,
    "avbestilt": State.CANCELLED_BY_FAMILY,
    "flyttet": State.MOVED_BY_FAMILY,
    "avlyst": State.CANCELLED_BY_CLINIC,
    "flyttet av oss": State.MOVED_BY_CLINIC,
    "tilbudt": State.OFFERED,
}


def count(timer: str) -> int:
    return misses(WORDS[word.strip()] for word in timer.split(",") if word.strip())


@spec("Timene for én konsultasjon, eldste først, og hvor mange ganger det er ikke møtt")
def test_what_counts_as_a_miss() -> None:
    check_table(
        count,
        """
        timer                                        | svar
                                                     | 0
        ikke møtt                                    | 1
        ikke fulgt                                   | 1
        ikke møtt, ikke møtt                         | 2
        avbestilt                                    | 0
        avbestilt, flyttet                           | 1
        flyttet, flyttet, flyttet                    | 2
        avbestilt, ikke møtt, avbestilt              | 1
        avbestilt, flyttet, ikke møtt                | 2
        avbestilt, avlyst, flyttet                   | 1
        avlyst, flyttet av oss                       | 0
        tilbudt                                      | 0
        avbestilt, flyttet, tilbudt                  | 1
        ikke møtt, møtt                              | 0
        ikke møtt, møtt, ikke møtt                   | 1
        """,
    )
