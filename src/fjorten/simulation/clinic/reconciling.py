"""What the register and the journals disagree on, until a person has seen to it."""

from __future__ import annotations

from fjorten.plans.actions.enrolment import end_enrolment
from fjorten.plans.models import Enrolment
from fjorten.registers.models import WorkItem
from fjorten.registers.queries import open_work
from fjorten.registers.work import put_aside, resolve
from fjorten.simulation.clinic.workday import OFFICE, Workday

IS_SEEN_TO_A_DAY = 0.15  # of the work items [default]
IS_PUT_ASIDE = 0.1  # of those seen to, when the other municipality has not answered [default]
MOVED_OUT = "journal_open_registered_elsewhere"


def see_to_differences(work: Workday) -> None:
    """This function will let the office see to some of what waits: a child that has moved is handed over, with its journal."""
    at = work.at(10)
    items = list(open_work(municipality=work.municipality, on=work.day).select_related("person__municipality", "municipality"))
    people = work.people({item.person_id for item in items})
    for item in items:
        known = people.get(item.person_id)
        rng = work.rng("work item", item.rule, known.key if known is not None else str(item.person.born_by), work.day)
        if rng.random() >= IS_SEEN_TO_A_DAY:
            continue
        if rng.random() < IS_PUT_ASIDE:
            with work.trying("put aside"):
                put_aside(item=item, until=work.next_week, today=work.day, reason="venter på svar fra kommunen", by=OFFICE, at=at)
        elif item.rule == MOVED_OUT:
            _hand_over(work, item)
        elif item.rule not in _ANSWERED_BY_ENROLLING:
            with work.trying("resolve"):
                resolve(item=item, resolution=WorkItem.Resolution.CORRECTED, reason="sett på og rettet", by=OFFICE, at=at)


_ANSWERED_BY_ENROLLING = ("lives_here_without_journal", "stays_here_without_journal", "closed_journal_lives_here")


def _hand_over(work: Workday, item: WorkItem) -> None:
    at = work.at(10)
    enrolment = (
        Enrolment.objects.still_open()
        .filter(person=item.person_id)
        .select_related("person__municipality", "clinic", "municipality")
        .first()
    )
    with work.trying("hand over"):
        resolve(item=item, resolution=WorkItem.Resolution.MOVED_OUT, reason="den nye kommunen har tatt imot", by=OFFICE, at=at)
        if enrolment is not None:
            end_enrolment(enrolment=enrolment, on=work.day, reason="flyttet, journalen er overført", by=OFFICE, at=at)
