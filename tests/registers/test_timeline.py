"""What the timeline promises beyond the spec tables: order does not matter, protection hides places, rubbish stops nothing."""

from datetime import date

from fjorten.registers.documents import extract
from fjorten.registers.timeline import Marker, facts_of, lives_here
from tests.factories.register import person_document
from tests.spec.registers.test_living_here import BORN, NUMBER, OWN, STORIES, statement


def test_the_order_of_arrival_changes_nothing() -> None:
    for story in STORIES.values():
        assert facts_of(reversed(story), own_codes=OWN) == facts_of(story, own_codes=OWN)
        assert facts_of([*story, *story], own_codes=OWN) == facts_of(story, own_codes=OWN)


def test_a_later_word_that_the_child_lives_elsewhere_ends_the_residence() -> None:
    told = [statement(3, "2025-03-05")]
    moved = facts_of(told, own_codes=OWN, marker=Marker(seen_on=date(2025, 9, 1), sequence=7))
    assert [row.valid_until for row in moved.residences] == [date(2025, 9, 1)]
    older = facts_of(told, own_codes=OWN, marker=Marker(seen_on=date(2025, 9, 1), sequence=2))
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
    hidden = facts_of(told, own_codes=OWN, marker=Marker(seen_on=date(2025, 9, 1), sequence=7, tells_no_place=True))
    assert hidden.protection == "strictly_confidential"
    assert [(row.kind, row.is_here, row.valid_until, row.basic_unit) for row in hidden.residences] == [("last_known", True, None, "")]
