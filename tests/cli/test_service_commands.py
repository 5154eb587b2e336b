"""The service's own work from the command line: a test for every verb, what it prints, what it leaves, and what it never shows."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import time_machine

from fjorten.appointments.models import Appointment, RosterOpening
from fjorten.audit.models import AuditEvent
from fjorten.cli.main import main
from fjorten.followup.ladders import ladders_of
from fjorten.followup.models import Assessment, Case
from fjorten.ledger.signing import ensure_key
from fjorten.messages.models import ContactTask, IncomingMessage, Message, PrintBatch
from fjorten.organisation.models import Absence, Clinic, Employee, Municipality
from fjorten.people.models import Identifier
from tests.counterparties.contact_register import TOKEN, ContactRegisterStandIn
from tests.factories.clinic import StaffedClinic
from tests.factories.family import a_guardian
from tests.factories.night import AT, a_child_with_a_time, a_municipality_with_work
from tests.factories.register import a_number

pytestmark = pytest.mark.django_db

Typed = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installation in a folder of its own, on Tuesday 10 March 2026 at ten."""
    monkeypatch.setenv("FJORTEN_HOME", str(tmp_path / "var"))
    monkeypatch.setenv("FJORTEN_SECRET_KEY", "only for tests")
    settings.HOME = tmp_path / "var"
    settings.OUTSIDE = {"FJORTEN_REGISTER": str(tmp_path / "register")}
    ensure_key()
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def here(db: None, tmp_path: Path) -> StaffedClinic:
    return a_municipality_with_work(tmp_path)


@pytest.fixture
def fjorten(capsys: pytest.CaptureFixture[str]) -> Typed:
    def typed(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        out, err = capsys.readouterr()
        assert not re.search(r"\d{11}", out + err), "no number on the terminal"
        assert "IDA" not in out + err, "no name of a child on a list"
        return code, out, err

    return typed


@pytest.fixture
def after_a_night(here: StaffedClinic, fjorten: Typed) -> StaffedClinic:
    assert fjorten("nightly")[0] == 0
    return here


def test_staff_are_hired_stand_in_are_away_come_back_and_leave(here: StaffedClinic, fjorten: Typed) -> None:
    assert fjorten("staff", "hire", "eva", "Eva Einer", "public_health_nurse", "--email", "eva@prove.example")[0] == 0
    assert fjorten("staff", "deputy", "eva", "kari") == (0, "kari gjør arbeidet til eva ved fravær.\n", "")
    code, out, _ = fjorten("staff")
    assert (code, "Ansatte: 6" in out, "Eva Einer" in out) == (0, True, True)
    code, out, _ = fjorten("staff", "absent", "kari", "2026-03-13", "2026-03-14", "--reason", "kurs", "--by", "leder")
    absence = Absence.objects.get()
    assert (code, out) == (0, f"Fravær {absence.pk} er ført. 2 timer er avlyst og skal få ny tid.\n")
    assert fjorten("staff", "back", str(absence.pk), "--by", "leder")[0] == 0
    assert fjorten("staff", "--on", "2026-04-01", "leave", "eva")[0] == 0
    assert Employee.objects.get(code="eva").employed_until == date(2026, 4, 1)
    assert AuditEvent.objects.get(action="absence.recorded").who == "leder"


def test_what_families_are_told_of_the_clinic_is_set_and_shown(here: StaffedClinic, fjorten: Typed) -> None:
    Municipality.objects.update(name="", brand="")
    Clinic.objects.filter(pk=here.clinic.pk).update(visiting_address="")
    code, out, _ = fjorten("clinics")
    assert (code, "(ikke sagt)" in out, "00990000" in out) == (1, True, True)
    assert fjorten("clinics", "known-as", "Fjordvik kommune", "--norwegian", "nn", "--by", "leder")[0] == 0
    code, _, err = fjorten("clinics", "found-at", "--telephone", "00 00 00 02")
    assert (code, "besøksadressen" in err) == (2, True)
    assert fjorten("clinics", "found-at", "--address", "Torget 2, Fjordvik")[0] == 0
    assert fjorten("clinics", "found-at", "--telephone", "00 00 00 02")[0] == 0
    code, out, _ = fjorten("clinics")
    assert (code, "Fjordvik kommune" in out, "nn" in out, "00000002" in out, "Torget 2" in out) == (0, True, True, True, True)
    assert AuditEvent.objects.get(action="municipality.named", detail__norwegian="nn").who == "leder"


def test_the_contact_register_is_asked_when_there_is_one(here: StaffedClinic, fjorten: Typed, settings: Any, tmp_path: Path) -> None:
    code, _, err = fjorten("messages", "contacts")
    assert (code, "FJORTEN_CONTACT_REGISTER" in err) == (2, True)
    (tmp_path / "token").write_text(TOKEN, encoding="utf-8")
    with ContactRegisterStandIn({}) as stand_in:
        settings.OUTSIDE |= {"FJORTEN_CONTACT_REGISTER": stand_in.address, "FJORTEN_CONTACT_REGISTER_TOKEN_FILE": str(tmp_path / "token")}
        code, out, _ = fjorten("messages", "contacts", "--by", "merkantil")
        assert (code, out) == (0, "Spurt om 3 foresatte og andre omsorgspersoner, 0 av dem nye her: 0 nye numre og adresser.\n")
        assert stand_in.questions == [3]
        assert AuditEvent.objects.get(action="contact_register.asked").who == "merkantil"
        assert fjorten("messages", "contacts")[1].startswith("Spurt om 0 ")
        assert stand_in.questions == [3]


def test_what_is_another_roles_is_refused(here: StaffedClinic, fjorten: Typed) -> None:
    code, _, err = fjorten("staff", "absent", "kari", "2026-03-13", "2026-03-14")
    assert (code, "i din rolle" in err, Absence.objects.count()) == (2, True, 0)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("staff", "leave", "ukjent"), "Ingen ansatt i kommunen har denne koden"),
        (("staff", "back", "99"), "ikke ført noe fravær"),
        (("staff", "hire", "eva", "Eva", "clerk", "--clinic", "Nord"), "ingen helsestasjon med dette navnet"),
        (("roster", "add", "kari", "mandag", "13:00", "14:00", "--room", "Rom 9"), "ikke noe rom"),
        (("roster", "end", "99"), "ingen åpning"),
        (("appointments", "attended", "99"), "ingen time med dette nummeret"),
        (("messages", "done", "99", "told"), "ingen oppgave"),
        (("messages", "batch", "99"), "ingen bunke"),
        (("messages", "returned", "99"), "ingen melding eller noe brev"),
        (("messages", "preview", "brevdue"), "ingen slik melding"),
        (("cases", "show", "99"), "ingen sak"),
    ],
)
def test_what_is_not_there_is_said(here: StaffedClinic, fjorten: Typed, arguments: tuple[str, ...], said: str) -> None:
    code, _, err = fjorten(*arguments)
    assert (code, said in err) == (2, True), err


def test_rosters_are_listed_opened_and_ended(here: StaffedClinic, fjorten: Typed) -> None:
    assert "Åpninger: 5" in fjorten("roster")[1]
    assert fjorten("roster", "room", "Rom 3") == (0, "Rom 3 er åpnet.\n", "")
    arguments = ["per", "torsdag", "12:00", "15:00", "--room", "Rom 3", "--doctor", "ola", "--every", "2", "--minutes", "45"]
    assert fjorten("roster", "--on", "2026-03-12", "add", *arguments)[0] == 0
    opening = RosterOpening.objects.get(employee__code="per")
    assert (opening.weekday, opening.slot_minutes, opening.every_weeks, opening.valid_from) == (3, 45, 2, date(2026, 3, 12))
    assert fjorten("roster", "--on", "2026-06-01", "end", str(opening.pk))[0] == 0
    assert "Åpninger: 5" in fjorten("roster", "--on", "2026-06-01")[1]


def test_the_days_times_hide_the_protected(here: StaffedClinic, fjorten: Typed) -> None:
    code, out, _ = fjorten("appointments", "--on", "2026-03-13")
    assert (code, "Timer 13.03.2026: 2" in out) == (0, True)
    hidden = next(line for line in out.splitlines() if "10.00" in line)
    shown = next(line for line in out.splitlines() if "09.00" in line)
    assert hidden.count("skjult") == 3
    assert "05.01.2026" in shown
    assert "C04_M3" in shown


def test_a_child_gets_a_time_that_is_moved_and_cancelled(here: StaffedClinic, fjorten: Typed) -> None:
    appointment = a_child_with_a_time(here, "2026-03-16 09:00", a_guardian(telephone="+4700000007", nth=7))
    number = a_number(date(2026, 1, 5), 3)
    Identifier.objects.create(person=appointment.person, municipality=here.municipality, number=number)
    assert "Ledige timer" in fjorten("appointments", "free")[1]
    code, out, _ = fjorten("appointments", "move", str(appointment.pk), "2026-03-17T09:30", "--family", "--by", "kari")
    assert (code, "er flyttet til 17.03.2026 09.30" in out) == (0, True)
    moved = Appointment.objects.latest("pk")
    code, out, _ = fjorten("appointments", "cancel", str(moved.pk), "--ours", "--by", "kari")
    assert (code, "skal ha ny tid" in out) == (0, True)
    code, out, _ = fjorten("appointments", "to-rebook")
    assert (code, "Skal ha ny tid: 1" in out) == (1, True)
    code, out, _ = fjorten("appointments", "book", number, "C04_M3", "2026-03-18T09:00", "--with", "kari", "--by", "kari", "--interpreter")
    assert (code, "18.03.2026 09.00 hos kari" in out) == (0, True)
    assert Appointment.objects.latest("pk").needs_interpreter
    code, _, err = fjorten("appointments", "book", number, "C14_Y4", "2026-03-18T03:00", "--by", "kari")
    assert (code, "ingen ledig time da" in err) == (2, True)
    assert fjorten("appointments", "book", number, "C99", "2026-03-18T10:00", "--by", "kari")[0] == 2


def test_what_became_of_a_time_is_written_and_put_right(here: StaffedClinic, fjorten: Typed) -> None:
    first, second, _ = Appointment.objects.order_by("begins_at")
    with time_machine.travel(AT.replace(day=14), tick=False):
        code, out, _ = fjorten("appointments", "not-closed")
        assert (code, "Ikke ført: 2" in out) == (1, True)
        assert fjorten("appointments", "attended", str(second.pk), "--by", "kari") == (
            0,
            f"Time {second.pk} er ført. Skriv konsultasjonen i journalen.\n",
            "",
        )
        assert fjorten("appointments", "correct", str(second.pk), "did_not_attend", "--reason", "feil barn", "--by", "kari")[0] == 0
        assert fjorten("appointments", "correct", str(first.pk), "attended", "--reason", "kom likevel", "--by", "kari")[0] == 0
    third = Appointment.objects.latest("begins_at")
    with time_machine.travel(AT.replace(day=14), tick=False):
        assert fjorten("appointments", "missed", str(third.pk), "--not-brought", "--by", "kari")[0] == 0
    states = list(Appointment.objects.order_by("begins_at").values_list("state", flat=True))
    assert states == ["attended", "did_not_attend", "not_brought"]


def test_whom_there_is_no_time_for(after_a_night: StaffedClinic, fjorten: Typed) -> None:
    RosterOpening.objects.all().delete()
    code, out, _ = fjorten("appointments", "need")
    assert (code, "Mangler time" in out, "Behov framover" in out) == (1, True, True)


def test_messages_and_the_manual_list(after_a_night: StaffedClinic, fjorten: Typed) -> None:
    code, out, _ = fjorten("messages")
    assert (code, "sendt, ikke kvittert" in out, "På den manuelle listen:" in out) == (0, True, True)
    code, out, _ = fjorten("messages", "tasks")
    assert (code, "skjult" in out) == (1, True)
    first, second, *_ = ContactTask.objects.order_by("pk")
    code, _, err = fjorten("messages", "done", str(first.pk), "not_reached", "--by", "kari")
    assert (code, "Skriv kort hva som ble gjort" in err) == (2, True)
    assert fjorten("messages", "done", str(first.pk), "told", "--note", "ringt", "--by", "kari")[0] == 0
    assert fjorten("messages", "hand-on", str(second.pk), "per", "2026-03-12", "--by", "kari")[0] == 0
    second.refresh_from_db()
    first.refresh_from_db()
    assert (first.done_by, second.owner.code) == ("kari", "per")


def test_a_text_can_be_looked_at_with_its_parts(here: StaffedClinic, fjorten: Typed) -> None:
    code, out, _ = fjorten("messages", "preview", "invitation")
    assert (code, "Fjordvik kommune" in out, "1 SMS (GSM-7" in out or "2 SMS (GSM-7" in out) == (0, True, True)
    code, out, _ = fjorten("messages", "preview", "invitation", "--language", "ti")
    assert (code, out.startswith("Ingen godkjent tekst på ti: familien får nb")) == (0, True)
    assert fjorten("messages", "preview", "second_miss", "--letter")[0] == 0


def test_letters_are_printed_looked_at_handed_over_and_come_back(after_a_night: StaffedClinic, fjorten: Typed, tmp_path: Path) -> None:
    letter = Message.objects.filter(kind="invitation", state="sent").latest("pk")
    Message.objects.filter(pk=letter.pk).update(state="queued", way="letter")
    code, _, err = fjorten("messages", "print", "--into", str(tmp_path / "brev"), "--by", "kari")
    assert code == 0, err
    batch = PrintBatch.objects.get()
    assert (tmp_path / "brev" / batch.file_name).read_bytes().startswith(b"%PDF")
    assert f"Bunke {batch.pk} med 1 brev" in fjorten("messages")[1]
    assert fjorten("messages", "batch", str(batch.pk))[0] == 0
    assert fjorten("messages", "handed-over", str(batch.pk), "--by", "kari") == (0, "1 brev er ført som levert til posten.\n", "")
    assert fjorten("messages", "take-out", str(letter.pk), "--reason", "flyttet", "--by", "kari")[0] == 2
    assert fjorten("messages", "returned", str(letter.pk), "--by", "kari")[0] == 0
    letter.refresh_from_db()
    assert letter.state == "failed"


def test_a_letter_nobody_may_get_is_taken_out_before_the_rest_is_handed_over(
    after_a_night: StaffedClinic, fjorten: Typed, tmp_path: Path
) -> None:
    letter = Message.objects.filter(kind="invitation", state="sent").latest("pk")
    Message.objects.filter(pk=letter.pk).update(state="queued", way="letter")
    assert fjorten("messages", "print", "--by", "kari")[0] == 0
    batch = PrintBatch.objects.get()
    type(letter.person).objects.filter(pk=letter.person_id).update(protection="confidential")
    code, out, _ = fjorten("messages", "batch", str(batch.pk))
    assert (code, "TA UT" in out) == (1, True)
    assert fjorten("messages", "handed-over", str(batch.pk), "--by", "kari")[0] == 2
    assert fjorten("messages", "take-out", str(letter.pk), "--reason", "adressesperre", "--by", "kari")[0] == 0
    assert fjorten("messages", "handed-over", str(batch.pk), "--by", "kari")[0] == 0


def test_what_families_have_written_is_listed(here: StaffedClinic, fjorten: Typed) -> None:
    assert fjorten("messages", "incoming") == (0, "Alt familiene har skrevet, er sett på.\n", "")
    IncomingMessage.objects.create(
        municipality=Municipality.objects.get(),
        gateway="sveve",
        reference="1",
        from_number="+4700000001",
        text="Hei",
        received_at=AT,
        meaning="free_text",
    )
    code, out, _ = fjorten("messages", "incoming")
    assert (code, "ukjent" in out, "Hei" in out) == (1, True, False)


def test_cases_are_listed_shown_and_gone_on_with(after_a_night: StaffedClinic, fjorten: Typed) -> None:
    case = Case.objects.get(trigger="missed")
    code, out, _ = fjorten("cases", "open")
    assert (code, "Åpne saker" in out) == (0, True)
    with time_machine.travel(AT.replace(month=5), tick=False):
        assert fjorten("cases")[0] == 1
    code, out, _ = fjorten("cases", "show", str(case.pk), "--by", "kari")
    assert (code, "Time til" in out) == (0, True)
    assert AuditEvent.objects.get(action="chronology.read").who == "kari"
    before = case.next_step
    arguments = ["no_contact", "--how", "telephone", "--language", "ar", "--interpreter", "qualified", "--by", "kari"]
    code, _, err = fjorten("cases", "step", str(case.pk), *arguments)
    assert code == 0, err
    case.refresh_from_db()
    assert case.next_step != before
    assert fjorten("cases", "step", str(case.pk), "done", "--step", "finnes-ikke", "--by", "kari")[0] == 2


def test_a_protected_childs_chronology_is_not_shown(after_a_night: StaffedClinic, fjorten: Typed) -> None:
    case = Case.objects.get(trigger="missed")
    type(case.person).objects.filter(pk=case.person_id).update(protection="confidential")
    code, _, err = fjorten("cases", "show", str(case.pk), "--by", "kari")
    assert (code, "adressesperre" in err) == (2, True)
    assert "skjult" in fjorten("cases", "open")[1]


def test_a_case_is_paused_taken_up_and_closed(after_a_night: StaffedClinic, fjorten: Typed) -> None:
    case = Case.objects.get(trigger="missed")
    ladder = ladders_of(case.municipality).of(case.ladder)
    assert fjorten("cases", "pause", str(case.pk), "2026-04-01", ladder.pauses[0].code, "--by", "kari")[0] == 0
    assert fjorten("cases", "resume", str(case.pk), "--reason", "kom hjem før", "--by", "kari")[0] == 0
    code, _, err = fjorten("cases", "close", str(case.pk), "attended", "--by", "kari")
    assert (code, "Før først i planen" in err) == (2, True)
    assert fjorten("cases", "close", str(case.pk), "merged_into_next_consultation", "--note", "tas i april", "--by", "kari")[0] == 0
    case.refresh_from_db()
    assert (case.closing, case.closed_by) == ("merged_into_next_consultation", "kari")


def test_an_assessment_is_written_also_when_the_answer_is_no(after_a_night: StaffedClinic, fjorten: Typed) -> None:
    case = Case.objects.get(trigger="missed")
    assert fjorten("cases", "assess", str(case.pk), "no", "--grounds", "Ingen bekymring.", "--by", "kari")[0] == 0
    assert fjorten("cases", "assess", str(case.pk), "yes", "--criteria", "ac", "--grounds", "Grunn til å tro.", "--by", "kari")[0] == 0
    assert fjorten("cases", "assess", str(case.pk), "no", "--grounds", "Nei.", "--by", "merkantil")[0] == 2
    assert list(Assessment.objects.order_by("pk").values_list("duty_to_report", flat=True)) == [False, True]
