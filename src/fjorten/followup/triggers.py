"""
Which facts ought to open a case, since when, and where on the ladder it begins. Pure: values and a day in, facts out.

A fact has a key, and one fact opens one case, however often it is seen and whatever became of the case: a case a person has closed never
opens again by itself. A new fact about a step whose case is open moves that case; it never opens a second one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from fjorten.appointments.states import State
from fjorten.followup.misses import is_put_off, which_missed
from fjorten.kernel.periods import Period
from fjorten.kernel.spoken import in_a_row

# How long before the window closes a step with nothing booked is somebody's work: the Danish scheme's 14 days, and the ladder's [default].
NOTHING_BOOKED_DAYS: Final = 14
# An appointment nobody has closed is a list of its own (L6). For a week it still counts as booked here, so that a forgotten tick does not
# become a case about a child who came; after that it no longer hides the child [default].
UNCLOSED_COUNTS_DAYS: Final = 7
APPOINTMENT: Final = "appointment:"  # how the key of a fact about an appointment begins


class Trigger(StrEnum):
    """The fact that opened a case."""

    MISSED = "missed"
    PUT_OFF_IN_SERIES = "put_off_in_series"
    WINDOW_PASSED = "window_passed"
    NOTHING_BOOKED = "nothing_booked"
    LETTER_RETURNED = "letter_returned"
    NUMBER_DEAD = "number_dead"
    BY_HAND = "by_hand"

    @property
    def words(self) -> str:
        """The fact in Norwegian, short: «ingen kom»."""
        return _WORDS[self]

    @property
    def sentence(self) -> str:
        """The fact in Norwegian, as a sentence on the case. It says whose omission it is, where it is ours."""
        return _SENTENCES[self]


_WORDS: Final = MappingProxyType(
    {
        Trigger.MISSED: "ingen kom",
        Trigger.PUT_OFF_IN_SERIES: "utsatt gang på gang",
        Trigger.WINDOW_PASSED: "tidsrommet er over",
        Trigger.NOTHING_BOOKED: "ingen time 14 dager før tidsrommet er over",
        Trigger.LETTER_RETURNED: "brev kom i retur",
        Trigger.NUMBER_DEAD: "telefonnummeret virker ikke",
        Trigger.BY_HAND: "åpnet av en ansatt",
    }
)
_SENTENCES: Final = MappingProxyType(
    {
        Trigger.MISSED: "Ingen kom til timen.",
        Trigger.PUT_OFF_IN_SERIES: "Timen til denne konsultasjonen er flyttet eller avbestilt gang på gang.",
        Trigger.WINDOW_PASSED: "Tidsrommet for konsultasjonen er over, og den er ikke gjennomført.",
        Trigger.NOTHING_BOOKED: "Ingen time er satt opp, og tidsrommet er snart over. Det er tjenesten som mangler en time, ikke familien.",
        Trigger.LETTER_RETURNED: "Et brev til familien kom i retur. Finn riktig adresse.",
        Trigger.NUMBER_DEAD: "Et telefonnummer til familien virker ikke. Finn riktig nummer.",
        Trigger.BY_HAND: "Saken er åpnet av en ansatt.",
    }
)


def sentences_in(note: str) -> str:
    """This function will take a note the system wrote apart into the sentences of facts it was made of; any other note stays as it is."""
    found, left = [], note
    while left:
        sentence = next((one for one in _SENTENCES.values() if left.startswith(one)), None)
        if sentence is None:
            return note
        found.append(sentence)
        left = left.removeprefix(sentence).lstrip()
    return in_a_row(found)


class Entry(StrEnum):
    """Where on the ladder a fact puts its case; the ladder says which step that is."""

    BOTTOM = "bottom"
    UNREACHABLE = "unreachable"
    SECOND_MISS = "second_miss"


@dataclass(frozen=True, slots=True)
class AppointmentOnADay:
    """One appointment of a step: its id, where it stands, its day in Norway, and the day somebody said where it stands."""

    id: int
    state: State
    on: date
    said_on: date


@dataclass(frozen=True, slots=True)
class DeadContact:
    """
    A letter that came back or a number that does not work, and since when. `key` names the address or number and the day.

    `is_carers`: it is of whoever cares for the child now, and not of a guardian.
    """

    trigger: Trigger
    key: str
    since: date
    is_carers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """
    What is known of one child and one planned step on a day. `appointments` are oldest first.

    `dead_contacts` are only given with the step the child's contact case is about. `is_placed`: somebody other than the guardians cares for
    the child now.
    """

    step_id: int
    window: Period
    is_settled: bool = False
    appointments: Sequence[AppointmentOnADay] = ()
    dead_contacts: Sequence[DeadContact] = ()
    is_placed: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that ought to open a case: which, by what key, since when, and where on the ladder it begins."""

    trigger: Trigger
    key: str
    since: date
    entry: Entry = Entry.BOTTOM


def facts_of(situation: Situation, *, today: date) -> tuple[Fact, ...]:
    """
    This function will list the facts that ought to have a case on a day, oldest first. A settled step has none.

    - A miss, from its day; put off in series, from the day the family said so, which may be before the appointment's. The second miss and
      every later one puts the case with the nurse.
    - The window is over and the step not done: from the day after its last day. It opens a case as a miss does, and never counts as one.
    - Nothing is booked 14 days before the last day of the window, or from its first day when it is shorter: the clinic's omission.
    - A letter came back, or a number does not work: the case begins with a call. While a child is placed, only what concerns the carer
      counts: nobody looks for a child at a former address.

    An appointment that is still open counts as booked until a week after its day. Source: the triggers of escalation.toml [default].
    """
    if situation.is_settled:
        return ()
    found = [*_misses(situation), *_window(situation, today=today), *_unreachable(situation)]
    return tuple(sorted((fact for fact in found if fact.since <= today), key=lambda fact: (fact.since, fact.key)))


def entry_of(facts: Collection[Fact]) -> Entry:
    """This function will tell where on the ladder several facts together put a case: as high as the highest of them."""
    order = list(Entry)
    return max((fact.entry for fact in facts), key=order.index, default=Entry.BOTTOM)


def _misses(situation: Situation) -> Iterator[Fact]:
    for count, place in enumerate(which_missed(appointment.state for appointment in situation.appointments), start=1):
        appointment = situation.appointments[place]
        entry = Entry.SECOND_MISS if count > 1 else Entry.BOTTOM
        key = f"{APPOINTMENT}{appointment.id}"
        if is_put_off(appointment.state):
            yield Fact(Trigger.PUT_OFF_IN_SERIES, key, appointment.said_on, entry)
        else:
            yield Fact(Trigger.MISSED, key, appointment.on, entry)


def _window(situation: Situation, *, today: date) -> Iterator[Fact]:
    until, start = situation.window.until, situation.window.start
    if until is None or start is None or _has_something_booked(situation.appointments, today=today):
        return
    if until <= today:
        yield Fact(Trigger.WINDOW_PASSED, f"window:{situation.step_id}:{until}", until)
        return
    last_day = until - timedelta(days=1)
    yield Fact(
        Trigger.NOTHING_BOOKED, f"nothing_booked:{situation.step_id}:{until}", max(start, last_day - timedelta(days=NOTHING_BOOKED_DAYS))
    )


def _has_something_booked(appointments: Collection[AppointmentOnADay], *, today: date) -> bool:
    counts_from = today - timedelta(days=UNCLOSED_COUNTS_DAYS)
    return any(appointment.state.is_open and appointment.on >= counts_from for appointment in appointments)


def _unreachable(situation: Situation) -> Iterator[Fact]:
    for contact in situation.dead_contacts:
        if contact.is_carers or not situation.is_placed:
            yield Fact(contact.trigger, contact.key, contact.since, Entry.UNREACHABLE)
