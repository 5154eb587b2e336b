"""What pages read from forms by hand: numbers of rows, and where to go afterwards."""

from django.http import Http404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from fjorten.web.edge import StaffRequest

_DIGITS = 18  # what fits a row's number in both databases


def is_number(text: str, *, digits: int = _DIGITS) -> bool:
    """This function will tell whether a text is a whole number of the digits 0-9, and not longer than what is meant can be."""
    return text.isascii() and text.isdigit() and len(text) <= digits


def a_number(request: StaffRequest, field: str) -> int:
    """This function will read the number of a row from a form. Raises Http404 when it is none: no form of ours sends that."""
    text = request.POST.get(field, "")
    if not is_number(text):
        raise Http404
    return int(text)


def back_to(request: StaffRequest) -> str:
    """This function will tell which of our own pages a form came from; the day's when it does not say."""
    there = request.POST.get("next", "")
    return there if url_has_allowed_host_and_scheme(there, allowed_hosts=None) else reverse("today")
