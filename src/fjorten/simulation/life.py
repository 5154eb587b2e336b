"""The municipality's people, what waits to happen to them, and the passing of days."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import exp
from random import Random

from fjorten.simulation.founding import draw_household
from fjorten.simulation.households import Household, Pool
from fjorten.simulation.office import identities, moves, protections
from fjorten.simulation.office.arrivals import Keys
from fjorten.simulation.office.desk import Office
from fjorten.simulation.office.happenings import Happening
from fjorten.simulation.places import ELSEWHERE, Home, HomeKind, Municipality, Reform, draw_home
from fjorten.simulation.records import Person, Status, Whereabouts

REFORM_DAYS = 3  # the register recodes a municipality over some days; an extract taken in between holds both codes [default]
POSTPONED_DAYS = 5  # what should happen to a family the register is still to hear of waits this long before it is tried again


@dataclass(slots=True)
class Pools:
    """Where households are, for drawing one to which something may happen."""

    here: Pool = field(default_factory=Pool)
    staying: Pool = field(default_factory=Pool)  # D-numbers, no residence
    hidden: Pool = field(default_factory=Pool)  # strictly protected, wherever they are
    elsewhere: Pool = field(default_factory=Pool)
    abroad: Pool = field(default_factory=Pool)


class Life:
    """
    The state of a town between two days. Everything random is drawn from `rng`, in the order things happen, so the same seed lives the same
    life however far it is lived at a time.
    """

    def __init__(self, *, rng: Random, office: Office, municipality: Municipality, children: int, reform: Reform | None) -> None:
        self.rng = rng
        self.office = office
        self.keys = Keys()
        self.municipality = municipality
        self.children = children
        self.reform = reform
        self.pools = Pools()
        self.people: list[Person] = []
        self._agenda: dict[date, list[Callable[[], None]]] = {}
        self._still_to_recode: list[Person] = []

    @property
    def today(self) -> date:
        """The day being lived."""
        return self.office.day

    @property
    def code(self) -> str:
        """The municipality's code today."""
        if self.reform is not None and self.today >= self.reform.on:
            return self.reform.new_code
        return self.municipality.code

    def found(self) -> None:
        """This function will settle families until the municipality has its number of children under six."""
        settled = 0
        while settled < self.children:
            household = draw_household(self.rng, self.office, self.keys, self.municipality)
            self.welcome(household, self.pools.here)
            settled += len(household.small_children(self.today))

    def welcome(self, household: Household, pool: Pool) -> None:
        """This function will make a new household and its people part of the town's story."""
        self.people.extend(household.members)
        pool.add(household)
        for child in household.children:
            if child.standing.name_is_temporary:
                self.name_later(household, child, child.origin.given_name(self.rng, child.sex), child.standing.family_name)

    def live(self, day: date, doings: DayPlan) -> None:
        """This function will live one day: what the register is told of earlier days first, then what happens."""
        self.office.open(day)
        self._reform_codes()
        for action in self._agenda.pop(day, ()):
            action()
        for doing in doings.draw(self.rng):
            doing(self)

    def name_later(self, household: Household, child: Person, given_name: str, family_name: str, middle_name: str = "") -> None:
        """This function will let a newborn be named within half a year, unless it dies first."""

        def name() -> None:
            if child.standing.status is not Status.DEAD:
                identities.name_child(self.office, child, given_name, family_name, on=self.today, middle_name=middle_name)

        self.later(self.rng.randrange(7, 180), household, name)

    def later(self, days: int, household: Household, action: Callable[[], None]) -> None:
        """This function will do something with a household some days from now, or a little later when the register is behind by then."""

        def when_the_register_is_up_to_date() -> None:
            if household.has_left:
                return
            if household.is_waiting:
                self._put_on_agenda(POSTPONED_DAYS, when_the_register_is_up_to_date)
            else:
                action()

        self._put_on_agenda(days, when_the_register_is_up_to_date)

    def tell(self, household: Household, action: Callable[[], None], *, days: int | None = None) -> None:
        """
        This function will tell the register of something that happened today: at once, in some days, or weeks late.

        `days` fixes the delay. Moves are to be reported within 8 days (folkeregisterloven § 6-1) [source]; that one in eight is later than
        that is invented [default].
        """
        delay = draw_delay(self.rng) if days is None else days
        if delay == 0:
            action()
            return
        household.is_waiting = True

        def tell_now() -> None:
            household.is_waiting = False
            action()
            if delay > 8:
                for person in household.children:
                    self.office.note(Happening.TOLD_LATE, person)

        self._put_on_agenda(delay, tell_now)

    def in_days(self, days: int, action: Callable[[], None]) -> None:
        """This function will do something some days from now, today for 0, whatever else is going on."""
        if days == 0:
            action()
        else:
            self._put_on_agenda(days, action)

    def _put_on_agenda(self, days: int, action: Callable[[], None]) -> None:
        self._agenda.setdefault(self.today + timedelta(days=max(days, 1)), []).append(action)

    def home_here(self, kind: HomeKind | None = None) -> Home:
        """This function will draw a home in the municipality."""
        return draw_home(self.rng, self.municipality, code=self.code, kind=kind)

    def home_elsewhere(self) -> Home:
        """This function will draw a home in another municipality."""
        return draw_home(self.rng, self.rng.choice(ELSEWHERE))

    def is_here(self, home: Home) -> bool:
        """This function will tell whether a home is in the municipality, under its present or its old code."""
        codes = {self.municipality.code, self.reform.new_code} if self.reform else {self.municipality.code}
        return home.municipality_code in codes

    def draw_child_here(self) -> tuple[Household, Person] | None:
        """This function will draw a small child of a family that lives here openly; None when there is none to be had."""
        household = self.pools.here.draw(self.rng, on=self.today)
        return None if household is None else (household, self.rng.choice(household.small_children(self.today)))

    def go(self, people: Iterable[Person], code: str | None, *, on: date | None = None) -> None:
        """This function will note where people really are from a day on, by default today; None for abroad or nobody knows."""
        for person in people:
            person.go(on or self.today, Whereabouts(code))

    def share_grade(self, household: Household, person: Person) -> None:
        """This function will give somebody who joins a household its grade of address protection, before its home is written about them."""
        if person.standing.grading is not household.grading:
            protections.set_grade(self.office, [person], household.grading, on=self.today)

    def _reform_codes(self) -> None:
        if self.reform is None:
            return
        day_of_reform = (self.today - self.reform.on).days
        if day_of_reform == 0:
            self.office.adopt_code(self.reform.old_code, self.reform.new_code)
            self._still_to_recode = [person for person in self.people if _has_code(person, self.reform.old_code)]
        if 0 <= day_of_reform < REFORM_DAYS:
            share = -(-len(self._still_to_recode) // (REFORM_DAYS - day_of_reform))
            now, self._still_to_recode = self._still_to_recode[:share], self._still_to_recode[share:]
            for person in now:
                if _has_code(person, self.reform.old_code):
                    moves.recode(self.office, person, on=self.reform.on)


Doing = Callable[[Life], None]


@dataclass(frozen=True, slots=True)
class DayPlan:
    """What may happen on a day: kinds, and how many of each to expect."""

    doings: tuple[Doing, ...]
    expected: tuple[float, ...]

    def draw(self, rng: Random) -> list[Doing]:
        """This function will draw what happens on one day, in the order it happens."""
        count = draw_count(rng, sum(self.expected))
        return rng.choices(self.doings, weights=self.expected, k=count) if count else []


def draw_delay(rng: Random) -> int:
    """This function will draw how many days pass before the register is told; one in eight is later than the law allows. [default]"""
    chance = rng.random()
    if chance < 0.45:
        return 0
    if chance < 0.875:
        return rng.randrange(1, 9)
    return rng.randrange(9, 31) if chance < 0.97 else rng.randrange(31, 91)


def draw_count(rng: Random, expected: float) -> int:
    """This function will draw a count from the Poisson distribution."""
    count = 0
    while expected > 500:  # exp(-746) is 0
        count += draw_count(rng, 500)
        expected -= 500
    threshold, product = exp(-expected), rng.random()
    while product > threshold:
        count += 1
        product *= rng.random()
    return count


def _has_code(person: Person, code: str) -> bool:
    standing = person.standing
    return (standing.home is not None and standing.home.municipality_code == code) or (
        standing.stay is not None and standing.stay.municipality_code == code
    )
