"""
How a text travels as SMS: in which alphabet, and in how many parts. Pure.

The alphabet is decided by the text and never by the language: one en dash or guillemet makes a Norwegian message a Unicode one, of less
than half the length. Source: 3GPP TS 23.038 (the GSM alphabet), TS 23.040 (concatenation, a header of six octets) [unverified: written
from general knowledge].
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED: Final = frozenset("\f^{}\\[~]|€")  # each takes an escape before it: two places


class Alphabet(StrEnum):
    """What the text is sent in."""

    GSM_7 = "GSM-7"
    UCS_2 = "UCS-2"


# Places in a message sent alone, and in each part of a longer one.
ALONE: Final = {Alphabet.GSM_7: 160, Alphabet.UCS_2: 70}
IN_EACH_PART: Final = {Alphabet.GSM_7: 153, Alphabet.UCS_2: 67}


@dataclass(frozen=True, slots=True)
class SmsParts:
    """
    How one text travels. `places` are septets in GSM-7 and code units of 16 bits in UCS-2; `foreign` are the letters that kept it out of
    GSM-7, each once, in the order they come.
    """

    alphabet: Alphabet
    places: int
    parts: int
    foreign: str


def sms_parts(text: str) -> SmsParts:
    """
    This function will tell in which alphabet and how many parts a text travels. An empty text is one empty part.

    A letter of two places is never divided between two parts, so a text may take one part more than its length says.
    """
    foreign = "".join(dict.fromkeys(letter for letter in text if letter not in _BASIC and letter not in _EXTENDED))
    alphabet = Alphabet.UCS_2 if foreign else Alphabet.GSM_7
    widths = [_width(letter, alphabet) for letter in text]
    places = sum(widths)
    return SmsParts(alphabet, places, 1 if places <= ALONE[alphabet] else _parts_of(widths, IN_EACH_PART[alphabet]), foreign)


def _width(letter: str, alphabet: Alphabet) -> int:
    if alphabet is Alphabet.UCS_2:
        return 2 if ord(letter) > 0xFFFF else 1
    return 2 if letter in _EXTENDED else 1


def _parts_of(widths: list[int], room: int) -> int:
    parts, used = 1, 0
    for width in widths:
        if used + width > room:
            parts, used = parts + 1, 0
        used += width
    return parts
