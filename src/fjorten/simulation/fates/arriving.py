"""Families come from abroad: for good, or for the time being with D-numbers."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from fjorten.simulation.households import Household, draw_child, draw_couple
from fjorten.simulation.life import Life, draw_delay
from fjorten.simulation.names import FROM_ABROAD
from fjorten.simulation.office import arrivals, identities
from fjorten.simulation.office.happenings import Happening
from fjorten.simulation.places import Home
from fjorten.simulation.records import Person, Status

SETTLES = 0.65  # of families with D-numbers, after some months [default]
LEAVES_UNREPORTED = 0.2  # of families with D-numbers [default]
DAYS_UNTIL_INACTIVE = 5 * 365 + 1  # a D-number goes inactive five years after it was issued [source]


def immigrate(life: Life) -> None:
    """This function will let a family come from abroad to stay, with a fødselsnummer as soon as the register knows."""
    home = life.home_here()
    moved_on = life.today
    life.in_days(draw_delay(life.rng), lambda: _register_family(life, home, moved_on, with_d_numbers=False))


def arrive_with_d_numbers(life: Life) -> None:
    """This function will let a family come for the time being; most settle, some leave without a word, some stay as they are."""
    stay = life.home_here()
    arrived_on = life.today
    life.in_days(life.rng.randrange(0, 25), lambda: _register_family(life, stay, arrived_on, with_d_numbers=True))


def register_twice(life: Life) -> None:
    """This function will let a child with a D-number get a second record by mistake; it ceases as a duplicate some months later."""
    household = life.pools.staying.draw(life.rng, on=life.today)
    if household is None:
        return
    original = life.rng.choice(household.small_children(life.today))
    standing = original.standing
    duplicate_as = arrivals.Newcomer(
        born_on=standing.born_on,
        sex=original.sex,
        origin=original.origin,
        given_name=standing.given_name.split("-")[0],
        family_name=standing.family_name,
        mother=original.mother,
        father=original.father,
    )
    duplicate = arrivals.register_with_d_number(
        life.office, life.keys, duplicate_as, stay=household.home, arrived_on=life.today, is_child=True, status=Status.NOT_RESIDENT
    )
    duplicate.duplicate_of = original
    life.people.append(duplicate)
    life.office.note(Happening.REGISTERED_TWICE, duplicate)

    def cease() -> None:
        if original.standing.status is not Status.DEAD:
            identities.cease_as_duplicate(life.office, duplicate, original, on=life.today)

    life.later(life.rng.randrange(30, 250), household, cease)


def _register_family(life: Life, home: Home, moved_on: date, *, with_d_numbers: bool) -> None:
    rng, origin = life.rng, life.rng.choice(FROM_ABROAD)
    births = sorted(moved_on - timedelta(days=rng.randrange(20, 6 * 365)) for _ in range(rng.choices((1, 2, 3), weights=(50, 35, 15))[0]))
    couple = draw_couple(rng, origin, first_birth_on=births[0])
    mother = _register(life, couple.mother, home, moved_on, with_d_numbers=with_d_numbers, is_child=False)
    father = None
    if couple.father is not None:
        father = _register(life, couple.father, home, moved_on, with_d_numbers=with_d_numbers, is_child=False)
    household = Household(mother, father, home, last_birth_on=births[-1])
    for born_on in births:
        child = draw_child(rng, origin, couple.family_name, born_on=born_on, mother=mother, father=father)
        household.children.append(_register(life, child, home, moved_on, with_d_numbers=with_d_numbers, is_child=True))
    life.welcome(household, life.pools.staying if with_d_numbers else life.pools.here)
    if with_d_numbers:
        _plan_the_rest_of_the_stay(life, household)


def _register(life: Life, newcomer: arrivals.Newcomer, home: Home, moved_on: date, *, with_d_numbers: bool, is_child: bool) -> Person:
    if with_d_numbers:
        status = Status.TEMPORARY if life.rng.random() < 0.6 else Status.NOT_RESIDENT
        return arrivals.register_with_d_number(
            life.office, life.keys, newcomer, stay=home, arrived_on=moved_on, is_child=is_child, status=status
        )
    return arrivals.register_immigrant(life.office, life.keys, newcomer, home=home, moved_on=moved_on, is_child=is_child)


def _plan_the_rest_of_the_stay(life: Life, household: Household) -> None:
    chance = life.rng.random()
    if chance < SETTLES:
        life.later(life.rng.randrange(45, 420), household, partial(_settle, life, household))
        return
    if chance < SETTLES + LEAVES_UNREPORTED:
        life.later(life.rng.randrange(60, 700), household, partial(_leave, life, household))
    life.later(DAYS_UNTIL_INACTIVE, household, partial(_go_inactive, life, household))


def _settle(life: Life, household: Household) -> None:
    people = [person for person in household.members if person.standing.stay is not None]
    home = household.home if life.rng.random() < 0.6 else life.home_here()
    household.home = home
    identities.settle(life.office, people, home, on=life.today)
    life.go(people, home.municipality_code)
    life.pools.staying.discard(household)
    life.pools.here.add(household)


def _leave(life: Life, household: Household) -> None:
    life.go(household.members, None)
    life.pools.staying.discard(household)
    for child in household.children:
        life.office.note(Happening.LEFT_UNREPORTED, child)


def _go_inactive(life: Life, household: Household) -> None:
    for person in household.members:
        if person.standing.stay is not None:
            identities.let_d_number_go_inactive(life.office, person, on=life.today)
