"""How far a long query has come, told while it runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    import duckdb

# Called with a Norwegian phrase for what is being done, and the part of it that is done (0 to 1), or None when that is not known. It may be
# called from another thread than the one that works.
Progress: TypeAlias = Callable[[str, float | None], None]

_SECONDS_BETWEEN: Final = 0.2


def silent(phase: str, fraction: float | None) -> None:
    """This function will do nothing: for runs nobody watches."""


@contextmanager
def told(progress: Progress, phase: str, connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """This function will tell `progress` how far the queries inside the block have come, from a thread of its own."""
    progress(phase, 0.0)
    finished = threading.Event()

    def tell() -> None:
        while not finished.wait(_SECONDS_BETWEEN):
            percent = connection.query_progress()
            progress(phase, percent / 100 if percent >= 0 else None)

    teller = threading.Thread(target=tell, name="reading progress", daemon=True)
    teller.start()
    try:
        yield
    finally:
        finished.set()
        teller.join()
    progress(phase, 1.0)
