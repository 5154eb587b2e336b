"""The database a run works in: in memory, nothing fetched from elsewhere, and what does not fit is put where only the owner can read it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory, gettempdir
from typing import Final

import duckdb

from fjorten.registers.reconcile.request import InputCannotBeUsed

# A national run must fit beside what else a clerk's machine does; what needs more is spilt to the disk. Goal P1: 1 GiB in all [default].
MEMORY: Final = "700MB"


@contextmanager
def private_database() -> Iterator[duckdb.DuckDBPyConnection]:
    """
    This function will open an empty database for one run, and leave nothing behind.

    What is spilt to the disk holds names and numbers: it is put in a folder of the owner's own (mode 0700) and removed with it. Raises
    InputCannotBeUsed when the files are too large for memory and disk together.
    """
    with TemporaryDirectory(prefix="fjorten-") as folder:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": MEMORY,
            "temp_directory": folder,
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
        try:
            with duckdb.connect(config=settings) as connection:
                yield connection
        except duckdb.OutOfMemoryException as error:
            raise InputCannotBeUsed(
                f"Det er ikke nok minne eller diskplass til disse filene. Frigjør plass i {gettempdir()}, eller del registerfilen i flere "
                "og oppgi alle med --register."
            ) from error
