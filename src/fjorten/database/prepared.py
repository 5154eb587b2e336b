"""
Asking in words that are kept, as each database does it best.

PostgreSQL keeps the plan of a question that is asked again in the same words: with row-level security, planning the question of a long
list takes longer than answering it. What is the same each time is written out, so that it is still seen that a partial index holds what is
asked for. SQLite's driver keeps what it has parsed by itself.
"""

import re
from collections.abc import Sequence
from typing import Any, TypeVar, cast

from django.db.backends.base.base import BaseDatabaseWrapper

WhichT = TypeVar("WhichT")


def written_for(
    connection: BaseDatabaseWrapper, sql: str, parameters: Sequence[Any], values: Sequence[tuple[int, WhichT]]
) -> tuple[str, list[Any], list[tuple[int, WhichT]]]:
    """
    This function will give the words as they are asked on a connection, the parameters that are left, and the places among them of the
    `values` that are filled in each time.
    """
    if connection.vendor != "postgresql":
        return sql, list(parameters), list(values)
    from psycopg.sql import Literal

    connection.ensure_connection()
    filled = dict(values)
    left = iter(enumerate(parameters))

    def put(found: "re.Match[str]") -> str:
        if found[0] == "%%":
            return "%%"
        place, value = next(left)
        return "%s" if place in filled else Literal(value).as_string(connection.connection).replace("%", "%%")

    return re.sub(r"%%|%s", put, sql), [None] * len(filled), list(enumerate(filled.values()))


def asked_of(connection: BaseDatabaseWrapper, sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """This function will read all rows of an answer."""
    with _cursor(connection) as cursor:
        cursor.execute(sql, parameters)
        return cast("list[tuple[Any, ...]]", cursor.fetchall())


def _cursor(connection: Any) -> Any:
    if connection.vendor != "postgresql" or connection.queries_logged:  # what is logged is told with its values in it
        return connection.cursor()
    from fjorten.database.prepared_postgres import preparing_cursor

    connection.ensure_connection()
    with connection.wrap_database_errors:
        return connection.make_cursor(preparing_cursor(connection.connection))
