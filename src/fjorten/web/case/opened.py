"""A case as it is opened by whoever is signed in: chosen among the child's, and read with all that its pages need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from django.http import Http404

from fjorten.access.permissions import Permission
from fjorten.access.queries import names_called
from fjorten.followup.case_book import assessments_of, awaited_answers_of, cases_of_person, entries_of, facts_about
from fjorten.followup.ladder import Ladder
from fjorten.followup.ladders import ladders_of
from fjorten.followup.models import Assessment, Case, CaseEvent, CaseFact, OwedAnswer
from fjorten.followup.queries import CaseRow, case_row
from fjorten.ledger.tracks import StandingStep, tracks_of
from fjorten.people.families import Family, families_of
from fjorten.people.models import Person
from fjorten.people.queries import number_in_use
from fjorten.web.edge import StaffRequest
from fjorten.web.forms import is_number
from fjorten.web.looking import look_at

RowT = TypeVar("RowT")


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """
    Everything the pages of one case are made of.

    `place` is which of the child's cases this is, counted from 1 as they were opened, out of `cases`. `assessments` and `awaited` are empty
    for those who may not assess: what is not read cannot be shown.
    """

    request: StaffRequest
    person: Person
    number: str
    case: Case
    place: int
    cases: Sequence[Case]
    row: CaseRow
    ladder: Ladder
    entries: Sequence[CaseEvent]
    facts: Sequence[CaseFact]
    assessments: Sequence[Assessment]
    awaited: Sequence[OwedAnswer]
    names: Mapping[str, str]
    steps: Sequence[StandingStep]
    family: Family

    @property
    def today(self) -> date:
        """The day of the request."""
        return self.request.today

    @property
    def may_assess(self) -> bool:
        """Whether the assessment of the duty to report, and the notes of professionals, are theirs to read."""
        return self.request.staff.may(Permission.ASSESS_CONCERN)

    def asked_for(self, name: str, rows: Sequence[RowT]) -> RowT:
        """Find the row the address means by its place, counted from 1. Raises Http404 when there is none."""
        return _placed(rows, self.request.GET.get(name, ""))


def open_case_of(request: StaffRequest, public_id: UUID, *, page: str) -> OpenedCase:
    """
    This function will write down that somebody looks at a child, and read the case they mean: the one whose place among the child's cases
    the address gives, else the open one with the nearest deadline, else the latest.

    Raises Http404 for a child without cases, or without that one; and what `look_at` raises.
    """
    person = look_at(request, public_id, page=page)
    cases = cases_of_person(person)
    case = _placed(cases, request.GET["case"]) if "case" in request.GET else _most_urgent(cases)
    on, may_assess = request.today, request.staff.may(Permission.ASSESS_CONCERN)
    entries = entries_of(case)
    return OpenedCase(
        request=request,
        person=person,
        number=number_in_use(person),
        case=case,
        place=cases.index(case) + 1,
        cases=cases,
        row=case_row(case, on=on),
        ladder=ladders_of(person.municipality).of(case.ladder),
        entries=entries,
        facts=facts_about(case),
        assessments=assessments_of(person) if may_assess else [],
        awaited=awaited_answers_of(person) if may_assess else [],
        names=names_called({entry.by for entry in entries}, person.municipality),
        steps=tracks_of([person.pk], municipality=person.municipality, on=on)[person.pk],
        family=families_of([person.pk], on=on)[person.pk],
    )


def _most_urgent(cases: Sequence[Case]) -> Case:
    if not cases:
        raise Http404
    still_open = [case for case in cases if case.closed_at is None]
    return min(still_open, key=lambda case: (case.due_on, case.pk)) if still_open else cases[-1]


def _placed(rows: Sequence[RowT], place: str) -> RowT:
    if not (is_number(place, digits=4) and 1 <= int(place) <= len(rows)):
        raise Http404
    return rows[int(place) - 1]
