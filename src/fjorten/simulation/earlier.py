"""
The clinic's earlier system: what became of every consultation before the day the municipality began here, written as a file of histories.

The families are those who are met afterwards, with the same habits: who comes, who misses and why, who declines, who is seen elsewhere.
Everything is drawn by the child, so that the same world has the same past.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from random import Random

from fjorten.appointments.earlier import EarlierTime
from fjorten.appointments.needs import ways_of
from fjorten.appointments.norms import default_norms
from fjorten.appointments.placing import Way
from fjorten.appointments.queries import free_slots
from fjorten.appointments.slots import FreeSlot
from fjorten.appointments.states import State
from fjorten.followup.contact import How, Outcome
from fjorten.followup.earlier import EarlierCase, EarlierEntry
from fjorten.history.child import EarlierChild
from fjorten.kernel.times import oslo_instant
from fjorten.kernel.working_days import add_working_days
from fjorten.ledger.balance import unaccounted_children
from fjorten.organisation.models import Employee, Room
from fjorten.organisation.queries import clinic_map
from fjorten.people.earlier import EarlierAddress, EarlierGuardian, EarlierWish
from fjorten.people.families import guardians_numbers
from fjorten.plans.programmes import programmes_of
from fjorten.plans.steps import EarlierStep, StepRow, plan_taken_over
from fjorten.programme.definitions import Definition
from fjorten.programme.plan import plan_for
from fjorten.programme.status import Status
from fjorten.programme.steps import Setting
from fjorten.registers.policy import basic_unit_of
from fjorten.simulation.clinic.meeting import DOCUMENTED_ELSEWHERE, IS_MET_AT_ONCE
from fjorten.simulation.clinic.workday import Workday
from fjorten.simulation.families.coming import Situation, why_not_coming
from fjorten.simulation.families.habits import Why
from fjorten.simulation.records import Person, Protection

TIMES_ARE_KEPT_DAYS = 2 * 365  # further back the earlier system tells only that a consultation was held, and when [default]
NEW_HERE_DAYS = 60
IS_FOLLOWED = 0.993  # of those who live here; of those who came within the days above, fewer [default]
NEWCOMER_IS_FOLLOWED = 0.80
IS_NEVER_HELD = 0.004  # of the consultations behind, without anybody having seen to it [default]
DECLINES = 0.004
DONE_BY_THE_DOCTOR = 0.006
IS_SLOW_TO_BE_ENROLLED_DAYS = 14
IS_CANCELLED_BY_CLINIC = 0.02
IS_NOT_BROUGHT = 0.03  # of the misses
IS_TOLD_IN_THEIR_LANGUAGE = 0.7  # of those who need an interpreter
HAS_A_NEW_TIME = 0.7  # of those who were missed last
TOLD_AHEAD_DAYS = (14, 21)  # families are told of a time so long before, the last not included; the clinic's own norms
MOST_TRIES = 4
MINUTES = 30
_CAN_CALL = frozenset({Why.ILLNESS, Why.LOGISTICS, Why.ABROAD, Why.SPECIALIST})


@dataclass(slots=True)
class _Step:
    """What became of one step: how it was settled, if it was; the times that were set aside, and the case after a miss."""

    settled: EarlierStep | None = None
    times: list[EarlierTime] = field(default_factory=list)
    case: EarlierCase | None = None


def histories(work: Workday) -> Iterator[EarlierChild]:
    """
    This function will tell what the earlier system knows of the children who live here and follow no programme yet, in the order of the
    ledger. Times that were given for the weeks to come are told too; what has not been made good by the day the first nights see to.
    """
    definition = programmes_of(work.municipality).on(work.day)
    clinics = clinic_map(work.municipality)
    children = list(unaccounted_children(municipality=work.municipality, on=work.day).prefetch_related("residences").order_by("pk"))
    people = work.people([child.pk for child in children])
    guardians = guardians_numbers({child.pk: child for child in children}, on=work.day)
    staff = _Staff.of(work)
    for child in children:
        person, born_on = people.get(child.pk), child.born_on
        if person is None or born_on is None or child.is_dead:
            continue
        rng = work.rng("earlier", person.key)
        since = max(person.here_since(work.world.codes, on=work.day) or born_on, born_on)
        if since > born_on:
            since = min(since + timedelta(days=rng.randrange(1, IS_SLOW_TO_BE_ENROLLED_DAYS)), work.day)
        is_new = since > work.day - timedelta(days=NEW_HERE_DAYS)
        if rng.random() >= (NEWCOMER_IS_FOLLOWED if is_new else IS_FOLLOWED):
            continue
        team = staff.team(clinics.clinic_for(basic_unit_of(child)).pk, turn=person.key)
        followed = _Followed(work, person, born_on, since, team, staff, rng)
        papers = followed.before(definition)
        steps = list(followed.here(definition, papers))
        is_met = rng.random() < IS_MET_AT_ONCE
        yield EarlierChild(
            number=person.number,
            since=since,
            guardians=tuple(_guardians(work, guardians[child.pk])) if is_met else (),
            wish=_wish(work, person) if is_met else None,
            steps=(*papers, *(step.settled for step in steps if step.settled is not None)),
            appointments=tuple(one for step in steps for one in step.times),
            cases=tuple(step.case for step in steps if step.case is not None),
        )


@dataclass(frozen=True, slots=True)
class _Team:
    """Who receives one child at its clinic: a nurse, and the clerk who calls when nobody comes."""

    clinic: int
    nurse: str
    clerk: str


class _Staff:
    """Those who work at the clinics, the hours they have given away, and the times their rosters still have."""

    def __init__(self, employees: Sequence[Employee], rooms: Mapping[int, str], slots: Sequence[FreeSlot]) -> None:
        self._employees = employees
        self._codes = {one.pk: one.code for one in employees}
        self._rooms = rooms
        self._slots = list(slots)
        self._taken: set[tuple[str, datetime]] = set()

    @classmethod
    def of(cls, work: Workday) -> _Staff:
        """Read who works there, and their free times in the days families are told of ahead."""
        employees = list(Employee.objects.filter(municipality=work.municipality).order_by("code"))
        rooms = dict(Room.objects.filter(clinic__municipality=work.municipality).values_list("pk", "name"))
        first, until = work.day + timedelta(days=1), work.day + timedelta(days=TOLD_AHEAD_DAYS[1])
        return cls(employees, rooms, free_slots(municipality=work.municipality, from_on=first, until_on=until))

    def time_to_come(self, clinic: int, ways: Sequence[Way], near: date) -> FreeSlot | None:
        """Take the free time nearest to a day that suits a step; None when there is none."""
        fitting = (slot for slot in self._slots if slot.clinic_id == clinic and any(_suits(way, slot) for way in ways))
        slot = min(fitting, key=lambda slot: (abs((slot.day - near).days), slot.begins_at, slot.employee_id), default=None)
        if slot is not None:
            self._slots.remove(slot)
            if slot.places_left > 1:
                self._slots.append(replace(slot, places_left=slot.places_left - 1))
        return slot

    def code(self, employee: int | None) -> str:
        """Name an employee as the file does, "" for nobody."""
        return "" if employee is None else self._codes[employee]

    def room(self, room: int | None) -> str:
        """Name a room as the file does, "" for none."""
        return "" if room is None else self._rooms[room]

    def team(self, clinic: int, *, turn: int) -> _Team:
        """Choose who receives a child at a clinic: always the same."""
        nurses, clerks = (
            [one.code for one in self._employees if one.clinic_id == clinic and one.role == role]
            for role in (Employee.Role.NURSE, Employee.Role.CLERK)
        )
        return _Team(clinic, nurses[turn % len(nurses)], clerks[turn % len(clerks)])

    def hour(self, employee: str, on: date) -> datetime:
        """Give the first half hour of a day an employee has not given away, from nine."""
        begins_at = oslo_instant(on, time(9))
        while (employee, begins_at) in self._taken:
            begins_at += timedelta(minutes=MINUTES)
        self._taken.add((employee, begins_at))
        return begins_at


@dataclass(frozen=True, slots=True)
class _Followed:
    """One child and those who follow it, since a day."""

    work: Workday
    person: Person
    born_on: date
    since: date
    team: _Team
    staff: _Staff
    rng: Random

    def before(self, definition: Definition) -> list[EarlierStep]:
        """Draw what a newcomer's papers say was done where it came from."""
        behind = [planned.step for planned in plan_for(self.born_on, definition) if planned.deadline_on < self.since]
        return [
            EarlierStep(
                step=code, outcome=Status.DONE_ELSEWHERE, on=self.since, by=self.team.nurse, reason="står i journalen barnet hadde med seg"
            )
            for code in behind
            if self.rng.random() < DOCUMENTED_ELSEWHERE
        ]

    def here(self, definition: Definition, papers: Sequence[EarlierStep]) -> Iterator[_Step]:
        """Draw what became of every step whose turn has come since."""
        for row in plan_taken_over(self.born_on, definition, on=self.since, settled=papers):
            if row.outcome is None and row.window_from < self.work.day + timedelta(days=TOLD_AHEAD_DAYS[1]):
                yield self._step(row, ways_of(definition.step(row.step), norms=default_norms()))

    def _step(self, row: StepRow, ways: Sequence[Way]) -> _Step:
        last = row.window_until - timedelta(days=1)
        on = _working_day(min(max(row.target_on + timedelta(days=self.rng.randrange(-4, 8)), row.window_from), last))
        chance = self.rng.random()
        if on >= self.work.day:
            is_told = on - timedelta(days=self.rng.randrange(*TOLD_AHEAD_DAYS)) <= self.work.day
            return _Step(times=self._to_come(row, ways, on) if is_told else [])
        if chance < IS_NEVER_HELD:
            return _Step()
        if chance < IS_NEVER_HELD + DECLINES:
            return _Step(self._settled(row, Status.DECLINED, on, "familien takker nei"))
        if chance < IS_NEVER_HELD + DECLINES + DONE_BY_THE_DOCTOR:
            return _Step(self._settled(row, Status.DONE_ELSEWHERE, on, "fastlegen har gjort det", is_confirmed=self.rng.random() < 0.7))
        if on < self.work.day - timedelta(days=TIMES_ARE_KEPT_DAYS):
            return _Step(self._settled(row, Status.DONE, on))
        return self._tried(row, ways, on)

    def _to_come(self, row: StepRow, ways: Sequence[Way], on: date) -> list[EarlierTime]:
        """Give a time as the clinic's own rosters have it, near a day; none when there is none."""
        slot = self.staff.time_to_come(self.team.clinic, ways, max(on, self.work.day + timedelta(days=1)))
        if slot is None:
            return []
        told_on = slot.day - timedelta(days=self.rng.randrange(*TOLD_AHEAD_DAYS))
        return [
            EarlierTime(
                step=row.step,
                begins_at=slot.begins_at,
                minutes=slot.minutes,
                setting=slot.setting,
                capacity=slot.capacity,
                state=State.CONFIRMED if self.rng.random() < self.work.households.habits.answers_that_they_come else State.OFFERED,
                booked_on=min(max(told_on, self.born_on), self.work.day),
                employee=self.staff.code(slot.employee_id),
                doctor=self.staff.code(slot.doctor_id),
                room=self.staff.room(slot.room_id),
            )
        ]

    def _tried(self, row: StepRow, ways: Sequence[Way], on: date) -> _Step:
        """Draw the times that were given one after the other, until somebody came, or there was no more to do."""
        step, missed = _Step(), list[tuple[date, Why]]()
        booked_on = on - timedelta(days=self.rng.randrange(*TOLD_AHEAD_DAYS))
        for _ in range(MOST_TRIES):
            why = why_not_coming(self.rng, self._situation(on), self.work.households.habits)
            state = self._became(why)
            step.times.append(self._time(row, ways[0].setting, on, state, booked_on))
            if why is None and state is State.ATTENDED:
                step.case = self._case(row, missed, on, "attended")
                return step
            if why is not None and state in (State.DID_NOT_ATTEND, State.NOT_BROUGHT):
                missed.append((on, why))
            booked_on, away = on, self.work.households.whereabouts(self.person, on)
            on = _working_day(max(on + timedelta(days=self.rng.randrange(5, 14)), on if away is None else away[1]))
            if on >= self.work.day:
                if self.rng.random() < HAS_A_NEW_TIME:
                    step.times += self._to_come(row, ways, on)
                return step  # to be made good: the first night opens the case
        step.settled, closing = self._given_up(row, booked_on)
        step.case = self._case(row, missed, booked_on, closing)
        return step

    def _situation(self, on: date) -> Situation:
        away = self.work.households.whereabouts(self.person, on)
        mother = self.person.mother
        needs_interpreter = mother is not None and self.work.households.guardian(mother).needs_interpreter
        return Situation(
            away=None if away is None else away[0],
            reminders=1,
            reads_it=not needs_interpreter or self.rng.random() < IS_TOLD_IN_THEIR_LANGUAGE,
            is_followed_by_specialist=self.work.households.is_followed_by_specialist(self.person),
        )

    def _became(self, why: Why | None) -> State:
        chance = self.rng.random()
        if why is None:
            return State.CANCELLED_BY_CLINIC if chance < IS_CANCELLED_BY_CLINIC else State.ATTENDED
        if why in _CAN_CALL and chance < self.work.households.habits.tells_beforehand:
            return State.CANCELLED_BY_FAMILY
        return State.NOT_BROUGHT if chance > 1 - IS_NOT_BROUGHT else State.DID_NOT_ATTEND

    def _time(self, row: StepRow, setting: Setting, on: date, state: State, booked_on: date) -> EarlierTime:
        return EarlierTime(
            step=row.step,
            begins_at=self.staff.hour(self.team.nurse, on),
            minutes=MINUTES,
            setting=setting,
            employee=self.team.nurse,
            state=state,
            booked_on=max(booked_on, self.born_on),
            said_on=None if state.is_holding else on,
        )

    def _given_up(self, row: StepRow, on: date) -> tuple[EarlierStep, str]:
        chance = self.rng.random()
        if chance < 0.4:
            return self._settled(row, Status.DECLINED, on, "familien takker nei"), "declined_recorded"
        if chance < 0.7:
            reason = "moren sier at fastlegen har gjort det"
            return self._settled(row, Status.DONE_ELSEWHERE, on, reason, is_confirmed=False), "done_by_gp_unconfirmed"
        return self._settled(row, Status.WAIVED, on, "tas sammen med neste konsultasjon"), "merged_into_next_consultation"

    def _case(self, row: StepRow, missed: Sequence[tuple[date, Why]], ended_on: date, closing: str) -> EarlierCase | None:
        """Tell the case that was opened when nobody came, and what was done in it: a new time, and from the second miss calls."""
        if not missed:
            return None
        entries = []
        for step, (on, why) in zip(("new_time", "call_again", "nurse_takes_over", "discuss"), missed, strict=False):
            done_on = on if step == "new_time" else min(add_working_days(on, 1), ended_on)
            by = self.team.clerk if step == "new_time" else self.team.nurse
            how = None if step == "new_time" else How.TELEPHONE
            entries.append(EarlierEntry(step=step, on=done_on, by=by, how=how, outcome=Outcome.NEW_TIME, reason=why.value))
        owner = self.team.clerk if len(missed) == 1 else self.team.nurse
        return EarlierCase(step=row.step, owner=owner, opened_on=missed[0][0], closed_on=ended_on, closing=closing, entries=tuple(entries))

    def _settled(self, row: StepRow, outcome: Status, on: date, reason: str = "", *, is_confirmed: bool = True) -> EarlierStep:
        return EarlierStep(step=row.step, outcome=outcome, on=on, by=self.team.nurse, reason=reason, is_confirmed=is_confirmed)


def _suits(way: Way, slot: FreeSlot) -> bool:
    return slot.setting is way.setting and slot.minutes >= way.minutes and way.performers <= slot.performers


def _working_day(on: date) -> date:
    return add_working_days(on, 0)


def _guardians(work: Workday, numbers: Sequence[str]) -> Iterator[EarlierGuardian]:
    """Tell how a child's guardians are reached, as they have told it."""
    for number in numbers:
        guardian = work.world.person_numbered(number, on=work.day) if number else None
        standing = None if guardian is None else guardian.standing_on(work.day)
        if guardian is None or standing is None:
            continue
        told = work.households.guardian(guardian)
        street, postal_code, place = work.households.address(guardian, work.day)
        is_protected = standing.grading in (Protection.CONFIDENTIAL, Protection.STRICTLY_CONFIDENTIAL)
        yield EarlierGuardian(
            number=standing.number,
            name=f"{standing.given_name} {standing.family_name}",
            language=told.language,
            needs_interpreter=told.needs_interpreter,
            is_protected=is_protected,
            telephone=told.telephone,
            address=None if is_protected else EarlierAddress(lines=(street,), postal_code=postal_code, place=place),
        )


def _wish(work: Workday, person: Person) -> EarlierWish | None:
    wish = work.households.wish(person)
    if wish is None:
        return None
    return EarlierWish(
        unsuitable_weekdays=wish.unsuitable_weekdays,
        earliest=wish.earliest,
        latest=wish.latest,
        can_come_at_short_notice=wish.can_come_soon,
    )
