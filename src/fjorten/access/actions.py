"""Accounts and roles: opened, given, ended and closed, each with a word in the trail."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from axes.utils import reset
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q

from fjorten.access.models import DISPLAY_NAME, LOGIN, RoleHeld, User
from fjorten.access.permissions import Role
from fjorten.audit.actor import Actor
from fjorten.audit.trail import Kind, record
from fjorten.kernel.national_id import NationalId
from fjorten.kernel.refusals import Refused
from fjorten.kernel.spoken import in_a_row, spoken
from fjorten.kernel.times import oslo_date
from fjorten.kernel.writing import must_fit
from fjorten.organisation.models import Clinic, Employee, Municipality


class LoginIsInvalid(Refused):
    """A sign-in name is one word that can be seen, and an account has a name."""

    sentence = "Skriv brukernavnet som ett ord uten mellomrom, og navnet på den det gjelder."


class LoginIsTaken(Refused):
    """Somebody has this sign-in name already, or it is the code of somebody else who works here."""

    sentence = "Brukernavnet er i bruk, eller det er koden til en annen ansatt. Velg et annet."


class EmployeeHasAnAccount(Refused):
    """An employee has one account, in the municipality they work in."""

    sentence = "Den ansatte har allerede en konto, eller arbeider i en annen kommune. Se kontoene med `fjorten account`."


class NumberIsTaken(Refused):
    """One person has one account in a municipality."""

    sentence = "En annen konto i kommunen har dette fødselsnummeret. Én person skal ha én konto."


@transaction.atomic
def open_account(*, municipality: Municipality, login: str, name: str, employee: Employee | None = None, by: Actor, at: datetime) -> User:
    """
    Open an account, without a password and without a role: it lets nobody in before it has a role. The name is kept in small letters.

    Raises LoginIsInvalid, TextIsTooLong, LoginIsTaken or EmployeeHasAnAccount.
    """
    login = login.lower()
    if not login or not login.isprintable() or len(login.split()) != 1 or not name.strip():
        raise LoginIsInvalid
    must_fit(spoken("brukernavnet"), login, most=LOGIN)
    must_fit(spoken("navnet"), name, most=DISPLAY_NAME)
    if User.objects.filter(login=login).exists() or _is_code_of_another(login, employee, municipality):
        raise LoginIsTaken(login)
    if employee is not None and (employee.municipality_id != municipality.pk or User.objects.filter(employee=employee).exists()):
        raise EmployeeHasAnAccount(employee.pk)
    user = User(municipality=municipality, login=login, display_name=name, employee=employee)
    user.set_unusable_password()
    user.save()
    _record("account.opened", user, by=by, at=at)
    return user


class AccountIsClosed(Refused):
    """The account is closed, so nothing is given to it, and it is not closed once more."""

    sentence = "Kontoen er stengt. Åpne den igjen først."


class AccountIsOpen(Refused):
    """The account is open already."""

    sentence = "Kontoen er allerede åpen."


class NobodyChangesTheirOwnRoles(Refused):
    """Roles are given and ended by somebody else than the one who holds them."""

    sentence = (
        "Du kan ikke endre dine egne roller eller stenge din egen konto. En annen leder eller den som drifter systemet, må gjøre det."
    )


@transaction.atomic
def close_account(*, user: User, by: Actor, at: datetime) -> None:
    """
    Close an account, and end all its roles: it is refused on the next request. Raises AccountIsClosed or NobodyChangesTheirOwnRoles.
    """
    _refuse_own_roles(user, by)
    if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        raise AccountIsClosed(user.pk)
    on = oslo_date(at)
    RoleHeld.objects.filter(user=user, from_on__gt=on, ended_at__isnull=True).update(until_on=F("from_on"), ended_by=by.who, ended_at=at)
    RoleHeld.objects.filter(_runs(on), user=user).update(until_on=on, ended_by=by.who, ended_at=at)
    _record("account.closed", user, by=by, at=at)


@transaction.atomic
def reopen_account(*, user: User, by: Actor, at: datetime) -> None:
    """Open a closed account again, without roles. Raises AccountIsOpen."""
    if not User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        raise AccountIsOpen(user.pk)
    _record("account.reopened", user, by=by, at=at)


@transaction.atomic
def tell_own_number(*, user: User, number: NationalId, by: Actor, at: datetime) -> None:
    """
    Say whose account it is by the register, so that their own family is known. The trail does not hold the number.

    Raises NumberIsTaken.
    """
    same = User.objects.filter(municipality=user.municipality_id, national_id=number.digits)
    if same.exclude(pk=user.pk).exists():
        raise NumberIsTaken(user.pk)
    User.objects.filter(pk=user.pk).update(national_id=number.digits)
    _record("account.number_told", user, by=by, at=at)


# What Django's validators find, by their codes: some of their own sentences have no Norwegian.
WEAKNESSES: Final = {
    "password_too_short": "Passordet må ha minst 12 tegn. Flere ord etter hverandre er lette å huske.",
    "password_too_common": "Passordet er blant dem mange bruker, og lett å gjette. Velg et annet.",
    "password_too_similar": "Passordet likner for mye på navnet eller brukernavnet. Velg et annet.",
}


class PasswordIsTooWeak(Refused):
    """The password is too short, too common or too like the name. The sentence says which."""

    sentence = "Passordet er for lett å gjette. Velg et annet."

    def __init__(self, weaknesses: Iterable[str]) -> None:
        super().__init__()
        self.sentence = in_a_row(dict.fromkeys(WEAKNESSES.get(code, type(self).sentence) for code in weaknesses))


class IsTheSamePassword(Refused):
    """The password that was made by somebody else is not to be kept."""

    sentence = "Dette er engangspassordet du fikk. Velg et annet, som bare du kjenner."


@transaction.atomic
def set_password(*, user: User, password: str, is_for_once: bool = False, by: Actor, at: datetime) -> None:
    """
    Give an account a new password, which ends all it is signed in with and any lock-out. One that `is_for_once` lets its holder do nothing
    but choose another: what is done with an account is done by the one who alone knows its password.

    Raises AccountIsClosed, PasswordIsTooWeak, or IsTheSamePassword when the one for once is chosen again.
    """
    _refuse_closed(user)
    if user.password_is_for_once and user.check_password(password):
        raise IsTheSamePassword(user.pk)
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise PasswordIsTooWeak(one.code or "" for one in weak.error_list) from None
    user.set_password(password)
    user.password_is_for_once = is_for_once
    user.save(update_fields=["password", "password_is_for_once"])
    reset(username=user.login)
    _record("account.password_set", user, by=by, at=at)


@transaction.atomic
def unlock_account(*, user: User, by: Actor, at: datetime) -> None:
    """Forget the failed tries of an account, so that a lock-out ends before its time."""
    reset(username=user.login)
    _record("account.unlocked", user, by=by, at=at)


class RoleIsHeldAlready(Refused):
    """The role is held at that clinic in some of the days."""

    sentence = "Kontoen har allerede denne rollen i noen av dagene. Avslutt den først, eller velg andre dager."


class RoleHasNoDays(Refused):
    """A role begins today or later, and ends after it begins: who had which access is not written anew afterwards."""

    sentence = "Rollen må begynne i dag eller senere, og slutte etter at den begynner. Sjekk datoene."


class ClinicIsElsewhere(Refused):
    """The clinic is another municipality's."""

    sentence = "Helsestasjonen hører til en annen kommune. Velg en i denne kommunen."


@transaction.atomic
def give_role(
    *, user: User, role: Role, clinic: Clinic | None, from_on: date, until_on: date | None = None, by: Actor, at: datetime
) -> RoleHeld:
    """
    Give a role in the days `[from_on, until_on)`, at one clinic or (None) at all of the municipality's.

    Raises AccountIsClosed, NobodyChangesTheirOwnRoles, ClinicIsElsewhere, RoleHasNoDays or RoleIsHeldAlready.
    """
    _refuse_closed(user)
    _refuse_own_roles(user, by)
    if clinic is not None and clinic.municipality_id != user.municipality_id:
        raise ClinicIsElsewhere(clinic.pk)
    if from_on < oslo_date(at) or (until_on is not None and until_on <= from_on):
        raise RoleHasNoDays
    overlapping = RoleHeld.objects.filter(Q(until_on__isnull=True) | Q(until_on__gt=from_on), user=user, role=role.value, clinic=clinic)
    if (overlapping if until_on is None else overlapping.filter(from_on__lt=until_on)).exists():
        raise RoleIsHeldAlready(user.pk)
    held = RoleHeld.objects.create(
        user=user, role=role.value, clinic=clinic, from_on=from_on, until_on=until_on, given_by=by.who, given_at=at
    )
    ends = until_on.isoformat() if until_on else None
    where = clinic.name if clinic else None
    _record("role.given", user, by=by, at=at, role=role.value, clinic=where, from_on=from_on.isoformat(), until_on=ends)
    return held


class RoleHasEnded(Refused):
    """The role has ended by that day already."""

    sentence = "Rollen er allerede avsluttet. Se hvem som har hvilke roller med `fjorten account`."


class RoleEndsInThePast(Refused):
    """A role ends today or later: that it was held until now cannot be undone."""

    sentence = "Rollen kan avsluttes i dag eller senere, ikke tilbake i tid."


@transaction.atomic
def end_role(*, held: RoleHeld, on: date, by: Actor, at: datetime) -> None:
    """
    End a role, from a day on; today: at once. One that has not begun is never held.

    Raises NobodyChangesTheirOwnRoles, RoleEndsInThePast or RoleHasEnded.
    """
    _refuse_own_roles(held.user, by)
    if on < oslo_date(at):
        raise RoleEndsInThePast
    ends = max(on, held.from_on)
    running = RoleHeld.objects.filter(Q(until_on__isnull=True) | Q(until_on__gt=ends), pk=held.pk)
    if not running.update(until_on=ends, ended_by=by.who, ended_at=at):
        raise RoleHasEnded(held.pk)
    _record("role.ended", held.user, by=by, at=at, role=held.role, clinic=held.clinic.name if held.clinic else None, on=ends.isoformat())


@transaction.atomic
def change_role(*, held: RoleHeld, role: Role, clinic: Clinic | None, from_on: date, by: Actor, at: datetime) -> RoleHeld:
    """Let one role end on the day another begins, in one: nobody is without access in between, or has both. Raises as both do."""
    end_role(held=held, on=from_on, by=by, at=at)
    return give_role(user=held.user, role=role, clinic=clinic, from_on=from_on, by=by, at=at)


@transaction.atomic
def let_in(*, employee: Employee, login: str, role: Role, clinic: Clinic | None, from_on: date, by: Actor, at: datetime) -> User:
    """
    Open the account of an employee and give it its first role, in one; it has no password yet.

    Raises as `open_account` and `give_role` do.
    """
    user = open_account(municipality=employee.municipality, login=login, name=employee.name, employee=employee, by=by, at=at)
    give_role(user=user, role=role, clinic=clinic, from_on=from_on, by=by, at=at)
    return user


@transaction.atomic
def let_outsider_in(
    *, municipality: Municipality, login: str, name: str, role: Role, clinic: Clinic | None, from_on: date, by: Actor, at: datetime
) -> User:
    """Open the account of somebody who is not employed at a clinic, and give it its first role, in one. Raises as `let_in`."""
    user = open_account(municipality=municipality, login=login, name=name, by=by, at=at)
    give_role(user=user, role=role, clinic=clinic, from_on=from_on, by=by, at=at)
    return user


# Coming and going changes nothing anybody is owed, so it is written as reading: what is looked up stays true (ADR 20).
@transaction.atomic
def note_signed_in(*, user: User, means: str, by: Actor, at: datetime) -> None:
    """Record that somebody came in, and by which means ("password")."""
    _record("account.signed_in", user, kind=Kind.READ, by=by, at=at, means=means)


@transaction.atomic
def note_sign_in_refused(*, user: User, because: str, by: Actor, at: datetime) -> None:
    """Record that somebody was not let in with an account, and why."""
    _record("account.sign_in_refused", user, kind=Kind.REFUSED, by=by, at=at, because=because)


@transaction.atomic
def note_signed_out(*, user: User, because: str, by: Actor, at: datetime) -> None:
    """Record that somebody left, and why ("asked", "idle", "too_long")."""
    _record("account.signed_out", user, kind=Kind.READ, by=by, at=at, because=because)


def _is_code_of_another(login: str, employee: Employee | None, municipality: Municipality) -> bool:
    """Whether the trail would take the account for somebody else who works here."""
    colleague = Employee.objects.filter(municipality=municipality, code=login).first()
    return colleague is not None and colleague != employee


def _refuse_own_roles(user: User, by: Actor) -> None:
    if by.who == user.who:
        raise NobodyChangesTheirOwnRoles(user.pk)


def _refuse_closed(user: User) -> None:
    if not User.objects.filter(pk=user.pk, is_active=True).exists():
        raise AccountIsClosed(user.pk)


def _runs(on: date) -> Q:
    return Q(from_on__lte=on) & (Q(until_on__isnull=True) | Q(until_on__gt=on))


def _record(action: str, user: User, *, kind: Kind = Kind.WRITE, by: Actor, at: datetime, **detail: str | int | bool | None) -> None:
    record(action, municipality=user.municipality.code, by=by, at=at, detail={"account": user.login, **detail}, kind=kind)
