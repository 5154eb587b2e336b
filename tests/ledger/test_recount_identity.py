"""Whose a document is, by nothing but the numbers in it."""

from datetime import date
from typing import Any
from uuid import UUID

from fjorten.ledger.naive_identity import Identities, digest_of, identities
from fjorten.ledger.raw_rows import DocumentRow, PersonKeyRow


def person(key: int, *, continued_as: int | None = None) -> PersonKeyRow:
    return PersonKeyRow(key, UUID(int=key), continued_as)


def document(key: int, of: int, *numbers: str) -> DocumentRow:
    payload = {"identifiers": [{"number": number} for number in numbers]}
    return DocumentRow(key, of, payload, digest_of(payload), None, None, date(2026, 3, 1), date(2026, 3, 1))


def found(persons: list[PersonKeyRow], documents: list[DocumentRow], holders: dict[str, int] | None = None) -> Identities:
    def holders_of(numbers: Any) -> dict[str, int]:
        assert holders is not None, "nobody may be asked where everything fits"
        return {number: holders[number] for number in numbers if number in holders}

    return identities(persons, documents, holders_of=holders_of)


def named(told: Identities) -> list[tuple[str, str, str]]:
    return [(difference.person[-2:], difference.row, difference.field) for difference in told.differences]


def test_documents_that_share_a_number_are_about_one_person_also_at_second_hand() -> None:
    told = found([person(1), person(2)], [document(10, 1, "A"), document(11, 1, "B"), document(12, 2, "X"), document(13, 1, "A", "B")])
    assert told.documents_of == {1: [10, 11, 13], 2: [12]}
    assert not told.differences
    assert told.documents == 4


def test_documents_of_a_person_who_continues_count_for_the_one_they_continue_as() -> None:
    told = found([person(1), person(2, continued_as=1)], [document(10, 1, "A"), document(11, 2, "B"), document(12, 1, "A", "B")])
    assert told.documents_of == {1: [10, 11, 12]}
    assert told.stands_for == {1: 1, 2: 1}
    assert not told.differences


def test_persons_who_continue_in_a_ring_are_named() -> None:
    told = found(
        [person(1, continued_as=2), person(2, continued_as=1), person(3, continued_as=1)], [document(10, 1, "A"), document(11, 2, "B")]
    )
    assert named(told) == [("01", "1", "continued_as"), ("02", "2", "continued_as")]
    assert told.doubtful == {1, 2}


def test_a_person_without_a_document_is_named() -> None:
    told = found([person(1), person(2)], [document(10, 1, "A")])
    assert named(told) == [("02", "", "row")]
    assert told.doubtful == {2}


def test_a_changed_document_makes_its_person_doubtful_and_nobody_else() -> None:
    changed = document(11, 2, "B")._replace(digest="0" * 64)
    told = found([person(1), person(2)], [document(10, 1, "A"), changed])
    assert named(told) == [("02", "11", "content")]
    assert told.doubtful == {2}
    assert told.documents_of == {1: [10]}


def test_a_document_without_numbers_or_shape_is_named() -> None:
    shapeless = document(11, 2)._replace(payload=["?"], digest=digest_of(["?"]))
    told = found([person(1), person(2)], [document(10, 1), shapeless])
    assert named(told) == [("01", "10", "content"), ("02", "11", "content")]


def test_a_document_about_nobody_we_know_is_named() -> None:
    told = found([person(1)], [document(10, 1, "A"), document(11, 9, "B")])
    assert named(told) == [("", "11", "person")]


def test_a_document_moved_to_another_person_is_named_and_counted_for_its_owner() -> None:
    moved = document(11, 2, "A")
    told = found([person(1), person(2)], [document(10, 1, "A"), moved, document(12, 2, "B")], {"A": 1, "B": 2})
    assert named(told) == [("01", "11", "person")]
    assert told.documents_of == {1: [10, 11], 2: [12]}


def test_the_only_document_of_a_person_moved_to_another_is_named_once() -> None:
    told = found([person(1), person(2)], [document(11, 2, "A"), document(12, 2, "B")], {"A": 1, "B": 2})
    assert named(told) == [("01", "11", "person")]
    assert told.documents_of == {1: [11], 2: [12]}


def test_two_persons_the_register_has_as_one_are_named() -> None:
    told = found([person(1), person(2)], [document(10, 1, "A"), document(11, 2, "A", "B")], {"A": 1, "B": 1})
    assert named(told) == [("02", "2", "continued_as")]
    assert told.documents_of == {1: [10, 11]}
    assert told.doubtful == {2}


def test_two_persons_nothing_joins_are_named() -> None:
    told = found([person(1), person(2, continued_as=1)], [document(10, 1, "A"), document(11, 2, "B")], {"A": 1, "B": 2})
    assert named(told) == [("02", "2", "continued_as")]
    assert told.documents_of == {1: [10]}


def test_a_person_made_of_two_by_nothing_we_hold_is_named() -> None:
    told = found([person(1), person(2, continued_as=1)], [document(10, 1, "A"), document(11, 2, "B")], {"A": 1, "B": 1})
    assert [field for _, _, field in named(told)] == ["number"]
    assert told.doubtful == {1}
    assert told.documents_of == {}
