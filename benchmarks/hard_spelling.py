"""How names are drawn and how they go wrong: common names often, rare ones seldom, other spellings of a sound, slips of the fingers."""

from __future__ import annotations

import random
import unicodedata
from itertools import accumulate

from benchmarks.hard_names import (
    BOYS,
    FAMILIES,
    FARM_ENDS,
    FARM_STARTS,
    GIRLS,
    LOST_LETTERS,
    NICKNAMES,
    SOUND_WRITTEN,
    SOUNDS,
    SPELLINGS,
)

SPELLINGS_OF: dict[str, list[str]] = {
    name: [other for other in line.split() if other != name] for line in SPELLINGS for name in line.split()
}
NICKNAMES_OF: dict[str, list[str]] = {line.split()[0]: line.split()[1:] for line in NICKNAMES}


class Namer:
    """Draws names for one set, from one stream of random numbers."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.tables = {
            (kind, origin): (names := text.split(), list(accumulate(1 / (rank + 6) for rank in range(len(names)))))
            for kind, table in (("kvinne", GIRLS), ("mann", BOYS), ("family", FAMILIES))
            for origin, text in table.items()
        }

    def given(self, sex: str, origin: str) -> str:
        """Draw a given name; one of five children of other origin has a Norwegian one."""
        if origin != "norsk" and self.rng.random() < 0.2:
            origin = "norsk"
        return self._as_some_office_wrote_it(self._draw(sex, origin), origin)

    def family(self, origin: str) -> str:
        """Draw a family name; half the Norwegian ones are farm names, the long tail."""
        if origin == "norsk" and self.rng.random() < 0.55:
            return self.rng.choice(FARM_STARTS.split()) + self.rng.choice(FARM_ENDS.split())
        return self._as_some_office_wrote_it(self._draw("family", origin), origin)

    def _draw(self, kind: str, origin: str) -> str:
        names, weights = self.tables[kind, origin]
        return self.rng.choices(names, cum_weights=weights)[0]

    def _as_some_office_wrote_it(self, name: str, origin: str) -> str:
        return respelt(name, self.rng) if origin in ("arabisk", "slavisk") and self.rng.random() < 0.3 else name


def respelt(name: str, rng: random.Random) -> str:
    """Write a name another way that is in use, or else by the sound."""
    return rng.choice(SPELLINGS_OF[name]) if name in SPELLINGS_OF else by_sound(name, rng)


def by_sound(name: str, rng: random.Random) -> str:
    """Change the spelling of one sound, of two in a long name, in either direction. A name without such a sound stays."""
    for _ in range(2 if len(name) > 7 else 1):
        lower = name.lower()
        changes = [(old, new) for pair in SOUNDS for old, new in (pair, pair[::-1]) if old in lower[1 if len(old) == 1 else 0 :]]
        if changes:
            old, new = rng.choice(changes)
            at = lower.index(old, 1 if len(old) == 1 else 0)
            name = (lower[:at] + new + lower[at + len(old) :]).title()
    return name


def typo(name: str, rng: random.Random) -> str:
    """Make one slip of the fingers: a letter too few, too many, wrong, or two that change places."""
    if len(name) < 3:
        return name + rng.choice("aens")
    at = rng.randrange(len(name) - 1)
    letter = rng.choice("abdefghiklmnoprstuvyæøå")
    match rng.randrange(4):
        case 0:
            return name[:at] + name[at + 1 :]
        case 1:
            return name[:at] + letter + name[at:]
        case 2:
            return name[:at] + letter + name[at + 1 :]
        case _:
            return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def in_another_alphabet(name: str, rng: random.Random) -> str:
    """Write a name as a system without its letters holds it: nearest letter, by the sound, decomposed, or with question marks."""
    way = rng.random()
    if way < 0.45:
        return _replaced(name, LOST_LETTERS)
    if way < 0.70:
        return _replaced(name, SOUND_WRITTEN)
    if way < 0.85:
        return unicodedata.normalize("NFD", name)
    return "".join("?" if letter.lower() in LOST_LETTERS else letter for letter in name)


def nickname(name: str, rng: random.Random) -> str:
    """Call a child what the family calls it: a known short form, or the first letters."""
    first = name.replace("-", " ").split()[0]
    if first in NICKNAMES_OF:
        return rng.choice(NICKNAMES_OF[first])
    return first[: max(3, len(first) // 2)] + rng.choice(("", "i", "e", "en"))


def _replaced(name: str, letters: dict[str, str]) -> str:
    return "".join(letters.get(letter.lower(), letter) for letter in name).capitalize()
