"""Which ladder a municipality follows on a day, and which one a case was set up by."""

import json
import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from importlib import resources

from fjorten.followup.ladder import Ladder, default_ladder, read_ladder
from fjorten.followup.models import LadderOverlay
from fjorten.organisation.models import Municipality

_DAYS = ("read_on", "next_review_on")


class NoSuchLadder(LookupError):
    """A case refers to a ladder that neither comes with fjorten nor was adopted here. The message lists those that are known."""


@dataclass(frozen=True, slots=True)
class Ladders:
    """The ladder that ships, and those a municipality has adopted, as (from a day, ladder) in order of their first days."""

    adopted: tuple[tuple[date, Ladder], ...]

    def on(self, day: date) -> Ladder:
        """Find the ladder that applies on a day."""
        begun = [ladder for valid_from, ladder in self.adopted if valid_from <= day]
        return begun[-1] if begun else default_ladder()

    def of(self, reference: str) -> Ladder:
        """Find the ladder a case was set up by. Raises NoSuchLadder."""
        known = {**shipped_ladders(), **{ladder.reference: ladder for _, ladder in self.adopted}}
        if reference not in known:
            raise NoSuchLadder(f'no ladder "{reference}" (known: {", ".join(known)})')
        return known[reference]


@cache
def shipped_ladders() -> dict[str, Ladder]:
    """This function will read every ladder that has come with fjorten, by reference: a new one is a new file, and the earlier ones stay."""
    files = [
        file for file in resources.files("fjorten.followup").iterdir() if file.name.startswith("ladder") and file.name.endswith(".toml")
    ]
    ladders = [read_ladder(tomllib.loads(file.read_text(encoding="utf-8")), file=file.name) for file in files]
    return {ladder.reference: ladder for ladder in ladders}


def ladders_of(municipality: Municipality) -> Ladders:
    """This function will read the ladders of a municipality."""
    rows = LadderOverlay.objects.filter(municipality=municipality).order_by("valid_from")
    return Ladders(tuple((row.valid_from, _read(json.dumps(row.content), row.reference)) for row in rows))


@dataclass(frozen=True, slots=True)
class AdoptedLadder:
    """A ladder a municipality has taken into use: from which day, who decided it and why, and who took it in, when (an instant)."""

    valid_from: date
    ladder: Ladder
    decided_by: str
    why: str
    by: str
    at: datetime


def ladders_adopted(municipality: Municipality) -> list[AdoptedLadder]:
    """This function will list what a municipality has decided about the ladder, the first day it applied the earliest."""
    rows = LadderOverlay.objects.filter(municipality=municipality).order_by("valid_from")
    return [
        AdoptedLadder(
            row.valid_from, _read(json.dumps(row.content), row.reference), row.decided_by, row.why, row.adopted_by, row.adopted_at
        )
        for row in rows
    ]


def ladder_of(municipality: Municipality, *, on: date) -> Ladder:
    """This function will find the ladder a municipality follows on a day."""
    return ladders_of(municipality).on(on)


@lru_cache(maxsize=256)  # what was adopted never changes, and every list reads it
def _read(content: str, reference: str) -> Ladder:
    return read_ladder(_with_dates(json.loads(content)), file=reference)


def _with_dates(content: dict[str, object]) -> dict[str, object]:
    return {key: date.fromisoformat(value) if key in _DAYS and isinstance(value, str) else value for key, value in content.items()}
