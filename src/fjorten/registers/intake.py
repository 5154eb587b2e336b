"""
Taking in what the register says: which of it concerns us, whose it is, and what then holds.

Extracts, events and look-ups all pass through `take_in`, in batches, inside the caller's transaction. Of everybody in the country only
children who live here, or whom we already know, are kept; of the others a child leaves a digest (see `SeenElsewhere`) and an adult nothing.
"""

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.conf import settings

from fjorten.audit.actor import Actor
from fjorten.kernel.ages import age_in_years
from fjorten.kernel.chunks import chunks
from fjorten.organisation.models import Municipality
from fjorten.people.actions.register import join_persons, meet_persons, overwrite, write_facts
from fjorten.people.models import AGE_GROUP_YEARS, Identifier, Person
from fjorten.plans.models import Enrolment
from fjorten.registers.documents import Payload, born_by, digest_of, numbers_of
from fjorten.registers.markers import Marker, MarkerKind, is_newer_marker, kind_of
from fjorten.registers.models import PendingLookUp, RegisterDocument, SeenElsewhere
from fjorten.registers.statements import Statement, lives_here, stays_here
from fjorten.registers.timeline import facts_of

Channel = RegisterDocument.Channel
_KEYS_IN_ONE_QUESTION = 900  # older SQLite takes 999 values in a statement
KeyT = TypeVar("KeyT")


@dataclass(frozen=True, slots=True)
class Heard:
    """One document as it came, already reduced to what we may keep."""

    payload: Payload
    channel: RegisterDocument.Channel
    seen_on: date
    sequence: int | None = None
    registered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """What a batch led to: the persons (by primary key) it concerned, and how many are new to us, elsewhere, or joined."""

    persons: frozenset[int]
    new: int
    elsewhere: int
    joined: int


def take_in(heard: Sequence[Heard], *, municipality: Municipality, own_codes: frozenset[str], by: Actor, at: datetime) -> Intake:
    """
    Store a batch of documents and bring the persons they concern up to date, inside the caller's transaction.

    The end state depends only on which documents have been heard, not on their order or on how they were cut into batches.
    """
    groups = _groups(heard, municipality)
    ours = [group for group in groups if group.persons or any(_concerns_us(item, own_codes) for item in group.heard)]
    elsewhere = [group for group in groups if not (group.persons or any(_concerns_us(item, own_codes) for item in group.heard))]
    _mark_elsewhere(elsewhere, municipality)
    unknown = [group for group in ours if not group.persons]
    for group, person in zip(unknown, meet_persons(municipality=municipality, count=len(unknown), by=by, at=at), strict=True):
        group.persons.append(person)
    joined = 0
    owners: dict[int, Person] = {}
    for group in ours:
        survivor = _survivor(group.persons)
        others = [person for person in group.persons if person.pk != survivor.pk]
        if others:
            join_persons(survivor=survivor, others=others, by=by, at=at)
            joined += len(others)
        owners[survivor.pk] = survivor
        group.persons = [survivor]
    _store(ours, municipality)
    bring_up_to_date(list(owners), municipality=municipality, own_codes=own_codes, by=by, at=at)
    return Intake(persons=frozenset(owners), new=len(unknown), elsewhere=len(elsewhere), joined=joined)


def bring_up_to_date(persons: Sequence[int], *, municipality: Municipality, own_codes: frozenset[str], by: Actor, at: datetime) -> None:
    """Derive persons' facts anew from all their documents and write what changed."""
    told = statements_of(persons)
    markers = markers_for(told, municipality)
    facts = {person: facts_of(told[person], own_codes=own_codes, markers=markers.get(person, ())) for person in persons}
    write_facts(municipality=municipality, facts=facts, by=by, at=at)
    _settle_look_ups(told, municipality)


def statements_of(persons: Iterable[int]) -> dict[int, list[Statement]]:
    """Read all register statements about persons, including those made about persons who continue as them."""
    owners = {pk: pk for pk in persons}
    owners |= {row.pk: row.continued_as_id for row in Person.objects.filter(continued_as__in=list(owners)) if row.continued_as_id}
    told: dict[int, list[Statement]] = defaultdict(list)
    for row in RegisterDocument.objects.filter(person__in=list(owners)).order_by("pk").iterator(chunk_size=2000):
        told[owners[row.person_id]].append(statement_of(row))
    return told


def statement_of(row: RegisterDocument) -> Statement:
    """Read one stored document as the value the timeline works on."""
    return Statement(
        payload=row.payload,
        digest=row.digest,
        seen_on=row.first_seen_on,
        last_seen_on=row.last_seen_on,
        sequence=row.sequence,
        registered_at=row.registered_at,
    )


def markers_for(told: Mapping[int, Sequence[Statement]], municipality: Municipality) -> dict[int, list[Marker]]:
    """Find, for persons, the newest word of each kind which came without facts being kept."""
    digests = {number_digest(number): person for person, statements in told.items() for s in statements for number in numbers_of(s.payload)}
    found: dict[tuple[int, MarkerKind], Marker] = {}
    for row in _in_chunks(list(digests), municipality):
        marker = _marker(row)
        _keep_newest(found, (digests[row.number_digest], marker.kind), marker)
    by_person: dict[int, list[Marker]] = defaultdict(list)
    for (person, _), marker in found.items():
        by_person[person].append(marker)
    return by_person


def number_digest(number: str) -> str:
    """Digest a number with the installation's key: the same number is known again, and nobody can read it back."""
    return hmac.new(settings.SECRET_KEY.encode(), number.encode(), hashlib.sha256).hexdigest()


@dataclass(slots=True)
class _Group:
    """Documents of one batch that share a number, and the persons we already know by any of those numbers."""

    heard: list[Heard]
    numbers: set[str]
    persons: list[Person]


def _groups(heard: Sequence[Heard], municipality: Municipality) -> list[_Group]:
    by_number: dict[str, _Group] = {}
    groups: dict[int, _Group] = {}
    for item in heard:
        numbers = set(numbers_of(item.payload))
        if not numbers:
            continue
        merged = _Group([item], numbers, [])
        for touched in {id(by_number[number]): by_number[number] for number in numbers if number in by_number}.values():
            merged.heard = touched.heard + merged.heard
            merged.numbers |= touched.numbers
            groups.pop(id(touched), None)
        groups[id(merged)] = merged
        for number in merged.numbers:
            by_number[number] = merged
    known = {
        row.number: row.person
        for chunk in chunks(sorted(by_number), _KEYS_IN_ONE_QUESTION)
        for row in Identifier.objects.filter(municipality=municipality, number__in=chunk).select_related("person__municipality")
    }
    # Two groups of the batch can touch through a person we know: they are one.
    by_person: dict[int, _Group] = {}
    result: list[_Group] = []
    for group in groups.values():
        persons = {known[number].pk: known[number] for number in group.numbers if number in known}
        target = next((by_person[pk] for pk in persons if pk in by_person), None)
        if target is None:
            target = _Group([], set(), [])
            result.append(target)
        target.heard += group.heard
        target.numbers |= group.numbers
        target.persons += [person for pk, person in persons.items() if pk not in {other.pk for other in target.persons}]
        for pk in persons:
            by_person[pk] = target
    return result


def _concerns_us(item: Heard, own_codes: frozenset[str]) -> bool:
    return (lives_here(item.payload, own_codes) or stays_here(item.payload, own_codes)) and _is_child(item)


def _is_child(item: Heard) -> bool:
    latest = born_by(item.payload)
    return latest is None or latest > item.seen_on or age_in_years(latest, item.seen_on) < AGE_GROUP_YEARS


def _mark_elsewhere(groups: Sequence[_Group], municipality: Municipality) -> None:
    markers: dict[tuple[str, MarkerKind], Marker] = {}
    for group in groups:
        if not any(_is_child(item) for item in group.heard):
            continue
        for told in (_statement(item) for item in group.heard):
            marker = Marker(kind_of(told.payload), told.last_seen_on, told.sequence, told.told_at)
            for number in group.numbers:
                _keep_newest(markers, (number_digest(number), marker.kind), marker)
    known = {(row.number_digest, MarkerKind(row.kind)): row for row in _in_chunks(sorted({digest for digest, _ in markers}), municipality)}
    changed = []
    for key, marker in markers.items():
        row = known.get(key)
        if row is not None and is_newer_marker(marker, _marker(row)):
            row.seen_on, row.sequence, row.registered_at = marker.seen_on, marker.sequence, marker.registered_at
            changed.append(row)
    overwrite(changed, ["seen_on", "sequence", "registered_at"])
    SeenElsewhere.objects.bulk_create(
        [
            SeenElsewhere(
                municipality=municipality,
                number_digest=digest,
                kind=kind,
                seen_on=marker.seen_on,
                sequence=marker.sequence,
                registered_at=marker.registered_at,
            )
            for (digest, kind), marker in markers.items()
            if (digest, kind) not in known
        ],
        batch_size=2000,
    )


def _marker(row: SeenElsewhere) -> Marker:
    return Marker(MarkerKind(row.kind), row.seen_on, row.sequence, row.registered_at)


def _keep_newest(markers: dict[KeyT, Marker], key: KeyT, marker: Marker) -> None:
    if key not in markers or is_newer_marker(marker, markers[key]):
        markers[key] = marker


def _survivor(persons: Sequence[Person]) -> Person:
    """Choose who the others continue as: an enrolled one first, so that a plan never hangs in the air, then the one known longest."""
    if len(persons) == 1:
        return persons[0]
    enrolled = set(Enrolment.objects.still_open().filter(person__in=persons).values_list("person_id", flat=True))
    return min(persons, key=lambda person: (person.pk not in enrolled, person.pk))


def _store(groups: Sequence[_Group], municipality: Municipality) -> None:
    wanted = [(group.persons[0], item, digest_of(item.payload)) for group in groups for item in group.heard]
    persons = [person.pk for person, _, _ in wanted]
    known = {
        (row.person_id, row.channel == Channel.FEED, row.digest): row
        for chunk in chunks(sorted(set(persons)), _KEYS_IN_ONE_QUESTION)
        for row in RegisterDocument.objects.filter(person__in=chunk)
    }
    new: list[RegisterDocument] = []
    changed: dict[int, RegisterDocument] = {}
    for person, item, digest in wanted:
        key = (person.pk, item.channel == Channel.FEED, digest)
        if key not in known:
            known[key] = RegisterDocument(
                municipality=municipality,
                person=person,
                channel=item.channel,
                sequence=item.sequence,
                first_seen_on=item.seen_on,
                last_seen_on=item.seen_on,
                registered_at=item.registered_at,
                payload=item.payload,
                digest=digest,
            )
            new.append(known[key])
        elif _was_widened(known[key], item) and known[key].pk is not None:
            changed[known[key].pk] = known[key]
    RegisterDocument.objects.bulk_create(new, batch_size=2000)
    overwrite(list(changed.values()), ["first_seen_on", "last_seen_on", "sequence", "registered_at"])


def _was_widened(row: RegisterDocument, item: Heard) -> bool:
    """Let a stored document also stand for another hearing of the same content; tells whether that changed anything."""
    before = (row.first_seen_on, row.last_seen_on, row.sequence, row.registered_at)
    row.first_seen_on, row.last_seen_on = min(row.first_seen_on, item.seen_on), max(row.last_seen_on, item.seen_on)
    if item.sequence is not None and item.sequence > (row.sequence or 0):
        row.sequence, row.registered_at = item.sequence, item.registered_at
    if item.sequence is None and item.registered_at is not None and (row.registered_at is None or item.registered_at > row.registered_at):
        row.registered_at = item.registered_at
    return before != (row.first_seen_on, row.last_seen_on, row.sequence, row.registered_at)


def _settle_look_ups(told: Mapping[int, Sequence[Statement]], municipality: Municipality) -> None:
    """Forget look-ups that a newer event has made needless."""
    newest: dict[str, int] = {}
    for statements in told.values():
        for statement in statements:
            for number in numbers_of(statement.payload):
                newest[number] = max(newest.get(number, 0), statement.sequence or 0)
    for chunk in chunks(sorted(newest), _KEYS_IN_ONE_QUESTION):
        for row in PendingLookUp.objects.filter(municipality=municipality, number__in=chunk):
            if newest[row.number] > row.sequence:
                row.delete()


def _statement(item: Heard) -> Statement:
    return Statement(item.payload, digest_of(item.payload), item.seen_on, item.seen_on, item.sequence, item.registered_at)


def _in_chunks(digests: Sequence[str], municipality: Municipality) -> Iterable[SeenElsewhere]:
    for chunk in chunks(digests, _KEYS_IN_ONE_QUESTION):
        yield from SeenElsewhere.objects.filter(municipality=municipality, number_digest__in=chunk)
