"""A week at a clinic as strings: by staff or by room, all together or one of them by the clock."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from fjorten.access.permissions import Permission
from fjorten.access.queries import Staff
from fjorten.appointments.rosters import Opening
from fjorten.appointments.slots import FreeSlot
from fjorten.appointments.states import State
from fjorten.appointments.weeks import BookedTime, ClinicWeek
from fjorten.kernel.times import oslo_date, oslo_instant
from fjorten.organisation.models import Absence, Employee
from fjorten.programme.steps import Setting
from fjorten.web import words
from fjorten.web.calendar.asking import ROOMS, Asked
from fjorten.web.calendar.naming import SETTINGS, day_name, week_name
from fjorten.web.children import address_of
from fjorten.web.families import language_of
from fjorten.web.shown import ByName, Choice, Link
from fjorten.web.times import STATES

TAKEN, AWAY = "taken", "away"


@dataclass(frozen=True, slots=True)
class Day(ByName):
    """The head of a column; `note` is a holiday's name."""

    label: str
    note: str
    is_today: bool


@dataclass(frozen=True, slots=True)
class Slot(ByName):
    """
    One thing in a cell: `clock` and `words`, a line under them, and where it leads or what its button sends, with `about` for those who do
    not see which cell it stands in. `state` is a class of `slot` in app.css.
    """

    clock: str
    words: str
    sub: str = ""
    href: str = ""
    state: str = ""
    value: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Cell(ByName):
    """One day of one row; `note` is said above what is in it: the opening hours, or that there are none."""

    note: str
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Line(ByName):
    """One row of the week: an employee or a room, or a time of day."""

    label: str
    sub: str
    href: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A way to another week or another view."""

    label: str
    href: str
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class WeekPage:
    """The whole page. `nothing` says why there is no table; "" when there is one."""

    title: str
    lead: str
    caption: str
    corner: str
    day: str
    heading: str
    previous: str
    following: str
    this_week: Step
    views: tuple[Step, ...]
    ones: tuple[Choice, ...]
    clinics: tuple[Choice, ...]
    by: str
    corner_all: str
    links: tuple[Link, ...]
    days: tuple[Day, ...]
    lines: tuple[Line, ...]
    nothing: str


@dataclass(frozen=True, slots=True)
class _Resource:
    """An employee or a room: what of the week is theirs."""

    pk: int
    name: str
    sub: str
    openings: tuple[Opening, ...]
    free: tuple[FreeSlot, ...]
    booked: tuple[BookedTime, ...]
    absences: tuple[Absence, ...]


def week_page(shown: ClinicWeek, asked: Asked, *, visible: set[int], staff: Staff, at: datetime, today: date) -> WeekPage:
    """This function will turn a week into what its page shows; `visible` are the children (primary keys) whoever looks may know of."""
    resources = _rooms(shown, at) if asked.by_room else _staff(shown, at)
    one = next((each for each in resources if each.pk == asked.one), None)
    people = {each.pk: each.name for each in shown.staff}
    reader = _Reader(shown, visible, asked.by_room, people)
    lines = tuple(reader.by_clock(one)) if one else tuple(reader.row(each, asked) for each in resources)
    return WeekPage(
        title=gettext("Kalender"),
        lead=f"{week_name(shown.week)} · {asked.clinic.name}",
        caption=gettext("%(week)s, %(who)s") % {"week": week_name(shown.week), "who": one.name if one else asked.clinic.name},
        corner=gettext("Kl.") if one else gettext("Rom") if asked.by_room else gettext("Ansatt"),
        heading=one.name if one else gettext("Hele helsestasjonen"),
        day=shown.week.monday.isoformat(),
        previous=asked.address(week=shown.week.after(-1)),
        following=asked.address(week=shown.week.after(1)),
        this_week=Step(gettext("Denne uken"), asked.address(week=shown.week.of(today)), shown.week == shown.week.of(today)),
        views=(
            Step(gettext("Ansatte"), asked.address(by="", one=""), not asked.by_room),
            Step(gettext("Rom"), asked.address(by=ROOMS, one=""), asked.by_room),
        ),
        ones=(
            Choice("", gettext("Alle"), one is None),
            *(Choice(str(each.pk), each.name, one is not None and each.pk == one.pk) for each in resources),
        ),
        clinics=tuple(Choice(str(clinic.pk), clinic.name, clinic == asked.clinic) for clinic in asked.clinics)
        if len(asked.clinics) > 1
        else (),
        by=ROOMS if asked.by_room else "",
        corner_all=gettext("Rom") if asked.by_room else gettext("Ansatt"),
        links=tuple(_links(staff)),
        days=tuple(Day(words.capital(day_name(day)), words.on_screen(shown.holidays.get(day, "")), day == today) for day in shown.days),
        lines=lines,
        nothing="" if lines else gettext("Ingen har åpningstider eller avtaler denne uken."),
    )


def _links(staff: Staff) -> Iterator[Link]:
    """The other pages of the calendar."""
    if staff.may(Permission.PLAN_ROSTERS):
        yield Link(gettext("Før fravær"), reverse("absence"), "person")
    yield Link(gettext("Skal ha ny tid"), reverse("rebook"), "arrows-circlepath")
    yield Link(gettext("Kapasitet"), reverse("capacity"), "bar-chart")


def _staff(shown: ClinicWeek, at: datetime) -> list[_Resource]:
    return [
        _Resource(
            pk=one.pk,
            name=one.name,
            sub=words.on_screen(str(Employee.Role(one.role).label)),
            openings=tuple(opening for opening in shown.openings if one.pk in (opening.employee_id, opening.doctor_id)),
            free=tuple(slot for slot in shown.free if slot.begins_at > at and one.pk in (slot.employee_id, slot.doctor_id)),
            booked=tuple(row for row in shown.booked if one.pk in (row.appointment.employee_id, row.appointment.doctor_id)),
            absences=tuple(row for row in shown.absences if row.room_id is None and row.employee_id in (one.pk, None)),
        )
        for one in shown.staff
    ]


def _rooms(shown: ClinicWeek, at: datetime) -> list[_Resource]:
    return [
        _Resource(
            pk=one.pk,
            name=one.name,
            sub="",
            openings=tuple(opening for opening in shown.openings if opening.room_id == one.pk),
            free=tuple(slot for slot in shown.free if slot.begins_at > at and slot.room_id == one.pk),
            booked=tuple(row for row in shown.booked if row.appointment.room_id == one.pk),
            absences=tuple(row for row in shown.absences if row.employee_id is None and row.room_id in (one.pk, None)),
        )
        for one in shown.rooms
    ]


@dataclass(frozen=True, slots=True)
class _Reader:
    """What every cell is read with."""

    shown: ClinicWeek
    visible: set[int]
    by_room: bool
    people: dict[int, str]

    def row(self, one: _Resource, asked: Asked) -> Line:
        """One employee's or room's week: what is taken, and what is free as stretches."""
        cells = (self._cell(one, day) for day in self.shown.days)
        return Line(one.name, one.sub, asked.address(one=str(one.pk)), tuple(cells))

    def by_clock(self, one: _Resource) -> Iterator[Line]:
        """One employee's or room's week by the clock, each free time for itself."""
        found: dict[str, dict[date, list[Slot]]] = {}
        things = [
            *((row.appointment.begins_at, self._booked(row)) for row in one.booked),
            *((slot.begins_at, self._free(slot)) for slot in one.free),
        ]
        for day in self.shown.days:
            for absence in (row for row in one.absences if row.from_on <= day < row.until_on):
                things.append((oslo_instant(day, absence.begins or time(0)), _away(absence)))
        for begins_at, slot in sorted(things, key=lambda thing: thing[0]):
            row = found.setdefault(slot.clock, {})
            row.setdefault(oslo_date(begins_at), []).append(replace(slot, clock=""))  # the row says it
        for clock in sorted(found):
            cells = (Cell("", tuple(found[clock].get(day, ()))) for day in self.shown.days)
            yield Line(clock or gettext("Hele dagen"), "", "", tuple(cells))

    def _cell(self, one: _Resource, day: date) -> Cell:
        away = [_away(row) for row in one.absences if row.from_on <= day < row.until_on]
        taken = [(row.appointment.begins_at, self._booked(row)) for row in one.booked if oslo_date(row.appointment.begins_at) == day]
        free = [(slots[0].begins_at, _stretch(slots)) for slots in _stretches([slot for slot in one.free if slot.day == day])]
        things = [slot for _, slot in sorted([*taken, *free], key=lambda thing: thing[0])]
        return Cell("" if day in self.shown.holidays else self._hours(one, day), (*away, *things))

    def _hours(self, one: _Resource, day: date) -> str:
        return words.in_line(
            f"{words.clock_time(opening.begins)}–{words.clock_time(opening.ends)}"
            + (f" {self.people[opening.employee_id]}" if self.by_room and opening.employee_id in self.people else "")
            for opening in one.openings
            if opening.is_on(day)
        )

    def _free(self, slot: FreeSlot) -> Slot:
        left = ngettext("%(n)d plass", "%(n)d plasser", slot.places_left) % {"n": slot.places_left} if slot.capacity > 1 else ""
        sub = words.in_line([words.minutes(slot.minutes), left, *self._who_and_where(slot)])
        return Slot(words.clock(slot.begins_at), gettext("Ledig"), sub)

    def _who_and_where(self, slot: FreeSlot) -> Iterable[str]:
        if self.by_room:
            yield self.people.get(slot.employee_id, "")
        if slot.doctor_id is not None:
            yield gettext("med lege")
        if slot.setting is Setting.HOME:
            yield str(SETTINGS[slot.setting])

    def _booked(self, row: BookedTime) -> Slot:
        appointment = row.appointment
        clock = words.clock(appointment.begins_at)
        mark, said = STATES[State(appointment.state)]
        if appointment.person_id not in self.visible:
            return Slot(clock, gettext("Opptatt"), state=TAKEN)
        interpreter = gettext("tolk") if appointment.needs_interpreter else ""
        language = language_of(row.family)
        parts = [
            words.short_step(row.step, appointment.planned_step.step),
            language or interpreter,
            gettext("lege") if appointment.doctor_id is not None else "",
            gettext("i gruppe") if appointment.setting == Setting.GROUP else "",
            appointment.employee.name if self.by_room else "",
            "" if appointment.state == State.OFFERED else str(said),
        ]
        return Slot(
            clock,
            words.name_of(appointment.person),
            words.in_line(parts),
            f"{address_of(appointment.person)}#appointments",
            f"{TAKEN} {mark}",
        )


def _away(absence: Absence) -> Slot:
    hours = f"{words.clock_time(absence.begins)}–{words.clock_time(absence.ends)}" if absence.begins and absence.ends else ""
    if absence.employee_id is not None:
        what = gettext("Borte")
    else:
        what = gettext("Ikke i bruk") if absence.room_id is not None else gettext("Stengt")
    return Slot(words.clock_time(absence.begins) if absence.begins else "", what, hours, state=AWAY)


def _stretches(slots: Sequence[FreeSlot]) -> Iterator[list[FreeSlot]]:
    """Divide free times, in order, into those that follow one another with nobody between them."""
    run: list[FreeSlot] = []
    for slot in slots:
        if run and (slot.begins_at > run[-1].held_until or slot.setting is not run[-1].setting or slot.doctor_id != run[-1].doctor_id):
            yield run
            run = []
        run.append(slot)
    if run:
        yield run


def _stretch(slots: Sequence[FreeSlot]) -> Slot:
    first, last = slots[0], slots[-1]
    count = ngettext("%(n)d ledig", "%(n)d ledige", len(slots)) % {"n": len(slots)}
    with_doctor = gettext("med lege") if first.doctor_id is not None else ""
    place = str(SETTINGS[first.setting]) if first.setting is not Setting.CLINIC else ""
    return Slot(f"{words.clock(first.begins_at)}–{words.clock(last.ends_at)}", count, words.in_line([with_doctor, place]))
