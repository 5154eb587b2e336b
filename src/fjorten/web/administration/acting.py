"""A page with one form and one action behind it: what every setting is changed by."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from fjorten.kernel.refusals import Refused
from fjorten.organisation.models import Municipality
from fjorten.programme.tables import DefinitionIsInvalid
from fjorten.web.asked import AskedForm
from fjorten.web.edge import StaffRequest
from fjorten.web.receipts import Receipt, give_receipt
from fjorten.web.shown import Link

FormT = TypeVar("FormT", bound=AskedForm)
RowT = TypeVar("RowT")
_TEMPLATE: Final = "administration/act.html"


@dataclass(frozen=True, slots=True)
class Act:
    """
    What a page with one form says: its heading, the words on its button, the page it belongs to (its crumbs, and where one lands), and what
    is to be known before it is sent (`notes`, whole sentences).
    """

    heading: str
    button: str
    crumbs: tuple[Link, ...]
    notes: tuple[str, ...] = ()
    wide: bool = False
    sends_files: bool = False

    @property
    def back(self) -> str:
        """Where one lands afterwards, or when one regrets."""
        return self.crumbs[-1].href


def crumbs(*links: Link) -> tuple[Link, ...]:
    """This function will give the way to a page of settings: Innstillinger, and what is between."""
    return (Link(gettext("Innstillinger"), reverse("settings")), *links)


def answer(
    request: StaffRequest, act: Act, form: FormT, do: Callable[[FormT], str], *, foretell: Callable[[FormT], str] | None = None
) -> HttpResponse:
    """
    This function will show the page of an act, or do it when its form is sent and right, and tell so on the page it belongs to.

    `do` tells in a sentence what was done; what it refuses is shown at its field. `foretell` tells what a change would do that is to be
    known first, "" for nothing: it is shown once with all that was filled in, and the same form sent again is done. When it tells something
    else by then, that is shown instead.
    """
    foretold = ""
    if form.is_bound and form.is_valid():
        try:
            foretold = foretell(form) if foretell is not None else ""
            if foretold in ("", request.POST.get("foretold")):
                give_receipt(request, Receipt(do(form)))
                return redirect(act.back)
        except Refused as refusal:
            form.refused(refusal)
            foretold = ""
        except DefinitionIsInvalid as wrong:
            tell_problems(form, wrong)
    status = 422 if form.is_bound and not foretold else 200
    return render(request, _TEMPLATE, {"page": act, "form": form, "foretold": foretold}, status=status)


def tell_problems(form: AskedForm, wrong: DefinitionIsInvalid, *, field: str | None = None) -> None:
    """This function will list everything that is wrong with a decision; fields and remedies are in English, as in the file."""
    form.add_error(field, gettext("Beslutningen kan ikke brukes. Rett dette; det er skrevet på engelsk, slik det står i filen."))
    for problem in wrong.problems:
        form.add_error(field, str(problem))


def found(look: Callable[[int, Municipality], RowT], number: int, request: StaffRequest) -> RowT:
    """This function will find a row of the municipality's own. Raises Http404 when there is none: another's is none."""
    try:
        return look(number, request.staff.municipality)
    except Refused as refusal:
        raise Http404 from refusal


class SureForm(AskedForm):
    """Nothing is asked but that it is meant."""


def sent(request: StaffRequest) -> QueryDict | None:
    """This function will give what was sent with a form, None when a page is only asked for."""
    return request.POST if request.method == "POST" else None
