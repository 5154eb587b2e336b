"""Reading everything as it was at one moment, so that what is written during a long reading does not look like a fault."""

import contextlib
from collections.abc import Iterator

from django.db import connection, transaction


@contextlib.contextmanager
def one_moment() -> Iterator[None]:
    """
    Let all reading in the block see the database as it was at its first question. Nobody has to wait for it, and nothing can be written.

    Inside a transaction that has begun already, that one decides.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            _execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        # Django's own transactions take SQLite's write lock at once (transaction_mode IMMEDIATE); reading needs none.
        _execute("BEGIN DEFERRED", "PRAGMA query_only = ON")
        try:
            yield
        finally:
            _execute("PRAGMA query_only = OFF", "ROLLBACK")


def _execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
