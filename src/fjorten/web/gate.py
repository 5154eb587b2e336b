"""
The gate of every address: a view says what permission it needs, or that it is open to everybody; one that says nothing is shut.

What somebody may see of one child is asked for by `looking`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from fjorten.access.permissions import Permission
from fjorten.audit.looks import note_refused
from fjorten.kernel.refusals import Refused
from fjorten.web import words
from fjorten.web.edge import PageRequest, StaffRequest
from fjorten.web.looking import NotYoursToOpen

P = ParamSpec("P")
StaffView = Callable[Concatenate[StaffRequest, P], HttpResponse]
EVERYBODY: Final = "everybody"
SIGNED_IN: Final = "signed in"


class AddressHasNoGate(Exception):
    """Raised to a developer: a view that does not say who may see it is shown to nobody."""


def may_be_signed_in(view: StaffView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let a view be seen by anybody who is signed in: it shows nothing that needs a permission."""
    return _gated(view, SIGNED_IN)


def may(permission: Permission) -> Callable[[StaffView[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """Let a view be seen by those with a permission only."""

    def gated(view: StaffView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        return _gated(view, permission)

    return gated


def open_to_everybody(view: Callable[Concatenate[PageRequest, P], HttpResponse]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let a view be seen by anybody, signed in or not."""
    return _gated(cast("StaffView[P]", view), EVERYBODY)


def _gated(view: StaffView[P], needs: Permission | str) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    @wraps(view)
    def opened(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return view(cast("StaffRequest", request), *args, **kwargs)

    opened.needs = needs  # type: ignore[attr-defined] # read by Gate
    return cast("Callable[Concatenate[HttpRequest, P], HttpResponse]", opened)


class Gate:
    """The middleware that opens views, and turns what an action refuses into a sentence on a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take what comes after."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; the gate itself is before each view."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Tell who is turned away, and with what; None lets them through."""
        needs = getattr(view, "needs", None)
        if needs is None:
            raise AddressHasNoGate(request.resolver_match.view_name if request.resolver_match else view)
        if needs is EVERYBODY:
            return None
        arrived = cast("PageRequest", request)
        if arrived.signed_in is None:
            return _to_sign_in(arrived)
        cast("StaffRequest", request).staff = arrived.signed_in
        if arrived.signed_in.must_choose_password and needs != SIGNED_IN:
            return redirect("own_password")
        if needs is not SIGNED_IN and needs not in arrived.signed_in.permissions:
            return _turned_away(cast("StaffRequest", request))
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Show what was refused as a page with its sentence: nothing was changed. Anything else is an error of ours."""
        if isinstance(exception, NotYoursToOpen):
            return render(
                request, "web/not_yours_to_open.html", {"sentence": words.refusal(exception), "in_need": exception.in_need}, status=403
            )
        if not isinstance(exception, Refused):
            return None
        return render(request, "web/refused.html", {"sentence": words.refusal(exception), "back": reverse("start")}, status=409)


def _to_sign_in(request: PageRequest) -> HttpResponse:
    """Send to the sign-in, and back afterwards to what was asked for; a form sent after the session ended is not sent by itself again."""
    there = request.get_full_path() if request.method == "GET" else "/"
    return redirect(f"{reverse('sign_in')}?{urlencode({'next': there})}")


def _turned_away(request: StaffRequest) -> HttpResponse:
    name = request.resolver_match.view_name if request.resolver_match else ""
    note_refused(
        "page.refused", municipality=request.staff.municipality.code, detail={"page": name}, by=request.staff.actor(), at=request.at
    )
    return render(request, "web/not_yours.html", {}, status=403)
