"""What is written past the models is what the models would have written, on both databases."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from fjorten.audit.actor import Actor
from fjorten.kernel.times import OSLO
from fjorten.organisation.models import Clinic, Municipality
from fjorten.people.models import Person
from fjorten.plans.bulk import write_plans
from fjorten.plans.models import Enrolment, PlannedStep, StepEvent
from fjorten.plans.steps import StepRow, catch_up_plan, full_plan
from fjorten.programme.definitions import Definition, StepCode
from fjorten.programme.status import Status
from tests.plans.conftest import NATIONAL, TODAY, resident

AN_ODD_INSTANT = datetime(2026, 3, 10, 23, 30, 0, 120_000, tzinfo=OSLO)  # an hour before midnight in Norway is another hour in UTC
A_NAME_LIKE_NO_OTHER = 'Ærå \\N \\. O\'Neill\tmed\nlinjer\rog \\ "tegn"'

PLANNED = StepRow("a", 1, date(2026, 1, 2), date(2026, 1, 1), date(2026, 1, 31))
OFFERED_NOW = StepRow("b", 2, TODAY, TODAY, date(2026, 4, 7), in_catch_up=True)
WAIVED = StepRow("c", 3, date(2026, 1, 2), date(2026, 1, 1), date(2026, 1, 31), outcome=Status.WAIVED, outcome_on=TODAY, reason="merged:b")
ELSEWHERE = StepRow(
    "d", 4, date(2026, 1, 2), date(2026, 1, 1), date(2026, 1, 31), outcome=Status.DONE_ELSEWHERE, outcome_on=TODAY, reason="documented"
)


def an_enrolment(person: Person, clinic: Clinic, at: datetime) -> Enrolment:
    """An enrolment without steps."""
    return Enrolment.objects.create(
        municipality=person.municipality,
        person=person,
        clinic=clinic,
        programme_version=NATIONAL,
        planned_from_born_on=person.born_by,
        enrolled_on=TODAY,
        enrolled_at=at,
        enrolled_by="merkantil.prøve",
        reason="bosatt",
    )


def as_the_models_write_it(row: StepRow, enrolment: Enrolment, *, at: datetime, by: str, reason: str) -> None:
    """The same row and its history, one object at a time."""
    step = PlannedStep.objects.create(
        municipality=enrolment.municipality,
        enrolment=enrolment,
        step=row.step,
        position=row.position,
        target_on=row.target_on,
        window_from=row.window_from,
        window_until=row.window_until,
        basis="catch_up" if row.in_catch_up else "programme",
        outcome=row.outcome,
        outcome_on=row.outcome_on,
        outcome_at=at if row.outcome else None,
        outcome_by=by if row.outcome else None,
        outcome_reason=row.reason if row.outcome else None,
        is_confirmed=True if row.outcome == Status.DONE_ELSEWHERE else None,
    )
    window = {"window_from": row.window_from, "window_until": row.window_until}
    StepEvent.objects.create(planned_step=step, what=StepEvent.What.PLANNED, at=at, by=by, reason=reason, **window)
    if row.outcome:
        told = {"outcome": row.outcome, "outcome_on": row.outcome_on, "is_confirmed": step.is_confirmed}
        StepEvent.objects.create(planned_step=step, what=StepEvent.What.SETTLED, at=at, by=by, reason=row.reason, **told, **window)


def as_stored(enrolment: Enrolment) -> list[tuple[Any, ...]]:
    """The rows as the database itself holds them, keys left out: SQLite's own types, not what Django makes of them."""
    columns = {
        model: [field.column for field in model._meta.concrete_fields if field.name not in {"id", "enrolment", "planned_step"}]
        for model in (PlannedStep, StepEvent)
    }
    of_step = ", ".join(f'"{column}"' for column in columns[PlannedStep])
    of_event = ", ".join(f'event."{column}"' for column in columns[StepEvent])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {of_step} FROM plans_plannedstep WHERE enrolment_id = %s ORDER BY position", [enrolment.pk])
        steps = cursor.fetchall()
        cursor.execute(
            f"SELECT step.step, {of_event} FROM plans_stepevent event JOIN plans_plannedstep step ON step.id = event.planned_step_id "
            "WHERE step.enrolment_id = %s ORDER BY step.position, event.id",
            [enrolment.pk],
        )
        return [*steps, *cursor.fetchall()]


@pytest.fixture
def twins(municipality: Municipality, clinic: Clinic) -> tuple[Enrolment, Enrolment]:
    """Two enrolments without steps: one for the bulk, one for the models."""
    one, other = (an_enrolment(resident(municipality, date(2026, 1, 1)), clinic, AN_ODD_INSTANT) for _ in range(2))
    return one, other


@pytest.mark.parametrize("row", [PLANNED, OFFERED_NOW, WAIVED, ELSEWHERE], ids=["planned", "offered now", "waived", "done elsewhere"])
def test_a_row_written_in_bulk_is_stored_as_the_models_store_it(row: StepRow, twins: tuple[Enrolment, Enrolment]) -> None:
    in_bulk, by_models = twins
    told = {"at": AN_ODD_INSTANT, "by": A_NAME_LIKE_NO_OTHER, "reason": A_NAME_LIKE_NO_OTHER}
    write_plans({in_bulk.pk: (row,)}, municipality=in_bulk.municipality_id, **told)
    as_the_models_write_it(row, by_models, **told)
    assert as_stored(in_bulk) == as_stored(by_models)
    assert len(as_stored(in_bulk)) == (3 if row.outcome else 2)


def test_a_row_written_in_bulk_is_read_back_by_the_models(twins: tuple[Enrolment, Enrolment]) -> None:
    enrolment, _ = twins
    write_plans(
        {enrolment.pk: (PLANNED, ELSEWHERE)},
        municipality=enrolment.municipality_id,
        at=AN_ODD_INSTANT,
        by=A_NAME_LIKE_NO_OTHER,
        reason="flyttet hit",
    )
    planned, elsewhere = PlannedStep.objects.filter(enrolment=enrolment).order_by("position")
    assert (planned.target_on, planned.window_from, planned.window_until) == (date(2026, 1, 2), date(2026, 1, 1), date(2026, 1, 31))
    assert (planned.outcome, planned.outcome_on, planned.outcome_at, planned.outcome_by) == (None, None, None, None)
    assert (planned.outcome_reason, planned.is_confirmed) == (None, None)
    assert (elsewhere.outcome, elsewhere.outcome_on, elsewhere.is_confirmed) == ("done_elsewhere", TODAY, True)
    assert (elsewhere.outcome_at, elsewhere.outcome_by, elsewhere.outcome_reason) == (AN_ODD_INSTANT, A_NAME_LIKE_NO_OTHER, "documented")
    assert [(event.what, event.at, event.reason) for event in elsewhere.events.order_by("pk")] == [
        ("planned", AN_ODD_INSTANT, "flyttet hit"),
        ("settled", AN_ODD_INSTANT, "documented"),
    ]


@contextmanager
def an_older_sqlite() -> Iterator[None]:
    """SQLite as it was once built: at most 999 values in a statement."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    before = connection.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 999)
    try:
        yield
    finally:
        connection.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, before)


def test_more_enrolments_are_written_than_a_statement_takes_values(
    municipality: Municipality, clinic: Clinic, programme: Definition, at: datetime
) -> None:
    many = 1_100 if connection.vendor == "sqlite" else 110  # PostgreSQL copies rows in, however many
    born_on = date(2023, 12, 10)
    late = catch_up_plan(born_on, programme, on=TODAY, documented=[StepCode("C13_Y2")])
    plans = {
        an_enrolment(resident(municipality, born_on), clinic, at).pk: full_plan(born_on, programme) if number % 2 else late
        for number in range(many)
    }
    with an_older_sqlite():
        write_plans(plans, municipality=municipality.pk, at=at, by="jobb", reason="bosatt")
    assert PlannedStep.objects.count() == many * 14
    assert StepEvent.objects.filter(what="planned").count() == many * 14
    settled = sum(row.outcome is not None for row in late)
    assert settled == 12  # one is to be done now, one lies ahead
    assert StepEvent.objects.filter(what="settled").count() == many // 2 * settled
    assert not PlannedStep.objects.filter(events__isnull=True).exists()


def test_nothing_is_written_for_nobody(municipality: Municipality, at: datetime) -> None:
    write_plans({}, municipality=municipality.pk, at=at, by="jobb", reason="bosatt")
    assert not PlannedStep.objects.exists()


@pytest.mark.parametrize(
    "row",
    [
        StepRow("a", 1, TODAY, TODAY, TODAY),
        StepRow("a", -1, TODAY, TODAY, date(2026, 4, 1)),
        StepRow("a", 1, TODAY, TODAY, date(2026, 4, 1), outcome=Status.WAIVED, reason="uten dag"),
        StepRow("a", 1, TODAY, TODAY, date(2026, 4, 1), outcome=Status.OVERDUE, outcome_on=TODAY, reason="ikke et utfall"),
    ],
    ids=["empty window", "negative place", "settled on no day", "not a settled state"],
)
def test_the_bulk_goes_through_every_constraint(row: StepRow, twins: tuple[Enrolment, Enrolment], clerk: Actor, at: datetime) -> None:
    enrolment, _ = twins
    with pytest.raises(DatabaseError), transaction.atomic():
        write_plans({enrolment.pk: (PLANNED, row)}, municipality=enrolment.municipality_id, at=at, by=clerk.who, reason="bosatt")
    assert not PlannedStep.objects.exists()


def test_a_second_plan_for_an_enrolment_is_refused(twins: tuple[Enrolment, Enrolment], at: datetime) -> None:
    enrolment, _ = twins
    told = {"municipality": enrolment.municipality_id, "at": at, "by": "jobb", "reason": "bosatt"}
    write_plans({enrolment.pk: (PLANNED,)}, **told)
    with pytest.raises(DatabaseError), transaction.atomic():
        write_plans({enrolment.pk: (PLANNED,)}, **told)
    assert PlannedStep.objects.count() == 1
