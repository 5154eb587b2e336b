"""The front page of the settings: what there is to set, with the state of each in a line."""

from collections.abc import Iterator

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET

from fjorten.access.permissions import Permission
from fjorten.access.queries import accounts_with_roles
from fjorten.appointments.queries import openings_on
from fjorten.followup.ladders import ladder_of
from fjorten.organisation.queries import absences_from, clinics_of, employees_of, rooms_of
from fjorten.plans.programmes import programmes_of
from fjorten.web import words
from fjorten.web.administration.showing import Section
from fjorten.web.edge import StaffRequest
from fjorten.web.gate import may


@require_GET
@may(Permission.PLAN_ROSTERS)
def settings(request: StaffRequest) -> HttpResponse:
    """Show what somebody may set; whoever may set anything may plan rosters."""
    return render(request, "administration/settings.html", {"sections": tuple(_sections(request))})


def _sections(request: StaffRequest) -> Iterator[Section]:
    here, today, staff = request.staff.municipality, request.today, request.staff
    if staff.may(Permission.MANAGE_STAFF):
        accounts = accounts_with_roles(here, on=today)
        employed = employees_of(here, on=today).count()
        waiting = sum(one.user.is_active and not one.user.has_usable_password() for one in accounts)
        told = {"staff": words.number(employed), "accounts": words.number(sum(one.user.is_active for one in accounts))}
        state = gettext("%(staff)s ansatte og %(accounts)s åpne kontoer.") % told
        if waiting:
            state += " " + ngettext("%(n)d konto mangler passord.", "%(n)d kontoer mangler passord.", waiting) % {"n": waiting}
        yield Section(gettext("Ansatte og roller"), reverse("settings_staff"), state, "person-group")
    if staff.may(Permission.CHANGE_SETTINGS):
        clinics = clinics_of(here)
        unfound = sum(not clinic.telephone or not clinic.visiting_address for clinic in clinics)
        told = {"clinics": words.number(len(clinics)), "rooms": words.number(len(rooms_of(here)))}
        state = gettext("Helsestasjoner: %(clinics)s. Rom: %(rooms)s.") % told
        if unfound:
            state += " " + ngettext(
                "%(n)d mangler telefon eller adresse i meldingene.", "%(n)d mangler telefon eller adresse i meldingene.", unfound
            ) % {"n": unfound}
        yield Section(gettext("Helsestasjoner og rom"), reverse("settings_clinics"), state, "house")
    openings, away = openings_on(today, here).count(), len(absences_from(today, here))
    told = {"openings": words.number(openings), "away": words.number(away)}
    state = gettext("Åpninger: %(openings)s. Fravær fra i dag: %(away)s.") % told
    yield Section(gettext("Timeplaner"), reverse("settings_rosters"), state, "calendar")
    if staff.may(Permission.CHANGE_SETTINGS):
        programme, ladder = programmes_of(here).on(today), ladder_of(here, on=today)
        changed = sum(step.local is not None for step in programme.steps)
        told = {
            "version": programme.version.partition("+")[0],
            "day": words.day(programme.valid_from),
            "steps": words.number(len(programme.steps)),
        }
        state = gettext("Versjon %(version)s fra %(day)s, %(steps)s konsultasjoner.") % told
        own = ngettext("%(n)d er kommunens egen.", "%(n)d er kommunens egne.", changed) % {"n": changed}
        yield Section(gettext("Programmet"), reverse("settings_programme"), f"{state} {own}" if changed else state, "clipboard-checkmark")
        is_own = "+" in ladder.reference
        state = gettext("Kommunens egne dager og ord.") if is_own else gettext("Dager og ord slik de følger med fjorten.")
        yield Section(gettext("Stigen"), reverse("settings_ladder"), state, "tasklist")
