"""The pages of staff and accounts."""

import secrets
from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fjorten.access import actions as access
from fjorten.access.models import User
from fjorten.access.permissions import Permission, Role
from fjorten.access.queries import account_numbered, account_of, accounts_with_roles, names_called, role_numbered, roles_ever_held
from fjorten.audit.actor import Actor
from fjorten.followup.actions.leaving import leave
from fjorten.followup.belongings import belongings_of
from fjorten.organisation.actions import hire, name_deputy
from fjorten.organisation.models import Clinic, Employee
from fjorten.organisation.queries import clinics_of, employee_numbered, employees_of, everybody_employed
from fjorten.web import words
from fjorten.web.administration.acting import Act, SureForm, answer, crumbs, found, sent
from fjorten.web.administration.staff import forms
from fjorten.web.administration.staff.presenters import person_page, staff_page, what_becomes_of
from fjorten.web.edge import StaffRequest
from fjorten.web.gate import may
from fjorten.web.receipts import Receipt, give_receipt
from fjorten.web.shown import Link

_MANAGE: Final = Permission.MANAGE_STAFF
# Four groups of four, without the letters and digits that are taken for each other: 80 bits, and possible to read out [default].
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"


@require_GET
@may(_MANAGE)
def staff(request: StaffRequest) -> HttpResponse:
    """Show everybody who works here, and every account."""
    municipality, today = request.staff.municipality, request.today
    page = staff_page(everybody_employed(municipality), accounts_with_roles(municipality, on=today), today=today)
    return render(request, "administration/staff.html", {"page": page, "crumbs": crumbs()})


@require_GET
@may(_MANAGE)
def employee(request: StaffRequest, number: int) -> HttpResponse:
    """Show somebody who works here, or has."""
    one = found(employee_numbered, number, request)
    return _person(request, one, account_of(one))


@require_GET
@may(_MANAGE)
def account(request: StaffRequest, number: int) -> HttpResponse:
    """Show an account; that of an employee on the employee's page."""
    user = found(account_numbered, number, request)
    return _person(request, None, user) if user.employee is None else redirect(_home(user))


def _person(request: StaffRequest, one: Employee | None, user: User | None) -> HttpResponse:
    held = list(roles_ever_held(user)) if user else []
    names = names_called({who for row in held for who in (row.given_by, row.ended_by)}, request.staff.municipality)
    there = crumbs(_list())
    page = person_page(one, user, held, who=request.staff.who, today=request.today, names=names, crumbs=there)
    return render(request, "administration/person.html", {"page": page})


@require_http_methods(["GET", "POST"])
@may(_MANAGE)
def hire_somebody(request: StaffRequest) -> HttpResponse:
    """Put somebody down as employed."""
    clinics = clinics_of(request.staff.municipality)
    form = forms.HireForm(clinics, sent(request), today=request.today)

    def do(form: forms.HireForm) -> str:
        said = form.cleaned_data
        one = hire(
            clinic=_clinic(clinics, said["clinic"]) or clinics[0],
            code=said["code"],
            name=said["name"],
            role=Employee.Role(said["role"]),
            employed_from=said["employed_from"],
            email=said["email"],
            by=_by(request),
            at=request.at,
        )
        return gettext("%(name)s er ført som ansatt fra %(day)s.") % {"name": one.name, "day": words.day(one.employed_from)}

    return answer(request, Act(gettext("Ny ansatt"), gettext("Før som ansatt"), crumbs(_list())), form, do)


@require_http_methods(["GET", "POST"])
@may(_MANAGE)
def end(request: StaffRequest, number: int) -> HttpResponse:
    """Put down that somebody leaves, after telling what they have in hand."""
    one = found(employee_numbered, number, request)
    form = forms.LeaveForm(_colleagues(request, one), sent(request))

    def do(form: forms.LeaveForm) -> str:
        heir = found(employee_numbered, int(form.cleaned_data["heir"]), request) if form.cleaned_data["heir"] else None
        given = leave(employee=one, on=form.cleaned_data["on"], heir=heir, by=_by(request), at=request.at)
        told = {"name": one.name, "day": words.day(form.cleaned_data["on"])}
        parts = [gettext("%(name)s er ført som sluttet fra %(day)s.") % told]
        if given.cases or given.tasks:
            told = {"cases": words.number(given.cases), "tasks": words.number(given.tasks)}
            parts.append(gettext("Gitt videre nå: %(cases)s saker og %(tasks)s oppgaver.") % told)
        if given.waiting:
            parts.append(gettext("Saker som går til stedfortrederen: %(n)s.") % {"n": words.number(given.waiting)})
        return " ".join(parts)

    notes = tuple(what_becomes_of(belongings_of(one, on=request.today))) or (gettext("Ingen saker, oppgaver eller timer å gi videre."),)
    told = (*notes, gettext("Kontoen slutter å virke fra samme dag."))
    act = Act(gettext("Avslutt ansettelsen til %(name)s") % {"name": one.name}, gettext("Avslutt ansettelsen"), _way(one), told)
    return answer(request, act, form, do)


@require_http_methods(["GET", "POST"])
@may(_MANAGE)
def deputy(request: StaffRequest, number: int) -> HttpResponse:
    """Say who does somebody's work while they are away."""
    one = found(employee_numbered, number, request)
    form = forms.DeputyForm(_colleagues(request, one), sent(request), deputy=one.deputy_id)

    def do(form: forms.DeputyForm) -> str:
        chosen = found(employee_numbered, int(form.cleaned_data["deputy"]), request) if form.cleaned_data["deputy"] else None
        name_deputy(employee=one, deputy=chosen, by=_by(request), at=request.at)
        who = chosen.name if chosen else gettext("Lederen")
        return gettext("%(who)s gjør arbeidet til %(name)s ved fravær.") % {"who": who, "name": one.name}

    return answer(request, Act(gettext("Stedfortreder for %(name)s") % {"name": one.name}, gettext("Velg"), _way(one)), form, do)


@require_http_methods(["GET", "POST"])
@may(_MANAGE)
def let_in(request: StaffRequest, number: int) -> HttpResponse:
    """Give somebody who works here an account and a role."""
    one = found(employee_numbered, number, request)
    clinics = clinics_of(request.staff.municipality)
    form = forms.AccountForm(clinics, sent(request), employee=one, today=request.today)

    def do(form: forms.AccountForm) -> str:
        said = form.cleaned_data
        where = _clinic(clinics, said["clinic"])
        access.let_in(
            employee=one,
            login=said["login"],
            role=Role(said["role"]),
            clinic=where,
            from_on=said["from_on"],
            by=_by(request),
            at=request.at,
        )
        return gettext("%(name)s har fått konto. Lag et engangspassord.") % {"name": one.name}

    return answer(request, Act(gettext("Konto til %(name)s") % {"name": one.name}, gettext("Gi konto"), _way(one)), form, do)


@require_http_methods(["GET", "POST"])
@may(_MANAGE)
def open_account(request: StaffRequest) -> HttpResponse:
    """Open an account for somebody who is not employed at a clinic, such as the privacy officer."""
    municipality, clinics = request.staff.municipality, clinics_of(request.staff.municipality)
    form = forms.AccountForm(clinics, sent(request), employee=None, today=request.today)

    def do(form: forms.AccountForm) -> str:
        said = form.cleaned_data
        access.let_outsider_in(
            municipality=municipality,
            login=said["login"],
            name=said["name"],
            role=Role(said["role"]),
            clinic=_clinic(clinics, said["clinic"]),
            from_on=said["from_on"],
            by=_by(request),
            at=request.at,
        )
        return gettext("%(name)s har fått konto. Lag et engangspassord.") % {"name": said["name"]}

    notes = (gettext("Til personvernombudet, analytikeren og andre som ikke er ansatt ved en helsestasjon."),)
    return answer(request, Act(gettext("Konto uten ansettelse"), gettext("Gi konto"), crumbs(_list()), notes), form, do)


@require_http_methods(["GET", "POST"])
@may(_MANAGE)
def give_role(request: StaffRequest, number: int) -> HttpResponse:
    """Give an account one more role."""
    user = found(account_numbered, number, request)
    clinics = clinics_of(request.staff.municipality)
    form = forms.RoleForm(clinics, sent(request), today=request.today, ends=True)

    def do(form: forms.RoleForm) -> str:
        said = form.cleaned_data
        where, days = _clinic(clinics, said["clinic"]), {"from_on": said["from_on"], "until_on": said["until_on"]}
        access.give_role(user=user, role=Role(said["role"]), clinic=where, **days, by=_by(request), at=request.at)
        told = {"name": user.display_name, "role": words.role(Role(said["role"])), "day": words.day(said["from_on"])}
        return gettext("%(name)s er %(role)s fra %(day)s.") % told

    return answer(request, Act(gettext("Ny rolle til %(name)s") % {"name": user.display_name}, gettext("Gi rollen"), _path(user)), form, do)


@require_http_methods(["GET", "POST"])
@may(_MANAGE)
def change_role(request: StaffRequest, number: int) -> HttpResponse:
    """Let one role end and another begin on the same day."""
    held = found(role_numbered, number, request)
    clinics = clinics_of(request.staff.municipality)
    form = forms.RoleForm(clinics, sent(request), today=request.today, ends=False)

    def do(form: forms.RoleForm) -> str:
        said = form.cleaned_data
        role, where = Role(said["role"]), _clinic(clinics, said["clinic"])
        access.change_role(held=held, role=role, clinic=where, from_on=said["from_on"], by=_by(request), at=request.at)
        told = {"name": held.user.display_name, "role": words.role(role), "day": words.day(said["from_on"])}
        return gettext("%(name)s er %(role)s fra %(day)s.") % told

    heading = gettext("Bytt rollen %(role)s") % {"role": words.role(Role(held.role))}
    notes = (gettext("Den gamle rollen slutter samme dag som den nye begynner."),)
    return answer(request, Act(heading, gettext("Bytt rolle"), _path(held.user), notes), form, do)


@require_http_methods(["GET", "POST"])
@may(_MANAGE)
def end_role(request: StaffRequest, number: int) -> HttpResponse:
    """End a role."""
    held = found(role_numbered, number, request)
    form = forms.EndRoleForm(sent(request), today=request.today)

    def do(form: forms.EndRoleForm) -> str:
        access.end_role(held=held, on=form.cleaned_data["from_on"], by=_by(request), at=request.at)
        told = {"name": held.user.display_name, "role": words.role(Role(held.role)), "day": words.day(form.cleaned_data["from_on"])}
        return gettext("%(name)s er ikke lenger %(role)s fra %(day)s.") % told

    heading = gettext("Avslutt rollen %(role)s") % {"role": words.role(Role(held.role))}
    return answer(request, Act(heading, gettext("Avslutt rollen"), _path(held.user)), form, do)


@require_http_methods(["GET", "POST"])
@may(_MANAGE)
def password(request: StaffRequest, number: int) -> HttpResponse:
    """
    Make a new password for an account, and show it once.

    The answer to the form is the page with the password, and no redirect: it is kept nowhere it could be read again.
    """
    user = found(account_numbered, number, request)
    if user.who == request.staff.who:
        raise Http404
    act = Act(
        gettext("Engangspassord til %(name)s") % {"name": user.display_name},
        gettext("Lag engangspassord"),
        _path(user),
        (
            gettext("Passordet vises én gang. Les det opp for den det gjelder, eller gi det på papir."),
            gettext("Det gamle passordet slutter å virke, og den som er logget inn, blir logget ut."),
            gettext("Ved første innlogging må den det gjelder, velge sitt eget."),
        ),
    )
    if request.method != "POST":
        return answer(request, act, SureForm(), lambda _: "")
    made = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
    access.set_password(user=user, password=made, is_for_once=True, by=_by(request), at=request.at)
    return render(request, "administration/password.html", {"page": act, "login": user.login, "password": made})


@require_http_methods(["GET", "POST"])
@may(_MANAGE)
def close_account(request: StaffRequest, number: int) -> HttpResponse:
    """Close an account."""
    user = found(account_numbered, number, request)

    def do(_: SureForm) -> str:
        access.close_account(user=user, by=_by(request), at=request.at)
        return gettext("Kontoen %(login)s er stengt, og rollene er avsluttet.") % {"login": user.login}

    notes = (
        gettext("Den som er logget inn med kontoen, blir logget ut ved neste klikk."),
        gettext("Alle rollene avsluttes. Åpnes kontoen igjen, må de gis på nytt."),
        gettext("Saker, oppgaver og timer følger ansettelsen, og blir ikke flyttet av dette."),
    )
    act = Act(gettext("Steng kontoen %(login)s") % {"login": user.login}, gettext("Steng kontoen"), _path(user), notes)
    return answer(request, act, SureForm(sent(request)), do)


@require_POST
@may(_MANAGE)
def reopen_account(request: StaffRequest, number: int) -> HttpResponse:
    """Open a closed account again."""
    user = found(account_numbered, number, request)
    access.reopen_account(user=user, by=_by(request), at=request.at)
    give_receipt(request, Receipt(gettext("Kontoen %(login)s er åpen igjen, uten roller.") % {"login": user.login}))
    return redirect(_home(user))


@require_POST
@may(_MANAGE)
def unlock_account(request: StaffRequest, number: int) -> HttpResponse:
    """Let somebody try again who has written a wrong password too often."""
    user = found(account_numbered, number, request)
    access.unlock_account(user=user, by=_by(request), at=request.at)
    give_receipt(request, Receipt(gettext("%(login)s kan prøve å logge inn igjen.") % {"login": user.login}))
    return redirect(_home(user))


def _by(request: StaffRequest) -> Actor:
    return request.staff.actor(using=_MANAGE)


def _list() -> Link:
    return Link(gettext("Ansatte og roller"), reverse("settings_staff"))


def _way(one: Employee) -> tuple[Link, ...]:
    return crumbs(_list(), Link(one.name, reverse("settings_employee", args=[one.pk])))


def _path(user: User) -> tuple[Link, ...]:
    return crumbs(_list(), Link(user.display_name, _home(user)))


def _home(user: User) -> str:
    return reverse("settings_employee", args=[user.employee_id]) if user.employee_id else reverse("settings_account", args=[user.pk])


def _clinic(clinics: list[Clinic], chosen: str) -> Clinic | None:
    return next((clinic for clinic in clinics if str(clinic.pk) == chosen), None)


def _colleagues(request: StaffRequest, one: Employee) -> list[Employee]:
    return list(employees_of(request.staff.municipality, on=request.today).exclude(pk=one.pk).order_by("name"))
