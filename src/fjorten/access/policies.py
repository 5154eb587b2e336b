"""
Whether somebody may open a child's record now, and on what ground; the same answer for pages, lists, search, prints, exports and commands.

Pure: the facts are handed in. Sources: confidentiality.md, "Access, log, blocking, break-glass" and "Address protection" (hpl § 21 a, pjl
§§ 16, 17, 22, pbrl § 5-3); what makes a care relation, and the order of the rules, are ours [default].
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from fjorten.access.permissions import Permission, Role, permissions_of
from fjorten.kernel.spoken import in_a_row


class Ground(StrEnum):
    """Why somebody may look, as the trail and the family's extract of it say. The first that holds is the one that is written down."""

    APPOINTMENT = "appointment"  # the child has a time with them
    CASE = "case"  # they own the child's open case, or stand in for who does
    CLINIC = "clinic"  # the child belongs to a clinic they work at
    REGISTER = "register"  # nobody has the child's journal, and finding such children is their work
    AUTHORISATION = "authorisation"  # given by a leader until a day
    EMERGENCY = "emergency"  # weighty reasons, for an hour, reviewed afterwards


class Answer(StrEnum):
    """What the one who asks is given."""

    SHOWN = "shown"
    REFUSED = "refused"
    ABSENT = "absent"  # as if there were no such child: that there is one is itself a secret


@dataclass(frozen=True, slots=True)
class Viewer:
    """The one who wants to look, on the day they look. `kin` are children (by primary key) who are theirs, or of their family."""

    municipality: str
    roles: Collection[Role]
    clinics: Collection[int] = ()
    kin: Collection[int] = ()
    protected_team: Collection[int] = ()  # protected children they are named for


@dataclass(frozen=True, slots=True)
class Subject:
    """What is known of the child and of what binds this viewer to it. Instants are the ends of what was given them; None: not given."""

    child: int
    municipality: str
    clinic: int | None = None  # None: nobody has the journal
    is_protected: bool = False
    has_time_with_viewer: bool = False
    is_viewers_case: bool = False
    is_blocked_for_viewer: bool = False
    authorised_until: datetime | None = None
    emergency_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer, the ground when the child is shown, and otherwise the sentence the viewer reads."""

    answer: Answer
    ground: Ground | None = None
    sentence: str = ""
    may_break_glass: bool = False


NOT_YOURS_TO_SEE: Final = "Rollen din gir ikke tilgang til opplysninger om enkeltbarn."
OWN_FAMILY: Final = (
    "Dette er deg selv eller noen i familien din. En kollega må gjøre dette; vil du se journalen, ber du om innsyn som alle andre."
)
BLOCKED: Final = "Familien har reservert seg mot at du ser journalen."
NO_RELATION: Final = "Barnet hører ikke til på helsestasjonen din. Trenger du å se det, gir lederen deg tilgang til en dato."
IN_NEED: Final = "Er det nødvendig av tungtveiende grunner, kan du åpne journalen i én time med en begrunnelse."


def may_open(viewer: Viewer, subject: Subject, *, at: datetime) -> Verdict:
    """
    This function will tell whether a viewer may open a child's record at an instant.

    In this order: a role that sees children; the same municipality; a protected child only for those named for it; never one's own family,
    whatever the ground; the first ground that holds, unless the record is blocked; then an emergency. An emergency opens neither another
    municipality's child, nor a protected child one is not named for, nor one's own family.
    """
    permissions = permissions_of(viewer.roles)
    if Permission.SEE_CHILDREN not in permissions:
        return Verdict(Answer.REFUSED, sentence=NOT_YOURS_TO_SEE)
    if subject.municipality != viewer.municipality:
        return Verdict(Answer.ABSENT)
    if subject.is_protected and subject.child not in viewer.protected_team:
        return Verdict(Answer.ABSENT)
    if subject.child in viewer.kin:
        return Verdict(Answer.REFUSED, sentence=OWN_FAMILY)
    ground = _ground(viewer, subject, permissions, at)
    if ground is not None:
        return Verdict(Answer.SHOWN, ground)
    because = BLOCKED if subject.is_blocked_for_viewer else NO_RELATION
    if Permission.BREAK_GLASS in permissions:
        return Verdict(Answer.REFUSED, sentence=in_a_row((because, IN_NEED)), may_break_glass=True)
    return Verdict(Answer.REFUSED, sentence=because)


def _ground(viewer: Viewer, subject: Subject, permissions: Collection[Permission], at: datetime) -> Ground | None:
    relations = {
        Ground.APPOINTMENT: subject.has_time_with_viewer,
        Ground.CASE: subject.is_viewers_case,
        Ground.CLINIC: subject.clinic is not None and subject.clinic in viewer.clinics,
        Ground.REGISTER: subject.clinic is None and Permission.SETTLE_FINDINGS in permissions,
        Ground.AUTHORISATION: _holds(subject.authorised_until, at),
    }
    if not subject.is_blocked_for_viewer:
        for ground, holds in relations.items():
            if holds:
                return ground
    is_opened_in_need = Permission.BREAK_GLASS in permissions and _holds(subject.emergency_until, at)
    return Ground.EMERGENCY if is_opened_in_need else None


def _holds(until: datetime | None, at: datetime) -> bool:
    return until is not None and at < until
