"""A case as strings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, gettext_lazy, ngettext

from fjorten.access.permissions import Permission
from fjorten.followup.chronology import ChronologyLine
from fjorten.followup.contact import How, Interpreter, Outcome
from fjorten.followup.criteria import duty_to_report
from fjorten.followup.ladder import Owner
from fjorten.followup.models import Assessment, CaseEvent, CaseFact, OwedAnswer
from fjorten.followup.triggers import Trigger
from fjorten.kernel.times import oslo_date
from fjorten.messages.languages import languages
from fjorten.organisation.owners import Because
from fjorten.people.models import Person
from fjorten.web import words
from fjorten.web.case import acts
from fjorten.web.case.forms import first_words, in_two, may_be_corrected
from fjorten.web.case.opened import OpenedCase
from fjorten.web.families import capital, language_of
from fjorten.web.marks import Track
from fjorten.web.tracks import track_of

What = CaseEvent.What

_HEADINGS: Final = {
    Trigger.MISSED: gettext_lazy("Ikke møtt til %(step)s"),
    Trigger.PUT_OFF_IN_SERIES: gettext_lazy("Utsatt gang på gang: %(step)s"),
    Trigger.WINDOW_PASSED: gettext_lazy("Tidsrommet er over: %(step)s"),
    Trigger.NOTHING_BOOKED: gettext_lazy("Ingen time til %(step)s"),
    Trigger.LETTER_RETURNED: gettext_lazy("Brev kom i retur, %(step)s"),
    Trigger.NUMBER_DEAD: gettext_lazy("Telefonnummeret virker ikke, %(step)s"),
    Trigger.BY_HAND: gettext_lazy("Oppfølging av %(step)s"),
}
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
_HOW_ICONS: Final = {
    How.TELEPHONE: "phone",
    How.SMS: "chat",
    How.LETTER: "envelope-closed",
    How.HOME_VISIT: "house-heart",
    How.IN_PERSON: "person",
    How.REGISTER: "magnifying-glass",
    How.DISCUSSION: "person-group",
}
_ICONS: Final = {
    What.OPENED: "flag",
    What.STEP: "clipboard",
    What.MOVED: "trend-up",
    What.REASSIGNED: "person",
    What.PAUSED: "pause",
    What.RESUMED: "arrow-right",
    What.CLOSED: "checkmark-circle",
    What.REOPENED: "arrow-undo",
    What.WATCHED: "eye",
    What.WATCH_ENDED: "eye-slash",
    What.CORRECTED: "pencil-line",
}
_WHATS: Final = {
    What.OPENED: gettext_lazy("Saken ble åpnet"),
    What.MOVED: gettext_lazy("Saken ble flyttet opp på stigen"),
    What.REASSIGNED: gettext_lazy("Saken fikk ny ansvarlig"),
    What.PAUSED: gettext_lazy("Saken ble satt på vent"),
    What.RESUMED: gettext_lazy("Saken ble tatt opp igjen"),
    What.CLOSED: gettext_lazy("Saken ble lukket"),
    What.REOPENED: gettext_lazy("Saken ble åpnet igjen"),
    What.WATCHED: gettext_lazy("Saken følges videre"),
    What.WATCH_ENDED: gettext_lazy("Saken følges ikke lenger"),
}
# What one may ask oneself before an assessment: words to think with, never a score [default; the sketch's].
_QUESTIONS: Final = (
    gettext_lazy("Hva vet vi om barnet og omsorgen, fra egne møter?"),
    gettext_lazy("Har vi snakket med foreldrene på et språk de forstår?"),
    gettext_lazy("Kan familien ha flyttet eller reist?"),
    gettext_lazy("Følger andre opp barnet (fastlege, sykehus)?"),
    gettext_lazy("Har foreldrene fått vite hva barnevernet kan hjelpe med?"),
)


@dataclass(frozen=True, slots=True)
class Link:
    """A way to another page."""

    label: str
    href: str
    icon: str = ""


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
class Entry:
    """One thing that happened in the case."""

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
class Weighed:
    """One assessment: its heading, who made it and why, and what can be done with it."""

    heading: str
    words: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Owed:
    """An answer that is awaited."""

    name: str
    sub: str
    deadline: str
    tone: str
    href: str


@dataclass(frozen=True, slots=True)
class Duty:
    """The panel of the duty to report: what was weighed, newest first, and what is awaited. It answers nothing itself."""

    reference: str
    weighed: tuple[Weighed, ...]
    owed: tuple[Owed, ...]
    questions: tuple[str, ...]
    assess: Link


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
    entries: tuple[Entry, ...]
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


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the chronology."""

    at: str
    words: str
    by: str


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a column."""

    label: str


@dataclass(frozen=True, slots=True)
class ChronologyPage:
    """What is printed: everything about the child, oldest first."""

    heading: str
    lead: str
    crumbs: tuple[Link, ...]
    other: Link
    headings: tuple[Heading, ...]
    lines: tuple[Line, ...]


def case_page(opened: OpenedCase) -> CasePage:
    """This function will turn a case into what its page shows."""
    case, person = opened.case, opened.person
    is_open = case.closed_at is None
    measures = tuple(_measures(opened))
    given = {entry.reason for entry in _standing(opened.entries)}
    return CasePage(
        heading=_heading(opened),
        crumbs=(Link(words.name_of(person), reverse("child", args=[person.public_id])),),
        child=f"{words.name_of(person)}, {words.age(person.born_on, on=opened.today)}",
        about=_about(opened),
        language=language_of(opened.family),
        track=track_of(opened.steps) if opened.steps else None,
        actions=tuple(_actions(opened)),
        others=tuple(_others(opened)),
        notices=tuple(_notices(opened)),
        next=_next(opened) if is_open else None,
        do=tuple(_do(opened)),
        entries=tuple(_entries(opened)),
        since=_since(opened),
        reasons=tuple(Chip(capital(words.said(one.name)), one.code in given) for one in opened.ladder.reasons),
        measures=measures,
        done=gettext("%(done)d av %(all)d") % {"done": sum(one.is_done for one in measures), "all": len(measures)},
        duty=_duty(opened) if opened.may_assess else None,
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
        crumbs=(Link(child, reverse("child", args=[person.public_id])),),
        other=other,
        headings=(Heading(gettext("Når")), Heading(gettext("Hva")), Heading(gettext("Ført av"))),
        lines=tuple(Line(f"{words.day(line.on)} {words.clock(line.at)}", line.words, names.get(line.by, line.by)) for line in lines),
    )


def address_of_case(opened: OpenedCase) -> str:
    """This function will give the address of the page of a case: which of the child's it is, when there is more than one."""
    return _address(opened, "case")


def _address(opened: OpenedCase, name: str, **asked: int) -> str:
    chosen = ({"case": opened.place} if len(opened.cases) > 1 else {}) | asked
    address = reverse(name, args=[opened.person.public_id])
    return f"{address}?{urlencode(chosen)}" if chosen else address


def _link(opened: OpenedCase, act: acts.Act, *, icon: str = "", label: str = "", **asked: int) -> Link:
    return Link(label or str(act.button), _address(opened, f"case_{act.name}", **asked), icon)


def _step_name(opened: OpenedCase) -> str:
    planned = opened.case.planned_step
    definition = next((step.definition for step in opened.steps if step.planned.pk == planned.pk), None)
    return words.short_step(definition, planned.step)


def _heading(opened: OpenedCase) -> str:
    return str(_HEADINGS[Trigger(opened.case.trigger)]) % {"step": _step_name(opened)}


def _about(opened: OpenedCase) -> str:
    born_on = opened.person.born_on
    born = gettext("født %(day)s") % {"day": words.day(born_on)} if born_on else ""
    parts = [born, words.national_id(opened.number) if opened.number else ""]
    return " · ".join(part for part in parts if part)


def _actions(opened: OpenedCase) -> Iterable[Link]:
    if opened.may_assess:
        yield Link(gettext("Skriv ut"), reverse("chronology", args=[opened.person.public_id]), "printer")
    if opened.case.closed_at is None:
        yield _link(opened, acts.CLOSE)


def _others(opened: OpenedCase) -> Iterable[Link]:
    for place, case in enumerate(opened.cases, start=1):
        if case != opened.case:
            state = gettext("lukket %(day)s") % {"day": words.day(case.closed_on)} if case.closed_on else gettext("åpen")
            label = gettext("Sak fra %(day)s, %(state)s") % {"day": words.day(case.opened_on), "state": state}
            yield Link(label, f"{reverse('case', args=[opened.person.public_id])}?{urlencode({'case': place})}")


def _notices(opened: OpenedCase) -> Iterable[str]:
    case = opened.case
    if case.closed_on is not None:
        why = _reason(opened, case.closing)
        yield gettext("Saken ble lukket %(day)s: %(why)s.") % {"day": words.day(case.closed_on), "why": why}
        if case.watch_on is not None and case.watch_ended_at is None:
            yield gettext("Den følges videre, og ses på igjen %(day)s.") % {"day": words.day(case.watch_on)}
        return
    if opened.row.closable is not None:
        yield gettext("Saken %(why)s.") % {"why": opened.row.closable.sentence}
    if _is_paused(opened):
        said = {"day": words.day(case.paused_until or opened.today), "why": _reason(opened, case.pause_reason)}
        yield gettext("Saken venter til %(day)s: %(why)s. Den går videre av seg selv da.") % said


def _is_paused(opened: OpenedCase) -> bool:
    until = opened.case.paused_until
    return opened.case.closed_at is None and until is not None and until > opened.today


def _next(opened: OpenedCase) -> Next:
    row, case = opened.row, opened.case
    what, how = in_two(row.step)
    days = (row.due_on - opened.today).days
    day, beside = words.day(row.due_on), words.relative_day(row.due_on, today=opened.today)
    if row.because is Because.OWNER:
        acting = gettext("%(who)s har ansvaret.") % {"who": row.acts.name}
    else:
        acting = gettext("%(who)s gjør det nå (%(why)s).") % {"who": row.acts.name, "why": row.because.words}
    return Next(
        icon=_STEP_ICONS.get(row.step.code, "clipboard"),
        what=what,
        how=how,
        sentences=(acting, gettext("Stedfortreder er %(who)s.") % {"who": case.deputy.name}, row.why_open),
        deadline=gettext("frist %(when)s") % {"when": day if beside == day else f"{beside}, {day}"},
        tone="miss" if days < 0 else "late" if days <= 1 else "",
    )


def _do(opened: OpenedCase) -> Iterable[Link]:
    case = opened.case
    if case.closed_at is not None:
        if case.watch_on is not None and case.watch_ended_at is None:
            yield _link(opened, acts.WATCH, icon="eye")
            yield _link(opened, acts.END_WATCH, icon="eye-slash")
        yield _link(opened, acts.REOPEN, icon="arrow-undo")
        return
    if _is_paused(opened):
        yield _link(opened, acts.RESUME)
        yield _link(opened, acts.PAUSE, icon="pause", label=gettext("Endre ventetiden"))
    else:
        yield _link(opened, acts.STEP)
        yield _link(opened, acts.PAUSE, icon="pause")
    yield _link(opened, acts.HAND_OVER, icon="person")


def _since(opened: OpenedCase) -> str:
    case = opened.case
    days = ((case.closed_on or opened.today) - case.opened_on).days
    if case.closed_on is not None:
        return ngettext("åpen i %(n)d dag", "åpen i %(n)d dager", days) % {"n": days}
    return ngettext("%(n)d dag siden saken ble åpnet", "%(n)d dager siden saken ble åpnet", days) % {"n": days}


def _entries(opened: OpenedCase) -> Iterable[Entry]:
    """Tell what happened, newest first: the facts behind the case among what people did."""
    told = [(entry.done_at, entry.pk, _entry(opened, entry, place)) for place, entry in enumerate(opened.entries, start=1)]
    facts = [(fact.since, fact.pk, _fact(opened, fact)) for fact in opened.facts if fact.trigger != Trigger.BY_HAND]
    of_days = [((oslo_date(at), 1, at.timestamp(), pk), shown) for at, pk, shown in told]
    of_days += [((since, 0, 0.0, pk), shown) for since, pk, shown in facts]
    return (shown for _, shown in sorted(of_days, key=lambda pair: pair[0], reverse=True))


def _fact(opened: OpenedCase, fact: CaseFact) -> Entry:
    trigger = Trigger(fact.trigger)
    is_missed = trigger is Trigger.MISSED
    return Entry(
        heading=str(_HEADINGS[trigger]) % {"step": _step_name(opened)},
        at=words.day(fact.since),
        words=trigger.sentence if not is_missed else "",
        by="",
        icon="information-square",
        mark="missed" if is_missed else "",
        tone="miss" if is_missed else "warn",
    )


def _entry(opened: OpenedCase, entry: CaseEvent, place: int) -> Entry:
    what = What(entry.what)
    is_step = what in (What.STEP, What.CORRECTED)
    is_replaced = hasattr(entry, "corrected_by")
    may_correct = may_be_corrected(entry) and opened.request.staff.may(Permission.FOLLOW_UP)
    return Entry(
        heading=_entry_heading(opened, entry, is_replaced=is_replaced),
        at=f"{words.day(oslo_date(entry.done_at))} {words.clock(entry.done_at)}",
        words=" ".join(part for part in (_said(opened, entry), _note(opened, entry)) if part),
        by=opened.names.get(entry.by, _machine(entry.by)),
        icon=_HOW_ICONS.get(How(entry.how), "clipboard") if entry.how else _ICONS[what],
        tone="warn" if is_step and entry.outcome == Outcome.NO_CONTACT else "",
        language=_spoken(entry),
        href=_address(opened, f"case_{acts.CORRECT.name}", entry=place) if may_correct else "",
        link=gettext("Rett") if may_correct else "",
    )


def _machine(who: str) -> str:
    return gettext("systemet") if who in ("nattkjøring", "systemet") else who


def _entry_heading(opened: OpenedCase, entry: CaseEvent, *, is_replaced: bool) -> str:
    what = What(entry.what)
    if what not in (What.STEP, What.CORRECTED):
        return str(_WHATS[what])
    step = next((first_words(step) for step in opened.ladder.steps if step.code == entry.step), entry.step)
    heading = gettext("Rettet: %(step)s") % {"step": step} if what is What.CORRECTED else step
    return gettext("%(step)s (rettet senere)") % {"step": heading} if is_replaced else heading


def _said(opened: OpenedCase, entry: CaseEvent) -> str:
    """Put the entry's own words in a sentence: the outcome first, then how, and the reason."""
    if entry.what == What.PAUSED and entry.until_on is not None:
        return gettext("Til %(day)s: %(why)s.") % {"day": words.day(entry.until_on), "why": _reason(opened, entry.reason)}
    if entry.what == What.CLOSED:
        return f"{capital(_reason(opened, entry.reason))}."
    if entry.what not in (What.STEP, What.CORRECTED):
        return ""
    said = [Outcome(entry.outcome).words if entry.outcome else "", How(entry.how).words if entry.how else ""]
    said.append(Interpreter(entry.interpreter).words if entry.interpreter else "")
    sentence = capital(", ".join(part for part in said if part))
    why = gettext("Grunn: %(why)s.") % {"why": _reason(opened, entry.reason)} if entry.reason else ""
    return " ".join(part for part in (f"{sentence}." if sentence else "", why) if part)


def _note(opened: OpenedCase, entry: CaseEvent) -> str:
    """Show a note to those who read the journal's; to others their own, a machine's, and what stands on the clerk's own steps [default]."""
    if not entry.note or (entry.what == What.OPENED and entry.reason != Trigger.BY_HAND):  # the facts stand for themselves
        return ""
    clerks = {step.code for step in opened.ladder.steps if step.who in (Owner.SYSTEM, Owner.CLERK)}
    is_theirs = entry.by == opened.request.staff.who or entry.step in clerks or entry.by not in opened.names
    return entry.note if opened.may_assess or is_theirs else gettext("Notatet vises bare for helsepersonell og leder.")


def _spoken(entry: CaseEvent) -> str:
    return languages()[entry.language].norwegian if entry.language in languages() and entry.language not in {"nb", "nn", "no"} else ""


def _reason(opened: OpenedCase, code: str) -> str:
    ladder = opened.ladder
    known = {one.code: words.said(one.name) for one in (*ladder.reasons, *ladder.pauses, *ladder.closings)}
    return known.get(code, code)


def _standing(entries: Sequence[CaseEvent]) -> list[CaseEvent]:
    """The steps as they stand: what was corrected is left out, and the correction counts."""
    return [entry for entry in entries if entry.what in (What.STEP, What.CORRECTED) and not hasattr(entry, "corrected_by")]


def _measures(opened: OpenedCase) -> Iterable[Measure]:
    done = {entry.step: oslo_date(entry.done_at) for entry in _standing(opened.entries)}
    for step in opened.ladder.steps:
        waits = step.code == opened.case.next_step and opened.case.closed_at is None
        day = done.get(step.code) or (opened.row.due_on if waits else None)
        yield Measure(first_words(step), step.code in done, words.day(day) if day else "")


def _duty(opened: OpenedCase) -> Duty:
    return Duty(
        reference=gettext("hpl. § 33, bvl. § 13-2"),
        weighed=tuple(_weighed(opened, one, place) for place, one in enumerate(opened.assessments, start=1)),
        owed=tuple(_owed(opened, answer, place) for place, answer in enumerate(opened.awaited, start=1)),
        questions=tuple(str(question) for question in _QUESTIONS),
        assess=_link(opened, acts.ASSESS, label=gettext("Ny vurdering")),
    )


def _weighed(opened: OpenedCase, one: Assessment, place: int) -> Weighed:
    is_corrected = hasattr(one, "corrected_by")
    answer = gettext("plikt til å melde") if one.duty_to_report else gettext("ikke plikt til å melde")
    heading = gettext("Vurdert %(day)s: %(answer)s") % {"day": words.day(one.assessed_on), "answer": answer}
    letters = {criterion.code: words.said(criterion.name) for criterion in duty_to_report().criteria}
    parts = [gettext("Rettet senere.") if is_corrected else "", f"{one.assessed_by.name}.", one.grounds]
    parts += [f"{letter}) {letters.get(letter, '')}." for letter in one.criteria]
    if one.report_sent_at is not None:
        parts.append(gettext("Meldingen ble sendt %(day)s.") % {"day": words.day(oslo_date(one.report_sent_at))})
    links = []
    if not is_corrected:
        if one.duty_to_report and one.report_sent_at is None:
            links.append(_link(opened, acts.REPORT, label=gettext("Meldingen er sendt"), assessment=place))
        links.append(_link(opened, acts.ASSESS, label=gettext("Rett vurderingen"), assessment=place))
    answers = [_received(answer) for answer in one.owed_answers.all() if answer.received_on is not None]
    return Weighed(heading, " ".join(part for part in (*parts, *answers) if part), tuple(links))


def _received(answer: OwedAnswer) -> str:
    day = words.day(answer.received_on) if answer.received_on else ""
    return gettext("Svar %(day)s: %(content)s") % {"day": day, "content": answer.content}


def _owed(opened: OpenedCase, answer: OwedAnswer, place: int) -> Owed:
    is_late, is_near = answer.due_on < opened.today, answer.due_on <= opened.today + timedelta(days=1)
    return Owed(
        name=capital(answer.get_what_display()),
        sub=gettext("%(who)s følger det opp") % {"who": answer.owner.name},
        deadline=words.relative_day(answer.due_on, today=opened.today),
        tone="miss" if is_late else "late" if is_near else "",
        href=_address(opened, f"case_{acts.ANSWER.name}", answer=place),
    )
