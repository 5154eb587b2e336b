"""A number is read in all its forms, and never seen by accident."""

from __future__ import annotations

import copy
import dataclasses
import io
import json
import logging
import pickle
import pprint
import traceback
from collections.abc import Callable
from datetime import date

import pytest

from fjorten.kernel import national_id
from fjorten.kernel.national_id import (
    ControlRule,
    Kind,
    MonthMark,
    NationalId,
    NotANationalId,
    Problem,
    Sex,
    Told,
    is_national_id,
    mask,
    parse,
    with_control_digits,
)

SYNTHETIC = "03851598730"
OTHER = "17912099997"


@dataclasses.dataclass(frozen=True, slots=True)
class Child:
    number: NationalId
    name: str


class ChildNotFound(Exception):
    pass


def test_the_number_is_only_to_be_had_through_digits() -> None:
    number = parse(SYNTHETIC)

    assert number.digits == SYNTHETIC
    assert str(number) == "***********"
    assert repr(number) == "NationalId(***********)"


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param(lambda number: f"{number}", id="f-string"),
        pytest.param(lambda number: f"{number!r} {number!s} {number!a}", id="f-string with conversion"),
        pytest.param(lambda number: f"{number:>20}", id="f-string with a format"),
        pytest.param(lambda number: "%s %r" % (number, number), id="percent"),  # noqa: UP031
        pytest.param("{0}".format, id="format"),
        pytest.param(lambda number: str([number, (number,), {number: number}, {number}]), id="containers"),
        pytest.param(lambda number: str(Child(number, "Kari")), id="dataclass"),
        pytest.param(lambda number: str(dataclasses.asdict(Child(number, "Kari"))), id="asdict"),
        pytest.param(lambda number: str(dataclasses.astuple(Child(number, "Kari"))), id="astuple"),
        pytest.param(lambda number: str(ChildNotFound(number)) + repr(ChildNotFound(number)), id="exception"),
        pytest.param(lambda number: pprint.pformat({"number": number}), id="pprint"),
        pytest.param(lambda number: json.dumps({"number": number}, default=str), id="json with default=str"),
        pytest.param(lambda number: str(copy.deepcopy(Child(number, "Kari"))), id="deep copy"),
    ],
)
def test_text_made_of_a_number_is_masked(shown: Callable[[NationalId], str]) -> None:
    text = shown(parse(SYNTHETIC))

    assert "***********" in text
    assert SYNTHETIC not in text


def test_a_format_pads_the_mask() -> None:
    assert f"{parse(SYNTHETIC):>13}" == "  ***********"


def test_a_log_line_and_a_traceback_show_no_number() -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    log = logging.getLogger("tests.kernel.national_id")
    log.addHandler(handler)
    try:
        raise ChildNotFound(parse(SYNTHETIC))
    except ChildNotFound as error:
        log.exception("could not find %s", error.args[0])
        shown = traceback.format_exc()
    finally:
        log.removeHandler(handler)

    assert SYNTHETIC not in written.getvalue() + shown
    assert "***********" in written.getvalue()


def test_json_fails_rather_than_leaks() -> None:
    with pytest.raises(TypeError):
        json.dumps({"number": parse(SYNTHETIC)})


def test_a_number_keeps_no_dictionary_that_could_be_dumped() -> None:
    with pytest.raises(TypeError):
        vars(parse(SYNTHETIC))


@pytest.mark.parametrize("text", ["03851598731", "3851598730", "0385159873O", "038515987300", "31911598730"])
def test_a_refusal_never_repeats_the_text(text: str) -> None:
    with pytest.raises(NotANationalId) as refused:
        parse(text)

    shown = f"{refused.value} {refused.value!r} {refused.value.sentence} {refused.value.args}"
    assert text not in shown
    assert refused.value.__context__ is None


@pytest.mark.parametrize(
    ("text", "problem", "says"),
    [
        ("0385159873O", Problem.CHARACTERS, "noe annet enn sifre"),
        ("3851598730", Problem.LENGTH, "har 11 sifre"),
        ("31911598730", Problem.DATE, "ikke en dato som finnes"),
        ("03851598731", Problem.CONTROL_DIGITS, "Kontrollsifrene stemmer ikke"),
    ],
)
def test_a_refusal_says_what_is_wrong_in_norwegian(text: str, problem: Problem, says: str) -> None:
    with pytest.raises(NotANationalId) as refused:
        parse(text)

    assert refused.value.problem is problem
    assert says in str(refused.value)
    assert str(refused.value) == refused.value.sentence


def test_every_problem_has_a_sentence_of_its_own() -> None:
    sentences = {NotANationalId(problem).sentence for problem in Problem}

    assert len(sentences) == len(Problem)
    assert all(sentence.endswith(".") for sentence in sentences)


def test_a_number_and_a_refusal_travel_between_processes() -> None:
    number = pickle.loads(pickle.dumps(parse(SYNTHETIC)))
    refusal = pickle.loads(pickle.dumps(NotANationalId(Problem.DATE)))

    assert number == parse(SYNTHETIC)
    assert number.digits == SYNTHETIC
    assert refusal.problem is Problem.DATE


def test_copies_are_equal_to_the_number() -> None:
    number = parse(SYNTHETIC)

    assert copy.copy(number) == number
    assert copy.deepcopy(number) == number


def test_numbers_are_equal_hashed_and_ordered_by_their_digits() -> None:
    assert parse("038515 98730") == parse(SYNTHETIC)
    assert len({parse("038515 98730"), parse(SYNTHETIC), parse(OTHER)}) == 2
    assert sorted([parse(OTHER), parse(SYNTHETIC)]) == [parse(SYNTHETIC), parse(OTHER)]
    assert parse(SYNTHETIC) < parse(OTHER)
    assert parse(SYNTHETIC) <= parse(SYNTHETIC)
    assert parse(OTHER) > parse(SYNTHETIC)
    assert parse(OTHER) >= parse(SYNTHETIC)


def test_a_number_is_not_equal_to_its_text() -> None:
    assert (parse(SYNTHETIC) == SYNTHETIC) is False
    with pytest.raises(TypeError):
        parse(SYNTHETIC) < SYNTHETIC  # type: ignore[operator]  # noqa: B015  # the refusal is the point
    with pytest.raises(TypeError):
        parse(SYNTHETIC) <= SYNTHETIC  # type: ignore[operator]  # noqa: B015  # the refusal is the point


def test_a_number_cannot_be_changed() -> None:
    number = parse(SYNTHETIC)

    with pytest.raises(AttributeError, match="immutable"):
        number._digits = OTHER
    with pytest.raises(AttributeError, match="immutable"):
        del number._digits
    assert number.digits == SYNTHETIC


def test_a_number_cannot_exist_invalid() -> None:
    with pytest.raises(NotANationalId):
        NationalId("03851598731")


def test_the_constructor_takes_bare_digits_only() -> None:
    with pytest.raises(NotANationalId) as refused:
        NationalId("038515 98730")

    assert refused.value.problem is Problem.CHARACTERS


@pytest.mark.parametrize(
    "written",
    [
        " 03851598730 ",
        "\t03851598730\n",
        "038515 98730",
        "038515\u00a098730",
        "038515\u202f98730",
        "038515-98730",
        "038515–98730",
        "038515 - 98730",
        "03.85.15.98730",
        "03 85 15 987 30",
    ],
)
def test_numbers_are_read_as_people_write_them(written: str) -> None:
    assert parse(written).digits == SYNTHETIC


@pytest.mark.parametrize(
    "written", ["٠٣٨٥١٥٩٨٧٣٠", "０３８５１５９８７３０", "03851598730x", "0385159 8730", "038515    98730", "²3851598730"]
)
def test_other_characters_are_not_taken_for_digits(written: str) -> None:
    assert not is_national_id(written)
    with pytest.raises(NotANationalId) as refused:
        parse(written)
    assert refused.value.problem is Problem.CHARACTERS


def test_asking_whether_a_text_is_a_number() -> None:
    assert is_national_id(SYNTHETIC)
    assert not is_national_id("")


def test_only_certain_marks_make_a_number_synthetic() -> None:
    marks = {
        "03851598730": (MonthMark.SYNTHETIC, True),
        "03661598734": (MonthMark.HEALTH_SYNTHETIC, True),
        "15507600333": (MonthMark.HELP, False),
        "20036914700": (MonthMark.NONE, False),
        "88888888831": (MonthMark.NONE, False),
    }

    for digits, (mark, synthetic) in marks.items():
        assert parse(digits).month_mark is mark
        assert parse(digits).is_synthetic is synthetic


def test_the_properties_tell_what_a_number_told_before_2032() -> None:
    number = parse(OTHER)

    assert number.told_birth_date == date(2020, 11, 17)
    assert number.told_sex is Sex.MALE
    assert number.told(seen_on=date(2031, 12, 31)) == Told(birth_date=date(2020, 11, 17), sex=Sex.MALE)
    assert number.told(seen_on=date(2032, 1, 1)) == Told(birth_date=None, sex=None)


@pytest.mark.parametrize("first_nine", ["018132999", "018133999"])
def test_a_birth_date_from_2032_on_makes_a_number_new_whatever_its_remainders(first_nine: str) -> None:
    digits = with_control_digits(first_nine)
    assert digits is not None
    number = parse(digits)

    assert number.control_rule is ControlRule.TODAY
    assert number.told_birth_date is None
    assert number.told_sex is None


def test_29_february_00_in_a_series_of_the_1900s_is_a_number_without_a_birth_date() -> None:
    number = parse("29820012346")

    assert number.kind is Kind.FOEDSELSNUMMER
    assert number.told_birth_date is None
    assert number.told_sex is Sex.MALE


def test_control_digits_are_made_for_every_remainder_of_the_new_rule() -> None:
    made = {remainder: with_control_digits("018115500", first_remainder=remainder) for remainder in range(4)}

    assert made[0] is not None
    for remainder, digits in made.items():
        if digits is not None:
            expected = ControlRule.FROM_2032 if remainder else ControlRule.TODAY
            assert parse(digits).control_rule is expected


@pytest.mark.parametrize(("first_nine", "first_remainder"), [("01811550", 0), ("0181155001", 0), ("01811550x", 0), ("018115500", 4)])
def test_control_digits_need_nine_digits_and_an_allowed_remainder(first_nine: str, first_remainder: int) -> None:
    with pytest.raises(ValueError, match=r"nine digits|remainder"):
        with_control_digits(first_nine, first_remainder=first_remainder)


def test_weights_are_given_for_those_who_compute_elsewhere() -> None:
    digits = [int(digit) for digit in SYNTHETIC]

    assert sum(weight * digit for weight, digit in zip(national_id.K1, digits, strict=False)) % 11 == 0
    assert sum(weight * digit for weight, digit in zip(national_id.K2, digits, strict=True)) % 11 == 0
    assert (len(national_id.K1), len(national_id.K2)) == (10, 11)


@pytest.mark.parametrize(
    "text",
    [SYNTHETIC, "038515 98730", "03.85.15-98730", "038515 987 30", "3851598730", "038515987301", "fnr03851598730fnr", "038515-987301"],
)
def test_masking_leaves_no_run_of_digits_behind(text: str) -> None:
    masked = mask(f"({text})")

    assert "***********" in masked
    assert not any(character.isdigit() for character in masked)


def test_masking_covers_everything_parse_reads() -> None:
    for written in ["038515 98730", "038515\u00a098730", "038515 - 98730", "03 85 15 987 30"]:
        assert is_national_id(written)
        assert mask(written) == "***********"


def test_masking_leaves_dates_times_and_short_numbers() -> None:
    text = "2026-01-31 12:00:00, postnr. 0150, tlf. 22225555, linje 123456789"

    assert mask(text) == text
