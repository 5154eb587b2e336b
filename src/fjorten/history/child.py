"""One child's history as an earlier system tells it: the fields of a line of the file are the fields here. Pure values."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from fjorten.appointments.earlier import EarlierTime
from fjorten.appointments.states import State
from fjorten.followup.earlier import EarlierCase
from fjorten.kernel.national_id import NationalId
from fjorten.kernel.times import oslo_date
from fjorten.people.earlier import EarlierGuardian, EarlierWish
from fjorten.plans.steps import EarlierStep
from fjorten.programme.status import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierChild:
    """
    A child by one of its numbers, followed since a day; its family, and what became of steps, appointments and cases.

    A step somebody came to need not be told of among the steps: it was done that day.
    """

    number: NationalId
    since: date
    guardians: tuple[EarlierGuardian, ...] = ()
    wish: EarlierWish | None = None
    steps: tuple[EarlierStep, ...] = ()
    appointments: tuple[EarlierTime, ...] = ()
    cases: tuple[EarlierCase, ...] = ()

    def settled_steps(self) -> tuple[EarlierStep, ...]:
        """This function will list how the child's steps were settled: as it is told, and otherwise the first day somebody came to one."""
        return (*self.steps, *self._attended())

    def _attended(self) -> Iterator[EarlierStep]:
        told = {step.step for step in self.steps}
        for time in sorted(self.appointments, key=lambda time: time.begins_at):
            if time.state is State.ATTENDED and time.step not in told:
                told.add(time.step)
                yield EarlierStep(step=time.step, outcome=Status.DONE, on=oslo_date(time.begins_at), by=time.employee)
