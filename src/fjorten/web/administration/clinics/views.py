"""The pages of clinics and rooms."""

from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from fjorten.access.permissions import Permission
from fjorten.appointments.actions import premises
from fjorten.appointments.premises import HangsOn, what_hangs_on_clinics, what_hangs_on_rooms
from fjorten.audit.actor import Actor
from fjorten.organisation import actions
from fjorten.organisation.queries import areas_of, clinic_numbered, clinics_with_rooms, room_numbered
from fjorten.web.administration.acting import Act, SureForm, answer, crumbs, found, sent
from fjorten.web.administration.clinics import forms
from fjorten.web.administration.clinics.presenters import clinics_page, said_of
from fjorten.web.edge import StaffRequest
from fjorten.web.gate import may
from fjorten.web.shown import Link

_CHANGE: Final = Permission.CHANGE_SETTINGS


@require_GET
@may(_CHANGE)
def clinics(request: StaffRequest) -> HttpResponse:
    """Show the clinics with their rooms."""
    here, on = request.staff.municipality, request.today
    page = clinics_page(here, clinics_with_rooms(here), what_hangs_on_clinics(here, on=on), what_hangs_on_rooms(here, on=on))
    return render(request, "administration/clinics.html", {"page": page, "crumbs": crumbs()})


@require_http_methods(["GET", "POST"])
@may(_CHANGE)
def add_clinic(request: StaffRequest) -> HttpResponse:
    """Open a clinic."""

    def do(form: forms.NameForm) -> str:
        clinic = actions.add_clinic(municipality=request.staff.municipality, name=form.cleaned_data["name"], by=_by(request), at=request.at)
        return gettext("%(name)s er åpnet. Gi den rom, telefon og grunnkretser.") % {"name": clinic.name}

    return answer(request, Act(gettext("Ny helsestasjon"), gettext("Åpne"), _way()), forms.NameForm(sent(request)), do)


@require_http_methods(["GET", "POST"])
@may(_CHANGE)
def rename_clinic(request: StaffRequest, number: int) -> HttpResponse:
    """Give a clinic another name."""
    clinic = found(clinic_numbered, number, request)

    def do(form: forms.NameForm) -> str:
        actions.rename_clinic(clinic=clinic, name=form.cleaned_data["name"], by=_by(request), at=request.at)
        return gettext("%(old)s heter nå %(new)s.") % {"old": clinic.name, "new": form.cleaned_data["name"]}

    act = Act(gettext("Nytt navn på %(name)s") % {"name": clinic.name}, gettext("Endre navnet"), _way())
    return answer(request, act, forms.NameForm(sent(request), name=clinic.name), do)


@require_http_methods(["GET", "POST"])
@may(_CHANGE)
def found_at(request: StaffRequest, number: int) -> HttpResponse:
    """Say where families call and come."""
    clinic = found(clinic_numbered, number, request)

    def do(form: forms.FoundAtForm) -> str:
        actions.tell_where_clinic_is(clinic=clinic, **form.cleaned_data, by=_by(request), at=request.at)
        return gettext("Meldinger som ikke er sendt, sier fra nå av hvor %(name)s er.") % {"name": clinic.name}

    act = Act(gettext("Hvor familiene finner %(name)s") % {"name": clinic.name}, gettext("Lagre"), _way())
    form = forms.FoundAtForm(sent(request), telephone=clinic.telephone, visiting_address=clinic.visiting_address)
    return answer(request, act, form, do)


@require_http_methods(["GET", "POST"])
@may(_CHANGE)
def areas(request: StaffRequest, number: int) -> HttpResponse:
    """Say which basic units a clinic serves."""
    clinic = found(clinic_numbered, number, request)

    def do(form: forms.AreasForm) -> str:
        actions.set_areas(clinic=clinic, basic_unit_prefixes=form.prefixes(), by=_by(request), at=request.at)
        return gettext("Grunnkretsene til %(name)s er lagret.") % {"name": clinic.name}

    written = " ".join(areas_of(clinic))
    notes = (gettext("Barn som har journal, blir der de er. Nye journaler følger grunnkretsene."),)
    act = Act(gettext("Grunnkretsene til %(name)s") % {"name": clinic.name}, gettext("Lagre"), _way(), notes)
    return answer(request, act, forms.AreasForm(sent(request), areas=written), do)


@require_http_methods(["GET", "POST"])
@may(_CHANGE)
def close_clinic(request: StaffRequest, number: int) -> HttpResponse:
    """Close a clinic nothing hangs on any more."""
    clinic = found(clinic_numbered, number, request)

    def do(_: SureForm) -> str:
        premises.close_clinic(clinic=clinic, by=_by(request), at=request.at)
        return gettext("%(name)s er stengt.") % {"name": clinic.name}

    hangs = what_hangs_on_clinics(clinic.municipality, on=request.today).get(clinic.pk, HangsOn())
    act = Act(gettext("Steng %(name)s") % {"name": clinic.name}, gettext("Steng helsestasjonen"), _way(), (_hanging(hangs),))
    return answer(request, act, SureForm(sent(request)), do)


@require_http_methods(["GET", "POST"])
@may(_CHANGE)
def add_room(request: StaffRequest, number: int) -> HttpResponse:
    """Open a room of a clinic."""
    clinic = found(clinic_numbered, number, request)

    def do(form: forms.NameForm) -> str:
        room = actions.open_room(clinic=clinic, name=form.cleaned_data["name"], by=_by(request), at=request.at)
        return gettext("%(room)s ved %(clinic)s er åpnet.") % {"room": room.name, "clinic": clinic.name}

    act = Act(gettext("Nytt rom ved %(name)s") % {"name": clinic.name}, gettext("Åpne rommet"), _way())
    return answer(request, act, forms.NameForm(sent(request), is_room=True), do)


@require_http_methods(["GET", "POST"])
@may(_CHANGE)
def rename_room(request: StaffRequest, number: int) -> HttpResponse:
    """Give a room another name."""
    room = found(room_numbered, number, request)

    def do(form: forms.NameForm) -> str:
        actions.rename_room(room=room, name=form.cleaned_data["name"], by=_by(request), at=request.at)
        return gettext("%(old)s heter nå %(new)s.") % {"old": room.name, "new": form.cleaned_data["name"]}

    act = Act(gettext("Nytt navn på %(name)s") % {"name": room.name}, gettext("Endre navnet"), _way())
    return answer(request, act, forms.NameForm(sent(request), name=room.name, is_room=True), do)


@require_http_methods(["GET", "POST"])
@may(_CHANGE)
def close_room(request: StaffRequest, number: int) -> HttpResponse:
    """Close a room nothing hangs on any more."""
    room = found(room_numbered, number, request)

    def do(_: SureForm) -> str:
        premises.close_room(room=room, by=_by(request), at=request.at)
        return gettext("%(name)s er stengt.") % {"name": room.name}

    hangs = what_hangs_on_rooms(room.clinic.municipality, on=request.today).get(room.pk, HangsOn())
    heading = gettext("Steng %(room)s ved %(clinic)s") % {"room": room.name, "clinic": room.clinic.name}
    return answer(request, Act(heading, gettext("Steng rommet"), _way(), (_hanging(hangs),)), SureForm(sent(request)), do)


@require_http_methods(["GET", "POST"])
@may(_CHANGE)
def known_as(request: StaffRequest) -> HttpResponse:
    """Say what families know the municipality as."""
    here = request.staff.municipality

    def do(form: forms.KnownAsForm) -> str:
        actions.name_for_families(municipality=here, **form.cleaned_data, by=_by(request), at=request.at)
        return gettext("Meldinger som ikke er sendt, sier fra nå av %(brand)s.") % {"brand": form.cleaned_data["brand"]}

    form = forms.KnownAsForm(sent(request), brand=here.brand or here.name, norwegian=here.norwegian)
    return answer(request, Act(gettext("Hva familiene kjenner kommunen som"), gettext("Lagre"), _way()), form, do)


def _by(request: StaffRequest) -> Actor:
    return request.staff.actor(using=_CHANGE)


def _way() -> tuple[Link, ...]:
    return crumbs(Link(gettext("Helsestasjoner og rom"), reverse("settings_clinics")))


def _hanging(hangs: HangsOn) -> str:
    if hangs.is_nothing:
        return gettext("Ingenting hører til her lenger. Det som har vært, blir stående.")
    return gettext("Dette hører til her, og må flyttes eller avsluttes først: %(what)s.") % {"what": said_of(hangs)}
