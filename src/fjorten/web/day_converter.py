"""A day in an address: 2026-11-24."""

from datetime import date


class DayConverter:
    """Reads and writes a day; one that is not in the calendar is no address."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        """Read it."""
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        """Write it."""
        return value if isinstance(value, str) else value.isoformat()
