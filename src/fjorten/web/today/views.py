"""The day's page, and what is done on it."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from fjorten.access.permissions import Permission
from fjorten.appointments.actions.outcomes import correct, mark_attended, mark_did_not_attend
from fjorten.appointments.actions.reception import end_drop_in, fetch_in, note_arrival, receive_drop_in, take_back_arrival
from fjorten.appointments.models import Appointment
from fjorten.appointments.queries import appointment_numbered, drop_in_numbered
from fjorten.appointments.states import State
from fjorten.audit.actor import Actor
from fjorten.web import words
from fjorten.web.children import address_of
from fjorten.web.edge import StaffRequest
from fjorten.web.forms import a_number, back_to
from fjorten.web.gate import may, may_be_signed_in
from fjorten.web.glance import glance
from fjorten.web.looking import look_at, look_through
from fjorten.web.receipts import Receipt, give_receipt
from fjorten.web.today.presenters import day_page
from fjorten.web.today.showing import receives, shown_on

# Where work begins for those who meet no families.
_ELSEWHERE: Final = ((Permission.REVIEW_ACCESS, "access_log"), (Permission.SEE_STATUS, "status"))
_SAID: Final = {
    "arrived": gettext_lazy("%(name)s er kommet."),
    "fetched_in": gettext_lazy("%(name)s er hentet inn."),
    "attended": gettext_lazy("%(name)s er ført som møtt."),
    "did_not_attend": gettext_lazy("%(name)s er ført som ikke møtt. Familien får ny tid på melding i dag."),
}


@require_GET
@may_be_signed_in
def start(request: StaffRequest) -> HttpResponse:
    """Go to where somebody's work begins: the day, for those who meet families; for others what they have leave to see."""
    if not request.staff.may(Permission.SEE_CHILDREN):
        elsewhere = next((name for permission, name in _ELSEWHERE if request.staff.may(permission)), "")
        return redirect(elsewhere) if elsewhere else render(request, "web/welcome.html", {})
    try:
        return redirect("day", date.fromisoformat(request.GET["day"]))
    except (KeyError, ValueError):  # no day was asked for, or what was typed is none
        return redirect("today")


@require_GET
@may(Permission.SEE_CHILDREN)
def today(request: StaffRequest, day: date | None = None) -> HttpResponse:
    """Show a day: one's own appointments, or the whole clinic's."""
    on = day or request.today
    is_whole_clinic = request.GET.get("who") == "clinic" or not receives(request.staff)
    shown = shown_on(on, staff=request.staff, at=request.at, today=request.today, is_whole_clinic=is_whole_clinic)
    look_through(request, "today", rows=len(shown.rows) + len(shown.tomorrow))
    seen = glance(request.staff.municipality, at=request.at)
    page = day_page(shown, seen=seen, at=request.at, today=request.today, is_whole_clinic=is_whole_clinic)
    return render(request, "today/today.html", {"page": page})


@require_POST
@may(Permission.BOOK)
def reception(request: StaffRequest) -> HttpResponse:
    """Put down that a family came, was fetched in, was attended or did not come; or take one of these back."""
    appointment = appointment_numbered(a_number(request, "appointment"), request.staff.municipality)
    child = look_at(request, appointment.person.public_id, page="reception")
    do, by = request.POST.get("do", ""), request.staff.actor(using=Permission.BOOK)
    if do not in _DOES:
        raise Http404
    undo = _DOES[do](appointment, by, request.at)
    name = words.name_of(child)
    if do in _SAID:
        fields = (("appointment", str(appointment.pk)), ("do", undo)) if undo else ()
        give_receipt(request, Receipt(str(_SAID[do]) % {"name": name}, reverse("reception"), fields))
    else:
        give_receipt(request, Receipt(gettext("Angret for %(name)s.") % {"name": name}))
    return redirect(back_to(request))


@require_POST
@may(Permission.BOOK)
def drop_in(request: StaffRequest) -> HttpResponse:
    """Receive a family that came without an appointment, or put down that they left."""
    row = drop_in_numbered(a_number(request, "drop_in"), request.staff.municipality)
    child = look_at(request, row.person.public_id, page="drop_in")
    by = request.staff.actor(using=Permission.BOOK)
    if request.POST.get("do") == "left":
        end_drop_in(drop_in=row, by=by, at=request.at)
        give_receipt(request, Receipt(gettext("%(name)s står ikke lenger på drop-in.") % {"name": words.name_of(child)}))
        return redirect(back_to(request))
    receive_drop_in(drop_in=row, by=by, at=request.at)
    return redirect(address_of(child))


def _arrived(appointment: Appointment, by: Actor, at: datetime) -> str:
    note_arrival(appointment=appointment, by=by, at=at)
    return "take_back_arrival"


def _fetched_in(appointment: Appointment, by: Actor, at: datetime) -> str:
    fetch_in(appointment=appointment, by=by, at=at)
    return ""


def _attended(appointment: Appointment, by: Actor, at: datetime) -> str:
    mark_attended(appointment=appointment, by=by, at=at)
    return f"back_to_{appointment.state}"


def _did_not_attend(appointment: Appointment, by: Actor, at: datetime) -> str:
    mark_did_not_attend(appointment=appointment, by=by, at=at)
    return f"back_to_{appointment.state}"


def _take_back_arrival(appointment: Appointment, by: Actor, at: datetime) -> str:
    take_back_arrival(appointment=appointment, by=by, at=at)
    return ""


def _back_to(state: State) -> Callable[[Appointment, Actor, datetime], str]:
    def put_back(appointment: Appointment, by: Actor, at: datetime) -> str:
        correct(appointment=appointment, to=state, reason="Angret", by=by, at=at)
        return ""

    return put_back


# What the day's buttons do; each tells what undoes it, "" when nothing does.
_DOES: Final[Mapping[str, Callable[[Appointment, Actor, datetime], str]]] = {
    "arrived": _arrived,
    "fetched_in": _fetched_in,
    "attended": _attended,
    "did_not_attend": _did_not_attend,
    "take_back_arrival": _take_back_arrival,
    "back_to_offered": _back_to(State.OFFERED),
    "back_to_confirmed": _back_to(State.CONFIRMED),
}
