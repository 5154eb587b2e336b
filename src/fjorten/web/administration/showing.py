"""What the front page of the settings shows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """One place where something is set, and how it stands."""

    name: str
    href: str
    state: str
    icon: str
