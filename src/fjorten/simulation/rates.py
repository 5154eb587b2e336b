"""How often things happen: figures of our own, chosen so that a town of 1,500 children sees every kind within ten years."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

from fjorten.simulation.fates import arriving, correcting, ending, growing, moving, protecting
from fjorten.simulation.life import DayPlan, Doing


@dataclass(frozen=True, slots=True)
class Rates:
    """
    Happenings a year for each 1,000 children under six. All [default]; births replace those who turn six, and moves in and out balance.

    Most rows of one happening are a family's, so the number of children moved is higher than the figure.
    """

    birth: float = 165
    move_within: float = 60
    move_out: float = 45
    move_in: float = 33
    come_back: float = 8
    out_and_in_same_day: float = 2
    correct_address: float = 5
    lose_abode: float = 2
    emigrate: float = 5
    leave_unreported: float = 3
    come_back_from_abroad: float = 3
    immigrate: float = 8
    arrive_with_d_numbers: float = 8
    register_twice: float = 2
    move_elsewhere: float = 6
    stranger: float = 12
    name_change: float = 8
    custody_change: float = 15
    adoption: float = 6
    make_confidential: float = 1.5
    make_strictly_confidential: float = 1.5
    place_child: float = 2
    death: float = 1.5
    go_missing: float = 0.7
    correct_birth_date: float = 1.5
    correct_number: float = 1.5
    touch: float = 20
    say_something_unknown: float = 3
    repeat: float = 25

    @classmethod
    def none(cls) -> Rates:
        """This function will give rates by which nothing happens of itself."""
        return cls(**{field.name: 0 for field in fields(cls)})


_DOINGS: Final[dict[str, Doing]] = {
    doing.__name__: doing
    for doing in (
        growing.birth,
        growing.name_change,
        growing.custody_change,
        growing.adoption,
        moving.move_within,
        moving.move_out,
        moving.move_in,
        moving.come_back,
        moving.out_and_in_same_day,
        moving.correct_address,
        moving.lose_abode,
        moving.emigrate,
        moving.leave_unreported,
        moving.come_back_from_abroad,
        moving.move_elsewhere,
        moving.stranger,
        arriving.immigrate,
        arriving.arrive_with_d_numbers,
        arriving.register_twice,
        protecting.make_confidential,
        protecting.make_strictly_confidential,
        protecting.place_child,
        ending.death,
        ending.go_missing,
        correcting.correct_birth_date,
        correcting.correct_number,
        correcting.touch,
        correcting.say_something_unknown,
        correcting.repeat,
    )
}


def day_plan(rates: Rates, children: int) -> DayPlan:
    """This function will turn yearly rates into what to expect on one day in a town of so many children."""
    names = [field.name for field in fields(Rates)]
    return DayPlan(
        doings=tuple(_DOINGS[name] for name in names),
        expected=tuple(getattr(rates, name) * children / 1000 / 365.25 for name in names),
    )
