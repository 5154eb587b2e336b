"""
What counts as a miss. Pure.

Nobody came, or a child was not brought by somebody who could have: a miss. A family that moves or cancels late again and again for the same
consultation misses it too: two in a row are the first miss, three the second [default]. What the clinic cancels is never the family's.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final


class Ending(StrEnum):
    """How one appointment for a consultation ended."""

    ATTENDED = "attended"
    DID_NOT_ATTEND = "did_not_attend"
    NOT_BROUGHT = "not_brought"
    CANCELLED_BY_FAMILY = "cancelled_by_family"
    MOVED_BY_FAMILY = "moved_by_family"
    CANCELLED_BY_CLINIC = "cancelled_by_clinic"
    MOVED_BY_CLINIC = "moved_by_clinic"


_MISSED: Final = frozenset({Ending.DID_NOT_ATTEND, Ending.NOT_BROUGHT})
_PUT_OFF: Final = frozenset({Ending.CANCELLED_BY_FAMILY, Ending.MOVED_BY_FAMILY})
_IN_A_ROW_FOR_A_MISS: Final = 2


def misses(endings: Iterable[Ending]) -> int:
    """
    This function will count the misses of one consultation from how its appointments ended, oldest first.

    A run of appointments put off by the family counts from its second on, each as one. An appointment the clinic cancelled or moved neither
    counts nor breaks a run. Whoever came has missed nothing any more.

    Source: the ladder's triggers, "two in a row counts as miss 1, three in a row as miss 2" [default].
    """
    missed, run = 0, 0
    for ending in endings:
        if ending is Ending.ATTENDED:
            missed, run = 0, 0
        elif ending in _MISSED:
            missed, run = missed + 1, 0
        elif ending in _PUT_OFF:
            run += 1
            missed += run >= _IN_A_ROW_FOR_A_MISS
    return missed
