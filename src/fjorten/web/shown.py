"""What components of several pages take: ways to other pages, columns, selections, choices, and things that happened."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any


class ByName:
    """
    Values that answer by name as well. A template asks so first, and for an attribute only after being refused, which takes longer than
    all the rest of writing a value: for what a page has a hundred of.
    """

    __slots__ = ()

    def __getitem__(self, name: str) -> Any:
        """The value of this name. Raises KeyError, as what has keys does."""
        try:
            return getattr(self, name)
        except (AttributeError, TypeError):
            raise KeyError(name) from None


@dataclass(frozen=True, slots=True)
class Link:
    """A way to another page."""

    label: str
    href: str
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a column; `sort` says which way the rows are sorted by it, "" when they are not."""

    label: str
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """One of the ways to see a list, with how many rows it has; None where they are not counted."""

    label: str
    href: str
    count: str | None
    is_current: bool


@dataclass(frozen=True, slots=True)
class Choice(ByName):
    """One choice of a filter."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """A name and its value."""

    name: str
    value: str
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Event(ByName):
    """One thing that happened; `href` and `link` are a way to correct it, `note` is what a person wrote, in the language of the house."""

    heading: str
    at: str
    words: str
    by: str
    icon: str
    mark: str = ""
    tone: str = ""
    language: str = ""
    href: str = ""
    link: str = ""
    note: str = ""


def tone_of(due_on: date, *, today: date) -> str:
    """This function will tell how loudly a deadline is said: "miss" when it is over, "late" today and tomorrow, else ""."""
    if due_on < today:
        return "miss"
    return "late" if due_on <= today + timedelta(days=1) else ""
