"""The rows somebody has picked on the worklist: found again, looked at one by one, and only those that are still theirs to act on."""

from collections.abc import Sequence

from fjorten.ledger.worklist import Row, rows_picked
from fjorten.organisation.responsibility import staff_on
from fjorten.web.edge import StaffRequest
from fjorten.web.looking import look_at_each
from fjorten.web.worklist.asking import PICKED, Asked, asked_of, picked_in


def picked_rows(request: StaffRequest, *, page: str) -> Sequence[Row]:
    """
    This function will find the rows whose boxes a form sent, in the order of the lists, after writing down that each child is looked at.

    A row that has left its list since the page was shown is not found: what it lacked has been seen to.
    """
    municipality, on = request.staff.municipality, request.today
    wanted = Asked().wanted(request.staff, staff_on(municipality=municipality, on=on), request=request)
    rows = rows_picked(wanted, picked_in(request.POST.getlist(PICKED)), municipality=municipality, on=on)
    seen = look_at_each(request, [row.person for row in rows], page=page)
    return [row for row in rows if row.person.pk in seen]


def fields_of_list(request: StaffRequest) -> Sequence[tuple[str, str]]:
    """This function will tell what a form sends along so that it can go back to the page of the list it began at."""
    sent = {**asked_of(request.POST).fields, **{name: request.POST.get(name, "") for name in ("after", "before")}}
    return [(name, value) for name, value in sent.items() if value]


def back_to_list(request: StaffRequest) -> str:
    """This function will give the address of the page of the list a form began at."""
    return Asked().address_with(**dict(fields_of_list(request)))
