"""The day's page: who comes, who has come, and what is put down about them."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fjorten.access.actions import give_role
from fjorten.access.permissions import Role
from fjorten.appointments.actions.booking import book
from fjorten.appointments.actions.reception import note_drop_in
from fjorten.appointments.models import Appointment, Arrival, DropIn
from fjorten.appointments.states import State
from fjorten.audit.models import AuditEvent
from fjorten.organisation.actions import open_clinic
from fjorten.people.models import Person
from tests.factories.clinic import AT, CLERK, StaffedClinic, an_enrolled_child, step_of
from tests.web.at_work import an_account, signed_in, text_of
from tests.web.conftest import NOW

TODAY = "2026-04-06"


@pytest.fixture
def appointment(here: StaffedClinic, clock: time_machine.Traveller) -> Appointment:
    child = an_enrolled_child(here, given_name="Iben", family_name="Solvang")
    return book(planned_step=step_of(child, "C04_M3"), slot=here.slot(f"{TODAY} 09:00"), by=CLERK, at=AT)


@pytest.fixture
def nurse(here: StaffedClinic, clock: time_machine.Traveller) -> Client:
    return signed_in(an_account(here.municipality, Role.NURSE, employee=here.nurse, clinic=here.clinic), at=NOW)


def shown(browser: Client, address: str = "/today/") -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return text_of(answer.content)


def press(browser: Client, appointment: Appointment, do: str) -> str:
    answer = browser.post("/reception/", {"appointment": appointment.pk, "do": do}, follow=True)
    return text_of(answer.content)


class TestTheDay:
    def test_it_shows_who_comes_when_and_for_what(self, nurse: Client, appointment: Appointment) -> None:
        page = shown(nurse)
        assert "Mandag 6. april" in page
        assert "1 avtale" in page
        assert "09.00 30 min Iben Solvang 13 uker" not in page, "from thirteen weeks on ages are in months"
        assert "09.00 30 min Iben Solvang 3 mnd" in page
        assert "6-i-1 nr. 1" in page

    def test_another_nurse_sees_it_only_on_the_whole_clinics_day(self, here: StaffedClinic, appointment: Appointment) -> None:
        other = signed_in(an_account(here.municipality, Role.NURSE, employee=here.other_nurse, clinic=here.clinic), at=NOW)
        assert "Iben Solvang" not in shown(other)
        assert "Iben Solvang" in shown(other, "/today/?who=clinic")

    def test_who_works_at_another_clinic_sees_nobody_here(self, here: StaffedClinic, appointment: Appointment) -> None:
        elsewhere = signed_in(an_account(here.municipality, Role.CLERK, clinic=_another_clinic(here)), at=NOW)
        assert "Iben Solvang" not in shown(elsewhere, "/today/?who=clinic")

    def test_a_protected_child_is_shown_to_nobody_but_the_named(self, nurse: Client, appointment: Appointment) -> None:
        Person.objects.filter(pk=appointment.person_id).update(protection="confidential")
        assert "Solvang" not in shown(nurse)

    def test_tomorrow_says_what_to_make_ready(self, nurse: Client, here: StaffedClinic, clock: time_machine.Traveller) -> None:
        child = an_enrolled_child(here, given_name="Amir", family_name="Rahimi")
        book(planned_step=step_of(child, "C04_M3"), slot=here.slot("2026-04-07 09:00"), by=CLERK, at=AT)
        page = shown(nurse)
        assert "Vaksiner å ta fram" in page
        assert "Rahimi" not in page.split("Klargjør")[0]

    def test_it_costs_the_same_number_of_questions_however_many_come(
        self, nurse: Client, here: StaffedClinic, appointment: Appointment
    ) -> None:
        def questions() -> int:
            shown(nurse)
            with CaptureQueriesContext(connection) as asked:
                shown(nurse)
            return len(asked)

        for_one = questions()
        for number in range(1, 6):
            child = an_enrolled_child(here, born_on=date(2026, 1, 5 + number))
            slot = here.slot(f"{TODAY} {9 + number // 2:02}:{30 * (number % 2):02}")
            book(planned_step=step_of(child, "C04_M3"), slot=slot, by=CLERK, at=AT)
        assert questions() == for_one

    def test_the_look_is_written_down_before_it_is_shown(self, nurse: Client, appointment: Appointment) -> None:
        shown(nurse)
        look = AuditEvent.objects.filter(action="list.seen").latest("seq")
        assert (look.kind, look.who, look.detail) == ("read", "kari", {"list": "today", "rows": 1})


class TestReception:
    def test_they_come_are_fetched_in_and_attended(self, nurse: Client, appointment: Appointment) -> None:
        assert "Iben Solvang er kommet. Angre" in press(nurse, appointment, "arrived")
        assert "På venterommet siden 09.10" in shown(nurse)
        press(nurse, appointment, "fetched_in")
        assert "Inne nå, Rom 1" in shown(nurse)
        press(nurse, appointment, "attended")
        assert "Ferdig" in shown(nurse)
        appointment.refresh_from_db()
        assert (appointment.state, appointment.planned_step.outcome) == ("attended", "done")

    @pytest.mark.parametrize("do", ["attended", "did_not_attend"])
    def test_a_mistake_is_undone_and_the_correction_kept(self, nurse: Client, appointment: Appointment, do: str) -> None:
        assert "Angre" in press(nurse, appointment, do)
        assert "Angret for Iben Solvang." in press(nurse, appointment, "back_to_offered")
        appointment.refresh_from_db()
        assert appointment.state == State.OFFERED
        assert [event.to_state for event in appointment.events.order_by("pk")][-2:] == [do, "offered"]

    def test_an_arrival_is_taken_back(self, nurse: Client, appointment: Appointment) -> None:
        press(nurse, appointment, "arrived")
        press(nurse, appointment, "take_back_arrival")
        assert not Arrival.objects.in_force().exists()

    def test_what_cannot_be_done_says_why_and_changes_nothing(self, nurse: Client, appointment: Appointment) -> None:
        answer = nurse.post("/reception/", {"appointment": appointment.pk, "do": "fetched_in"})
        assert answer.status_code == 409
        assert "Ingen har ført at familien er kommet." in text_of(answer.content)

    @pytest.mark.parametrize(
        "fields", [{}, {"appointment": "x"}, {"appointment": "9" * 30, "do": "arrived"}, {"appointment": "1", "do": "hår"}]
    )
    def test_what_no_form_of_ours_sends_is_no_page(self, nurse: Client, appointment: Appointment, fields: dict[str, str]) -> None:
        if fields.get("appointment") == "1":
            fields = fields | {"appointment": str(appointment.pk)}
        assert nurse.post("/reception/", fields).status_code in {404, 409}

    def test_nothing_changes_when_a_page_is_only_asked_for(self, nurse: Client, appointment: Appointment) -> None:
        assert nurse.get("/reception/").status_code == 405
        assert nurse.get("/drop-in/").status_code == 405


class TestDropIn:
    def test_who_waits_is_received_and_taken_to_the_childs_page(self, nurse: Client, here: StaffedClinic) -> None:
        child = an_enrolled_child(here, given_name="Leah", family_name="Berg").person
        drop_in = note_drop_in(person=child, clinic=here.clinic, matter="weighing", by=CLERK, at=NOW - timedelta(minutes=14))
        assert "Leah Berg 3 mnd Veiing ventet 14 min" in shown(nurse)
        answer = nurse.post("/drop-in/", {"drop_in": drop_in.pk})
        assert answer["Location"] == f"/child/{child.public_id}/"
        assert not DropIn.objects.waiting().exists()

    def test_who_left_waits_no_longer(self, nurse: Client, here: StaffedClinic) -> None:
        child = an_enrolled_child(here, given_name="Leah", family_name="Berg").person
        drop_in = note_drop_in(person=child, clinic=here.clinic, matter="weighing", by=CLERK, at=NOW)
        page = text_of(nurse.post("/drop-in/", {"drop_in": drop_in.pk, "do": "left"}, follow=True).content)
        assert "Leah Berg står ikke lenger på drop-in." in page
        assert "Ingen venter på drop-in." in page

    def test_a_family_is_put_in_the_queue_from_the_childs_page(self, nurse: Client, here: StaffedClinic) -> None:
        child = an_enrolled_child(here, given_name="Leah", family_name="Berg").person
        there = f"/child/{child.public_id}/drop-in/"
        assert there in nurse.get(f"/child/{child.public_id}/").content.decode()
        assert "Hva gjelder det? Veiing Amming og ernæring Vaksine Samtale Annet" in text_of(nurse.get(there).content)
        page = text_of(nurse.post(there, {"matter": "weighing"}, follow=True).content)
        assert "Leah Berg står på drop-in." in page
        assert "Leah Berg 3 mnd Veiing ventet 0 min" in page
        row = DropIn.objects.waiting().get()
        assert (row.clinic, row.matter, row.came_by) == (here.clinic, "weighing", here.nurse.code)

    def test_that_it_was_a_mistake_is_undone_where_it_is_told(self, nurse: Client, here: StaffedClinic) -> None:
        child = an_enrolled_child(here, given_name="Leah", family_name="Berg").person
        nurse.post(f"/child/{child.public_id}/drop-in/", {"matter": "talk"}, follow=True)
        row = DropIn.objects.waiting().get()
        nurse.post("/drop-in/", {"drop_in": row.pk, "do": "left"})
        assert not DropIn.objects.waiting().exists()

    def test_nobody_waits_twice_and_what_is_not_said_is_asked_for(self, nurse: Client, here: StaffedClinic) -> None:
        child = an_enrolled_child(here, given_name="Leah", family_name="Berg").person
        there = f"/child/{child.public_id}/drop-in/"
        answer = nurse.post(there, {"matter": "gull"})
        assert (answer.status_code, "Velg blant det som står på listen." in text_of(answer.content)) == (422, True)
        answer = nurse.post(there, {})
        assert (answer.status_code, "Velg hva familien er kommet for." in text_of(answer.content)) == (422, True)
        nurse.post(there, {"matter": "talk"})
        assert nurse.post(there, {"matter": "talk"}).status_code == 422
        assert DropIn.objects.count() == 1

    def test_whoever_is_of_several_clinics_says_where(self, here: StaffedClinic, clock: time_machine.Traveller) -> None:
        child = an_enrolled_child(here).person
        south = open_clinic(municipality=here.municipality, name="Sør", by=CLERK, at=NOW)
        user = an_account(here.municipality, Role.CLERK, clinic=here.clinic, login="begge")
        give_role(user=user, role=Role.CLERK, clinic=south, from_on=NOW.date(), by=CLERK, at=NOW)
        clerk = signed_in(user, at=NOW)
        there = f"/child/{child.public_id}/drop-in/"
        assert "Velg helsestasjonen familien er kommet til." in text_of(clerk.post(there, {"matter": "talk"}).content)
        clerk.post(there, {"matter": "talk", "clinic": south.pk})
        assert DropIn.objects.get().clinic == south

    def test_nobody_waits_for_a_child_that_is_dead(self, nurse: Client, here: StaffedClinic) -> None:
        child = an_enrolled_child(here).person
        Person.objects.filter(pk=child.pk).update(is_dead=True)
        there = f"/child/{child.public_id}/drop-in/"
        assert nurse.post(there, {"matter": "talk"}).status_code == 409
        assert there not in nurse.get(f"/child/{child.public_id}/").content.decode()
        assert not DropIn.objects.exists()


def test_a_day_that_is_not_in_the_calendar_is_no_page(nurse: Client) -> None:
    assert nurse.get("/today/2026-02-30/").status_code == 404
    assert nurse.get("/?day=2026-02-30")["Location"] == "/today/"
    assert nurse.get("/?day=2026-04-07")["Location"] == "/today/2026-04-07/"


def _another_clinic(here: StaffedClinic) -> object:
    return open_clinic(municipality=here.municipality, name="Nord", by=CLERK, at=AT)
