"""Everything about a child, oldest first, as it is printed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext

from fjorten.followup.chronology import ChronologyLine
from fjorten.people.models import Person
from fjorten.web import words
from fjorten.web.children import address_of
from fjorten.web.shown import Heading, Link


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the chronology."""

    at: str
    words: str
    by: str


@dataclass(frozen=True, slots=True)
class ChronologyPage:
    """What is printed: everything about the child, oldest first."""

    heading: str
    lead: str
    crumbs: tuple[Link, ...]
    other: Link
    headings: tuple[Heading, ...]
    lines: tuple[Line, ...]


def chronology_page(
    person: Person, lines: Sequence[ChronologyLine], *, names: Mapping[str, str], on: date, with_assessments: bool
) -> ChronologyPage:
    """This function will turn what happened about a child into what is printed."""
    here = reverse("chronology", args=[person.public_id])
    other = Link(gettext("Uten vurderingene"), here) if with_assessments else Link(gettext("Med vurderingene"), f"{here}?with=assessments")
    child = words.name_of(person)
    return ChronologyPage(
        heading=gettext("Kronologi"),
        lead=gettext("%(child)s, %(age)s, født %(day)s. Alt som er ført, eldst først.")
        % {"child": child, "age": words.age(person.born_on, on=on), "day": words.day(person.born_on or person.born_by)},
        crumbs=(Link(child, address_of(person)),),
        other=other,
        headings=(Heading(gettext("Når")), Heading(gettext("Hva")), Heading(gettext("Ført av"))),
        lines=tuple(
            Line(f"{words.day(line.on)} {words.clock(line.at)}", words.on_screen(line.words), names.get(line.by, words.on_screen(line.by)))
            for line in lines
        ),
    )
