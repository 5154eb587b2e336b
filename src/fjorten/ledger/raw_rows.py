"""
Reading plain rows for the recount: one table at a time, no joins, no counting in the database, nothing shared with the screens.

Each named tuple lists the columns read, by the names they have in the table. Written in SQL and not through the models, because a recount
reads millions of rows: about five times as quick [measured], and one more thing it does not share with what it recounts.
"""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Final, NamedTuple, TypeVar, get_args, get_type_hints
from uuid import UUID

from django.db import connection, models

_AT_ONCE: Final = 5000
_KEYS_IN_ONE_QUESTION: Final = 900  # older SQLite takes 999 values in a statement

RowT = TypeVar("RowT", bound=NamedTuple)
KeyT = TypeVar("KeyT", int, str)
ValueT = TypeVar("ValueT")


class PersonRow(NamedTuple):
    id: int
    public_id: UUID
    continued_as_id: int | None
    status: str
    born_on: date | None
    born_by: date
    sex: str
    is_dead: bool
    died_on: date | None
    emigrated_on: date | None
    stays_here: bool
    stays_here_since: date | None
    given_name: str
    middle_name: str
    family_name: str
    name_is_temporary: bool
    search_name: str
    protection: str
    source: str


class PersonKeyRow(NamedTuple):
    id: int
    public_id: UUID
    continued_as_id: int | None


class DocumentRow(NamedTuple):
    id: int
    person_id: int
    payload: Any
    digest: str
    sequence: int | None
    registered_at: datetime | None
    first_seen_on: date
    last_seen_on: date


class MarkerRow(NamedTuple):
    id: int
    municipality_id: int
    number_digest: str
    kind: str
    seen_on: date
    sequence: int | None
    registered_at: datetime | None


class HolderRow(NamedTuple):
    id: int
    municipality_id: int
    person_id: int
    number: str


# The tables of facts about persons: key and owner first, then what is compared, in the order `naive_register.facts_of` gives it.


class IdentifierRow(NamedTuple):
    id: int
    person_id: int
    number: str
    is_in_use: bool
    valid_from: date | None
    source: str


class NameRow(NamedTuple):
    id: int
    person_id: int
    given_name: str
    middle_name: str
    family_name: str
    valid_from: date | None
    valid_until: date | None
    source: str


class ProtectionRow(NamedTuple):
    id: int
    person_id: int
    level: str
    valid_from: date | None
    valid_until: date | None
    source: str


class ResponsibilityRow(NamedTuple):
    id: int
    child_id: int
    kind: str
    responsible_number: str
    responsible_organisation: str
    valid_from: date | None
    valid_until: date | None
    source: str


class RelationRow(NamedTuple):
    id: int
    person_id: int
    role: str
    related_number: str
    valid_from: date | None
    valid_until: date | None
    source: str


class MigrationRow(NamedTuple):
    id: int
    person_id: int
    direction: str
    country: str
    moved_on: date | None
    source: str


class ResidenceRow(NamedTuple):
    id: int
    person_id: int
    municipality_code: str
    kind: str
    basic_unit: str
    is_here: bool
    source: str
    valid_from: date | None
    valid_until: date | None


class CodeRow(NamedTuple):
    id: int
    code: str


class ClinicRow(NamedTuple):
    id: int
    name: str
    is_default: bool


class ClinicAreaRow(NamedTuple):
    id: int
    clinic_id: int
    basic_unit_prefix: str


class OverlayRow(NamedTuple):
    id: int
    content: Any


class EnrolmentRow(NamedTuple):
    id: int
    municipality_id: int
    person_id: int
    clinic_id: int
    programme_version: str
    planned_from_born_on: date
    enrolled_on: date
    catch_up_on: date | None
    ended_on: date | None
    ended_at: object  # only ever asked whether it is there


class JournalRow(NamedTuple):
    id: int
    person_id: int
    clinic_id: int
    opened_on: date
    closed_on: date | None


class DecisionRow(NamedTuple):
    id: int
    person_id: int
    standing: str
    from_on: date
    until_on: date | None


class StepRow(NamedTuple):
    id: int
    municipality_id: int
    enrolment_id: int
    step: str
    position: int
    target_on: date
    window_from: date
    window_until: date
    basis: str
    outcome: str | None
    outcome_on: date | None
    outcome_at: object  # only ever compared with an event's `at`: stays as the database gives it
    outcome_by: str | None
    outcome_reason: str | None
    is_confirmed: bool | None


class EventRow(NamedTuple):
    id: int
    planned_step_id: int
    what: str
    outcome: str | None
    outcome_on: date | None
    is_confirmed: bool | None
    window_from: date
    window_until: date
    at: object
    by: str
    reason: str


class AppointmentRow(NamedTuple):
    id: int
    planned_step_id: int
    begins_at: datetime
    booked_at: datetime
    state: str
    state_at: datetime


class CaseRow(NamedTuple):
    id: int
    opened_on: date
    closed_on: date | None


class SnapshotRow(NamedTuple):
    id: int
    seq: int
    on: date
    content: Any


def rows(kind: type[RowT], model: type[models.Model], *, municipality: int) -> Iterator[RowT]:
    """Read a municipality's rows of one table (its primary key given), in the order they were written."""
    statement = f"{_select(kind, model)} WHERE municipality_id = %s ORDER BY id"
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, [municipality])
        while some := cursor.fetchmany(_AT_ONCE):
            yield from _made(kind, some)


def rows_with(kind: type[RowT], model: type[models.Model], column: str, keys: Collection[KeyT]) -> Iterator[RowT]:
    """Read the rows of one table whose `column` is one of some keys; those of the same key come in the order they were written."""
    for some in chunks(sorted(keys), _KEYS_IN_ONE_QUESTION):
        statement = f"{_select(kind, model)} WHERE {column} IN ({', '.join(['%s'] * len(some))}) ORDER BY id"
        with connection.cursor() as cursor:
            cursor.execute(statement, some)
            yield from _made(kind, cursor.fetchall())


def chunks(values: Sequence[ValueT], size: int) -> Iterator[Sequence[ValueT]]:
    """Cut a sequence into pieces of at most `size`."""
    for begin in range(0, len(values), size):
        yield values[begin : begin + size]


def _select(kind: type[RowT], model: type[models.Model]) -> str:
    columns = ", ".join(connection.ops.quote_name(name) for name in kind._fields)
    return f"SELECT {columns} FROM {connection.ops.quote_name(model._meta.db_table)}"  # noqa: S608 - names of our own


def _made(kind: type[RowT], found: Collection[Sequence[Any]]) -> Iterator[RowT]:
    readers = _readers(kind, connection.vendor)
    if not readers:
        yield from map(kind._make, found)
        return
    for values in found:
        row = list(values)
        for place, read in readers:
            if row[place] is not None:
                row[place] = read(row[place])
        yield kind._make(row)


def _in_utc(instant: datetime) -> datetime:
    return instant.replace(tzinfo=UTC)


# Days and truths come as they are, from SQLite by the converters Django gives it; PostgreSQL knows instants and UUIDs too.
_OF_SQLITE: Final[dict[object, Callable[[Any], object]]] = {datetime: _in_utc, UUID: UUID, Any: json.loads}


@cache
def _readers(kind: type[NamedTuple], vendor: str) -> tuple[tuple[int, Callable[[Any], object]], ...]:
    """Tell how each column that needs it is read, by its place. What is annotated as Any is JSON."""
    readers: dict[object, Callable[[Any], object]] = _OF_SQLITE if vendor == "sqlite" else {Any: json.loads}
    hints = get_type_hints(kind)
    types = [next((part for part in get_args(hint) if part is not type(None)), hint) for hint in map(hints.get, kind._fields)]
    return tuple((place, readers[of]) for place, of in enumerate(types) if of in readers)
