"""
Who may do what, by role. A role that is not named may not: there is no flag and no role that opens everything.

What a role may do with *this* child is `policies`. Source of the roles: ui.md section 3 and confidentiality.md, "Access"; which role has
which permission is ours [default].
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_noop as _


class Role(StrEnum):
    """What somebody is at work. One person may be several; the names in the staff's list are the same."""

    NURSE = "public_health_nurse"
    MIDWIFE = "midwife"
    DOCTOR = "doctor"
    PHYSIOTHERAPIST = "physiotherapist"
    SCHOOL_NURSE = "school_nurse"
    CLERK = "clerk"
    LEADER = "leader"
    ANALYST = "analyst"
    PRIVACY_OFFICER = "privacy_officer"
    ADMINISTRATOR = "administrator"

    @property
    def words(self) -> str:
        """The role in Norwegian, as on screen and in the family's extract of the log."""
        return _WORDS[self]


# Marked for translation: a page says `web.words.role`, everything else the Norwegian.
_WORDS: Final[Mapping[Role, str]] = {
    Role.NURSE: _("helsesykepleier"),
    Role.MIDWIFE: _("jordmor"),
    Role.DOCTOR: _("lege"),
    Role.PHYSIOTHERAPIST: _("fysioterapeut"),
    Role.SCHOOL_NURSE: _("skolehelsesykepleier"),
    Role.CLERK: _("merkantil"),
    Role.LEADER: _("leder"),
    Role.ANALYST: _("analytiker"),
    Role.PRIVACY_OFFICER: _("personvernombud"),
    Role.ADMINISTRATOR: _("systemansvarlig"),
}


class Permission(StrEnum):
    """One thing a page, an export or a command needs leave for."""

    SEE_COUNTS = "see_counts"  # how many, never who
    SEE_CHILDREN = "see_children"  # who they are, how they are reached, where they stand in the programme
    SEE_JOURNAL = "see_journal"  # what the journal says beyond that
    WRITE_JOURNAL = "write_journal"
    OPEN_JOURNAL = "open_journal"  # enrol a resident child
    BOOK = "book"  # give, move and cancel times, and put down who came
    FOLLOW_UP = "follow_up"  # take the steps of a case
    ASSESS_CONCERN = "assess_concern"  # see and make the assessment of the duty to report
    SETTLE_FINDINGS = "settle_findings"  # the register against the journals
    SEE_MESSAGES = "see_messages"
    SEND_MESSAGES = "send_messages"  # queue, print, resend in another channel
    APPROVE_TEXTS = "approve_texts"
    PLAN_ROSTERS = "plan_rosters"
    MANAGE_STAFF = "manage_staff"  # employees, their roles and their leave
    CHANGE_SETTINGS = "change_settings"
    SEE_ACCESS_LOG = "see_access_log"  # who saw what
    REVIEW_ACCESS = "review_access"  # close a review with a verdict
    SEE_STATUS = "see_status"  # whether the nights, the gateways and the database do their work
    BREAK_GLASS = "break_glass"  # open a record without a care relation, for weighty reasons


_WITH_CHILDREN: Final = frozenset(
    {Permission.SEE_COUNTS, Permission.SEE_CHILDREN, Permission.BOOK, Permission.FOLLOW_UP, Permission.SEE_MESSAGES}
)
_CLINICAL: Final = _WITH_CHILDREN | {
    Permission.SEE_JOURNAL,
    Permission.WRITE_JOURNAL,
    Permission.ASSESS_CONCERN,
    Permission.BREAK_GLASS,
}
_OF_THE_REGISTER: Final = frozenset({Permission.OPEN_JOURNAL, Permission.SETTLE_FINDINGS, Permission.SEND_MESSAGES})

GRANTS: Final[Mapping[Role, frozenset[Permission]]] = {
    Role.NURSE: _CLINICAL | _OF_THE_REGISTER,
    Role.MIDWIFE: _CLINICAL | {Permission.OPEN_JOURNAL},
    Role.DOCTOR: _CLINICAL,
    Role.PHYSIOTHERAPIST: _CLINICAL,
    Role.SCHOOL_NURSE: _CLINICAL | {Permission.OPEN_JOURNAL},
    Role.CLERK: _WITH_CHILDREN | _OF_THE_REGISTER | {Permission.PLAN_ROSTERS},
    Role.LEADER: _WITH_CHILDREN
    | {
        Permission.ASSESS_CONCERN,
        Permission.SETTLE_FINDINGS,
        Permission.APPROVE_TEXTS,
        Permission.PLAN_ROSTERS,
        Permission.MANAGE_STAFF,
        Permission.CHANGE_SETTINGS,
        Permission.SEE_ACCESS_LOG,
        Permission.REVIEW_ACCESS,
        Permission.SEE_STATUS,
    },
    Role.ANALYST: frozenset({Permission.SEE_COUNTS}),
    Role.PRIVACY_OFFICER: frozenset({Permission.SEE_ACCESS_LOG, Permission.REVIEW_ACCESS}),
    Role.ADMINISTRATOR: frozenset({Permission.SEE_STATUS}),
}


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """This function will tell all that somebody with these roles may do."""
    return frozenset().union(*(GRANTS[role] for role in roles))
