"""Closed cases of an earlier system, taken over with what was done in them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from django.db import transaction

from fjorten.appointments.models import Appointment
from fjorten.appointments.states import State
from fjorten.audit.actor import Actor
from fjorten.audit.trail import Entry, record_all
from fjorten.followup.actions.closings import KEEP_UNTIL_FEEDBACK, ClosingDisagreesWithThePlan, NoReportIsSent, UnknownClosing
from fjorten.followup.actions.entries import refuse_note
from fjorten.followup.actions.steps import NoSuchStep as NoSuchStepOfTheLadder
from fjorten.followup.actions.steps import NotInTheList
from fjorten.followup.closings import agrees_with_plan
from fjorten.followup.earlier import EarlierCase, EarlierEntry
from fjorten.followup.ladder import Ladder, next_step, track_for
from fjorten.followup.ladders import ladders_of
from fjorten.followup.models import Case, CaseEvent, CaseFact
from fjorten.followup.triggers import AppointmentOnADay, Fact, Situation, Trigger, facts_of
from fjorten.kernel.ages import add_months
from fjorten.kernel.periods import Period
from fjorten.kernel.refusals import Refused
from fjorten.kernel.times import oslo_date, oslo_instant
from fjorten.kernel.working_days import add_working_days
from fjorten.kernel.writing import must_fit
from fjorten.organisation.models import Employee, Municipality
from fjorten.organisation.queries import employees_coded
from fjorten.plans.actions.settling import NoSuchStep
from fjorten.plans.actions.taking_over import LONGEST_NAME, refuse_day
from fjorten.plans.models import Enrolment, PlannedStep
from fjorten.programme.status import Status

_NOON: Final = time(12)  # an earlier system tells the day
_CLOSING_NOTE: Final = 500  # characters; what the table holds


class CaseEndsBeforeItBegins(Refused):
    """The days of a case, or of what was done in it, do not follow each other."""

    sentence = "Dagene i saken går ikke opp: det som er gjort, ligger fra dagen den ble åpnet til dagen den ble lukket."


class CasesOverlap(Refused):
    """Two cases about one step at the same time."""

    sentence = "To saker om samme konsultasjon gjelder de samme dagene. Slå dem sammen."


@dataclass(frozen=True, slots=True)
class EarlierCases:
    """What is told of one child's cases, with the enrolment they belong to."""

    enrolment: Enrolment
    cases: Sequence[EarlierCase]


@dataclass(frozen=True, slots=True)
class _Told:
    """One case with what it is about: the step, what it was closed by, its facts, and the track it was followed on."""

    case: EarlierCase
    step: PlannedStep
    owner: Employee
    ladder: Ladder
    facts: tuple[Fact, ...]
    has_earlier: bool


@transaction.atomic
def take_over_cases(*, children: Sequence[EarlierCases], municipality: Municipality, by: Actor, at: datetime) -> None:
    """
    Note the cases that have been closed, with what was done in them, and one event for each child. All or none.

    Call it when the children's steps and appointments have been taken over: the facts a case was about then are its own for good, so what a
    person closed once is not opened again; a way of closing must agree with the plan. Only what is told of a step counts, and what is not
    made good is opened anew by the next round. Raises NoSuchStep, NoSuchEmployee, UnknownClosing, ClosingDisagreesWithThePlan,
    NoReportIsSent, CaseEndsBeforeItBegins, CasesOverlap, DayIsBeforeBirth, DayIsInTheFuture, NotInTheList, NoteIsTooLong
    or TextIsTooLong, and steps.NoSuchStep for a step the ladder does not have.
    """
    having = [child for child in children if child.cases]
    told = [one for child in _with_steps(having, municipality) for one in child]
    for one in told:
        _refuse_what_cannot_be(one, at)
    cases = Case.objects.bulk_create([_case(one, at) for one in told], batch_size=500)
    pairs = list(zip(cases, told, strict=True))
    CaseFact.objects.bulk_create([fact for case, one in pairs for fact in _facts(case, one, at)], batch_size=500)
    CaseEvent.objects.bulk_create([event for case, one in pairs for event in _events(case, one, at)], batch_size=500)
    entries = [
        Entry("cases.taken_over", about=str(child.enrolment.person.public_id), detail={"cases": len(child.cases)}) for child in having
    ]
    record_all(entries, municipality=municipality.code, by=by, at=at)


def _with_steps(children: Sequence[EarlierCases], municipality: Municipality) -> Iterable[list[_Told]]:
    """Put what is told of each child beside its steps, appointments and staff, in the order the cases were opened."""
    enrolments = [child.enrolment.pk for child in children]
    rows = PlannedStep.objects.filter(enrolment__in=enrolments).select_related("enrolment__person")
    steps = {(row.enrolment_id, row.step): row for row in rows}
    appointments = _appointments(enrolments)
    staff = employees_coded({case.owner for child in children for case in child.cases}, municipality=municipality)
    ladders = ladders_of(municipality)
    for child in children:
        found: list[_Told] = []
        taken: set[tuple[Trigger, str]] = set()
        for case in sorted(child.cases, key=lambda case: case.opened_on):
            step = steps.get((child.enrolment.pk, case.step))
            if step is None:
                raise NoSuchStep(case.step)
            if any(one.step == step and one.case.closed_on > case.opened_on for one in found):
                raise CasesOverlap(case.step)
            facts = _facts_of(case, step, appointments[step.pk])
            own = tuple(fact for fact in facts if (fact.trigger, fact.key) not in taken) or (_by_hand(case, step),)
            taken |= {(fact.trigger, fact.key) for fact in own}
            found.append(_Told(case, step, staff[case.owner], ladders.on(case.opened_on), own, has_earlier=bool(found)))
        yield found


def _appointments(enrolments: Collection[int]) -> Mapping[int, list[AppointmentOnADay]]:
    found: dict[int, list[AppointmentOnADay]] = defaultdict(list)
    rows = Appointment.objects.filter(planned_step__enrolment__in=enrolments).order_by("begins_at", "pk")
    for pk, step_id, state, begins_at, state_at in rows.values_list("pk", "planned_step_id", "state", "begins_at", "state_at"):
        found[step_id].append(AppointmentOnADay(pk, State(state), oslo_date(begins_at), oslo_date(state_at)))
    return found


def _facts_of(case: EarlierCase, step: PlannedStep, appointments: Sequence[AppointmentOnADay]) -> tuple[Fact, ...]:
    """
    List what the case was about: what ought to have a case on its first day, and on its last, as if nobody had settled the step.

    That nothing was booked is put last: an earlier system's booked times are known by what became of them only.
    """
    found: dict[tuple[Trigger, str], Fact] = {}
    for day in (case.opened_on, case.closed_on):
        had = [one for one in appointments if one.on <= day]
        situation = Situation(step_id=step.pk, window=Period(step.window_from, step.window_until), appointments=had)
        found |= {(fact.trigger, fact.key): fact for fact in facts_of(situation, today=day)}
    facts = sorted(found.values(), key=lambda fact: (fact.trigger is Trigger.NOTHING_BOOKED, fact.since, fact.key))
    return tuple(facts)


def _by_hand(case: EarlierCase, step: PlannedStep) -> Fact:
    """Stand for what we are not told, or what another case was about already."""
    return Fact(Trigger.BY_HAND, f"by_hand:{step.pk}:{case.opened_on}", case.opened_on)


def _refuse_what_cannot_be(one: _Told, at: datetime) -> None:
    case, ladder, today = one.case, one.ladder, oslo_date(at)
    if not case.opened_on <= case.closed_on or not all(case.opened_on <= entry.on <= case.closed_on for entry in case.entries):
        raise CaseEndsBeforeItBegins(case.step)
    refuse_day(case.opened_on, born_on=one.step.enrolment.planned_from_born_on, today=today)
    refuse_day(case.closed_on, born_on=one.step.enrolment.planned_from_born_on, today=today)
    if case.closing not in {way.code for way in ladder.closings}:
        raise UnknownClosing(case.closing)
    outcome = Status(one.step.outcome) if one.step.outcome else None
    if not agrees_with_plan(case.closing, outcome=outcome, is_confirmed=one.step.is_confirmed):
        raise ClosingDisagreesWithThePlan(case.step)
    if case.closing == KEEP_UNTIL_FEEDBACK:
        raise NoReportIsSent(case.step)  # assessments and reports are not taken over: they are written here, by who made them
    must_fit("notatet til lukkingen", case.note, most=_CLOSING_NOTE)
    for entry in case.entries:
        _refuse_entry(entry, ladder)


def _refuse_entry(entry: EarlierEntry, ladder: Ladder) -> None:
    if entry.step not in ladder.codes:
        raise NoSuchStepOfTheLadder(entry.step)
    if entry.reason and entry.reason not in {known.code for known in ladder.reasons}:
        raise NotInTheList(entry.reason)
    refuse_note(entry.note, is_needed=False)
    must_fit("navnet på den som gjorde det", entry.by, most=LONGEST_NAME)


def _case(one: _Told, at: datetime) -> Case:
    case, person = one.case, one.step.enrolment.person
    first = one.facts[0]
    track = track_for(
        one.ladder,
        consultation=case.step,
        born_on=one.step.enrolment.planned_from_born_on,
        on=case.opened_on,
        is_flagged=False,
        has_earlier_case=one.has_earlier,
    )
    coming = next_step(one.ladder, done=[entry.step for entry in case.entries], track=track, opened_on=case.opened_on)
    keeps_watch = next(way.keeps_watch for way in one.ladder.closings if way.code == case.closing)
    return Case(
        municipality_id=one.step.municipality_id,
        person=person,
        planned_step=one.step,
        trigger=first.trigger,
        trigger_key=first.key,
        fact_on=first.since,
        ladder=one.ladder.reference,
        track=track,
        counts_from=case.opened_on,
        opened_on=case.opened_on,
        opened_at=_instant(case.opened_on, at),
        opened_by=one.owner.code,
        next_step=coming.step.code,
        owner=one.owner,
        deputy=one.owner.deputy or one.owner,
        due_on=coming.due_on,
        closed_on=case.closed_on,
        closed_at=_instant(case.closed_on, at),
        closed_by=one.owner.code,
        closing=case.closing,
        closing_note=case.note,
        watch_on=add_working_days(add_months(case.closed_on, one.ladder.watch_months), 0) if keeps_watch else None,
    )


def _facts(case: Case, one: _Told, at: datetime) -> list[CaseFact]:
    return [
        CaseFact(case=case, person_id=case.person_id, trigger=fact.trigger, key=fact.key, since=fact.since, seen_at=at)
        for fact in one.facts
    ]


def _events(case: Case, one: _Told, at: datetime) -> list[CaseEvent]:
    """What was done and when, as it was told; that it was written here today stands beside it."""
    opened = CaseEvent(
        case=case,
        what=CaseEvent.What.OPENED,
        done_at=case.opened_at,
        by=case.opened_by,
        recorded_at=at,
        reason=case.trigger,
        note=Trigger(case.trigger).sentence,
    )
    steps = [
        CaseEvent(
            case=case,
            what=CaseEvent.What.STEP,
            step=entry.step,
            done_at=_instant(entry.on, at),
            by=entry.by,
            recorded_at=at,
            how=entry.how or "",
            outcome=entry.outcome,
            reason=entry.reason,
            note=entry.note,
        )
        for entry in sorted(one.case.entries, key=lambda entry: entry.on)
    ]
    assert case.closed_at is not None, "every case that is taken over is closed"
    closed = CaseEvent(
        case=case,
        what=CaseEvent.What.CLOSED,
        done_at=case.closed_at,
        by=case.closed_by,
        recorded_at=at,
        reason=case.closing,
        note=case.closing_note,
        next_step=case.next_step,
        owner=case.owner,
        due_on=case.due_on,
        until_on=case.watch_on,
    )
    return [opened, *steps, closed]


def _instant(on: date, at: datetime) -> datetime:
    return min(oslo_instant(on, _NOON), at)
