"""
Every page of the staff's is accessible: in bokmål and in English, on a desk's screen and on a telephone's, and complains of nothing.

The addresses are those of `web/addresses.py`: a new one is walked by itself, or the test says what it lacks.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

import pytest
import time_machine
from django.urls import URLPattern, reverse
from playwright.sync_api import Browser
from tools.pages.matrix import methods_of

from fjorten.access.models import User
from fjorten.access.permissions import GRANTS
from fjorten.appointments.actions.booking import book
from fjorten.appointments.actions.reception import note_drop_in
from fjorten.appointments.models import Appointment
from fjorten.followup.actions.assessments import record_assessment, record_report_sent
from fjorten.followup.actions.steps import Planned, record_step
from fjorten.followup.contact import How, Outcome
from fjorten.followup.models import Case
from fjorten.ledger.worklist import Group
from fjorten.messages.incoming import Meaning
from fjorten.messages.models import ContactTask, IncomingMessage, Message, PrintBatch
from fjorten.nightly.actions import run_night
from fjorten.organisation.models import Employee
from fjorten.people.facts import Protection
from fjorten.registers.models import WorkItem
from fjorten.web.addresses import urlpatterns
from fjorten.web.gate import EVERYBODY, SIGNED_IN
from tests.browser.clinic import NARROW, NEIGHBOUR, NOW, PEOPLE, WIDE, Window, opened_clinic
from tests.databases import database_of_its_own
from tests.factories.clinic import CLERK, NURSE, StaffedClinic, an_enrolled_child, step_of
from tests.factories.family import a_guardian, family_of
from tests.factories.night import a_night

ADDRESSES: Final = {pattern.name: pattern for pattern in urlpatterns if isinstance(pattern, URLPattern)}
# Every page in both languages and at both widths in the long run (`make journeys`); else the pages of the menu, every
# other one wide in bokmål, and narrow in English.
IS_LONG_RUN: Final = os.environ.get("FJORTEN_LONG_RUN") == "1"
MAIN: Final = {
    *("sign_in", "today", "worklist", "child", "case", "week", "messages"),
    *("register", "access_log", "settings", "settings_change_opening", "status"),
}
PAGES: Final = [name for name, pattern in ADDRESSES.items() if "GET" in methods_of(pattern) and (IS_LONG_RUN or name in MAIN)]
SCREENS: Final = [{"nb": [WIDE]}, {"en": [NARROW]}]


def screens_of(nth: int) -> dict[str, list[Any]]:
    """In which languages a page is looked at, and on which screens."""
    return {"nb": [WIDE, NARROW], "en": [WIDE, NARROW]} if IS_LONG_RUN else SCREENS[nth % len(SCREENS)]


OK: Final = 200

# What stands behind the question mark of an address, and who opens it when it is not the first who may.
ASKED: Final = {
    "case_correct": "?entry=2",
    "case_report": "?assessment=1",
    "case_answer": "?answer=1",
    "times": "?step=5",
    "cancel_appointment": "?step=4",
    "extract_of_log": "?asker=guardian",
}
OPENED_BY: Final = {"break_glass": NEIGHBOUR}


@dataclass
class World:
    """The pages with something on each of them, and a window for everybody who has one open."""

    browser: Browser
    address: str
    samples: dict[str, Any]
    numbers: dict[str, dict[str, Any]]
    sent: dict[str, list[tuple[str, str]]]
    windows: dict[str, Window] = field(default_factory=dict)

    def window_of(self, login: str) -> Window:
        """The window of somebody who is signed in; "" is whoever is not."""
        if login not in self.windows:
            self.windows[login] = Window(self.browser, self.address)
            self.windows[login].has_axe_ready()
            if login:
                self.windows[login].has_a_session_of(login)
        return self.windows[login]


@pytest.fixture(scope="module")
def world(
    browser: Browser, address: str, django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("world")
    with django_db_blocker.unblock(), database_of_its_own(), time_machine.travel(NOW, tick=False):
        here = opened_clinic(folder)
        run_night(night=a_night(here, folder))
        samples, sent = _something_everywhere(here)
        opened = World(browser, address, samples, _numbers(here), sent)
        yield opened
        for window in opened.windows.values():
            window.context.close()


def _something_everywhere(here: StaffedClinic) -> tuple[dict[str, Any], dict[str, list[tuple[str, str]]]]:
    """
    Somebody comes today and tomorrow, somebody waits, one is due, and there is a case in which everything has been done once. Gives what
    stands for the words of addresses, and what is sent by the forms that lead to pages of their own.
    """
    today = an_enrolled_child(here, given_name="Iben", family_name="Solvang")
    family_of(today.person, a_guardian(telephone="+4700000021", nth=21, language="ar", needs_interpreter=True))
    book(planned_step=step_of(today, "C04_M3"), slot=here.slot("2026-03-10 10:00"), by=CLERK, at=NOW - timedelta(days=9))
    tomorrow = an_enrolled_child(here, given_name="Leah", family_name="Berg")
    book(planned_step=step_of(tomorrow, "C04_M3"), slot=here.slot("2026-03-11 10:00"), by=CLERK, at=NOW - timedelta(days=9))
    note_drop_in(person=tomorrow.person, clinic=here.clinic, matter="weighing", by=CLERK, at=NOW - timedelta(minutes=14))
    due = an_enrolled_child(here, given_name="Omar", family_name="Warsame", born_on=date(2025, 12, 9))
    family_of(due.person, a_guardian(telephone="+4700000022", nth=22, language="ar"))
    case = Case.objects.filter(trigger="missed").get()
    nurse: dict[str, Any] = {"by": NURSE, "at": NOW}
    done: dict[str, Any] = {"done_at": NOW, "how": How.TELEPHONE, "outcome": Outcome.REACHED}
    record_step(case=case, step=case.next_step, then=Planned("home_visit", owner=here.nurse), **done, **nurse)
    told: dict[str, Any] = {"duty_to_report": True, "criteria": ["a"], "grounds": "Begrunnelsen"}
    assessed = record_assessment(person=case.person, case=case, assessed_by=here.nurse, assessed_on=NOW.date(), **told, **nurse)
    record_report_sent(assessment=assessed, sent_at=NOW, **nurse)
    picked = [("pick", f"{Group.DUE}.{step_of(due, 'C04_M3').pk}")]
    finding = ("item", str(WorkItem.objects.get(rule="lives_here_without_journal").pk))
    sent = {
        "search": [("q", "Iben")],
        "print_worklist": [],
        "invite": picked,
        "give_cases": picked,
        "open_journals": picked,
        "case_step": [("outcome", ""), ("then", "")],
        "register_settle": [finding],
        "register_wait": [finding],
    }
    return {"public_id": case.person.public_id, "day": NOW.date()}, sent


def _numbers(here: StaffedClinic) -> dict[str, dict[str, Any]]:
    """What stands for a number or a word in the addresses where it means the same nowhere else, by the address's name."""
    written = IncomingMessage.objects.create(
        municipality=here.municipality,
        gateway="prøve",
        reference="1",
        from_number="+4700009999",
        text="Hei",
        meaning=Meaning.FREE_TEXT,
        received_at=NOW,
    )
    batch = PrintBatch.objects.create(
        municipality=here.municipality, produced_at=NOW, produced_by="prøve", file_name="prøve.pdf", file_digest="0" * 64, letters=0
    )
    account = User.objects.get(login=NEIGHBOUR)
    without_account = Employee.objects.filter(municipality=here.municipality, user__isnull=True).first()
    assert without_account is not None
    employee, opening, clinic, room = here.nurse.pk, here.openings[0].pk, here.clinic.pk, here.room.pk
    task = ContactTask.objects.latest("pk")  # about a child nobody here may see; the same about one they may
    task.pk, task.key, task.message, task.person = None, "prøve", None, Appointment.objects.filter(person__given_name="Iben").get().person
    task.save()
    theirs = {"person__journals__clinic": here.clinic, "person__protection": Protection.NONE}
    numbers = {
        "message": Message.objects.filter(**theirs).latest("pk").pk,
        "contact_task": task.pk,
        "unknown_sender": written.pk,
        "batch": batch.pk,
        "settings_employee": employee,
        "settings_leave": employee,
        "settings_deputy": employee,
        "settings_let_in": without_account.pk,
        "settings_change_role": account.roles_held.get().pk,
        "settings_end_role": account.roles_held.get().pk,
        "settings_rename_room": room,
        "settings_close_room": room,
        **dict.fromkeys(("settings_opening", "settings_change_opening", "settings_end_opening"), opening),
    }
    of_the_account = ("account", "give_role", "password", "close_account", "reopen_account", "unlock_account")
    of_the_clinic = ("rename_clinic", "clinic_found_at", "clinic_areas", "close_clinic", "add_room")
    numbers |= {f"settings_{name}": account.pk for name in of_the_account} | {f"settings_{name}": clinic for name in of_the_clinic}
    coming = {"public_id": Appointment.objects.filter(person__given_name="Iben").get().person.public_id}
    return {"text": {"kind": "invitation"}, "cancel_appointment": coming, **{name: {"number": number} for name, number in numbers.items()}}


def who_may(name: str) -> str:
    """The sign-in name of the first who may open an address; "" when everybody may."""
    needs = getattr(ADDRESSES[name].callback, "needs", None)
    if needs is EVERYBODY:
        return ""
    return OPENED_BY.get(name) or next(login for role, login in PEOPLE.items() if needs is SIGNED_IN or needs in GRANTS[role])


def address_of(world: World, name: str) -> str:
    """Where a page lies, with the samples for what its address takes."""
    taken = set(ADDRESSES[name].pattern.converters)
    known = world.samples | world.numbers.get(name, {})
    assert taken <= known.keys(), f"«{name}»: say in _numbers in this file what stands for {taken - known.keys()} in its address"
    return reverse(name, kwargs={one: known[one] for one in taken}) + ASKED.get(name, "")


@pytest.mark.parametrize(("nth", "name"), list(enumerate(PAGES)), ids=PAGES)
def test_every_page_is_accessible(world: World, nth: int, name: str) -> None:
    window, there = world.window_of(who_may(name)), address_of(world, name)
    answer = window.plain.get(there, follow=True)
    remedy = "let _something_everywhere in this file make what it shows, or say in ASKED what stands behind its question mark"
    assert answer.status_code == OK, f"«{name}»: {there} answers {answer.status_code} to {who_may(name) or 'everybody'}; {remedy}"
    found = {}
    for language, screens in screens_of(nth).items():
        window.speaks(language)
        window.opens(there)
        found[language] = window.wrongs(on=screens)
    assert not any(found.values()), found


FORMS: Final = [("search", 200), ("case_step", 422)]
MORE_FORMS: Final = [
    ("invite", 200),
    ("print_worklist", 200),
    ("give_cases", 200),
    ("open_journals", 200),
    ("register_settle", 422),
    ("register_wait", 422),
]


@pytest.mark.parametrize(("name", "status"), FORMS + MORE_FORMS if IS_LONG_RUN else FORMS)
def test_every_page_that_only_a_form_leads_to_is_accessible(world: World, name: str, status: int) -> None:
    window = world.window_of(who_may(name))
    found = {}
    for language, screens in screens_of(len(name)).items():
        window.speaks(language)
        assert window.sends(address_of(world, name), world.sent[name]).status == status
        assert window.page.url == f"{world.address}{address_of(world, name)}", "the form led to another page"
        found[language] = window.wrongs(on=screens)
    assert not any(found.values()), found


def test_what_is_refused_and_what_is_not_there_are_accessible_pages_too(world: World) -> None:
    window = world.window_of(NEIGHBOUR)
    for there, status in ((address_of(world, "child"), 403), ("/nowhere/", 404)):
        assert window.opens(there).status == status
        assert window.wrongs() == []


def test_a_page_with_something_wrong_is_found_out(world: World) -> None:
    window = world.window_of("")
    window.opens(reverse("sign_in"))
    window.page.evaluate("document.querySelector('main').innerHTML = '<img src=x><p style=color:red>' + 'm'.repeat(99) + '</p>'")
    wrongs = " ".join(window.wrongs())
    for one in ("1280 px: image-alt", "320 px: image-alt", "sideways", "Content Security Policy"):
        assert one in wrongs
