"""
The children who need something now, as lists over facts: without a journal, missed and not offered again, and due without a time.

A child stays on a list until what put it there is settled; nothing falls off by a date passing.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

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

MOST_NAMED: Final = 2000  # rows of a short list; a question takes them, and a list longer than that is walked [default]


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


@dataclass(frozen=True, slots=True)
class ShortLists:
    """Whom the lists that are short in a large city hold, by primary key: children, and planned steps. None: too many to name."""

    without_journal: frozenset[int] | None
    missed: frozenset[int] | None


def on_short_lists(*, municipality: Municipality, on: date) -> ShortLists:
    """This function will find whom the short lists hold, `MOST_NAMED` of each: looking at every child, in two questions."""
    without = unaccounted_children(municipality=municipality, on=on).order_by().values_list("pk", flat=True)
    missed = steps_missed(municipality=municipality, on=on).order_by().values_list("pk", flat=True)
    return ShortLists(_named(without), _named(missed))


def _named(keys: "QuerySet[Any, int]") -> frozenset[int] | None:
    found = frozenset(keys[: MOST_NAMED + 1])
    return found if len(found) <= MOST_NAMED else None


def needing_now(*, municipality: Municipality, on: date, short: ShortLists | None = None) -> NeedingNow:
    """This function will count every list of a day, in six questions at most; `short`: whom the short lists hold, when it is known."""
    without = short.without_journal if short else None
    missed = short.missed if short else None
    return NeedingNow(
        without_journal=unaccounted_children(municipality=municipality, on=on).count() if without is None else len(without),
        missed=steps_missed(municipality=municipality, on=on).count() if missed is None else len(missed),
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
