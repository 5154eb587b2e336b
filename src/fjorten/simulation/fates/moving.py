"""Families move house, move away, come back, leave the country, or live where nobody knows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from fjorten.simulation.founding import draw_household
from fjorten.simulation.households import Household, Pool, with_status
from fjorten.simulation.life import Life
from fjorten.simulation.office import moves
from fjorten.simulation.office.happenings import Happening
from fjorten.simulation.places import ELSEWHERE, Home, HomeKind, draw_home
from fjorten.simulation.records import Status

DESTINATIONS = ("SWE", "DNK", "POL", "GBR", "ESP", "DEU", "XUK")  # XUK: nobody knows which [source]
DISCOVERED = 0.5  # of unreported departures, a year or two later [default]


def move_within(life: Life) -> None:
    """This function will move a family to another home in the municipality."""
    household = life.pools.here.draw(life.rng, on=life.today)
    if household is not None:
        _move(life, household, life.home_here(), Happening.MOVED_WITHIN)


def move_out(life: Life) -> None:
    """This function will move a family to another municipality."""
    household = life.pools.here.draw(life.rng, on=life.today)
    if household is not None:
        _transfer(life.pools.here, life.pools.elsewhere, household)
        _move(life, household, life.home_elsewhere(), Happening.MOVED_OUT)


def move_in(life: Life) -> None:
    """This function will move a family nobody here has heard of into the municipality."""
    household = draw_household(life.rng, life.office, life.keys, life.rng.choice(ELSEWHERE))
    life.welcome(household, life.pools.here)
    _move(life, household, life.home_here(), Happening.MOVED_IN)


def come_back(life: Life) -> None:
    """This function will let a family that moved out within Norway move back."""
    household = life.pools.elsewhere.draw(life.rng, on=life.today)
    if household is not None:
        _transfer(life.pools.elsewhere, life.pools.here, household)
        _move(life, household, life.home_here(), Happening.RETURNED)


def out_and_in_same_day(life: Life) -> None:
    """This function will move a family out and in again on one day, to where it lived or to another home here."""
    household = life.pools.here.draw(life.rng, on=life.today)
    if household is None:
        return
    away = life.home_elsewhere()
    home = household.home if life.rng.random() < 0.5 else life.home_here()
    household.home = home
    moved_on, members = life.today, with_status(household.members, Status.RESIDENT)
    life.go(household.members, away.municipality_code)
    life.go(household.members, home.municipality_code)

    def tell_both() -> None:
        moves.move(life.office, members, away, moved_on=moved_on, happening=Happening.MOVED_OUT)
        moves.move(life.office, members, home, moved_on=moved_on, happening=Happening.OUT_AND_IN_SAME_DAY)

    life.tell(household, tell_both)


def correct_address(life: Life) -> None:
    """This function will correct a family's address without anybody moving."""
    household = life.pools.here.draw(life.rng, on=life.today)
    if household is not None:
        moves.correct_address(life.office, with_status(household.members, Status.RESIDENT), on=life.today)


def lose_abode(life: Life) -> None:
    """This function will leave a family in the municipality without a known home, and house it again some months later."""
    household = life.pools.here.draw(life.rng, on=life.today)
    if household is None:
        return
    _move(life, household, life.home_here(HomeKind.UNKNOWN), Happening.LOST_ABODE)

    def find_a_home() -> None:
        if household.home.kind is HomeKind.UNKNOWN:
            _move(life, household, life.home_here(), Happening.MOVED_WITHIN)

    life.later(life.rng.randrange(30, 300), household, find_a_home)


def emigrate(life: Life) -> None:
    """This function will move a family abroad and tell the register."""
    household = life.pools.here.draw(life.rng, on=life.today)
    if household is None:
        return
    _transfer(life.pools.here, life.pools.abroad, household)
    life.go(household.members, None)
    life.tell(household, _emigration(life, household))


def leave_unreported(life: Life) -> None:
    """This function will let a family leave the country without a word; half of them are found out a year or two later."""
    household = life.pools.here.draw(life.rng, on=life.today)
    if household is None:
        return
    life.pools.here.discard(household)
    household.has_left = True
    life.go(household.members, None)
    for child in household.children:
        life.office.note(Happening.LEFT_UNREPORTED, child)
    if life.rng.random() < DISCOVERED:
        life.in_days(life.rng.randrange(200, 700), _emigration(life, household))


def come_back_from_abroad(life: Life) -> None:
    """This function will let a family that emigrated come back."""
    household = life.pools.abroad.draw(life.rng, on=life.today)
    if household is None:
        return
    _transfer(life.pools.abroad, life.pools.here, household)
    emigrants, home, moved_on = with_status(household.members, Status.EMIGRATED), life.home_here(), life.today
    household.home = home
    life.go(household.members, home.municipality_code)
    life.tell(household, lambda: moves.come_back_from_abroad(life.office, emigrants, home, moved_on=moved_on))


def move_elsewhere(life: Life) -> None:
    """This function will move a family that left us on to yet another municipality: none of our business, but in the feed."""
    household = life.pools.elsewhere.draw(life.rng, on=life.today)
    if household is not None:
        _move(life, household, life.home_elsewhere(), Happening.STRANGER)


def stranger(life: Life) -> None:
    """This function will move a family that never had anything to do with us: the feed is the whole country's."""
    household = draw_household(life.rng, life.office, life.keys, life.rng.choice(ELSEWHERE))
    life.people.extend(household.members)
    _move(life, household, draw_home(life.rng, life.rng.choice(ELSEWHERE)), Happening.STRANGER)


def _move(life: Life, household: Household, home: Home, happening: Happening) -> None:
    household.home = home
    life.go(household.members, home.municipality_code)
    residents = with_status(household.members, Status.RESIDENT)
    life.tell(household, partial(moves.move, life.office, residents, home, moved_on=life.today, happening=happening))


def _emigration(life: Life, household: Household) -> Callable[[], None]:
    residents, country = with_status(household.members, Status.RESIDENT), life.rng.choice(DESTINATIONS)
    return partial(moves.emigrate, life.office, residents, country=country, moved_on=life.today)


def _transfer(old: Pool, new: Pool, household: Household) -> None:
    old.discard(household)
    new.add(household)
