"""A case as strings."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext

from fjorten.kernel.times import oslo_date
from fjorten.organisation.owners import Because
from fjorten.web import words
from fjorten.web.case import acts
from fjorten.web.case.duty import Duty, duty_of
from fjorten.web.case.forms import first_words, in_two
from fjorten.web.case.history import entries_of, standing_entries
from fjorten.web.case.naming import address_of_case, heading_of, link_to, reason_called
from fjorten.web.case.opened import OpenedCase
from fjorten.web.children import address_of
from fjorten.web.families import language_of
from fjorten.web.marks import Track
from fjorten.web.shown import Event, Link, tone_of
from fjorten.web.tracks import track_of
from fjorten.web.words import capital

_STEP_ICONS: Final = {
    "new_time": "calendar",
    "check_and_call": "phone",
    "call_again": "phone",
    "nurse_takes_over": "envelope-closed",
    "discuss": "person-group",
    "home_visit": "house-heart",
    "leader_decides": "flag",
    "assess": "clipboard-checkmark",
    "leaders_list": "tasklist",
}


@dataclass(frozen=True, slots=True)
class Next:
    """What the case waits for. `sentences` say who acts and why, and who stands in."""

    icon: str
    what: str
    how: str
    sentences: tuple[str, ...]
    deadline: str
    tone: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A reason, and whether it has been given."""

    label: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class Measure:
    """A step of the ladder, and when it was done."""

    words: str
    is_done: bool
    on: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """The whole page. `notices` are said loudly above everything: that it waits, can be closed, is closed."""

    heading: str
    crumbs: tuple[Link, ...]
    child: str
    about: str
    language: str
    track: Track | None
    actions: tuple[Link, ...]
    others: tuple[Link, ...]
    notices: tuple[str, ...]
    next: Next | None
    do: tuple[Link, ...]
    entries: tuple[Event, ...]
    since: str
    reasons: tuple[Chip, ...]
    measures: tuple[Measure, ...]
    done: str
    duty: Duty | None


@dataclass(frozen=True, slots=True)
class ActPage:
    """
    The page of one act: the case it is done in, and the form's words. `seen` is the state of the case the form was made from, `is_wide`
    whether it has two columns.
    """

    heading: str
    crumbs: tuple[Link, ...]
    button: str
    case: CasePage
    back: str
    here: str
    seen: int
    hint: str
    is_wide: bool


def case_page(opened: OpenedCase) -> CasePage:
    """This function will turn a case into what its page shows."""
    case, person = opened.case, opened.person
    is_open = case.closed_at is None
    measures = tuple(_measures(opened))
    given = {entry.reason for entry in standing_entries(opened.entries)}
    return CasePage(
        heading=heading_of(opened),
        crumbs=(Link(words.name_of(person), address_of(person)),),
        child=f"{words.name_of(person)}, {words.age(person.born_on, on=opened.today)}",
        about=_about(opened),
        language=language_of(opened.family),
        track=track_of(opened.steps) if opened.steps else None,
        actions=tuple(_actions(opened)),
        others=tuple(_others(opened)),
        notices=tuple(_notices(opened)),
        next=_next(opened) if is_open else None,
        do=tuple(_do(opened)),
        entries=tuple(entries_of(opened)),
        since=_since(opened),
        reasons=tuple(Chip(capital(words.said(one.name)), one.code in given) for one in opened.ladder.reasons),
        measures=measures,
        done=gettext("%(done)d av %(all)d") % {"done": sum(one.is_done for one in measures), "all": len(measures)},
        duty=duty_of(opened) if opened.may_assess else None,
    )


def act_page(opened: OpenedCase, act: acts.Act) -> ActPage:
    """This function will turn a case, and what is to be done in it, into what the act's page shows."""
    hints = {
        acts.STEP.name: gettext("Et steg kan ikke fullføres uten at du setter det neste, eller lukker saken."),
        acts.ASSESS.name: gettext("Du vurderer, ikke systemet. Svaret skrives ned også når det er nei."),
        acts.PAUSE.name: gettext("Saken går videre av seg selv den dagen. Den blir ikke lukket."),
    }
    shown = case_page(opened)
    return ActPage(
        heading=str(act.heading),
        crumbs=(*shown.crumbs, Link(shown.heading, address_of_case(opened))),
        button=str(act.button),
        case=shown,
        back=address_of_case(opened),
        here=f"{reverse(f'case_{act.name}', args=[opened.person.public_id])}?{opened.request.GET.urlencode()}",
        seen=opened.case.changes,
        hint=hints.get(act.name, ""),
        is_wide=len(act.form.groups_asked) > 1,
    )


def _about(opened: OpenedCase) -> str:
    born_on = opened.person.born_on
    born = gettext("født %(day)s") % {"day": words.day(born_on)} if born_on else ""
    parts = [born, words.national_id(opened.number) if opened.number else ""]
    return words.in_line(parts)


def _actions(opened: OpenedCase) -> Iterable[Link]:
    if opened.may_assess:
        yield Link(gettext("Skriv ut"), reverse("chronology", args=[opened.person.public_id]), "printer")
    if opened.case.closed_at is None:
        yield link_to(opened, acts.CLOSE)


def _others(opened: OpenedCase) -> Iterable[Link]:
    for place, case in enumerate(opened.cases, start=1):
        if case != opened.case:
            state = gettext("lukket %(day)s") % {"day": words.day(case.closed_on)} if case.closed_on else gettext("åpen")
            label = gettext("Sak fra %(day)s, %(state)s") % {"day": words.day(case.opened_on), "state": state}
            yield Link(label, f"{reverse('case', args=[opened.person.public_id])}?{urlencode({'case': place})}")


def _notices(opened: OpenedCase) -> Iterable[str]:
    case = opened.case
    if case.closed_on is not None:
        why = reason_called(opened, case.closing)
        yield gettext("Saken ble lukket %(day)s: %(why)s.") % {"day": words.day(case.closed_on), "why": why}
        if case.watch_on is not None and case.watch_ended_at is None:
            yield gettext("Den følges videre, og ses på igjen %(day)s.") % {"day": words.day(case.watch_on)}
        return
    if opened.row.closable is not None:
        yield gettext("Saken %(why)s.") % {"why": words.on_screen(opened.row.closable.sentence)}
    if _is_paused(opened):
        said = {"day": words.day(case.paused_until or opened.today), "why": reason_called(opened, case.pause_reason)}
        yield gettext("Saken venter til %(day)s: %(why)s. Den går videre av seg selv da.") % said


def _is_paused(opened: OpenedCase) -> bool:
    until = opened.case.paused_until
    return opened.case.closed_at is None and until is not None and until > opened.today


def _next(opened: OpenedCase) -> Next:
    row, case = opened.row, opened.case
    what, how = in_two(row.step)
    day, beside = words.day(row.due_on), words.relative_day(row.due_on, today=opened.today)
    if row.because is Because.OWNER:
        acting = gettext("%(who)s har ansvaret.") % {"who": row.acts.name}
    else:
        acting = gettext("%(who)s gjør det nå (%(why)s).") % {"who": row.acts.name, "why": words.on_screen(row.because.words)}
    return Next(
        icon=_STEP_ICONS.get(row.step.code, "clipboard"),
        what=what,
        how=how,
        sentences=(acting, gettext("Stedfortreder er %(who)s.") % {"who": case.deputy.name}, words.on_screen(row.why_open)),
        deadline=gettext("frist %(when)s") % {"when": day if beside == day else f"{beside}, {day}"},
        tone=tone_of(row.due_on, today=opened.today),
    )


def _do(opened: OpenedCase) -> Iterable[Link]:
    case = opened.case
    if case.closed_at is not None:
        if case.watch_on is not None and case.watch_ended_at is None:
            yield link_to(opened, acts.WATCH, icon="eye")
            yield link_to(opened, acts.END_WATCH, icon="eye-slash")
        yield link_to(opened, acts.REOPEN, icon="arrow-undo")
        return
    if _is_paused(opened):
        yield link_to(opened, acts.RESUME)
        yield link_to(opened, acts.PAUSE, icon="pause", label=gettext("Endre ventetiden"))
    else:
        yield link_to(opened, acts.STEP)
        yield link_to(opened, acts.PAUSE, icon="pause")
    yield link_to(opened, acts.HAND_OVER, icon="person")


def _since(opened: OpenedCase) -> str:
    case = opened.case
    days = ((case.closed_on or opened.today) - case.opened_on).days
    if case.closed_on is not None:
        return ngettext("åpen i %(n)d dag", "åpen i %(n)d dager", days) % {"n": days}
    return ngettext("%(n)d dag siden saken ble åpnet", "%(n)d dager siden saken ble åpnet", days) % {"n": days}


def _measures(opened: OpenedCase) -> Iterable[Measure]:
    done = {entry.step: oslo_date(entry.done_at) for entry in standing_entries(opened.entries)}
    for step in opened.ladder.steps:
        waits = step.code == opened.case.next_step and opened.case.closed_at is None
        day = done.get(step.code) or (opened.row.due_on if waits else None)
        yield Measure(first_words(step), step.code in done, words.day(day) if day else "")
