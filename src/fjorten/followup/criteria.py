"""
The criteria of the duty to report to child welfare (hpl § 33, bvl § 13-2), and by when it owes the reporter an answer. Pure; data.

They are words for a professional to weigh. No function here or anywhere weighs them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources

from fjorten.kernel.ages import add_months
from fjorten.programme.tables import Table, opened


@dataclass(frozen=True, slots=True)
class Criterion:
    """One letter of the paragraph, with its words by language."""

    code: str
    name: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DutyToReport:
    """The criteria, and the days and months within which child welfare answers."""

    reference: str
    criteria: tuple[Criterion, ...]
    review_days: int
    receipt_days: int
    investigation_months: int
    after_investigation_days: int

    def receipt_due_on(self, sent_on: date) -> date:
        """Tell by when the receipt is owed for a report sent on a day."""
        return sent_on + timedelta(days=self.receipt_days)

    def after_investigation_due_on(self, begun_on: date) -> date:
        """Tell by when word is owed after an investigation begun on a day, if it takes as long as it may."""
        return add_months(begun_on, self.investigation_months) + timedelta(days=self.after_investigation_days)

    def latest_answer_due_on(self, sent_on: date) -> date:
        """Tell by when the last word is owed for a report sent on a day while nobody knows yet whether there is an investigation."""
        return self.after_investigation_due_on(sent_on + timedelta(days=self.review_days))


@cache
def duty_to_report() -> DutyToReport:
    """This function will read the criteria that ship with fjorten. Raises DefinitionIsInvalid."""
    file = "criteria.toml"
    return read_duty_to_report(tomllib.loads(resources.files("fjorten.followup").joinpath(file).read_text(encoding="utf-8")), file=file)


def read_duty_to_report(content: Mapping[str, object], *, file: str) -> DutyToReport:
    """This function will make criteria of the tables of their file. Raises DefinitionIsInvalid with every mistake that can be found."""
    with opened(content, file=file) as top:
        reference = top.reference(example="duty-to-report")
        top.review_days()
        for field in ("source", "certainty", "words"):
            top.text(field, example='"source"')
        numbers = _answers(top)
        criteria = [_criterion(table) for table in top.tables("criterion")]
        if len({criterion.code for criterion in criteria}) != len(criteria) or not criteria:
            top.note("criterion", "is missing, or two have the same letter")
    return DutyToReport(reference=reference, criteria=tuple(criteria), **numbers)


def _answers(top: Table) -> dict[str, int]:
    table = top.table_or_empty("answers")
    keys = ("review_days", "receipt_days", "investigation_months", "after_investigation_days")
    numbers = {key: table.number(key, example="21") or 0 for key in keys}
    for field in ("source", "certainty", "investigation_certainty"):
        table.text(field, example='"source"')
    table.close()
    return numbers


def _criterion(table: Table) -> Criterion:
    criterion = Criterion(table.text("code", example='"a"'), table.names("name"))
    table.close()
    return criterion
