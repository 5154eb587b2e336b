"""Recounting persons: from their register documents to what must stand in the tables of persons, held against what stands there."""

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any, Final, NamedTuple, TypeVar

from django.conf import settings
from django.db import models

from fjorten.ledger.differences import Difference, KeptRow, Table, differing_rows, field_difference
from fjorten.ledger.naive_codes import same_municipality
from fjorten.ledger.naive_identity import Identities, numbers_of
from fjorten.ledger.naive_plan import is_in_age_group
from fjorten.ledger.naive_register import STRICTEST, Statement, facts_of, oldest_first
from fjorten.ledger.naive_residence import Home, Residences, Word, own_codes_for, since_first_here
from fjorten.ledger.raw_rows import (
    CodeRow,
    DocumentRow,
    IdentifierRow,
    MarkerRow,
    MigrationRow,
    NameRow,
    PersonRow,
    ProtectionRow,
    RelationRow,
    ResidenceRow,
    ResponsibilityRow,
    chunks,
    rows,
    rows_with,
)
from fjorten.organisation.models import Municipality, MunicipalityCode
from fjorten.people.models import (
    AddressProtection,
    FamilyRelation,
    Identifier,
    Migration,
    NameInForce,
    ParentalResponsibility,
    Person,
    Residence,
)
from fjorten.registers.models import RegisterDocument, SeenElsewhere
from fjorten.registers.reforms.codes import shipped_reforms

_PERSONS_AT_ONCE: Final = 800
_PROTECTED: Final = frozenset({"confidential", "strictly_confidential"})

# The tables of facts that are compared row by row. The second column of each says whose the row is.
_FACT_TABLES: Final[dict[Table, tuple[type[NamedTuple], type[models.Model]]]] = {
    Table.IDENTIFIER: (IdentifierRow, Identifier),
    Table.NAME: (NameRow, NameInForce),
    Table.PROTECTION: (ProtectionRow, AddressProtection),
    Table.RESPONSIBILITY: (ResponsibilityRow, ParentalResponsibility),
    Table.RELATION: (RelationRow, FamilyRelation),
    Table.MIGRATION: (MigrationRow, Migration),
}
_NOT_COMPARED: Final = frozenset({"id", "public_id", "continued_as_id"})

RowT = TypeVar("RowT")


class Child(NamedTuple):
    """What the ledger needs to know of a person on the day of the recount, as the documents say."""

    born_on: date | None
    lives_here: bool
    is_alive: bool
    is_in_age_group: bool
    is_protected: bool
    basic_unit: str

    @property
    def is_resident(self) -> bool:
        """Whether the child is one of those the ledger is about (L1)."""
        return self.lives_here and self.is_alive and self.is_in_age_group


def recounted_children(
    *, municipality: Municipality, on: date, known: Identities, differences: list[Difference]
) -> Iterator[tuple[int, Child | None]]:
    """
    Recount every person that stands for themselves, by primary key, in order; what differs is added to `differences`.

    None for a person of whom nothing can be recounted. Those whose rows differ are recounted all the same, from the documents.
    """
    told_codes = {row.code for row in rows(CodeRow, MunicipalityCode, municipality=municipality.pk)}
    own_codes = {municipality.code} | told_codes | same_municipality(municipality.code, shipped_reforms())
    everybody = sorted(person for person, last in known.stands_for.items() if person == last)
    for some in chunks(everybody, _PERSONS_AT_ONCE):
        statements = _statements(some, known)
        words = _words_without_facts(statements, municipality)
        kept = _kept(some)
        residences = _by_owner(rows_with(ResidenceRow, Residence, "person_id", some))
        persons = {row.id: row for row in rows_with(PersonRow, Person, "id", some)}
        for key in some:
            if key in known.doubtful:
                yield key, None
                continue
            try:
                person = PersonByDocuments(statements[key], own_codes=own_codes, words=words.get(key, ()))
            except (KeyError, TypeError, ValueError):
                row = str(statements[key][-1].id)
                told, counted = "at det kan leses", "at det ikke kan leses"
                differences.append(Difference(Table.DOCUMENT, known.public_ids[key], row, "content", told, counted))
                known.doubtful.add(key)
                yield key, None
                continue
            differences += person.differences(persons[key], kept[key], residences[key])
            yield key, person.on(on)


class PersonByDocuments:
    """One person by the documents."""

    def __init__(self, statements: Sequence[Statement], *, own_codes: Collection[str], words: Collection[Word]) -> None:
        everything = oldest_first(statements)
        own_codes = own_codes_for(everything, own_codes)
        ordered = since_first_here(everything, own_codes)
        self._numbers_before = _numbers(everything) - _numbers(ordered)
        self.facts = facts_of(ordered)
        self.residences = Residences(ordered, own_codes=own_codes, words=words)
        if self.residences.hidden_on is not None:
            self.facts.person["protection"] = STRICTEST
            self.facts.rows[Table.PROTECTION].append((STRICTEST, self.residences.hidden_on, None, "marker"))
        self.facts.person["stays_here"], self.facts.person["stays_here_since"] = self.residences.stays_here_since()

    def on(self, day: date) -> Child:
        """Tell what the ledger needs to know on a day."""
        person: Any = self.facts.person
        open_here = [home for home in self.residences.open_ended() if home.is_here]
        return Child(
            born_on=person["born_on"],
            lives_here=any(home.is_here for home in self.residences.on(day.isoformat())),
            is_alive=not person["is_dead"] or (person["died_on"] is not None and day < person["died_on"]),
            is_in_age_group=is_in_age_group(person["born_on"], person["born_by"], day),
            is_protected=person["protection"] in _PROTECTED,
            basic_unit=open_here[0].basic_unit if open_here else "",
        )

    def differences(self, row: PersonRow, kept: dict[Table, list[KeptRow]], residences: Sequence[ResidenceRow]) -> Iterator[Difference]:
        """Name every column and row that is not as the documents say."""
        about = str(row.public_id)
        for field in row._fields:
            if field not in _NOT_COMPARED and getattr(row, field) != self.facts.person[field]:
                kept_value, told = getattr(row, field), self.facts.person[field]
                yield field_difference(Table.PERSON, about, row.id, field, ledger=kept_value, recount=told)
        for table, (kind, _) in _FACT_TABLES.items():
            # A number only told of before the person came here may have been kept or not: nothing is ever taken away.
            compared = [row for row in kept[table] if table != Table.IDENTIFIER or row[1][0] not in self._numbers_before]
            yield from differing_rows(table, about, kind._fields[2:], compared, self.facts.rows[table])
        yield from self._residence_differences(about, residences)

    def _residence_differences(self, about: str, kept: Sequence[ResidenceRow]) -> Iterator[Difference]:
        """Put every day on which something may change to both sides; days in a row that differ in the same way are one difference."""
        days = self.residences.days_of_change()
        days.update(day.isoformat() for row in kept for day in (row.valid_from, row.valid_until) if day is not None)
        before = None
        for day in sorted(days):
            standing = [row for row in kept if _holds(row, day)]
            ledger, recount = sorted(map(_home, standing)), sorted(self.residences.on(day))
            if ledger != recount and (ledger, recount) != before:
                row = ", ".join(str(row.id) for row in standing)
                yield Difference(Table.RESIDENCE, about, row, "place", self._words(ledger, day), self._words(recount, day))
            before = (ledger, recount)

    def _words(self, homes: Sequence[Home], day: str) -> str:
        if self.facts.person["protection"] != "none":
            return f"{len(homes)} steder (vises ikke) på dagen {day}"
        places = [
            f"{home.municipality_code or 'hos mor'} ({home.kind}, {'her' if home.is_here else 'ikke her'}, {home.source})" for home in homes
        ]
        return f"{' og '.join(places) or 'ingen steder'} på dagen {day}"


def _numbers(statements: Sequence[Statement]) -> set[str]:
    return {number for statement in statements for number in numbers_of(statement.payload)}


def _statements(persons: Sequence[int], known: Identities) -> dict[int, list[Statement]]:
    owners = {document: person for person in persons for document in known.documents_of.get(person, ())}
    told: dict[int, list[Statement]] = defaultdict(list)
    for row in rows_with(DocumentRow, RegisterDocument, "id", owners):
        told[owners[row.id]].append(
            Statement(row.id, row.payload, row.digest, row.sequence, row.registered_at, row.first_seen_on, row.last_seen_on)
        )
    return told


def _words_without_facts(statements: dict[int, list[Statement]], municipality: Municipality) -> dict[int, list[Word]]:
    """Find the newest word of each kind that came without facts about each person: kept by a keyed digest of the number."""
    key = settings.SECRET_KEY.encode()
    digests = {
        hmac.new(key, number.encode(), hashlib.sha256).hexdigest(): person
        for person, told in statements.items()
        for statement in told
        for number in numbers_of(statement.payload)
    }
    newest: dict[tuple[int, str], Word] = {}
    for row in rows_with(MarkerRow, SeenElsewhere, "number_digest", digests):
        if row.municipality_id != municipality.pk:
            continue
        word, person = Word(row.kind, row.seen_on, row.sequence, row.registered_at), digests[row.number_digest]
        before = newest.get((person, word.kind))
        newest[person, word.kind] = word if before is None or word.is_newer_than(before) else before
    found: dict[int, list[Word]] = defaultdict(list)
    for (person, _), word in newest.items():
        found[person].append(word)
    return found


def _kept(persons: Sequence[int]) -> dict[int, dict[Table, list[KeptRow]]]:
    kept: dict[int, dict[Table, list[KeptRow]]] = {person: {table: [] for table in _FACT_TABLES} for person in persons}
    for table, (kind, model) in _FACT_TABLES.items():
        for key, person, *values in rows_with(kind, model, kind._fields[1], persons):
            kept[person][table].append((key, tuple(values)))
    return kept


def _by_owner(found: Iterator[ResidenceRow]) -> dict[int, list[ResidenceRow]]:
    result: dict[int, list[ResidenceRow]] = defaultdict(list)
    for row in found:
        result[row.person_id].append(row)
    return result


def _home(row: ResidenceRow) -> Home:
    return Home(row.municipality_code, row.kind, row.basic_unit, row.is_here, row.source)


def _holds(row: ResidenceRow, day: str) -> bool:
    begins = "" if row.valid_from is None else row.valid_from.isoformat()
    return begins <= day and (row.valid_until is None or day < row.valid_until.isoformat())
