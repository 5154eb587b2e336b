"""The page of a case, a page for each thing that can be done in it, and the chronology for print."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from fjorten.access.permissions import Permission
from fjorten.access.queries import names_called
from fjorten.audit.looks import note_look
from fjorten.followup.chronology import chronology_of, chronology_with_assessments
from fjorten.kernel.refusals import Refused
from fjorten.web.case.acts import ACTS, Act
from fjorten.web.case.chronology import chronology_page
from fjorten.web.case.naming import address_of_case
from fjorten.web.case.opened import OpenedCase, open_case_of
from fjorten.web.case.presenters import act_page, case_page
from fjorten.web.edge import StaffRequest
from fjorten.web.forms import is_number
from fjorten.web.gate import may
from fjorten.web.looking import look_at
from fjorten.web.receipts import Receipt, give_receipt


@require_GET
@may(Permission.FOLLOW_UP)
def case(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Show a case."""
    return render(request, "case/case.html", {"page": case_page(open_case_of(request, public_id, page="case"))})


@require_GET
@may(Permission.ASSESS_CONCERN)
def chronology(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Show all that happened about a child in order of time, to be printed: it is written down as a print."""
    person = look_at(request, public_id, page="chronology")
    with_assessments = request.GET.get("with") == "assessments"
    note_look(
        "child.printed",
        municipality=request.staff.municipality.code,
        persons=[str(person.public_id)],
        detail={"page": "chronology", "with_assessments": with_assessments},
        by=request.staff.actor(using=Permission.ASSESS_CONCERN),
        at=request.at,
    )
    lines = chronology_with_assessments(person) if with_assessments else chronology_of(person)
    names = names_called({line.by for line in lines}, person.municipality)
    page = chronology_page(person, lines, names=names, on=request.today, with_assessments=with_assessments)
    return render(request, "case/chronology.html", {"page": page})


def _doing(act: Act) -> Callable[..., HttpResponse]:
    """Make the page of an act: its form, and what happens when it is sent."""

    @require_http_methods(["GET", "POST"])
    @may(act.needs)
    def do(request: StaffRequest, public_id: UUID) -> HttpResponse:
        opened = open_case_of(request, public_id, page=f"case_{act.name}")
        if request.method != "POST":
            return _asked(opened, act, act.form(opened))
        seen = opened.case.changes
        form = act.form(opened, request.POST)
        if form.is_valid():
            try:
                opened.case.changes = _as_seen(request, seen)
                done = act.do(opened, form, request.staff.actor(using=act.needs), request.at)
            except Refused as refusal:
                form.refused(refusal)
                opened.case.changes = seen
            else:
                give_receipt(request, Receipt(done))
                return redirect(address_of_case(opened))
        return _asked(opened, act, form, status=422)

    return do


def _asked(opened: OpenedCase, act: Act, form: object, *, status: int = 200) -> HttpResponse:
    return render(opened.request, "case/act.html", {"page": act_page(opened, act), "form": form}, status=status)


def _as_seen(request: HttpRequest, seen: int) -> int:
    """Tell which state of the case somebody saw when they filled in the form, so that nobody overwrites what they have not seen."""
    told = request.POST.get("seen", "")
    return int(told) if is_number(told, digits=9) else seen


DOING: Final = {act.name: _doing(act) for act in ACTS}
