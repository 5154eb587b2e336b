"""Extracts, look-ups, and the files they are written to."""

import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from fjorten.simulation.feed import DOCUMENTS_FILE, FEED_FILE, PERSONS_FILE
from fjorten.simulation.register_answers import RegisterData
from fjorten.simulation.town import ThereIsNoReform, Town

ON = date(2025, 3, 1)


@pytest.fixture(scope="module")
def feed(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("feed")
    town.write_feed(directory, until=ON)
    return directory


def lines_of(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_packed_extract_holds_the_same_lines(town: Town, tmp_path: Path) -> None:
    plain, packed = tmp_path / "extract.jsonl", tmp_path / "extract.jsonl.gz"
    count = town.write_snapshot(plain, on=ON)
    assert town.write_snapshot(packed, on=ON) == count == len(lines_of(plain))
    assert gzip.decompress(packed.read_bytes()) == plain.read_bytes()
    assert packed.stat().st_size < plain.stat().st_size / 4


def test_a_line_is_one_look_up(town: Town) -> None:
    line = next(town.snapshot(on=ON))
    assert set(line) == {"foedselsEllerDNummer", "folkeregisterperson"}


def test_an_old_number_finds_the_person_and_an_unknown_one_an_error(town: Town, tmp_path: Path) -> None:
    child = next(child for child in town.truth(ON) if len(child.numbers) > 1)
    path = tmp_path / "answers.jsonl"
    assert town.write_lookup(path, [child.numbers[0].digits, "03851598730"], on=ON) == 2
    found, unknown = lines_of(path)
    assert found["foedselsEllerDNummer"] == child.numbers[0].digits
    assert found["folkeregisterperson"] == json.loads(json.dumps(town.document_of(child.number, on=ON)))
    assert "folkeregisterperson" not in unknown
    assert unknown["feilmelding"]["feilmelding"]


def test_a_reform_can_be_imported(town: Town, tmp_path: Path) -> None:
    town.write_reform(tmp_path / "reform.csv")
    heading, row = (tmp_path / "reform.csv").read_text(encoding="utf-8").splitlines()
    assert heading == "old_code,new_code,valid_from,kind,name,certainty"
    assert row == "7814,7914,2025-01-01,renumber,Fjordvik,invented"


def test_a_town_that_keeps_its_code_has_no_reform(tmp_path: Path) -> None:
    with pytest.raises(ThereIsNoReform):
        Town(seed=1, children=5, begins_on=ON).write_reform(tmp_path / "reform.csv")


def test_the_stand_in_register_serves_the_feed_and_everybody_in_it(feed: Path, town: Town) -> None:
    data = RegisterData.of_directory(feed)
    assert len(data.rows) == len(lines_of(feed / FEED_FILE))
    announced = {row["hendelse"]["folkeregisteridentifikator"] for row in data.rows}
    children = [child for child in town.truth(ON) if any(number.digits in announced for number in child.numbers)]
    assert len(children) > 80
    for child in children:
        assert data.persons[child.numbers[0].digits] == json.loads(json.dumps(town.document_of(child.number, on=ON)))


def test_every_row_names_a_document_that_is_there_once(feed: Path) -> None:
    documents = [line["dokumentidentifikator"] for line in lines_of(feed / DOCUMENTS_FILE)]
    named = [row["hendelse"].get("persondokument") for row in lines_of(feed / FEED_FILE)]
    assert len(set(documents)) == len(documents)
    assert {name for name in named if name} == set(documents)
    events = [row["hendelse"]["hendelsesdokument"] for row in lines_of(feed / FEED_FILE)]
    assert set(documents).isdisjoint(events)


def test_a_row_has_the_fields_of_the_interface(feed: Path) -> None:
    for row in lines_of(feed / FEED_FILE):
        assert set(row) == {"sekvensnummer", "hendelse"}
        assert {"folkeregisteridentifikator", "hendelsetype", "ajourholdstidspunkt", "hendelsesdokument"} <= set(row["hendelse"])


def test_persons_are_those_in_the_feed_as_they_are_now_and_nobody_who_has_ceased(feed: Path, town: Town, tmp_path: Path) -> None:
    persons = [line["folkeregisterperson"] for line in lines_of(feed / PERSONS_FILE)]
    numbers = {element["foedselsEllerDNummer"] for person in persons for element in person["identifikasjonsnummer"]}
    assert {row["hendelse"]["folkeregisteridentifikator"] for row in lines_of(feed / FEED_FILE)} <= numbers
    assert not any(status["status"] == "opphoert" and status["erGjeldende"] for person in persons for status in person["status"])
    town.write_feed(tmp_path, after=date(2025, 2, 27), until=ON)
    assert 0 < len(lines_of(tmp_path / PERSONS_FILE)) < len(persons) / 5
