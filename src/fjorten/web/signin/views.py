"""The page where staff sign in with a local account, and the way out."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from fjorten.access.sign_in import HasNoRoleToday, TooManyTries, WrongNameOrPassword, choose_password, go_out, sign_in_with_password
from fjorten.kernel.refusals import Refused
from fjorten.web import words
from fjorten.web.edge import SEEN_AT, SIGNED_IN_AT, PageRequest, StaffRequest
from fjorten.web.gate import may_be_signed_in, open_to_everybody
from fjorten.web.receipts import Receipt, give_receipt
from fjorten.web.signin.forms import OwnPasswordForm


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@open_to_everybody
def sign_in(request: PageRequest) -> HttpResponse:
    """Ask who somebody is, and let them in where they wanted to go."""
    there = _own_page(request.POST.get("next") or request.GET.get("next") or "/")
    if request.method == "GET":
        return redirect(there) if request.signed_in else render(request, "signin/sign_in.html", {"next": there})
    name = request.POST.get("name", "").strip()
    try:
        sign_in_with_password(request, name=name, password=request.POST.get("password", ""), at=request.at)
    except (WrongNameOrPassword, TooManyTries, HasNoRoleToday) as refused:
        return render(request, "signin/sign_in.html", {"next": there, "name": name, "problem": words.refusal(refused)}, status=422)
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = request.at.timestamp()
    return redirect(there)


@require_POST
@open_to_everybody
def sign_out(request: PageRequest) -> HttpResponse:
    """End the session, and let the browser forget what it was shown."""
    go_out(request, because="asked", at=request.at)
    response = redirect("sign_in")
    # Not "cookies": the session's own is taken away with the session, and the language somebody chose is to be there when they come back.
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
@may_be_signed_in
def own_password(request: StaffRequest) -> HttpResponse:
    """Let somebody choose the password of their own account: asked for before anything else when theirs was made by another."""
    form = OwnPasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            choose_password(request, request.staff, password=form.cleaned_data["password"], at=request.at)
        except Refused as refusal:
            form.refused(refusal)
        else:
            give_receipt(request, Receipt(gettext("Du har valgt nytt passord.")))
            return redirect("start")
    return render(request, "signin/own_password.html", {"form": form}, status=422 if form.is_bound else 200)


def _own_page(there: str) -> str:
    """Go only to our own pages, whatever stands in the address."""
    return there if url_has_allowed_host_and_scheme(there, allowed_hosts=None) else "/"
