"""Rosters and absences as strings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from fjorten.access.permissions import Role
from fjorten.appointments.models import RosterOpening
from fjorten.kernel.times import oslo_date
from fjorten.organisation.models import Absence, Clinic
from fjorten.programme.steps import Setting
from fjorten.web import words
from fjorten.web.shown import Heading, Pair, Selection

WEEKDAYS: Final = (_("mandag"), _("tirsdag"), _("onsdag"), _("torsdag"), _("fredag"), _("lørdag"), _("søndag"))
SETTINGS: Final[Mapping[Setting, str | Promise]] = {
    Setting.CLINIC: _("konsultasjon"),
    Setting.GROUP: _("gruppe"),
    Setting.HOME: _("hjemmebesøk"),
}
_WORKING_DAYS: Final = 5


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """One opening in a day of the week; `state` is "best" for those with a doctor beside, "away" for those that have not begun."""

    hours: str
    words: str
    href: str
    state: str


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One who receives: their openings by weekday."""

    name: str
    role: str
    days: tuple[tuple[OpeningLine, ...], ...]


@dataclass(frozen=True, slots=True)
class AbsenceLine:
    """Somebody, a room or a clinic is away."""

    number: int
    whose: str
    days: str
    reason: str


@dataclass(frozen=True, slots=True)
class RostersPage:
    """The week of a clinic, or of all, who is away, and the days nobody receives."""

    lead: str
    selections: tuple[Selection, ...]
    headings: tuple[Heading, ...]
    rows: tuple[RosterRow, ...]
    absences: tuple[AbsenceLine, ...]
    holidays: tuple[str, ...]


def rosters_page(
    openings: Sequence[RosterOpening],
    clinics: Sequence[Clinic],
    absences: Iterable[Absence],
    holidays: Iterable[tuple[date, str]],
    *,
    clinic: int | None,
    today: date,
) -> RostersPage:
    """This function will turn openings and absences into what the page shows; `clinic` (primary key) is the one chosen, None for all."""
    shown = [one for one in openings if clinic is None or one.clinic_id == clinic]
    days = max([_WORKING_DAYS, *(one.weekday + 1 for one in shown)])
    there = reverse("settings_rosters")
    by_clinic = [Selection(one.name, f"{there}?clinic={one.pk}", _many(openings, one.pk), clinic == one.pk) for one in clinics]
    everywhere = Selection(gettext("Alle"), there, words.number(len(openings)), clinic is None)
    return RostersPage(
        lead=ngettext("%(n)s åpning gir timer fra i dag eller senere.", "%(n)s åpninger gir timer fra i dag eller senere.", len(shown))
        % {"n": words.number(len(shown))},
        selections=(everywhere, *by_clinic) if len(clinics) > 1 else (),
        headings=(Heading(gettext("Hvem")), *(Heading(words.capital(str(day))) for day in WEEKDAYS[:days])),
        rows=tuple(_rows(shown, days, today)),
        absences=tuple(_absence(one) for one in absences),
        holidays=tuple(f"{words.day(day)} {name}" for day, name in holidays),
    )


def _many(openings: Iterable[RosterOpening], clinic: int) -> str:
    return words.number(sum(one.clinic_id == clinic for one in openings))


def _rows(openings: Iterable[RosterOpening], days: int, today: date) -> Iterable[RosterRow]:
    by_employee: dict[int, list[RosterOpening]] = {}
    for one in openings:
        by_employee.setdefault(one.employee_id, []).append(one)
    for theirs in sorted(by_employee.values(), key=lambda some: some[0].employee.name):
        who = theirs[0].employee
        by_day = tuple(tuple(_line(one, today) for one in theirs if one.weekday == day) for day in range(days))
        yield RosterRow(who.name, words.role(Role(who.role)), by_day)


def _line(one: RosterOpening, today: date) -> OpeningLine:
    state = "away" if one.valid_from > today else "best" if one.doctor_id else ""
    parts = [one.room.name if one.room else str(SETTINGS[Setting(one.setting)])]
    if one.setting == Setting.GROUP.value:
        parts.append(gettext("gruppe, %(n)d plasser") % {"n": one.capacity})
    if one.doctor is not None:
        parts.append(gettext("med %(doctor)s") % {"doctor": one.doctor.name})
    if one.every_weeks > 1:
        parts.append(gettext("hver %(n)d. uke") % {"n": one.every_weeks})
    if one.valid_from > today:
        parts.append(gettext("fra %(day)s") % {"day": words.day(one.valid_from)})
    if one.valid_until is not None:
        parts.append(gettext("til %(day)s") % {"day": words.day(one.valid_until)})
    return OpeningLine(hours(one.begins, one.ends), ", ".join(parts), reverse("settings_opening", args=[one.pk]), state)


def hours(begins: time, ends: time) -> str:
    """This function will write hours of a day: 09.00–12.00."""
    mark = ":" if (get_language() or "nb").startswith("en") else "."
    return f"{begins:%H}{mark}{begins:%M}–{ends:%H}{mark}{ends:%M}"


def _absence(one: Absence) -> AbsenceLine:
    days = gettext("%(first)s til og med %(last)s") % {"first": words.day(one.from_on), "last": words.day(words.last_day(one.until_on))}
    if one.begins is not None and one.ends is not None:
        days = f"{days}, {hours(one.begins, one.ends)}"
    room = f"{one.room.name}, {one.clinic.name}" if one.room else one.clinic.name
    return AbsenceLine(one.pk, one.employee.name if one.employee else room, days, one.reason)


def opening_facts(one: RosterOpening) -> tuple[Pair, ...]:
    """This function will tell all of an opening."""
    weekday = gettext("%(day)s %(hours)s") % {"day": words.capital(str(WEEKDAYS[one.weekday])), "hours": hours(one.begins, one.ends)}
    facts = [
        Pair(gettext("Når"), weekday),
        Pair(gettext("Hvem"), one.employee.name),
        Pair(gettext("Hva"), words.capital(str(SETTINGS[Setting(one.setting)]))),
        Pair(gettext("Hvor"), ", ".join(part for part in (one.room.name if one.room else "", one.clinic.name) if part)),
        Pair(gettext("Lengde på hver time"), gettext("%(n)d minutter") % {"n": one.slot_minutes}),
    ]
    if one.capacity > 1:
        facts.append(Pair(gettext("Plasser"), words.number(one.capacity)))
    if one.doctor is not None:
        facts.append(Pair(gettext("Lege med"), one.doctor.name))
    if one.every_weeks > 1:
        facts.append(Pair(gettext("Hvor ofte"), gettext("hver %(n)d. uke") % {"n": one.every_weeks}))
    if one.travel_minutes:
        facts.append(Pair(gettext("Reisetid etter"), gettext("%(n)d minutter") % {"n": one.travel_minutes}))
    return (*facts, Pair(gettext("Gjelder"), _in_force(one.valid_from, one.valid_until)))


def _in_force(first: date, until: date | None) -> str:
    """Write the days an opening gives times: the last of them is the one before it no longer does."""
    if until is None:
        return gettext("fra %(first)s") % {"first": words.day(first)}
    return gettext("%(first)s til og med %(last)s") % {"first": words.day(first), "last": words.day(words.last_day(until))}


def standing(given: Sequence[datetime]) -> str:
    """This function will tell how many appointments stand in an opening when it ends, and until when; "" for none."""
    if not given:
        return ""
    last = words.day(oslo_date(given[-1]))
    return ngettext(
        "%(n)s time er gitt i åpningen, %(last)s. Den blir stående til noen flytter eller avlyser den.",
        "%(n)s timer er gitt i åpningen, den siste %(last)s. De blir stående til noen flytter eller avlyser dem.",
        len(given),
    ) % {"n": words.number(len(given)), "last": last}
