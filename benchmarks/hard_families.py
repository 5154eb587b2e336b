"""Invented families for the hard set: a mother, one to four children, twins among them, an address, and how the register holds them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from benchmarks.hard_names import ORIGINS, STREETS, STREETS_OF_TWO_WORDS, TWIN_PAIRS
from benchmarks.hard_spelling import Namer

FIRST_BIRTH = date(2020, 12, 1)
LAST_BIRTH = date(2026, 11, 20)
BETWEEN_SIBLINGS = (280, 1500)  # days from one birth to the next
TWIN_SHARE = 0.07  # four times what is usual in Norway: the set is meant to be hard


@dataclass(slots=True)
class Home:
    """An address."""

    street: str
    postcode: str
    place: str


@dataclass(slots=True)
class Child:
    """A child; `key` is its row in the register, None while the register does not hold it."""

    household: int
    origin: str
    sex: str
    given: str
    second_given: str | None
    middle: str | None
    family: str
    other_family: str  # the other parent's name, which the child may have been called instead
    born_on: date
    home: Home
    mother_number: str
    is_twin: bool = False
    key: int | None = None

    @property
    def all_given(self) -> str:
        """The given names as the register writes them in one field."""
        return f"{self.given} {self.second_given}" if self.second_given else self.given


class Village:
    """Makes families that share streets and postcodes, from one stream of random numbers."""

    def __init__(self, rng: random.Random, *, households: int) -> None:
        self.rng = rng
        self.namer = Namer(rng)
        self.households = 0
        self.serial = 0
        # About 150 families with small children share a postcode, as in a town.
        self.postcodes = [(f"{rng.randrange(100, 9990):04d}", self.namer.family("norsk").upper()) for _ in range(max(4, households // 150))]

    def home(self) -> Home:
        """Draw an address."""
        postcode, place = self.rng.choice(self.postcodes)
        name = self.rng.choice(STREETS_OF_TWO_WORDS if self.rng.random() < 0.1 else STREETS.split())
        letter = self.rng.choice(" ABC") if self.rng.random() < 0.3 else ""
        return Home(f"{name} {self.rng.randrange(1, 120)} {letter}".strip(), postcode, place)

    def family(self) -> list[Child]:
        """Make the children of one family, the oldest first; twins stand beside each other."""
        rng = self.rng
        self.households += 1
        origin = rng.choices(list(ORIGINS), weights=list(ORIGINS.values()))[0]
        mothers_name, fathers_name = self.namer.family(origin), self.namer.family(origin if rng.random() < 0.8 else "norsk")
        family, other = (fathers_name, mothers_name) if rng.random() < 0.6 else (mothers_name, fathers_name)
        middle = other if origin in ("norsk", "samisk") and rng.random() < 0.4 else None
        home, mother_number = self.home(), self.number(date(1978 + rng.randrange(28), 1 + rng.randrange(12), 1 + rng.randrange(28)))
        born_on = FIRST_BIRTH + timedelta(days=rng.randrange((LAST_BIRTH - FIRST_BIRTH).days))
        children: list[Child] = []
        for _ in range(rng.choices((1, 2, 3, 4), weights=(45, 38, 13, 4))[0]):
            if born_on > LAST_BIRTH:
                break
            size = 2 if rng.random() < TWIN_SHARE else 1
            born = [
                self._child(origin, middle, family, other, born_on, home, mother_number, {child.given for child in children})
                for _ in range(size)
            ]
            if size == 2:
                self._make_twins(*born)
            children += born
            born_on += timedelta(days=rng.randrange(*BETWEEN_SIBLINGS))
        return children

    def number(self, born_on: date) -> str:
        """Invent an identity number: month + 80, no control digits, never the same twice in one village."""
        self.serial += 1
        return f"{born_on.day:02d}{born_on.month + 80:02d}{born_on.year % 100:02d}{self.serial % 100_000:05d}"

    def _child(
        self, origin: str, middle: str | None, family: str, other: str, born_on: date, home: Home, mother_number: str, taken: set[str]
    ) -> Child:
        sex = self.rng.choice(("kvinne", "mann"))
        given = next(name for _ in range(100) if (name := self.namer.given(sex, origin)) not in taken)
        has_second = self.rng.random() < {"norsk": 0.35, "samisk": 0.4}.get(origin, 0.15)
        second = self.namer.given(sex, origin) if has_second else None
        return Child(self.households, origin, sex, given, second, middle, family, other, born_on, home, mother_number)

    def _make_twins(self, one: Child, other: Child) -> None:
        one.is_twin = other.is_twin = True
        if one.given == other.given or self.rng.random() < 0.35:
            one.given, other.given = self.rng.choice(TWIN_PAIRS.split("|")).split()
        if self.rng.random() < 0.3:
            other.second_given = one.second_given


def child_row(key: int, child: Child, rng: random.Random) -> dict[str, object]:
    """Give the register's row of a child; a newborn may still have its temporary name, a protected child no address."""
    protection = rng.choices(("none", "client", "confidential", "strictly_confidential"), weights=(975, 5, 12, 8))[0]
    is_new = (LAST_BIRTH - child.born_on).days < 60
    temporary = is_new and rng.random() < 0.5
    mark = "PIKE" if child.sex == "kvinne" else "GUTT"
    address = f"{child.home.street}, {child.home.postcode} {child.home.place}"
    return {
        "person_key": key,
        "given_name": f"{rng.choice(('Kari', 'Anne', 'Sara', 'Maria', 'Hodan'))}*{mark}" if temporary else child.all_given,
        "middle_name": child.middle,
        "family_name": child.family,
        "name_is_temporary": temporary,
        "born_on": child.born_on,
        "born_year": child.born_on.year,
        "sex": child.sex,
        "protection": protection,
        "address": None if protection == "strictly_confidential" or rng.random() < 0.03 else address,
        "mother_number": child.mother_number if rng.random() < 0.93 else None,
    }


def mother_row(key: int, children: list[Child], namer: Namer, rng: random.Random) -> dict[str, object]:
    """Give the register's row of the mother, who lives at the same address and often has the same family name."""
    child = children[0]
    number = child.mother_number
    return {
        "person_key": key,
        "given_name": namer.given("kvinne", child.origin),
        "family_name": child.family if rng.random() < 0.6 else child.other_family,
        "name_is_temporary": False,
        "born_on": date(1900 + int(number[4:6]) if number[4] > "5" else 2000 + int(number[4:6]), int(number[2:4]) - 80, int(number[:2])),
        "sex": "kvinne",
        "protection": "none",
        "address": f"{child.home.street}, {child.home.postcode} {child.home.place}",
    }
