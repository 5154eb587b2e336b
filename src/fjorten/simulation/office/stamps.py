"""Time stamps and identifiers in the register's form."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from fjorten.kernel.times import OSLO

# Records older than this were carried over from the register before; they are in capital letters and say so. [unverified]
NEW_REGISTER_SINCE = "2020-10"

_SCATTER = 0x9E3779B97F4A7C15  # odd, so multiplying modulo 2**64 keeps sequence numbers apart while they no longer look like a count
_SALT = 0x5851F42D4C957F2D


def document_identifier(sequence: int, kind: str) -> str:
    """This function will make the opaque identifier of the "person" or "event" document first named at a sequence number."""
    scattered = ((sequence * 2 + (kind == "event")) * _SCATTER + _SALT) % 2**64
    return f"{scattered:016x}"


def instant(day: date, milliseconds: int) -> str:
    """This function will write a point of time on a day in Norway as the register does, `milliseconds` after midnight."""
    seconds, rest = divmod(milliseconds, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{day.isoformat()}T{hour:02d}:{minute:02d}:{second:02d}.{rest:03d}{_offset(day)}"


@lru_cache(maxsize=20_000)
def _offset(day: date) -> str:
    # The clock changes at night, before the office opens, so noon's offset is the day's.
    offset = datetime(day.year, day.month, day.day, 12, tzinfo=OSLO).strftime("%z")
    return f"{offset[:3]}:{offset[3:]}"


@lru_cache(maxsize=20_000)
def midnight(day: date) -> str:
    """This function will write the start of a day in Norway as the register does, with its offset from UTC."""
    at = datetime(day.year, day.month, day.day, tzinfo=OSLO).strftime("%z")
    return f"{day.isoformat()}T00:00:00{at[:3]}:{at[3:]}"
