"""The worklist as strings: its selections and filters, its groups of rows, and what stands under an empty one."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from fjorten.access.permissions import Permission
from fjorten.followup.models import CaseEvent
from fjorten.followup.queries import LastEntry
from fjorten.kernel.times import oslo_date
from fjorten.ledger.tracks import StandingStep
from fjorten.ledger.worklist import Group, Row, WorklistPage
from fjorten.messages.languages import languages
from fjorten.organisation.models import Employee
from fjorten.people.families import NORWEGIAN, Family
from fjorten.programme.catch_up import catch_up
from fjorten.programme.status import Status
from fjorten.programme.steps import Definition
from fjorten.web import words
from fjorten.web.families import capital, language_of
from fjorten.web.glance import Glance
from fjorten.web.marks import Track
from fjorten.web.tracks import mark_of, track_of, track_to_come
from fjorten.web.worklist.asking import NOBODY, Asked, pick_of, text_of
from fjorten.web.worklist.showing import Known

NEWBORN: Final = timedelta(days=28)  # a child so young has just been born here, not moved in [default]

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
class Selection:
    """One of the lists, or all of them, with how many rows it has."""

    label: str
    href: str
    count: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a filter."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a column."""

    label: str
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table; `chip` is the language when it is not Norwegian, `spoken` the language as it is counted."""

    pick: str
    name: str
    address: str
    age: str
    mark: str
    lacks: str
    about: str
    track: Track | None
    chip: str
    language: str
    spoken: str
    contact: str
    last: str
    last_on: str
    next: str
    due: str
    tone: str
    owner: str


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
    """What the page is made of. `counts` are of rows the one who looks may see; `place` where this page begins, as the address has it."""

    asked: Asked
    page: WorklistPage
    counts: Mapping[Group, int]
    known: Known
    definition: Definition
    staff: Iterable[Employee]
    spoken: Sequence[str]
    seen: Glance
    permissions: Collection[Permission]
    place: tuple[tuple[str, str], ...]


def listing(found: Found, *, on: date) -> Listing:
    """This function will turn a page of the worklist into what is shown."""
    asked, total = found.asked, sum(found.counts.values())
    chosen = [Group(asked.group)] if asked.group else list(Group)
    rows = found.page.rows
    number = words.number(sum(found.counts[group] for group in chosen))
    return Listing(
        lead=_lead(total, found.seen, is_narrowed=bool(asked.owner or asked.step or asked.language)),
        selections=(
            Selection(gettext("Alle"), asked.address_with(group=""), words.number(total), not asked.group),
            *(
                Selection(str(_CHIPS[one]), asked.address_with(group=one), words.number(found.counts[one]), asked.group == one)
                for one in Group
            ),
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


def _lead(total: int, seen: Glance, *, is_narrowed: bool) -> str:
    lead = gettext("Barn som bor i kommunen og mangler journal, oppmøte eller time. Hvert barn blir stående til saken er løst.")
    everywhere = seen.needing.on_the_worklist
    if is_narrowed or total >= everywhere:
        return lead
    more = gettext("I hele kommunen er det %(all)s; her står de %(shown)s som er dine å se.")
    return f"{lead} {more % {'all': words.number(everywhere), 'shown': words.number(total)}}"


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
    for employee in sorted(found.staff, key=lambda one: (one.name, one.pk)):
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
    others = [(capital(known[code].norwegian) if code in known else code, code) for code in found.spoken if code not in NORWEGIAN]
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
                count=words.number(count),
                about=str(_ABOUT[group]) if rows else "",
                lines=tuple(_line(row, found, on) for row in rows),
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


def _line(row: Row, found: Found, on: date) -> Line:
    person, family = row.person, found.known.families[row.person.pk]
    chip = language_of(family)
    common = {
        "pick": pick_of(row),
        "name": words.name_of(person),
        "address": reverse("child", args=[person.public_id]),
        "age": age_and_birth(person.born_on, on=on),
        "chip": chip,
        "language": gettext("Norsk"),
        "spoken": (chip or gettext("Norsk")).lower(),
        "contact": contact_of(family),
    }
    if row.planned is None:
        return _without_journal(row, found, on, common)
    return _step_line(row, found, on, common)


def _without_journal(row: Row, found: Found, on: date, common: Mapping[str, str]) -> Line:
    person, known = row.person, found.known
    finding, since = known.findings.get(person.pk), known.since.get(person.pk)
    is_newborn = person.born_on is not None and on - person.born_on <= NEWBORN
    here_since = gettext("bor her siden %(day)s") % {"day": words.day(since)} if since else gettext("bor her nå")
    plan = catch_up(person.born_on, found.definition, on=on) if person.born_on is not None and person.born_on <= on else None
    due, tone = _deadline(row.place.due_on, on)
    return Line(
        **common,
        mark="without_journal",
        lacks=gettext("Uten journal"),
        about=gettext("Nyfødt") if is_newborn else capital(here_since),
        track=track_to_come(plan, found.definition) if plan else None,
        last=gettext("Folkeregisteret") if finding else "",
        last_on=words.day(finding.opened_on) if finding else "",
        next=gettext("Opprett journal"),
        due=due,
        tone=tone,
        owner=capital(str(finding.get_owner_display())) if finding else "",
    )


def _step_line(row: Row, found: Found, on: date, common: Mapping[str, str]) -> Line:
    assert row.planned is not None, "a row of a planned step"
    known, planned = found.known, row.planned
    steps = known.tracks[row.person.pk]
    standing = next(step for step in steps if step.planned.pk == planned.pk)
    case = known.cases.get(planned.pk)
    last, last_on = _last(known.entries.get(case.case.pk) if case else None, steps)
    missed = known.missed.get(planned.pk, [])
    label, mark = words.short_step(standing.definition, planned.step), mark_of(standing)
    if case is not None:
        due, tone = _deadline(case.due_on, on)
    else:
        last_day = planned.window_until - timedelta(days=1)
        due, tone = (gettext("innen %(day)s") % {"day": words.day(last_day)}, "") if last_day >= on else _deadline(last_day, on)
    return Line(
        **common,
        mark=mark.code,
        lacks=f"{label}, {mark.word} ×{len(missed)}" if len(missed) > 1 else f"{label}, {mark.word}",
        about=_days(missed) or _about(standing),
        track=track_of(steps),
        last=last,
        last_on=last_on,
        next=words.said(case.step.name) if case else gettext("Send innkalling"),
        due=due,
        tone=tone,
        owner=case.acts.name if case else "",
    )


def age_and_birth(born_on: date | None, *, on: date) -> str:
    """This function will write how old a child is and when it was born, as lists have it under a name."""
    born = gettext("f. %(day)s") % {"day": words.day(born_on)} if born_on else gettext("fødselsdato ukjent")
    return f"{words.age(born_on, on=on)} · {born}"


def _days(missed: Sequence[date]) -> str:
    """Write the days nobody came: «14.09. og 12.10.2026»; of many the last."""
    if len(missed) > 2:
        return gettext("sist %(day)s") % {"day": words.day(missed[-1])}
    return gettext(" og ").join([*(words.short_day(day) for day in missed[:-1]), *(words.day(day) for day in missed[-1:])])


def _about(standing: StandingStep) -> str:
    definition, planned = standing.definition, standing.planned
    if definition is not None and definition.vaccines:
        return gettext("vaksine: %(names)s") % {"names": ", ".join(words.vaccine(code) for code in definition.vaccines)}
    last_day = planned.window_until - timedelta(days=1)
    return gettext("vindu %(first)s–%(last)s") % {"first": words.short_day(planned.window_from), "last": words.short_day(last_day)}


def _last(entry: LastEntry | None, steps: Sequence[StandingStep]) -> tuple[str, str]:
    """Tell what was done last: in the case, else the last step that was carried out."""
    if entry is not None:
        said = words.said(entry.step.name) if entry.step else str(CaseEvent.What(entry.event.what).label)
        return capital(said), words.day(oslo_date(entry.event.done_at))
    done = [step for step in steps if step.state in (Status.DONE, Status.DONE_ELSEWHERE) and step.planned.outcome_on is not None]
    if not done:
        return "", ""
    last = max(done, key=lambda step: (step.planned.outcome_on or date.min, step.planned.position))
    assert last.planned.outcome_on is not None, "only those with a day were kept"
    return words.short_step(last.definition, last.planned.step), words.day(last.planned.outcome_on)


def _deadline(due_on: date, on: date) -> tuple[str, str]:
    said = words.relative_day(due_on, today=on)
    if due_on < on:
        return said, "miss"
    return gettext("frist %(day)s") % {"day": said}, "late" if due_on <= on + timedelta(days=1) else ""


def contact_of(family: Family) -> str:
    """This function will say in a few words how a family is reached now, or why nobody is."""
    reaches = [family.carer] if family.carer else list(family.guardians)
    if family.person.is_protected or any(reach.adult.is_protected for reach in reaches):
        return gettext("Skjermet, bare for hånd")
    if not reaches:
        return gettext("Ingen foresatte er kjent")
    if family.paused_until is not None:
        return gettext("På vent til %(day)s") % {"day": words.day(family.paused_until)}
    telephones = sum(reach.telephone is not None for reach in reaches)
    if telephones:
        return gettext("SMS til begge") if telephones == 2 else gettext("SMS til én") if len(reaches) > 1 else gettext("SMS")
    if any(reach.email is not None for reach in reaches):
        return gettext("Bare e-post")
    return gettext("Bare brev") if any(reach.has_postal_address for reach in reaches) else gettext("Kan ikke nås")
