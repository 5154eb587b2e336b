"""
The two control digits of an identity number: by today's rule and by the rule for numbers issued from 2032.

Today both remainders modulo 11 are 0. For numbers issued from 1 January 2032 the first may be 0, 1, 2 or 3; the second stays 0. Source:
Skatteetaten, "Nytt fødselsnummer fra 2032" [source].
"""

from __future__ import annotations

from operator import mul
from typing import Final

# The weights include the control digits themselves, so that a remainder of 0 means "right". [source]
K1: Final = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
K2: Final = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)

FIRST_REMAINDERS_FROM_2032: Final = frozenset({0, 1, 2, 3})


def are_digits(text: str) -> bool:
    """Tell whether a text is one or more of the digits 0-9 and nothing else; other scripts' digits are not."""
    return text.isascii() and text.isdigit()


def first_remainder(digits: str) -> int:
    """Compute the remainder of the first control sum: 0 by today's rule, 0-3 by the rule from 2032, 4-10 for a wrong number."""
    return _remainder(digits, K1)


def second_remainder(digits: str) -> int:
    """Compute the remainder of the second control sum: 0 by both rules, anything else for a wrong number."""
    return _remainder(digits, K2)


def with_control_digits(first_nine: str, *, first_remainder: int = 0) -> str | None:
    """
    Complete nine digits with their two control digits; None when a control digit would have been 10, as for about one in six.

    `first_remainder` 1, 2 or 3 makes a number that only the rule from 2032 accepts. The date is not checked. For invented persons: give
    nine digits with month + 80. Raises ValueError for anything but nine digits and a remainder from 0 to 3.
    """
    if not are_digits(first_nine) or len(first_nine) != 9:
        raise ValueError("nine digits are needed")
    if first_remainder not in FIRST_REMAINDERS_FROM_2032:
        raise ValueError("the first remainder is 0, 1, 2 or 3")
    first = (first_remainder - _remainder(first_nine, K1)) % 11
    if first == 10:
        return None
    second = -_remainder(f"{first_nine}{first}", K2) % 11
    return None if second == 10 else f"{first_nine}{first}{second}"


def _remainder(digits: str, weights: tuple[int, ...]) -> int:
    # The weights may be longer or shorter than the digits: K1 leaves out the last one, and control digits to be found are missing.
    weighted: int = sum(map(mul, weights, map(int, digits)))
    return weighted % 11
