"""Looking at a child: written down before it is shown, and answered alike whether it is not there or a secret."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from fjorten.access.permissions import Role
from fjorten.audit.models import AuditEvent, AuditHead
from fjorten.organisation.actions import open_clinic, open_municipality
from fjorten.people.models import Person
from tests.factories.clinic import AT, CLERK, LEADER, StaffedClinic, an_enrolled_child
from tests.web.at_work import an_account, signed_in, text_of
from tests.web.conftest import NOW


@pytest.fixture
def child(here: StaffedClinic, clock: time_machine.Traveller) -> Person:
    return an_enrolled_child(here, given_name="Iben", family_name="Solvang").person


@pytest.fixture
def nurse(here: StaffedClinic, clock: time_machine.Traveller) -> Client:
    return signed_in(an_account(here.municipality, Role.NURSE, employee=here.nurse, clinic=here.clinic), at=NOW)


def page_of(child: Person) -> str:
    return f"/child/{child.public_id}/"


def test_the_page_says_who_the_child_is_and_where_it_stands(nurse: Client, child: Person) -> None:
    page = text_of(nurse.get(page_of(child)).content)
    assert "Iben Solvang 3 mnd · født 05.01.2026" in page
    assert "Programmet" in page
    assert "Familie og kontakt" in page


def test_who_looked_at_whom_when_and_why_is_written_down(nurse: Client, child: Person) -> None:
    nurse.get(page_of(child))
    look = AuditEvent.objects.get(action="child.seen")
    assert (look.who, look.role, look.unit, look.about, look.ground) == (
        "kari",
        "public_health_nurse",
        "Helsestasjonen",
        str(child.public_id),
        "clinic",
    )


def test_what_cannot_be_written_down_is_not_shown(nurse: Client, child: Person) -> None:
    AuditHead.objects.filter(pk=child.municipality.code).update(seq=0)  # the next number is taken: the row cannot be written
    nurse.raise_request_exception = False
    answer = nurse.get(page_of(child))
    assert answer.status_code == 500
    assert b"Solvang" not in answer.content


def test_what_is_not_there_and_what_is_a_secret_are_answered_alike(nurse: Client, child: Person) -> None:
    elsewhere = open_municipality(code="9902", name="Nabokommunen", by=CLERK, at=AT)
    stranger = Person.objects.create(municipality=elsewhere, born_on=child.born_on, born_by=child.born_by)
    absent = nurse.get(f"/child/{uuid.uuid4()}/")
    foreign = nurse.get(page_of(stranger))
    Person.objects.filter(pk=child.pk).update(protection="confidential")
    secret = nurse.get(page_of(child))
    assert [answer.status_code for answer in (absent, foreign, secret)] == [404, 404, 404]
    assert absent.content == foreign.content == secret.content
    assert AuditEvent.objects.filter(action="child.refused").count() == 3


def test_who_has_nothing_to_do_with_the_child_reads_why(here: StaffedClinic, child: Person) -> None:
    north = open_clinic(municipality=here.municipality, name="Nord", by=LEADER, at=AT)
    browser = signed_in(an_account(here.municipality, Role.CLERK, clinic=north), at=NOW)
    answer = browser.get(page_of(child))
    assert answer.status_code == 403
    assert "Barnet hører ikke til på helsestasjonen din." in text_of(answer.content)
    assert b"Solvang" not in answer.content
    assert AuditEvent.objects.filter(action="child.refused", about=str(child.public_id)).count() == 1


class TestAnEmergency:
    @pytest.fixture
    def stranger(self, here: StaffedClinic, clock: time_machine.Traveller) -> Client:
        north = open_clinic(municipality=here.municipality, name="Nord", by=LEADER, at=AT)
        return signed_in(an_account(here.municipality, Role.NURSE, clinic=north), at=NOW)

    def test_the_record_is_open_for_an_hour_after_a_reason(self, stranger: Client, child: Person, clock: time_machine.Traveller) -> None:
        assert "Åpne journalen i én time" in text_of(stranger.get(page_of(child)).content)
        form = stranger.get(f"{page_of(child)}break-glass/")
        assert b"Solvang" not in form.content
        answer = stranger.post(f"{page_of(child)}break-glass/", {"code": "acute", "reason": "Ambulansen ringer om barnet"})
        assert answer["Location"] == page_of(child)
        assert "Iben Solvang" in text_of(stranger.get(page_of(child)).content)
        assert AuditEvent.objects.filter(action="child.seen").latest("seq").ground == "emergency"
        for _ in range(5):
            clock.shift(timedelta(minutes=13))
            stranger.get("/today/")
        assert stranger.get(page_of(child)).status_code == 403

    @pytest.mark.parametrize(
        "fields", [{}, {"code": "acute"}, {"code": "acute", "reason": "haster"}, {"code": "hår", "reason": "fordi jeg vil se"}]
    )
    def test_without_a_reason_it_stays_shut_and_nothing_typed_is_lost(
        self, stranger: Client, child: Person, fields: dict[str, str]
    ) -> None:
        answer = stranger.post(f"{page_of(child)}break-glass/", fields)
        assert answer.status_code == 422
        assert "Rett dette før du lagrer" in text_of(answer.content)
        assert fields.get("reason", "") in answer.content.decode()
        assert stranger.get(page_of(child)).status_code == 403

    def test_it_opens_no_protected_child_and_none_that_is_open_already(self, stranger: Client, nurse: Client, child: Person) -> None:
        assert nurse.get(f"{page_of(child)}break-glass/").status_code == 404
        Person.objects.filter(pk=child.pk).update(protection="confidential")
        assert stranger.get(f"{page_of(child)}break-glass/").status_code == 404
