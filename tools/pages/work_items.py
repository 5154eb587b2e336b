"""docs/reference/work_items.md: who sees to what does not match inside the system, and within how many days."""

from __future__ import annotations

from tools.markdown import Pages, markdown_table, page
from tools.pages.django_ready import set_up


def work_items_page() -> Pages:
    """Make the page from the duties of `registers.reconciliation`, with the titles of the rules, in the order of the rules."""
    set_up()
    from fjorten.registers.models import WorkItem
    from fjorten.registers.reconcile.rules import RULES
    from fjorten.registers.reconciliation import ANYTHING_ELSE, DUTIES

    rows = [
        [rule.title, rule.code, duty.owner.label, _days(duty.days)] for rule in RULES for duty in [DUTIES.get(rule.code, ANYTHING_ELSE)]
    ]
    paragraphs = [
        "Det som ikke stemmer mellom Folkeregisteret og journalene våre, blir en oppgave med eier og frist. Oppgaven står til et menneske "
        "avslutter den, og åpnes igjen bare når det den gjelder, har endret seg siden. Hva hvert funn betyr, står i "
        "[Avstemmingen](finding-kinds.md).",
        "Fristene regnes i dager fra oppgaven ble åpnet. Eiere og frister er våre egne valg; kommunens leder bør se over dem.",
        markdown_table(["funn", "kode", "hos", "frist"], rows),
        "## Utfall når en oppgave avsluttes",
        markdown_table(["kode", "på norsk"], [[outcome.value, str(outcome.label)] for outcome in WorkItem.Resolution]),
    ]
    return {"work_items.md": page(title="Oppgaver og frister", paragraphs=paragraphs)}


def _days(number: int) -> str:
    return "1 dag" if number == 1 else f"{number} dager"
