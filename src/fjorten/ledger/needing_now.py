"""
The children who need something now, as lists over facts: without a journal, missed and not offered again, and due without a time.

A child stays on a list until what put it there is settled; nothing falls off by a date passing.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from fjorten.appointments.models import Appointment
from fjorten.followup.models import Case
from fjorten.followup.queries import cases_without_next_step_owner_deputy_or_deadline
from fjorten.ledger.balance import unaccounted_children
from fjorten.organisation.models import Municipality
from fjorten.people.models import Person
from fjorten.plans.models import Enrolment, PlannedStep
from fjorten.plans.queries import enrolment_open_on
from fjorten.registers.queries import open_work


@dataclass(frozen=True, slots=True)
class NeedingNow:
    """How many stand on each list: what the head of every page and the safety-net tile say."""

    without_journal: int
    missed: int
    due: int
    open_cases: int
    cases_without_next_step: int
    findings: int

    @property
    def on_the_worklist(self) -> int:
        """How many rows «Barn som trenger noe nå» has."""
        return self.without_journal + self.missed + self.due


def needing_now(*, municipality: Municipality, on: date) -> NeedingNow:
    """This function will count every list of a day, in six questions."""
    return NeedingNow(
        without_journal=unaccounted_children(municipality=municipality, on=on).count(),
        missed=steps_missed(municipality=municipality, on=on).count(),
        due=steps_due(municipality=municipality, on=on).count(),
        open_cases=Case.objects.of(municipality).still_open().count(),
        cases_without_next_step=cases_without_next_step_owner_deputy_or_deadline(municipality=municipality, on=on).count(),
        findings=open_work(municipality=municipality, on=on).count(),
    )


def steps_missed(*, municipality: Municipality, on: date) -> QuerySet[PlannedStep]:
    """This function will find the steps whose latest time nobody came to, and for which there is no new one; the oldest window first."""
    missed = Appointment.objects.filter(planned_step=OuterRef("pk")).missed_by(on)
    return _listed(_unsettled(municipality, on).filter(Exists(missed)))


def steps_due(*, municipality: Municipality, on: date) -> QuerySet[PlannedStep]:
    """
    This function will find the steps in their window, or past it, that nobody has missed and no time is set for; the window that closes
    first at the top.
    """
    missed = Appointment.objects.filter(planned_step=OuterRef("pk")).missed_by(on)
    return _listed(_unsettled(municipality, on).filter(~Exists(missed), window_from__lte=on))


def _unsettled(municipality: Municipality, on: date) -> QuerySet[PlannedStep]:
    """Find the steps of living children who are enrolled on a day that are not settled and have no open appointment."""
    waiting = Appointment.objects.filter(planned_step=OuterRef("pk")).still_open()
    enrolled = Enrolment.objects.filter(enrolment_open_on(on), pk=OuterRef("enrolment"))
    living = Person.objects.filter(pk=OuterRef("enrolment__person"), is_dead=False, continued_as__isnull=True)
    steps = PlannedStep.objects.filter(municipality=municipality, outcome__isnull=True)
    return steps.filter(~Exists(waiting), Exists(enrolled), Exists(living))


def _listed(steps: QuerySet[PlannedStep]) -> QuerySet[PlannedStep]:
    return steps.select_related("enrolment__person", "enrolment__clinic").order_by("window_until", "pk")
