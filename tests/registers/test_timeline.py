"""What the timeline promises beyond the spec tables: order does not matter, protection hides places, rubbish stops nothing."""

from datetime import date

import pytest

from fjorten.registers.documents import extract
from fjorten.registers.markers import Marker, MarkerKind
from fjorten.registers.statements import lives_here
from fjorten.registers.timeline import facts_of
from tests.factories.register import person_document
from tests.spec.registers.test_living_here import BORN, NUMBER, OWN, STORIES, statement


def test_the_order_of_arrival_changes_nothing() -> None:
    for story in STORIES.values():
        assert facts_of(reversed(story), own_codes=OWN) == facts_of(story, own_codes=OWN)
        assert facts_of([*story, *story], own_codes=OWN) == facts_of(story, own_codes=OWN)


def test_a_later_word_that_the_child_lives_elsewhere_ends_the_residence() -> None:
    told = [statement(3, "2025-03-05")]
    moved = facts_of(told, own_codes=OWN, markers=[Marker(MarkerKind.ELSEWHERE, date(2025, 9, 1), sequence=7)])
    assert [row.valid_until for row in moved.residences] == [date(2025, 9, 1)]
    older = facts_of(told, own_codes=OWN, markers=[Marker(MarkerKind.ELSEWHERE, date(2025, 9, 1), sequence=2)])
    assert [row.valid_until for row in older.residences] == [None]


def test_places_of_the_strictly_protected_are_not_even_kept() -> None:
    document = person_document(NUMBER, born_on=BORN)
    document["adressebeskyttelse"] = [{"graderingsnivaa": "strengtFortrolig", "erGjeldende": True}]
    assert [(row["code"], row["basic_unit"]) for row in extract(document)["residences"]] == [("", "")]


def test_a_document_of_rubbish_says_nothing_and_stops_nothing() -> None:
    payload = extract({"navn": None, "status": "bosatt", "foedsel": [None, 3], "bostedsadresse": [{"vegadresse": []}], "doedsfall": []})
    assert not lives_here(payload, OWN)
    assert payload["born_on"] is None


def test_a_later_word_of_strict_protection_without_a_place_is_not_elsewhere() -> None:
    told = [statement(3, "2025-03-05")]
    hidden = facts_of(told, own_codes=OWN, markers=[Marker(MarkerKind.HIDDEN, date(2025, 9, 1), sequence=7)])
    assert hidden.protection == "strictly_confidential"
    assert [(row.kind, row.is_here, row.valid_until, row.basic_unit) for row in hidden.residences] == [("last_known", True, None, "")]


MOVED = Marker(MarkerKind.ELSEWHERE, date(2025, 8, 1), sequence=6)
HIDDEN = Marker(MarkerKind.HIDDEN, date(2025, 9, 1), sequence=7)


@pytest.mark.parametrize("markers", [[MOVED, HIDDEN], [HIDDEN, MOVED]])
def test_who_had_moved_before_the_strict_protection_is_elsewhere(markers: list[Marker]) -> None:
    facts = facts_of([statement(3, "2025-03-05")], own_codes=OWN, markers=markers)
    assert facts.protection == "strictly_confidential"
    assert [row.valid_until for row in facts.residences] == [date(2025, 8, 1)]


def test_a_kept_document_without_a_place_brings_nobody_back_who_had_moved_before() -> None:
    facts = facts_of(
        [statement(3, "2025-03-05"), statement(7, "2025-09-01", is_strictly_confidential=True)], own_codes=OWN, markers=[MOVED]
    )
    assert facts.protection == "strictly_confidential"
    assert [row.valid_until for row in facts.residences] == [date(2025, 8, 1)]


def test_whoever_moves_back_after_both_lives_here_openly() -> None:
    facts = facts_of([statement(8, "2025-10-05")], own_codes=OWN, markers=[MOVED, HIDDEN])
    assert facts.protection == "none"
    assert [row.valid_until for row in facts.residences] == [None]


def test_of_two_words_the_newest_says_whether_the_child_is_protected() -> None:
    opened = Marker(MarkerKind.ELSEWHERE, date(2025, 10, 1), sequence=9)
    facts = facts_of([statement(3, "2025-03-05")], own_codes=OWN, markers=[HIDDEN, opened])
    assert facts.protection == "none"
    assert [row.valid_until for row in facts.residences] == [date(2025, 10, 1)]


def test_protection_told_after_a_stay_abroad_leaves_the_place_known_last_open() -> None:
    gone = Marker(MarkerKind.NOWHERE, date(2025, 8, 1), sequence=6)
    for told, markers in [
        ([statement(3, "2025-03-05")], [gone, HIDDEN]),
        ([statement(3, "2025-03-05"), statement(7, "2025-09-01", is_strictly_confidential=True)], [gone]),
    ]:
        facts = facts_of(told, own_codes=OWN, markers=markers)
        assert facts.protection == "strictly_confidential"
        assert [row.kind for row in facts.residences if row.valid_until is None] == ["last_known"]


def test_a_word_of_being_nowhere_ends_the_residence_and_an_older_one_does_not() -> None:
    gone = Marker(MarkerKind.NOWHERE, date(2025, 8, 1), sequence=6)
    assert [row.valid_until for row in facts_of([statement(3, "2025-03-05")], own_codes=OWN, markers=[gone]).residences] == [
        date(2025, 8, 1)
    ]
    assert [row.valid_until for row in facts_of([statement(8, "2025-09-05")], own_codes=OWN, markers=[gone]).residences] == [None]
