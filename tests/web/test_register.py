"""The page of findings: both sides' evidence, one thing to do, and nobody shown who is not to be."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fjorten.access.permissions import Role
from fjorten.audit.models import AuditEvent
from fjorten.journal.models import Journal
from fjorten.organisation.models import Municipality
from fjorten.people.models import Person
from fjorten.registers.enrolment import ANSWERED_BY_ENROLLING
from fjorten.registers.models import WorkItem
from fjorten.registers.reconcile.rules import BY_CODE
from fjorten.registers.reconciliation import DUTIES
from fjorten.web.register.kinds import KINDS
from tests.factories.clinic import StaffedClinic, an_enrolled_child
from tests.web.at_work import an_account, signed_in, text_of
from tests.web.conftest import NOW
from tests.web.pages import read

OPENED_ON = date(2026, 4, 1)
EVIDENCE = {"status": "bosatt", "municipality": "9901", "moved_on": "2026-02-01", "has_no_fixed_address": "yes"}


def a_child(municipality: Municipality, **facts: Any) -> Person:
    told = {"born_on": date(2025, 6, 1), "born_by": date(2025, 6, 1), "given_name": "Ada", "family_name": "Fjell", **facts}
    return Person.objects.create(municipality=municipality, **told)


def a_finding(person: Person, rule: str = "lives_here_without_journal", **facts: Any) -> WorkItem:
    told = {
        "severity": "high",
        "owner": "nurses",
        "suggested_action": BY_CODE[rule].action.code,
        "evidence": EVIDENCE,
        "opened_on": OPENED_ON,
        "opened_at": NOW,
        "deadline_on": date(2026, 4, 7),
        **facts,
    }
    return WorkItem.objects.create(municipality=person.municipality, person=person, rule=rule, **told)


@pytest.fixture
def receptionist(here: StaffedClinic, clock: time_machine.Traveller) -> Client:
    return signed_in(an_account(here.municipality, Role.CLERK, clinic=here.clinic), at=NOW)


def shown(browser: Client, address: str = "/register/") -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    read(answer.content.decode())
    return text_of(answer.content)


def send(browser: Client, address: str, fields: dict[str, Any]) -> tuple[int, str]:
    answer = browser.post(address, fields, follow=True)
    read(answer.content.decode())
    return answer.status_code, text_of(answer.content)


class TestTheKinds:
    def test_none_is_missing(self) -> None:
        assert KINDS.keys() == BY_CODE.keys() | DUTIES.keys()

    def test_a_journal_is_what_is_suggested_where_that_is_what_answers_it(self) -> None:
        assert {code for code, kind in KINDS.items() if kind.opens_journal} == set(ANSWERED_BY_ENROLLING)

    def test_only_residents_without_any_journal_are_opened_many_at_once(self) -> None:
        assert [code for code, kind in KINDS.items() if kind.is_safe_in_bulk] == ["lives_here_without_journal"]

    def test_each_has_words_and_one_button(self, here: StaffedClinic, receptionist: Client) -> None:
        for number, code in enumerate(KINDS):
            a_finding(a_child(here.municipality, given_name=f"Barn{number}"), code)
        page = shown(receptionist)
        for kind in KINDS.values():
            for words in (kind.title, kind.meaning, kind.advice, kind.button):
                assert " ".join(str(words).split()) in page

    def test_no_words_of_a_file_stand_on_the_page(self) -> None:
        for code, kind in KINDS.items():
            assert ".csv" not in f"{kind.meaning}{kind.advice}", code


class TestTheList:
    def test_it_says_what_each_side_says_and_where_they_differ(self, here: StaffedClinic, receptionist: Client) -> None:
        a_finding(a_child(here.municipality))
        page = shown(receptionist)
        assert "1 avvik venter på et menneske" in page
        assert "Ada Fjell 10 mnd Bor her uten journal frist i morgen" in page
        assert (
            "Folkeregisteret slik det sto 01.04.2026 Født 01.06.2025 Kommune 9901 (ulikt) Flyttedato 01.02.2026 Status Bosatt (ulikt)"
            in page
        )
        assert "Journalen nå Journal Ingen (ulikt)" in page
        assert "Uten fast adresse" not in page, "we hold no street addresses, so that says nothing"

    def test_it_says_what_the_journals_say_now(self, here: StaffedClinic, receptionist: Client) -> None:
        child = an_enrolled_child(here, given_name="Amir", family_name="Rahimi").person
        a_finding(child, "journal_open_registered_elsewhere")
        page = shown(receptionist)
        assert f"Journal Åpen, opprettet 05.01.2026 (ulikt) Helsestasjon {here.clinic.name}" in page

    def test_the_place_of_one_who_may_be_protected_is_not_shown(self, here: StaffedClinic, receptionist: Client) -> None:
        child = an_enrolled_child(here, given_name="Amir", family_name="Rahimi").person
        a_finding(child, "gone_from_extract", evidence={"newest_extract": "2026-04-01"})
        page = shown(receptionist)
        assert "Nyeste uttrekk Ikke i uttrekket 01.04.2026 (ulikt)" in page
        assert f"Helsestasjon {here.clinic.name}" not in page

    def test_a_protected_child_is_shown_to_nobody_but_the_named_and_yet_counted(self, here: StaffedClinic, receptionist: Client) -> None:
        item = a_finding(a_child(here.municipality, protection="confidential"), "address_protected")
        page = shown(receptionist)
        assert "Fjell" not in page
        assert "Ingen avvik." in page
        assert "1 avvik til ses bare av andre." in page
        for there in ("settle", "put-aside"):
            assert receptionist.post(f"/register/{there}/", {"item": item.pk}).status_code == 404
        assert receptionist.post("/register/open-journals/", {"pick": item.pk}).status_code == 404

    def test_one_kind_is_chosen_of_those_there_are(self, here: StaffedClinic, receptionist: Client) -> None:
        a_finding(a_child(here.municipality))
        a_finding(a_child(here.municipality, given_name="Bo"), "journal_open_dead")
        page = shown(receptionist, "/register/?kind=journal_open_dead")
        assert "Bo Fjell" in page
        assert "Ada Fjell" not in page
        assert "Alle 2" in page

    @pytest.mark.parametrize("asked", ["kind=hår", "page=0", "page=x", "page=99999"])
    def test_what_no_link_of_ours_asks_is_no_page(self, receptionist: Client, asked: str) -> None:
        assert receptionist.get(f"/register/?{asked}").status_code == 404

    def test_a_long_list_is_on_pages_and_costs_the_same_however_long(self, here: StaffedClinic, receptionist: Client) -> None:
        def asked() -> tuple[int, str]:
            with CaptureQueriesContext(connection) as questions:
                page = shown(receptionist)
            return len(questions), page

        a_finding(a_child(here.municipality))
        shown(receptionist)
        for_one, _ = asked()
        for number in range(26):
            a_finding(a_child(here.municipality, given_name=f"Barn{number}"))
        for_many, page = asked()
        assert for_many == for_one
        assert "1–25 av 27 Neste" in page
        assert "Forrige 26–27 av 27" in shown(receptionist, "/register/?page=2")

    def test_the_look_is_written_down(self, here: StaffedClinic, receptionist: Client) -> None:
        a_finding(a_child(here.municipality))
        shown(receptionist)
        assert AuditEvent.objects.filter(action="list.seen").latest("seq").detail == {"list": "register", "rows": 1}


class TestWhatIsDone:
    def test_a_journal_is_opened_in_one_click(self, here: StaffedClinic, receptionist: Client) -> None:
        item = a_finding(a_child(here.municipality))
        status, page = send(receptionist, "/register/open-journals/", {"pick": item.pk})
        assert (status, "1 journal er opprettet." in page) == (200, True)
        assert Journal.objects.filter(person=item.person).exists()
        item.refresh_from_db()
        assert (item.resolution, item.resolved_by) == ("enrolled", "clerk.web")
        assert "Ingen avvik." in page

    def test_many_are_opened_at_once_and_what_is_refused_is_told(self, here: StaffedClinic, receptionist: Client) -> None:
        items = [a_finding(a_child(here.municipality, given_name=name)) for name in ("Ada", "Bo")]
        items.append(a_finding(a_child(here.municipality, given_name="Cia", born_on=None)))
        page = send(receptionist, "/register/open-journals/", {"pick": [item.pk for item in items]})[1]
        assert "2 journaler er opprettet. Cia Fjell: Folkeregisteret oppgir ingen fødselsdato for barnet." in page
        looks = AuditEvent.objects.filter(action="child.seen", detail__page="register_open_journal")
        assert looks.count() == 3

    def test_what_has_to_be_weighed_is_not_opened_many_at_once(self, here: StaffedClinic, receptionist: Client) -> None:
        items = [a_finding(a_child(here.municipality, given_name=name), "stays_here_without_journal") for name in ("Ada", "Bo")]
        assert receptionist.post("/register/open-journals/", {"pick": [item.pk for item in items]}).status_code == 404
        assert not Journal.objects.exists()

    @pytest.mark.parametrize("pick", [["x"], ["9" * 30], list(map(str, range(26)))])
    def test_what_no_form_of_ours_sends_is_no_page(self, receptionist: Client, pick: list[str]) -> None:
        assert receptionist.post("/register/open-journals/", {"pick": pick}).status_code == 404

    def test_nothing_picked_says_so(self, receptionist: Client) -> None:
        assert "Ingen barn er valgt." in send(receptionist, "/register/open-journals/", {})[1]

    def test_another_is_settled_with_its_suggested_outcome_and_a_reason(self, here: StaffedClinic, receptionist: Client) -> None:
        child = an_enrolled_child(here, given_name="Amir", family_name="Rahimi").person
        item = a_finding(child, "journal_open_registered_elsewhere")
        page = read(receptionist.get("/register/").content.decode())
        assert [option.attrs["value"] for option in page.all("option") if "selected" in option.attrs] == ["moved_out"]
        fields = {"item": item.pk, "resolution": "moved_out", "reason": "Mor bekreftet"}
        assert "Avviket om Amir Rahimi er avsluttet." in send(receptionist, "/register/settle/", fields)[1]
        item.refresh_from_db()
        assert (item.resolution, item.resolution_reason, item.resolved_by) == ("moved_out", "Mor bekreftet", "clerk.web")

    def test_without_a_reason_nothing_is_settled_and_nothing_typed_is_lost(self, here: StaffedClinic, receptionist: Client) -> None:
        item = a_finding(a_child(here.municipality), "name_disagrees")
        answer = receptionist.post("/register/settle/", {"item": item.pk, "resolution": "outside", "reason": " "})
        page = read(answer.content.decode())
        assert answer.status_code == 422
        assert "Begrunnelse: Skriv en begrunnelse." in text_of(answer.content)
        assert [option.attrs["value"] for option in page.all("option") if "selected" in option.attrs] == ["outside"]
        item.refresh_from_db()
        assert item.resolved_at is None

    def test_it_is_put_aside_until_a_day_and_is_found_there(self, here: StaffedClinic, receptionist: Client) -> None:
        item = a_finding(a_child(here.municipality))
        fields = {"item": item.pk, "until": "2026-04-20", "reason": "Familien er på reise"}
        page = send(receptionist, "/register/put-aside/", fields)[1]
        assert "Avviket om Ada Fjell er tilbake på listen 20.04.2026." in page
        assert "Lagt til side 1" in page
        assert "Venter til 20.04.2026: Familien er på reise" in shown(receptionist, "/register/?kind=aside")

    def test_it_is_not_put_aside_for_good(self, here: StaffedClinic, receptionist: Client) -> None:
        item = a_finding(a_child(here.municipality))
        status, page = send(receptionist, "/register/put-aside/?kind=lives_here_without_journal", {"item": item.pk, "reason": "Venter"})
        assert (status, "Vent til: Skriv hvilken dag den skal tilbake på listen." in page) == (422, True)
        status, page = send(receptionist, "/register/put-aside/", {"item": item.pk, "until": "2026-04-06", "reason": "Venter"})
        assert (status, "Vent til: Datoen å vente til må være fram i tid." in page) == (422, True)

    def test_who_may_not_open_journals_settles_and_is_offered_no_such_button(self, here: StaffedClinic, receptionist: Client) -> None:
        leader = signed_in(an_account(here.municipality, Role.LEADER, clinic=here.clinic), at=NOW)
        item = a_finding(a_child(here.municipality))
        assert "/register/open-journals/" not in {
            form.attrs["action"] for form in read(leader.get("/register/").content.decode()).all("form")
        }
        assert leader.post("/register/open-journals/", {"pick": item.pk}).status_code == 403
