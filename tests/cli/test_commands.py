"""The commands as they are typed: what they print, what they leave, and the exit code."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from fjorten.audit.models import AuditEvent
from fjorten.cli.main import COMMANDS, main
from fjorten.ledger.models import LedgerSnapshot
from fjorten.organisation.models import Municipality
from fjorten.plans.models import Enrolment
from fjorten.registers.models import WorkItem
from tests.factories.register import a_number, event, extract_file, feed_folder, person_document

NEWBORN, OLDER, PROTECTED = date(2026, 2, 25), date(2023, 12, 1), date(2024, 5, 5)
ON = "2026-03-01"


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installation in a folder of its own."""
    monkeypatch.setenv("FJORTEN_HOME", str(tmp_path / "var"))
    monkeypatch.setenv("FJORTEN_SECRET_KEY", "only for tests")
    settings.HOME = tmp_path / "var"
    yield


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    children = [
        person_document(a_number(NEWBORN), born_on=NEWBORN),
        person_document(a_number(OLDER), born_on=OLDER, since=date(2026, 2, 20)),
        person_document(a_number(PROTECTED), born_on=PROTECTED, is_confidential=True),
        person_document(a_number(date(1990, 1, 1)), born_on=date(1990, 1, 1)),
    ]
    return extract_file(tmp_path / "uttrekk.jsonl", children)


def fjorten(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    out, err = capsys.readouterr()
    assert not re.search(r"\d{11}", err), "no number on the terminal"
    return code, out, err


def loaded(capsys: pytest.CaptureFixture[str], extract: Path) -> None:
    assert fjorten(capsys, "init")[0] == 0
    assert fjorten(capsys, "register", "load", str(extract), "--municipality", "9901", "--on", ON)[0] == 0


@pytest.mark.django_db
def test_init_makes_keys_only_the_owner_can_read_and_can_be_run_again(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    first = fjorten(capsys, "init", "--municipality", "9901", "--name", "Prøve", "--clinic", "Nord=99011,99012")
    key = tmp_path / "var" / "keys" / "ledger_ed25519"
    content = key.read_text()
    assert (key.stat().st_mode & 0o777, key.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert fjorten(capsys, "init", "--municipality", "9901", "--clinic", "Nord=99011,99012") == first
    assert key.read_text() == content


@pytest.mark.django_db
def test_loading_an_extract_enrols_the_newborn_and_leaves_the_others_as_work(capsys: pytest.CaptureFixture[str], extract: Path) -> None:
    loaded(capsys, extract)
    assert [row.person.born_on for row in Enrolment.objects.all()] == [NEWBORN]
    rules = sorted(WorkItem.objects.values_list("person__born_by", "rule"))
    assert rules == [(OLDER, "lives_here_without_journal"), (PROTECTED, "address_protected")]
    code, out, _ = fjorten(capsys, "register", "load", str(extract), "--municipality", "9901", "--on", ON)
    assert (code, WorkItem.objects.count()) == (0, 2)
    assert "Den samme filen er lest inn" in out


@pytest.mark.django_db
def test_the_ledger_as_json_has_the_documented_keys_and_is_kept(capsys: pytest.CaptureFixture[str], extract: Path) -> None:
    loaded(capsys, extract)
    code, out, _ = fjorten(capsys, "ledger", "--on", ON, "--json")
    told = json.loads(out)
    assert code == 0
    assert {"on", "municipality", "residents", "enrolled", "in_transfer", "outside", "unaccounted", "balanced", "steps", "snapshot"} <= set(
        told
    )
    assert (told["residents"], told["enrolled"], told["unaccounted"], told["balanced"]) == (3, 1, 2, True)
    assert {sum(states.values()) for states in told["steps"].values()} == {1}
    assert len(told["steps"]) == 14
    assert told["snapshot"]["previous"] is None
    again = json.loads(fjorten(capsys, "ledger", "--on", ON, "--json")[1])
    assert again["snapshot"] == told["snapshot"], "the same balance of the same day is kept once"
    later = json.loads(fjorten(capsys, "ledger", "--on", "2026-03-02", "--json")[1])
    assert later["snapshot"]["previous"] == told["snapshot"]["hash"]


@pytest.mark.django_db
def test_rows_hide_numbers_unless_asked_for_and_always_those_of_the_protected(capsys: pytest.CaptureFixture[str], extract: Path) -> None:
    loaded(capsys, extract)
    masked = [json.loads(line) for line in fjorten(capsys, "ledger", "--on", ON, "--rows")[1].splitlines()]
    assert {number for row in masked for number in row["identifiers"]} == {"***********"}
    shown = [json.loads(line) for line in fjorten(capsys, "ledger", "--on", ON, "--rows", "--identifiers")[1].splitlines()]
    numbers = {number for row in shown for number in row["identifiers"]}
    assert numbers == {a_number(NEWBORN), a_number(OLDER), "***********"}
    assert {row["standing"] for row in shown} == {"enrolled", "unaccounted"}
    assert [(row["step"], row["state"]) for row in shown if row["standing"] == "unaccounted"] == [(None, None)] * 2
    assert len(shown) == 14 + 2
    assert AuditEvent.objects.filter(action="ledger.rows_read", kind="read").count() == 2


@pytest.mark.django_db
def test_enrolling_from_the_command_line_makes_a_catch_up_plan_and_resolves_the_work(
    capsys: pytest.CaptureFixture[str], extract: Path
) -> None:
    loaded(capsys, extract)
    code, out, _ = fjorten(capsys, "enrol", a_number(OLDER), "--reason", "bor her", "--on", ON, "--by", "kari")
    assert code == 0
    assert "C13_Y2" in out
    enrolment = Enrolment.objects.get(person__born_on=OLDER)
    assert (enrolment.enrolled_by, str(enrolment.catch_up_on)) == ("kari", ON)
    states = {row.step: row.outcome for row in enrolment.steps.all()}
    assert states["C13_Y2"] is None
    assert states["C14_Y4"] is None
    assert states["C01_HOME"] == "waived"
    item = WorkItem.objects.get(person=enrolment.person)
    assert (item.resolution, item.resolved_by) == ("enrolled", "kari")
    code, _, err = fjorten(capsys, "enrol", a_number(OLDER), "--reason", "igjen", "--on", ON)
    assert (code, "allerede innmeldt" in err) == (2, True)


@pytest.mark.django_db
def test_steps_and_standings_are_recorded_and_taken_back(capsys: pytest.CaptureFixture[str], extract: Path) -> None:
    loaded(capsys, extract)
    number = a_number(NEWBORN)
    signed = ("--reason", "etter avtale", "--on", ON)
    for what in ("decline", "reopen", "waive", "reopen", "done-elsewhere", "confirm", "reopen", "done"):
        assert fjorten(capsys, "step", number, "C01_HOME", what, *signed)[0] == 0, what
    assert fjorten(capsys, "step", number, "C99", "done", *signed)[0] == 2
    assert fjorten(capsys, "step", a_number(OLDER), "C01_HOME", "done", *signed)[0] == 2
    assert fjorten(capsys, "standing", a_number(OLDER), "outside", *signed)[0] == 0
    assert json.loads(fjorten(capsys, "ledger", "--on", ON, "--json")[1])["outside"] == 1
    assert fjorten(capsys, "standing", a_number(OLDER), "end", "--reason", "flyttet hjem", "--on", "2026-03-05")[0] == 0
    assert json.loads(fjorten(capsys, "ledger", "--on", "2026-03-05", "--json")[1])["unaccounted"] == 2
    assert fjorten(capsys, "standing", number, "in-transfer", *signed)[0] == 0
    told = json.loads(fjorten(capsys, "ledger", "--on", ON, "--json")[1])
    assert (told["in_transfer"], told["enrolled"], told["balanced"]) == (1, 0, True)
    assert fjorten(capsys, "standing", number, "end-enrolment", *signed)[0] == 0


@pytest.mark.django_db
def test_the_feed_is_read_from_a_folder_and_gaps_give_exit_code_1(
    capsys: pytest.CaptureFixture[str], extract: Path, tmp_path: Path
) -> None:
    loaded(capsys, extract)
    born = date(2026, 3, 3)
    at = datetime(2026, 3, 4, 6, tzinfo=UTC)
    newborn = person_document(a_number(born), born_on=born)
    moved = person_document(a_number(OLDER), born_on=OLDER, lives_in="9902", since=date(2026, 3, 4))
    first = feed_folder(tmp_path / "f1", [event(10, newborn, at=at, what="personErOpprettet")])
    third = feed_folder(tmp_path / "f3", [event(12, moved, at=at)])
    second = feed_folder(tmp_path / "f2", [event(11, newborn, at=at)])
    assert fjorten(capsys, "register", "feed", str(first))[0] == 0
    code, out, _ = fjorten(capsys, "register", "feed", str(third))
    assert (code, "11–11 mangler" in out) == (1, True)
    assert fjorten(capsys, "register", "feed", str(second))[0] == 0
    told = json.loads(fjorten(capsys, "ledger", "--on", "2026-03-05", "--json")[1])
    assert (told["residents"], told["enrolled"], told["unaccounted"]) == (3, 2, 1)


@pytest.mark.django_db
def test_a_gap_that_cannot_be_filled_is_accepted_with_a_reason(capsys: pytest.CaptureFixture[str], extract: Path, tmp_path: Path) -> None:
    loaded(capsys, extract)
    born = date(2026, 3, 3)
    documents = [event(n, person_document(a_number(born), born_on=born), at=datetime(2026, 3, 4, n, tzinfo=UTC)) for n in (1, 4)]
    folder = feed_folder(tmp_path / "f", documents)
    assert fjorten(capsys, "register", "feed", str(folder))[0] == 1
    assert fjorten(capsys, "register", "accept-gap", "2", "9", "--reason", "x")[0] == 2
    assert fjorten(capsys, "register", "accept-gap", "2", "3", "--reason", "registeret har dem ikke")[0] == 0
    assert fjorten(capsys, "register", "feed", str(folder))[0] == 0


@pytest.mark.django_db
def test_work_is_shown_put_aside_and_resolved(capsys: pytest.CaptureFixture[str], extract: Path) -> None:
    loaded(capsys, extract)
    code, out, _ = fjorten(capsys, "work", "--on", ON)
    assert (code, "Bor her uten journal" in out, "skjult" in out) == (1, True, True)
    [first, second] = WorkItem.objects.order_by("pk")
    assert fjorten(capsys, "work", "wait", str(first.pk), "2099-01-01", "--reason", "bortreist")[0] == 0
    assert fjorten(capsys, "work", "wait", str(first.pk), "2001-01-01", "--reason", "bortreist")[0] == 2
    assert fjorten(capsys, "work", "resolve", str(second.pk), "no_action", "--reason", "sjekket")[0] == 0
    assert fjorten(capsys, "work", "resolve", str(second.pk), "no_action", "--reason", "sjekket")[0] == 2
    assert fjorten(capsys, "work", "resolve", "999999", "no_action", "--reason", "sjekket")[0] == 2
    assert fjorten(capsys, "work", "--on", ON) == (0, "Ingenting venter.\n", "")
    assert fjorten(capsys, "work", "--on", "2099-01-01")[0] == 1


@pytest.mark.django_db
def test_verify_agrees_after_an_ordinary_day(capsys: pytest.CaptureFixture[str], extract: Path) -> None:
    loaded(capsys, extract)
    assert fjorten(capsys, "ledger", "--on", ON)[0] == 0
    assert fjorten(capsys, "verify", "--on", ON)[0] == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["ledger"], "Ingen kommune er åpnet"),
        (["register", "load", "finnes-ikke.jsonl", "--municipality", "9901"], "finnes-ikke.jsonl kan ikke leses"),
        (["register", "load", "finnes-ikke.jsonl", "--municipality", "99"], "fire siffer"),
        (["register", "feed", "finnes-ikke"], "Ingen kommune er åpnet"),
        (["ledger", "--municipality", "9902"], "ikke åpnet i denne installasjonen"),
        (["init", "--municipality", "9901", "--overlay", "finnes-ikke.toml"], "finnes-ikke.toml kan ikke leses"),
    ],
)
def test_what_cannot_be_done_says_why_and_exits_2(capsys: pytest.CaptureFixture[str], arguments: list[str], says: str) -> None:
    code, _, err = fjorten(capsys, *arguments)
    assert (code, says in err) == (2, True), err


def test_a_mistyped_command_line_is_answered_in_norwegian_without_repeating_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["enrol", "12345678901", "--reason", "x"])
    assert stopped.value.code == 2
    err = capsys.readouterr().err
    assert "kommandolinjen er ikke forstått" in err
    assert "12345678901" not in err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["ledger", "--on", "9999-12-31"], "året må ligge mellom 1900 og 2199"),
        (["ledger", "--on", "0001-01-01"], "året må ligge mellom 1900 og 2199"),
        (["ledger", "--on", "2026-02-30"], "skriv datoen som 2026-03-01"),
        (["ledger", "--on"], "trenger en verdi"),
        (["ledger", "--json", "--rows"], "kan ikke brukes sammen med"),
        (["appointments", "attended", "x"], "skriv et helt tall, ikke 'x'"),
        (["appointments", "cancel", "1"], "ett av disse trengs: --family --ours"),
        (["messages", "done", "1"], "dette mangler: UTFALL"),
        (["spis"], "ukjent valg: 'spis'"),
        (["demo", "--children", "0"], "skriv et helt tall fra 20 til 100000"),
        (["demo", "--days", "0"], "skriv et helt tall fra 1 til 1500"),
    ],
)
def test_what_is_wrong_with_a_command_line_is_said(capsys: pytest.CaptureFixture[str], arguments: list[str], says: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    err = capsys.readouterr().err
    assert says in err
    assert err.startswith("bruk: ")


def test_there_is_no_ledger_of_a_day_to_come(capsys: pytest.CaptureFixture[str], municipality: Municipality) -> None:
    for arguments in (["ledger", "--on", "2199-01-01"], ["ledger", "--on", "2199-01-01", "--rows"]):
        code, out, err = fjorten(capsys, *arguments)
        assert (code, out, "fram i tid" in err) == (2, "", True)
    assert not LedgerSnapshot.objects.exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_in_norwegian(capsys: pytest.CaptureFixture[str], command: str) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    out = capsys.readouterr().out
    assert "vis denne hjelpen" in out
    assert not re.search(r"usage|options:|positional|show (this|program)|default:", out)


def test_without_an_installation_every_command_but_init_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FJORTEN_SECRET_KEY")
    code, _, err = fjorten(capsys, "ledger")
    assert (code, "fjorten init" in err) == (2, True)


def test_the_bare_command_shows_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = fjorten(capsys)
    assert code == 2
    assert "reconcile" in out
