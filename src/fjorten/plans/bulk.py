"""
Writing many plans at the speed of the database (performance P8): COPY on PostgreSQL, one prepared insert on SQLite.

PostgreSQL copies nothing into a table behind the wall between municipalities (organisation.wall): the rows are copied to a table of the
transaction's own, and put in from there, past the policy like any other row.

The rows go through no model, but through every constraint: the database refuses what the model would have refused.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Final, TypeVar

from django.db import connection, models
from django.db.backends.utils import CursorWrapper

from fjorten.kernel.chunks import chunks
from fjorten.plans.models import PlannedStep, StepEvent
from fjorten.plans.steps import StepRow
from fjorten.programme.status import Status

Value = str | int | bool | date | None
Plan = tuple[StepRow, ...]
Part = TypeVar("Part")

# What the steps of an enrolment share comes first; the rest is the same for every child with the same plan.
_STEP_COLUMNS: Final = (
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
_EVENT_COLUMNS: Final = (
    "planned_step_id",
    "what",
    "outcome",
    "outcome_on",
    "is_confirmed",
    "window_from",
    "window_until",
    "at",
    "by",
    "reason",
)

_COPIED: Final = "copied_steps"
_AT_ONCE: Final = 100  # enrolments: little enough for server and client to work side by side, and for the values in one statement


def write_plans(plans: Mapping[int, Plan], *, municipality: int, at: datetime, by: str, reason: str) -> None:
    """
    Write the plans of enrolments (by primary key) that have no steps yet, with the steps' first history. Inside the caller's transaction.

    Every step gets the event "planned" with `reason`, and a step its catch-up plan settles the event "settled" with the plan's reason code.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _copy(cursor, plans, municipality=municipality, at=at, by=by)
        else:
            _insert(cursor, plans, municipality=municipality, at=at, by=by)
        _write_first_events(cursor, plans, at=at, by=by, reason=reason)


def _copy(cursor: CursorWrapper, plans: Mapping[int, Plan], *, municipality: int, at: datetime, by: str) -> None:
    made = _once_a_plan(lambda row: "".join(f"\t{_copied(value)}" for value in _values_of(row, at=at, by=by)) + "\n")
    # What the driver refuses here must reach the caller as Django's exceptions, as it does elsewhere.
    table, columns = _table(PlannedStep), _names(_STEP_COLUMNS)
    cursor.execute(f"CREATE TEMPORARY TABLE {_COPIED} ON COMMIT DROP AS SELECT {columns} FROM {table} WITH NO DATA")  # noqa: S608 - our own
    with connection.wrap_database_errors, cursor.copy(f"COPY {_COPIED} FROM STDIN") as copy:
        for enrolments in chunks(list(plans), _AT_ONCE):
            lines = [f"{municipality}\t{enrolment}{rest}" for enrolment in enrolments for rest in made(plans[enrolment])]
            copy.write("".join(lines))
    cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {_COPIED}")  # noqa: S608 - names of our own
    cursor.execute(f"DROP TABLE {_COPIED}")


def _insert(cursor: CursorWrapper, plans: Mapping[int, Plan], *, municipality: int, at: datetime, by: str) -> None:
    made = _once_a_plan(lambda row: tuple(map(_stored, _values_of(row, at=at, by=by))))
    marks = ", ".join(["%s"] * len(_STEP_COLUMNS))
    statement = f"INSERT INTO {_table(PlannedStep)} ({_names(_STEP_COLUMNS)}) VALUES ({marks})"  # noqa: S608 - names of our own
    for enrolments in chunks(list(plans), _AT_ONCE):
        rows = [(municipality, enrolment, *rest) for enrolment in enrolments for rest in made(plans[enrolment])]
        cursor.executemany(statement, rows)


def _write_first_events(cursor: CursorWrapper, plans: Mapping[int, Plan], *, at: datetime, by: str, reason: str) -> None:
    """Make the events from the rows themselves: their keys are the database's, and need not travel here and back."""
    start = f"INSERT INTO {_table(StepEvent)} ({_names(_EVENT_COLUMNS)})"
    planned = "id, 'planned', NULL, NULL, NULL, window_from, window_until, %s, %s, %s"
    settled = "id, 'settled', outcome, outcome_on, is_confirmed, window_from, window_until, outcome_at, outcome_by, outcome_reason"
    told = [connection.ops.adapt_datetimefield_value(at), by, reason]
    for rows, keys in _rows_of(plans):
        cursor.execute(f"{start} SELECT {planned} {rows}", [*told, *keys])
    for rows, keys in _rows_of([enrolment for enrolment, plan in plans.items() if any(row.outcome for row in plan)]):
        cursor.execute(f"{start} SELECT {settled} {rows} AND outcome IS NOT NULL", keys)


def _rows_of(enrolments: Collection[int]) -> Iterator[tuple[str, list[int | list[int]]]]:
    """Say in SQL which rows belong to enrolments, in as many pieces as the database needs, each with its parameters."""
    rows = f"FROM {_table(PlannedStep)} WHERE enrolment_id"
    if connection.vendor == "postgresql":
        yield f"{rows} = ANY(%s)", [list(enrolments)]  # in one piece: it knows nothing of rows this new, and may read all of them each time
        return
    for keys in chunks(list(enrolments), _AT_ONCE):
        yield f"{rows} IN ({', '.join(['%s'] * len(keys))})", [*keys]


def _values_of(row: StepRow, *, at: datetime, by: str) -> tuple[Value, ...]:
    basis = PlannedStep.Basis.CATCH_UP if row.in_catch_up else PlannedStep.Basis.PROGRAMME
    planned = (row.step, row.position, row.target_on, row.window_from, row.window_until, basis.value)
    if row.outcome is None:
        return (*planned, None, None, None, None, None, None)
    is_confirmed = row.is_confirmed if row.outcome is Status.DONE_ELSEWHERE else None
    return (*planned, row.outcome.value, row.outcome_on, at, row.by or by, row.reason, is_confirmed)


def _once_a_plan(make: Callable[[StepRow], Part]) -> Callable[[Plan], list[Part]]:
    """
    Make something of every row of a plan, once: children born on one day have the very same plan (steps.full_plan).

    Plans are told apart by identity, since to hash one costs as much as to write it out.
    """
    made: dict[int, tuple[Plan, list[Part]]] = {}

    def of(plan: Plan) -> list[Part]:
        found = made.get(id(plan))
        if found is None:
            found = made[id(plan)] = (plan, [make(row) for row in plan])  # a plan that is held here shares its id with no other
        return found[1]

    return of


def _copied(value: Value) -> str:
    """Write a value the way COPY reads it in its text format [source: PostgreSQL, COPY, text format]."""
    if value is None:
        return r"\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, date):
        return value.isoformat()
    return str(value).replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")


def _stored(value: Value) -> Value:
    """Write a day or an instant the way Django stores it in SQLite, which has neither: as text, instants in UTC."""
    if isinstance(value, datetime):
        return str(value.astimezone(UTC).replace(tzinfo=None))
    return str(value) if isinstance(value, date) else value


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _names(columns: Sequence[str]) -> str:
    return ", ".join(connection.ops.quote_name(column) for column in columns)
