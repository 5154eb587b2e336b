"""
A letter as HTML for WeasyPrint. Pure.

Everything that is not written here is escaped; there is no way to put an element, an address or a style into a letter. The address stands
where the window of a C5 or E65 envelope is when the sheet is folded in three: 20 mm from the left, 45 to 75 mm from the top [default].
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from importlib import resources
from typing import Final

from fjorten.messages.dates import day_in
from fjorten.messages.languages import languages
from fjorten.messages.letters.letter import Letter, Wording

# Digits with signs or spaces between them. Not after "#" or "&", where escaping has put digits of its own.
_NUMBERS: Final = re.compile(r"(?<![\w&#])\+?\d+(?:[-./: \u00a0]\d+)+")

_LEFT_TO_RIGHT_MARK: Final = "\u200e"  # WeasyPrint lays out no element in a direction of its own within a line; a mark does it


def document_of(letters: Sequence[Letter], *, title: str) -> str:
    """This function will write the HTML of one letter, or of several that are printed together, each beginning on a sheet of its own."""
    style = resources.files("fjorten.messages.letters").joinpath("letter.css").read_text(encoding="utf-8")
    norwegian = letters[0].wordings[0].language
    return (
        f'<!DOCTYPE html><html lang="{escape(norwegian)}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{style}</style></head><body>{''.join(_letter(letter, place) for place, letter in enumerate(letters))}</body></html>"
    )


def anchor_of(place: int) -> str:
    """This function will give the name that the letter at a place, from 0, begins at."""
    return f"brev-{place}"


def _letter(letter: Letter, place: int) -> str:
    norwegian, *own = letter.wordings
    draft = '<p class="draft">Utkast som ikke er godkjent. Skal ikke sendes.</p>' if letter.is_draft else ""
    first = (
        f'<section class="page" id="{anchor_of(place)}" lang="{escape(norwegian.language)}">'
        f"{_sender(letter)}{_recipient(letter)}{_date(letter)}{draft}{_words(norwegian)}{_signature(letter)}{_line(letter.line)}</section>"
    )
    return f'<article lang="{escape(norwegian.language)}">{first}{"".join(_own_page(wording, letter) for wording in own)}</article>'


def _own_page(wording: Wording, letter: Letter) -> str:
    return (
        f'<section class="own page" {_in_its_language(wording)}>'
        f'<p class="of">{escape(letter.sender.name)}, {escape(letter.sender.telephone)}</p>{_words(wording)}</section>'
    )


def _sender(letter: Letter) -> str:
    return f'<p class="sender"><span class="name">{escape(letter.sender.name)}</span>{_lines(letter.sender.address)}</p>'


def _recipient(letter: Letter) -> str:
    return f'<p class="recipient">{_lines(letter.recipient.on_the_envelope())}</p>'


def _lines(lines: Sequence[str]) -> str:
    return "<br>".join(f"<bdi>{escape(line)}</bdi>" for line in lines)


def _date(letter: Letter) -> str:
    written = f"{day_in(letter.wordings[0].language, letter.written_on)} {letter.written_on.year}"
    return f'<p class="date">{escape(written)}<br>Vår ref. {escape(letter.key)}</p>'


def _words(wording: Wording) -> str:
    paragraphs = "".join(f"<p>{_as_read(paragraph, wording)}</p>" for paragraph in wording.paragraphs)
    return f"<h1>{_as_read(wording.title, wording)}</h1>{paragraphs}"


def _as_read(text: str, wording: Wording) -> str:
    """Escape a text; where it is read from right to left, keep "6-1" and the groups of a telephone number in their own order."""
    escaped = escape(text)
    if not _is_right_to_left(wording):
        return escaped
    return _NUMBERS.sub(lambda found: f"{_LEFT_TO_RIGHT_MARK}{found[0]}{_LEFT_TO_RIGHT_MARK}", escaped)


def _signature(letter: Letter) -> str:
    return f'<p class="signature">{escape(letter.sender.name)}<br>{escape(letter.sender.telephone)}</p>'


def _line(line: Wording | None) -> str:
    return "" if line is None else f'<p class="line" {_in_its_language(line)}>{_as_read(" ".join(line.paragraphs), line)}</p>'


def _in_its_language(wording: Wording) -> str:
    direction = "rtl" if _is_right_to_left(wording) else "ltr"
    return f'lang="{escape(wording.language)}" dir="{direction}"'


def _is_right_to_left(wording: Wording) -> bool:
    known = languages().get(wording.language)
    return known is not None and known.is_right_to_left
