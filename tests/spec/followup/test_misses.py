"""Hva som regnes som ikke møtt

Ingen kom, eller barnet ble ikke fulgt av noen som kunne: ikke møtt. Den som avbestiller eller flytter samme konsultasjon gang på gang, har heller ikke møtt:
to på rad er første gang, tre er andre [default]. Det helsestasjonen avlyser, er aldri familiens.
"""

from fjorten.followup.misses import Ending, misses
from tests.spec.tables import check_table, spec

WORDS = {
    "møtt": Ending.ATTENDED,
    "ikke møtt": Ending.DID_NOT_ATTEND,
    "ikke fulgt": Ending.NOT_BROUGHT,
    "avbestilt": Ending.CANCELLED_BY_FAMILY,
    "flyttet": Ending.MOVED_BY_FAMILY,
    "avlyst": Ending.CANCELLED_BY_CLINIC,
    "flyttet av oss": Ending.MOVED_BY_CLINIC,
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
        ikke møtt, møtt                              | 0
        ikke møtt, møtt, ikke møtt                   | 1
        """,
    )
