"""Protected children: in their own file, readable by one, without a place; and nowhere else but as a number."""

from __future__ import annotations

import csv
import io
import stat
from pathlib import Path

import pytest

from fjorten.registers.reconcile.lists import findings_csv, findings_json, protected_csv, rejected_csv
from fjorten.registers.reconcile.report import report_html
from fjorten.registers.reconcile.results import write_results
from tests.registers.reconcile.every_kind import LOCATING, PROTECTED_NAMES, answer_of_every_kind, every_kind
from tests.registers.reconcile.two_sides import ELSEWHERE, HERE, TwoSides

OPEN_TO_ALL = {"findings.csv": findings_csv, "findings.json": findings_json, "report.html": report_html, "rejected.csv": rejected_csv}


@pytest.mark.parametrize("name", OPEN_TO_ALL)
def test_nobody_protected_is_in_the_files_for_everybody(name: str) -> None:
    answer = answer_of_every_kind()
    text = OPEN_TO_ALL[name](answer)
    hidden = [*PROTECTED_NAMES, *LOCATING, *(case.number for case in answer.protected if case.number)]
    assert [word for word in hidden if word in text] == []
    assert not any(case.number[6:] in text for case in answer.protected if case.number)  # nor its last five digits


def test_every_protected_child_is_in_its_own_file() -> None:
    rows = list(csv.DictReader(io.StringIO(protected_csv(answer_of_every_kind()).removeprefix("\ufeff"), newline=""), delimiter=";"))
    assert sorted(row["Navn"].split()[0] for row in rows) == sorted(PROTECTED_NAMES)
    assert all(row["Fødselsnummer"].isdigit() for row in rows)


def test_the_file_of_the_protected_does_not_locate() -> None:
    text = protected_csv(answer_of_every_kind())
    assert [
        word for word in (*LOCATING, HERE, ELSEWHERE, "0155", "Storgata", "OSLO", "her", "flytt", "utvandr") if word in text.casefold()
    ] == []


def test_the_protected_are_counted() -> None:
    answer = answer_of_every_kind()
    assert answer.count_by_rule["address_protected"] == len(answer.protected) == len(PROTECTED_NAMES)


def test_a_child_who_is_gone_or_not_in_the_extract_is_shown_without_a_place() -> None:
    for finding in answer_of_every_kind().findings:
        if finding.rule in {"gone_from_extract", "number_not_in_extract"}:
            shown = str([finding.register_evidence, finding.journal_evidence, finding.action]) + protected_words(finding.rule)
            assert not any(word in shown.casefold() for word in ("storgata", "0155", "helsestasjon", HERE, "flyttet", "utvandret"))


def protected_words(rule: str) -> str:
    from fjorten.registers.reconcile.rules import BY_CODE

    return BY_CODE[rule].title + BY_CODE[rule].meaning


def test_a_client_address_is_not_shown() -> None:
    answer = answer_of_every_kind()
    assert "Klient Dahl" in findings_csv(answer)
    assert "Mottaksveien" not in findings_csv(answer) + findings_json(answer) + report_html(answer)


def test_a_protected_child_is_never_suggested() -> None:
    sides = TwoSides()
    sides.person(given_name="Skjult", family_name="Sperret", protection="confidential")
    sides.journal(None, given_name="Skjult", family_name="Sperret")
    answer = sides.answer()
    assert answer.findings == ()
    assert [case.matters for case in answer.protected] == [("journal_without_number",)]


def test_only_the_owner_may_read_the_files(tmp_path: Path) -> None:
    write_results(every_kind().answer(out=tmp_path / "ut"))
    assert stat.S_IMODE((tmp_path / "ut").stat().st_mode) == 0o700
    assert {file.name: stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "ut").iterdir()} == dict.fromkeys(
        ("findings.csv", "findings.json", "report.html", "rejected.csv", "protected.csv"), 0o600
    )


def test_the_file_of_the_protected_is_gone_when_nobody_is(tmp_path: Path) -> None:
    write_results(every_kind().answer(out=tmp_path))
    write_results(TwoSides().answer(out=tmp_path))
    assert sorted(file.name for file in tmp_path.iterdir()) == ["findings.csv", "findings.json", "rejected.csv", "report.html"]


def test_nothing_that_is_printed_by_accident_points_at_a_person() -> None:
    answer = answer_of_every_kind()
    printed = repr(answer) + repr(answer.findings) + repr(answer.protected) + str([finding.candidates for finding in answer.findings])
    names = [*PROTECTED_NAMES, "Mateo", "Silva"]
    numbers = [number for finding in answer.findings for number in finding.numbers]
    assert not [secret for secret in (*names, *numbers) if secret in printed]
