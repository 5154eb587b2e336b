"""docs/reference/settings.md: what an installation reads from its environment."""

from __future__ import annotations

from tools.markdown import Pages, markdown_table, page

from fjorten.config.settings import SETTINGS


def settings_page() -> Pages:
    """Make the page from `fjorten.config.settings.SETTINGS`."""
    introduction = (
        "Innstillingene leses fra omgivelsene når en kommando starter. Ingen av dem må settes: uten dem er alt i mappen `var` der "
        "kommandoen kjøres."
    )
    rows = [[name, meaning] for name, meaning in sorted(SETTINGS.items())]
    return {"settings.md": page(title="Innstillinger", paragraphs=[introduction, markdown_table(["navn", "betydning"], rows)])}
