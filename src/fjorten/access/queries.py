"""Questions about accounts: who somebody is at work now, and who had which access on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, Q, QuerySet

from fjorten.access.models import RoleHeld, RoleHeldQuerySet, User
from fjorten.access.permissions import GRANTS, Permission, Role, permissions_of
from fjorten.audit.actor import Actor
from fjorten.database.questions import Question
from fjorten.kernel.refusals import Refused
from fjorten.kernel.times import oslo_date
from fjorten.organisation.models import Clinic, Employee, Municipality


@dataclass(frozen=True, slots=True)
class Staff:
    """
    Somebody at work: what their account is, which roles it has today, and what these let them do.

    `who` is what the trail calls them. `clinics` (primary keys) are those where a role of theirs sees children: an analyst of the whole
    municipality who is a clerk at one clinic sees the children of that one. What they may do is what all their roles let them [default].
    """

    user: int
    login: str
    who: str
    name: str
    municipality: Municipality
    employee: int | None
    roles: frozenset[Role]
    clinics: frozenset[int]
    permissions: frozenset[Permission]
    national_id: str
    units: tuple[tuple[Role, str], ...]
    must_choose_password: bool = False

    def __repr__(self) -> str:
        return f"Staff({self.who!r})"

    @property
    def initials(self) -> str:
        """The first letters of the first and the last of their names."""
        names = self.name.split()
        return "".join(name[0] for name in dict.fromkeys((*names[:1], *names[-1:]))).upper()

    def may(self, permission: Permission) -> bool:
        """Tell whether one of their roles lets them."""
        return permission in self.permissions

    def actor(self, *, ground: str = "", using: Permission | None = None) -> Actor:
        """
        Make the one who acts, as the trail shows it: the first of their roles, or the first that has the permission that is used, and the
        clinic it is held at, or the municipality.
        """
        able = [(role, unit) for role, unit in self.units if using is None or using in GRANTS[role]]
        role, unit = (able or self.units)[0]
        return Actor(who=self.who, role=role.value, unit=unit, ground=ground)


def staff_of(user: object, *, at: datetime) -> Staff | None:
    """
    This function will tell who a user is at work at an instant, in two questions: asked anew on every request.

    None for anybody but a user, for an account that is closed, for one without a role that day, and for somebody who no longer works here.
    """
    if not isinstance(user, User) or user.pk is None:
        return None
    rows = Question(_held, (oslo_date(at),), {"user": user.pk}).rows()
    if not rows:
        return None
    everywhere = frozenset[int]()
    if any(row.clinic_id is None for row in rows):
        everywhere = frozenset(Clinic.objects.of(rows[0].user.municipality).values_list("pk", flat=True))
    return _staff(rows, everywhere)


def _held(on: date, user: int) -> QuerySet[RoleHeld]:
    return RoleHeld.objects.on(on).filter(user=user).select_related("user__municipality", "user__employee", "clinic")


def staff_at(municipality: Municipality, *, at: datetime) -> list[Staff]:
    """This function will list everybody who had a role at an instant, in order of name, in two questions."""
    held = RoleHeld.objects.of(municipality).held_at(at).select_related("user__municipality", "user__employee", "clinic")
    by_user: dict[int, list[RoleHeld]] = {}
    for row in held.order_by("user__display_name", "user", "pk"):
        by_user.setdefault(row.user_id, []).append(row)
    everywhere = frozenset(Clinic.objects.of(municipality).values_list("pk", flat=True))
    return [_staff(rows, everywhere) for rows in by_user.values()]


def _staff(rows: Iterable[RoleHeld], everywhere: frozenset[int]) -> Staff:
    order = list(Role)
    held = sorted(rows, key=lambda row: (order.index(Role(row.role)), row.clinic_id is None, row.pk))
    user = held[0].user
    roles = frozenset(Role(row.role) for row in held)
    seeing = [row for row in held if Permission.SEE_CHILDREN in GRANTS[Role(row.role)]]
    return Staff(
        user=user.pk,
        login=user.login,
        who=user.who,
        name=user.display_name,
        municipality=user.municipality,
        employee=user.employee_id,
        roles=roles,
        clinics=frozenset().union(*(everywhere if row.clinic_id is None else {row.clinic_id} for row in seeing)),
        permissions=permissions_of(roles),
        national_id=user.national_id,
        units=tuple((Role(row.role), row.clinic.name if row.clinic else user.municipality.name) for row in held),
        must_choose_password=user.password_is_for_once,
    )


def roles_held(municipality: Municipality, *, on: date) -> RoleHeldQuerySet:
    """This function will find which roles were held at some time of a day, and where, in order of name: who had access on that date."""
    held = RoleHeld.objects.of(municipality).some_time_on(on).select_related("user__employee", "clinic")
    return held.order_by("user__display_name", "user__login", "role", "pk")


def accounts_of(municipality: Municipality) -> list[User]:
    """This function will list a municipality's accounts, closed ones too, in order of name."""
    return list(User.objects.filter(municipality=municipality).select_related("employee").order_by("display_name", "login"))


@dataclass(frozen=True, slots=True)
class Account:
    """An account, open or closed, and the roles it holds or is to hold."""

    user: User
    held: tuple[RoleHeld, ...]


def accounts_with_roles(municipality: Municipality, *, on: date) -> list[Account]:
    """This function will list a municipality's accounts with the roles they hold on a day or are to have later, in two questions."""
    running = RoleHeld.objects.filter(Q(until_on__isnull=True) | Q(until_on__gt=on)).select_related("clinic").order_by("from_on", "pk")
    users = User.objects.filter(municipality=municipality).select_related("employee").order_by("display_name", "login")
    return [Account(user, tuple(user.roles_held.all())) for user in users.prefetch_related(Prefetch("roles_held", running))]


def roles_ever_held(user: User) -> RoleHeldQuerySet:
    """This function will find all the roles of an account, past and to come too, the newest first."""
    return RoleHeld.objects.filter(user=user).select_related("clinic", "user__municipality", "user__employee").order_by("-from_on", "-pk")


class NoSuchAccount(Refused):
    """No account of the municipality has this sign-in name."""

    sentence = "Ingen konto i kommunen har dette brukernavnet. Se kontoene med `fjorten account`."


def account_named(login: str, municipality: Municipality) -> User:
    """This function will find an account by its sign-in name, open or closed. Raises NoSuchAccount."""
    user = User.objects.filter(municipality=municipality, login=login.lower()).select_related("employee", "municipality").first()
    if user is None:
        raise NoSuchAccount(login)
    return user


def account_numbered(number: int, municipality: Municipality) -> User:
    """This function will find an account by its number, open or closed. Raises NoSuchAccount."""
    user = User.objects.filter(municipality=municipality, pk=number).select_related("employee", "municipality").first()
    if user is None:
        raise NoSuchAccount(number)
    return user


def account_of(employee: Employee) -> User | None:
    """This function will find the account of an employee, open or closed; None when they have none."""
    return User.objects.filter(employee=employee).select_related("employee", "municipality").first()


def account_called(who: str, municipality: Municipality) -> User | None:
    """This function will find the account the trail means by a name: an employee's code first, else a sign-in name; None: a machine's."""
    accounts = User.objects.filter(municipality=municipality).select_related("employee", "municipality")
    return accounts.filter(employee__code=who).first() or accounts.filter(employee__isnull=True, login=who).first()


def names_called(whos: Iterable[str], municipality: Municipality) -> dict[str, str]:
    """
    This function will find the names of those the trail calls so: an employee's for their code, else the account's for its sign-in name.
    Whoever is neither (a job, the family) is not in the answer.
    """
    called = set(whos)
    accounts = User.objects.filter(municipality=municipality, login__in=called).values_list("login", "display_name")
    employees = Employee.objects.filter(municipality=municipality, code__in=called).values_list("code", "name")
    return {**dict(accounts), **dict(employees)}


class RoleIsNotHeld(Refused):
    """The account does not have this role there on that day or later."""

    sentence = "Kontoen har ikke denne rollen der. Se rollene med `fjorten account`."


def role_of_account(user: User, role: Role, clinic: Clinic | None, *, on: date) -> RoleHeld:
    """This function will find a role somebody has, or is to have, from a day on. Raises RoleIsNotHeld."""
    held = RoleHeld.objects.filter(Q(until_on__isnull=True) | Q(until_on__gt=on), user=user, role=role.value, clinic=clinic)
    found = held.select_related("user__municipality", "user__employee", "clinic").order_by("from_on").first()
    if found is None:
        raise RoleIsNotHeld(user.pk)
    return found


def role_numbered(number: int, municipality: Municipality) -> RoleHeld:
    """This function will find a role somebody holds, held or is to hold by its number. Raises RoleIsNotHeld."""
    held = RoleHeld.objects.of(municipality).filter(pk=number).select_related("user__municipality", "user__employee", "clinic").first()
    if held is None:
        raise RoleIsNotHeld(number)
    return held
