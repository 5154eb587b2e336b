"""PostgreSQL: copied by pg_dump over a snapshot of ours, and put back by pg_restore into a database that takes the old one's name."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.db import DatabaseError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from fjorten.cli.backups.engines import DatabaseIsInUse, DatabaseRefused
from fjorten.cli.backups.pictures import Picture, picture_of
from fjorten.kernel.national_id import mask
from fjorten.ledger.moment import one_moment

_PART: Final = "database.pgdump"
_LONGEST_NAME: Final = 63  # bytes (PostgreSQL's NAMEDATALEN - 1 [source])
_MAINTENANCE: Final = "postgres"  # there on every server, for those who make databases
# SQLSTATE (PostgreSQL, appendix A [source])
_INSUFFICIENT_PRIVILEGE: Final = "42501"
_OBJECT_IN_USE: Final = "55006"


class PostgresqlServer:
    """The database on a server. The password goes to its programs by their environment, never by their command line."""

    vendor = "postgresql"

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection
        self._name = str(connection.settings_dict["NAME"])

    def copy_out(self, into: Path) -> tuple[str, Path, Picture]:
        """
        Copy the database as it is at one moment; what is counted is counted at the same moment. Nobody waits.

        Goes over all municipalities. Raises DatabaseRefused, also when row-level security that is not ours would hide rows from our role: a
        copy without them would look whole.
        """
        part = into / _PART
        program = _program("pg_dump")
        try:
            with one_moment(), self._connection.cursor() as cursor:
                _refuse_to_leave_rows_out(cursor)
                cursor.execute("SELECT pg_export_snapshot()")
                [(snapshot,)] = cursor.fetchall()
                picture = picture_of(cursor, vendor=self.vendor)
                kept = ("--format=custom", "--no-owner", "--no-privileges", "--enable-row-security")
                self._run(program, *kept, f"--snapshot={snapshot}", f"--file={part}", f"--dbname={self._name}")
        except DatabaseError as error:
            raise DatabaseRefused(f"Databasen kan ikke kopieres: {_said(error)}") from error
        return _PART, part, picture

    def holds_something(self) -> bool:
        try:
            with self._connected_to(self._name) as own, own.cursor() as cursor:
                return not picture_of(cursor, vendor=self.vendor).is_empty
        except OperationalError as error:
            if self._is_there():
                raise DatabaseRefused(f"Databasen svarer ikke: {_said(error)}") from error
            return False

    @contextmanager
    def beside(self, part: Path) -> Iterator["_BesideDatabase"]:
        """Restore the copy into a new database on the same server. Raises DatabaseRefused."""
        program = _program("pg_restore")
        new = _name_with(self._name, "_restoring")
        try:
            with self._server() as cursor:
                cursor.execute(f"DROP DATABASE IF EXISTS {_quoted(new)} WITH (FORCE)")
                cursor.execute(f"CREATE DATABASE {_quoted(new)} TEMPLATE template0 {self._locale(cursor)}")
        except DatabaseError as error:
            raise DatabaseRefused(_why_not_made(error)) from error
        try:
            self._run(program, "--no-owner", "--exit-on-error", f"--dbname={new}", str(part))
            with self._connected_to(new) as own, own.cursor() as cursor:
                cursor.execute("ANALYZE")  # a database just loaded knows nothing of its tables, and answers slowly
                _refuse_to_leave_rows_out(cursor)
                picture = picture_of(cursor, vendor=self.vendor)
            yield _BesideDatabase(self, new, picture)
        except DatabaseError as error:
            raise DatabaseRefused(f"Databasen i sikkerhetskopien kan ikke brukes: {_said(error)} Ingenting er endret.") from error
        finally:
            with self._server() as cursor:
                cursor.execute(f"DROP DATABASE IF EXISTS {_quoted(new)} WITH (FORCE)")

    def swap(self, new: str, *, stamp: str) -> str:
        """Give the new database the old one's name, in one transaction, and tell where the old one is. Raises DatabaseIsInUse."""
        self._connection.close()
        is_there, is_empty = self._is_there(), not self.holds_something()
        old = _name_with(self._name, f"_before_{stamp.lower()}")
        try:
            with self._server() as cursor:
                cursor.execute("BEGIN")
                if is_there:
                    cursor.execute(f"ALTER DATABASE {_quoted(self._name)} RENAME TO {_quoted(old)}")
                cursor.execute(f"ALTER DATABASE {_quoted(new)} RENAME TO {_quoted(self._name)}")
                cursor.execute("COMMIT")
                if is_there and is_empty:
                    cursor.execute(f"DROP DATABASE {_quoted(old)} WITH (FORCE)")
        except DatabaseError as error:
            if _state(error) == _OBJECT_IN_USE:
                raise DatabaseIsInUse from error
            raise DatabaseRefused(_why_not_made(error)) from error
        if not is_there or is_empty:
            return ""
        return f"Den gamle databasen heter nå {old}. Slett den når dere ser at alt er på plass: dropdb {old}"

    def _is_there(self) -> bool:
        with self._server() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self._name])
            return bool(cursor.fetchall())

    def _locale(self, cursor: Any) -> str:
        """Say how the database in use is encoded and ordered, for one more of the same; the server's own way when there is none."""
        cursor.execute(
            "SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database WHERE datname IN (%s, 'template1') "
            "ORDER BY datname = 'template1' LIMIT 1",
            [self._name],
        )
        [words] = cursor.fetchall()
        encoding, collate, ctype = (word.replace("'", "''") for word in words)
        return f"ENCODING '{encoding}' LC_COLLATE '{collate}' LC_CTYPE '{ctype}'"

    @contextmanager
    def _connected_to(self, name: str) -> Iterator[BaseDatabaseWrapper]:
        """Give a connection of its own to another database of the same server, by the same settings; in autocommit."""
        other = connections["default"].copy()
        other.settings_dict["NAME"] = name
        try:
            yield other
        finally:
            other.close()

    @contextmanager
    def _server(self) -> Iterator[Any]:
        """Give a cursor outside our databases, from where they are made and named. Raises DatabaseRefused when nobody answers."""
        with self._connected_to(_MAINTENANCE) as server:
            try:
                cursor = server.cursor()
            except OperationalError as error:
                raise DatabaseRefused(f"Databaseserveren slipper oss ikke inn, eller svarer ikke: {_said(error)}") from error
            with cursor:
                yield cursor

    def _run(self, program: str, *arguments: str) -> None:
        from django.db.backends.postgresql.client import DatabaseClient

        told, environment = DatabaseClient.settings_to_cmd_args_env(self._connection.settings_dict, [])
        where = [*told[1:-1], "--no-password"]
        done = subprocess.run(  # noqa: S603  # the server's own program, without a shell
            [program, *where, *arguments],
            env={**os.environ, **(environment or {}), "LC_MESSAGES": "C", "PGOPTIONS": "-c fjorten.over_all=on"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode:
            raise DatabaseRefused(f"{Path(program).name} kunne ikke gjøre det: {mask(done.stderr.strip())}")


class _BesideDatabase:
    def __init__(self, server: PostgresqlServer, name: str, picture: Picture) -> None:
        self._server, self._name, self.picture = server, name, picture

    def take_over(self, *, stamp: str) -> str:
        return self._server.swap(self._name, stamp=stamp)


def _refuse_to_leave_rows_out(cursor: Any) -> None:
    """Raise DatabaseRefused when a table has row-level security that does not let those see all who are over all (organisation.wall)."""
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace AND ("
        "NOT EXISTS (SELECT 1 FROM pg_policy WHERE polrelid = pg_class.oid AND polname = 'wall' AND polpermissive AND polcmd = '*') "
        "OR EXISTS (SELECT 1 FROM pg_policy WHERE polrelid = pg_class.oid AND NOT polpermissive)) ORDER BY relname"
    )
    hiding = [table for (table,) in cursor.fetchall()]
    if hiding:
        raise DatabaseRefused(f"Databasen har radsikkerhet (row-level security) som ikke er vår, i {', '.join(hiding)}. Ta den bort.")


def _program(name: str) -> str:
    """Find one of PostgreSQL's programs. Raises DatabaseRefused when it is not on this machine."""
    found = shutil.which(name)
    if found is None:
        raise DatabaseRefused(
            f"Programmet {name} finnes ikke på denne maskinen. På Debian og Ubuntu: sudo apt-get install postgresql-client, "
            "i samme utgave som serveren eller nyere."
        )
    return found


def _name_with(name: str, ending: str) -> str:
    """Put an ending to a database's name, cutting the name when both are too long."""
    return name.encode()[: _LONGEST_NAME - len(ending)].decode(errors="ignore") + ending


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _state(error: DatabaseError) -> str:
    return str(getattr(error.__cause__, "sqlstate", "") or "")


def _said(error: DatabaseError) -> str:
    return mask(str(error).strip())


def _why_not_made(error: DatabaseError) -> str:
    if _state(error) == _INSUFFICIENT_PRIVILEGE:
        return (
            "Rollen i DATABASE_URL kan ikke lage og navngi databaser, og det trengs for å gjenopprette. Gi den lov til det imens "
            "(ALTER ROLE ... CREATEDB), eller bruk en rolle som kan. Ingenting er endret."
        )
    return f"Databasen kan ikke gjenopprettes: {_said(error)} Ingenting er endret."
