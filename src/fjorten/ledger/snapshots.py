"""The balance of a day, kept: chained to the one before and signed."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction

from fjorten.audit.actor import Actor
from fjorten.audit.trail import chain_end, hash_at, record
from fjorten.kernel.refusals import Refused
from fjorten.kernel.times import oslo_date
from fjorten.ledger.balance import Balance, Counts
from fjorten.ledger.models import LedgerSnapshot
from fjorten.ledger.signing import is_signed_by, own_public_keys, sign
from fjorten.organisation.models import Municipality


class DayHasNotBeen(Refused):
    """There is no ledger of a day to come: it is made of what has been."""

    sentence = "Dagen er fram i tid, og regnskapet er over det som har vært. Velg i dag eller en dag før."


def refuse_a_day_to_come(on: date, *, today: date) -> None:
    """Make sure that a day has begun, before its ledger is counted. Raises DayHasNotBeen."""
    if on > today:
        raise DayHasNotBeen


@transaction.atomic
def keep(balance: Balance, *, municipality: Municipality, by: Actor, at: datetime) -> LedgerSnapshot:
    """
    Keep a balance as a signed snapshot, chained to the latest one. The same balance of the same day is kept once.

    The end of the trail is signed with it, so that a cut or rewritten trail is found later. Raises SigningKeyIsMissing or DayHasNotBeen.
    """
    refuse_a_day_to_come(balance.on, today=oslo_date(at))
    Municipality.objects.select_for_update(no_key=True).get(pk=municipality.pk)
    chain = LedgerSnapshot.objects.filter(municipality=municipality)
    counted = content_of(balance)
    of_the_day = chain.filter(on=balance.on).order_by("-seq").first()
    if of_the_day is not None and of_the_day.content["balance"] == counted:
        return of_the_day
    latest = chain.order_by("-seq").first()
    end = chain_end(municipality.code)
    snapshot = LedgerSnapshot(
        municipality=municipality,
        seq=latest.seq + 1 if latest else 1,
        on=balance.on,
        taken_at=at.astimezone(UTC),
        content={"balance": counted, "trail": {"seq": end.seq, "hash": end.hash}},
        previous_hash=latest.hash if latest else "",
    )
    snapshot.hash = _hash_of(snapshot)
    snapshot.signature, snapshot.public_key = sign(snapshot.hash)
    snapshot.save(force_insert=True)
    record(
        "ledger.snapshot_kept",
        municipality=municipality.code,
        by=by,
        at=at,
        detail={"on": balance.on.isoformat(), "seq": snapshot.seq, "balanced": balance.balanced},
    )
    return snapshot


def content_of(balance: Balance) -> dict[str, Any]:
    """Give the counts of a balance as plain values: nothing in it is about one child."""
    return {
        "on": balance.on.isoformat(),
        "municipality": balance.municipality,
        **_numbers(balance.counts),
        "protected": balance.protected,
        "enrolled_not_resident": balance.enrolled_not_resident,
        "past_age_unsettled": balance.past_age_unsettled,
        "unconfirmed_elsewhere": balance.unconfirmed_elsewhere,
        "not_closed": balance.not_closed,
        "open_cases": balance.open_cases,
        "balanced": balance.balanced,
        "problems": list(balance.problems),
        "steps": balance.steps,
        "clinics": {clinic.clinic: _numbers(clinic.counts) for clinic in balance.clinics},
    }


def latest_counts(*, municipality: Municipality) -> Counts | None:
    """Tell how many residents stood where when the ledger was last kept; None when it never was."""
    latest = LedgerSnapshot.objects.filter(municipality=municipality).order_by("-seq").first()
    if latest is None:
        return None
    balance = latest.content["balance"]
    return Counts(**{name: balance[name] for name in ("residents", "enrolled", "in_transfer", "outside", "unaccounted")})


def broken_snapshots(municipality: Municipality) -> Iterator[str]:
    """Check every snapshot's hash, chain, signature and the end of the trail signed with it; a Norwegian sentence for each fault."""
    previous, expected = "", 1
    ours = own_public_keys()
    for row in LedgerSnapshot.objects.filter(municipality=municipality).order_by("seq").iterator():
        name = f"Øyeblikksbilde {row.seq} ({row.on.isoformat()})"
        if row.seq != expected or row.previous_hash != previous:
            yield f"{name} følger ikke det forrige: et bilde er fjernet eller byttet."
        if row.hash != _hash_of(row):
            yield f"{name} er endret etter at det ble tatt."
        if not is_signed_by(row.hash, signature=row.signature, public_key=row.public_key):
            yield f"{name} har en signatur som ikke stemmer."
        elif row.public_key not in ours:
            yield f"{name} er signert med en nøkkel som ikke er installasjonens."
        trail = row.content.get("trail", {})
        if trail.get("seq") and hash_at(municipality.code, trail["seq"]) != trail["hash"]:
            yield f"{name} peker på et spor som siden er kuttet eller skrevet om (nummer {trail['seq']})."
        previous, expected = row.hash, row.seq + 1


def _numbers(counts: Counts) -> dict[str, int]:
    return {
        "residents": counts.residents,
        "enrolled": counts.enrolled,
        "in_transfer": counts.in_transfer,
        "outside": counts.outside,
        "unaccounted": counts.unaccounted,
    }


def _hash_of(row: LedgerSnapshot) -> str:
    columns = {
        "municipality": row.municipality.code,
        "seq": row.seq,
        "on": row.on.isoformat(),
        "taken_at": row.taken_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "content": row.content,
        "previous_hash": row.previous_hash,
    }
    return hashlib.sha256(json.dumps(columns, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
