"""The ways in which vendors export their journals: encoding, separator, headings and how a date is written."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Final


@dataclass(frozen=True, slots=True, repr=False)
class Journal:
    """One row of an export. The fields are in the order of an export; `number` is as somebody typed it."""

    journal_id: str
    number: str
    given_name: str
    family_name: str
    born_on: date | None
    opened_on: date | None
    closed_on: date | None
    clinic: str
    address: str
    postcode: str
    mother_number: str

    def __repr__(self) -> str:
        return f"Journal({self.journal_id})"


FIELDS: Final = tuple(field.name for field in fields(Journal))

_NORWEGIAN: Final = (
    ("Journalnummer", "Fødselsnummer", "Fornavn", "Etternavn", "Fødselsdato", "Opprettet", "Avsluttet"),
    ("Helsestasjon", "Adresse", "Postnummer", "Mors fødselsnummer"),
)
_ENGLISH: Final = (
    ("Journal ID", "National ID", "Given name", "Family name", "Birth date", "Opened", "Closed"),
    ("Clinic", "Address", "Postcode", "Mother's national ID"),
)
NORWEGIAN_HEADINGS: Final = dict(zip(FIELDS, _NORWEGIAN[0] + _NORWEGIAN[1], strict=True))
ENGLISH_HEADINGS: Final = dict(zip(FIELDS, _ENGLISH[0] + _ENGLISH[1], strict=True))

# Letters that have no decomposition, so stripping accents does not reach them.
_WITHOUT_STROKE: Final = str.maketrans({"đ": "d", "Đ": "D", "ŋ": "n", "Ŋ": "N", "ŧ": "t", "Ŧ": "T", "ł": "l", "Ł": "L"})


@dataclass(frozen=True, slots=True)
class JournalStyle:
    """
    How an export looks. `encoding` is utf-8, utf-8-sig or latin-1; `date_format` as for strftime; `fields` chooses and orders the columns.

    Latin-1 has no Sami or Polish letters: such an export writes the nearest letter it has, as old systems do.
    """

    encoding: str = "utf-8-sig"
    delimiter: str = ";"
    headings: Mapping[str, str] | None = None
    date_format: str = "%d.%m.%Y"
    line_end: str = "\r\n"
    fields: tuple[str, ...] = FIELDS

    def write(self, path: Path, journals: Iterable[Journal]) -> int:
        """This function will write journals as CSV and count them."""
        headings = NORWEGIAN_HEADINGS if self.headings is None else self.headings
        path.parent.mkdir(parents=True, exist_ok=True)
        count = 0
        with path.open("w", encoding=self.encoding, newline="") as file:
            writer = csv.writer(file, delimiter=self.delimiter, lineterminator=self.line_end)
            writer.writerow([self._encodable(headings[field]) for field in self.fields])
            for journal in journals:
                writer.writerow([self._cell(getattr(journal, field)) for field in self.fields])
                count += 1
        return count

    def _cell(self, value: str | date | None) -> str:
        if value is None:
            return ""
        return value.strftime(self.date_format) if isinstance(value, date) else self._encodable(value)

    def _encodable(self, text: str) -> str:
        return as_latin_1(text) if self.encoding == "latin-1" else text


# One of each kind that is met: semicolons and dots from Norwegian spreadsheets, commas and ISO dates from English ones, old Latin-1, tabs.
STYLES: Final[Mapping[str, JournalStyle]] = {
    "norwegian_spreadsheet": JournalStyle(),
    "utf8_semicolon": JournalStyle(encoding="utf-8", line_end="\n"),
    "latin1_semicolon": JournalStyle(encoding="latin-1"),
    "english_comma": JournalStyle(encoding="utf-8", delimiter=",", headings=ENGLISH_HEADINGS, date_format="%Y-%m-%d", line_end="\n"),
    "tabs": JournalStyle(encoding="utf-8", delimiter="\t", date_format="%Y-%m-%d", line_end="\n"),
}


def as_latin_1(text: str) -> str:
    """This function will write a text with Latin-1's letters only: what it has is kept (æøå, é, ü), the rest loses stroke or accent."""
    return "".join(letter if ord(letter) < 256 else _nearest(letter) for letter in text)


def _nearest(letter: str) -> str:
    plain = unicodedata.normalize("NFKD", letter.translate(_WITHOUT_STROKE))
    kept = "".join(part for part in plain if not unicodedata.combining(part))
    return kept if all(ord(part) < 256 for part in kept) else "?"
