"""Histories told side by side, day by day: a world of single families for those at work at the clinics."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from fjorten.simulation.feed import FeedRow
from fjorten.simulation.histories import History
from fjorten.simulation.office.happenings import Happening
from fjorten.simulation.places import FJORDVIK, Municipality
from fjorten.simulation.records import Person
from fjorten.simulation.register_source import GivenRows
from fjorten.simulation.truth import ChildTruth, children


class Lives:
    """
    Some histories as one world. Their rows are told in the order of their days, numbered anew, so that the feed has no gap on any day.
    """

    def __init__(self, seed: int, histories: Iterable[History], *, municipality: Municipality = FJORDVIK) -> None:
        self.seed = seed
        self.codes = frozenset({municipality.code})
        self.histories = tuple(histories)
        self.people = tuple(person for history in self.histories for person in history.people)
        self._by_key = {person.key: person for person in self.people}
        told = [(day, row) for history in self.histories for day, row in zip(history.told_on, history.rows, strict=True)]
        self._rows: dict[date, list[FeedRow]] = {}
        for sequence, (day, row) in enumerate(sorted(told, key=lambda one: one[0]), start=1):
            self._rows.setdefault(day, []).append(replace(row, row={**row.row, "sekvensnummer": sequence}))
        self._numbered: tuple[date, dict[str, Person]] | None = None

    @property
    def begins_on(self) -> date:
        """The first day anything is told."""
        return min(self._rows)

    def register(self, day: date) -> GivenRows:
        """This function will give the register as it tells of one day."""
        return GivenRows(self._rows.get(day, []))

    def person_numbered(self, number: str, *, on: date) -> Person | None:
        """This function will find whoever has, or has had, a number by a day; None for a number nobody has."""
        if self._numbered is None or self._numbered[0] != on:
            known = [(person, person.standing_on(on)) for person in self.people]
            continuing = [(person, now) for person, now in known if now is not None and now.merged_into is None]
            self._numbered = on, {one.digits: person for person, now in continuing for one in now.numbers}
        return self._numbered[1].get(number)

    def happened_to(self, happening: Happening, *, on: date) -> list[Person]:
        """This function will list those something happened to, as the register was told on a day."""
        occurrences = (one for history in self.histories for one in history.occurrences if one.day == on)
        return [self._by_key[one.person] for one in occurrences if one.happening is happening and one.person in self._by_key]

    def truth(self, on: date) -> list[ChildTruth]:
        """This function will tell the truth about every child at the end of a day."""
        return list(children(self.people, on=on, codes=self.codes))
