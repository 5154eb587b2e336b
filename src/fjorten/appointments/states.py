"""
What may become of an appointment, who may say so, and what follows. Pure: one table, which the reference page prints.

An appointment that is settled stays settled until somebody corrects it, with a reason, and the correction is kept beside what it corrects.
What the clinic cancels or moves is never counted as the family's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from fjorten.kernel.refusals import Refused


class State(StrEnum):
    """Where one appointment stands. The first two are open; the others are settled."""

    OFFERED = "offered"
    CONFIRMED = "confirmed"
    ATTENDED = "attended"
    DID_NOT_ATTEND = "did_not_attend"
    NOT_BROUGHT = "not_brought"
    CANCELLED_BY_FAMILY = "cancelled_by_family"
    MOVED_BY_FAMILY = "moved_by_family"
    CANCELLED_BY_CLINIC = "cancelled_by_clinic"
    MOVED_BY_CLINIC = "moved_by_clinic"

    @property
    def is_open(self) -> bool:
        """Whether it is not yet known what became of it."""
        return self in (State.OFFERED, State.CONFIRMED)

    @property
    def is_holding(self) -> bool:
        """Whether its time has been used, or still will be. What was put off or cancelled has let go of people and rooms."""
        return self.is_open or self in (State.ATTENDED, State.DID_NOT_ATTEND, State.NOT_BROUGHT)


class Who(StrEnum):
    """Who says so."""

    FAMILY = "family"
    CLERK = "clerk"
    PROFESSIONAL = "professional"
    LEADER = "leader"


# Whose word it is, by the role the trail shows. A job, or whoever keeps the machines, says nothing of what became of an appointment.
WHO_SAYS: Final[Mapping[str, Who]] = MappingProxyType(
    {
        "family": Who.FAMILY,
        "clerk": Who.CLERK,
        "public_health_nurse": Who.PROFESSIONAL,
        "doctor": Who.PROFESSIONAL,
        "physiotherapist": Who.PROFESSIONAL,
        "midwife": Who.PROFESSIONAL,
        "school_nurse": Who.PROFESSIONAL,
        "leader": Who.LEADER,
    }
)


class Follows(StrEnum):
    """What must come next; a person's work, or an obligation of ours to the family."""

    NOTHING = "nothing"
    CONSULTATION_IS_WRITTEN = "consultation_is_written"
    NEW_TIME_THE_SAME_DAY = "new_time_the_same_day"
    NEW_TIME_IS_FOUND = "new_time_is_found"
    FAMILY_IS_TOLD = "family_is_told"
    FAMILY_IS_TOLD_AND_NEW_TIME_IS_FOUND = "family_is_told_and_new_time_is_found"


class Moment(StrEnum):
    """When a thing can be said: before the appointment begins, from then on, or whenever."""

    BEFORE = "before"
    AFTER = "after"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Transition:
    """From an open appointment to `to`: who may say so, when, and what follows."""

    to: State
    who: frozenset[Who]
    moment: Moment
    follows: Follows


_STAFF: Final = frozenset({Who.CLERK, Who.PROFESSIONAL})
_STAFF_AND_LEADER: Final = _STAFF | {Who.LEADER}
# What the family says is said by them, or by whoever speaks with them: with owner and deputy away that is the leader (organisation.owners).
_FAMILY_AND_WHO_SPEAKS_WITH_THEM: Final = _STAFF_AND_LEADER | {Who.FAMILY}

# Whether a child was not brought by somebody who could have is a judgement: a professional's. Everything else a clerk sees for herself.
TRANSITIONS: Final[Mapping[State, Transition]] = MappingProxyType(
    {
        transition.to: transition
        for transition in (
            Transition(State.CONFIRMED, _FAMILY_AND_WHO_SPEAKS_WITH_THEM, Moment.BEFORE, Follows.NOTHING),
            Transition(State.ATTENDED, _STAFF, Moment.AFTER, Follows.CONSULTATION_IS_WRITTEN),
            Transition(State.DID_NOT_ATTEND, _STAFF, Moment.AFTER, Follows.NEW_TIME_THE_SAME_DAY),
            Transition(State.NOT_BROUGHT, frozenset({Who.PROFESSIONAL}), Moment.AFTER, Follows.NEW_TIME_THE_SAME_DAY),
            Transition(State.CANCELLED_BY_FAMILY, _FAMILY_AND_WHO_SPEAKS_WITH_THEM, Moment.BEFORE, Follows.NEW_TIME_IS_FOUND),
            Transition(State.MOVED_BY_FAMILY, _FAMILY_AND_WHO_SPEAKS_WITH_THEM, Moment.BEFORE, Follows.NOTHING),
            Transition(State.CANCELLED_BY_CLINIC, _STAFF_AND_LEADER, Moment.ANY, Follows.FAMILY_IS_TOLD_AND_NEW_TIME_IS_FOUND),
            Transition(State.MOVED_BY_CLINIC, _STAFF_AND_LEADER, Moment.ANY, Follows.FAMILY_IS_TOLD),
        )
    }
)


class AppointmentIsSettled(Refused):
    """It is already known what became of it."""

    sentence = "Timen er alt ført. Er den ført feil, rett den med en begrunnelse."


class AppointmentHasNotBegun(Refused):
    """Nobody can have come, or not come, to what has not begun."""

    sentence = "Timen har ikke begynt ennå. Fører du den som møtt eller ikke møtt, må det være etter at den begynte."


class AppointmentHasBegun(Refused):
    """Too late to confirm it, or for the family to cancel or move it."""

    sentence = "Timen har begynt. Før den som møtt eller ikke møtt, eller avlys den fra tjenestens side."


class NotYoursToSay(Refused):
    """Somebody of another role must say so."""

    sentence = "Dette kan ikke føres i din rolle. Spør en helsesykepleier, lege eller leder."


class NothingToCorrect(Refused):
    """The appointment is open, or the correction says what already stands."""

    sentence = "Det er ikke noe å rette: timen er åpen, eller det nye er det samme som det som står."


def who_says(role: str) -> Who:
    """This function will tell whose word somebody's is, from the role they act in. Raises NotYoursToSay for a role that says nothing."""
    if role not in WHO_SAYS:
        raise NotYoursToSay(role)
    return WHO_SAYS[role]


def settled(state: State, to: State, *, by: Who, has_begun: bool) -> Follows:
    """
    This function will tell what follows when an open appointment becomes `to`. `has_begun`: its time of beginning has passed.

    Raises AppointmentIsSettled, NotYoursToSay, AppointmentHasNotBegun or AppointmentHasBegun. The states, who may and what follows are our
    own [default].
    """
    transition = TRANSITIONS.get(to)
    if not state.is_open or transition is None or to is state:
        raise AppointmentIsSettled
    if by not in transition.who:
        raise NotYoursToSay
    if transition.moment is Moment.AFTER and not has_begun:
        raise AppointmentHasNotBegun
    if transition.moment is Moment.BEFORE and has_begun:
        raise AppointmentHasBegun
    return transition.follows


def corrected(state: State, to: State, *, by: Who, has_begun: bool) -> Follows:
    """
    This function will tell what follows when a settled appointment turns out to have been written down wrong.

    Whoever may say the right thing may correct to it, however late; back to an open state staff and the leader may. Nobody came, or failed
    to, before it began. Raises NothingToCorrect, NotYoursToSay or AppointmentHasNotBegun.
    """
    if state.is_open or to is state:
        raise NothingToCorrect
    allowed = _STAFF_AND_LEADER if to is State.OFFERED else TRANSITIONS[to].who - {Who.FAMILY}
    if by not in allowed:
        raise NotYoursToSay
    if to is not State.OFFERED and TRANSITIONS[to].moment is Moment.AFTER and not has_begun:
        raise AppointmentHasNotBegun
    return Follows.NOTHING if to is State.OFFERED else TRANSITIONS[to].follows
