"""`fjorten nightly` and `fjorten status` as they are typed."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection

from fjorten.cli.main import main
from fjorten.ledger.signing import ensure_key
from fjorten.messages.models import Message
from fjorten.nightly.models import Notice, Run
from fjorten.organisation.actions import open_municipality
from fjorten.organisation.models import Employee
from fjorten.organisation.responsibility import NobodyToOwnIt
from tests.counterparties.mail import MailStandIn
from tests.counterparties.misbehaviour import Misbehaviour, always
from tests.factories.clinic import CLERK, StaffedClinic
from tests.factories.night import AT, a_municipality_with_work

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installation in a folder of its own, on a Tuesday morning."""
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


def fjorten(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    out, err = capsys.readouterr()
    assert not re.search(r"\d{11}", out + err), "no number on the terminal"
    return code, out, err


def test_a_night_tells_what_it_did_and_leaves_messages_in_the_outbox(
    here: StaffedClinic, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, out, err = fjorten(capsys, "nightly")
    assert (code, err) == (0, "")
    assert out.startswith("9901 Prøvekommunen, natten til 10.03.2026: events 2, ")
    assert len(list((tmp_path / "var" / "outbox").glob("*.json"))) == Message.objects.filter(state="sent").count() > 0


def test_a_night_without_a_register_looks_after_the_rest(here: StaffedClinic, capsys: pytest.CaptureFixture[str], settings: Any) -> None:
    settings.OUTSIDE = {}
    assert fjorten(capsys, "nightly")[0] == 0
    assert Message.objects.filter(state="sent").exists()


def test_what_was_found_is_a_line_each_and_exit_code_1(here: StaffedClinic, capsys: pytest.CaptureFixture[str]) -> None:
    Employee.objects.update(employed_until=AT.date())
    code, out, _ = fjorten(capsys, "nightly")
    assert code == 1
    assert f"  {NobodyToOwnIt.sentence}" in out
    assert "IDA" not in out


def test_all_municipalities_are_looked_after_when_none_is_named(here: StaffedClinic, capsys: pytest.CaptureFixture[str]) -> None:
    open_municipality(code="9902", name="Nabokommunen", by=CLERK, at=AT)
    fjorten(capsys, "nightly")
    assert sorted(Run.objects.values_list("municipality__code", flat=True)) == ["9901", "9902"]
    fjorten(capsys, "nightly", "--municipality", "9902")
    assert Run.objects.filter(municipality__code="9902").count() == 2


def test_a_night_is_not_run_for_a_day_to_come(here: StaffedClinic, capsys: pytest.CaptureFixture[str]) -> None:
    assert fjorten(capsys, "nightly", "--on", "2026-03-11")[0] == 2
    assert fjorten(capsys, "nightly", "--on", "2026-03-09")[0] == 0
    assert Run.objects.get().on.isoformat() == "2026-03-09"


def test_settings_that_do_not_fit_stop_the_night_before_it_begins(
    here: StaffedClinic, capsys: pytest.CaptureFixture[str], settings: Any
) -> None:
    settings.OUTSIDE = {"FJORTEN_SMS": "sveve"}
    code, _, err = fjorten(capsys, "nightly")
    assert (code, "FJORTEN_SMS_ADDRESS mangler" in err, Run.objects.count()) == (2, True, 0)


def test_a_database_that_is_not_upgraded_is_said(here: StaffedClinic, capsys: pytest.CaptureFixture[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE nightly_run RENAME TO nightly_run_earlier")
    code, _, err = fjorten(capsys, "nightly")
    assert (code, "Nattkjøringen stanset" in err) == (2, True)


def test_status_is_one_line_when_all_is_well_and_one_for_each_thing_that_is_not(
    here: StaffedClinic, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = fjorten(capsys, "status")
    assert (code, out.count("\n")) == (1, 1)
    assert "aldri kjørt til ende" in out
    fjorten(capsys, "nightly")
    Run.objects.update(counts={})
    assert fjorten(capsys, "status") == (0, "9901 Prøvekommunen: alt er bra. Regnskapet gikk opp 10.03.2026 kl. 10.00.\n", "")
    with time_machine.travel(AT + timedelta(days=2), tick=False):
        code, out, _ = fjorten(capsys, "status", "--municipality", "9901")
    assert (code, "ikke kjørt til ende siden 10.03.2026 kl. 10.00" in out) == (1, True)


@pytest.fixture
def mail(settings: Any) -> Iterator[MailStandIn]:
    with MailStandIn() as stand_in:
        settings.OUTSIDE = {
            "FJORTEN_ALARM_TO": "leder@prove.example, drift@prove.example",
            "FJORTEN_EMAIL": "smtp",
            "FJORTEN_EMAIL_ADDRESS": f"127.0.0.1:{stand_in.port}",
            "FJORTEN_EMAIL_TLS": "no",
            "FJORTEN_EMAIL_SENDER": "fjorten@prove.example",
        }
        yield stand_in


def test_the_alarm_is_sent_once_and_again_after_a_day_and_when_it_is_over(
    here: StaffedClinic, capsys: pytest.CaptureFixture[str], mail: MailStandIn
) -> None:
    def sent_at(at: datetime) -> int:
        before = len(mail.messages)
        with time_machine.travel(at, tick=False):
            fjorten(capsys, "status", "--alarm")
        return len(mail.messages) - before

    assert sent_at(AT) == 2
    assert str(mail.messages[0]["Subject"]) == "fjorten, 9901 Prøvekommunen: noe må ses på"
    assert "Nattkjøringen er aldri kjørt til ende her." in mail.book.taken[0].text
    assert sent_at(AT + timedelta(hours=1)) == 0
    assert sent_at(AT + timedelta(hours=24)) == 2
    with time_machine.travel(AT + timedelta(hours=25), tick=False):
        fjorten(capsys, "nightly")
        Run.objects.update(counts={})
    assert sent_at(AT + timedelta(hours=25, minutes=5)) == 2
    assert str(mail.messages[-1]["Subject"]) == "fjorten, 9901 Prøvekommunen: alt er bra"
    assert sent_at(AT + timedelta(hours=26)) == 0
    assert Notice.objects.count() == 3


def test_an_alarm_nobody_got_is_exit_code_2_and_sent_again(
    here: StaffedClinic, capsys: pytest.CaptureFixture[str], mail: MailStandIn
) -> None:
    mail.plan = always(Misbehaviour.LEFT_THROTTLED)
    code, out, err = fjorten(capsys, "status", "--alarm")
    assert (code, "aldri kjørt til ende" in out) == (2, True)
    assert "alarmen til leder@prove.example ble ikke sendt" in err
    mail.plan = always(Misbehaviour.BEHAVES)
    assert fjorten(capsys, "status", "--alarm")[0] == 1
    assert len(mail.messages) == 2


def test_a_database_that_does_not_answer_is_an_alarm_too(capsys: pytest.CaptureFixture[str], mail: MailStandIn, municipality: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE nightly_run RENAME TO nightly_run_earlier")
    code, out, _ = fjorten(capsys, "status", "--alarm")
    assert (code, "Databasen svarer ikke" in out, len(mail.messages)) == (1, True, 2)
