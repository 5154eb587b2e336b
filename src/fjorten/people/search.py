"""
Looking somebody up by what a person at the counter or on the telephone says: a name, a birth date, an identity number, or the first two.

Words are compared as `kernel.names.fold` makes them alike, each with the beginning of a word of the name, in any order.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from django.db.models import Q

from fjorten.kernel.names import fold
from fjorten.organisation.models import Municipality
from fjorten.people.models import Adult, Identifier, ParentalResponsibility, Person

FEWEST_LETTERS: Final = 2  # one letter finds half the municipality [default]
_WORDS_AT_MOST: Final = 6
# A guardian is looked up by words of at least so many letters, among at most so many of alike names [default].
_LETTERS_OF_A_GUARDIAN: Final = 3
_GUARDIANS_AT_MOST: Final = 200

_SEPARATORS: Final = re.compile(r"[\s.\-]+")
_NUMBER: Final = re.compile(r"[0-9]{11}")
_DATE: Final = re.compile(r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4}|[0-9]{2})|([0-9]{2})([0-9]{2})([0-9]{4}|[0-9]{2})")


class Kind(StrEnum):
    """What somebody is looked up by: all of a search that the trail keeps."""

    NUMBER = "number"
    BIRTH_DATE = "birth_date"
    NAME = "name"
    NAME_AND_BIRTH_DATE = "name_and_birth_date"
    NOTHING = "nothing"  # too little to look for


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for. `words` are as they were written; a number is a secret, and no text of this value tells it."""

    kind: Kind
    number: str = ""
    born_on: date | None = None
    words: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Sought({self.kind})"


def sought_in(text: str, *, today: date) -> Sought:
    """
    This function will read what is looked for: eleven digits are an identity number, however they are grouped; 241126, 24.11.26,
    24/11/2026 and 24112026 a birth date, a year of two digits being the latest that has come; anything else is words of a name.
    """
    digits = _SEPARATORS.sub("", text)
    if _NUMBER.fullmatch(digits):
        return Sought(Kind.NUMBER, number=digits)
    parts = [(part, _day(part, today)) for part in text.split()[:_WORDS_AT_MOST]]
    born_on = next((day for _, day in parts if day is not None), None)
    words = tuple(part for part, day in parts if day is None and fold(part))
    if sum(len(fold(word)) for word in words) < FEWEST_LETTERS:
        return Sought(Kind.NOTHING) if born_on is None or words else Sought(Kind.BIRTH_DATE, born_on=born_on)
    if born_on is not None:
        return Sought(Kind.NAME_AND_BIRTH_DATE, born_on=born_on, words=words)
    return Sought(Kind.NAME, words=words)


def is_who_is_sought(sought: Sought, *, municipality: Municipality) -> Q:
    """
    This function will give the condition that a person is who is looked for: by any number the register has used for them, by their birth
    date, by their name, or as the child of a guardian with the number or the name. Guardians' names are compared as they are written, but
    for upper and lower case.
    """
    if sought.kind is Kind.NOTHING:
        return Q(pk__in=[])
    if sought.kind is Kind.NUMBER:
        theirs = ParentalResponsibility.objects.filter(responsible_number=sought.number).values("child_id")
        return has_had_number(sought.number, municipality=municipality) | Q(pk__in=theirs)
    born = Q(born_on=sought.born_on) if sought.born_on is not None else Q()
    if not sought.words:
        return born
    name = Q(*(_begins_a_word(word) for written in sought.words for word in fold(written).split()))
    return born & (name | _is_child_of(sought.words, municipality))


def has_had_number(number: str, *, municipality: Municipality) -> Q:
    """This function will give the condition that the register uses, or has used, a number for a person or for one who continues as them."""
    holders = Person.objects.filter(pk__in=Identifier.objects.filter(municipality=municipality, number=number).values("person_id"))
    return Q(pk__in=holders.values("pk")) | Q(pk__in=holders.filter(continued_as__isnull=False).values("continued_as_id"))


def _day(text: str, today: date) -> date | None:
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    day, month, year = (int(part) for part in found.groups() if part is not None)
    if year < 100:
        year += 2000 if (2000 + year, month, day) <= (today.year, today.month, today.day) else 1900
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _begins_a_word(word: str) -> Q:
    return Q(search_name__startswith=word) | Q(search_name__contains=f" {word}")


def _is_child_of(words: tuple[str, ...], municipality: Municipality) -> Q:
    longest = max(words, key=len)
    if len(longest) < _LETTERS_OF_A_GUARDIAN:
        return Q(pk__in=[])
    # Upper and lower case are written out, since SQLite knows those of a to z only.
    written = Q(name__contains=longest) | Q(name__contains=longest.capitalize()) | Q(name__contains=longest.upper())
    alike = Adult.objects.filter(written, municipality=municipality).exclude(number="").values_list("number", "name")
    sought = [word for written_word in words for word in fold(written_word).split()]
    numbers = [
        number
        for number, name in alike[:_GUARDIANS_AT_MOST]
        if all(any(part.startswith(word) for part in fold(name).split()) for word in sought)
    ]
    theirs = ParentalResponsibility.objects.filter(responsible_number__in=numbers, child__municipality=municipality)
    return Q(pk__in=theirs.values("child_id"))
