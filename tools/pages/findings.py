"""docs/reference/finding-kinds.md: what the reconciliation finds, written by the rules themselves."""

from __future__ import annotations

from tools.markdown import Pages, page

from fjorten.registers.reconcile.reference import TITLE, reference_paragraphs


def finding_kinds_page() -> Pages:
    """Make the page from `registers.reconcile.reference`."""
    return {"finding-kinds.md": page(title=TITLE, paragraphs=reference_paragraphs())}
