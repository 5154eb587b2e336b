"""The lists of messages as strings."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext

from fjorten.kernel.times import oslo_date
from fjorten.messages.languages import languages
from fjorten.messages.listing import COUNTED_TO, MessagesPage, Standing
from fjorten.messages.models import ContactTask, IncomingMessage, Message, SettledUpTo, Way
from fjorten.web import words
from fjorten.web.children import address_of, age_and_birth
from fjorten.web.messages.asking import PEOPLE, Asked, task_text_of, text_of
from fjorten.web.messages.naming import (
    MEANINGS,
    NOTHING,
    STANDINGS,
    adult_called,
    employee_called,
    kind_called,
    language_called,
    state_shown,
)
from fjorten.web.shown import ByName, Choice, Heading, Link, Selection, tone_of
from fjorten.web.told import WAYS

_SHOWN_OF_WRITTEN: Final = 160  # characters; all of it is on its own page


@dataclass(frozen=True, slots=True)
class Row(ByName):
    """One message in a list: `why` is the reason of its state, "" when it has none."""

    name: str
    child: str
    age: str
    kind: str
    address: str
    when: str
    to: str
    how: str
    icon: str
    state: str
    tone: str
    why: str


@dataclass(frozen=True, slots=True)
class TaskRow(ByName):
    """One thing a person must tell a family or find out."""

    name: str
    child: str
    age: str
    what: str
    about: str
    address: str
    owner: str
    deputy: str
    deadline: str
    tone: str


@dataclass(frozen=True, slots=True)
class Written:
    """One message from a number nobody here uses."""

    heading: str
    address: str
    meaning: str
    text: str


@dataclass(frozen=True, slots=True)
class ListPage:
    """The whole page. `tasks` and `written` are what waits for a person, `rows` a list of messages, `unsent` is owed and not sent."""

    lead: str
    selections: tuple[Selection, ...]
    links: tuple[Link, ...]
    unsent: tuple[Link, ...]
    ways: tuple[Choice, ...]
    languages: tuple[Choice, ...]
    standing: str
    heading: str
    headings: tuple[Heading, ...]
    tasks: tuple[TaskRow, ...]
    written: tuple[Written, ...]
    rows: tuple[Row, ...]
    nothing: str
    checked: str
    elsewhere: str
    earlier: str
    later: str
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What the page is made of. `all_tasks` counts those others see to too; `letters` wait for the printer and `batches` for the post."""

    asked: Asked
    counts: Mapping[Standing, int]
    number_of_tasks: int
    all_tasks: int
    tasks: Sequence[ContactTask]
    has_more_tasks: bool
    is_first: bool
    written: Sequence[IncomingMessage]
    page: MessagesPage | None
    settled: SettledUpTo | None
    letters: int
    batches: int
    may_send: bool


def messages_page(of: Listed, *, today: date) -> ListPage:
    """This function will turn what waits, or a list of messages, into what the page shows."""
    rows = of.page.rows if of.page is not None else ()
    here = of.number_of_tasks if of.page is None else 0
    return ListPage(
        lead=_lead(of),
        selections=tuple(_selections(of)),
        links=tuple(_links(of)),
        unsent=tuple(_unsent(of)),
        ways=tuple(_ways(of.asked)),
        languages=tuple(_languages(of.asked)),
        standing=of.asked.standing,
        heading=str(STANDINGS[Standing(of.asked.standing)]) if of.asked.standing else gettext("Venter på et menneske"),
        headings=_task_headings() if of.page is None else _headings(),
        tasks=tuple(_task(task, today) for task in of.tasks),
        written=tuple(_written(one) for one in of.written),
        rows=tuple(_row(row, today) for row in rows),
        nothing=str(NOTHING[Standing(of.asked.standing)]) if of.asked.standing else gettext("Ingenting venter på et menneske."),
        checked=_checked(of, today),
        elsewhere=_elsewhere(of.all_tasks - of.number_of_tasks) if of.page is None else "",
        earlier=_earlier(of),
        later=_later(of),
        shown=_shown(len(of.tasks), here) if of.page is None else "",
    )


def _headings() -> tuple[Heading, ...]:
    names = (gettext("Barn"), gettext("Melding"), gettext("Til"), gettext("Hvordan"), gettext("Står som"))
    return tuple(Heading(name) for name in names)


def _task_headings() -> tuple[Heading, ...]:
    names = (gettext("Barn"), gettext("Hva som skal gjøres"), gettext("Ansvarlig"), gettext("Frist"))
    return tuple(Heading(name, "ascending" if name == names[-1] else "") for name in names)


def _lead(of: Listed) -> str:
    number = of.number_of_tasks + len(of.written)
    return ngettext("%(n)s ting venter på et menneske", "%(n)s ting venter på et menneske", number) % {"n": words.number(number)}


def _checked(of: Listed, today: date) -> str:
    """Say as of when all that families are owed was settled: an empty list is worth no more."""
    if of.settled is None:
        return gettext("Det familiene skal ha beskjed om, er aldri gjort opp.")
    when = words.when_balanced(of.settled.at, today=today)
    return gettext("Det familiene skal ha beskjed om, ble sist gjort opp %(when)s.") % {"when": when}


def _selections(of: Listed) -> Iterator[Selection]:
    asked = of.asked
    number = of.number_of_tasks + len(of.written)
    yield Selection(gettext("Venter på et menneske"), asked.address(list=PEOPLE), words.number(number), not asked.standing)
    for standing in Standing:
        yield Selection(str(STANDINGS[standing]), asked.address(list=standing), _counted(of.counts[standing]), asked.standing == standing)


def _counted(number: int) -> str:
    return words.up_to(number, most=COUNTED_TO)


def _links(of: Listed) -> Iterator[Link]:
    if of.may_send:
        yield Link(gettext("Brev og retur"), reverse("letters"), "printer")
    yield Link(gettext("Tekster"), reverse("texts"), "language")


def _unsent(of: Listed) -> Iterator[Link]:
    """List what is owed and has not left the house, or of which nobody knows; nothing when there is none."""
    owed, uncertain = of.counts[Standing.OWED], of.counts[Standing.UNCERTAIN]
    if owed:
        said = ngettext("%(n)s melding skulle vært ute av huset", "%(n)s meldinger skulle vært ute av huset", owed)
        yield Link(said % {"n": _counted(owed)}, of.asked.address(list=Standing.OWED), "paperplane")
    if uncertain:
        said = ngettext("%(n)s melding er kanskje ikke sendt", "%(n)s meldinger er kanskje ikke sendt", uncertain)
        yield Link(said % {"n": _counted(uncertain)}, of.asked.address(list=Standing.UNCERTAIN), "questionmark-circle")
    if of.letters and of.may_send:
        said = ngettext("%(n)s brev venter på utskrift", "%(n)s brev venter på utskrift", of.letters) % {"n": words.number(of.letters)}
        yield Link(said, reverse("letters"), "printer")
    if of.batches and of.may_send:
        said = ngettext("%(n)s bunke er ikke levert til posten", "%(n)s bunker er ikke levert til posten", of.batches)
        yield Link(said % {"n": words.number(of.batches)}, reverse("letters"), "envelope-closed")


def _ways(asked: Asked) -> Iterable[Choice]:
    yield Choice("", gettext("Alle måter"), not asked.way)
    for way in Way:
        yield Choice(way.value, str(WAYS[way]), asked.way == way)


def _languages(asked: Asked) -> Iterable[Choice]:
    yield Choice("", gettext("Alle språk"), not asked.language)
    for code in languages():
        yield Choice(code, language_called(code), asked.language == code)


def _task(task: ContactTask, today: date) -> TaskRow:
    return TaskRow(
        name=words.name_of(task.person),
        child=address_of(task.person),
        age=age_and_birth(task.person.born_on, on=today),
        what=words.on_screen(task.sentence),
        about=kind_called(task.message.kind) if task.message is not None else "",
        address=reverse("contact_task", args=[task.pk]),
        owner=employee_called(task.owner),
        deputy=gettext("stedfortreder %(name)s") % {"name": employee_called(task.deputy)},
        deadline=words.relative_day(task.due_on, today=today),
        tone=tone_of(task.due_on, today=today),
    )


def _written(one: IncomingMessage) -> Written:
    return Written(
        heading=gettext("%(number)s, %(when)s") % {"number": one.from_number, "when": words.when(one.received_at)},
        address=reverse("unknown_sender", args=[one.pk]),
        meaning=str(MEANINGS[one.meaning]),
        text=Truncator(one.text).chars(_SHOWN_OF_WRITTEN),
    )


def _row(row: Message, today: date) -> Row:
    shown = state_shown(row)
    return Row(
        name=words.name_of(row.person),
        child=address_of(row.person),
        age=age_and_birth(row.person.born_on, on=today),
        kind=kind_called(row.kind),
        address=reverse("message", args=[row.pk]),
        when=words.when(row.not_before),
        to=adult_called(row.adult),
        how=words.in_line((str(WAYS[row.way]), language_called(row.sent_language))),
        icon=shown.icon,
        state=str(shown.word),
        tone=shown.tone,
        why=words.on_screen(row.state_reason) or (words.when(row.state_at) if oslo_date(row.state_at) != oslo_date(row.not_before) else ""),
    )


def _elsewhere(number: int) -> str:
    """Say that there are more than are shown: a list that leaves something out says so."""
    if not number:
        return ""
    return ngettext("%(n)s oppgave til ses bare av andre.", "%(n)s oppgaver til ses bare av andre.", number) % {"n": words.number(number)}


def _shown(here: int, all_of_them: int) -> str:
    return gettext("%(here)s av %(all)s") % {"here": words.number(here), "all": words.number(all_of_them)} if here else ""


def _earlier(of: Listed) -> str:
    if of.page is None:
        return "" if of.is_first else of.asked.address()
    return of.asked.address(before=text_of(of.page.rows[0])) if of.page.has_earlier and of.page.rows else ""


def _later(of: Listed) -> str:
    if of.page is None:
        return of.asked.address(after=task_text_of(of.tasks[-1])) if of.has_more_tasks else ""
    return of.asked.address(after=text_of(of.page.rows[-1])) if of.page.has_later and of.page.rows else ""
