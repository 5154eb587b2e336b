"""Families under one roof, and the pools they are drawn from when something is going to happen to somebody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from fjorten.kernel.ages import age_in_years
from fjorten.kernel.national_id import Sex
from fjorten.simulation.names import Origin
from fjorten.simulation.office.arrivals import Newcomer
from fjorten.simulation.places import Home
from fjorten.simulation.records import Person, Protection, Status

CHILD_YEARS = 6  # somebody is looked after by the clinic until the sixth birthday


@dataclass(slots=True, eq=False)
class Household:
    """
    A mother, maybe a father, and the children who live with them at `home`, which is where they really are.

    `is_waiting` means that something has happened the register has not been told yet: until then nothing else happens to them. `has_left`
    means that they are gone without a word. `away` are children who are placed or missing.
    """

    mother: Person
    father: Person | None
    home: Home
    children: list[Person] = field(default_factory=list)
    away: list[Person] = field(default_factory=list)
    last_birth_on: date | None = None
    grading: Protection = Protection.NONE
    is_waiting: bool = False
    has_left: bool = False

    @property
    def members(self) -> list[Person]:
        """Everybody who moves when the household moves; parents first, since children's records point at them."""
        adults = [self.mother] if self.father is None else [self.mother, self.father]
        return adults + self.children

    def small_children(self, on: date) -> list[Person]:
        """This function will find the children at home who have not had their sixth birthday."""
        return [child for child in self.children if age_in_years(child.standing.born_on, on) < CHILD_YEARS]


class Pool:
    """Households in one situation; taking one at random, or taking one out, costs the same however many there are."""

    __slots__ = ("_households", "_places")

    def __init__(self) -> None:
        self._households: list[Household] = []
        self._places: dict[Household, int] = {}

    def __len__(self) -> int:
        return len(self._households)

    def add(self, household: Household) -> None:
        """This function will put a household in the pool."""
        self._places[household] = len(self._households)
        self._households.append(household)

    def discard(self, household: Household) -> None:
        """This function will take a household out of the pool, unless it is out already."""
        place = self._places.pop(household, None)
        if place is None:
            return
        last = self._households.pop()
        if last is not household:
            self._households[place] = last
            self._places[last] = place

    def draw(self, rng: Random, *, on: date, tries: int = 12) -> Household | None:
        """
        This function will draw a household with a small child to which something may happen; None after too many vain tries.

        Households whose children have all outgrown the clinic leave the pool when they come up.
        """
        for _ in range(min(tries, 4 * len(self._households))):
            if not self._households:
                break
            household = rng.choice(self._households)
            if household.is_waiting:
                continue
            if household.small_children(on):
                return household
            if not household.away:
                self.discard(household)
        return None


def with_status(people: Iterable[Person], status: Status) -> list[Person]:
    """This function will find the people with a status in the register: a newborn without an address does not move with its family."""
    return [person for person in people if person.standing.status is status]


@dataclass(frozen=True, slots=True)
class Couple:
    """A mother and maybe a father, not yet in any register of ours."""

    mother: Newcomer
    father: Newcomer | None
    family_name: str


def draw_couple(rng: Random, origin: Origin, *, first_birth_on: date) -> Couple:
    """This function will draw parents for a child born on a day: mother 19 to 40 years old, a father in seven of eight. [default]"""
    mother_born_on = first_birth_on - timedelta(days=rng.randrange(19 * 365, 41 * 365))
    father_born_on = mother_born_on - timedelta(days=rng.randrange(-3 * 365, 9 * 365))
    family_name = origin.family_name(rng)
    keeps_own_name = rng.random() < 0.5
    mother_name = origin.family_name(rng) if keeps_own_name else family_name
    mother = Newcomer(mother_born_on, Sex.FEMALE, origin, origin.given_name(rng, Sex.FEMALE), mother_name)
    if rng.random() < 0.125:
        return Couple(mother, None, mother_name)
    father = Newcomer(father_born_on, Sex.MALE, origin, origin.given_name(rng, Sex.MALE), family_name)
    return Couple(mother, father, family_name)


def draw_child(rng: Random, origin: Origin, family_name: str, *, born_on: date, mother: Person | None, father: Person | None) -> Newcomer:
    """This function will draw a child of a couple; now and then the mother's family name becomes a middle name."""
    sex = Sex.FEMALE if rng.random() < 0.487 else Sex.MALE
    middle_name = mother.standing.family_name if mother is not None and rng.random() < 0.15 else ""
    return Newcomer(
        born_on=born_on,
        sex=sex,
        origin=origin,
        given_name=origin.given_name(rng, sex),
        family_name=family_name,
        middle_name="" if middle_name == family_name else middle_name,
        mother=mother,
        father=father,
    )
