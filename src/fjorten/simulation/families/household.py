"""What is true of a family all through: its language, its telephones, where its post goes, what suits it. Drawn once, by the seed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from random import Random

from fjorten.kernel.national_id import Sex
from fjorten.simulation.families.habits import Habits, Why
from fjorten.simulation.places import STREETS
from fjorten.simulation.records import Person


class Line(StrEnum):
    """What becomes of a message to a number."""

    WORKS = "works"
    DEAD = "dead"
    SOMEBODY_ELSES = "somebody_elses"


@dataclass(frozen=True, slots=True)
class Guardian:
    """
    One grown-up as the clinic can get to know them. `telephone` is the number they give at first, "" when they have none; when it does not
    work, `right_telephone` is the one that does.
    """

    language: str
    needs_interpreter: bool
    telephone: str
    line: Line
    right_telephone: str
    post_comes_back: bool

    def line_of(self, number: str) -> Line:
        """This function will tell what becomes of messages to one of their numbers."""
        return self.line if number == self.telephone else Line.WORKS


@dataclass(frozen=True, slots=True)
class Wish:
    """What suits a family: weekdays that do not (Monday is 0), the hours that do, and whether they can come on a few days' notice."""

    unsuitable_weekdays: tuple[int, ...]
    earliest: time | None
    latest: time | None
    can_come_soon: bool


class Households:
    """The families of a seed. The same person is always the same, in whatever order they are asked about."""

    def __init__(self, seed: int, habits: Habits) -> None:
        self.seed = seed
        self.habits = habits
        self._guardians: dict[int, Guardian] = {}
        self._lines: dict[str, Line] = {}

    def guardian(self, person: Person) -> Guardian:
        """This function will tell how one grown-up is reached."""
        if person.key not in self._guardians:
            drawn = self._guardians[person.key] = self._draw(person)
            self._lines[drawn.telephone] = drawn.line
        return self._guardians[person.key]

    def line_of(self, number: str) -> Line:
        """This function will tell what a number leads to; every other works."""
        return self._lines.get(number, Line.WORKS)

    def wish(self, child: Person) -> Wish | None:
        """This function will tell what suits a child's family; None for most, who take what comes."""
        rng = self._rng("wish", family_key(child))
        if rng.random() >= self.habits.has_a_wish:
            return None
        days = tuple(sorted(rng.sample(range(5), rng.randrange(1, 3))))
        earliest, latest = rng.choice(((None, None), (time(10), None), (None, time(13)), (time(9, 30), time(14, 30))))
        return Wish(days, earliest, latest, rng.random() < self.habits.can_come_soon)

    def whereabouts(self, child: Person, on: date) -> tuple[Why, date] | None:
        """This function will tell why a family is not at home on a day, and until when; None when it is."""
        habits = self.habits
        for year in (on.year - 1, on.year):
            rng = self._rng("journey", family_key(child), year)
            span = _span(rng, year, share=habits.goes_abroad, days=(10, 80))
            if span is not None and span[0] <= on < span[1]:
                return Why.ABROAD, span[1]
            rng = self._rng("hospital", child.key, year)
            span = _span(rng, year, share=habits.is_in_hospital, days=(7, 60))
            if span is not None and span[0] <= on < span[1]:
                return Why.SPECIALIST, span[1]
        return None

    def is_followed_by_specialist(self, child: Person) -> bool:
        """This function will tell whether a child is followed closely elsewhere, and comes more seldom for that."""
        return self._rng("specialist", child.key).random() < self.habits.is_followed_by_specialist

    def address(self, person: Person, on: date) -> tuple[str, str, str]:
        """
        This function will tell where letters to a grown-up go on a day, as street, postcode and place.

        The other guardian of some children lives somewhere else, which the register we read does not tell us: then the address is invented.
        """
        standing = person.standing_on(on)
        home = None if standing is None else standing.home or standing.stay
        rng = self._rng("apart", person.key)
        if home is None or not home.one_line or (person.sex is Sex.MALE and rng.random() < self.habits.guardians_live_apart):
            return f"{rng.choice(STREETS)} {rng.randrange(1, 200)}", "7891", "FJORDVIK"
        return home.one_line, home.postcode, home.place

    def _draw(self, person: Person) -> Guardian:
        rng, habits = self._rng("guardian", person.key), self.habits
        origin = person.origin.code
        languages = habits.speak.get(origin, ((origin, 1.0),))
        # The couple speaks one language; who of them needs an interpreter is drawn for each.
        family = self._rng("language", person.key if person.mother is None else person.mother.key)
        language = family.choices([code for code, _ in languages], weights=[share for _, share in languages])[0]
        needs_interpreter = rng.random() < habits.needs_interpreter.get(origin, 0)
        is_known = needs_interpreter or rng.random() >= habits.language_is_not_known
        fate = rng.random()
        line = Line.DEAD if fate < habits.number_is_dead else Line.WORKS
        if habits.number_is_dead <= fate < habits.number_is_dead + habits.number_is_somebody_elses:
            line = Line.SOMEBODY_ELSES
        has_telephone = rng.random() >= habits.has_no_telephone
        return Guardian(
            language=language if is_known else "",
            needs_interpreter=needs_interpreter,
            telephone=telephone_number(2 * person.key) if has_telephone else "",
            line=line,
            right_telephone=telephone_number(2 * person.key + 1),
            post_comes_back=rng.random() < habits.post_comes_back,
        )

    def _rng(self, what: str, *whose: int) -> Random:
        return Random(f"{self.seed}/{what}/{'/'.join(map(str, whose))}")


def family_key(child: Person) -> int:
    """This function will give what is the same for siblings: their mother's key."""
    return child.mother.key if child.mother is not None else child.key


def telephone_number(place: int) -> str:
    """
    This function will make a number that cannot ring: Norwegian, of the right length, beginning with 0000.

    There are ten thousand; a town with more grown-ups than half of that lets some share one, as people do.
    """
    return f"+470000{place % 10_000:04d}"


def _span(rng: Random, year: int, *, share: float, days: tuple[int, int]) -> tuple[date, date] | None:
    if rng.random() >= share:
        return None
    begins = date(year, 1, 1) + timedelta(days=rng.randrange(365))
    return begins, begins + timedelta(days=rng.randrange(*days))
