"""A time for a child: chosen, moved, cancelled, and a cancellation taken back."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from fjorten.access.permissions import Permission
from fjorten.appointments.actions.choosing import (
    StepIsNotInTheProgramme,
    book_chosen,
    move_to_chosen_for_clinic,
    move_to_chosen_for_family,
)
from fjorten.appointments.actions.inviting import ChosenTimeIsGone
from fjorten.appointments.actions.outcomes import cancel_by_clinic, cancel_by_family, correct
from fjorten.appointments.choosing import Choice, choice_for
from fjorten.appointments.models import Appointment
from fjorten.appointments.proposals import ChosenTime, told_if_given
from fjorten.appointments.queries import appointment_numbered
from fjorten.appointments.states import AppointmentIsSettled, State
from fjorten.kernel.refusals import Refused
from fjorten.messages.previews import Previewed, previews_of
from fjorten.organisation.responsibility import staff_on
from fjorten.web import words
from fjorten.web.calendar.asking import week_asked
from fjorten.web.calendar.forms import FAMILY, CancelForm, MoveForm
from fjorten.web.calendar.naming import address_of_times
from fjorten.web.calendar.opened import OpenedStep, open_step_of
from fjorten.web.calendar.times import appointment_line, given, times_page
from fjorten.web.children import address_of
from fjorten.web.edge import StaffRequest
from fjorten.web.forms import a_number
from fjorten.web.gate import may
from fjorten.web.looking import look_at
from fjorten.web.receipts import Receipt, give_receipt
from fjorten.web.shown import Link
from fjorten.web.times import TIME, times_shown


@require_http_methods(["GET", "POST"])
@may(Permission.BOOK)
def times(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Show the times one step of a child's plan may have, the best first; give it the one that is chosen, or move its time there."""
    opened = open_step_of(request, public_id, page="times")
    moving = opened.appointment is not None
    form = MoveForm(request.POST if request.method == "POST" and moving else None)
    if request.method != "POST":
        return _offered(request, opened, form)
    try:
        chosen = _chosen(request, opened)
        if moving and not form.is_valid():
            return _offered(request, opened, form, status=422)
        appointment = _give(request, opened, form, chosen)
    except Refused as refusal:
        # Somebody may have been first: what is offered now is read anew.
        return _offered(request, open_step_of(request, public_id, page="times"), form, refused=words.refusal(refusal), status=409)
    give_receipt(request, Receipt(given(opened.person, appointment)))
    return redirect(f"{address_of(opened.person)}#appointments")


def _chosen(request: StaffRequest, opened: OpenedStep) -> ChosenTime:
    """Read which time was chosen, and make sure that the step stands as it did when the page was shown."""
    seen, now = request.POST.get("appointment", ""), opened.appointment
    if seen != ("" if now is None else str(now.pk)):
        raise AppointmentIsSettled if seen else ChosenTimeIsGone
    chosen = times_shown(request.POST.getlist(TIME)).get(opened.step.planned.pk)
    if chosen is None:
        raise ChosenTimeIsGone
    return chosen


def _give(request: StaffRequest, opened: OpenedStep, form: MoveForm, chosen: ChosenTime) -> Appointment:
    by = request.staff.actor(using=Permission.BOOK)
    if opened.appointment is None:
        return book_chosen(planned_step=opened.planned, chosen=chosen, by=by, at=request.at)
    move = move_to_chosen_for_family if form.cleaned_data["who"] == FAMILY else move_to_chosen_for_clinic
    return move(appointment=opened.appointment, chosen=chosen, reason=form.cleaned_data["reason"], by=by, at=request.at)


def _offered(request: StaffRequest, opened: OpenedStep, form: MoveForm, *, refused: str = "", status: int = 200) -> HttpResponse:
    municipality, on = request.staff.municipality, request.today
    choice = choice_for(opened.planned, municipality=municipality, on=on, at=request.at, week=week_asked(request, "week"))
    if choice is None:
        raise StepIsNotInTheProgramme(opened.step.planned.pk)
    page = times_page(
        opened,
        choice,
        employees=staff_on(municipality=municipality, on=on).employees,
        told=_told(request, opened, choice),
        today=on,
        refused=refused,
    )
    return render(request, "calendar/times.html", {"page": page, "form": form}, status=status)


def _told(request: StaffRequest, opened: OpenedStep, choice: Choice) -> Previewed | None:
    """Tell what the family would be sent if the best time were given now."""
    if not choice.best:
        return None
    instead_of = None if opened.appointment is None else State.MOVED_BY_CLINIC
    told = told_if_given(choice.need, choice.best[0].slot, instead_of=instead_of, at=request.at)
    return previews_of([told], on=request.today)[told.key]


@require_http_methods(["GET", "POST"])
@may(Permission.BOOK)
def cancel(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Ask on whose account an appointment is cancelled and why, and cancel it."""
    opened = open_step_of(request, public_id, page="cancel")
    appointment = opened.appointment
    if appointment is None:
        raise AppointmentIsSettled(opened.step.planned.pk)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        does = cancel_by_family if form.cleaned_data["who"] == FAMILY else cancel_by_clinic
        try:
            if request.POST.get("appointment") != str(appointment.pk):
                raise AppointmentIsSettled(appointment.pk)
            by = request.staff.actor(using=Permission.BOOK)
            does(appointment=appointment, reason=form.cleaned_data["reason"], by=by, at=request.at)
        except Refused as refusal:
            form.refused(refusal)
        else:
            fields = (("appointment", str(appointment.pk)), ("to", appointment.state))
            sentence = gettext("Timen til %(name)s er avlyst. Her er tider å gi i stedet.") % {"name": words.name_of(opened.person)}
            give_receipt(request, Receipt(sentence, reverse("uncancel", args=[opened.person.public_id]), fields))
            return redirect(address_of_times(opened.person, opened.place))
    context = {
        "form": form,
        "about": appointment_line(appointment),
        "name": words.name_of(opened.person),
        "crumbs": [Link(words.name_of(opened.person), address_of(opened.person))],
        "number": appointment.pk,
        "back": f"{address_of(opened.person)}#appointments",
    }
    return render(request, "calendar/cancel.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@may(Permission.BOOK)
def uncancel(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Take back a cancellation: the child has its time again, if nobody else has taken it."""
    person = look_at(request, public_id, page="uncancel")
    appointment = appointment_numbered(a_number(request, "appointment"), request.staff.municipality)
    to = request.POST.get("to", "")
    if appointment.person_id != person.pk or to not in (State.OFFERED, State.CONFIRMED):
        raise Http404
    by = request.staff.actor(using=Permission.BOOK)
    correct(appointment=appointment, to=State(to), reason="Angret", by=by, at=request.at)
    give_receipt(request, Receipt(gettext("Angret: timen til %(name)s står som før.") % {"name": words.name_of(person)}))
    return redirect(f"{address_of(person)}#appointments")
