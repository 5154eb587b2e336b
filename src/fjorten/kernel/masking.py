"""How identity numbers are written by people, and how they are hidden wherever text may be read by others."""

from __future__ import annotations

import re
from typing import Final

MASK: Final = "***********"

_SEPARATORS: Final = r"[ .\-\u00a0\u2009\u202f\u2010-\u2015]"
_BETWEEN: Final = _SEPARATORS + "{0,3}"
_GROUPED: Final = _BETWEEN.join([r"\d{2}", r"\d{2}", r"\d{2}", r"\d{3}", r"\d{2}"])
_AS_PEOPLE_WRITE_IT: Final = re.compile(_GROUPED, re.ASCII)
_SEPARATOR: Final = re.compile(_SEPARATORS)
# Ten digits are masked too: a number whose leading zero a spreadsheet has eaten points at the same person.
_LOOKS_LIKE_A_NUMBER: Final = re.compile(rf"\d{{10,}}|(?<!\d){_GROUPED}\d*", re.ASCII)


def mask(text: str) -> str:
    """
    Replace everything in a free text that may be an identity number with asterisks; for logs and error messages.

    Runs of ten digits or more, and eleven digits grouped as `national_id.parse` accepts them. Valid or not: a mistyped number points at a
    person too.
    """
    return _LOOKS_LIKE_A_NUMBER.sub(MASK, text)


def is_grouped(text: str) -> bool:
    """Tell whether a text is eleven digits as people group them: DDMMYY IIIKK, with spaces, dots or hyphens between the groups."""
    return _AS_PEOPLE_WRITE_IT.fullmatch(text) is not None


def without_separators(text: str) -> str:
    """Leave out the spaces, dots and hyphens that people put between the groups."""
    return _SEPARATOR.sub("", text)
