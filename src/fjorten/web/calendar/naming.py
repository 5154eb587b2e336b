"""How the calendar says things: weeks, places, competences, how long, and what could be better about a time."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from django.utils.http import urlencode
from django.utils.translation import gettext, gettext_lazy

from fjorten.appointments.capacity import Competence, Week
from fjorten.appointments.placing import Shortcoming
from fjorten.people.models import Person
from fjorten.programme.steps import Performer, Setting
from fjorten.web import words
from fjorten.web.children import address_of

SETTINGS: Final = {
    Setting.CLINIC: gettext_lazy("på helsestasjonen"),
    Setting.HOME: gettext_lazy("hjemmebesøk"),
    Setting.GROUP: gettext_lazy("i gruppe"),
}
PERFORMERS: Final = {
    Performer.PUBLIC_HEALTH_NURSE: gettext_lazy("helsesykepleier"),
    Performer.CLINIC_DOCTOR: gettext_lazy("lege"),
    Performer.PHYSIOTHERAPIST: gettext_lazy("fysioterapeut"),
    Performer.MIDWIFE: gettext_lazy("jordmor"),
}
COMPETENCES: Final = {
    Competence.NURSE: gettext_lazy("helsesykepleier"),
    Competence.DOCTOR: gettext_lazy("lege"),
    Competence.PHYSIOTHERAPIST: gettext_lazy("fysioterapeut"),
    Competence.MIDWIFE: gettext_lazy("jordmor"),
}
SHORTCOMINGS: Final = {
    Shortcoming.INDIVIDUAL_INSTEAD_OF_GROUP: gettext_lazy("alene, ikke i gruppe"),
    Shortcoming.OUTSIDE_WISH: gettext_lazy("utenfor familiens ønske"),
    Shortcoming.SIBLING_ANOTHER_DAY: gettext_lazy("søsken en annen dag"),
    Shortcoming.SIBLING_APART: gettext_lazy("søsken samme dag, med ventetid"),
    Shortcoming.ANOTHER_NURSE: gettext_lazy("en annen enn sist"),
    Shortcoming.SHORT_NOTICE: gettext_lazy("kort varsel"),
}


def week_name(week: Week) -> str:
    """This function will name a week by its number and days: «Uke 48, 23.–29. november 2026» is written «Uke 48 · 23.11.–29.11.2026»."""
    number = week.monday.isocalendar().week
    sunday = date.fromordinal(week.monday.toordinal() + 6)
    first, last = words.short_day(week.monday), words.day(sunday)
    return gettext("Uke %(number)d · %(first)s–%(last)s") % {"number": number, "first": first, "last": last}


def day_name(day: date) -> str:
    """This function will name a day at the head of a column: «man. 23.11.»."""
    return f"{words.short_weekday(day)} {words.short_day(day)}"


def performers_of(performers: Iterable[Performer]) -> str:
    """This function will say who must be there: «helsesykepleier og lege»."""
    order = list(Performer)
    return gettext(" og ").join(str(PERFORMERS[one]) for one in sorted(performers, key=order.index))


def address_of_times(person: Person, step: int, *, week: Week | None = None) -> str:
    """This function will give the address where a child is given a time for one of its steps, counted from 1, or has its time moved."""
    fields = {"step": str(step)} | ({"week": week.monday.isoformat()} if week else {})
    return f"{address_of(person, 'times')}?{urlencode(fields)}"
