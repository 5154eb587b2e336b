"""
How the municipality stands, as the head of every page says it, and whom its short lists hold. Found out at most once a minute in each
process, and anew when somebody here has changed something, unless finding out is slow: then it may take a twentieth of the time, and no
more. A page costs the same however many children there are. While one request finds out, the others are given what was found before.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from time import perf_counter
from typing import Any, Final, TypeVar, cast

from fjorten.care_relations.queries import emergencies_to_review
from fjorten.kernel.times import oslo_date
from fjorten.ledger.needing_now import NeedingNow, ShortLists, needing_now, on_short_lists
from fjorten.ledger.snapshots import latest_counts
from fjorten.nightly.queries import LastBalanced, last_balanced
from fjorten.organisation.models import Municipality

FoundT = TypeVar("FoundT")
KEPT_FOR: Final = timedelta(minutes=1)
# For whoever has just changed something it is found out anew, when that takes less than this (seconds); when it takes longer, what was
# found is shown for so many times as long first, so that a large city does not spend its day on counting [default].
CHEAP: Final = 0.5
REST: Final = 20
OLDEST: Final = timedelta(minutes=5)  # what is given to those who ask while it is found out anew
LASTS: Final = timedelta(minutes=5)  # what was found for one of them, and took longer than this (seconds) [default]
SLOW: Final = 0.1
_MOST_KEPT: Final = 5_000


@dataclass(frozen=True, slots=True)
class Glance:
    """
    The lists' counts as of `at`, whom the short ones hold, when the ledger was last taken, how many residents it had then (None: never
    taken), and how many records opened in need nobody has reviewed (`emergencies`). What else pages ask of everybody is kept with it in
    `answers`, and `cost` is the seconds all this took to find out.
    """

    at: datetime
    needing: NeedingNow
    short: ShortLists
    balanced: LastBalanced | None
    residents: int | None
    emergencies: int
    cost: float
    answers: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)

    def once(self, question: Hashable, find: Callable[[], FoundT]) -> FoundT:
        """This function will answer a question about everybody as it was answered first since `at`; `find` finds the answer."""
        if question not in self.answers:
            self.answers[question] = find()
        return cast("FoundT", self.answers[question])

    def is_good(self, *, at: datetime, is_fresh: bool, is_being_found: bool) -> bool:
        """This function will tell whether it may still be shown; `is_fresh`: to somebody who has just changed something."""
        lasts = OLDEST if is_being_found else KEPT_FOR
        return _is_good(self.at, self.cost, at=at, is_fresh=is_fresh and not is_being_found, lasts=lasts)


def _is_good(found_at: datetime, cost: float, *, at: datetime, is_fresh: bool, lasts: timedelta) -> bool:
    """Tell whether what took `cost` seconds to find out at one instant may be shown at another: of the same day only, never of a later."""
    age = at - found_at
    if age < timedelta() or oslo_date(found_at) != oslo_date(at):
        return False
    if is_fresh:
        return cost > CHEAP and age < timedelta(seconds=cost * REST)
    return age < lasts


@dataclass(frozen=True, slots=True)
class _Answer:
    """What was found for somebody at an instant, and the seconds it took."""

    found: Any
    at: datetime
    cost: float


_answers: dict[Hashable, _Answer] = {}
_kept: dict[int, Glance] = {}
_being_found: set[int] = set()
_lock: Final = Lock()


def glance(municipality: Municipality, *, at: datetime, is_fresh: bool = False) -> Glance:
    """This function will tell how a municipality stands; `is_fresh`: found out now, because whoever asks has just changed something."""
    with _lock:
        kept = _kept.get(municipality.pk)
        is_being_found = municipality.pk in _being_found
        if kept is not None and kept.is_good(at=at, is_fresh=is_fresh, is_being_found=is_being_found):
            return kept
        _being_found.add(municipality.pk)
    try:
        seen = _found(municipality, at)
        with _lock:
            _kept[municipality.pk] = seen
    finally:
        with _lock:
            _being_found.discard(municipality.pk)
    return seen


def lasting(question: Hashable, find: Callable[[], FoundT], *, at: datetime, is_fresh: bool) -> FoundT:
    """
    This function will answer one person's question as it was answered some minutes ago, when answering takes long; `question` says whose it
    is, `find` finds the answer. Whoever has just changed something (`is_fresh`) is answered anew, as seldom as for the head of the page.
    """
    kept = _answers.get(question)
    lasts = LASTS if kept is not None and kept.cost > SLOW else KEPT_FOR
    if kept is None or not _is_good(kept.at, kept.cost, at=at, is_fresh=is_fresh, lasts=lasts):
        begun = perf_counter()
        kept = _Answer(find(), at, perf_counter() - begun)
        if len(_answers) >= _MOST_KEPT:
            _answers.clear()
        _answers[question] = kept
    return cast("FoundT", kept.found)


def _found(municipality: Municipality, at: datetime) -> Glance:
    begun = perf_counter()
    on, counts = oslo_date(at), latest_counts(municipality=municipality)
    short = on_short_lists(municipality=municipality, on=on)
    return Glance(
        at=at,
        needing=needing_now(municipality=municipality, on=on, short=short),
        short=short,
        balanced=last_balanced(municipality=municipality, at=at),
        residents=counts.residents if counts else None,
        emergencies=emergencies_to_review(municipality).count(),
        cost=perf_counter() - begun,
    )


def forget() -> None:
    """This function will let go of what is kept: for tests, where a database is rolled back under it."""
    with _lock:
        _kept.clear()
        _answers.clear()
