"""What of a day somebody may see: their own appointments or the whole clinic's, and only children that are shown to them."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Final, TypeVar

from fjorten.access.permissions import Permission, Role
from fjorten.access.queries import Staff
from fjorten.appointments.day import DayRow, day_rows
from fjorten.appointments.queries import drop_ins_on
from fjorten.care_relations.queries import emergencies_to_review
from fjorten.care_relations.relations import shown_among
from fjorten.followup.queries import cases_due
from fjorten.kernel.working_days import add_working_days
from fjorten.messages.queries import open_tasks
from fjorten.web.today.presenters import Shown

RowT = TypeVar("RowT")

# Those families have appointments with; everybody else sees the whole clinic's day.
RECEIVING: Final = frozenset({Role.NURSE, Role.DOCTOR, Role.MIDWIFE, Role.PHYSIOTHERAPIST})


def receives(staff: Staff) -> bool:
    """This function will tell whether families have appointments with somebody."""
    return staff.employee is not None and bool(staff.roles & RECEIVING)


def shown_on(on: date, *, staff: Staff, at: datetime, today: date, is_whole_clinic: bool) -> Shown:
    """
    This function will read a day as somebody may see it, in a number of questions that does not grow with the day.

    Tasks are those due by today that are theirs to do, or anybody's at the clinic for the whole clinic's day.
    """
    municipality = staff.municipality
    tomorrow_on = add_working_days(on, 1)
    rows = [row for row in day_rows(on, municipality=municipality) if _is_here(row, staff, is_whole_clinic)]
    tomorrow = [row for row in day_rows(tomorrow_on, municipality=municipality) if _is_here(row, staff, is_whole_clinic)]
    waiting = [row for row in drop_ins_on(on, municipality=municipality) if row.clinic_id in staff.clinics and row.received_at is None]
    cases = [row for row in cases_due(municipality=municipality, on=today) if is_whole_clinic or row.acts.pk == staff.employee]
    tasks = [
        row
        for row in open_tasks(municipality=municipality).filter(due_on__lte=today)
        if is_whole_clinic or staff.employee in (row.owner_id, row.deputy_id)
    ]
    concerned = {row.appointment.person_id for row in (*rows, *tomorrow)} | {row.person_id for row in waiting}
    concerned |= {row.case.person_id for row in cases} | {row.person_id for row in tasks if row.person_id is not None}
    visible = shown_among(concerned, staff=staff, at=at)
    return Shown(
        on=on,
        rows=_seen(rows, visible, lambda row: row.appointment.person_id),
        waiting=_seen(waiting, visible, lambda row: row.person_id),
        cases=_seen(cases, visible, lambda row: row.case.person_id),
        tasks=[row for row in tasks if row.person_id is None or row.person_id in visible],
        tomorrow_on=tomorrow_on,
        tomorrow=_seen(tomorrow, visible, lambda row: row.appointment.person_id),
        emergencies=list(emergencies_to_review(municipality)) if staff.may(Permission.REVIEW_ACCESS) else [],
    )


def _is_here(row: DayRow, staff: Staff, is_whole_clinic: bool) -> bool:
    appointment = row.appointment
    return appointment.clinic_id in staff.clinics if is_whole_clinic else staff.employee in (appointment.employee_id, appointment.doctor_id)


def _seen(rows: Iterable[RowT], visible: set[int], child_of: Callable[[RowT], int]) -> list[RowT]:
    return [row for row in rows if child_of(row) in visible]
