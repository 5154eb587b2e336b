"""
The second wall between municipalities: whose rows the database lets this thread see and write (ADR 25).

On PostgreSQL every table that holds a municipality's rows has a policy (`audit.walled`): nothing told, nothing seen. What is told here
stands in the connection, follows the thread to a new connection, and is taken back at the end of the block whatever happened in it. SQLite
has no such wall.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final, cast

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from fjorten.organisation.models import Municipality


@dataclass(frozen=True, slots=True)
class Opening:
    """What a connection is told: one municipality by key and number, or all of them, or (as it begins) none."""

    municipality: str = ""
    code: str = ""
    over_all: str = ""


SHUT: Final = Opening()
_TELL: Final = (
    "SELECT set_config('fjorten.municipality', %s, false), set_config('fjorten.municipality_code', %s, false), "
    "set_config('fjorten.over_all', %s, false)"
)
_opening: Final[ContextVar[Opening]] = ContextVar("opening", default=SHUT)


@contextmanager
def within(municipality: Municipality) -> Iterator[None]:
    """This function will let the rows of one municipality, and of no other, be seen and written while the block runs."""
    with _opened(Opening(municipality=str(municipality.pk), code=municipality.code)):
        yield


@contextmanager
def over_all(why: str) -> Iterator[None]:
    """
    This function will let the rows of all municipalities be seen and written while the block runs.

    Say `why` in words: it is for whoever looks for the holes in the wall, and every call is one (tests/architecture keeps the list).
    """
    if not why:
        raise TypeError("say why")
    with _opened(Opening(over_all="on")):
        yield


@contextmanager
def _opened(opening: Opening) -> Iterator[None]:
    began_in_a_transaction = connection.in_atomic_block
    before = _opening.set(opening)
    try:
        _tell(connection, opening)
        yield
    finally:
        _opening.reset(before)
        _take_back(began_in_a_transaction=began_in_a_transaction)


def tell_new_connection(connection: BaseDatabaseWrapper, **_: object) -> None:
    """This function will tell a new connection, or one out of a pool, what its thread has been told; also when that is nothing."""
    if connection.alias == DEFAULT_DB_ALIAS:
        _tell(connection, _opening.get())


def _tell(connection: BaseDatabaseWrapper, opening: Opening) -> None:
    """Tell a connection that is open; one that is not yet is told when it opens. Past Django's cursors: it is no question of a page's."""
    if connection.vendor == "postgresql" and connection.connection is not None:
        with connection.wrap_database_errors:
            cast("Any", connection.connection).execute(_TELL, (opening.municipality, opening.code, opening.over_all))


def _take_back(*, began_in_a_transaction: bool) -> None:
    """
    Tell the connection what it was told before. A transaction that has failed takes it back itself when it is rolled back, if it was told
    inside it; a connection that cannot be told is closed rather than handed on.
    """
    if connection.vendor != "postgresql" or connection.connection is None:
        return
    from psycopg.pq import TransactionStatus

    status = cast("Any", connection.connection).info.transaction_status
    if status == TransactionStatus.INERROR and began_in_a_transaction:
        return
    try:
        _tell(connection, _opening.get())
    except DatabaseError:
        connection.close()
