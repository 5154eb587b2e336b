"""Findings as strings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext

from fjorten.journal.models import Journal
from fjorten.kernel.spoken import spoken
from fjorten.people.facts import Protection
from fjorten.registers.models import WorkItem
from fjorten.registers.reconcile.words import said_by_register
from fjorten.web import words
from fjorten.web.children import address_of
from fjorten.web.register.forms import SettleForm, WaitForm
from fjorten.web.register.kinds import KINDS, Kind
from fjorten.web.shown import ByName, Selection, tone_of
from fjorten.web.words import capital

PAGE: Final = 25  # findings on a page: each takes a hand's breadth [default]
ASIDE: Final = "aside"  # the selection of those that were put aside
# Street addresses are not kept here, so that none is known says nothing of the child.
_SAYS_NOTHING: Final = frozenset({"has_no_fixed_address"})


@dataclass(frozen=True, slots=True)
class Fact(ByName):
    """One thing a side says; `differs` where the sides do not agree."""

    name: str
    value: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Side(ByName):
    """What one side says, and as of when."""

    heading: str
    source: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Row(ByName):
    """One finding. `button` opens a journal, `settle` and `wait` are its forms."""

    number: int
    title: str
    name: str
    address: str
    age: str
    meaning: str
    advice: str
    whose: str
    waits: str
    deadline: str
    tone: str
    sides: tuple[Side, Side]
    button: str
    opens_journal: bool
    may_be_picked: bool
    settle: SettleForm
    wait: WaitForm


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """The whole page. `elsewhere` says how many there are that others see to; `asked` is what the forms' addresses end with."""

    lead: str
    selections: tuple[Selection, ...]
    rows: tuple[Row, ...]
    nothing: str
    elsewhere: str
    can_open_many: bool
    asked: str
    words: str
    earlier: str
    later: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which findings are asked for: of one kind (a rule's code, `aside`, or "" for all), and which page of them, from 1."""

    kind: str
    page: int

    @property
    def query(self) -> str:
        """How an address says it."""
        said = [("kind", self.kind)] if self.kind else []
        return urlencode([*said, ("page", str(self.page))] if self.page > 1 else said)


@dataclass(frozen=True, slots=True)
class Listed:
    """What the page is made of: a page of findings, how many there are of each kind, put aside, and in all with those others see to."""

    items: Sequence[WorkItem]
    kinds: Mapping[str, int]
    aside: int
    all: int
    journals: Mapping[int, Sequence[Journal]]


Forms = Mapping[int, SettleForm | WaitForm]


def register_page(listed: Listed, chosen: Chosen, *, today: date, may_open_journals: bool, sent: Forms) -> RegisterPage:
    """This function will turn findings into what the page shows; `sent` are the forms that were refused, by the number of their finding."""
    number = sum(listed.kinds.values())
    here = listed.aside if chosen.kind == ASIDE else listed.kinds.get(chosen.kind, 0) if chosen.kind else number
    rows = tuple(_row(item, listed, today=today, may_open_journals=may_open_journals, sent=sent) for item in listed.items)
    first = (chosen.page - 1) * PAGE
    return RegisterPage(
        lead=ngettext("%(n)s avvik venter på et menneske", "%(n)s avvik venter på et menneske", number) % {"n": words.number(number)},
        selections=tuple(_selections(listed, chosen, number)),
        rows=rows,
        nothing=gettext("Ingen avvik. Folkeregisteret og journalene sier det samme om barna du ser."),
        elsewhere=_elsewhere(listed.all - number),
        can_open_many=any(row.may_be_picked for row in rows),
        asked=f"?{chosen.query}" if chosen.query else "",
        words=gettext("%(first)s–%(last)s av %(all)s")
        % {"first": words.number(first + 1), "last": words.number(first + len(rows)), "all": words.number(here)},
        earlier=_address(Chosen(chosen.kind, chosen.page - 1)) if chosen.page > 1 else "",
        later=_address(Chosen(chosen.kind, chosen.page + 1)) if first + len(rows) < here else "",
    )


def _elsewhere(number: int) -> str:
    """Say that there are more than are shown: a list that leaves something out says so."""
    if not number:
        return ""
    return ngettext("%(n)d avvik til ses bare av andre.", "%(n)d avvik til ses bare av andre.", number) % {"n": number}


def _address(chosen: Chosen) -> str:
    return f"{reverse('register')}?{chosen.query}" if chosen.query else reverse("register")


def _selections(listed: Listed, chosen: Chosen, number: int) -> Iterable[Selection]:
    yield Selection(gettext("Alle"), _address(Chosen("", 1)), words.number(number), not chosen.kind)
    for code, count in listed.kinds.items():
        yield Selection(words.on_screen(str(KINDS[code].title)), _address(Chosen(code, 1)), words.number(count), chosen.kind == code)
    if listed.aside or chosen.kind == ASIDE:
        yield Selection(gettext("Lagt til side"), _address(Chosen(ASIDE, 1)), words.number(listed.aside), chosen.kind == ASIDE)


def _row(item: WorkItem, listed: Listed, *, today: date, may_open_journals: bool, sent: Forms) -> Row:
    kind, person = KINDS[item.rule], item.person
    form = sent.get(item.pk)
    opens = kind.opens_journal and may_open_journals
    suggested = "" if kind.opens_journal else kind.resolution.value
    return Row(
        number=item.pk,
        title=words.on_screen(str(kind.title)),
        name=words.name_of(person),
        address=address_of(person),
        age=words.age(person.born_on, on=today),
        meaning=words.on_screen(str(kind.meaning)),
        advice=words.on_screen(str(kind.advice)),
        whose=gettext("Hos %(whose)s") % {"whose": words.on_screen(str(item.get_owner_display()))},
        waits=gettext("Venter til %(day)s: %(why)s") % {"day": words.day(item.waits_until), "why": item.waits_reason}
        if item.waits_until is not None and item.waits_until > today
        else "",
        deadline=gettext("frist %(day)s") % {"day": words.relative_day(item.deadline_on, today=today)},
        tone=tone_of(item.deadline_on, today=today),
        sides=(_registers(item, kind), _journals(listed.journals.get(person.pk, ()), kind)),
        button=str(kind.button),
        opens_journal=opens,
        may_be_picked=opens and kind.is_safe_in_bulk,
        settle=form if isinstance(form, SettleForm) else SettleForm(item, suggested),
        wait=form if isinstance(form, WaitForm) else WaitForm(item),
    )


def _registers(item: WorkItem, kind: Kind) -> Side:
    """Say what the register said when the two were held against each other."""
    evidence = {key: value for key, value in item.evidence.items() if key not in _SAYS_NOTHING}
    facts: list[tuple[str, str]] = [(spoken("Født"), words.day(item.person.born_on))] if item.person.born_on else []
    if "level" in evidence:
        facts.append((spoken("Adressebeskyttelse"), _LEVELS.get(evidence["level"], evidence["level"])))
    if "newest_extract" in evidence:
        missing = gettext("ikke i uttrekket %(day)s") % {"day": words.day(date.fromisoformat(evidence["newest_extract"]))}
        facts.append((spoken("Nyeste uttrekk"), missing))
    facts += [(said.label or spoken("Merknad"), said.value) for said in said_by_register(evidence)]
    source = gettext("slik det sto %(day)s") % {"day": words.day(item.opened_on)}
    return Side(gettext("Folkeregisteret"), source, _facts(facts, kind))


def _journals(journals: Sequence[Journal], kind: Kind) -> Side:
    """Say what the journals say now."""
    facts: list[tuple[str, str]] = [] if journals else [(spoken("Journal"), gettext("ingen"))]
    for journal in journals:
        opened = gettext("opprettet %(day)s") % {"day": words.day(journal.opened_on)}
        closed = gettext("lukket %(day)s") % {"day": words.day(journal.closed_on)} if journal.closed_on else gettext("åpen")
        facts.append((spoken("Journal"), f"{capital(closed)}, {opened}"))
        if journal.closed_reason:
            facts.append((spoken("Lukket fordi"), journal.closed_reason))
        if kind.shows_clinic:
            facts.append((spoken("Helsestasjon"), journal.clinic.name))
    return Side(gettext("Journalen"), gettext("nå"), _facts(facts, kind))


def _facts(facts: Iterable[tuple[str, str]], kind: Kind) -> tuple[Fact, ...]:
    """What is marked is known by the names bokmål has for it; what is shown is in the page's language."""
    return tuple(Fact(words.on_screen(name), capital(words.on_screen(value)), name in kind.differs) for name, value in facts)


_LEVELS: Final = {
    Protection.CONFIDENTIAL.value: spoken("fortrolig adresse"),
    Protection.STRICTLY_CONFIDENTIAL.value: spoken("strengt fortrolig adresse"),
}
