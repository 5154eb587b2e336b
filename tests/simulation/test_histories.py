"""Single-child histories: short, reproducible, and with an end that the last documents confirm."""

from collections import Counter
from datetime import date

import pytest

from fjorten.kernel.national_id import NationalId
from fjorten.simulation.histories import History, random_histories, random_history
from fjorten.simulation.office.happenings import Happening
from fjorten.simulation.records import Protection, Status
from tests.simulation.naive_reader import replayed, said_in
from tests.simulation.test_town import expected_of

NOT_IN_HISTORIES = {
    Happening.ADOPTED,
    Happening.TOLD_LATE,
    Happening.STRANGER,
    Happening.RECODED_BY_REFORM,
    Happening.LEFT_UNREPORTED,
    Happening.PLACEMENT_ENDED,
}


@pytest.fixture(scope="module")
def batch() -> list[History]:
    return list(random_histories(1, 600))


def test_a_seed_gives_the_same_history() -> None:
    first, second = random_history(77), random_history(77)
    assert first.happenings == second.happenings
    assert [row.row for row in first.rows] == [row.row for row in second.rows]
    assert [row.person_document for row in first.rows] == [row.person_document for row in second.rows]
    assert first.expected == second.expected
    assert random_history(78).rows != first.rows


def test_the_last_documents_confirm_what_is_expected(batch: list[History]) -> None:
    checked = Counter()
    for history in batch:
        last = replayed((row.row, row.person_document) for row in history.rows)
        for child in history.expected:
            if child.number.digits not in last:
                continue
            said = said_in(last[child.number.digits])
            assert said == expected_of(child), (history.seed, child.key)
            checked[child.standing.status] += 1
    assert checked.keys() >= {Status.RESIDENT, Status.DEAD, Status.EMIGRATED, Status.MISSING, Status.TEMPORARY, Status.BIRTH_REGISTERED}


def test_every_child_expected_is_in_the_feed(batch: list[History]) -> None:
    for history in batch:
        last = replayed((row.row, row.person_document) for row in history.rows)
        assert {child.number.digits for child in history.expected} <= set(last), history.seed


def test_a_ceased_number_leads_to_the_child_it_turned_out_to_be(batch: list[History]) -> None:
    with_ceased = [history for history in batch if history.ceased]
    assert with_ceased
    for history in with_ceased:
        assert set(history.ceased) <= {number for child in history.expected for number in child.numbers[:-1]}


def test_histories_share_nothing_and_join_to_one_feed(batch: list[History]) -> None:
    owner: dict[NationalId, tuple[int, int]] = {}
    for place, history in enumerate(batch):
        for child in history.expected:
            for number in child.numbers:
                assert owner.setdefault(number, (place, child.key)) == (place, child.key)
    sequences = [row.sequence for history in batch for row in history.rows]
    assert sequences == list(range(1, len(sequences) + 1))
    documents = [row.document_line for history in batch for row in history.rows]
    named = {str(line["dokumentidentifikator"]): line["folkeregisterperson"] for line in documents if line}
    assert all(named[str(line["dokumentidentifikator"])] is line["folkeregisterperson"] for line in documents if line)


def test_everything_that_can_happen_to_one_child_happens_to_some(batch: list[History]) -> None:
    seen = {happening for history in batch for happening in history.happenings}
    assert set(Happening) - seen == NOT_IN_HISTORIES


def test_twins_are_expected_both(batch: list[History]) -> None:
    twins = [history for history in batch if Happening.TWINS_BORN in history.happenings]
    assert twins
    assert all(len(history.expected) == 2 for history in twins)
    assert all(len({child.born_on for child in history.expected}) <= 2 for history in twins)


def test_every_grade_of_protection_and_every_place_is_at_the_end_of_some(batch: list[History]) -> None:
    children = [child for history in batch for child in history.expected]
    assert {child.protection for child in children} == set(Protection)
    for place in ("registered_here", "listed_here", "newborn_of_resident", "stays_here", "last_listed_here"):
        assert {getattr(child, place) for child in children} == {True, False}, place


def test_what_happens_is_sometimes_told_weeks_late(batch: list[History]) -> None:
    delays = []
    for history in batch:
        for row in history.rows:
            for address in (row.person_document or {}).get("bostedsadresse", []):
                delays.append((date.fromisoformat(address["ajourholdstidspunkt"][:10]) - date.fromisoformat(address["flyttedato"])).days)
    assert max(delays) > 28
    assert min(delays) >= 0
