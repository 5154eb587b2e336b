"""Register files of every kind, right and broken."""

from __future__ import annotations

import gzip
import json
import socket
from datetime import date
from pathlib import Path

import pytest

from fjorten.registers.reconcile import register_files
from fjorten.registers.reconcile.request import InputCannotBeUsed
from tests.factories.register import a_number
from tests.registers.reconcile.reading.material import BORN_ON, ELSEWHERE, HERE, Json, Reader, json_lines, look_up, parquet, person, street

CHILD = a_number(BORN_ON)
OTHER_CHILD = a_number(BORN_ON, 1)
MOTHER = a_number(date(1994, 5, 3))


def rejected(reader: Reader, *rows: Json | str | bytes) -> list[tuple[int, str]]:
    read = reader.persons(look_up(person()), *rows)
    assert read.column("register", "number") == [CHILD]
    return sorted((row["line"], row["reason"]) for row in read.rows("rejected"))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ('{"foedselsEllerDNummer": "1', "Linja er ikke gyldig JSON: den er kuttet eller ødelagt."),
        ("Fødselsnummer;Navn", "Linja er ikke gyldig JSON: den er kuttet eller ødelagt."),
        ('{"foedselsEllerDNummer":"å"}'.encode("latin-1"), "Linja har bokstaver som ikke er UTF-8."),
        ("[1, 2]", "Linja er verken et oppslag eller en person."),
        ("null", "Linja er verken et oppslag eller en person."),
        ('"tekst"', "Linja er verken et oppslag eller en person."),
        ('{"noe": "annet"}', "Linja er verken et oppslag eller en person."),
        ('{"identifikasjonsnummer": [{"foedselsEllerDNummer": "tull"}]}', "Personen har ikke noe nummer med 11 sifre."),
    ],
)
def test_a_broken_line_is_rejected_with_its_number_and_the_rest_is_read(reader: Reader, row: str | bytes, reason: str) -> None:
    assert rejected(reader, row, look_up(person())) == [(2, reason)]


def test_lines_are_numbered_as_an_editor_does(reader: Reader) -> None:
    assert [line for line, _ in rejected(reader, "", "  ", "tull", "", "tull")] == [4, 6]
    read = reader.persons("", look_up(person()), "\t", look_up(person(OTHER_CHILD)))
    assert {row["number"]: row["line"] for row in read.rows("register")} == {CHILD: 2, OTHER_CHILD: 4}


def test_windows_line_ends_make_no_difference(reader: Reader) -> None:
    rows = "\r\n".join(["tull", json.dumps(look_up(person())), ""])
    read = reader.persons(rows)

    assert (read.column("register", "number"), read.column("rejected", "line")) == ([CHILD], [1])


def test_a_rejected_line_never_shows_a_number(reader: Reader) -> None:
    read = reader.persons(look_up(person()), f'{{"foedselsEllerDNummer":"{OTHER_CHILD}", "folke')

    assert read.column("rejected", "raw") == ['{"foedselsEllerDNummer":"***********", "folke']


def test_a_large_file_is_read_without_line_numbers_until_a_line_is_broken(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register_files, "NUMBERED_UP_TO_BYTES", 0)

    assert reader.persons(look_up(person())).column("register", "line") == [None]
    read = reader.persons("", "tull", look_up(person()))
    assert (read.column("rejected", "line"), read.column("register", "line")) == ([2], [3])


def test_a_bare_person_is_as_good_as_a_look_up(reader: Reader) -> None:
    read = reader.persons(person(), person(OTHER_CHILD, bostedsadresse=[street(ELSEWHERE)]))

    assert read.column("register", "number") == [CHILD]


def test_spaces_and_another_order_in_the_line_make_no_difference(reader: Reader) -> None:
    spaced = json.dumps(look_up(person()), indent=1).replace("\n", " ")
    reversed_order = json.dumps(dict(reversed(look_up(person(OTHER_CHILD)).items())))

    assert set(reader.persons(spaced, reversed_order).column("register", "number")) == {CHILD, OTHER_CHILD}


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("shape", ["one person", "array", "bulk answer"])
def test_documents_over_many_lines_are_read_too(reader: Reader, tmp_path: Path, shape: str, indent: int | None) -> None:
    first, second = look_up(person()), look_up(person(OTHER_CHILD))
    document, numbers = {
        "one person": (person(), {CHILD}),
        "array": ([first, second], {CHILD, OTHER_CHILD}),
        "bulk answer": ({"oppslag": [first, second]}, {CHILD, OTHER_CHILD}),
    }[shape]
    path = tmp_path / "register.json"
    path.write_text(json.dumps(document, indent=indent), encoding="utf-8")

    assert set(reader.read(path).column("register", "number")) == numbers


def test_bulk_answers_line_by_line_are_read_and_a_broken_one_is_rejected(reader: Reader) -> None:
    read = reader.persons({"oppslag": [look_up(person())]}, '{"oppslag": [', {"oppslag": [look_up(person(OTHER_CHILD))]})

    assert set(read.column("register", "number")) == {CHILD, OTHER_CHILD}
    assert len(read.rows("rejected")) == 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_byte_order_marks_and_utf_16_make_no_difference(reader: Reader, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "register.jsonl"
    path.write_bytes(
        "\n".join(json.dumps(row, ensure_ascii=False) for row in (look_up(person()), look_up(person(OTHER_CHILD)))).encode(encoding)
    )

    read = reader.read(path)

    assert set(read.column("register", "number")) == {CHILD, OTHER_CHILD}
    assert set(read.column("register", "family_name")) == {"Blåbærøy"}


def test_a_packed_file_is_read_whatever_its_name(reader: Reader, tmp_path: Path) -> None:
    packed = json_lines(tmp_path / "register.gz", [look_up(person()), "tull"]).rename(tmp_path / "register.jsonl")

    read = reader.read(packed)

    assert (read.column("register", "number"), read.column("rejected", "line")) == ([CHILD], [2])


@pytest.mark.parametrize("numbered_up_to", [0, 10**9], ids=["large", "small"])
def test_a_packed_file_that_is_cut_off_is_turned_down(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, numbered_up_to: int
) -> None:
    monkeypatch.setattr(register_files, "NUMBERED_UP_TO_BYTES", numbered_up_to)
    path = tmp_path / "register.jsonl.gz"
    rows = "\n".join(json.dumps(look_up(person(a_number(BORN_ON, nth)))) for nth in range(300))
    path.write_bytes(gzip.compress(rows.encode())[:-200])

    with pytest.raises(InputCannotBeUsed, match=r"register.jsonl.gz er skadet eller ikke lastet ned helt"):
        reader.read(path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "er tom"),
        ("Fødselsnummer;Navn\n1;Å\n".encode(), "tekst- eller CSV-fil. Er registerfila og journalfila byttet om?"),
        (b"PK\x03\x04 [Content_Types].xml", "er en Excel-bok"),
        (b"PK\x03\x04 innhold.txt", "er et arkiv"),
        (b"<html>502 Bad Gateway</html>", "XML eller HTML. Kanskje ble en feilmelding lagret"),
        (b"PAR1 tull", "er ikke en hel Parquet-fil"),
        (b'{\n "foedselsEllerDNummer": \n', "er ikke gyldig JSON (linje 3)"),
        (b'{"a": 1}\n{"b": 2}\n', "Ingenting i register.jsonl er oppslag eller personer"),
    ],
    ids=["empty", "CSV", "workbook", "archive", "HTML", "broken Parquet", "broken document", "other JSON"],
)
def test_a_file_that_is_no_register_extract_is_turned_down_with_a_reason(
    reader: Reader, tmp_path: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "register.jsonl"
    path.write_bytes(content)

    with pytest.raises(InputCannotBeUsed) as turned_down:
        reader.read(path)

    assert sentence in turned_down.value.sentence


def test_a_folder_and_a_missing_file_are_turned_down(reader: Reader, tmp_path: Path) -> None:
    with pytest.raises(InputCannotBeUsed, match="er en mappe"):
        reader.read(tmp_path)
    with pytest.raises(InputCannotBeUsed, match="Finner ikke fila"):
        reader.read(tmp_path / "borte.jsonl")


def test_a_file_that_cannot_be_opened_is_turned_down(reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as no_file:  # there, but nothing to read
        no_file.bind("register.jsonl")
        with pytest.raises(InputCannotBeUsed, match=r"Får ikke lese register\.jsonl"):
            reader.read(Path("register.jsonl"))


def test_a_document_that_is_too_large_is_turned_down(reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fjorten.registers.reconcile.register_lines.LARGEST_DOCUMENT_BYTES", 10)
    path = tmp_path / "register.json"
    path.write_text(json.dumps([look_up(person())], indent=1), encoding="utf-8")

    with pytest.raises(InputCannotBeUsed, match="ett oppslag på hver linje"):
        reader.read(path)


def test_a_file_without_anybody_of_the_ages_is_read_and_gives_nobody(reader: Reader) -> None:
    grown_up = look_up(person(MOTHER, foedsel=[{"foedselsdato": "1994-05-03"}]))

    assert reader.persons(grown_up).rows("register") == []


FLAT = {
    "number": CHILD,
    "born_on": BORN_ON,
    "municipality": HERE,
    "former_numbers": [a_number(BORN_ON, is_d_number=True)],
    "number_since": date(2025, 2, 1),
    "status": "bosatt",
    "protection": "fortrolig",
    "moved_on": date(2024, 3, 5),
    "address": "Ørneveien 5A",
    "mother_number": MOTHER,
    "guardian_numbers": [MOTHER],
    "last_changed_at": "2026-01-01 12:00:00+01",
    "ukjent": "x",
}
TYPES = {
    "born_on": "DATE",
    "former_numbers": "VARCHAR[]",
    "number_since": "DATE",
    "moved_on": "DATE",
    "guardian_numbers": "VARCHAR[]",
    "last_changed_at": "TIMESTAMPTZ",
}


def test_a_parquet_file_with_the_documented_columns_is_read(reader: Reader, tmp_path: Path) -> None:
    read = reader.read(parquet(tmp_path / "register.parquet", [FLAT], TYPES))

    row = read.row("register")
    assert (row["number"], row["born_on"], row["born_year"], row["line"]) == (CHILD, BORN_ON, 2024, 1)
    assert (row["protection"], row["municipality_now"], row["address_kind"], row["is_dead"]) == ("confidential", HERE, "street", False)
    assert (row["mother_number"], row["guardian_numbers"], row["sex"]) == (MOTHER, [MOTHER], None)
    assert row["last_changed_at"].startswith("2026-01-01 12:00:00")
    assert [(row["number"], row["is_in_use"], row["is_current"], row["since"]) for row in read.rows("register_number")] == [
        (CHILD, True, True, date(2025, 2, 1)),
        (FLAT["former_numbers"][0], False, False, None),
    ]


def test_integers_and_texts_in_parquet_are_read_as_what_they_stand_for(reader: Reader, tmp_path: Path) -> None:
    former = a_number(BORN_ON, is_d_number=True)
    row = {"number": int(CHILD), "born_year": 2024, "municipality": 301, "former_numbers": f"{former}; tull", "died_on": "2026-02-30"}
    types = {"number": "BIGINT", "born_year": "INTEGER", "municipality": "INTEGER"}

    read = reader.read(parquet(tmp_path / "register.parquet", [row], types))

    assert (read.row("register")["number"], read.row("register")["municipality"]) == (CHILD, HERE)
    assert (read.row("register")["address_kind"], read.row("register")["died_on"]) == ("unknown", None)
    assert {row["number"] for row in read.rows("register_number")} == {CHILD, former}


def test_persons_of_other_ages_are_found_in_parquet_by_now_and_former_numbers(reader: Reader, tmp_path: Path) -> None:
    former = a_number(date(1990, 1, 1), is_d_number=True)
    grown_ups = [
        {"number": MOTHER, "born_on": date(1994, 5, 3), "municipality": ELSEWHERE, "former_numbers": None},
        {"number": a_number(date(1990, 1, 1)), "born_on": date(1990, 1, 1), "municipality": ELSEWHERE, "former_numbers": [former]},
        {"number": a_number(date(1980, 1, 1)), "born_on": date(1980, 1, 1), "municipality": HERE, "former_numbers": []},
    ]
    journals = tmp_path / "j.csv"
    journals.write_text(f"Fnr;Navn\n{MOTHER};A\n{former};B\n", encoding="utf-8")

    read = reader.read(parquet(tmp_path / "r.parquet", grown_ups, {"born_on": "DATE", "former_numbers": "VARCHAR[]"}), journals=journals)

    assert set(read.column("register", "number")) == {MOTHER, a_number(date(1990, 1, 1))}


def test_a_parquet_file_without_former_numbers_is_searched_by_the_one_it_has(reader: Reader, tmp_path: Path) -> None:
    journals = tmp_path / "j.csv"
    journals.write_text(f"Fnr;Navn\n{MOTHER};A\n", encoding="utf-8")
    rows = [{"number": number, "born_year": 1994, "municipality": ELSEWHERE} for number in (MOTHER, a_number(date(1994, 5, 3), 1))]

    read = reader.read(parquet(tmp_path / "register.parquet", rows, {"born_year": "INTEGER"}), journals=journals)

    assert read.column("register", "number") == [MOTHER]


def test_a_parquet_row_without_a_number_is_rejected(reader: Reader, tmp_path: Path) -> None:
    rows = [{"number": number, "born_year": 2024, "municipality": HERE} for number in (CHILD, "123", None)]

    read = reader.read(parquet(tmp_path / "register.parquet", rows, {"born_year": "INTEGER"}))

    assert (read.column("register", "number"), read.column("rejected", "line")) == ([CHILD], [2, 3])
    assert set(read.column("rejected", "reason")) == {"Raden har ikke noe nummer med 11 sifre."}


def test_a_parquet_file_without_the_necessary_columns_is_turned_down(reader: Reader, tmp_path: Path) -> None:
    with pytest.raises(InputCannotBeUsed, match="mangler kolonnen municipality, born_on"):
        reader.read(parquet(tmp_path / "register.parquet", [{"number": CHILD}]))


def test_a_parquet_file_that_breaks_off_inside_is_turned_down(reader: Reader, tmp_path: Path) -> None:
    path = parquet(tmp_path / "register.parquet", [{"number": f"{n:011}", "born_year": 2024, "municipality": HERE} for n in range(50)])
    content = bytearray(path.read_bytes())
    content[4:200] = b"\xff" * 196
    path.write_bytes(bytes(content))

    with pytest.raises(InputCannotBeUsed, match="er ikke en hel Parquet-fil"):
        reader.read(path)


def test_both_kinds_of_files_can_be_read_together(reader: Reader, tmp_path: Path) -> None:
    lines = json_lines(tmp_path / "a.jsonl", [look_up(person())])
    columns = parquet(tmp_path / "b.parquet", [{"number": OTHER_CHILD, "born_year": 2024, "municipality": HERE}], {"born_year": "INTEGER"})

    assert {row["number"]: row["source"] for row in reader.read(lines, columns).rows("register")} == {
        CHILD: "a.jsonl",
        OTHER_CHILD: "b.parquet",
    }
