"""The settings: who may see which, what is told before something is done, and what is refused in words with nothing lost."""

from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fjorten.access.models import RoleHeld, User
from fjorten.access.permissions import GRANTS, Permission, Role
from fjorten.appointments.actions.booking import book
from fjorten.appointments.models import RosterOpening
from fjorten.audit.models import AuditEvent
from fjorten.followup.actions.leaving import HeirCannotTakeOver, leave
from fjorten.followup.ladder import LadderStep, Reason, Track, default_ladder
from fjorten.followup.ladders import ladder_of
from fjorten.followup.models import Case, LadderOverlay
from fjorten.messages.models import ContactTask
from fjorten.organisation.actions import open_clinic
from fjorten.organisation.models import Clinic, Employee, Municipality, Room
from fjorten.plans.models import ProgrammeOverlay
from fjorten.programme.tables import LANGUAGES
from fjorten.web.glance import forget
from tests.factories.access import an_account as an_account_given_by_others
from tests.factories.clinic import AT, CLERK, LEADER, StaffedClinic, an_enrolled_child, step_of
from tests.web.at_work import an_account, signed_in, text_of
from tests.web.conftest import NOW
from tests.web.pages import read

PAGES = ("staff", "clinics", "rosters", "programme", "ladder")


@pytest.fixture
def leader(here: StaffedClinic, clock: time_machine.Traveller) -> Client:
    employee = Employee.objects.get(code="leder")
    return signed_in(an_account_given_by_others(here.municipality, "leder", employee=employee, roles=[Role.LEADER]), at=NOW)


@pytest.fixture
def receptionist(here: StaffedClinic, clock: time_machine.Traveller) -> Client:
    return signed_in(an_account(here.municipality, Role.CLERK, clinic=here.clinic), at=NOW)


def shown(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, text_of(answer.content)
    read(answer.content.decode())
    return text_of(answer.content)


def send(browser: Client, address: str, fields: Mapping[str, Any]) -> tuple[int, str]:
    answer = browser.post(address, fields, follow=True)
    read(answer.content.decode())
    return answer.status_code, text_of(answer.content)


def send_twice(browser: Client, address: str, fields: Mapping[str, Any]) -> tuple[str, str]:
    """Send a form that tells something first, and then the same again with what it told."""
    answer = browser.post(address, fields)
    assert answer.status_code == 200, text_of(answer.content)
    [told] = [one.attrs["value"] for one in read(answer.content.decode()).all("input") if one.attrs.get("name") == "foretold"]
    assert told
    status, page = send(browser, address, {**fields, "foretold": told})
    assert status == 200
    return told, page


def asked_in(browser: Client, address: str) -> int:
    shown(browser, address)
    forget()
    with CaptureQueriesContext(connection) as questions:
        shown(browser, address)
    return len(questions)


class TestWhoMaySeeThem:
    def test_whoever_may_set_anything_may_see_the_front_page(self) -> None:
        for granted in GRANTS.values():
            if granted & {Permission.MANAGE_STAFF, Permission.CHANGE_SETTINGS}:
                assert Permission.PLAN_ROSTERS in granted

    def test_the_leader_is_shown_all_with_the_state_of_each(self, leader: Client) -> None:
        page = shown(leader, "/settings/")
        assert "Ansatte og roller 5 ansatte og 1 åpne kontoer." in page
        assert "Timeplaner Åpninger: 5. Fravær fra i dag: 0." in page
        assert "Programmet Versjon 2017.1 fra 09.02.2017, 14 konsultasjoner." in page
        assert "Stigen Dager og ord slik de følger med fjorten." in page

    def test_the_clerk_is_shown_the_rosters_only(self, receptionist: Client) -> None:
        page = shown(receptionist, "/settings/")
        assert "Timeplaner" in page
        assert "Ansatte og roller" not in page
        assert {name: receptionist.get(f"/settings/{name}/").status_code for name in PAGES} == {**dict.fromkeys(PAGES, 403), "rosters": 200}

    @pytest.mark.parametrize("role", [Role.NURSE, Role.PRIVACY_OFFICER, Role.ADMINISTRATOR, Role.ANALYST])
    def test_others_see_none_of_it(self, role: Role, here: StaffedClinic, clock: time_machine.Traveller) -> None:
        browser = signed_in(an_account(here.municipality, role), at=NOW)
        assert {browser.get(f"/settings/{name}/").status_code for name in PAGES} == {403}
        assert browser.get("/settings/").status_code == 403
        assert "Innstillinger" not in text_of(browser.get("/", follow=True).content)

    def test_another_municipalitys_are_not_there(self, here: StaffedClinic, leader: Client) -> None:
        elsewhere = Municipality.objects.create(code="9902", name="Den andre")
        theirs = Clinic.objects.create(municipality=elsewhere, name="Deres", is_default=True)
        user = User.objects.create(municipality=elsewhere, login="fremmed", display_name="Fremmed")
        for address in (f"clinics/{theirs.pk}/rename", f"accounts/{user.pk}", f"accounts/{user.pk}/password", f"staff/{10**17}"):
            assert leader.get(f"/settings/{address}/").status_code == 404
        assert leader.get("/settings/rosters/?clinic=999").status_code == 404


class TestStaff:
    HIRED: Mapping[str, str] = {"name": "Áile Łazić Šværen", "code": "aile", "role": "midwife", "employed_from": "2026-04-06", "email": ""}

    def test_it_says_who_works_here_as_what_and_who_can_sign_in(self, here: StaffedClinic, leader: Client) -> None:
        page = shown(leader, "/settings/staff/")
        assert "5 ansatte, 4 uten åpen konto." in page
        assert "Kari Kvist kari helsesykepleier Helsestasjonen – ingen 01.01.2025 ingen" in page

    def test_somebody_is_hired_and_the_second_click_is_refused_in_words(self, here: StaffedClinic, leader: Client) -> None:
        fields = {**self.HIRED, "clinic": here.clinic.pk}
        status, page = send(leader, "/settings/staff/hire/", fields)
        assert (status, "Áile Łazić Šværen er ført som ansatt fra 06.04.2026." in page) == (200, True)
        status, page = send(leader, "/settings/staff/hire/", fields)
        assert (status, "Kode: Koden er allerede i bruk" in page) == (422, True)
        assert Employee.objects.filter(code="aile").count() == 1

    def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_lost(self, here: StaffedClinic, leader: Client) -> None:
        cases: list[tuple[Any, str]] = [
            ({"name": "  "}, "Navn: Skriv navnet på den ansatte."),
            ({"name": "x" * 151}, "Navn: Teksten er for lang."),
            ({"code": "a\0b"}, "Kode: Null"),
            ({"role": "konge"}, "Arbeider som: Velg blant det som står på listen."),
            ({"employed_from": "31.02.2026"}, "Første dag: Skriv en dato"),
            ({"employed_from": "0001-01-01"}, "Første dag: Skriv en dato"),
            ({"email": "ikke en adresse"}, "E-post: Dette er ikke en e-postadresse."),
        ]
        for wrong, sentence in cases:
            answer = leader.post("/settings/staff/hire/", {**self.HIRED, "clinic": here.clinic.pk, **wrong})
            assert answer.status_code == 422
            assert sentence in text_of(answer.content)
            kept = {one.attrs.get("value") for one in read(answer.content.decode()).all("input")}
            assert wrong.get("code", "aile") in kept or "code" in wrong

    def test_who_leaves_is_told_of_first_and_what_they_have_is_given_on(self, here: StaffedClinic, leader: Client) -> None:
        child = an_enrolled_child(here, given_name="Ada", family_name="Fjell")
        book(planned_step=step_of(child, "C04_M3"), slot=here.slot("2026-04-13 09:00"), by=CLERK, at=AT)
        case = a_case(child, here)
        page = shown(leader, f"/settings/staff/{here.nurse.pk}/leave/")
        assert "1 åpen oppfølgingssak." in page
        assert "1 time fra i dag." in page
        assert "5 åpninger i timeplanen." in page
        assert "Fjell" not in page
        fields = {"on": "2026-04-07", "heir": here.other_nurse.pk}
        status, page = send(leader, f"/settings/staff/{here.nurse.pk}/leave/", fields)
        assert status == 200
        assert "Kari Kvist er ført som sluttet fra 07.04.2026. Gitt videre nå: 1 saker og 0 oppgaver." in page
        case.refresh_from_db()
        assert case.owner == here.other_nurse
        status, page = send(leader, f"/settings/staff/{here.nurse.pk}/leave/", fields)
        assert (status, "Første dag borte: Ansettelsen er allerede avsluttet." in page) == (422, True)

    def test_without_an_heir_the_cases_wait_for_the_night(self, here: StaffedClinic, leader: Client) -> None:
        case = a_case(an_enrolled_child(here), here)
        page = send(leader, f"/settings/staff/{here.nurse.pk}/leave/", {"on": "2026-04-07", "heir": ""})[1]
        assert "Saker som går til stedfortrederen: 1." in page
        case.refresh_from_db()
        assert case.owner == here.nurse

    def test_tasks_go_to_the_deputy_at_once_when_no_heir_is_named(self, here: StaffedClinic, leader: Client) -> None:
        child = an_enrolled_child(here).person
        told = {"key": "k", "reason": "not_delivered", "sentence": "Ring familien.", "due_on": date(2026, 4, 1), "opened_at": AT}
        staff = {"owner": here.nurse, "deputy": here.other_nurse}
        task = ContactTask.objects.create(municipality=here.municipality, person=child, **told, **staff)
        assert "1 oppgave." in shown(leader, f"/settings/staff/{here.nurse.pk}/leave/")
        page = send(leader, f"/settings/staff/{here.nurse.pk}/leave/", {"on": "2026-05-01", "heir": ""})[1]
        assert "Gitt videre nå: 0 saker og 1 oppgaver." in page
        task.refresh_from_db()
        assert (task.owner, task.due_on) == (here.other_nurse, date(2026, 4, 6))

    def test_nobody_takes_over_from_themselves(self, here: StaffedClinic) -> None:
        with pytest.raises(HeirCannotTakeOver):
            leave(employee=here.nurse, on=date(2026, 5, 1), heir=here.nurse, by=LEADER, at=AT)
        assert Employee.objects.get(pk=here.nurse.pk).employed_until is None

    def test_nobody_leaves_before_they_came(self, here: StaffedClinic, leader: Client) -> None:
        status, page = send(leader, f"/settings/staff/{here.nurse.pk}/leave/", {"on": "2024-12-31", "heir": ""})
        assert (status, "Første dag borte: Ansettelsen kan ikke avsluttes før dagen den begynte." in page) == (422, True)

    def test_a_deputy_is_chosen(self, here: StaffedClinic, leader: Client) -> None:
        page = send(leader, f"/settings/staff/{here.nurse.pk}/deputy/", {"deputy": here.other_nurse.pk})[1]
        assert "Per Pors gjør arbeidet til Kari Kvist ved fravær." in page
        assert "Stedfortreder Per Pors" in page

    def test_the_list_costs_the_same_however_many_there_are(self, here: StaffedClinic, leader: Client) -> None:
        for_few = asked_in(leader, "/settings/staff/")
        for number in range(6):
            an_account(here.municipality, Role.NURSE, clinic=here.clinic, login=f"flere{number}")
        assert asked_in(leader, "/settings/staff/") == for_few


def a_case(enrolment: Any, here: StaffedClinic) -> Case:
    return Case.objects.create(
        municipality=here.municipality,
        person=enrolment.person,
        planned_step=step_of(enrolment, "C05_M4"),
        trigger="by_hand",
        trigger_key="test",
        fact_on=date(2026, 4, 1),
        ladder=default_ladder().reference,
        track="standard",
        counts_from=date(2026, 4, 1),
        opened_on=date(2026, 4, 1),
        opened_at=AT,
        opened_by="kari",
        next_step="nurse_takes_over",
        owner=here.nurse,
        deputy=here.other_nurse,
        due_on=date(2026, 4, 20),
    )


class TestAccounts:
    @pytest.fixture
    def nurse(self, here: StaffedClinic) -> User:
        return an_account(here.municipality, Role.NURSE, employee=here.nurse, clinic=here.clinic)

    def test_an_employee_is_given_an_account_and_a_password_that_is_shown_once(self, here: StaffedClinic, leader: Client) -> None:
        fields = {"login": "kari", "role": "public_health_nurse", "clinic": here.clinic.pk, "from_on": "2026-04-06"}
        page = send(leader, f"/settings/staff/{here.nurse.pk}/let-in/", fields)[1]
        assert "Kari Kvist har fått konto. Lag et engangspassord." in page
        user = User.objects.get(login="kari")
        answer = leader.post(f"/settings/accounts/{user.pk}/password/")
        [made] = [one.words for one in read(answer.content.decode()).all("kbd") if "-" in one.words]
        user.refresh_from_db()
        assert user.check_password(made)
        assert made not in text_of(leader.get(f"/settings/staff/{here.nurse.pk}/").content)
        assert made not in str(list(AuditEvent.objects.values_list("detail", flat=True)))

        theirs = Client()
        assert theirs.post("/sign-in/", {"name": "kari", "password": made}, follow=True).redirect_chain[-1][0] == "/own-password/"
        assert theirs.get("/today/")["Location"] == "/own-password/"
        status, page = send(theirs, "/own-password/", {"password": made, "again": made})
        assert (status, "Nytt passord: Dette er engangspassordet du fikk." in page) == (422, True)
        assert "De to passordene er ikke like." in send(theirs, "/own-password/", {"password": "a" * 14, "again": "b"})[1]
        assert "Nytt passord: Passordet må ha minst 12 tegn." in send(theirs, "/own-password/", {"password": "kort", "again": "kort"})[1]
        own = "elleve fjell i regn"
        assert "Du har valgt nytt passord." in send(theirs, "/own-password/", {"password": own, "again": own})[1]
        assert theirs.get("/today/").status_code == 200

    def test_a_taken_name_is_refused_and_no_half_account_is_left(self, here: StaffedClinic, nurse: User, leader: Client) -> None:
        fields = {"login": "kari", "role": "doctor", "clinic": "", "from_on": "2026-04-06"}
        status, page = send(leader, f"/settings/staff/{here.doctor.pk}/let-in/", fields)
        assert (status, "Brukernavn: Brukernavnet er i bruk" in page) == (422, True)
        late = {**fields, "login": "ola", "from_on": "2026-04-05"}
        status, page = send(leader, f"/settings/staff/{here.doctor.pk}/let-in/", late)
        assert (status, "Fra: Rollen må begynne i dag eller senere" in page) == (422, True)
        assert not User.objects.filter(login="ola").exists()

    def test_an_account_is_opened_for_somebody_who_is_not_employed(self, here: StaffedClinic, leader: Client) -> None:
        fields = {"login": "ombud", "name": "Oda Ombud", "role": "privacy_officer", "clinic": "", "from_on": "2026-04-06"}
        assert "Oda Ombud har fått konto." in send(leader, "/settings/accounts/open/", fields)[1]
        page = shown(leader, "/settings/staff/")
        assert "Oda Ombud ombud ikke ført som ansatt personvernombud" in page
        assert "Personvernombud alle helsestasjonene" in shown(leader, f"/settings/accounts/{User.objects.get(login='ombud').pk}/")

    def test_a_role_changes_on_a_day_and_both_stay_written(self, here: StaffedClinic, nurse: User, leader: Client) -> None:
        held = RoleHeld.objects.get(user=nurse)
        fields = {"role": "leader", "clinic": "", "from_on": "2026-05-01"}
        assert "Kari Kvist er leder fra 01.05.2026." in send(leader, f"/settings/roles/{held.pk}/change/", fields)[1]
        held.refresh_from_db()
        assert (held.until_on, held.ended_by) == (date(2026, 5, 1), "leder")
        page = shown(leader, f"/settings/staff/{here.nurse.pk}/")
        assert "Helsesykepleier Helsestasjonen 10.03.2026 til og med 30.04.2026 · gitt av Lea Lyng, avsluttet av Lea Lyng" in page
        status, page = send(leader, f"/settings/roles/{held.pk}/change/", fields)
        assert (status, "Fra: Rollen er allerede avsluttet." in page) == (422, True)

    def test_a_role_is_given_and_ended(self, here: StaffedClinic, nurse: User, leader: Client) -> None:
        fields = {"role": "midwife", "clinic": here.clinic.pk, "from_on": "2026-04-06", "until_on": "2026-04-01"}
        status, page = send(leader, f"/settings/accounts/{nurse.pk}/role/", fields)
        assert (status, "Fra: Rollen må begynne i dag eller senere, og slutte etter at den begynner." in page) == (422, True)
        assert (
            "Kari Kvist er jordmor fra 06.04.2026." in send(leader, f"/settings/accounts/{nurse.pk}/role/", {**fields, "until_on": ""})[1]
        )
        held = RoleHeld.objects.get(user=nurse, role="midwife")
        assert "er ikke lenger jordmor fra 06.04.2026." in send(leader, f"/settings/roles/{held.pk}/end/", {"from_on": "2026-04-06"})[1]

    def test_a_leader_changes_nothing_about_their_own_account(self, here: StaffedClinic, leader: Client) -> None:
        own = User.objects.get(employee__code="leder")
        held = RoleHeld.objects.get(user=own)
        page = shown(leader, f"/settings/staff/{own.employee_id}/")
        assert "Dette er din egen konto." in page
        assert "Engangspassord" not in page
        assert "Bytt" not in page
        refused = "En annen leder eller den som drifter systemet, må gjøre det."
        for address, fields in (
            (f"accounts/{own.pk}/role", {"role": "doctor", "clinic": "", "from_on": "2026-04-06", "until_on": ""}),
            (f"roles/{held.pk}/change", {"role": "doctor", "clinic": "", "from_on": "2026-04-06"}),
            (f"roles/{held.pk}/end", {"from_on": "2026-04-06"}),
            (f"accounts/{own.pk}/close", {}),
            (f"staff/{own.employee_id}/leave", {"on": "2026-05-01", "heir": ""}),
        ):
            status, page = send(leader, f"/settings/{address}/", fields)
            assert (status, refused in page) == (422, True), address
        assert leader.post(f"/settings/accounts/{own.pk}/password/").status_code == 404
        assert RoleHeld.objects.filter(user=own, until_on=None).count() == 1

    def test_an_account_is_closed_opened_again_and_unlocked(self, here: StaffedClinic, nurse: User, leader: Client) -> None:
        theirs = signed_in(nurse, at=NOW)
        assert "Kontoen kari er stengt" in send(leader, f"/settings/accounts/{nurse.pk}/close/", {})[1]
        assert theirs.get("/today/").status_code == 302
        status, page = send(leader, f"/settings/accounts/{nurse.pk}/close/", {})
        assert (status, "Kontoen er stengt." in page) == (422, True)
        assert "Kontoen kari er åpen igjen, uten roller." in send(leader, f"/settings/accounts/{nurse.pk}/reopen/", {})[1]
        assert "kari kan prøve å logge inn igjen." in send(leader, f"/settings/accounts/{nurse.pk}/unlock/", {})[1]
        assert leader.post(f"/settings/accounts/{nurse.pk}/reopen/").status_code == 409


class TestClinicsAndRooms:
    def test_it_says_what_hangs_on_each(self, here: StaffedClinic, leader: Client) -> None:
        an_enrolled_child(here)
        page = shown(leader, "/settings/clinics/")
        assert "1 barn i programmet, 5 ansatte, 5 åpninger i timeplanen" in page
        assert "Rom 1 5 åpninger i timeplanen" in page
        assert "Rom 2 ikke i bruk" in page

    def test_a_clinic_is_added_named_given_an_area_and_closed(self, here: StaffedClinic, leader: Client) -> None:
        assert "Nord er åpnet." in send(leader, "/settings/clinics/add/", {"name": " Nord "})[1]
        nord = Clinic.objects.get(name="Nord")
        status, page = send(leader, "/settings/clinics/add/", {"name": "Nord"})
        assert (status, "Navn: En annen helsestasjon i kommunen heter det samme." in page) == (422, True)
        assert "Nord heter nå Čáhci ʼNordʼ." in send(leader, f"/settings/clinics/{nord.pk}/rename/", {"name": "Čáhci ʼNordʼ"})[1]
        status, page = send(leader, f"/settings/clinics/{nord.pk}/areas/", {"areas": "9901, 99o1"})
        assert (status, "Grunnkretser: Skriv området som de første sifrene" in page) == (422, True)
        assert "er lagret." in send(leader, f"/settings/clinics/{nord.pk}/areas/", {"areas": "990101, 9902"})[1]
        other = open_clinic(municipality=here.municipality, name="Sør", by=LEADER, at=AT)
        assert "En annen helsestasjon har det samme området." in send(leader, f"/settings/clinics/{other.pk}/areas/", {"areas": "9902"})[1]
        assert "Ingenting hører til her lenger." in shown(leader, f"/settings/clinics/{nord.pk}/close/")
        assert "er stengt." in send(leader, f"/settings/clinics/{nord.pk}/close/", {})[1]
        assert "Helsestasjonen eller rommet er allerede stengt." in send(leader, f"/settings/clinics/{nord.pk}/close/", {})[1]
        assert "Nord" not in shown(leader, "/settings/staff/hire/")

    def test_what_something_hangs_on_is_not_closed(self, here: StaffedClinic, leader: Client) -> None:
        page = shown(leader, f"/settings/rooms/{here.room.pk}/close/")
        assert "må flyttes eller avsluttes først: 5 åpninger i timeplanen." in page
        status, page = send(leader, f"/settings/rooms/{here.room.pk}/close/", {})
        assert (status, "Noe hører fortsatt til her." in page) == (422, True)
        status, page = send(leader, f"/settings/clinics/{here.clinic.pk}/close/", {})
        assert (status, "tar imot barna ingen annen har" in page) == (422, True)
        assert not Room.objects.filter(closed_on__isnull=False).exists()

    def test_a_room_is_opened_named_closed_and_opened_again(self, here: StaffedClinic, leader: Client) -> None:
        assert "Rom 3 ved Helsestasjonen er åpnet." in send(leader, f"/settings/clinics/{here.clinic.pk}/add-room/", {"name": "Rom 3"})[1]
        room = Room.objects.get(name="Rom 3")
        assert "heter det samme." in send(leader, f"/settings/rooms/{room.pk}/rename/", {"name": "Rom 1"})[1]
        assert "Rom 3 heter nå Lekerom." in send(leader, f"/settings/rooms/{room.pk}/rename/", {"name": "Lekerom"})[1]
        assert "Lekerom er stengt." in send(leader, f"/settings/rooms/{room.pk}/close/", {})[1]
        assert "Lekerom" not in shown(leader, "/settings/rosters/add/")
        assert "er åpnet." in send(leader, f"/settings/clinics/{here.clinic.pk}/add-room/", {"name": "Lekerom"})[1]
        assert "Lekerom" in shown(leader, "/settings/rosters/add/")

    def test_families_are_told_where_it_is_and_never_what_kind(self, here: StaffedClinic, leader: Client) -> None:
        there = f"/settings/clinics/{here.clinic.pk}/found-at/"
        status, page = send(leader, there, {"telephone": "123", "visiting_address": "Torget 1"})
        assert (status, "Telefon:" in page) == (422, True)
        status, page = send(leader, there, {"telephone": "+4700000001", "visiting_address": "Helsestasjonen, Torget 1"})
        assert (status, "Besøksadresse: Dette sier hva slags tjeneste det er" in page) == (422, True)
        assert (
            "sier fra nå av hvor Helsestasjonen er." in send(leader, there, {"telephone": "+4700000001", "visiting_address": "Torget 1"})[1]
        )
        known = {"brand": "Fjordvik kommune", "norwegian": "nn"}
        assert "sier fra nå av Fjordvik kommune." in send(leader, "/settings/clinics/known-as/", known)[1]
        assert "Målform nynorsk" in shown(leader, "/settings/clinics/")

    def test_the_page_costs_the_same_however_many_there_are(self, here: StaffedClinic, leader: Client) -> None:
        for_one = asked_in(leader, "/settings/clinics/")
        for number in range(5):
            clinic = open_clinic(
                municipality=here.municipality, name=f"Nr. {number}", basic_unit_prefixes=[f"99{number}"], by=LEADER, at=AT
            )
            Room.objects.create(clinic=clinic, name="Rom")
        assert asked_in(leader, "/settings/clinics/") == for_one


class TestRosters:
    @pytest.fixture
    def fields(self, here: StaffedClinic) -> dict[str, Any]:
        return {
            "employee": here.other_nurse.pk,
            "doctor": "",
            "setting": "clinic",
            "room": here.other_room.pk,
            "weekday": "1",
            "begins": "09:00",
            "ends": "12:00",
            "every_weeks": "1",
            "valid_from": "2026-04-06",
            "valid_until": "",
            "slot_minutes": "30",
            "capacity": "1",
            "travel_minutes": "0",
        }

    def test_the_week_is_shown_by_who_receives(self, receptionist: Client) -> None:
        page = shown(receptionist, "/settings/rosters/")
        assert "Kari Kvist helsesykepleier 09.00–12.00 Rom 1, med Ola Ospelauv 09.00–12.00 Rom 1" in page
        assert "01.05.2026 1. mai" in page

    def test_an_opening_is_set_up_and_the_second_click_is_refused(self, receptionist: Client, fields: dict[str, Any]) -> None:
        assert "Åpningen gir timer hos Per Pors fra 06.04.2026." in send(receptionist, "/settings/rosters/add/", fields)[1]
        status, page = send(receptionist, "/settings/rosters/add/", fields)
        assert (status, "Fra kl.: Den ansatte har allerede en åpning på denne tiden." in page) == (422, True)

    def test_what_cannot_be_is_refused_in_words(self, receptionist: Client, fields: dict[str, Any]) -> None:
        cases: list[tuple[Any, str]] = [
            ({"ends": "08:00"}, "Til kl.: Åpningen gir ingen timer."),
            ({"ends": "25:00"}, "Til kl.: Skriv et klokkeslett"),
            ({"valid_until": "2026-04-06"}, "Til kl.: Åpningen gir ingen timer."),
            ({"room": ""}, "Rom: Velg et rom. Bare hjemmebesøk er uten rom."),
            ({"slot_minutes": "0"}, "Minutter til hver time: Skriv et tall fra 5 til 480."),
            ({"capacity": "x"}, "Plasser i hver time: Skriv et tall fra 1 til 30."),
            ({"weekday": "7"}, "Ukedag: Velg blant det som står på listen."),
            ({"valid_from": "9999-12-31"}, "Gjelder fra: Skriv en dato"),
        ]
        for wrong, sentence in cases:
            status, page = send(receptionist, "/settings/rosters/add/", {**fields, **wrong})
            assert (status, sentence in page) == (422, True), page
            assert RosterOpening.objects.count() == 5

    def test_a_room_that_is_taken_is_refused(self, here: StaffedClinic, receptionist: Client, fields: dict[str, Any]) -> None:
        status, page = send(receptionist, "/settings/rosters/add/", {**fields, "room": here.room.pk})
        assert (status, "Rom: Rommet er allerede satt opp på denne tiden." in page) == (422, True)

    def test_ending_an_opening_tells_first_which_times_stand(self, here: StaffedClinic, receptionist: Client) -> None:
        child = an_enrolled_child(here)
        book(planned_step=step_of(child, "C04_M3"), slot=here.slot("2026-04-13 09:00"), by=CLERK, at=AT)
        monday = RosterOpening.objects.get(weekday=0)
        assert "1 time er gitt i åpningen, 13.04.2026." in shown(receptionist, f"/settings/rosters/{monday.pk}/")
        told, page = send_twice(receptionist, f"/settings/rosters/{monday.pk}/end/", {"on": "2026-04-08"})
        assert told == "1 time er gitt i åpningen, 13.04.2026. Den blir stående til noen flytter eller avlyser den."
        assert "Åpningen gir ingen timer fra 08.04.2026." in page
        monday.refresh_from_db()
        assert monday.valid_until == date(2026, 4, 8)
        status, page = send(receptionist, f"/settings/rosters/{monday.pk}/end/", {"on": "2026-04-08", "foretold": told})
        assert (status, "Gir ingen timer fra: Åpningen er allerede avsluttet" in page) == (422, True)

    def test_an_opening_changes_from_a_day_and_is_the_same_before(
        self, here: StaffedClinic, receptionist: Client, fields: dict[str, Any]
    ) -> None:
        tuesday = RosterOpening.objects.get(weekday=1)
        changed = {**fields, "employee": here.nurse.pk, "room": here.room.pk, "ends": "15:00", "valid_from": "2026-05-05"}
        assert "Åpningen er endret fra 05.05.2026." in send(receptionist, f"/settings/rosters/{tuesday.pk}/change/", changed)[1]
        tuesday.refresh_from_db()
        later = RosterOpening.objects.get(weekday=1, valid_from=date(2026, 5, 5))
        assert (tuesday.valid_until, tuesday.ends, later.ends) == (date(2026, 5, 5), time(12), time(15))
        nonsense = {**changed, "valid_from": "2026-06-02", "ends": "08:00"}
        status, page = send(receptionist, f"/settings/rosters/{later.pk}/change/", nonsense)
        assert (status, "Til kl.: Åpningen gir ingen timer." in page) == (422, True)
        later.refresh_from_db()
        assert later.valid_until is None

    def test_the_week_costs_the_same_however_full(self, here: StaffedClinic, receptionist: Client) -> None:
        for_few = asked_in(receptionist, "/settings/rosters/")
        for weekday in range(5):
            here.opens(weekday=weekday, employee=here.other_nurse, room=here.other_room)
        assert asked_in(receptionist, "/settings/rosters/") == for_few


DECISION = """municipality = "{code}"
valid_from = 2026-05-01
based_on = "2017.1"
decided_by = "Lea Lyng, sak 2026/1"
reason = "Vi tilbyr toårskontrollen senere."

[[change]]
code = "C13_Y2"
target = {{ at = "25m" }}
default_window = {{ from = "23m", to = "30m" }}
"""


class TestTheProgramme:
    def decision(self, here: StaffedClinic, **other: str) -> str:
        written = DECISION.format(code=here.municipality.code)
        for old, new in other.items():
            written = written.replace(old, new)
        return written

    def test_each_step_is_shown_with_how_certain_it_is(self, leader: Client) -> None:
        page = shown(leader, "/settings/programme/")
        assert "Helsestasjonsprogrammet 0–5 år, versjon 2017.1, fra 09.02.2017." in page
        assert "Hjemmebesøk 7–10 dager C01_HOME 5–14 dager vårt vindu; i retningslinjen 7–10 dager" in page
        assert "delvis kontrollert Ikke kontrollert: hearing." in page
        assert page.count("vårt vindu") == 14

    def test_a_decision_is_taken_into_use_after_telling_what_it_changes(self, here: StaffedClinic, leader: Client) -> None:
        written = self.decision(here).encode("utf-8-sig")
        answer = leader.post("/settings/programme/decide/", {"file": SimpleUploadedFile("vedtak.toml", written)})
        told = "Gjelder for barn som får plan fra 01.05.2026. Planer som er lagt før, endres ikke. Flytter: 2 år. 2 år: 23–30 måneder"
        assert told in text_of(answer.content)
        assert not ProgrammeOverlay.objects.exists()
        page = read(answer.content.decode())
        [text] = [one.words for one in page.all("textarea")]
        [foretold] = [one.attrs["value"] for one in page.all("input") if one.attrs.get("name") == "foretold"]
        page_after = send(leader, "/settings/programme/decide/", {"text": text, "foretold": foretold})[1]
        assert "Beslutningen gjelder fra 01.05.2026." in page_after
        assert "Bestemt av Lea Lyng, sak 2026/1. Tatt i bruk av Lea Lyng." in page_after
        send(leader, "/settings/programme/decide/", {"text": text, "foretold": foretold})
        assert ProgrammeOverlay.objects.count() == 1

    def test_json_is_read_too(self, here: StaffedClinic, leader: Client) -> None:
        change = '{"code": "C13_Y2", "default_window": {"from": "22m", "to": "30m"}}'
        said = f'"municipality": "{here.municipality.code}", "valid_from": "2026-05-01", "based_on": "2017.1"'
        written = f'{{{said}, "decided_by": "Lea", "reason": "Sen", "change": [{change}]}}'
        assert "Flytter: 2 år." in send_twice(leader, "/settings/programme/decide/", {"text": written})[0]

    def test_all_that_is_wrong_is_listed_and_nothing_is_lost(self, here: StaffedClinic, leader: Client) -> None:
        written = self.decision(here, decided_by="bestemt_av", C13_Y2="C99", **{'"23m"': '"aldri"'})
        answer = leader.post("/settings/programme/decide/", {"file": SimpleUploadedFile("vedtak.toml", written.encode())})
        page = text_of(answer.content)
        assert answer.status_code == 422
        assert "Beslutningen kan ikke brukes." in page
        for part in ("decided_by: is missing", "bestemt_av: is not a field here", '"aldri" is not an age'):
            assert part in page
        [text] = [one.words for one in read(answer.content.decode()).all("textarea")]
        assert text.strip() == written.strip()

    def test_what_does_not_fit_the_national_version_is_told(self, here: StaffedClinic, leader: Client) -> None:
        assert 'no step "C99"' in send(leader, "/settings/programme/decide/", {"text": self.decision(here, C13_Y2="C99")})[1]
        other = self.decision(here, **{here.municipality.code: "9999"})
        assert "Filen gjelder en annen kommune." in send(leader, "/settings/programme/decide/", {"text": other})[1]

    def test_what_is_no_decision_is_refused_in_words(self, leader: Client) -> None:
        cases: list[tuple[Any, str]] = [
            (b"", "Fil: Filen er tom."),
            (b"\x89PNG\r\n\x1a\n\x00\xff", "is not UTF-8"),
            (b"a = [" * 3000, "cannot be used|nested|TOML"),
            (b"{" + b'"a":[' * 20000, "nested|JSON"),
            (b'{"reason": "\\u0000"}', "has a character that cannot be kept"),
            (b'{"reason": "\\ud800"}', "has a character that cannot be kept"),
            (b'{"valid_from": "i morgen"}', "valid_from: must be a date"),
            (b"[1, 2]", "TOML"),
            (b"x" * 50_000_000, "Fil: Filen er for stor."),
        ]
        for content, sentence in cases:
            answer = leader.post("/settings/programme/decide/", {"file": SimpleUploadedFile("fil", content)})
            assert answer.status_code == 422
            assert any(part in text_of(answer.content) for part in sentence.split("|"))

    def test_nothing_at_all_is_refused_too(self, leader: Client) -> None:
        assert "Velg en fil, eller skriv beslutningen som tekst." in send(leader, "/settings/programme/decide/", {"text": " "})[1]


def as_it_is(**other: str) -> dict[str, str]:
    """The fields of the ladder's form as they ship, with some of them written otherwise."""
    ladder = default_ladder()
    fields = {"valid_from": "2026-05-01", "decided_by": "Lea Lyng, sak 2026/2", "why": "Vi ringer før."}
    fields |= {f"days-{step.code}-{track}": str(step.days[track]) for step in ladder.steps for track in Track}
    fields |= {"months-deadline": "3", "months-pause": "6", "months-watch": "3", "months-ask_again": "12"}
    lists: dict[str, tuple[LadderStep | Reason, ...]] = {}
    lists |= {"step": ladder.steps, "reason": ladder.reasons, "pause": ladder.pauses, "close": ladder.closings}
    for key, some in lists.items():
        fields |= {f"words-{key}-{one.code}-{language}": one.name[language] for one in some for language in LANGUAGES}
    return {**fields, **other}


class TestTheLadder:
    def test_it_shows_the_steps_and_what_cannot_be_changed(self, leader: Client) -> None:
        page = shown(leader, "/settings/ladder/")
        assert "Slik den følger med fjorten." in page
        assert "Ingen sak lukkes av seg selv." in page
        assert "Kommunen har ikke endret stigen." in page

    def test_days_months_and_words_are_changed_after_telling_what(self, here: StaffedClinic, leader: Client) -> None:
        fields = as_it_is(
            **{"days-check_and_call-standard": "1", "months-pause": "4", "words-reason-forgot-nb": "glemte det", "valid_from": "2026-04-06"}
        )
        told, page = send_twice(leader, "/settings/ladder/change/", fields)
        assert "Steg 2: 1 dager, før 2." in told
        assert "En sak kan vente høyst så lenge: 4 måneder, før 6 måneder." in told
        assert "Nye ord på 1 sted." in told
        assert "Stigen er endret fra 06.04.2026." in page
        assert "Kommunens egen, fra 06.04.2026." in page
        assert "Bestemt av Lea Lyng, sak 2026/2. Tatt i bruk av Lea Lyng." in page
        ladder = ladder_of(here.municipality, on=NOW.date())
        assert (ladder.step("check_and_call").days[Track.STANDARD], ladder.pause_months, ladder.reasons[0].name["nb"]) == (
            1,
            4,
            "glemte det",
        )
        status, page = send(leader, "/settings/ladder/change/", {**fields, "days-call_again-standard": "4", "foretold": told})
        assert (status, LadderOverlay.objects.count()) == (200, 1), "what is told has changed, so it is told again"

    def test_a_second_decision_keeps_the_first_ones_days(self, here: StaffedClinic, leader: Client) -> None:
        send_twice(leader, "/settings/ladder/change/", as_it_is(**{"days-check_and_call-standard": "1", "valid_from": "2026-04-06"}))
        page = read(leader.get("/settings/ladder/change/").content.decode())
        values = {one.attrs["name"]: one.attrs.get("value") for one in page.all("input") if one.attrs.get("type") == "number"}
        assert values["days-check_and_call-standard"] == "1"
        fields = as_it_is(**{"days-check_and_call-standard": "1", "days-call_again-standard": "4", "valid_from": "2026-04-06"})
        answer = leader.post("/settings/ladder/change/", fields)
        [told] = [one.attrs["value"] for one in read(answer.content.decode()).all("input") if one.attrs.get("name") == "foretold"]
        status, page_again = send(leader, "/settings/ladder/change/", {**fields, "foretold": told})
        assert (status, "Gjelder fra: En annen beslutning om stigen gjelder alt fra denne dagen." in page_again) == (422, True)
        told, done = send_twice(leader, "/settings/ladder/change/", {**fields, "valid_from": "2026-04-07"})
        assert told.startswith("Steg 3: 4 dager, før 5.")
        assert "Steg 2: 1 dager, før 2." in done

    def test_what_the_ladder_never_does_is_refused_at_its_field(self, leader: Client) -> None:
        cases = [
            ({"days-new_time-standard": "1"}, "Steg 1: Det første steget tas samme dag. Skriv 0."),
            ({"days-call_again-standard": "1"}, "Steg 3: Dagene må stige"),
            ({"days-check_and_call-fast": "3"}, "Steg 2 når det haster: Det kan ikke gå saktere"),
            ({"days-home_visit-standard": "snart"}, "Steg 6: Skriv et helt tall fra 0 til 250."),
            ({"months-pause": "13"}, "En sak kan vente høyst så lenge: Skriv et tall fra 1 til 12."),
            ({"words-close-attended-nn": " "}, "(nynorsk): Skriv ordene på alle tre språkene."),
            ({"valid_from": "2026-04-05"}, "Gjelder fra: En beslutning gjelder fra i dag eller senere."),
            ({"decided_by": ""}, "Bestemt av: Skriv hvem som har bestemt det."),
        ]
        wrong = {name: value for fields, _ in cases for name, value in fields.items()}
        status, page = send(leader, "/settings/ladder/change/", as_it_is(**wrong))
        assert status == 422
        assert [sentence for _, sentence in cases if sentence not in page] == []
        assert not LadderOverlay.objects.exists()


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> Iterator[None]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    yield
