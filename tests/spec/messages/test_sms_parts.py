"""Hvor mange deler en SMS tar

Teksten avgjør alfabetet, aldri språket: én tankestrek eller ett hermetegn av den typografiske sorten gjør en norsk melding til Unicode, med
under halvparten så mange tegn i hver del. Kilde: 3GPP TS 23.038 og 23.040 [unverified: skrevet etter allmenn kunnskap].
"""

from fjorten.messages.sms_parts import sms_parts
from tests.spec.tables import check_table, spec


def alphabet(text: str) -> str:
    parts = sms_parts(text)
    return f"{parts.alphabet} ({parts.foreign})" if parts.foreign else parts.alphabet.value


@spec("Alfabetet er det teksten trenger")
def test_the_text_decides_the_alphabet() -> None:
    check_table(
        alphabet,
        """
        text                          | svar
        Timen er flyttet til mandag   | GSM-7
        Åse, Ærlig og Øydis           | GSM-7
        Zoë og André                  | UCS-2 (ë)
        kl. 9–10                      | UCS-2 (–)
        «Velkommen»                   | UCS-2 («»)
        gratis: 0 € [tolk]            | GSM-7
        Ŋuorri                        | UCS-2 (Ŋ)
        Dziękujemy                    | UCS-2 (ę)
        Дякуємо                       | UCS-2 (Дякуємо)
        """,
    )


def parts_of(letters: str, times: str) -> str:
    parts = sms_parts(letters * int(times))
    return f"{parts.places} plasser, {parts.parts}"


@spec("En lang tekst går i deler, og et tegn på to plasser deles aldri mellom to")
def test_a_long_text_travels_in_parts() -> None:
    check_table(
        parts_of,
        """
        letters | times | svar
        a       | 160   | 160 plasser, 1
        a       | 161   | 161 plasser, 2
        a       | 306   | 306 plasser, 2
        a       | 307   | 307 plasser, 3
        €       | 80    | 160 plasser, 1
        €       | 81    | 162 plasser, 2
        €       | 152   | 304 plasser, 2
        €       | 153   | 306 plasser, 3
        ж       | 70    | 70 plasser, 1
        ж       | 71    | 71 plasser, 2
        ж       | 134   | 134 plasser, 2
        ж       | 135   | 135 plasser, 3
        😀      | 35    | 70 plasser, 1
        😀      | 67    | 134 plasser, 3
        """,
    )
