"""One step of a child's plan as it is opened to be given a time, or to have its time moved or cancelled."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404

from fjorten.appointments.actions.booking import ChildHasDied, StepIsSettled
from fjorten.appointments.models import Appointment
from fjorten.appointments.queries import open_appointment_of
from fjorten.ledger.tracks import StandingStep, tracks_of
from fjorten.people.families import Family, families_of
from fjorten.people.models import Person
from fjorten.plans.models import PlannedStep
from fjorten.plans.queries import planned_step_numbered
from fjorten.web.edge import StaffRequest
from fjorten.web.forms import is_number
from fjorten.web.looking import look_at


@dataclass(frozen=True, slots=True)
class OpenedStep:
    """`place` is which step of the plan this is, counted from 1; `appointment` the open one it has, None without."""

    person: Person
    place: int
    step: StandingStep
    planned: PlannedStep
    appointment: Appointment | None
    family: Family


def open_step_of(request: StaffRequest, public_id: UUID, *, page: str) -> OpenedStep:
    """
    This function will write down that somebody looks at a child, and read the step the address means by its place in the plan.

    Raises Http404 when there is none there, ChildHasDied, StepIsSettled, and what `look_at` raises.
    """
    person = look_at(request, public_id, page=page)
    steps = tracks_of([person.pk], municipality=person.municipality, on=request.today)[person.pk]
    place = request.GET.get("step", "")
    if not (is_number(place, digits=4) and 1 <= int(place) <= len(steps)):
        raise Http404
    step = steps[int(place) - 1]
    if person.is_dead:
        raise ChildHasDied(person.pk)
    planned = planned_step_numbered(step.planned.pk)
    if planned.outcome is not None:
        raise StepIsSettled(planned.pk)
    return OpenedStep(
        person=person,
        place=int(place),
        step=step,
        planned=planned,
        appointment=open_appointment_of(planned),
        family=families_of([person.pk], on=request.today)[person.pk],
    )
