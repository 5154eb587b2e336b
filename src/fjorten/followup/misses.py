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


def misses(appointments: Iterable[State]) -> int:
    """
    This function will count the misses of one consultation from the states of its appointments, oldest first.

    A run of appointments put off by the family counts from its second on, each as one. One that is open, or that the clinic cancelled or
    moved, neither counts nor breaks a run. Whoever came has missed nothing any more.

    Source: the ladder's triggers, "two in a row counts as miss 1, three in a row as miss 2" [default].
    """
    missed, run = 0, 0
    for state in appointments:
        if state is State.ATTENDED:
            missed, run = 0, 0
        elif state in _MISSED:
            missed, run = missed + 1, 0
        elif state in _PUT_OFF:
            run += 1
            missed += run >= _IN_A_ROW_FOR_A_MISS
    return missed
