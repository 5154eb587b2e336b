"""
How the municipality stands, as the head of every page says it. Counted anew when somebody here has changed something, else at most once a
minute in each process: a page costs the same however many children there are.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from fjorten.kernel.times import oslo_date
from fjorten.ledger.needing_now import NeedingNow, needing_now
from fjorten.ledger.snapshots import latest_counts
from fjorten.nightly.queries import LastBalanced, last_balanced
from fjorten.organisation.models import Municipality

KEPT_FOR: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Glance:
    """The lists' counts as of `at`, when the ledger was last taken, and how many residents it had then (None: never taken)."""

    at: datetime
    needing: NeedingNow
    balanced: LastBalanced | None
    residents: int | None


_kept: dict[int, Glance] = {}
_lock: Final = Lock()


def glance(municipality: Municipality, *, at: datetime, is_fresh: bool = False) -> Glance:
    """This function will tell how a municipality stands; `is_fresh`: counted now, because whoever asks has just changed something."""
    with _lock:
        kept = _kept.get(municipality.pk)
    if kept is not None and not is_fresh and kept.at <= at < kept.at + KEPT_FOR and oslo_date(kept.at) == oslo_date(at):
        return kept
    counts = latest_counts(municipality=municipality)
    seen = Glance(
        at=at,
        needing=needing_now(municipality=municipality, on=oslo_date(at)),
        balanced=last_balanced(municipality=municipality, at=at),
        residents=counts.residents if counts else None,
    )
    with _lock:
        _kept[municipality.pk] = seen
    return seen


def forget() -> None:
    """This function will let go of what is kept: for tests, where a database is rolled back under it."""
    with _lock:
        _kept.clear()
