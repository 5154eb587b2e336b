"""
Whose a thing is, and who sees to it today. Pure.

What waits for a person is never nobody's: it is somebody's of the role, else the leader's; while they are away their deputy acts, then the
leader. Who acts and why is worked out when it is read, and stands nowhere: nobody has to remember to hand it back.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Because(StrEnum):
    """Why somebody acts today."""

    OWNER = "owner"
    DEPUTY = "deputy"
    LEADER = "leader"
    NOBODY_IS_IN = "nobody_is_in"

    @property
    def words(self) -> str:
        """The reason in Norwegian, for the row."""
        return _WORDS[self]


_WORDS: Final = {
    Because.OWNER: "eier den",
    Because.DEPUTY: "stedfortreder: eieren er borte",
    Because.LEADER: "leder: eieren og stedfortrederen er borte",
    Because.NOBODY_IS_IN: "ingen er til stede: eieren, stedfortrederen og lederen er borte",
}


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts, by employee id, and why."""

    who: int
    because: Because


def acting_for(*, owner: int, deputy: int, leader: int | None, away: Collection[int]) -> Acting:
    """
    This function will tell who acts: the owner; away, the deputy; both away, the leader [default].

    `away` holds those who are absent the whole day, or no longer work here. With all three away it is the leader's (the owner's where there
    is no leader), and says so.
    """
    for who, because in ((owner, Because.OWNER), (deputy, Because.DEPUTY), (leader, Because.LEADER)):
        if who is not None and who not in away:
            return Acting(who, because)
    return Acting(owner if leader is None else leader, Because.NOBODY_IS_IN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody employed on the day. `role` is the employee's, `is_here` whether at the child's clinic, `deputy` their named deputy."""

    id: int
    role: str
    is_here: bool = True
    is_present: bool = True
    deputy: int | None = None


@dataclass(frozen=True, slots=True)
class Responsible:
    """Whose a thing becomes, and their deputy."""

    owner: int
    deputy: int


_LEADER: Final = "leader"


def responsible(role: str, staff: Sequence[Colleague], *, same_as: int | None = None, turn: int = 0) -> Responsible | None:
    """
    This function will choose owner and deputy for what is somebody of a role's; None when nobody is there to own it.

    Owner: of the role, at the clinic; there being none, the leader there, or of another clinic. Present ones first, among them the one the
    family knows (`same_as`), then in the order of `staff`, beginning at `turn` so that the work spreads over several [default]. Deputy: the
    owner's own, else another of the role, else the leader, else anybody at the clinic; alone, the owner is their own deputy, which the
    leader of the municipality ought to see to.
    """
    owners = _of_role(role, staff) or _leaders(staff)
    if not owners:
        return None
    owner = _first(owners, same_as=same_as, turn=turn)
    return Responsible(owner.id, deputy_of(owner, staff, turn=turn))


def deputy_of(owner: Colleague, staff: Sequence[Colleague], *, turn: int = 0) -> int:
    """This function will choose the deputy of an owner, by the rule of `responsible`."""
    named = [colleague for colleague in staff if colleague.id == owner.deputy]
    for candidates in (named, _of_role(owner.role, staff), _leaders(staff), [colleague for colleague in staff if colleague.is_here]):
        others = [colleague for colleague in candidates if colleague.id != owner.id]
        if others:
            return _first(others, turn=turn).id
    return owner.id


def _of_role(role: str, staff: Sequence[Colleague]) -> list[Colleague]:
    return [colleague for colleague in staff if colleague.role == role and colleague.is_here]


def _leaders(staff: Sequence[Colleague]) -> list[Colleague]:
    leaders = [colleague for colleague in staff if colleague.role == _LEADER]
    return [leader for leader in leaders if leader.is_here] or leaders


def _first(candidates: Sequence[Colleague], *, same_as: int | None = None, turn: int = 0) -> Colleague:
    best = [colleague for colleague in candidates if colleague.is_present] or list(candidates)
    known = [colleague for colleague in best if colleague.id == same_as]
    return known[0] if known else best[turn % len(best)]
