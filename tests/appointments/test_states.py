"""The table of what may become of an appointment covers every state."""

from itertools import product

import pytest

from fjorten.appointments.states import TRANSITIONS, AppointmentIsSettled, Follows, Moment, State, Who, corrected, settled
from fjorten.kernel.refusals import Refused


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
            assert corrected(state, to, by=Who.PROFESSIONAL) in Follows


def test_a_family_corrects_nothing() -> None:
    for state, to in product(State, State):
        with pytest.raises(Refused):
            corrected(state, to, by=Who.FAMILY)


def test_every_kind_of_what_follows_follows_from_something() -> None:
    assert {transition.follows for transition in TRANSITIONS.values()} == set(Follows)
