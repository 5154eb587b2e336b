"""Children die, or are registered as dead by mistake, or cannot be found."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from fjorten.simulation.households import Household
from fjorten.simulation.life import Life, draw_delay
from fjorten.simulation.office import departures
from fjorten.simulation.records import Person, Status, Whereabouts

MISTAKEN = 0.25  # of registered deaths; far more than in life, so that a decade of a middling town has some [default]
DATE_CORRECTED = 0.2  # of true deaths [default]
FOUND = 0.6  # of missing children [default]


def death(life: Life) -> None:
    """This function will let a child die, or be registered as dead by mistake, which is put right some days or weeks later."""
    drawn = life.draw_child_here()
    if drawn is None or drawn[1].standing.status not in (Status.RESIDENT, Status.BIRTH_REGISTERED):
        return
    household, child = drawn
    died_on = life.today
    household.children.remove(child)
    if life.rng.random() < MISTAKEN:
        _register_by_mistake(life, household, child, died_on)
        return
    child.go(died_on, Whereabouts(None, is_alive=False))
    life.tell(household, partial(departures.register_death, life.office, child, died_on=died_on), days=draw_delay(life.rng))
    if life.rng.random() < DATE_CORRECTED:
        right_date = max(died_on - timedelta(days=life.rng.randrange(1, 4)), child.standing.born_on)
        life.later(100, household, partial(departures.correct_death_date, life.office, child, died_on=right_date))


def _register_by_mistake(life: Life, household: Household, child: Person, died_on: date) -> None:
    status, lived_there_since = child.standing.status, _moved_on(child)
    departures.register_death(life.office, child, died_on=died_on)

    def put_right() -> None:
        # The mother's home is the child's, and it may have changed its code by reform in the meantime.
        home = household.mother.standing.home if status is Status.RESIDENT else None
        departures.annul_death(life.office, child, status, home, lived_there_since=lived_there_since)
        household.children.append(child)

    life.tell(household, put_right, days=life.rng.randrange(3, 45))


def go_missing(life: Life) -> None:
    """This function will let a child go missing; most are found at home some months later."""
    drawn = life.draw_child_here()
    if drawn is None or drawn[1].standing.status is not Status.RESIDENT:
        return
    household, child = drawn
    household.children.remove(child)
    household.away.append(child)
    life.go([child], None)
    departures.register_missing(life.office, child, on=life.today)
    if life.rng.random() < FOUND:
        life.later(life.rng.randrange(20, 300), household, partial(_find, life, household, child))


def _find(life: Life, household: Household, child: Person) -> None:
    home = household.mother.standing.home
    if home is None:
        return
    household.away.remove(child)
    household.children.append(child)
    life.share_grade(household, child)
    life.go([child], home.municipality_code)
    departures.register_found(life.office, child, home, on=life.today)


def _moved_on(child: Person) -> date:
    entry = child.current("bostedsadresse")
    return child.standing.born_on if entry is None else date.fromisoformat(str(entry.element["flyttedato"]))
