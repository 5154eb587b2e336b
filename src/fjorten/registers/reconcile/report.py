"""report.html: one file that opens anywhere, reads aloud, prints, and needs no script and no network. Summary first, then the lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.resources import files
from itertools import groupby
from typing import Final

from fjorten.registers.reconcile import words
from fjorten.registers.reconcile.findings import Finding
from fjorten.registers.reconcile.markup import Child, Html, element, join
from fjorten.registers.reconcile.reconciliation import Reconciliation
from fjorten.registers.reconcile.rules import BY_CODE, RULES, Rule, Severity
from fjorten.registers.reconcile.words import Said, amount, children, counted, day

# A list that nobody can read to its end is not shown to its end: the rest is in findings.csv, and the report says so [default].
ROWS_SHOWN: Final = 500

# Steps on a track, the first of them taken: the mark of the pages.
_MARK: Final = Html(
    '<svg viewBox="0 0 34 24" width="34" height="24" aria-hidden="true" focusable="false">'
    '<path d="M4 19 12 9l8 2 10 8" fill="none" stroke="#fff" stroke-width="1.5"/>'
    '<circle cx="4" cy="19" r="3" fill="#fff"/><circle cx="12" cy="9" r="3.4" fill="#fff"/>'
    '<circle cx="20" cy="11" r="3" fill="#e5a35c"/><circle cx="30" cy="19" r="3" fill="#fff"/></svg>'
)

_CONFIDENTIAL: Final = "Taushetsbelagt. Makuleres etter bruk."


def report_html(answer: Reconciliation) -> str:
    """
    This function will write the report: self-contained HTML in Norwegian, without a script and without anything fetched from elsewhere.

    Nobody protected is in it but as a number. Every text from the files is escaped.
    """
    title = f"Avstemming mot Folkeregisteret, kommune {answer.request.municipality}, {day(answer.request.on)}"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="robots", content="noindex"),
        element("title", title),
        Html(f"<style>\n{_css()}</style>"),
    )
    body = element("body", element("a", "Hopp til listene", class_="skip", href="#lister"), _top(answer), _main(answer), _footer())
    return f"<!doctype html>\n{element('html', head, body, lang='nb')}\n"


def _css() -> str:
    return files("fjorten.registers.reconcile").joinpath("report.css").read_text(encoding="utf-8")


def _top(answer: Reconciliation) -> Html:
    return element(
        "header",
        element(
            "div",
            element("b", _MARK, "fjorten"),
            element("span", f"Kommune {answer.request.municipality} · status per {day(answer.request.on)}"),
        ),
        class_="top",
    )


def _main(answer: Reconciliation) -> Html:
    return element(
        "main",
        element(
            "div",
            element("h1", "Registeret og journalene side om side"),
            element(
                "p",
                f"Barn {_ages(answer)} i kommune {answer.request.municipality} per {day(answer.request.on)}: hvem bor her, hvem har "
                "journal, og hva stemmer ikke. Hvert funn er ett barn og én ting å gjøre. Ingenting er slått sammen, lukket eller sendt.",
                class_="muted",
            ),
            element("p", f"{_CONFIDENTIAL} Inneholder navn og fødselsnummer.", class_="on-paper"),
            class_="lead",
        ),
        _warning(answer),
        _summary(answer),
        *_lists(answer),
        _protected(answer),
    )


def _warning(answer: Reconciliation) -> Html | None:
    if answer.warning is None:
        return None
    return element(
        "section",
        element("h2", "Filene passer nesten ikke sammen"),
        element("p", f"{answer.warning} Listene er laget likevel (--force)."),
        class_="panel warning",
    )


def _summary(answer: Reconciliation) -> Html:
    return element(
        "section",
        element("h2", "Oppsummering", class_="seen-by-readers", id="oppsummering"),
        element("div", _figure(answer), _what_was_read(answer), class_="side"),
        _table_of_rules(answer),
        class_="summary",
        aria_labelledby="oppsummering",
    )


def _figure(answer: Reconciliation) -> Html:
    counts = answer.counts
    unknown = counts.without_journal + counts.with_closed_journal + counts.with_likely_journal
    parts = (
        ("open", "Har åpen journal", counts.with_journal),
        ("likely", "Har trolig en journal uten nummer", counts.with_likely_journal),
        ("closed", "Har bare lukket journal", counts.with_closed_journal),
        ("without", "Har ingen journal", counts.without_journal),
        ("protected", "Har adressebeskyttelse", counts.protected_residents),
    )
    return element(
        "div",
        element("p", element("strong", amount(unknown), class_=None if unknown else "none")),
        element(
            "p",
            "barn bor her uten en journal som virker. Ingen kaller dem inn før det er ordnet."
            if unknown
            else "barn bor her uten journal. Alle som bor her, er kjent.",
        ),
        _bar([(kind, count) for kind, _, count in parts], of=counts.residents),
        element(
            "dl",
            element("div", element("dt", f"Bor her, {_ages(answer)}"), element("dd", amount(counts.residents)), class_="total"),
            *(element("div", element("dt", label, class_=kind), element("dd", amount(count))) for kind, label, count in parts),
            class_="balance",
        ),
        class_="panel figure",
    )


def _bar(parts: Sequence[tuple[str, int]], *, of: int) -> Html | None:
    """The residents as one line, divided; a part of a single child is still seen. The figures stand below it, so it is only decoration."""
    if of == 0:
        return None
    widths = [(kind, max(1000 * count // of, 8)) for kind, count in parts if count]
    drawn, start = [], 0
    for kind, width in widths:
        drawn.append(element("rect", x=str(start), y="0", width=str(width), height="10", class_=kind))
        start += width + 3
    return element(
        "svg", *drawn, viewBox=f"0 0 {start - 3} 10", preserveAspectRatio="none", class_="bar", aria_hidden="true", focusable="false"
    )


def _what_was_read(answer: Reconciliation) -> Html:
    counts = answer.counts
    return element(
        "div",
        element("h3", "Hva som er lest"),
        element(
            "p",
            f"{counted(counts.journals, 'journal', 'journaler')}. {amount(counts.open_journals)} av dem er åpne og gjelder "
            f"{_ages(answer)}; {amount(counts.journals_out_of_range)} åpne gjelder andre aldre og er ikke vurdert.",
        ),
        element("p", f"Siste endring i registerfilen er fra {day(counts.newest_change_on)}.") if counts.newest_change_on else None,
        element(
            "p", f"{counted(counts.rejected_rows, 'rad', 'rader')} kunne ikke leses. Se rejected.csv for linje og årsak.", class_="late"
        )
        if counts.rejected_rows
        else element("p", "Alle rader kunne leses."),
        element("p", f"{amount(counts.failed_lookups)} oppslag i registerfilen fikk feil til svar.", class_="late")
        if counts.failed_lookups
        else None,
        *(element("p", note) for note in answer.notes),
        element("p", "Flytting kan meldes opptil åtte dager etter. Et barn som ikke står i registeret, kan likevel være her."),
        class_="panel figure notes",
    )


def _ages(answer: Reconciliation) -> str:
    ages = answer.request.ages
    return f"{ages.lowest}–{ages.highest} år" if ages.lowest != ages.highest else f"{ages.lowest} år"


def _table_of_rules(answer: Reconciliation) -> Html:
    count_by_rule = answer.count_by_rule
    groups = [
        element(
            "tbody",
            _row(element("th", words.PARTS[part], scope="colgroup", colspan="4", role="cell")),
            *(_row_of_rule(rule, count_by_rule[rule.code]) for rule in rules),
            role="rowgroup",
            class_="group",
        )
        for part, rules in groupby(RULES, key=lambda rule: rule.part)
    ]
    return element(
        "div",
        element(
            "table",
            element("caption", "Alle slags funn, også de det ikke er noen av.", class_="seen-by-readers"),
            element("thead", _row(*(_heading(text, class_=class_) for text, class_ in _RULE_HEADINGS)), role="rowgroup"),
            *groups,
            role="table",
            class_="of-rules",
        ),
        class_="panel",
    )


_RULE_HEADINGS: Final = (("Funn", None), ("Alvor", None), ("Antall", "n"), ("Gjør dette", None))


def _row_of_rule(rule: Rule, count: int) -> Html:
    title = element("a", rule.title, href=f"#{rule.code}") if count else rule.title
    return _row(
        element("th", title, scope="row", role="rowheader"),
        element("td", _severity(rule.severity) if count else None, role="cell"),
        element("td", amount(count), role="cell", class_="n"),
        element("td", rule.action.sentence if count else element("span", "Ingen", class_="muted"), role="cell"),
    )


def _lists(answer: Reconciliation) -> Iterable[Html]:
    found = {code: list(findings) for code, findings in groupby(answer.findings, key=lambda finding: finding.rule)}
    first = True
    for part, rules in groupby(RULES, key=lambda rule: rule.part):
        with_findings = [rule for rule in rules if rule.code in found]
        if not with_findings:
            continue
        yield element("h2", words.PARTS[part], class_="part", id="lister" if first else None)
        first = False
        for rule in with_findings:
            yield _list(rule, found[rule.code], answer)
    if first:
        yield element(
            "p", "Ingen funn. Registeret og journalene stemmer for alle barn i aldersgruppen.", class_="panel none-found", id="lister"
        )


def _list(rule: Rule, findings: Sequence[Finding], answer: Reconciliation) -> Html:
    shown = findings[:ROWS_SHOWN]
    caption = f"{children(len(findings))}{'. Høyest alvor og lengst tid først.' if len(findings) > 1 else '.'}"
    if len(shown) < len(findings):
        caption = f"Viser {amount(len(shown))} av {children(len(findings))}. Alle står i findings.csv."
    return element(
        "section",
        element(
            "header",
            element("h3", rule.title, element("span", amount(len(findings)), class_="count"), _severity(rule.severity), id=rule.code),
            element("p", rule.meaning, *([f" {rule.severity_note}"] if rule.severity_note else []), class_="muted"),
            element("p", rule.action.sentence, class_="act"),
        ),
        element(
            "table",
            element("caption", element("span", f"{rule.title}: ", class_="seen-by-readers"), caption),
            element("colgroup", *(element("col") for _ in range(4))),
            element("thead", _row(*(_heading(text) for text in _headings(rule))), role="rowgroup"),
            element("tbody", *(_row_of_finding(rule, finding, answer) for finding in shown), role="rowgroup"),
            role="table",
            class_="of-children",
        ),
        class_="panel rule",
        aria_labelledby=rule.code,
    )


def _headings(rule: Rule) -> tuple[str, str, str, str]:
    from_register = "I Folkeregisteret" if rule.register else "Forslag fra Folkeregisteret"
    from_journal = "I journalen" if rule.journal else "Mulig journal"
    return "Barn", from_register, from_journal, "Har stått siden"


def _row_of_finding(rule: Rule, finding: Finding, answer: Reconciliation) -> Html:
    _, from_register, from_journal, since = _headings(rule)
    register = [_said(words.said_by_register(finding.register_evidence))] if finding.register_evidence else []
    journals = [_said(words.said_by_journal(journal)) for journal in finding.journal_evidence]
    suggestions = [_said(words.said_of_suggestion(candidate)) for candidate in finding.candidates]
    (register if any(candidate.number for candidate in finding.candidates) else journals).extend(suggestions)
    return _row(
        element("th", *_who(rule, finding, answer), scope="row", role="rowheader"),
        _evidence(register, heading=from_register),
        _evidence(journals, heading=from_journal),
        element(
            "td",
            *(
                [day(finding.since_on), element("span", words.duration(finding.days), class_="sub")]
                if finding.since_on
                else [element("span", "Ukjent", class_="muted")]
            ),
            role="cell",
            data_heading=since,
        ),
    )


def _who(rule: Rule, finding: Finding, answer: Reconciliation) -> Iterable[Child]:
    yield element("span", finding.name or "Uten navn", class_="who")
    age = words.age(finding.born_on, finding.age_months, answer.request.on)
    born = f"f. {day(finding.born_on)}" if finding.born_on else "fødselsdato mangler"
    yield element("span", " · ".join(part for part in (age, born) if part), class_="sub")
    for number in finding.numbers[:1]:
        yield element("span", _number(number), class_="sub")
    if finding.severity is not rule.severity:
        yield _severity(finding.severity)


def _said(said: Sequence[Said]) -> Html:
    """The first thing said on a line of its own, the rest in small under it: two lines a cell, as far as the width goes."""
    first, *others = said
    details = [join(" · " if place else None, _line(one)) for place, one in enumerate(others)]
    return element("div", _line(first), element("span", *details, class_="sub") if details else None, class_="said")


def _line(said: Said) -> Html:
    value: Child = _number(said.value) if said.is_number else said.value
    return join(f"{said.label} " if said.label else None, value)


def _number(number: str) -> Html:
    """Six and five digits with a gap that is seen and not copied."""
    return element("span", element("span", number[:6]), element("span", number[6:]), class_="id")


def _evidence(parts: Sequence[Html], *, heading: str) -> Html:
    """A cell; an empty one says so to a screen reader, and is left out where rows have become cards."""
    if parts:
        return element("td", *parts, role="cell", data_heading=heading)
    nothing = (element("span", "–", aria_hidden="true"), element("span", "ingen", class_="seen-by-readers"))
    return element("td", *nothing, role="cell", class_="empty")


def _protected(answer: Reconciliation) -> Html:
    rule = BY_CODE["address_protected"]
    count = len(answer.protected)
    return element(
        "section",
        element(
            "header",
            element("h2", rule.title, element("span", f" {amount(count)}", class_="count plum"), id=rule.code),
            element("p", rule.meaning, class_="muted"),
            element("p", rule.action.sentence if count else "Ingen i denne avstemmingen.", class_="act"),
        ),
        class_="panel",
        aria_labelledby=rule.code,
    )


def _footer() -> Html:
    return element("footer", element("p", f"{_CONFIDENTIAL} Laget med fjorten av to filer, uten å sende noe fra seg."))


def _row(*cells: Html) -> Html:
    return element("tr", *cells, role="row")


def _heading(text: str, *, class_: str | None = None) -> Html:
    return element("th", text, scope="col", role="columnheader", class_=class_)


def _severity(severity: Severity) -> Html:
    return element("span", words.SEVERITIES[severity], class_=f"pill {severity.value}")
