"""Which version of a programme applies, and the way back from a stored reference."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fjorten.programme.definitions import (
    DefinitionIsInvalid,
    NoProgrammeApplies,
    NoSuchVersion,
    child_programme,
    definition_of,
    in_sequence,
    known_versions,
    version_on,
)
from fjorten.programme.overlays import load_overlay
from fjorten.programme.reading import read_definition
from fjorten.programme.steps import Definition
from tests.programme.definition_tables import definition_table, overlay_table


def version(version: str, valid_from: date, **fields: Any) -> Definition:
    return read_definition(definition_table(version=version, valid_from=valid_from, **fields), file=f"child-{version[:4]}.toml")


THE_FIRST = version("2017.1", date(2017, 2, 9))
THE_SECOND = version("2027.1", date(2027, 3, 1))
THE_THIRD = version("2030.1", date(2030, 1, 1), valid_until=date(2035, 1, 1))


def test_each_version_ends_where_the_next_begins() -> None:
    versions = in_sequence([THE_THIRD, THE_FIRST, THE_SECOND])
    assert [(v.version, v.valid_from, v.valid_until) for v in versions] == [
        ("2017.1", date(2017, 2, 9), date(2027, 3, 1)),
        ("2027.1", date(2027, 3, 1), date(2030, 1, 1)),
        ("2030.1", date(2030, 1, 1), date(2035, 1, 1)),
    ]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2017, 2, 9), "2017.1"),
        (date(2027, 2, 28), "2017.1"),
        (date(2027, 3, 1), "2027.1"),
        (date(2034, 12, 31), "2030.1"),
    ],
)
def test_exactly_one_version_applies_on_a_day(on: date, expected: str) -> None:
    versions = in_sequence([THE_FIRST, THE_SECOND, THE_THIRD])
    assert version_on(versions, on).version == expected
    assert [v.version for v in versions if v.applies_on(on)] == [expected]


@pytest.mark.parametrize("on", [date(2017, 2, 8), date(2035, 1, 1)])
def test_a_day_without_a_version_is_answered_with_the_periods_there_are(on: date) -> None:
    with pytest.raises(NoProgrammeApplies, match=r"on 20.*\(known: 2017.1 from 2017-02-09 until 2027-03-01, .*, 2030.1 .*\)"):
        version_on(in_sequence([THE_FIRST, THE_SECOND, THE_THIRD]), on)


@pytest.mark.parametrize(
    ("other", "problem"),
    [
        (version("2017.1", date(2027, 3, 1)), 'programme.version: "2017.1" is already used in child-2017.toml'),
        (version("2018.1", date(2017, 2, 9)), "programme.valid_from: child-2017.toml begins on the same day"),
        (version("2018.1", date(2018, 1, 1), id="school"), 'programme.id: "school" is another programme than "child-programme-0-5"'),
    ],
)
def test_versions_that_contradict_each_other_are_refused(other: Definition, problem: str) -> None:
    with pytest.raises(DefinitionIsInvalid) as refused:
        in_sequence([THE_FIRST, other])
    assert str(refused.value.problems[0]).startswith(problem)


def test_a_stated_end_that_leaves_a_gap_or_an_overlap_is_refused_and_one_that_fits_is_not() -> None:
    for valid_until in (date(2027, 2, 1), date(2027, 4, 1)):
        with pytest.raises(DefinitionIsInvalid, match=r"2027-03-01 is not the day child-2017\.toml ends"):
            in_sequence([version("2017.1", date(2017, 2, 9), valid_until=valid_until), THE_SECOND])
    fitting = version("2017.1", date(2017, 2, 9), valid_until=date(2027, 3, 1))
    assert in_sequence([fitting, THE_SECOND])[0] == fitting


def test_the_versions_that_come_with_fjorten_are_read_once() -> None:
    assert known_versions() is known_versions()
    assert child_programme(on=date(2026, 1, 1)) is known_versions()[-1]


def test_the_definition_an_enrolment_was_planned_by_is_found_again() -> None:
    overlay = load_overlay(overlay_table())
    national, local = child_programme(date(2026, 1, 1)), child_programme(date(2026, 1, 1), overlay)
    assert definition_of(national.reference) is national
    assert definition_of(local.reference, overlays=[overlay]) is local
    assert local.reference.startswith("child-programme-0-5/2017.1+4601.2026-01-01.")


@pytest.mark.parametrize("reference", ["child-programme-0-5/2016.1", "child-programme-0-5/2017.1+4601.2026-01-01.00000000", "", "+"])
def test_an_unknown_reference_is_answered_with_those_that_are_known(reference: str) -> None:
    overlay = load_overlay(overlay_table())
    with pytest.raises(NoSuchVersion, match=r"\(known: child-programme-0-5/2017.1, \+4601.2026-01-01.[0-9a-f]{8}\)"):
        definition_of(reference, overlays=[overlay])
