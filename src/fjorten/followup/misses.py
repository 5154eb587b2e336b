"""
What counts as a miss. Pure.

Nobody came, or a child was not brought by somebody who could have: a miss. A family that moves or cancels again and again for the same
consultation misses it too: two in a row are the first miss, three the second [default]. What the clinic cancels is never the family's.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from fjorten.appointments.states import State

_MISSED: Final = frozenset({State.DID_NOT_ATTEND, State.NOT_BROUGHT})
_PUT_OFF: Final = frozenset({State.CANCELLED_BY_FAMILY, State.MOVED_BY_FAMILY})
_IN_A_ROW_FOR_A_MISS: Final = 2
# The states that make or unmake a miss: a step whose appointments have none of them has missed nothing.
COUNTING: Final = _MISSED | _PUT_OFF


def misses(appointments: Iterable[State]) -> int:
    """
    This function will count the misses of one consultation from the states of its appointments, oldest first.

    A run of appointments put off by the family counts from its second on, each as one. One that is open, or that the clinic cancelled or
    moved, neither counts nor breaks a run. Whoever came has missed nothing any more.

    Source: the ladder's triggers, "two in a row counts as miss 1, three in a row as miss 2" [default].
    """
    return len(which_missed(appointments))


def which_missed(appointments: Iterable[State]) -> tuple[int, ...]:
    """This function will tell which of the appointments, oldest first and counted from 0, are misses by the rule of `misses`."""
    missed: list[int] = []
    run = 0
    for place, state in enumerate(appointments):
        if state is State.ATTENDED:
            missed, run = [], 0
        elif state in _MISSED:
            missed.append(place)
            run = 0
        elif state in _PUT_OFF:
            run += 1
            if run >= _IN_A_ROW_FOR_A_MISS:
                missed.append(place)
    return tuple(missed)


def is_put_off(state: State) -> bool:
    """This function will tell whether an appointment was moved or cancelled by the family."""
    return state in _PUT_OFF
