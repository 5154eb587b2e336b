"""
Names: folded for search and comparison, and put in Norwegian order.

Two different questions, two different keys. `fold` makes alike what people mean alike: «Åse-Marie», «Aase Marie» and «ASE MARIE» typed by
someone without å. `sort_key` puts what people write in the order of a Norwegian list, where å stands last and ä stands with æ.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from unicodedata import category, combining, decomposition, normalize

# Letters that have no accent to lose. The Norwegian ones follow the passport rules, so that a name copied from a passport is found: ICAO
# Doc 9303 part 3, section 6: æ and ä are AE, ø and ö are OE, å is AA, and the Sami ŋ, đ and ŧ are N, D and T [source]. ü only loses its
# dots, where ICAO writes UE: people without the letter type Muller [default].
_FOLDED_LETTERS: Final = {
    "æ": "ae", "ø": "oe", "œ": "oe", "ß": "ss", "þ": "th", "ð": "d",
    "đ": "d", "ŋ": "n", "ŧ": "t", "ǥ": "g", "ʒ": "z", "ł": "l", "ħ": "h", "ı": "i", "ə": "e",
}  # fmt: skip
_FOLDED_WITH_MARK: Final = {"a\u030a": "aa", "a\u0308": "ae", "o\u0308": "oe"}
_APOSTROPHES: Final = frozenset("'’‘`´ʼʻʹ＇")
_ASCII_SEPARATORS: Final = {code: " " for code in range(128) if not chr(code).isalnum()} | {ord("'"): None, ord("`"): None}


def fold(text: str) -> str:
    """
    Make a name comparable: what sounds and reads as the same name gives the same text.

    Upper and lower case, composed and decomposed accents (NFC, NFD) are alike. å = aa, æ = ä = ae, ø = ö = oe; every other accent on a
    Latin letter is dropped, Sami letters included (á č đ ŋ š ŧ ž read as a c d n s t z). Hyphens, dots and spaces are one space, and
    apostrophes are left out. Letters of other scripts keep their marks and only lose their case. Folding twice changes nothing more.

    Source: ICAO Doc 9303 part 3 for the letters [source]; the rest [default].
    """
    if text.isascii():  # nine names of ten, a tenth of the time
        return " ".join(text.lower().translate(_ASCII_SEPARATORS).split())
    folded: list[str] = []
    base = ""
    for letter in normalize("NFKD", normalize("NFKD", text).casefold()):
        if category(letter)[0] != "M":
            base = letter
            folded.append(_fold_letter(letter))
        elif base + letter in _FOLDED_WITH_MARK:
            folded[-1] = _FOLDED_WITH_MARK[base + letter]
        elif base.isalpha() and not _is_latin(base):
            folded.append(letter)
    return " ".join(normalize("NFC", "".join(folded)).split())


def _is_latin(letter: str) -> bool:
    return "a" <= letter <= "z" or letter in _FOLDED_LETTERS


def _fold_letter(letter: str) -> str:
    if letter.isalnum() and letter not in _APOSTROPHES:
        return _FOLDED_LETTERS.get(letter, letter)
    return "" if letter in _APOSTROPHES or category(letter) == "Cf" else " "


_TEMPORARY: Final = re.compile(r"\*\s*(?:PIKE|GUTT)\b", re.IGNORECASE)


def is_temporary_newborn_name(given_name: str) -> bool:
    """
    Tell whether a given name is the one the register gives a newborn until it is named: the mother's first name and `*PIKE` or `*GUTT`.

    Such a name is annulled later and must never be matched on. Source: Folkeregisteret, documentation of events and names [source].
    """
    return _TEMPORARY.search(given_name) is not None


# What follows is the order of the Unicode collation algorithm with the Norwegian tailoring (CLDR, "nb"), so that SQLite, which is given
# `compare`, and PostgreSQL, which has ICU, list people alike [source]. Characters in the order of their primary weights; for other scripts
# than Latin the order is that of the code points, which ICU refines [default].
_PRIMARY_ORDER: Final = (
    " _-‐‑–—,;:!¡?¿.…·'‘’‚\"“”„«»()[]{}§¶@*/\\&#%•`´^¯¨¸°©®+±÷×<=>¬|¦~¤¢$£¥€0123456789abcdeəfgǥhʻiıjklmnŋopqĸrstŧuvwxyzʒʼæøå"
)
_PRIMARY: Final = {letter: chr(16 + place) for place, letter in enumerate(_PRIMARY_ORDER)}

# Marks in the order of their secondary weights: acute, grave, breve, circumflex, caron, ring, dots, double acute, tilde, dot, stroke,
# cedilla, ogonek, macron.
_PLAIN: Final = "\x02"
_VARIANT: Final = ("\x03", "\x04", "\x05")
_MARKS: Final = {
    mark: chr(6 + place)
    for place, mark in enumerate("\u0301\u0300\u0306\u0302\u030c\u030a\u0308\u030b\u0303\u0307\u0338\u0327\u0328\u0304")
}
_STROKE: Final = _PLAIN + _MARKS["\u0338"]
_LIGATURE: Final = "\x1f"

# Letters that take the place of others: primary letters, secondary weight.
_VARIANTS: Final = {
    "ä": ("æ", _VARIANT[0]), "ę": ("æ", _VARIANT[1]),
    "ö": ("ø", _VARIANT[0]), "ő": ("ø", _VARIANT[1]), "œ": ("ø", _VARIANT[2]),
    "đ": ("d", _VARIANT[0]), "ð": ("d", _VARIANT[1]),
    "ü": ("y", _VARIANT[0]), "ű": ("y", _VARIANT[1]),
    "ł": ("l", _STROKE), "ħ": ("h", _STROKE),
    "ß": ("ss", _PLAIN + _LIGATURE + _PLAIN), "þ": ("th", _PLAIN * 2),
}  # fmt: skip
_LOWER, _LOWER_VARIANT, _UPPER_FIRST, _UPPER, _UPPER_VARIANT = "\x02\x03\x04\x05\x06"
_LEVEL_ENDS: Final = "\x01"
_DOUBLE_A: Final = {"aa": _LOWER, "Aa": _UPPER_FIRST, "AA": _UPPER}  # not aA, which is two names run together


@lru_cache(maxsize=8192)
def sort_key(text: str) -> str:
    """
    Make the text by whose plain code points names stand in Norwegian order: a-z, æ (with ä), ø (with ö), å (with aa).

    Letters decide first, then accents (Sami á after a, č after c, đ after d, š after s, ž after z; ŋ and ŧ are letters after n and t),
    then case, then the text itself, so that only equal texts have equal keys. Spaces come before hyphens and both before letters.

    The same order as PostgreSQL's `nb-NO-x-icu`. That aa always counts as å, also in «Isaac», is that collation's rule [source].
    """
    letters, accents, cases = [], [], []
    for primary, secondary, tertiary in _elements(normalize("NFC", text)):
        letters.append(primary)
        accents.append(secondary)
        cases.append(tertiary)
    return _LEVEL_ENDS.join(("".join(letters), "".join(accents), "".join(cases), text))


def _elements(text: str) -> list[tuple[str, str, str]]:
    """Split a text into collation elements: primary, secondary and tertiary weights, each as the characters that sort like them."""
    elements: list[tuple[str, str, str]] = []
    place = 0
    while place < len(text):
        letter = text[place]
        following = normalize("NFD", text[place + 1 : place + 2]) if letter in "aA" else ""
        case = _DOUBLE_A.get(letter + following[:1])
        if case is None:
            elements.append(_element(letter))
            place += 1
        else:
            elements.append((_PRIMARY["å"], _VARIANT[0], case))
            elements += [_element(mark) for mark in following[1:]]
            place += 2
    return elements


@lru_cache(maxsize=4096)
def _element(letter: str) -> tuple[str, str, str]:
    lowered = letter.lower()
    is_upper = lowered != letter
    if lowered in _VARIANTS:
        primaries, secondary = _VARIANTS[lowered]
        case = _UPPER_VARIANT if is_upper else _LOWER_VARIANT
        if len(primaries) == 1:
            case = _UPPER if is_upper else _LOWER
        return "".join(_PRIMARY[primary] for primary in primaries), secondary, case * len(primaries)
    if lowered in _PRIMARY:
        return _PRIMARY[lowered], _PLAIN, _UPPER if is_upper else _LOWER
    if combining(letter):
        return "", _MARKS.get(letter, letter), ""
    if category(letter) in ("Cc", "Cf"):
        return "", "", ""
    return _decomposed(letter)


def _decomposed(letter: str) -> tuple[str, str, str]:
    parts = decomposition(letter).split()
    if parts and letter.isalpha() and not parts[0].startswith("<"):
        elements = [_element(chr(int(part, 16))) for part in parts]
        primary, secondary, tertiary = ("".join(level) for level in zip(*elements, strict=True))
        if primary[0] <= _PRIMARY["å"]:  # a Latin letter with marks; other scripts keep theirs
            return primary, secondary, tertiary
    lowered = letter.lower()
    return lowered, _PLAIN, _LOWER if lowered == letter else _UPPER


def compare(a: str, b: str) -> int:
    """Compare two names in Norwegian order: negative, zero or positive; zero only for equal texts. For SQLite's `create_collation`."""
    first, second = sort_key(a), sort_key(b)
    return (first > second) - (first < second)
