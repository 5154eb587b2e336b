"""
Bookings kept by the plainest of means: who is taken is a set of minutes, looked through from end to end every time.

Written from the text of the rules. It shares with the real thing only the table of states (held to its own text in tests/spec).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fjorten.appointments.slots import FreeSlot
from fjorten.appointments.states import State, corrected, settled, who_says
from fjorten.kernel.refusals import Refused

OPEN = {State.OFFERED, State.CONFIRMED}
HOLDING = OPEN | {State.ATTENDED, State.DID_NOT_ATTEND, State.NOT_BROUGHT}
MINUTE = timedelta(minutes=1)


def minutes(begins_at: datetime, ends_at: datetime) -> set[datetime]:
    return {begins_at + number * MINUTE for number in range((ends_at - begins_at) // MINUTE)}


@dataclass
class Step:
    """A child's step: open, settled by an appointment somebody came to, or by a person who wrote "declined"."""

    child: str
    settled_by: Appointment | str | None = None


@dataclass(eq=False)
class Appointment:
    step: Step
    slot: FreeSlot
    capacity: int
    place: int = 0
    group: object = None
    state: State = State.OFFERED

    def takes(self) -> set[tuple[str, datetime]]:
        return taken_by(self.slot, self.step.child) if self.state in HOLDING else set()


def taken_by(slot: FreeSlot, child: str) -> set[tuple[str, datetime]]:
    visit, away = minutes(slot.begins_at, slot.ends_at), minutes(slot.begins_at, slot.held_until)
    taken = {(child, minute) for minute in visit} | {(f"employee {slot.employee_id}", minute) for minute in away}
    if slot.doctor_id:
        taken |= {(f"employee {slot.doctor_id}", minute) for minute in away}
    if slot.room_id:
        taken |= {(f"room {slot.room_id}", minute) for minute in visit}
    return taken


@dataclass
class Absence:
    whose: str | None  # None: the whole clinic
    away: set[datetime]

    def covers(self, slot: FreeSlot) -> bool:
        there = {f"employee {slot.employee_id}", f"employee {slot.doctor_id}", f"room {slot.room_id}", None}
        return self.whose in there and bool(self.away & minutes(slot.begins_at, slot.ends_at))


@dataclass
class NaiveBook:
    """What every action should answer: "done", or one of the refusals that apply."""

    appointments: list[Appointment] = field(default_factory=list)
    absences: list[Absence] = field(default_factory=list)

    def in_the_way(self, step: Step, slot: FreeSlot, mine: list[Appointment]) -> set[str]:
        """Everything that speaks against holding a time, `mine` apart."""
        others = [row for row in self.appointments if row.state in HOLDING and row not in mine]
        group = self.group_at(slot, others)
        wanted = taken_by(slot, step.child)
        refusals = {"TimeIsTaken"} if group and len(group) >= group[0].capacity else set()
        for row in others:
            for whose, _ in wanted & row.takes():
                if whose == step.child:
                    refusals.add("ChildIsBusy")
                elif row not in group:
                    refusals.add("TimeIsTaken")
        return refusals

    def group_at(self, slot: FreeSlot, others: list[Appointment]) -> list[Appointment]:
        if slot.capacity == 1:
            return []
        where = (slot.employee_id, slot.room_id, slot.setting, slot.begins_at, slot.ends_at)
        return [
            row
            for row in others
            if row.slot.capacity > 1
            and where == (row.slot.employee_id, row.slot.room_id, row.slot.setting, row.slot.begins_at, row.slot.ends_at)
        ]

    def against_an_open_one(self, step: Step, slot: FreeSlot, mine: list[Appointment]) -> set[str]:
        refusals = set()
        if any(row.step is step and row.state in OPEN and row not in mine for row in self.appointments):
            refusals.add("StepHasAnOpenAppointment")
        if any(absence.covers(slot) for absence in self.absences):
            refusals.add("StaffOrRoomIsAway")
        return refusals

    def sit(self, row: Appointment) -> None:
        group = self.group_at(row.slot, [other for other in self.appointments if other.state in HOLDING and other is not row])
        if group:
            row.capacity = group[0].capacity
            row.place = min(set(range(row.capacity)) - {other.place for other in group})

    def book(self, step: Step, slot: FreeSlot, at: datetime, instead_of: Appointment | None = None) -> set[str]:
        mine = [instead_of] if instead_of else []
        refusals = {"TimeHasPassed"} if slot.begins_at <= at else set()
        refusals |= {"StepIsSettled"} if step.settled_by is not None else set()
        refusals |= self.against_an_open_one(step, slot, mine) | self.in_the_way(step, slot, mine)
        if not refusals:
            for row in mine:
                row.state = State.MOVED_BY_CLINIC
            new = Appointment(step, slot, slot.capacity)
            self.sit(new)
            self.appointments.append(new)
        return refusals

    def move(self, row: Appointment, to: State, slot: FreeSlot, role: str, at: datetime) -> set[str]:
        refusals = the_tables_word(row, to, role, at)
        if refusals:
            return refusals | ({"TimeHasPassed"} if slot.begins_at <= at else set()) | self.against_an_open_one(row.step, slot, [row])
        refusals = self.book(row.step, slot, at, instead_of=row)
        if not refusals:
            row.state = to
        return refusals

    def say(self, row: Appointment, to: State, role: str, at: datetime) -> set[str]:
        refusals = the_tables_word(row, to, role, at)
        if not refusals:
            row.state = to
            if to is State.ATTENDED and row.step.settled_by is None:
                row.step.settled_by = row
        return refusals

    def correct(self, row: Appointment, to: State, role: str, at: datetime) -> set[str]:
        try:
            corrected(row.state, to, by=who_says(role), has_begun=row.slot.begins_at <= at)
        except Refused as refused:
            return {type(refused).__name__}
        refusals = set()
        if to in OPEN:
            refusals |= self.against_an_open_one(row.step, row.slot, [row])
            refusals |= {"StepIsSettled"} if row.step.settled_by not in (None, row) else set()
        if to in HOLDING and row.state not in HOLDING:
            refusals |= self.in_the_way(row.step, row.slot, [row])
        if not refusals:
            if to in HOLDING and row.state not in HOLDING:
                self.sit(row)
            row.state = to
            if row.step.settled_by is row:
                row.step.settled_by = None
            if to is State.ATTENDED and row.step.settled_by is None:
                row.step.settled_by = row
        return refusals

    def be_absent(self, absence: Absence) -> list[Appointment]:
        self.absences.append(absence)
        fallen = [row for row in self.appointments if row.state in OPEN and absence.covers(row.slot)]
        for row in fallen:
            row.state = State.CANCELLED_BY_CLINIC
        return sorted(fallen, key=lambda row: row.slot.begins_at)

    def free(self, slots: list[FreeSlot]) -> list[tuple[datetime, bool, int]]:
        """Of a roster's slots, those that can be booked: when, with the doctor or not, and for how many."""
        found = []
        for slot in slots:
            alone = slot.without_doctor()
            others = [row for row in self.appointments if row.state in HOLDING]
            group = self.group_at(slot, others)
            left = group[0].capacity - len(group) if group else slot.capacity

            def is_free(wanted: FreeSlot, group: list[Appointment] = group, others: list[Appointment] = others) -> bool:
                taken = set().union(*(row.takes() for row in others if row not in group))
                return not (taken_by(wanted, "nobody") & taken) and not any(absence.covers(wanted) for absence in self.absences)

            if left > 0 and is_free(alone):
                found.append((slot.begins_at, slot.doctor_id is not None and is_free(slot), left))
        return found


def the_tables_word(row: Appointment, to: State, role: str, at: datetime) -> set[str]:
    try:
        settled(row.state, to, by=who_says(role), has_begun=row.slot.begins_at <= at)
    except Refused as refused:
        return {type(refused).__name__}
    return set()
