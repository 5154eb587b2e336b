"""A synthetic municipality: lives day by day from a seed, and is read the way the real register is read."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

from fjorten.kernel.national_id import NationalId
from fjorten.simulation import truth
from fjorten.simulation.dirt import Dirt
from fjorten.simulation.documents import Document, person_document
from fjorten.simulation.extracts import Hidden, extract_lines, look_up_lines, write_lines, write_reform
from fjorten.simulation.feed import PERSONS_FILE, FeedRow, feed_rows, write_feed
from fjorten.simulation.intents import Intent, intents_on
from fjorten.simulation.journals import JournalExport, export_journals
from fjorten.simulation.life import Life
from fjorten.simulation.numbers import NumberIssuer
from fjorten.simulation.office.desk import Notice, Office, Quirks
from fjorten.simulation.office.happenings import Happening, Occurrence
from fjorten.simulation.places import FJORDVIK, FJORDVIK_CODE_AFTER_REFORM, Municipality, Reform
from fjorten.simulation.rates import Rates, day_plan
from fjorten.simulation.records import Person
from fjorten.simulation.styles import JournalStyle
from fjorten.simulation.truth import ChildTruth


class DayBeforeTheTownBegan(ValueError):
    """A question about a day before the simulation begins."""


class NobodyHasTheNumber(LookupError):
    """A look-up of an identity number that nobody in the simulation has or has had. The message does not hold it."""


class ThereIsNoReform(LookupError):
    """A question about the reform of a municipality that keeps its code."""


class Town:
    """
    A municipality with about `children` children under six. It lives only as far as it is asked about, and the answers do not depend on the
    order of the questions: the same seed gives the same bytes.

    The register's state on the first day is in the extracts only; the feed begins the day after.
    """

    def __init__(
        self,
        *,
        seed: int,
        children: int,
        begins_on: date,
        municipality: Municipality = FJORDVIK,
        reform_on: date | None = None,
        code_after_reform: str = FJORDVIK_CODE_AFTER_REFORM,
        rates: Rates | None = None,
        quirks: Quirks | None = None,
    ) -> None:
        self.seed = seed
        self.municipality = municipality
        self.begins_on = begins_on
        self.reform = None if reform_on is None else Reform(reform_on, municipality.code, code_after_reform)
        self.codes = frozenset({municipality.code} | ({code_after_reform} if reform_on else set()))
        self._numbers = NumberIssuer()
        rng = Random(f"{seed}/life")
        self._office = Office(rng, self._numbers, opened_on=begins_on, quirks=quirks)
        self._life = Life(rng=rng, office=self._office, municipality=municipality, children=children, reform=self.reform)
        self._plan = day_plan(rates or Rates(), children)
        self._life.found()
        self._looked_up: tuple[date, dict[str, Person]] | None = None

    @property
    def lived_until(self) -> date:
        """The last day lived so far."""
        return self._life.today

    def live_until(self, day: date) -> None:
        """This function will live every day up to and with `day`. Raises DayBeforeTheTownBegan."""
        if day < self.begins_on:
            raise DayBeforeTheTownBegan(f"{day} is before {self.begins_on}")
        while self.lived_until < day:
            self._life.live(self.lived_until + timedelta(days=1), self._plan)

    def code_on(self, day: date) -> str:
        """This function will tell the municipality's code on a day."""
        return self.reform.new_code if self.reform is not None and day >= self.reform.on else self.municipality.code

    def truth(self, on: date) -> Iterator[ChildTruth]:
        """This function will tell the truth about every child at the end of a day, in the order of their keys."""
        self.live_until(on)
        return truth.children(self._life.people, on=on, codes=self.codes)

    def occurrences(self, *, until: date) -> Iterator[Occurrence]:
        """This function will list what happened, and to whom, in the order the register was told, up to and with `until`."""
        self.live_until(until)
        return (occurrence for occurrence in self._office.occurrences if occurrence.day <= until)

    def feed(self, *, after: date | None = None, until: date, again: int = 0) -> Iterator[FeedRow]:
        """
        This function will give the rows the register announced after one day (None: from the start) up to and with another.

        So what is read until a day goes on after that day without a gap. `again` gives that many rows before them once more, with the
        sequence numbers they had, as a consumer gets when it reads from an older pointer.
        """
        return feed_rows(self._notices(after=after, until=until, again=again))

    def _notices(self, *, after: date | None, until: date, again: int) -> list[Notice]:
        self.live_until(until)
        notices = self._office.notices
        first = 0 if after is None else bisect_right(notices, after, key=lambda notice: notice.day)
        last = bisect_right(notices, until, key=lambda notice: notice.day)
        return notices[max(first - again, 0) : last]

    def write_feed(self, directory: Path, *, after: date | None = None, until: date, again: int = 0) -> int:
        """
        This function will write `feed.jsonl`, `documents.jsonl` and `persons.jsonl` into a directory and count the rows of the feed.

        The last file holds the people the rows are about as they are at the end, for a stand-in of the register that answers look-ups.
        """
        notices = self._notices(after=after, until=until, again=again)
        moment = self._office.moment_at_end_of(until)
        people = {notice.person.key: notice.person for notice in notices}
        continuing = (person for person in people.values() if (now := person.standing_on(until)) is not None and now.merged_into is None)
        write_lines(directory / PERSONS_FILE, ({"folkeregisterperson": person_document(person, moment=moment)} for person in continuing))
        return write_feed(directory, feed_rows(notices))

    def snapshot(self, *, on: date, hidden: Hidden = Hidden.ABSENT) -> Iterator[Document]:
        """This function will give the municipality's own extract at the end of a day, one look-up a person: residents and stayers."""
        self.live_until(on)
        moment = self._office.moment_at_end_of(on)
        return extract_lines(self._life.people, on=on, moment=moment, codes=self.codes, hidden=hidden)

    def write_snapshot(self, path: Path, *, on: date, hidden: Hidden = Hidden.ABSENT) -> int:
        """This function will write the municipality's own extract as JSON Lines (`.gz` packs it) and count the persons."""
        return write_lines(path, self.snapshot(on=on, hidden=hidden))

    def write_lookup(self, path: Path, numbers: Iterable[str], *, on: date) -> int:
        """This function will write what the register answers about numbers at the end of a day, errors included, and count the answers."""
        return write_lines(path, look_up_lines(numbers, self._people_by_number(on), moment=self._office.moment_at_end_of(on)))

    def write_reform(self, path: Path) -> None:
        """This function will write the town's reform as an importable table of codes. Raises ThereIsNoReform."""
        if self.reform is None:
            raise ThereIsNoReform
        write_reform(path, self.reform, self.municipality.name)

    def document_of(self, number: NationalId, *, on: date) -> Document:
        """This function will give a person's document at the end of a day, by any of their numbers. Raises NobodyHasTheNumber."""
        person = self._people_by_number(on).get(number.digits)
        if person is None:
            raise NobodyHasTheNumber
        return person_document(person, moment=self._office.moment_at_end_of(on))

    def write_journals(self, path: Path, *, on: date, dirt: Dirt | None = None, style: JournalStyle | None = None) -> JournalExport:
        """This function will write the clinic's journals as a vendor exports them, and tell which differences were planted in them."""
        truths = list(self.truth(on))
        rng = Random(f"{self.seed}/journals/{on}")
        return export_journals(
            path,
            truths,
            {person.key: person for person in self._life.people},
            rng=rng,
            codes=self.codes,
            dirt=dirt or Dirt(),
            style=style or JournalStyle(),
            is_taken=self._numbers.has_issued,
        )

    def intents(self, day: date) -> tuple[Intent, ...]:
        """This function will tell what the clinic's staff mean to do on a day: enrol, decline, note as done, and the like."""
        return intents_on(self.truth(day), day=day, rng=Random(f"{self.seed}/intents/{day}"))

    def person_numbered(self, number: str, *, on: date) -> Person | None:
        """This function will find whoever has, or has had, a number by a day; None for a number nobody has."""
        return self._people_by_number(on).get(number)

    def happened_to(self, happening: Happening, *, on: date) -> list[Person]:
        """This function will list those something happened to, as the register was told on a day, in the order it was told."""
        self.live_until(on)
        occurrences = self._office.occurrences
        first, last = (bisect_right(occurrences, day, key=lambda occurrence: occurrence.day) for day in (on - timedelta(days=1), on))
        keys = [occurrence.person for occurrence in occurrences[first:last] if occurrence.happening is happening]
        people = {person.key: person for person in self._life.people} if keys else {}
        return [people[key] for key in keys if key in people]

    def _people_by_number(self, on: date) -> dict[str, Person]:
        """Everybody by every number they have had up to a day; a ceased duplicate's number finds the record that goes on."""
        self.live_until(on)
        if self._looked_up is None or self._looked_up[0] != on:
            by_number: dict[str, Person] = {}
            for person in self._life.people:
                standing = person.standing_on(on)
                if standing is not None and standing.merged_into is None:
                    by_number.update((number.digits, person) for number in standing.numbers)
            self._looked_up = (on, by_number)
        return self._looked_up[1]
