"""`fjorten reconcile` as a clerk runs it: real files, the terminal, the exit code."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from fjorten.cli.edge import today
from fjorten.cli.main import main
from fjorten.cli.reconcile import show, watched
from tests.generative.planted_municipality import HERE, ON, PlantedMunicipality, document
from tests.registers.reconcile.every_kind import answer_of_every_kind

FILES = {"findings.csv", "findings.json", "report.html", "rejected.csv", "protected.csv"}


@pytest.fixture(scope="module")
def municipality() -> PlantedMunicipality:
    return PlantedMunicipality(children=400, spacing=4)


@pytest.fixture
def files(municipality: PlantedMunicipality, tmp_path: Path) -> Path:
    municipality.write(tmp_path)
    return tmp_path


def run(folder: Path, *more: str, register: str = "register.jsonl", journals: str = "journals.csv", **changed: str) -> int:
    """Run the command on the folder's files; `register` may name several, and an option that is changed to nothing is left out."""
    options = {"municipality": HERE, "on": ON.isoformat(), "out": str(folder / "ut")} | changed
    given = [word for name, value in options.items() if value for word in (f"--{name}", value)]
    registers = [str(folder / name) for name in register.split()]
    return main(["reconcile", "--register", *registers, "--journals", str(folder / journals), *given, *more])


def findings_in(folder: Path) -> list[dict[str, object]]:
    return json.loads((folder / "ut" / "findings.json").read_text(encoding="utf-8"))["findings"]


def test_findings_are_written_and_the_code_says_so(files: Path) -> None:
    assert run(files, "--previous", str(files / "previous.jsonl")) == 1
    assert {file.name for file in (files / "ut").iterdir()} == FILES


def test_nothing_to_do_is_a_code_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    municipality = PlantedMunicipality(children=1, spacing=1_000_000)  # the only difference is planted in the first child
    municipality.children.clear()
    for _ in range(5):
        municipality.child()
    municipality.write(tmp_path)
    assert run(tmp_path) == 0
    assert "Ingenting å gjøre: registeret og journalene stemmer." in capsys.readouterr().out
    assert findings_in(tmp_path) == []


def test_neither_numbers_nor_names_reach_the_terminal(
    files: Path, municipality: PlantedMunicipality, capsys: pytest.CaptureFixture[str]
) -> None:
    run(files, "--previous", str(files / "previous.jsonl"))
    printed = "".join(capsys.readouterr())
    assert not re.search(r"\d{6}\s?\d{5}", printed)
    assert not [child for child in municipality.children if child.family in printed or f" {child.given} " in printed]
    assert "Bor her uten journal" in printed


def test_the_terminal_counts_what_the_lists_hold(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(files)
    printed = capsys.readouterr().out
    for title, count in (("Åpen journal, registrert død", "journal_open_dead"), ("Ulikt navn", "name_disagrees")):
        expected = len([finding for finding in findings_in(files) if finding["rule"] == count])
        assert re.search(rf"{expected}\s+{title}", printed)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"register": "finnes-ikke.jsonl"}, "finnes-ikke.jsonl"),
        ({"journals": "finnes-ikke.csv"}, "finnes-ikke.csv"),
        ({"municipality": "55"}, "fire siffer"),
        ({"municipality": "5401"}, "--municipality 5501"),
        ({"ages": "fem"}, "--ages 0-5"),
        ({"map": "fnr"}, "--map fnr=Pasientnr"),
        ({"map": "fnr=Finnesikke"}, "Finnesikke"),
        ({"reforms": "finnes-ikke.csv"}, "finnes-ikke.csv"),
    ],
)
def test_what_cannot_be_used_is_said_in_norwegian(
    files: Path, capsys: pytest.CaptureFixture[str], changed: dict[str, str], sentence: str
) -> None:
    assert run(files, **changed) == 2
    error = capsys.readouterr().err
    assert error.startswith("fjorten reconcile: ")
    assert sentence in error
    assert not (files / "ut").exists()


def test_a_mistyped_day_is_said_in_norwegian(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(files, on="i går")
    assert stopped.value.code == 2
    assert "skriv datoen som 2026-03-01" in capsys.readouterr().err


def test_files_of_two_municipalities_stop_and_force_carries_on(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(files, municipality="4601") == 2
    assert "--force" in capsys.readouterr().err
    assert run(files, "--force", municipality="4601") == 1
    assert "Filene passer nesten ikke sammen." in capsys.readouterr().out


def test_a_run_that_stops_leaves_the_earlier_lists_as_they_were(files: Path) -> None:
    run(files)
    before = {file.name: file.read_bytes() for file in (files / "ut").iterdir()}
    assert run(files, journals="finnes-ikke.csv") == 2
    assert {file.name: file.read_bytes() for file in (files / "ut").iterdir()} == before


def test_a_second_run_replaces_the_first(files: Path, municipality: PlantedMunicipality) -> None:
    run(files)
    lines = (files / "register.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    hidden = [number for number in municipality.protected if any(number in line for line in lines)]
    kept = [line for line in lines if not any(number in line for number in hidden) and "fortrolig" not in line.casefold()]
    (files / "register.jsonl").write_text("".join(kept), encoding="utf-8")
    without_them = [
        line
        for line in (files / "journals.csv").read_text(encoding="utf-8-sig").splitlines()
        if not any(number in line for number in hidden)
    ]
    by_name = {child.family for child in municipality.children if child.number in municipality.protected}
    (files / "journals.csv").write_text(
        "\n".join(line for line in without_them if not any(name in line for name in by_name)), encoding="utf-8"
    )
    assert run(files) == 1
    assert {file.name for file in (files / "ut").iterdir()} == FILES - {"protected.csv"}


def test_the_same_files_give_the_same_lists(files: Path) -> None:
    run(files)
    first = {file.name: file.read_bytes() for file in (files / "ut").iterdir()}
    run(files, out=str(files / "igjen"))
    assert {file.name: file.read_bytes() for file in (files / "igjen").iterdir()} == first


def test_a_compressed_register_and_other_words_in_the_journals_change_nothing(files: Path) -> None:
    run(files)
    expected = findings_in(files)
    (files / "register.jsonl.gz").write_bytes(gzip.compress((files / "register.jsonl").read_bytes()))
    journals = (files / "journals.csv").read_text(encoding="utf-8-sig").replace("Fødselsnummer", "Pasientens kode", 1)
    table = csv.reader(io.StringIO(journals), delimiter=";")
    text = io.StringIO(newline="")
    csv.writer(text, delimiter="\t").writerows(table)
    (files / "journals.txt").write_text(text.getvalue(), encoding="utf-8")
    assert run(files, "--map", "fnr=Pasientens kode", register="register.jsonl.gz", journals="journals.txt") == 1
    assert findings_in(files) == expected


def test_several_register_files_are_read_as_one(files: Path) -> None:
    run(files)
    expected = findings_in(files)
    lines = (files / "register.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (files / "first.jsonl").write_text("".join(lines[::2]), encoding="utf-8")
    (files / "second.jsonl").write_text("".join(lines[1::2]), encoding="utf-8")
    assert run(files, register="first.jsonl second.jsonl") == 1
    assert findings_in(files) == expected


def test_a_bad_line_stops_nothing_and_is_listed(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(files)
    expected = findings_in(files)
    capsys.readouterr()
    with (files / "register.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"foedselsEllerDNummer": "1289\n')
    assert run(files) == 1
    assert findings_in(files) == expected
    assert "1 rad kunne ikke leses." in capsys.readouterr().out
    assert "register.jsonl" in (files / "ut" / "rejected.csv").read_text(encoding="utf-8")


def test_the_day_is_today_when_it_is_not_said(files: Path) -> None:
    before = today()
    run(files, on="")
    on = json.loads((files / "ut" / "findings.json").read_text(encoding="utf-8"))["on"]
    assert before.isoformat() <= on <= today().isoformat()


def test_other_ages_may_be_asked_for(files: Path) -> None:
    run(files)
    in_all = len(findings_in(files))
    run(files, ages="0-1")
    ages = [finding["age_months"] for finding in findings_in(files) if finding["age_months"] is not None]
    assert 0 < len(findings_in(files)) < in_all
    assert max(ages) < 24


def test_an_imported_reform_is_followed(files: Path, municipality: PlantedMunicipality) -> None:
    child = municipality.children[0]
    child_here, child.place = child.place, "9997"
    try:
        lookup = document(child)
    finally:
        child.place = child_here
    with (files / "register.jsonl").open("a", encoding="utf-8") as file:
        lookup["folkeregisterperson"]["bostedsadresse"][0]["ajourholdstidspunkt"] = "2026-11-20T09:00:00+01:00"
        lookup["folkeregisterperson"]["identifikasjonsnummer"][0]["ajourholdstidspunkt"] = "2026-11-20T09:00:00+01:00"
        file.write(json.dumps(lookup) + "\n")
    (files / "reformer.csv").write_text(f"old_code,new_code,valid_from,kind\n9997,{HERE},2025-01-01,merge\n", encoding="utf-8")
    run(files, "--reforms", str(files / "reformer.csv"))
    (finding,) = [finding for finding in findings_in(files) if finding["numbers"] == [child.number]]
    assert finding["rule"] == "lives_here_without_journal"
    assert finding["register"]["municipality"] == "9997"
    assert finding["register"]["municipality_now"] == HERE


def test_it_needs_neither_django_nor_a_database(files: Path) -> None:
    script = (
        "import sys; from fjorten.cli.main import main; code = main(sys.argv[1:]);"
        "print(sorted(name for name in sys.modules if name.split('.')[0] in {'django', 'psycopg', 'sqlite3'})); sys.exit(code)"
    )
    arguments = [
        "reconcile",
        "--register",
        "register.jsonl",
        "--journals",
        "journals.csv",
        "--municipality",
        HERE,
        "--on",
        ON.isoformat(),
        "--out",
        "ut",
    ]
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "DATABASE", "FJORTEN"))}
    done = subprocess.run([sys.executable, "-c", script, *arguments], cwd=files, env=bare, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"
    assert done.stderr == ""


def test_a_terminal_sees_how_far_the_run_has_come_and_a_pipe_does_not() -> None:
    for is_terminal in (True, False):
        seen = io.StringIO()
        with watched(Console(file=seen, force_terminal=is_terminal, width=80)) as tell:
            tell("Leser journalene", 0.5)
            tell("Sammenligner", None)
        assert ("Leser journalene" in seen.getvalue()) is is_terminal


def test_a_wide_terminal_says_what_to_do_and_what_was_passed_over() -> None:
    shown = io.StringIO()
    answer = replace(answer_of_every_kind(), notes=("Kolonner som ikke er brukt: «Sko».",))
    show(answer, Console(file=shown, width=160))
    printed = shown.getvalue()
    assert "Opprett journal, og kall inn til neste konsultasjon." in printed
    assert "Kolonner som ikke er brukt: «Sko»." in printed
    assert "1 oppslag i registerfilen fikk feil til svar." in printed
    assert "1 rad kunne ikke leses. Se rejected.csv." in printed
