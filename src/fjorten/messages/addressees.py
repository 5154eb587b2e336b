"""
Who is told about a child: the right people in the right language, or a person who must see to it by hand. Pure.

A child whom no message may reach is never dropped: the answer is then why, and that stands on the manual list until somebody has seen to
it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from fjorten.messages.texts import Channel


class Manual(StrEnum):
    """Why nobody is told by machine, and a person must see to it."""

    CHILD_IS_PROTECTED = "child_is_protected"
    GUARDIAN_IS_PROTECTED = "guardian_is_protected"
    CHILD_DECIDES = "child_decides"
    CARER_CANNOT_BE_REACHED = "carer_cannot_be_reached"
    NO_GUARDIAN_IS_KNOWN = "no_guardian_is_known"
    NOBODY_CAN_BE_REACHED = "nobody_can_be_reached"


class Silence(StrEnum):
    """Why nobody is to be told at all: the message lapses with this reason."""

    CHILD_IS_DEAD = "child_is_dead"
    CHILD_HAS_MOVED = "child_has_moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Adult:
    """
    A guardian or a carer, as far as messages go. `key` is the caller's own; `language` may be "" when nobody has asked.

    `telephone`, `email` and `has_postal_address` say what there is to reach the adult by now; a number known to be dead is none.
    """

    key: str
    language: str
    telephone: str
    has_postal_address: bool
    email: str = ""
    has_responsibility: bool = True
    is_dead: bool = False
    is_protected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildToTellOf:
    """
    The child a message is about, on a day. `carer` is who cares for the child now when that is not the guardians: our own fact, with its
    own source, period and secrecy, and never the register's address.
    """

    age_years: int
    is_dead: bool
    is_protected: bool
    lives_or_stays_here: bool
    guardians: Sequence[Adult]
    carer: Adult | None = None


@dataclass(frozen=True, slots=True)
class Addressee:
    """One who is told, and how: by a short text when there is a number or an e-mail address, else by letter."""

    key: str
    language: str
    channel: Channel


# From here on the child may decide who is told (pbrl § 3-4 [source]); until the youth's own pages, a person sees to it.
CHILD_DECIDES_FROM_YEARS: Final = 12


def addressees(child: ChildToTellOf) -> tuple[Addressee, ...] | Manual | Silence:
    """
    This function will tell who is told about a child; or why a person must see to it, or why nobody is to be told.

    - Nothing is sent about a child who is dead or no longer here.
    - A protected child, or one with a protected guardian, is never told about by machine: a time and a place to one parent is a place to
      find the other (confidentiality.md [default]).
    - While somebody else cares for the child only they are told, never a former address (non-attendance.md [default]).
    - Otherwise everybody alive with parental responsibility is told, each in their own language, also parents who do not live together
      [default]. One of them is enough to have been told.

    Source: pbrl § 3-4, messages.md "never to" [source for the paragraph, default for the rest].
    """
    if child.is_dead:
        return Silence.CHILD_IS_DEAD
    if not child.lives_or_stays_here:
        return Silence.CHILD_HAS_MOVED
    if child.is_protected:
        return Manual.CHILD_IS_PROTECTED
    if child.age_years >= CHILD_DECIDES_FROM_YEARS:
        return Manual.CHILD_DECIDES
    if child.carer is not None:
        return _reached([child.carer]) or Manual.CARER_CANNOT_BE_REACHED
    guardians = [adult for adult in child.guardians if adult.has_responsibility and not adult.is_dead]
    if not guardians:
        return Manual.NO_GUARDIAN_IS_KNOWN
    if any(adult.is_protected for adult in child.guardians if not adult.is_dead):
        return Manual.GUARDIAN_IS_PROTECTED
    return _reached(guardians) or Manual.NOBODY_CAN_BE_REACHED


def _reached(adults: Sequence[Adult]) -> tuple[Addressee, ...]:
    ways = [(adult, _way_to(adult)) for adult in adults if not adult.is_protected]
    return tuple(Addressee(adult.key, adult.language, channel) for adult, channel in ways if channel is not None)


def _way_to(adult: Adult) -> Channel | None:
    if adult.telephone or adult.email:  # an e-mail carries the same short text
        return Channel.SMS
    return Channel.LETTER if adult.has_postal_address else None
