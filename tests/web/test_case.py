"""A case's pages: the next step first, one page for each thing that is done, and nothing that weighs for whoever weighs."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fjorten.access.permissions import Role
from fjorten.audit.models import AuditEvent
from fjorten.followup.actions.assessments import record_assessment
from fjorten.followup.actions.cases import open_case
from fjorten.followup.actions.steps import Planned, record_step
from fjorten.followup.contact import How, Outcome
from fjorten.followup.models import Assessment, Case, CaseEvent, OwedAnswer
from fjorten.organisation.models import Employee
from fjorten.people.models import Person
from fjorten.plans.actions.settling import mark_done
from fjorten.web.case.acts import ACTS
from tests.factories.clinic import AT, CLERK, NURSE, StaffedClinic, an_enrolled_child, step_of
from tests.web.at_work import an_account, signed_in, text_of
from tests.web.conftest import NOW
from tests.web.pages import read

SECRET = "Mor fortalte om uro hjemme."  # what only those who read the journal's notes may see

WRONG_STEPS: list[tuple[dict[str, str], str]] = [
    ({"outcome": ""}, "Velg hva som kom ut av steget."),
    ({"then": ""}, "Velg om saken går videre eller lukkes."),
    ({"then": "close"}, "Velg hvorfor saken lukkes."),
    ({"done_on": "i går"}, "Skriv en dato, for eksempel 24.11.2026."),
    ({"done_clock": "25:00"}, "Skriv et klokkeslett, for eksempel 10.15."),
    ({"done_clock": "23:00"}, "Klokkeslett: Tidspunktet er fram i tid."),
    ({"next_due": "2027-04-06"}, "Frist: Fristen må være i dag eller senere"),
    ({"next_owner": "kari"}, "Ansvarlig: Steget hører til en annen rolle"),
    ({"interpreter": "child"}, "Tolk: Velg blant det som står på listen."),
    ({"interpreter": "child_emergency"}, "Notat: Skriv hvorfor"),
    ({"note": "n" * 2001}, "Notat: Teksten er for lang. Skriv den med høyst 2000 tegn."),
    ({"step": "assess"}, "Steg: Det er ikke skrevet noen individuell vurdering i saken."),
    ({"then": "close", "closing": "attended"}, "Lukkes fordi: Før først i planen at konsultasjonen er gjennomført"),
]
WRONG_ASSESSMENTS: list[tuple[dict[str, Any], str]] = [
    ({"duty": ""}, "Din vurdering: Velg ja eller nei."),
    ({"duty": "yes"}, "Er svaret ja, velg minst ett av vilkårene"),
    ({"duty": "no", "criteria": ["a"]}, "Er svaret nei, skal ingen være valgt."),
    ({"duty": "no", "grounds": " "}, "Begrunnelse: Skriv begrunnelsen, også når svaret er nei"),
    ({"duty": "no", "assessed_on": "2026-04-07"}, "Vurdert: Datoen er fram i tid."),
]


@pytest.fixture
def case(here: StaffedClinic, clock: time_machine.Traveller) -> Case:
    child = an_enrolled_child(here, given_name="Zofia", family_name="Nowak")
    opened = open_case(planned_step=step_of(child, "C04_M3"), reason="Mor ringte", by=CLERK, at=AT)
    record_step(
        case=opened,
        step="nurse_takes_over",
        done_at=AT,
        then=Planned("home_visit", owner=here.nurse, deputy=here.other_nurse, due_on=date(2026, 4, 7)),
        how=How.TELEPHONE,
        language="pl",
        outcome=Outcome.REACHED,
        reason="did_not_understand_message",
        note=SECRET,
        by=NURSE,
        at=AT,
    )
    return Case.objects.get(pk=opened.pk)


def at_work(here: StaffedClinic, role: Role, code: str) -> Client:
    employee = Employee.objects.get(municipality=here.municipality, code=code)
    return signed_in(an_account(here.municipality, role, employee=employee, clinic=here.clinic), at=NOW)


@pytest.fixture
def nurse(here: StaffedClinic, clock: time_machine.Traveller) -> Client:
    return at_work(here, Role.NURSE, "kari")


@pytest.fixture
def receptionist(here: StaffedClinic, clock: time_machine.Traveller) -> Client:
    return at_work(here, Role.CLERK, "merkantil")


def address(of: Case, act: str = "", **asked: int) -> str:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return f"/child/{of.person.public_id}/case/{f'{act}/' if act else ''}{f'?{query}' if query else ''}"


def shown(browser: Client, there: str) -> str:
    answer = browser.get(there)
    assert answer.status_code == 200
    read(answer.content.decode())
    return text_of(answer.content)


def send(browser: Client, of: Case, act: str, fields: dict[str, Any], **asked: int) -> tuple[int, str]:
    answer = browser.post(address(of, act, **asked), {"seen": of.changes, **fields}, follow=True)
    read(answer.content.decode())
    return answer.status_code, text_of(answer.content)


def a_step(**said: Any) -> dict[str, Any]:
    usual = {"step": "home_visit", "done_on": "2026-04-06", "done_clock": "09:00", "how": "home_visit", "outcome": "reached"}
    return {**usual, "then": "go_on", "next_step": "leader_decides", **said}


def assessed(here: StaffedClinic, case: Case, *, duty: bool) -> Assessment:
    return record_assessment(
        person=case.person,
        case=case,
        assessed_by=here.nurse,
        assessed_on=NOW.date(),
        duty_to_report=duty,
        criteria=["a"] if duty else [],
        grounds="Begrunnelsen min",
        by=NURSE,
        at=NOW,
    )


class TestTheCase:
    def test_it_says_first_what_comes_next_whose_it_is_and_by_when(self, nurse: Client, case: Case) -> None:
        page = shown(nurse, address(case))
        assert "Neste steg frist i morgen, 07.04.2026 Hjemmebesøk, varslet" in page
        assert "Kari Kvist har ansvaret. Stedfortreder er Per Pors. Saken er åpnet av en ansatt." in page
        assert page.index("Neste steg") < page.index("Dette er gjort") < page.index("Tiltak retningslinjen nevner 1 av 9")

    def test_while_its_owner_is_away_it_says_who_does_it_and_why(self, here: StaffedClinic, receptionist: Client, case: Case) -> None:
        Employee.objects.filter(pk=here.nurse.pk).update(employed_until=date(2026, 4, 1))
        assert "Per Pors gjør det nå (stedfortreder: eieren er borte)." in shown(receptionist, address(case))

    def test_what_was_done_stands_newest_first_with_who_did_it(self, nurse: Client, case: Case) -> None:
        history = shown(nurse, address(case)).split("Dette er gjort")[1]
        assert "Helsesykepleier overtar polsk 10.03.2026 10.00 Rett" in history
        assert "Fikk kontakt, på telefon. Grunn: forsto ikke meldingen." in history
        assert history.index("Helsesykepleier overtar") < history.index("Saken ble åpnet")
        assert "Valgt: Forsto ikke meldingen" in history

    def test_the_childs_page_leads_to_it(self, nurse: Client, case: Case) -> None:
        page = read(nurse.get(f"/child/{case.person.public_id}/").content.decode())
        assert address(case) in {link.attrs["href"] for link in page.all("a")}

    def test_another_case_of_the_child_is_one_click_away(self, nurse: Client, case: Case) -> None:
        second = open_case(planned_step=step_of(case.planned_step.enrolment, "C05_M4"), reason="Også denne", by=CLERK, at=AT)
        second = Case.objects.get(pk=second.pk)
        assert "Andre saker om barnet Sak fra 10.03.2026, åpen" in shown(nurse, address(case, case=1))
        assert "Oppfølging av" in shown(nurse, address(case, case=2))
        status, page = send(nurse, second, "hand-over", {"owner": "per", "reason": "Kjenner familien"}, case=2)
        assert (status, Case.objects.get(pk=second.pk).owner.code) == (200, "per")
        assert "Saken er gitt til Per Pors." in page
        assert Case.objects.get(pk=case.pk).changes == case.changes

    def test_a_case_that_is_not_there_is_no_page(self, nurse: Client, here: StaffedClinic, case: Case) -> None:
        for place in ("0", "2", "x", "9" * 20):
            assert nurse.get(f"{address(case)}?case={place}").status_code == 404, place
        child = an_enrolled_child(here).person
        assert nurse.get(f"/child/{child.public_id}/case/").status_code == 404

    def test_the_look_is_written_down(self, nurse: Client, case: Case) -> None:
        shown(nurse, address(case))
        look = AuditEvent.objects.filter(action="child.seen").latest("seq")
        assert (look.about, look.who, look.detail) == (str(case.person.public_id), "kari", {"page": "case"})

    def test_a_protected_child_is_nobodys_but_the_nameds(self, nurse: Client, case: Case) -> None:
        Person.objects.filter(pk=case.person_id).update(protection="confidential")
        for act in ("", *(act.name for act in ACTS)):
            answer = nurse.get(address(case, act))
            assert (answer.status_code, b"Nowak" in answer.content) == (404, False), act

    def test_it_costs_the_same_number_of_questions_however_much_was_done(self, nurse: Client, case: Case) -> None:
        def questions() -> int:
            shown(nurse, address(case))
            with CaptureQueriesContext(connection) as asked:
                shown(nurse, address(case))
            return len(asked)

        for_two = questions()
        for _ in range(3):
            case.refresh_from_db()
            send(nurse, case, "step", a_step(next_step="home_visit"))
        assert CaseEvent.objects.filter(case=case).count() == 5
        assert questions() == for_two


class TestAStep:
    def test_the_form_has_filled_in_what_the_ladder_proposes(self, nurse: Client, case: Case) -> None:
        page = read(nurse.get(address(case, "step")).content.decode())
        chosen = {option.attrs["value"] for option in page.all("option") if "selected" in option.attrs}
        assert {"home_visit", "leader_decides"} <= chosen
        assert "child" not in {option.attrs["value"] for option in page.all("option")}, "a child is not chosen as an interpreter"

    def test_it_is_recorded_with_what_comes_next(self, nurse: Client, case: Case) -> None:
        status, page = send(
            nurse, case, "step", a_step(note="Snakket med begge", reason="logistics", interpreter="qualified", language="pl")
        )
        assert status == 200
        assert "Steget er ført. Neste steg er hos Lea Lyng" in page
        event = CaseEvent.objects.filter(case=case).latest("pk")
        assert (event.step, event.how, event.outcome, event.reason) == ("home_visit", "home_visit", "reached", "logistics")
        assert (event.language, event.interpreter, event.note, event.next_step) == (
            "pl",
            "qualified",
            "Snakket med begge",
            "leader_decides",
        )
        assert (event.by, event.done_at) == ("kari", NOW.replace(minute=0))

    def test_another_owner_and_day_are_a_persons_to_choose(self, nurse: Client, case: Case) -> None:
        fields = a_step(next_step="home_visit", next_owner="per", next_deputy="kari", next_due="2026-04-20")
        assert send(nurse, case, "step", fields)[0] == 200
        case.refresh_from_db()
        assert (case.owner.code, case.deputy.code, case.due_on) == ("per", "kari", date(2026, 4, 20))

    def test_without_what_comes_next_it_is_not_finished_and_nothing_is_lost(self, nurse: Client, case: Case) -> None:
        status, page = send(nurse, case, "step", a_step(next_step="", note="Lang samtale"))
        assert status == 422
        assert "Rett dette før du lagrer Neste steg: Velg neste steg. Et steg kan ikke fullføres uten at du setter det neste." in page
        assert "Lang samtale" in page
        assert CaseEvent.objects.filter(case=case).count() == 2

    def test_what_is_wrong_is_said_where_it_is_and_how_to_put_it_right(self, nurse: Client, case: Case) -> None:
        for said, told in WRONG_STEPS:
            status, page = send(nurse, case, "step", a_step(**said))
            assert (status, told in page) == (422, True), told
        assert CaseEvent.objects.filter(case=case).count() == 2

    def test_who_has_not_seen_what_a_colleague_did_overwrites_nothing(self, nurse: Client, case: Case) -> None:
        assert send(nurse, case, "step", a_step())[0] == 200
        status, page = send(nurse, case, "step", a_step(note="Samtidig"))
        assert status == 422
        assert "Noen har ført noe i saken siden du åpnet den." in page
        assert "Samtidig" in page
        case.refresh_from_db()
        assert send(nurse, case, "step", a_step(step="leader_decides"))[0] == 200, "having looked, they may"

    def test_the_last_step_closes_the_case(self, nurse: Client, case: Case) -> None:
        status, page = send(nurse, case, "step", a_step(then="close", closing="followed_by_hospital"))
        assert status == 200
        assert "Steget er ført, og saken er lukket." in page
        assert "Saken ble lukket 06.04.2026: følges av sykehuset." in page

    def test_what_was_written_down_wrong_is_corrected_beside_it(self, nurse: Client, case: Case) -> None:
        fields = {"how": "telephone", "outcome": "no_contact", "note": "Det var feil barn"}
        status, page = send(nurse, case, "correct", fields, entry=2)
        assert status == 200
        assert "Rettet: Helsesykepleier overtar" in page
        assert "Helsesykepleier overtar (rettet senere)" in page
        assert nurse.get(address(case, "correct", entry=2)).status_code == 404, "what stands instead is what is corrected"

    def test_only_a_step_is_corrected(self, nurse: Client, case: Case) -> None:
        assert nurse.get(address(case, "correct", entry=1)).status_code == 404
        assert nurse.get(address(case, "correct")).status_code == 404


class TestWhatElseIsDone:
    def test_a_case_waits_until_a_day_and_is_taken_up_again(self, nurse: Client, case: Case) -> None:
        status, page = send(nurse, case, "pause", {"until": "2026-05-04", "reason": "hospitalised"})
        assert status == 200
        assert "Saken venter til 04.05.2026: innlagt på sykehus. Den går videre av seg selv da." in page
        case.refresh_from_db()
        assert "Før resultat" not in page
        assert "Saken er tatt opp igjen." in send(nurse, case, "resume", {"reason": "Hjemme igjen"})[1]

    def test_a_pause_that_never_ends_is_refused_at_its_field(self, nurse: Client, case: Case) -> None:
        status, page = send(nurse, case, "pause", {"until": "2027-05-04", "reason": "hospitalised"})
        assert status == 422
        assert "Saken venter til: Pausen må slutte en dag fram i tid" in page

    def test_it_is_closed_with_a_reason_and_opened_again(self, nurse: Client, case: Case) -> None:
        assert "Saken er lukket." in send(nurse, case, "close", {"closing": "followed_by_hospital"})[1]
        case.refresh_from_db()
        status, page = send(nurse, case, "reopen", {"reason": "Lukket feil sak"})
        assert status == 200
        assert "Neste steg frist" in page

    def test_one_that_is_not_over_is_watched(self, nurse: Client, case: Case) -> None:
        page = send(nurse, case, "close", {"closing": "emigrated_unconfirmed_keep_watch"})[1]
        assert "Den følges videre, og ses på igjen 06.07.2026." in page
        case.refresh_from_db()
        assert "ses på igjen 04.05.2026" in send(nurse, case, "watch", {"until": "2026-05-04", "note": "Ringte igjen"})[1]
        case.refresh_from_db()
        page = send(nurse, case, "end-watch", {"reason": "Funnet"})[1]
        assert "Saken følges ikke lenger." in page
        assert "Den følges videre" not in page

    def test_when_it_can_be_closed_the_page_says_so_and_fills_in_how(self, nurse: Client, case: Case) -> None:
        enrolment = case.planned_step.enrolment
        mark_done(enrolment=enrolment, step="C04_M3", on=date(2026, 4, 1), today=NOW.date(), by=NURSE, at=NOW)
        assert "Saken kan lukkes: konsultasjonen er gjennomført." in shown(nurse, address(case))
        page = read(nurse.get(address(case, "close")).content.decode())
        assert [one.attrs["value"] for one in page.all("input") if "checked" in one.attrs] == ["attended"]


class TestTheDutyToReport:
    def test_nothing_is_filled_in_and_nothing_is_computed(self, nurse: Client, case: Case) -> None:
        assert "Du vurderer, ikke systemet." in shown(nurse, address(case))
        page = read(nurse.get(address(case, "assess")).content.decode())
        assert not [one for one in page.all("input") if "checked" in one.attrs]

    def test_the_answer_no_is_written_down_too(self, nurse: Client, case: Case) -> None:
        status, page = send(nurse, case, "assess", {"assessed_on": "2026-04-06", "duty": "no", "grounds": "Trygt hjem"})
        assert status == 200
        assert "Vurdert 06.04.2026: ikke plikt til å melde Kari Kvist. Trygt hjem" in page
        assert [(row.duty_to_report, row.assessed_by.code) for row in Assessment.objects.all()] == [(False, "kari")]

    def test_what_is_missing_is_said_where_it_is(self, nurse: Client, case: Case) -> None:
        for said, told in WRONG_ASSESSMENTS:
            status, page = send(nurse, case, "assess", {"assessed_on": "2026-04-06", "grounds": "Fordi", **said})
            assert (status, told in page) == (422, True), told
        assert not Assessment.objects.exists()

    def test_a_correction_stands_beside_what_it_corrects(self, nurse: Client, here: StaffedClinic, case: Case) -> None:
        assessed(here, case, duty=False)
        fields = {"assessed_on": "2026-04-06", "duty": "no", "grounds": "Ny kunnskap"}
        assert send(nurse, case, "assess", fields, assessment=1)[0] == 200
        assert "Rettet senere." in shown(nurse, address(case))

    def test_a_report_that_was_sent_is_owed_two_answers(self, nurse: Client, here: StaffedClinic, case: Case) -> None:
        assessed(here, case, duty=True)
        status, page = send(nurse, case, "report", {"sent_on": "2026-04-06", "sent_clock": "09:00"}, assessment=1)
        assert status == 200
        assert "Svar vi venter på Tilbakemelding om meldingen er mottatt, og om det undersøkes Kari Kvist følger det opp 27.04.2026" in page
        fields = {"received_on": "2026-04-06", "content": "Mottatt", "investigated": "no"}
        assert "Svaret er ført." in send(nurse, case, "answer", fields, answer=1)[1]
        assert not OwedAnswer.objects.outstanding().exists()

    def test_the_last_word_does_not_say_whether_it_is_investigated(self, nurse: Client, here: StaffedClinic, case: Case) -> None:
        assessed(here, case, duty=True)
        send(nurse, case, "report", {"sent_on": "2026-04-06", "sent_clock": "09:00"}, assessment=1)
        assert "Undersøkes det?" in shown(nurse, address(case, "answer", answer=1))
        fields = {"received_on": "2026-04-06", "content": "Mottatt", "investigated": "yes", "investigation_from": "2026-04-06"}
        assert send(nurse, case, "answer", fields, answer=1)[0] == 200
        assert "Undersøkes det?" not in shown(nurse, address(case, "answer", answer=1))
        assert send(nurse, case, "answer", {"received_on": "2026-04-06", "content": "Ferdig"}, answer=1)[0] == 200

    def test_a_clerk_sees_neither_it_nor_the_notes_of_professionals(
        self, receptionist: Client, nurse: Client, here: StaffedClinic, case: Case
    ) -> None:
        assessed(here, case, duty=True)
        page = shown(receptionist, address(case))
        assert "Notatet vises bare for helsepersonell og leder." in page
        for secret in (SECRET, "meldeplikt", "Begrunnelsen min", "barnevern"):
            assert secret not in page
        assert SECRET in shown(nurse, address(case))
        for act in ("assess", "report", "answer"):
            assert receptionist.get(address(case, act)).status_code == 403

    def test_a_leader_who_decides_reads_the_notes(self, here: StaffedClinic, case: Case) -> None:
        leader = signed_in(an_account(here.municipality, Role.LEADER, clinic=here.clinic), at=NOW)
        assert SECRET in shown(leader, address(case))


class TestTheChronology:
    def test_it_is_written_down_as_a_print_before_it_is_shown(self, nurse: Client, case: Case) -> None:
        page = shown(nurse, f"/child/{case.person.public_id}/chronology/")
        assert "Helsesykepleier overtar" in page
        assert "Kari Kvist" in page
        look = AuditEvent.objects.filter(action="child.printed").latest("seq")
        assert (look.kind, look.about, look.detail) == (
            "read",
            str(case.person.public_id),
            {"page": "chronology", "with_assessments": False},
        )

    def test_the_assessments_come_only_when_they_are_asked_for(self, nurse: Client, here: StaffedClinic, case: Case) -> None:
        assessed(here, case, duty=False)
        assert "Begrunnelsen min" not in shown(nurse, f"/child/{case.person.public_id}/chronology/")
        assert "Begrunnelsen min" in shown(nurse, f"/child/{case.person.public_id}/chronology/?with=assessments")

    def test_a_clerk_is_turned_away(self, receptionist: Client, case: Case) -> None:
        assert receptionist.get(f"/child/{case.person.public_id}/chronology/").status_code == 403


def test_a_page_left_open_past_a_deadline_says_how_late_it_is(nurse: Client, case: Case, clock: time_machine.Traveller) -> None:
    Case.objects.filter(pk=case.pk).update(due_on=NOW.date() - timedelta(days=2))
    assert "frist 2 dager over, 04.04.2026" in shown(nurse, address(case))
