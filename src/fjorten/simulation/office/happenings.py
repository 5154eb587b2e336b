"""The words for what can happen to a person, and the town's memory of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Happening(StrEnum):
    """Everything that can happen to a person here; the feed has its own, finer words for it."""

    BORN = "born"
    TWINS_BORN = "twins_born"
    BORN_WITHOUT_ADDRESS = "born_without_address"
    FIRST_ADDRESS = "first_address"
    NAMED = "named"
    NAME_CHANGED = "name_changed"
    MOVED_WITHIN = "moved_within"
    MOVED_IN = "moved_in"
    MOVED_OUT = "moved_out"
    OUT_AND_IN_SAME_DAY = "out_and_in_same_day"
    RETURNED = "returned"
    ADDRESS_CORRECTED = "address_corrected"
    LOST_ABODE = "lost_abode"
    IMMIGRATED = "immigrated"
    ARRIVED_WITH_D_NUMBER = "arrived_with_d_number"
    SETTLED = "settled"
    D_NUMBER_INACTIVE = "d_number_inactive"
    EMIGRATED = "emigrated"
    LEFT_UNREPORTED = "left_unreported"
    CAME_BACK_FROM_ABROAD = "came_back_from_abroad"
    DIED = "died"
    DEATH_DATE_CORRECTED = "death_date_corrected"
    DEATH_ANNULLED = "death_annulled"
    WENT_MISSING = "went_missing"
    FOUND = "found"
    MADE_CONFIDENTIAL = "made_confidential"
    MADE_STRICTLY_CONFIDENTIAL = "made_strictly_confidential"
    PROTECTION_LIFTED = "protection_lifted"
    PLACED_AT_CLIENT_ADDRESS = "placed_at_client_address"
    PLACEMENT_ENDED = "placement_ended"
    CUSTODY_CHANGED = "custody_changed"
    ADOPTED = "adopted"
    BIRTH_DATE_CORRECTED = "birth_date_corrected"
    NUMBER_CORRECTED = "number_corrected"
    REGISTERED_TWICE = "registered_twice"
    DUPLICATE_CEASED = "duplicate_ceased"
    RECODED_BY_REFORM = "recoded_by_reform"
    TOUCHED = "touched"
    TOLD_LATE = "told_late"
    REPEATED = "repeated"
    STRANGER = "stranger"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One happening to one person, on the day the register was told."""

    day: date
    happening: Happening
    person: int
