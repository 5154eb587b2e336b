"""The day as strings: what the page shows of each appointment, who waits, what is due, and what tomorrow needs."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, ngettext

from fjorten.appointments.day import DayRow
from fjorten.appointments.models import DropIn
from fjorten.appointments.states import State
from fjorten.care_relations.models import Emergency
from fjorten.followup.queries import CaseRow
from fjorten.kernel.times import oslo_date
from fjorten.messages.models import ContactTask
from fjorten.people.models import Person
from fjorten.programme.steps import Setting
from fjorten.web import words
from fjorten.web.children import address_of
from fjorten.web.families import language_of
from fjorten.web.glance import Glance
from fjorten.web.shown import ByName, tone_of
from fjorten.web.words import capital

# How long a drop-in may wait before it is said loudly, and how far ahead tasks are shown [default].
LONG_WAIT: Final = timedelta(minutes=20)

_STATES: Final = {
    State.OFFERED: ("booked", gettext_lazy("Satt opp")),
    State.CONFIRMED: ("booked", gettext_lazy("Bekreftet")),
    State.ATTENDED: ("done", gettext_lazy("Ferdig")),
    State.DID_NOT_ATTEND: ("missed", gettext_lazy("Ikke møtt")),
    State.NOT_BROUGHT: ("missed", gettext_lazy("Ikke fulgt")),
}


@dataclass(frozen=True, slots=True)
class Button(ByName):
    """One thing that can be done with a row: its word, what the form sends, and how loud it is."""

    label: str
    fields: tuple[tuple[str, str], ...]
    variant: str


@dataclass(frozen=True, slots=True)
class Note:
    """A few words beside what a row is about, with a picture."""

    icon: str
    words: str


@dataclass(frozen=True, slots=True)
class View:
    """One of the two ways to see a day."""

    label: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Line(ByName):
    """One appointment. `place` is "now", "done" or neither; `mark` the shape of its status."""

    number: int
    clock: str
    minutes: str
    name: str
    address: str
    age: str
    language: str
    step: str
    notes: tuple[Note, ...]
    put_off: str
    mark: str
    status: str
    place: str
    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Waiting(ByName):
    """One who came without an appointment."""

    number: int
    name: str
    address: str
    age: str
    matter: str
    waited: str
    is_long: bool
    receive: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Task(ByName):
    """One thing somebody must do by a day."""

    what: str
    address: str
    about: str
    due: str
    tone: str


@dataclass(frozen=True, slots=True)
class Tile:
    """One number of the safety net."""

    value: str
    words: str
    href: str
    tone: str


@dataclass(frozen=True, slots=True)
class Preparation:
    """What the next day needs: a heading, and for whom."""

    icon: str
    heading: str
    about: str


@dataclass(frozen=True, slots=True)
class DayPage:
    """The whole page. `now`: how many lines stand above the one that says what the clock is, None on another day than today."""

    title: str
    summary: str
    updated: str
    clock: str
    day: str
    previous: str
    following: str
    views: tuple[View, ...]
    nothing: str
    lines: tuple[Line, ...]
    now: int | None
    waiting: tuple[Waiting, ...]
    tasks: tuple[Task, ...]
    tiles: tuple[Tile, ...]
    balanced: str
    tomorrow: str
    preparations: tuple[Preparation, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """
    What the page is made of: rows the one who looks may see, in order of time, and the records opened in need that they are to review.
    """

    on: date
    rows: Sequence[DayRow]
    waiting: Sequence[DropIn]
    cases: Sequence[CaseRow]
    tasks: Sequence[ContactTask]
    tomorrow_on: date
    tomorrow: Sequence[DayRow]
    emergencies: Sequence[Emergency]


def day_page(shown: Shown, *, seen: Glance, at: datetime, today: date, is_whole_clinic: bool) -> DayPage:
    """This function will turn a day into what its page shows."""
    address = reverse("today")
    at_day = address if shown.on == today else reverse("day", args=[shown.on.isoformat()])
    is_today = shown.on == today
    due = [*_emergencies(shown.emergencies, today), *_cases(shown.cases, today), *_tasks(shown.tasks, today)]
    lines = tuple(_line(row, at=at, is_today=is_today, is_whole_clinic=is_whole_clinic) for row in shown.rows)
    return DayPage(
        title=capital(words.long_day(shown.on)),
        summary=_summary(len(lines), len(shown.waiting), len(due)),
        updated=gettext("Oppdatert %(clock)s") % {"clock": words.clock(at)},
        clock=words.clock(at),
        day=shown.on.isoformat(),
        previous=reverse("day", args=[(shown.on - timedelta(days=1)).isoformat()]),
        following=reverse("day", args=[(shown.on + timedelta(days=1)).isoformat()]),
        views=(
            View(gettext("Min dag"), f"{at_day}?who=me", not is_whole_clinic),
            View(gettext("Hele helsestasjonen"), f"{at_day}?who=clinic", is_whole_clinic),
        ),
        nothing=gettext("Ingen avtaler denne dagen."),
        lines=lines,
        now=sum(row.appointment.begins_at <= at for row in shown.rows) if is_today else None,
        waiting=tuple(_waiting(row, at=at, on=shown.on) for row in shown.waiting),
        tasks=tuple(due),
        tiles=_tiles(seen),
        balanced=gettext("avstemt %(when)s") % {"when": words.when_balanced(seen.balanced.at, today=today)}
        if seen.balanced
        else gettext("aldri avstemt"),
        tomorrow=_tomorrow(shown),
        preparations=tuple(_preparations(shown.tomorrow)),
    )


def _summary(appointments: int, waiting: int, due: int) -> str:
    parts = [
        ngettext("%(n)d avtale", "%(n)d avtaler", appointments) % {"n": appointments},
        gettext("%(n)d på drop-in") % {"n": waiting},
        ngettext("%(n)d oppgave med frist i dag", "%(n)d oppgaver med frist i dag", due) % {"n": due},
    ]
    return words.in_line(parts)


def _line(row: DayRow, *, at: datetime, is_today: bool, is_whole_clinic: bool) -> Line:
    appointment, child = row.appointment, row.appointment.person
    mark, status = _status(row)
    return Line(
        number=appointment.pk,
        clock=words.clock(appointment.begins_at),
        minutes=words.minutes((appointment.ends_at - appointment.begins_at).seconds // 60),
        name=words.name_of(child),
        address=address_of(child),
        age=words.age(child.born_on, on=oslo_date(appointment.begins_at)),
        language=language_of(row.family),
        step=words.step_name(row.step, appointment.planned_step.step),
        notes=tuple(_notes(row, is_whole_clinic=is_whole_clinic)),
        put_off=ngettext("%(n)d avlysning før", "%(n)d avlysninger før", row.put_off) % {"n": row.put_off} if row.put_off else "",
        mark=mark,
        status=status,
        place=_place(row),
        buttons=_buttons(row, at=at) if is_today else (),
    )


def _notes(row: DayRow, *, is_whole_clinic: bool) -> Iterable[Note]:
    appointment = row.appointment
    if is_whole_clinic:
        yield Note("person", appointment.employee.name)
    if appointment.doctor is not None:
        yield Note("stethoscope", appointment.doctor.name)
    if row.step is not None and row.step.vaccines:
        yield Note("syringe", ", ".join(words.vaccine(code) for code in row.step.vaccines))
    if appointment.setting == Setting.HOME.value:
        yield Note("house", gettext("Hjemmebesøk"))


def _status(row: DayRow) -> tuple[str, str]:
    if row.state.is_open and row.arrival is not None:
        if row.arrival.fetched_at is None:
            return "waiting", gettext("På venterommet siden %(clock)s") % {"clock": words.clock(row.arrival.arrived_at)}
        room = row.appointment.room
        return "inside", gettext("Inne nå, %(room)s") % {"room": room.name} if room else gettext("Inne nå")
    mark, word = _STATES[row.state]
    return mark, str(word)


def _place(row: DayRow) -> str:
    if row.state is State.ATTENDED:
        return "done"
    return "now" if row.state.is_open and row.arrival is not None and row.arrival.fetched_at is not None else ""


def _buttons(row: DayRow, *, at: datetime) -> tuple[Button, ...]:
    """Offer what comes next first: they come, are fetched in, were attended; that nobody came can be said once the time has begun."""
    if not row.state.is_open:
        return ()
    has_begun = at >= row.appointment.begins_at
    if row.arrival is None:
        came = _button(row, gettext("Kom"), "arrived", is_next=has_begun)
        return (came, _button(row, gettext("Ikke møtt"), "did_not_attend")) if has_begun else (came,)
    if row.arrival.fetched_at is None:
        return (_button(row, gettext("Hent inn"), "fetched_in", is_next=True),)
    return (_button(row, gettext("Møtt"), "attended", is_next=True),) if has_begun else ()


def _button(row: DayRow, label: str, do: str, *, is_next: bool = False) -> Button:
    return Button(label, (("appointment", str(row.appointment.pk)), ("do", do)), "primary" if is_next else "secondary")


def _waiting(drop_in: DropIn, *, at: datetime, on: date) -> Waiting:
    waited = at - drop_in.came_at
    return Waiting(
        number=drop_in.pk,
        name=words.name_of(drop_in.person),
        address=address_of(drop_in.person),
        age=words.age(drop_in.person.born_on, on=on),
        matter=capital(words.on_screen(str(drop_in.get_matter_display()))),
        waited=gettext("ventet %(n)d min") % {"n": max(0, int(waited.total_seconds() // 60))},
        is_long=waited > LONG_WAIT,
        receive=(("drop_in", str(drop_in.pk)), ("do", "receive")),
    )


def _emergencies(rows: Iterable[Emergency], today: date) -> Iterable[Task]:
    """Tell the leader of records opened in need, until somebody has reviewed them: who and when; which child stands in the log."""
    for row in rows:
        due_on = oslo_date(row.review_due_at)
        yield Task(
            what=gettext("Gå gjennom en nødåpning"),
            address=reverse("access_log"),
            about=f"{row.user.display_name} · {words.when(row.opened_at)}",
            due=words.relative_day(due_on, today=today),
            tone=tone_of(due_on, today=today),
        )


def _cases(rows: Iterable[CaseRow], today: date) -> Iterable[Task]:
    for row in rows:
        yield Task(
            what=words.first_sentence(words.said(row.step.name)),
            address=address_of(row.case.person),
            about=f"{_who(row.case.person, today)} · {words.first_sentence(words.on_screen(row.why_open))}",
            due=words.relative_day(row.due_on, today=today),
            tone=tone_of(row.due_on, today=today),
        )


def _tasks(rows: Iterable[ContactTask], today: date) -> Iterable[Task]:
    for row in rows:
        person = row.person
        yield Task(
            what=words.on_screen(row.sentence),
            address=address_of(person) if person else "",
            about=_who(person, today) if person else "",
            due=words.relative_day(row.due_on, today=today),
            tone=tone_of(row.due_on, today=today),
        )


def _who(person: Person, today: date) -> str:
    return f"{words.name_of(person)}, {words.age(person.born_on, on=today)}"


def _tiles(seen: Glance) -> tuple[Tile, ...]:
    needing = seen.needing
    worklist = reverse("worklist")
    return (
        Tile(
            words.number(needing.without_journal),
            gettext("bor her uten journal"),
            f"{worklist}?group=without_journal",
            "bad" if needing.without_journal else "good",
        ),
        Tile(
            words.number(needing.cases_without_next_step),
            gettext("saker uten neste steg"),
            f"{worklist}?group=missed",
            "bad" if needing.cases_without_next_step else "good",
        ),
        Tile(words.number(needing.due), gettext("skal ha time nå"), f"{worklist}?group=due", ""),
        Tile(words.number(needing.open_cases), gettext("åpne oppfølgingssaker"), f"{worklist}?group=missed", ""),
    )


def _tomorrow(shown: Shown) -> str:
    number = ngettext("%(n)d avtale", "%(n)d avtaler", len(shown.tomorrow)) % {"n": len(shown.tomorrow)}
    return f"{words.long_day(shown.tomorrow_on)}, {number}"


def _preparations(rows: Sequence[DayRow]) -> Iterable[Preparation]:
    for row in rows:
        if row.appointment.needs_interpreter:
            name = words.name_of(row.appointment.person)
            about = ", ".join(part for part in (name, language_of(row.family), words.clock(row.appointment.begins_at)) if part)
            yield Preparation("language", gettext("Tolk trengs"), about)
    vaccines = Counter(code for row in rows if row.step for code in row.step.vaccines)
    if vaccines:
        about = ", ".join(f"{words.vaccine(code)} ×{number}" for code, number in sorted(vaccines.items()))
        yield Preparation("syringe", gettext("Vaksiner å ta fram"), about)
