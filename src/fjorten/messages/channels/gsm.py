"""
A text as the octets of SMS: in GSM-7 (one septet in each octet) or UCS-2, in parts with the header that puts them together again. Pure.

Source: 3GPP TS 23.038 and 23.040, SMPP 3.4 [unverified: written from general knowledge]. Held by the tests to what `sms_parts` counts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from fjorten.messages.sms_parts import ALONE, IN_EACH_PART, Alphabet, sms_parts

_ESCAPE: Final = 0x1B
_TABLE: Final = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_AFTER_ESCAPE: Final = {"\f": 0x0A, "^": 0x14, "{": 0x28, "}": 0x29, "\\": 0x2F, "[": 0x3C, "~": 0x3D, "]": 0x3E, "|": 0x40, "€": 0x65}
_OCTETS: Final = {letter: bytes([place]) for place, letter in enumerate(_TABLE) if place != _ESCAPE} | {
    letter: bytes([_ESCAPE, place]) for letter, place in _AFTER_ESCAPE.items()
}
_LETTERS: Final = {place: letter for place, letter in enumerate(_TABLE) if place != _ESCAPE}
_LETTERS_AFTER_ESCAPE: Final = {place: letter for letter, place in _AFTER_ESCAPE.items()}


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one text, each whole with its header when there are several."""

    alphabet: Alphabet
    octets: tuple[bytes, ...]

    @property
    def have_headers(self) -> bool:
        """Whether the parts begin with a header that says which of how many they are."""
        return len(self.octets) > 1


class TextIsTooLong(ValueError):
    """More than the 255 parts a header can count."""


def parts_of(text: str, *, key: str) -> Parts:
    """
    This function will divide a text into parts. `key` gives the number that keeps the parts of two texts apart, the same in every try.

    No letter is divided between two parts. Raises TextIsTooLong.
    """
    alphabet = sms_parts(text).alphabet
    letters = [_octets_of(letter, alphabet) for letter in text]
    width = 1 if alphabet is Alphabet.GSM_7 else 2
    whole = b"".join(letters)
    if len(whole) <= ALONE[alphabet] * width:
        return Parts(alphabet, (whole,))
    contents = list(_divided(letters, IN_EACH_PART[alphabet] * width))
    if len(contents) > 255:
        raise TextIsTooLong
    number = hashlib.sha256(key.encode()).digest()[0]
    headers = (bytes([5, 0, 3, number, len(contents), place]) for place in range(1, len(contents) + 1))
    return Parts(alphabet, tuple(header + content for header, content in zip(headers, contents, strict=True)))


def _octets_of(letter: str, alphabet: Alphabet) -> bytes:
    return _OCTETS[letter] if alphabet is Alphabet.GSM_7 else letter.encode("utf-16-be", "replace")


def _divided(letters: list[bytes], room: int) -> Iterator[bytes]:
    part = b""
    for letter in letters:
        if len(part) + len(letter) > room:
            yield part
            part = b""
        part += letter
    yield part


def read_gsm_7(octets: bytes) -> str:
    """This function will read a text of one septet in each octet. What is not in the table is shown as U+FFFD."""
    letters = []
    escaped = False
    for octet in octets:
        if octet == _ESCAPE and not escaped:
            escaped = True
            continue
        # An escape before what the extension does not have shows as the letter itself (TS 23.038, 6.2.1.1 [unverified]).
        letters.append((_LETTERS_AFTER_ESCAPE.get(octet) if escaped else None) or _LETTERS.get(octet, "\ufffd"))
        escaped = False
    return "".join(letters)
