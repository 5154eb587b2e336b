"""A row's number in an address: whole, above nought, and no longer than what both databases hold."""


class NumberConverter:
    """Reads and writes a number; one that is longer than any row's is no address."""

    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        """Read it."""
        return int(value)

    def to_url(self, value: int | str) -> str:
        """Write it."""
        return str(value)
