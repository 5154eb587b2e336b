"""
Which way a text message is read. Pure.

A telephone finds the direction of a message from its first letter. A message in Arabic that begins with the municipality's name in Latin
letters would be laid out from left to right, its parts in the wrong order; one invisible mark before it puts that right.
"""

from __future__ import annotations

import unicodedata
from typing import Final

RIGHT_TO_LEFT_MARK: Final = "\u200f"
# Isolates and embeddings would be the thorough way, but older telephones show them as boxes; none may stand in an SMS. [default]
FORBIDDEN_IN_SMS: Final = frozenset("\u2066\u2067\u2068\u2069\u202a\u202b\u202c\u202d\u202e")


def for_sms(text: str, *, is_right_to_left: bool) -> str:
    """
    This function will make a text ready to be read on a telephone: isolates left out, and a mark first where it is needed.

    A text that begins with a letter of its own direction is left as it is; the mark is one place of UCS-2, in which such texts travel.
    """
    plain = "".join(letter for letter in text if letter not in FORBIDDEN_IN_SMS)
    if not is_right_to_left:
        return plain
    first = next((kind for letter in plain if (kind := unicodedata.bidirectional(letter)) in {"L", "R", "AL"}), "L")
    return RIGHT_TO_LEFT_MARK + plain if first == "L" else plain
