"""The little tables prove something: a wrong cell fails, and a table that cannot prove anything is refused."""

from __future__ import annotations

from datetime import date

import pytest

from fjorten.kernel.periods import Period
from tests.spec.tables import TableIsMalformed, check_table, optional_date, period, spec, truth


def total(a: int, b: int) -> int:
    return a + b


def test_a_table_that_agrees_passes() -> None:
    check_table(total, "a | b | sum\n1 | 2 | 3\n\n2 | 2 | 4", convert={"a": int, "b": int})


def test_every_row_that_differs_is_shown_with_the_answer() -> None:
    with pytest.raises(AssertionError) as failed:
        check_table(total, "a | b | sum\n1 | 2 | 4\n2 | 2 | 4\n3 | 3 | 7", convert={"a": int, "b": int})

    assert "1 | 2 | 4    <- answered '3'" in str(failed.value)
    assert "3 | 3 | 7    <- answered '6'" in str(failed.value)
    assert "2 | 2 | 4" not in str(failed.value)


@pytest.mark.parametrize(
    ("table", "convert"),
    [("", {}), ("a | b | sum", {}), ("a | b | sum\n1 | 2", {}), ("a | b | sum\n1 | 2 | 3", {"c": int})],
    ids=["nothing", "no rows", "a row too short", "a converter for no column"],
)
def test_a_table_that_cannot_prove_anything_is_refused(table: str, convert: dict[str, type[int]]) -> None:
    with pytest.raises(TableIsMalformed):
        check_table(total, table, convert=convert)


def test_cells_are_read_as_dates_periods_and_truths() -> None:
    assert optional_date("") is None
    assert optional_date("2026-01-31") == date(2026, 1, 31)
    assert period("2026-01-31..") == Period(date(2026, 1, 31), None)
    assert (truth("ja"), truth("nei")) == (True, False)
    with pytest.raises(KeyError):
        truth("kanskje")


def test_a_sentence_becomes_the_documentation_of_its_test() -> None:
    @spec("En regel")
    def proof() -> None: ...

    assert proof.__doc__ == "En regel"
