"""Texts on a telephone: in the parts that were counted, in the direction they are read, with the numbers in order."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from fjorten.kernel.telephones import Telephone, as_read, read_telephone
from fjorten.messages.channels.gsm import TextIsTooLong, parts_of, read_gsm_7
from fjorten.messages.dates import LanguageHasNoDates, clock_in, day_in
from fjorten.messages.direction import FORBIDDEN_IN_SMS, RIGHT_TO_LEFT_MARK, for_sms
from fjorten.messages.languages import languages
from fjorten.messages.sms_parts import Alphabet, sms_parts
from tests.examples import EXAMPLES

LETTERS = st.text(st.sampled_from("abcÆØÅ§€[]^{}|~\\\f\r\nž–жع😀ትΔ 1"), max_size=700)


@pytest.mark.by_example
@EXAMPLES
@given(text=LETTERS, key=st.text("abc123", min_size=1))
def test_the_octets_are_as_many_parts_as_were_counted_and_say_the_same(text: str, key: str) -> None:
    parts = parts_of(text, key=key)
    assert len(parts.octets) == sms_parts(text).parts
    contents = [octets[6:] if parts.have_headers else octets for octets in parts.octets]
    if parts.alphabet is Alphabet.GSM_7:
        assert all(len(octets) <= 160 for octets in parts.octets)
        assert "".join(read_gsm_7(content) for content in contents) == text
    else:
        assert all(len(octets) <= 140 for octets in parts.octets)
        assert "".join(content.decode("utf-16-be") for content in contents) == text
    if parts.have_headers:
        assert [octets[:3] + octets[4:6] for octets in parts.octets] == [
            bytes([5, 0, 3, len(contents), place]) for place in range(1, len(contents) + 1)
        ]
        assert len({octets[3] for octets in parts.octets}) == 1


def test_every_letter_of_the_alphabet_is_its_own_octets() -> None:
    letters = [chr(number) for number in range(0x2200) if sms_parts(chr(number)).alphabet is Alphabet.GSM_7]
    assert len(letters) == 137
    assert all(read_gsm_7(parts_of(letter, key="k").octets[0]) == letter for letter in letters)
    assert len({parts_of(letter, key="k").octets for letter in letters}) == 137


def test_a_text_of_more_than_255_parts_is_refused() -> None:
    with pytest.raises(TextIsTooLong):
        parts_of("a" * (153 * 255 + 1), key="k")


def test_every_language_has_days_and_clock_times() -> None:
    for language in languages():
        assert day_in(language, date(2026, 9, 24))
    with pytest.raises(LanguageHasNoDates):
        day_in("de", date(2026, 9, 24))
    with pytest.raises(LanguageHasNoDates):
        clock_in("de", None)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["nb", "nn", "uk", "ar", "ru", "pl", "ti", "so"])
def test_a_day_is_the_beginning_of_the_long_date_of_its_language(language: str) -> None:
    for ahead in range(370):
        day = date(2026, 1, 1) + timedelta(days=ahead)
        assert format_date(day, "full", locale=language).startswith(day_in(language, day)), day


def test_days_in_norwegian_and_english_keep_an_sms_in_the_short_alphabet() -> None:
    days = [date(2026, 1, 1) + timedelta(days=ahead) for ahead in range(370)]
    assert {sms_parts(day_in(language, day)).alphabet for language in ("nb", "nn", "en", "so") for day in days} == {Alphabet.GSM_7}


@pytest.mark.parametrize("language", list(languages()))
def test_digits_are_western_in_every_language(language: str) -> None:
    written = day_in(language, date(2026, 9, 24))
    assert [letter for letter in written if letter.isdigit()] == ["2", "4"]


def test_a_message_in_arabic_begins_in_its_own_direction() -> None:
    assert for_sms("Fjordvik: لدى Alexander موعد", is_right_to_left=True).startswith(RIGHT_TO_LEFT_MARK)
    assert for_sms("لدى Alexander موعد", is_right_to_left=True) == "لدى Alexander موعد"
    assert for_sms("Fjordvik: time", is_right_to_left=False) == "Fjordvik: time"


@given(text=st.text(st.sampled_from("aع1 ")) | st.text(), is_right_to_left=st.booleans())
def test_isolates_are_never_in_an_sms(text: str, is_right_to_left: bool) -> None:
    for sign in FORBIDDEN_IN_SMS:
        assert sign not in for_sms(f"{text}{sign}{text}", is_right_to_left=is_right_to_left)


@pytest.mark.parametrize("number", ["+4790000000", "+4722000000", "+46700000000", "+380500000000"])
def test_a_number_read_from_right_to_left_is_held_together(number: str) -> None:
    shown = as_read(number, is_right_to_left=True)
    # Only digits, and separators that belong to the digits on both sides: the run is laid out as one, from left to right (UAX 9, W4).
    assert {unicodedata.bidirectional(letter) for letter in shown} <= {"EN", "CS"}
    assert read_telephone(shown).e164 == number
    assert "\u00a0" not in as_read(number)


def test_a_number_shows_in_no_repr() -> None:
    assert "00000001" not in repr(Telephone("+4700000001", True))
    assert Telephone("+4700000001", True).masked == "+47 ••• 01"
