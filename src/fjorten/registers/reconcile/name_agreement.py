"""Whether the name in a journal and the name in the register can be the same child's: tolerant of spelling, strict about twins."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Final

from fjorten.kernel.names import fold, is_temporary_newborn_name

# What a clinic writes before the child has a name. Never compared, as the register's own temporary names [default].
_PLACEHOLDERS: Final = frozenset({"jente", "pike", "gutt", "baby", "barn", "nyfoedt", "ukjent", "navnloes", "tvilling", "trilling"})

# Spellings that one name takes on its way between alphabets and typists, tried in this order on a folded name [default]: digraphs first,
# then single letters. It only has to make the same name alike; it is no key for searching.
_SPELLINGS: Final = (
    ("sch", "s"), ("skj", "s"), ("sh", "s"), ("sj", "s"), ("sz", "s"), ("zh", "s"), ("ph", "f"), ("th", "t"), ("ck", "k"), ("ch", "k"),
    ("kh", "k"), ("ou", "u"), ("oo", "u"), ("ee", "i"), ("oe", "o"), ("ae", "a"), ("aa", "a"), ("x", "ks"), ("c", "k"), ("q", "k"),
    ("w", "v"), ("z", "s"), ("y", "i"), ("j", "i"),
)  # fmt: skip
_DOUBLED: Final = re.compile(r"(.)\1+")
_VOWELS: Final = frozenset("aeiou")
# What a program writes for a letter its encoding does not have: Latin-1 has no Ŋ, Č or Ž.
_LOST_LETTER: Final = re.compile("[?\ufffd]")
_BETWEEN_WORDS: Final = re.compile(r"[\s-]+")


def names_agree(
    *,
    given: str | None,
    middle: str | None,
    family: str | None,
    journal_given: str | None,
    journal_family: str | None,
    twins: Collection[str] = (),
) -> bool:
    """
    Tell whether a journal's name can be the register's name of the same person.

    Accents, case, hyphens and transliteration are forgiven, and so are missing middle names, half of a double name, initials, letters
    that an export lost («?uorgam»), and given and family name in each other's place. Two double names that share a half («Anne Marie»,
    «Anne Sofie») are two names. A temporary newborn name, in either place, and a name that is missing never disagree. `twins` are the
    given names of others with the same mother and birth date: a journal that carries a twin's name exactly, and this child's only nearly,
    disagrees.

    Source: newborns' temporary names, Folkeregisteret [source]; the tolerance [default].
    """
    if is_placeholder(given) or is_placeholder(journal_given):
        return True
    ours = _Name(_tokens(given), _tokens(middle), _tokens(family))
    registered = (given, middle, family)
    journals_given, journals_family = (_tokens(_with_lost_letters(name, registered)) for name in (journal_given, journal_family))
    if not ours.all or not (journals_given or journals_family):
        return True
    if journals_given != ours.given and any(journals_given == _tokens(twin) for twin in twins):
        return False
    if not journals_given or not journals_family or not ours.given or not ours.family:
        written = journals_given + journals_family
        return _is_within(written, ours.all) or _is_within(ours.all, written)
    return ours.is_written(journals_given, journals_family) or ours.is_written(journals_family, journals_given)


def is_placeholder(given: str | None) -> bool:
    """Tell whether a given name only says that the child has none yet: the register's `*PIKE`, `*GUTT`, or a clinic's «Jente», «Baby»."""
    if given is None:
        return False
    return is_temporary_newborn_name(given) or any(token in _PLACEHOLDERS for token in _tokens(given)[:1])


class _Name:
    """The register's name, as folded tokens."""

    __slots__ = ("all", "family", "given", "middle")

    def __init__(self, given: Sequence[str], middle: Sequence[str], family: Sequence[str]) -> None:
        self.given, self.middle, self.family = list(given), list(middle), list(family)
        self.all = [*given, *middle, *family]

    def is_written(self, given: list[str], family: list[str]) -> bool:
        return _fits(given, self.given, self.middle) and _fits(family, self.family, self.middle)


def _fits(written: list[str], registered: list[str], middle: list[str]) -> bool:
    if _is_within(written, registered + middle) or _is_within(registered, written):
        return True
    return _alike("".join(written), "".join(registered))  # «Annemarie» and «Anne Marie»


def _is_within(few: Sequence[str], many: Sequence[str]) -> bool:
    return all(any(_alike(token, other) for other in many) for token in few)


def _with_lost_letters(name: str | None, registered: Sequence[str | None]) -> str | None:
    """Read a journal's word with lost letters as the registered word that has other letters there, and is the same in the rest."""
    if name is None or _LOST_LETTER.search(name) is None:
        return name
    known = [word for part in registered if part for word in _BETWEEN_WORDS.split(part)]
    return " ".join(next((word for word in known if _is_but_for_lost_letters(written, word)), written) for written in name.split())


def _is_but_for_lost_letters(written: str, registered: str) -> bool:
    if _LOST_LETTER.sub("", written) == "":
        return False  # nothing but lost letters says nothing
    pattern = "".join("." if _LOST_LETTER.match(letter) else re.escape(letter) for letter in written)
    return re.fullmatch(pattern, registered, re.IGNORECASE) is not None


def _tokens(name: str | None) -> list[str]:
    return _folded(name).split() if name else []


@lru_cache(maxsize=65_536)
def _folded(name: str) -> str:
    return fold(name)


@lru_cache(maxsize=65_536)
def _spelling(token: str) -> str:
    for written, sound in _SPELLINGS:
        token = token.replace(written, sound)
    return _DOUBLED.sub(r"\1", token)


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    if len(one) == 1 or len(other) == 1:  # an initial
        return one[:1] == other[:1]
    one, other = _spelling(one), _spelling(other)
    if one == other:
        return True
    # A spelling seldom changes how a name begins, so that «Sara» and «Lara» stay two names; a first vowel may («Oleksandr», «Aleksander»).
    starts_alike = one[:1] == other[:1] or (one[0] in _VOWELS and other[0] in _VOWELS)
    shortest = min(len(one), len(other))
    allowed = 0 if shortest < 4 else 1 if shortest < 7 else 2
    return starts_alike and allowed > 0 and _is_within_distance(one, other, allowed)


def _is_within_distance(one: str, other: str, allowed: int) -> bool:
    """Levenshtein's distance, given up as soon as it must exceed what is allowed."""
    if abs(len(one) - len(other)) > allowed:
        return False
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        line = [row]
        for column, facing in enumerate(other, start=1):
            line.append(min(above[column] + 1, line[-1] + 1, above[column - 1] + (letter != facing)))
        if min(line) > allowed:
            return False
        above = line
    return above[-1] <= allowed
