"""The kernel on invented input, against engines written plainly from the text of the rules and against other people's packages."""

from __future__ import annotations

import string
from datetime import date, timedelta
from unicodedata import normalize

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import assume, example, given
from hypothesis import strategies as st
from stdnum.no import fodselsnummer

from fjorten.kernel.ages import add_months, add_years, age_in_months, age_in_years
from fjorten.kernel.names import compare, fold, sort_key
from fjorten.kernel.national_id import ControlRule, Kind, NotANationalId, is_national_id, mask, parse, with_control_digits
from fjorten.kernel.periods import Period
from fjorten.kernel.working_days import add_working_days, is_working_day, working_days_between
from tests.examples import EXAMPLES

pytestmark = pytest.mark.by_example
DAYS = st.dates(date(1850, 1, 1), date(2150, 12, 31))
NAMES = st.text(alphabet="aAbdinosuzæøåÆØÅäöüéáčđŋšŧžÁČ -'’.\u0301\u030a\u0308ßþЙмم0", max_size=8)


@st.composite
def nine_digits(draw: st.DrawFn) -> str:
    """A date with marks on it, mostly one that exists, and three individual digits."""
    day = draw(st.integers(0, 33)) + draw(st.sampled_from([0, 40]))
    month = draw(st.integers(0, 13)) + draw(st.sampled_from([0, 20, 40, 60, 65, 80]))
    return f"{day:02d}{month:02d}{draw(st.integers(0, 99)):02d}{draw(st.integers(0, 999)):03d}"


def naive_verdict(digits: str) -> bool:
    """The rules for numbers with a date, one after the other as the text has them."""
    weights_1, weights_2 = [3, 7, 6, 1, 8, 9, 4, 5, 2, 1], [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]
    first = second = 0
    for place in range(10):
        first += weights_1[place] * int(digits[place])
    for place in range(11):
        second += weights_2[place] * int(digits[place])
    if first % 11 not in (0, 1, 2, 3) or second % 11 != 0:
        return False
    if digits[0] in ("8", "9"):
        return True
    day, month, year = int(digits[0:2]), int(digits[2:4]), int(digits[4:6])
    if day > 40:
        day = day - 40
    for added in (80, 65, 40, 0):
        if 1 <= month - added <= 12:
            for century in (1800, 1900, 2000):
                try:
                    date(century + year, month - added, day)
                except ValueError:
                    continue
                return True
    return False


@EXAMPLES
@given(nine_digits(), st.integers(0, 99))
@example("290200731", 50)
def test_a_number_is_valid_when_the_naive_engine_says_so(first_nine: str, last_two: int) -> None:
    for digits in (f"{first_nine}{last_two:02d}", *(with_control_digits(first_nine, first_remainder=rest) for rest in range(4))):
        if digits is not None:
            assert is_national_id(digits) is naive_verdict(digits)


@EXAMPLES
@given(st.text(alphabet="89", min_size=1, max_size=1), st.text(alphabet=string.digits, min_size=8, max_size=8))
def test_every_completed_auxiliary_number_is_valid(first: str, rest: str) -> None:
    digits = with_control_digits(first + rest)
    assume(digits is not None)
    assert digits is not None

    assert parse(digits).kind is Kind.AUXILIARY
    assert naive_verdict(digits)


@EXAMPLES
@given(DAYS.filter(lambda day: date(1900, 1, 1) <= day <= date(2020, 12, 31)), st.integers(0, 999), st.booleans())
def test_ordinary_numbers_and_d_numbers_agree_with_stdnum(born_on: date, individual: int, is_d_number: bool) -> None:
    digits = with_control_digits(f"{born_on.day + 40 * is_d_number:02d}{born_on:%m%y}{individual:03d}")
    assume(digits is not None and fodselsnummer.is_valid(digits))
    assert digits is not None
    number = parse(digits)

    assert number.control_rule is ControlRule.TODAY
    if is_d_number:
        assert number.told_birth_date is None
    else:
        assert number.told_birth_date == fodselsnummer.get_birth_date(digits)
    assert str(number.told_sex)[0] == fodselsnummer.get_gender(digits).lower()


@EXAMPLES
@given(nine_digits().filter(lambda digits: digits[0] in "0123"), st.integers(0, 10), st.integers(1, 9))
def test_today_one_wrong_digit_is_always_found_out(first_nine: str, place: int, change: int) -> None:
    """The strength of the two control digits by today's rule; from 2032 one wrong digit may pass the first but not both as today."""
    digits = with_control_digits(first_nine)
    assume(digits is not None and is_national_id(digits))
    assert digits is not None

    mistyped = digits[:place] + str((int(digits[place]) + change) % 10) + digits[place + 1 :]

    assert not is_national_id(mistyped) or parse(mistyped).control_rule is ControlRule.FROM_2032


@EXAMPLES
@given(st.text(alphabet=string.digits + " .-\u00a0x", max_size=16))
def test_reading_either_answers_or_refuses_and_masking_hides_what_was_read(text: str) -> None:
    try:
        number = parse(text)
    except NotANationalId as refused:
        assert not any(character.isdigit() for character in str(refused).replace("11", ""))
    else:
        assert mask(text).strip() == "***********"
        assert number.digits not in f"{number}{number!r}"


@EXAMPLES
@given(DAYS, st.integers(-1200, 1200))
@example(date(2024, 2, 29), 12)
@example(date(2026, 1, 31), 1)
def test_adding_months_agrees_with_dateutil(day: date, months: int) -> None:
    assert add_months(day, months) == day + relativedelta(months=months)


@EXAMPLES
@given(DAYS, st.integers(-100, 100))
def test_adding_years_agrees_with_dateutil(day: date, years: int) -> None:
    assert add_years(day, years) == day + relativedelta(years=years)


@EXAMPLES
@given(DAYS, st.integers(-400, 8000))
def test_an_age_is_the_largest_number_of_units_that_fits(born_on: date, days: int) -> None:
    on = born_on + timedelta(days)
    months, years = age_in_months(born_on, on), age_in_years(born_on, on)

    assert add_months(born_on, months) <= on < add_months(born_on, months + 1)
    assert add_years(born_on, years) <= on < add_years(born_on, years + 1)


@EXAMPLES
@given(DAYS, DAYS, DAYS, DAYS)
def test_an_intersection_holds_exactly_the_days_both_periods_hold(a: date, b: date, c: date, d: date) -> None:
    first, second = Period(min(a, b), max(a, b)), Period(min(c, d), max(c, d))
    common = first.intersection(second)

    for day in (a, b, c, d, a - timedelta(1), c - timedelta(1)):
        assert (day in first and day in second) == (common is not None and day in common)
    assert common == second.intersection(first)


@EXAMPLES
@given(DAYS, st.integers(-60, 60).filter(bool))
def test_adding_working_days_passes_exactly_that_many(day: date, count: int) -> None:
    reached = add_working_days(day, count)

    assert is_working_day(reached)
    after = timedelta(days=1)
    assert working_days_between(day + after, reached + after) == count if count > 0 else working_days_between(reached, day) == -count


@EXAMPLES
@given(NAMES)
def test_folding_is_settled_at_once_and_blind_to_composition(name: str) -> None:
    folded = fold(name)

    assert fold(folded) == folded
    assert fold(normalize("NFD", name)) == folded
    assert fold(normalize("NFC", name)) == folded
    assert folded == " ".join(folded.split())


@EXAMPLES
@given(st.text(alphabet=string.printable, max_size=12))
def test_the_short_way_for_ascii_gives_what_the_long_way_gives(name: str) -> None:
    assert fold(name + "é") == fold(name + "e")


@EXAMPLES
@given(NAMES, NAMES, NAMES)
def test_the_order_is_total(a: str, b: str, c: str) -> None:
    assert compare(a, b) == -compare(b, a)
    assert (compare(a, b) == 0) is (a == b)
    if compare(a, b) <= 0 and compare(b, c) <= 0:
        assert compare(a, c) <= 0
    assert (sort_key(a) < sort_key(b)) is (compare(a, b) < 0)
