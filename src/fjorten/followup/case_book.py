"""One case as whoever follows it opens it: what it is about, what was done, and what professionals weighed about the child."""

from collections.abc import Sequence
from datetime import date

from fjorten.followup.ladders import Ladders, ladders_of
from fjorten.followup.models import Assessment, Case, CaseEvent, CaseFact, OwedAnswer
from fjorten.followup.proposals import Proposal, proposal
from fjorten.organisation.responsibility import staff_on
from fjorten.people.models import Person


def cases_of_person(person: Person) -> list[Case]:
    """This function will list all cases there have been about a child, open and closed, in the order they were opened."""
    cases = Case.objects.filter(person=person).select_related("municipality", "person__municipality", "planned_step__enrolment__clinic")
    return list(cases.select_related("owner", "deputy").order_by("opened_at", "pk"))


def entries_of(case: Case) -> list[CaseEvent]:
    """This function will list what was done in a case in the order it was written. A corrected entry has `corrected_by`."""
    return list(CaseEvent.objects.filter(case=case).select_related("owner", "corrected_by").order_by("pk"))


def facts_about(case: Case) -> list[CaseFact]:
    """This function will list the facts a case is about, the first of them first."""
    return list(CaseFact.objects.filter(case=case).order_by("since", "pk"))


def assessments_of(person: Person) -> list[Assessment]:
    """This function will list the assessments of the duty to report about a child, newest first. For those who may assess only."""
    rows = Assessment.objects.filter(person=person).select_related("assessed_by", "corrected_by").prefetch_related("owed_answers__owner")
    return list(rows.order_by("-assessed_on", "-pk"))


def awaited_answers_of(person: Person) -> list[OwedAnswer]:
    """This function will list the answers child welfare owes about a child, nearest deadline first. For those who may assess only."""
    rows = OwedAnswer.objects.outstanding().filter(assessment__person=person)
    return list(rows.select_related("owner", "assessment__person__municipality").order_by("due_on", "pk"))


def proposals_in(case: Case, *, on: date, ladders: Ladders | None = None) -> Sequence[Proposal]:
    """
    This function will tell, of every step a case can wait for next, whose it would be and by when, in the order of the ladder of the day.

    Raises NobodyToOwnIt.
    """
    ladder = (ladders or ladders_of(case.municipality)).on(on)
    staff = staff_on(municipality=case.municipality, on=on)
    first = ladder.place_of(case.next_step) if case.next_step in ladder.codes else 0
    chosen = []
    for place, code in enumerate(ladder.codes[first:], start=first):
        comes_back = code == case.next_step == ladder.codes[-1]
        behind = ladder.codes if comes_back else ladder.codes[:place]
        chosen.append(proposal(case, ladder, behind, on=on, staff=staff))
    return chosen
