"""
A window of the browser, and what somebody does and sees in it by the words on the page; and a clinic with an account for everybody.

    kari = Window(browser, address)
    kari.signs_in("kari")
    kari.follows("Arbeidslister")
    kari.sees("Zofia Nowak")
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, ViewportSize

from fjorten.access.models import User
from fjorten.access.permissions import Role
from fjorten.organisation.actions import open_clinic
from fjorten.organisation.models import Employee
from tests.browser import axe
from tests.factories.access import PASSWORD, an_account
from tests.factories.clinic import LEADER, StaffedClinic
from tests.factories.night import AT, a_municipality_with_work
from tests.web.at_work import signed_in

NOW = AT  # a Tuesday, ten o'clock
WIDE: Final[ViewportSize] = {"width": 1280, "height": 900}
NARROW: Final[ViewportSize] = {"width": 320, "height": 800}
SEARCH = "Søk etter barn, forelder eller fødselsnummer"
NEIGHBOUR = "nora"  # a nurse of the same municipality's other clinic

# A shape and a colour with no word beside them, and none to be read aloud: those who do not see them are told nothing.
_MARKS_ALONE = """() => [...document.querySelectorAll("svg.mark[aria-hidden]")]
    .map((one) => one.closest(".st, li, a, td, p") || one.parentElement)
    .filter((around) => !around.textContent.trim())
    .map((around) => around.outerHTML.slice(0, 160))"""

# One sign-in name for each role; that of the employee, where the role has one.
PEOPLE = {
    Role.NURSE: "kari",
    Role.DOCTOR: "ola",
    Role.CLERK: "merkantil",
    Role.LEADER: "leder",
    Role.ANALYST: "analytiker",
    Role.PRIVACY_OFFICER: "personvern",
    Role.ADMINISTRATOR: "driftsansvarlig",
}


def opened_clinic(folder: Path) -> StaffedClinic:
    """The clinic of `factories.night` with an account for everybody, and a neighbouring clinic with one nurse."""
    here = a_municipality_with_work(folder)
    for role, login in PEOPLE.items():
        employee = Employee.objects.filter(municipality=here.municipality, code=login).first()
        clinics = [here.clinic] if employee else [None]
        an_account(here.municipality, login, employee=employee, roles=[role], clinics=clinics, has_password=True)
    north = open_clinic(municipality=here.municipality, name="Nord", by=LEADER, at=AT)
    an_account(here.municipality, NEIGHBOUR, name="Nora Nype", roles=[Role.NURSE], clinics=[north], has_password=True)
    return here


class Window:
    """One window of the browser, as whoever sits before it uses it. What the page complains of to the console is kept."""

    def __init__(self, browser: Browser, address: str, **traits: Any) -> None:
        self.address = address
        self.context: BrowserContext = browser.new_context(base_url=address, viewport=WIDE, locale="nb-NO", **traits)
        self.context.set_default_timeout(30_000)
        self.page: Page = self.context.new_page()
        self.plain = Client()  # the same person's, for what is to be known before a page is opened
        self.complaints: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: ConsoleMessage) -> None:
        # A page that answers 422 or 403 is one of ours; that the browser says so as well is no complaint of it.
        if message.type in {"error", "warning"} and "the server responded with a status of 4" not in message.text:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def has_a_session_of(self, login: str) -> None:
        """Be signed in already, as after the form: for what is about something else."""
        user = User.objects.get(login=login)
        self.plain = signed_in(user, at=datetime.now(tz=UTC))
        key = self.plain.cookies[settings.SESSION_COOKIE_NAME].value
        self.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": self.address}])

    def has_axe_ready(self) -> None:
        """Have axe on every page from its beginning: quicker than fetching it where many pages are tried."""
        self.context.add_init_script(path=axe.FILE)

    def speaks(self, language: str) -> None:
        """Have chosen a language."""
        self.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": self.address}])

    def opens(self, there: str) -> Response:
        """Go to an address."""
        answer = self.page.goto(there)
        assert answer is not None
        return answer

    def signs_in(self, login: str) -> None:
        """Sign in by the form."""
        self.opens(reverse("sign_in"))
        self.writes(PASSWORD, into="Passord")
        self.writes(login, into="Brukernavn")
        self.presses("Logg inn")

    def follows(self, words: str) -> None:
        """Follow the link with these words in it."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=words).first.click()

    def presses(self, words: str) -> None:
        """Press the button with these words, whomever it names besides."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=words).first.click()

    def searches_for(self, words: str) -> None:
        """Search for a child in the head of the page."""
        self.writes(words, into=SEARCH)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def ticks(self, label: str) -> None:
        """Tick a box, or choose among answers."""
        self.page.get_by_label(label, exact=True).check()

    def writes(self, text: str, *, into: str) -> None:
        """Write into the field with this label."""
        self.page.get_by_label(into, exact=True).fill(text)

    def chooses(self, choice: str, *, among: str) -> None:
        """Choose from a list by its label and by the beginning of what is chosen."""
        field = self.page.get_by_label(among, exact=True)
        wanted = next(one for one in field.get_by_role("option").all_inner_texts() if one.startswith(choice))
        field.select_option(label=wanted)

    def reads(self) -> str:
        """What the page says, in one line."""
        return " ".join(self.page.locator("body").inner_text().split())

    def sees(self, *words: str) -> None:
        """Find all these words on the page."""
        read = self.reads()
        for one in words:
            assert one in read, f"«{one}» is not on {self.page.url}: {read}"

    def sees_nothing_of(self, *words: str) -> None:
        """Find none of these words on the page."""
        read = self.reads()
        for one in words:
            assert one not in read, f"«{one}» is on {self.page.url}: {read}"

    def sees_an_accessible_page(self) -> None:
        """Find nothing wrong with the page."""
        assert self.wrongs() == []

    def sends(self, there: str, fields: Sequence[tuple[str, str]]) -> Response:
        """Send a form with these fields, whatever it looks like: for pages that only a form leads to."""
        if not self.page.url.startswith(self.address):
            self.opens(reverse("start"))
        send = """([address, fields]) => {
            const form = Object.assign(document.createElement("form"), {method: "post", action: address});
            const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
            for (const [name, value] of [["csrfmiddlewaretoken", token], ...fields])
                form.append(Object.assign(document.createElement("input"), {name, value}));
            document.body.append(form);
            form.submit();
        }"""
        with self.page.expect_navigation() as leads:
            self.page.evaluate(send, [there, [list(pair) for pair in fields]])
        answer = leads.value
        assert answer is not None
        return answer

    def wrongs(self, *, on: Sequence[ViewportSize] = (WIDE, NARROW)) -> list[str]:
        """What is wrong with the page as it stands: what axe finds on these screens, and what does not fit on a telephone's."""
        found = []
        for screen in on:
            self.page.set_viewport_size(screen)
            found += [f"{screen['width']} px: {one}" for one in axe.violations(self.page)]
        found += [f"a mark without words: {one}" for one in self.page.evaluate(_MARKS_ALONE)]
        self.page.set_viewport_size(NARROW)
        if self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append(f"{NARROW['width']} px: the page has to be moved sideways to be read")
        self.page.set_viewport_size(WIDE)
        found += self.complaints
        self.complaints.clear()
        return found
