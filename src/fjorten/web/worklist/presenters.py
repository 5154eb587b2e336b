"""The worklist as strings: its selections and filters, its groups of rows, and what stands under an empty one."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from fjorten.access.permissions import Permission
from fjorten.ledger.worklist import MOST_COUNTED, Group, WorklistPage
from fjorten.messages.languages import languages
from fjorten.organisation.models import Employee
from fjorten.people.families import NORWEGIAN
from fjorten.programme.steps import Definition
from fjorten.web import words
from fjorten.web.glance import Glance
from fjorten.web.shown import Choice, Heading, Selection
from fjorten.web.words import capital
from fjorten.web.worklist.asking import NOBODY, Asked, text_of
from fjorten.web.worklist.rows import Line, line_of
from fjorten.web.worklist.showing import Known

_HEADINGS: Final = {
    Group.WITHOUT_JOURNAL: gettext_lazy("Bor i kommunen uten journal"),
    Group.MISSED: gettext_lazy("Ikke møtt"),
    Group.DUE: gettext_lazy("Skal ha time nå"),
}
_ABOUT: Final = {
    Group.WITHOUT_JOURNAL: gettext_lazy("Ingen her får innkalling før journalen finnes"),
    Group.MISSED: gettext_lazy("Kort frist først"),
    Group.DUE: gettext_lazy("I tidsvinduet for konsultasjonen, uten avtale"),
}
_CHIPS: Final = {
    Group.WITHOUT_JOURNAL: gettext_lazy("Uten journal"),
    Group.MISSED: gettext_lazy("Ikke møtt"),
    Group.DUE: gettext_lazy("Skal ha time nå"),
}
_NOBODY_THERE: Final = {
    Group.WITHOUT_JOURNAL: gettext_lazy("Ingen barn uten journal."),
    Group.MISSED: gettext_lazy("Ingen barn venter på ny time etter å ikke ha møtt."),
    Group.DUE: gettext_lazy("Ingen barn i tidsvinduet mangler time."),
}


@dataclass(frozen=True, slots=True)
class LineGroup:
    """The rows of one list. `nothing` says that it is empty, and `checked` when that was last found out."""

    id: str
    heading: str
    count: str
    about: str
    lines: tuple[Line, ...]
    nothing: str
    checked: str
    failed: bool


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that can be done with the rows that are picked, and the key that does it."""

    label: str
    address: str
    icon: str
    variant: str
    key: str


@dataclass(frozen=True, slots=True)
class Keys:
    """What some keys do."""

    keys: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Listing:
    """
    The whole page. `fields` are what forms send along so that the same rows are asked for again; `here` is the address of this page of it.
    The first of `acts` is also what Enter does in the list: it must change nothing by itself.
    """

    lead: str
    selections: tuple[Selection, ...]
    owners: tuple[Choice, ...]
    steps: tuple[Choice, ...]
    languages: tuple[Choice, ...]
    group: str
    headings: tuple[Heading, ...]
    groups: tuple[LineGroup, ...]
    earlier: str
    later: str
    shown: str
    is_empty: bool
    acts: tuple[Act, ...]
    keys: tuple[Keys, ...]
    fields: tuple[tuple[str, str], ...]
    here: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """
    What the page is made of. `counts` are of rows the one who looks may see; `owners` who may be asked for, and `place` where this page
    begins, as the address has it.
    """

    asked: Asked
    page: WorklistPage
    counts: Mapping[Group, int]
    known: Known
    definition: Definition
    owners: Iterable[Employee]
    spoken: Sequence[str]
    seen: Glance
    permissions: Collection[Permission]
    place: tuple[tuple[str, str], ...]


def listing(found: Found, *, on: date) -> Listing:
    """This function will turn a page of the worklist into what is shown."""
    asked, total = found.asked, sum(found.counts.values())
    chosen = [Group(asked.group)] if asked.group else list(Group)
    rows = found.page.rows
    number = _number(sum(found.counts[group] for group in chosen))
    return Listing(
        lead=_lead(total, found.seen, is_narrowed=bool(asked.owner or asked.step or asked.language)),
        selections=(
            Selection(gettext("Alle"), asked.address_with(group=""), _number(total), not asked.group),
            *(Selection(str(_CHIPS[one]), asked.address_with(group=one), _number(found.counts[one]), asked.group == one) for one in Group),
        ),
        owners=tuple(_owners(found)),
        steps=tuple(_steps(found)),
        languages=tuple(_languages(found)),
        group=asked.group,
        headings=_headings(),
        groups=tuple(_groups(found, chosen, on)),
        earlier=asked.address_with(before=text_of(rows[0].place)) if rows and found.page.has_earlier else "",
        later=asked.address_with(after=text_of(rows[-1].place)) if rows and found.page.has_later else "",
        shown=gettext("Viser %(shown)s av %(all)s") % {"shown": words.number(len(rows)), "all": number},
        is_empty=not rows,
        acts=tuple(_acts(found.permissions)),
        keys=_keys(),
        fields=tuple((name, value) for name, value in (*asked.fields.items(), *found.place) if value),
        here=asked.address_with(**dict(found.place)),
    )


def _number(count: int) -> str:
    """Write a count; of a list that is not counted to its end, that there are more."""
    return words.up_to(count, most=MOST_COUNTED)


def _lead(total: int, seen: Glance, *, is_narrowed: bool) -> str:
    lead = gettext("Barn som bor i kommunen og mangler journal, oppmøte eller time. Hvert barn blir stående til saken er løst.")
    everywhere = seen.needing.on_the_worklist
    if is_narrowed or total >= everywhere or total > MOST_COUNTED:
        return lead
    more = gettext("I hele kommunen er det %(all)s; her står de %(shown)s som er dine å se.")
    return f"{lead} {more % {'all': words.number(everywhere), 'shown': _number(total)}}"


def _headings() -> tuple[Heading, ...]:
    return (
        Heading(gettext("Barn")),
        Heading(gettext("Hva mangler")),
        Heading(gettext("Programmet")),
        Heading(gettext("Språk og kontakt")),
        Heading(gettext("Sist")),
        Heading(gettext("Neste steg og frist"), sort="ascending"),
        Heading(gettext("Ansvarlig")),
    )


def _acts(permissions: Collection[Permission]) -> Iterable[Act]:
    if Permission.BOOK in permissions:
        yield Act(gettext("Send innkalling"), reverse("invite"), "envelope-closed", "primary", "t")
    if Permission.OPEN_JOURNAL in permissions:
        yield Act(gettext("Opprett journal"), reverse("open_journals"), "plus", "secondary", "")
    if Permission.FOLLOW_UP in permissions:
        yield Act(gettext("Gi til"), reverse("give_cases"), "person", "secondary", "a")


def _keys() -> tuple[Keys, ...]:
    return (
        Keys(("J", "K"), gettext("opp og ned")),
        Keys(("X",), gettext("velg")),
        Keys(("Enter",), gettext("åpne")),
        Keys(("T",), gettext("send innkalling til de valgte")),
        Keys(("A",), gettext("gi de valgte til noen")),
    )


def _owners(found: Found) -> Iterable[Choice]:
    chosen = found.asked.owner
    yield Choice("", gettext("Alle"), not chosen)
    for employee in sorted(found.owners, key=lambda one: (one.name, one.pk)):
        yield Choice(str(employee.pk), employee.name, chosen == str(employee.pk))
    yield Choice(NOBODY, gettext("Ingen"), chosen == NOBODY)


def _steps(found: Found) -> Iterable[Choice]:
    chosen, steps = found.asked.step, found.definition.steps
    yield Choice("", gettext("Alle %(n)d") % {"n": len(steps)}, not chosen)
    for step in steps:
        yield Choice(step.code, words.short_step(step, step.code), chosen == step.code)


def _languages(found: Found) -> Iterable[Choice]:
    chosen, known = found.asked.language, languages()
    yield Choice("", gettext("Alle"), not chosen)
    yield Choice("nb", gettext("Norsk"), chosen == "nb")
    others = [
        (capital(words.on_screen(known[code].norwegian)) if code in known else code, code) for code in found.spoken if code not in NORWEGIAN
    ]
    for name, code in sorted(others):
        yield Choice(code, name, chosen == code)


def _groups(found: Found, chosen: Iterable[Group], on: date) -> Iterable[LineGroup]:
    """Give each list its rows on this page; one whose rows are on another page is left out, one that has none says so."""
    of_group = {group: tuple(rows) for group, rows in groupby(found.page.rows, key=lambda row: row.place.group)}
    for group in chosen:
        rows, count = of_group.get(group, ()), found.counts[group]
        if rows or not count:
            checked, failed = _checked(found.seen, on)
            yield LineGroup(
                id=f"group-{group}",
                heading=str(_HEADINGS[group]),
                count=_number(count),
                about=str(_ABOUT[group]) if rows else "",
                lines=tuple(line_of(row, found.known, found.definition, on=on) for row in rows),
                nothing="" if rows else _nothing(group, found.asked),
                checked=checked,
                failed=failed,
            )


def _nothing(group: Group, asked: Asked) -> str:
    if asked.owner or asked.step or asked.language:
        return gettext("Ingen i dette utvalget.")
    return str(_NOBODY_THERE[group])


def _checked(seen: Glance, on: date) -> tuple[str, bool]:
    """Tell when the ledger was last taken: an empty list is an answer only when somebody has looked."""
    if seen.balanced is None:
        return gettext("Regnskapet er aldri avstemt, så vi vet det ikke sikkert."), True
    when = words.when_balanced(seen.balanced.at, today=on)
    if not seen.balanced.balanced:
        return gettext("Regnskapet gikk ikke opp (%(when)s), så vi vet det ikke sikkert.") % {"when": when}, True
    return gettext("Sist avstemt %(when)s.") % {"when": when}, False
