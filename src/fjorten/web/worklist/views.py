"""The worklist, and what is done with the rows that are picked on it."""

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from fjorten.access.permissions import Permission
from fjorten.audit.looks import note_look
from fjorten.followup.queries import responsible_for_cases
from fjorten.ledger.worklist import counts_wanted, rows_wanted
from fjorten.organisation.models import Employee
from fjorten.organisation.responsibility import Staff as StaffOfTheDay
from fjorten.organisation.responsibility import staff_on
from fjorten.people.families import languages_spoken
from fjorten.plans.programmes import programmes_of
from fjorten.web.edge import StaffRequest
from fjorten.web.forms import is_number
from fjorten.web.gate import may
from fjorten.web.glance import Glance, glance, lasting
from fjorten.web.looking import look_through
from fjorten.web.receipts import receipt_waits
from fjorten.web.worklist.asking import Asked, asked_of, place_of
from fjorten.web.worklist.presenters import Found, listing
from fjorten.web.worklist.showing import known_of


@require_GET
@may(Permission.SEE_CHILDREN)
def worklist(request: StaffRequest) -> HttpResponse:
    """Show a page of the lists."""
    asked = asked_of(request.GET)
    found = _found(request, asked, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    look_through(request, "worklist", rows=len(found.page.rows))
    return render(request, "worklist/worklist.html", {"page": listing(found, on=request.today)})


@require_POST
@may(Permission.SEE_CHILDREN)
def print_list(request: StaffRequest) -> HttpResponse:
    """Show a page of the lists to be printed, after writing down every child on it: what is on paper is out of the house's hands."""
    asked = asked_of(request.POST)
    found = _found(request, asked, after=request.POST.get("after", ""), before=request.POST.get("before", ""))
    persons = list(dict.fromkeys(str(row.person.public_id) for row in found.page.rows))
    if persons:
        by = request.staff.actor(ground="list")
        municipality = request.staff.municipality.code
        note_look("list.printed", municipality=municipality, persons=persons, detail={"list": "worklist"}, by=by, at=request.at)
    return render(request, "worklist/print.html", {"page": listing(found, on=request.today)})


def _owners(request: StaffRequest, of_the_day: StaffOfTheDay, asked: Asked, seen: Glance) -> list[Employee]:
    """Whom the list can be narrowed to: those with open cases, whoever looks, and who is chosen already. A large city has thousands."""
    municipality = request.staff.municipality
    with_cases = seen.once("with cases", lambda: responsible_for_cases(municipality=municipality))
    wanted = with_cases | {key for key in (request.staff.employee, int(asked.owner) if is_number(asked.owner) else None) if key is not None}
    return [of_the_day.employees[key] for key in wanted if key in of_the_day.employees]


def _found(request: StaffRequest, asked: Asked, *, after: str, before: str) -> Found:
    municipality, on = request.staff.municipality, request.today
    is_fresh = receipt_waits(request)
    seen = glance(municipality, at=request.at, is_fresh=is_fresh)
    of_the_day = seen.once("staff", lambda: staff_on(municipality=municipality, on=on))
    wanted = asked.wanted(request.staff, of_the_day, request=request)
    page = rows_wanted(wanted, municipality=municipality, on=on, after=place_of(after), before=place_of(before), among=seen.short)
    counts = lasting(
        ("worklist", request.staff.user, replace(asked, group="")),
        lambda: counts_wanted(wanted, municipality=municipality, on=on, among=seen.short),
        at=request.at,
        is_fresh=is_fresh,
    )
    return Found(
        asked=asked,
        page=page,
        counts={**counts, **page.counts(wanted.groups)},  # what is read now, over what was counted some minutes ago
        known=known_of(page.rows, municipality=municipality, on=on),
        definition=seen.once("programme", lambda: programmes_of(municipality).on(on)),
        owners=_owners(request, of_the_day, asked, seen),
        spoken=seen.once("languages", lambda: languages_spoken(municipality=municipality)),
        seen=seen,
        permissions=request.staff.permissions,
        place=(("after", after if place_of(after) else ""), ("before", before if place_of(before) else "")),
    )
