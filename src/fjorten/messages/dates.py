"""
Days and clock times as each language writes them, for the texts families get. Pure; the words come from CLDR through Babel.

- The clock is Norway's and has 24 hours in every language: it is what stands on the clinic's door, and "9:30" cannot be taken for the
  evening. Speakers of Tigrinya may count the hours from dawn; the digits are the ones they see on the telephone here. [default]
- Digits are the Western ones also in Arabic: the numbers in the message are the ones on the telephone and the calendar in Norway, and 1 and
  2 are what the family answers. [default]
- There is no year: what a family is told of is weeks away. [default]
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from babel.dates import format_date

from fjorten.kernel.times import OSLO, TimeHasNoZone

# The long date of each language in CLDR, without the year; the tests hold it to Babel's. Where the long date is written with a point after
# the day, Norwegian, there is no comma after the weekday in the middle of a sentence.
_PATTERNS: Final = {
    "nb": ("nb", "EEEE d. MMMM"),
    "nn": ("nn", "EEEE d. MMMM"),
    "en": ("en_GB", "EEEE d MMMM"),
    "uk": ("uk", "EEEE, d MMMM"),
    "ar": ("ar", "EEEE، d MMMM"),
    "ru": ("ru", "EEEE, d MMMM"),
    "pl": ("pl", "EEEE, d MMMM"),
    "ti": ("ti", "EEEE፣ d MMMM"),
    "so": ("so", "EEEE, MMMM d"),
}
_WITH_A_POINT: Final = frozenset({"nb", "nn"})


class LanguageHasNoDates(LookupError):
    """A language we have no way of writing dates in; a mistake in the program: languages.toml has one more than this module."""


def day_in(language: str, day: date | datetime) -> str:
    """
    This function will write a day, with its weekday: "torsdag 24. september". An instant is the day it is in Oslo.

    Raises LanguageHasNoDates, and TimeHasNoZone for a naive datetime.
    """
    if language not in _PATTERNS:
        raise LanguageHasNoDates(language)
    locale, pattern = _PATTERNS[language]
    return format_date(_oslo(day) if isinstance(day, datetime) else day, pattern, locale=locale)


def clock_in(language: str, at: datetime) -> str:
    """
    This function will write the clock time in Oslo: "09.30" in Norwegian, which puts «kl.» before it in the text, "09:30" elsewhere.

    Raises LanguageHasNoDates and TimeHasNoZone.
    """
    if language not in _PATTERNS:
        raise LanguageHasNoDates(language)
    local = _oslo(at)
    return f"{local:%H.%M}" if language in _WITH_A_POINT else f"{local:%H:%M}"


def _oslo(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise TimeHasNoZone("an instant needs a time zone: pass an aware datetime")
    return at.astimezone(OSLO)
