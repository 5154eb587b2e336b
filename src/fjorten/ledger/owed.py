"""All that families of a municipality are owed to be told, whichever room it follows from."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from fjorten.appointments.obligations import ABOUT as ABOUT_APPOINTMENT
from fjorten.appointments.obligations import ABOUT_ANSWER, answer_obligations, appointment_obligations
from fjorten.appointments.obligations import why_not_owed as why_not_owed_about_appointments
from fjorten.followup.obligations import obligations_on as case_obligations_on
from fjorten.followup.obligations import why_not_owed as why_not_owed_about_cases
from fjorten.kernel.times import oslo_date
from fjorten.messages.models import Message
from fjorten.messages.obligations import Obligation, Unreadable, raise_it
from fjorten.organisation.models import Municipality

# A word that an answer came through is of use for hours; more days only cover long stops.
_ANSWERS_LOOKED_BACK: Final = timedelta(days=60)


def all_obligations(
    *, municipality: Municipality, since: datetime, at: datetime, unreadable: Unreadable = raise_it
) -> Iterator[Obligation]:
    """
    List what is owed about appointments and cases; `since` lies before the last time all of it was settled.

    `unreadable` is told of each child of whom it cannot be told, or not all of it.
    """
    yield from appointment_obligations(municipality=municipality, since=since, unreadable=unreadable)
    yield from answer_obligations(municipality=municipality, since=max(since, at - _ANSWERS_LOOKED_BACK))
    yield from case_obligations_on(municipality=municipality, on=oslo_date(at), unreadable=unreadable)


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
