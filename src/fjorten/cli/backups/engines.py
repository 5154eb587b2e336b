"""What backup and restore ask of a database, and which of the two an installation has."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from django.db import connection

from fjorten.cli.backups.pictures import Picture
from fjorten.kernel.refusals import Refused


class DatabaseRefused(Refused):
    """The database, or a program of its, would not; what it said is in the sentence."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class DatabaseIsInUse(Refused):
    """Somebody is connected to the database that is to be replaced."""

    sentence = "Noen bruker databasen. Stans fjorten (serve, worker og nattkjøringen), og prøv igjen. Ingenting er endret."


class Beside(Protocol):
    """A database restored beside the one in use, which nobody else knows of yet."""

    picture: Picture

    def take_over(self, *, stamp: str) -> str:
        """
        Put it in the place of the one in use, in one step, and say in Norwegian where the old one lies ("" when it held nothing).

        `stamp` goes into the old one's new name. Raises DatabaseIsInUse.
        """


class Engine(Protocol):
    """One kind of database. What it raises is Refused, with a sentence that says what to do."""

    vendor: str

    def copy_out(self, into: Path) -> tuple[str, Path, Picture]:
        """Copy the database as it is at one moment, while others write: the part's name, its file in the folder, and what is in it."""

    def holds_something(self) -> bool:
        """Tell whether the database in use holds anything of anybody's. One that is damaged does, as far as anybody knows."""

    def beside(self, part: Path) -> AbstractContextManager[Beside]:
        """Restore a copy beside the database in use; unless it takes over, nothing is left of it after the block."""


def engine_of_the_installation() -> Engine:
    """Give the engine of the database in the settings."""
    if connection.vendor == "sqlite":
        from fjorten.cli.backups.sqlite import SqliteFile

        return SqliteFile(Path(connection.settings_dict["NAME"]))
    from fjorten.cli.backups.postgresql import PostgresqlServer

    return PostgresqlServer(connection)
