"""The table of what may become of an appointment covers every state."""

from itertools import product

import pytest

from fjorten.access.permissions import Role
from fjorten.appointments.states import (
    TRANSITIONS,
    WHO_SAYS,
    AppointmentHasNotBegun,
    AppointmentIsSettled,
    Follows,
    Moment,
    NotYoursToSay,
    State,
    Who,
    corrected,
    settled,
    who_says,
)
from fjorten.kernel.refusals import Refused
from fjorten.organisation.models import Employee


def test_every_state_but_the_first_can_be_reached_from_it() -> None:
    assert TRANSITIONS.keys() == set(State) - {State.OFFERED}
    for state, transition in TRANSITIONS.items():
        by = next(iter(transition.who))
        assert settled(State.OFFERED, state, by=by, has_begun=transition.moment is Moment.AFTER) is transition.follows


def test_what_is_settled_is_only_changed_by_a_correction() -> None:
    for state, to, by, has_begun in product(State, State, Who, (False, True)):
        if not state.is_open:
            with pytest.raises(AppointmentIsSettled):
                settled(state, to, by=by, has_begun=has_begun)


def test_every_settled_state_can_be_corrected_to_every_other_by_a_professional() -> None:
    for state, to in product(State, State):
        if not state.is_open and to is not state:
            assert corrected(state, to, by=Who.PROFESSIONAL, has_begun=True) in Follows


def test_a_family_corrects_nothing() -> None:
    for state, to in product(State, State):
        with pytest.raises(Refused):
            corrected(state, to, by=Who.FAMILY, has_begun=True)


def test_every_kind_of_what_follows_follows_from_something() -> None:
    assert {transition.follows for transition in TRANSITIONS.values()} == set(Follows)


def test_nobody_came_or_failed_to_before_it_began_however_it_is_corrected() -> None:
    after = {State.ATTENDED, State.DID_NOT_ATTEND, State.NOT_BROUGHT}
    for to in after:
        with pytest.raises(AppointmentHasNotBegun):
            corrected(State.CANCELLED_BY_CLINIC, to, by=Who.PROFESSIONAL, has_begun=False)
    for to in set(State) - after - {State.CANCELLED_BY_CLINIC}:
        assert corrected(State.CANCELLED_BY_CLINIC, to, by=Who.PROFESSIONAL, has_begun=False) in Follows


def test_every_role_of_an_employee_says_something_and_a_job_nothing() -> None:
    assert WHO_SAYS.keys() == {"family", Role.SCHOOL_NURSE, *Employee.Role.values}
    assert {who_says(role) for role in WHO_SAYS} == set(Who)
    for role in ("job", "technical_administrator", ""):
        with pytest.raises(NotYoursToSay):
            who_says(role)


def test_every_state_is_open_or_settled_and_what_is_open_holds_its_time() -> None:
    assert {state for state in State if state.is_open} == {State.OFFERED, State.CONFIRMED}
    assert {state for state in State if not state.is_holding} == {
        State.CANCELLED_BY_FAMILY,
        State.MOVED_BY_FAMILY,
        State.CANCELLED_BY_CLINIC,
        State.MOVED_BY_CLINIC,
    }
