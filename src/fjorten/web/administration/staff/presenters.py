"""Staff and accounts as strings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from fjorten.access.models import RoleHeld, User
from fjorten.access.permissions import Role
from fjorten.access.queries import Account
from fjorten.followup.belongings import Belongings
from fjorten.organisation.models import Employee
from fjorten.web import words
from fjorten.web.shown import Heading, Link, Pair
from fjorten.web.words import capital


@dataclass(frozen=True, slots=True)
class Line:
    """One of the staff, or an account of nobody employed: `tone` of the account's state is "ok", "late" or ""."""

    name: str
    href: str
    code: str
    work: str
    clinic: str
    roles: str
    since: str
    account: str
    tone: str
    last: str


@dataclass(frozen=True, slots=True)
class StaffPage:
    """All staff and accounts: those who work here or will, accounts of others, and those who have left."""

    lead: str
    headings: tuple[Heading, ...]
    here: tuple[Line, ...]
    others: tuple[Line, ...]
    gone: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class HeldLine:
    """One role that is held, was held or is to be; `change` and `end` are addresses, "" for what is over or is one's own."""

    role: str
    clinic: str
    days: str
    given: str
    is_over: bool
    change: str
    end: str


@dataclass(frozen=True, slots=True)
class AccountPart:
    """The account of somebody: `is_own` for one's own, which somebody else changes."""

    number: int
    facts: tuple[Pair, ...]
    is_open: bool
    is_own: bool
    held: tuple[HeldLine, ...]


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Somebody who works here, or an account alone. `links` are what can be done about the employment."""

    heading: str
    crumbs: tuple[Link, ...]
    facts: tuple[Pair, ...]
    links: tuple[Link, ...]
    let_in: str
    account: AccountPart | None


def staff_page(employees: Sequence[Employee], accounts: Sequence[Account], *, today: date) -> StaffPage:
    """This function will turn all staff and accounts of a municipality into what the page shows."""
    by_employee = {account.user.employee_id: account for account in accounts if account.user.employee_id is not None}
    here = [one for one in employees if _is_here(one, today)]
    gone = [one for one in employees if not _is_here(one, today)]
    headings = tuple(
        Heading(label)
        for label in (
            gettext("Navn"),
            gettext("Arbeider som"),
            gettext("Roller i dag"),
            gettext("Fra"),
            gettext("Konto"),
            gettext("Sist logget inn"),
        )
    )
    number = ngettext("%(n)s ansatt", "%(n)s ansatte", len(here)) % {"n": words.number(len(here))}
    without = sum(one.pk not in by_employee or not by_employee[one.pk].user.is_active for one in here)
    lead = gettext("%(number)s, %(without)s uten åpen konto.") % {"number": number, "without": words.number(without)}
    return StaffPage(
        lead=lead,
        headings=headings,
        here=tuple(_employed(one, by_employee.get(one.pk), today) for one in here),
        others=tuple(_alone(account, today) for account in accounts if account.user.employee_id is None),
        gone=tuple(_employed(one, by_employee.get(one.pk), today) for one in gone),
    )


def _is_here(employee: Employee, today: date) -> bool:
    return employee.employed_until is None or employee.employed_until > today


def _employed(employee: Employee, account: Account | None, today: date) -> Line:
    state, tone = _state(account)
    return Line(
        name=employee.name,
        href=reverse("settings_employee", args=[employee.pk]),
        code=employee.code,
        work=words.role(Role(employee.role)),
        clinic=employee.clinic.name,
        roles=_roles(account, today),
        since=_days(employee.employed_from, employee.employed_until),
        account=state,
        tone=tone,
        last=_last(account.user) if account else "",
    )


def _alone(account: Account, today: date) -> Line:
    state, tone = _state(account)
    return Line(
        name=account.user.display_name,
        href=reverse("settings_account", args=[account.user.pk]),
        code=account.user.login,
        work=gettext("ikke ført som ansatt"),
        clinic="",
        roles=_roles(account, today),
        since="",
        account=state,
        tone=tone,
        last=_last(account.user),
    )


def _state(account: Account | None) -> tuple[str, str]:
    if account is None:
        return gettext("ingen"), ""
    if not account.user.is_active:
        return gettext("stengt"), ""
    if not account.user.has_usable_password():
        return gettext("uten passord"), "late"
    return gettext("åpen"), "ok"


def _roles(account: Account | None, today: date) -> str:
    if account is None or not account.user.is_active:
        return ""
    held = [row for row in account.held if row.from_on <= today]
    return ", ".join(dict.fromkeys(words.role(Role(row.role)) for row in held))


def _last(user: User) -> str:
    return words.when(user.last_login) if user.last_login else gettext("aldri")


def _days(begins: date, until: date | None) -> str:
    if until is None:
        return words.day(begins)
    return gettext("%(begins)s, sluttet fra %(until)s") % {"begins": words.day(begins), "until": words.day(until)}


def person_page(
    employee: Employee | None,
    user: User | None,
    held: Iterable[RoleHeld],
    *,
    who: str,
    today: date,
    names: Mapping[str, str],
    crumbs: tuple[Link, ...],
) -> PersonPage:
    """
    This function will turn somebody who works here, with or without an account, or an account alone, into what the page shows; `who` is the
    one who looks.
    """
    account = None if user is None else _account(user, held, is_own=user.who == who, today=today, names=names)
    return PersonPage(
        heading=employee.name if employee else user.display_name if user else "",
        crumbs=crumbs,
        facts=tuple(_facts(employee)) if employee else (),
        links=tuple(_links(employee, today, is_own=employee.code == who)) if employee else (),
        let_in=reverse("settings_let_in", args=[employee.pk]) if employee and user is None and _is_here(employee, today) else "",
        account=account,
    )


def _facts(employee: Employee) -> Iterable[Pair]:
    yield Pair(gettext("Kode"), employee.code)
    yield Pair(gettext("Arbeider som"), capital(words.role(Role(employee.role))))
    yield Pair(gettext("Helsestasjon"), employee.clinic.name)
    yield Pair(gettext("Ansatt"), _days(employee.employed_from, employee.employed_until))
    yield Pair(gettext("E-post"), employee.email or gettext("ikke oppgitt"))
    yield Pair(gettext("Stedfortreder"), employee.deputy.name if employee.deputy else gettext("lederen"))


def _links(employee: Employee, today: date, *, is_own: bool) -> Iterable[Link]:
    if not _is_here(employee, today):
        return
    yield Link(gettext("Velg stedfortreder"), reverse("settings_deputy", args=[employee.pk]), "person-group")
    if not is_own:
        yield Link(gettext("Avslutt ansettelsen"), reverse("settings_leave", args=[employee.pk]), "leave")


def _account(user: User, held: Iterable[RoleHeld], *, is_own: bool, today: date, names: Mapping[str, str]) -> AccountPart:
    state = gettext("Åpen") if user.is_active else gettext("Stengt")
    if user.is_active and not user.has_usable_password():
        state = gettext("Åpen, men uten passord. Lag et engangspassord.")
    return AccountPart(
        number=user.pk,
        facts=(
            Pair(gettext("Brukernavn"), user.login),
            Pair(gettext("Kontoen er"), state),
            Pair(gettext("Sist logget inn"), capital(_last(user))),
            Pair(gettext("Egen familie"), gettext("kjent, og åpnes ikke") if user.national_id else gettext("ikke kjent")),
        ),
        is_open=user.is_active,
        is_own=is_own,
        held=tuple(_held(row, can_change=not is_own and user.is_active, today=today, names=names) for row in held),
    )


def _held(row: RoleHeld, *, can_change: bool, today: date, names: Mapping[str, str]) -> HeldLine:
    is_over = row.until_on is not None and row.until_on <= today
    days = gettext("fra %(first)s") % {"first": words.day(row.from_on)}
    if row.last_on is not None:
        days = gettext("%(first)s til og med %(last)s") % {"first": words.day(row.from_on), "last": words.day(row.last_on)}
    given = gettext("gitt av %(who)s") % {"who": words.who(row.given_by, names)}
    if row.ended_by:
        given = gettext("%(given)s, avsluttet av %(who)s") % {"given": given, "who": words.who(row.ended_by, names)}
    return HeldLine(
        role=capital(words.role(Role(row.role))),
        clinic=row.clinic.name if row.clinic else gettext("alle helsestasjonene"),
        days=days,
        given=given,
        is_over=is_over,
        change=reverse("settings_change_role", args=[row.pk]) if can_change and row.until_on is None else "",
        end=reverse("settings_end_role", args=[row.pk]) if can_change and not is_over else "",
    )


def what_becomes_of(left: Belongings) -> Iterable[str]:
    """This function will tell, in a sentence for each, what somebody has in hand and where it goes when they leave."""
    if left.cases:
        yield ngettext(
            "%(n)s åpen oppfølgingssak. Den gis til den du velger, eller går til stedfortrederen første natt etter siste dag.",
            "%(n)s åpne oppfølgingssaker. De gis til den du velger, eller går til stedfortrederen første natt etter siste dag.",
            left.cases,
        ) % {"n": words.number(left.cases)}
    if left.tasks:
        yield ngettext(
            "%(n)s oppgave. Den gis med en gang til den du velger, ellers til stedfortrederen.",
            "%(n)s oppgaver. De gis med en gang til den du velger, ellers til stedfortrederen.",
            left.tasks,
        ) % {"n": words.number(left.tasks)}
    if left.appointments:
        yield ngettext(
            "%(n)s time fra i dag. En time etter siste dag står til noen flytter den, på listen over timer uten ansatt.",
            "%(n)s timer fra i dag. De som ligger etter siste dag, står til noen flytter dem, på listen over timer uten ansatt.",
            left.appointments,
        ) % {"n": words.number(left.appointments)}
    if left.openings:
        yield ngettext(
            "%(n)s åpning i timeplanen. Den gir ingen nye timer etter siste dag.",
            "%(n)s åpninger i timeplanen. De gir ingen nye timer etter siste dag.",
            left.openings,
        ) % {"n": words.number(left.openings)}
    if left.stands_in_for:
        yield ngettext(
            "Stedfortreder for %(n)s ansatt. Velg en annen for vedkommende.",
            "Stedfortreder for %(n)s ansatte. Velg en annen for dem.",
            left.stands_in_for,
        ) % {"n": words.number(left.stands_in_for)}
