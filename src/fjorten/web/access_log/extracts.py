"""The family's extract of the log as strings: a letter, in plain words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from fjorten.care_relations.extracts import Asker, ExtractLine
from fjorten.people.models import Person
from fjorten.web import words
from fjorten.web.shown import Heading


@dataclass(frozen=True, slots=True)
class ToldLine:
    """What one member of staff saw on one day."""

    day: str
    clock: str
    who: str
    why: str


@dataclass(frozen=True, slots=True)
class ExtractPage:
    """The whole extract; `back` is the way to the log it is of."""

    back: str
    heading: str
    about: str
    lead: tuple[str, ...]
    headings: tuple[Heading, ...]
    lines: tuple[ToldLine, ...]
    nothing: str
    foot: str


def extract_page(person: Person, lines: Sequence[ExtractLine], *, asker: Asker, on: date) -> ExtractPage:
    """This function will turn the extract into what is printed, said to the one who asked."""
    to_whom = (
        gettext("Du har bedt om å få vite hvem som har sett i journalen din.")
        if asker is Asker.THEMSELVES
        else gettext("Dere har bedt om å få vite hvem som har sett i journalen til barnet.")
    )
    return ExtractPage(
        back=reverse("childs_log", args=[person.public_id]),
        heading=gettext("Hvem har sett i journalen"),
        about=gettext("%(name)s, født %(born)s") % {"name": words.name_of(person), "born": words.day(person.born_on)}
        if person.born_on
        else words.name_of(person),
        lead=(
            to_whom,
            gettext("Her står hvilken rolle de hadde, når de så i den, og hvorfor. Vil dere vite mer om et oppslag, kan dere spørre oss."),
        ),
        headings=tuple(Heading(label) for label in (gettext("Dag"), gettext("Klokken"), gettext("Hvem"), gettext("Hvorfor"))),
        lines=tuple(_line(line) for line in lines),
        nothing=gettext("Ingen har sett i journalen."),
        foot=gettext("Utdraget er laget %(day)s.") % {"day": words.day(on)},
    )


def _line(line: ExtractLine) -> ToldLine:
    clock, role = words.clock(line.first_at), words.capital(words.on_screen(line.role))
    if line.times > 1:
        span = {"first": clock, "last": words.clock(line.last_at), "n": line.times}
        clock = ngettext("%(first)s–%(last)s, %(n)d gang", "%(first)s–%(last)s, %(n)d ganger", line.times) % span
    return ToldLine(
        day=words.day(line.on),
        clock=clock,
        who=f"{role}, {line.unit}" if line.unit else role,
        why=words.capital(words.on_screen(line.ground)),
    )
