"""What happened in a case, as its page tells it."""

from collections.abc import Iterable, Sequence
from typing import Final

from django.utils.translation import gettext, gettext_lazy

from fjorten.access.permissions import Permission
from fjorten.followup.contact import How, Interpreter, Outcome
from fjorten.followup.models import CaseEvent, CaseFact
from fjorten.followup.notes import Noted, may_read_note
from fjorten.followup.triggers import Trigger, sentences_in
from fjorten.kernel.times import oslo_date
from fjorten.web import words
from fjorten.web.case import acts
from fjorten.web.case.forms import first_words, may_be_corrected
from fjorten.web.case.naming import FACTS, address_in, reason_called, step_called
from fjorten.web.case.opened import OpenedCase
from fjorten.web.families import foreign
from fjorten.web.shown import Event
from fjorten.web.words import capital

What = CaseEvent.What


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


def entries_of(opened: OpenedCase) -> Iterable[Event]:
    """This function will tell what happened, newest first: the facts behind the case among what people did."""
    told = [(entry.done_at, entry.pk, _entry(opened, entry, place)) for place, entry in enumerate(opened.entries, start=1)]
    facts = [(fact.since, fact.pk, _fact(opened, fact)) for fact in opened.facts if fact.trigger != Trigger.BY_HAND]
    of_days = [((oslo_date(at), 1, at.timestamp(), pk), shown) for at, pk, shown in told]
    of_days += [((since, 0, 0.0, pk), shown) for since, pk, shown in facts]
    return (shown for _, shown in sorted(of_days, key=lambda pair: pair[0], reverse=True))


def _fact(opened: OpenedCase, fact: CaseFact) -> Event:
    trigger = Trigger(fact.trigger)
    is_missed = trigger is Trigger.MISSED
    return Event(
        heading=str(FACTS[trigger]) % {"step": step_called(opened)},
        at=words.day(fact.since),
        words=words.on_screen(trigger.sentence) if not is_missed else "",
        by="",
        icon="information-square",
        mark="missed" if is_missed else "",
        tone="miss" if is_missed else "warn",
    )


def _entry(opened: OpenedCase, entry: CaseEvent, place: int) -> Event:
    what = What(entry.what)
    is_step = what in (What.STEP, What.CORRECTED)
    is_replaced = hasattr(entry, "corrected_by")
    may_correct = may_be_corrected(entry) and opened.request.staff.may(Permission.FOLLOW_UP)
    told, note = _note(opened, entry)
    return Event(
        heading=_entry_heading(opened, entry, is_replaced=is_replaced),
        at=f"{words.day(oslo_date(entry.done_at))} {words.clock(entry.done_at)}",
        words=" ".join(part for part in (_said(opened, entry), told) if part),
        by=opened.names.get(entry.by, _machine(entry.by)),
        icon=_HOW_ICONS.get(How(entry.how), "clipboard") if entry.how else _ICONS[what],
        tone="warn" if is_step and entry.outcome == Outcome.NO_CONTACT else "",
        language=foreign(entry.language),
        href=address_in(opened, f"case_{acts.CORRECT.name}", entry=place) if may_correct else "",
        link=gettext("Rett") if may_correct else "",
        note=note,
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
        return gettext("Til %(day)s: %(why)s.") % {"day": words.day(entry.until_on), "why": reason_called(opened, entry.reason)}
    if entry.what == What.CLOSED:
        return f"{capital(reason_called(opened, entry.reason))}."
    if entry.what not in (What.STEP, What.CORRECTED):
        return ""
    said = [Outcome(entry.outcome).words if entry.outcome else "", How(entry.how).words if entry.how else ""]
    said.append(Interpreter(entry.interpreter).words if entry.interpreter else "")
    sentence = capital(", ".join(words.on_screen(part) for part in said if part))
    why = gettext("Grunn: %(why)s.") % {"why": reason_called(opened, entry.reason)} if entry.reason else ""
    return " ".join(part for part in (f"{sentence}." if sentence else "", why) if part)


def _note(opened: OpenedCase, entry: CaseEvent) -> tuple[str, str]:
    """Tell what the system says beyond the entry itself, and what a person wrote."""
    if not entry.note or (entry.what == What.OPENED and entry.reason != Trigger.BY_HAND):  # the facts stand for themselves
        return "", ""
    step_of = next((step.who for step in opened.ladder.steps if step.code == entry.step), None)
    noted = Noted(entry.by, by_an_employee=entry.by in opened.names, step_of=step_of)
    if may_read_note(noted, who=opened.request.staff.who, reads_journals=opened.may_assess):
        is_persons = entry.by in opened.names
        return ("", entry.note) if is_persons else (words.on_screen(sentences_in(entry.note)), "")
    return gettext("Notatet vises bare for helsepersonell og leder."), ""


def standing_entries(entries: Sequence[CaseEvent]) -> list[CaseEvent]:
    """This function will give the steps as they stand: what was corrected is left out, and the correction counts."""
    return [entry for entry in entries if entry.what in (What.STEP, What.CORRECTED) and not hasattr(entry, "corrected_by")]
