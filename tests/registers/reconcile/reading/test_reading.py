"""A whole reading: what it says about itself, municipality reforms, progress, and a larger made-up nation read from both kinds of files."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from benchmarks.national import Nation, write_nation

from fjorten.registers.reconcile.progress import told
from fjorten.registers.reconcile.reading import InputSummary, read_inputs
from fjorten.registers.reconcile.relations import RELATIONS, create_relations
from fjorten.registers.reconcile.request import InputCannotBeUsed, Request
from tests.factories.register import a_number
from tests.registers.reconcile.reading.material import BORN_ON, ELSEWHERE, Read, Reader, journal_file, json_lines, look_up, person, street

CHILD = a_number(BORN_ON)


def changed(at: str) -> dict[str, Any]:
    return {"status": [{"status": "bosatt", "ajourholdstidspunkt": at}]}


def test_the_summary_says_how_well_the_two_sides_fit(reader: Reader, tmp_path: Path) -> None:
    others = [a_number(BORN_ON, nth) for nth in range(1, 4)]
    journals = journal_file(tmp_path / "j.csv", f"fnr;navn\n{CHILD};A\n{others[2]};B\n;C\nbare ett felt\n")

    summary = reader.persons(
        look_up(person(**changed("2026-10-01T23:30:00Z"))),
        look_up(person(others[0], status=[{"status": "utflyttet"}])),
        look_up(person(others[1], bostedsadresse=[street(ELSEWHERE)])),
        {"foedselsEllerDNummer": others[2], "feilmelding": "finnes ikke"},
        "tull",
        journals=journals,
    ).summary

    assert summary == InputSummary(
        register_persons=2,
        residents=1,
        journals=3,
        journals_with_number=2,
        matched=1,
        newest_in_register=date(2026, 10, 2),
        failed_look_ups=1,
        rejected=2,
        notes=(),
    )
    assert summary.matched_share == 0.5


def test_without_numbers_there_is_no_share(reader: Reader) -> None:
    assert reader.persons(look_up(person())).summary.matched_share is None


def read_with_code(reader: Reader, code: str, **request: Any) -> Read:
    return reader.persons(look_up(person(bostedsadresse=[street(code)], foedsel=[{"foedselsdato": "2022-01-02"}])), **request)


def test_an_older_code_of_the_municipality_is_the_municipality(reader: Reader) -> None:
    row = read_with_code(reader, "0106", municipality="3107").row("register")  # Fredrikstad: 0106, 3004 from 2020, 3107 from 2024

    assert (row["municipality"], row["municipality_now"]) == ("0106", "3107")
    assert read_with_code(reader, "0106", municipality="3004", on=date(2023, 6, 1)).row("register")["municipality_now"] == "3004"


def test_nobody_guesses_which_part_of_a_split_municipality_somebody_lives_in(reader: Reader) -> None:
    row = read_with_code(reader, "1507", municipality="1508").row("register")

    assert (row["municipality"], row["municipality_now"]) == ("1507", None)
    assert read_with_code(reader, "1507", municipality="1577").rows("register") == []


def test_a_code_that_is_no_longer_in_use_is_turned_down_with_the_one_that_is(reader: Reader) -> None:
    with pytest.raises(InputCannotBeUsed, match=r"3004 gjelder ikke lenger \(siden 01.01.2024\); det er 3107 nå"):
        read_with_code(reader, "3004", municipality="3004")
    with pytest.raises(InputCannotBeUsed, match=r"er delt siden 01\.01\.2024\. Velg en av 1508, 1580"):
        read_with_code(reader, "1507", municipality="1507")
    assert read_with_code(reader, "3107", municipality="3004", force=True).rows("register") == []


def test_an_imported_table_of_reforms_adds_to_the_shipped_one_and_corrects_it(reader: Reader, tmp_path: Path) -> None:
    table = tmp_path / "reformer.csv"
    table.write_text("old_code,new_code,valid_from,kind\n1103,9901,2026-01-01,merge\n3004,9901,2024-01-01,merge\n", encoding="utf-8")

    assert read_with_code(reader, "1103", municipality="9901", reform_table=table).row("register")["municipality_now"] == "9901"
    assert read_with_code(reader, "3004", municipality="9901", reform_table=table).row("register")["municipality_now"] == "9901"
    assert read_with_code(reader, "3003", municipality="3105", reform_table=table).row("register")["municipality_now"] == "3105"


def test_a_table_of_reforms_that_cannot_be_read_is_turned_down(reader: Reader, tmp_path: Path) -> None:
    with pytest.raises(InputCannotBeUsed, match="Kan ikke lese tabellen over kommunereformer"):
        read_with_code(reader, "0301", reform_table=tmp_path / "borte.csv")


def test_progress_is_told_phase_by_phase(tmp_path: Path) -> None:
    seen: list[tuple[str, float | None]] = []
    register = json_lines(tmp_path / "r.jsonl", [look_up(person())])
    journals = journal_file(tmp_path / "j.csv", f"fnr;navn\n{a_number(BORN_ON, 1)};A\n")
    request = Request(register_paths=(register,), journals_path=journals, municipality="0301", on=date(2026, 11, 21), out=tmp_path)

    with duckdb.connect() as connection:
        read_inputs(connection, request, lambda phase, fraction: seen.append((phase, fraction)))

    assert [phase for phase, fraction in seen if fraction == 1.0] == [
        "Leser journalene",
        "Leser registeret, r.jsonl",
        "Henter fra registeret, r.jsonl",
        "Ordner personene",
    ]


def test_progress_is_told_while_a_query_runs() -> None:
    seen: list[float | None] = []
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")
        with told(lambda _, fraction: seen.append(fraction), "Regner", connection):
            while len(seen) < 3:
                connection.execute("SELECT count(*) FROM range(3_000_000) a, range(10) b").fetchall()

    assert seen[0] == 0.0
    assert seen[-1] == 1.0
    assert all(fraction is None or 0 <= fraction <= 1 for fraction in seen)


def test_a_new_reading_replaces_the_one_before(reader: Reader) -> None:
    reader.persons(look_up(person()), "tull")

    assert reader.persons(look_up(person())).rows("rejected") == []


def test_the_relations_are_made_empty(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        create_relations(connection)
        assert [connection.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0] for name in RELATIONS] == [0] * len(RELATIONS)


def test_a_made_up_nation_reads_the_same_from_every_kind_of_file(tmp_path: Path) -> None:
    counts = write_nation(tmp_path, Nation(persons_per_day=2, days=16_000))

    def read(register: str, journals: str) -> tuple[InputSummary, dict[str, list[Any]]]:
        reader = Reader(tmp_path)
        found = reader.read(tmp_path / register, journals=tmp_path / journals)
        persons = [
            {name: value for name, value in row.items() if name not in ("person_key", "source", "line", "address", "guardian_numbers")}
            for row in found.rows("register")
        ]
        journal = [
            {name: value for name, value in row.items() if name not in ("journal_key", "line", "clinic", "mother_number")}
            for row in found.rows("journal")
        ]
        numbers = sorted(row["number"] for row in found.rows("register_number"))
        reader.connection.close()
        return found.summary, {
            "register": sorted(persons, key=lambda row: row["number"]),
            "journal": sorted(journal, key=str),
            "numbers": numbers,
        }

    summary, relations = read("register.jsonl", "journals.csv")
    summary_of_columns, relations_of_columns = read("register.parquet", "journals.parquet")

    assert relations == relations_of_columns
    assert (summary.residents, summary.matched) == (summary_of_columns.residents, summary_of_columns.matched)
    assert summary.journals == counts["journals"]
    assert summary.journals_with_number == counts["journals"] - counts["journal_without_number"] - counts["invalid_number"]
    assert summary.matched == summary.journals_with_number - counts["not_in_register"]
    here = counts["children"] - sum(counts[kind] for kind in ("moved_away", "emigrated", "dead", "missing", "strictly_protected"))
    assert summary.residents == here - counts["birth_registered_without_address"]
