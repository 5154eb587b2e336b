"""The pages of rosters and absences."""

from datetime import date, timedelta
from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from fjorten.access.permissions import Permission
from fjorten.appointments.actions.rosters import add_opening, change_opening, end_opening
from fjorten.appointments.premises import appointments_given_in
from fjorten.appointments.queries import opening_numbered, openings_on
from fjorten.audit.actor import Actor
from fjorten.kernel.working_days import holidays_of
from fjorten.organisation.models import Employee
from fjorten.organisation.queries import absences_from, clinics_of, employees_of, rooms_of
from fjorten.web import words
from fjorten.web.administration.acting import Act, answer, crumbs, found, sent
from fjorten.web.administration.rosters import forms
from fjorten.web.administration.rosters.presenters import opening_facts, rosters_page, standing
from fjorten.web.edge import StaffRequest
from fjorten.web.forms import is_number
from fjorten.web.gate import may
from fjorten.web.shown import Link

_PLAN: Final = Permission.PLAN_ROSTERS
_A_YEAR: Final = timedelta(days=365)


@require_GET
@may(_PLAN)
def rosters(request: StaffRequest) -> HttpResponse:
    """Show the week as it is from today, who is away, and the holidays of the coming year."""
    here, today = request.staff.municipality, request.today
    chosen = request.GET.get("clinic", "")
    clinics = clinics_of(here)
    if chosen and (not is_number(chosen) or int(chosen) not in {clinic.pk for clinic in clinics}):
        raise Http404
    clinic = int(chosen) if chosen else None
    absences = [one for one in absences_from(today, here) if clinic is None or one.clinic_id == clinic]
    page = rosters_page(list(openings_on(today, here)), clinics, absences, _holidays(today), clinic=clinic, today=today)
    return render(request, "administration/rosters.html", {"page": page, "crumbs": crumbs()})


@require_GET
@may(_PLAN)
def opening(request: StaffRequest, number: int) -> HttpResponse:
    """Show one opening, and how many times are given in it."""
    one = found(opening_numbered, number, request)
    told = standing(appointments_given_in(one, on=request.today)) or gettext("Ingen timer er gitt i åpningen fra i dag.")
    is_over = one.valid_until is not None and one.valid_until <= request.today
    page = {"facts": opening_facts(one), "told": told, "number": one.pk, "is_over": is_over}
    return render(request, "administration/opening.html", {"page": page, "crumbs": _way()})


@require_http_methods(["GET", "POST"])
@may(_PLAN)
def add(request: StaffRequest) -> HttpResponse:
    """Put an opening into the rosters."""
    form = forms.OpeningForm(_staff(request), rooms_of(request.staff.municipality), sent(request), today=request.today)

    def do(form: forms.OpeningForm) -> str:
        one = add_opening(**form.opening(), valid_from=form.cleaned_data["valid_from"], by=_by(request), at=request.at)
        return gettext("Åpningen gir timer hos %(name)s fra %(day)s.") % {"name": one.employee.name, "day": words.day(one.valid_from)}

    return answer(request, Act(gettext("Ny åpning"), gettext("Sett opp"), _way(), wide=True), form, do)


@require_http_methods(["GET", "POST"])
@may(_PLAN)
def change(request: StaffRequest, number: int) -> HttpResponse:
    """Let an opening give way to another from a day on."""
    one = found(opening_numbered, number, request)
    form = forms.OpeningForm(_staff(request), rooms_of(request.staff.municipality), sent(request), today=request.today, opening=one)

    def do(form: forms.OpeningForm) -> str:
        on = form.cleaned_data["valid_from"]
        change_opening(opening=one, on=on, **form.opening(), by=_by(request), at=request.at)
        return gettext("Åpningen er endret fra %(day)s.") % {"day": words.day(on)}

    notes = (gettext("Åpningen slik den er nå, gjelder til dagen du velger. Fra da gjelder det du skriver her."),)
    act = Act(gettext("Endre åpningen"), gettext("Endre"), _way(), notes, wide=True)
    return answer(request, act, form, do, foretell=lambda form: standing(appointments_given_in(one, on=form.cleaned_data["valid_from"])))


@require_http_methods(["GET", "POST"])
@may(_PLAN)
def end(request: StaffRequest, number: int) -> HttpResponse:
    """Let an opening give no more times from a day on."""
    one = found(opening_numbered, number, request)

    def do(form: forms.EndOpeningForm) -> str:
        on = form.cleaned_data["on"]
        end_opening(opening=one, on=on, by=_by(request), at=request.at)
        return gettext("Åpningen gir ingen timer fra %(day)s.") % {"day": words.day(on)}

    act = Act(gettext("Avslutt åpningen"), gettext("Avslutt åpningen"), _way())
    form = forms.EndOpeningForm(sent(request), today=request.today)
    return answer(request, act, form, do, foretell=lambda form: standing(appointments_given_in(one, on=form.cleaned_data["on"])))


def _by(request: StaffRequest) -> Actor:
    return request.staff.actor(using=_PLAN)


def _way() -> tuple[Link, ...]:
    return crumbs(Link(gettext("Timeplaner"), reverse("settings_rosters")))


def _staff(request: StaffRequest) -> list[Employee]:
    staff = employees_of(request.staff.municipality, on=request.today)
    return list(staff.select_related("clinic__municipality", "municipality").order_by("name"))


def _holidays(today: date) -> list[tuple[date, str]]:
    days = {**holidays_of(today.year), **holidays_of(today.year + 1)}
    return [(day, words.on_screen(name)) for day, name in sorted(days.items()) if today <= day < today + _A_YEAR]
