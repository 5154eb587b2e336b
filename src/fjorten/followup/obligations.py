"""
The letters families are owed from cases: on right and duty, with an offer of another time, a home visit and an interpreter.

Computed anew every time, and compared with what was sent in `messages`. The new time after a miss is the appointments room's.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from fjorten.appointments.models import Appointment
from fjorten.appointments.states import State
from fjorten.followup.ladder import Ladder
from fjorten.followup.ladders import NoSuchLadder, ladders_of
from fjorten.followup.misses import COUNTING, which_missed
from fjorten.followup.models import Case, CaseEvent
from fjorten.followup.triggers import Entry
from fjorten.kernel.times import oslo_date
from fjorten.messages.models import Message
from fjorten.messages.obligations import IfTooLate, Obligation, Unreadable, raise_it
from fjorten.organisation.models import Municipality

SECOND_MISS: Final = "second_miss"
NOT_MET_YET: Final = "not_met_yet"
ABOUT: Final = "case:"
NOT_OWED: Final = "saken er lukket, satt på vent eller kommet videre"
_MORE_THAN_ONCE: Final = 2  # so the letter after a second miss says, and so it must have been


@dataclass(frozen=True, slots=True)
class TimeSetAside:
    """One appointment of the step: where it stands and when it was to begin."""

    state: State
    begins_at: datetime


def letter_of_case(
    *, case_id: int, person_id: int, clinic_id: int, reached_at: datetime | None, times: Sequence[TimeSetAside]
) -> Obligation | None:
    """
    This function will tell which letter a family is owed about a case, and from when; None before the case has come to the nurse
    (`reached_at`).

    When time was set aside more than once and nobody came, or the family put it off, the letter says so, and which time was the last of
    them. Otherwise, after one miss and no contact, or when no time was ever given, the letter says no more than that we have not met; a
    family to whom nothing was offered is not written to as if it had been. A second miss after that is written of in its own letter.
    `times` are oldest first. A letter never comes too late; not sent, it becomes somebody's task. Source: step 4 of escalation.toml, "no
    contact or second miss" [default].
    """
    if reached_at is None:
        return None
    missed = which_missed(time.state for time in times)
    was_more_than_once = bool(missed) and sum(time.state in COUNTING for time in times) >= _MORE_THAN_ONCE
    kind = SECOND_MISS if was_more_than_once else NOT_MET_YET
    return Obligation(
        key=f"{ABOUT}{case_id}/{kind}",
        kind=kind,
        about=f"{ABOUT}{case_id}",
        person_id=person_id,
        clinic_id=clinic_id,
        not_before=reached_at,
        lapses_at=None,
        if_too_late=IfTooLate.BECOMES_TASK,
        values={"missed_at": times[missed[-1]].begins_at.isoformat()} if was_more_than_once else {},
        is_letter=True,
    )


def obligations_on(
    *,
    municipality: Municipality,
    on: date,
    only: Collection[int] | None = None,
    children: Collection[int] | None = None,
    unreadable: Unreadable = raise_it,
) -> list[Obligation]:
    """
    This function will compute the letters owed from the cases of a municipality on a day, in order of the cases; `only` some (by key),
    or of some `children` (primary keys).

    Only cases that are open and not paused, about steps nobody has settled; what is no longer in the list is owed no longer. `unreadable`
    is told of a child whose case is on a ladder nobody has.
    """
    ladders = ladders_of(municipality)
    cases = Case.objects.of(municipality).still_open().awake_on(on).filter(planned_step__outcome__isnull=True).order_by("pk")
    if only is not None:
        cases = cases.filter(pk__in=only)
    if children is not None:
        cases = cases.filter(person__in=children)
    cases = cases.select_related("planned_step__enrolment")
    reached: dict[int, Case] = {}
    climbed: dict[int, Ladder] = {}
    for case in cases:
        try:
            ladder = ladders.of(case.ladder)
        except NoSuchLadder as wrong:
            unreadable(case.person_id, wrong)
            continue
        if _has_reached(case.next_step, ladder):
            reached[case.pk], climbed[case.pk] = case, ladder
    since = _reached_at(reached, climbed)
    times: dict[int, list[TimeSetAside]] = defaultdict(list)
    rows = Appointment.objects.filter(planned_step__cases__in=cases.order_by().values("pk")).order_by("begins_at", "pk").distinct()
    for step_id, state, begins_at in rows.values_list("planned_step_id", "state", "begins_at"):
        times[step_id].append(TimeSetAside(State(state), begins_at))
    letters = (
        letter_of_case(
            case_id=pk,
            person_id=case.person_id,
            clinic_id=case.planned_step.enrolment.clinic_id,
            reached_at=since[pk],
            times=times[case.planned_step_id],
        )
        for pk, case in reached.items()
    )
    return [letter for letter in letters if letter is not None]


def why_not_owed(messages: Sequence[Message], at: datetime) -> Mapping[int, str]:
    """This function will tell, for letters about cases, why each is owed no more, "" while it is; by primary key."""
    cases: dict[Municipality, set[int]] = defaultdict(set)
    for message in messages:
        cases[message.municipality].add(int(message.about.removeprefix(ABOUT)))
    owed = [one for municipality, only in cases.items() for one in obligations_on(municipality=municipality, on=oslo_date(at), only=only)]
    keys = {one.key for one in owed}
    return {message.pk: "" if message.key in keys else NOT_OWED for message in messages}


def _has_reached(step: str, ladder: Ladder) -> bool:
    """Whether a step is the nurse's first after a second miss, or later."""
    return step in ladder.codes and ladder.place_of(step) >= ladder.place_of(ladder.starts_with(Entry.SECOND_MISS))


def _reached_at(cases: dict[int, Case], ladders: dict[int, Ladder]) -> dict[int, datetime]:
    """Find the first instant each case waited for that step or a later one; opening counts."""
    found: dict[int, datetime] = {}
    open_cases = Case.objects.filter(closed_at__isnull=True, municipality__in={case.municipality_id for case in cases.values()})
    events = CaseEvent.objects.filter(case__in=open_cases.values("pk")).order_by("pk")
    for case_id, step, recorded_at in events.values_list("case_id", "next_step", "recorded_at"):
        if case_id in cases and case_id not in found and _has_reached(step, ladders[case_id]):
            found[case_id] = recorded_at
    return {pk: found.get(pk, case.opened_at) for pk, case in cases.items()}
