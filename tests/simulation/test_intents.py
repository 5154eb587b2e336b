"""What staff mean to do."""

from collections import Counter
from datetime import date, timedelta

from fjorten.programme.definitions import child_programme
from fjorten.simulation.intents import IntentKind
from fjorten.simulation.town import Town

DAYS = [date(2024, 4, 1) + timedelta(days=days) for days in range(0, 300, 3)]


def test_every_kind_of_intent_occurs_and_says_why(town: Town) -> None:
    intents = [intent for day in DAYS for intent in town.intents(day)]
    assert {intent.kind for intent in intents} == set(IntentKind)
    assert all(intent.reason.endswith(".") for intent in intents)


def test_intents_are_about_children_known_here(town: Town) -> None:
    for day in DAYS[::10]:
        for intent in town.intents(day):
            assert intent.child.registered_here or intent.child.stays_here or intent.child.newborn_of_resident
            assert intent.child.age_years < 6


def test_a_step_is_named_when_it_is_about_a_step_and_the_programme_has_it(town: Town) -> None:
    about_steps = {IntentKind.DONE, IntentKind.DONE_ELSEWHERE, IntentKind.DECLINE, IntentKind.WAIVE, IntentKind.CORRECT}
    for day in DAYS:
        codes = {step.code for step in child_programme(day).steps}
        for intent in town.intents(day):
            assert (intent.step is not None) == (intent.kind in about_steps)
            assert intent.step is None or intent.step in codes


def test_the_same_day_brings_the_same_intents(town: Town) -> None:
    assert town.intents(DAYS[5]) == town.intents(DAYS[5])
    assert town.intents(DAYS[5]) != town.intents(DAYS[6])


def test_every_child_is_thought_of_some_times_a_year(town: Town) -> None:
    thought_of = Counter(intent.child.key for day in DAYS for intent in town.intents(day))
    assert 2 < sum(thought_of.values()) / len(thought_of) < 8
