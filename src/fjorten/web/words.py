"""
Dates, clocks, ages, numbers and names as pages write them, in the language the page is in (ui.md section 5).

Presenters call these; a template never formats anything.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from typing import Final

from babel.dates import format_date
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext

from fjorten.access.permissions import Role
from fjorten.kernel.ages import age_in_days, age_in_months, age_in_weeks
from fjorten.kernel.refusals import Refused
from fjorten.kernel.spoken import Named, Spoken
from fjorten.kernel.times import OSLO
from fjorten.people.models import Person
from fjorten.programme.steps import StepDefinition

_BABEL: Final = {"nb": "nb", "nn": "nn", "en": "en_GB"}
_WEEKS_UNTIL: Final = 13
_DAYS_UNTIL: Final = 14
_MONTHS_UNTIL: Final = 24
_LONGEST_LABEL: Final = 12  # characters that have room under a mark of the track


def day(on: date) -> str:
    """This function will write a day as tables have it: 24.11.2026."""
    return f"{on:%d.%m.%Y}"


def short_day(on: date) -> str:
    """This function will write a day without its year: 24.11."""
    return f"{on:%d.%m}."


def long_day(on: date) -> str:
    """This function will write a day in words with its weekday: tirsdag 24. november."""
    pattern = "EEEE d MMMM" if _language() == "en" else "EEEE d. MMMM"
    return str(format_date(on, pattern, locale=_BABEL[_language()]))


def short_weekday(on: date) -> str:
    """This function will write the weekday of a day in few letters: man., Mon."""
    return str(format_date(on, "EEE", locale=_BABEL[_language()]))


def clock(at: datetime) -> str:
    """This function will write a time of day in Oslo, with a point in Norwegian and a colon in English: 09.15."""
    return clock_time(at.astimezone(OSLO).time())


def clock_time(at: time) -> str:
    """This function will write what a clock shows, with a point in Norwegian and a colon in English: 09.15."""
    return f"{at:%H:%M}" if _language() == "en" else f"{at:%H.%M}"


def when(at: datetime) -> str:
    """This function will write an instant as its day and time of day in Oslo: 24.11.2026 kl. 09.15."""
    return gettext("%(day)s kl. %(clock)s") % {"day": day(at.astimezone(OSLO).date()), "clock": clock(at)}


def relative_day(on: date, *, today: date) -> str:
    """This function will write a deadline beside today: «2 dager over», «i dag», «i morgen», else the day."""
    days = (on - today).days
    if days < 0:
        return ngettext("%(days)d dag over", "%(days)d dager over", -days) % {"days": -days}
    if days <= 1:
        return gettext("i morgen") if days else gettext("i dag")
    return day(on)


def when_balanced(at: datetime, *, today: date) -> str:
    """This function will write when something was last done: «i dag 05.10», else with its day."""
    there = at.astimezone(OSLO).date()
    return f"{gettext('i dag')} {clock(at)}" if there == today else f"{short_day(there)} {clock(at)}"


def age(born_on: date | None, *, on: date) -> str:
    """This function will write an age in completed units: under 14 days in days, under 13 weeks in weeks, under 24 months in months."""
    if born_on is None or born_on > on:
        return gettext("alder ukjent")
    days, weeks, months = age_in_days(born_on, on), age_in_weeks(born_on, on), age_in_months(born_on, on)
    if days < _DAYS_UNTIL:
        return ngettext("%(n)d dag", "%(n)d dager", days) % {"n": days}
    if weeks < _WEEKS_UNTIL:
        return ngettext("%(n)d uke", "%(n)d uker", weeks) % {"n": weeks}
    if months < _MONTHS_UNTIL:
        return gettext("%(n)d mnd") % {"n": months}
    years, left = divmod(months, 12)
    return gettext("%(years)d år %(months)d mnd") % {"years": years, "months": left} if left else gettext("%(years)d år") % {"years": years}


def number(value: int) -> str:
    """This function will write a number with a no-break space between thousands: 1 284."""
    return f"{value:,}".replace(",", "\N{NO-BREAK SPACE}")


def up_to(count: int, *, most: int) -> str:
    """This function will write a number that was counted no further than `most`: 1 284, over 10 000."""
    return gettext("over %(n)s") % {"n": number(most)} if count > most else number(count)


def minutes(length: int) -> str:
    """This function will write a length in minutes: 20 min."""
    return gettext("%(n)d min") % {"n": length}


def last_day(until: date) -> date:
    """This function will give the last day of a period that ends before a day (`until_on`, `window_until`): what people call its end."""
    return until - timedelta(days=1)


def in_line(parts: Iterable[str]) -> str:
    """This function will write what is said of one thing in a line, leaving out what is empty: man. 09.15 · Anne Berg · 20 min."""
    return " · ".join(part for part in parts if part)


def name_of(person: Person) -> str:
    """This function will write a child's name as registered; a newborn who has none yet as «Jente Dahl», by the sex the register has."""
    if person.name_is_temporary:
        newborn = capital(sex(person)) or gettext("Nyfødt")
        return f"{newborn} {person.family_name}".strip()
    names = " ".join(part for part in (person.given_name, person.middle_name, person.family_name) if part)
    return names or gettext("Uten navn")


def sex(person: Person) -> str:
    """This function will say the sex the register has; "" when it has none."""
    return {"kvinne": gettext("jente"), "mann": gettext("gutt")}.get(person.sex, "")


# How vaccines are said at the clinic; a code that is not here is shown as it is [unverified: the names used in practice].
_VACCINES: Final = {"HEXA": gettext_lazy("6-i-1"), "PCV": gettext_lazy("PKV"), "ROTA": gettext_lazy("Rotavirus")}


def role(held: Role) -> str:
    """This function will say what somebody is at work, in the page's language."""
    return gettext(held.words)


def vaccine(code: str) -> str:
    """This function will name a vaccine and its dose as the clinic says it: «6-i-1 nr. 2»."""
    kind, _, dose = code.partition("-")
    name = str(_VACCINES.get(kind, kind))
    return gettext("%(name)s nr. %(dose)s") % {"name": name, "dose": dose} if dose.isdigit() else name


def step_name(step: StepDefinition | None, code: str) -> str:
    """This function will name a consultation in the page's language; by its code when its programme is not there any more."""
    return code if step is None else said(step.names)


def short_step(step: StepDefinition | None, code: str) -> str:
    """This function will name a consultation in few letters, as the track does: «8 mnd», «17–18 mnd», «2 år»."""
    name = step_name(step, code).replace(" måneder", " mnd").replace(" månader", " mnd").replace(" months", " mo")
    if len(name) <= _LONGEST_LABEL:
        return name
    return " ".join(takewhile(lambda word: not word[0].isdigit(), name.split())) or name.partition(" ")[0]


def national_id(number: str) -> str:
    """This function will write an identity number as six and five digits, with a thin gap between them."""
    return f"{number[:6]}\N{THIN SPACE}{number[6:]}"


def month(on: date) -> str:
    """This function will write a month: jan. 2027."""
    return str(format_date(on, "MMM y", locale=_BABEL[_language()]))


def _language() -> str:
    language = (get_language() or "nb")[:2]
    return language if language in _BABEL else "nb"


def said(names: Mapping[str, str]) -> str:
    """This function will choose, of the same words in nb, nn and en, those in the page's language."""
    return names.get(_language()) or names["nb"]


def on_screen(text: str) -> str:
    """
    This function will say in the page's language what a room below says in bokmål: a sentence, a word of a closed list, or one put together
    (`kernel.spoken`). What nobody has translated, such as what a person wrote, stands as it is.
    """
    if isinstance(text, Named):
        return said(text.names)
    if isinstance(text, Spoken):
        sentence = gettext(text.sentence) if text.sentence else ""
        return sentence % {name: on_screen(value) for name, value in text.values.items()} if text.values else sentence
    return gettext(text) if text else ""


def refusal(refused: Refused) -> str:
    """This function will say in the page's language why something was not done."""
    return on_screen(refused.sentence)


def who(did: str, names: Mapping[str, str]) -> str:
    """This function will name whoever did something; a job or the family, who have no name, in the page's language."""
    return names[did] if did in names else on_screen(did)


def capital(text: str) -> str:
    """This function will begin a text with a capital letter, and leave the rest."""
    return text[:1].upper() + text[1:]


def within(language: str) -> str:
    """This function will write the name of a language within a sentence: with a small letter in Norwegian, as it is in English."""
    return language if _language() == "en" else language.lower()


def first_sentence(text: str) -> str:
    """This function will give the first sentence of a text, without its point: what a list has room for."""
    return text.partition(". ")[0].rstrip(".")
