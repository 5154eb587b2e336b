"""What is around every page: the menu with its counts, who is signed in, and the safety-net line."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, gettext, ngettext

from fjorten.access.permissions import Permission
from fjorten.access.queries import Staff
from fjorten.kernel.times import oslo_date
from fjorten.web import words
from fjorten.web.edge import PageRequest
from fjorten.web.glance import Glance, glance
from fjorten.web.language.choices import Languages, languages_on
from fjorten.web.receipts import Receipt, receipt_of

# A ledger that was not taken last night is not to be trusted: the night runs at five, and a day has 24 hours [default].
OLDEST: Final = timedelta(hours=30)


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One place in the menu; `count` is "" where there is nothing to count or nothing waits."""

    label: str
    href: str
    count: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class SafetyLine:
    """The line that says whether every child is accounted for: `tone` is ok, warn or bad."""

    tone: str
    sentence: str
    href: str


@dataclass(frozen=True, slots=True)
class Shell:
    """What stands around a page; the names are those web/base.html asks for."""

    clinic: str
    municipality: str
    home: str
    search: str
    role: str
    name: str
    initials: str
    sign_out: str
    languages: Languages
    nav: tuple[MenuItem, ...]
    safety: SafetyLine
    receipt: Receipt | None
    printed: str
    foot: str


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give templates `shell`, None for those who are not signed in, and the languages there are: made only when a page asks for them."""
    arrived = cast("PageRequest", request)
    return {
        "shell": SimpleLazyObject(lambda: _shell(arrived)),
        "language": get_language(),
        "languages": SimpleLazyObject(lambda: languages_on(arrived)),
    }


def _shell(request: PageRequest) -> Shell | None:
    staff = getattr(request, "signed_in", None)
    if staff is None:
        return None
    receipt = receipt_of(request)
    seen = glance(staff.municipality, at=request.at, is_fresh=receipt is not None)
    return Shell(
        clinic=staff.units[0][1],
        municipality=staff.municipality.name,
        home=reverse("start"),
        search=reverse("search") if staff.may(Permission.SEE_CHILDREN) else "",
        role=", ".join(dict.fromkeys(words.role(role) for role, _ in staff.units)),
        name=staff.name,
        initials=staff.initials,
        sign_out=reverse("sign_out"),
        languages=languages_on(request),
        nav=tuple(_menu(staff, seen, request.path)),
        safety=safety_line(staff, seen, at=request.at),
        receipt=receipt,
        printed=gettext("Skrevet ut %(day)s kl. %(clock)s av %(name)s.")
        % {"day": words.day(request.today), "clock": words.clock(request.at), "name": staff.name},
        foot=gettext("Oppdiktet kommune. Alle personer er syntetiske (fødselsnummer med måned + 80).") if settings.DEMO else "",
    )


def _menu(staff: Staff, seen: Glance, path: str) -> Iterator[MenuItem]:
    places = (
        (gettext("I dag"), "today", Permission.SEE_CHILDREN, 0),
        (gettext("Arbeidslister"), "worklist", Permission.SEE_CHILDREN, seen.needing.on_the_worklist),
        (gettext("Kalender"), "calendar", Permission.BOOK, 0),
        (gettext("Meldinger"), "messages", Permission.SEE_MESSAGES, 0),
        (gettext("Folkeregister"), "register", Permission.SETTLE_FINDINGS, seen.needing.findings),
        (gettext("Innsynslogg"), "access_log", Permission.REVIEW_ACCESS, seen.emergencies),
        (gettext("Innstillinger"), "settings", Permission.PLAN_ROSTERS, 0),
        (gettext("Status"), "status", Permission.SEE_STATUS, 0),
    )
    for label, name, needs, count in places:
        if needs in staff.permissions:
            href = reverse(name)
            yield MenuItem(label, href, words.number(count) if count else "", path.startswith(href))


def safety_line(staff: Staff, seen: Glance, *, at: datetime) -> SafetyLine:
    """
    This function will say how the safety net stands: red when the ledger was not taken or does not balance, a warning that counts when
    children live here without a journal, else that all have a next step.
    """
    where = reverse("start")
    if seen.balanced is None:
        return SafetyLine("bad", gettext("Regnskapet er aldri avstemt"), where)
    when = words.when_balanced(seen.balanced.at, today=oslo_date(at))
    if at - seen.balanced.at > OLDEST:
        return SafetyLine("bad", gettext("Ikke avstemt siden %(when)s") % {"when": when}, where)
    if not seen.balanced.balanced:
        return SafetyLine("bad", gettext("Regnskapet går ikke opp (%(when)s)") % {"when": when}, where)
    without = seen.needing.without_journal
    if without:
        sentence = ngettext("%(n)s barn bor her uten journal", "%(n)s barn bor her uten journal", without) % {"n": words.number(without)}
        there = f"{reverse('worklist')}?group=without_journal" if staff.may(Permission.SEE_CHILDREN) else where
        return SafetyLine("warn", sentence, there)
    return SafetyLine("ok", gettext("Alle %(n)s barn har et neste steg") % {"n": words.number(seen.residents or 0)}, where)
