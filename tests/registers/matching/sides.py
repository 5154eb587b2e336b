"""Two sides for the matching: a village of invented people in the register, and whom a test puts beside them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import duckdb
from benchmarks.hard_pairs import create_relations, insert, make

from fjorten.registers.matching import candidates

BORN_ON = date(2024, 3, 17)
# Keys of the people a test adds; those of the village are small.
FIRST_ADDED = 1_000_000


@dataclass(frozen=True)
class Candidate:
    """One row of the table `match_candidate`."""

    journal_key: int
    person_key: int
    score: float
    rank: int
    is_ambiguous: bool
    evidence: str


@cache
def village() -> list[dict[str, Any]]:
    """500 people whom no test is about, so that a score means what it means in a municipality."""
    return make(14, persons=500, journals=1).register


class Sides:
    """The register and the journals of one test."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, *, register: list[dict[str, Any]]) -> None:
        self.connection = connection
        self._persons = list(register)
        self._journals: list[dict[str, Any]] = []

    def person(self, **values: Any) -> int:
        """Put a person into the register; the key is returned. Every default is an ordinary child without an address."""
        key = FIRST_ADDED + len(self._persons)
        self._persons.append({"born_on": BORN_ON, "name_is_temporary": False, "protection": "none", "person_key": key} | values)
        return key

    def journal(self, **values: Any) -> int:
        """Put a journal without a number among the journals; the key is returned."""
        key = 1 + len(self._journals)
        self._journals.append({"born_on": BORN_ON, "is_open": True, "journal_key": key} | values)
        return key

    def fill_relations(self) -> None:
        """Put everybody into the relations `register` and `journal`."""
        create_relations(self.connection)
        insert(self.connection, "register", self._persons)
        insert(self.connection, "journal", self._journals)

    def candidates(self, **options: Any) -> list[Candidate]:
        """All candidates, in the order of journal and rank."""
        self.fill_relations()
        candidates(self.connection, **options)
        rows = self.connection.execute("FROM match_candidate ORDER BY journal_key, rank").fetchall()
        return [Candidate(*row) for row in rows]

    def candidates_added(self) -> list[Candidate]:
        """The candidates that a test has put into the register itself."""
        return [candidate for candidate in self.candidates() if candidate.person_key >= FIRST_ADDED]


@contextmanager
def two_sides(*, with_village: bool = True) -> Iterator[Sides]:
    """Begin with the village in the register, or nobody, and no journal."""
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        yield Sides(connection, register=village() if with_village else [])
