"""
Asking in words that are kept, as each database does it best.

PostgreSQL keeps the plan of a question that is asked again in the same words: with row-level security, planning the question of a long
list takes longer than answering it. What is the same each time is written out, so that it is still seen that a partial index holds what is
asked for. SQLite's driver keeps what it has parsed by itself.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar, cast

from django.db import NotSupportedError
from django.db.backends.base.base import BaseDatabaseWrapper

WhichT = TypeVar("WhichT")


class Written(Generic[WhichT]):
    """
    Words as Django writes them, with all their parameters, and at which places among these the values stand; and on PostgreSQL the same
    with a number for each value, and everything else written out.
    """

    def __init__(self, connection: BaseDatabaseWrapper, sql: str, parameters: Sequence[Any], places: Sequence[tuple[int, WhichT]]) -> None:
        """Take the words for a connection."""
        self._connection: Any = connection
        self._sql, self._parameters, self._places = sql, parameters, places
        self._values = list(dict.fromkeys(which for _, which in places))
        self._numbered = self._with_numbers() if connection.vendor == "postgresql" else ""

    def asked(self, value_of: Callable[[WhichT], Any]) -> list[tuple[Any, ...]]:
        """Read all rows of the answer; `value_of` gives each value as the driver takes it."""
        # What is logged is told with its values in it.
        if not self._numbered or self._connection.queries_logged:
            parameters = list(self._parameters)
            for place, which in self._places:
                parameters[place] = value_of(which)
            return _read(self._connection.cursor(), self._sql, parameters)
        values = [value_of(which) for which in self._values]
        try:
            return _read(self._keeping(), self._numbered, values)
        except NotSupportedError:
            # A column has another type than when the plan was made: somebody has upgraded the database under us.
            if self._connection.in_atomic_block:
                raise
            self._connection.close()
            return _read(self._keeping(), self._numbered, values)

    def _keeping(self) -> Any:
        """Make a cursor, as Django makes its own, that has plans kept."""
        from fjorten.database.prepared_postgres import preparing_cursor

        connection = self._connection
        connection.close_if_health_check_failed()
        connection.ensure_connection()
        connection.validate_thread_sharing()
        with connection.wrap_database_errors:
            return connection.make_cursor(preparing_cursor(connection.connection))

    def _with_numbers(self) -> str:
        from psycopg.sql import Literal

        self._connection.ensure_connection()
        numbers = {which: f"${number}" for number, which in enumerate(self._values, start=1)}
        values = dict(self._places)
        left = iter(enumerate(self._parameters))

        def put(found: "re.Match[str]") -> str:
            if found[0] == "%%":
                return "%"
            place, value = next(left)
            return numbers[values[place]] if place in values else Literal(value).as_string(self._connection.connection)

        return re.sub(r"%%|%s", put, self._sql)


def _read(cursor: Any, sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with cursor:
        cursor.execute(sql, parameters)
        return cast("list[tuple[Any, ...]]", cursor.fetchall())
