"""How the log is said: who, on what ground, what was done, and which child."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fjorten.access.permissions import Permission, Role
from fjorten.access.policies import Ground
from fjorten.access.queries import Staff
from fjorten.audit.looks import Look
from fjorten.care_relations.oddities import REVIEW
from fjorten.care_relations.queries import own_family_of
from fjorten.care_relations.relations import children_shown_to
from fjorten.web import words

GROUNDS: Final[Mapping[str, Promise]] = {
    Ground.APPOINTMENT.value: _("barnet har time hos dem"),
    Ground.CASE.value: _("har oppfølgingssaken"),
    Ground.CLINIC.value: _("barnet hører til helsestasjonen deres"),
    Ground.REGISTER.value: _("barnet bor her uten journal"),
    Ground.AUTHORISATION.value: _("har fått tilgang av lederen"),
    Ground.EMERGENCY.value: _("nødåpning"),
    REVIEW: _("kontroll av loggen"),
    "list": _("sto på en liste"),
}
_PAGES: Final[Mapping[str, Promise]] = {
    "access": _("tilganger til barnet"),
    "access_log": _("innsynsloggen"),
    "break_glass": _("nødåpning"),
    "case": _("oppfølgingssaken"),
    "child": _("barnets side"),
    "chronology": _("kronologien"),
    "drop_in": _("drop-in"),
    "extract": _("familiens utdrag av loggen"),
    "give_case": _("fordeling av saker"),
    "invite": _("innkalling"),
    "open_journal": _("opprette journal"),
    "put_on_drop_in": _("sette på drop-in"),
    "reception": _("føre fremmøte"),
    "register": _("Folkeregisteravvik"),
    "register_open_journal": _("opprette journal"),
    "register_settle": _("Folkeregisteravvik"),
    "register_wait": _("Folkeregisteravvik"),
    "search": _("søk"),
    "today": _("dagens liste"),
    "worklist": _("arbeidslisten"),
}
_DONE: Final[Mapping[str, Promise]] = {
    "child.seen": _("Åpnet: %(page)s"),
    "child.refused": _("Prøvde å åpne: %(page)s"),
    "child.printed": _("Skrev ut: %(page)s"),
    "list.seen": _("Så listen: %(page)s"),
    "list.printed": _("Skrev ut listen: %(page)s"),
    "search.made": _("Søkte etter barn"),
    "page.refused": _("Prøvde en side uten tilgang: %(page)s"),
    "access_log.seen": _("Så i innsynsloggen: %(page)s"),
    "access_log.printed": _("Skrev ut: %(page)s"),
}


@dataclass(frozen=True, slots=True)
class Child:
    """
    A child as the one who looks at the log may know it: by name, or by a reference that is the same on every page and says nothing. `href`
    and `log` are its page and its log, "" for those who may not open them; `is_own` one of their own family.
    """

    name: str
    href: str
    log: str
    is_own: bool


def children_as_known(ids: Collection[str], *, staff: Staff, at: datetime) -> dict[str, Child]:
    """
    This function will say which children events are about, by opaque id, in a number of questions that does not grow with them.

    By name only those the one who asks may open; all others, whatever the reason, by a reference alone: a privacy officer, who opens no
    record, so reviews every look without learning whom it was at, and that a child is protected is told to nobody.
    """
    opaque = {one for one in ids if _is_opaque(one)}
    own = own_family_of(staff, at=at) if opaque else frozenset()
    shown = {}
    if opaque and staff.may(Permission.SEE_CHILDREN):
        for person in children_shown_to(staff, at=at).filter(public_id__in=opaque):
            shown[str(person.public_id)] = words.name_of(person)
    sees_by_reference = not staff.may(Permission.SEE_CHILDREN)
    return {
        one: Child(
            name=shown.get(one) or reference(one),
            href=reverse("child", args=[one]) if one in shown else "",
            log=reverse("childs_log", args=[one]) if one in shown or (sees_by_reference and one in opaque and one not in own) else "",
            is_own=one in own,
        )
        for one in ids
        if one
    }


def reference(about: str) -> str:
    """This function will name a child by the beginning of its opaque id: what the leader and the privacy officer can talk about."""
    return gettext("Barn %(reference)s") % {"reference": about[:8].upper()}


def role_said(role: str) -> str:
    """This function will say a role of the trail; whoever is no person by the trail's own word."""
    return words.role(Role(role)) if role in set(Role) else role


def ground_said(ground: str) -> str:
    """This function will say on what ground somebody looked; "" when there was none."""
    return str(GROUNDS.get(ground, ground))


def done_said(look: Look) -> str:
    """This function will say what was looked at, and how."""
    page = str(look.detail.get("page") or look.detail.get("list") or "")
    asked = _PAGES.get(page) or _PAGES.get(page.partition("_")[0]) or page
    return str(_DONE.get(look.action, look.action)) % {"page": asked}


def _is_opaque(about: str) -> bool:
    try:
        return str(UUID(about)) == about
    except ValueError:
        return False
