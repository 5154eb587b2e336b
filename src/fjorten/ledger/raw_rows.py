"""
Reading plain rows for the recount: one table at a time, no joins, no counting in the database, nothing shared with the screens.

Each named tuple lists the columns read; primary keys come first. Rows come in the order they were written.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple, TypeVar
from uuid import UUID

from django.db import models

_AT_ONCE: Final = 5000
_KEYS_IN_ONE_QUESTION: Final = 900  # older SQLite takes 999 values in a statement


RowT = TypeVar("RowT", bound=NamedTuple)
KeyT = TypeVar("KeyT")


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
    number_digest: str
    seen_on: date
    sequence: int | None
    registered_at: datetime | None


class IdentifierRow(NamedTuple):
    id: int
    person_id: int
    number: str
    is_in_use: bool
    valid_from: date | None
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
    ended_at: datetime | None


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
    outcome_at: datetime | None
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
    at: datetime
    by: str
    reason: str


class SnapshotRow(NamedTuple):
    id: int
    seq: int
    on: date
    content: Any


def rows(kind: type[RowT], model: type[models.Model], **where: object) -> Iterator[RowT]:
    """Read rows of one table whose own columns have the values given."""
    found = model._default_manager.filter(**where).order_by("pk").values_list(*kind._fields)
    yield from map(kind._make, found.iterator(chunk_size=_AT_ONCE))


def rows_with(kind: type[RowT], model: type[models.Model], column: str, keys: Collection[KeyT], **where: object) -> Iterator[RowT]:
    """Read rows of one table whose `column` is one of some keys; rows of the same key come in the order they were written."""
    for some in chunks(list(keys), _KEYS_IN_ONE_QUESTION):
        yield from rows(kind, model, **{f"{column}__in": some}, **where)


def chunks(values: Sequence[KeyT], size: int) -> Iterator[Sequence[KeyT]]:
    """Cut a sequence into pieces of at most `size`."""
    for begin in range(0, len(values), size):
        yield values[begin : begin + size]
