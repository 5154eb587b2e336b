"""The manual list: what a person must tell a family or find out, from its opening until somebody says how it ended."""

from datetime import date, datetime
from typing import Final

from django.db import transaction

from fjorten.audit.actor import Actor
from fjorten.audit.trail import record
from fjorten.kernel.refusals import Refused
from fjorten.kernel.times import oslo_date
from fjorten.kernel.working_days import add_working_days
from fjorten.messages.models import ContactTask, IncomingMessage, Message, OutboxState
from fjorten.messages.tasks import BY_MANUAL, SENTENCES, TaskOutcome, TaskReason
from fjorten.organisation.models import Clinic, Employee
from fjorten.organisation.responsibility import Staff
from fjorten.people.models import Person

LONGEST_NOTE: Final = 500
# What concerns the whole family is one task, however many of them were to be told.
_ABOUT_THE_FAMILY: Final = frozenset({*BY_MANUAL.values(), TaskReason.TOO_LATE})
# A message whose fate nobody knew, and the outcomes that settle it: it came through after all, or somebody has told the family.
_OPEN_FATES: Final = (OutboxState.UNCERTAIN.value, OutboxState.SENT.value)
SETTLED_BY: Final = {
    TaskOutcome.WAS_TOLD: (OutboxState.DELIVERED, "bekreftet av en ansatt"),
    TaskOutcome.TOLD: (OutboxState.REPLACED_BY_TASK, "fortalt av en ansatt"),
}


class TaskIsDone(Refused):
    """Someone was first."""

    sentence = "Oppgaven er alt gjort."


class NoteIsMissing(Refused):
    """A family that was not reached, or is not to be told, needs a word on why."""

    sentence = "Skriv kort hva som ble gjort: når det ble ringt, eller hvorfor beskjeden ikke trengs lenger."


class NoteIsTooLong(Refused):
    """A note longer than there is room for; none of it is thrown away."""

    sentence = f"Skriv det kortere: høyst {LONGEST_NOTE} tegn. Resten hører hjemme i journalen."


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
        key=f"{message.key}/{_whom(message, reason)}/{reason}",
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
    Say how a task ended. A message nobody knew the fate of is settled by it, when the family has been told.

    A family that was not reached has not been told: what follows then is the ladder's, in the child's case. Raises TaskIsDone,
    NoteIsTooLong, or NoteIsMissing where the outcome needs one.
    """
    if outcome in (TaskOutcome.NOT_REACHED, TaskOutcome.NO_LONGER_NEEDED) and not note.strip():
        raise NoteIsMissing
    if len(note) > LONGEST_NOTE:
        raise NoteIsTooLong(len(note))
    undone = ContactTask.objects.filter(pk=task.pk, done_at__isnull=True)
    if not undone.update(done_at=at, done_by=by.who, outcome=outcome.value, note=note):
        raise TaskIsDone(task.pk)
    if task.message_id is not None and outcome in SETTLED_BY:
        state, reason = SETTLED_BY[outcome]
        unknown = Message.objects.filter(pk=task.message_id, state__in=_OPEN_FATES)
        unknown.update(state=state, state_at=at, state_reason=reason)
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


def _whom(message: Message, reason: TaskReason) -> str:
    return "-" if message.adult_id is None or reason in _ABOUT_THE_FAMILY else f"{message.adult_id}/{message.way}"


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
