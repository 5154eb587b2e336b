"""The lists for a spreadsheet and for other programs: findings.csv, protected.csv, rejected.csv and findings.json."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from fjorten.registers.reconcile import words
from fjorten.registers.reconcile.findings import Candidate, Finding
from fjorten.registers.reconcile.protected import Grade, Matter, ProtectedCase
from fjorten.registers.reconcile.reconciliation import Reconciliation
from fjorten.registers.reconcile.rules import BY_CODE

# findings.json, described by docs/reference/findings.schema.json. A new key is a new minor version; a changed or removed one a new major.
JSON_FORMAT: Final = "fjorten/findings"
JSON_VERSION: Final = "1.0"

# A spreadsheet takes a cell that starts so for a formula, also when it is quoted. OWASP ASVS 5.0, 1.2.10 [source]; full-width signs, which
# some take for the same, and apostrophes before any of them, so that what was written can always be read back [default].
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r\n\0＝＋－＠]")

FINDINGS_HEADINGS: Final = (
    "Regel", "Funn", "Alvor", "Fødselsnummer", "Andre numre", "Navn", "Født", "Alder", "Siden", "Dager", "Folkeregisteret", "Journalen",
    "Forslag", "Tiltakskode", "Tiltak",
)  # fmt: skip
PROTECTED_HEADINGS: Final = ("Regel", "Fødselsnummer", "Navn", "Født", "Alder", "Gradering", "Journal", "Gjelder", "Tiltakskode", "Tiltak")
REJECTED_HEADINGS: Final = ("Fil", "Linje", "Årsak")

_GRADES: Final[Mapping[Grade, str]] = {
    Grade.CONFIDENTIAL: "Fortrolig",
    Grade.STRICTLY_CONFIDENTIAL: "Strengt fortrolig",
    Grade.UNKNOWN: "Ikke oppgitt, kan være beskyttet",
}
_MATTERS: Final[Mapping[Matter, str]] = {
    Matter.WITHOUT_JOURNAL: "Har ikke journal",
    Matter.CLOSED_JOURNAL: "Journalen er lukket",
    Matter.JOURNAL_TO_ASSESS: "Journalen må vurderes",
    Matter.DEAD: "Registrert død",
    Matter.IDENTIFIER_CHANGED: "Har fått nytt nummer",
    Matter.TWO_JOURNALS: "Har to journaler",
    Matter.NUMBER_MISSING: "Journal uten fødselsnummer",
    Matter.NUMBER_INVALID: "Ugyldig nummer i journalen",
    Matter.NOT_IN_EXTRACT: "Nummeret i journalen finnes ikke i uttrekket",
    Matter.GONE: "Borte fra uttrekket",
    Matter.BIRTH_DATE: "Ulik fødselsdato",
    Matter.NAME: "Ulikt navn",
}


def safe_cell(text: str) -> str:
    """
    Write a cell that no spreadsheet runs: a text that starts as a formula, a tab, a line break or NUL gets an apostrophe in front.

    `read_cell` takes it away again; every text comes back as it was.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def read_cell(cell: str) -> str:
    """Read a cell as `safe_cell` wrote it."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def as_csv(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """
    This function will write a table as a Norwegian spreadsheet opens it: a byte order mark, semicolons, every cell quoted and safe.

    Numbers, national numbers too, are texts with all their digits.
    """
    text = io.StringIO(newline="")
    text.write("\ufeff")
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return text.getvalue()


def findings_csv(answer: Reconciliation) -> str:
    """This function will write findings.csv: one line a finding, nobody protected."""
    return as_csv(FINDINGS_HEADINGS, (_finding_row(finding, answer) for finding in answer.findings))


def protected_csv(answer: Reconciliation) -> str:
    """This function will write protected.csv: who, and what there is to look at; nothing that locates."""
    return as_csv(PROTECTED_HEADINGS, (_protected_row(case, answer) for case in answer.protected))


def rejected_csv(answer: Reconciliation) -> str:
    """This function will write rejected.csv: file, line and reason of each row that could not be read, and nothing of what stood in it."""
    rows = ((row.source, "" if row.line is None else str(row.line), row.reason) for row in answer.rejected)
    return as_csv(REJECTED_HEADINGS, rows)


def findings_json(answer: Reconciliation) -> str:
    """This function will write findings.json, as docs/reference/findings.schema.json describes it."""
    request, counts = answer.request, answer.counts
    document = {
        "format": JSON_FORMAT,
        "version": JSON_VERSION,
        "on": request.on.isoformat(),
        "municipality": request.municipality,
        "ages": {"lowest": request.ages.lowest, "highest": request.ages.highest},
        "forced": answer.warning is not None,
        "residents": {
            "total": counts.residents,
            "with_journal": counts.with_journal,
            "with_likely_journal": counts.with_likely_journal,
            "with_closed_journal": counts.with_closed_journal,
            "without_journal": counts.without_journal,
            "protected": counts.protected_residents,
        },
        "counts": dict(answer.count_by_rule),
        "rejected": counts.rejected_rows,
    }
    # A finding a line: readable, and several times as fast as indenting all of it.
    head = json.dumps(document, ensure_ascii=False, indent=1).removesuffix("\n}")
    findings = ",\n".join(f"  {json.dumps(_finding_object(finding), ensure_ascii=False)}" for finding in answer.findings)
    return f'{head},\n "findings": [\n{findings}\n ]\n}}\n'


def _finding_row(finding: Finding, answer: Reconciliation) -> tuple[str, ...]:
    rule = BY_CODE[finding.rule]
    first, *others = finding.numbers or ("",)
    return (
        finding.rule,
        rule.title,
        words.SEVERITIES[finding.severity],
        first,
        ", ".join(others),
        finding.name or "",
        words.day(finding.born_on),
        words.age(finding.born_on, finding.age_months, answer.request.on),
        words.day(finding.since_on),
        "" if finding.days is None else str(finding.days),
        " · ".join(map(str, words.said_by_register(finding.register_evidence))),
        " | ".join(" · ".join(map(str, words.said_by_journal(journal))) for journal in finding.journal_evidence),
        " | ".join(" · ".join(map(str, words.said_of_suggestion(candidate))) for candidate in finding.candidates),
        finding.action.code,
        finding.action.sentence,
    )


def _protected_row(case: ProtectedCase, answer: Reconciliation) -> tuple[str, ...]:
    rule = BY_CODE["address_protected"]
    return (
        rule.code,
        case.number or "",
        case.name or "",
        words.day(case.born_on),
        words.age(case.born_on, case.age_months, answer.request.on),
        _GRADES[case.grade] + (" (gjelder moren)" if case.is_through_mother else ""),
        ", ".join(case.journal_ids),
        " · ".join(_MATTERS[matter] for matter in case.matters) or "Følges opp for hånd",
        rule.action.code,
        rule.action.sentence,
    )


def _finding_object(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "numbers": list(finding.numbers),
        "name": finding.name,
        "born_on": None if finding.born_on is None else finding.born_on.isoformat(),
        "age_months": finding.age_months,
        "since_on": None if finding.since_on is None else finding.since_on.isoformat(),
        "days": finding.days,
        "register": dict(finding.register_evidence) or None,
        "journals": [dict(journal) for journal in finding.journal_evidence],
        "candidates": [_candidate_object(candidate) for candidate in finding.candidates],
        "action": {"code": finding.action.code, "sentence": finding.action.sentence},
    }


def _candidate_object(candidate: Candidate) -> dict[str, Any]:
    return {
        "score": round(candidate.score, 3),
        "evidence": candidate.evidence,
        "name": candidate.name,
        "born_on": None if candidate.born_on is None else candidate.born_on.isoformat(),
        "number": candidate.number,
        "place": candidate.place,
        "journal_id": candidate.journal_id,
        "line": candidate.line,
    }
