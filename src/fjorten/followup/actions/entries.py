"""How an action writes: the case as it was seen, an event beside it, and a line in the trail. Inside the caller's transaction."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import F

from fjorten.audit.actor import Actor
from fjorten.audit.trail import record
from fjorten.followup.models import Case, CaseEvent
from fjorten.kernel.refusals import Refused
from fjorten.kernel.times import oslo_date

NOTE_LENGTH: Final = 2000  # characters; what the table holds
_MACHINES: Final = frozenset({"job", "system"})  # the roles of those who are not persons


class SomeoneWasFirst(Refused):
    """The case has been changed, or closed, since it was read."""

    sentence = "Noen har ført noe i saken siden du åpnet den. Se på den på nytt, og før det du skal."


class OnlyAPerson(Refused):
    """A machine tried what only a person does."""

    sentence = "Dette gjøres bare av en person, aldri av et program."


class NoteIsMissing(Refused):
    """An explanation was asked for and not given."""

    sentence = "Skriv hvorfor (minst ett ord). Det blir stående med navnet ditt."


class NoteIsTooLong(Refused):
    """The note does not fit."""

    sentence = f"Notatet er for langt. Skriv det med høyst {NOTE_LENGTH} tegn, og resten i journalen."


@dataclass(frozen=True, slots=True)
class Signature:
    """Who does something, and at which instant."""

    who: Actor
    instant: datetime

    @property
    def day(self) -> date:
        """The day in Norway."""
        return oslo_date(self.instant)


def refuse_machines(who: Actor) -> None:
    """Raise OnlyAPerson for an actor that is a job."""
    if who.role in _MACHINES:
        raise OnlyAPerson(who.who)


def refuse_note(note: str, *, is_needed: bool = True) -> None:
    """Raise NoteIsMissing or NoteIsTooLong."""
    if is_needed and not note.strip():
        raise NoteIsMissing
    if len(note) > NOTE_LENGTH:
        raise NoteIsTooLong


def change_open(case: Case, **values: Any) -> None:
    """Change an open case that is as the caller saw it. Raises SomeoneWasFirst."""
    _change(case, is_open=True, **values)


def change_closed(case: Case, **values: Any) -> None:
    """Change a closed case that is as the caller saw it. Raises SomeoneWasFirst."""
    _change(case, is_open=False, **values)


def _change(case: Case, *, is_open: bool, **values: Any) -> None:
    as_seen = Case.objects.filter(pk=case.pk, changes=case.changes, closed_at__isnull=is_open)
    if not as_seen.update(**values, changes=F("changes") + 1):  # compare and set: right on both databases without a row lock
        raise SomeoneWasFirst(case.pk)
    case.refresh_from_db()


def enter(case: Case, what: CaseEvent.What, signature: Signature, **told: Any) -> CaseEvent:
    """Write an event of a case, with what the case waits for after it, and last its line in the trail."""
    event = CaseEvent.objects.create(
        case=case,
        what=what,
        by=signature.who.who,
        recorded_at=signature.instant,
        **{"done_at": signature.instant, "next_step": case.next_step, "owner_id": case.owner_id, "due_on": case.due_on, **told},
    )
    record(
        f"case.{what.value}",
        municipality=case.municipality.code,
        about=str(case.person.public_id),
        by=signature.who,
        at=signature.instant,
        detail={"case": case.pk, "next_step": case.next_step, "due_on": case.due_on.isoformat()},
        reason=str(told.get("note", "")),
    )
    return event
