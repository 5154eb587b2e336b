"""The check in SQL and the kernel's, held to one answer."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fjorten.kernel.control_digits import with_control_digits
from fjorten.kernel.national_id import NotANationalId, is_national_id, parse
from fjorten.registers.reconcile.number_checks import checked_numbers, last_days

DIGITS = st.text("0123456789", min_size=0, max_size=13)
SEPARATORS = st.sampled_from(["", " ", "-", ".", "  ", "\u00a0", "\u2009", "\u2013", "/", "x", "\u200b"])
BLANKS = st.sampled_from(["", " ", "\t", "\n", "\u3000", "\x1f", "\u200b"])


@st.composite
def nearly_right(draw: st.DrawFn) -> str:
    """Numbers with right control digits, for days and months that may not exist."""
    day, month = draw(st.integers(0, 79)), draw(st.integers(0, 99))
    head = f"{day:02}{month:02}{draw(st.integers(0, 99)):02}{draw(st.integers(0, 999)):03}"
    return with_control_digits(head, first_remainder=draw(st.integers(0, 3))) or head


@st.composite
def written(draw: st.DrawFn) -> str:
    """What people write: digits in groups, with something before or after, or something else altogether."""
    digits = draw(st.one_of(nearly_right(), DIGITS))
    grouped = draw(SEPARATORS).join([digits[:6], digits[6:]]) if draw(st.booleans()) else digits
    return draw(BLANKS) + grouped + draw(st.one_of(BLANKS, st.sampled_from(["a", "٣", "²"])))


def checked(connection: duckdb.DuckDBPyConnection, texts: list[str]) -> list[tuple[str, str | None, str | None]]:
    relation = "(SELECT unnest($texts::VARCHAR[]) AS written)"
    return connection.execute(
        f"SELECT written, number, number_problem FROM ({checked_numbers(relation, 'written')})", {"texts": texts}
    ).fetchall()


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


@settings(deadline=None, max_examples=60)
@given(texts=st.lists(written(), min_size=1, max_size=50))
def test_sql_and_kernel_agree(connection: duckdb.DuckDBPyConnection, texts: list[str]) -> None:
    for text, number, problem in checked(connection, texts):
        try:
            expected: tuple[str | None, str | None] = (parse(text).digits, None)
        except NotANationalId as refused:
            # An empty cell is missing rather than wrong, and ten digits are tried with the zero a spreadsheet takes.
            restored = "0" + text.strip()
            lost_a_zero = len(restored) == 11 and restored.isascii() and restored.isdigit() and is_national_id(restored)
            expected = (restored, None) if lost_a_zero else (None, "missing" if not text.strip() else str(refused.problem))
        assert (number, problem) == expected


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("3851598730", ("03851598730", None)),  # the official synthetic number, without its zero
        ("3851598731", (None, "length")),
        ("3851598730.0", ("03851598730", None)),
        ("41819077302,00", ("41819077302", None)),
        ("1,23457E+10", (None, "characters")),
        ("ukjent", (None, "characters")),
        ("", (None, "missing")),
        ("   ", (None, "missing")),
        (None, (None, "missing")),
    ],
)
def test_what_spreadsheets_do_is_put_right_where_it_can_be(
    connection: duckdb.DuckDBPyConnection, text: str, answer: tuple[str | None, str | None]
) -> None:
    assert checked(connection, [text]) == [(text, *answer)]


def test_the_months_are_those_of_the_kernel() -> None:
    leap, common = last_days()

    assert (leap[2], common[2], leap[82], common[82]) == (29, 28, 29, 28)
    assert (leap[12], leap[52], leap[77], leap[92]) == (31, 31, 31, 31)
    assert [month for month in range(100) if common[month]] == [added + month for added in (0, 40, 65, 80) for month in range(1, 13)]
