"""All that families of a municipality are owed to be told, whichever room it follows from."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from fjorten.appointments.obligations import ABOUT as ABOUT_APPOINTMENT
from fjorten.appointments.obligations import (
    ABOUT_ANSWER,
    answer_obligations,
    appointment_obligations,
    children_whose_hour_may_have_come,
)
from fjorten.appointments.obligations import why_not_owed as why_not_owed_about_appointments
from fjorten.audit.trail import written_since
from fjorten.followup.obligations import obligations_on as case_obligations_on
from fjorten.followup.obligations import why_not_owed as why_not_owed_about_cases
from fjorten.kernel.times import oslo_date, start_of_day
from fjorten.messages.models import Message
from fjorten.messages.obligations import Obligation, Unreadable, raise_it
from fjorten.messages.queries import children_who_wrote, settled_up_to
from fjorten.organisation.models import Municipality
from fjorten.people.concerned import children_concerned

# A word that an answer came through is of use for hours; more days only cover long stops.
_ANSWERS_LOOKED_BACK: Final = timedelta(days=60)
# What is written by day without being about a person, and changes nothing of what a family is owed nor who is told; what changes a child's
# appointments writes of each child besides. Anything else that is about nobody in particular may concern everybody.
_CONCERNS_NO_FAMILY: Final = frozenset(
    {
        *("night.begun", "night.stage_done", "night.finished", "ledger.snapshot_kept", "alarm.sent"),
        *("absence.recorded", "absence.cancelled", "opening.added", "opening.ended", "room.opened"),
        *("message.received", "message.seen_to", "print_batch.handed_over", "text.approved", "text.approval_withdrawn"),
    }
)
_TOO_MANY: Final = 5_000  # then asking about everybody is as quick


def all_obligations(
    *,
    municipality: Municipality,
    since: datetime,
    at: datetime,
    children: Collection[int] | None = None,
    unreadable: Unreadable = raise_it,
) -> Iterator[Obligation]:
    """
    List what is owed about appointments and cases, of some children (primary keys) or all; `since` lies before the last time all of it was
    settled.

    `unreadable` is told of each child of whom it cannot be told, or not all of it.
    """
    yield from appointment_obligations(municipality=municipality, since=since, children=children, unreadable=unreadable)
    yield from answer_obligations(municipality=municipality, since=max(since, at - _ANSWERS_LOOKED_BACK), children=children)
    yield from case_obligations_on(municipality=municipality, on=oslo_date(at), children=children, unreadable=unreadable)


def children_to_look_at(*, municipality: Municipality, at: datetime) -> set[int] | None:
    """
    Find the children (primary keys) of whom what is owed, or who is told, may be otherwise than when all was settled last; None when that
    may be anybody, or everybody: a new day, a clock that went back, something written that is about nobody in particular.

    What families are owed follows from facts and the hour. Every change of a fact leaves a word in the trail (ADR 20), and by the hour only
    what lies near becomes due or too late.
    """
    settled = settled_up_to(municipality=municipality)
    if settled is None or settled.at > at or oslo_date(settled.at) != oslo_date(at):
        return None
    written = written_since(settled.trail_seq, municipality=municipality.code)
    about = {who for _, who in written if who}
    if len(about) > _TOO_MANY or any(not who and action not in _CONCERNS_NO_FAMILY for action, who in written):
        return None
    concerned = children_concerned(about, municipality=municipality)
    if concerned is None:
        return None
    yesterday = start_of_day(oslo_date(at) - timedelta(days=1))
    wrote = children_who_wrote(municipality=municipality, since=yesterday)
    found = concerned | wrote | children_whose_hour_may_have_come(municipality=municipality, at=at)
    return found if len(found) <= _TOO_MANY else None


def why_not_owed(messages: Sequence[Message], at: datetime) -> Mapping[int, str]:
    """Tell, for messages, why each is owed no more, "" while it is; by primary key. Asked at the moment of sending."""
    about_appointments = [message for message in messages if message.about.startswith(ABOUT_APPOINTMENT)]
    # An answer is of use for half a day, and then it lapses.
    about_cases = [message for message in messages if not message.about.startswith((ABOUT_APPOINTMENT, ABOUT_ANSWER))]
    return {
        **{message.pk: "" for message in messages},
        **why_not_owed_about_appointments(about_appointments),
        **why_not_owed_about_cases(about_cases, at),
    }
