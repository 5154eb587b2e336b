"""Families are hidden and come out of hiding; children are placed where nobody may be told."""

from __future__ import annotations

from functools import partial

from fjorten.simulation.households import Household
from fjorten.simulation.life import Life
from fjorten.simulation.office import protections
from fjorten.simulation.places import ELSEWHERE, HomeKind, draw_home
from fjorten.simulation.records import Person, Protection, Status

LIFTED = 0.6  # of protections, in the end [default]
FLEES_ELSEWHERE = 0.4  # of strictly protected families, at the same time [default]


def make_confidential(life: Life) -> None:
    """This function will grade a family's addresses as confidential; they go on living, and moving, like everybody else."""
    household = life.pools.here.draw(life.rng, on=life.today)
    if household is None or household.grading is not Protection.NONE:
        return
    household.grading = Protection.CONFIDENTIAL
    new_home = life.home_here() if life.rng.random() < 0.3 else None
    household.home = new_home or household.home
    protections.set_grade(life.office, household.members, Protection.CONFIDENTIAL, on=life.today, new_home=new_home)
    _lift_later(life, household)


def make_strictly_confidential(life: Life) -> None:
    """This function will hide a family: no address data reaches anybody. Nearly half flee to another municipality in the same moment."""
    household = life.pools.here.draw(life.rng, on=life.today)
    if household is None or household.grading is not Protection.NONE:
        return
    household.grading = Protection.STRICTLY_CONFIDENTIAL
    chance = life.rng.random()
    new_home = life.home_elsewhere() if chance < FLEES_ELSEWHERE else life.home_here() if chance < 0.8 else None
    household.home = new_home or household.home
    life.go(household.members, household.home.municipality_code)
    protections.set_grade(life.office, household.members, Protection.STRICTLY_CONFIDENTIAL, on=life.today, new_home=new_home)
    life.pools.here.discard(household)
    life.pools.hidden.add(household)
    _lift_later(life, household)


def _lift_later(life: Life, household: Household) -> None:
    if life.rng.random() < LIFTED:
        life.later(life.rng.randrange(100, 1000), household, partial(_lift, life, household))


def _lift(life: Life, household: Household) -> None:
    was_hidden = household.grading is Protection.STRICTLY_CONFIDENTIAL
    household.grading = Protection.NONE
    graded = [person for person in household.members + household.away if person.standing.grading is not Protection.NONE]
    protections.set_grade(life.office, graded, Protection.NONE, on=life.today)
    if was_hidden:
        life.pools.hidden.discard(household)
        (life.pools.here if life.is_here(household.home) else life.pools.elsewhere).add(household)


def place_child(life: Life) -> None:
    """This function will place a child away from its family, here or elsewhere, at a client address; most come home in the end."""
    drawn = life.draw_child_here()
    if drawn is None or drawn[0].grading is not Protection.NONE or drawn[1].standing.home is None:
        return
    household, child = drawn
    is_here = life.rng.random() < 0.6
    client_home = life.home_here(HomeKind.CLIENT) if is_here else draw_home(life.rng, life.rng.choice(ELSEWHERE), kind=HomeKind.CLIENT)
    household.children.remove(child)
    household.away.append(child)
    life.go([child], client_home.municipality_code)
    protections.place(life.office, child, client_home, on=life.today)
    if life.rng.random() < 0.7:
        life.later(life.rng.randrange(60, 700), household, partial(_come_home, life, household, child))


def _come_home(life: Life, household: Household, child: Person) -> None:
    home = household.mother.standing.home
    if home is None or child.standing.status is not Status.RESIDENT:
        return
    household.away.remove(child)
    household.children.append(child)
    life.share_grade(household, child)
    life.go([child], home.municipality_code)
    protections.end_placement(life.office, child, home, on=life.today)
