"""The search: who is found, for whose eyes, and what is written down about it."""

import re
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fjorten.access.permissions import Role
from fjorten.audit.models import AuditEvent
from fjorten.organisation.actions import open_clinic
from fjorten.people.models import Identifier, ParentalResponsibility, Person
from fjorten.people.search import Kind, Sought, sought_in
from fjorten.web.search.presenters import MOST
from tests.factories.clinic import CLERK, StaffedClinic, an_enrolled_child
from tests.factories.family import a_guardian, family_of
from tests.factories.register import a_number
from tests.web.at_work import an_account, signed_in, text_of
from tests.web.conftest import NOW

BORN_ON = date(2026, 1, 5)
NUMBER, OLD_NUMBER = a_number(BORN_ON), a_number(BORN_ON, 1)


def a_child(here: StaffedClinic, *, numbers: tuple[str, ...] = (), **facts: Any) -> Person:
    named = {"given_name": "Åse-Marie", "family_name": "Solvang Ødegård", "search_name": "aase marie solvang oedegaard"} | facts
    child = an_enrolled_child(here, **named).person
    for number in numbers:
        Identifier.objects.create(person=child, municipality=here.municipality, number=number, is_in_use=number == numbers[0])
    return child


@pytest.fixture
def nurse(here: StaffedClinic, clock: time_machine.Traveller) -> Client:
    return signed_in(an_account(here.municipality, Role.NURSE, employee=here.nurse, clinic=here.clinic), at=NOW)


@pytest.fixture
def elsewhere(here: StaffedClinic, clock: time_machine.Traveller) -> Client:
    north = open_clinic(municipality=here.municipality, name="Nord", by=CLERK, at=NOW)
    return signed_in(an_account(here.municipality, Role.NURSE, clinic=north, login="nord"), at=NOW)


def found(browser: Client, q: str) -> str:
    answer = browser.post("/search/", {"q": q})
    assert answer.status_code == 200
    return text_of(answer.content)


class TestWhatIsLookedFor:
    @pytest.mark.parametrize(
        ("written", "sought"),
        [
            (NUMBER, Sought(Kind.NUMBER, number=NUMBER)),
            (f" {NUMBER[:6]} {NUMBER[6:]} ", Sought(Kind.NUMBER, number=NUMBER)),
            (f"{NUMBER[:6]}\N{THIN SPACE}{NUMBER[6:]}", Sought(Kind.NUMBER, number=NUMBER)),
            ("241125", Sought(Kind.BIRTH_DATE, born_on=date(2025, 11, 24))),
            ("24.11.2025", Sought(Kind.BIRTH_DATE, born_on=date(2025, 11, 24))),
            ("24/11/2025", Sought(Kind.BIRTH_DATE, born_on=date(2025, 11, 24))),
            ("24112025", Sought(Kind.BIRTH_DATE, born_on=date(2025, 11, 24))),
            ("5.1.26", Sought(Kind.BIRTH_DATE, born_on=BORN_ON)),
            ("241126", Sought(Kind.BIRTH_DATE, born_on=date(1926, 11, 24))),
            ("Solvang 5.1.26", Sought(Kind.NAME_AND_BIRTH_DATE, born_on=BORN_ON, words=("Solvang",))),
            ("åse  solv", Sought(Kind.NAME, words=("åse", "solv"))),
            ("31.02.2026", Sought(Kind.NAME, words=("31.02.2026",))),
            ("a", Sought(Kind.NOTHING)),
            ("a 5.1.26", Sought(Kind.NOTHING)),
            ("--", Sought(Kind.NOTHING)),
            ("", Sought(Kind.NOTHING)),
        ],
    )
    def test_it_is_read_as_people_write_it(self, written: str, sought: Sought) -> None:
        assert sought_in(written, today=date(2026, 4, 6)) == sought

    def test_no_text_of_it_tells_a_number(self) -> None:
        assert NUMBER not in repr(sought_in(NUMBER, today=date(2026, 4, 6)))


class TestWhoIsFound:
    @pytest.mark.parametrize(
        "written",
        ["åse", "Aase", "MARIE solv", "ødeg åse", "050126", "05.01.2026", "solv 05/01/2026", "Blåbærøy", "vakker blå", "blåbærøy 050126"],
    )
    def test_by_the_beginnings_of_names_by_birth_date_and_by_a_guardian(self, nurse: Client, here: StaffedClinic, written: str) -> None:
        family_of(a_child(here))
        page = found(nurse, written)
        assert "Åse-Marie Solvang Ødegård 3 mnd · f. 05.01.2026" in page
        assert "Vakker Blåbærøy" in page

    @pytest.mark.parametrize("written", ["arie", "solvang 06.01.2026", "bærøy", "åse hansen", "%", "_____", "a", "Blåbærøy hansen"])
    def test_nobody_when_it_does_not_fit(self, nurse: Client, here: StaffedClinic, written: str) -> None:
        family_of(a_child(here))
        assert "Ingen treff" in found(nurse, written)

    def test_a_number_leads_to_the_childs_page_whichever_the_register_has_used(self, nurse: Client, here: StaffedClinic) -> None:
        child = a_child(here, numbers=(NUMBER, OLD_NUMBER))
        for number in (NUMBER, OLD_NUMBER):
            assert nurse.post("/search/", {"q": number})["Location"] == f"/child/{child.public_id}/"

    def test_a_number_of_one_who_continues_as_another_leads_to_that_one(self, nurse: Client, here: StaffedClinic) -> None:
        child, before = a_child(here), a_child(here, numbers=(OLD_NUMBER,))
        Person.objects.filter(pk=before.pk).update(continued_as=child)
        assert nurse.post("/search/", {"q": OLD_NUMBER})["Location"] == f"/child/{child.public_id}/"

    def test_a_guardians_number_finds_the_children(self, nurse: Client, here: StaffedClinic) -> None:
        guardian = a_guardian()
        family_of(a_child(here), guardian)
        ParentalResponsibility.objects.create(
            child=a_child(here, given_name="Bo"), kind="felles", responsible_number=guardian.number, source="prøve"
        )
        page = found(nurse, guardian.number)
        assert "2 treff" in page

    def test_a_long_answer_is_cut_and_says_so(self, nurse: Client, here: StaffedClinic, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("fjorten.web.search.views.MOST", 2)
        for day in range(1, 4):
            a_child(here, born_on=date(2026, 1, day))
        page = found(nurse, "solvang")
        assert "2 treff" in page
        assert f"Det er flere enn {MOST} treff." in page

    def test_it_costs_the_same_number_of_questions_however_many_are_found(self, nurse: Client, here: StaffedClinic) -> None:
        def questions() -> int:
            with CaptureQueriesContext(connection) as asked:
                found(nurse, "solvang")
            return len(asked)

        family_of(a_child(here))
        questions()
        for_one = questions()
        for nth in range(1, 4):
            family_of(a_child(here), a_guardian(nth=nth))
        assert questions() == for_one


class TestWhoIsNotShown:
    def test_children_of_other_clinics_are_counted_and_not_named(self, elsewhere: Client, here: StaffedClinic) -> None:
        a_child(here)
        page = found(elsewhere, "solvang")
        assert "Ødegård" not in page
        assert "1 treff hører til andre helsestasjoner." in page

    def test_by_the_whole_number_the_child_is_named_with_why_and_the_way_on(self, elsewhere: Client, here: StaffedClinic) -> None:
        child = a_child(here, numbers=(NUMBER,))
        answer = elsewhere.post("/search/", {"q": NUMBER})
        page = text_of(answer.content)
        assert re.search(r"Åse-Marie Solvang Ødegård ?\. Barnet hører ikke til på helsestasjonen din\. .*i én time", page)
        assert f"/child/{child.public_id}/".encode() in answer.content
        assert "hører til andre helsestasjoner" not in page
        [refused] = AuditEvent.objects.filter(action="child.refused")
        assert (refused.about, refused.kind, refused.detail) == (str(child.public_id), "refused", {"page": "search"})

    @pytest.mark.parametrize("written", ["solvang", NUMBER, "050126", "blåbærøy"])
    def test_a_protected_child_is_not_there_at_all(self, nurse: Client, elsewhere: Client, here: StaffedClinic, written: str) -> None:
        family_of(a_child(here, numbers=(NUMBER,), protection="confidential"))
        for browser in (nurse, elsewhere):
            page = found(browser, written)
            assert "Ødegård" not in page
            assert "helsestasjoner" not in page
            assert "0 treff" in page
        assert not AuditEvent.objects.filter(action="child.refused").exists()


class TestTheTrail:
    def test_it_says_what_kind_of_search_and_how_many_were_found_and_never_the_words(self, nurse: Client, here: StaffedClinic) -> None:
        a_child(here)
        found(nurse, "solvang")
        made = AuditEvent.objects.get(action="search.made")
        assert (made.kind, made.about, made.detail) == ("read", "", {"kind": "name", "hits": 1})

    def test_what_is_looked_for_stands_in_no_address(self, nurse: Client) -> None:
        assert nurse.get("/search/?q=solvang").status_code == 405
        assert b'action="/search/"' in nurse.get("/today/").content
