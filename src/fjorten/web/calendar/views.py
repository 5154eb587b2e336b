"""The week of a clinic."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from fjorten.access.permissions import Permission
from fjorten.appointments.capacity import Week
from fjorten.appointments.weeks import clinic_week
from fjorten.care_relations.relations import shown_among
from fjorten.web.calendar.asking import asked_of, week_asked
from fjorten.web.calendar.week import week_page
from fjorten.web.edge import StaffRequest
from fjorten.web.gate import may
from fjorten.web.looking import look_through


@require_GET
@may(Permission.BOOK)
def calendar(request: StaffRequest) -> HttpResponse:
    """Go to the week of the day that was asked for, this week's if none was."""
    week = week_asked(request, "day") or Week.of(request.today)
    return redirect(asked_of(request, week.monday).address())


@require_GET
@may(Permission.BOOK)
def week(request: StaffRequest, day: date) -> HttpResponse:
    """Show a clinic's week: who is there, who comes, and what is free."""
    asked = asked_of(request, day)
    if asked.week.monday != day:
        return redirect(asked.address())
    shown = clinic_week(asked.clinic, week=asked.week)
    concerned = {row.appointment.person_id for row in shown.booked}
    visible = shown_among(concerned, staff=request.staff, at=request.at)
    look_through(request, "calendar", rows=len(visible))
    page = week_page(shown, asked, visible=visible, staff=request.staff, at=request.at, today=request.today)
    return render(request, "calendar/week.html", {"page": page})
