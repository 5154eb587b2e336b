"""
A register file in JSON made ready to be read line by line, and its lines by number.

Nearly always the file is ready as it is. Three kinds are not, and are written anew as JSON Lines into a folder that lives as long as the
run: a file that begins with a byte order mark or is UTF-16, a document over many lines (one person, an array, or the answer of the bulk
look-up, `{"oppslag": [...]}`), and lines that each hold such an answer.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fjorten.registers.reconcile.file_kinds import beginning, encoding_of, is_gzipped, opened
from fjorten.registers.reconcile.request import InputCannotBeUsed

# A document is read in one piece and takes several times its size. The bulk look-up answers with at most 1,000 persons, some megabytes.
LARGEST_DOCUMENT_BYTES: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class JsonLines:
    """A file with one look-up a line. `name` is what the user calls it; `path` is where it is read."""

    name: str
    path: Path
    is_gzipped: bool

    @property
    def size(self) -> int:
        """About how many bytes there are to read, unpacked; extracts pack to a tenth."""
        return self.path.stat().st_size * (10 if self.is_gzipped else 1)


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not blank: `place` counts those from 1, as DuckDB does, and `number` counts all lines, as an editor does."""

    place: int
    number: int
    content: bytes


def as_json_lines(path: Path, *, name: str, workspace: Path) -> JsonLines:
    """
    This function will make a register file in JSON readable line by line, written anew into `workspace` when it must be.

    Raises InputCannotBeUsed for a damaged file, and for a document that is not JSON or is too large.
    """
    start = beginning(path)
    encoding = encoding_of(start)
    first = next((line.strip() for line in start.decode(encoding, errors="replace").splitlines() if line.strip()), "")
    if first.rstrip().endswith(("{", "[", ",")) or first.startswith("["):
        return _written(_texts_of(_document(path, encoding, name)), name=name, workspace=workspace)
    if first.replace(" ", "").startswith('{"oppslag"'):
        return _written(_answers(path, encoding), name=name, workspace=workspace)
    if encoding.startswith("utf-16") or encoding == "utf-8-sig":
        return _written(_text_lines(path, encoding), name=name, workspace=workspace)
    return JsonLines(name=name, path=path, is_gzipped=is_gzipped(path))


def lines_of(file: JsonLines) -> Iterator[Line]:
    """This function will go through the lines that are not blank. Raises InputCannotBeUsed when the file turns out to be damaged."""
    with opened(file.path) as content:
        place = 0
        for number, line in enumerate(content, start=1):
            if not line.isspace():
                place += 1
                yield Line(place=place, number=number, content=line)


def _written(texts: Iterable[str], *, name: str, workspace: Path) -> JsonLines:
    path = workspace / f"{len(list(workspace.iterdir()))}.jsonl"
    with path.open("w", encoding="utf-8", errors="surrogateescape", newline="") as file:
        file.writelines(f"{text}\n" for text in texts)
    return JsonLines(name=name, path=path, is_gzipped=False)


def _text_lines(path: Path, encoding: str) -> Iterator[str]:
    # A damaged letter is kept as it is, so that its line is turned down as damaged and not read with another letter in its place.
    errors = "replace" if encoding.startswith("utf-16") else "surrogateescape"
    with opened(path) as file, io.TextIOWrapper(file, encoding=encoding, errors=errors, newline=None) as lines:
        for line in lines:
            yield line.rstrip("\n")


def _document(path: Path, encoding: str, name: str) -> object:
    with opened(path) as file:
        content = file.read(LARGEST_DOCUMENT_BYTES + 1)
    if len(content) > LARGEST_DOCUMENT_BYTES:
        raise InputCannotBeUsed(f"{name} er ett stort JSON-dokument. Lagre det som JSON Lines: ett oppslag på hver linje.")
    try:
        return json.loads(content.decode(encoding))
    except ValueError as error:
        place = f" (linje {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise InputCannotBeUsed(
            f"{name} er ikke gyldig JSON{place}. Hent fila på nytt, helst som JSON Lines: ett oppslag på hver linje."
        ) from None


def _answers(path: Path, encoding: str) -> Iterator[str]:
    for line in _text_lines(path, encoding):
        try:
            yield from _texts_of(json.loads(line))
        except ValueError:
            yield line


def _texts_of(document: object) -> Iterator[str]:
    for look_up in _look_ups(document):
        yield json.dumps(look_up, ensure_ascii=False, separators=(",", ":"))


def _look_ups(document: object) -> Iterator[object]:
    """Take look-ups out of arrays and answers, however they are packed."""
    if isinstance(document, list):
        for part in document:
            yield from _look_ups(part)
    elif isinstance(document, dict) and isinstance(document.get("oppslag"), list):
        yield from _look_ups(document["oppslag"])
    else:
        yield document
