"""A time that can be booked now: what a roster gives on a day, less what is held. Pure values."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from fjorten.kernel.times import oslo_date
from fjorten.programme.steps import Performer, Setting


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeSlot:
    """
    A time with at least one place left. Ids are primary keys; instants are in UTC.

    `held_until` is when employee and doctor are free again: later than `ends_at` after a home visit. `sitting` is the group's when somebody
    is in it already, None for a time nobody has been given yet; `steps` are what those children come for (codes). `places_left` is at most
    `capacity`. `day` is the day in Norway it begins on, and `minutes` how many whole ones it lasts: kept, since every child is held against
    every slot.
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
    steps: frozenset[str] = frozenset()
    day: date = field(init=False, compare=False, repr=False)
    minutes: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "day", oslo_date(self.begins_at))
        object.__setattr__(self, "minutes", int((self.ends_at - self.begins_at).total_seconds()) // 60)

    def without_doctor(self) -> FreeSlot:
        """Give the same time with the employee alone: the doctor is away or taken, or the step needs none and the doctor is left free."""
        performers = self.performers if self.doctor_id is None else self.performers - {Performer.CLINIC_DOCTOR}
        return replace(self, doctor_id=None, performers=performers)
