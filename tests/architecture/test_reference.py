"""What can be set, called, found or recorded stands in docs/reference, and the pages that are written by hand tell the truth."""

import configparser
import json
import os
import re
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from tools import reference
from tools.markdown import ReferenceCannotBeMade, escape
from tools.pages import events
from tools.pages.ledger_output import JSON_KEYS, ROW_KEYS

from fjorten.audit.actor import Actor
from fjorten.audit.models import AuditEvent
from fjorten.cli import main as command_line
from fjorten.config.settings import SETTINGS
from fjorten.ledger.signing import ensure_key
from fjorten.organisation.models import Municipality
from fjorten.people.models import Identifier, Person, Residence
from fjorten.plans.actions.enrolment import enrol
from fjorten.plans.actions.settling import mark_done_elsewhere
from fjorten.programme.definitions import child_programme, known_versions
from fjorten.registers.reconcile.columns import JOURNAL_HEADINGS, REGISTER_COLUMNS
from fjorten.registers.reconcile.rules import RULES
from fjorten.registers.reconciliation import DUTIES
from tests.factories.register import a_number

ON = date(2026, 3, 10)
ROOT = Path(reference.__file__).resolve().parent.parent


def written(name: str) -> str:
    """A page as it stands in docs/reference."""
    return (reference.REFERENCE / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_every_setting_is_described(name: str) -> None:
    assert f"| {escape(name)} | " in written("settings.md")


@pytest.mark.parametrize("command", sorted(command_line.COMMANDS))
def test_every_command_is_described_with_everything_that_can_be_written_behind_it(command: str) -> None:
    page = written("commands.md")
    assert f"\n## fjorten {command}\n\n{command_line.COMMANDS[command][1]}\n" in page
    for option in options_of(command_line.parser_of(command)):
        assert f"| {escape(option)}" in page, option


def options_of(parser: Any) -> list[str]:
    """Every option of a command and of what can be chosen under it."""
    found = []
    for action in parser._actions:
        found += [option for option in action.option_strings if option not in {"-h", "--help"}]
        if isinstance(action.choices, dict):
            found += [option for child in action.choices.values() for option in options_of(child)]
    return found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_finding_is_described_with_who_sees_to_it_and_by_when(rule: Any) -> None:
    assert f"Kode: `{rule.code}`" in written("finding-kinds.md")
    assert f"| {escape(rule.title)} | {escape(rule.code)} | " in written("work_items.md")


def test_there_is_a_duty_only_for_findings_there_are() -> None:
    assert set(DUTIES) <= {rule.code for rule in RULES}


def test_every_column_that_is_read_is_described() -> None:
    page = written("columns.md")
    for column in (*JOURNAL_HEADINGS, *REGISTER_COLUMNS):
        assert f"| {escape(column)} | " in page


def test_every_consultation_is_described() -> None:
    page = written("child_programme.md")
    for definition in known_versions():
        assert definition.source.title in page
        for step in definition.steps:
            assert f"| {escape(step.code)} | {escape(step.name)} | " in page


def keys_of(value: Any, path: str = "") -> set[str]:
    """The keys of an object, nested ones with dots; keys that are data as their kind."""
    if not isinstance(value, dict):
        return {path}
    kind = {"steps": "<kode>", "clinics": "<navn>"}.get(path) or ("<tilstand>" if path.startswith("steps.") else None)
    return {key for name, part in value.items() for key in keys_of(part, f"{path}.{kind or name}".lstrip("."))}


@pytest.fixture
def a_ledger(municipality: Municipality, clerk: Actor, at: datetime, settings: Any, tmp_path: Path) -> Municipality:
    """A ledger with a child in each place, in an installation of its own."""
    settings.HOME = tmp_path
    ensure_key()
    children = []
    for nth in range(2):
        child = Person.objects.create(municipality=municipality, born_on=date(2025, 3, 1), born_by=date(2025, 3, 1))
        Residence.objects.create(person=child, is_here=True, kind="street", municipality_code="9901", source="uttrekk")
        Identifier.objects.create(person=child, municipality=municipality, number=a_number(date(2025, 3, 1), nth))
        children.append(child)
    clinic, programme = municipality.clinics.get(), child_programme(ON)
    enrolment = enrol(person=children[0], clinic=clinic, definition=programme, on=ON, reason="flyttet hit", by=clerk, at=at)
    told = {"reason": "far sier det", "by": clerk, "at": at}
    mark_done_elsewhere(enrolment=enrolment, step="C10_M12", on=ON, today=ON, is_confirmed=False, **told)
    return municipality


def test_the_keys_of_the_ledger_are_those_described(a_ledger: Municipality, capsys: pytest.CaptureFixture[str]) -> None:
    command_line.main(["ledger", "--json", "--on", ON.isoformat()])
    assert keys_of(json.loads(capsys.readouterr().out)) == set(JSON_KEYS)
    command_line.main(["ledger", "--rows", "--on", ON.isoformat()])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(lines) == 15  # fourteen steps, and the child without a plan
    assert {key for line in lines for key in line} == set(ROW_KEYS)
    for key in (*JSON_KEYS, *ROW_KEYS):
        assert f"| {escape(key)} | " in written("ledger_output.md")


def test_the_events_described_are_those_that_are_recorded(a_ledger: Municipality) -> None:
    recorded = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"municipality.opened", "enrolment.opened", "step.done_elsewhere"} <= recorded
    assert recorded <= {event.name for event in events.events()}
    for event in events.events():
        assert f"| {escape(event.name)} | " in written("events.md")


@pytest.mark.parametrize(
    ("call", "names"),
    [
        ('record("a.b", by=by)', {("a.b", "skrevet")}),
        ('record_all([Entry("a.b"), Entry("c.d")], by=by)', {("a.b", "skrevet"), ("c.d", "skrevet")}),
        ('record("a.read", kind=Kind.READ)', {("a.read", "lest")}),
        ('record(f"step.{outcome.value}")', {(f"step.{state}", "skrevet") for state in ("declined", "done", "done_elsewhere", "waived")}),
        ("record(action)", set()),
        ('print("a.b")', set()),
    ],
)
def test_events_are_read_from_the_calls_that_record_them(
    call: str, names: set[tuple[str, bool]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "SRC", a_room(tmp_path, call))
    assert {(event.name, event.kind) for event in events.events()} == names
    assert {event.action for event in events.events()} <= {"room.actions.act"}


@pytest.mark.parametrize("call", ['record("a." + b)', 'record(f"a.{b}")', 'record(f"{b}.a")', "record(NAME)"])
def test_an_event_whose_name_cannot_be_read_is_named(call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "SRC", a_room(tmp_path, call))
    with pytest.raises(ReferenceCannotBeMade, match=r"room\.actions:5"):
        events.events()


def a_room(folder: Path, call: str) -> Path:
    """Source with one room that records, and one that has a function of that name for something else."""
    for room, imported in (("room", "fjorten.audit.trail"), ("other", "somewhere.else_")):
        (folder / room).mkdir()
        text = f"from {imported} import record\n\n\ndef act():\n    {call}\n"
        (folder / room / "actions.py").write_text(text, encoding="utf-8")
    return folder


def test_the_pages_are_the_same_whenever_and_by_whomever_they_are_made(tmp_path: Path) -> None:
    made = []
    for seed, language in (("1", "C"), ("2", "nb_NO.UTF-8")):
        folder = tmp_path / seed
        environment = {**os.environ, "PYTHONHASHSEED": seed, "LANG": language, "COLUMNS": seed * 2, "FJORTEN_HOME": str(tmp_path)}
        command = [sys.executable, "tools/reference.py", "--into", str(folder)]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
        made.append({file.name: file.read_bytes() for file in folder.rglob("*.md")})
    assert made[0] == made[1]
    assert len(made[0]) > 20


def test_the_readme_names_every_room_in_the_order_they_may_import_one_another() -> None:
    contract = configparser.ConfigParser()
    contract.read(ROOT / ".importlinter")
    layers = contract["importlinter:contract:rooms"]["layers"]
    rows = (ROOT / "README.md").read_text(encoding="utf-8").split("| room | what it is |\n|---|---|\n")[1].split("\n\n")[0]
    assert re.findall(r"^\| `(\w+)` \| ", rows, re.M) == re.findall(r"\w+", layers)
