"""Signing in with a local account, and out."""

import pytest
import time_machine
from django.test import Client

from fjorten.access.actions import set_password
from fjorten.access.permissions import Role
from fjorten.organisation.models import Municipality
from tests.factories.clinic import AT, LEADER
from tests.web.at_work import an_account, text_of

PASSWORD = "en lang frase om fjord"


@pytest.fixture
def browser(municipality: Municipality, clock: time_machine.Traveller) -> Client:
    set_password(user=an_account(municipality, Role.CLERK, login="mons"), password=PASSWORD, by=LEADER, at=AT)
    return Client()


def test_with_name_and_password_one_comes_where_one_wanted(browser: Client) -> None:
    answer = browser.post("/sign-in/", {"name": "mons", "password": PASSWORD, "next": "/today/2026-04-07/"})
    assert (answer.status_code, answer["Location"]) == (302, "/today/2026-04-07/")
    assert browser.get("/today/").status_code == 200


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)", "\\\\example.org"])
def test_nobody_is_sent_to_somebody_elses_pages(browser: Client, elsewhere: str) -> None:
    answer = browser.post("/sign-in/", {"name": "mons", "password": PASSWORD, "next": elsewhere})
    assert answer["Location"] == "/"


@pytest.mark.parametrize(
    ("name", "password"), [("mons", "gjettet-1"), ("nobody", PASSWORD), ("", ""), ("\x00", "gjettet-2"), ("a" * 200, "gjettet-3")]
)
def test_what_is_wrong_is_said_the_same_way(browser: Client, name: str, password: str) -> None:
    answer = browser.post("/sign-in/", {"name": name, "password": password})
    assert answer.status_code == 422
    assert "Brukernavnet eller passordet er feil." in text_of(answer.content)
    assert password not in answer.content.decode() or not password


def test_signing_out_ends_it_and_the_browser_forgets(browser: Client) -> None:
    browser.post("/sign-in/", {"name": "mons", "password": PASSWORD})
    answer = browser.post("/sign-out/")
    assert '"storage"' in answer["Clear-Site-Data"]
    assert browser.get("/today/").status_code == 302
    assert browser.get("/sign-out/").status_code == 405
