"""A day in an address: 2026-11-24."""

from datetime import date
from typing import Final

# The days pages are shown of: beyond them the arrows to the day before or after would lead out of the calendar [default].
FIRST: Final = date(1900, 1, 1)
LAST: Final = date(2199, 12, 31)


def is_shown(day: date) -> bool:
    """This function will tell whether pages are shown of a day."""
    return FIRST <= day <= LAST


class DayConverter:
    """Reads and writes a day; one that is not in the calendar is no address."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        """Read it. Raises ValueError for a day that does not exist or no page is shown of."""
        day = date.fromisoformat(value)
        if not is_shown(day):
            raise ValueError(value)
        return day

    def to_url(self, value: date | str) -> str:
        """Write it."""
        return value if isinstance(value, str) else value.isoformat()
