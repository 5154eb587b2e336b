"""The cursor that has PostgreSQL keep the plans of what it is asked. Apart, for it is read only where psycopg is installed."""

from typing import Any

from django.db.backends.postgresql import base
from psycopg.types.numeric import Int8

_WithValuesBeside: Any = base.ServerBindingCursor  # Django's own, for when values go beside the words


class _PreparingCursor(_WithValuesBeside):  # type: ignore[misc] # the stubs do not know what it is a cursor of
    """Values go beside the words, each whole number as the same type whatever its size: so the words are the same, and so is their plan."""

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
