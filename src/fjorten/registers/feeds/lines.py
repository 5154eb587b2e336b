"""Files of one JSON value a line, read without ever holding a whole file: line by line, or by key through an index of byte offsets."""

from __future__ import annotations

import gzip
import shutil
import tempfile
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Final, NamedTuple

from fjorten.kernel.files import why_unreadable
from fjorten.registers.feeds.source import FeedCannotBeRead

# A person document is some kilobytes; one with a long history some hundred. [default]
LONGEST_LINE_BYTES: Final = 16 * 2**20


class Line(NamedTuple):
    """One line: its number from 1, where it starts, and its bytes; None when it is longer than a line may be."""

    position: int
    offset: int
    content: bytes | None


def lines_of(file: IO[bytes], *, longest_bytes: int = LONGEST_LINE_BYTES) -> Iterator[Line]:
    """This function will read the lines that are not blank. A line that is too long is passed over without being held in memory."""
    file.seek(0)
    position, offset = 0, 0
    while content := file.readline(longest_bytes):
        position, start, is_whole = position + 1, offset, len(content) < longest_bytes or content.endswith(b"\n")
        offset += len(content)
        if is_whole:
            if not content.isspace():
                yield Line(position, start, content)
            continue
        while not content.endswith(b"\n") and (content := file.readline(longest_bytes)):
            offset += len(content)
        yield Line(position, start, None)


def line_at(file: IO[bytes], offset: int, *, longest_bytes: int = LONGEST_LINE_BYTES) -> bytes:
    """This function will read the one line that starts at a byte offset, at most `longest_bytes` of it."""
    file.seek(offset)
    return file.readline(longest_bytes)


def find_json_lines(directory: Path, stem: str) -> Path | None:
    """
    This function will find `stem.jsonl` or `stem.jsonl.gz` in a directory, None when there is neither.

    Raises FeedCannotBeRead when there are both: they may differ, and we do not guess which is meant.
    """
    found = [path for path in (directory / f"{stem}.jsonl", directory / f"{stem}.jsonl.gz") if path.is_file()]
    if len(found) > 1:
        raise FeedCannotBeRead(f"Mappen «{directory}» har både {stem}.jsonl og {stem}.jsonl.gz. Ta bort den som ikke gjelder.")
    return found[0] if found else None


def open_json_lines(path: Path) -> IO[bytes]:
    """
    This function will open a file so that any line can be gone back to.

    A compressed one is unpacked to a temporary file without a name, which nobody else can open and which is gone when it is closed. Raises
    FeedCannotBeRead when the file cannot be opened or unpacked.
    """
    try:
        return _unpacked(path) if path.suffix == ".gz" else path.open("rb")
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FeedCannotBeRead(f"Filen «{path}» er ikke en hel gzip-fil. Hent den på nytt.") from error
    except OSError as error:
        raise FeedCannotBeRead(f"Filen «{path}» kan ikke åpnes: {why_unreadable(error)}.") from error


def _unpacked(path: Path) -> IO[bytes]:
    unpacked = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    try:
        with gzip.open(path) as packed:
            shutil.copyfileobj(packed, unpacked, 2**20)
    except BaseException:
        unpacked.close()
        raise
    return unpacked


class LineIndex:
    """
    Where in a file the lines with a given key start: 16 bytes a key, whatever the lines are worth.

    Only a hash of each key is kept, so a line that is found may be another's and is to be checked by whoever asks.
    """

    __slots__ = ("_file", "_hashes", "_longest_bytes", "_offsets", "unreadable")

    def __init__(self, file: IO[bytes], keys_in: Callable[[bytes], Iterable[bytes]], *, longest_bytes: int = LONGEST_LINE_BYTES) -> None:
        """Read the file once. `keys_in` gives the keys of a line; none means that the line is unreadable, and its number is noted."""
        self._file: Final = file
        self._longest_bytes: Final = longest_bytes
        self.unreadable: Final = array("q")
        hashes, offsets = array("q"), array("q")
        for line in lines_of(file, longest_bytes=longest_bytes):
            before = len(hashes)
            for key in keys_in(line.content) if line.content is not None else ():
                hashes.append(hash(key))
                offsets.append(line.offset)
            if len(hashes) == before:
                self.unreadable.append(line.position)
        order = sorted(range(len(hashes)), key=hashes.__getitem__)  # stable: lines with one key stay in the order of the file
        self._hashes: Final = array("q", (hashes[place] for place in order))
        self._offsets: Final = array("q", (offsets[place] for place in order))

    def lines_with(self, key: bytes) -> Iterator[bytes]:
        """This function will read the lines that may have the key, the last in the file first."""
        start, end = bisect_left(self._hashes, hash(key)), bisect_right(self._hashes, hash(key))
        for offset in reversed(self._offsets[start:end]):
            yield line_at(self._file, offset, longest_bytes=self._longest_bytes)

    def close(self) -> None:
        """This function will close the file."""
        self._file.close()
