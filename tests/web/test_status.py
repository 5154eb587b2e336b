"""The page of how it stands: each thing with a word, a shape and what to do; nothing that is about any child."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fjorten.access.permissions import Role
from fjorten.ledger.balance import balance_of
from fjorten.ledger.snapshots import keep
from fjorten.messages.channels.interface import Outcome
from fjorten.messages.models import Attempt, Message, OutboxState, Way
from fjorten.nightly.actions import STAGE_NAMES
from fjorten.nightly.models import Run, Trouble
from fjorten.nightly.stages import STAGES
from fjorten.people.models import Adult
from fjorten.registers.models import FeedRange, PendingLookUp, RegisterLoad
from fjorten.web.status.presenters import LOOK, OK, UNKNOWN, WRONG
from tests.factories.clinic import LEADER, StaffedClinic, an_enrolled_child
from tests.web.at_work import an_account, signed_in, text_of
from tests.web.conftest import NOW
from tests.web.pages import Element, read

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def administrator(here: StaffedClinic, clock: time_machine.Traveller) -> Client:
    return signed_in(an_account(here.municipality, Role.ADMINISTRATOR), at=NOW)


def shown(browser: Client) -> str:
    answer = browser.get("/status/")
    assert answer.status_code == 200
    return answer.content.decode()


def rows(browser: Client) -> dict[str, str]:
    """What each thing on the page says, by its name."""
    found: dict[str, str] = {}
    for row in read(shown(browser)).all("tr"):
        for name in _names(row):
            found[name] = " ".join(" ".join(cell.words for cell in row.all("td")).split())
    return found


def _names(row: Element) -> list[str]:
    return [" ".join(head.words.split()) for head in row.all("th") if head.attrs.get("scope") == "row"]


def a_run(here: StaffedClinic, *, hours_ago: int = 4, balanced: bool = True) -> Run:
    at = NOW - hours_ago * HOUR
    counts = {"register": {"events": 3}, "ledger": {"residents": 1234}}
    return Run.objects.create(
        municipality=here.municipality, on=at.date(), started_at=at, finished_at=at, counts=counts, balanced=balanced, started_by="natt"
    )


def a_message(here: StaffedClinic, state: OutboxState, *, hours_ago: int) -> Message:
    child = an_enrolled_child(here, given_name="Amir", family_name="Rahimi").person
    adult = Adult.objects.create(municipality=here.municipality, name="Mor Rahimi", recorded_at=NOW, recorded_by="prøve")
    at = NOW - hours_ago * HOUR
    return Message.objects.create(
        municipality=here.municipality, key=f"prøve-{child.pk}", kind="invitation", about="x", person=child, clinic=here.clinic, adult=adult,
        way=Way.SMS, not_before=at, if_too_late="lapses", created_at=at, state=state, state_at=at,
    )  # fmt: skip


def tried(message: Message, outcome: Outcome, *, hours_ago: int) -> None:
    at = NOW - hours_ago * HOUR
    Attempt.objects.create(
        message=message, number=hours_ago, gateway="oppdiktet-sms", takes_keys=True, idempotency_key=f"{message.key}-{hours_ago}",
        started_at=at, handed_over_at=at, finished_at=at, outcome=outcome.value,
    )  # fmt: skip


class TestWhoSeesIt:
    @pytest.mark.parametrize("role", [Role.LEADER, Role.ADMINISTRATOR])
    def test_the_leader_and_whoever_runs_the_system(self, role: Role, here: StaffedClinic, clock: time_machine.Traveller) -> None:
        browser = signed_in(an_account(here.municipality, role), at=NOW)
        assert "Installasjonen" in text_of(shown(browser).encode())

    @pytest.mark.parametrize("role", [Role.NURSE, Role.CLERK, Role.PRIVACY_OFFICER, Role.ANALYST])
    def test_nobody_else(self, role: Role, here: StaffedClinic, clock: time_machine.Traveller) -> None:
        assert signed_in(an_account(here.municipality, role), at=NOW).get("/status/").status_code == 403

    def test_whoever_runs_the_system_begins_there(self, administrator: Client) -> None:
        assert administrator.get("/")["Location"] == "/status/"


class TestWhatItSays:
    def test_a_municipality_where_nothing_has_run_is_told_what_to_do(self, administrator: Client) -> None:
        said = rows(administrator)
        assert said["Siste natt"].startswith("galt Nattkjøringen er aldri kjørt til ende her. Kjør `fjorten nightly`")
        assert said["Sist avstemt"] == "galt Regnskapet er aldri avstemt. Kjør `fjorten nightly`."
        assert said["Siste uttrekk"].startswith("se på dette Ingen uttrekk er lest inn.")
        assert "Varsel" in said

    def test_a_night_is_told_by_stage_and_what_it_could_not_do_by_number(self, here: StaffedClinic, administrator: Client) -> None:
        run = a_run(here)
        child = an_enrolled_child(here, given_name="Amir", family_name="Rahimi").person
        for _ in range(2):
            Trouble.objects.create(
                run=run, stage="cases", person=child, sentence=f"Amir Rahimi {child.public_id}", error="NobodyToOwnIt", at=NOW
            )
        said = rows(administrator)
        assert said["Siste natt"].startswith("i orden Natten til 06.04.2026, ferdig 06.04.2026 kl. 05.10.")
        assert said["Lese Folkeregisteret"].startswith("i orden Hendelser: 3")
        assert said["Oppfølgingssaker"].startswith("se på dette 2 ting kunne ikke gjøres: NobodyToOwnIt (2).")

    def test_a_night_that_did_not_come_is_wrong(self, here: StaffedClinic, administrator: Client) -> None:
        a_run(here, hours_ago=27)
        assert rows(administrator)["Siste natt"].startswith("galt Natten til 05.04.2026")

    @pytest.mark.usefixtures("signing_key")
    def test_the_ledger_is_told_with_its_line(self, here: StaffedClinic, administrator: Client) -> None:
        an_enrolled_child(here)
        keep(balance_of(municipality=here.municipality, on=NOW.date()), municipality=here.municipality, by=LEADER, at=NOW)
        a_run(here)
        said = rows(administrator)
        assert said["Sist avstemt"].startswith("i orden I dag 05.10. Det gikk opp.")
        assert "bosatt = " in said["Barn 0–5 år"]

    def test_a_ledger_that_does_not_balance_is_wrong(self, here: StaffedClinic, administrator: Client) -> None:
        a_run(here, balanced=False)
        assert rows(administrator)["Sist avstemt"].startswith("galt I dag 05.10. Det gikk ikke opp. Se linjene med `fjorten ledger`")

    def test_the_register_is_told_with_what_is_missing(self, here: StaffedClinic, administrator: Client) -> None:
        there = here.municipality
        RegisterLoad.objects.create(
            municipality=there,
            on=NOW.date(),
            checksum="x",
            loaded_at=NOW,
            loaded_by="drift",
            persons_read=1971,
            children_kept=289,
            rejected=0,
        )
        FeedRange.objects.create(municipality=there, first=1, last=10)
        FeedRange.objects.create(municipality=there, first=13, last=20)
        PendingLookUp.objects.create(municipality=there, number="15878999999", sequence=4, event_type="x")
        page = shown(administrator)
        said = rows(administrator)
        assert said["Siste uttrekk"].startswith("i orden 06.04.2026: 1 971 personer lest, 289 barn beholdt.")
        assert said["Hendelser"].startswith("galt Lest til nummer 20. 2 hendelser mangler.")
        assert said["Oppslag"].startswith("se på dette 1 person må slås opp på nytt.")
        assert "15878999999" not in page

    def test_the_outbox_is_told_by_state_with_what_waits_longest_and_what_the_gateways_took(
        self, here: StaffedClinic, administrator: Client
    ) -> None:
        tried(a_message(here, OutboxState.SENT, hours_ago=60), Outcome.ACCEPTED, hours_ago=60)
        waits = a_message(here, OutboxState.QUEUED, hours_ago=26)
        a_message(here, OutboxState.QUEUED, hours_ago=2)
        a_message(here, OutboxState.UNCERTAIN, hours_ago=1)
        tried(waits, Outcome.NOT_SENT, hours_ago=3)
        said = rows(administrator)
        assert said["Utboksen"].startswith("i orden Venter på å sendes: 2, sendt, ikke kvittert: 1, uvisst om den ble sendt: 1")
        assert said["Kø, SMS"].startswith("galt 2 venter, den eldste siden 05.04.2026 kl. 07.10. Se at `fjorten worker` går")
        assert said["Uvisst om sendt"].startswith("se på dette 1 melding")
        assert said["oppdiktet-sms"].startswith("galt Tok sist imot 03.04.2026 kl. 21.10, prøvd senest 06.04.2026 kl. 06.10.")

    def test_what_the_domain_does_not_know_is_said_plainly(self, administrator: Client) -> None:
        assert rows(administrator)["Sikkerhetskopi"].startswith("vet ikke fjorten fører ikke når sikkerhetskopier er tatt.")

    def test_the_database_and_its_migrations_are_told(self, administrator: Client) -> None:
        said = rows(administrator)
        assert {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor] in said["Database"]
        assert said["Migreringer"].startswith("i orden Alle ")

    def test_every_stage_of_a_night_has_a_name(self) -> None:
        assert STAGES.keys() <= STAGE_NAMES.keys()

    def test_ok_not_ok_and_unknown_differ_by_shape(self) -> None:
        assert len({OK, LOOK, WRONG, UNKNOWN}) == 4


class TestWhatItKeepsToItself:
    def test_nothing_on_the_page_is_about_a_child(self, here: StaffedClinic, administrator: Client) -> None:
        child = an_enrolled_child(here, given_name="Amir", family_name="Rahimi").person
        run = a_run(here)
        Trouble.objects.create(run=run, stage="owed", person=child, about="Rahimi", sentence="Amir Rahimi", error="X", at=NOW)
        page = shown(administrator)
        for secret in ("Amir", "Rahimi", str(child.public_id), str(child.public_id)[:8].upper()):
            assert secret not in page

    def test_it_costs_the_same_however_much_there_is(self, here: StaffedClinic, administrator: Client) -> None:
        def asked() -> int:
            with CaptureQueriesContext(connection) as questions:
                shown(administrator)
            return len(questions)

        run = a_run(here)
        an_enrolled_child(here)
        shown(administrator)
        for_one = asked()
        for number in range(5):
            child = an_enrolled_child(here, given_name=f"Barn{number}").person
            Trouble.objects.create(run=run, stage="owed", person=child, sentence="x", error=f"E{number}", at=NOW)
        assert asked() == for_one
