"""The register as a folder of files: `feed.jsonl`, `documents.jsonl` and, when there is one, `persons.jsonl`; each may be a `.gz`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

from fjorten.registers.feeds.documents import document_in, numbers_in
from fjorten.registers.feeds.file_order import FileOrder
from fjorten.registers.feeds.lines import LineIndex, find_json_lines, line_at, open_json_lines
from fjorten.registers.feeds.parsing import NotJson, is_plain, object_in, parse_json
from fjorten.registers.feeds.rows import page_of
from fjorten.registers.feeds.source import FailedLookUp, FeedCannotBeRead, FeedPage, Found, PersonDocument

# A quick look at a line without reading it as JSON, which takes far longer. Whatever it finds is checked when the line is read.
_DOCUMENT: Final = re.compile(rb'"dokumentidentifikator"\s*:\s*"([^"]+)"')
_NUMBER: Final = re.compile(rb'"foedselsEllerDNummer"\s*:\s*"([^"]+)"')


class DirectorySource:
    """
    A folder with rows and documents in the form the register's interface gives them.

    `feed.jsonl` holds one row a line, in any order, with repetitions and holes; `documents.jsonl` one
    `{"dokumentidentifikator": ..., "folkeregisterperson": {...}}` a line; `persons.jsonl`, which may be missing, one answer of the bulk
    look-up a line, `{"foedselsEllerDNummer": ..., "folkeregisterperson": {...}}`. Where a key occurs twice the later line holds.

    Memory is bounded: some tens of bytes a row and a document for knowing where they lie, never the files themselves. Raises
    FeedCannotBeRead when one of the first two files is missing.
    """

    def __init__(self, directory: Path) -> None:
        if not directory.is_dir():
            raise FeedCannotBeRead(f"Finner ikke mappen «{directory}». Oppgi en mappe som har filene feed.jsonl og documents.jsonl.")
        self._directory: Final = directory
        self._feed: Final = _required(directory, "feed")
        self._documents: Final = _Lookup(_required(directory, "documents"), _document_keys, _document_with)
        persons = find_json_lines(directory, "persons")
        self._persons: Final = None if persons is None else _Lookup(persons, _number_keys, _person_with)

    def pages(self, after: int | None) -> Iterator[FeedPage]:
        """
        This function will read the feed in order of sequence number, see `RegisterSource.pages`.

        Lines without a sequence number are reported on the first page. All rows with one number are on one page. Raises FeedCannotBeRead
        when there are lines, but not one of them is a row of a feed.
        """
        with open_json_lines(self._feed) as file:
            order = FileOrder(file)
            complaints = order.complaints
            if complaints and not order.last:
                raise FeedCannotBeRead(f"Ingen av linjene i «{self._feed}» er en hendelse fra registeret. Er det riktig fil?")
            for chunk in order.chunks(after or 0):
                page = page_of(((position, _row_at(file, offset)) for position, offset in chunk), after=after)
                yield replace(page, rejected=(*complaints, *page.rejected))
                after, complaints = page.read_through or after, ()
            if complaints:
                yield FeedPage(rows=(), gaps=(), rejected=complaints, conflicts=(), read_through=after or 0)

    def documents(self, ids: Iterable[str]) -> Found:
        """This function will fetch documents from `documents.jsonl`."""
        return self._documents.find(ids)

    def persons(self, numbers: Iterable[str]) -> Found:
        """This function will fetch persons from `persons.jsonl`, also by numbers they had before; without that file it finds nobody."""
        if self._persons is None:
            return Found({}, (FailedLookUp(number, "Mappen har ikke filen persons.jsonl.") for number in dict.fromkeys(numbers)))
        return self._persons.find(numbers)

    def last_sequence(self) -> int:
        """This function will tell the highest sequence number in `feed.jsonl`, 0 when it has none."""
        with open_json_lines(self._feed) as file:
            return FileOrder(file).last

    def close(self) -> None:
        """This function will close the files; the source opens them again when it is used again."""
        self._documents.close()
        if self._persons is not None:
            self._persons.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


class _Lookup:
    """Documents in a file, by the keys of their lines; the file is read through when the first document is asked for."""

    def __init__(
        self, path: Path, keys_in: Callable[[bytes], Iterable[bytes]], document_with: Callable[[bytes, str], PersonDocument | None]
    ) -> None:
        self._path: Final = path
        self._keys_in: Final = keys_in
        self._document_with: Final = document_with
        self._index: LineIndex | None = None

    def find(self, keys: Iterable[str]) -> Found:
        if self._index is None:
            self._index = LineIndex(open_json_lines(self._path), self._keys_in)
        documents: dict[str, PersonDocument] = {}
        failures: list[FailedLookUp] = []
        for key in dict.fromkeys(keys):
            lines = self._index.lines_with(_key_bytes(key))
            document = next((found for line in lines if (found := self._document_with(line, key)) is not None), None)
            if document is None:
                failures.append(FailedLookUp(key, self._reason))
            else:
                documents[key] = document
        return Found(documents, failures)

    @property
    def _reason(self) -> str:
        unreadable = 0 if self._index is None else len(self._index.unreadable)
        remark = f" {unreadable} av linjene der kan ikke leses." if unreadable else ""
        return f"Det står ingen hel linje om dette i {self._path.name}.{remark}"

    def close(self) -> None:
        if self._index is not None:
            self._index.close()
            self._index = None


def _required(directory: Path, stem: str) -> Path:
    path = find_json_lines(directory, stem)
    if path is None:
        raise FeedCannotBeRead(f"Mappen «{directory}» mangler filen {stem}.jsonl (eller {stem}.jsonl.gz).")
    return path


def _row_at(file: IO[bytes], offset: int) -> object:
    try:
        return parse_json(line_at(file, offset))
    except NotJson:
        return None  # which is reported like any other row that is not an object


def _object_of(content: bytes) -> dict[str, object]:
    try:
        return object_in(parse_json(content)) or {}
    except NotJson:
        return {}


def _document_keys(content: bytes) -> Iterable[bytes]:
    if is_plain(content, b'"dokumentidentifikator"') and (found := _DOCUMENT.search(content)):
        return (found[1],)
    key = _object_of(content).get("dokumentidentifikator")
    return (_key_bytes(key),) if isinstance(key, str) else ()


def _document_with(content: bytes, key: str) -> PersonDocument | None:
    answer = _object_of(content)
    return document_in(answer) if answer.get("dokumentidentifikator") == key else None


def _number_keys(content: bytes) -> Iterable[bytes]:
    if b"\\" not in content:
        return dict.fromkeys(found[1] for found in _NUMBER.finditer(content))
    answer = _object_of(content)
    return [_key_bytes(number) for number in _numbers_of(answer)]


def _person_with(content: bytes, key: str) -> PersonDocument | None:
    answer = _object_of(content)
    return document_in(answer) if key in _numbers_of(answer) else None


def _numbers_of(answer: dict[str, object]) -> tuple[str, ...]:
    asked = answer.get("foedselsEllerDNummer")
    numbers = numbers_in(object_in(answer.get("folkeregisterperson")) or {})
    return (asked, *numbers) if isinstance(asked, str) else numbers


def _key_bytes(key: str) -> bytes:
    return key.encode("utf-8", "surrogatepass")
