"""A person's word that a child is to be followed on the fast track."""

from datetime import date, datetime

from django.db import transaction

from fjorten.audit.actor import Actor
from fjorten.audit.trail import record
from fjorten.followup.actions.entries import NoteIsTooLong, Signature, change_open, enter, refuse_machines, refuse_note
from fjorten.followup.ladder import Track, next_step
from fjorten.followup.ladders import ladders_of
from fjorten.followup.models import Case, CaseEvent, Flag
from fjorten.kernel.ages import add_years
from fjorten.kernel.refusals import Refused
from fjorten.kernel.times import oslo_date
from fjorten.kernel.working_days import add_working_days
from fjorten.people.models import Person

REASON_LENGTH = 500  # characters; what the table holds


class FlagEndsOutOfReach(Refused):
    """A flag ends on a day to come, and is looked at anew after a year."""

    sentence = "Merkingen må slutte en dag fram i tid, og senest om et år. Da kan den settes på nytt."


class FlagIsEnded(Refused):
    """Someone ended it first."""

    sentence = "Merkingen er alt avsluttet."


@transaction.atomic
def flag(*, person: Person, until: date, reason: str, by: Actor, at: datetime) -> Flag:
    """
    Let a child be followed on the fast track until a day, at most a year [default]; open cases about it go over to that track at once.

    Raises OnlyAPerson, NoteIsMissing, NoteIsTooLong, FlagEndsOutOfReach or SomeoneWasFirst.
    """
    refuse_machines(by)
    refuse_note(reason)
    if len(reason) > REASON_LENGTH:
        raise NoteIsTooLong
    on = oslo_date(at)
    if not on < until <= add_years(on, 1):
        raise FlagEndsOutOfReach(person.pk)
    flagged = Flag.objects.create(person=person, reason=reason, from_on=on, until_on=until, flagged_at=at, flagged_by=by.who)
    for case in Case.objects.still_open().filter(person=person, track=Track.STANDARD).order_by("pk"):
        _hurry(case, Signature(by, at))
    record("child.flagged", municipality=person.municipality.code, about=str(person.public_id), by=by, at=at, reason=reason)
    return flagged


@transaction.atomic
def unflag(*, flag: Flag, by: Actor, at: datetime) -> None:
    """End a flag before its day. Cases keep the track they are on. Raises OnlyAPerson or FlagIsEnded."""
    refuse_machines(by)
    if not Flag.objects.filter(pk=flag.pk, ended_at__isnull=True).update(ended_at=at, ended_by=by.who):
        raise FlagIsEnded(flag.pk)
    record("child.unflagged", municipality=flag.person.municipality.code, about=str(flag.person.public_id), by=by, at=at)


def _hurry(case: Case, signature: Signature) -> None:
    """Bring an open case over to the fast track; its deadline may come nearer, and never moves away."""
    ladder = ladders_of(case.municipality).of(case.ladder)
    behind = ladder.codes[: ladder.place_of(case.next_step)]
    coming = next_step(ladder, done=behind, track=Track.FAST, opened_on=case.counts_from, starts_with=case.starts_with or None)
    sooner = max(coming.due_on, add_working_days(signature.day, 0))
    change_open(case, track=Track.FAST, due_on=min(case.due_on, sooner))
    enter(case, CaseEvent.What.MOVED, signature, note="Barnet er merket, og saken følges på hurtigsporet.")
