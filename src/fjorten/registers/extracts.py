"""Reading a register extract line by line: one look-up or bare person a line, plain or gzipped. No database here."""

import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from fjorten.kernel.files import why_unreadable
from fjorten.kernel.refusals import Refused

_GZIP_MAGIC: Final = b"\x1f\x8b"
_LONGEST_LINE: Final = 16 * 1024 * 1024  # a person document is a few kilobytes; a line this long is not one


class ExtractCannotBeRead(Refused):
    """The file as a whole cannot be used."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class ExtractRow:
    """One person of an extract: the number looked up ("" for a bare person) and the document."""

    line: int
    number: str
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RejectedLine:
    """A line nothing could be made of; the Norwegian reason never repeats what stood in it."""

    line: int
    reason: str


def read_extract(path: Path) -> Iterator[ExtractRow | RejectedLine]:
    """
    Read an extract: rows and rejected lines in file order. A bad line never stops the rest. Raises ExtractCannotBeRead.

    Accepts the register's bulk look-up form, one object a line, the bulk answer `{"oppslag": [...]}`, and bare person documents.
    """
    line = 0
    try:
        with _opened(path) as stream:
            while text := stream.readline(_LONGEST_LINE):
                line += 1
                yield from _parsed(text, line)
    except (EOFError, gzip.BadGzipFile) as error:
        if line == 0:
            raise ExtractCannotBeRead(f"{path.name} er ikke en hel gzip-fil. Hent filen på nytt.") from error
        yield RejectedLine(line + 1, "Filen er kuttet: resten kunne ikke pakkes ut. Hent filen på nytt.")
    except OSError as error:
        raise ExtractCannotBeRead(f"{path.name} kan ikke leses: {why_unreadable(error)}.") from error


def checksum(path: Path) -> str:
    """Digest a file's bytes, so that the same file twice is known. Raises ExtractCannotBeRead."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise ExtractCannotBeRead(f"{path.name} kan ikke leses: {why_unreadable(error)}.") from error


def _opened(path: Path) -> IO[bytes]:
    with path.open("rb") as probe:
        is_packed = probe.read(2) == _GZIP_MAGIC
    return gzip.open(path, "rb") if is_packed else path.open("rb")  # type: ignore[return-value]  # both give bytes by line


def _parsed(text: bytes, line: int) -> Iterator[ExtractRow | RejectedLine]:
    if not text.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        return
    try:
        value = json.loads(text.lstrip(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        yield RejectedLine(line, "Linjen er ikke gyldig JSON.")
        return
    if not isinstance(value, dict):
        yield RejectedLine(line, "Linjen er ikke et JSON-objekt.")
        return
    answers = value.get("oppslag")
    for answer in answers if isinstance(answers, list) else [value]:
        yield _row(answer, line)


def _row(value: object, line: int) -> ExtractRow | RejectedLine:
    if not isinstance(value, dict):
        return RejectedLine(line, "Oppslaget er ikke et JSON-objekt.")
    number = value.get("foedselsEllerDNummer")
    number = number if isinstance(number, str) else ""
    if "folkeregisterperson" in value:
        document = value["folkeregisterperson"]
        if isinstance(document, dict):
            return ExtractRow(line, number, document)
        return RejectedLine(line, "Oppslaget er uten persondokument.")
    if "feilmelding" in value:
        return RejectedLine(line, "Registeret svarte med en feilmelding for denne personen.")
    if isinstance(value.get("identifikasjonsnummer"), list):
        return ExtractRow(line, "", value)
    return RejectedLine(line, "Linjen er verken et oppslag eller et persondokument.")
