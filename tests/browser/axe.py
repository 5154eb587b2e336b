"""axe-core asks a page what WCAG 2.2 A and AA ask of it, and what is good practice besides."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

FILE = Path(__file__).parent / "vendored" / "axe-4.14.1.min.js"
ASKED = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@cache
def _source() -> str:
    return FILE.read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """What axe finds wrong on the page as it stands: the rule, what it asks, and the first places."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(_source())  # by the debugger's door: our own Content-Security-Policy lets no stranger's script in
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']}).then(answer => answer.violations.map("
        "one => one.id + ': ' + one.help + ' ' + JSON.stringify(one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)))))",
        ASKED,
    )
    return list(found)
