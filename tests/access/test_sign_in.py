"""Signing in with a local account: what is let in, what is refused, what the trail says of it, and when a session ends."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import RequestFactory

from fjorten.access.actions import close_account, end_role, set_password, unlock_account
from fjorten.access.models import RoleHeld, User
from fjorten.access.queries import Staff
from fjorten.access.sign_in import HasNoRoleToday, LocalAccounts, TooManyTries, WrongNameOrPassword, go_out, sign_in_with_password
from fjorten.audit.models import AuditEvent
from fjorten.kernel.refusals import Refused
from fjorten.organisation.models import Municipality
from tests.factories.access import OWNER, PASSWORD, an_account
from tests.factories.clinic import AT, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def eva(municipality: Municipality) -> User:
    return an_account(municipality, "eva", has_password=True)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """The lock-out reads the clock itself."""
    with time_machine.travel(AT, tick=False) as travelled:
        yield travelled


def a_request(session: SessionStore | None = None) -> HttpRequest:
    request = RequestFactory().post("/sign-in/")
    request.session = SessionStore() if session is None else session
    return request


def tried(name: str = "eva", password: str = PASSWORD, *, at: datetime = AT) -> Staff | type[Refused]:
    try:
        return sign_in_with_password(a_request(), name=name, password=password, at=at)
    except Refused as refused:
        return type(refused)


def trail_of_sign_ins() -> list[tuple[str, str, str]]:
    rows = AuditEvent.objects.filter(action__contains="sign").order_by("seq")
    return [(row.kind, row.action, row.detail.get("because", row.detail.get("means"))) for row in rows]


def test_who_knows_the_password_comes_in_and_goes(eva: User) -> None:
    request = a_request()
    staff = sign_in_with_password(request, name="eva", password=PASSWORD, at=AT)
    assert (staff.user, staff.who) == (eva.pk, "eva")
    assert get_user(request) == eva
    request.user = get_user(request)
    go_out(request, because="asked", at=AT)
    assert get_user(request).is_anonymous
    assert trail_of_sign_ins() == [("read", "account.signed_in", "password"), ("read", "account.signed_out", "asked")]


def test_a_name_is_read_as_people_write_it_and_locked_however_it_is_written(eva: User) -> None:
    assert isinstance(tried(" Eva "), Staff)
    for name in ("eva", "Eva", "EVA", "eva ", "eVa"):
        tried(name, "feil passord her")
    assert tried("eva") is TooManyTries


def test_whoever_is_not_signed_in_goes_without_a_word(municipality: Municipality) -> None:
    request = a_request()
    request.user = get_user(request)
    go_out(request, because="asked", at=AT)
    assert trail_of_sign_ins() == []


@pytest.mark.parametrize(
    ("name", "password"), [("eva", "feil passord her"), ("ingen", PASSWORD), ("", ""), ("e" * 500, "x"), ("eva\0", "x"), ("eva", "x\0")]
)
def test_what_is_wrong_is_not_told(eva: User, name: str, password: str) -> None:
    assert tried(name, password) is WrongNameOrPassword
    assert "ingen" not in str(list(AuditEvent.objects.values())), "what is typed by somebody nobody knows may be a password"


def test_five_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour(eva: User, clock: Any) -> None:
    assert [tried(password=f"feil nummer {n}") for n in range(4)] == [WrongNameOrPassword] * 4
    assert tried(password="feil nummer fem") is TooManyTries
    assert tried() is TooManyTries, "also with the right password"
    assert trail_of_sign_ins() == [("refused", "account.sign_in_refused", "wrong password")] * 5, "what comes after the lock is not written"
    clock.move_to(AT + timedelta(minutes=14))
    assert tried() is TooManyTries
    clock.move_to(AT + timedelta(minutes=16))
    assert isinstance(tried(), Staff)
    assert tried(password="feil igjen") is WrongNameOrPassword, "the tries before are forgotten"


@pytest.mark.parametrize("opened_by", ["unlocking", "a new password"])
def test_a_locked_account_is_opened_by_hand(eva: User, opened_by: str) -> None:
    for n in range(5):
        tried(password=f"feil nummer {n}")
    assert tried() is TooManyTries
    if opened_by == "unlocking":
        unlock_account(user=eva, by=OWNER, at=AT)
    else:
        set_password(user=eva, password=PASSWORD, by=OWNER, at=AT)
    assert isinstance(tried(), Staff)


def test_a_locked_account_locks_nobody_else(eva: User, municipality: Municipality) -> None:
    an_account(municipality, "per", has_password=True)
    for n in range(6):
        tried(password=f"feil nummer {n}")
    assert isinstance(tried("per"), Staff)


def test_an_account_without_a_role_or_closed_is_not_let_in(eva: User) -> None:
    end_role(held=RoleHeld.objects.get(user=eva), on=TODAY, by=OWNER, at=AT)
    assert tried() is HasNoRoleToday
    close_account(user=eva, by=OWNER, at=AT)
    assert tried() is WrongNameOrPassword
    assert trail_of_sign_ins() == [
        ("refused", "account.sign_in_refused", "no role"),
        ("refused", "account.sign_in_refused", "closed"),
    ]


@pytest.mark.parametrize("ended_by", ["closing", "a new password"])
def test_a_session_ends_on_the_next_request(eva: User, ended_by: str) -> None:
    request = a_request()
    sign_in_with_password(request, name="eva", password=PASSWORD, at=AT)
    if ended_by == "closing":
        close_account(user=eva, by=OWNER, at=AT)
    else:
        set_password(user=eva, password="et helt annet passord", by=OWNER, at=AT)
    next_request = a_request(request.session)
    assert get_user(next_request).is_anonymous


def test_signing_in_changes_the_key_of_the_session(eva: User) -> None:
    request = a_request()
    request.session.create()
    before = request.session.session_key
    sign_in_with_password(request, name="eva", password=PASSWORD, at=AT)
    assert request.session.session_key != before


def test_local_accounts_give_nothing_of_djangos_own(eva: User) -> None:
    backend = LocalAccounts()
    assert backend.get_all_permissions(eva) == set()
    assert backend.authenticate(None) is None
    assert backend.get_user(eva.pk) == eva
    assert not hasattr(eva, "is_superuser")


def test_signing_in_leaves_what_is_looked_up_true(eva: User) -> None:
    from fjorten.audit.trail import chain_end, written_since

    before = chain_end(eva.municipality.code).seq
    tried()
    tried(password="feil passord her")
    assert written_since(before, municipality=eva.municipality.code) == []
