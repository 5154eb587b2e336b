"""The times a child may be given as strings: the best first, each with why, and a week of all that suit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext, ngettext

from fjorten.appointments.choosing import Choice, Suiting
from fjorten.appointments.models import Appointment
from fjorten.appointments.placing import Shortcoming, Way
from fjorten.appointments.proposals import ChosenTime
from fjorten.appointments.weeks import days_shown
from fjorten.kernel.times import oslo_date
from fjorten.kernel.working_days import holidays_of
from fjorten.messages.previews import Previewed
from fjorten.organisation.models import Employee
from fjorten.people.models import Person
from fjorten.programme.steps import Setting
from fjorten.web import words
from fjorten.web.calendar.naming import SETTINGS, SHORTCOMINGS, address_of_times, day_name, performers_of, week_name
from fjorten.web.calendar.opened import OpenedStep
from fjorten.web.calendar.week import Cell, Day, Line, Slot
from fjorten.web.children import address_of
from fjorten.web.families import language_of
from fjorten.web.shown import Link, Pair
from fjorten.web.times import time_field
from fjorten.web.told import MessageShown, message_shown, note_on

_SIBLINGS: Final = {Shortcoming.SIBLING_ANOTHER_DAY, Shortcoming.SIBLING_APART}


@dataclass(frozen=True, slots=True)
class Best:
    """One of the best times; `value` is what its button sends, and `note` what could be better about it."""

    value: str
    when: str
    who: str
    why: str
    note: str


@dataclass(frozen=True, slots=True)
class TimesPage:
    """The whole page. `button` is the word on every time's button; `nothing` and `no_week` say why there are no times."""

    title: str
    name: str
    about: str
    language: str
    crumbs: tuple[Link, ...]
    is_moving: bool
    number: str
    facts: tuple[Pair, ...]
    button: str
    best: tuple[Best, ...]
    nothing: str
    week: str
    previous: str
    following: str
    day: str
    place: str
    days: tuple[Day, ...]
    lines: tuple[Line, ...]
    no_week: str
    messages: tuple[MessageShown, ...]
    told: str
    refused: str


def times_page(
    opened: OpenedStep,
    choice: Choice,
    *,
    employees: Mapping[int, Employee],
    told: Previewed | None,
    today: date,
    refused: str = "",
) -> TimesPage:
    """This function will turn the times one may choose among into what the page shows."""
    moving = opened.appointment
    lines = tuple(_lines(choice, employees))
    place = opened.place
    return TimesPage(
        title=gettext("Flytt timen") if moving else gettext("Sett opp time"),
        name=words.name_of(opened.person),
        about=f"{words.age(opened.person.born_on, on=today)} · {words.step_name(opened.step.definition, opened.step.planned.step)}",
        language=language_of(opened.family),
        crumbs=(Link(words.name_of(opened.person), address_of(opened.person)),),
        is_moving=moving is not None,
        number="" if moving is None else str(moving.pk),
        facts=tuple(_facts(opened, choice, today)),
        button=gettext("Flytt hit") if moving else gettext("Sett opp timen"),
        best=tuple(_best(one, choice, employees) for one in choice.best),
        nothing=""
        if choice.best
        else gettext("Ingen ledig tid passer i dagene konsultasjonen skal være. Se andre uker under, eller åpne flere timer."),
        week=week_name(choice.week),
        previous=address_of_times(opened.person, place, week=choice.week.after(-1)),
        following=address_of_times(opened.person, place, week=choice.week.after(1)),
        day=choice.week.monday.isoformat(),
        place=str(place),
        days=tuple(_days(choice, today)),
        lines=lines,
        no_week="" if lines else gettext("Ingen ledig tid passer denne uken."),
        messages=tuple(message_shown(one) for one in told.messages) if told else (),
        told=note_on(told) if told else "",
        refused=refused,
    )


def _facts(opened: OpenedStep, choice: Choice, today: date) -> Iterator[Pair]:
    need = choice.need
    if opened.appointment is not None:
        yield Pair(gettext("Nå"), appointment_line(opened.appointment))
    last = words.last_day(need.until_on)
    window = gettext("%(first)s–%(last)s") % {"first": words.short_day(need.opens_on), "last": words.day(last)}
    yield Pair(gettext("Vindu"), window if last >= today else gettext("%(window)s, over tiden") % {"window": window})
    yield Pair(gettext("Trenger"), _ways(need.ways))
    if need.needs_interpreter:
        yield Pair(gettext("Tolk"), gettext("Må bestilles til timen"))
    wishes = list(_wishes(opened))
    if wishes:
        yield Pair(gettext("Ønsker"), " · ".join(wishes))


def _ways(ways: Sequence[Way]) -> str:
    said = (f"{performers_of(way.performers)}, {SETTINGS[way.setting]}, {words.minutes(way.minutes)}" for way in ways)
    return gettext(" eller ").join(said)


def _wishes(opened: OpenedStep) -> Iterator[str]:
    wish = opened.family.wish
    if wish is None:
        return
    if wish.earliest is not None:
        yield gettext("tidligst %(clock)s") % {"clock": words.clock_time(wish.earliest)}
    if wish.latest is not None:
        yield gettext("ferdig %(clock)s") % {"clock": words.clock_time(wish.latest)}
    if wish.can_come_at_short_notice:
        yield gettext("kan komme på kort varsel")


def _best(one: Suiting, choice: Choice, employees: Mapping[int, Employee]) -> Best:
    slot = one.slot
    return Best(
        value=time_field(choice.need.planned_step, ChosenTime.of(slot)),
        when=gettext("%(day)s kl. %(clock)s") % {"day": words.capital(words.long_day(slot.day)), "clock": words.clock(slot.begins_at)},
        who=words.in_line([*_who(one, employees), words.minutes(slot.minutes)]),
        why=words.in_line(_why(one, choice)),
        note=words.in_line(str(SHORTCOMINGS[found]) for found in Shortcoming if found in one.shortcomings),
    )


def _why(one: Suiting, choice: Choice) -> Iterator[str]:
    need, slot = choice.need, one.slot
    yield gettext("innenfor vinduet") if need.opens_on <= slot.day < need.until_on else gettext("så snart det er plass")
    off = abs((slot.day - need.target_on).days)
    if off == 0:
        yield gettext("på måldagen")
    else:
        yield ngettext("%(n)d dag fra måldagen", "%(n)d dager fra måldagen", off) % {"n": off}
    if need.same_nurse == slot.employee_id:
        yield gettext("samme som sist")
    if need.family_times and not _SIBLINGS & one.shortcomings:
        yield gettext("sammen med søsken")


def _who(one: Suiting, employees: Mapping[int, Employee]) -> Iterator[str]:
    slot = one.slot
    for pk in (slot.employee_id, slot.doctor_id):
        if pk is not None and pk in employees:
            yield employees[pk].name
    if slot.setting is not Setting.CLINIC:
        yield str(SETTINGS[slot.setting])
    if slot.capacity > 1:
        yield ngettext("%(n)d plass", "%(n)d plasser", slot.places_left) % {"n": slot.places_left}


def _days(choice: Choice, today: date) -> Iterator[Day]:
    for day in _shown_days(choice):
        yield Day(words.capital(day_name(day)), words.on_screen(holidays_of(day.year).get(day, "")), day == today)


def _shown_days(choice: Choice) -> tuple[date, ...]:
    return days_shown(choice.week, {one.slot.day for one in choice.in_week})


def _lines(choice: Choice, employees: Mapping[int, Employee]) -> Iterator[Line]:
    """Set all times of the week by the clock: one row for each time of day there is."""
    best = {ChosenTime.of(one.slot) for one in choice.best}
    clocks = sorted({words.clock(one.slot.begins_at) for one in choice.in_week})
    for clock in clocks:
        cells = []
        for day in _shown_days(choice):
            here = [one for one in choice.in_week if one.slot.day == day and words.clock(one.slot.begins_at) == clock]
            cells.append(Cell("", tuple(_slot(one, choice, employees, best) for one in here)))
        yield Line(clock, "", "", tuple(cells))


def _slot(one: Suiting, choice: Choice, employees: Mapping[int, Employee], best: set[ChosenTime]) -> Slot:
    chosen = ChosenTime.of(one.slot)
    who, *rest = [*_who(one, employees), ""]
    outside = "" if one.is_inside else gettext("utenfor vinduet")
    return Slot(
        clock="",
        words=who,
        sub=words.in_line([gettext("blant de beste") if chosen in best else "", *rest, outside]),
        state="best" if chosen in best else "",
        value=time_field(choice.need.planned_step, chosen),
        about=gettext("%(day)s kl. %(clock)s") % {"day": words.long_day(one.slot.day), "clock": words.clock(one.slot.begins_at)},
    )


def appointment_line(appointment: Appointment) -> str:
    """This function will say when an appointment is, and with whom."""
    who = [appointment.employee.name, appointment.doctor.name if appointment.doctor else ""]
    day = words.capital(words.long_day(oslo_date(appointment.begins_at)))
    when = gettext("%(day)s kl. %(clock)s") % {"day": day, "clock": words.clock(appointment.begins_at)}
    return words.in_line([when, *who])


def given(person: Person, appointment: Appointment) -> str:
    """This function will say that a time was given, or moved, and what must be done about it."""
    sentence = gettext("%(name)s har time %(day)s kl. %(clock)s. Familien får beskjed.") % {
        "name": words.name_of(person),
        "day": words.long_day(oslo_date(appointment.begins_at)),
        "clock": words.clock(appointment.begins_at),
    }
    return f"{sentence} {gettext('Bestill tolk til timen.')}" if appointment.needs_interpreter else sentence
