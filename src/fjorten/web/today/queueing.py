"""A family that has come without an appointment, put in the drop-in queue from the child's page."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from fjorten.access.permissions import Permission
from fjorten.appointments.actions.booking import ChildHasDied
from fjorten.appointments.actions.reception import note_drop_in
from fjorten.kernel.refusals import Refused
from fjorten.organisation.queries import clinics_of
from fjorten.web import words
from fjorten.web.children import address_of
from fjorten.web.edge import StaffRequest
from fjorten.web.gate import may
from fjorten.web.looking import look_at
from fjorten.web.receipts import Receipt, give_receipt
from fjorten.web.shown import Link
from fjorten.web.today.forms import DropInForm


@require_http_methods(["GET", "POST"])
@may(Permission.BOOK)
def put_on_drop_in(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Ask what a family has come for, and let it wait. Raises ChildHasDied."""
    person = look_at(request, public_id, page="put_on_drop_in")
    if person.is_dead:
        raise ChildHasDied(person.pk)
    clinics = [clinic for clinic in clinics_of(request.staff.municipality) if clinic.pk in request.staff.clinics]
    form = DropInForm(clinics, request.POST if request.method == "POST" else None)
    name = words.name_of(person)
    if request.method == "POST" and form.is_valid():
        by = request.staff.actor(using=Permission.BOOK)
        try:
            row = note_drop_in(person=person, clinic=form.clinic(), matter=form.cleaned_data["matter"], by=by, at=request.at)
        except Refused as refusal:
            form.refused(refusal)
        else:
            fields = (("drop_in", str(row.pk)), ("do", "left"))
            give_receipt(request, Receipt(gettext("%(name)s står på drop-in.") % {"name": name}, reverse("drop_in"), fields))
            return redirect(f"{reverse('today')}#drop-in")
    context = {"form": form, "crumbs": [Link(name, address_of(person))], "back": address_of(person)}
    return render(request, "today/drop_in.html", context, status=422 if request.method == "POST" else 200)
