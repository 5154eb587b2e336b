"""A municipality's own decisions on top of the national programme."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fjorten.programme.definitions import DefinitionIsInvalid, child_programme
from fjorten.programme.overlays import Overlay, load_overlay, overlay_on, with_overlay
from fjorten.programme.plan import plan_for
from fjorten.programme.steps import Certainty
from tests.programme.definition_tables import Tables, added_step_table, overlay_table

NATIONAL = child_programme(on=date(2026, 1, 1))
TWO_YEARS_LATER: Tables = {
    "code": "C13_Y2",
    "target": {"at": "25m", "why": "barnehagestart"},
    "default_window": {"from": "23m", "to": "30m", "why": "kapasitet"},
}


def overlay(**fields: object) -> Overlay:
    return load_overlay(overlay_table(**fields))  # type: ignore[arg-type]


def refusal(**fields: object) -> list[str]:
    with pytest.raises(DefinitionIsInvalid) as refused:
        with_overlay(NATIONAL, overlay(**fields))
    return [str(problem) for problem in refused.value.problems]


def test_an_overlay_is_read_from_a_file_or_from_the_same_tables(tmp_path: Path) -> None:
    file = tmp_path / "4601.toml"
    file.write_text(
        """
        municipality = "4601"
        valid_from = 2026-01-01
        based_on = "2017.1"
        decided_by = "Ledende helsesykepleier, sak 2025/1234"
        reason = "Kommunen tilbyr en femårskonsultasjon før skolestart."
        [[add]]
        code = "L01_Y5"
        name = { nb = "5 år", nn = "5 år", en = "5 years" }
        target = { at = "60m" }
        default_window = { from = "59m", to = "66m" }
        performers = ["phn"]
        settings = ["clinic"]
        measures = ["weight", "height"]
        """,
        encoding="utf-8",
    )
    from_file = load_overlay(file)
    assert from_file.file == "4601.toml"
    assert from_file.added == overlay().added
    assert from_file.suffix == overlay().suffix


def test_an_added_step_takes_its_place_by_age_and_says_who_decided_it() -> None:
    sixteen_months = added_step_table("L02_M16", target="16m", window=("15m", "17m"))
    programme = with_overlay(NATIONAL, overlay(add=[added_step_table(), sixteen_months]))
    assert programme.codes[10:] == ("C11_M15", "L02_M16", "C12_M17", "C13_Y2", "C14_Y4", "L01_Y5")
    step = programme.step("L02_M16")
    assert step.local is not None
    assert step.local.is_added
    assert step.local.decided_by == "Ledende helsesykepleier, sak 2025/1234"
    assert not step.verified
    assert step.target_certainty is Certainty.DEFAULT
    assert step.source.title == "Kommune 4601: Ledende helsesykepleier, sak 2025/1234"
    assert step.source in programme.sources
    assert len(plan_for(date(2026, 3, 31), programme)) == 16


def test_a_changed_step_keeps_what_the_national_definition_said_and_its_official_facts() -> None:
    programme = with_overlay(NATIONAL, overlay(change=[TWO_YEARS_LATER]))
    step, national = programme.step("C13_Y2"), NATIONAL.step("C13_Y2")
    assert (str(step.target), str(step.default_window), step.window_why, step.target_why) == (
        "25m",
        "23m..30m",
        "kapasitet",
        "barnehagestart",
    )
    assert step.local is not None
    assert not step.local.is_added
    assert (step.local.national_target, step.local.national_window) == (national.target, national.default_window)
    assert step.target_certainty is Certainty.DEFAULT
    assert (step.performers, step.official_window, step.source, step.names) == (
        national.performers,
        national.official_window,
        national.source,
        national.names,
    )
    untouched = [code for code in NATIONAL.codes if code != "C13_Y2"]
    assert all(programme.step(code) is NATIONAL.step(code) for code in untouched)


def test_only_the_part_that_is_given_is_changed() -> None:
    programme = with_overlay(
        NATIONAL,
        overlay(change=[{"code": "C13_Y2", "target": {"at": "25m"}}, {"code": "C14_Y4", "default_window": {"from": "46m", "to": "54m"}}]),
    )
    assert programme.step("C13_Y2").default_window == NATIONAL.step("C13_Y2").default_window
    assert programme.step("C14_Y4").target == NATIONAL.step("C14_Y4").target
    assert programme.step("C14_Y4").target_certainty is Certainty.SOURCE


def test_it_applies_from_its_first_day_until_its_last() -> None:
    local = overlay(valid_until=date(2028, 1, 1))
    assert child_programme(date(2025, 12, 31), local) is NATIONAL
    assert child_programme(date(2026, 1, 1), local) is with_overlay(NATIONAL, local)
    assert child_programme(date(2028, 1, 1), local) is NATIONAL
    assert (with_overlay(NATIONAL, local).valid_from, with_overlay(NATIONAL, local).valid_until) == (date(2026, 1, 1), date(2028, 1, 1))
    assert with_overlay(NATIONAL, overlay()).valid_until is None


def test_a_decision_made_before_the_national_version_began_applies_from_when_that_did() -> None:
    early = with_overlay(NATIONAL, overlay(valid_from=date(2017, 1, 1)))
    assert early.valid_from == NATIONAL.valid_from == date(2017, 2, 9)


def test_the_latest_decision_of_the_municipality_applies() -> None:
    first, second = overlay(), overlay(valid_from=date(2027, 1, 1))
    elsewhere = overlay(municipality="0301")
    all_of_them = [second, elsewhere, first]
    assert overlay_on(all_of_them, municipality="4601", on=date(2025, 12, 31)) is None
    assert overlay_on(all_of_them, municipality="4601", on=date(2026, 6, 1)) is first
    assert overlay_on(all_of_them, municipality="4601", on=date(2027, 6, 1)) is second
    assert overlay_on(all_of_them, municipality="5001", on=date(2027, 6, 1)) is None


def test_two_decisions_from_the_same_day_are_refused() -> None:
    with pytest.raises(DefinitionIsInvalid, match="both start on 2026-01-01; put the decisions in one file"):
        overlay_on([overlay(), overlay(change=[TWO_YEARS_LATER])], municipality="4601", on=date(2026, 6, 1))


def test_a_version_changes_with_everything_a_plan_depends_on_and_with_nothing_else() -> None:
    version = with_overlay(NATIONAL, overlay()).version
    reworded = overlay(add=[added_step_table(name={"nb": "Fem år", "nn": "Fem år", "en": "Five years"})], reason="Bedre formulert.")
    assert with_overlay(NATIONAL, reworded).version == version
    moved = [
        overlay(add=[added_step_table(target="61m")]),
        overlay(add=[added_step_table(window=("59m", "67m"))]),
        overlay(add=[added_step_table(vaccines=["MMR-1"])]),
        overlay(add=[added_step_table(settings=["group"])]),
        overlay(add=[added_step_table("L02_Y5")]),
        overlay(change=[TWO_YEARS_LATER]),
        overlay(municipality="0301"),
        overlay(valid_from=date(2026, 2, 1)),
    ]
    versions = {with_overlay(NATIONAL, other).version for other in moved}
    assert len(versions | {version}) == len(moved) + 1


def test_an_overlay_for_another_national_version_is_refused_until_somebody_has_decided_again() -> None:
    assert refusal(based_on="2016.1") == [
        'based_on: decided for version 2016.1, but 2017.1 applies; decide anew and write based_on = "2017.1"'
    ]


def test_an_overlay_is_not_laid_on_an_overlay() -> None:
    once = with_overlay(NATIONAL, overlay())
    with pytest.raises(DefinitionIsInvalid, match=r"based_on: decided for version 2017\.1, but 2017\.1\+4601"):
        with_overlay(once, overlay())


def test_all_mistakes_in_an_overlay_are_told_at_once() -> None:
    assert refusal(
        add=[added_step_table(target="50m"), added_step_table("C14_Y4", target="70m", window=("69m", "80m"))],
        change=[{"code": "C99", "target": {"at": "3m"}}, TWO_YEARS_LATER, TWO_YEARS_LATER],
    ) == [
        f'change C99.code: no step "C99" in child-2017.toml (known: {", ".join(NATIONAL.codes)})',
        "change C13_Y2.code: is changed twice; write both changes in one [[change]]",
        "add L01_Y5.target: 50m is outside default_window 59m..66m; move the target or widen the window",
        "add C14_Y4.default_window: ends at 80m, after the programme itself ends at 6y; end it earlier",
        "step C14_Y4.code: is used by 2 steps; give each step a code of its own",
    ]


@pytest.mark.parametrize(
    ("fields", "problems"),
    [
        ({"municipality": "461"}, ['municipality: "461" has the wrong form; write it like "4601"']),
        ({"valid_until": date(2025, 1, 1)}, ["valid_until: 2025-01-01 is not after valid_from 2026-01-01; write the first day the decision no longer applies"]),
        ({"reason": " "}, ["reason: must be a text in quotes that is not empty, not ' '"]),
        ({"resaon": "x"}, ['resaon: is not a field here; did you mean "reason"? (known: municipality, valid_from, valid_until, based_on, decided_by, reason, add, change)']),
        ({"change": [{"code": "C13_Y2"}]}, ["change C13_Y2.target: is missing, and so is default_window; change at least one of them"]),
        ({"change": [{"code": "C13_Y2", "target": {"at": "soon"}}]}, ['change C13_Y2.target.at: "soon" is not an age; write a whole number and d, w, m or y, for example "42d" or "14m"']),
        (
            {"change": [{"code": "C13_Y2", "target": {"at": "25m"}, "performers": ["phn"]}]},
            ["change C13_Y2.performers: is not a field here (known: official_window, code, target, default_window)"],
        ),
        ({"add": [added_step_table(performers=[])]}, ['add L01_Y5.performers: needs at least one; write for example performers = ["phn"]']),
        ({"add": [added_step_table(source="guideline")]}, None),
    ],
)  # fmt: skip
def test_an_overlay_is_read_as_strictly_as_a_national_definition(fields: Tables, problems: list[str] | None) -> None:
    with pytest.raises(DefinitionIsInvalid) as refused:
        overlay(**fields)
    told = [str(problem) for problem in refused.value.problems]
    if problems is None:
        assert told[0].startswith("add L01_Y5.source: is not a field here")
    else:
        assert told == problems


def test_an_overlay_without_any_decision_is_refused() -> None:
    table = {key: value for key, value in overlay_table().items() if key != "add"}
    with pytest.raises(DefinitionIsInvalid, match="add: is missing, and so is change; an overlay adds or changes at least one step"):
        load_overlay(table)


def test_a_missing_first_day_is_told() -> None:
    table = {key: value for key, value in overlay_table().items() if key != "valid_from"}
    with pytest.raises(DefinitionIsInvalid, match="valid_from: is missing; write it, for example valid_from = 2026-01-31"):
        load_overlay(table)
