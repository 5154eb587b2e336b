"""The pages of the ladder."""

from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from fjorten.access.permissions import Permission
from fjorten.access.queries import names_called
from fjorten.followup.actions.ladders import adopt_ladder
from fjorten.followup.ladders import ladder_of, ladders_adopted
from fjorten.followup.overlays import decision_about, read_change
from fjorten.web import words
from fjorten.web.administration.acting import Act, answer, crumbs, sent
from fjorten.web.administration.ladder.forms import LadderForm
from fjorten.web.administration.ladder.presenters import ladder_page, what_changes
from fjorten.web.edge import StaffRequest
from fjorten.web.gate import may
from fjorten.web.shown import Link

_CHANGE: Final = Permission.CHANGE_SETTINGS


@require_GET
@may(_CHANGE)
def ladder(request: StaffRequest) -> HttpResponse:
    """Show the ladder that applies today, and the history of it."""
    here, today = request.staff.municipality, request.today
    adopted = ladders_adopted(here)
    names = names_called({one.by for one in adopted}, here)
    page = ladder_page(ladder_of(here, on=today), adopted, names=names)
    return render(request, "administration/ladder.html", {"page": page, "crumbs": crumbs()})


@require_http_methods(["GET", "POST"])
@may(_CHANGE)
def change(request: StaffRequest) -> HttpResponse:
    """Take the municipality's own days and words into use, after telling what changes."""
    here = request.staff.municipality
    current = ladder_of(here, on=request.today)
    form = LadderForm(current, sent(request), today=request.today)

    def content(form: LadderForm) -> dict[str, object]:
        said = form.cleaned_data
        decided = {name: said[name] for name in ("valid_from", "decided_by", "why")}
        return decision_about(form.wanted(), municipality=here.code, **decided)

    def do(form: LadderForm) -> str:
        adopt_ladder(municipality=here, content=content(form), by=request.staff.actor(using=_CHANGE), at=request.at)
        return gettext("Stigen er endret fra %(day)s.") % {"day": words.day(form.cleaned_data["valid_from"])}

    def foretell(form: LadderForm) -> str:
        told = {"what": what_changes(current, read_change(content(form)).ladder), "day": words.day(form.cleaned_data["valid_from"])}
        return gettext("%(what)s Gjelder fra %(day)s. Åpne saker beholder stigen sin til neste steg.") % told

    notes = (
        gettext("Hvem som tar hvert steg, og hvordan en sak åpnes, kan ikke endres. Det er heller ikke mulig å la en sak lukke seg selv."),
    )
    way = crumbs(Link(gettext("Stigen"), reverse("settings_ladder")))
    act = Act(gettext("Endre stigen"), gettext("Se hva som endres"), way, notes, wide=True)
    return answer(request, act, form, do, foretell=foretell)
