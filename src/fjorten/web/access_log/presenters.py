"""The log of one child, and of one employee, as strings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext

from fjorten.access.models import User
from fjorten.access.permissions import Permission
from fjorten.access.queries import Staff
from fjorten.care_relations.queries import CouldOpen
from fjorten.people.models import Person
from fjorten.web import words
from fjorten.web.access_log.naming import Child, done_said, ground_said, reference, role_said
from fjorten.web.access_log.showing import LogPage
from fjorten.web.children import address_of
from fjorten.web.shown import Choice, Heading, Link, Selection
from fjorten.web.words import capital


@dataclass(frozen=True, slots=True)
class Line:
    """One look: when, who in which role (or at which child), what, on what ground; `mark` and `status` say whether it was shown."""

    at: str
    who: str
    role: str
    child: Child | None
    what: str
    ground: str
    mark: str
    status: str


@dataclass(frozen=True, slots=True)
class Could:
    """Somebody who could open a record on a day."""

    name: str
    role: str
    grounds: str


@dataclass(frozen=True, slots=True)
class ChildsLogPage:
    """One child's log. `day` is the one asked for, and `could` who could open the record then; None when no day was."""

    heading: str
    about: str
    crumbs: tuple[Link, ...]
    headings: tuple[Heading, ...]
    lines: tuple[Line, ...]
    nothing: str
    words: str
    later: str
    day: str
    today: str
    could: tuple[Could, ...] | None
    could_headings: tuple[Heading, ...]
    could_heading: str
    extracts: tuple[Link, ...]
    access: str


@dataclass(frozen=True, slots=True)
class EmployeesLogPage:
    """One employee's log, or the choice of one."""

    selections: tuple[Selection, ...]
    heading: str
    accounts: tuple[Choice, ...]
    day: str
    today: str
    headings: tuple[Heading, ...]
    lines: tuple[Line, ...] | None
    nothing: str
    words: str
    later: str


def childs_log_page(
    person: Person, log: LogPage, *, is_named: bool, on: date | None, today: date, could: list[CouldOpen] | None, may_give: bool
) -> ChildsLogPage:
    """This function will turn one child's log into what its page shows; `is_named`: for somebody who may know who it is."""
    name = words.name_of(person) if is_named else reference(str(person.public_id))
    there = reverse("childs_log", args=[person.public_id])
    extract = reverse("extract_of_log", args=[person.public_id])
    return ChildsLogPage(
        heading=gettext("Hvem har sett i journalen"),
        about=name,
        crumbs=(Link(gettext("Innsynslogg"), reverse("access_log")), *((Link(name, address_of(person)),) if is_named else ())),
        headings=headings_of(gettext("Når"), gettext("Hvem"), gettext("Hva"), gettext("Grunnlag"), gettext("Utfall")),
        lines=tuple(_lines(log)),
        nothing=gettext("Ingen har sett i journalen ennå."),
        words=_of_page(log),
        later=f"{there}?{urlencode({'before': log.before})}" if log.before else "",
        day=(on or today).isoformat(),
        today=today.isoformat(),
        could=None if could is None else tuple(_could(one) for one in could),
        could_headings=headings_of(gettext("Hvem"), gettext("Rolle"), gettext("Grunnlag")),
        could_heading=gettext("Hadde tilgang %(day)s") % {"day": words.day(on)} if on else gettext("Hvem hadde tilgang"),
        extracts=(
            Link(gettext("Utdrag til foresatte"), f"{extract}?asker=guardian", "printer"),
            Link(gettext("Utdrag til barnet selv"), f"{extract}?asker=themselves", "printer"),
        )
        if is_named
        else (),
        access=reverse("childs_access", args=[person.public_id]) if is_named and may_give else "",
    )


def _could(one: CouldOpen) -> Could:
    return Could(
        name=one.staff.name,
        role=", ".join(dict.fromkeys(role_said(held.value) for held, _ in one.staff.units)),
        grounds=capital(", ".join(ground_said(ground.value) for ground in one.grounds)),
    )


def employees_log_page(
    accounts: Iterable[User], chosen: User | None, log: LogPage | None, *, on: date | None, today: date, staff: Staff
) -> EmployeesLogPage:
    """This function will turn what one employee looked at into what the page shows; None: nobody is chosen yet."""
    day = {"on": on.isoformat()} if on else {}
    there = ""
    if chosen is not None and log is not None and log.before is not None:
        there = f"{reverse('employees_log')}?{urlencode({'account': str(chosen.pk), **day, 'before': str(log.before)})}"
    return EmployeesLogPage(
        selections=selections("employees_log", staff),
        heading=chosen.display_name if chosen else gettext("Velg ansatt"),
        accounts=(
            Choice("", gettext("Velg ansatt"), chosen is None),
            *(Choice(str(user.pk), _account_said(user), chosen is not None and user.pk == chosen.pk) for user in accounts),
        ),
        day=on.isoformat() if on else "",
        today=today.isoformat(),
        headings=headings_of(gettext("Når"), gettext("Barn"), gettext("Hva"), gettext("Grunnlag"), gettext("Utfall")),
        lines=None if log is None else tuple(_lines(log)),
        nothing=gettext("Ingen oppslag er ført på denne kontoen."),
        words=_of_page(log) if log else "",
        later=there,
    )


def _account_said(user: User) -> str:
    return user.display_name if user.is_active else gettext("%(name)s (kontoen er stengt)") % {"name": user.display_name}


def _lines(log: LogPage) -> Iterable[Line]:
    for look in log.looks:
        yield Line(
            at=words.when(look.at),
            who=words.who(look.who, log.names),
            role=", ".join(part for part in (role_said(look.role), look.unit) if part),
            child=log.children.get(look.about),
            what=done_said(look),
            ground=capital(ground_said(look.ground)),
            mark="done" if look.was_shown else "missed",
            status=gettext("Vist") if look.was_shown else gettext("Avvist"),
        )


def _of_page(log: LogPage) -> str:
    return ngettext("%(n)d oppslag på siden", "%(n)d oppslag på siden", len(log.looks)) % {"n": len(log.looks)}


def selections(here: str, staff: Staff) -> tuple[Selection, ...]:
    """This function will list the pages of the log there are for somebody."""
    places = [("access_log", gettext("Til gjennomgang")), ("reviewed_log", gettext("Gjennomgått")), ("employees_log", gettext("Ansatte"))]
    if staff.may(Permission.MANAGE_STAFF):
        places.append(("protected_children", gettext("Skjermede barn")))
    return tuple(Selection(label, reverse(name), None, name == here) for name, label in places)


def headings_of(*labels: str) -> tuple[Heading, ...]:
    """This function will head the columns of a table of the log."""
    return tuple(Heading(label) for label in labels)
