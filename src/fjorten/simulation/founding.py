"""The families who live in the municipality on the day the simulation begins, with what the register has written about them before."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from fjorten.simulation.households import CHILD_YEARS, Couple, Household, draw_child, draw_couple
from fjorten.simulation.names import FROM_ABROAD, draw_origin
from fjorten.simulation.office import arrivals, identities, moves
from fjorten.simulation.office.arrivals import BirthOrder, Keys
from fjorten.simulation.office.desk import Office
from fjorten.simulation.office.happenings import Happening
from fjorten.simulation.places import ELSEWHERE, Home, Municipality, draw_home
from fjorten.simulation.records import Person, Whereabouts

TWINS: float = 0.016  # of births [default]
AGE_SPAN_DAYS: int = CHILD_YEARS * 365


def register_parents(office: Office, keys: Keys, couple: Couple, *, home: Home, since: date) -> tuple[Person, Person | None]:
    """This function will register parents who have lived at a home since long before the feed is read."""
    mother = arrivals.register_as_long_known(office, keys, couple.mother, home=home, since=since, is_child=False)
    if couple.father is None:
        return mother, None
    return mother, arrivals.register_as_long_known(office, keys, couple.father, home=home, since=since, is_child=False)


def draw_household(rng: Random, office: Office, keys: Keys, municipality: Municipality, *, home: Home | None = None) -> Household:
    """
    This function will register a family with at least one small child that lives in a municipality and has done so for some time.

    Their history is of the usual kinds: born there, moved in from elsewhere in Norway, come from abroad, come with a D-number first.
    """
    on = office.day
    origin = draw_origin(rng)
    births = _draw_births(rng, on)
    couple = draw_couple(rng, origin, first_birth_on=births[0])
    home = home or draw_home(rng, municipality)
    came_from_abroad = origin in FROM_ABROAD and rng.random() < 0.5
    settled_on = on - timedelta(days=rng.randrange(20, 1500)) if came_from_abroad else births[0] - timedelta(days=rng.randrange(100, 2000))
    mother, father = register_parents(office, keys, couple, home=home, since=settled_on)
    household = Household(mother, father, home, last_birth_on=births[-1])
    for place, born_on in enumerate(births):
        child = draw_child(rng, origin, couple.family_name, born_on=born_on, mother=mother, father=father)
        twin_place = _twin_place(births, place)
        if born_on < settled_on:
            household.children.append(_register_immigrant_before(rng, office, keys, child, home=home, settled_on=settled_on))
        else:
            household.children.append(_register_born_before(rng, office, keys, child, home=home, order=twin_place))
    return household


def _draw_births(rng: Random, on: date) -> list[date]:
    youngest = on - timedelta(days=rng.randrange(1, AGE_SPAN_DAYS))
    births = [youngest]
    if rng.random() < TWINS:
        births.append(youngest)
    for _ in range(rng.choices((0, 1, 2), weights=(50, 38, 12))[0]):
        births.insert(0, births[0] - timedelta(days=rng.randrange(500, 1500)))
    return births


def _twin_place(births: list[date], place: int) -> BirthOrder | None:
    together = births.count(births[place])
    return BirthOrder(place - births.index(births[place]) + 1, together) if together > 1 else None


def _register_born_before(
    rng: Random, office: Office, keys: Keys, child: arrivals.Newcomer, *, home: Home, order: BirthOrder | None
) -> Person:
    """Register a child born in Norway: here, or elsewhere before the family moved."""
    on = office.day
    age_days = (on - child.born_on).days
    moved_in = age_days > 120 and rng.random() < 0.3
    first_home = draw_home(rng, rng.choice(ELSEWHERE)) if moved_in else home
    with office.writing_old_records(child.born_on):
        born_in = first_home.municipality_code
        person = arrivals.register_birth(
            office, keys, child, home=first_home, born_in=born_in, order=order, is_named=age_days > 60 or rng.random() < 0.5
        )
    if moved_in:
        moved_on = child.born_on + timedelta(days=rng.randrange(30, age_days))
        with office.writing_old_records(moved_on):
            moves.move(office, [person], home, moved_on=moved_on, happening=Happening.MOVED_IN)
        person.go(moved_on, Whereabouts(home.municipality_code))
    return person


def _register_immigrant_before(
    rng: Random, office: Office, keys: Keys, child: arrivals.Newcomer, *, home: Home, settled_on: date
) -> Person:
    """Register a child that came from abroad, about a third of them with a D-number first."""
    if rng.random() < 0.35:
        arrived_on = max(child.born_on, settled_on - timedelta(days=rng.randrange(40, 400)))
        with office.writing_old_records(arrived_on):
            person = arrivals.register_with_d_number(office, keys, child, stay=home, arrived_on=arrived_on, is_child=True)
        with office.writing_old_records(settled_on):
            identities.settle(office, [person], home, on=settled_on)
        return person
    with office.writing_old_records(settled_on):
        return arrivals.register_immigrant(office, keys, child, home=home, moved_on=settled_on, is_child=True)
