"""One day at the clinic, row by row: what whoever receives the families must know of each before they come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fjorten.appointments.models import Appointment, Arrival
from fjorten.appointments.queries import appointments_on, arrivals_for, states_of_steps
from fjorten.appointments.states import State
from fjorten.organisation.models import Clinic, Municipality
from fjorten.people.families import Family, families_of
from fjorten.plans.programmes import Programmes, programmes_of
from fjorten.programme.steps import StepDefinition


@dataclass(frozen=True, slots=True)
class DayRow:
    """
    One appointment of the day. `step` is None when the programme it was planned by no longer comes with fjorten. `put_off` is how many
    times for the same step have been cancelled, moved or missed before this one.
    """

    appointment: Appointment
    step: StepDefinition | None
    family: Family
    arrival: Arrival | None
    put_off: int

    @property
    def state(self) -> State:
        """Where the appointment stands."""
        return State(self.appointment.state)


def day_rows(day: date, *, municipality: Municipality, clinic: Clinic | None = None) -> list[DayRow]:
    """
    This function will list a day's appointments in order of time, but for those that were moved or cancelled, with what is known of each.

    The number of questions does not grow with the day.
    """
    rows = list(appointments_on(day, municipality=municipality, clinic=clinic).select_related("planned_step__enrolment"))
    holding = [row for row in rows if State(row.state).is_holding]
    families = families_of({row.person_id for row in holding}, on=day)
    arrivals = arrivals_for(row.pk for row in holding)
    states = states_of_steps(row.planned_step_id for row in holding)
    programmes = programmes_of(municipality)
    return [
        DayRow(
            appointment=row,
            step=definition_for(row, programmes),
            family=families[row.person_id],
            arrival=arrivals.get(row.pk),
            put_off=_put_off(states, row),
        )
        for row in holding
    ]


def definition_for(appointment: Appointment, programmes: Programmes) -> StepDefinition | None:
    """This function will find what an appointment's step consists of; None when the programme is not there any more."""
    step = appointment.planned_step
    return programmes.step_of(step.enrolment.programme_version, step.step)


def _put_off(states: Mapping[int, tuple[State, ...]], appointment: Appointment) -> int:
    return sum(not state.is_open and state is not State.ATTENDED for state in states[appointment.planned_step_id]) - (
        appointment.state in (State.DID_NOT_ATTEND.value, State.NOT_BROUGHT.value)
    )
