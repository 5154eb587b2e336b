"""What no code can write, because the database refuses it. Raw SQL, on whichever database the suite runs on."""

from datetime import datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from fjorten.audit.actor import Actor
from fjorten.organisation.models import Municipality
from fjorten.people.models import Person
from fjorten.plans.actions.enrolment import end_enrolment
from fjorten.plans.actions.standing import decide_standing
from fjorten.plans.models import Enrolment, PlannedStep, StandingDecision, StepEvent
from fjorten.plans.programmes import adopt_overlay
from tests.plans.conftest import TODAY
from tests.plans.test_programmes import FIVE_YEARS

AT = "'2026-03-10 09:00:00'"


def refused(statement: str, *, by: str, columns: str = "") -> None:
    """Run a statement and see it refused by a constraint: SQLite names the columns of a broken uniqueness, PostgreSQL the constraint."""
    named = columns if columns and connection.vendor == "sqlite" else by
    with pytest.raises(IntegrityError, match=named), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def decision(newcomer: Person, clerk: Actor, at: datetime) -> StandingDecision:
    outside = StandingDecision.Standing.OUTSIDE
    return decide_standing(person=newcomer, standing=outside, on=TODAY, reason="på reise", by=clerk, at=at)


def copy_of_the_row(model: type) -> str:
    """SQL that writes the only row of a table once more, with a key of its own."""
    columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields if not field.primary_key)
    table = model._meta.db_table
    return f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table} ORDER BY id LIMIT 1"


def test_one_open_enrolment_per_person(enrolment: Enrolment, clerk: Actor, at: datetime) -> None:
    refused(copy_of_the_row(Enrolment), by="one_open_enrolment_per_person", columns="plans_enrolment.person_id")
    end_enrolment(enrolment=enrolment, on=TODAY, reason="flyttet", by=clerk, at=at)
    with connection.cursor() as cursor:
        cursor.execute(copy_of_the_row(Enrolment))
    assert Enrolment.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("reason = ''", "an_enrolment_has_a_reason_and_someone_who_gave_it"),
        ("enrolled_by = ''", "an_enrolment_has_a_reason_and_someone_who_gave_it"),
        ("ended_on = '2026-03-10'", "an_enrolment_is_ended_by_someone_with_a_reason"),
        (f"ended_on = '2026-03-10', ended_at = {AT}, ended_by = 'x'", "an_enrolment_is_ended_by_someone_with_a_reason"),
        (
            f"ended_on = '2026-03-10', ended_at = {AT}, ended_by = '', ended_reason = 'x'",
            "an_enrolment_is_ended_by_someone_with_a_reason",
        ),
        (
            f"ended_on = '2026-03-10', ended_at = {AT}, ended_by = 'x', ended_reason = ''",
            "an_enrolment_is_ended_by_someone_with_a_reason",
        ),
        (
            f"ended_on = '2026-03-09', ended_at = {AT}, ended_by = 'x', ended_reason = 'x'",
            "an_enrolment_does_not_end_before_it_starts",
        ),
    ],
)
def test_an_enrolment_is_signed_at_both_ends(change: str, constraint: str, enrolment: Enrolment) -> None:
    refused(f"UPDATE plans_enrolment SET {change}", by=constraint)


def test_one_row_per_enrolment_and_step(enrolment: Enrolment) -> None:
    refused(copy_of_the_row(PlannedStep), by="one_row_per_enrolment_and_step", columns="plans_plannedstep.enrolment_id")


SETTLED = f"outcome_on = '2026-03-10', outcome_at = {AT}, outcome_by = 'x', outcome_reason = 'x'"


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("window_until = window_from", "a_window_ends_after_it_starts"),
        ("outcome = 'done'", "a_step_is_settled_by_someone_with_a_reason"),
        ("outcome_on = '2026-03-10'", "a_step_is_settled_by_someone_with_a_reason"),
        (SETTLED, "a_step_is_settled_by_someone_with_a_reason"),
        (f"outcome = 'overdue', {SETTLED}", "a_step_is_settled_by_someone_with_a_reason"),
        (f"outcome = 'done', {SETTLED}, outcome_by = ''", "a_step_is_settled_by_someone_with_a_reason"),
        (f"outcome = 'done', {SETTLED}, outcome_reason = NULL", "a_step_is_settled_by_someone_with_a_reason"),
        (f"outcome = 'done_elsewhere', {SETTLED}", "only_what_was_done_elsewhere_waits_for_confirmation"),
        (f"outcome = 'done', {SETTLED}, is_confirmed = TRUE", "only_what_was_done_elsewhere_waits_for_confirmation"),
        ("is_confirmed = FALSE", "only_what_was_done_elsewhere_waits_for_confirmation"),
    ],
)
def test_a_step_is_settled_in_full_or_not_at_all(change: str, constraint: str, enrolment: Enrolment) -> None:
    once = {part.split(" = ")[0].strip(): part for part in change.split(", ")}  # a later value of a column replaces an earlier one
    refused(f"UPDATE plans_plannedstep SET {', '.join(once.values())}", by=constraint)


def test_the_whole_row_of_a_settled_step_is_accepted(enrolment: Enrolment) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE plans_plannedstep SET outcome = 'done_elsewhere', {SETTLED}, is_confirmed = FALSE")
    assert PlannedStep.objects.filter(outcome="done_elsewhere").count() == 14


@pytest.mark.parametrize("statement", ["UPDATE plans_stepevent SET reason = 'en annen'", "DELETE FROM plans_stepevent"])
def test_the_history_of_a_step_is_never_changed(statement: str, enrolment: Enrolment) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert StepEvent.objects.count() == 14


def test_one_open_standing_decision_per_person(decision: StandingDecision) -> None:
    columns = "plans_standingdecision.person_id"
    refused(copy_of_the_row(StandingDecision), by="one_open_standing_decision_per_person", columns=columns)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("standing = 'enrolled'", "standing_is_known"),
        ("reason = ''", "a_standing_decision_is_signed"),
        ("decided_by = ''", "a_standing_decision_is_signed"),
        ("until_on = '2026-03-09'", "a_standing_decision_does_not_end_before_it_starts"),
    ],
)
def test_a_standing_decision_is_signed_and_known(change: str, constraint: str, decision: StandingDecision) -> None:
    refused(f"UPDATE plans_standingdecision SET {change}", by=constraint)


def test_one_overlay_per_suffix(municipality: Municipality, clerk: Actor, at: datetime) -> None:
    adopt_overlay(municipality=municipality, content=FIVE_YEARS, by=clerk, at=at)
    table = "plans_programmeoverlay"
    copy = (
        f"INSERT INTO {table} (municipality_id, suffix, content, added_at, added_by) "
        f"SELECT municipality_id, suffix, content, added_at, added_by FROM {table}"
    )
    refused(copy, by="one_overlay_per_suffix", columns=f"{table}.municipality_id")


@pytest.mark.parametrize("model", [Person, Enrolment, Municipality])
def test_what_a_plan_refers_to_cannot_be_deleted(model: type, enrolment: Enrolment) -> None:
    """Foreign keys are checked at the latest when the transaction ends."""
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table}")
        connection.check_constraints()
