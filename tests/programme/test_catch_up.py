"""The catch-up plan. The rule itself is in tests/spec/programme/test_catch_up.py, and held to a naive engine in tests/generative."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fjorten.programme.catch_up import CatchUpPlan, ChildIsNotBornYet, Proposal, Reason, catch_up
from fjorten.programme.definitions import NoSuchStep, StepCode, child_programme
from fjorten.programme.durations import parse_duration
from fjorten.programme.overlays import load_overlay
from fjorten.programme.reading import read_definition
from fjorten.programme.status import Status, StepFacts, status_of
from fjorten.programme.steps import Need
from tests.programme.definition_tables import added_step_table, definition_table, overlay_table, step_table

PROGRAMME = child_programme(on=date(2026, 11, 21))
BORN_ON = date(2023, 1, 15)


def plan_at(age: str, *documented: str) -> CatchUpPlan:
    on = parse_duration(age).after(BORN_ON)
    return catch_up(BORN_ON, PROGRAMME, on=on, documented=[StepCode(code) for code in documented])


def test_the_plan_says_what_it_was_made_from() -> None:
    plan = plan_at("27m")
    assert (plan.born_on, plan.on, plan.definition) == (BORN_ON, date(2025, 4, 15), PROGRAMME.reference)


def test_the_first_consultation_gives_its_own_contents_and_those_of_the_steps_merged_into_it() -> None:
    four_years_eight_months = plan_at("56m")
    assert four_years_eight_months.now is not None
    assert Need.DOCTOR not in four_years_eight_months.now.needs
    assert four_years_eight_months.needs == set(Need)
    assert "sammen med lege" in four_years_eight_months.now.sentence


def test_only_the_step_to_do_now_gets_another_window() -> None:
    plan = plan_at("33m")
    assert plan.now is not None
    assert plan.now.window.target_on == plan.now.window.window.start == plan.on
    assert plan.now.window.window.days == 28
    assert plan.now.reason is Reason.FIRST_CONSULTATION


def test_a_child_in_its_window_with_nothing_to_catch_up_follows_the_programme() -> None:
    plan = plan_at("5d")
    assert plan.now is not None
    assert plan.now.reason is Reason.IN_WINDOW
    assert plan.now.window.target_on == date(2023, 1, 23)
    assert plan.having(Proposal.WAIVE) == plan.having(Proposal.MERGE) == ()


def test_a_child_in_step_is_not_hurried_by_the_next_window_that_opens() -> None:
    """At five weeks with the home visit documented: the group is held as usual, the six-week consultation in its own time."""
    plan = plan_at("35d", "C01_HOME")
    assert plan.now is not None
    assert (plan.now.step, plan.now.reason) == ("C02_W4", Reason.IN_WINDOW)
    assert [item.step for item in plan.having(Proposal.UPCOMING)][:1] == ["C03_W6"]


def test_a_group_that_carries_others_is_held_individually() -> None:
    group = step_table("G1", target="40d", window=("30d", "80d"), group_only=True, gives=("measurement",))
    programme = read_definition(definition_table(steps=[step_table("W1", target="8d", window=("5d", "14d")), group]), file="x.toml")
    now = catch_up(BORN_ON, programme, on=BORN_ON + timedelta(days=35)).now
    assert now is not None
    assert now.step == "G1"
    assert now.sentence.endswith("Hold den individuelt, ikke i gruppe.")


def test_a_window_that_opens_soon_is_not_waited_for_when_it_is_a_group_or_gives_nothing() -> None:
    past = step_table("W1", target="8d", window=("5d", "14d"))
    for coming in (
        step_table("G1", target="40d", window=("25d", "80d"), group_only=True),
        step_table("I1", target="40d", window=("25d", "80d"), gives=()),
    ):
        programme = read_definition(definition_table(steps=[past, coming]), file="x.toml")
        now = catch_up(BORN_ON, programme, on=BORN_ON + timedelta(days=20)).now
        assert now is not None
        assert now.step == "W1"


def test_the_first_consultation_is_held_before_the_programme_ends_but_never_within_less_than_a_week() -> None:
    for days_left, expected in ((20, 20), (7, 7), (3, 7)):
        plan = catch_up(BORN_ON, PROGRAMME, on=date(2029, 1, 15) - timedelta(days=days_left))
        assert plan.now is not None
        assert plan.now.window.window.days == expected


def test_a_child_who_has_grown_out_of_the_programme_is_handed_over_and_keeps_what_is_documented() -> None:
    plan = plan_at("6y", "C13_Y2")
    assert plan.now is None
    assert plan.needs == frozenset()
    assert {item.reason for item in plan.items} == {Reason.PROGRAMME_ENDED, Reason.DOCUMENTED}
    assert plan.summary == (
        "Barnet er 6 år. Programmet er slutt ved 6 år; skolehelsetjenesten følger barnet videre. Dokumentert et annet sted: «2 år»."
    )


def test_a_child_with_everything_documented_has_nothing_to_do() -> None:
    plan = plan_at("56m", *PROGRAMME.codes)
    assert plan.now is None
    assert {item.proposal for item in plan.items} == {Proposal.DONE_ELSEWHERE}
    assert plan.summary.startswith("Barnet er 4 år og 8 måneder. Ingenting skal settes opp nå. Dokumentert et annet sted: ")


def test_measurements_that_a_later_documented_step_has_covered_are_left_out_with_the_reason() -> None:
    home_visit = plan_at("33m", "C13_Y2").items[0]
    assert (home_visit.proposal, home_visit.reason) == (Proposal.WAIVE, Reason.BEFORE_ENROLMENT)
    assert "dekket av det som er dokumentert senere" in home_visit.sentence


def test_an_earlier_documented_step_covers_nothing_later() -> None:
    plan = plan_at("33m", "C01_HOME", "C03_W6")
    assert plan.now is not None
    assert plan.now.step == "C13_Y2"


def test_a_municipality_s_own_step_is_caught_up_like_the_national_ones() -> None:
    local = child_programme(date(2026, 6, 1), load_overlay(overlay_table(add=[added_step_table()])))
    now = catch_up(BORN_ON, local, on=date(2028, 8, 15)).now
    assert now is not None
    assert now.step == "L01_Y5"


def test_an_accepted_plan_never_leaves_a_wall_of_overdue_rows() -> None:
    for age_days in range(0, 2192, 7):
        plan = catch_up(BORN_ON, PROGRAMME, on=BORN_ON + timedelta(days=age_days))
        open_rows = plan.having(Proposal.DO_NOW) + plan.having(Proposal.UPCOMING)
        states = [status_of(StepFacts(item.window.window), today=plan.on) for item in open_rows]
        assert states.count(Status.OVERDUE) == 0
        assert states.count(Status.DUE) <= 2


def test_a_step_nobody_knows_is_refused() -> None:
    with pytest.raises(NoSuchStep, match='no step "w7"'):
        plan_at("27m", "w7")


def test_a_child_is_planned_from_the_day_of_birth() -> None:
    assert catch_up(BORN_ON, PROGRAMME, on=BORN_ON).summary.startswith("Barnet er 0 dager. Ingenting skal settes opp nå.")
    with pytest.raises(ChildIsNotBornYet, match="plan on the day of birth or later"):
        catch_up(BORN_ON, PROGRAMME, on=date(2023, 1, 14))
