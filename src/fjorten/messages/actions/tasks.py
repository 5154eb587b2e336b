"""The manual list: what a person must tell a family or find out, from its opening until somebody says how it ended."""

from datetime import date, datetime

from django.db import transaction

from fjorten.audit.actor import Actor
from fjorten.audit.trail import record
from fjorten.kernel.refusals import Refused
from fjorten.kernel.times import oslo_date
from fjorten.kernel.working_days import add_working_days
from fjorten.messages.models import ContactTask, IncomingMessage, Message, OutboxState
from fjorten.messages.tasks import SENTENCES, TaskOutcome, TaskReason
from fjorten.organisation.models import Clinic, Employee
from fjorten.organisation.responsibility import Staff
from fjorten.people.models import Person


class TaskIsDone(Refused):
    """Someone was first."""

    sentence = "Oppgaven er alt gjort."


class NoteIsMissing(Refused):
    """A family that was not reached, or is not to be told, needs a word on why."""

    sentence = "Skriv kort hva som ble gjort: når det ble ringt, eller hvorfor beskjeden ikke trengs lenger."


class DeadlineHasPassed(Refused):
    """Waiting until a day that has been is not waiting."""

    sentence = "Den nye fristen må være i dag eller senere."


@transaction.atomic
def open_task(*, message: Message, reason: TaskReason, staff: Staff, by: Actor, at: datetime) -> ContactTask:
    """
    Put what a message was to tell on the manual list, once for each reason. Raises NobodyToOwnIt where there is no staff at all.

    The owner is a clerk of the clinic, for a protected child a public health nurse [default].
    """
    return _open(
        key=f"{message.key}/{message.adult_id or '-'}/{message.way}/{reason}",
        person=message.person,
        clinic=message.clinic,
        reason=reason,
        about=message.about,
        message=message,
        staff=staff,
        by=by,
        at=at,
    )


@transaction.atomic
def open_task_about_incoming(
    *, incoming: IncomingMessage, person: Person, clinic: Clinic, reason: TaskReason, staff: Staff, by: Actor, at: datetime
) -> ContactTask:
    """Put what a family wrote on the list of those who answer, once. Raises NobodyToOwnIt where there is no staff at all."""
    return _open(
        key=f"incoming:{incoming.pk}/{reason}",
        person=person,
        clinic=clinic,
        reason=reason,
        about=f"incoming:{incoming.pk}",
        message=incoming.answers,
        staff=staff,
        by=by,
        at=at,
    )


@transaction.atomic
def finish_task(*, task: ContactTask, outcome: TaskOutcome, note: str = "", by: Actor, at: datetime) -> None:
    """
    Say how a task ended. A message that was uncertain is settled by it. Raises TaskIsDone, or NoteIsMissing where the outcome needs one.

    A family that was not reached has not been told: what follows then is the ladder's, in the child's case.
    """
    if outcome in (TaskOutcome.NOT_REACHED, TaskOutcome.NO_LONGER_NEEDED) and not note.strip():
        raise NoteIsMissing
    undone = ContactTask.objects.filter(pk=task.pk, done_at__isnull=True)
    if not undone.update(done_at=at, done_by=by.who, outcome=outcome.value, note=note):
        raise TaskIsDone(task.pk)
    if task.message_id is not None and outcome is TaskOutcome.WAS_TOLD:
        came_through = Message.objects.filter(pk=task.message_id, state__in=[OutboxState.UNCERTAIN, OutboxState.SENT])
        came_through.update(state=OutboxState.DELIVERED, state_at=at, state_reason="bekreftet av en ansatt")
    _record("contact_task.finished", task, by=by, at=at, reason=note, outcome=outcome.value)


@transaction.atomic
def hand_on_task(*, task: ContactTask, owner: Employee, due_on: date, today: date, by: Actor, at: datetime) -> None:
    """Give a task to somebody else, with a day. Whoever had it is the deputy now. Raises TaskIsDone or DeadlineHasPassed."""
    if due_on < today:
        raise DeadlineHasPassed
    undone = ContactTask.objects.filter(pk=task.pk, done_at__isnull=True)
    deputy = task.deputy if owner.pk == task.owner_id else task.owner
    if not undone.update(owner=owner, deputy=deputy, due_on=due_on):
        raise TaskIsDone(task.pk)
    _record("contact_task.handed_on", task, by=by, at=at, owner=owner.code)


def _open(
    *,
    key: str,
    person: Person,
    clinic: Clinic,
    reason: TaskReason,
    about: str,
    message: Message | None,
    staff: Staff,
    by: Actor,
    at: datetime,
) -> ContactTask:
    sentence, days = SENTENCES[reason]
    role = Employee.Role.NURSE if reason is TaskReason.CHILD_IS_PROTECTED else Employee.Role.CLERK
    responsible = staff.responsible(role, clinic=clinic.pk)
    task, is_new = ContactTask.objects.get_or_create(
        municipality=clinic.municipality,
        key=key,
        defaults={
            "person": person,
            "message": message,
            "about": about,
            "reason": reason.value,
            "sentence": sentence,
            "owner": responsible.owner,
            "deputy": responsible.deputy,
            "due_on": add_working_days(oslo_date(at), days),
            "opened_at": at,
        },
    )
    if is_new:
        _record("contact_task.opened", task, by=by, at=at, why=reason.value)
    return task


def _record(action: str, task: ContactTask, *, by: Actor, at: datetime, reason: str = "", **detail: str) -> None:
    record(action, municipality=task.municipality.code, about=str(task.person.public_id), by=by, at=at, detail={**detail}, reason=reason)
