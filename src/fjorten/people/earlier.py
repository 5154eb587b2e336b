"""What an earlier system tells of a child's family: how the guardians are reached, and what suits them. Pure values."""

from dataclasses import dataclass
from datetime import time

from fjorten.kernel.national_id import NationalId


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierAddress:
    """Where letters go: lines as they are printed, and the postal code and place under them."""

    lines: tuple[str, ...]
    postal_code: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierGuardian:
    """
    A guardian by number. `language` is a code (ISO 639), "" when it is not known; `telephone` is as people write it, "" without one.

    Of one who `is_protected` no address is kept, whatever the earlier system kept.
    """

    number: NationalId
    name: str = ""
    language: str = ""
    needs_interpreter: bool = False
    is_protected: bool = False
    telephone: str = ""
    address: EarlierAddress | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierWish:
    """What suits a family: the weekdays that do not (0 is Monday), the hours that do, and whether they can come on a few days' notice."""

    unsuitable_weekdays: tuple[int, ...] = ()
    earliest: time | None = None
    latest: time | None = None
    can_come_at_short_notice: bool = False
