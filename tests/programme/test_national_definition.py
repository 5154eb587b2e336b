"""The definition that comes with fjorten: complete, sourced, and never changed silently."""

from __future__ import annotations

from datetime import date

import pytest

from fjorten.programme.definitions import DefinitionIsInvalid, NoSuchStep, child_programme, known_versions
from fjorten.programme.overlays import read_toml
from fjorten.programme.steps import Certainty, Definition, HearingCheck, Need, Performer
from tests.programme.naive_engine import ENDS_AT, FOURTEEN

PROGRAMME = child_programme(on=date(2026, 11, 21))


def test_it_says_the_same_as_the_table_typed_in_for_the_naive_engine() -> None:
    windows = [(step.code, str(step.target), str(step.default_window.first), str(step.default_window.last)) for step in PROGRAMME.steps]
    assert windows == [(step.code, step.target, step.first, step.last) for step in FOURTEEN]
    assert [step.needs for step in PROGRAMME.steps] == [frozenset(map(Need, step.gives.split())) for step in FOURTEEN]
    assert [step.is_group_only for step in PROGRAMME.steps] == [step.group_only for step in FOURTEEN]
    assert str(PROGRAMME.ends_at) == ENDS_AT


def test_a_version_in_use_never_changes_silently() -> None:
    """When this fails, the plan of children already enrolled would change: give the definition a new version instead."""
    published = {"child-programme-0-5/2017.1": "c307787b"}
    assert {version.reference: version.fingerprint for version in known_versions()} == published


def test_the_doctor_takes_part_four_times_and_two_steps_have_an_official_window() -> None:
    with_doctor = [step.code for step in PROGRAMME.steps if Performer.CLINIC_DOCTOR in step.performers]
    assert with_doctor == ["C03_W6", "C07_M6", "C10_M12", "C13_Y2"]
    official = {step.code: str(step.official_window) for step in PROGRAMME.steps if step.official_window}
    assert official == {"C01_HOME": "7d..10d", "C12_M17": "17m..18m"}


def test_ten_of_the_fourteen_fall_in_the_first_year() -> None:
    assert sum(step.target.usual_days < 366 for step in PROGRAMME.steps) == 10


def test_everything_says_where_it_comes_from_and_when_it_is_read_again() -> None:
    assert PROGRAMME.source.url == "https://www.helsedirektoratet.no/retningslinjer/helsestasjons-og-skolehelsetjenesten/helsestasjon-05-ar"
    assert PROGRAMME.read_on < PROGRAMME.next_review_on
    for step in PROGRAMME.steps:
        assert step.source in PROGRAMME.sources
        assert step.window_why, f"{step.code} does not say why its default window is as it is"
        assert all(step.names[language] for language in ("nb", "nn", "en"))
    for remark in PROGRAMME.remarks:
        assert (remark.source is not None) is (remark.certainty is Certainty.SOURCE)


def test_what_nobody_has_verified_is_marked() -> None:
    four_years = PROGRAMME.step("C14_Y4")
    assert four_years.hearing == (HearingCheck.PLAY_AUDIOMETRY,)
    assert four_years.unverified == ("hearing",)
    assert PROGRAMME.step("C01_HOME").target_certainty is Certainty.DEFAULT


def test_a_step_that_does_not_exist_is_answered_with_those_that_do() -> None:
    with pytest.raises(NoSuchStep, match=r'no step "w7" in child-2017.toml \(known: C01_HOME, C02_W4, .*, C14_Y4\)'):
        PROGRAMME.step("w7")


def test_a_definition_can_be_a_key() -> None:
    again: Definition = child_programme(on=date(2017, 2, 9))
    assert {PROGRAMME: "found"}[again] == "found"
    assert PROGRAMME.title == "Helsestasjonsprogrammet 0–5 år"


def test_a_reference_fits_the_column_that_holds_it() -> None:
    longest_overlay = "+4601.2026-01-01.3f9a2c1b"
    assert len(PROGRAMME.reference + longest_overlay) <= 80


def test_a_file_that_is_not_toml_is_refused_with_the_line() -> None:
    with pytest.raises(DefinitionIsInvalid, match=r"child-2030.toml cannot be used \(1 problem\):\n  TOML: .*line 2.*; correct that line"):
        read_toml(b'id = "x"\nversion = \n', file="child-2030.toml")


def test_a_file_in_another_encoding_is_refused_with_the_remedy() -> None:
    with pytest.raises(DefinitionIsInvalid, match="byte 9: is not UTF-8; save the file as UTF-8"):
        read_toml('navn = "måned"'.encode("latin-1"), file="child-2030.toml")


def test_a_file_saved_by_a_windows_editor_is_read() -> None:
    assert read_toml(b'\xef\xbb\xbfnavn = "m\xc3\xa5ned"\r\n', file="child-2030.toml") == {"navn": "måned"}
