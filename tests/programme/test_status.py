"""The nine states. The rule itself is in tests/spec/programme/test_status.py."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import product

import pytest

from fjorten.kernel.periods import Period
from fjorten.programme.status import SETTLED, TRANSITIONS, OutcomeIsNotSettled, Status, StepFacts, status_of

WINDOW = Period(date(2026, 2, 1), date(2026, 2, 21))


@pytest.mark.parametrize("state", sorted(set(Status) - SETTLED))
def test_a_state_that_is_computed_cannot_be_stored(state: Status) -> None:
    with pytest.raises(OutcomeIsNotSettled, match=f'"{state}" is not an outcome \\(known: declined, done, done_elsewhere, waived\\)'):
        StepFacts(WINDOW, outcome=state)


def test_a_window_with_an_open_end_is_never_left_and_one_with_an_open_start_never_ahead() -> None:
    today = date(2026, 3, 1)
    assert status_of(StepFacts(Period(date(2026, 2, 1), None)), today=today) is Status.DUE
    assert status_of(StepFacts(Period(None, date(2026, 2, 1))), today=today) is Status.OVERDUE


def test_a_window_without_days_is_over_on_the_day_it_would_have_begun() -> None:
    assert status_of(StepFacts(Period(date(2026, 2, 1), date(2026, 2, 1))), today=date(2026, 2, 1)) is Status.OVERDUE


def test_every_state_has_its_words() -> None:
    assert len({status.words for status in Status}) == 9


def facts_recorded_next(facts: StepFacts, today: date) -> list[StepFacts]:
    """Every single thing that can be recorded about a step: an outcome, a correction of it, an appointment and what became of it."""
    window, booked, missed_on = facts.window, facts.has_open_appointment, facts.missed_on
    recorded = [StepFacts(window, outcome=outcome, missed_on=missed_on) for outcome in SETTLED]
    if facts.outcome is not None:
        return [*recorded, StepFacts(window, missed_on=missed_on), StepFacts(window, has_open_appointment=True, missed_on=missed_on)]
    if booked:
        return [*recorded, StepFacts(window, missed_on=missed_on), StepFacts(window, missed_on=today)]
    return [*recorded, StepFacts(window, has_open_appointment=True, missed_on=missed_on)]


def test_the_table_of_transitions_is_exactly_what_can_happen_by_one_fact_or_one_night() -> None:
    days = [date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 20), date(2026, 2, 21)]
    possible: dict[Status, set[Status]] = defaultdict(set)
    for today, outcome, booked, missed_on in product(days, [None, *SETTLED], [False, True], [None, date(2026, 2, 1)]):
        facts = StepFacts(WINDOW, outcome=outcome, has_open_appointment=booked, missed_on=missed_on)
        state = status_of(facts, today=today)
        afterwards = {status_of(recorded, today=today) for recorded in facts_recorded_next(facts, today)}
        afterwards.add(status_of(facts, today=today + timedelta(days=1)))
        possible[state] |= afterwards - {state}
    assert dict(possible) == {state: set(follows) for state, follows in TRANSITIONS.items()}


def test_a_night_changes_only_what_the_window_says() -> None:
    changes = set()
    for today, outcome, booked, missed_on in product(
        [date(2026, 1, 30) + timedelta(days=days) for days in range(30)], [None, *SETTLED], [False, True], [None, date(2026, 2, 1)]
    ):
        facts = StepFacts(WINDOW, outcome=outcome, has_open_appointment=booked, missed_on=missed_on)
        before, after = status_of(facts, today=today), status_of(facts, today=today + timedelta(days=1))
        if before is not after:
            changes.add((before, after))
    assert changes == {(Status.NOT_YET_DUE, Status.DUE), (Status.DUE, Status.OVERDUE)}
