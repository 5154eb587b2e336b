"""Somebody stops working here, and what they had in hand is given on."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from fjorten.audit.actor import Actor
from fjorten.followup.actions.cases import reassign
from fjorten.followup.ladders import ladders_of
from fjorten.followup.models import Case
from fjorten.followup.owners import may_own
from fjorten.kernel.refusals import Refused
from fjorten.kernel.times import oslo_date
from fjorten.messages.actions.tasks import hand_on_task
from fjorten.messages.queries import open_tasks
from fjorten.organisation.actions import end_employment
from fjorten.organisation.models import Employee
from fjorten.organisation.responsibility import staff_on


class HeirCannotTakeOver(Refused):
    """What somebody leaves is taken over by somebody else who works here now."""

    sentence = "Den som tar over, må være en annen som arbeider i kommunen i dag. Velg en annen."


class NobodyEndsTheirOwnEmployment(Refused):
    """With an employment an account and its roles end: that is somebody else's to say."""

    sentence = "Du kan ikke avslutte din egen ansettelse. En annen leder eller den som drifter systemet, må gjøre det."


@dataclass(frozen=True, slots=True)
class GivenOn:
    """How many cases and tasks were given on at once; `waiting` cases go to a deputy the first night after the last day."""

    cases: int
    tasks: int
    waiting: int


@transaction.atomic
def leave(*, employee: Employee, on: date, heir: Employee | None = None, by: Actor, at: datetime) -> GivenOn:
    """
    Record that somebody works here until the day before `on`, and give their open cases and tasks to an heir, now.

    A case whose next step may not be the heir's, and every case where no heir is named, goes to the deputy by the rule of `owners` the
    first night they are gone (`rounds.hand_over_cases`). Tasks have no such night: without an heir they go to their deputies at once.
    Appointments stand until somebody moves them, on the list of those without staff.

    Raises NobodyEndsTheirOwnEmployment, EmploymentEndsBeforeItBegins, EmploymentHasEnded or HeirCannotTakeOver.
    """
    if by.who == employee.code:
        raise NobodyEndsTheirOwnEmployment(employee.pk)
    today = oslo_date(at)
    staff = staff_on(municipality=employee.municipality, on=today)
    if heir is not None and (heir == employee or heir.pk not in staff.employees):
        raise HeirCannotTakeOver(heir.pk)
    end_employment(employee=employee, on=on, by=by, at=at)
    open_cases = Case.objects.filter(owner=employee).still_open()
    cases = list(open_cases.select_related("municipality", "person", "owner", "deputy", "planned_step__enrolment").order_by("pk"))
    ladders, given = ladders_of(employee.municipality), 0
    for case in cases:
        if heir is not None and may_own(ladders.of(case.ladder).step(case.next_step).who, heir.role):
            reassign(case=case, owner=heir, reason="Den som hadde saken, slutter.", by=by, at=at)
            given += 1
    tasks = list(open_tasks(municipality=employee.municipality).filter(owner=employee))
    for task in tasks:
        stands_in = task.deputy if task.deputy_id in staff.employees and task.deputy != employee else None
        owner = heir or stands_in or staff.deputy_of(employee, clinic=employee.clinic_id)
        hand_on_task(task=task, owner=owner, due_on=max(task.due_on, today), today=today, by=by, at=at)
    return GivenOn(given, len(tasks), len(cases) - given)
