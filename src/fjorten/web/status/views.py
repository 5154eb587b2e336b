"""Whether the nights, the gateways and the database do their work."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fjorten.access.permissions import Permission
from fjorten.web.edge import StaffRequest
from fjorten.web.gate import may
from fjorten.web.looking import look_through
from fjorten.web.status.presenters import status_page
from fjorten.web.status.showing import standing


@require_GET
@may(Permission.SEE_STATUS)
def status(request: StaffRequest) -> HttpResponse:
    """Show how the municipality's fjorten stands. Nothing on the page is about any child."""
    look_through(request, "status", rows=0)
    found = standing(request.staff.municipality, at=request.at)
    return render(request, "status/status.html", {"page": status_page(found, at=request.at, today=request.today)})
