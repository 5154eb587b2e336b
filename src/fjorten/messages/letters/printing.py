"""
Letters as PDF: one at a time, or a batch for the printer with a list of what is in it.

PDF/UA-1 by WeasyPrint, which needs Pango on the machine; both may be missing, and then no letter is made and a sentence says what to
install. So it is with a letter that no font on the machine can write: it is never made with boxes in it.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fjorten.kernel.refusals import Refused
from fjorten.messages.letters.fetching import NothingIsFetched, stopping_at_the_first
from fjorten.messages.letters.letter import Letter
from fjorten.messages.letters.markup import anchor_of, document_of

if TYPE_CHECKING:
    from weasyprint import Document

# What writes every language in languages.toml, by the name of its package in Debian and Ubuntu. A bare machine with Pango has DejaVu, which
# writes Latin, Cyrillic and Arabic, and no Ge'ez. [measured on Debian 12]
FONT_PACKAGE: Final = "fonts-noto-core"
PANGO_PACKAGE: Final = "libpangoft2-1.0-0"
_SCRIPTS: Final = {"ETHIOPIC": "etiopisk", "ARABIC": "arabisk", "CYRILLIC": "kyrillisk", "LATIN": "latinsk"}


class LettersCannotBeMade(Refused):
    """The machine lacks what makes letters. They wait until it has it."""

    sentence = (
        "Brev kan ikke lages på denne maskinen ennå. "
        f"Installer pakken «{PANGO_PACKAGE}» i operativsystemet og fjorten med tillegget «letters»."
    )


class LetterHasLettersNobodyCanWrite(LettersCannotBeMade):
    """No font on the machine has a sign for a letter in the text. The sentence names the script and never the text."""

    sentence = f"Brevet har tegn som ingen skrifttype på maskinen kan skrive. Installer pakken «{FONT_PACKAGE}»."

    def __init__(self, scripts: Sequence[str]) -> None:
        super().__init__(*scripts)
        self.scripts: Final = tuple(scripts)

    def __str__(self) -> str:
        return f"Brevet har {' og '.join(self.scripts)} skrift, som ingen skrifttype på maskinen kan skrive. Installer «{FONT_PACKAGE}»."


class DraftIsNeverPrinted(Refused):
    """A letter among those to be printed has words nobody has approved."""

    sentence = "Et brev har tekst som ikke er godkjent, og kan ikke skrives ut for sending."


class NothingToPrint(Refused):
    """A batch without letters."""

    sentence = "Det er ingen brev å skrive ut."


@dataclass(frozen=True, slots=True)
class Printed:
    """One letter in a batch: its key, its first page in the file, from 1, and how many of them it has written on."""

    key: str
    first_page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Letters in one file, in the order given. Each begins on a sheet of its own also when both sides are printed."""

    content: bytes
    digest: str
    printed: tuple[Printed, ...]


def letter_as_pdf(letter: Letter) -> bytes:
    """
    This function will make one letter, accessible (PDF/UA-1), the same bytes for the same letter. A draft says in it that it is one.

    Raises LettersCannotBeMade, and LetterHasLettersNobodyCanWrite when a font is missing.
    """
    title = letter.wordings[0].title
    return _pdf_of(_rendered([letter], title=title), identifier=_digest([letter]))


def print_batch(letters: Sequence[Letter]) -> Batch:
    """
    This function will put letters together for the printer, with the page each begins on.

    Two families never share a sheet: an empty page follows a letter with an odd number of them, whether or not both sides are printed.
    Raises NothingToPrint, DraftIsNeverPrinted, and as `letter_as_pdf`; then nothing is made.
    """
    if not letters:
        raise NothingToPrint
    if any(letter.is_draft for letter in letters):
        raise DraftIsNeverPrinted([letter.key for letter in letters if letter.is_draft])
    document = _rendered(letters, title=f"{len(letters)} brev")
    content = _pdf_of(document, identifier=_digest(letters))
    begins = [_page_of(document, anchor_of(place)) for place in range(len(letters))]
    ends = [*begins[1:], len(document.pages) + 1]
    blank = [_is_blank(document, end - 1) for end in ends]
    printed = tuple(
        Printed(letter.key, begin, end - begin - is_blank)
        for letter, begin, end, is_blank in zip(letters, begins, ends, blank, strict=True)
    )
    return Batch(content, hashlib.sha256(content).hexdigest(), printed)


def _rendered(letters: Sequence[Letter], *, title: str) -> Document:
    try:
        from weasyprint import HTML
    except (ImportError, OSError) as error:  # the package, or the libraries it looks for when it is imported
        raise LettersCannotBeMade(type(error).__name__) from error
    with stopping_at_the_first():
        return HTML(string=document_of(letters, title=title), url_fetcher=NothingIsFetched()).render(pdf_variant="pdf/ua-1")


def _pdf_of(document: Document, *, identifier: bytes) -> bytes:
    missing: set[str] = set()

    def note_missing(finished: Document, _: Any) -> None:
        # What Pango found in no font of the machine; it would be printed as empty boxes.
        missing.update(chr(codepoint) for font in finished.fonts.values() for codepoint in font.missing)

    with stopping_at_the_first():
        content = document.write_pdf(finisher=note_missing, pdf_variant="pdf/ua-1", pdf_identifier=identifier)
    if missing:
        raise LetterHasLettersNobodyCanWrite(sorted({_script_of(letter) for letter in missing}))
    assert isinstance(content, bytes)
    return content


def _digest(letters: Sequence[Letter]) -> bytes:
    return hashlib.sha256(document_of(letters, title="").encode()).hexdigest()[:32].encode()


def _page_of(document: Document, anchor: str) -> int:
    return next(number for number, page in enumerate(document.pages, start=1) if anchor in _anchors(page))


def _anchors(page: Any) -> Mapping[str, object]:
    anchors: Mapping[str, object] = page.anchors
    return anchors


def _is_blank(document: Document, number: int) -> bool:
    return number > 1 and bool(document.pages[number - 1]._page_box.page_type.blank)


def _script_of(letter: str) -> str:
    word = unicodedata.name(letter, "").partition(" ")[0]
    return _SCRIPTS.get(word, "annen")
