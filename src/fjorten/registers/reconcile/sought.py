"""Who can matter in a register file: what the readers of every kind of file let through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from fjorten.kernel.ages import add_years, age_in_years
from fjorten.registers.reconcile.request import Request


@dataclass(frozen=True, slots=True)
class Sought:
    """
    Persons born from `born_from` to `born_until`, as seen from the day `on`.

    `codes` are all the codes that mean the municipality on the day, and the codes of split municipalities that may mean it.
    """

    on: date
    born_from: date
    born_until: date
    codes: tuple[str, ...]

    @property
    def years(self) -> range:
        """The birth years that occur in the ages asked for."""
        return range(self.born_from.year, self.born_until.year + 1)


def sought_by(request: Request, *, codes: tuple[str, ...]) -> Sought:
    """This function will turn the ages of a request into birth dates: completed years, as `kernel.ages` counts them."""
    on, ages = request.on, request.ages
    born_from = add_years(on, -ages.highest - 1)
    while age_in_years(born_from, on) > ages.highest:  # 29 February decides which of two days it is
        born_from += timedelta(days=1)
    born_until = add_years(on, -ages.lowest)
    while age_in_years(born_until + timedelta(days=1), on) >= ages.lowest and born_until < on:
        born_until += timedelta(days=1)
    return Sought(on=on, born_from=born_from, born_until=born_until, codes=codes)
