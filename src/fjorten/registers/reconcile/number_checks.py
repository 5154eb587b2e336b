"""
The check of identity numbers at the speed of a column: the same answer as `fjorten.kernel.national_id.parse` gives, one by one, in Python.

Weights and remainders are the kernel's constants; which months and days it accepts is asked of it. A test with generated numbers holds the
two together.

Two things are put right before the check, because spreadsheets do them to every number they touch. Both are visible: the journal keeps
what was written, and the reader counts them.

- a number shown as a decimal, `12345678901.0` or `12345678901,00`, loses its decimals
- ten digits get back the leading zero, when the eleven are then a valid number, and only then

`1,23E+10` cannot be put right: the digits are gone. It is reported as `characters`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from fjorten.kernel.control_digits import FIRST_REMAINDERS_FROM_2032, K1, K2, with_control_digits
from fjorten.kernel.national_id import is_national_id

# What `parse` takes for separators, in the writing of DuckDB's regular expressions (RE2).
_SEPARATOR: Final = r"[ .\-\x{00a0}\x{2009}\x{202f}\x{2010}-\x{2015}]"
_GROUPED: Final = (
    rf"[0-9]{{2}}{_SEPARATOR}{{0,3}}[0-9]{{2}}{_SEPARATOR}{{0,3}}[0-9]{{2}}{_SEPARATOR}{{0,3}}[0-9]{{3}}{_SEPARATOR}{{0,3}}[0-9]{{2}}"
)
# What `str.strip` takes away.
_BLANK: Final = r"[\s\x{000b}\x{001c}-\x{001f}\x{0085}\x{00a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]"
_DECIMALS: Final = r"^([0-9]{10,11})[.,]0+$"


def checked_numbers(source: str, column: str) -> str:
    """
    This function will give SQL for the relation `source` with two more columns: what `column` holds as a number, and what is wrong with it.

    `number` is the valid number, or NULL; `number_problem` is NULL for a valid number, else `missing` or the kernel's code. Each step is a
    column of its own, so that it is worked out once: as one expression it takes several times as long.
    """
    stripped = f"regexp_replace({column}, '^{_BLANK}+|{_BLANK}+$', '', 'g')"
    bare = f"regexp_replace(written_number, '{_SEPARATOR}', '', 'g')"
    first_remainders = ", ".join(map(str, sorted(FIRST_REMAINDERS_FROM_2032)))
    place = {digit: f"eleven // {10 ** (11 - digit)} % 10 AS d{digit}" for digit in range(1, 12)}
    return f"""
        WITH written AS (
            SELECT *, CASE
                WHEN regexp_full_match({column}, '[0-9]{{11}}') THEN {column}
                WHEN regexp_full_match({stripped}, '{_GROUPED}') THEN regexp_replace({stripped}, '{_SEPARATOR}', '', 'g')
                ELSE regexp_replace({stripped}, '{_DECIMALS}', '\\1') END AS written_number
            FROM {source}
        ), tried AS (
            SELECT *, if(regexp_full_match(written_number, '[0-9]{{10}}'), '0' || written_number, written_number) AS tried_number
            FROM written
        ), taken_apart AS (
            SELECT * EXCLUDE (eleven), {", ".join(place.values())}, eleven // 1000000000 % 40 AS day, eleven // 10000000 % 100 AS month,
                eleven // 100000 % 100 AS year
            FROM (SELECT *, if(regexp_full_match(tried_number, '[0-9]{{11}}'), tried_number, NULL)::BIGINT AS eleven FROM tried)
        ), weighed AS (
            SELECT * EXCLUDE (day, month, year, {", ".join(f"d{digit}" for digit in place)}),
                d1 >= 8 OR {_is_a_date()} AS has_date, {_remainder(K1)} AS first_remainder, {_remainder(K2)} AS second_remainder
            FROM taken_apart
        ), judged AS (
            SELECT * EXCLUDE (has_date, first_remainder, second_remainder), CASE
                WHEN has_date AND first_remainder IN ({first_remainders}) AND second_remainder = 0 THEN NULL
                WHEN coalesce(written_number, '') = '' THEN 'missing'
                WHEN NOT regexp_full_match(written_number, '[0-9]+') THEN
                    if(regexp_full_match({bare}, '[0-9]+') AND length({bare}) <> 11, 'length', 'characters')
                WHEN length(written_number) <> 11 THEN 'length'
                WHEN has_date THEN 'control_digits'
                ELSE 'date' END AS number_problem
            FROM weighed
        )
        SELECT * EXCLUDE (written_number, tried_number), if(number_problem IS NULL, tried_number, NULL) AS number FROM judged
    """


def _remainder(weights: tuple[int, ...]) -> str:
    return "(" + " + ".join(f"{weight} * d{digit}" for digit, weight in enumerate(weights, start=1)) + ") % 11"


def _is_a_date() -> str:
    lengths: dict[tuple[int, int], list[str]] = {}
    for code, days in enumerate(zip(*last_days(), strict=True)):
        lengths.setdefault(days, []).append(str(code))
    known = (
        f"WHEN month IN ({', '.join(codes)}) THEN if(year % 4 = 0, {leap}, {common})" for (leap, common), codes in lengths.items() if common
    )
    return f"day BETWEEN 1 AND CASE {' '.join(known)} ELSE 0 END"


@lru_cache
def last_days() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """
    This function will tell the last day of each month code 00-99 (0: no such month), in years that are leap years and years that are not.

    The codes are months with their marks: 12 and 92 are both December. Asked of the kernel by trying numbers on it.
    """
    leap, common = ([_last_day(month, year) for month in range(100)] for year in ("00", "01"))
    return tuple(leap), tuple(common)


def _last_day(month: int, year: str) -> int:
    return next((day for day in range(31, 27, -1) if _exists(f"{day}{month:02}{year}")), 0)


def _exists(six_digits: str) -> bool:
    # One in six series has no control digits; three in a row without is not possible, but ten cost nothing.
    numbers = (with_control_digits(f"{six_digits}{series}") for series in range(500, 510))
    return is_national_id(next(number for number in numbers if number is not None))
