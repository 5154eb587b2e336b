"""
The facts of a whole municipality on a day: every step somebody ought to see to, in as many queries for 50,000 children as for five.

Only the steps that can have a fact are read: those whose window is about to close or has closed, those somebody missed or put off, and one
step of each child whose family a letter or a number no longer reaches.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from fjorten.appointments.models import Appointment
from fjorten.appointments.states import State
from fjorten.followup.misses import COUNTING
from fjorten.followup.models import Case, CaseFact
from fjorten.followup.triggers import NOTHING_BOOKED_DAYS, AppointmentOnADay, DeadContact, Fact, Situation, Trigger, facts_of
from fjorten.kernel.periods import Period
from fjorten.kernel.times import oslo_date
from fjorten.organisation.models import Municipality
from fjorten.people.models import Adult, ContactPoint, ParentalResponsibility, Placement, PostalAddress
from fjorten.plans.models import PlannedStep

_UNREACHABLE: Final = {Trigger.LETTER_RETURNED, Trigger.NUMBER_DEAD}


@dataclass(frozen=True, slots=True)
class StepOnADay:
    """One step with its situation, and the facts about its child that are some case's already, as (trigger, key)."""

    step: PlannedStep
    situation: Situation
    known: frozenset[tuple[str, str]]

    def new_facts(self, *, on: date, triggers: Collection[Trigger] = tuple(Trigger)) -> tuple[Fact, ...]:
        """List the facts of some kinds that hold on the day and are no case's yet."""
        found = (fact for fact in facts_of(self.situation, today=on) if fact.trigger in triggers)
        return tuple(fact for fact in found if (fact.trigger, fact.key) not in self.known)


@dataclass(frozen=True, slots=True)
class FactOnADay:
    """A fact that ought to have a case and has none yet."""

    step: PlannedStep
    fact: Fact


def facts_on(*, municipality: Municipality, on: date) -> list[FactOnADay]:
    """This function will find the facts that ought to open or move a case on a day and have not, by child and step."""
    return [FactOnADay(row.step, fact) for row in steps_on(municipality=municipality, on=on) for fact in row.new_facts(on=on)]


def steps_on(*, municipality: Municipality, on: date, triggers: Collection[Trigger] = tuple(Trigger)) -> list[StepOnADay]:
    """This function will read every step that can have a fact of some kinds on a day, with its situation, in order of child and step."""
    unsettled = unsettled_steps(municipality, on=on)
    contacts = _dead_contacts(municipality, on=on) if _UNREACHABLE & set(triggers) else {}
    placed = set(Placement.objects.on(on).filter(person__municipality=municipality).values_list("person_id", flat=True))
    about = _steps_about_contact(unsettled, contacts)
    can_have_one = Q(pk__in=about.values())
    for trigger, about_to in _can_have(on).items():
        if trigger in triggers:
            can_have_one |= about_to
    steps = unsettled.filter(can_have_one).select_related("enrolment__person", "enrolment__clinic", "municipality")
    steps = steps.order_by("enrolment__person_id", "position", "pk")
    appointments = _appointments_of(steps)
    known = _known_facts(municipality)
    return [
        StepOnADay(
            step,
            Situation(
                step_id=step.pk,
                window=Period(step.window_from, step.window_until),
                appointments=appointments[step.pk],
                dead_contacts=contacts[step.enrolment.person_id] if about.get(step.enrolment.person_id) == step.pk else (),
                is_placed=step.enrolment.person_id in placed,
            ),
            known[step.enrolment.person_id],
        )
        for step in steps
    ]


def _can_have(on: date) -> Mapping[Trigger, Q]:
    """Tell which unsettled steps can have a fact of each kind on a day, but those about letters and numbers."""
    counting = Appointment.objects.filter(planned_step=OuterRef("pk"), state__in=[state.value for state in COUNTING])
    closes_by = on + timedelta(days=NOTHING_BOOKED_DAYS + 1)
    return {
        Trigger.MISSED: Q(Exists(counting)),
        Trigger.PUT_OFF_IN_SERIES: Q(Exists(counting)),
        Trigger.WINDOW_PASSED: Q(window_until__lte=on),
        Trigger.NOTHING_BOOKED: Q(window_until__gt=on, window_until__lte=closes_by),
    }


def unsettled_steps(municipality: Municipality, *, on: date) -> QuerySet[PlannedStep]:
    """This function will find the steps nobody has settled of living children who follow the programme on a day, whatever their age."""
    enrolled = Q(enrolment__enrolled_on__lte=on) & (Q(enrolment__ended_on__isnull=True) | Q(enrolment__ended_on__gt=on))
    alive = Q(enrolment__person__is_dead=False, enrolment__person__continued_as__isnull=True)
    return PlannedStep.objects.filter(enrolled, alive, municipality=municipality, outcome__isnull=True)


def _appointments_of(steps: QuerySet[PlannedStep]) -> Mapping[int, list[AppointmentOnADay]]:
    rows = Appointment.objects.filter(planned_step__in=steps.order_by().values("pk")).order_by("begins_at", "pk")
    found: dict[int, list[AppointmentOnADay]] = defaultdict(list)
    for pk, step_id, state, begins_at, state_at in rows.values_list("pk", "planned_step_id", "state", "begins_at", "state_at"):
        found[step_id].append(AppointmentOnADay(pk, State(state), oslo_date(begins_at), oslo_date(state_at)))
    return found


def _known_facts(municipality: Municipality) -> Mapping[int, frozenset[tuple[str, str]]]:
    found: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for person_id, trigger, key in CaseFact.objects.filter(person__municipality=municipality).values_list("person_id", "trigger", "key"):
        found[person_id].add((trigger, key))
    return defaultdict(frozenset, {person_id: frozenset(facts) for person_id, facts in found.items()})


def _steps_about_contact(unsettled: QuerySet[PlannedStep], contacts: Iterable[int]) -> dict[int, int]:
    """Choose the step a contact case is about, by child: the one with an open case, else the first one that is left."""
    about: dict[int, int] = {}
    if not contacts:
        return about
    rows = unsettled.filter(enrolment__person__in=list(contacts)).order_by("position", "pk")
    has_case = Case.objects.still_open().filter(planned_step=OuterRef("pk"))
    for pk, person_id, is_open in rows.annotate(is_open=Exists(has_case)).values_list("pk", "enrolment__person_id", "is_open"):
        if is_open or person_id not in about:
            about[person_id] = pk
    return about


def _dead_contacts(municipality: Municipality, *, on: date) -> Mapping[int, list[DeadContact]]:
    """Read, by child, the letters that came back and the numbers that do not work, of guardians and of those who care for a child now."""
    adults = Adult.objects.filter(municipality=municipality, is_dead=False)
    dead: dict[int, list[tuple[Trigger, str, date]]] = defaultdict(list)
    numbers = ContactPoint.objects.filter(adult__in=adults, kind=ContactPoint.Kind.TELEPHONE, ended_at__isnull=True, failed_on__lte=on)
    for pk, adult_id, failed_on in numbers.values_list("pk", "adult_id", "failed_on"):
        if failed_on is not None:
            dead[adult_id].append((Trigger.NUMBER_DEAD, f"number:{pk}:{failed_on}", failed_on))
    letters = PostalAddress.objects.filter(adult__in=adults, returned_on__lte=on)
    for pk, adult_id, returned_on in letters.values_list("pk", "adult_id", "returned_on"):
        if returned_on is not None:
            dead[adult_id].append((Trigger.LETTER_RETURNED, f"letter:{pk}:{returned_on}", returned_on))
    found: dict[int, list[DeadContact]] = defaultdict(list)
    for child_id, adult_id, is_carers in _told_about(municipality, list(dead), on=on):
        found[child_id] += [DeadContact(trigger, key, since, is_carers) for trigger, key, since in dead[adult_id]]
    return found


def _told_about(municipality: Municipality, adults: list[int], *, on: date) -> Iterator[tuple[int, int, bool]]:
    """Tell which children these adults are told about: as guardians by the register, or as those who care for a child now."""
    by_number = dict(Adult.objects.filter(pk__in=adults).exclude(number="").values_list("number", "pk"))
    starts = Q(valid_from__isnull=True) | Q(valid_from__lte=on)
    guardians = ParentalResponsibility.objects.filter(starts, child__municipality=municipality, responsible_number__in=list(by_number))
    guardians = guardians.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=on))
    carers = Placement.objects.on(on).filter(person__municipality=municipality, carer__in=adults)
    for child_id, number in guardians.order_by("pk").values_list("child_id", "responsible_number").distinct():
        yield child_id, by_number[number], False
    for child_id, carer_id in carers.order_by("pk").values_list("person_id", "carer_id"):
        yield child_id, carer_id, True
