"""The register corrects itself, repeats itself, and says things nobody has heard before."""

from __future__ import annotations

from datetime import timedelta

from fjorten.simulation.life import Life
from fjorten.simulation.office import identities
from fjorten.simulation.office.desk import Notice

RECENT = 400  # rows of the feed that may be repeated


def correct_birth_date(life: Life) -> None:
    """This function will correct a child's birth date by some days or weeks, mostly with a new number as well."""
    drawn = life.draw_child_here()
    if drawn is None:
        return
    _, child = drawn
    right = child.standing.born_on + timedelta(days=life.rng.choice((-1, 1)) * life.rng.randrange(1, 45))
    if right < life.today:
        identities.correct_birth_date(life.office, child, right, on=life.today, with_new_number=life.rng.random() < 0.7)


def correct_number(life: Life) -> None:
    """This function will give a child a right number for a wrong one."""
    drawn = life.draw_child_here()
    if drawn is not None:
        identities.correct_number(life.office, drawn[1], on=life.today)


def touch(life: Life) -> None:
    """This function will announce that a person has been updated, without saying how."""
    drawn = life.draw_child_here()
    if drawn is not None:
        identities.touch(life.office, drawn[1], on=life.today)


def say_something_unknown(life: Life) -> None:
    """This function will announce an event of a type that is not in any list."""
    drawn = life.draw_child_here()
    if drawn is not None:
        identities.announce_unknown_event(life.office, drawn[1])


def repeat(life: Life) -> None:
    """This function will announce a recent event once more."""
    recent: list[Notice] = life.office.notices[-RECENT:]
    if recent:
        notice = life.rng.choice(recent)
        if notice.person.standing.merged_into is None:
            life.office.repeat(notice)
