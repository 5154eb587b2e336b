"""What is said about a definition file that is wrong. The common mistakes are in tests/spec/programme/test_programme_files.py."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from fjorten.programme.definitions import DefinitionIsInvalid, load_definition
from fjorten.programme.reading import read_definition
from fjorten.programme.steps import Certainty, FollowUpTrack, Need
from tests.programme.definition_tables import Tables, definition_table, step_table


def problems_of(table: Tables) -> list[str]:
    with pytest.raises(DefinitionIsInvalid) as refused:
        read_definition(table, file="child-2030.toml")
    return [str(problem) for problem in refused.value.problems]


def without(table: Tables, key: str) -> Tables:
    return {name: value for name, value in table.items() if name != key}


def test_all_mistakes_are_told_at_once_with_the_name_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "child-2030.toml"
    file.write_text(
        """
        [programme]
        id = "child-programme-0-5"
        version = "first"
        valid_from = "2030-01-01"
        [sources.guideline]
        titel = "Helsedirektoratet"
        [[step]]
        code = "W6"
        name = { nb = "6 uker", nn = "6 veker", en = "6 weeks" }
        target = { at = "42d" }
        target_certainty = "sure"
        default_window = { from = "55d", to = "42d" }
        performers = ["phn"]
        settings = ["clinic"]
        source = "guideline"
        verified = "yes"
        """
    )
    with pytest.raises(DefinitionIsInvalid) as refused:
        load_definition(file)
    assert str(refused.value).splitlines()[0] == "child-2030.toml cannot be used (15 problems):"
    assert {problem.field for problem in refused.value.problems} == {
        "sources.guideline.title",
        "sources.guideline.titel",
        "programme.version",
        "programme.valid_from",
        "programme.ends_at",
        "programme.read_on",
        "programme.next_review_on",
        "programme.source",
        "programme.title",
        "programme.version_label",
        "programme.strength",
        "programme.reviewed_by",
        "step W6.target_certainty",
        "step W6.verified",
        "step W6.default_window",
    }


def test_a_missing_table_is_one_mistake_and_not_eleven() -> None:
    assert problems_of(without(definition_table(), "programme")) == ["programme: is missing; write it, for example programme = { ... }"]


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("verified", "yes", "verified: must be true or false, not 'yes'"),
        ("measures", "weight", "measures: must be a list of texts, for example [\"ROTA-1\"], not 'weight'"),
        ("measures", ["weight", 3], "measures: must be a list of texts, for example [\"ROTA-1\"], not ['weight', 3]"),
        ("measures", ["weight", "head", "weight"], 'measures: "weight" stands there twice; remove one'),
        ("measures", ["wieght"], 'measures: "wieght" is not known; did you mean "weight"? (known: weight, length, height, head)'),
        ("target", "42d", "target: must be a table with fields of its own, not '42d'"),
        ("name", "6 uker", "name: must be a table with fields of its own, not '6 uker'"),
        ("code", "6 uker", 'code: "6 uker" has the wrong form; write it like "C03_W6"'),
        ("follow_up_track", "slow", 'follow_up_track: "slow" is not known (known: standard, fast)'),
        ("default_window", {"from": "42d"}, 'default_window.to: is missing; write it, for example to = "14m"'),
        ("default_window", {"from": "42d", "to": "55d", "note": "x"}, "default_window.note: is not a field here (known: from, to, why)"),
        ("counted_as", {"text": "x"}, 'counted_as.source: is missing; write it, for example source = "guideline"'),
        (
            "official_window",
            {"from": "50d", "to": "43d"},
            "official_window: starts at 50d, after it ends at 43d; swap them or check the units",
        ),
        ("optional_screenings", ["EPDS"], 'optional_screenings: "EPDS" is not described; add [screenings.EPDS] (known: SATS)'),
    ],
)
def test_a_step_with_a_mistake_is_told_by_its_code(field: str, value: object, problem: str) -> None:
    step = step_table("W6") | {field: value}
    place = "step 6 uker" if field == "code" else "step W6"
    assert problems_of(definition_table(steps=[step])) == [f"{place}.{problem}"]


def test_a_step_without_a_code_is_told_by_its_number() -> None:
    first, second = step_table("W6"), without(step_table("M3", target="3m", window=("84d", "111d")), "code")
    assert problems_of(definition_table(steps=[first, second])) == ['step 2.code: is missing; write it, for example code = "C03_W6"']


def test_steps_that_are_not_tables_are_refused() -> None:
    wanted = "step: must be a list of tables, each under its own [[step]]"
    assert problems_of(definition_table() | {"step": "W6"}) == [wanted]
    assert problems_of(definition_table() | {"step": ["W6"]}) == [wanted]


def test_sources_and_screenings_that_are_not_tables_are_refused() -> None:
    assert problems_of(definition_table() | {"screenings": "SATS"}) == ["screenings: must be a table with fields of its own, not 'SATS'"]
    assert problems_of(definition_table() | {"screenings": {"SATS": "språk"}}) == [
        "screenings.SATS: must be a table with fields of its own, not 'språk'"
    ]


def test_a_time_is_not_a_date() -> None:
    (problem,) = problems_of(definition_table(read_on=datetime(2026, 11, 21, 12, 0)))
    assert problem.startswith("programme.read_on: must be a date without quotes and without a time, for example 2026-01-31")


def test_a_remark_read_somewhere_names_where_and_a_choice_of_our_own_does_not() -> None:
    remarks: list[Tables] = [
        {"text": "Frivillig.", "certainty": "source", "source": "guideline"},
        {"text": "Vårt.", "certainty": "default"},
    ]
    definition = read_definition(definition_table() | {"remark": remarks}, file="child-2030.toml")
    assert [(remark.certainty, remark.source and remark.source.key) for remark in definition.remarks] == [
        (Certainty.SOURCE, "guideline"),
        (Certainty.DEFAULT, None),
    ]
    unsourced = definition_table() | {"remark": [{"text": "Frivillig.", "certainty": "source"}, {"certainty": "sure", "text": "x"}]}
    assert problems_of(unsourced) == [
        'remark 1.source: is missing; write it, for example source = "guideline"',
        'remark 2.certainty: "sure" is not known; did you mean "source"? (known: source, default, unverified)',
    ]


def test_a_definition_without_any_source_is_refused() -> None:
    problems = problems_of(without(definition_table(steps=[step_table("W6")]), "sources"))
    assert problems == [
        'step W6.source: "guideline" is not described; add [sources.guideline] with a title (known: )',
        'programme.source: "guideline" is not described; add [sources.guideline] with a title (known: )',
    ]


def test_what_a_file_leaves_out_is_empty_or_standard() -> None:
    step = read_definition(definition_table(), file="child-2030.toml").step("W6")
    assert step.official_window is None
    assert step.counted_as is None
    assert step.follow_up_track is FollowUpTrack.STANDARD
    assert (step.vaccines, step.topics, step.unverified) == ((), (), ())
    assert step.name == "Steg W6"


def test_a_vaccine_for_risk_groups_alone_makes_a_step_more_than_information() -> None:
    steps = [step_table("W6", gives=(), risk_group_vaccines=["BCG-R"]), step_table("M3", target="3m", window=("84d", "111d"), gives=())]
    definition = read_definition(definition_table(steps=steps), file="child-2030.toml")
    assert [step.needs for step in definition.steps] == [{Need.VACCINES}, frozenset()]


def test_an_end_of_the_programme_that_cannot_be_read_hides_no_other_mistake() -> None:
    problems = problems_of(definition_table(steps=[step_table("W6", target="60d")], ends_at="six"))
    assert [problem.split(":")[0] for problem in problems] == ["programme.ends_at", "step W6.target"]


def test_valid_until_is_read() -> None:
    assert read_definition(definition_table(valid_until=date(2030, 1, 1)), file="child-2030.toml").valid_until == date(2030, 1, 1)
