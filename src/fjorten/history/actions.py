"""
Taking over the histories of an earlier system, a handful of children at a time: what is wrong with one is told of, and the others are done.

Nothing is sent, and nothing owed to anybody, because of it: what is over asks nothing of a family, and of a time to come the earlier
system has told it. What ought to be followed up follows from the facts that are written here, and the next round finds it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Final

from django.db import transaction

from fjorten.appointments.actions.taking_over import EarlierTimes, take_over_times
from fjorten.appointments.models import Appointment
from fjorten.appointments.obligations import appointment_obligations
from fjorten.audit.actor import Actor
from fjorten.followup.actions.taking_over import EarlierCases, take_over_cases
from fjorten.followup.models import Case
from fjorten.history.child import EarlierChild
from fjorten.history.lines import Line, LineIsWrong
from fjorten.kernel.refusals import Refused
from fjorten.kernel.times import oslo_date
from fjorten.messages.actions.protection import hide_families
from fjorten.messages.actions.taking_over import note_told_elsewhere
from fjorten.messages.outbox import in_sending_hours
from fjorten.organisation.models import Municipality
from fjorten.organisation.queries import ClinicMap, clinic_map
from fjorten.people.actions.taking_over import EarlierFamily, take_over_families
from fjorten.people.models import Person
from fjorten.people.queries import NobodyHasThisNumber
from fjorten.people.troubles import sentence_of, together_or_each
from fjorten.plans.actions.taking_over import EarlierPlan, take_over_plans
from fjorten.plans.models import Enrolment, StepEvent
from fjorten.plans.programmes import programmes_of
from fjorten.programme.definitions import Definition
from fjorten.registers.enrolment import ANSWERED_BY_ENROLLING
from fjorten.registers.models import WorkItem
from fjorten.registers.policy import basic_unit_of
from fjorten.registers.work import resolve

_HANDFUL: Final = 50  # children in one transaction [default]
_NOT_DONE: Final = "Historikken kunne ikke føres for dette barnet. Se på linjen, eller meld barnet inn for hånd."
REASON: Final = "overtatt fra tidligere journalsystem"


class ChildIsToldOfTwice(Refused):
    """An earlier line of the same file is about the same child."""

    sentence = "Barnet står på en linje tidligere i filen også. Slå linjene sammen."


@dataclass(slots=True)
class TakenOver:
    """How many children were taken over, how many had been before, and what is wrong with which lines, in their order."""

    children: int = 0
    before: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Known:
    """A line about a child we know."""

    line: int
    person: Person
    told: EarlierChild


def take_over_history(*, lines: Iterable[Line], municipality: Municipality, by: Actor, at: datetime) -> TakenOver:
    """
    Take over the histories of children we know from the register: family, plan, appointments and closed cases.

    A child that was taken over with this very history is left as it stands now, whatever has been done since; one that follows the
    programme here otherwise is refused, for two histories are a person's to put together. A handful of children is one transaction.
    """
    done = TakenOver()
    definition = programmes_of(municipality).on(oslo_date(at))
    clinics = clinic_map(municipality)
    seen: set[int] = set()
    left = iter(lines)
    while some := list(islice(left, _HANDFUL)):
        known = list(_known(some, municipality, seen, done))
        again, new = _apart(known)
        done.before += len(again)
        failed: list[tuple[int, Exception]] = []
        take = partial(_take_over, municipality=municipality, definition=definition, clinics=clinics, by=by, at=at)
        done.children += sum(together_or_each(new, take, child=lambda one: one.person.pk, failed=failed))
        line_of = {one.person.pk: one.line for one in new}
        done.refused += [(line_of[child], sentence_of(wrong, otherwise=_NOT_DONE)) for child, wrong in failed]
    done.refused.sort()
    return done


def _known(lines: Sequence[Line], municipality: Municipality, seen: set[int], done: TakenOver) -> Iterator[_Known]:
    """Find the children lines are about; what cannot be read, or is about nobody here or somebody told of already, is noted."""
    numbers = {line.told.number.digits for line in lines if isinstance(line.told, EarlierChild)}
    persons = Person.objects.of(municipality).filter(identifiers__number__in=numbers).select_related("municipality").distinct()
    by_number = {row.number: person for person in persons.prefetch_related("identifiers", "residences") for row in person.identifiers.all()}
    for line in lines:
        if isinstance(line.told, LineIsWrong):
            done.refused.append((line.number, line.told.sentence))
            continue
        person = by_number.get(line.told.number.digits)
        if person is None:
            done.refused.append((line.number, NobodyHasThisNumber.sentence))
        elif person.pk in seen:
            done.refused.append((line.number, ChildIsToldOfTwice.sentence))
        else:
            seen.add(person.pk)
            yield _Known(line.number, person, line.told)


def _apart(known: Sequence[_Known]) -> tuple[list[_Known], list[_Known]]:
    """Tell those who were taken over with this very history from those who were not."""
    persons = [one.person.pk for one in known]
    since = set(Enrolment.objects.filter(person__in=persons).values_list("person_id", "enrolled_on"))
    events = StepEvent.objects.filter(planned_step__enrolment__person__in=persons, outcome__isnull=False)
    steps = set(events.values_list("planned_step__enrolment__person_id", "planned_step__step", "outcome", "outcome_on"))
    times = set(Appointment.objects.filter(person__in=persons).values_list("person_id", "planned_step__step", "begins_at"))
    cases = set(Case.objects.filter(person__in=persons).values_list("person_id", "planned_step__step", "opened_on"))
    again: list[_Known] = []
    new: list[_Known] = []
    for one in known:
        child, told = one.person.pk, one.told
        stands = (
            (child, told.since) in since
            and {(child, step.step, step.outcome, step.on) for step in told.settled_steps()} <= steps
            and {(child, time.step, time.begins_at) for time in told.appointments} <= times
            and {(child, case.step, case.opened_on) for case in told.cases} <= cases
        )
        (again if stands else new).append(one)
    return again, new


@transaction.atomic
def _take_over(
    some: Sequence[_Known], *, municipality: Municipality, definition: Definition, clinics: ClinicMap, by: Actor, at: datetime
) -> int:
    """Take over some children, all or none; tells how many. What is known of them is written in the order it builds on itself."""
    plans = [
        EarlierPlan(one.person, clinics.clinic_for(basic_unit_of(one.person)), one.told.since, one.told.settled_steps()) for one in some
    ]
    enrolments = take_over_plans(plans=plans, municipality=municipality, definition=definition, reason=REASON, by=by, at=at)
    both = list(zip(enrolments, some, strict=True))
    times = [EarlierTimes(enrolment, one.told.appointments) for enrolment, one in both]
    take_over_times(children=times, municipality=municipality, by=by, at=at)
    _leave_what_was_told(some, municipality=municipality, by=by, at=at)
    cases = [EarlierCases(enrolment, one.told.cases) for enrolment, one in both]
    take_over_cases(children=cases, municipality=municipality, by=by, at=at)
    families = [EarlierFamily(one.person, one.told.guardians, one.told.wish) for one in some]
    take_over_families(families=families, municipality=municipality, by=by, at=at)
    persons = [one.person.pk for one in some]
    hide_families(municipality=municipality, persons=persons, on=oslo_date(at), by=by, at=at)
    answered = WorkItem.objects.unresolved().filter(person__in=persons, rule__in=ANSWERED_BY_ENROLLING)
    for item in answered.select_related("municipality", "person"):
        resolve(item=item, resolution=WorkItem.Resolution.ENROLLED, reason=REASON, by=by, at=at)
    return len(some)


def _leave_what_was_told(some: Sequence[_Known], *, municipality: Municipality, by: Actor, at: datetime) -> None:
    """What was owed about the times to come by now was the earlier system's to tell; what becomes owed from now on is ours."""
    with_times = {one.person.pk: str(one.person.public_id) for one in some if any(time.state.is_open for time in one.told.appointments)}
    if with_times:
        owed = appointment_obligations(municipality=municipality, since=at, children=list(with_times))
        told = [one for one in owed if one.not_before <= in_sending_hours(at)]  # of one given today too
        note_told_elsewhere(obligations=told, public_ids=with_times, municipality=municipality, by=by, at=at)
