"""
Whose the register documents are, counted anew: documents that share a number are about one person, and so on until nothing joins. Pure.

Part of the independent recount; shares nothing with `registers.intake`.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from fjorten.ledger.differences import Difference, Table, field_difference, missing
from fjorten.ledger.raw_rows import DocumentRow, PersonKeyRow

# Given some numbers, tells which person (primary key) the ledger keeps each of them under.
HoldersOf = Callable[[Collection[str]], Mapping[str, int]]


class _Told(NamedTuple):
    document: int
    person: int


@dataclass(slots=True)
class _Group:
    """Documents that hang together by numbers."""

    told: list[_Told] = field(default_factory=list)
    numbers: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Identities:
    """
    Who there is, by primary key: opaque ids, whom each person stands for in the end, and the documents that are about each.

    `doubtful` are persons of whom nothing can be recounted, because a document of theirs is broken or it cannot be told whose it is.
    """

    public_ids: dict[int, str]
    stands_for: dict[int, int]
    documents_of: dict[int, list[int]]
    doubtful: set[int]
    differences: list[Difference]
    documents: int


def identities(persons: Iterable[PersonKeyRow], documents: Iterable[DocumentRow], *, holders_of: HoldersOf) -> Identities:
    """
    Find which documents are about which person, and name broken documents, persons without any, and those joined or parted wrongly.

    `holders_of` is only asked where documents and persons do not fit together, to tell which of them is out of place.
    """
    keys = list(persons)
    public_ids = {row.id: str(row.public_id) for row in keys}
    found = Identities(public_ids, {}, {}, set(), [], 0)
    _stands_for(keys, found)
    groups = _groups_of(documents, found)
    for group, owner in _owners(groups, found, holders_of):
        if owner in found.doubtful:
            continue
        if owner in found.documents_of:
            _name_parted(group, owner, found)
            continue
        found.documents_of[owner] = sorted(told.document for told in group.told)
    for row in keys:
        known = row.id in found.documents_of or row.id in found.doubtful
        if found.stands_for[row.id] == row.id and not known:
            found.differences.append(missing(Table.DOCUMENT, public_ids[row.id]))
            found.doubtful.add(row.id)
    return found


def digest_of(payload: object) -> str:
    """Digest a document's content: SHA-256 of canonical JSON."""
    return hashlib.sha256(json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def numbers_of(payload: object) -> list[str]:
    """List the numbers a document knows the person by. Raises KeyError or TypeError for what is not a document."""
    return [row["number"] for row in payload["identifiers"]]  # type: ignore[index]  # anything may stand in a broken row


def _stands_for(persons: Collection[PersonKeyRow], found: Identities) -> None:
    """Follow each person to the one they continue as in the end. Whoever is in a ring stands for themselves and is named."""
    continued = {row.id: row.continued_as_id for row in persons}
    for person in continued:
        last, passed = person, {person}
        while (following := continued[last]) is not None and following in continued and following not in passed:
            passed.add(following)
            last = following
        is_in_ring = following == person
        found.stands_for[person] = person if is_in_ring else last
        if is_in_ring:
            ids = found.public_ids
            told = ids[continued[person] or person]
            found.differences.append(field_difference(Table.PERSON, ids[person], person, "continued_as", ledger=told, recount=None))
            found.doubtful.add(person)


def _groups_of(documents: Iterable[DocumentRow], found: Identities) -> list[_Group]:
    by_number: dict[str, _Group] = {}
    for row in documents:
        found.documents += 1
        person = found.public_ids.get(row.person_id, "")
        try:
            numbers = numbers_of(row.payload)
        except (KeyError, TypeError):
            numbers = []
        if digest_of(row.payload) != row.digest or not numbers or not person:
            ledger = "innholdet er uendret" if person else "det gjelder en person i denne kommunen"
            recount = "innholdet er endret" if person else "personen er ikke i denne kommunen"
            found.differences.append(Difference(Table.DOCUMENT, person, str(row.id), "content" if person else "person", ledger, recount))
            if person:
                found.doubtful.add(found.stands_for[row.person_id])
            continue
        group = _Group()
        for touched in {id(other): other for number in numbers if (other := by_number.get(number))}.values():
            if len(touched.told) > len(group.told):
                group, touched = touched, group  # noqa: PLW2901 - the smaller one goes into the larger one
            group.told += touched.told
            group.numbers |= touched.numbers
            for number in touched.numbers:
                by_number[number] = group
        group.told.append(_Told(row.id, row.person_id))
        group.numbers.update(numbers)
        for number in numbers:
            by_number[number] = group
    return list({id(group): group for group in by_number.values()}.values())


def _owners(groups: Collection[_Group], found: Identities, holders_of: HoldersOf) -> Iterable[tuple[_Group, int]]:
    """Tell whose each group is; where documents and persons do not fit together, name what is out of place."""
    standing = {id(group): {found.stands_for[told.person] for told in group.told} for group in groups}
    claimed: dict[int, int] = defaultdict(int)
    spread: dict[int, int] = defaultdict(int)
    for group in groups:
        for person in standing[id(group)]:
            claimed[person] += 1
        for person in {told.person for told in group.told}:
            spread[person] += 1
    for group in groups:
        persons = standing[id(group)]
        if len(persons) == 1 and claimed[next(iter(persons))] == 1:
            yield group, next(iter(persons))
            continue
        if persons & found.doubtful:
            found.doubtful |= persons  # the broken document may be the one that tells how these hang together
            continue
        holders = set(holders_of(group.numbers).values()) & found.public_ids.keys()
        owner = min(holders) if len(holders) == 1 else min(holders & persons or persons)
        _name_misplaced(group, owner, spread, found)
        yield group, owner


def _name_misplaced(group: _Group, owner: int, spread: Mapping[int, int], found: Identities) -> None:
    ids = found.public_ids
    for person in sorted({told.person for told in group.told}):
        stands_for = found.stands_for[person]
        if stands_for == owner:
            continue
        if spread[person] > 1:  # this person has documents of its own: these few have been moved to it
            moved = (told.document for told in group.told if told.person == person)
            found.differences += [
                field_difference(Table.DOCUMENT, ids[owner], document, "person", ledger=ids[person], recount=ids[owner])
                for document in moved
            ]
            continue
        ledger = None if stands_for == person else ids[stands_for]
        recount = None if owner == person else ids[owner]
        found.differences.append(field_difference(Table.PERSON, ids[person], person, "continued_as", ledger=ledger, recount=recount))
        found.doubtful.add(person)


def _name_parted(group: _Group, owner: int, found: Identities) -> None:
    """Say that documents about two persons stand as one person's, and nothing tells why."""
    found.differences.append(
        Difference(
            Table.DOCUMENT, found.public_ids[owner], str(min(told.document for told in group.told)), "number", "én person", "to personer"
        )
    )
    found.doubtful.add(owner)
    found.documents_of.pop(owner, None)
