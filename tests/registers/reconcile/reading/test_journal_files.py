"""Journal exports of every kind, right and broken."""

from __future__ import annotations

import builtins
import gzip
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from fjorten.registers.reconcile.request import InputCannotBeUsed
from tests.factories.register import a_number
from tests.registers.reconcile.reading.material import BORN_ON, Json, Read, Reader, parquet

CHILD = a_number(BORN_ON)
OTHER_CHILD = a_number(BORN_ON, 1)
SAMI = "Ánne Čáhppe Đoarvi Ŋuorri Šaddu Ŧáhkka Žilla"


def numbers(read: Read) -> list[tuple[int, str | None]]:
    return sorted((row["line"], row["number"]) for row in read.rows("journal"))


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
def test_every_encoding_and_separator_is_told_from_the_content(reader: Reader, encoding: str, separator: str) -> None:
    text = f"Fødselsnr;Etternavn;Fornavn\r\n{CHILD};Bjørnstad Ås;Kåre Ærlig\r\n".replace(";", separator)

    row = reader.journals(text, encoding).row("journal")

    assert (row["number"], row["family_name"], row["given_name"], row["line"]) == (CHILD, "Bjørnstad Ås", "Kåre Ærlig", 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_sami_letters_come_through(reader: Reader, encoding: str) -> None:
    assert reader.journals(f"fnr;fornavn\n{CHILD};{SAMI}\n", encoding).row("journal")["given_name"] == SAMI


@pytest.mark.parametrize("misread", ["cp1252", "latin-1"])
def test_what_was_saved_twice_is_read_right(reader: Reader, misread: str) -> None:
    names = "Bjørn Åse Ærlig"  # no letter whose second byte Windows-1252 leaves empty
    text = f"Fødselsnr;Etternavn\n{CHILD};{names}\n".encode().decode(misread)

    assert reader.journals(text, "utf-8").row("journal")["family_name"] == names


def test_a_right_text_with_strange_letters_is_left_alone(reader: Reader) -> None:
    assert reader.journals(f"fnr;fornavn\n{CHILD};Ã¥ Ŋuorri\n", "utf-8").row("journal")["given_name"] == "Ã¥ Ŋuorri"


def test_a_few_damaged_letters_do_not_make_a_file_another_encoding(reader: Reader, tmp_path: Path) -> None:
    content = f"fnr;fornavn\n{CHILD};Bjørn Åge\n{OTHER_CHILD};K@re\n".encode().replace(b"@", b"\xe5")
    path = tmp_path / "journaler.csv"
    path.write_bytes(content)

    read = reader.read(reader.one_child(), journals=path)

    assert read.column("journal", "given_name") == ["Bjørn Åge", "K�re"]


def test_old_line_ends_and_stray_null_bytes_are_read(reader: Reader) -> None:
    assert numbers(reader.journals(f"fnr;navn\r{CHILD};A\r{OTHER_CHILD};B\x00\r")) == [(2, CHILD), (3, OTHER_CHILD)]


def test_lines_above_the_headings_are_passed_over(reader: Reader) -> None:
    read = reader.journals(f"sep=;\nJournaler ved Sentrum helsestasjon\nUttrekk 20.11.2026; kl. 12\n\nFnr;Navn\n{CHILD};Å\n")

    assert numbers(read) == [(6, CHILD)]


def test_blank_lines_and_rows_of_separators_are_nothing(reader: Reader) -> None:
    read = reader.journals(f"fnr;navn;adresse\n\n{CHILD};Å;\n;;\n   \n{OTHER_CHILD};B;\n\n\n")

    assert numbers(read) == [(3, CHILD), (6, OTHER_CHILD)]
    assert read.rows("rejected") == []


def test_headings_that_come_again_further_down_are_no_journal(reader: Reader) -> None:
    assert numbers(reader.journals(f"Fnr;Navn\n{CHILD};A\nFnr;Navn\n{OTHER_CHILD};B\n")) == [(2, CHILD), (4, OTHER_CHILD)]


def test_rows_of_another_width_are_rejected_with_their_line(reader: Reader) -> None:
    read = reader.journals(f"fnr;fornavn;etternavn\n{CHILD};A;B;;\n{OTHER_CHILD};A\n{OTHER_CHILD};A;B;C\nAntall: 3\n")

    assert numbers(read) == [(2, CHILD)]
    assert [(row["line"], row["reason"], row["raw"]) for row in read.rows("rejected")] == [
        (3, "Raden har 2 felt, men overskriftene er 3.", "*********** A"),
        (4, "Raden har 4 felt, men overskriftene er 3.", "*********** A B C"),
        (5, "Raden har 1 felt, men overskriftene er 3.", "Antall: 3"),
    ]


def test_quoted_cells_may_hold_separators_quotation_marks_and_line_breaks(reader: Reader) -> None:
    rows = [
        '"fnr";"navn";"adresse"',
        f'"{CHILD}";"Hansen; Kari ""Kaja""";"Storgata 1\n0155 Oslo"',
        f'{OTHER_CHILD};Ola "Olli" Å;"x"',
        f'"{CHILD}";"B;C, D";"y"',
        f'{CHILD};"Å";y;z',
    ]

    read = reader.journals("\n".join(rows))

    assert numbers(read) == [(2, CHILD), (4, OTHER_CHILD), (5, CHILD)]
    assert read.column("journal", "address") == ["Storgata 1 0155 Oslo", "x", "y"]
    assert [(row["family_name"], row["given_name"]) for row in read.rows("journal")] == [
        ('"Kaja"', "Hansen; Kari"),
        ("Å", 'Ola "Olli"'),
        ("B;C", "D"),
    ]
    assert read.column("rejected", "line") == [6]


def test_an_open_quotation_mark_costs_only_its_own_row(reader: Reader) -> None:
    text = f'fnr;navn;adresse\n{CHILD};"Hansen;x\n{OTHER_CHILD};A;"B\n{CHILD};C;D\n{CHILD};"E;F\n'

    read = reader.journals(text)

    assert numbers(read) == [(4, CHILD)]
    assert [(row["line"], row["reason"]) for row in read.rows("rejected")] == [
        (2, "Raden har et anførselstegn som ikke er lukket."),
        (3, "Raden har et anførselstegn som ikke er lukket."),
        (5, "Raden har et anførselstegn som ikke er lukket."),
    ]


def test_a_packed_export_is_read(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "journaler.csv.gz"
    path.write_bytes(gzip.compress(f"fnr;navn\n{CHILD};Å\n".encode()))

    assert numbers(reader.read(reader.one_child(), journals=path)) == [(2, CHILD)]


def test_columns_can_be_named_on_the_command_line(reader: Reader) -> None:
    read = reader.journals(f"Pasientnr;Merkelapp;Navn\n{CHILD};Sentrum;Å\n", column_map={"fnr": "pasient-nr", "clinic": "Merkelapp"})

    assert (read.row("journal")["number"], read.row("journal")["clinic"]) == (CHILD, "Sentrum")


@pytest.mark.parametrize(
    ("column_map", "sentence"),
    [({"fnr": "Mangler"}, "ingen kolonne «Mangler» (fra --map fnr=Mangler)"), ({"tull": "Navn"}, "--map kjenner ikke «tull»")],
)
def test_a_mapping_that_cannot_be_is_turned_down(reader: Reader, column_map: dict[str, str], sentence: str) -> None:
    with pytest.raises(InputCannotBeUsed) as turned_down:
        reader.journals(f"Fnr;Navn\n{CHILD};Å\n", column_map=column_map)
    assert sentence in turned_down.value.sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Navn;Født\nÅ;01.01.2024\n", "Fant ingen kolonne med fødselsnummer"),
        (f"{CHILD};Kari;Å\n", "Fila har kolonnene: «***********», «Kari», «Å»."),
        ("Fnr;Navn\n", "Fant ingen journaler"),
        ("Fnr;Navn\n;\n", "Fant ingen journaler"),
        ("\n\n", "Fila har kolonnene: (ingen)."),
        ('{"a": 1}', "er JSON. Er registerfila og journalfila byttet om?"),
        ("<xml/>", "er XML eller HTML"),
    ],
)
def test_an_export_that_cannot_be_used_is_turned_down_with_a_reason(reader: Reader, text: str, sentence: str) -> None:
    with pytest.raises(InputCannotBeUsed) as turned_down:
        reader.journals(text)
    assert sentence in turned_down.value.sentence


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xd0\xcf\x11\xe0 gammel", "er en eldre Excel-bok (.xls)"),
        (b"PK\x03\x04 mimetype", "er et arkiv (zip) eller et OpenDocument-regneark"),
        (b"PK\x03\x04 [Content_Types].xml", "kan ikke leses som en Excel-bok"),
        (b"PAR1 tull", "er ikke en hel Parquet-fil"),
    ],
)
def test_a_binary_file_that_cannot_be_used_is_turned_down_with_a_reason(
    reader: Reader, tmp_path: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "journaler.csv"
    path.write_bytes(content)
    with pytest.raises(InputCannotBeUsed) as turned_down:
        reader.read(reader.one_child(), journals=path)
    assert sentence in turned_down.value.sentence


def test_a_parquet_export_is_read_with_headings_like_the_others(reader: Reader, tmp_path: Path) -> None:
    rows = [{"Fødselsnr": CHILD, "Ukjent": "x", "født": BORN_ON}, {"Fødselsnr": None, "Ukjent": "x", "født": BORN_ON}]
    journals = parquet(tmp_path / "j.parquet", rows, {"født": "DATE"})

    read = reader.read(reader.one_child(), journals=journals)

    assert [(row["line"], row["number"], row["born_on"]) for row in read.rows("journal")] == [(1, CHILD, BORN_ON), (2, None, BORN_ON)]


def workbook(path: Path, *sheets: list[list[Any]]) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def read_workbook(reader: Reader, *sheets: list[list[Any]]) -> Read:
    return reader.read(reader.one_child(), journals=workbook(reader.folder / "j.xlsx", *sheets))


def test_a_workbook_is_read_from_the_sheet_with_the_headings(reader: Reader) -> None:
    headings = ["Fødselsnr", "Navn", "Født", "Aktiv", "Postnr"]
    rows: list[list[Any]] = [
        ["Journaler"],
        headings,
        [CHILD, "Å, Kari", datetime(2024, 3, 5), True, 155],
        [int(OTHER_CHILD), "B", "5.3.2024", False, None],
        [None, None, None, None, None],
        [OTHER_CHILD, "C", datetime(2024, 3, 5, 8, 15), None, 1051],
    ]

    read = read_workbook(reader, [["om uttrekket"]], rows)

    assert [
        (row["line"], row["number"], row["family_name"], row["born_on"], row["is_open"], row["postcode"]) for row in read.rows("journal")
    ] == [
        (3, CHILD, "Å", BORN_ON, True, "0155"),
        (4, OTHER_CHILD, "B", BORN_ON, False, None),
        (6, OTHER_CHILD, "C", BORN_ON, True, "1051"),
    ]


def test_a_workbook_without_rows_is_turned_down(reader: Reader) -> None:
    with pytest.raises(InputCannotBeUsed, match="Fant ingen kolonne med fødselsnummer"):
        read_workbook(reader, [])


def test_a_number_a_workbook_holds_as_a_power_of_ten_is_still_whole(reader: Reader) -> None:
    path = workbook(reader.folder / "plain.xlsx", [["Fnr"], [int(OTHER_CHILD)]])
    with ZipFile(path) as plain, ZipFile(reader.folder / "j.xlsx", "w") as changed:
        for name in plain.namelist():
            digits = str(int(OTHER_CHILD))
            changed.writestr(name, plain.read(name).replace(digits.encode(), f"{digits[0]}.{digits[1:]}E{len(digits) - 1}".encode()))

    read = reader.read(reader.one_child(), journals=reader.folder / "j.xlsx")

    assert read.row("journal")["number"] == OTHER_CHILD


def test_other_values_in_a_workbook_are_text(reader: Reader) -> None:
    read = read_workbook(reader, [["Fnr", "Journalnr"], [CHILD, 12.5], [CHILD, timedelta(hours=1)]])

    assert read.column("journal", "journal_id") == ["12.5", "1:00:00"]


def test_without_the_extra_for_excel_the_sentence_says_how_to_get_it(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(reader.folder / "j.xlsx", [["Fnr"], [CHILD]])
    found = builtins.__import__

    def without_openpyxl(name: str, *arguments: Any, **named: Any) -> Any:
        if name.startswith("openpyxl"):
            raise ImportError(name)
        return found(name, *arguments, **named)

    monkeypatch.setattr(builtins, "__import__", without_openpyxl)
    with pytest.raises(InputCannotBeUsed, match=r"pip install 'fjorten\[excel\]'"):
        reader.read(reader.one_child(), journals=path)


def test_all_columns_of_a_journal_are_read(reader: Reader) -> None:
    mother = a_number(date(1994, 5, 3))
    headings = "Journalnr;Fnr;Fornavn;Mellomnavn;Etternavn;Fødselsdato;Åpnet;Avsluttet;Helsestasjon;Adresse;Postnr;Mors fnr"

    row = reader.journals(
        f"{headings}\n17; {CHILD} ;Kari;Lise;Å;05.03.2024;06.03.2024;07.03.2025;Sentrum;Storgata 1;155;{mother[:6]} {mother[6:]}\n"
    ).row("journal")

    assert row == {
        "journal_key": 2,
        "line": 2,
        "journal_id": "17",
        "number_raw": CHILD,
        "number": CHILD,
        "number_problem": None,
        "given_name": "Kari Lise",
        "family_name": "Å",
        "born_on": BORN_ON,
        "opened_on": date(2024, 3, 6),
        "closed_on": date(2025, 3, 7),
        "is_open": False,
        "clinic": "Sentrum",
        "address": "Storgata 1",
        "postcode": "0155",
        "mother_number": mother,
    }


def test_a_date_that_is_not_understood_costs_only_itself_and_is_told(reader: Reader) -> None:
    read = reader.journals(f"fnr;født;åpnet;avsluttet\n{CHILD};31.02.2024;i fjor;kanskje\n{OTHER_CHILD};;;nei\n")

    first: Json = read.rows("journal")[0]
    assert (first["number"], first["born_on"], first["opened_on"], first["closed_on"], first["is_open"]) == (CHILD, None, None, None, True)
    assert sorted((row["line"], row["reason"]) for row in read.rows("rejected")) == [
        (2, "Avslutningsdatoen er ikke forstått. Journalen er tatt med uten den."),
        (2, "Fødselsdatoen er ikke forstått. Journalen er tatt med uten den."),
        (2, "Åpningsdatoen er ikke forstått. Journalen er tatt med uten den."),
    ]


def test_the_notes_say_what_was_put_right_or_passed_over(reader: Reader) -> None:
    lost = next(number for nth in range(50) if (number := a_number(date(2024, 3, 5), nth))[0] == "0")

    read = reader.journals(f"fnr;navn;status;Ukjent;Annet\n{lost[1:]};A;Overført til x;;\n{CHILD};B;Åpen;;\n")

    assert read.column("journal", "number").count(lost) >= 1
    assert read.summary.notes == (
        "Kolonner i journaler.csv som ikke er brukt: «Ukjent», «Annet».",
        "1 nummer i journaler.csv hadde mistet nullen foran (slik regneark gjør). Den er satt tilbake.",
        "1 journal har status «Overført til x», som ikke er kjent. Bare sluttdatoen avgjør om journalen er lukket.",
    )
