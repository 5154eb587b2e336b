"""The pages of the programme."""

from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from fjorten.access.permissions import Permission
from fjorten.access.queries import names_called
from fjorten.plans.programmes import adopt_overlay, decisions_of, programme_decided, programmes_of
from fjorten.web import words
from fjorten.web.administration.acting import Act, answer, crumbs
from fjorten.web.administration.programme.forms import DecisionForm
from fjorten.web.administration.programme.presenters import programme_page, what_it_would_do
from fjorten.web.edge import StaffRequest
from fjorten.web.gate import may
from fjorten.web.shown import Link

_CHANGE: Final = Permission.CHANGE_SETTINGS


@require_GET
@may(_CHANGE)
def programme(request: StaffRequest) -> HttpResponse:
    """Show the programme that applies today, and what the municipality has decided about it."""
    here = request.staff.municipality
    decisions = decisions_of(here)
    names = names_called({one.by for one in decisions}, here)
    page = programme_page(programmes_of(here).on(request.today), decisions, names=names)
    return render(request, "administration/programme.html", {"page": page, "crumbs": crumbs()})


@require_http_methods(["GET", "POST"])
@may(_CHANGE)
def decide(request: StaffRequest) -> HttpResponse:
    """Take a decision of the municipality into use, after telling what it changes."""
    here = request.staff.municipality
    form = DecisionForm(request.POST, request.FILES) if request.method == "POST" else DecisionForm()

    def do(form: DecisionForm) -> str:
        overlay = adopt_overlay(municipality=here, content=form.content, by=request.staff.actor(using=_CHANGE), at=request.at)
        return gettext("Beslutningen gjelder fra %(day)s.") % {"day": words.day(overlay.valid_from)}

    def foretell(form: DecisionForm) -> str:
        return what_it_would_do(*programme_decided(municipality=here, content=form.content))

    notes = (
        gettext("Kommunen kan legge til konsultasjoner og flytte tidsvinduer. Innholdet i retningslinjen kan ikke endres."),
        gettext('Skriv municipality = "%(code)s" øverst i filen.') % {"code": here.code},
    )
    way = crumbs(Link(gettext("Programmet"), reverse("settings_programme")))
    act = Act(gettext("Ny beslutning om programmet"), gettext("Se hva den endrer"), way, notes, sends_files=True)
    return answer(request, act, form, do, foretell=foretell)
