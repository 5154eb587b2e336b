"""
Lists of follow-up. Every one is a question about a day, and says on each row who acts and why.

Nothing falls off these lists but by a person's act: a paused case is on the list of the paused, a watched one on that of the watched, and
what is overdue stays until it is done.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Min, OuterRef, Q, QuerySet, Subquery

from fjorten.appointments.models import Appointment
from fjorten.database.questions import Question
from fjorten.followup.closings import Closable, why_closable
from fjorten.followup.ladder import LadderStep, Owner, Track
from fjorten.followup.ladders import Ladders, ladder_of, ladders_of
from fjorten.followup.misses import COUNTING
from fjorten.followup.models import Case, CaseEvent, CaseFact, CaseQuerySet, Flag, OwedAnswer
from fjorten.followup.triggers import APPOINTMENT, Trigger
from fjorten.kernel.ages import add_months
from fjorten.kernel.chunks import chunks
from fjorten.kernel.refusals import Refused
from fjorten.kernel.spoken import in_a_row
from fjorten.kernel.working_days import add_working_days
from fjorten.organisation.models import Employee, Municipality
from fjorten.organisation.owners import Because
from fjorten.organisation.responsibility import Responsible, Staff, staff_on
from fjorten.people.models import Person
from fjorten.plans.models import PlannedStep
from fjorten.programme.status import Status

_AT_ONCE = 5000  # SQLite takes about 32,000 values in a question


@dataclass(frozen=True, slots=True)
class CaseRow:
    """
    One case on a list: what it waits for, by when, who acts today and why, and whether a person can close it.

    `due_on` is the deadline, or the day a pause ended when that came later. `why_open` says in Norwegian what the case is about.
    """

    case: Case
    step: LadderStep
    due_on: date
    acts: Employee
    because: Because
    why_open: str
    closable: Closable | None


@dataclass(frozen=True, slots=True)
class LastEntry:
    """What was done last in a case; `step` is the step of the ladder that was taken, None for another kind of entry."""

    event: CaseEvent
    step: LadderStep | None


@dataclass(frozen=True, slots=True)
class AskAgain:
    """A consultation the family declined, and the day from which they are asked again."""

    step: PlannedStep
    declined_on: date
    ask_on: date


def open_cases(*, municipality: Municipality, on: date) -> list[CaseRow]:
    """This function will list every open case, paused ones too, nearest deadline first."""
    return _rows(Case.objects.of(municipality).still_open(), municipality, on)


def cases_due(*, municipality: Municipality, on: date) -> list[CaseRow]:
    """This function will list the cases whose deadline is the day or before, paused ones left out until their pause is over."""
    return _rows(Case.objects.of(municipality).still_open().awake_on(on).filter(due_on__lte=on), municipality, on)


def cases_of(employee: Employee, *, on: date) -> list[CaseRow]:
    """
    This function will list the open cases somebody acts in on a day: their own, and those of people they stand in for.

    An owner who is away gets theirs too, so that nothing is out of sight when they look; the row says who acts.
    """
    rows = open_cases(municipality=employee.municipality, on=on)
    return [row for row in rows if employee.pk in {row.acts.pk, row.case.owner_id}]


def cases_of_child(person: Person, *, on: date) -> list[CaseRow]:
    """This function will list a child's open cases, paused ones too, nearest deadline first."""
    return _rows(Case.objects.filter(person=person).still_open(), person.municipality, on)


def cases_of_steps(planned_steps: Collection[int], *, municipality: Municipality, on: date) -> Mapping[int, CaseRow]:
    """This function will find the open cases of planned steps (primary keys), paused ones too; steps without one are left out."""
    # Most steps have none: who has one is asked first, and only then all that stands around a case.
    cases = [pk for (pk,) in Question(_of_steps, (municipality,), {"planned_steps": planned_steps}).rows()]
    rows = _rows(Case.objects.of(municipality).still_open().filter(pk__in=cases), municipality, on) if cases else []
    return {row.case.planned_step_id: row for row in rows}


def responsible_for_cases(*, municipality: Municipality) -> set[int]:
    """This function will find who owns open cases or is the deputy in them (primary keys of employees)."""
    pairs = Case.objects.of(municipality).still_open().order_by().values_list("owner_id", "deputy_id").distinct()
    return {pk for pair in pairs for pk in pair}


def _of_steps(municipality: Municipality, planned_steps: Collection[int]) -> QuerySet[Case, tuple[int]]:
    return Case.objects.of(municipality).still_open().filter(planned_step__in=planned_steps).values_list("pk")


def last_entries(cases: Collection[int], *, municipality: Municipality) -> Mapping[int, LastEntry]:
    """This function will find what was done last in cases (primary keys): the newest entry of each that no other corrects."""
    if not cases:
        return {}
    standing = CaseEvent.objects.filter(case__in=cases, corrected_by__isnull=True)
    newest = standing.order_by().values("case").annotate(newest=Max("pk")).values("newest")
    ladders = ladders_of(municipality)
    events = CaseEvent.objects.filter(pk__in=newest).select_related("case")
    return {event.case_id: LastEntry(event, ladders.of(event.case.ladder).step(event.step) if event.step else None) for event in events}


def case_row(case: Case, *, on: date) -> CaseRow:
    """This function will tell of one case, open or closed, what lists tell of it."""
    return _rows(Case.objects.filter(pk=case.pk), case.municipality, on)[0]


def paused_cases(*, municipality: Municipality, on: date) -> list[CaseRow]:
    """This function will list the cases that wait until a later day, the first to go on first."""
    rows = _rows(Case.objects.of(municipality).still_open().paused_on(on), municipality, on)
    return sorted(rows, key=lambda row: (row.case.paused_until or on, row.case.pk))


def leaders_list(*, municipality: Municipality, on: date) -> list[CaseRow]:
    """
    This function will list the cases that are the leader's to see: those that wait for a step of the leader's, and every case as old as the
    ladder's last step, whatever it waits for and also while it is paused.
    """
    ladders = ladders_of(municipality)
    return [row for row in open_cases(municipality=municipality, on=on) if _is_leaders(row, ladders, on)]


def cases_that_bear_on_times(*, municipality: Municipality, on: date) -> tuple[set[int], set[int]]:
    """
    Find what follow-up has to say when times are given: the children on the fast track, or flagged (primary keys), and the planned steps
    whose case is paused, which are to get no time until it goes on.
    """
    rows = Case.objects.of(municipality).still_open().values_list("person_id", "planned_step_id", "track", "paused_until")
    hurried = set(Flag.objects.on(on).filter(person__municipality=municipality).values_list("person_id", flat=True))
    waiting: set[int] = set()
    for person, step, track, paused_until in rows:
        if track == Track.FAST:
            hurried.add(person)
        if paused_until is not None and paused_until > on:
            waiting.add(step)
    return hurried, waiting


def watched_cases(*, municipality: Municipality) -> QuerySet[Case]:
    """This function will find the closed cases an eye is kept on, next look first. They stay until a person ends the watch."""
    return Case.objects.of(municipality).watched().select_related("person", "planned_step", "owner", "deputy").order_by("watch_on", "pk")


def cases_left_behind(*, municipality: Municipality, on: date) -> QuerySet[Case]:
    """This function will find the open cases whose owner or deputy no longer works here on the day."""
    employed = Employee.objects.filter(municipality=municipality).employed_on(on).values("pk")
    cases = Case.objects.of(municipality).still_open().filter(~Q(owner__in=employed) | ~Q(deputy__in=employed))
    return cases.select_related("municipality", "person", "owner", "deputy", "planned_step__enrolment").order_by("pk")


def cases_without_next_step_owner_deputy_or_deadline(*, municipality: Municipality, on: date) -> QuerySet[Case]:
    """
    This function will find the cases opened by a day and open still that lack what every open case has (L4): a next step, a deadline, and
    an owner and a deputy of whom at least one works here on the day. The ledger balances when there are none.

    The constraints keep the columns; that the people still work here is kept by the night's handing over.
    """
    employed = Employee.objects.filter(municipality=municipality).employed_on(on).values("pk")
    lacking = Q(next_step="") | Q(due_on__isnull=True) | Q(owner__isnull=True) | Q(deputy__isnull=True)
    cases = Case.objects.of(municipality).still_open().filter(opened_on__lte=on)
    return cases.filter(lacking | (~Q(owner__in=employed) & ~Q(deputy__in=employed))).order_by("pk")


def owed_answers_due(*, municipality: Municipality, on: date) -> QuerySet[OwedAnswer]:
    """This function will find the answers child welfare owes and has not given by a day, the oldest first. For those on the case only."""
    due = OwedAnswer.objects.outstanding().filter(assessment__person__municipality=municipality, due_on__lte=on)
    return due.select_related("assessment__person", "owner").order_by("due_on", "pk")


def unconfirmed_claims(*, municipality: Municipality, on: date) -> QuerySet[PlannedStep]:
    """This function will find the steps said to be done elsewhere that nobody has confirmed, oldest first: they are counted apart."""
    claims = _of_enrolled(municipality, on).filter(outcome=Status.DONE_ELSEWHERE.value, is_confirmed=False, outcome_on__lte=on)
    return claims.select_related("enrolment__person").order_by("outcome_on", "pk")


def declined_to_ask_again(*, municipality: Municipality, on: date) -> list[AskAgain]:
    """
    This function will list the consultations a family declined and is to be asked about again by a day: when the next one is due, at the
    latest after the ladder's months.

    Declining is voluntary, dated and signed, and holds for the age it was said at. A new no, recorded with its day, is asked about in turn.
    Source: non-attendance.md, "nurse contact at next age" [default].
    """
    months = ladder_of(municipality, on=on).ask_again_months
    coming = PlannedStep.objects.filter(
        enrolment=OuterRef("enrolment"), position__gt=OuterRef("position"), window_from__gt=OuterRef("outcome_on")
    )
    next_from = coming.order_by().values("enrolment").annotate(first=Min("window_from")).values("first")
    declined = (
        _of_enrolled(municipality, on).filter(outcome=Status.DECLINED.value, outcome_on__lte=on).annotate(next_from=Subquery(next_from))
    )
    asked = [
        AskAgain(step, step.outcome_on, ask_again_on(step.outcome_on, next_window_from=step.next_from, months=months))
        for step in declined.select_related("enrolment__person").order_by("outcome_on", "pk")
        if step.outcome_on is not None
    ]
    return [row for row in asked if row.ask_on <= on]


def ask_again_on(declined_on: date, *, next_window_from: date | None, months: int) -> date:
    """This function will tell when a family that declined is asked again: at the next consultation, at the latest after so many months."""
    latest = add_months(declined_on, months)
    return latest if next_window_from is None else min(next_window_from, latest)


def _of_enrolled(municipality: Municipality, on: date) -> QuerySet[PlannedStep]:
    enrolled = Q(enrolment__enrolled_on__lte=on) & (Q(enrolment__ended_on__isnull=True) | Q(enrolment__ended_on__gt=on))
    return PlannedStep.objects.filter(enrolled, municipality=municipality, enrolment__person__is_dead=False)


def _rows(cases: CaseQuerySet, municipality: Municipality, on: date) -> list[CaseRow]:
    """Make rows of cases, in six queries however many they are."""
    found = list(cases.select_related("person", "owner", "deputy", "planned_step__enrolment", "municipality").prefetch_related("facts"))
    if not found:
        return []
    ladders, staff = ladders_of(municipality), staff_on(municipality=municipality, on=on)
    standing = _standing_facts(found)
    return sorted((_row(case, ladders, staff, standing) for case in found), key=lambda row: (row.due_on, row.case.pk))


def _standing_facts(cases: Iterable[Case]) -> set[str]:
    """Read which appointments behind cases are still written down as missed or put off, by their keys."""
    states = [state.value for state in COUNTING]
    found: set[str] = set()
    for some in chunks([case.planned_step_id for case in cases], _AT_ONCE):
        missed = Appointment.objects.filter(planned_step__in=some, state__in=states)
        found |= {f"{APPOINTMENT}{pk}" for pk in missed.values_list("pk", flat=True)}
    return found


def _row(case: Case, ladders: Ladders, staff: Staff, standing: set[str]) -> CaseRow:
    acts, because = staff.acting(Responsible(case.owner, case.deputy), clinic=case.planned_step.enrolment.clinic_id)
    facts = sorted(case.facts.all(), key=lambda fact: (fact.since, fact.pk))
    fact_stands = any(not fact.key.startswith(APPOINTMENT) or fact.key in standing for fact in facts)
    return CaseRow(
        case=case,
        step=ladders.of(case.ladder).step(case.next_step),
        due_on=max(case.due_on, case.paused_until or case.due_on),
        acts=acts,
        because=because,
        why_open=_why_open(facts),
        closable=_closable(case, staff.on, fact_stands=fact_stands),
    )


def _why_open(facts: Iterable[CaseFact]) -> str:
    return in_a_row(dict.fromkeys(Trigger(fact.trigger).sentence for fact in facts))


def _closable(case: Case, on: date, *, fact_stands: bool) -> Closable | None:
    step, enrolment = case.planned_step, case.planned_step.enrolment
    return why_closable(
        outcome=Status(step.outcome) if step.outcome else None,
        is_confirmed=step.is_confirmed,
        is_dead=case.person.is_dead,
        is_enrolled=enrolment.ended_on is None or enrolment.ended_on > on,
        fact_stands=fact_stands,
    )


def _is_leaders(row: CaseRow, ladders: Ladders, on: date) -> bool:
    last = ladders.of(row.case.ladder).steps[-1]
    days = {str(track): number for track, number in last.days.items()}[row.case.track]
    return row.step.who is Owner.LEADER or add_working_days(row.case.opened_on, days) <= on


class NoSuchCase(Refused):
    """No case of the municipality has this number."""

    sentence = "Det finnes ingen sak med dette nummeret i kommunen. Se numrene med `fjorten cases open`."


def case_numbered(number: int, municipality: Municipality) -> Case:
    """This function will find a case by its number, open or closed. Raises NoSuchCase."""
    cases = Case.objects.of(municipality).select_related("municipality", "person__municipality", "planned_step__enrolment")
    case = cases.select_related("owner", "deputy").filter(pk=number).first()
    if case is None:
        raise NoSuchCase(number)
    return case
