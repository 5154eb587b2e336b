"""Which children wait for a time, as values to choose among. A question of facts: nothing is marked, so nothing is forgotten."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from fjorten.appointments.models import OPEN_STATES, Appointment
from fjorten.appointments.norms import Norms, default_norms
from fjorten.appointments.notice import Booking, Occasion, booking_on
from fjorten.appointments.placing import Need, Span, Way, Wishes, fits
from fjorten.appointments.slots import FreeSlot
from fjorten.appointments.states import State
from fjorten.kernel.chunks import chunks
from fjorten.kernel.periods import Period
from fjorten.kernel.times import start_of_day
from fjorten.organisation.models import Municipality
from fjorten.people.facts import Protection
from fjorten.people.families import pauses_of
from fjorten.people.models import Adult, FamilyRelation, ParentalResponsibility, Person, Placement, Wish
from fjorten.plans.models import PlannedStep
from fjorten.plans.programmes import Programmes, programmes_of
from fjorten.programme.steps import FollowUpTrack, Setting, StepDefinition

_AT_ONCE: Final = 5000  # SQLite takes about 32,000 values in a question
# How far ahead a person may look for a time when the window has passed: as far as the alarm and the forecast do [default].
_BY_HAND_WITHIN: Final = timedelta(weeks=12)
_PROTECTED: Final = {Protection.CONFIDENTIAL.value, Protection.STRICTLY_CONFIDENTIAL.value}
# Roles of the register's family relations that make children of one parent siblings [source: Folkeregisteret, relatertPersonsRolle].
_PARENTS: Final = ("mor", "far", "medmor")
_MISSED: Final = {State.DID_NOT_ATTEND.value, State.NOT_BROUGHT.value}


class ByHandBecause(StrEnum):
    """Why a child waits for a time and a person must find it."""

    CHILD_IS_PROTECTED = "child_is_protected"
    GUARDIAN_IS_PROTECTED = "guardian_is_protected"
    FAMILY_IS_LEFT_IN_PEACE = "family_is_left_in_peace"  # no messages until a day, and the days a time could lie in come before it
    LATER_STEP_IS_DUE = "later_step_is_due"  # overdue, never had a time, and the next is due as well: one visit or two is a judgement
    PROGRAMME_HAS_ENDED = "programme_has_ended"
    STEP_IS_UNKNOWN = "step_is_unknown"  # the plan names a programme or a step that is not here any more


@dataclass(frozen=True, slots=True)
class ByHand:
    """A child and a planned step (by primary key) a person must find a time for."""

    planned_step: int
    child: int
    step: str
    because: ByHandBecause


@dataclass(frozen=True, slots=True)
class Waiting:
    """Everybody whose time to be given a time has come: those the solver chooses for, and those a person does."""

    needs: list[Need]
    by_hand: list[ByHand]


def needs_on(*, municipality: Municipality, on: date, fast: Collection[int] = (), paused_steps: Collection[int] = ()) -> list[Need]:
    """This function will find whom the solver is to place on a day; see `waiting_on`."""
    return waiting_on(municipality=municipality, on=on, fast=fast, paused_steps=paused_steps).needs


def to_place_by_hand(*, municipality: Municipality, on: date, paused_steps: Collection[int] = ()) -> list[ByHand]:
    """This function will find the children a person must find a time for; see `waiting_on`."""
    return waiting_on(municipality=municipality, on=on, paused_steps=paused_steps).by_hand


def waiting_on(
    *,
    municipality: Municipality,
    on: date,
    fast: Collection[int] = (),
    paused_steps: Collection[int] = (),
    only_steps: Collection[int] | None = None,
    is_asked_for: bool = False,
) -> Waiting:
    """
    This function will find every unsettled planned step of an enrolled, resident, living child that has no open appointment and whose time
    to be given one has come (`notice.booking_on`). At most thirteen questions to the database for each few thousand children.

    `fast` are children (by primary key) the follow-up has on the fast track; consultations of the fast track are fast for all.
    `paused_steps` are planned steps whose case waits until a day. `only_steps` asks about these planned steps; `is_asked_for`:
    a person wants times for them now, though the night would wait.

    Who is placed by hand, and that an overdue step waits for a person when a later one is due as well, is ours [default].
    """
    norms = default_norms()
    ahead = on + timedelta(days=norms.notice.ordinary.longest)
    steps = steps_without_a_time(municipality, on).filter(window_from__lte=ahead)
    if only_steps is not None:
        steps = steps.filter(pk__in=only_steps)
    rows = [row for row in steps.select_related("enrolment", "enrolment__person").order_by("pk") if row.pk not in paused_steps]
    facts = _Facts.read(municipality, rows, on)
    needs: list[Need] = []
    by_hand: list[ByHand] = []
    for row in rows:
        found = _need_of(row, facts, on=on, norms=norms, is_fast=row.enrolment.person_id in fast, is_asked_for=is_asked_for)
        if isinstance(found, Need):
            needs.append(found)
        elif found is not None:
            by_hand.append(found)
    return Waiting(needs, by_hand)


def need_by_hand(planned_step: PlannedStep, *, on: date) -> Need | None:
    """
    This function will tell what a planned step needs of a time when a person looks for one, whatever the night would wait for or leave to a
    person: on any day left of its window from `on`, or, when little or nothing is left of it, within twelve weeks [default].

    The child's open appointment for the step, if there is one, is not in the way: it is the one that would be moved. None when the plan
    names a programme or a step that is not here any more. At most thirteen questions.
    """
    norms, municipality = default_norms(), planned_step.municipality
    row = PlannedStep.objects.select_related("enrolment", "enrolment__person").get(pk=planned_step.pk)
    facts = _Facts.read(municipality, [row], on)
    definition = facts.definition_of(row)
    if definition is None:
        return None
    start = max(on, row.window_from)
    until = row.window_until if row.window_until > start else start + _BY_HAND_WITHIN
    aim = min(max(row.target_on, start), until - timedelta(days=1))
    booking = Booking(Period(start, until), aim, row.window_until)
    need = _need(row, facts, booking=booking, definition=definition, on=on, norms=norms)
    own = Appointment.objects.still_open().filter(planned_step=row).values_list("begins_at", "ends_at").first()
    return need if own is None else replace(need, taken=tuple(span for span in need.taken if span != Span(*own)))


def waiting_list(*, municipality: Municipality, on: date, slot: FreeSlot) -> list[Need]:
    """
    This function will find who could use a time that came free, those whose window closes first at the head.

    Ordinary notice does not hold for them: three days, or the day before for families that can come soon [default].
    """
    notice = default_norms().notice
    waiting = needs_on(municipality=municipality, on=on)
    soonest = {True: notice.family_can_come_soon_days, False: notice.freed_days}
    free = [need.on_any_day_from(on + timedelta(days=soonest[need.wishes.can_come_soon])) for need in waiting]
    return sorted((need for need in free if fits(need, slot)), key=lambda need: need.turn)


def steps_without_a_time(municipality: Municipality, on: date) -> QuerySet[PlannedStep]:
    """This function will find the unsettled planned steps of enrolled, resident, living children that have no open appointment."""
    has_time = Appointment.objects.filter(planned_step=OuterRef("pk"), state__in=OPEN_STATES)
    return PlannedStep.objects.filter(
        ~Exists(has_time),
        municipality=municipality,
        outcome__isnull=True,
        enrolment__ended_at__isnull=True,
        enrolment__enrolled_on__lte=on,
        enrolment__person__in=Person.objects.of(municipality).resident_on(on),
    )


def _need_of(row: PlannedStep, facts: _Facts, *, on: date, norms: Norms, is_fast: bool, is_asked_for: bool) -> Need | ByHand | None:
    child = row.enrolment.person
    wishes = facts.wishes.get(child.pk, Wishes())
    definition = facts.definition_of(row)
    last = facts.last_times.get(row.pk)
    window = Period(row.window_from, row.window_until)
    booking = booking_on(
        on,
        window=window,
        target_on=row.target_on,
        occasion=_occasion(last),
        notice=norms.notice,
        is_fast=is_fast or (definition is not None and definition.follow_up_track is FollowUpTrack.FAST),
        can_come_soon=wishes.can_come_soon,
        is_asked_for=is_asked_for,
    )
    if booking is None:
        return None
    booking = _after_pause(booking, facts.paused_until.get(child.pk), norms)
    because = _by_hand(row, facts, booking=booking, definition=definition, on=on)
    if because is not None or booking is None or definition is None:
        return ByHand(row.pk, child.pk, row.step, because or ByHandBecause.FAMILY_IS_LEFT_IN_PEACE)
    return _need(row, facts, booking=booking, definition=definition, on=on, norms=norms)


def _need(row: PlannedStep, facts: _Facts, *, booking: Booking, definition: StepDefinition, on: date, norms: Norms) -> Need:
    child, last = row.enrolment.person, facts.last_times.get(row.pk)
    return Need(
        planned_step=row.pk,
        child=child.pk,
        step=row.step,
        clinic=row.enrolment.clinic_id,
        days=booking.days,
        target_on=booking.target_on,
        opens_on=row.window_from,
        until_on=booking.until_on,
        ways=ways_of(definition, norms=norms, is_late=row.window_until <= on),
        same_nurse=facts.last_nurse.get(child.pk),
        replaces=None if last is None else last[0],
        family=facts.family_of.get(child.pk),
        family_times=facts.times_of_siblings(child.pk),
        taken=tuple(facts.times.get(child.pk, ())),
        needs_interpreter=child.pk in facts.interpreted,
        wishes=facts.wishes.get(child.pk, Wishes()),
    )


def ways_of(definition: StepDefinition, *, norms: Norms, is_late: bool = False) -> tuple[Way, ...]:
    """
    This function will tell in which ways a step can be held: in the settings of its definition, by its performers.

    A step for groups can be held alone where the parents may ask for it [source: guideline]; we do it when no group has room, and always
    when the window has passed, since the group is for younger children by then [default].
    """
    performers = frozenset(definition.performers)
    ways = tuple(Way(setting, performers, norms.minutes.of(definition.code, setting)) for setting in definition.settings)
    if not (definition.is_group_only and definition.individual_on_request):
        return ways
    alone = Way(Setting.CLINIC, performers, norms.minutes.of(definition.code, Setting.CLINIC), is_second_best=not is_late)
    return (alone,) if is_late else (*ways, alone)


def _occasion(last: tuple[int, str] | None) -> Occasion:
    if last is None:
        return Occasion.FIRST
    return Occasion.MISSED if last[1] in _MISSED else Occasion.PUT_OFF


def _after_pause(booking: Booking, until: date | None, norms: Norms) -> Booking | None:
    """Nobody is told of a time while the family is left in peace, so none lies before they can be."""
    if until is None:
        return booking
    left = booking.days.intersection(Period(until + timedelta(days=norms.notice.short.shortest), None))
    if left is None or left.start is None:
        return None
    return replace(booking, days=left, target_on=max(booking.target_on, left.start))


def _by_hand(
    row: PlannedStep, facts: _Facts, *, booking: Booking | None, definition: StepDefinition | None, on: date
) -> ByHandBecause | None:
    child = row.enrolment.person
    if child.protection in _PROTECTED:
        return ByHandBecause.CHILD_IS_PROTECTED
    if child.pk in facts.with_protected_guardian:
        return ByHandBecause.GUARDIAN_IS_PROTECTED
    if definition is None:
        return ByHandBecause.STEP_IS_UNKNOWN
    if facts.has_ended(row, on):
        return ByHandBecause.PROGRAMME_HAS_ENDED
    if row.window_until <= on and row.pk not in facts.last_times and facts.newest_due.get(row.enrolment_id, 0) > row.position:
        return ByHandBecause.LATER_STEP_IS_DUE
    return ByHandBecause.FAMILY_IS_LEFT_IN_PEACE if booking is None else None


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is known of the children who wait, read once. Keys are children unless said otherwise."""

    programmes: Programmes
    wishes: Mapping[int, Wishes]
    paused_until: Mapping[int, date]
    interpreted: frozenset[int]
    with_protected_guardian: frozenset[int]
    family_of: Mapping[int, int]
    families: Mapping[int, frozenset[int]]
    times: Mapping[int, list[Span]]
    last_times: Mapping[int, tuple[int, str]]  # planned step -> its newest appointment and what became of it
    last_nurse: Mapping[int, int]
    newest_due: Mapping[int, int]  # enrolment -> the last position that is due, or overdue, on the day

    @classmethod
    def read(cls, municipality: Municipality, steps: Sequence[PlannedStep], on: date) -> _Facts:
        # Asked by the children's keys, and not by the question that found them: over a question within a question PostgreSQL, which
        # believed its tables empty, was half an hour and had not come to an end.
        children = {step.enrolment.person_id for step in steps}
        family_of, guardians = _families(municipality, children, on)
        families: dict[int, set[int]] = defaultdict(set)
        for child, family in family_of.items():
            families[family].add(child)
        placed: dict[int, bool] = {}
        wishes: dict[int, Wishes] = {}
        paused_until: dict[int, date] = {}
        last_times: dict[int, tuple[int, str]] = {}
        last_nurse: dict[int, int] = {}
        for some in chunks(sorted(children), _AT_ONCE):
            placed |= Placement.objects.filter(person__in=some).on(on).values_list("person_id", "carer__needs_interpreter")
            wishes |= {wish.person_id: _wishes(wish) for wish in Wish.objects.filter(person__in=some, ended_at__isnull=True)}
            paused_until |= pauses_of(some, on=on)
            earlier = Appointment.objects.filter(person__in=some).order_by("begins_at", "pk")
            for pk, child, step, state, employee in earlier.values_list("pk", "person_id", "planned_step_id", "state", "employee_id"):
                last_times[step] = (pk, state)
                if state == State.ATTENDED.value:
                    last_nurse[child] = employee
        adults = Adult.objects.filter(Q(needs_interpreter=True) | Q(is_protected=True), municipality=municipality, is_dead=False)
        interpreted: set[str] = set()
        protected: set[str] = set()
        for theirs in chunks(sorted({number for numbers in guardians.values() for number in numbers}), _AT_ONCE):
            special = adults.filter(number__in=theirs).values_list("number", "needs_interpreter", "is_protected")
            for number, needs_interpreter, is_protected in special:
                interpreted |= {number} if needs_interpreter else set()
                protected |= {number} if is_protected else set()
        times: dict[int, list[Span]] = defaultdict(list)
        for some in chunks(sorted(children | family_of.keys()), _AT_ONCE):
            coming = Appointment.objects.filter(person__in=some, ends_at__gt=start_of_day(on)).still_open()
            for child, begins_at, ends_at in coming.order_by("begins_at", "pk").values_list("person_id", "begins_at", "ends_at"):
                times[child].append(Span(begins_at, ends_at))
        newest_due: dict[int, int] = {}
        for some in chunks(sorted({step.enrolment_id for step in steps}), _AT_ONCE):
            due = PlannedStep.objects.filter(enrolment__in=some, outcome__isnull=True, window_from__lte=on)
            for enrolment, position in due.values_list("enrolment_id", "position"):
                newest_due[enrolment] = max(position, newest_due.get(enrolment, 0))
        return cls(
            programmes=programmes_of(municipality),
            wishes=wishes,
            paused_until=paused_until,
            interpreted=frozenset(
                {child for child, numbers in guardians.items() if child not in placed and numbers & interpreted}
                | {child for child, needs_interpreter in placed.items() if needs_interpreter}
            ),
            with_protected_guardian=frozenset(child for child, numbers in guardians.items() if numbers & protected),
            family_of=family_of,
            families={family: frozenset(members) for family, members in families.items()},
            times=times,
            last_times=last_times,
            last_nurse=last_nurse,
            newest_due=newest_due,
        )

    def definition_of(self, row: PlannedStep) -> StepDefinition | None:
        """Find the step in the programme the child was planned by; None when either is gone."""
        return self.programmes.step_of(row.enrolment.programme_version, row.step)

    def has_ended(self, row: PlannedStep, on: date) -> bool:
        """Whether the child is past the age the programme is for."""
        ends = self.programmes.of(row.enrolment.programme_version).ends_at
        return ends.after(row.enrolment.planned_from_born_on) <= on

    def times_of_siblings(self, child: int) -> tuple[Span, ...]:
        """The times a child's siblings have already."""
        siblings = self.families.get(self.family_of.get(child, -1), frozenset()) - {child}
        return tuple(sorted(span for sibling in siblings for span in self.times.get(sibling, ())))


def _wishes(wish: Wish) -> Wishes:
    days = wish.unsuitable_weekdays if isinstance(wish.unsuitable_weekdays, list) else []
    return Wishes(frozenset(day for day in days if day in range(7)), wish.earliest, wish.latest, wish.can_come_at_short_notice)


def _families(municipality: Municipality, children: Collection[int], on: date) -> tuple[dict[int, int], dict[int, set[str]]]:
    """
    Tell which children are siblings, as the lowest key among them, and the numbers of the waiting children's guardians.

    Siblings share a parent, or somebody with parental responsibility, by the register [default]. Only those with a sibling are told.
    """
    parents: set[str] = set()
    responsible: set[str] = set()
    for some in chunks(sorted(children), _AT_ONCE):
        theirs = FamilyRelation.objects.filter(person__in=some, role__in=_PARENTS)
        parents |= set(theirs.values_list("related_number", flat=True))
        heard = ParentalResponsibility.objects.filter(child__in=some)
        responsible |= set(heard.values_list("responsible_number", flat=True))
    guardians: dict[int, set[str]] = defaultdict(set)
    joined = _Joined()
    for numbers in chunks(sorted(parents - {""}), _AT_ONCE):
        relations = FamilyRelation.objects.filter(role__in=_PARENTS, related_number__in=numbers, person__municipality=municipality)
        for child, number, from_on, until_on in relations.values_list("person_id", "related_number", "valid_from", "valid_until"):
            if _holds(on, from_on, until_on):
                joined.join(child, number)
    for numbers in chunks(sorted(responsible - {""}), _AT_ONCE):
        responsibilities = ParentalResponsibility.objects.filter(responsible_number__in=numbers, child__municipality=municipality)
        for child, number, from_on, until_on in responsibilities.values_list("child_id", "responsible_number", "valid_from", "valid_until"):
            if _holds(on, from_on, until_on):
                joined.join(child, number)
                if child in children:
                    guardians[child].add(number)
    return joined.families(), guardians


class _Joined:
    """Children joined through the numbers they share."""

    def __init__(self) -> None:
        self._root: dict[int | str, int | str] = {}

    def join(self, child: int, number: str) -> None:
        """Note that a child has a parent or guardian with this number."""
        self._root[self._find(child)] = self._find(number)

    def _find(self, key: int | str) -> int | str:
        while self._root.setdefault(key, key) != key:
            self._root[key] = self._root[self._root[key]]
            key = self._root[key]
        return key

    def families(self) -> dict[int, int]:
        """Give each child with a sibling the lowest key among them."""
        members: dict[int | str, list[int]] = defaultdict(list)
        for key in list(self._root):
            if isinstance(key, int):
                members[self._find(key)].append(key)
        return {child: min(children) for children in members.values() if len(children) > 1 for child in children}


def _holds(on: date, from_on: date | None, until_on: date | None) -> bool:
    return (from_on is None or from_on <= on) and (until_on is None or on < until_on)
