"""Meldinger: what waits for a person, proof of what was sent, letters on paper, and texts that are approved before they are sent."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fjorten.access.permissions import Role
from fjorten.audit.models import AuditEvent
from fjorten.messages.actions.incoming import take_incoming
from fjorten.messages.channels.interface import Handover, Incoming, Reason
from fjorten.messages.listing import PAGE
from fjorten.messages.models import ContactTask, IncomingMessage, Message, PrintBatch, TextApproval
from fjorten.messages.texts import Channel, messages
from fjorten.organisation.actions import name_for_families, tell_where_clinic_is
from fjorten.people.models import Person
from fjorten.web.messages.naming import KINDS
from tests.factories.clinic import AT, CLERK, StaffedClinic
from tests.factories.family import a_guardian
from tests.letters import needs_letters
from tests.messages.conftest import JOB, Desk
from tests.messages.gateway import Gateway
from tests.web.at_work import an_account, signed_in, text_of
from tests.web.conftest import NOW
from tests.web.pages import read

pytestmark = pytest.mark.django_db
THEN = "2026-04-20 09:00"
ON_PAPER = a_guardian(telephone="")
EMOJI = "Kan vi få en annen dag? 🙏👶🏽 شكرا"


@pytest.fixture
def desk(here: StaffedClinic, clock: time_machine.Traveller, tmp_path: Path, settings: Any) -> Desk:
    name_for_families(municipality=here.municipality, brand="Prøve kommune", norwegian="nb", by=CLERK, at=AT)
    tell_where_clinic_is(clinic=here.clinic, telephone="+4700990000", visiting_address="Torget 1, Fjordvik", by=CLERK, at=AT)
    here.clinic.refresh_from_db()
    settings.HOME = tmp_path
    return Desk(here, tmp_path / "utboks", at=NOW, channel=Gateway())


@pytest.fixture
def receptionist(desk: Desk) -> Client:
    return signed_in(an_account(desk.municipality, Role.CLERK, clinic=desk.here.clinic), at=NOW)


@pytest.fixture
def leader(desk: Desk) -> Client:
    return signed_in(an_account(desk.municipality, Role.LEADER, clinic=desk.here.clinic), at=NOW)


def elsewhere(desk: Desk, role: Role = Role.CLERK) -> Client:
    """Somebody at another clinic, who has nothing to do with the child."""
    other = desk.municipality.clinics.create(name="Den andre")
    return signed_in(an_account(desk.municipality, role, clinic=other, login="annen"), at=NOW)


def an_invitation(desk: Desk, *answers: Handover, guardian: Any = None, **facts: Any) -> Message:
    """An invitation that was handed to a gateway which answers so; an accepted one if nothing is said."""
    desk.channel = Gateway(list(answers))
    child = desk.child(*([guardian] if guardian else []), family_name="Blåbærøy", **facts)
    desk.time_for(child, f"2026-04-20 {8 + desk.nth:02}:00")
    desk.work()
    return Message.objects.get(person=child)


def an_uncertain(desk: Desk) -> Message:
    row = an_invitation(desk, Handover.uncertain(Reason.NO_ANSWER))
    desk.later(minutes=15)
    desk.look_after()
    return row


def a_failed(desk: Desk, guardian: Any = None) -> Message:
    return an_invitation(desk, Handover.refused(Reason.REJECTED), guardian=guardian or a_guardian(email="a@example.no", has_address=False))


def a_batch(desk: Desk, browser: Client) -> PrintBatch:
    """A letter that was printed from the page."""
    an_invitation(desk, guardian=ON_PAPER)
    browser.post("/messages/letters/print/")
    return PrintBatch.objects.get()


def shown(browser: Client, address: str = "/messages/", status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status
    read(answer.content.decode())
    return text_of(answer.content)


def sent(browser: Client, address: str, fields: dict[str, Any] | None = None) -> tuple[int, str]:
    answer = browser.post(address, fields or {}, follow=True)
    read(answer.content.decode())
    return answer.status_code, text_of(answer.content)


class TestTheLists:
    def test_every_kind_of_message_has_a_name(self) -> None:
        assert KINDS.keys() == messages().keys()

    def test_what_is_owed_and_not_sent_stands_on_top(self, desk: Desk, receptionist: Client) -> None:
        desk.time_for(desk.child(family_name="Blåbærøy"), THEN)
        desk.settle()
        page = shown(receptionist)
        assert "Skulle vært sendt 1 melding skulle vært ute av huset" in page
        assert "Ikke sendt 1" in page
        assert "Innkalling til familien til IDA MARIE Blåbærøy" in shown(receptionist, "/messages/?list=owed")

    def test_it_shows_to_whom_how_and_where_it_stands(self, desk: Desk, receptionist: Client) -> None:
        an_invitation(desk)
        page = shown(receptionist, "/messages/?list=sent")
        assert "Vakker Blåbærøy SMS · Bokmål Sendt, ikke kvittert" in page
        assert "Sendt 1" in page

    def test_an_empty_list_says_as_of_when(self, desk: Desk, receptionist: Client) -> None:
        assert "Ingenting venter på et menneske. Det familiene skal ha beskjed om, er aldri gjort opp." in shown(receptionist)

    def test_way_and_language_narrow_a_list(self, desk: Desk, receptionist: Client) -> None:
        an_invitation(desk)
        assert "Vakker" in shown(receptionist, "/messages/?list=sent&way=sms&language=nb")
        assert "Vakker" not in shown(receptionist, "/messages/?list=sent&way=letter")
        assert "Vakker" not in shown(receptionist, "/messages/?list=sent&language=en")

    def test_the_manual_list_has_families_no_message_may_reach(self, desk: Desk, receptionist: Client) -> None:
        desk.time_for(desk.child(a_guardian(telephone="", has_address=False), family_name="Blåbærøy"), THEN)
        desk.work()
        page = shown(receptionist)
        assert "1 ting venter på et menneske" in page
        assert "Finn telefonnummer eller adresse til familien, og gi beskjeden." in page
        assert "Mons Myrull stedfortreder" in page

    @pytest.mark.parametrize(
        "asked", ["list=hår", "way=due", "language=xx", "after=x", "list=sent&after=9999999999999999999.1", "before=1.1"]
    )
    def test_what_no_link_of_ours_asks_shows_the_list_from_its_beginning(self, desk: Desk, receptionist: Client, asked: str) -> None:
        assert "Meldinger" in shown(receptionist, f"/messages/?{asked}")

    def test_the_look_is_written_down(self, desk: Desk, receptionist: Client) -> None:
        an_invitation(desk)
        shown(receptionist, "/messages/?list=sent")
        assert AuditEvent.objects.filter(action="list.seen").latest("seq").detail == {"list": "messages", "rows": 1}

    def test_a_list_is_read_a_page_at_a_time_from_a_place_in_it_both_ways(self, desk: Desk, receptionist: Client) -> None:
        many_like(an_invitation(desk), PAGE + 2)
        first = read(receptionist.get("/messages/?list=sent").content.decode())
        [later] = [one.attrs["href"] for one in first.all("a") if one.words == "Neste"]
        second = read(receptionist.get(later).content.decode())
        assert len(list(second.all("tr"))) == 3 + 1
        [earlier] = [one.attrs["href"] for one in second.all("a") if one.words == "Forrige"]
        again = read(receptionist.get(earlier).content.decode())
        numbers = [one.attrs["href"] for one in first.all("a") if (one.attrs["href"] or "").startswith("/messages/")]
        assert [one.attrs["href"] for one in again.all("a") if (one.attrs["href"] or "").startswith("/messages/")][:60] == numbers[:60]

    @pytest.mark.parametrize("address", ["/messages/", "/messages/?list=sent", "/messages/letters/"])
    def test_it_costs_the_same_however_long(self, desk: Desk, receptionist: Client, address: str) -> None:
        row = an_invitation(desk)
        a_task(row)
        shown(receptionist, address)
        for_one = questions(lambda: shown(receptionist, address))
        many_like(row, 20)
        for number in range(20):
            a_task(row, key=f"oppgave {number}")
        assert questions(lambda: shown(receptionist, address)) == for_one


def questions(ask: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as asked:
        ask()
    return len(asked)


def many_like(row: Message, number: int) -> None:
    """More messages of the same family, each some minutes older than the one before."""
    Message.objects.bulk_create(
        Message(
            **{
                field.attname: getattr(row, field.attname)
                for field in Message._meta.concrete_fields
                if field.attname not in {"id", "key", "not_before"}
            },
            key=f"{row.key}/{nth}",
            not_before=row.not_before - timedelta(minutes=nth),
        )
        for nth in range(number)
    )


def a_task(row: Message, **facts: Any) -> ContactTask:
    told = {"key": "oppgave", "reason": "not_delivered", "sentence": "Ring familien.", "due_on": NOW.date(), "opened_at": NOW, **facts}
    nurse = row.clinic.employees.get(code="kari")
    return ContactTask.objects.create(municipality=row.municipality, person=row.person, message=row, owner=nurse, deputy=nurse, **told)


class TestWhoSees:
    @pytest.mark.parametrize("role", [Role.ANALYST, Role.PRIVACY_OFFICER, Role.ADMINISTRATOR])
    def test_roles_without_messages_see_none(self, desk: Desk, role: Role) -> None:
        browser = signed_in(an_account(desk.municipality, role, clinic=desk.here.clinic), at=NOW)
        for address in ("", "1/", "letters/", "texts/", "tasks/1/"):
            answer = browser.get(f"/messages/{address}")
            assert (answer.status_code, "Meldinger" in text_of(answer.content)) == (403, False)

    def test_a_doctor_reads_and_does_nothing(self, desk: Desk) -> None:
        row = an_uncertain(desk)
        doctor = signed_in(an_account(desk.municipality, Role.DOCTOR, clinic=desk.here.clinic), at=NOW)
        assert "Kom meldingen fram?" not in shown(doctor, f"/messages/{row.pk}/")
        task = row.tasks.get()
        assert "Oppgaven er gjort" not in shown(doctor, f"/messages/tasks/{task.pk}/")
        for address in (f"/messages/{row.pk}/settle/", f"/messages/tasks/{task.pk}/finish/", "/messages/letters/print/"):
            assert doctor.post(address, {"arrived": "yes", "outcome": "told"}).status_code == 403
        assert Message.objects.get().state == "uncertain"

    def test_another_clinics_child_is_on_no_list_and_its_page_says_why(self, desk: Desk) -> None:
        row = an_invitation(desk)
        task = a_task(row)
        browser = elsewhere(desk)
        assert "Blåbærøy" not in shown(browser, "/messages/?list=sent")
        page = shown(browser)
        assert ("Blåbærøy" in page, "1 oppgave til ses bare av andre." in page) == (False, True)
        for address in (f"/messages/{row.pk}/", f"/messages/tasks/{task.pk}/"):
            answer = browser.get(address)
            assert (answer.status_code, b"Bl\xc3\xa5b\xc3\xa6r" in answer.content) == (403, False)

    def test_a_protected_child_is_as_one_that_is_not_there(self, desk: Desk, receptionist: Client) -> None:
        row = an_invitation(desk)
        task = a_task(row)
        Person.objects.update(protection="strictly_confidential")
        assert "Blåbærøy" not in shown(receptionist, "/messages/?list=sent") + shown(receptionist)
        for there, absent in ((f"/messages/{row.pk}/", "/messages/999999/"), (f"/messages/tasks/{task.pk}/", "/messages/tasks/999999/")):
            secret, nothing = receptionist.get(there), receptionist.get(absent)
            assert (secret.status_code, nothing.status_code) == (404, 404)
            assert secret.content == nothing.content
        for address in (f"/messages/{row.pk}/settle/", f"/messages/{row.pk}/another-way/", f"/messages/tasks/{task.pk}/finish/"):
            assert receptionist.post(address, {"arrived": "yes", "way": "letter", "outcome": "told"}).status_code == 404

    @pytest.mark.parametrize("page", ["/messages/{}/", "/messages/tasks/{}/", "/messages/unknown/{}/", "/messages/letters/{}/"])
    def test_a_number_that_is_no_rows_is_no_page(self, receptionist: Client, page: str) -> None:
        for number in ("0", "-1", "1.5", "x", "9" * 19, "9" * 18, "%F0%9F%91%B6"):
            assert receptionist.get(page.format(number)).status_code == 404

    def test_the_childs_page_has_its_messages(self, desk: Desk, receptionist: Client) -> None:
        row = an_invitation(desk)
        page = read(receptionist.get(f"/child/{row.person.public_id}/").content.decode())
        assert f"/messages/{row.pk}/" in [one.attrs["href"] for one in page.with_id("messages").all("a")]
        assert "Sendt, ikke kvittert" in page.with_id("messages").words


class TestOneMessage:
    def test_it_proves_what_was_sent(self, desk: Desk, receptionist: Client) -> None:
        row = an_invitation(desk, Handover.accepted(reference="kv-17", parts=2))
        page = shown(receptionist, f"/messages/{row.pk}/")
        assert "Slik ble den sendt Prøve kommune: Ida har time mandag 20. april kl. 09.00." in page
        for said in ("Til Vakker Blåbærøy", "Nummer eller adresse +4700000001", "Språk Bokmål", "2 SMS-deler, GSM-7"):
            assert said in page
        assert "Forsøk 1, prøve · kvittering kv-17 · 2 SMS-deler" in page
        assert AuditEvent.objects.filter(action="child.seen", detail__page="message", about=str(row.person.public_id)).exists()

    def test_one_that_waits_is_shown_as_it_would_be_sent(self, desk: Desk, receptionist: Client) -> None:
        desk.time_for(desk.child(a_guardian(language="ar")), THEN)
        desk.settle()
        page = shown(receptionist, f"/messages/{Message.objects.get().pk}/")
        assert "Slik blir den hvis den sendes nå" in page
        assert "Familiens språk Arabisk, uten godkjent tekst" in page

    def test_a_protected_guardian_is_not_named_nor_their_number(self, desk: Desk, receptionist: Client) -> None:
        row = an_invitation(desk)
        assert row.adult is not None
        type(row.adult).objects.update(is_protected=True)
        page = shown(receptionist, f"/messages/{row.pk}/")
        assert ("Skjermet foresatt" in page, "Vakker" in page, "00000001" in page) == (True, False, False)

    def test_an_uncertain_one_is_settled_by_a_person_and_never_sent_again(self, desk: Desk, receptionist: Client) -> None:
        row = an_uncertain(desk)
        assert "Kom meldingen fram?" in shown(receptionist, f"/messages/{row.pk}/")
        page = sent(receptionist, f"/messages/{row.pk}/settle/", {"arrived": "yes"})[1]
        assert "Meldingen er ført som levert." in page
        assert (Message.objects.get().state, desk.tasks()) == ("delivered", [])
        desk.work()
        assert isinstance(desk.channel, Gateway)
        assert len(desk.channel.handed) == 1

    def test_one_that_did_not_arrive_goes_to_a_letter_or_a_person(self, desk: Desk, receptionist: Client) -> None:
        row = an_uncertain(desk)
        sent(receptionist, f"/messages/{row.pk}/settle/", {"arrived": "no"})
        assert [(one.way, one.state) for one in Message.objects.order_by("pk")] == [("sms", "failed"), ("letter", "queued")]
        assert desk.tasks() == []

    def test_a_second_click_is_told_and_changes_nothing(self, desk: Desk, receptionist: Client) -> None:
        row = an_uncertain(desk)
        sent(receptionist, f"/messages/{row.pk}/settle/", {"arrived": "yes"})
        status, page = sent(receptionist, f"/messages/{row.pk}/settle/", {"arrived": "no"})
        assert (status, "Det er alt kjent hvordan det gikk med meldingen." in page) == (422, True)
        assert Message.objects.get().state == "delivered"

    def test_an_uncertain_one_cannot_be_sent_another_way(self, desk: Desk, receptionist: Client) -> None:
        row = an_uncertain(desk)
        assert "Send den på en annen måte" not in shown(receptionist, f"/messages/{row.pk}/")
        status, page = sent(receptionist, f"/messages/{row.pk}/another-way/", {"way": "letter"})
        assert (status, "Meldingen kan ikke sendes denne veien nå." in page) == (422, True)
        assert Message.objects.count() == 1

    def test_one_that_failed_is_sent_another_way_once(self, desk: Desk, receptionist: Client) -> None:
        row = a_failed(desk)
        assert desk.tasks() == ["not_delivered"]
        page = sent(receptionist, f"/messages/{row.pk}/another-way/", {"way": "email"})[1]
        assert "Meldingen er lagt i kø som E-post." in page
        assert "Den som ikke kom fram" in page
        assert desk.tasks() == [], "the new message is what is done now"
        assert sent(receptionist, f"/messages/{row.pk}/another-way/", {"way": "email"})[0] == 422
        assert [(one.way, one.state) for one in Message.objects.order_by("pk")] == [("sms", "failed"), ("email", "queued")]
        desk.email = Gateway(name="post")
        desk.send()
        assert [parcel.to for parcel in desk.email.handed] == ["a@example.no"]

    def test_it_goes_no_way_the_family_is_not_reached(self, desk: Desk, receptionist: Client) -> None:
        row = a_failed(desk)
        for way in ("sms", "letter", "duer", ""):
            assert sent(receptionist, f"/messages/{row.pk}/another-way/", {"way": way})[0] == 422
        assert Message.objects.count() == 1

    def test_nothing_chosen_is_asked_again(self, desk: Desk, receptionist: Client) -> None:
        row = an_uncertain(desk)
        status, page = sent(receptionist, f"/messages/{row.pk}/settle/", {})
        assert (status, "Velg om meldingen kom fram." in page) == (422, True)


class TestTasks:
    def test_a_task_is_done_with_its_outcome(self, desk: Desk, receptionist: Client) -> None:
        task = an_uncertain(desk).tasks.get()
        page = sent(receptionist, f"/messages/tasks/{task.pk}/finish/", {"outcome": "told", "note": "Ringte mor kl. 10"})[1]
        assert "Oppgaven om IDA MARIE Blåbærøy er gjort." in page
        task.refresh_from_db()
        assert (task.outcome, task.note, task.done_by) == ("told", "Ringte mor kl. 10", "clerk.web")
        status, page = sent(receptionist, f"/messages/tasks/{task.pk}/finish/", {"outcome": "was_told"})
        assert (status, "Oppgaven er alt gjort." in page) == (422, True)

    @pytest.mark.parametrize(
        ("note", "said"), [("", "Skriv kort hva som ble gjort"), ("å" * 501, "Teksten er for lang"), ("🙏" * 60_000, "for lang")]
    )
    def test_a_note_that_will_not_do_is_told_and_not_lost(self, desk: Desk, receptionist: Client, note: str, said: str) -> None:
        task = an_uncertain(desk).tasks.get()
        answer = receptionist.post(f"/messages/tasks/{task.pk}/finish/", {"outcome": "not_reached", "note": note})
        assert (answer.status_code, said in text_of(answer.content), note in answer.content.decode()) == (422, True, True)

    def test_it_is_given_to_somebody_else(self, desk: Desk, receptionist: Client) -> None:
        task = an_uncertain(desk).tasks.get()
        page = sent(receptionist, f"/messages/tasks/{task.pk}/hand-on/", {"owner": "kari", "due_on": "2026-04-10"})[1]
        assert "Oppgaven er hos Kari Kvist til 10.04.2026." in page
        status, page = sent(receptionist, f"/messages/tasks/{task.pk}/hand-on/", {"owner": "per", "due_on": "2026-04-01"})
        assert (status, "Den nye fristen må være i dag eller senere." in page) == (422, True)
        assert sent(receptionist, f"/messages/tasks/{task.pk}/hand-on/", {"owner": "ingen", "due_on": "2026-04-10"})[0] == 422

    def test_what_the_family_wrote_is_read_with_the_task(self, desk: Desk, receptionist: Client) -> None:
        row = an_invitation(desk)
        incoming = wrote(desk, "+4700000001", EMOJI)
        task = a_task(row, about=f"incoming:{incoming.pk}")
        answer = receptionist.get(f"/messages/tasks/{task.pk}/")
        assert EMOJI in text_of(answer.content)
        quotes = list(read(answer.content.decode()).all("blockquote"))
        assert [one.attrs["dir"] for one in quotes] == ["auto", "ltr"]
        assert EMOJI in shown(receptionist, f"/messages/{row.pk}/")

    def test_a_number_nobody_uses_is_seen_to_once(self, desk: Desk, receptionist: Client) -> None:
        incoming = wrote(desk, "+4700000009", "<b>Hvem er dere?</b>" + "x" * 5000)
        page = shown(receptionist)
        assert ("Skrevet fra numre vi ikke kjenner" in page, "x" * 200 in page) == (True, False)
        assert "&lt;b&gt;Hvem" in receptionist.get(f"/messages/unknown/{incoming.pk}/").content.decode()
        page = sent(receptionist, f"/messages/unknown/{incoming.pk}/see-to/", {"effect": "answered"})[1]
        assert "Meldingen er sett på." in page
        assert "Skrevet fra numre" not in page
        assert sent(receptionist, f"/messages/unknown/{incoming.pk}/see-to/", {"effect": "answered"})[0] == 422
        assert AuditEvent.objects.filter(action="message.seen_to").count() == 1

    def test_what_a_family_we_know_wrote_is_not_read_past_its_child(self, desk: Desk, receptionist: Client) -> None:
        an_invitation(desk)
        assert receptionist.get(f"/messages/unknown/{wrote(desk, '+4700000001', 'hei').pk}/").status_code == 404


def wrote(desk: Desk, number: str, text: str) -> IncomingMessage:
    heard = Incoming(reference=f"ref {number}", from_number=number, text=text, answers="")
    incoming = take_incoming(municipality=desk.municipality, gateway="prøve", heard=heard, by=JOB, at=desk.at)
    assert incoming is not None
    return incoming


@needs_letters
class TestLetters:
    def test_the_file_is_given_after_every_child_in_it_is_written_down(self, desk: Desk, receptionist: Client) -> None:
        batch = a_batch(desk, receptionist)
        assert batch.produced_by == "clerk.web"
        answer = receptionist.post(f"/messages/letters/{batch.pk}/download/")
        assert (answer.status_code, answer["Content-Type"], answer.content[:5]) == (200, "application/pdf", b"%PDF-")
        assert answer["Content-Disposition"] == f'attachment; filename="brev-{batch.pk}.pdf"'
        assert "no-store" in answer["Cache-Control"]
        logged = AuditEvent.objects.get(action="letters.downloaded")
        assert (logged.kind, logged.about, logged.who) == ("read", str(Person.objects.get().public_id), "clerk.web")
        assert receptionist.get(f"/messages/letters/{batch.pk}/download/").status_code == 405

    def test_without_the_row_in_the_trail_there_is_no_file(self, desk: Desk, receptionist: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        batch = a_batch(desk, receptionist)
        receptionist.raise_request_exception = False

        def no_room(*args: object, **kwargs: object) -> None:
            raise OSError("no space left")

        monkeypatch.setattr("fjorten.web.messages.letters.note_look", no_room)
        answer = receptionist.post(f"/messages/letters/{batch.pk}/download/")
        assert (answer.status_code, b"%PDF" in answer.content) == (500, False)

    def test_a_second_click_makes_no_second_batch(self, desk: Desk, receptionist: Client) -> None:
        a_batch(desk, receptionist)
        assert "Ingen brev venter" in sent(receptionist, "/messages/letters/print/")[1]
        assert PrintBatch.objects.count() == 1

    def test_a_file_that_is_gone_or_changed_is_not_given(self, desk: Desk, receptionist: Client, tmp_path: Path) -> None:
        batch = a_batch(desk, receptionist)
        file = tmp_path / "brev" / batch.file_name
        file.write_bytes(b"%PDF-1.7 noe annet")
        assert "er endret etter at den ble laget" in sent(receptionist, f"/messages/letters/{batch.pk}/download/")[1]
        file.unlink()
        assert "ligger ikke på denne maskinen" in sent(receptionist, f"/messages/letters/{batch.pk}/download/")[1]
        assert not AuditEvent.objects.filter(action="letters.downloaded").exists()

    def test_a_file_a_kill_left_without_its_name_is_found_again(self, desk: Desk, receptionist: Client, tmp_path: Path) -> None:
        batch = a_batch(desk, receptionist)
        file = tmp_path / "brev" / batch.file_name
        file.rename(file.with_name(f".{desk.municipality.code}-{batch.file_name}.part"))
        assert receptionist.post(f"/messages/letters/{batch.pk}/download/").content[:5] == b"%PDF-"

    def test_a_child_protected_since_is_named_nowhere_and_the_file_not_given(self, desk: Desk, receptionist: Client) -> None:
        batch = a_batch(desk, receptionist)
        Person.objects.update(protection="confidential")
        page = shown(receptionist, f"/messages/letters/{batch.pk}/")
        assert ("Blåbærøy" in page, "Ikke ditt å se" in page, "Skal ikke sendes: ta det ut" in page) == (False, True, True)
        answer = receptionist.post(f"/messages/letters/{batch.pk}/download/")
        assert (answer.status_code, b"%PDF" in answer.content) == (409, False)
        assert receptionist.post(f"/messages/letters/{batch.pk}/handed-over/").status_code == 409
        letter = Message.objects.get()
        taken = sent(receptionist, f"/messages/letters/{batch.pk}/{letter.pk}/take-out/", {"reason": "makulert"})
        assert f"Brev {letter.pk} er tatt ut av bunken." in taken[1]

    def test_another_clinic_prints_its_own_letters_only(self, desk: Desk, receptionist: Client) -> None:
        an_invitation(desk, guardian=ON_PAPER)
        assert "Ingen brev venter" in sent(elsewhere(desk), "/messages/letters/print/")[1]
        assert Message.objects.get().state == "queued"

    def test_handed_over_and_returned(self, desk: Desk, receptionist: Client) -> None:
        batch = a_batch(desk, receptionist)
        letter = Message.objects.get()
        status, page = sent(receptionist, "/messages/letters/returned/", {"number": letter.pk, "on": "2026-04-06"})
        assert (status, "Brevet er ikke levert til posten" in page) == (422, True)
        assert "1 brev er ført som levert til posten." in sent(receptionist, f"/messages/letters/{batch.pk}/handed-over/")[1]
        assert receptionist.post(f"/messages/letters/{batch.pk}/handed-over/").status_code == 409
        page = sent(receptionist, "/messages/letters/returned/", {"number": letter.pk, "on": "2026-04-06"})[1]
        assert f"Brev {letter.pk} er ført som returnert." in page
        assert (Message.objects.get().state, desk.tasks()) == ("failed", ["not_delivered"])
        assert "brevet kom i retur" in shown(receptionist, "/messages/?list=failed")

    def test_a_number_of_no_letter_is_told_at_the_field(self, receptionist: Client) -> None:
        for number in ("", "x", "999999", "9" * 18, "9" * 30):
            status, page = sent(receptionist, "/messages/letters/returned/", {"number": number, "on": "2026-04-06"})
            assert (status, "Rett dette før du lagrer" in page) == (422, True)

    def test_the_number_that_is_asked_for_stands_on_the_letter(self, desk: Desk, receptionist: Client, tmp_path: Path) -> None:
        pymupdf = pytest.importorskip("pymupdf")
        batch = a_batch(desk, receptionist)
        with pymupdf.open(tmp_path / "brev" / batch.file_name) as pages:
            assert f"Vår ref. {Message.objects.get().pk}" in pages[0].get_text()


class TestReturnedSecrets:
    def test_a_protected_childs_letter_is_as_one_that_is_not_there(self, desk: Desk, receptionist: Client) -> None:
        row = an_invitation(desk, guardian=ON_PAPER)
        Person.objects.update(protection="confidential")
        secret = sent(receptionist, "/messages/letters/returned/", {"number": row.pk, "on": "2026-04-06"})
        assert secret == (422, sent(receptionist, "/messages/letters/returned/", {"number": 999999, "on": "2026-04-06"})[1])


class TestTexts:
    def test_every_language_stands_side_by_side_with_what_is_missing_and_not_approved(self, leader: Client) -> None:
        page = shown(leader, "/messages/texts/")
        assert "utkast" in page
        assert "mangler" in page
        page = shown(leader, "/messages/texts/invitation/")
        for language in ("Bokmål", "Nynorsk", "Engelsk", "Ukrainsk", "Arabisk", "Tigrinja", "Somali"):
            assert language in page
        assert "Mangler på ukrainsk" in page
        assert "{given_name}" in page
        assert "SMS-deler, UCS-2" in page

    def test_every_text_can_be_shown_with_example_values(self, leader: Client) -> None:
        for kind in messages():
            page = read(leader.get(f"/messages/texts/{kind}/").content.decode())
            assert all(one.attrs["dir"] == ("rtl" if one.attrs["lang"] == "ar" else "ltr") for one in page.all("blockquote"))

    def test_a_draft_is_sent_only_after_it_is_approved_here(self, desk: Desk, leader: Client) -> None:
        arabic = a_guardian(language="ar")
        assert an_invitation(desk, guardian=arabic).sent_language == "nb"
        text = messages()["invitation"].texts[Channel.SMS, "ar"]
        told = {"digest": text.digest, "proof_read_by": " Layla  Prøve "}
        page = sent(leader, "/messages/texts/invitation/sms/ar/approve/", told)[1]
        assert "Teksten på arabisk er godkjent." in page
        assert "Lest av Layla Prøve." in page
        row = an_invitation(desk, guardian=a_guardian(language="ar", nth=1, telephone="+4700000002"))
        assert (row.sent_language, "موعد" in row.sent_text) == ("ar", True)
        quote = next(read(leader.get(f"/messages/{row.pk}/").content.decode()).all("blockquote"))
        assert (quote.attrs["dir"], quote.attrs["lang"]) == ("rtl", "ar")
        assert "trukket tilbake" in sent(leader, "/messages/texts/invitation/sms/ar/withdraw/")[1]
        row = an_invitation(desk, guardian=a_guardian(language="ar", nth=2, telephone="+4700000003"))
        assert row.sent_language == "nb"
        assert list(AuditEvent.objects.filter(action__startswith="text.").order_by("seq").values_list("action", flat=True)) == [
            "text.approved",
            "text.approval_withdrawn",
        ]

    def test_only_the_words_that_were_read_are_approved_and_once(self, desk: Desk, leader: Client) -> None:
        there, digest = "/messages/texts/invitation/sms/ar/approve/", messages()["invitation"].texts[Channel.SMS, "ar"].digest
        status, page = sent(leader, there, {"digest": "0" * 64, "proof_read_by": "Layla"})
        assert (status, "Teksten er endret siden du så den." in page) == (422, True)
        assert sent(leader, there, {"digest": digest, "proof_read_by": " "})[0] == 422
        assert sent(leader, there, {"digest": digest, "proof_read_by": "ل" * 151})[0] == 422
        assert not TextApproval.objects.exists()
        assert sent(leader, there, {"digest": digest, "proof_read_by": "Layla"})[0] == 200
        status, page = sent(leader, there, {"digest": digest, "proof_read_by": "Layla"})
        assert (status, "Teksten er alt godkjent." in page) == (422, True)
        assert TextApproval.objects.count() == 1

    def test_an_approval_is_not_of_words_that_come_later(self, desk: Desk, leader: Client) -> None:
        text = messages()["invitation"].texts[Channel.SMS, "ar"]
        sent(leader, "/messages/texts/invitation/sms/ar/approve/", {"digest": text.digest, "proof_read_by": "Layla"})
        TextApproval.objects.update(digest="0" * 64)
        assert "Denne er ny og må leses på nytt." in shown(leader, "/messages/texts/invitation/")
        assert an_invitation(desk, guardian=a_guardian(language="ar")).sent_language == "nb"
        sent(leader, "/messages/texts/invitation/sms/ar/approve/", {"digest": text.digest, "proof_read_by": "Layla"})
        assert TextApproval.objects.filter(withdrawn_at__isnull=True).get().digest == text.digest

    def test_only_those_who_answer_for_texts_approve_them(self, receptionist: Client) -> None:
        assert "Godkjenn teksten" not in shown(receptionist, "/messages/texts/invitation/")
        for act in ("approve", "withdraw"):
            assert receptionist.post(f"/messages/texts/invitation/sms/ar/{act}/", {"proof_read_by": "Layla"}).status_code == 403

    @pytest.mark.parametrize("address", ["hår", "invitation/due/ar/approve", "invitation/sms/xx/approve", "invitation/letter/ar/withdraw"])
    def test_a_text_that_is_not_there_is_no_page(self, leader: Client, address: str) -> None:
        there = f"/messages/texts/{address}/"
        assert (leader.post(there) if "/" in address else leader.get(there)).status_code == 404
