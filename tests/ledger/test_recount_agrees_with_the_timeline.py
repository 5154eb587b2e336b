"""
Two engines written apart, one from periods and one day by day, say the same of whatever the register may have said.

What differs here is a mistake in one of them. The long run is in `make generative`.
"""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from fjorten.ledger.differences import Difference, Table
from fjorten.ledger.naive_codes import same_municipality
from fjorten.ledger.naive_register import Statement
from fjorten.ledger.naive_residence import Word
from fjorten.ledger.raw_rows import (
    IdentifierRow,
    MigrationRow,
    NameRow,
    PersonRow,
    ProtectionRow,
    RelationRow,
    ResidenceRow,
    ResponsibilityRow,
)
from fjorten.ledger.recount_people import PersonByDocuments
from fjorten.people.facts import PersonFacts
from fjorten.registers import municipality_codes, statements, timeline
from fjorten.registers.documents import Payload, digest_of
from fjorten.registers.markers import Marker, MarkerKind
from fjorten.registers.reforms.codes import shipped_reforms
from tests.examples import EXAMPLES

OWN = frozenset({"9901", "9903"})
CODES = ("9901", "9902", "9903", "9904", "")
FIRST_DAY = date(2024, 1, 1)

days = st.integers(0, 12).map(lambda number: (FIRST_DAY + timedelta(days=number)).isoformat())
instants = st.integers(0, 12 * 4).map(lambda number: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=6 * number))
maybe_day = st.one_of(st.none(), days)
element = {"current": st.booleans(), "start": maybe_day, "end": maybe_day}
place = st.fixed_dictionaries(
    {
        "code": st.sampled_from(CODES),
        "kind": st.sampled_from(["street", "unknown"]),
        "basic_unit": st.sampled_from(["", "01010101"]),
        **element,
    }
)
grade = st.fixed_dictionaries({"level": st.sampled_from(["none", "client", "confidential", "strictly_confidential"]), **element})
FACT_ROWS: dict[Table, type[NamedTuple]] = {
    Table.IDENTIFIER: IdentifierRow,
    Table.NAME: NameRow,
    Table.PROTECTION: ProtectionRow,
    Table.RESPONSIBILITY: ResponsibilityRow,
    Table.RELATION: RelationRow,
    Table.MIGRATION: MigrationRow,
}
# Documents have so many fields that making a found difference smaller takes minutes; the difference itself says which rule to look at.
WITHOUT_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
NUMBERS = ("01832450003", "41832450016", "02832450009")


def some(strategy: st.SearchStrategy[object], most: int = 2) -> st.SearchStrategy[list[object]]:
    return st.lists(strategy, max_size=most)


payloads = st.fixed_dictionaries(
    {
        "identifiers": st.lists(
            st.fixed_dictionaries({"number": st.sampled_from(NUMBERS), "in_use": st.booleans(), **element}), min_size=1, max_size=2
        ),
        "statuses": some(
            st.fixed_dictionaries(
                {"status": st.sampled_from(["bosatt", "utflyttet", "doed", "foedselsregistrert", "inaktiv", "noe nytt"]), **element}
            )
        ),
        "born_on": maybe_day,
        "born_year": st.one_of(st.none(), st.just(2023)),
        "sex": st.sampled_from(["", "kvinne", "mann"]),
        "dead": st.booleans(),
        "died_on": maybe_day,
        "names": some(
            st.fixed_dictionaries(
                {"given": st.sampled_from(["ÅSE", "ÅSE*PIKE"]), "middle": st.just(""), "family": st.sampled_from(["A", "B"]), **element}
            )
        ),
        "residences": some(place, 3),
        "stays": some(place, 1),
        "protections": some(grade),
        "responsibilities": some(
            st.fixed_dictionaries({"kind": st.just("felles"), "number": st.just(""), "organisation": st.just(""), **element}), 1
        ),
        "relations": some(st.fixed_dictionaries({"role": st.sampled_from(["mor", "far"]), "number": st.just(""), **element})),
        "moves": some(st.fixed_dictionaries({"direction": st.sampled_from(["in", "out"]), "country": st.just("SWE"), "on": maybe_day})),
        "mother_lives_here": st.booleans(),
        "renumbered": st.booleans(),
        "changed_at": st.one_of(st.none(), instants.map(lambda at: at.isoformat(timespec="microseconds"))),
        "all_stamped": st.booleans(),
    }
)


@st.composite
def documents(draw: st.DrawFn) -> statements.Statement:
    payload: Payload = draw(payloads)
    payload["dead"] = payload["dead"] or any(row["current"] and row["status"] == "doed" for row in payload["statuses"])
    first, longer = draw(st.integers(0, 12)), draw(st.integers(0, 3))
    is_event = draw(st.booleans())
    return statements.Statement(
        payload=payload,
        digest=digest_of(payload),
        seen_on=FIRST_DAY + timedelta(days=first),
        last_seen_on=FIRST_DAY + timedelta(days=first + (0 if is_event else longer)),
        sequence=draw(st.integers(1, 9)) if is_event else None,
        registered_at=draw(st.one_of(st.none(), instants)) if is_event else None,
    )


markers = st.lists(
    st.builds(
        Marker,
        kind=st.sampled_from(MarkerKind),
        seen_on=st.integers(0, 12).map(lambda number: FIRST_DAY + timedelta(days=number)),
        sequence=st.one_of(st.none(), st.integers(1, 9)),
        registered_at=st.one_of(st.none(), instants),
    ),
    max_size=3,
    unique_by=lambda marker: marker.kind,
)


def differences(told: list[statements.Statement], said: list[Marker]) -> list[Difference]:
    facts = timeline.facts_of(told, own_codes=OWN, markers=said)
    recounted = PersonByDocuments(
        [Statement(n, s.payload, s.digest, s.sequence, s.registered_at, s.seen_on, s.last_seen_on) for n, s in enumerate(told)],
        own_codes=OWN,
        words=[Word(marker.kind, marker.seen_on, marker.sequence, marker.registered_at) for marker in said],
    )
    return list(recounted.differences(_person_row(facts), _fact_rows(facts), _residence_rows(facts)))


def _person_row(facts: PersonFacts) -> PersonRow:
    columns = {field: getattr(facts, field) for field in PersonRow._fields if field not in {"id", "public_id", "continued_as_id"}}
    return PersonRow(id=1, public_id=UUID(int=1), continued_as_id=None, **columns)


def _fact_rows(facts: PersonFacts) -> dict[Table, list[tuple[int, tuple[object, ...]]]]:
    names = {"given_name": "given", "middle_name": "middle", "family_name": "family"}
    return {
        table: [
            (key, tuple(getattr(fact, names.get(column, column)) for column in kind._fields[2:]))
            for key, fact in enumerate(getattr(facts, table.value))
        ]
        for table, kind in FACT_ROWS.items()
    }


def _residence_rows(facts: PersonFacts) -> list[ResidenceRow]:
    return [
        ResidenceRow(key, 1, row.municipality_code, row.kind, row.basic_unit, row.is_here, row.source, row.valid_from, row.valid_until)
        for key, row in enumerate(facts.residences)
    ]


@pytest.mark.by_example
@settings(EXAMPLES, phases=WITHOUT_SHRINKING)
@given(told=st.lists(documents(), min_size=1, max_size=6), said=markers)
def test_the_recount_and_the_timeline_agree_on_anything_the_register_may_say(told: list[statements.Statement], said: list[Marker]) -> None:
    assert [difference.sentence for difference in differences(told, said)] == []


def test_numbers_of_the_same_municipality_are_the_same_to_both() -> None:
    every = {code for reform in shipped_reforms() for code in (reform.old_code, reform.new_code)} | {"9901"}
    assert len(every) > 300
    for code in ("9901", *sorted(every)[::15]):
        assert {code, *same_municipality(code, shipped_reforms())} == {code, *municipality_codes._same_by_reform(code)}, code
