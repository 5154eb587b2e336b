"""A child's page as strings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext

from fjorten.appointments.models import Appointment
from fjorten.followup.chronology import ChronologyLine
from fjorten.followup.queries import CaseRow
from fjorten.kernel.times import oslo_date
from fjorten.ledger.balance import Standing
from fjorten.ledger.tracks import StandingStep
from fjorten.messages.languages import languages
from fjorten.messages.models import Message
from fjorten.people.families import Family, Reach
from fjorten.people.models import Person
from fjorten.web import words
from fjorten.web.child.appointments import Time, times_of
from fjorten.web.families import language_of
from fjorten.web.marks import Mark, Track
from fjorten.web.messages.naming import adult_called, kind_called, language_called, state_shown
from fjorten.web.receipts import Receipt
from fjorten.web.shown import Event, Pair, tone_of
from fjorten.web.told import WAYS
from fjorten.web.tracks import track_of

MESSAGES_SHOWN: Final = 8  # the newest; all of them are in the history
SHOWN_AT_FIRST: Final = 20  # lines of the history; the rest is on the chronology's own page

_ICONS: Final = {
    "appointment": "calendar",
    "message": "envelope-closed",
    "case": "clipboard",
    "step": "checkmark-circle",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One short fact beside the name."""

    icon: str
    lead: str
    words: str
    muted: str = ""


@dataclass(frozen=True, slots=True)
class OpenCase:
    """The open case as one line."""

    href: str
    lead: str
    words: str
    deadline: str
    tone: str


@dataclass(frozen=True, slots=True)
class MessageLine:
    """One message about the child and where it stands."""

    name: str
    href: str
    words: str
    icon: str
    state: str
    tone: str


@dataclass(frozen=True, slots=True)
class ChildPage:
    """
    The whole page. `standing` says loudly what is wrong when the child does not follow the programme here; "" when it does. `messages` is
    None for those who do not see messages.
    """

    id: str
    name: str
    age_line: str
    facts: tuple[Fact, ...]
    standing: str
    may_open_journal: bool
    may_see_log: bool
    may_drop_in: bool
    cases: tuple[OpenCase, ...]
    track: Track | None
    done: str
    legend: tuple[Mark, ...]
    times: tuple[Time, ...]
    family: tuple[Pair, ...]
    messages: tuple[MessageLine, ...] | None
    history: tuple[Event, ...]
    has_more_history: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a child that its page shows."""

    person: Person
    number: str
    standing: Standing | None
    steps: Sequence[StandingStep]
    cases: Sequence[CaseRow]
    family: Family
    messages: Sequence[Message] | None
    history: Sequence[ChronologyLine]
    appointments: Sequence[Appointment]


def child_page(known: Known, *, on: date, may_open_journal: bool, may_book: bool, may_see_log: bool) -> ChildPage:
    """This function will turn what is known of a child into what its page shows."""
    track = track_of(known.steps) if known.steps else None
    newest = sorted(known.history, key=lambda line: line.at, reverse=True)
    return ChildPage(
        id=str(known.person.public_id),
        name=words.name_of(known.person),
        age_line=_age_line(known, on),
        facts=tuple(_facts(known)),
        standing=_standing(known),
        may_open_journal=may_open_journal and known.standing is Standing.UNACCOUNTED,
        may_see_log=may_see_log,
        may_drop_in=may_book and not known.person.is_dead,
        cases=tuple(_case(row, on) for row in known.cases),
        track=track,
        done=gettext("%(count)s gjennomført") % {"count": track.count} if track else "",
        legend=tuple(dict.fromkeys(step.mark for step in track.steps)) if track else (),
        times=times_of(known.person, known.steps, known.appointments, may_book=may_book and not known.person.is_dead),
        family=tuple(_family(known.family)),
        messages=None if known.messages is None else tuple(_message(one) for one in known.messages),
        history=tuple(_event(line) for line in newest[:SHOWN_AT_FIRST]),
        has_more_history=len(newest) > SHOWN_AT_FIRST,
    )


def _age_line(known: Known, on: date) -> str:
    person = known.person
    parts = [words.age(person.born_on, on=on), words.sex(person)]
    if person.born_on is not None:
        parts.append(gettext("født %(day)s") % {"day": words.day(person.born_on)})
    parts.append(words.national_id(known.number) if known.number else "")
    return words.in_line(parts)


def _facts(known: Known) -> Iterable[Fact]:
    language = language_of(known.family)
    yield Fact("language", language or gettext("Norsk"), "")
    if known.person.is_protected:
        yield Fact("shield-lock", gettext("Skjermet adresse"), gettext("Bare det navngitte teamet ser barnet"))
    names = ", ".join(reach.adult.name or gettext("uten navn") for reach in known.family.guardians)
    yield Fact("person", "", names or gettext("Ingen foresatte er kjent"))
    if known.family.carer is not None:
        yield Fact("house-heart", gettext("Omsorgsperson nå"), known.family.carer.adult.name)


def _standing(known: Known) -> str:
    if known.person.is_dead:
        return gettext("Barnet er død. Ingen meldinger går ut.")
    sentences = {
        Standing.UNACCOUNTED: gettext("Barnet bor her uten journal. Ingen innkalling går ut før journalen er opprettet."),
        Standing.IN_TRANSFER: gettext("Journalen er under overføring. Vi har ansvaret til mottakeren har bekreftet."),
        Standing.OUTSIDE: gettext("Barnet følger ikke programmet her. Begrunnelsen står i historikken."),
    }
    if known.standing is None:
        return gettext("Barnet er ikke bosatt her ifølge Folkeregisteret.")
    return sentences.get(known.standing, "")


def _case(row: CaseRow, on: date) -> OpenCase:
    return OpenCase(
        href=reverse("case", args=[row.case.person.public_id]),
        lead=gettext("Åpen oppfølgingssak: %(why)s") % {"why": words.on_screen(row.why_open)},
        words=gettext("Neste steg: %(step)s. Ansvarlig: %(who)s.") % {"step": words.said(row.step.name), "who": row.acts.name},
        deadline=gettext("frist %(day)s") % {"day": words.relative_day(row.due_on, today=on)},
        tone=tone_of(row.due_on, today=on),
    )


def _family(family: Family) -> Iterable[Pair]:
    for reach in family.guardians:
        yield Pair(reach.adult.name or gettext("Foresatt"), _reached(reach))
    if family.unnumbered_guardians:
        yield Pair(gettext("Andre foresatte"), gettext("%(n)d uten fødselsnummer hos oss") % {"n": family.unnumbered_guardians})
    if family.carer is not None:
        yield Pair(gettext("Omsorgsperson nå"), f"{family.carer.adult.name} · {_reached(family.carer)}")
    if family.paused_until is not None:
        yield Pair(gettext("Meldinger"), gettext("på vent til %(day)s") % {"day": words.day(family.paused_until)})
    if family.wish is not None and family.wish.can_come_at_short_notice:
        yield Pair(gettext("Ønsker"), gettext("kan komme på kort varsel"))


def _reached(reach: Reach) -> str:
    adult = reach.adult
    if adult.is_protected:
        return gettext("Skjermet. Kontakt bare gjennom det navngitte teamet.")
    known = languages()
    language = words.on_screen(known[adult.language].norwegian) if adult.language in known else gettext("språk ikke spurt om")
    ways = [
        language,
        gettext("trenger tolk") if adult.needs_interpreter else "",
        reach.telephone.value if reach.telephone else "",
        reach.email.value if reach.email else "",
        gettext("brev") if reach.has_postal_address else "",
    ]
    if reach.telephone is None and reach.email is None and not reach.has_postal_address:
        ways.append(gettext("kan ikke nås"))
    return words.in_line(ways)


def _message(row: Message) -> MessageLine:
    shown = state_shown(row)
    said = (words.when(row.not_before), str(WAYS[row.way]), language_called(row.sent_language), adult_called(row.adult))
    return MessageLine(
        name=kind_called(row.kind),
        href=reverse("message", args=[row.pk]),
        words=words.in_line(said),
        icon=shown.icon,
        state=str(shown.word),
        tone=shown.tone,
    )


def _event(line: ChronologyLine) -> Event:
    return Event(
        heading=words.on_screen(line.words),
        at=words.day(oslo_date(line.at)),
        words="",
        by=words.on_screen(line.by),
        icon=_ICONS.get(line.kind, "information-square"),
    )


def journal_opened(page_name: str) -> Receipt:
    """This function will say that a journal was opened."""
    return Receipt(gettext("Journal er opprettet for %(name)s.") % {"name": page_name})
