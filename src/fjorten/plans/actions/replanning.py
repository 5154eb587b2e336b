"""Reckoning a plan anew: after a corrected birth date, or under a new version of the programme."""

from dataclasses import replace
from datetime import date, datetime
from typing import Final

from django.db import transaction

from fjorten.audit.actor import Actor
from fjorten.audit.trail import record
from fjorten.plans.actions.history import about, write_history
from fjorten.plans.actions.settling import reopen, waive
from fjorten.plans.models import Enrolment, PlannedStep, StepEvent
from fjorten.plans.reasons import refuse_without_reason
from fjorten.plans.steps import StepRow, full_plan, moved_rows
from fjorten.programme.definitions import Definition

NOT_IN_PROGRAMME: Final = "not_in_programme"  # the reason code of a step that a new programme version no longer has


@transaction.atomic
def replan(*, enrolment: Enrolment, definition: Definition, born_on: date, reason: str, by: Actor, at: datetime) -> int:
    """
    Reckon the windows anew after a corrected birth date or under a new programme version; tells how many rows changed.

    Settled steps keep their outcome; a step offered by the catch-up plan keeps its window; steps new in the programme get a row; a step no
    longer in it is waived if it is not settled, and opened again if the programme takes it back. Raises ReasonIsMissing.
    """
    refuse_without_reason(reason)
    rows = {row.step: row for row in PlannedStep.objects.select_for_update(no_key=True).filter(enrolment=enrolment)}
    plan = {new.step: _keeping_catch_up(new, rows.get(new.step)) for new in full_plan(born_on, definition)}
    known = {code: StepRow(row.step, row.position, row.target_on, row.window_from, row.window_until) for code, row in rows.items()}
    changed = [_moved(rows[new.step], new) for new in moved_rows(known, plan.values())]
    PlannedStep.objects.bulk_update(changed, ["position", "target_on", "window_from", "window_until"])
    added = PlannedStep.objects.bulk_create(
        [
            _moved(PlannedStep(municipality_id=enrolment.municipality_id, enrolment=enrolment, step=code), new)
            for code, new in plan.items()
            if code not in rows
        ]
    )
    write_history(rows=changed, what=StepEvent.What.REPLANNED, reason=reason, by=by, at=at)
    write_history(rows=added, what=StepEvent.What.PLANNED, reason=reason, by=by, at=at)
    Enrolment.objects.filter(pk=enrolment.pk).update(programme_version=definition.reference, planned_from_born_on=born_on)
    enrolment.programme_version, enrolment.planned_from_born_on = definition.reference, born_on
    rows_changed = len(changed) + len(added)
    told = about(enrolment, programme=definition.reference, rows=rows_changed)
    record("enrolment.replanned", **told, by=by, at=at, reason=reason)
    for code, row in rows.items():
        if code not in plan and row.outcome is None:
            waive(enrolment=enrolment, step=code, on=row.window_from, reason=NOT_IN_PROGRAMME, by=by, at=at)
        elif code in plan and row.outcome_reason == NOT_IN_PROGRAMME:
            reopen(enrolment=enrolment, step=code, reason=reason, by=by, at=at)
    return rows_changed


def _keeping_catch_up(new: StepRow, row: PlannedStep | None) -> StepRow:
    """Leave a step the window that the catch-up plan gave it: the family has been offered that one."""
    if row is None or row.basis == PlannedStep.Basis.PROGRAMME:
        return new
    return replace(new, target_on=row.target_on, window_from=row.window_from, window_until=row.window_until)


def _moved(row: PlannedStep, new: StepRow) -> PlannedStep:
    row.position, row.target_on, row.window_from, row.window_until = new.position, new.target_on, new.window_from, new.window_until
    return row
