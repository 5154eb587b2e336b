"""What a leader gives, names and blocks: for one child, and the teams of all protected children."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from fjorten.access.permissions import Permission
from fjorten.access.queries import accounts_of, names_called
from fjorten.care_relations.actions import authorise, block, name_for_protected, unblock, unname, withdraw_authorisation
from fjorten.care_relations.queries import (
    authorisations_of,
    blocks_of,
    namings_of,
    numbered,
    own_family_of,
    protected_children,
    teams_of,
)
from fjorten.kernel.refusals import Refused
from fjorten.people.models import Person
from fjorten.web import words
from fjorten.web.access_log.forms import AuthoriseForm, BlockForm, NameForm, UnblockForm
from fjorten.web.access_log.given_presenters import Given, Sent, access_page, address_of_access, protected_page
from fjorten.web.access_log.naming import children_as_known
from fjorten.web.edge import StaffRequest
from fjorten.web.forms import a_number
from fjorten.web.gate import may
from fjorten.web.looking import look_at, look_through
from fjorten.web.receipts import Receipt, give_receipt

_NEEDS: Final = Permission.MANAGE_STAFF
Doing = Callable[[StaffRequest, Person], HttpResponse]


@require_GET
@may(_NEEDS)
def childs_access(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Show what was given, named and blocked for a child, now and before."""
    return _shown(request, look_at(request, public_id, page="access"), Sent(), status=200)


def _authorise(request: StaffRequest, person: Person) -> HttpResponse:
    form = AuthoriseForm(accounts_of(request.staff.municipality), request.POST)
    if form.is_valid():
        by, user = request.staff.actor(using=_NEEDS), form.account()
        try:
            given = authorise(user=user, person=person, until_at=form.until_at(), reason=form.cleaned_data["reason"], by=by, at=request.at)
        except Refused as refusal:
            form.refused(refusal)
        else:
            said = {"name": user.display_name, "day": words.day(form.cleaned_data["until"])}
            sentence = gettext("%(name)s har tilgang til og med %(day)s.") % said
            return _done(request, person, sentence, undo="access_withdraw", number=given.pk)
    return _shown(request, person, Sent(authorise=form), status=422)


def _withdraw(request: StaffRequest, person: Person) -> HttpResponse:
    given = numbered(authorisations_of(person), a_number(request, "number"))
    withdraw_authorisation(authorisation=given, by=request.staff.actor(using=_NEEDS), at=request.at)
    return _done(request, person, gettext("Tilgangen til %(name)s er trukket tilbake.") % {"name": given.user.display_name})


def _name(request: StaffRequest, person: Person) -> HttpResponse:
    form = NameForm(accounts_of(request.staff.municipality), request.POST)
    if form.is_valid():
        by, user = request.staff.actor(using=_NEEDS), form.account()
        try:
            named = name_for_protected(user=user, person=person, reason=form.cleaned_data["reason"], by=by, at=request.at)
        except Refused as refusal:
            form.refused(refusal)
        else:
            return _done(request, person, _named(user.display_name), undo="access_unname", number=named.pk)
    return _shown(request, person, Sent(name=form), status=422)


def _unname(request: StaffRequest, person: Person) -> HttpResponse:
    named = numbered(namings_of(person), a_number(request, "number"))
    unname(named=named, by=request.staff.actor(using=_NEEDS), at=request.at)
    return _done(request, person, _unnamed(named.user.display_name))


def _block(request: StaffRequest, person: Person) -> HttpResponse:
    form = BlockForm(accounts_of(request.staff.municipality), request.POST)
    if form.is_valid():
        by, user = request.staff.actor(using=_NEEDS), form.account()
        try:
            block(user=user, person=person, source=form.cleaned_data["reason"], by=by, at=request.at)
        except Refused as refusal:
            form.refused(refusal)
        else:
            return _done(request, person, gettext("%(name)s er sperret fra journalen.") % {"name": user.display_name})
    return _shown(request, person, Sent(block=form), status=422)


def _unblock(request: StaffRequest, person: Person) -> HttpResponse:
    blocked = numbered(blocks_of(person), a_number(request, "number"))
    form = UnblockForm(blocked.pk, request.POST)
    if form.is_valid():
        try:
            unblock(blocked=blocked, source=form.cleaned_data["reason"], by=request.staff.actor(using=_NEEDS), at=request.at)
        except Refused as refusal:
            form.refused(refusal)
        else:
            return _done(request, person, gettext("%(name)s er ikke lenger sperret fra journalen.") % {"name": blocked.user.display_name})
    return _shown(request, person, Sent(unblock=form), status=422)


@require_GET
@may(_NEEDS)
def protected_team(request: StaffRequest) -> HttpResponse:
    """Show who is named for each protected child, by references alone: so that none is without anybody to follow it."""
    return _shown_teams(request, None, status=200)


@require_POST
@may(_NEEDS)
def name_for(request: StaffRequest) -> HttpResponse:
    """Name somebody for a protected child the leader does not have to know who is."""
    person = _protected(request)
    form = NameForm(accounts_of(request.staff.municipality), request.POST, about=str(person.public_id))
    if form.is_valid():
        by, user = request.staff.actor(using=_NEEDS), form.account()
        try:
            name_for_protected(user=user, person=person, reason=form.cleaned_data["reason"], by=by, at=request.at)
        except Refused as refusal:
            form.refused(refusal)
        else:
            give_receipt(request, Receipt(_named(user.display_name)))
            return redirect("protected_children")
    return _shown_teams(request, (str(person.public_id), form), status=422)


@require_POST
@may(_NEEDS)
def unname_from(request: StaffRequest) -> HttpResponse:
    """End that somebody is named for a protected child."""
    named = numbered(namings_of(_protected(request)), a_number(request, "number"))
    unname(named=named, by=request.staff.actor(using=_NEEDS), at=request.at)
    give_receipt(request, Receipt(_unnamed(named.user.display_name)))
    return redirect("protected_children")


def _named(name: str) -> str:
    return gettext("%(name)s er navngitt for barnet.") % {"name": name}


def _unnamed(name: str) -> str:
    return gettext("%(name)s er ikke lenger navngitt for barnet.") % {"name": name}


def _protected(request: StaffRequest) -> Person:
    """Find the protected child a form is about among those on the page. Raises Http404 for any other, alike."""
    told = request.POST.get("child", "")
    found = next((person for person in _on_the_page(request) if str(person.public_id) == told), None)
    if found is None:
        raise Http404
    return found


def _on_the_page(request: StaffRequest) -> list[Person]:
    own = own_family_of(request.staff, at=request.at)
    children = protected_children(request.staff.municipality, on=request.today)
    return [person for person in children if str(person.public_id) not in own]


def _shown_teams(request: StaffRequest, sent: tuple[str, NameForm] | None, *, status: int) -> HttpResponse:
    children = _on_the_page(request)
    look_through(request, "protected_children", rows=len(children))
    known = children_as_known({str(person.public_id) for person in children}, staff=request.staff, at=request.at)
    teams = teams_of([person.pk for person in children], at=request.at)
    accounts = accounts_of(request.staff.municipality)
    page = protected_page(children, known, teams, accounts, staff=request.staff, sent=sent)
    return render(request, "access_log/protected.html", {"page": page, "sent": sent[1] if sent else None}, status=status)


def _shown(request: StaffRequest, person: Person, sent: Sent, *, status: int) -> HttpResponse:
    municipality = request.staff.municipality
    given = Given(
        person=person,
        authorisations=list(authorisations_of(person)),
        named=list(namings_of(person)),
        blocked=list(blocks_of(person)),
        accounts=accounts_of(municipality),
    )
    names = names_called(given.givers, municipality)
    page = access_page(given, names, sent, at=request.at)
    return render(request, "access_log/access.html", {"page": page, "sent": sent.form}, status=status)


def _done(request: StaffRequest, person: Person, sentence: str, *, undo: str = "", number: int = 0) -> HttpResponse:
    back = (reverse(undo, args=[person.public_id]), (("number", str(number)),)) if undo else ("", ())
    give_receipt(request, Receipt(sentence, *back))
    return redirect(address_of_access(person))


def _doing(name: str, act: Doing) -> Callable[..., HttpResponse]:
    """Make the address of an act on a child's page of access: the child is looked at as on the page itself."""

    @require_POST
    @may(_NEEDS)
    def do(request: StaffRequest, public_id: UUID) -> HttpResponse:
        return act(request, look_at(request, public_id, page=f"access_{name}"))

    return do


_ACTS: Final[dict[str, Doing]] = {
    "authorise": _authorise,
    "withdraw": _withdraw,
    "name": _name,
    "unname": _unname,
    "block": _block,
    "unblock": _unblock,
}
DOING: Final = {name: _doing(name, act) for name, act in _ACTS.items()}
