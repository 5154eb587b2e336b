"""Dates, ages and evidence as a clerk reads them."""

from __future__ import annotations

from datetime import date, timedelta

from fjorten.kernel.ages import age_in_months
from fjorten.registers.reconcile import reference, words
from fjorten.registers.reconcile.facts import KNOWN_STATUSES
from fjorten.registers.reconcile.rules import RULES
from tests.spec.tables import check_table

ON = date(2026, 11, 21)


def test_ages_are_written_in_the_unit_that_fits() -> None:
    def age(*, born_on: date) -> str:
        return words.age(born_on, age_in_months(born_on, ON), ON)

    check_table(
        age,
        """
        born_on    | age
        2026-11-21 | 0 dager
        2026-11-20 | 1 dag
        2026-11-08 | 13 dager
        2026-11-07 | 2 uker
        2026-08-23 | 12 uker
        2026-08-22 | 2 mnd
        2026-08-21 | 3 mnd
        2024-11-22 | 23 mnd
        2024-11-21 | 2 år
        2024-08-21 | 2 år 3 mnd
        """,
        convert={"born_on": date.fromisoformat},
    )


def test_an_age_that_is_not_known_is_not_written() -> None:
    assert words.age(None, None, ON) == ""


def test_numbers_and_durations() -> None:
    assert words.amount(1284) == "1\u00a0284"
    assert words.duration(None) == ""
    assert [words.duration(days) for days in (0, 1, 1284)] == ["i dag", "1 dag", "1\u00a0284 dager"]
    assert [words.percent(share) for share in (0.0, 0.934, 0.999, 1.0)] == ["0\u00a0%", "93\u00a0%", "99\u00a0%", "100\u00a0%"]


def test_every_status_has_a_word_and_an_unknown_one_says_so() -> None:
    assert all("ukjent" not in words.status(code) for code in KNOWN_STATUSES)
    assert words.status("nyttOrd") == "«nyttOrd» (ukjent status)"


def test_every_kind_of_evidence_has_words() -> None:
    keys = {key for rule in RULES for key in rule.register}
    evidence = dict.fromkeys(keys, "x") | {key: "2026-01-02" for key in keys if key.endswith(("_on", "since"))} | {"status": "bosatt"}
    said = " ".join(map(str, words.said_by_register(evidence)))
    assert said.count("02.01.2026") == len([key for key in keys if key.endswith(("_on", "since"))])
    assert len(words.said_by_register(evidence)) >= len(keys) - 2  # country and day of a journey are one phrase


def test_a_reform_and_a_split_are_told_with_the_code() -> None:
    assert str(*words.said_by_register({"municipality": "1504", "municipality_now": "1508"})) == "Kommune 1504, nå 1508"
    assert str(*words.said_by_register({"municipality": "1507", "may_be_here": "yes"})) == "Kommune 1507, delt, kan være her"


def test_the_reference_page_tells_of_every_rule_and_every_file() -> None:
    page = "\n".join(reference.reference_paragraphs())
    for rule in RULES:
        assert all(text in page for text in (rule.code, rule.title, rule.meaning, rule.action.code, rule.action.sentence))
    assert all(name in page for name in ("findings.csv", "findings.json", "report.html", "protected.csv", "rejected.csv", "--force"))


def test_a_day_may_come_as_text() -> None:
    assert words.day("2026-11-21") == words.day(date(2026, 11, 20) + timedelta(days=1)) == "21.11.2026"
