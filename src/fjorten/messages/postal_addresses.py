"""Where a letter goes, as a value. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class PostalAddress:
    """A name, and the lines under it as they stand on an envelope. `country` is "" in Norway. Nothing of it shows in a repr."""

    name: str = field(repr=False)
    lines: tuple[str, ...] = field(repr=False)
    postcode: str = field(repr=False)
    place: str = field(repr=False)
    country: str = field(default="", repr=False)

    def on_the_envelope(self) -> tuple[str, ...]:
        """This function will give the lines of the address from the name down, without empty ones."""
        town = f"{self.postcode} {self.place}"
        return tuple(line for part in (self.name, *self.lines, town, self.country.upper()) if (line := " ".join(part.split())))
