"""What one run of `fjorten reconcile` was asked to do, and the one way an input is turned down."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path


class InputCannotBeUsed(Exception):
    """
    A file, or a value on the command line, from which nothing sensible can be read.

    The Norwegian sentence says what is wrong and what to change. It never holds a national number. The command ends with exit code 2.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class AgeRange:
    """Completed years on the day of the run, both ends included: 0-5 is from birth to the day before the sixth birthday."""

    lowest: int
    highest: int

    def __post_init__(self) -> None:
        if not 0 <= self.lowest <= self.highest <= 120:
            raise InputCannotBeUsed(f"Aldersgruppen {self} går ikke an. Skriv for eksempel 0-5: fra laveste til høyeste hele år.")

    def __str__(self) -> str:
        return f"{self.lowest}-{self.highest}"

    @classmethod
    def parse(cls, text: str) -> AgeRange:
        """This function will read an age range such as "0-5", or one age such as "4". Raises InputCannotBeUsed."""
        found = re.fullmatch(r"\s*(\d{1,3})\s*(?:[-–]\s*(\d{1,3})\s*)?", text)
        if found is None:
            raise InputCannotBeUsed("Aldersgruppen er ikke forstått. Skriv den som to hele tall med bindestrek, for eksempel --ages 0-5.")
        lowest, highest = found.groups()
        return cls(int(lowest), int(highest or lowest))


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """
    Everything a run depends on; the same request over the same files gives the same findings.

    `municipality` is the four-digit code that is in force on `on`. `column_map` goes from one of our column names (see `columns.py`) to the
    heading in the journal file, as given with `--map fnr=Pasientnr`. `previous_paths` are the register files of an earlier run. `force`
    carries on when the two files hardly match. `reform_table` is an importable table of municipality codes in addition to the shipped one.
    """

    register_paths: tuple[Path, ...]
    journals_path: Path
    municipality: str
    on: date
    out: Path
    ages: AgeRange = field(default_factory=lambda: AgeRange(0, 5))
    previous_paths: tuple[Path, ...] = ()
    column_map: Mapping[str, str] = field(default_factory=dict)
    force: bool = False
    reform_table: Path | None = None

    def __post_init__(self) -> None:
        if re.fullmatch(r"[0-9]{4}", self.municipality) is None:
            raise InputCannotBeUsed("Kommunenummeret må ha fire siffer, for eksempel --municipality 0301.")
        if not self.register_paths:
            raise InputCannotBeUsed("Det mangler en registerfil. Oppgi minst én med --register.")
