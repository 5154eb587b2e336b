"""Looking a child up. What is looked for is posted, so that it stands in no address, no log of a server and no history of a browser."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from fjorten.access.permissions import Permission
from fjorten.audit.looks import note_look, note_refused
from fjorten.audit.trail import Detail
from fjorten.care_relations.relations import children_refused_to, children_shown_to, may_open_child
from fjorten.ledger.tracks import tracks_of
from fjorten.people.families import families_of
from fjorten.people.search import Kind, Sought, has_had_number, is_who_is_sought, sought_in
from fjorten.web.children import address_of
from fjorten.web.edge import StaffRequest
from fjorten.web.gate import may
from fjorten.web.search.presenters import MOST, Answered, Kept, search_page


@require_POST
@may(Permission.SEE_CHILDREN)
def search(request: StaffRequest) -> HttpResponse:
    """Show who is found, or go straight to the one child an identity number is of."""
    municipality, on = request.staff.municipality, request.today
    sought = sought_in(request.POST.get("q", ""), today=on)
    is_sought = is_who_is_sought(sought, municipality=municipality)
    found = list(children_shown_to(request.staff, at=request.at).filter(is_sought).in_name_order()[: MOST + 1])
    hits = found[:MOST]
    _note(request, sought, hits=len(found))
    if sought.kind is Kind.NUMBER and len(found) == 1:
        return redirect(address_of(found[0]))
    keys = [person.pk for person in hits]
    answered = Answered(
        sought=sought,
        hits=hits,
        has_more=len(found) > MOST,
        tracks=tracks_of(keys, municipality=municipality, on=on),
        families=families_of(keys, on=on),
        others=children_refused_to(request.staff, at=request.at).filter(is_sought).count(),
        kept=_kept(request, sought),
    )
    return render(request, "search/search.html", {"page": search_page(answered, on=on)})


def _note(request: StaffRequest, sought: Sought, *, hits: int) -> None:
    """Write down that somebody searched: by what kind of word and with how many hits, never the words."""
    by = request.staff.actor(ground="list")
    detail: Detail = {"kind": sought.kind.value, "hits": hits}
    note_look("search.made", municipality=request.staff.municipality.code, detail=detail, by=by, at=request.at)


def _kept(request: StaffRequest, sought: Sought) -> Kept | None:
    """
    Name the child a whole identity number is of, when it is one the searcher may not open: whoever has the number knows who it is. It is
    written down on the child as a look that was refused.
    """
    if sought.kind is not Kind.NUMBER:
        return None
    theirs = has_had_number(sought.number, municipality=request.staff.municipality)
    person = children_refused_to(request.staff, at=request.at).filter(theirs).first()
    if person is None:
        return None
    note_refused(
        "child.refused",
        municipality=request.staff.municipality.code,
        persons=[str(person.public_id)],
        detail={"page": "search"},
        by=request.staff.actor(),
        at=request.at,
    )
    return Kept(person, may_open_child(person, staff=request.staff, at=request.at))
