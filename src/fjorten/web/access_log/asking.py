"""What of the log is asked for in an address, and how a child's log is got hold of."""

from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

from django.http import Http404

from fjorten.access.permissions import Permission
from fjorten.access.policies import OWN_FAMILY, Answer, Verdict
from fjorten.audit.looks import note_look, note_refused
from fjorten.care_relations.oddities import REVIEW
from fjorten.care_relations.relations import viewer_of
from fjorten.people.models import Person
from fjorten.people.queries import person_with_public_id
from fjorten.web.access_log.showing import Week
from fjorten.web.edge import StaffRequest
from fjorten.web.forms import is_number
from fjorten.web.looking import NotYoursToOpen, look_at

_EARLIEST: Final = date(2000, 1, 1)  # nothing is recorded before, and a calendar without a beginning cannot be counted back in
_PAGES: Final = 4  # digits of a page's number


def week_of(request: StaffRequest) -> Week:
    """This function will read which week is asked for: the seven days up to today unless told. Raises Http404 when it is none of ours."""
    page = request.GET.get("page", "1")
    if not is_number(page, digits=_PAGES) or not int(page):
        raise Http404
    return Week(day_of(request.GET, "until", latest=request.today) or request.today, int(page))


def day_of(told: Mapping[str, str], name: str, *, latest: date) -> date | None:
    """This function will read a day from an address; None when there is none. Raises Http404 for what is no day, or one to come."""
    text = told.get(name, "")
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
    if not _EARLIEST <= found <= latest:
        raise Http404
    return found


def before_of(request: StaffRequest) -> int | None:
    """This function will read where a page of the log goes on from; None: from the latest. Raises Http404 when it is no number."""
    text = request.GET.get("before", "")
    if text and not is_number(text):
        raise Http404
    return int(text) if text else None


def child_whose_log(request: StaffRequest, public_id: UUID, *, page: str) -> Person:
    """
    This function will find a child whose log is looked at, after writing that down.

    Whoever sees children gets hold of the log as of the record: what they may not open they may not follow either. A privacy officer opens
    no record, and is shown the log of every child but one of their own family, with nothing in it of who the child is; since that is so
    of all children, it tells of none that it is protected. Raises Http404 and NotYoursToOpen as `look_at`.
    """
    if request.staff.may(Permission.SEE_CHILDREN):
        return look_at(request, public_id, page=page)
    code, by, detail = request.staff.municipality.code, request.staff.actor(ground=REVIEW), {"page": page}
    person = person_with_public_id(public_id, municipality=request.staff.municipality)
    is_own = person is not None and person.pk in viewer_of(request.staff, at=request.at).kin
    if person is None or is_own:
        note_refused(
            "child.refused", municipality=code, persons=[str(public_id)], detail={**detail}, by=request.staff.actor(), at=request.at
        )
        if person is None:
            raise Http404
        raise NotYoursToOpen(Verdict(Answer.REFUSED, sentence=OWN_FAMILY), person)
    note_look("access_log.seen", municipality=code, persons=[str(person.public_id)], detail={**detail}, by=by, at=request.at)
    return person
