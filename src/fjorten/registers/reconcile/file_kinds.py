"""
What kind of file somebody handed us, told by what is in it and not by its name; and its text, whatever encoding it was saved in.

Whatever cannot be read at all is said so here, in a sentence that tells what to do about it.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto
from io import BufferedReader
from pathlib import Path
from typing import Final

from fjorten.kernel.files import why_unreadable
from fjorten.registers.reconcile.request import InputCannotBeUsed

_SNIFFED_BYTES: Final = 65_536

_UTF_8_MARK: Final = b"\xef\xbb\xbf"
_UTF_16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")

# The first byte of a letter of two bytes in UTF-8, read as a letter of its own, and any second byte.
_SAVED_TWICE: Final = re.compile("[\u00c2-\u00c5][^\\x00-\\x7f]")


class Content(Enum):
    """What a file holds."""

    PARQUET = auto()
    JSON = auto()
    WORKBOOK = auto()  # XLSX
    OLD_WORKBOOK = auto()  # XLS, which nothing here reads
    ARCHIVE = auto()
    MARKUP = auto()  # XML or HTML
    TEXT = auto()


def require_file(path: Path) -> None:
    """This function will raise InputCannotBeUsed when there is no such file, or nothing in it."""
    if path.is_dir():
        raise InputCannotBeUsed(f"{path} er en mappe. Oppgi filene i den, for eksempel {path}/*.jsonl.")
    if not path.exists():
        raise InputCannotBeUsed(f"Finner ikke fila {path}. Sjekk stedet og navnet.")
    try:
        with path.open("rb") as file:
            first = file.read(1)
    except OSError as error:
        raise InputCannotBeUsed(f"Får ikke lese {path}: {why_unreadable(error)}.") from error
    if not first:
        raise InputCannotBeUsed(f"{path.name} er tom. Hent fila på nytt.")


def is_gzipped(path: Path) -> bool:
    """This function will tell whether the file is compressed with gzip."""
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


@contextmanager
def opened(path: Path) -> Iterator[gzip.GzipFile | BufferedReader]:
    """
    This function will open the file for reading, unpacked if it is gzipped.

    Raises InputCannotBeUsed, also while the file is being read, when it is cut off or damaged: half a file must never pass for a whole one.
    """
    try:
        with path.open("rb") as stored, gzip.GzipFile(fileobj=stored) if is_gzipped(path) else stored as file:
            yield file
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InputCannotBeUsed(f"{path.name} er skadet eller ikke lastet ned helt. Hent fila på nytt.") from error


def beginning(path: Path) -> bytes:
    """This function will read the first bytes of the content."""
    with opened(path) as file:
        return file.read(_SNIFFED_BYTES)


def content_of(start: bytes) -> Content:
    """This function will tell what the first bytes of a file say it holds."""
    if start.startswith(b"PAR1"):
        return Content.PARQUET
    if start.startswith(b"PK\x03\x04"):
        # A workbook's first member is its list of contents; other archives begin with whatever they hold.
        return Content.WORKBOOK if b"[Content_Types].xml" in start or b"xl/" in start else Content.ARCHIVE
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return Content.OLD_WORKBOOK
    text = start.decode(encoding_of(start), errors="replace").lstrip("\ufeff \t\r\n")
    if text.startswith("<"):
        return Content.MARKUP
    # Ten lines, since the first may be the broken one.
    if any(line.lstrip().startswith(("{", "[")) for line in text.splitlines()[:10]):
        return Content.JSON
    return Content.TEXT


def saved_once(text: str) -> str:
    """
    This function will undo that a text was saved as UTF-8, read as Windows-1252 or Latin-1, and saved again («BjÃ¸rn», «Ã…se»).

    Only when the whole text can be undone; a text that is right is given back as it is, since hardly any of its letters then make UTF-8.
    """
    if "Ã" not in text or _SAVED_TWICE.search(text) is None:  # æ, ø and å all come to begin with it, and looking for one letter is quick
        return text
    try:
        return b"".join(_byte_of(letter) for letter in text).decode("utf-8-sig")
    except ValueError:
        return text


def _byte_of(letter: str) -> bytes:
    try:
        return letter.encode("cp1252")
    except UnicodeEncodeError:
        return letter.encode("latin-1")  # the places Windows-1252 leaves empty


def encoding_of(content: bytes) -> str:
    """
    This function will tell how a text was saved: UTF-16 or UTF-8 by its mark, UTF-8 when it is, else Windows-1252.

    Windows-1252 holds all of Latin-1's letters. A text that is UTF-8 but for a few damaged places is UTF-8, and one with a null beside
    most of its letters is UTF-16 without its mark. [default]
    """
    if content.startswith(_UTF_16_MARKS):
        return "utf-16"
    if content.startswith(_UTF_8_MARK):
        return "utf-8-sig"
    sample = content[:1024]
    for encoding, highs in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if highs.count(0) > len(highs) / 2:
            return encoding
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        # A byte that is not UTF-8 comes out as a lone surrogate; an æ, ø or å of Latin-1 is such a byte, one of UTF-8 is a letter.
        letters = [letter for letter in content.decode("utf-8", errors="surrogateescape") if letter > "\x7f"]
        damaged = sum("\udc80" <= letter <= "\udcff" for letter in letters)
        return "cp1252" if damaged > len(letters) - damaged else "utf-8"
    return "utf-8"
