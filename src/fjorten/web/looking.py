"""Looking at a child: asked for, written down, and only then shown. Without the row in the trail there is no page (reliability N1)."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.http import Http404
from django.urls import reverse

from fjorten.access.policies import Answer, Verdict, may_open
from fjorten.audit.looks import note_look, note_refused
from fjorten.care_relations.relations import may_open_child, subjects_of, viewer_of
from fjorten.kernel.refusals import Refused
from fjorten.people.models import Person
from fjorten.people.queries import person_with_public_id
from fjorten.web.edge import StaffRequest


class NotYoursToOpen(Refused):
    """The record is not shown to the one who asks; the sentence says why and what can be done."""

    sentence = "Du har ikke tilgang til dette barnet."

    def __init__(self, verdict: Verdict, person: Person) -> None:
        """Keep the verdict for the page that tells of it."""
        super().__init__(person.pk)
        self.sentence = verdict.sentence or self.sentence
        self.verdict = verdict
        self.person = person

    @property
    def in_need(self) -> str:
        """Where the record can be opened in an emergency; "" when it cannot."""
        return reverse("break_glass", args=[self.person.public_id]) if self.verdict.may_break_glass else ""


def look_at(request: StaffRequest, public_id: UUID, *, page: str) -> Person:
    """
    This function will find a child for the one who is signed in, after writing down that they look.

    Raises Http404 when there is no such child, or when that there is one is itself a secret: both are answered alike and both are written
    down. Raises NotYoursToOpen when the policy refuses.
    """
    person = person_with_public_id(public_id, municipality=request.staff.municipality)
    if person is None:
        _refused(request, about=str(public_id), page=page)
        raise Http404
    verdict = may_open_child(person, staff=request.staff, at=request.at)
    if verdict.answer is Answer.ABSENT:
        _refused(request, about=str(public_id), page=page)
        raise Http404
    if verdict.answer is Answer.REFUSED:
        _refused(request, about=str(public_id), page=page)
        raise NotYoursToOpen(verdict, person)
    note_look(
        "child.seen",
        municipality=request.staff.municipality.code,
        persons=[str(person.public_id)],
        detail={"page": page},
        by=request.staff.actor(ground=verdict.ground.value if verdict.ground else ""),
        at=request.at,
    )
    return person


def look_in_need(request: StaffRequest, public_id: UUID) -> Person:
    """
    This function will find a child whose record the one who is signed in may open in an emergency; nothing of it is shown.

    Raises Http404 when an emergency opens nothing: no such child, one that is a secret, or one that is open to them already.
    """
    person = person_with_public_id(public_id, municipality=request.staff.municipality)
    if person is None or not may_open_child(person, staff=request.staff, at=request.at).may_break_glass:
        _refused(request, about=str(public_id), page="break_glass")
        raise Http404
    return person


def look_at_each(request: StaffRequest, persons: Iterable[Person], *, page: str) -> set[int]:
    """
    This function will write down that somebody looks at several children at once, each on its own ground, and tell which of them (primary
    keys) they may see: the others are left out, and written down as refused. The number of questions does not grow with the children.
    """
    children = {person.pk: person for person in persons}
    viewer, code = viewer_of(request.staff, at=request.at), request.staff.municipality.code
    by_ground: defaultdict[str | None, list[int]] = defaultdict(list)
    for pk, subject in subjects_of(children.values(), staff=request.staff, at=request.at).items():
        verdict = may_open(viewer, subject, at=request.at)
        by_ground[(verdict.ground or "") if verdict.answer is Answer.SHOWN else None].append(pk)
    refused = by_ground.pop(None, [])
    if refused:
        ids = [str(children[pk].public_id) for pk in refused]
        note_refused("child.refused", municipality=code, persons=ids, detail={"page": page}, by=request.staff.actor(), at=request.at)
    for ground, keys in by_ground.items():
        ids = [str(children[pk].public_id) for pk in keys]
        by = request.staff.actor(ground=ground or "")
        note_look("child.seen", municipality=code, persons=ids, detail={"page": page}, by=by, at=request.at)
    return {pk for keys in by_ground.values() for pk in keys}


def look_through(request: StaffRequest, name: str, *, rows: int) -> None:
    """This function will write down that a list was shown, and how long it was. A child opened from it is written down on its own."""
    by = request.staff.actor(ground="list")
    note_look("list.seen", municipality=request.staff.municipality.code, detail={"list": name, "rows": rows}, by=by, at=request.at)


def _refused(request: StaffRequest, *, about: str, page: str) -> None:
    by = request.staff.actor()
    note_refused(
        "child.refused", municipality=request.staff.municipality.code, persons=[about], detail={"page": page}, by=by, at=request.at
    )
