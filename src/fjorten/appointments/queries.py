"""Questions about free times and appointments. Lists are computed when they are read; nothing falls off one by itself."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate

from fjorten.appointments.models import Appointment, AppointmentQuerySet, Arrival, DropIn, Hold, RosterOpening
from fjorten.appointments.rosters import slots_on
from fjorten.appointments.slots import FreeSlot
from fjorten.appointments.staffing import absence_of, absences_between, opening_of
from fjorten.appointments.states import State
from fjorten.database.questions import Question
from fjorten.kernel.refusals import Refused
from fjorten.kernel.times import OSLO, oslo_date, start_of_day
from fjorten.organisation.models import Absence, Clinic, Employee, Municipality
from fjorten.people.models import Person
from fjorten.plans.models import PlannedStep


def free_slots(*, municipality: Municipality, from_on: date, until_on: date, clinic: Clinic | None = None) -> list[FreeSlot]:
    """
    List the times that can be booked in the days `[from_on, until_on)`, in order: what the rosters give, less absences and what is held.

    A group that is not full is listed with its sitting and the places left. Where only the doctor is taken, the time is there without the
    doctor. The number of queries does not grow with the days. A time earlier today is listed too; `book` refuses what has begun.
    """
    openings = RosterOpening.objects.in_force_from(from_on).filter(clinic__municipality=municipality)
    openings = openings.filter(valid_from__lt=until_on).select_related("employee")
    given = [opening_of(row) for row in (openings if clinic is None else openings.filter(clinic=clinic))]
    absences = absences_between(from_on, until_on, municipality=municipality)
    held = _Held(*_held_between(start_of_day(from_on), start_of_day(until_on), municipality=municipality))
    days = (from_on + timedelta(days=number) for number in range((until_on - from_on).days))
    slots = (slot for day in days for slot in slots_on(day, openings=given, absences=absences))
    return [left for slot in slots if (left := held.left_of(slot)) is not None]


def not_closed(*, municipality: Municipality, on: date) -> AppointmentQuerySet:
    """Find the appointments of days before `on` of which nobody has said what became, oldest first (L6)."""
    return _listed(Appointment.objects.of(municipality).still_open().filter(begins_at__lt=start_of_day(on)))


def appointments_on(day: date, *, municipality: Municipality, clinic: Clinic | None = None) -> AppointmentQuerySet:
    """Find a day's appointments in every state, in order of time."""
    appointments = _listed(Appointment.objects.of(municipality).on(day))
    return appointments if clinic is None else appointments.filter(clinic=clinic)


def appointments_of(person: Person) -> AppointmentQuerySet:
    """Find all a child's appointments, in order of time."""
    return _listed(Appointment.objects.filter(person=person))


def open_appointment_of(planned_step: PlannedStep) -> Appointment | None:
    """Find the open appointment of a step; None when it has none."""
    return Appointment.objects.still_open().filter(planned_step=planned_step).first()


def appointments_to_rebook(*, municipality: Municipality, on: date) -> AppointmentQuerySet:
    """
    Find what the clinic cancelled and gave no other time for: the newest appointment of each step that is not settled, of children who are
    alive and enrolled on a day; the one whose window closes first at the top.
    """
    newest = Appointment.objects.filter(planned_step=OuterRef("planned_step")).order_by("-pk").values("pk")[:1]
    cancelled = Appointment.objects.of(municipality).filter(pk=Subquery(newest), state=State.CANCELLED_BY_CLINIC.value)
    open_too = Appointment.objects.of(municipality).still_open().values("planned_step")
    wanted = cancelled.filter(_is_enrolled(on), planned_step__outcome__isnull=True, person__in=Person.objects.alive_on(on))
    return wanted.exclude(planned_step__in=open_too).select_related("person", "planned_step").order_by("planned_step__window_until", "pk")


def appointments_to_cancel(*, municipality: Municipality, on: date) -> AppointmentQuerySet:
    """
    Find the open appointments from `on` nobody is to come to: the child is dead, or no longer enrolled that day, or the step is settled.

    Nothing cancels them by itself: a person does, and knows why.
    """
    coming = Appointment.objects.of(municipality).coming_from(on)
    ended = Q(planned_step__enrolment__ended_on__lte=_day_of("begins_at"))
    return _listed(coming.filter(Q(person__is_dead=True) | ended | Q(planned_step__outcome__isnull=False)))


def appointments_without_staff(*, municipality: Municipality, on: date) -> AppointmentQuerySet:
    """Find the open appointments from `on` with an employee or a doctor who does not work here any more on that day."""
    coming = Appointment.objects.of(municipality).coming_from(on)
    day = _day_of("begins_at")
    return _listed(coming.filter(Q(employee__employed_until__lte=day) | Q(doctor__employed_until__lte=day)))


def appointments_of_those_away(absence: Absence) -> AppointmentQuerySet:
    """Find the open appointments of whoever an absence, recorded or not yet, is of, in its days: the hours are not looked at."""
    appointments = Appointment.objects.still_open().filter(
        begins_at__lt=start_of_day(absence.until_on), ends_at__gt=start_of_day(absence.from_on)
    )
    if absence.employee_id is not None:
        found = appointments.filter(Q(employee=absence.employee_id) | Q(doctor=absence.employee_id))
    elif absence.room_id is not None:
        found = appointments.filter(room=absence.room_id)
    else:
        found = appointments.filter(clinic=absence.clinic_id)
    return found.select_related("person").order_by("begins_at", "pk")


def open_during(absence: Absence, appointments: Iterable[Appointment]) -> list[Appointment]:
    """Keep, in order of time, the appointments any part of which falls in an absence, recorded or not yet."""
    value = absence_of(absence)
    falling = [row for row in appointments if value.is_during(row.begins_at, row.ends_at, day=oslo_date(row.begins_at))]
    return sorted(falling, key=lambda row: (row.begins_at, row.pk))


def states_of_steps(planned_steps: Iterable[int]) -> Mapping[int, tuple[State, ...]]:
    """Tell, for each planned step (primary key), the states of its appointments, oldest booking first; () where there are none."""
    states: dict[int, tuple[State, ...]] = dict.fromkeys(planned_steps, ())
    rows = Appointment.objects.filter(planned_step__in=states).order_by("pk").values_list("planned_step", "state")
    for planned_step, state in rows:
        states[planned_step] += (State(state),)
    return states


def states_of_step(planned_step: PlannedStep) -> tuple[State, ...]:
    """Tell the states of one step's appointments, oldest booking first: what misses are counted from."""
    return states_of_steps([planned_step.pk])[planned_step.pk]


def days_missed(planned_steps: Collection[int], *, on: date) -> Mapping[int, list[date]]:
    """This function will tell, for planned steps (primary keys), the days by then on which nobody came, in order; none: left out."""
    missed: defaultdict[int, list[date]] = defaultdict(list)
    for planned_step, begins_at in Question(_missed, (on,), {"planned_steps": planned_steps}).rows():
        missed[planned_step].append(oslo_date(begins_at))
    return missed


def _missed(on: date, planned_steps: Collection[int]) -> QuerySet[Appointment, tuple[int, datetime]]:
    missed = Appointment.objects.filter(planned_step__in=planned_steps).missed_by(on).order_by("begins_at", "pk")
    return missed.values_list("planned_step_id", "begins_at")


@dataclass(slots=True)
class _Busy:
    """When one resource is held, and by which sitting: in order, and never two at once."""

    begins: list[datetime] = field(default_factory=list)
    ends: list[datetime] = field(default_factory=list)
    sittings: list[UUID] = field(default_factory=list)

    def add(self, begins_at: datetime, ends_at: datetime, sitting: UUID) -> None:
        if self.sittings and self.sittings[-1] == sitting:  # another child of the same group
            self.ends[-1] = max(self.ends[-1], ends_at)
            return
        self.begins.append(begins_at)
        self.ends.append(ends_at)
        self.sittings.append(sitting)

    def is_held(self, begins_at: datetime, ends_at: datetime, *, but_by: UUID | None) -> bool:
        overlapping = self.sittings[bisect_right(self.ends, begins_at) : bisect_left(self.begins, ends_at)]
        return any(sitting != but_by for sitting in overlapping)


@dataclass(slots=True)
class _Group:
    """The children who share one sitting."""

    sitting: UUID
    capacity: int
    steps: list[str] = field(default_factory=list)


_Place = tuple[int, int | None, str, datetime, datetime]  # employee, room, setting, from, to


@dataclass(frozen=True, slots=True)
class _Held:
    """What is held in a period, looked up slot by slot."""

    busy: Mapping[str, _Busy]
    groups: Mapping[_Place, _Group]

    def left_of(self, slot: FreeSlot) -> FreeSlot | None:
        group = self.groups.get((slot.employee_id, slot.room_id, slot.setting.value, slot.begins_at, slot.ends_at))
        if slot.capacity == 1 or group is None:
            sitting, left = None, slot
        else:
            sitting, places = group.sitting, group.capacity - len(group.steps)
            left = replace(slot, capacity=group.capacity, places_left=places, sitting=sitting, steps=frozenset(group.steps))
        if left.places_left < 1 or self._is_held(f"employee:{slot.employee_id}", slot.begins_at, slot.held_until, sitting):
            return None
        if slot.room_id is not None and self._is_held(f"room:{slot.room_id}", slot.begins_at, slot.ends_at, sitting):
            return None
        if slot.doctor_id is not None and self._is_held(f"employee:{slot.doctor_id}", slot.begins_at, slot.held_until, sitting):
            return left.without_doctor()
        return left

    def _is_held(self, resource: str, begins_at: datetime, ends_at: datetime, but_by: UUID | None) -> bool:
        busy = self.busy.get(resource)
        return busy is not None and busy.is_held(begins_at, ends_at, but_by=but_by)


def _held_between(
    begins_at: datetime, ends_at: datetime, *, municipality: Municipality
) -> tuple[Mapping[str, _Busy], Mapping[_Place, _Group]]:
    busy: defaultdict[str, _Busy] = defaultdict(_Busy)
    holds = Hold.objects.filter(appointment__municipality=municipality, begins_at__lt=ends_at, ends_at__gt=begins_at)
    staff_and_rooms = holds.exclude(resource__startswith="person:").order_by("begins_at")
    for resource, begins, ends, sitting in staff_and_rooms.values_list("resource", "begins_at", "ends_at", "sitting"):
        busy[resource].add(begins, ends, sitting)
    groups: dict[_Place, _Group] = {}
    together = Appointment.objects.of(municipality).holding().filter(begins_at__lt=ends_at, ends_at__gt=begins_at, capacity__gt=1)
    for row in together.select_related("planned_step"):
        place = (row.employee_id, row.room_id, row.setting, row.begins_at, row.ends_at)
        groups.setdefault(place, _Group(row.sitting, row.capacity)).steps.append(row.planned_step.step)
    return busy, groups


def _listed(appointments: AppointmentQuerySet) -> AppointmentQuerySet:
    return appointments.select_related("person", "planned_step", "clinic", "employee", "doctor", "room").order_by("begins_at", "pk")


def _is_enrolled(on: date) -> Q:
    ended_on = "planned_step__enrolment__ended_on"
    return Q(planned_step__enrolment__ended_at__isnull=True) | Q(**{f"{ended_on}__gt": on})


def _day_of(instant: str) -> TruncDate:
    return TruncDate(instant, tzinfo=OSLO)


class NoSuchAppointment(Refused):
    """No appointment of the municipality has this number."""

    sentence = "Det finnes ingen time med dette nummeret i kommunen. Se numrene med `fjorten appointments`."


class NoSuchOpening(Refused):
    """No opening of the municipality's rosters has this number."""

    sentence = "Det finnes ingen åpning med dette nummeret. Se numrene med `fjorten roster`."


class NoTimeThen(Refused):
    """Nothing is free at that instant that suits."""

    sentence = "Det er ingen ledig time da. Se de ledige med `fjorten appointments free`."


def appointment_numbered(number: int, municipality: Municipality) -> Appointment:
    """Find an appointment by its number. Raises NoSuchAppointment."""
    found = _listed(Appointment.objects.of(municipality)).select_related("municipality").filter(pk=number).first()
    if found is None:
        raise NoSuchAppointment(number)
    return found


def openings_on(on: date, municipality: Municipality) -> QuerySet[RosterOpening]:
    """Find the openings of the rosters that are in force on a day or later, by employee, weekday and hour."""
    openings = RosterOpening.objects.in_force_from(on).filter(clinic__municipality=municipality)
    return openings.select_related("employee", "doctor", "room", "clinic").order_by("employee__code", "weekday", "begins", "pk")


def opening_numbered(number: int, municipality: Municipality) -> RosterOpening:
    """Find an opening by its number. Raises NoSuchOpening."""
    openings = RosterOpening.objects.select_related("clinic__municipality", "employee", "doctor", "room")
    found = openings.filter(pk=number, clinic__municipality=municipality).first()
    if found is None:
        raise NoSuchOpening(number)
    return found


def free_slot_at(begins_at: datetime, *, municipality: Municipality, clinic: Clinic, employee: Employee | None = None) -> FreeSlot:
    """Find the free time of a clinic that begins at an instant, with one employee when named, the least needed first. Raises NoTimeThen."""
    day = oslo_date(begins_at)
    free = free_slots(municipality=municipality, from_on=day, until_on=day + timedelta(days=1), clinic=clinic)
    suiting = [slot for slot in free if slot.begins_at == begins_at and (employee is None or slot.employee_id == employee.pk)]
    if not suiting:
        raise NoTimeThen
    return min(suiting, key=lambda slot: (slot.doctor_id is not None, slot.capacity, slot.employee_id))


class NoSuchDropIn(Refused):
    """Nobody with this number has come without an appointment."""

    sentence = "Det finnes ingen med dette nummeret på drop-in."


def drop_ins_on(day: date, *, municipality: Municipality, clinic: Clinic | None = None) -> QuerySet[DropIn]:
    """Find those who came without an appointment on a day and have not left again unseen, in the order they came."""
    came = DropIn.objects.filter(clinic__municipality=municipality, came_at__gte=start_of_day(day), ended_at__isnull=True)
    came = came.filter(came_at__lt=start_of_day(day + timedelta(days=1))).select_related("person", "clinic").order_by("came_at", "pk")
    return came if clinic is None else came.filter(clinic=clinic)


def drop_in_numbered(number: int, municipality: Municipality) -> DropIn:
    """Find one who came without an appointment by its number. Raises NoSuchDropIn."""
    found = DropIn.objects.select_related("person__municipality", "clinic").filter(pk=number, clinic__municipality=municipality).first()
    if found is None:
        raise NoSuchDropIn(number)
    return found


def arrivals_for(appointments: Iterable[int]) -> Mapping[int, Arrival]:
    """Find, for each appointment (primary key) the family has come for, the arrival nobody has taken back."""
    return {arrival.appointment_id: arrival for arrival in Arrival.objects.in_force().filter(appointment__in=list(appointments))}
