"""The calendar: the clinic's week, times for a child, who is away, and whether there are times enough."""

import re
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fjorten.access.permissions import Role
from fjorten.appointments.actions.booking import book
from fjorten.appointments.actions.outcomes import cancel_by_clinic
from fjorten.appointments.models import Appointment
from fjorten.appointments.states import State
from fjorten.audit.models import AuditEvent
from fjorten.kernel.times import OSLO
from fjorten.organisation.actions import open_clinic
from fjorten.organisation.models import Absence, Clinic
from fjorten.people.models import Person
from fjorten.plans.actions.settling import mark_done
from fjorten.plans.models import Enrolment
from fjorten.web.calendar import rebooking
from tests.factories.clinic import AT, CLERK, LEADER, StaffedClinic, an_enrolled_child, step_of
from tests.factories.family import a_guardian, family_of
from tests.web.at_work import an_account, signed_in, text_of
from tests.web.conftest import NOW

MONDAY = "2026-04-06"
STEP = "C04_M3"
NOBODYS = "0e8f7a52-0000-4000-8000-000000000000"


@pytest.fixture
def desk(here: StaffedClinic, clock: time_machine.Traveller) -> Client:
    Clinic.objects.filter(pk=here.clinic.pk).update(telephone="+4700000009", visiting_address="Gata 1")
    return signed_in(an_account(here.municipality, Role.CLERK, clinic=here.clinic), at=NOW)


@pytest.fixture
def iben(here: StaffedClinic) -> Enrolment:
    child = an_enrolled_child(here, given_name="Iben", family_name="Solvang")
    family_of(child.person, a_guardian(language="pl", needs_interpreter=True, telephone="+4700000002"))
    return child


def booked(here: StaffedClinic, child: Enrolment, begins: str) -> Appointment:
    return book(planned_step=step_of(child, STEP), slot=here.slot(begins), by=CLERK, at=AT)


def shown(browser: Client, address: str) -> str:
    answer = browser.get(address, follow=True)
    assert answer.status_code == 200, answer.status_code
    return text_of(answer.content)


def times_of(child: Enrolment, *, week: str = "") -> str:
    place = step_of(child, STEP).position
    return f"/child/{child.person.public_id}/times/?step={place}" + (f"&week={week}" if week else "")


def cancelling(child: Enrolment) -> str:
    return times_of(child).replace("/times/", "/cancel/")


def buttons(page: bytes) -> list[str]:
    return re.findall(r'name="time" value="([^"]+)"', page.decode())


def value_for(child: Enrolment, here: StaffedClinic, begins: str) -> str:
    begins_at = datetime.fromisoformat(begins).replace(tzinfo=OSLO)
    return f"{step_of(child, STEP).pk}.{int(begins_at.timestamp())}.{here.nurse.pk}.clinic"


class TestTheWeek:
    def test_it_shows_who_is_there_who_comes_and_what_is_free(self, desk: Client, here: StaffedClinic, iben: Enrolment) -> None:
        booked(here, iben, f"{MONDAY} 09:30")
        page = shown(desk, "/calendar/")
        assert "Uke 15 · 06.04.–12.04.2026" in page
        assert "2. påskedag" in page
        assert "Kari Kvist helsesykepleier" in page
        assert "09.30 Iben Solvang 3 mnd · Polsk, tolk" in page
        tuesday = shown(desk, "/calendar/2026-04-07/")
        assert "09.00–12.00 6 ledige" in tuesday

    def test_an_appointment_on_a_holiday_is_not_hidden_by_it(self, desk: Client, here: StaffedClinic, iben: Enrolment) -> None:
        booked(here, iben, f"{MONDAY} 09:30")
        assert shown(desk, "/calendar/").count("Iben Solvang") == 1

    def test_it_is_shown_by_room_too(self, desk: Client, here: StaffedClinic, iben: Enrolment) -> None:
        booked(here, iben, "2026-04-07 09:00")
        page = shown(desk, f"/calendar/{MONDAY}/?by=rooms")
        assert "Rom 1" in page.split("Hele helsestasjonen")[1]
        assert "09.00–12.00 Kari Kvist" in page
        assert "09.00 Iben Solvang 3 mnd · Polsk, tolk · Kari Kvist" in page

    def test_one_employees_week_is_shown_by_the_clock(self, desk: Client, here: StaffedClinic, iben: Enrolment) -> None:
        booked(here, iben, "2026-04-07 09:00")
        page = shown(desk, f"/calendar/{MONDAY}/?one={here.nurse.pk}")
        assert "09.30 Ledig 30 min" in page
        assert "09.00 Iben Solvang" in page
        assert "Per Pors" not in page.split("Kl.")[1]

    def test_a_doctor_beside_the_nurse_is_busy_at_the_same_time(self, desk: Client, here: StaffedClinic, iben: Enrolment) -> None:
        slot = here.slot("2026-04-13 09:00", doctor=here.doctor)
        book(planned_step=step_of(iben, STEP), slot=slot, by=CLERK, at=AT)
        page = shown(desk, "/calendar/2026-04-13/")
        assert page.count("09.00 Iben Solvang 3 mnd · Polsk, tolk · lege") == 2

    def test_a_child_that_is_not_theirs_to_see_is_only_somebody(self, desk: Client, here: StaffedClinic, iben: Enrolment) -> None:
        booked(here, iben, "2026-04-07 09:00")
        Person.objects.filter(pk=iben.person_id).update(protection="confidential")
        answer = desk.get(f"/calendar/{MONDAY}/")
        page = text_of(answer.content)
        assert "09.00 Opptatt" in page
        for secret in ("Solvang", "3 mnd", "Polsk", str(iben.person.public_id)):
            assert secret not in answer.content.decode()
        assert "09.30–12.00 5 ledige" in page

    def test_what_became_of_it_is_said_in_words(self, desk: Client, here: StaffedClinic, iben: Enrolment) -> None:
        appointment = booked(here, iben, "2026-04-07 09:00")
        for state, said in (("attended", "møtt"), ("did_not_attend", "ikke møtt"), ("confirmed", "bekreftet")):
            Appointment.objects.filter(pk=appointment.pk).update(state=state)
            assert f"3 mnd · Polsk, tolk · {said}" in shown(desk, f"/calendar/{MONDAY}/")

    def test_who_is_away_is_shown_and_why_never(self, desk: Client, here: StaffedClinic) -> None:
        away = {"clinic": here.clinic, "recorded_at": AT, "recorded_by": "leder", "reason": "Sykdom"}
        Absence.objects.create(employee=here.nurse, from_on=date(2026, 4, 7), until_on=date(2026, 4, 8), **away)
        Absence.objects.create(room=here.room, from_on=date(2026, 4, 8), until_on=date(2026, 4, 9), begins=time(9), ends=time(10), **away)
        Absence.objects.create(from_on=date(2026, 4, 10), until_on=date(2026, 4, 11), **away)
        page = shown(desk, f"/calendar/{MONDAY}/")
        assert "09.00–12.00 Borte" in page
        assert "Stengt" in page
        assert "Sykdom" not in page
        rooms = shown(desk, f"/calendar/{MONDAY}/?by=rooms")
        assert "09.00 Ikke i bruk 09.00–10.00" in rooms
        assert "Borte" not in rooms
        assert "Hele dagen Borte" in shown(desk, f"/calendar/{MONDAY}/?one={here.nurse.pk}")

    def test_who_works_at_another_clinic_has_another_calendar(self, here: StaffedClinic, clock: time_machine.Traveller) -> None:
        north = open_clinic(municipality=here.municipality, name="Nord", by=LEADER, at=AT)
        elsewhere = signed_in(an_account(here.municipality, Role.CLERK, clinic=north), at=NOW)
        page = shown(elsewhere, "/calendar/")
        assert "Ingen har åpningstider eller avtaler denne uken." in page
        assert elsewhere.get(f"/calendar/{MONDAY}/?clinic={here.clinic.pk}").status_code == 404

    def test_who_works_at_two_chooses(self, here: StaffedClinic, clock: time_machine.Traveller) -> None:
        north = open_clinic(municipality=here.municipality, name="Nord", by=LEADER, at=AT)
        both = signed_in(an_account(here.municipality, Role.LEADER), at=NOW)
        assert "Kari Kvist" in shown(both, f"/calendar/?clinic={here.clinic.pk}")
        assert "Kari Kvist" not in shown(both, f"/calendar/?clinic={north.pk}")

    def test_a_week_that_is_in_no_calendar_is_no_page(self, desk: Client) -> None:
        for address in ("0001-01-01/", "9999-12-27/", "2026-02-30/", "1899-12-31/", f"{MONDAY}/?clinic=9999"):
            assert desk.get(f"/calendar/{address}").status_code == 404, address

    def test_what_nobody_could_have_chosen_asks_for_nothing_in_particular(self, desk: Client) -> None:
        for asked in ("day=0001-01-01", "day=hår", "day=9999-12-31"):
            assert desk.get(f"/calendar/?{asked}").headers["Location"] == f"/calendar/{MONDAY}/"
        assert "Uke 15 " in shown(desk, f"/calendar/{MONDAY}/?one=hår&by=hår")
        assert "Uke 15 " in shown(desk, f"/calendar/{MONDAY}/?one={'9' * 30}")

    def test_the_arrows_lead_on_over_the_turn_of_the_year_and_to_both_ends(self, desk: Client) -> None:
        for monday, number, arrow in (("2026-12-28", 53, "2027-01-04"), ("1900-01-01", 1, "1900-01-08"), ("2199-12-30", 1, "2199-12-23")):
            answer = desk.get(f"/calendar/{monday}/")
            assert f"Uke {number} ·" in text_of(answer.content)
            assert f"/calendar/{arrow}/" in answer.content.decode()

    def test_any_day_leads_to_its_week_and_keeps_the_view(self, desk: Client) -> None:
        assert desk.get("/calendar/?day=2026-04-09&by=rooms&one=").headers["Location"] == f"/calendar/{MONDAY}/?by=rooms"
        assert desk.get("/calendar/2026-04-09/").headers["Location"] == f"/calendar/{MONDAY}/"

    def test_the_weeks_the_clocks_change_have_every_time(self, desk: Client) -> None:
        assert "23.03.–29.03." in shown(desk, "/calendar/2026-03-23/")
        for monday, sunday in (("2026-10-12", "18.10."), ("2026-10-19", "25.10.")):
            page = shown(desk, f"/calendar/{monday}/")
            assert sunday in page
            assert page.count("09.00–12.00 6 ledige") == 5 + 1, "the doctor beside the nurse on Mondays has the same six"

    def test_it_costs_the_same_number_of_questions_however_many_come(self, desk: Client, here: StaffedClinic) -> None:
        def questions() -> int:
            shown(desk, f"/calendar/{MONDAY}/")
            with CaptureQueriesContext(connection) as asked:
                shown(desk, f"/calendar/{MONDAY}/")
            return len(asked)

        booked(here, an_enrolled_child(here), "2026-04-07 09:00")
        for_one = questions()
        for number in range(1, 5):
            booked(
                here, an_enrolled_child(here, born_on=date(2026, 1, 5 + number)), f"2026-04-08 {9 + number // 2:02}:{30 * (number % 2):02}"
            )
        assert questions() == for_one

    def test_the_look_is_written_down(self, desk: Client, here: StaffedClinic, iben: Enrolment) -> None:
        booked(here, iben, "2026-04-07 09:00")
        shown(desk, "/calendar/")
        assert AuditEvent.objects.filter(action="list.seen").latest("seq").detail == {"list": "calendar", "rows": 1}

    def test_who_books_nothing_sees_no_calendar(self, here: StaffedClinic, clock: time_machine.Traveller) -> None:
        for role in (Role.ANALYST, Role.PRIVACY_OFFICER, Role.ADMINISTRATOR):
            outside = signed_in(an_account(here.municipality, role), at=NOW)
            for page in ("", f"{MONDAY}/", "absence/", "rebook/", "capacity/"):
                assert outside.get(f"/calendar/{page}").status_code == 403


class TestATimeForAChild:
    def test_the_best_three_come_first_each_with_why(self, desk: Client, here: StaffedClinic, iben: Enrolment) -> None:
        answer = desk.get(times_of(iben))
        page = text_of(answer.content)
        assert "Sett opp time" in page
        best = page.split("Beste tider")[1].split("Konsultasjonen")[0]
        assert best.count("innenfor vinduet") == 3
        assert len({re.search(r"\d+\. april", day)[0] for day in re.findall(r"\w+dag \d+\. april kl", best)}) == 3  # type: ignore[index] # found above
        assert "Vindu" in page
        assert "Trenger helsesykepleier, på helsestasjonen, 30 min" in page
        assert "Tolk Må bestilles til timen" in page
        assert "Iben" in page.split("Slik blir meldingen")[1]

    def test_a_time_is_given_by_its_button(self, desk: Client, here: StaffedClinic, iben: Enrolment) -> None:
        first = buttons(desk.get(times_of(iben)).content)[0]
        page = text_of(desk.post(times_of(iben), {"appointment": "", "time": first}, follow=True).content)
        appointment = Appointment.objects.get()
        assert "Iben Solvang har time" in page
        assert "Familien får beskjed. Bestill tolk til timen." in page
        assert appointment.needs_interpreter
        assert first.split(".")[1] == str(int(appointment.begins_at.timestamp()))
        assert "Flytt" in page.split("Timer")[1]

    def test_a_second_click_gives_no_second_time(self, desk: Client, here: StaffedClinic, iben: Enrolment) -> None:
        sent = {"appointment": "", "time": buttons(desk.get(times_of(iben)).content)[0]}
        desk.post(times_of(iben), sent)
        answer = desk.post(times_of(iben), sent)
        assert answer.status_code == 409
        assert "Flytt timen" in text_of(answer.content)
        assert Appointment.objects.count() == 1

    def test_a_time_taken_meanwhile_is_refused_and_the_next_best_are_offered(
        self, desk: Client, here: StaffedClinic, iben: Enrolment
    ) -> None:
        first = buttons(desk.get(times_of(iben)).content)[0]
        begins_at = datetime.fromtimestamp(int(first.split(".")[1]), tz=OSLO)
        booked(here, an_enrolled_child(here, born_on=date(2026, 1, 6)), f"{begins_at:%Y-%m-%d %H:%M}")
        answer = desk.post(times_of(iben), {"appointment": "", "time": first})
        assert answer.status_code == 409
        assert "Tiden er ikke ledig lenger" in text_of(answer.content)
        assert first not in buttons(answer.content)
        assert len(buttons(answer.content)) >= 3

    def test_what_no_button_of_ours_sends_gives_no_time(self, desk: Client, iben: Enrolment) -> None:
        step = step_of(iben, STEP).pk
        for sent in ("", "hår", "1.2.3.clinic", f"{step}.99999999999999999.1.clinic", f"{step}.253402300799.1.clinic"):
            assert desk.post(times_of(iben), {"appointment": "", "time": sent}).status_code == 409, sent
        assert not Appointment.objects.exists()

    def test_a_time_of_another_step_is_not_given(self, desk: Client, here: StaffedClinic, iben: Enrolment) -> None:
        other = an_enrolled_child(here, born_on=date(2026, 1, 6))
        sent = value_for(other, here, "2026-04-08 09:00")
        assert desk.post(times_of(iben), {"appointment": "", "time": sent}).status_code == 409
        assert not Appointment.objects.exists()

    def test_a_person_may_choose_a_time_outside_the_window(self, desk: Client, here: StaffedClinic, iben: Enrolment) -> None:
        page = desk.get(times_of(iben, week="2026-08-03"))
        assert "utenfor vinduet" in text_of(page.content)
        [chosen] = [value for value in buttons(page.content) if value == value_for(iben, here, "2026-08-04 09:00")]
        assert desk.post(times_of(iben), {"appointment": "", "time": chosen}).status_code == 302
        assert Appointment.objects.get().begins_at.date() == date(2026, 8, 4)

    def test_without_openings_it_says_so(self, desk: Client, here: StaffedClinic, iben: Enrolment) -> None:
        for opening in here.openings:
            opening.delete()
        page = shown(desk, times_of(iben))
        assert "Ingen ledig tid passer i dagene konsultasjonen skal være." in page
        assert "Ingen ledig tid passer denne uken." in page

    def test_a_protected_child_is_given_a_time_by_the_named_only(self, desk: Client, here: StaffedClinic, iben: Enrolment) -> None:
        Person.objects.filter(pk=iben.person_id).update(protection="confidential")
        known, unknown = desk.get(times_of(iben)), desk.get(f"/child/{NOBODYS}/times/?step=1")
        assert (known.status_code, unknown.status_code) == (404, 404)
        sent = {"appointment": "", "time": value_for(iben, here, "2026-04-08 09:00")}
        assert desk.post(times_of(iben), sent).status_code == 404
        assert not Appointment.objects.exists()

    def test_a_step_that_is_not_in_the_plan_is_no_page(self, desk: Client, iben: Enrolment) -> None:
        for step in ("", "0", "99", "hår", "-1", "9" * 30):
            assert desk.get(f"/child/{iben.person.public_id}/times/?step={step}").status_code == 404, step

    def test_a_settled_step_and_a_dead_child_get_no_time(self, desk: Client, here: StaffedClinic, iben: Enrolment) -> None:
        Person.objects.filter(pk=iben.person_id).update(is_dead=True, died_on=MONDAY)
        assert "Folkeregisteret sier at barnet er dødt." in text_of(desk.get(times_of(iben)).content)
        other = an_enrolled_child(here, born_on=date(2026, 1, 6))
        mark_done(enrolment=other, step=STEP, on=NOW.date(), today=NOW.date(), by=CLERK, at=NOW)
        settled = desk.get(times_of(other))
        assert (settled.status_code, "allerede avgjort" in text_of(settled.content)) == (409, True)

    def test_a_step_nobody_knows_what_takes_any_more_is_given_no_time(self, desk: Client, here: StaffedClinic, iben: Enrolment) -> None:
        Enrolment.objects.filter(pk=iben.pk).update(programme_version="borte-2019")
        sent = {"appointment": "", "time": value_for(iben, here, "2026-04-08 09:00")}
        for answer in (desk.get(times_of(iben)), desk.post(times_of(iben), sent)):
            assert answer.status_code == 409
            assert "Konsultasjonen finnes ikke i programmet lenger." in text_of(answer.content)
        assert not Appointment.objects.exists()

    def test_the_worklist_leads_there(self, desk: Client, iben: Enrolment) -> None:
        assert f'href="{times_of(iben)}"' in desk.get("/worklist/").content.decode()

    def test_it_costs_the_same_number_of_questions_however_many_children_there_are(
        self, desk: Client, here: StaffedClinic, iben: Enrolment
    ) -> None:
        def questions() -> int:
            with CaptureQueriesContext(connection) as asked:
                shown(desk, times_of(iben))
            return len(asked)

        questions()
        alone = questions()
        for number in range(1, 5):
            booked(
                here, an_enrolled_child(here, born_on=date(2026, 1, 5 + number)), f"2026-04-08 {9 + number // 2:02}:{30 * (number % 2):02}"
            )
        assert questions() == alone


class TestMoving:
    @pytest.mark.parametrize(("who", "state"), [("family", State.MOVED_BY_FAMILY), ("clinic", State.MOVED_BY_CLINIC)])
    def test_it_is_moved_on_somebodys_account(self, desk: Client, here: StaffedClinic, iben: Enrolment, who: str, state: State) -> None:
        appointment = booked(here, iben, "2026-04-08 09:00")
        page = desk.get(times_of(iben))
        assert "Nå Onsdag 8. april kl. 09.00 · Kari Kvist" in text_of(page.content)
        sent = {"appointment": appointment.pk, "time": value_for(iben, here, "2026-04-08 09:30"), "who": who, "reason": "Ringte"}
        assert "Iben Solvang har time onsdag 8. april kl. 09.30" in text_of(desk.post(times_of(iben), sent, follow=True).content)
        appointment.refresh_from_db()
        assert (appointment.state, appointment.state_reason) == (state, "Ringte")
        assert Appointment.objects.get(replaces=appointment).begins_at - appointment.begins_at == timedelta(minutes=30)

    def test_its_own_time_may_be_overlapped_by_the_new(self, desk: Client, here: StaffedClinic, iben: Enrolment) -> None:
        here.opens(weekday=2, begins=time(9, 15), ends=time(10, 15), employee=here.other_nurse, room=here.other_room)
        booked(here, iben, "2026-04-08 09:00")
        values = buttons(desk.get(times_of(iben, week=MONDAY)).content)
        assert any(value.split(".")[2] == str(here.other_nurse.pk) for value in values)

    def test_who_wanted_it_must_be_said(self, desk: Client, here: StaffedClinic, iben: Enrolment) -> None:
        appointment = booked(here, iben, "2026-04-08 09:00")
        sent = {"appointment": appointment.pk, "time": value_for(iben, here, "2026-04-08 09:30"), "reason": "Ringte"}
        answer = desk.post(times_of(iben), sent)
        assert answer.status_code == 422
        assert "Velg om det var familien eller helsestasjonen" in text_of(answer.content)
        assert "Ringte" in answer.content.decode()
        appointment.refresh_from_db()
        assert appointment.state == State.OFFERED

    def test_one_that_has_been_moved_meanwhile_is_not_moved_again(self, desk: Client, here: StaffedClinic, iben: Enrolment) -> None:
        appointment = booked(here, iben, "2026-04-08 09:00")
        sent = {"appointment": appointment.pk, "time": value_for(iben, here, "2026-04-08 09:30"), "who": "family"}
        desk.post(times_of(iben), sent)
        answer = desk.post(times_of(iben), sent | {"time": value_for(iben, here, "2026-04-08 10:00")})
        assert answer.status_code == 409
        assert "Timen er alt ført." in text_of(answer.content)
        assert Appointment.objects.still_open().get().begins_at.astimezone(OSLO).hour == 9


class TestCancelling:
    @pytest.mark.parametrize(("who", "state"), [("family", State.CANCELLED_BY_FAMILY), ("clinic", State.CANCELLED_BY_CLINIC)])
    def test_it_is_cancelled_and_other_times_are_offered_and_it_is_taken_back(
        self, desk: Client, here: StaffedClinic, iben: Enrolment, who: str, state: State
    ) -> None:
        appointment = booked(here, iben, "2026-04-08 09:00")
        assert "Onsdag 8. april kl. 09.00" in shown(desk, cancelling(iben))
        answer = desk.post(cancelling(iben), {"appointment": appointment.pk, "who": who, "reason": "Sykdom"}, follow=True)
        page = text_of(answer.content)
        assert "Timen til Iben Solvang er avlyst. Her er tider å gi i stedet. Angre" in page
        assert "Sett opp time" in page
        appointment.refresh_from_db()
        assert (appointment.state, appointment.state_reason) == (state, "Sykdom")
        undo = {"appointment": appointment.pk, "to": "offered"}
        page = text_of(desk.post(f"/child/{iben.person.public_id}/uncancel/", undo, follow=True).content)
        assert "Angret: timen til Iben Solvang står som før." in page
        appointment.refresh_from_db()
        assert appointment.state == State.OFFERED

    def test_the_clinic_says_why(self, desk: Client, here: StaffedClinic, iben: Enrolment) -> None:
        appointment = booked(here, iben, "2026-04-08 09:00")
        answer = desk.post(cancelling(iben), {"appointment": appointment.pk, "who": "clinic", "reason": " "})
        assert (answer.status_code, "Skriv hvorfor helsestasjonen avlyser" in text_of(answer.content)) == (422, True)
        assert desk.post(cancelling(iben), {"appointment": appointment.pk, "who": ""}).status_code == 422

    def test_a_second_click_and_another_appointment_change_nothing(self, desk: Client, here: StaffedClinic, iben: Enrolment) -> None:
        appointment = booked(here, iben, "2026-04-08 09:00")
        assert desk.post(cancelling(iben), {"appointment": appointment.pk + 1, "who": "family"}).status_code == 422
        sent = {"appointment": appointment.pk, "who": "family"}
        assert desk.post(cancelling(iben), sent).status_code == 302
        assert desk.post(cancelling(iben), sent).status_code == 409

    def test_only_what_can_stand_again_is_taken_back(self, desk: Client, here: StaffedClinic, iben: Enrolment) -> None:
        appointment = booked(here, iben, "2026-04-08 09:00")
        other = an_enrolled_child(here, born_on=date(2026, 1, 6)).person
        assert desk.post(f"/child/{other.public_id}/uncancel/", {"appointment": appointment.pk, "to": "offered"}).status_code == 404
        undo = f"/child/{iben.person.public_id}/uncancel/"
        assert desk.post(undo, {"appointment": appointment.pk, "to": "attended"}).status_code == 404
        assert desk.post(undo, {"appointment": appointment.pk, "to": "offered"}).status_code == 409


class TestTheChildsPage:
    def test_it_lists_what_comes_what_needs_a_time_and_what_has_been(self, desk: Client, here: StaffedClinic, iben: Enrolment) -> None:
        page = shown(desk, f"/child/{iben.person.public_id}/")
        assert re.search(r"3 måneder vindu [\d.–]+ Skal ha time nå Sett opp time", page.split("Timer")[1])
        appointment = booked(here, iben, "2026-04-08 09:00")
        page = shown(desk, f"/child/{iben.person.public_id}/").split("Timer")[1]
        assert "08.04.2026 kl. 09.00 3 måneder · Kari Kvist Satt opp Flytt" in page
        cancel_by_clinic(appointment=appointment, reason="Sykdom", by=CLERK, at=NOW)
        assert "08.04.2026 kl. 09.00 3 måneder · Kari Kvist Avlyst av oss" in shown(desk, f"/child/{iben.person.public_id}/")


class TestAbsence:
    def sent(self, here: StaffedClinic, **changed: str) -> dict[str, str]:
        return {"who": f"employee.{here.nurse.pk}", "first": "2026-04-08", "last": "", "reason": "Kurs"} | changed

    def test_it_is_seen_before_it_is_recorded_and_then_others_times_are_given(
        self, desk: Client, here: StaffedClinic, iben: Enrolment
    ) -> None:
        appointment = booked(here, iben, "2026-04-08 09:00")
        assert "Ingen er ført borte fra i dag av." in shown(desk, "/calendar/absence/")
        page = text_of(desk.post("/calendar/absence/", self.sent(here)).content)
        assert "1 time avlyses 08.04.2026 kl. 09.00: Iben Solvang Før fraværet og avlys 1 time" in page
        assert not Absence.objects.exists()
        answer = desk.post("/calendar/absence/", self.sent(here, seen=str(appointment.pk)), follow=True)
        page = text_of(answer.content)
        assert "Fraværet er ført, og 1 time er avlyst. Gi barnet ny tid her." in page
        assert "Iben Solvang 3 måneder · timen 08.04. er avlyst: Kurs" in page
        assert re.search(r"\d\d\.\d\d\.2026 kl\. \d\d\.\d\d · Kari Kvist · tolk må bestilles SMS på", page)
        [time_sent] = set(buttons(answer.content))
        page = text_of(desk.post("/calendar/rebook/", {"time": time_sent}, follow=True).content)
        assert "1 time er satt opp. Familien får beskjed." in page
        assert "Ingen venter på ny tid etter en avlysning." in page
        assert Appointment.objects.still_open().get().replaces == appointment

    def test_what_changed_since_it_was_seen_is_shown_again(self, desk: Client, here: StaffedClinic, iben: Enrolment) -> None:
        desk.post("/calendar/absence/", self.sent(here))
        booked(here, iben, "2026-04-08 09:00")
        page = text_of(desk.post("/calendar/absence/", self.sent(here, seen="")).content)
        assert "Timene har endret seg siden du så på dem." in page
        assert not Absence.objects.exists()

    def test_one_that_touches_nobody_is_recorded_and_taken_back(self, desk: Client, here: StaffedClinic) -> None:
        assert "Ingen timer avlyses" in text_of(desk.post("/calendar/absence/", self.sent(here, last="2026-04-10")).content)
        page = text_of(desk.post("/calendar/absence/", self.sent(here, last="2026-04-10", seen=""), follow=True).content)
        assert "Fraværet er ført. Ingen timer er avlyst." in page
        assert "Kari Kvist 08.04.–10.04.2026 · Kurs Ta tilbake" in page
        row = Absence.objects.get()
        assert (row.from_on, row.until_on) == (date(2026, 4, 8), date(2026, 4, 11))
        assert "Fraværet er tatt tilbake." in text_of(desk.post("/calendar/end-absence/", {"absence": row.pk}, follow=True).content)
        assert desk.post("/calendar/end-absence/", {"absence": row.pk}).status_code == 409

    def test_a_room_and_the_whole_clinic_can_be_away_for_some_hours(self, desk: Client, here: StaffedClinic, iben: Enrolment) -> None:
        booked(here, iben, "2026-04-08 09:00")
        for who in (f"room.{here.room.pk}", f"clinic.{here.clinic.pk}"):
            early = text_of(desk.post("/calendar/absence/", self.sent(here, who=who, begins="08:00", ends="09:00")).content)
            late = text_of(desk.post("/calendar/absence/", self.sent(here, who=who, begins="09.15", ends="12:00")).content)
            assert ("Ingen timer avlyses" in early, "1 time avlyses" in late) == (True, True)

    def test_what_is_wrong_is_said_where_it_stands(self, desk: Client, here: StaffedClinic) -> None:
        for changed, says in (
            ({"who": ""}, "Velg en ansatt, et rom eller hele helsestasjonen."),
            ({"who": "employee.999999"}, "Velg blant det som står på listen."),
            ({"first": ""}, "Skriv den første dagen"),
            ({"first": "9999-12-31"}, "Skriv en dato"),
            ({"first": "0001-01-01"}, "Skriv en dato"),
            ({"last": "2026-04-01"}, "Fraværet må vare minst én dag"),
            ({"begins": "09:00"}, "Fraværet må vare minst én dag"),
            ({"begins": "12:00", "ends": "09:00"}, "Fraværet må vare minst én dag"),
            ({"reason": "x" * 201}, "Teksten er for lang"),
        ):
            answer = desk.post("/calendar/absence/", self.sent(here, **changed))
            assert (answer.status_code, says in text_of(answer.content)) == (422, True), changed
        assert not Absence.objects.exists()

    def test_a_child_that_is_not_theirs_to_see_is_counted_and_not_named(self, desk: Client, here: StaffedClinic, iben: Enrolment) -> None:
        appointment = booked(here, iben, "2026-04-08 09:00")
        Person.objects.filter(pk=iben.person_id).update(protection="confidential")
        page = text_of(desk.post("/calendar/absence/", self.sent(here)).content)
        assert "1 time avlyses og 1 til, som du ikke ser navnet på" in page
        after = text_of(desk.post("/calendar/absence/", self.sent(here, seen=str(appointment.pk)), follow=True).content)
        assert "Solvang" not in page + after
        assert not buttons(desk.get("/calendar/rebook/").content)

    def test_a_nurse_plans_no_rosters(self, here: StaffedClinic, clock: time_machine.Traveller) -> None:
        nurse = signed_in(an_account(here.municipality, Role.NURSE, employee=here.nurse, clinic=here.clinic), at=NOW)
        assert nurse.get("/calendar/absence/").status_code == 403
        assert "Før fravær" not in shown(nurse, "/calendar/")

    def test_another_clinics_staff_and_absences_are_not_theirs(self, here: StaffedClinic, clock: time_machine.Traveller) -> None:
        north = open_clinic(municipality=here.municipality, name="Nord", by=LEADER, at=AT)
        elsewhere = signed_in(an_account(here.municipality, Role.CLERK, clinic=north), at=NOW)
        away = Absence.objects.create(
            clinic=here.clinic, from_on=date(2026, 4, 8), until_on=date(2026, 4, 9), recorded_at=AT, recorded_by="leder"
        )
        assert elsewhere.post("/calendar/absence/", self.sent(here)).status_code == 422
        assert elsewhere.post("/calendar/end-absence/", {"absence": away.pk}).status_code == 404


class TestGivingNewTimes:
    @pytest.fixture
    def waiting(self, here: StaffedClinic, iben: Enrolment) -> Appointment:
        appointment = booked(here, iben, "2026-04-08 09:00")
        cancel_by_clinic(appointment=appointment, reason="Sykdom", by=CLERK, at=NOW)
        return appointment

    def test_one_whose_time_is_gone_is_told_so_and_the_others_get_theirs(
        self, desk: Client, here: StaffedClinic, iben: Enrolment, waiting: Appointment
    ) -> None:
        other = an_enrolled_child(here, born_on=date(2026, 1, 6), family_name="Rahimi")
        family_of(other.person, a_guardian(nth=1))
        cancel_by_clinic(appointment=booked(here, other, "2026-04-08 09:30"), by=CLERK, at=NOW)
        times = dict.fromkeys(buttons(desk.get("/calendar/rebook/").content))
        gone, given = sorted(times, key=lambda value: not value.startswith(f"{waiting.planned_step_id}."))
        begins_at = datetime.fromtimestamp(int(gone.split(".")[1]), tz=OSLO)
        booked(here, an_enrolled_child(here, born_on=date(2026, 1, 7)), f"{begins_at:%Y-%m-%d %H:%M}")
        answer = desk.post("/calendar/rebook/", {"time": [gone, given]})
        page = text_of(answer.content)
        assert answer.status_code == 409
        assert "Iben Solvang : Tiden er ikke ledig lenger" in page
        assert "Rahimi" not in page.split("Foreslåtte tider")[1]

    def test_who_is_not_on_the_list_is_given_nothing(self, desk: Client, waiting: Appointment) -> None:
        page = text_of(desk.post("/calendar/rebook/", {"time": ["hår", "1.2.3.clinic"]}, follow=True).content)
        assert "Ingenting er gjort: barna står ikke på listen lenger." in page

    def test_without_a_time_to_propose_it_says_why_and_leads_to_the_calendar(
        self, desk: Client, here: StaffedClinic, iben: Enrolment, waiting: Appointment
    ) -> None:
        for opening in here.openings:
            opening.delete()
        answer = desk.get("/calendar/rebook/")
        assert "Ingen slik tid er åpnet" in text_of(answer.content)
        assert not buttons(answer.content)
        assert times_of(iben) in answer.content.decode()

    def test_a_long_list_shows_the_most_urgent(
        self, desk: Client, here: StaffedClinic, waiting: Appointment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rebooking, "MOST", 1)
        other = an_enrolled_child(here, born_on=date(2026, 1, 20), family_name="Rahimi")
        cancel_by_clinic(appointment=booked(here, other, "2026-04-14 09:30"), by=CLERK, at=NOW)
        page = shown(desk, "/calendar/rebook/")
        assert "2 barn skal ha ny tid. Her er de 1 som haster mest." in page
        assert "Rahimi" not in page


class TestCapacity:
    def test_who_cannot_be_placed_is_named_and_counted_by_week_and_competence(
        self, desk: Client, here: StaffedClinic, iben: Enrolment
    ) -> None:
        for opening in here.openings:
            opening.delete()
        page = shown(desk, "/calendar/capacity/")
        assert re.search(r"\d+ konsultasjon(er)? får ikke plass innenfor vinduet", page)
        assert re.search(r"Solvang .* Ingen slik tid er åpnet.* vindu til [\d.]+ Finn tid", page)
        assert re.search(r"Uke \d+ På helsestasjonen Helsesykepleier \d", page)

    def test_a_child_that_is_not_theirs_to_see_is_counted_only(
        self, here: StaffedClinic, iben: Enrolment, clock: time_machine.Traveller
    ) -> None:
        for opening in here.openings:
            opening.delete()
        north = open_clinic(municipality=here.municipality, name="Nord", by=LEADER, at=AT)
        page = shown(signed_in(an_account(here.municipality, Role.CLERK, clinic=north), at=NOW), "/calendar/capacity/")
        assert "Solvang" not in page
        assert "som du ikke ser navne" in page

    def test_the_forecast_is_a_picture_with_its_numbers_beside_it(self, desk: Client, here: StaffedClinic, iben: Enrolment) -> None:
        answer = desk.get("/calendar/capacity/")
        page = text_of(answer.content)
        assert "Alle som skal ha time nå, får plass innenfor vinduet." in page
        assert "Helsesykepleier, på helsestasjonen" in page
        assert re.search(r"Uke 15 \d+ plass til \d+", page)
        assert answer.content.count(b'class="fill') % 12 == 0
        assert b"style=" not in answer.content
