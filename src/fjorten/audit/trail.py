"""Adding to the trail, and checking it."""

import hashlib
import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db import connection

from fjorten.audit.actor import Actor
from fjorten.audit.models import AuditEvent, AuditHead

Kind = AuditEvent.Kind

# Values that may stand in `detail`: plain facts, never free text and never an identity number.
Detail = dict[str, "str | int | bool | None"]


class NotInsideATransaction(Exception):
    """Raised to a developer: a change and its event must be one transaction."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to be recorded: what was done, about whom (a person's opaque id), plain details, and the reason as it was given."""

    action: str
    about: str = ""
    detail: Detail = field(default_factory=dict)
    reason: str = ""
    kind: Kind = Kind.WRITE


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """A place where the chain does not hold: which number, and what is wrong with it."""

    municipality_code: str
    seq: int
    problem: str


@dataclass(frozen=True, slots=True)
class ChainEnd:
    """The last number and hash of a chain; what a signature outside the house is made over."""

    seq: int
    hash: str


def record(
    action: str,
    *,
    municipality: str,
    by: Actor,
    at: datetime,
    about: str = "",
    detail: Detail | None = None,
    reason: str = "",
    kind: Kind = Kind.WRITE,
) -> None:
    """
    Add one event to the municipality's chain, inside the caller's transaction.

    Call it last in an action: the head row is locked until commit (reliability §3). Raises NotInsideATransaction.
    """
    record_all([Entry(action, about, detail or {}, reason, kind)], municipality=municipality, by=by, at=at)


def record_all(entries: Sequence[Entry], *, municipality: str, by: Actor, at: datetime) -> None:
    """Add several events in order, with one lock of the head row. Raises NotInsideATransaction."""
    if not entries:
        return
    if not connection.in_atomic_block:
        raise NotInsideATransaction(entries[0].action)
    head = _locked_head(municipality)
    rows: list[AuditEvent] = []
    for entry in entries:
        salt = secrets.token_hex(16) if entry.reason else ""
        row = AuditEvent(
            municipality_code=municipality,
            seq=head.seq + 1,
            at=at.astimezone(UTC),
            kind=entry.kind,
            action=entry.action,
            about=entry.about,
            who=by.who,
            role=by.role,
            unit=by.unit,
            ground=by.ground,
            detail=entry.detail,
            reason_salt=salt,
            reason_digest=reason_digest(entry.reason, salt=salt) if entry.reason else "",
            previous_hash=head.hash,
        )
        row.hash = _hash_of(row)
        head.seq, head.hash = row.seq, row.hash
        rows.append(row)
    AuditEvent.objects.bulk_create(rows, batch_size=2000)
    head.save(update_fields=["seq", "hash"])


def _locked_head(municipality: str) -> AuditHead:
    """Lock the end of a municipality's chain, making one where there is none: of two who do so at once the second waits for the first."""
    heads = AuditHead.objects.select_for_update().filter(pk=municipality)
    head = heads.first()
    if head is None:
        AuditHead.objects.bulk_create([AuditHead(municipality_code=municipality)], ignore_conflicts=True)
        head = heads.get()
    return head


def reason_digest(reason: str, *, salt: str) -> str:
    """Digest a free text, so that the chain holds it to account while a lawful deletion of the text leaves the chain valid."""
    return hashlib.sha256(f"{salt}\n{reason}".encode()).hexdigest()


def chain_end(municipality: str) -> ChainEnd:
    """Tell the last number and hash of a chain; (0, "") when nothing has been recorded."""
    head = AuditHead.objects.filter(pk=municipality).first()
    return ChainEnd(head.seq, head.hash) if head else ChainEnd(0, "")


def has_written_since(seq: int, *, municipality: str, but_for: str) -> bool:
    """
    Tell whether anything has been written in a municipality after number `seq` of its chain, but for actions whose name begins as told.

    Every change leaves an event in its own transaction, so what was read when the chain ended there still stands when nothing has.
    """
    if chain_end(municipality).seq == seq:
        return False
    later = AuditEvent.objects.filter(municipality_code=municipality, seq__gt=seq, kind=Kind.WRITE)
    return later.exclude(action__startswith=but_for).exists()


def written_since(seq: int, *, municipality: str) -> list[tuple[str, str]]:
    """List what has been written in a municipality after number `seq` of its chain: each action and about whom once, in no order."""
    later = AuditEvent.objects.filter(municipality_code=municipality, seq__gt=seq, kind=Kind.WRITE)
    return list(later.order_by().values_list("action", "about").distinct())


def hash_at(municipality: str, seq: int) -> str | None:
    """Tell the hash of one event, so that an earlier signed chain end can be held against today's chain; None when it is gone."""
    return AuditEvent.objects.filter(municipality_code=municipality, seq=seq).values_list("hash", flat=True).first()


def broken_links(municipality: str) -> Iterator[BrokenLink]:
    """
    Recompute a municipality's whole chain and name every place where it does not hold.

    Finds changed, deleted, inserted and swapped rows, and a cut tail as far as the head row still tells; a rewritten chain is found
    against the signed chain ends in the ledger's snapshots.
    """
    previous, expected = "", 1
    for row in AuditEvent.objects.filter(municipality_code=municipality).order_by("seq").iterator(chunk_size=5000):
        if row.seq != expected:
            yield BrokenLink(municipality, row.seq, f"number {expected} is missing before it")
        elif row.previous_hash != previous:
            yield BrokenLink(municipality, row.seq, "does not follow the row before it")
        if row.hash != _hash_of(row):
            yield BrokenLink(municipality, row.seq, "has been changed since it was written")
        previous, expected = row.hash, row.seq + 1
    end = chain_end(municipality)
    if (end.seq, end.hash) != (expected - 1, previous):
        yield BrokenLink(municipality, end.seq, "the chain does not end where its head says")


def _hash_of(row: AuditEvent) -> str:
    columns = {
        "municipality_code": row.municipality_code,
        "seq": row.seq,
        "at": row.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "kind": str(row.kind),
        "action": row.action,
        "about": row.about,
        "who": row.who,
        "role": row.role,
        "unit": row.unit,
        "ground": row.ground,
        "detail": row.detail,
        "reason_salt": row.reason_salt,
        "reason_digest": row.reason_digest,
        "previous_hash": row.previous_hash,
    }
    canonical = json.dumps(columns, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
