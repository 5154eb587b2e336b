"""What the ladder proposes next in a case, with whose it would be and by when. A person decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from fjorten.followup.ladder import Ladder, LadderStep, Owner, Track, step_after
from fjorten.followup.ladders import ladder_of
from fjorten.followup.models import Case, CaseEvent
from fjorten.followup.nurses import nurse_known_to
from fjorten.followup.owners import role_of
from fjorten.organisation.models import Employee
from fjorten.organisation.responsibility import Staff, staff_on


@dataclass(frozen=True, slots=True)
class Proposal:
    """A next step, with owner, deputy and last day."""

    step: LadderStep
    owner: Employee
    deputy: Employee
    due_on: date


def proposal_after(case: Case, *, done: str, on: date) -> Proposal:
    """
    This function will propose what comes after a step that has been done on a day, by the ladder that applies then.

    The next is the first, from where the case stands, that has not been done; steps that were passed over stay so. Raises
    NobodyToOwnIt, or KeyError when the ladder has no such step.
    """
    ladder = ladder_of(case.municipality, on=on)
    ladder.step(done)
    behind = ladder.codes[: ladder.place_of(case.next_step)]
    settled = {*behind, done, *_done_in(case)}
    return proposal(case, ladder, settled, on=on, staff=staff_on(municipality=case.municipality, on=on))


def proposal_of(case: Case, *, step: str, on: date) -> Proposal:
    """
    This function will tell whose a step that a person has chosen would be, and by when.

    Raises NobodyToOwnIt, or KeyError when the ladder has no such step.
    """
    ladder = ladder_of(case.municipality, on=on)
    return proposal(case, ladder, ladder.codes[: ladder.place_of(step)], on=on, staff=staff_on(municipality=case.municipality, on=on))


def proposal(case: Case, ladder: Ladder, settled: Iterable[str], *, on: date, staff: Staff) -> Proposal:
    """This function will propose the first step that is not settled. Raises NobodyToOwnIt."""
    known = set(ladder.codes)
    coming = step_after(
        ladder,
        done=known.intersection(settled),
        track=Track(case.track),
        counts_from=case.counts_from,
        on=on,
        starts_with=case.starts_with or None,
    )
    same_as = nurse_known_to(case.person) if coming.step.who is Owner.NURSE else None
    pair = staff.responsible(
        role_of(coming.step.who), clinic=case.planned_step.enrolment.clinic_id, same_as=same_as or case.owner_id, turn=case.person_id
    )
    return Proposal(coming.step, pair.owner, pair.deputy, coming.due_on)


def _done_in(case: Case) -> set[str]:
    return set(case.events.filter(what=CaseEvent.What.STEP).values_list("step", flat=True))
