"""Synthetic identity numbers (month + 80), each issued once."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Final

from fjorten.kernel.national_id import FIRST_REMAINDERS_FROM_2032, NEW_NUMBERS_FROM, Kind, NationalId, Sex, with_control_digits

SYNTHETIC_MONTH: Final = 80
D_NUMBER_DAY: Final = 40


class NoSyntheticNumbersLeft(Exception):
    """So many people share a birth date and a sex that the old series is used up: about 200 of each. Make a smaller municipality."""


class NumberIssuer:
    """Issues every number at most once. Share one between histories that are going to meet in the same database."""

    __slots__ = ("_issued",)

    def __init__(self) -> None:
        self._issued: set[str] = set()

    def issue(self, rng: Random, *, born_on: date, sex: Sex, issued_on: date, kind: Kind = Kind.FOEDSELSNUMMER) -> NationalId:
        """
        This function will issue a synthetic fødselsnummer or D-number that nobody has had before.

        Numbers issued from 2032 on may have any individual digits and a first remainder of 0 to 3 [source: Skatteetaten, "Nytt
        fødselsnummer fra 2032"]; older ones tell century and sex. Raises NoSyntheticNumbersLeft, and ValueError for a birth year the
        old series lacks.
        """
        day = born_on.day + (D_NUMBER_DAY if kind is Kind.D_NUMBER else 0)
        date_part = f"{day:02d}{born_on.month + SYNTHETIC_MONTH:02d}{born_on.year % 100:02d}"
        if issued_on >= NEW_NUMBERS_FROM:
            series, step, remainders = range(1000), 1, sorted(FIRST_REMAINDERS_FROM_2032)
        else:
            series, step, remainders = _old_series(born_on.year), 2, [0]
        offset = rng.randrange(len(series) // step) * step + (1 if step == 2 and sex is Sex.MALE else 0)
        remainder = rng.choice(remainders)
        for tried in range(0, len(series), step):
            individual = series[(offset + tried) % len(series)]
            number = with_control_digits(f"{date_part}{individual:03d}", first_remainder=remainder)
            if number is not None and number not in self._issued:
                self._issued.add(number)
                return NationalId(number)
        raise NoSyntheticNumbersLeft(date_part[2:])

    def has_issued(self, digits: str) -> bool:
        """This function will tell whether somebody has, or has had, the number."""
        return digits in self._issued


def _old_series(year: int) -> range:
    # folkeregisterforskriften § 2-2-1 [source]; both series start on an even number, so the parity of the digits tells the sex.
    if 1940 <= year <= 1999:
        return range(500)
    if 2000 <= year <= 2039:
        return range(500, 1000)
    raise ValueError(f"no individual digits for people born in {year} in numbers from before 2032")
