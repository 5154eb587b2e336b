"""
What becomes of a message: by which way it goes, what its gateway's answer means, when it may be tried again, and when a person takes over.

Pure. A message is sent once or not at all: whoever does not know whether it went never sends it again, unless the gateway promised to
know the message by its key.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from fjorten.kernel.times import oslo_date, oslo_instant
from fjorten.kernel.working_days import add_working_days
from fjorten.messages.channels.interface import Outcome
from fjorten.messages.obligations import IfTooLate
from fjorten.messages.texts import Message, WhenNotTold

# Families are not woken: what rings in somebody's pocket goes between these hours, Oslo time [default].
SENDING_FROM: Final = time(8)
SENDING_UNTIL: Final = time(20)
# How long a try may be unfinished, or its outcome unknown, before somebody is asked to find out (reliability.md F8 [default]).
UNFINISHED_FOR: Final = timedelta(minutes=15)
# An SMS without a delivery receipt after this long has not told anybody (messages.md [default]).
RECEIPT_WITHIN: Final = timedelta(hours=24)
# A letter takes this many working days to be printed, carried and read [default].
LETTER_WORKING_DAYS: Final = 5
# Waiting times between tries; the last one is used again until the tries have gone on for a day, and then a family is told another way
# [default].
_PATIENCE: Final = tuple(timedelta(minutes=minutes) for minutes in (2, 5, 15, 60))
LONGEST_WAIT: Final = _PATIENCE[-1]
TRIES_FOR: Final = timedelta(hours=24)
FEWEST_TRIES: Final = 4  # a worker that was down for a week has not tried for a week


class Then(StrEnum):
    """What is done with a message after a try."""

    WAIT_FOR_RECEIPT = "wait_for_receipt"
    TRY_AGAIN = "try_again"
    TELL_ANOTHER_WAY = "tell_another_way"
    FIND_OUT = "find_out"


class Instead(StrEnum):
    """What is done in the place of a message that told nobody."""

    LETTER = "letter"
    TASK = "task"


def in_sending_hours(at: datetime) -> datetime:
    """This function will move an instant to the next one in which families may be sent something: 8 to 20 in Norway [default]."""
    day = oslo_date(at)
    opens, closes = oslo_instant(day, SENDING_FROM), oslo_instant(day, SENDING_UNTIL)
    if at < opens:
        return opens
    return at if at < closes else oslo_instant(day + timedelta(days=1), SENDING_FROM)


def after_try(outcome: Outcome, *, takes_keys: bool, tries: int, trying_for: timedelta) -> Then:
    """
    This function will tell what follows one try, the last of `tries` that have gone on for `trying_for`.

    An uncertain one is tried again only where the gateway takes keys: there a second try under the same key is the same message
    (reliability.md section 5 [source]). After a day and four tries [default] a family is told another way, or somebody finds out.
    """
    is_in_time = trying_for < TRIES_FOR or tries < FEWEST_TRIES
    match outcome:
        case Outcome.ACCEPTED:
            return Then.WAIT_FOR_RECEIPT
        case Outcome.REFUSED:
            return Then.TELL_ANOTHER_WAY
        case Outcome.NOT_SENT:
            return Then.TRY_AGAIN if is_in_time else Then.TELL_ANOTHER_WAY
        case Outcome.UNCERTAIN:
            return Then.TRY_AGAIN if takes_keys and is_in_time else Then.FIND_OUT


def try_again_at(at: datetime, *, tries: int, asked_to_wait: timedelta = timedelta(0)) -> datetime:
    """
    This function will tell when a message is tried again after `tries` tries, the last of them at `at`.

    Not before the gateway asked for, which is believed up to a day.
    """
    return at + max(_PATIENCE[min(tries, len(_PATIENCE)) - 1], min(asked_to_wait, TRIES_FOR))


def is_left_at_that(message: Message, *, if_too_late: IfTooLate, at: datetime, lapses_at: datetime | None) -> bool:
    """
    This function will tell whether nothing is done about a message that told nobody, or of which there is no receipt: a word of thanks to
    somebody who wrote, and a reminder that is of no use any more. Refused and never answered for are the same: neither has told anybody.

    Source: messages.md, "What counts as told" [default].
    """
    is_of_no_use = if_too_late is IfTooLate.LAPSES and is_too_late(at, lapses_at)
    return message.when_not_told is WhenNotTold.NOTHING or is_of_no_use


def instead(message: Message, *, was_letter: bool, has_postal_address: bool, today: date, needed_on: date | None) -> Instead:
    """
    This function will tell what is done when a message told nobody, and it is not left at that.

    A letter where the kind has one, there is an address, and it arrives in time: `needed_on` is the day the message is of no use any more
    (None: it always is). A letter that failed is not sent again: somebody calls.
    """
    wants_letter = message.when_not_told is WhenNotTold.LETTER_THEN_TASK and not was_letter and has_postal_address
    return Instead.LETTER if wants_letter and letter_is_in_time(today=today, needed_on=needed_on) else Instead.TASK


def letter_is_in_time(*, today: date, needed_on: date | None) -> bool:
    """This function will tell whether a letter printed today is read before the day it is needed; None: it never comes too late."""
    return needed_on is None or add_working_days(today, LETTER_WORKING_DAYS) < needed_on


def is_too_late(at: datetime, lapses_at: datetime | None) -> bool:
    """This function will tell whether a message is of no use any more: from the moment it lapses on."""
    return lapses_at is not None and at >= lapses_at


def needed_on(lapses_at: datetime | None) -> date | None:
    """This function will tell the Norwegian day a message is needed before; None when it never comes too late."""
    return None if lapses_at is None else oslo_date(lapses_at)
