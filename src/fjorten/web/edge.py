"""What the edge of the pages knows: the clock, and who is signed in."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Final, cast

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from fjorten.access.queries import Staff, staff_of
from fjorten.kernel.times import oslo_date
from fjorten.organisation.wall import within

# Unused for a quarter of an hour, or ten hours after signing in, somebody has to sign in again [default; reliability.md, ASVS 7.3].
IDLE: Final = timedelta(minutes=15)
LONGEST: Final = timedelta(hours=10)
SEEN_EVERY: Final = timedelta(seconds=30)  # how often it is written down that somebody is there: each page would write otherwise
SIGNED_IN_AT: Final = "signed_in_at"
SEEN_AT: Final = "seen_at"


class PageRequest(HttpRequest):
    """A request after the edge has seen it: when it came, and who is signed in."""

    at: datetime
    today: date
    signed_in: Staff | None


class StaffRequest(PageRequest):
    """A request that has come through the gate: somebody is signed in, and has the permission the address asks for."""

    staff: Staff


def language(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Write the page in the language somebody has chosen, else in bokmål: what a browser prefers says nothing about the workplace's."""

    def spoken(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = {code for code, _ in settings.LANGUAGES}
        with translation.override(chosen if chosen in known else settings.LANGUAGE_CODE):
            return get_response(request)

    return spoken


def edge(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """
    Read the clock once for each request, and who is signed in at that instant: an account that has ended is out on its next request. What
    comes after is within the municipality of the account, and without one within none (organisation.wall).
    """

    def seen(request: HttpRequest) -> HttpResponse:
        arrived = cast("PageRequest", request)
        arrived.at = datetime.now(tz=UTC) + settings.CLOCK_AHEAD
        arrived.today = oslo_date(arrived.at)
        arrived.signed_in = None
        if not arrived.user.is_authenticated:
            return get_response(request)
        with within(arrived.user.municipality):
            arrived.signed_in = _signed_in(arrived)
            return get_response(request)

    return seen


def _signed_in(request: PageRequest) -> Staff | None:
    staff = staff_of(request.user, at=request.at) if _is_fresh(request) else None
    if staff is None:
        logout(request)
        return None
    if request.at.timestamp() - request.session[SEEN_AT] >= SEEN_EVERY.total_seconds():
        request.session[SEEN_AT] = request.at.timestamp()
    return staff


def _is_fresh(request: PageRequest) -> bool:
    """Tell whether the session is neither left alone too long nor too old. A session without its instants is not one of ours."""
    now = request.at.timestamp()
    seen, signed_in = request.session.get(SEEN_AT), request.session.get(SIGNED_IN_AT)
    return seen is not None and signed_in is not None and now - seen <= IDLE.total_seconds() and now - signed_in <= LONGEST.total_seconds()
