"""Changing the language of the pages."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from fjorten.web.edge import PageRequest
from fjorten.web.gate import open_to_everybody

_KEPT_FOR: Final = timedelta(days=365)


@require_POST
@open_to_everybody
def choose(request: PageRequest) -> HttpResponse:
    """Keep the language somebody has chosen, and go back to the page they were on. The choice outlives a session."""
    chosen, there = request.POST.get("language", ""), request.POST.get("next", "")
    if chosen not in dict(settings.LANGUAGES):
        raise Http404
    response = redirect(there if url_has_allowed_host_and_scheme(there, allowed_hosts=None) else "start")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=_KEPT_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
