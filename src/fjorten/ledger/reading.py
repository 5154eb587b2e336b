"""Reading the ledger row by row is reading about persons, and is recorded before anything is shown (reliability N1)."""

from datetime import date, datetime

from django.db import transaction

from fjorten.audit.actor import Actor
from fjorten.audit.trail import Kind, record
from fjorten.organisation.models import Municipality


@transaction.atomic
def record_rows_read(*, municipality: Municipality, on: date, with_identifiers: bool, by: Actor, at: datetime) -> None:
    """Record that somebody listed every child of the ledger; if this fails, nothing is shown."""
    record(
        "ledger.rows_read",
        municipality=municipality.code,
        by=by,
        at=at,
        detail={"on": on.isoformat(), "with_identifiers": with_identifiers},
        kind=Kind.READ,
    )
