"""The pages in nynorsk and English: nothing on them is left in bokmål, and whoever reads chooses."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
import time_machine
from babel.messages.catalog import Catalog
from django.conf import settings
from django.test import Client, RequestFactory
from django.utils.translation import gettext, ngettext, override
from tools import translations
from tools.translations import LANGUAGES, LOCALE, MsgId, check, mo_of, po_of, problems_in, texts_written, write

from fjorten.access.permissions import Role
from fjorten.access.policies import BLOCKED, IN_NEED
from fjorten.access.sign_in import WrongNameOrPassword
from fjorten.appointments.actions.booking import book
from fjorten.appointments.actions.reception import note_drop_in
from fjorten.appointments.models import Appointment, DropIn
from fjorten.followup.actions.cases import open_case
from fjorten.followup.triggers import Trigger, sentences_in
from fjorten.kernel.spoken import Spoken, in_a_row, named, spoken
from fjorten.kernel.working_days import holidays_of
from fjorten.nightly.standing import Facts, Kind, LastNight, alarms
from fjorten.nightly.usual import Unusual
from fjorten.organisation.models import Clinic
from fjorten.people.models import Person
from fjorten.web import words
from fjorten.web.errors import broken
from tests.factories.clinic import AT, CLERK, NURSE, StaffedClinic, an_enrolled_child, step_of
from tests.factories.family import a_guardian, family_of
from tests.web.at_work import an_account, signed_in
from tests.web.conftest import NOW
from tests.web.pages import Element, read
from tests.web.test_register import a_child, a_finding

COOKIE = settings.LANGUAGE_COOKIE_NAME
SEEN = ("aria-label", "placeholder", "title", "alt")


@cache
def catalogue(language: str) -> Catalog:
    return translations._read(LOCALE / language / "LC_MESSAGES", language)


@cache
def left_of(language: str) -> tuple[set[str], re.Pattern[str]]:
    """What must not stand on a page in a language: every text in bokmål that reads otherwise there, whole or with values in it."""
    pairs = [
        (one, other)
        for message in catalogue(language)
        if message.id
        for one, other in zip(
            message.id if isinstance(message.id, tuple) else [message.id],
            message.string if isinstance(message.string, tuple) else [message.string],
            strict=True,
        )
    ]
    said = {other.lower() for _, other in pairs}
    differing = [one for one, other in pairs if one.lower() not in said]
    whole = {one.lower() for one in differing if "%(" not in one}
    long = [one for one in differing if "%(" in one and len(re.findall(r"\w{3,}", re.sub(r"%\(\w+\)\w", "", one))) > 1]
    shapes = (re.sub(r"%\\\(\w+\\\)\w", ".+", re.escape(one)) for one in long)
    return whole, re.compile("|".join(f"(?:{shape})" for shape in shapes), re.I)


def pieces(element: Element, lang: str) -> Iterator[str]:
    """What a page says piece by piece; what is marked as another language than the page's is left out."""
    for child in element.children:
        if isinstance(child, str):
            yield from (piece.strip(" .:,") for piece in child.split(" · "))
        elif child.tag not in {"script", "style"} and child.attrs.get("lang", lang) == lang:
            yield from (child.attrs[name] or "" for name in SEEN if name in child.attrs)
            yield from pieces(child, lang)


@cache
def is_bokmaal(piece: str, language: str) -> bool:
    whole, shapes = left_of(language)
    return piece.lower() in whole or f"{piece}.".lower() in whole or shapes.fullmatch(piece) is not None


def bokmaal_on(page: bytes, language: str) -> set[str]:
    [html] = list(read(page.decode()).all("html"))
    assert html.attrs["lang"] == language
    said = {" ".join(piece.split()) for piece in pieces(html, language)}
    return {piece for piece in said if is_bokmaal(piece, language)}


@pytest.fixture
def busy(here: StaffedClinic, clock: time_machine.Traveller) -> dict[str, Any]:
    """A clinic with something on every page: a time today and tomorrow, a drop-in, a case, findings, and a child without a record."""
    Clinic.objects.filter(pk=here.clinic.pk).update(name="Lillevik", telephone="+4700000009", visiting_address="Gata 1")
    zofia = an_enrolled_child(here, given_name="Zofia", family_name="Nowak")
    family_of(zofia.person, a_guardian(language="pl", needs_interpreter=True))
    book(planned_step=step_of(zofia, "C04_M3"), slot=here.slot("2026-04-06 09:00"), by=CLERK, at=AT)
    amir = an_enrolled_child(here, given_name="Amir", family_name="Rahimi")
    family_of(amir.person, a_guardian(language="ar", needs_interpreter=True))
    missed = book(planned_step=step_of(amir, "C04_M3"), slot=here.slot("2026-04-01 09:00"), by=CLERK, at=NOW - timedelta(days=20))
    Appointment.objects.filter(pk=missed.pk).update(state="did_not_attend", state_at=NOW - timedelta(days=2))
    missed.holds.all().delete()
    open_case(planned_step=step_of(amir, "C04_M3"), reason="Mor ringte", by=NURSE, at=AT)
    iben = an_enrolled_child(here, given_name="Iben", family_name="Solvang")
    family_of(iben.person, a_guardian())
    note_drop_in(person=iben.person, clinic=here.clinic, matter=DropIn.Matter.WEIGHING, by=CLERK, at=NOW)
    finding = a_finding(a_child(here.municipality, given_name="Mateo"))
    a_finding(
        a_child(here.municipality, given_name="Berit"), "identifier_changed", evidence={"number_since": "2026-03-01", "status": "aktiv"}
    )
    nurse = signed_in(an_account(here.municipality, Role.NURSE, employee=here.nurse, clinic=here.clinic), at=NOW)
    return {"nurse": nurse, "case": amir.person, "finding": finding, "due": step_of(iben, "C04_M3")}


def visited(busy: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    """The pages as a nurse sees them, with what is said when something is not right."""
    browser, child = busy["nurse"], f"/child/{busy['case'].public_id}/"
    gets = ["/today/", "/today/?who=clinic", "/today/2026-04-07/", "/worklist/", "/worklist/?language=so", "/register/", "/nowhere/", child]
    gets += [f"{child}case/", f"{child}chronology/?with=assessments"]
    gets += [f"{child}case/{act}/" for act in ("step", "pause", "hand-over", "close", "assess")]
    for address in gets:
        yield address, browser.get(address).content
    posts: list[tuple[str, dict[str, Any]]] = [
        ("/search/", {"q": "Zof"}),
        ("/search/", {"q": ""}),
        ("/worklist/print/", {}),
        ("/worklist/invite/", {"pick": f"due.{busy['due'].pk}"}),
        ("/worklist/give/", {"pick": f"missed.{step_of(busy['case'].enrolments.get(), 'C04_M3').pk}"}),
        ("/register/settle/", {"item": busy["finding"].pk}),
        (f"{child}case/step/", {}),
        (f"{child}case/assess/", {"duty": "yes", "assessed_on": "2026-04-06", "grounds": "."}),
        ("/reception/", {"appointment": "x"}),
    ]
    for address, fields in posts:
        yield address, browser.post(address, fields, follow=True).content


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_says_anything_in_bokmaal(busy: dict[str, Any], language: str) -> None:
    busy["nurse"].cookies[COOKIE] = language
    found = {address: bokmaal_on(page, language) for address, page in visited(busy)}
    assert {address: said for address, said in found.items() if said} == {}


def test_the_crawl_would_find_bokmaal(busy: dict[str, Any]) -> None:
    page = busy["nurse"].get("/worklist/").content.replace(b'lang="nb"', b'lang="en"', 1)
    found = bokmaal_on(page, "en")
    assert {"Barn som trenger noe nå", "Hva mangler", "Skriv ut liste"} <= found


@pytest.fixture(scope="module")
def written() -> list[MsgId]:
    return list(texts_written())


class TestTheFiles:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_text_in_the_source_is_there_and_keeps_its_values(self, written: list[MsgId], language: str) -> None:
        there = catalogue(language)
        missing = [text for text in written if there.get(text if isinstance(text, str) else text[0]) is None]
        assert missing == []
        assert problems_in(there) == []

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_what_the_pages_read_is_made_from_what_translators_read(self, language: str) -> None:
        there = catalogue(language)
        again = translations._merged(language, [message.id for message in there if message.id], there)
        folder = LOCALE / language / "LC_MESSAGES"
        assert (folder / "django.po").read_text(encoding="utf-8") == po_of(again)
        assert (folder / "django.mo").read_bytes() == mo_of(again)

    @pytest.mark.parametrize(
        ("text", "translated", "problem"),
        [
            ("Møtt", "", "not translated"),
            ("Hos %(whose)s", "With", "other values than in the text (none)"),
            ("Hos %(whose)s", "With %(who)s", "other values than in the text (%(who)s)"),
            ("Hos %(whose)s", "With %(whose)d", "other values than in the text (%(whose)d)"),
            (" og ", "and", "other spaces at its ends"),
            (("%(n)d dag", "%(n)d dager"), ("%(n)d day", ""), "a form is missing"),
            (("%(n)d dag", "%(n)d dager"), ("%(n)d day", "days"), "other values than in the text (none)"),
        ],
    )
    def test_what_is_wrong_with_a_translation_is_told(self, text: Any, translated: Any, problem: str) -> None:
        catalog = Catalog(locale="en")
        catalog.add(text, translated)
        [told] = problems_in(catalog)
        assert problem in told

    def test_a_number_may_be_left_out_of_the_singular(self) -> None:
        catalog = Catalog(locale="en")
        catalog.add(("Sett opp timen", "Sett opp %(n)d timer"), ("Book %(n)d appointment", "Book %(n)d appointments"))
        assert problems_in(catalog) == []

    def test_a_text_no_page_says_any_more_is_told_and_then_gone(self, tmp_path: Any) -> None:
        write("en", ["Møtt", "Hent inn"], tmp_path)
        file = tmp_path / "django.po"
        file.write_text(file.read_text().replace('msgid "Møtt"\nmsgstr ""', 'msgid "Møtt"\nmsgstr "Attended"'))
        told = check("en", ["Møtt"], tmp_path)
        assert "en: no page says «Hent inn» any more" in told
        assert "en: django.mo is not made from django.po. Run: make translations" in told
        assert write("en", ["Møtt"], tmp_path) == []
        assert check("en", ["Møtt"], tmp_path) == []
        assert "Hent inn" not in file.read_text()


class TestWhatRoomsBelowSay:
    def test_a_refusal_is_said_in_the_pages_language(self) -> None:
        with override("en"):
            assert words.refusal(WrongNameOrPassword()).startswith("The user name or the password is wrong.")
        assert words.refusal(WrongNameOrPassword()) == WrongNameOrPassword.sentence

    def test_sentences_in_a_row_are_said_one_by_one(self) -> None:
        both = in_a_row((BLOCKED, "", IN_NEED))
        assert both == f"{BLOCKED} {IN_NEED}"
        with override("en"):
            assert words.on_screen(both).startswith("The family does not want you to see the record. If there are weighty reasons")

    def test_a_sentence_with_values_is_said_with_the_same_values(self) -> None:
        step = named({"nb": "6 uker", "nn": "6 veker", "en": "6 weeks"})
        said = spoken("Time til %(step)s hos %(who)s: %(state)s.", step=step, who="100 % Kari", state="ingen kom")
        assert said == "Time til 6 uker hos 100 % Kari: ingen kom."
        with override("en"):
            assert words.on_screen(said) == "Appointment for 6 weeks with 100 % Kari: nobody came."
        with override("nn"):
            assert words.on_screen(said) == "Time til 6 veker hos 100 % Kari: ingen kom."

    @pytest.mark.parametrize("text", ["", "Mor ringte, 100 % sikker", "%(n)s"])
    def test_what_a_person_wrote_stands_as_it_is(self, text: str) -> None:
        with override("en"):
            assert words.on_screen(text) == text

    def test_whoever_did_something_is_called_by_name_and_a_job_in_the_language(self) -> None:
        with override("en"):
            assert words.who("nattkjøring", {"nattkjøring": "Møtt"}) == "Møtt", "a name is not translated"
            assert words.who("nattkjøring", {}) == gettext("nattkjøring") != "nattkjøring"

    def test_every_alarm_can_be_said_in_another_language(self, written: list[MsgId]) -> None:
        nothing_has_run = Facts(begun_at=AT - timedelta(hours=9), employed=0, is_nameless=True, not_found=("Nord",), gateways_down=("sms",))
        night = LastNight(
            on=AT.date(),
            finished_at=AT - timedelta(days=2),
            balanced=False,
            troubles={"NobodyToOwnIt": 1, "ValueError": 1},
            unusual=(Unusual("cases.opened", 9, 1.0),),
            not_placeable=1,
        )
        many = Facts(
            last=night,
            leaders=0,
            in_the_air=1,
            uncertain_without_task=1,
            tasks_overdue=1,
            cases_overdue=1,
            leaders_cases_overdue=1,
            letters_waiting=1,
        )
        found = [*alarms(nothing_has_run, at=AT), *alarms(many, at=AT), *alarms(Facts(last=replace(night, balanced=None)), at=AT)]
        assert {one.kind for one in found} == set(Kind)
        said = [one.sentence for one in found]
        assert [one for one in said if not isinstance(one, Spoken) or one.sentence not in written] == []

    def test_two_holidays_on_one_day_are_said_one_by_one(self) -> None:
        both = holidays_of(2008)[date(2008, 5, 1)]
        assert both == "1. mai og Kristi himmelfartsdag"
        assert isinstance(both, Spoken)
        assert list(both.values.values()) == ["1. mai", "Kristi himmelfartsdag"]

    def test_what_the_system_noted_of_several_facts_is_taken_apart(self) -> None:
        note = f"{Trigger.WINDOW_PASSED.sentence} {Trigger.NOTHING_BOOKED.sentence}"
        assert sentences_in(note) == note
        with override("en"):
            assert words.on_screen(sentences_in(note)).startswith("The window of the consultation has closed, and it was not held. No app")
        assert sentences_in(f"{note} Ring mor.") == f"{note} Ring mor."


class TestTheForms:
    @pytest.mark.parametrize(("language", "one", "many"), [("nn", "1 veke", "2 veker"), ("en", "1 week", "2 weeks")])
    def test_one_and_many_are_said_differently(self, language: str, one: str, many: str) -> None:
        with override(language):
            assert [ngettext("%(n)d uke", "%(n)d uker", n) % {"n": n} for n in (1, 2)] == [one, many]

    @pytest.mark.parametrize(
        ("language", "when", "day"),
        [
            ("nb", "06.04.2026 kl. 09.10", "mandag 6. april"),
            ("nn", "06.04.2026 kl. 09.10", "måndag 6. april"),
            ("en", "06.04.2026 at 09:10", "Monday 6 April"),
        ],
    )
    def test_days_and_clocks_follow(self, language: str, when: str, day: str) -> None:
        with override(language):
            assert (words.when(NOW), words.long_day(NOW.date())) == (when, day)


class TestChoosing:
    def test_the_sign_in_page_can_be_read_in_each(self, client: Client, db: None) -> None:
        for language, words_there in (("nb", "Brukernavn"), ("nn", "Brukarnamn"), ("en", "User name")):
            assert client.post("/language/", {"language": language, "next": "/sign-in/"})["Location"] == "/sign-in/"
            page = client.get("/sign-in/").content.decode()
            assert f'<html lang="{language}"' in page
            assert words_there in page
            [current] = [one for one in read(page).all("button") if one.attrs.get("aria-current")]
            assert (current.attrs["value"], current.attrs["lang"]) == (language, language)

    def test_the_choice_is_for_the_server_only_and_lasts(self, client: Client) -> None:
        cookie = client.post("/language/", {"language": "nn"}).cookies[COOKIE]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert bool(cookie["secure"]) == settings.SESSION_COOKIE_SECURE
        assert int(cookie["max-age"]) == 365 * 24 * 60 * 60

    @pytest.mark.parametrize("nonsense", ["", "de", "nb-no", "../en", "en\x00", "x" * 5000, "nynorsk"])
    def test_a_language_there_is_none_of_is_bokmaal(self, client: Client, db: None, nonsense: str) -> None:
        client.cookies[COOKIE] = nonsense
        assert '<html lang="nb"' in client.get("/sign-in/").content.decode()
        assert client.post("/language/", {"language": nonsense}).status_code == 404

    @pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)", "\\\\example.org", ""])
    def test_nobody_is_sent_to_somebody_elses_pages(self, client: Client, elsewhere: str) -> None:
        assert client.post("/language/", {"language": "en", "next": elsewhere})["Location"] == "/"

    def test_it_is_not_changed_by_a_link(self, client: Client, db: None) -> None:
        assert client.get("/language/?language=en").status_code == 405

    def test_one_stays_on_the_page_one_was_on(self, busy: dict[str, Any]) -> None:
        page = busy["nurse"].get("/worklist/?language=pl&group=due")
        assert _there(page.content) == "/worklist/?language=pl&group=due"

    def test_from_the_answer_to_a_form_one_comes_to_where_work_begins(self, busy: dict[str, Any]) -> None:
        there = _there(busy["nurse"].post("/search/", {"q": "Zof"}).content)
        assert there == "", "what was sent is not sent again"
        answer = busy["nurse"].post("/language/", {"language": "en", "next": there}, follow=True)
        assert (answer.status_code, answer.request["PATH_INFO"]) == (200, "/today/")

    def test_it_is_still_chosen_after_signing_out(self, busy: dict[str, Any]) -> None:
        browser = busy["nurse"]
        browser.post("/language/", {"language": "en"})
        assert "cookies" not in browser.post("/sign-out/")["Clear-Site-Data"]
        assert '<html lang="en"' in browser.get("/sign-in/").content.decode()


def _there(page: bytes) -> str | None:
    [form] = [one for one in read(page.decode()).all("form") if one.attrs.get("action") == "/language/"]
    [there] = [one for one in form.all("input") if one.attrs.get("name") == "next"]
    return there.attrs["value"]


class TestWhatWentWrong:
    @pytest.mark.parametrize(("language", "sentence"), [("nn", "Noko gjekk gale hos oss"), ("en", "Something went wrong on our side")])
    def test_our_own_failure_is_told_in_the_language_too(self, language: str, sentence: str) -> None:
        with override(language):
            page = broken(RequestFactory().get("/")).content.decode()
        assert f'<html lang="{language}"' in page
        assert sentence in page

    def test_a_form_that_is_too_old_is_refused_in_the_language(self, db: None) -> None:
        browser = Client(enforce_csrf_checks=True)
        browser.cookies[COOKIE] = "en"
        answer = browser.post("/sign-in/", {"name": "mons"})
        assert answer.status_code == 403
        assert "The form could not be accepted" in answer.content.decode()

    def test_whoever_may_not_see_a_page_is_told_in_the_language(self, here: StaffedClinic, clock: time_machine.Traveller) -> None:
        browser = signed_in(an_account(here.municipality, Role.ANALYST), at=NOW)
        browser.cookies[COOKIE] = "en"
        assert "Your role gives no access to this page" in browser.get("/today/").content.decode()


def test_a_message_to_a_family_is_marked_with_its_own_language(busy: dict[str, Any]) -> None:
    browser = busy["nurse"]
    browser.cookies[COOKIE] = "en"
    page = read(browser.post("/worklist/invite/", {"pick": f"due.{busy['due'].pk}"}).content.decode())
    [preview] = list(page.all("blockquote"))
    assert preview.attrs["lang"] == "nb"


def test_what_a_person_noted_is_marked_as_norwegian(busy: dict[str, Any]) -> None:
    browser = busy["nurse"]
    browser.cookies[COOKIE] = "en"
    page = read(browser.get(f"/child/{busy['case'].public_id}/case/").content.decode())
    assert [one.words for one in page.all("p") if one.attrs.get("lang") == "no"] == ["Mor ringte"]


def test_stored_words_do_not_follow_the_language_of_who_stores_them(busy: dict[str, Any]) -> None:
    browser = busy["nurse"]
    browser.cookies[COOKIE] = "en"
    child = Person.objects.get(given_name="Mateo")
    browser.post(f"/child/{child.public_id}/open-journal/")
    assert child.enrolments.get().reason == "Bor i kommunen"
    with override("en"):
        assert gettext("Uten journal") != "Uten journal"
