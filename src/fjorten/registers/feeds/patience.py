"""How long to wait before asking again: capped exponential steps with jitter, and never less than the register asks for."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

# The register's documentation counts Retry-After in milliseconds (OpenAPI v1.5, every 429 [source]); HTTP counts it in seconds (RFC 9110,
# 10.2.3 [source]). A number up to five minutes is read as seconds, which at worst is too long a wait; a larger one makes sense only as
# milliseconds, since what is throttled is requests a minute. [default]
LONGEST_SECONDS_ASKED: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """
    How often and how long to try before giving up.

    With these values a register that is away is asked for about two minutes. A wait the register asks for is kept even if it is longer than
    `longest_wait_seconds`; beyond `longest_asked_seconds` the command ends instead and says when to run again. [default]
    """

    attempts: int = 8
    first_wait_seconds: float = 0.5
    longest_wait_seconds: float = 60
    longest_asked_seconds: float = LONGEST_SECONDS_ASKED
    connect_seconds: float = 10
    read_seconds: float = 60
    whole_answer_seconds: float = 300

    def wait_seconds(self, attempt: int, *, chance: float) -> float:
        """This function will tell how long to wait after failed attempt number `attempt` (from 0); `chance` is from 0 to 1."""
        ceiling = min(self.longest_wait_seconds, self.first_wait_seconds * float(2**attempt))
        return ceiling * (1 + chance) / 2  # at least half, so that the steps do grow; the rest spread, so that clients do not march in step


@dataclass(frozen=True, slots=True, kw_only=True)
class Clockwork:
    """Time and chance, handed in so that tests take neither: the time of day, seconds that only go forward, waiting, and 0 to 1."""

    now: Callable[[], datetime]
    elapsed_seconds: Callable[[], float]
    sleep: Callable[[float], None]
    chance: Callable[[], float]


REAL_CLOCKWORK: Final = Clockwork(now=lambda: datetime.now(UTC), elapsed_seconds=time.monotonic, sleep=time.sleep, chance=random.random)


def asked_wait_seconds(retry_after: str | None, *, answered_at: datetime) -> float | None:
    """
    This function will read a Retry-After header: seconds, milliseconds (see `LONGEST_SECONDS_ASKED`) or an HTTP date, as seconds from now.

    `answered_at` is when the server says it answered, so that a date does not depend on our clock being right. None when there is nothing
    to read; never negative.
    """
    written = (retry_after or "").strip()
    if written.isascii() and written.isdigit() and len(written) <= 12:
        number = int(written)
        return float(number) if number <= LONGEST_SECONDS_ASKED else number / 1000
    at = http_date(written)
    return None if at is None else max(0.0, (at - answered_at).total_seconds())


def http_date(written: str | None) -> datetime | None:
    """This function will read a date as HTTP writes it, in UTC; None when it is not one."""
    try:
        at = parsedate_to_datetime(written or "")
    except ValueError:
        return None
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
