"""What the clinic cancelled and gave no other time for: the list, with a time proposed for each, and the times given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from fjorten.access.permissions import Permission
from fjorten.appointments.actions.inviting import offer_chosen
from fjorten.appointments.models import Appointment
from fjorten.appointments.proposals import ChosenTime, ProposedTime, times_for
from fjorten.appointments.queries import appointments_to_rebook
from fjorten.care_relations.relations import children_shown_to
from fjorten.followup.queries import cases_that_bear_on_times
from fjorten.kernel.refusals import Refused
from fjorten.kernel.times import oslo_date
from fjorten.ledger.tracks import StandingStep, tracks_of
from fjorten.messages.previews import Previewed, previews_of
from fjorten.organisation.models import Employee
from fjorten.organisation.responsibility import staff_on
from fjorten.web import words
from fjorten.web.calendar.naming import address_of_times
from fjorten.web.children import address_of
from fjorten.web.edge import StaffRequest
from fjorten.web.gate import may
from fjorten.web.looking import look_at_each, look_through
from fjorten.web.receipts import Receipt, give_receipt
from fjorten.web.shown import ByName
from fjorten.web.times import TIME, time_field, times_shown, why_no_time
from fjorten.web.told import WAYS, message_shown, note_on

MOST: Final = 100  # rows on the page, the most urgent first: as lists have [default]


@dataclass(frozen=True, slots=True)
class Row(ByName):
    """One child that is to have another time. `time` is what the form sends to give it the one proposed, "" when there is none."""

    name: str
    address: str
    was: str
    proposed: str
    told: str
    time: str
    choose: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A child, and the sentence why it got no time."""

    name: str
    address: str
    words: str


@dataclass(frozen=True, slots=True)
class RebookPage:
    """The whole page. `refused` are those whose time could not be given just now, and why."""

    lead: str
    rows: tuple[Row, ...]
    times: tuple[tuple[str, str], ...]
    give_all: str
    refused: tuple[Refusal, ...]


@require_http_methods(["GET", "POST"])
@may(Permission.BOOK)
def rebook(request: StaffRequest) -> HttpResponse:
    """Show who is to have another time, with the best one for each and how the family is told; and give those that are sent."""
    refused: list[Refusal] = []
    if request.method == "POST":
        rows = _rows(request)
        shown = times_shown(request.POST.getlist(TIME))
        wanted = [row for row in rows if row.planned_step_id in shown]
        seen = look_at_each(request, [row.person for row in wanted], page="rebook")
        number = _give(request, [row for row in wanted if row.person_id in seen], shown, refused)
        if not refused:
            give_receipt(request, Receipt(_given(number)))
            return redirect("rebook")
    page = _page(request, refused)
    return render(request, "calendar/rebook.html", {"page": page}, status=409 if refused else 200)


def _rows(request: StaffRequest) -> list[Appointment]:
    waiting = appointments_to_rebook(municipality=request.staff.municipality, on=request.today)
    return list(waiting.filter(person__in=children_shown_to(request.staff, at=request.at)))


def _give(request: StaffRequest, rows: Sequence[Appointment], shown: Mapping[int, ChosenTime], refused: list[Refusal]) -> int:
    """Give each its time, and tell how many got theirs: one refusal stops nobody else."""
    fast, paused = cases_that_bear_on_times(municipality=request.staff.municipality, on=request.today)
    by, number = request.staff.actor(using=Permission.BOOK), 0
    for row in rows:
        chosen = shown[row.planned_step_id]
        try:
            offer_chosen(planned_step=row.planned_step, chosen=chosen, fast=fast, paused_steps=paused, by=by, at=request.at)
        except Refused as refusal:
            refused.append(Refusal(words.name_of(row.person), address_of(row.person), words.refusal(refusal)))
        else:
            number += 1
    return number


def _page(request: StaffRequest, refused: Sequence[Refusal]) -> RebookPage:
    municipality, on = request.staff.municipality, request.today
    everybody = _rows(request)
    rows = everybody[:MOST]
    look_through(request, "rebook", rows=len(rows))
    fast, paused = cases_that_bear_on_times(municipality=municipality, on=on)
    steps = [row.planned_step_id for row in rows]
    proposed = times_for(steps, municipality=municipality, on=on, at=request.at, fast=fast, paused_steps=paused)
    previews = previews_of([one.told for one in proposed.times], on=on)
    reader = _Reader(
        times={one.placement.need.planned_step: one for one in proposed.times},
        why=why_no_time(proposed),
        previews=previews,
        employees=staff_on(municipality=municipality, on=on).employees,
        steps=tracks_of([row.person_id for row in rows], municipality=municipality, on=on),
    )
    lines = tuple(reader.row(row) for row in rows)
    times = tuple((TIME, line.time) for line in lines if line.time)
    return RebookPage(
        lead=_lead(len(everybody)),
        rows=lines,
        times=times,
        give_all=_give_all(len(times)),
        refused=tuple(refused),
    )


def _given(number: int) -> str:
    if not number:
        return gettext("Ingenting er gjort: barna står ikke på listen lenger.")
    said = ngettext("%(n)d time er satt opp. Familien får beskjed.", "%(n)d timer er satt opp. Familiene får beskjed.", number)
    return said % {"n": number}


def _give_all(number: int) -> str:
    said = ngettext("Sett opp %(n)d foreslått time", "Sett opp alle %(n)d foreslåtte timer", number)
    return said % {"n": number} if number else ""


def _lead(number: int) -> str:
    if number > MOST:
        return gettext("%(n)s barn skal ha ny tid. Her er de %(most)d som haster mest.") % {"n": words.number(number), "most": MOST}
    said = ngettext("%(n)d barn skal ha ny tid etter at vi avlyste.", "%(n)d barn skal ha ny tid etter at vi avlyste.", number)
    return said % {"n": number}


@dataclass(frozen=True, slots=True)
class _Reader:
    """What every row is read with."""

    times: Mapping[int, ProposedTime]
    why: Mapping[int, str]
    previews: Mapping[str, Previewed]
    employees: Mapping[int, Employee]
    steps: Mapping[int, Sequence[StandingStep]]

    def row(self, row: Appointment) -> Row:
        time = self.times.get(row.planned_step_id)
        places = {step.planned.pk: (place, step) for place, step in enumerate(self.steps[row.person_id], start=1)}
        place, step = places.get(row.planned_step_id, (0, None))
        return Row(
            name=words.name_of(row.person),
            address=address_of(row.person),
            was=words.in_line([words.step_name(step.definition if step else None, row.planned_step.step), _was(row)]),
            proposed=self._time(time) if time else self.why.get(row.planned_step_id, ""),
            told=_told(self.previews[time.told.key]) if time else "",
            time=time_field(row.planned_step_id, ChosenTime.of(time.placement.slot)) if time else "",
            choose=address_of_times(row.person, place) if place else "",
        )

    def _time(self, time: ProposedTime) -> str:
        slot = time.placement.slot
        who = [self.employees[pk].name for pk in (slot.employee_id, slot.doctor_id) if pk is not None and pk in self.employees]
        interpreter = gettext("tolk må bestilles") if time.placement.need.needs_interpreter else ""
        return words.in_line([words.when(slot.begins_at), *who, interpreter])


def _was(row: Appointment) -> str:
    when = gettext("timen %(day)s er avlyst") % {"day": words.short_day(oslo_date(row.begins_at))}
    return f"{when}: {row.state_reason}" if row.state_reason else when


def _told(previewed: Previewed) -> str:
    """Say how the family is told: «SMS på polsk til Marta»."""
    said = []
    for one in previewed.messages:
        name, language = one.told.reach.adult.name or gettext("foresatt"), words.within(message_shown(one).language)
        said.append(gettext("%(way)s på %(language)s til %(name)s") % {"way": WAYS[one.told.way], "language": language, "name": name})
    return words.in_line([*said, note_on(previewed)])
