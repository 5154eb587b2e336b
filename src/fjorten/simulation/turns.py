"""The turns a story can take: what can happen to a family, drawn from its own randomness and told to an office of its own."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from fjorten.kernel.national_id import Kind
from fjorten.simulation.households import Couple, draw_child, draw_couple, with_status
from fjorten.simulation.names import FROM_ABROAD, draw_origin
from fjorten.simulation.numbers import NumberIssuer
from fjorten.simulation.office import arrivals, departures, identities, moves, protections
from fjorten.simulation.office.arrivals import BirthOrder, Keys, Newcomer
from fjorten.simulation.office.desk import Office, Quirks
from fjorten.simulation.office.happenings import Happening
from fjorten.simulation.places import ELSEWHERE, Home, HomeKind, Municipality, draw_home
from fjorten.simulation.records import Person, Protection, Status, Whereabouts

FIRST_DAY = date(2024, 1, 1)
QUIRKS = Quirks(unknown_field=0.02, unknown_value=0.02, unknown_section=0.01)  # more than in a town: a history is short
LATEST = 45  # days before the register is told
FIRST_DAYS = 700  # a story begins on one of so many days


class Family:
    """
    A mother and her child, or twins. The register is told in the order things happen, sometimes weeks late (`happened_on` is earlier than
    the office's day); nothing happens to them between a happening and its being told. `second_record` is a child's duplicate.
    """

    def __init__(
        self,
        rng: Random,
        numbers: NumberIssuer,
        keys: Keys,
        *,
        first_sequence: int,
        municipality: Municipality,
        first_days: int = FIRST_DAYS,
    ) -> None:
        self.rng = rng
        self.municipality = municipality
        first_day = FIRST_DAY + timedelta(days=rng.randrange(first_days))
        self.office = Office(rng, numbers, opened_on=first_day, first_sequence=first_sequence, quirks=QUIRKS)
        self.happened_on = first_day
        self.children: list[Person] = []
        self.second_record: Person | None = None
        self._mother: Person
        self._keys = keys
        self._before_death: dict[Person, tuple[Status, Home | None]] = {}

    @property
    def records(self) -> list[Person]:
        """The children, and the second record of one of them when there has been one."""
        return self.children if self.second_record is None else [*self.children, self.second_record]

    @property
    def people(self) -> list[Person]:
        """Everybody in the story."""
        return [self._mother, *self.records]

    def let_time_pass(self, days: int) -> None:
        """This function will open the office some days later; what it is told then may have happened on any day in between."""
        self.office.open(self.office.day + timedelta(days=days))
        is_told_late = self.rng.random() < 0.4
        self.happened_on = self.office.day - timedelta(days=self.rng.randrange(min(days, LATEST) + 1) if is_told_late else 0)

    def be_born(self) -> None:
        """This function will begin with a birth, of twins now and then, with or without an address and a name."""
        couple = self._settle_mother(self._home_here(), first_birth_on=self.happened_on)
        home = self._mother.standing.home if self.rng.random() < 0.8 else None
        is_named = self.rng.random() < 0.2
        for order in (BirthOrder(1, 2), BirthOrder(2, 2)) if self.rng.random() < 0.15 else (None,):
            child = self._draw_child(couple, self.happened_on)
            self.children.append(
                arrivals.register_birth(
                    self.office, self._keys, child, home=home, born_in=self.municipality.code, order=order, is_named=is_named
                )
            )

    def move_in(self) -> None:
        """This function will begin elsewhere in Norway, unannounced, with a move here."""
        home = self._home_elsewhere()
        born_on = self.happened_on - timedelta(days=self.rng.randrange(60, 1900))
        couple = self._settle_mother(home, first_birth_on=born_on)
        child = self._draw_child(couple, born_on)
        self.children.append(arrivals.register_as_long_known(self.office, self._keys, child, home=home, since=born_on, is_child=True))
        self._move(self._home_here(), Happening.MOVED_IN)

    def arrive(self) -> None:
        """This function will begin with an arrival from abroad, with D-numbers or with fødselsnummer at once."""
        born_on = self.happened_on - timedelta(days=self.rng.randrange(20, 1900))
        couple = draw_couple(self.rng, self.rng.choice(FROM_ABROAD), first_birth_on=born_on)
        with_d_numbers = self.rng.random() < 0.6
        home, status = self._home_here(), self.rng.choice((Status.TEMPORARY, Status.NOT_RESIDENT))
        self._mother = self._register_arrival(couple.mother, home, status if with_d_numbers else None, is_child=False)
        child = self._draw_child(couple, born_on)
        self.children.append(self._register_arrival(child, home, status if with_d_numbers else None, is_child=True))

    def is_here(self, child: Person) -> bool:
        """This function will tell whether a child is registered in the municipality."""
        home = child.standing.home
        return home is not None and home.municipality_code == self.municipality.code

    def give_first_address(self, child: Person) -> None:
        """This function will give a birth-registered child its mother's address."""
        arrivals.give_first_address(self.office, child, self._mother.standing.home or self._home_here(), on=self.happened_on)

    def rename(self, child: Person) -> None:
        """This function will name a newborn, or change the family name of a child that has one."""
        given_name, family_name = child.origin.given_name(self.rng, child.sex), child.origin.family_name(self.rng)
        if child.standing.name_is_temporary:
            identities.name_child(self.office, child, given_name, family_name, on=self.happened_on)
        else:
            identities.change_name(self.office, child, child.standing.given_name, family_name, on=self.happened_on)

    def move_here(self) -> None:
        """This function will move the family within the municipality, or back to it."""
        is_here = any(self.is_here(child) for child in self.children)
        self._move(self._home_here(), Happening.MOVED_WITHIN if is_here else Happening.RETURNED)

    def move_out(self) -> None:
        """This function will move the family to another municipality."""
        self._move(self._home_elsewhere(), Happening.MOVED_OUT)

    def move_out_and_in(self) -> None:
        """This function will move the family out and in on one day."""
        self._move(self._home_elsewhere(), Happening.MOVED_OUT)
        self._move(self._home_here(), Happening.OUT_AND_IN_SAME_DAY)

    def lose_abode(self) -> None:
        """This function will leave the family in the municipality without a known home."""
        self._move(self._home_here(HomeKind.UNKNOWN), Happening.LOST_ABODE)

    def emigrate(self) -> None:
        """This function will move the family abroad."""
        people = self._family(Status.RESIDENT)
        moves.emigrate(self.office, people, country=self.rng.choice(("SWE", "POL")), moved_on=self.happened_on)
        self._go(people, None)

    def come_back(self) -> None:
        """This function will bring the family back from abroad, mostly to us."""
        people = self._family(Status.EMIGRATED)
        home = self._home_here() if self.rng.random() < 0.7 else self._home_elsewhere()
        moves.come_back_from_abroad(self.office, people, home, moved_on=self.happened_on)
        self._go(people, home.municipality_code)

    def settle(self) -> None:
        """This function will make everybody with a D-number, who is not dead, a resident here."""
        people = [person for person in (self._mother, *self.children) if person.number.kind is Kind.D_NUMBER]
        people = [person for person in people if person.standing.status is not Status.DEAD]
        home = self._home_here()
        identities.settle(self.office, people, home, on=self.happened_on)
        self._go(people, home.municipality_code)

    def register_twice(self, child: Person) -> None:
        """This function will give a child that stays here a second record by mistake."""
        standing = child.standing
        assert standing.stay is not None, "only somebody who stays here is registered twice"
        again = Newcomer(standing.born_on, child.sex, child.origin, standing.given_name, standing.family_name, mother=self._mother)
        self.second_record = self._register_arrival(again, standing.stay, Status.NOT_RESIDENT, is_child=True)
        self.second_record.duplicate_of = child
        self.office.note(Happening.REGISTERED_TWICE, self.second_record)

    def die(self, child: Person) -> None:
        """This function will let a child die."""
        self._before_death[child] = (child.standing.status, child.standing.home)
        departures.register_death(self.office, child, died_on=self.happened_on)
        child.go(self.happened_on, Whereabouts(None, is_alive=False))

    def correct_death_date(self, child: Person) -> None:
        """This function will move the date of a death some days back."""
        told = child.standing.died_on or self.happened_on
        right = max(told - timedelta(days=self.rng.randrange(1, 4)), child.standing.born_on)
        departures.correct_death_date(self.office, child, died_on=right)

    def come_back_to_life(self, child: Person) -> None:
        """This function will annul a death: the child has the status and the home it had."""
        status, home = self._before_death[child]
        since = child.standing.died_on or self.happened_on
        departures.annul_death(self.office, child, status, home, lived_there_since=since)
        self._go([child], None if home is None else home.municipality_code)

    def go_missing(self, child: Person) -> None:
        """This function will let a child go missing."""
        departures.register_missing(self.office, child, on=self.happened_on)
        self._go([child], None)

    def be_found(self, child: Person) -> None:
        """This function will let a missing child be found, here."""
        home = self._home_here()
        departures.register_found(self.office, child, home, on=self.happened_on)
        self._go([child], home.municipality_code)

    def correct_birth_date(self, child: Person) -> None:
        """This function will correct a birth date by some days or weeks, mostly with a new number."""
        days = self.rng.choice((-1, 1)) * self.rng.randrange(1, 45)
        born_on = min(child.standing.born_on + timedelta(days=days), self.happened_on)
        identities.correct_birth_date(self.office, child, born_on, on=self.happened_on, with_new_number=self.rng.random() < 0.7)

    def protect(self, grade: Protection) -> None:
        """This function will set or lift the family's address protection, often with a move in the same moment."""
        people = self._family(Status.RESIDENT)
        chance = self.rng.random()
        new_home = self._home_elsewhere() if chance < 0.25 else self._home_here() if chance < 0.5 else None
        protections.set_grade(self.office, people, grade, on=self.happened_on, new_home=new_home)
        if new_home is not None:
            self._go(people, new_home.municipality_code)

    def place(self, child: Person) -> None:
        """This function will place a child at a client address, here or elsewhere."""
        municipality = self.municipality if self.rng.random() < 0.6 else self.rng.choice(ELSEWHERE)
        home = draw_home(self.rng, municipality, kind=HomeKind.CLIENT)
        protections.place(self.office, child, home, on=self.happened_on)
        self._go([child], home.municipality_code)

    def repeat_an_event(self) -> None:
        """This function will announce something that was announced before."""
        notices = [notice for notice in self.office.notices if notice.person.standing.merged_into is None]
        if notices:
            self.office.repeat(self.rng.choice(notices))

    def _family(self, status: Status) -> list[Person]:
        return with_status((self._mother, *self.children), status)

    def _draw_child(self, couple: Couple, born_on: date) -> Newcomer:
        return draw_child(self.rng, couple.mother.origin, couple.family_name, born_on=born_on, mother=self._mother, father=None)

    def _settle_mother(self, home: Home, *, first_birth_on: date) -> Couple:
        couple = draw_couple(self.rng, draw_origin(self.rng), first_birth_on=first_birth_on)
        since = first_birth_on - timedelta(days=self.rng.randrange(100, 1000))
        self._mother = arrivals.register_as_long_known(self.office, self._keys, couple.mother, home=home, since=since, is_child=False)
        return couple

    def _register_arrival(self, newcomer: Newcomer, home: Home, status: Status | None, *, is_child: bool) -> Person:
        """Register with a D-number and a status, or, without a status, as a resident with a fødselsnummer."""
        office, keys, on = self.office, self._keys, self.happened_on
        if status is None:
            return arrivals.register_immigrant(office, keys, newcomer, home=home, moved_on=on, is_child=is_child)
        return arrivals.register_with_d_number(office, keys, newcomer, stay=home, arrived_on=on, is_child=is_child, status=status)

    def _move(self, home: Home, happening: Happening) -> None:
        people = self._family(Status.RESIDENT)
        moves.move(self.office, people, home, moved_on=self.happened_on, happening=happening)
        self._go(people, home.municipality_code)

    def _go(self, people: list[Person], code: str | None) -> None:
        for person in people:
            person.go(self.happened_on, Whereabouts(code))

    def _home_here(self, kind: HomeKind | None = None) -> Home:
        return draw_home(self.rng, self.municipality, kind=kind)

    def _home_elsewhere(self) -> Home:
        return draw_home(self.rng, self.rng.choice(ELSEWHERE))
