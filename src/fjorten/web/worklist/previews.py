"""What is about to leave the house, as strings: for each child a time, and each message with whom it goes to, in which language and how."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext, gettext_lazy, ngettext

from fjorten.appointments.proposals import ChosenTime, Proposed, ProposedTime
from fjorten.kernel.times import oslo_date
from fjorten.ledger.worklist import Row
from fjorten.messages.models import Way
from fjorten.messages.outbox import in_sending_hours
from fjorten.messages.previews import Previewed
from fjorten.organisation.models import Employee
from fjorten.programme.steps import Definition, Setting
from fjorten.web import words
from fjorten.web.times import time_field, why_no_time
from fjorten.web.told import MessageShown, message_shown, note_on
from fjorten.web.worklist.asking import pick_of
from fjorten.web.worklist.outcomes import Outcome, outcome_of

_SETTINGS: Final = {Setting.HOME: gettext_lazy("hjemmebesøk"), Setting.CLINIC: "", Setting.GROUP: gettext_lazy("i gruppe")}


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
        time_and_place=words.in_line(parts),
        messages=tuple(message_shown(one) for one in previewed.messages),
        note=note_on(previewed),
        pick=pick_of(row),
        time=time_field(time.placement.need.planned_step, ChosenTime.of(slot)),
    )


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
    why = why_no_time(of.proposed)
    for row in of.rows:
        if row.planned is None:
            yield outcome_of(row, of.without_journal)
        elif row.planned.pk not in placed:
            yield outcome_of(row, why[row.planned.pk])
