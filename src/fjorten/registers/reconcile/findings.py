"""A finding, and how the answers of the rules become findings with the evidence of both sides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

from fjorten.kernel.ages import age_in_months
from fjorten.kernel.names import sort_key
from fjorten.registers.reconcile import facts, leads
from fjorten.registers.reconcile.evidence import Evidence, Row, display_name, of_journal, of_register
from fjorten.registers.reconcile.rules import BY_CODE, RULES, Action, Rule, Severity

if TYPE_CHECKING:
    import duckdb

    from fjorten.registers.reconcile.request import Request

_PLACE_OF_SEVERITY: Final = {severity: place for place, severity in enumerate(Severity)}
_PLACE_OF_RULE: Final = {rule.code: place for place, rule in enumerate(RULES)}

_PERSONS_FOUND: Final = """
    SELECT register.* EXCLUDE (address, last_changed_at), place, lives_with_mother, may_be_here, number_since,
        CASE WHEN protection IS DISTINCT FROM 'client' THEN address END AS address, protection = 'client' AS address_is_hidden
    FROM register
    JOIN (SELECT person_key, place, lives_with_mother, may_be_here FROM unprotected) USING (person_key)
    LEFT JOIN (
        SELECT person_key, number, max(since) AS number_since
        FROM register_number SEMI JOIN found USING (person_key) GROUP BY person_key, number
    ) AS history ON history.person_key = register.person_key AND history.number = register.number
    WHERE register.person_key IN (SELECT person_key FROM found)
"""

_JOURNALS_FOUND: Final = """
    SELECT journal.*, unplaced.lookup_answer FROM journal LEFT JOIN unplaced USING (journal_key)
    WHERE journal_key IN (SELECT journal_key FROM found)
"""

# How many suggestions are worth a clerk's eyes [default].
CANDIDATES_SHOWN: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """
    Someone, or some journal, that may belong to a finding. A suggestion and nothing more: a person decides.

    `score` is the matching's probability, 0 to 1, `evidence` what it rests on. A child of the register has `number` and `place` (here,
    stays, elsewhere ...); a journal without a usable number has `line`, and `journal_id` when the system gave one.
    """

    score: float
    evidence: str
    name: str | None = field(repr=False)
    born_on: date | None = field(repr=False)
    number: str | None = field(default=None, repr=False)
    place: str | None = None
    journal_id: str | None = field(default=None, repr=False)
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """
    One child's one problem.

    `numbers` holds the number the child has now first, then those in the journals. `age_months` are completed months on the day of the run
    (for the dead, on the day of death). `days` is how long it has stood; None when neither side says since when. The evidence maps the
    rule's own keys to what each side holds: ISO dates, the register's own codes. Nothing in a `repr` points at a person.
    """

    rule: str
    severity: Severity
    numbers: tuple[str, ...] = field(repr=False)
    name: str | None = field(repr=False)
    born_on: date | None = field(repr=False)
    age_months: int | None
    since_on: date | None
    days: int | None
    register_evidence: Evidence = field(repr=False)
    journal_evidence: tuple[Evidence, ...] = field(repr=False)
    candidates: tuple[Candidate, ...] = field(default=(), repr=False)

    @property
    def action(self) -> Action:
        """The one thing to do."""
        return BY_CODE[self.rule].action


def prepare(connection: duckdb.DuckDBPyConnection, request: Request) -> None:
    """This function will make every relation that the rules ask, from the relations of the readers. To be called before those below."""
    facts.prepare(connection, request)
    leads.prepare(connection)


def find(connection: duckdb.DuckDBPyConnection, request: Request) -> list[Finding]:
    """
    This function will ask all rules and return their findings in the order of the report: rule, severity, longest stood, name.

    Nobody protected is among them: see `protected.protected_cases`. Needs `prepare`. The rules run inside the database; only what was found
    is fetched.
    """
    answers = " UNION ALL ".join(
        f"""SELECT '{rule.code}' AS rule, about::VARCHAR AS about, person_key, journal_key, since_on::DATE AS since_on,
            severity::VARCHAR AS severity FROM ({rule.select})"""
        for rule in RULES
        if rule.select
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE found AS {answers}")
    return sorted(_findings(connection, request.on), key=_order)


def _findings(connection: duckdb.DuckDBPyConnection, on: date) -> Iterator[Finding]:
    persons = {row["person_key"]: row for row in rows_of(connection, _PERSONS_FOUND)}
    journals = {row["journal_key"]: row for row in rows_of(connection, _JOURNALS_FOUND)}
    gone = {row["gone_key"]: row for row in rows_of(connection, "FROM gone WHERE protected_as IS NULL")}
    suggestions = _Suggestions(connection)
    grouped = rows_of(
        connection,
        """SELECT rule, about, any_value(person_key) AS person_key, min(since_on) AS since_on,
            bool_or(severity = 'high') IS TRUE AS is_high,
            coalesce(list(DISTINCT journal_key ORDER BY journal_key) FILTER (journal_key IS NOT NULL), []) AS journal_keys
        FROM found GROUP BY rule, about""",
    )
    for answer in grouped:
        rule = BY_CODE[answer["rule"]]
        person = persons.get(answer["person_key"]) or gone.get(answer["about"])
        of_child = [journals[key] for key in answer["journal_keys"]]
        yield _finding(
            rule,
            person=person,
            journals=of_child,
            candidates=suggestions.for_finding(rule, person_key=answer["person_key"], journal_keys=answer["journal_keys"]),
            severity=Severity.HIGH if answer["is_high"] else rule.severity,
            since_on=answer["since_on"],
            on=on,
        )


def _finding(
    rule: Rule,
    *,
    person: Row | None,
    journals: Sequence[Row],
    candidates: tuple[Candidate, ...],
    severity: Severity,
    since_on: date | None,
    on: date,
) -> Finding:
    child: Row = person if person is not None else journals[0]
    born_on = child.get("born_on") or next((journal["born_on"] for journal in journals if journal["born_on"]), None)
    seen_on = min(child.get("died_on") or on, on)
    numbers = [child.get("number"), *(journal["number"] for journal in journals)]
    return Finding(
        rule=rule.code,
        severity=severity,
        numbers=tuple(dict.fromkeys(number for number in numbers if number is not None)),
        name=display_name(child) or next((name for name in map(display_name, journals) if name), None),
        born_on=born_on,
        age_months=None if born_on is None or born_on > seen_on else age_in_months(born_on, seen_on),
        since_on=since_on,
        days=None if since_on is None else max(0, (on - since_on).days),
        register_evidence=of_register(rule, child),
        journal_evidence=tuple(of_journal(rule, journal) for journal in journals),
        candidates=candidates,
    )


def _order(finding: Finding) -> tuple[int, int, date, str, tuple[str, ...]]:
    return (
        _PLACE_OF_RULE[finding.rule],
        _PLACE_OF_SEVERITY[finding.severity],
        finding.since_on or date.max,
        sort_key(finding.name or ""),
        finding.numbers,
    )


class _Suggestions:
    """The suggestions that may be shown, by the journal they are for and by the child they name; the best first."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._of_journal: defaultdict[int, list[Row]] = defaultdict(list)
        self._of_person: defaultdict[int, list[Row]] = defaultdict(list)
        for row in rows_of(connection, "FROM shown_candidate ORDER BY score DESC, number, line"):
            self._of_journal[row["journal_key"]].append(row)
            self._of_person[row["person_key"]].append(row)

    def for_finding(self, rule: Rule, *, person_key: int | None, journal_keys: Sequence[int]) -> tuple[Candidate, ...]:
        if not rule.shows_candidates:
            return ()
        if person_key is not None:
            return tuple(_journal_suggested(row) for row in self._of_person[person_key][:CANDIDATES_SHOWN])
        return tuple(_child_suggested(row) for key in journal_keys for row in self._of_journal[key][:CANDIDATES_SHOWN])


def _child_suggested(row: Row) -> Candidate:
    return Candidate(
        score=row["score"],
        evidence=row["evidence"],
        name=display_name(row),
        born_on=row["born_on"],
        number=row["number"],
        place=row["place"],
    )


def _journal_suggested(row: Row) -> Candidate:
    return Candidate(
        score=row["score"],
        evidence=row["evidence"],
        name=display_name(row, prefix="journal_"),
        born_on=row["journal_born_on"],
        journal_id=row["journal_id"],
        line=row["line"],
    )


def rows_of(connection: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    """This function will fetch the rows of a query as mappings from column to value."""
    answer = connection.execute(query)
    columns = [column[0] for column in answer.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in answer.fetchall()]
