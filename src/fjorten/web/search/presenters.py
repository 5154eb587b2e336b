"""What a search found, as strings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext, ngettext

from fjorten.access.policies import Verdict
from fjorten.ledger.tracks import StandingStep
from fjorten.people.families import Family
from fjorten.people.models import Person
from fjorten.people.search import Kind, Sought
from fjorten.web import words
from fjorten.web.children import address_of, age_and_birth
from fjorten.web.families import contact_of, language_of
from fjorten.web.marks import MiniTrack
from fjorten.web.shown import ByName, Heading
from fjorten.web.tracks import mini_track_of

MOST: Final = 50  # hits that are shown: whoever has more must say more [default]


@dataclass(frozen=True, slots=True)
class Kept:
    """A child an identity number is of, and why its record is not opened."""

    person: Person
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What a search gave: children to be shown in order of name, and how many others there are."""

    sought: Sought
    hits: Sequence[Person]
    has_more: bool
    tracks: Mapping[int, tuple[StandingStep, ...]]
    families: Mapping[int, Family]
    others: int
    kept: Kept | None


@dataclass(frozen=True, slots=True)
class Hit(ByName):
    """One child that was found."""

    name: str
    address: str
    age: str
    track: MiniTrack | None
    guardians: str
    chip: str
    language: str
    contact: str


@dataclass(frozen=True, slots=True)
class KeptLine:
    """A child that is there and not shown: its name, why, and where to ask for it with a reason; "" when that is not for this role."""

    name: str
    sentence: str
    address: str


@dataclass(frozen=True, slots=True)
class SearchPage:
    """The whole page. `nothing` says that nobody was found, `others` how many are not shown."""

    lead: str
    headings: tuple[Heading, ...]
    hits: tuple[Hit, ...]
    nothing: str
    more: str
    others: str
    kept: KeptLine | None


def search_page(answered: Answered, *, on: date) -> SearchPage:
    """This function will turn what a search gave into what is shown."""
    number = len(answered.hits)
    return SearchPage(
        lead=ngettext("%(n)d treff", "%(n)d treff", number) % {"n": number},
        headings=tuple(
            Heading(label) for label in (gettext("Barn"), gettext("Programmet"), gettext("Foresatte"), gettext("Språk og kontakt"))
        ),
        hits=tuple(_hit(person, answered, on) for person in answered.hits),
        nothing="" if answered.hits else _nothing(answered.sought),
        more=gettext("Det er flere enn %(n)d treff. Skriv mer av navnet, eller legg til fødselsdatoen.") % {"n": MOST}
        if answered.has_more
        else "",
        others=_others(answered),
        kept=_kept(answered.kept) if answered.kept else None,
    )


def _hit(person: Person, answered: Answered, on: date) -> Hit:
    family, steps = answered.families[person.pk], answered.tracks[person.pk]
    return Hit(
        name=words.name_of(person),
        address=address_of(person),
        age=age_and_birth(person.born_on, on=on),
        track=mini_track_of(steps) if steps else None,
        guardians=", ".join(reach.adult.name for reach in family.guardians if reach.adult.name),
        chip=language_of(family),
        language=gettext("Norsk"),
        contact=contact_of(family),
    )


def _nothing(sought: Sought) -> str:
    if sought.kind is Kind.NOTHING:
        return gettext("Skriv minst to bokstaver av et navn, en fødselsdato (24.11.2026) eller et fødselsnummer.")
    if sought.kind is Kind.NUMBER:
        return gettext("Ingen barn du har tilgang til, har eller har hatt dette nummeret.")
    return gettext("Ingen barn du har tilgang til, passer med det du søkte etter.")


def _others(answered: Answered) -> str:
    number = answered.others - (answered.kept is not None)
    if number <= 0:
        return ""
    found = ngettext("%(n)d treff hører til andre helsestasjoner.", "%(n)d treff hører til andre helsestasjoner.", number) % {"n": number}
    return f"{found} {gettext('Trenger du et av dem, søk med hele fødselsnummeret.')}"


def _kept(kept: Kept) -> KeptLine:
    verdict = kept.verdict
    address = address_of(kept.person) if verdict.may_break_glass else ""
    return KeptLine(words.name_of(kept.person), words.on_screen(verdict.sentence), address)
