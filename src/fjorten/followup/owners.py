"""Whose a step of the ladder may be. Pure. Who is chosen, and who acts, is the organisation's rule (`organisation.owners`)."""

from __future__ import annotations

from typing import Final

from fjorten.followup.ladder import Owner

_PROFESSIONS: Final = ("public_health_nurse", "doctor", "midwife", "physiotherapist")
_LEADER: Final = "leader"
_CLERK: Final = "clerk"
# Whose work a step is. The system's own message has a human owner too: whoever sees to it that it went.
_ROLE: Final = {Owner.SYSTEM: _CLERK, Owner.CLERK: _CLERK, Owner.NURSE: "public_health_nurse", Owner.LEADER: _LEADER}


def role_of(who: Owner) -> str:
    """This function will tell which role a step is given to."""
    return _ROLE[who]


def may_own(who: Owner, role: str) -> bool:
    """
    This function will tell whether somebody of a role may be given a step: the leader's is a leader's, the nurse's a professional's or a
    leader's, and the clerk's anybody's [default].
    """
    match who:
        case Owner.LEADER:
            return role == _LEADER
        case Owner.NURSE:
            return is_professional(role)
        case _:
            return True


def is_professional(role: str) -> bool:
    """This function will tell whether somebody of a role is a health professional, or a leader of them."""
    return role == _LEADER or role in _PROFESSIONS
