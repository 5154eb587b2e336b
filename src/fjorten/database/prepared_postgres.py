"""The cursor that has PostgreSQL keep the plans of what it is asked. Apart, for it is read only where psycopg is installed."""

from typing import Any

from psycopg import RawCursor
from psycopg.types.numeric import Int8


class _PreparingCursor(RawCursor[Any]):
    """Values go beside the words (`$1`), whole numbers as one type whatever their size: the words stay the same, and so does their plan."""

    def execute(self, query: Any, params: Any = None, **_: Any) -> Any:
        """Ask, and have the plan kept."""
        return super().execute(query, [Int8(value) if type(value) is int else value for value in params or ()], prepare=True)


def preparing_cursor(connection: Any) -> Any:
    """
    This function will make one, on an open connection of psycopg's. Django has told it to keep nothing, and puts values into the words of
    all that it asks itself; so this is about our questions only.
    """
    connection.prepare_threshold = 0
    return _PreparingCursor(connection)
