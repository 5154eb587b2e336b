"""A child's page, opening a journal from it, and opening a record in an emergency."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fjorten.access.permissions import Permission
from fjorten.appointments.queries import appointments_of
from fjorten.care_relations.actions import EmergencySaysTooLittle
from fjorten.care_relations.actions import break_glass as open_in_need
from fjorten.care_relations.models import ReasonOfEmergency
from fjorten.followup.chronology import chronology_of
from fjorten.followup.queries import cases_of_child
from fjorten.ledger.balance import standing_of
from fjorten.ledger.tracks import tracks_of
from fjorten.messages.listing import messages_of_child
from fjorten.people.families import families_of
from fjorten.people.queries import number_in_use
from fjorten.web import words
from fjorten.web.child.forms import EmergencyForm
from fjorten.web.child.presenters import MESSAGES_SHOWN, Known, child_page, journal_opened
from fjorten.web.children import address_of, enrol
from fjorten.web.edge import StaffRequest
from fjorten.web.gate import may
from fjorten.web.looking import look_at, look_in_need
from fjorten.web.receipts import give_receipt


@require_GET
@may(Permission.SEE_CHILDREN)
def child(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Show a child."""
    person = look_at(request, public_id, page="child")
    municipality, on = request.staff.municipality, request.today
    known = Known(
        person=person,
        number=number_in_use(person),
        standing=standing_of(person, on=on),
        steps=tracks_of([person.pk], municipality=municipality, on=on)[person.pk],
        cases=cases_of_child(person, on=on),
        family=families_of([person.pk], on=on)[person.pk],
        messages=messages_of_child(person, at_most=MESSAGES_SHOWN) if request.staff.may(Permission.SEE_MESSAGES) else None,
        history=chronology_of(person) if request.staff.may(Permission.SEE_JOURNAL) else [],
        appointments=list(appointments_of(person)),
    )
    has = request.staff.may
    page = child_page(
        known,
        on=on,
        may_open_journal=has(Permission.OPEN_JOURNAL),
        may_book=has(Permission.BOOK),
        may_see_log=has(Permission.SEE_ACCESS_LOG),
    )
    return render(request, "child/child.html", {"page": page})


@require_POST
@may(Permission.OPEN_JOURNAL)
def open_journal(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Enrol a resident child, with the catch-up plan for what lies behind."""
    person = look_at(request, public_id, page="open_journal")
    enrol(request, person)
    give_receipt(request, journal_opened(words.name_of(person)))
    return redirect(address_of(person))


@require_http_methods(["GET", "POST"])
@may(Permission.BREAK_GLASS)
def break_glass(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Ask why a record must be opened now, and open it for an hour. What it is about is shown only afterwards."""
    person = look_in_need(request, public_id)
    form = EmergencyForm(request.POST if request.method == "POST" else None)
    if request.method == "GET" or not form.is_valid():
        return render(request, "child/break_glass.html", {"form": form}, status=200 if request.method == "GET" else 422)
    code, by = ReasonOfEmergency(form.cleaned_data["code"]), request.staff.actor(using=Permission.BREAK_GLASS)
    try:
        open_in_need(staff=request.staff, person=person, code=code, reason=form.cleaned_data["reason"], by=by, at=request.at)
    except EmergencySaysTooLittle as refused:
        form.add_error("reason", words.refusal(refused))
        return render(request, "child/break_glass.html", {"form": form}, status=422)
    return redirect(address_of(person))
