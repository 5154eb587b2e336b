"""What is about to leave the house, as strings: for each child a time, and each message with whom it goes to, in which language and how."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext, gettext_lazy, ngettext

from fjorten.appointments.needs import ByHandBecause
from fjorten.appointments.placing import WhyNot
from fjorten.appointments.proposals import ChosenTime, Proposed, ProposedTime
from fjorten.kernel.times import oslo_date
from fjorten.ledger.worklist import Row
from fjorten.messages.addressees import Manual
from fjorten.messages.languages import languages
from fjorten.messages.models import Way
from fjorten.messages.outbox import in_sending_hours
from fjorten.messages.previews import Preview, Previewed
from fjorten.messages.tasks import BY_MANUAL, SENTENCES, TaskReason
from fjorten.organisation.models import Employee
from fjorten.programme.steps import Definition, Setting
from fjorten.web import words
from fjorten.web.words import capital
from fjorten.web.worklist.asking import pick_of, time_field
from fjorten.web.worklist.outcomes import Outcome, outcome_of

_WAYS: Final = {Way.SMS: gettext_lazy("SMS"), Way.EMAIL: gettext_lazy("E-post"), Way.LETTER: gettext_lazy("Brev")}
_SETTINGS: Final = {Setting.HOME: gettext_lazy("hjemmebesøk"), Setting.CLINIC: "", Setting.GROUP: gettext_lazy("i gruppe")}
_WHY_NOT: Final = {
    WhyNot.NO_SUCH_TIME: gettext_lazy("Ingen slik tid er åpnet i dagene som passer. Åpne flere timer, eller finn en time for hånd."),
    WhyNot.ONLY_SHORTER_TIMES: gettext_lazy("Det er bare kortere tider enn konsultasjonen trenger. Åpne lengre tider."),
    WhyNot.CHILD_IS_ELSEWHERE: gettext_lazy("Barnet har en annen time på de ledige tidene."),
    WhyNot.TAKEN_BY_OTHERS: gettext_lazy("Tidene gikk til barn som haster mer. Åpne flere timer."),
}
_BY_HAND: Final = {
    ByHandBecause.CHILD_IS_PROTECTED: gettext_lazy("Barnet er skjermet. Det navngitte teamet setter opp timen."),
    ByHandBecause.GUARDIAN_IS_PROTECTED: gettext_lazy("En av de foresatte er skjermet. Sett opp timen for hånd."),
    ByHandBecause.FAMILY_IS_LEFT_IN_PEACE: gettext_lazy("Familien skal være i fred nå. Se når meldingene går igjen."),
    ByHandBecause.LATER_STEP_IS_DUE: gettext_lazy(
        "Neste konsultasjon er også aktuell. Vurder om de kan tas sammen, og sett opp timen for hånd."
    ),
    ByHandBecause.PROGRAMME_HAS_ENDED: gettext_lazy("Barnet er for gammelt for programmet. Avslutt planen, eller sett opp timen for hånd."),
    ByHandBecause.STEP_IS_UNKNOWN: gettext_lazy("Konsultasjonen finnes ikke i programmet lenger. Sett opp timen for hånd."),
}


@dataclass(frozen=True, slots=True)
class MessageShown:
    """One message as it would be sent."""

    to: str
    language: str
    lang: str
    dir: str
    channel: str
    parts: str
    text: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """One child's time and messages. `pick` and `time` are what the form sends back; `note` is said when somebody must tell the family."""

    id: str
    name: str
    time_and_place: str
    messages: tuple[MessageShown, ...]
    note: str
    pick: str
    time: str


@dataclass(frozen=True, slots=True)
class InvitePage:
    """The whole page. `total` counts what leaves the house, `when` says when it does."""

    lead: str
    total: str
    when: str
    invitations: tuple[Invitation, ...]
    left: tuple[Outcome, ...]
    send: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitations:
    """What the page is made of: the picked rows, the times proposed, and what would be sent."""

    rows: Sequence[Row]
    proposed: Proposed
    previews: Mapping[str, Previewed]
    employees: Mapping[int, Employee]
    definition: Definition
    without_journal: str
    at: datetime


def invitations(of: Invitations, *, on: date) -> InvitePage:
    """This function will turn proposed times and messages into what is shown before they are sent."""
    times = {one.placement.need.planned_step: one for one in of.proposed.times}
    shown = tuple(_invitation(row, times[row.planned.pk], of) for row in of.rows if row.planned is not None and row.planned.pk in times)
    number = len(shown)
    return InvitePage(
        lead=gettext("Ingenting er satt opp eller sendt ennå."),
        total=_total(of.previews.values()),
        when=_when(of.at, on),
        invitations=shown,
        left=tuple(_left(of, set(times))),
        send=ngettext("Sett opp timen og send", "Sett opp %(n)d timer og send", number) % {"n": number},
    )


def _invitation(row: Row, time: ProposedTime, of: Invitations) -> Invitation:
    slot, previewed = time.placement.slot, of.previews[time.told.key]
    step = next((one for one in of.definition.steps if one.code == time.placement.need.step), None)
    parts = (
        words.step_name(step, time.placement.need.step),
        words.when(slot.begins_at),
        of.employees[slot.employee_id].name if slot.employee_id in of.employees else "",
        str(_SETTINGS[slot.setting]),
        gettext("tolk må bestilles") if time.placement.need.needs_interpreter else "",
    )
    return Invitation(
        id=f"child-{row.planned.pk if row.planned else 0}",
        name=words.name_of(row.person),
        time_and_place=" · ".join(part for part in parts if part),
        messages=tuple(_message(one) for one in previewed.messages),
        note=_note(previewed),
        pick=pick_of(row),
        time=time_field(time.placement.need.planned_step, ChosenTime.of(slot)),
    )


def _message(one: Preview) -> MessageShown:
    known, composed = languages(), one.composed
    language = capital(known[composed.language].norwegian)
    if composed.wanted != composed.language:
        wanted = known[composed.wanted].norwegian if composed.wanted in known else composed.wanted
        language = gettext("%(language)s (ingen godkjent tekst på %(wanted)s)") % {"language": language, "wanted": wanted}
    return MessageShown(
        to=one.told.reach.adult.name or gettext("Foresatt"),
        language=language,
        lang=composed.language,
        dir="rtl" if composed.is_right_to_left else "ltr",
        channel=str(_WAYS[one.told.way]),
        parts=ngettext("%(n)d SMS", "%(n)d SMS-deler", one.parts) % {"n": one.parts} if one.parts else "",
        text=one.text,
    )


def _note(previewed: Previewed) -> str:
    if previewed.cannot_be_written:
        return SENTENCES[TaskReason.NO_TEXT][0]
    if isinstance(previewed.instead, Manual):
        return SENTENCES[BY_MANUAL[previewed.instead]][0]
    if previewed.instead is not None:
        return gettext("Ingen melding går ut: barnet bor eller oppholder seg ikke her.")
    if previewed.waits_until is not None:
        return gettext("Familien skal være i fred til %(day)s. Meldingen går da.") % {"day": words.day(previewed.waits_until)}
    return ""


def _total(previews: Iterable[Previewed]) -> str:
    """Count what leaves the house: how many of each kind, and how many SMS these are counted as."""
    written = [one for previewed in previews for one in previewed.messages]
    ways = Counter(one.told.way for one in written)
    parts = sum(one.parts for one in written)
    said = [
        gettext("%(n)d SMS (%(parts)d deler)") % {"n": ways[Way.SMS], "parts": parts} if ways[Way.SMS] else "",
        gettext("%(n)d e-post") % {"n": ways[Way.EMAIL]} if ways[Way.EMAIL] else "",
        gettext("%(n)d brev") % {"n": ways[Way.LETTER]} if ways[Way.LETTER] else "",
    ]
    return ", ".join(part for part in said if part) or gettext("Ingen meldinger går ut.")


def _when(at: datetime, on: date) -> str:
    goes_at = in_sending_hours(at)
    if goes_at == at:
        return gettext("Meldingene går ut med en gang. Påminnelser går tre dager og én dag før.")
    day = words.relative_day(oslo_date(goes_at), today=on)
    return gettext("Meldingene går ut %(day)s kl. %(clock)s. Påminnelser går tre dager og én dag før.") % {
        "day": day,
        "clock": words.clock(goes_at),
    }


def _left(of: Invitations, placed: set[int]) -> Iterable[Outcome]:
    """List the picked children that get no time, and why."""
    why = {one.need.planned_step: str(_WHY_NOT[one.why]) for one in of.proposed.unplaced}
    why |= {one.planned_step: str(_BY_HAND[one.because]) for one in of.proposed.by_hand}
    not_now = gettext("Barnet har alt en time, eller saken er satt på vent til senere.")
    for row in of.rows:
        if row.planned is None:
            yield outcome_of(row, of.without_journal)
        elif row.planned.pk not in placed:
            yield outcome_of(row, why.get(row.planned.pk, not_now))
