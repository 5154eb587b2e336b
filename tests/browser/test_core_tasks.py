"""The day's work is done by the keyboard alone, and without JavaScript: the same tasks, the same words on the page."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from fjorten.appointments.models import Appointment
from fjorten.followup.actions.cases import open_case
from tests.browser.clinic import SEARCH, Window
from tests.browser.hands import KeyboardAlone
from tests.browser.journey import ClinicJourney
from tests.factories.clinic import CLERK, step_of
from tests.factories.family import a_guardian

DUE = date(2025, 12, 9)  # three months old


@pytest.fixture(params=["by the keyboard alone", "without JavaScript"])
def kari(request: pytest.FixtureRequest, clinic: ClinicJourney) -> Window:
    """The nurse's window, nobody signed in at it yet."""
    if request.param == "without JavaScript":
        return clinic.window(java_script_enabled=False)
    clinic.windows.append(KeyboardAlone(clinic.browser, clinic.address))
    return clinic.windows[-1]


def test_a_day_at_the_clinic(clinic: ClinicJourney, kari: Window) -> None:
    """Sign in; put down who came; give a child a time after seeing what the family will read; close a step of a case."""
    coming = clinic.given_a_child_with_a_time("Iben", "Solvang", a_guardian(nth=61), begins="2026-03-10 09:30")
    due = clinic.given_a_child_without_a_time("Omar", "Warsame", a_guardian(telephone="+4700000062", nth=62, language="ar"), born_on=DUE)
    late = clinic.given_a_child_without_a_time("Zofia", "Nowak", a_guardian(nth=63), born_on=DUE)
    open_case(planned_step=step_of(late, "C04_M3"), reason="Mor ringte", by=CLERK, at=clinic.now)

    kari.signs_in("kari")
    kari.sees("Tirsdag 10. mars", "Iben Solvang")
    kari.presses("Kom Iben Solvang")
    kari.sees("Iben Solvang er kommet.")
    kari.presses("Hent inn Iben Solvang")
    kari.presses("Møtt Iben Solvang")
    kari.sees("Iben Solvang er ført som møtt.")
    coming.refresh_from_db()
    assert coming.state == "attended"

    kari.follows("Arbeidslister")
    kari.ticks("Velg Omar Warsame")
    kari.presses("Send innkalling")
    kari.sees("Se over før det sendes", "Omar har time")
    kari.presses("Sett opp timen og send")
    kari.sees("1 time er satt opp.")
    assert Appointment.objects.filter(person=due.person, state="offered").exists()

    kari.follows("Zofia Nowak")
    kari.follows("Ny fast time")
    kari.follows("Før resultat")
    kari.ticks("Fikk kontakt")
    kari.writes("De kommer til uken.", into="Notat")
    kari.presses("Før resultat")
    kari.sees("Steget er ført.", "De kommer til uken.")


class TestTheKeys:
    """Single keys help those who want them, and are in nobody's way."""

    @pytest.fixture
    def page(self, clinic: ClinicJourney) -> Page:
        for nth, name in enumerate(("Omar", "Leah"), start=71):
            clinic.given_a_child_without_a_time(name, "Warsame", a_guardian(telephone=f"+47000000{nth}", nth=nth), born_on=DUE)
        window = clinic.signed_in("kari")
        window.opens("/worklist/?group=due")
        return window.page

    def test_the_first_step_leads_past_the_menu(self, clinic: ClinicJourney) -> None:
        kari = KeyboardAlone(clinic.browser, clinic.address)
        clinic.windows.append(kari)
        kari.has_a_session_of("kari")
        kari.opens("/today/")
        assert kari.steps_on()["words"] == "Hopp til innholdet"
        kari.page.keyboard.press("Enter")
        assert kari.focused()["kind"] == "page"
        assert kari.steps_on()["words"] == "Min dag"

    def test_they_move_pick_and_search(self, page: Page) -> None:
        for key in "jx":
            page.keyboard.press(key)
        page.keyboard.press("j")
        expect(page.get_by_role("checkbox", checked=True)).to_have_count(1)
        expect(page.get_by_text("1 valgt")).to_be_visible()
        expect(page.locator(".cur").get_by_role("link").first).to_be_focused()
        page.keyboard.press("/")
        expect(page.get_by_label(SEARCH)).to_be_focused()

    def test_they_are_letters_where_somebody_writes(self, page: Page) -> None:
        page.get_by_label(SEARCH).focus()
        page.keyboard.type("jkxta/")
        expect(page.get_by_label(SEARCH)).to_have_value("jkxta/")
        expect(page.get_by_role("checkbox", checked=True)).to_have_count(0)
        expect(page.locator(".cur")).to_have_count(0)

    def test_they_can_be_switched_off(self, page: Page) -> None:
        page.evaluate("document.documentElement.dataset.keys = 'off'")
        for key in "jx/":
            page.keyboard.press(key)
        expect(page.locator(".cur")).to_have_count(0)
        expect(page.get_by_label(SEARCH)).not_to_be_focused()
