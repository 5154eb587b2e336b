"""The reference page about the findings, written from the rules themselves: docs/reference/finding-kinds.md."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from fjorten.registers.reconcile import overview, words
from fjorten.registers.reconcile.leads import LIKELY_LEAD, LIKELY_SCORE, MAY_BE_PROTECTED_SCORE
from fjorten.registers.reconcile.lists import FINDINGS_HEADINGS, PROTECTED_HEADINGS, REJECTED_HEADINGS
from fjorten.registers.reconcile.report import ROWS_SHOWN
from fjorten.registers.reconcile.rules import RULES, Rule

TITLE = "Avstemmingen: funnene, filene og grensene"


def reference_paragraphs() -> list[str]:
    """This function will write the page as blocks of Markdown, without the title: the rules as in the report, the files, the limits."""
    return [
        "Hva hvert funn betyr, hvor alvorlig det er, og den ene tingen du gjør. Kodene er faste og engelske; de står i "
        "findings.csv og findings.json. Alvor, grenser og ordlyd er våre valg; plikten til jevnlig kontroll mot Folkeregisteret "
        "er fra Helsedirektoratets retningslinje «Barn som ikke møter», og at "
        "retten følger oppholdet, fra pasient- og brukerrettighetsloven § 6-1.",
        *_rules(),
        "## Filene",
        "Alle filer skrives ferdig før noen av dem legges på plass, og bare eieren kan lese dem. En ny kjøring erstatter den forrige helt.",
        _list(
            (
                "`findings.csv`: ett funn per linje. UTF-8 med BOM, semikolon, alle celler i anførselstegn; en celle som et regneark ville "
                f"tatt for en formel, får en apostrof foran. Kolonner: {', '.join(FINDINGS_HEADINGS)}.",
                "`findings.json`: det samme for programmer. Beskrevet av `findings.schema.json`.",
                f"`report.html`: til å lese og skrive ut. Viser inntil {ROWS_SHOWN} barn i hver liste.",
                "`protected.csv`: barn med adressebeskyttelse og barn som kan ha det. Ingen adresse, kommune, helsestasjon eller annet som "
                f"forteller hvor barnet er. Finnes bare når det er noen. Kolonner: {', '.join(PROTECTED_HEADINGS)}.",
                f"`rejected.csv`: rader som ikke kunne leses. Kolonner: {', '.join(REJECTED_HEADINGS)}.",
            )
        ),
        "Kommandoen svarer med 0 når det ikke er noe å gjøre, 1 når det er funn, og 2 når filene ikke kan brukes.",
        "## Når filene nesten ikke passer sammen",
        "Da er det trolig feil kommune eller gamle filer. Kommandoen sier det og stopper, om du ikke skriver `--force`.",
        _list(
            (
                *_levels("åpne journaler", overview.JOURNALS_FOUND, "gjelder barn som bor her"),
                *_levels("barn som bor her", overview.RESIDENTS_FOUND, "har en journal i filen"),
            )
        ),
        "## Hvem som er spurt om",
        _list(
            (
                "Barn i aldersgruppen, i hele år på dagen. Åpne journaler på andre aldre telles og er ellers utenfor spørsmålet.",
                "Den som er død, blir ikke eldre: alderen ved dødsfallet gjelder.",
                "En journal uten nummer regnes etter fødselsdatoen sin; mangler den, er journalen med.",
            )
        ),
        "## Adressebeskyttelse",
        _list(
            (
                "Strengeste gradering på personen og adressene gjelder. Klientadresse skjuler adressen, ikke barnet.",
                "Et barn som bare har sted gjennom moren, eller bor på hennes adresse, er like beskyttet som hun.",
                "En bosatt uten kommune regnes som beskyttet, for slik ser streng adressesperre ut i en fil.",
                "Et oppslag eller en journaladresse som selv sier sperret, skjermet, gradert eller fortrolig, blir trodd.",
                f"En journal som med minst {words.percent(MAY_BE_PROTECTED_SCORE)} sannsynlighet er et beskyttet barns, vises ikke.",
            )
        ),
        "## Journaler uten nummer",
        "Forslagene slås aldri sammen av systemet. Når ett barn som er her uten journal, passer med minst "
        f"{words.percent(LIKELY_SCORE)} og er minst {words.percent(LIKELY_LEAD)} foran neste, nevnes barnet i funnet om journalen og "
        f"ikke en gang til som «{RULES[0].title}».",
    ]


def _rules() -> Iterator[str]:
    for part, rules in groupby(RULES, key=lambda rule: rule.part):
        yield f"## {words.PARTS[part]}"
        for rule in rules:
            yield f"### {rule.title}"
            yield _rule(rule)


def _rule(rule: Rule) -> str:
    severity = " ".join(part for part in (f"{words.SEVERITIES[rule.severity]}.", rule.severity_note) if part)
    return _list(
        (
            f"Kode: `{rule.code}`",
            f"Alvor: {severity}",
            f"Betyr: {rule.meaning}",
            f"Gjør dette: {rule.action.sentence} (`{rule.action.code}`)",
            f"Fra registeret: {_keys(rule.register)}",
            f"Fra journalen: {_keys(rule.journal)}",
        )
    )


def _keys(keys: Sequence[str]) -> str:
    return ", ".join(f"`{key}`" for key in keys) or "ingenting"


def _levels(what: str, levels: Sequence[overview.Level], holds: str) -> Iterator[str]:
    for level in levels:
        asked = f"færre enn {words.percent(level.share)}" if level.share else "ingen"
        yield f"Minst {level.rows} {what}, og {asked} av dem {holds}."


def _list(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
