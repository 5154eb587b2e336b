"""The lists for a spreadsheet: nothing runs, nothing is lost, and what is read back is what was written."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from fjorten.registers.reconcile.lists import FINDINGS_HEADINGS, as_csv, findings_csv, read_cell, rejected_csv, safe_cell
from tests.registers.reconcile.every_kind import answer_of_every_kind
from tests.registers.reconcile.two_sides import TwoSides

STARTS_A_FORMULA = tuple("=+-@\t\r\n\0")

# Files are UTF-8: half a surrogate pair can stand in no cell.
texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]))
dangerous = st.builds("{}{}".format, st.sampled_from(["=", "+", "-", "@", "\t", "\r", "\n", "\0", "'", "'=", "＝", ";", '"']), texts)
cells = st.one_of(texts, dangerous)


def rows_of(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))


@given(st.lists(st.lists(cells, min_size=2, max_size=2), max_size=5))
def test_whatever_stands_in_a_cell_is_read_back_as_it_was(table: list[list[str]]) -> None:
    headings, *rows = rows_of(as_csv(("En", "To"), table))
    assert headings == ["En", "To"]
    assert [[read_cell(cell) for cell in row] for row in rows] == table


@given(cells)
def test_no_cell_starts_a_formula(cell: str) -> None:
    assert not safe_cell(cell).startswith(STARTS_A_FORMULA)


@given(texts)
def test_an_ordinary_cell_is_left_as_it_is(cell: str) -> None:
    if not cell.lstrip("'").startswith((*STARTS_A_FORMULA, "＝", "＋", "－", "＠")):
        assert safe_cell(cell) == cell


def test_a_finding_is_one_line_with_all_its_columns() -> None:
    answer = answer_of_every_kind()
    headings, *rows = rows_of(findings_csv(answer))
    assert headings == list(FINDINGS_HEADINGS)
    assert [row[0] for row in rows] == [finding.rule for finding in answer.findings]
    assert {len(row) for row in rows} == {len(FINDINGS_HEADINGS)}


def test_a_name_that_is_a_formula_is_disarmed() -> None:
    names = [row[5] for row in rows_of(findings_csv(answer_of_every_kind()))]
    assert """'=HYPERLINK("http://x") <b>Ås</b>""" in names


def test_a_number_keeps_its_leading_zero() -> None:
    sides = TwoSides()
    number = sides.person()
    assert number.startswith("0")
    assert [row[3] for row in rows_of(findings_csv(sides.answer()))] == ["Fødselsnummer", number]


def test_every_finding_says_in_norwegian_what_to_do() -> None:
    _, *rows = rows_of(findings_csv(answer_of_every_kind()))
    assert all(row[1] and row[2] in {"Høy", "Middels", "Lav"} and row[-1].endswith(".") for row in rows)


def test_a_rejected_row_tells_where_and_why_but_not_what_stood_in_it() -> None:
    assert rows_of(rejected_csv(answer_of_every_kind())) == [["Fil", "Linje", "Årsak"], ["journaler.csv", "7", "Raden har for få felt."]]
