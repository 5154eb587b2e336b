"""
The balance of a day: L1 to L6 of the architecture as queries over facts.

Standing and state are asked for a day and stand nowhere: a settled state counts from the day it was settled, everything else is computed
from windows and decisions. The independent recount is in `recount` and shares nothing with this module.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, Final, TypedDict, cast

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from fjorten.appointments.models import Appointment
from fjorten.followup.models import Case as FollowUpCase
from fjorten.followup.queries import cases_without_next_step_owner_deputy_or_deadline
from fjorten.kernel.times import start_of_day
from fjorten.ledger.owed import all_obligations
from fjorten.messages.queries import messages_in_the_air, unaccounted_obligations
from fjorten.organisation.models import Clinic, Municipality
from fjorten.organisation.queries import ClinicMap, clinic_map
from fjorten.people.facts import Protection
from fjorten.people.models import Person, PersonQuerySet
from fjorten.people.queries import resident_children
from fjorten.plans.models import Enrolment, PlannedStep, StandingDecision
from fjorten.plans.programmes import programmes_of
from fjorten.plans.queries import enrolment_open_on
from fjorten.programme.definitions import NoSuchVersion
from fjorten.programme.status import Status
from fjorten.registers.policy import basic_unit_of

# How far back what families are owed is asked for; what is older was asked for on the days before.
_OWED_FOR: Final = timedelta(days=31)

PROTECTED: Final = (Protection.CONFIDENTIAL.value, Protection.STRICTLY_CONFIDENTIAL.value)


class StandingAnnotation(TypedDict):
    """What `with_standing` adds to a person."""

    standing: str


if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    PersonWithStanding = WithAnnotations[Person, StandingAnnotation]


class Standing(StrEnum):
    """Where one resident child stands (L1): exactly one of these."""

    ENROLLED = "enrolled"
    IN_TRANSFER = "in_transfer"
    OUTSIDE = "outside"
    UNACCOUNTED = "unaccounted"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many resident children there are, and how many stand where."""

    residents: int
    enrolled: int
    in_transfer: int
    outside: int
    unaccounted: int

    @property
    def adds_up(self) -> bool:
        """Whether every resident stands in exactly one place."""
        return self.residents == self.enrolled + self.in_transfer + self.outside + self.unaccounted


@dataclass(frozen=True, slots=True)
class ClinicBalance:
    """The balance of one clinic. Protected children are in the municipality's total only: a clinic tells where they are."""

    clinic: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class Balance:
    """
    The ledger of a municipality on a day.

    `steps` maps step code to state to number of enrolled children. `enrolled_not_resident` are enrolled children of the age group the
    register no longer has here: followed until a person confirms. `past_age_unsettled` are enrolled residents who have turned six with
    steps nobody has settled: an age limit hides nobody. `not_closed` are appointments of earlier days of which nobody has said what became
    (L6), `open_cases` the cases after missed consultations that nobody has closed. `problems` are Norwegian sentences; empty when the
    ledger balances.
    """

    on: date
    municipality: str
    counts: Counts
    protected: int
    enrolled_not_resident: int
    past_age_unsettled: int
    unconfirmed_elsewhere: int
    not_closed: int
    open_cases: int
    steps: dict[str, dict[str, int]]
    clinics: tuple[ClinicBalance, ...]
    problems: tuple[str, ...]

    @property
    def balanced(self) -> bool:
        """Whether L1 to L5 hold. L6 is a list, and so is what waits for people: they are counted, and unbalance nothing."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One resident child and one step (None for a child without a plan), by opaque id. Identifiers are left out of `repr`."""

    person: str
    identifiers: tuple[str, ...]
    is_protected: bool
    standing: Standing
    step: str | None
    state: str | None

    def __repr__(self) -> str:
        return f"LedgerRow(person={self.person!r}, standing={self.standing!r}, step={self.step!r}, state={self.state!r})"


def balance_of(*, municipality: Municipality, on: date) -> Balance:
    """Count the ledger of a municipality on a day, and name what does not balance."""
    residents = resident_children(municipality=municipality, on=on)
    counts = _counts(residents, on)
    steps = _steps(municipality, on)
    problems = (
        *_l1_problems(counts, residents, on),
        *_l2_problems(municipality, on),
        *_l3_problems(steps),
        *_l4_problems(municipality, on),
        *_l5_problems(municipality, on),
    )
    return Balance(
        on=on,
        municipality=municipality.code,
        counts=counts,
        protected=residents.filter(protection__in=PROTECTED).count(),
        enrolled_not_resident=_enrolled_not_resident(municipality, residents, on),
        past_age_unsettled=_past_age_unsettled(municipality, on),
        unconfirmed_elsewhere=_steps_of_residents(municipality, on).filter(is_confirmed=False, outcome_on__lte=on).count(),
        not_closed=Appointment.objects.of(municipality).waiting_on(on).filter(begins_at__lt=start_of_day(on)).count(),
        open_cases=FollowUpCase.objects.of(municipality).open_on(on).count(),
        steps=steps,
        clinics=_by_clinic(municipality, residents, on),
        problems=problems,
    )


def ledger_rows(*, municipality: Municipality, on: date) -> Iterator[LedgerRow]:
    """Tell the ledger row by row, in a stable order: one row per enrolled child and step, one row for a child without a plan."""
    residents = with_standing(resident_children(municipality=municipality, on=on), on).prefetch_related("identifiers").order_by("pk")
    planned = (
        _steps_of_residents(municipality, on)
        .annotate(state=state_on(on))
        .order_by("enrolment__person_id", "position", "pk")
        .values_list("enrolment__person_id", "step", "state")
    )
    by_person = groupby(planned.iterator(chunk_size=5000), key=lambda row: row[0])
    owner, steps = next(by_person, (None, iter(())))
    for person in residents.iterator(chunk_size=1000):
        child = (str(person.public_id), tuple(sorted(row.number for row in person.identifiers.all())), person.is_protected)
        standing = Standing(person.standing)
        if owner != person.pk:
            yield LedgerRow(*child, standing, None, None)
            continue
        for _, step, state in steps:
            yield LedgerRow(*child, standing, step, state)
        owner, steps = next(by_person, (None, iter(())))


def with_standing(persons: PersonQuerySet, on: date) -> "QuerySet[PersonWithStanding]":
    """Annotate persons with `standing` on a day."""
    decision = StandingDecision.objects.filter(person=OuterRef("pk")).filter(_decision_in_force_on(on))
    enrolment = Enrolment.objects.filter(person=OuterRef("pk")).filter(enrolment_open_on(on))
    return cast(
        "QuerySet[PersonWithStanding]",
        persons.annotate(
            standing=Case(
                When(Exists(decision.filter(standing="in_transfer")), then=Value(Standing.IN_TRANSFER.value)),
                When(Exists(enrolment), then=Value(Standing.ENROLLED.value)),
                When(Exists(decision.filter(standing="outside")), then=Value(Standing.OUTSIDE.value)),
                default=Value(Standing.UNACCOUNTED.value),
                output_field=CharField(),
            )
        ),
    )


def unaccounted_children(*, municipality: Municipality, on: date) -> "QuerySet[PersonWithStanding]":
    """Find the resident children who are neither enrolled, nor in transfer, nor outside with a signed reason: the alarm."""
    return with_standing(resident_children(municipality=municipality, on=on), on).filter(standing=Standing.UNACCOUNTED.value)


def standing_of(person: Person, *, on: date) -> Standing | None:
    """Tell where one resident child stands on a day; None for somebody who is not a resident of the age group that day."""
    residents = resident_children(municipality=person.municipality, on=on).filter(pk=person.pk)
    found = with_standing(residents, on).values_list("standing", flat=True).first()
    return None if found is None else Standing(found)


def _counts(residents: PersonQuerySet, on: date) -> Counts:
    by_standing = dict(with_standing(residents, on).order_by().values_list("standing").annotate(n=Count("pk")).values_list("standing", "n"))
    return Counts(
        residents=residents.count(),
        enrolled=by_standing.get(Standing.ENROLLED.value, 0),
        in_transfer=by_standing.get(Standing.IN_TRANSFER.value, 0),
        outside=by_standing.get(Standing.OUTSIDE.value, 0),
        unaccounted=by_standing.get(Standing.UNACCOUNTED.value, 0),
    )


def _steps(municipality: Municipality, on: date) -> dict[str, dict[str, int]]:
    rows = (
        _steps_of_residents(municipality, on)
        .annotate(state=state_on(on))
        .order_by()
        .values("step", "state")
        .annotate(n=Count("pk"))
        .values_list("step", "state", "n")
    )
    steps: dict[str, dict[str, int]] = defaultdict(dict)
    for step, state, number in sorted(rows):
        steps[step][state] = number
    return dict(steps)


def _steps_of_residents(municipality: Municipality, on: date) -> QuerySet[PlannedStep]:
    return PlannedStep.objects.filter(
        municipality=municipality, enrolment__person__in=resident_children(municipality=municipality, on=on)
    ).filter(enrolment_open_on(on, "enrolment__"))


def state_on(on: date) -> Case:
    """Tell the state of a planned step on a day, as an expression; the mirror of programme.status.status_of, held to it by the recount."""
    appointments = Appointment.objects.filter(planned_step=OuterRef("pk"))
    return Case(
        When(outcome__isnull=False, outcome_on__lte=on, then=F("outcome")),
        When(Exists(appointments.waiting_on(on)), then=Value(Status.BOOKED.value)),
        When(Exists(appointments.missed_by(on)), then=Value(Status.MISSED.value)),
        When(window_from__gt=on, then=Value(Status.NOT_YET_DUE.value)),
        When(window_until__gt=on, then=Value(Status.DUE.value)),
        default=Value(Status.OVERDUE.value),
        output_field=CharField(),
    )


def _enrolments_on(municipality: Municipality, on: date) -> QuerySet[Enrolment]:
    return Enrolment.objects.of(municipality).filter(enrolment_open_on(on), person__continued_as__isnull=True)


def _enrolled_not_resident(municipality: Municipality, residents: PersonQuerySet, on: date) -> int:
    of_age = Person.objects.of(municipality).in_age_group_on(on).alive_on(on)
    return _enrolments_on(municipality, on).filter(person__in=of_age).exclude(person__in=residents).count()


def _past_age_unsettled(municipality: Municipality, on: date) -> int:
    grown = Person.objects.of(municipality).resident_on(on).exclude(pk__in=Person.objects.of(municipality).in_age_group_on(on))
    unsettled = PlannedStep.objects.filter(enrolment=OuterRef("pk")).filter(Q(outcome__isnull=True) | Q(outcome_on__gt=on))
    return _enrolments_on(municipality, on).filter(Exists(unsettled), person__in=grown, person__born_on__lte=on).count()


def _decision_in_force_on(on: date) -> Q:
    return Q(from_on__lte=on) & (Q(until_on__isnull=True) | Q(until_on__gt=on))


def _l1_problems(counts: Counts, residents: PersonQuerySet, on: date) -> Iterator[str]:
    if not counts.adds_up:
        somewhere = counts.enrolled + counts.in_transfer + counts.outside + counts.unaccounted
        yield f"L1: {counts.residents} barn er bosatt, men {somewhere} står et sted i regnskapet."
    twice = StandingDecision.objects.filter(person__in=residents).filter(_decision_in_force_on(on))
    doubled = twice.values("person").annotate(n=Count("pk")).filter(n__gt=1).count()
    if doubled:
        yield f"L1: {doubled} barn har to gjeldende begrunnelser samme dag."


def _l2_problems(municipality: Municipality, on: date) -> Iterator[str]:
    programmes = programmes_of(municipality)
    open_now = _enrolments_on(municipality, on)
    doubled = open_now.values("person").annotate(n=Count("pk")).filter(n__gt=1).count()
    if doubled:
        yield f"L2: {doubled} barn er innmeldt to ganger samme dag."
    for reference in open_now.order_by().values_list("programme_version", flat=True).distinct():
        enrolled = open_now.filter(programme_version=reference)
        try:
            codes = set(programmes.of(reference).codes)
        except NoSuchVersion:
            yield f"L2: {enrolled.count()} innmeldte barn følger programmet {reference}, som ikke finnes her."
            continue
        per_child = enrolled.annotate(rows=Count("steps", filter=Q(steps__step__in=codes)))
        short = per_child.exclude(rows=len(codes)).count()
        if short:
            yield f"L2: {short} innmeldte barn har ikke nøyaktig én rad for hver konsultasjon i programmet {reference}."


def _l3_problems(steps: dict[str, dict[str, int]]) -> Iterator[str]:
    unknown = {state for states in steps.values() for state in states} - {state.value for state in Status}
    if unknown:
        yield f"L3: rader står i en ukjent tilstand ({', '.join(sorted(unknown))})."


def _l4_problems(municipality: Municipality, on: date) -> Iterator[str]:
    left = cases_without_next_step_owner_deputy_or_deadline(municipality=municipality, on=on).count()
    if left:
        yield f"L4: {left} åpne saker mangler neste steg, eier, stedfortreder eller frist."


def _l5_problems(municipality: Municipality, on: date) -> Iterator[str]:
    at = start_of_day(on)
    unreadable: dict[int, Exception] = {}
    owed = all_obligations(municipality=municipality, since=at - _OWED_FOR, at=at, unreadable=unreadable.setdefault)
    left = len(unaccounted_obligations(municipality=municipality, obligations=owed, at=at))
    if left:
        yield f"L5: {left} beskjeder er verken sendt, gitt til et menneske eller falt bort med en grunn. Kjør `fjorten nightly`."
    if unreadable:
        yield f"L5: for {len(unreadable)} barn kan det ikke leses hva familien skal ha beskjed om. Kjør `fjorten nightly` og se hvem."
    unknown = messages_in_the_air(municipality=municipality, at=at).count()
    if unknown:
        yield f"L5: {unknown} meldinger skulle vært lenger på vei, og ingen er bedt om å finne ut av det. Kjør `fjorten nightly`."


def _by_clinic(municipality: Municipality, residents: PersonQuerySet, on: date) -> tuple[ClinicBalance, ...]:
    clinics = clinic_map(municipality)
    standing: dict[str, dict[Standing, int]] = defaultdict(lambda: defaultdict(int))
    open_shown = residents.exclude(protection__in=PROTECTED)
    followed = Enrolment.objects.filter(person=OuterRef("pk")).filter(enrolment_open_on(on))
    with_clinic = with_standing(open_shown, on).filter(Exists(followed)).filter(enrolment_open_on(on, "enrolments__"))
    for clinic, where, number in with_clinic.order_by().values_list("enrolments__clinic__name", "standing").annotate(n=Count("pk")):
        standing[clinic][Standing(where)] += number
    for person in with_standing(open_shown, on).exclude(Exists(followed)).prefetch_related("residences"):
        standing[_area_clinic(person, clinics)][Standing(person.standing)] += 1
    for clinic in Clinic.objects.of(municipality):
        standing[clinic.name]  # a clinic without children is a row too
    return tuple(ClinicBalance(name, _clinic_counts(states)) for name, states in sorted(standing.items()))


def _area_clinic(person: Person, clinics: ClinicMap) -> str:
    return clinics.clinic_for(basic_unit_of(person)).name


def _clinic_counts(states: dict[Standing, int]) -> Counts:
    return Counts(
        residents=sum(states.values()),
        enrolled=states[Standing.ENROLLED],
        in_transfer=states[Standing.IN_TRANSFER],
        outside=states[Standing.OUTSIDE],
        unaccounted=states[Standing.UNACCOUNTED],
    )
