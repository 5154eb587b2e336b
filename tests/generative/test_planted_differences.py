"""Everything that is planted is found, and nothing else is: real files, through the command, at the size of the largest municipality."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from fjorten.cli.main import main
from tests.generative.planted_municipality import HERE, ON, PlantedMunicipality


def reconcile(folder: Path) -> int:
    files = {name: str(folder / name) for name in ("register.jsonl", "journals.csv", "previous.jsonl", "ut")}
    return main(
        ["reconcile", "--register", files["register.jsonl"], "--journals", files["journals.csv"], "--municipality", HERE, "--on", ON.isoformat(),
         "--previous", files["previous.jsonl"], "--out", files["ut"]]
    )  # fmt: skip


def found_in(folder: Path) -> tuple[set[tuple[str, str]], int]:
    """The findings as (rule, number or journal id), and how many they are."""
    findings = json.loads((folder / "ut" / "findings.json").read_text(encoding="utf-8"))["findings"]
    by_journal = {"journal_without_number", "invalid_number"}
    return {
        (finding["rule"], finding["journals"][0]["journal_id"] if finding["rule"] in by_journal else finding["numbers"][0])
        for finding in findings
    }, len(findings)


def protected_in(folder: Path) -> list[str]:
    with (folder / "ut" / "protected.csv").open(encoding="utf-8-sig", newline="") as file:
        return [row["Fødselsnummer"] for row in csv.DictReader(file, delimiter=";")]


@pytest.mark.parametrize(
    ("children", "spacing", "seed"),
    [
        pytest.param(3_000, 7, 41, id="a small municipality with many differences"),
        pytest.param(8_000, 20, 14, id="8,000 children"),
        pytest.param(100_000, 20, 14, id="100,000 children", marks=pytest.mark.generative),
    ],
)
def test_every_planted_difference_is_found_and_no_other(tmp_path: Path, children: int, spacing: int, seed: int) -> None:
    municipality = PlantedMunicipality(children=children, spacing=spacing, seed=seed)
    municipality.write(tmp_path)
    assert reconcile(tmp_path) == 1
    found, count = found_in(tmp_path)
    assert sorted(municipality.found - found) == []  # lost
    assert sorted(found - municipality.found) == []  # false
    assert count == len(found)
    assert sorted(protected_in(tmp_path)) == sorted(municipality.protected)
    open_to_all = "".join((tmp_path / "ut" / name).read_text(encoding="utf-8") for name in ("findings.csv", "findings.json", "report.html"))
    assert [number for number in municipality.protected if number in open_to_all] == []
