"""
Reading a TOML table field by field, so that every mistake in a file is found in one go.

A field that is missing or wrong is noted with its place and its remedy, and a harmless value is handed on: the reader goes on to the next
field, and whoever asked raises at the end if anything was noted.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeVar

from fjorten.programme.durations import Duration, NotADuration, parse_duration

LANGUAGES: Final = ("nb", "nn", "en")

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field, and how to put it right."""

    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.field}: {self.message}"


class DefinitionIsInvalid(ValueError):
    """A definition that cannot be used. Names the file, and every field that is wrong with how to put it right."""

    def __init__(self, file: str, problems: Iterable[Problem]) -> None:
        self.file = file
        self.problems = tuple(problems)
        count = len(self.problems)
        headline = f"{file} cannot be used ({count} {'problem' if count == 1 else 'problems'}):"
        super().__init__("\n".join([headline, *(f"  {problem}" for problem in self.problems)]))


class Table:
    """One table of a definition file: hands out typed values and notes what is wrong with them."""

    def __init__(self, values: Mapping[str, object], *, place: str, problems: list[Problem]) -> None:
        self._values = values
        self._place = place
        self._problems = problems
        self._asked_for: list[str] = []

    def note(self, key: str, message: str) -> None:
        """Note what is wrong with a field of this table."""
        self._problems.append(Problem(self.place_of(key), message))

    def place_of(self, key: str) -> str:
        """Name a field of this table the way the person with the file open will look for it."""
        return f"{self._place}.{key}".strip(".")

    def has(self, key: str) -> bool:
        """Tell whether the file gives the field at all."""
        return key in self._values

    def _value(self, key: str, *, example: str | None) -> object:
        """Take a field; note that it is missing when an example of it is given, which is to say when it is required."""
        self._asked_for.append(key)
        if key not in self._values and example is not None:
            self.note(key, f"is missing; write it, for example {key} = {example}")
        return self._values.get(key)

    def text(self, key: str, *, example: str) -> str:
        """Take a required text that is not empty."""
        return self._text(key, example)

    def optional_text(self, key: str) -> str:
        """Take a text that may be left out; "" when it is."""
        return self._text(key, None)

    def _text(self, key: str, example: str | None) -> str:
        value = self._value(key, example=example)
        if value is None:
            return ""
        if not isinstance(value, str) or not value.strip():
            self.note(key, f"must be a text in quotes that is not empty, not {value!r}")
            return ""
        return value

    def matching(self, key: str, pattern: re.Pattern[str], *, example: str) -> str:
        """Take a required text of a given form; the example shows the form."""
        text = self.text(key, example=f'"{example}"')
        if text and pattern.fullmatch(text) is None:
            self.note(key, f'"{text}" has the wrong form; write it like "{example}"')
        return text

    def texts(self, key: str) -> tuple[str, ...]:
        """Take a list of texts that may be left out; empty when it is."""
        value = self._value(key, example=None)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            self.note(key, f'must be a list of texts, for example ["ROTA-1"], not {value!r}')
            return ()
        for item in sorted({item for item in value if value.count(item) > 1}):
            self.note(key, f'"{item}" stands there twice; remove one')
        return tuple(value)

    def names(self, key: str) -> Mapping[str, str]:
        """Take a required table with the same words in bokmål, nynorsk and English."""
        table = self.table(key, example='{ nb = "6 uker", nn = "6 veker", en = "6 weeks" }')
        if table is None:
            return MappingProxyType(dict.fromkeys(LANGUAGES, ""))
        names = {language: table.text(language, example='"6 uker"') for language in LANGUAGES}
        table.close()
        return MappingProxyType(names)

    def day(self, key: str) -> date | None:
        """Take a required date; None when it is missing or wrong."""
        return self._day(key, "2026-01-31")

    def optional_day(self, key: str) -> date | None:
        """Take a date that may be left out; None when it is."""
        return self._day(key, None)

    def _day(self, key: str, example: str | None) -> date | None:
        value = self._value(key, example=example)
        if value is None:
            return None
        if not isinstance(value, date) or isinstance(value, datetime):
            self.note(key, f"must be a date without quotes and without a time, for example 2026-01-31, not {value!r}")
            return None
        return value

    def reference(self, *, example: str) -> str:
        """Take the required `id` and `version` by which a version of a file is known: "id/version". `example` is of an id."""
        return "/".join((self.text("id", example=f'"{example}"'), self.text("version", example='"2026.1"')))

    def review_days(self) -> tuple[date | None, date | None]:
        """Take the required days `read_on` and `next_review_on`, on which the source was read and will be read again."""
        read_on, next_review_on = self.day("read_on"), self.day("next_review_on")
        if read_on and next_review_on and next_review_on <= read_on:
            self.note("next_review_on", f"{next_review_on} is not after {read_on}; write the day someone reads the source again")
        return read_on, next_review_on

    def flag(self, key: str) -> bool:
        """Take a required yes or no."""
        return self._flag(key, "true")

    def optional_flag(self, key: str) -> bool:
        """Take a yes or no that may be left out; no when it is."""
        return self._flag(key, None)

    def _flag(self, key: str, example: str | None) -> bool:
        value = self._value(key, example=example)
        if value is not None and not isinstance(value, bool):
            self.note(key, f"must be true or false, not {value!r}")
        return value is True

    def number(self, key: str, *, example: str) -> int | None:
        """Take a required whole number; None when it is missing or wrong."""
        value = self._value(key, example=example)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool):
            self.note(key, f"must be a whole number, for example {example}, not {value!r}")
            return None
        return value

    def duration(self, key: str) -> Duration | None:
        """Take a required age; None when it is missing or wrong."""
        text = self.text(key, example='"14m"')
        if not text:
            return None
        try:
            return parse_duration(text)
        except NotADuration as wrong:
            self.note(key, str(wrong))
            return None

    def choice(self, key: str, kind: type[Choice]) -> Choice | None:
        """Take a required word out of a closed set; None when it is missing or not one of them."""
        text = self.text(key, example=f'"{next(iter(kind))}"')
        return next(iter(self._chosen(key, kind, [text])), None) if text else None

    def optional_choice(self, key: str, kind: type[Choice], *, otherwise: Choice) -> Choice:
        """Take a word out of a closed set that may be left out; `otherwise` when it is."""
        text = self.optional_text(key)
        return next(iter(self._chosen(key, kind, [text])), otherwise) if text else otherwise

    def choices(self, key: str, kind: type[Choice]) -> tuple[Choice, ...]:
        """Take a list of words out of a closed set that may be left out."""
        return self._chosen(key, kind, self.texts(key))

    def required_choices(self, key: str, kind: type[Choice]) -> tuple[Choice, ...]:
        """Take a list of words out of a closed set with at least one word in it."""
        if not self._values.get(key):
            self.note(key, f'needs at least one; write for example {key} = ["{next(iter(kind))}"]')
        return self.choices(key, kind)

    def _chosen(self, key: str, kind: type[Choice], words: Iterable[str]) -> tuple[Choice, ...]:
        known = {str(member): member for member in kind}
        for word in words:
            if word not in known:
                self.note(key, f'"{word}" is not known{_did_you_mean(word, known)}')
        return tuple(known[word] for word in words if word in known)

    def table(self, key: str, *, example: str) -> Table | None:
        """Take a required table inside this one; None when it is missing or not a table."""
        return self._table(key, example)

    def optional_table(self, key: str) -> Table | None:
        """Take a table inside this one that may be left out; None when it is."""
        return self._table(key, None)

    def table_or_empty(self, key: str) -> Table:
        """Take a required table inside this one. When it is missing or not a table, that is the one mistake told: an empty one is given."""
        return self.table(key, example="{ ... }") or Table({}, place=self.place_of(key), problems=[])

    def _table(self, key: str, example: str | None) -> Table | None:
        value = self._value(key, example=example)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            self.note(key, f"must be a table with fields of its own, not {value!r}")
            return None
        return Table(value, place=self.place_of(key), problems=self._problems)

    def tables(self, key: str) -> tuple[Table, ...]:
        """Take a list of tables ([[key]] in the file) that may be left out. Each is named by its code or else its number."""
        value = self._value(key, example=None)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
            self.note(key, f"must be a list of tables, each under its own [[{key}]]")
            return ()
        return tuple(
            Table(item, place=self.place_of(f"{key} {item.get('code') or number}"), problems=self._problems)
            for number, item in enumerate(value, start=1)
        )

    def tables_by_key(self, key: str) -> Mapping[str, Table]:
        """Take tables with keys of the file's own choosing ([key.name] in the file) that may be left out."""
        table = self.optional_table(key)
        if table is None:
            return {}
        found = {name: table.table(name, example="{ ... }") for name in table._values}
        return {name: inner for name, inner in found.items() if inner is not None}

    def close(self) -> None:
        """Note the fields nobody asked for: a misspelt field must not be read as a missing one."""
        known = list(dict.fromkeys(self._asked_for))
        for key in self._values:
            if key not in known:
                self.note(key, f"is not a field here{_did_you_mean(key, known)}")


@contextmanager
def opened(values: Mapping[str, object], *, file: str) -> Iterator[Table]:
    """
    Hand out the top table of a file to be read field by field; `file` is its name, for messages.

    When it has been read, the fields nobody asked for are noted, and DefinitionIsInvalid is raised with every mistake there was.
    """
    problems: list[Problem] = []
    top = Table(values, place="", problems=problems)
    yield top
    top.close()
    if problems:
        raise DefinitionIsInvalid(file, problems)


def _did_you_mean(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(known), n=1)
    suggestion = f'; did you mean "{near[0]}"?' if near else ""
    return f"{suggestion} (known: {', '.join(known)})"
