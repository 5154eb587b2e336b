"""SQLite: copied by its own online backup, and put back by giving a file its name."""

import gzip
import os
import shutil
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from django.db.backends.sqlite3._functions import register  # type: ignore[import-untyped]  # django-stubs leaves it out

from fjorten.cli.backups.disk import move_into_place, write_through
from fjorten.cli.backups.engines import DatabaseIsInUse, DatabaseRefused
from fjorten.cli.backups.pictures import Picture, picture_of

_PART: Final = "database.sqlite3.gz"
_PATIENCE_SECONDS: Final = 30  # as the application's own connections (config/settings)
_LEVEL: Final = 3  # of gzip: a fifth of the size in a third of the time of the usual 9
_CHUNK: Final = 1 << 20


class SqliteFile:
    """The database in a file."""

    vendor = "sqlite"

    def __init__(self, path: Path) -> None:
        self._path = path

    def copy_out(self, into: Path) -> tuple[str, Path, Picture]:
        """
        Copy the file as it is at one moment, with what is still in the journal; writers do not wait, and are not in it.

        All pages in one step: taken in several, the copy would begin again each time somebody wrote. Raises DatabaseRefused.
        """
        copy, part = into / "database.sqlite3", into / _PART
        try:
            with closing(_opened(self._path)) as source, closing(sqlite3.connect(copy)) as target:
                source.backup(target, pages=-1)
                target.execute("PRAGMA journal_mode = DELETE")  # one file, that can be read without a journal beside it
                picture = _checked(target)
        except sqlite3.Error as error:
            raise DatabaseRefused(f"Databasen kan ikke kopieres: {error}. Sjekk plassen på disken, og kjør `fjorten verify`.") from error
        with copy.open("rb") as plain, gzip.open(part, "wb", compresslevel=_LEVEL) as packed:
            shutil.copyfileobj(plain, packed, _CHUNK)
        copy.unlink()
        return _PART, part, picture

    def holds_something(self) -> bool:
        if not self._path.exists():
            return False
        try:
            with closing(_opened(self._path)) as own:
                return not picture_of(own.cursor(), vendor=self.vendor).is_empty
        except sqlite3.Error:
            return True

    @contextmanager
    def beside(self, part: Path) -> Iterator["_BesideFile"]:
        """Unpack the copy into a file beside the one in use, and check it. Raises DatabaseRefused."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self._path.with_name(f"{self._path.name}.restoring")
        _remove(file)
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with gzip.open(part, "rb") as packed, os.fdopen(descriptor, "wb") as plain:
                shutil.copyfileobj(packed, plain, _CHUNK)
            with closing(_opened(file)) as copy:
                picture = _checked(copy)
            yield _BesideFile(file, self._path, picture)
        except (sqlite3.Error, EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise DatabaseRefused(f"Databasen i sikkerhetskopien kan ikke brukes: {error}. Ingenting er endret.") from error
        finally:
            _remove(file)


class _BesideFile:
    def __init__(self, file: Path, in_use: Path, picture: Picture) -> None:
        self._file, self._in_use, self.picture = file, in_use, picture

    def take_over(self, *, stamp: str) -> str:
        """Move the file to the name of the one in use, which is linked to another name first: no moment has none of them."""
        told = ""
        if self._in_use.exists():
            _settle(self._in_use)
            old = self._in_use.with_name(f"{self._in_use.name}.before-{stamp}")
            old.hardlink_to(self._in_use)
            for ending in ("-wal", "-shm"):  # there only beside a file too damaged to be settled
                journal = Path(f"{self._in_use}{ending}")
                if journal.exists():
                    journal.rename(f"{old}{ending}")
            told = f"Den gamle databasen ligger i {old}. Slett den når dere ser at alt er på plass."
        move_into_place(self._file, self._in_use)
        return told


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=_PATIENCE_SECONDS, isolation_level=None)


def _checked(copy: sqlite3.Connection) -> Picture:
    """Let SQLite look through a database and its constraints, and count what is in it. Raises DatabaseRefused."""
    register(copy)  # the constraints ask for functions that Django brings
    faults = [*copy.execute("PRAGMA integrity_check(3)"), *copy.execute("PRAGMA foreign_key_check")]
    if faults != [("ok",)]:
        raise DatabaseRefused(f"SQLite finner feil i databasen: {faults[0]}. Bruk en tidligere sikkerhetskopi.")
    return picture_of(copy.cursor(), vendor="sqlite")


def _settle(path: Path) -> None:
    """
    Write what is in the journal into the file and do away with the journal: a journal left behind would be read into the new file.

    SQLite does so only when nobody else is connected. Raises DatabaseIsInUse. A file that is no database is left as it is.
    """
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=0)) as own:
            own.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise DatabaseIsInUse from error
    except sqlite3.DatabaseError:
        return
    write_through(path)


def _remove(file: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        Path(f"{file}{ending}").unlink(missing_ok=True)
