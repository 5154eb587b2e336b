"""Hva en SMS fra en familie betyr

Bare det som ikke kan bety noe annet, blir forstått: en gal gjetning ville fortelle at en familie kommer, som ikke gjør det. Alt som er i tvil, er fritekst, og
leses av et menneske. Sifre i alle skrifter teller likt. Kilde: vårt valg [default]; ord på utkastspråkene er ikke språkvasket.
"""

from fjorten.messages.incoming import meaning_of
from tests.spec.tables import check_table, spec


@spec("1 er at de kommer")
def test_one_is_coming() -> None:
    check_table(
        meaning_of,
        """
        text          | svar
        1             | coming
        1.            | coming
        1!            | coming
        «1»           | coming
        1 ja          | coming
        Ja, 1         | coming
        1 takk        | coming
        1 👍          | coming
        1️⃣            | coming
        ١             | coming
        ۱             | coming
        1 እወ          | coming
        1 haa         | coming
        """,
    )


@spec("2 er at de trenger en annen tid")
def test_two_is_another_time() -> None:
    check_table(
        meaning_of,
        """
        text          | svar
        2             | other_time
        2.            | other_time
        2 takk        | other_time
        2 annen tid   | other_time
        ٢             | other_time
        """,
    )


@spec("STOPP er at de ikke vil ha meldinger")
def test_stop_is_no_more() -> None:
    check_table(
        meaning_of,
        """
        text          | svar
        STOPP         | stop
        stopp         | stop
        Stop.         | stop
        STOP SMS      | stop
        stopp, takk   | stop
        """,
    )


@spec("Alt annet leses av et menneske")
def test_everything_in_doubt_is_read_by_a_person() -> None:
    check_table(
        meaning_of,
        """
        text                          | svar
                                      | free_text
        1 eller 2?                    | free_text
        1?                            | free_text
        nei 1                         | free_text
        ikke 1                        | free_text
        1 2                           | free_text
        1/2                           | free_text
        1-2                           | free_text
        -1                            | free_text
        11                            | free_text
        1 1                           | free_text
        1 👎                          | free_text
        ja                            | free_text
        ok                            | free_text
        vi kommer kl. 1               | free_text
        1 men vi blir sene            | free_text
        2 ja 1                        | free_text
        3                             | free_text
        kan ikke stoppe tankene       | free_text
        Stopp ikke å sende            | free_text
        stopp 1                       | free_text
        ½                             | free_text
        Er det i dag?                 | free_text
        """,
    )
