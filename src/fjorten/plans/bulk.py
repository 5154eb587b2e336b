"""
Writing many plan rows at the speed of the database (performance P8): COPY on PostgreSQL, one prepared insert on SQLite.

The rows go through no model, but through every constraint: the database refuses what the model would have refused.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from django.db import connection, models

from fjorten.plans.models import PlannedStep, StepEvent

STEP_COLUMNS: Final = (
    "municipality_id",
    "enrolment_id",
    "step",
    "position",
    "target_on",
    "window_from",
    "window_until",
    "basis",
    "outcome",
    "outcome_on",
    "outcome_at",
    "outcome_by",
    "outcome_reason",
    "is_confirmed",
)

StepValues = tuple[int, int, str, int, date, date, date, str, str | None, date | None, datetime | None, str | None, str | None, bool | None]


def write_steps(rows: Iterable[StepValues], *, enrolments: Sequence[int], at: datetime, by: str, reason: str) -> None:
    """
    Write planned steps and, from what then stands in the table, their first history rows. Inside the caller's transaction.

    `rows` hold the values of STEP_COLUMNS; `enrolments` are the primary keys they belong to, all new and without steps.
    """
    _insert(PlannedStep, STEP_COLUMNS, rows)
    _write_first_events(enrolments, at=at, by=by, reason=reason)


def _insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    quoted = ", ".join(connection.ops.quote_name(column) for column in columns)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({quoted}) VALUES ({marks})", (_as_text(row) for row in rows))  # noqa: S608 - names of our own


def _as_text(row: Sequence[Any]) -> tuple[Any, ...]:
    """Write days and instants the way Django reads them back from SQLite."""
    return tuple(_text_of(value) if isinstance(value, date) else value for value in row)


def _text_of(value: date) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
    return value.isoformat()


def _write_first_events(enrolments: Sequence[int], *, at: datetime, by: str, reason: str) -> None:
    event, step = (connection.ops.quote_name(model._meta.db_table) for model in (StepEvent, PlannedStep))
    columns = "planned_step_id, what, outcome, outcome_on, is_confirmed, window_from, window_until, at, by, reason"
    planned = "id, 'planned', NULL, NULL, NULL, window_from, window_until, %s, %s, %s"
    settled = "id, 'settled', outcome, outcome_on, is_confirmed, window_from, window_until, outcome_at, outcome_by, outcome_reason"
    when = at if connection.vendor == "postgresql" else _text_of(at)
    for chunk in _chunks(enrolments):
        where, keys = _belongs_to(chunk)
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {event} ({columns}) SELECT {planned} FROM {step} WHERE {where}", [when, by, reason, *keys])  # noqa: S608
            cursor.execute(
                f"INSERT INTO {event} ({columns}) SELECT {settled} FROM {step} WHERE {where} AND outcome IS NOT NULL",  # noqa: S608
                keys,
            )


def _chunks(keys: Sequence[int]) -> Iterable[Sequence[int]]:
    if connection.vendor == "postgresql":
        yield keys
        return
    for begin in range(0, len(keys), 500):  # SQLite takes a bounded number of values in one statement
        yield keys[begin : begin + 500]


def _belongs_to(keys: Sequence[int]) -> tuple[str, list[Any]]:
    if connection.vendor == "postgresql":
        return "enrolment_id = ANY(%s)", [list(keys)]
    return f"enrolment_id IN ({', '.join(['%s'] * len(keys))})", list(keys)
