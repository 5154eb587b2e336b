"""
The stages of a night, in the order they build on each other. Each can be run again at any time and then does only what is left to do.

A stage answers with counts and with what it could not do for whom; it raises only what concerns everybody, and then the next stage is run
all the same: a register that cannot be read is no reason to send nobody a reminder.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from fjorten.appointments.actions.answers import act_on_answer
from fjorten.appointments.actions.inviting import invite
from fjorten.appointments.forecasts import without_room_among
from fjorten.audit.actor import Actor
from fjorten.audit.trail import chain_end
from fjorten.followup.queries import cases_that_bear_on_times
from fjorten.followup.rounds import Round, hand_over_cases, note_new_times, open_cases_from_facts
from fjorten.followup.triggers import Trigger
from fjorten.ledger.balance import balance_of
from fjorten.ledger.owed import all_obligations, children_to_look_at, why_not_owed
from fjorten.ledger.snapshots import keep
from fjorten.messages.actions.contact_register import LookUp, ask_contact_register
from fjorten.messages.actions.owed import settle_obligations
from fjorten.messages.actions.receipts import ask_about_letters, look_after_sent, take_up_cut_off
from fjorten.messages.actions.sending import Worked, never, send_due
from fjorten.messages.carriers import Carriers
from fjorten.messages.queries import handed_over_since, unread_incoming
from fjorten.organisation.models import Municipality
from fjorten.organisation.responsibility import staff_on
from fjorten.people.troubles import error_of, one_childs_own, sentence_of
from fjorten.registers.actions import apply_feed
from fjorten.registers.feeds.source import RegisterSource
from fjorten.registers.reconciliation import reconcile

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Failure:
    """What a stage could not do: for one child (by primary key) or for all (None)."""

    person_id: int | None
    about: str
    sentence: str
    error: str


@dataclass(frozen=True, slots=True)
class Done:
    """What a stage did. `balanced` is the ledger's own word, from the last stage only."""

    counts: Mapping[str, int] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()
    balanced: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """
    One night of one municipality. `register` opens the register, None when it is read some other way; `since` lies before the last night
    that was finished; `clock` is read where a gateway is waited for; `is_stopping` says that no further message is to be begun;
    `contact_register` looks people up there, None where none is asked.
    """

    municipality: Municipality
    on: date
    since: datetime
    register: Callable[[], RegisterSource] | None
    register_is_a_folder: bool
    carriers: Carriers
    by: Actor
    at: datetime
    clock: Clock
    is_stopping: Callable[[], bool] = never
    contact_register: LookUp | None = None


def read_the_register(night: Night) -> Done:
    """Read the events of the register since the last time."""
    if night.register is None:
        return Done()
    with night.register() as source:
        result = apply_feed(
            source=source, municipality=night.municipality, from_the_start=night.register_is_a_folder, by=night.by, at=night.at
        )
    failures = [Failure(None, f"hendelse {gap.first}-{gap.last}", "Hendelser fra Folkeregisteret mangler.", "") for gap in result.gaps]
    failures += [
        Failure(None, f"rad {row.position}", "En hendelse fra Folkeregisteret kunne ikke leses.", row.reason) for row in result.rejected
    ]
    return Done({"events": result.events, "new_children": result.new, "enrolled": result.enrolled}, tuple(failures))


def hold_register_against_journals(night: Night) -> Done:
    """Hold the register against the journals; what does not match goes on the work list."""
    return Done({"work_items": reconcile(municipality=night.municipality, on=night.on, by=night.by, at=night.at)})


def ask_how_families_are_reached(night: Night) -> Done:
    """
    Ask the contact register about guardians and carers who are new, or have not been asked about for a month; so many a night.

    How many were asked about is not counted: it comes in waves, and nights are held against what is usual.
    """
    if night.contact_register is None:
        return Done()
    asked = ask_contact_register(municipality=night.municipality, look_up=night.contact_register, by=night.by, at=night.at)
    sentence = "Det kontaktregisteret sier om en foresatt, kunne ikke føres. De andre er ført."
    failures = tuple(Failure(None, f"foresatt {adult}", sentence, type(wrong).__name__) for adult, wrong in asked.failed)
    return Done({"guardians_met": asked.met, "contacts_found": asked.found}, failures)


def open_cases(night: Night) -> Done:
    """
    Open or move the cases the facts ask for, and give those of people who have left to somebody who is here.

    Before the invitations, since the case decides how soon the new time after a miss lies. All facts but that nothing is booked: that is
    only so when tonight's invitations have found no time either (`open_cases_of_the_unbooked`).
    """
    about = frozenset(Trigger) - {Trigger.NOTHING_BOOKED}
    opened = open_cases_from_facts(municipality=night.municipality, on=night.on, triggers=about, by=night.by, at=night.at)
    handed = hand_over_cases(municipality=night.municipality, on=night.on, by=night.by, at=night.at)
    return _rounds(opened, handed)


def open_cases_of_the_unbooked(night: Night) -> Done:
    """
    Open the cases of those whose window is about to close and who still have no time, now that tonight's have been given.

    A window with little left on the first night, or a time cancelled yesterday, is no omission before the clinic has had its chance.
    Whether a time is found does not hang on this case: it makes nothing quicker but the new time after a miss.
    """
    about = {Trigger.NOTHING_BOOKED}
    return _rounds(open_cases_from_facts(municipality=night.municipality, on=night.on, triggers=about, by=night.by, at=night.at))


def note_times_given(night: Night) -> Done:
    """Note the system's own step as done in the cases where the family has a new time."""
    return _rounds(note_new_times(municipality=night.municipality, on=night.on, by=night.by, at=night.at))


def invite_children(night: Night) -> Done:
    """
    Give times to those whose window is coming, and new ones to those who were missed or cancelled; on the fast track sooner, and not where
    the case waits until a day. `without_room` are those for whom there is no time left in their window: the alarm.
    """
    fast, paused = cases_that_bear_on_times(municipality=night.municipality, on=night.on)
    came = invite(municipality=night.municipality, on=night.on, fast=fast, paused_steps=paused, by=night.by, at=night.at)
    failures = [Failure(one.need.child, one.need.step, one.sentence, "NotBooked") for one in came.refused]
    without_room = len(without_room_among(came.still_waiting, municipality=night.municipality, on=night.on))
    return Done(
        {
            "booked": len(came.booked),
            "unplaced": len(came.unplaced),
            "without_room": without_room,
            "taken_meanwhile": len(came.taken_meanwhile),
            "by_hand": len(came.by_hand),
        },
        tuple(failures),
    )


def act_on_what_families_wrote(night: Night) -> Done:
    """Do what families have asked for in messages, or give it to a person."""
    staff = staff_on(municipality=night.municipality, on=night.on)
    effects = Counter[str]()
    failed: list[tuple[int | None, Exception]] = []
    for incoming in unread_incoming(municipality=night.municipality).select_related("person", "municipality", "answers__clinic"):
        with one_childs_own(incoming.person_id, failed):
            effects.update([act_on_answer(incoming=incoming, staff=staff, by=night.by, at=night.at)])
    return Done({effect: number for effect, number in effects.items() if effect}, tuple(_failure(key, wrong) for key, wrong in failed))


def queue_what_is_owed(night: Night) -> Done:
    """Queue what families are owed to be told, and withdraw what they are owed no more."""
    return _settle(night, looks_at_all=True)


def queue_what_has_come_up(night: Night) -> Done:
    """Do the same by day, of the children only for whom something may have changed since; the night looks at them all."""
    return _settle(night, looks_at_all=False)


def _settle(night: Night, *, looks_at_all: bool) -> Done:
    as_of = chain_end(night.municipality.code).seq  # first: what is written from now on is for the next time
    children = None if looks_at_all else children_to_look_at(municipality=night.municipality, at=night.at)
    unreadable: dict[int, Exception] = {}
    owed = all_obligations(
        municipality=night.municipality, since=night.since, at=night.at, children=children, unreadable=unreadable.setdefault
    )
    result = settle_obligations(
        municipality=night.municipality,
        obligations=list(owed),
        among=children,
        but=unreadable.keys(),
        as_of=as_of,
        staff=staff_on(municipality=night.municipality, on=night.on),
        by=night.by,
        at=night.at,
    )
    return Done(result.counts, tuple(_failure(key, wrong) for key, wrong in (*unreadable.items(), *result.failed)))


def send_messages(night: Night) -> Done:
    """
    Go on with what a crash left in hand, send what is due, and see to what is still in the air; in that order, so that what can be sent is
    not given to a person. Families are not woken: what is due at night waits for the worker in the morning.

    `handed_over` is how many a gateway took in the last day, by whomever they were sent.
    """
    staff = staff_on(municipality=night.municipality, on=night.on)
    taken_up, looked = Worked(), Worked()
    if not night.is_stopping():
        taken_up = take_up_cut_off(municipality=night.municipality, staff=staff, by=night.by, at=night.clock())
    sent = send_due(
        municipality=night.municipality,
        carriers=night.carriers,
        still_owed=why_not_owed,
        is_stopping=night.is_stopping,
        staff=staff,
        by=night.by,
        at=night.at,
        clock=night.clock,
    )
    if not night.is_stopping():
        looked = look_after_sent(municipality=night.municipality, carriers=night.carriers, staff=staff, by=night.by, at=night.clock())
    taken = handed_over_since(municipality=night.municipality, since=night.at - timedelta(days=1))
    failures = tuple(_failure(key, wrong) for each in (taken_up, sent, looked) for key, wrong in each.failed)
    return Done({**taken_up.counts, **looked.counts, **sent.counts, "handed_over": taken}, failures)


def ask_what_became_of_letters(night: Night) -> Done:
    """Ask what became of the letters that went digitally."""
    staff = staff_on(municipality=night.municipality, on=night.on)
    asked = ask_about_letters(municipality=night.municipality, carriers=night.carriers, staff=staff, by=night.by, at=night.clock())
    return Done(asked.counts, tuple(_failure(key, wrong) for key, wrong in asked.failed))


def take_the_ledger(night: Night) -> Done:
    """Take the balance of the day and keep it signed."""
    balance = balance_of(municipality=night.municipality, on=night.on)
    keep(balance, municipality=night.municipality, by=night.by, at=night.clock())
    failures = tuple(Failure(None, "", problem, "") for problem in balance.problems)
    counts = {"residents": balance.counts.residents, "unaccounted": balance.counts.unaccounted, "not_closed": balance.not_closed}
    return Done({**counts, "open_cases": balance.open_cases}, failures, balance.balanced)


Stage = Callable[[Night], Done]

# What is done all day long between the nights, by the worker: what families wrote, what they are owed, and sending it.
BY_DAY: Final[Mapping[str, Stage]] = {
    "answers": act_on_what_families_wrote,
    "owed": queue_what_has_come_up,
    "sending": send_messages,
}

STAGES: Final[Mapping[str, Stage]] = {
    "register": read_the_register,
    "reconcile": hold_register_against_journals,
    "contacts": ask_how_families_are_reached,
    "cases": open_cases,
    "invitations": invite_children,
    "unbooked": open_cases_of_the_unbooked,
    "new_times": note_times_given,
    **BY_DAY,
    "owed": queue_what_is_owed,
    "letters": ask_what_became_of_letters,
    "ledger": take_the_ledger,
}


def _rounds(*rounds: Round) -> Done:
    names = ("opened", "moved", "noted", "handed_over", "new_times")
    failures = [Failure(one.person_id, "", one.sentence, one.error) for each in rounds for one in each.troubles]
    return Done({name: sum(getattr(each, name) for each in rounds) for name in names}, tuple(failures))


def _failure(person_id: int | None, wrong: Exception) -> Failure:
    sentence = sentence_of(wrong, otherwise="Noe gikk galt for dette barnet. Resten er gjort.")
    return Failure(person_id, "", sentence, error_of(wrong))
