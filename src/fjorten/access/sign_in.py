"""
How somebody comes in, and goes.

Each way of signing in proves which account somebody has and hands it to `come_in`; local accounts do so with a password. OpenID Connect is
to be one more way. What an account lets somebody do is asked anew on every request (`queries.staff_of`).
"""

from datetime import datetime
from typing import Final

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.backends import BaseBackend
from django.db.models import QuerySet
from django.http import HttpRequest

from fjorten.access.actions import note_sign_in_refused, note_signed_in, note_signed_out, set_password
from fjorten.access.models import LOGIN, User
from fjorten.access.queries import Staff, staff_of
from fjorten.audit.actor import Actor
from fjorten.database.questions import Question
from fjorten.kernel.refusals import Refused
from fjorten.organisation.wall import over_all, within

PASSWORD: Final = "password"  # noqa: S105  the means, as the trail says it
_BACKEND: Final = "fjorten.access.sign_in.LocalAccounts"


class LocalAccounts(BaseBackend):
    """Finds the account with this sign-in name and password. Gives no permission, knows no group and no superuser."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **others: object
    ) -> User | None:
        """Prove who somebody is. Takes as long for a name nobody has, so that names cannot be tried out."""
        if username is None or password is None:
            return None
        user = _found(Question(_called, (), {"login": username}))
        if user is None:
            User().set_password(password)
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id: int) -> User | None:
        """Find the account of a session; None as soon as it is closed."""
        return _found(Question(_open_account, (), {"user": user_id}))


class WrongNameOrPassword(Refused):
    """No open account has this sign-in name and password. Which of them is wrong is not told."""

    sentence = "Brukernavnet eller passordet er feil. Prøv igjen, eller be lederen om et nytt passord."


class TooManyTries(Refused):
    """The account is locked for a while after several wrong passwords."""

    sentence = "Kontoen er sperret i et kvarter etter flere feil passord. Vent, eller be den som drifter systemet om å åpne den."


class HasNoRoleToday(Refused):
    """The account is known, but its holder has no role today."""

    sentence = "Kontoen din har ingen rolle i dag. Be lederen gi deg en."


def sign_in_with_password(request: HttpRequest, *, name: str, password: str, at: datetime) -> Staff:
    """
    This function will let somebody in who knows the password of an account, and tell who they are at work.

    Raises WrongNameOrPassword, TooManyTries or HasNoRoleToday. A wrong password for an account that exists is written in its
    municipality's trail, but not the tries after it is locked: who is outside cannot make the trail grow.
    """
    name = name.strip().lower()
    if not name.isprintable() or len(name) > LOGIN or "\0" in password:
        raise WrongNameOrPassword
    was_locked = _is_locked(request, name)
    user = authenticate(request, username=name, password=password)
    if isinstance(user, User):
        return come_in(request, user, means=PASSWORD, at=at)
    if was_locked:
        raise TooManyTries
    known = _found(Question(_called, (), {"login": name}))
    if known is not None:
        because = "wrong password" if known.is_active else "closed"
        with within(known.municipality):
            note_sign_in_refused(user=known, because=because, by=_outside(known), at=at)
    if _is_locked(request, name):
        raise TooManyTries
    raise WrongNameOrPassword


def come_in(request: HttpRequest, user: User, *, means: str, at: datetime) -> Staff:
    """
    This function will begin the session of somebody whose account is proved, and tell who they are at work.

    The trail is written first: without it nobody comes in. Raises HasNoRoleToday.
    """
    with within(user.municipality):
        staff = staff_of(user, at=at)
        if staff is None:
            note_sign_in_refused(user=user, because="no role", by=_outside(user), at=at)
            raise HasNoRoleToday(user.pk)
        note_signed_in(user=user, means=means, by=staff.actor(), at=at)
        login(request, user, backend=_BACKEND)
        return staff


def choose_password(request: HttpRequest, staff: Staff, *, password: str, at: datetime) -> None:
    """
    This function will give the account of a session the password its holder has chosen: the session goes on, all others end.

    Raises PasswordIsTooWeak or IsTheSamePassword.
    """
    user = request.user
    assert isinstance(user, User)
    set_password(user=user, password=password, by=staff.actor(), at=at)
    update_session_auth_hash(request, user)


def go_out(request: HttpRequest, *, because: str, at: datetime) -> None:
    """This function will end a session: because they "asked", were "idle", stayed "too_long", or were "refused"."""
    user = request.user
    if isinstance(user, User):
        staff = staff_of(user, at=at)
        note_signed_out(user=user, because=because, by=_outside(user) if staff is None else staff.actor(), at=at)
    logout(request)


def _found(accounts: Question[User]) -> User | None:
    """Find an account before anybody knows which municipality it is of: with it comes the municipality, and nothing else."""
    with over_all("an account is found before its municipality is known"):
        return next(iter(accounts.rows()), None)


def _called(login: str) -> QuerySet[User]:
    return User.objects.filter(login=login).select_related("employee", "municipality")


def _open_account(user: int) -> QuerySet[User]:
    return User.objects.filter(pk=user, is_active=True).select_related("employee", "municipality")


def _outside(user: User) -> Actor:
    return Actor(who=user.who, role="not_signed_in")


def _is_locked(request: HttpRequest, name: str) -> bool:
    return not AxesProxyHandler.is_allowed(request, {"username": name})
