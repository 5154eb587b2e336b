"""Somebody at the keyboard: an account, a role, and a browser that is signed in."""

from datetime import datetime
from html.parser import HTMLParser

from django.test import Client

from fjorten.access.actions import give_role, open_account
from fjorten.access.models import User
from fjorten.access.permissions import Role
from fjorten.organisation.models import Clinic, Employee, Municipality
from fjorten.web.edge import SEEN_AT, SIGNED_IN_AT
from tests.factories.clinic import AT, LEADER

BACKEND = "fjorten.access.sign_in.LocalAccounts"


def an_account(
    municipality: Municipality, role: Role, *, employee: Employee | None = None, clinic: Clinic | None = None, login: str = ""
) -> User:
    """An account with one role, from the day everything is recorded."""
    name = employee.name if employee else f"Prøve {role}"
    user = open_account(
        municipality=municipality,
        login=login or (employee.code if employee else f"{role}.web"),
        name=name,
        employee=employee,
        by=LEADER,
        at=AT,
    )
    give_role(user=user, role=role, clinic=clinic, from_on=AT.date(), by=LEADER, at=AT)
    return user


def signed_in(user: User, *, at: datetime, seen_at: datetime | None = None) -> Client:
    """A browser in which somebody has signed in at an instant, and has done nothing since, or was last seen later."""
    browser = Client()
    browser.force_login(user, backend=BACKEND)
    session = browser.session
    session[SIGNED_IN_AT] = at.timestamp()
    session[SEEN_AT] = (seen_at or at).timestamp()
    session.save()
    return browser


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words += data.split()


def text_of(page: bytes) -> str:
    """What a page says, in one line."""
    reader = _Text()
    reader.feed(page.decode())
    return " ".join(reader.words)
