"""Giving picked children times: proposed and shown with every message that would go out, and booked only when somebody has seen it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from fjorten.access.permissions import Permission
from fjorten.appointments.actions.inviting import offer_chosen
from fjorten.appointments.proposals import times_for
from fjorten.followup.queries import cases_that_bear_on_times
from fjorten.kernel.refusals import Refused
from fjorten.ledger.worklist import Row
from fjorten.messages.previews import previews_of
from fjorten.organisation.responsibility import staff_on
from fjorten.plans.programmes import programmes_of
from fjorten.web import words
from fjorten.web.edge import StaffRequest
from fjorten.web.gate import may
from fjorten.web.times import TIME, times_shown
from fjorten.web.worklist.acting import nothing_picked
from fjorten.web.worklist.outcomes import answer, one_at_a_time
from fjorten.web.worklist.picks import back_to_list, fields_of_list, picked_rows
from fjorten.web.worklist.previews import Invitations, invitations


class NoTimeWasShown(Refused):
    """No time was shown for the child, so none is booked."""

    sentence = "Ingen tid er vist for dette barnet. Se forslagene på nytt."


class NeedsAJournalFirst(Refused):
    """A child without a journal is given no time."""

    sentence = "Opprett journal først. Da får barnet plan og time."


@require_POST
@may(Permission.BOOK)
def invite(request: StaffRequest) -> HttpResponse:
    """Show the best free time for each picked child and what each family would be sent, before anything is booked or sent."""
    rows = picked_rows(request, page="invite")
    if not rows:
        return nothing_picked(request)
    municipality, on = request.staff.municipality, request.today
    fast, paused = cases_that_bear_on_times(municipality=municipality, on=on)
    steps = [row.planned.pk for row in rows if row.planned is not None]
    proposed = times_for(steps, municipality=municipality, on=on, at=request.at, fast=fast, paused_steps=paused)
    page = invitations(
        Invitations(
            rows=rows,
            proposed=proposed,
            previews=previews_of([one.told for one in proposed.times], on=on),
            employees=staff_on(municipality=municipality, on=on).employees,
            definition=programmes_of(municipality).on(on),
            without_journal=words.on_screen(NeedsAJournalFirst.sentence),
            at=request.at,
        ),
        on=on,
    )
    return render(request, "worklist/invite.html", {"page": page, "fields": fields_of_list(request), "back": back_to_list(request)})


@require_POST
@may(Permission.BOOK)
def send(request: StaffRequest) -> HttpResponse:
    """Book the times that were shown. What each family is told follows from that, as it was shown."""
    rows, by = picked_rows(request, page="invite"), request.staff.actor(using=Permission.BOOK)
    if not rows:
        return nothing_picked(request)
    fast, paused = cases_that_bear_on_times(municipality=request.staff.municipality, on=request.today)
    shown = times_shown(request.POST.getlist(TIME))

    def booked(row: Row) -> str:
        if row.planned is None:
            raise NeedsAJournalFirst(row.person.pk)
        chosen = shown.get(row.planned.pk)
        if chosen is None:
            raise NoTimeWasShown(row.planned.pk)
        made = offer_chosen(planned_step=row.planned, chosen=chosen, fast=fast, paused_steps=paused, by=by, at=request.at)
        return words.when(made.begins_at)

    outcomes = one_at_a_time(rows, booked)
    number = len(outcomes.done)
    receipt = ngettext(
        "%(n)d time er satt opp. Meldingen går til familien.", "%(n)d timer er satt opp. Meldingene går til familiene.", number
    ) % {"n": number}
    return answer(request, outcomes, receipt=receipt, back=back_to_list(request))
