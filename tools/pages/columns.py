"""docs/reference/columns.md: which columns `fjorten reconcile` reads, and by which headings it knows them."""

from __future__ import annotations

from tools.markdown import Pages, markdown_table, page

from fjorten.registers.reconcile.columns import JOURNAL_HEADINGS, REGISTER_COLUMNS


def columns_page() -> Pages:
    """Make the page from `registers.reconcile.columns`."""
    headings = [[column, ", ".join(known)] for column, known in JOURNAL_HEADINGS.items()]
    paragraphs = [
        "Kolonnene `fjorten reconcile` leser. Små og store bokstaver, aksenter, mellomrom, punktum og bindestrek i en overskrift betyr "
        "ingenting, så «Fødselsnr.», «FODSELSNR» og «foedsels-nr» er den samme.",
        "## Eksporten av journalene",
        "En overskrift som ikke står her, sier du med `--map`, for eksempel `--map fnr=Pasientnr`. Bare nummeret må finnes. Listen er "
        "samlet etter hukommelsen og ikke fra leverandørenes egen dokumentasjon.",
        markdown_table(["vår kolonne", "overskrifter som kjennes igjen"], headings),
        "## Registeruttrekk i Parquet",
        "Et uttrekk i JSON Lines har registerets egne navn og trenger ingen tabell.",
        markdown_table(["kolonne", "innhold"], [[column, content] for column, content in REGISTER_COLUMNS.items()]),
    ]
    return {"columns.md": page(title="Kolonnene i filene som leses", paragraphs=paragraphs)}
