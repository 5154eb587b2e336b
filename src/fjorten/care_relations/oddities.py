"""
Which looks at a child are odd, so that somebody looks at them first. Pure.

Odd is not wrong: most odd looks are in order, and a person says so. Source: confidentiality.md, "Access, log, blocking, break-glass" (pjl
§ 22: control afterwards [source]); which looks are odd, and the hours and numbers, are ours [default].
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final

from fjorten.kernel.names import fold
from fjorten.kernel.times import OSLO
from fjorten.kernel.working_days import is_working_day

WORKING_HOURS: Final = (time(7), time(18))
MOST: Final = 60  # records in so many minutes; reliability.md section 2, "volume"
WITHIN: Final = timedelta(minutes=10)
# The grounds of a look that come from what binds the one who looks to the child.
RELATIONS: Final = frozenset({"appointment", "case", "clinic", "register", "authorisation", "emergency"})
EMERGENCY: Final = "emergency"
# The ground of those who look afterwards at who looked: they see the log, and nothing of the record.
REVIEW: Final = "review"


class Oddity(StrEnum):
    """Why a look is odd, the weightiest first."""

    OWN_FAMILY = "own_family"
    EMERGENCY = "emergency"
    REFUSED = "refused"
    NO_RELATION = "no_relation"
    COLLEAGUES_CHILD = "colleagues_child"
    SAME_NAME = "same_name"
    VOLUME = "volume"
    OFF_HOURS = "off_hours"

    @property
    def words(self) -> str:
        """The oddity in Norwegian, as on the list."""
        return _WORDS[self]


_WORDS: Final = {
    Oddity.OWN_FAMILY: "egen familie",
    Oddity.EMERGENCY: "nødåpning",
    Oddity.REFUSED: "forsøk som ble avvist",
    Oddity.NO_RELATION: "uten behandlingsrelasjon",
    Oddity.COLLEAGUES_CHILD: "barnet til en kollega",
    Oddity.SAME_NAME: "samme etternavn",
    Oddity.VOLUME: "mange journaler på kort tid",
    Oddity.OFF_HOURS: "utenfor arbeidstid",
}


@dataclass(frozen=True, slots=True)
class LookFacts:
    """
    What is known of one look at a child: when, on what ground, whether it was shown, whose child it is, and two family names.

    `is_reviewed_emergency`: it was in the hour of an emergency that somebody has looked at afterwards already.
    """

    at: datetime
    ground: str = ""
    was_shown: bool = True
    is_own_family: bool = False
    is_colleagues_child: bool = False
    is_reviewed_emergency: bool = False
    viewers_family_name: str = ""
    childs_family_name: str = ""


def oddities_of(look: LookFacts) -> tuple[Oddity, ...]:
    """
    This function will tell why a look is odd, the weightiest reason first; () when it is as most are.

    That many were looked at is not seen from one look: `crowded`.
    """
    holds = {
        Oddity.OWN_FAMILY: look.is_own_family,
        Oddity.EMERGENCY: look.was_shown and look.ground == EMERGENCY and not look.is_reviewed_emergency,
        Oddity.REFUSED: not look.was_shown,
        Oddity.NO_RELATION: look.was_shown and look.ground not in RELATIONS | {REVIEW},
        Oddity.COLLEAGUES_CHILD: look.is_colleagues_child and not look.is_own_family,
        Oddity.SAME_NAME: _is_same_name(look.viewers_family_name, look.childs_family_name),
        Oddity.OFF_HOURS: not is_in_working_hours(look.at),
    }
    return tuple(oddity for oddity, is_so in holds.items() if is_so)


def is_in_working_hours(at: datetime) -> bool:
    """This function will tell whether an instant is on a working day between seven and six by the Norwegian clock."""
    local = at.astimezone(OSLO)
    begins, ends = WORKING_HOURS
    return is_working_day(local.date()) and begins <= local.time() < ends


def crowded(looks: Iterable[tuple[datetime, str]]) -> Iterator[tuple[datetime, str]]:
    """
    This function will pick, of one viewer's looks (instant, about whom) in order of time, those by which more than sixty different records
    had been seen in the ten minutes before and up to it.
    """
    window: deque[tuple[datetime, str]] = deque()
    seen: Counter[str] = Counter()
    for at, about in looks:
        while window and at - window[0][0] >= WITHIN:
            _, gone = window.popleft()
            seen[gone] -= 1
            if not seen[gone]:
                del seen[gone]
        window.append((at, about))
        seen[about] += 1
        if len(seen) > MOST:
            yield at, about


def _is_same_name(one: str, other: str) -> bool:
    return bool(_names_in(one) & _names_in(other))


@lru_cache(maxsize=10_000)  # the same few names come again in every look of a week
def _names_in(name: str) -> frozenset[str]:
    return frozenset(fold(name).split())
