"""How a page of docs/reference is put together: title, machine mark, paragraphs, tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

MADE_BY_MACHINE = "<!-- Laget av tools/reference.py. Endre kilden, ikke denne filen, og kjør «make docs». -->"

Pages = Mapping[str, str]


class ReferenceCannotBeMade(Exception):
    """A source of a page is not as it must be; the message names the file and the remedy."""


def page(*, title: str, paragraphs: list[str]) -> str:
    """Put a page together: title, machine mark, paragraphs (each a block of Markdown), one blank line between them."""
    return "\n\n".join([f"# {title}", MADE_BY_MACHINE, *paragraphs]) + "\n"


def markdown_table(headings: list[str], rows: list[list[str]]) -> str:
    """Write a table in Markdown; characters that Markdown would read as markup are escaped."""
    lines = [headings, ["---"] * len(headings), *rows]
    escaped = [cells if place == 1 else [escape(cell) for cell in cells] for place, cells in enumerate(lines)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in escaped)


def escape(text: str) -> str:
    """Make Markdown show a text as it is."""
    return re.sub(r"([\\`*_<>\[\]#|~])", r"\\\1", text)


def bullets(lines: Iterable[str]) -> str:
    """Write a list in Markdown."""
    return "\n".join(f"- {line}" for line in lines)
