from __future__ import annotations

import json
import pickle
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fjorten.kernel.national_id import NationalId, parse
from fjorten.registers.feeds.parsing import NotJson, can_be_stored, is_plain, parse_json
from fjorten.registers.feeds.rows import HIGHEST_SEQUENCE, RowIsBroken, gaps_in, number_of, page_of, row_of
from fjorten.registers.feeds.source import FailedLookUp, FeedCannotBeRead, FeedRow, Found, Gap, NumberAsWritten
from tests.registers.feeds.material import NUMBERS, person, row


def test_a_row_is_read_as_the_register_writes_it() -> None:
    assert row_of(row(7)) == FeedRow(
        sequence=7,
        event_type="endringIBostedsadresse",
        number=parse(NUMBERS[0]),
        person_document="p7",
        event_document="h7",
        registered_at=datetime(2026, 3, 2, 8, 0, 0, 125_000, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("changes", "event_type"),
    [
        ({"hendelsetype": None, "hendelsestype": "personErDoed"}, "personErDoed"),
        ({"hendelsetype": "personErBosatt", "hendelsestype": "noeAnnet"}, "personErBosatt"),
        ({"hendelsetype": "enTypeFraFremtiden"}, "enTypeFraFremtiden"),
        ({"hendelsetype": None}, ""),
        ({"hendelsetype": f"feil {NUMBERS[0]}"}, "feil ***********"),
    ],
)
def test_event_types_are_an_open_set_in_either_spelling(changes: dict[str, Any], event_type: str) -> None:
    assert row_of(row(1, **changes)).event_type == event_type


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-03-02T09:00:00Z", datetime(2026, 3, 2, 9, tzinfo=UTC)),
        ("2026-07-02T09:00:00", datetime(2026, 7, 2, 7, tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", None),
        ("i går", None),
        (20260302, None),
        (None, None),
    ],
)
def test_a_time_that_cannot_be_read_costs_no_more_than_the_time(written: object, instant: datetime | None) -> None:
    assert row_of(row(1, ajourholdstidspunkt=written)).registered_at == instant


@pytest.mark.parametrize("sequence", ["12", 12])
def test_a_sequence_number_may_be_text(sequence: object) -> None:
    assert row_of({**row(1), "sekvensnummer": sequence}).sequence == 12


@pytest.mark.parametrize("sequence", [None, "", 0, -1, True, 1.5, "1.5", "x", HIGHEST_SEQUENCE + 1, "9" * 5000, [1]])
def test_a_row_without_a_usable_sequence_number_is_broken(sequence: object) -> None:
    with pytest.raises(RowIsBroken, match="sekvensnummer") as broken:
        row_of({**row(1), "sekvensnummer": sequence})
    assert broken.value.sequence is None


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (None, "Raden er ikke et JSON-objekt."),
        ([1], "Raden er ikke et JSON-objekt."),
        ({"sekvensnummer": 3}, "Raden mangler «hendelse»."),
        (row(3, folkeregisteridentifikator=None, persondokument=None), "Raden sier ikke hvem hendelsen gjelder."),
        (row(3, folkeregisteridentifikator=12345), "Feltet «folkeregisteridentifikator» er ikke en kort tekst."),
        (row(3, persondokument="p" * 201), "Feltet «persondokument» er ikke en kort tekst."),
        (row(3, hendelsetype="x\0y"), "Feltet «hendelsetype» er ikke en kort tekst."),
        (row(3, hendelsesdokument="\ud800"), "Feltet «hendelsesdokument» er ikke en kort tekst."),
    ],
)
def test_a_broken_row_says_why_without_repeating_itself(raw: object, reason: str) -> None:
    with pytest.raises(RowIsBroken) as broken:
        row_of(raw)
    assert broken.value.reason == str(broken.value) == reason


def test_a_row_with_only_a_document_or_only_a_number_still_tells_whom_it_is_about() -> None:
    assert row_of(row(1, folkeregisteridentifikator=None)).number == NumberAsWritten("")
    assert row_of(row(1, persondokument="")).person_document is None


def test_no_text_made_of_a_row_shows_the_number() -> None:
    number_not_valid = "12345678901"
    for number in (NUMBERS[0], number_not_valid):
        read = row_of(row(1, number))
        shown = f"{read!r} {read.number} {read.number!r} {read.number!s} {read.number:>20} {[read.number]} {asdict(read)}"
        assert number not in shown
        assert "***********" in shown
        assert read.number.digits == number


def test_a_number_as_written_is_a_value() -> None:
    number = number_of("ukjent")
    assert isinstance(number, NumberAsWritten)
    assert {number, NumberAsWritten("ukjent")} == {number}
    assert number != "ukjent"
    assert isinstance(number_of(NUMBERS[0]), NationalId)
    with pytest.raises(AttributeError, match="immutable"):
        number._digits = "x"
    assert pickle.loads(pickle.dumps(number)) == number


def test_a_page_is_ordered_and_repeats_nothing() -> None:
    page = page_of(enumerate([row(3), row(1), row(2), row(3)]), after=0)
    assert [read.sequence for read in page.rows] == [1, 2, 3]
    assert (page.gaps, page.rejected, page.conflicts, page.read_through) == ((), (), (), 3)


def test_rows_that_differ_under_one_number_are_all_delivered_and_reported() -> None:
    page = page_of(enumerate([row(1), row(2, NUMBERS[1]), row(2, NUMBERS[2]), row(2, NUMBERS[2])]), after=0)
    assert [read.number.digits for read in page.rows] == [NUMBERS[0], NUMBERS[1], NUMBERS[2]]
    assert page.conflicts == (2,)


def test_what_was_read_before_is_left_out_also_when_it_is_broken() -> None:
    broken_before = {"sekvensnummer": 1}
    page = page_of(enumerate([broken_before, row(2), row(3)]), after=2)
    assert [read.sequence for read in page.rows] == [3]
    assert page.rejected == ()


def test_a_rejected_row_stops_nobody_and_is_no_gap() -> None:
    page = page_of(enumerate([row(1), {"sekvensnummer": 2}, "sludder", row(3), {"sekvensnummer": 4}], start=1), after=0)
    assert [read.sequence for read in page.rows] == [1, 3]
    assert [(rejected.position, rejected.sequence) for rejected in page.rejected] == [(2, 2), (3, None), (5, 4)]
    assert page.gaps == ()
    assert page.read_through == 4


def test_an_empty_page_does_not_move_the_pointer() -> None:
    assert page_of([], after=41).read_through == 41
    assert page_of([], after=None).read_through == 0


@pytest.mark.parametrize(
    ("read", "after", "gaps"),
    [
        ([], 0, ()),
        ([1, 2], 0, ()),
        ([3], 0, (Gap(1, 2),)),
        ([3], None, ()),
        ([3, 7], None, (Gap(4, 6),)),
        ([12, 14, 20], 10, (Gap(11, 11), Gap(13, 13), Gap(15, 19))),
    ],
)
def test_gaps_are_counted_from_the_last_number_read(read: list[int], after: int | None, gaps: tuple[Gap, ...]) -> None:
    assert gaps_in(read, after=after) == gaps


def test_a_gap_counts_both_its_ends() -> None:
    assert Gap(4, 6).missing == 3


@given(st.sets(st.integers(1, 60)), st.integers(0, 60))
def test_every_number_is_read_or_in_a_gap_and_never_both(numbers: set[int], after: int) -> None:
    page = page_of(enumerate([row(sequence) for sequence in numbers]), after=after)
    read = {found.sequence for found in page.rows}
    missing = {number for gap in page.gaps for number in range(gap.first, gap.last + 1)}
    assert read | missing == set(range(after + 1, page.read_through + 1))
    assert not read & missing
    assert read == {number for number in numbers if number > after}


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))
)
def test_no_row_however_strange_stops_the_page(raw: object) -> None:
    page = page_of(enumerate([row(1), raw, row(2)]), after=0)
    assert {1, 2} <= {read.sequence for read in page.rows}


def test_json_is_read_with_or_without_a_byte_order_mark() -> None:
    assert parse_json(b'\xef\xbb\xbf{"a": 1}') == parse_json(b'{"a": 1}') == {"a": 1}


@pytest.mark.parametrize("content", [b"", b"{", b"[" * 100_000, b'"\xff"', b"9" * 10_000])
def test_what_is_not_json_is_said_not_to_be(content: bytes) -> None:
    with pytest.raises(NotJson):
        parse_json(content)


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "x\udfff"])
def test_text_no_database_takes_is_found_however_deep(text: str) -> None:
    assert not can_be_stored(text)
    assert not can_be_stored({"navn": [{"fornavn": text}]})
    assert can_be_stored({"navn": [{"fornavn": "ŠÁĐĐÁ 🙂"}]})


def test_a_key_is_plain_only_when_it_can_be_no_other() -> None:
    assert is_plain(b'{"a": 1}', b'"a"')
    assert not is_plain(b'{"a": {"a": 1}}', b'"a"')
    assert not is_plain(rb'{"\u0061": 1, "b": {"a": 2}}', b'"a"')


def test_what_is_found_is_a_mapping_that_shows_nobody() -> None:
    found = Found({NUMBERS[0]: person()}, [FailedLookUp(NUMBERS[1], "Finner ikke person.")])
    assert dict(found) == {NUMBERS[0]: person()}
    assert len(found) == 1
    assert repr(found) == "Found(1 documents, 1 failures)"
    assert NUMBERS[1] not in repr(found.failures)


def test_the_sentence_is_the_text_of_the_refusal() -> None:
    assert str(FeedCannotBeRead("Mappen mangler.")) == "Mappen mangler."
    assert str(FeedCannotBeRead()) == FeedCannotBeRead.sentence
    assert json.dumps(FeedCannotBeRead().sentence)
