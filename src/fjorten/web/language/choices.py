"""The three words in the head of a page that change its language."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

from fjorten.web.edge import PageRequest
from fjorten.web.words import capital


@dataclass(frozen=True, slots=True)
class Choice:
    """One language, by its own name."""

    code: str
    name: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Languages:
    """The languages there are, the address that changes it, and the page one comes back to."""

    address: str
    here: str
    choices: tuple[Choice, ...]


def languages_on(request: PageRequest) -> Languages:
    """
    This function will give the languages as the page that answers a request shows them.

    One comes back to the same page; from the answer to a form that was sent, which cannot be asked for again, to where work begins.
    """
    current = get_language()
    choices = tuple(Choice(code, capital(str(name)), code == current) for code, name in settings.LANGUAGES)
    return Languages(reverse("choose_language"), request.get_full_path() if request.method == "GET" else "", choices)
