"""Children are born, named, renamed, and looked after by other people than before."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from fjorten.kernel.ages import age_in_years
from fjorten.simulation.founding import TWINS, register_parents
from fjorten.simulation.households import Household, draw_child, draw_couple
from fjorten.simulation.life import Life
from fjorten.simulation.names import draw_origin
from fjorten.simulation.office import arrivals, families, identities, moves
from fjorten.simulation.office.arrivals import BirthOrder, Newcomer
from fjorten.simulation.office.happenings import Happening
from fjorten.simulation.records import Person, Protection, Status

WITHOUT_ADDRESS = 0.05  # of births, registered before the child has an address [default]
NAMED_AT_ONCE = 0.1  # of births [default]


def birth(life: Life) -> None:
    """This function will let a child, or twins, be born to a family that lives here: an old one, a hidden one, or a new couple."""
    rng, born_on = life.rng, life.today
    if rng.random() < 0.01 and len(life.pools.hidden):
        household = life.pools.hidden.draw(rng, on=born_on)
    else:
        household = life.pools.here.draw(rng, on=born_on) if rng.random() < 0.55 else None
    if household is None or not _may_give_birth(life, household):
        household = _draw_childless_household(life)
    household.last_birth_on = born_on
    count = 2 if rng.random() < TWINS else 1
    newborns = [
        draw_child(
            rng,
            household.mother.origin,
            household.mother.standing.family_name,
            born_on=born_on,
            mother=household.mother,
            father=household.father,
        )
        for _ in range(count)
    ]
    # A birth is reported by doctor or midwife, normally within days [source: the birth notice]; the rare late one is invented.
    delay = rng.randrange(10, 40) if rng.random() < 0.02 else rng.choice((0, 1, 1, 1, 2, 2, 3, 5, 7))
    life.tell(household, partial(_register_births, life, household, newborns), days=delay)


def _may_give_birth(life: Life, household: Household) -> bool:
    is_long_enough_ago = household.last_birth_on is None or (life.today - household.last_birth_on).days > 300
    return is_long_enough_ago and age_in_years(household.mother.standing.born_on, life.today) < 45


def _draw_childless_household(life: Life) -> Household:
    rng, origin = life.rng, draw_origin(life.rng)
    couple = draw_couple(rng, origin, first_birth_on=life.today)
    home = life.home_here()
    since = life.today - timedelta(days=rng.randrange(200, 3000))
    mother, father = register_parents(life.office, life.keys, couple, home=home, since=since)
    household = Household(mother, father, home)
    life.welcome(household, life.pools.here)
    return household


def _register_births(life: Life, household: Household, newborns: list[Newcomer]) -> None:
    rng = life.rng
    gets_address_later = household.grading is Protection.NONE and rng.random() < WITHOUT_ADDRESS
    for place, newborn in enumerate(newborns, start=1):
        is_named = rng.random() < NAMED_AT_ONCE
        child = arrivals.register_birth(
            life.office,
            life.keys,
            newborn,
            home=None if gets_address_later else household.home,
            born_in=life.code,
            order=BirthOrder(place, len(newborns)) if len(newborns) > 1 else None,
            grading=household.grading,
            is_named=is_named,
        )
        life.go([child], household.home.municipality_code, on=newborn.born_on)
        life.people.append(child)
        household.children.append(child)
        if not is_named:
            life.name_later(household, child, newborn.given_name, newborn.family_name, newborn.middle_name)
        if gets_address_later:
            life.later(rng.randrange(5, 40), household, partial(_give_first_address, life, household, child))


def _give_first_address(life: Life, household: Household, child: Person) -> None:
    if child.standing.status is Status.BIRTH_REGISTERED and household.mother.standing.home is not None:
        arrivals.give_first_address(life.office, child, household.mother.standing.home, on=life.today)


def name_change(life: Life) -> None:
    """This function will let a child take another family name, or another given name."""
    drawn = life.draw_child_here()
    if drawn is None or drawn[1].standing.name_is_temporary:
        return
    _, child = drawn
    given_name, family_name = child.standing.given_name, child.origin.family_name(life.rng)
    if life.rng.random() < 0.3:
        given_name = child.origin.given_name(life.rng, child.sex)
    identities.change_name(life.office, child, given_name, family_name, on=life.today)


def custody_change(life: Life) -> None:
    """This function will let parental responsibility go to one parent, both, or child welfare."""
    drawn = life.draw_child_here()
    if drawn is None:
        return
    _, child = drawn
    choices = ["mor", "andre"] if child.father is None else ["felles", "mor", "mor", "far", "andre"]
    families.change_custody(life.office, child, life.rng.choice(choices), on=life.today)


def adoption(life: Life) -> None:
    """This function will let a mother's new partner adopt a child that has no father in the register."""
    drawn = life.draw_child_here()
    if drawn is None or drawn[1].father is not None or drawn[1].standing.name_is_temporary:
        return
    household, child = drawn
    adopter = household.father
    if adopter is None:
        couple = draw_couple(life.rng, draw_origin(life.rng), first_birth_on=child.standing.born_on)
        if couple.father is None:
            return
        adopter = arrivals.register_as_long_known(
            life.office, life.keys, couple.father, home=life.home_elsewhere(), since=life.today - timedelta(days=400), is_child=False
        )
        life.share_grade(household, adopter)
        moves.move(life.office, [adopter], household.home, moved_on=life.today, happening=Happening.MOVED_IN)
        life.go([adopter], household.home.municipality_code)
        life.people.append(adopter)
        household.father = adopter
    families.adopt(life.office, child, adopter, adopter.standing.family_name, on=life.today)
