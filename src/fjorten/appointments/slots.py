"""A time that can be booked now: what a roster gives on a day, less what is held. Pure values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fjorten.programme.steps import Performer, Setting


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeSlot:
    """
    A time with at least one place left. Ids are primary keys; instants are in UTC.

    `held_until` is when employee and doctor are free again: later than `ends_at` after a home visit. `sitting` is the group's when somebody
    is in it already, None for a time nobody has been given yet. `places_left` is at most `capacity`.
    """

    clinic_id: int
    employee_id: int
    doctor_id: int | None
    room_id: int | None
    setting: Setting
    performers: frozenset[Performer]
    begins_at: datetime
    ends_at: datetime
    held_until: datetime
    capacity: int
    places_left: int
    sitting: UUID | None
