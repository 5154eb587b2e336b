"""How a message ends, and what is done in its place when it told nobody."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from fjorten.audit.actor import Actor
from fjorten.audit.trail import Detail, Entry, record_all
from fjorten.kernel.times import oslo_date
from fjorten.messages.actions.tasks import open_task
from fjorten.messages.models import Message, OutboxState, Way
from fjorten.messages.obligations import IfTooLate
from fjorten.messages.outbox import Instead, instead, is_left_at_that, needed_on
from fjorten.messages.tasks import SENTENCES, TaskReason
from fjorten.messages.texts import messages
from fjorten.organisation.responsibility import Staff
from fjorten.people.actions.families import mark_contact_point_dead
from fjorten.people.models import ContactPoint, Person, PostalAddress

_ON_ITS_WAY: Final = (OutboxState.QUEUED, OutboxState.IN_HAND, OutboxState.SENT, OutboxState.DELIVERED)


class ChildrenAreBusy(Exception):
    """Somebody else is changing one of the children: to be done child by child, each waiting for its own turn only."""


def lock_children_of(rows: QuerySet[Message]) -> None:
    """
    Keep others from changing the same children's messages until this transaction ends. Done first, so that nobody waits in a ring.

    Rows that only point at the child can be written meanwhile (PostgreSQL's NO KEY UPDATE); SQLite has one writer as it is.
    """
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=rows.order_by().values("person_id")).order_by("pk"))


def lock_child_of(message: int) -> None:
    """Do the same for one message's child."""
    lock_children_of(Message.objects.filter(pk=message))


def lock_a_handful(children: Collection[int]) -> None:
    """
    Do the same for several children (by primary key), waiting for none of them: whoever holds one may come to want another. Raises
    ChildrenAreBusy. One child alone is waited for.
    """
    many = len(set(children)) > 1
    locked = Person.objects.select_for_update(no_key=True, skip_locked=many).filter(pk__in=children).order_by("pk")
    if len(locked) < len(set(children)):
        raise ChildrenAreBusy


@transaction.atomic
def fail(*, row: Message, reason: str, staff: Staff, by: Actor, at: datetime) -> OutboxState:
    """
    Let a message end as not delivered, and tell the family another way, unless another guardian has been told or is being told.

    The child's row is locked first: two guardians' messages that fail at once would each wait for the other.
    """
    lock_child_of(row.pk)
    leave(row=row, state=OutboxState.FAILED, reason=reason, by=by, at=at)
    others = Message.objects.of(row.municipality).filter(key=row.key, state__in=_ON_ITS_WAY).exclude(pk=row.pk)
    kind = messages()[row.kind]
    if others.exists() or is_left_at_that(kind, if_too_late=IfTooLate(row.if_too_late), at=at, lapses_at=row.lapses_at):
        return OutboxState.FAILED
    has_address = PostalAddress.objects.filter(adult=row.adult_id, returned_on__isnull=True).exists()
    todo = instead(
        kind,
        was_letter=row.way == Way.LETTER,
        has_postal_address=has_address,
        today=oslo_date(at),
        needed_on=needed_on(row.lapses_at),
    )
    if todo is Instead.LETTER:
        Message.objects.create(
            municipality=row.municipality,
            key=row.key,
            kind=row.kind,
            about=row.about,
            person=row.person,
            clinic=row.clinic,
            adult=row.adult,
            way=Way.LETTER,
            values=row.values,
            not_before=at,
            lapses_at=row.lapses_at,
            if_too_late=row.if_too_late,
            created_at=at,
            state_at=at,
            after=row,
        )
    else:
        open_task(message=row, reason=TaskReason.NOT_DELIVERED, staff=staff, by=by, at=at)
    return OutboxState.FAILED


@transaction.atomic
def hand_to_a_person(*, row: Message, reason: TaskReason, staff: Staff, by: Actor, at: datetime) -> OutboxState:
    """Let a message be told by a person instead, with a task that says why."""
    leave(row=row, state=OutboxState.REPLACED_BY_TASK, reason=SENTENCES[reason][0], by=by, at=at)
    open_task(message=row, reason=reason, staff=staff, by=by, at=at)
    return OutboxState.REPLACED_BY_TASK


@transaction.atomic
def leave(*, row: Message, state: OutboxState, reason: str, by: Actor, at: datetime) -> OutboxState:
    """Let a message stand in another state, with the reason where it has one."""
    leave_all(rows=[row], state=state, reason=reason, by=by, at=at)
    return state


@transaction.atomic
def leave_all(*, rows: Sequence[Message], state: OutboxState, reason: str, by: Actor, at: datetime) -> int:
    """Let some of a municipality's messages stand in another state, with the reason where it has one; tells how many."""
    Message.objects.filter(pk__in=[row.pk for row in rows]).update(state=state, state_at=at, state_reason=reason[:200])
    for row in rows:
        row.state, row.state_at, row.state_reason = state, at, reason[:200]
    entries = [Entry(f"message.{state.value}", about=str(row.person.public_id), detail=detail_of(row)) for row in rows]
    if rows:
        record_all(entries, municipality=rows[0].municipality.code, by=by, at=at)
    return len(rows)


@transaction.atomic
def mark_way_dead(*, row: Message, reason: str, by: Actor, at: datetime) -> None:
    """Note that what a message was sent to is dead, unless the family has told of another since."""
    kind = ContactPoint.Kind.EMAIL if row.way == Way.EMAIL else ContactPoint.Kind.TELEPHONE
    with suppress(ContactPoint.DoesNotExist):
        point = ContactPoint.objects.select_related("adult__municipality").get(
            adult=row.adult_id, kind=kind, value=row.sent_to, ended_at__isnull=True
        )
        mark_contact_point_dead(contact_point=point, on=oslo_date(at), reason=reason, by=by, at=at)


def detail_of(row: Message) -> Detail:
    """Tell of a message what the trail may hold."""
    return {"kind": row.kind, "way": row.way, "state": row.state}
