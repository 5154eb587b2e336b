"""The register's office: files what it is told, stamps it with a moment, and announces it in the event feed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import NamedTuple

from fjorten.kernel.national_id import NationalId
from fjorten.simulation.numbers import NumberIssuer
from fjorten.simulation.office.happenings import Happening, Occurrence
from fjorten.simulation.office.stamps import NEW_REGISTER_SINCE, document_identifier, instant, midnight
from fjorten.simulation.places import Home, Values
from fjorten.simulation.records import Entry, Person


class Notice(NamedTuple):
    """One row of the event feed. `moment` says as of when its person document is written. A tuple, since there are very many."""

    sequence: int
    day: date
    recorded_at: str
    event: str
    number: NationalId
    person: Person
    moment: int
    event_document: str | None
    person_document: str | None


@dataclass(frozen=True, slots=True)
class Quirks:
    """How often a document holds something the published schema does not know. Shares of all entries. [default]"""

    unknown_field: float = 0.004
    unknown_value: float = 0.004
    unknown_section: float = 0.001


class Office:
    """
    Keeps moments, sequence numbers and the feed. Everybody's entries carry the moment the office was told, so a document can be written as
    of any moment. Days must be opened in order.
    """

    def __init__(
        self, rng: Random, numbers: NumberIssuer, *, opened_on: date, first_sequence: int = 1, quirks: Quirks | None = None
    ) -> None:
        self.rng = rng
        self.numbers = numbers
        self.quirks = quirks or Quirks()
        self.day = opened_on
        self.next_sequence = first_sequence
        self.notices: list[Notice] = []
        self.occurrences: list[Occurrence] = []
        self._moment_days: list[date] = []
        self._filed_today = 0
        self._written_on: date | None = None
        self._new_codes: dict[str, str] = {}

    def open(self, day: date) -> None:
        """This function will begin a working day."""
        self.day = day
        self._filed_today = 0

    @contextmanager
    def writing_old_records(self, written_on: date) -> Iterator[None]:
        """This function will let what is filed inside it look written on an earlier day, and announce none of it in the feed."""
        before, self._written_on = self._written_on, written_on
        try:
            yield
        finally:
            self._written_on = before

    @property
    def moment(self) -> int:
        """The latest moment; 0 before anything is filed."""
        return len(self._moment_days)

    def moment_at_end_of(self, day: date) -> int:
        """This function will find the last moment of a day that has been lived."""
        return bisect_right(self._moment_days, day)

    def adopt_code(self, old_code: str, new_code: str) -> None:
        """This function will make `current_home` answer with the municipality's new code."""
        self._new_codes[old_code] = new_code

    def current_home(self, home: Home) -> Home:
        """This function will give the home under the code that is in force: what is told late is registered as things are now."""
        new_code = self._new_codes.get(home.municipality_code)
        return home if new_code is None else home.recoded(new_code)

    def file(self, person: Person) -> Filing:
        """This function will open a filing: one moment in which several entries of a person change together."""
        self._moment_days.append(self.day)
        written_on = self._written_on
        if written_on is None:
            self._filed_today += 1
        # A quarter of a second apart from six in the morning, so that even a reform's quarter of a million filings fit in their day.
        milliseconds = min(21_600_000 + self._filed_today * 250 + self.rng.randrange(250), 86_399_999)
        recorded_at = instant(written_on or self.day, milliseconds)
        return Filing(self, person, self.moment, recorded_at, is_announced=written_on is None)

    def note(self, happening: Happening, person: Person) -> None:
        """This function will remember that something happened, unless it belongs to the time before the town began."""
        if self._written_on is None:
            self.occurrences.append(Occurrence(self.day, happening, person.key))

    def repeat(self, notice: Notice) -> None:
        """This function will announce an event once more, under a new sequence number and with the person's document as it is now."""
        sequence = self.take_sequence()
        document = document_identifier(sequence, "person") if notice.person_document else None
        self.notices.append(
            Notice(
                sequence,
                self.day,
                notice.recorded_at,
                notice.event,
                notice.number,
                notice.person,
                self.moment,
                notice.event_document,
                document,
            )
        )
        self.note(Happening.REPEATED, notice.person)

    def take_sequence(self) -> int:
        """This function will hand out the feed's next sequence number."""
        self.next_sequence += 1
        return self.next_sequence - 1


class Filing:
    """One change of one person's record. Enter, end and annul entries, then announce the events: they share one document."""

    __slots__ = ("_document", "_is_announced", "_office", "moment", "person", "recorded_at")

    def __init__(self, office: Office, person: Person, moment: int, recorded_at: str, *, is_announced: bool) -> None:
        self._office = office
        self._is_announced = is_announced
        self._document: str | None = None
        self.person = person
        self.moment = moment
        self.recorded_at = recorded_at

    def enter(self, field: str, values: Values, *, valid_on: date, cause: str = "") -> Entry:
        """This function will add an entry in force from `valid_on`, now and then with fields or a neighbour nobody has heard of."""
        rng, quirks = self._office.rng, self._office.quirks
        if rng.random() < quirks.unknown_field:
            values = values | {"kvalitetsmerke": rng.choice(("A", "B")), "merknader": []}
        entry = self._append(field, values, valid_on, cause)
        if rng.random() < quirks.unknown_section:
            self._append("tilknytningTilRiket", {"tilknytningstype": "ukjentForMottaker"}, valid_on, cause)
        return entry

    def _append(self, field: str, values: Values, valid_on: date, cause: str) -> Entry:
        element = values | {
            "ajourholdstidspunkt": self.recorded_at,
            "gyldighetstidspunkt": midnight(valid_on),
            "kilde": "KILDE_DSF" if self.recorded_at < NEW_REGISTER_SINCE else "Folkeregisteret",
        }
        if cause:
            element["aarsak"] = cause
        entry = Entry(field, element, valid_on, self.moment)
        self.person.entries.append(entry)
        return entry

    def end(self, field: str, *, ended_on: date) -> None:
        """This function will end every entry in force for the field."""
        for entry in self.person.all_current(field):
            self.end_entry(entry, ended_on=ended_on)

    def end_entry(self, entry: Entry, *, ended_on: date) -> None:
        """This function will end one entry."""
        entry.ended, entry.ended_on = self.moment, ended_on

    def annul(self, entry: Entry) -> None:
        """This function will take an entry back as never having been right."""
        entry.annulled, entry.ended_on = self.moment, entry.valid_on
        entry.stays_visible = self._office.rng.random() < 0.5

    def announce(self, *events: str, under: NationalId | None = None, with_document: bool = True) -> None:
        """
        This function will put events in the feed, `under` an older number when that is the one the event concerns.

        The rows of one filing share their person document. Without a document the row has neither a person document nor, for some events,
        an event document.
        """
        if not self._is_announced:
            return
        for event in events:
            sequence = self._office.take_sequence()
            if with_document and self._document is None:
                self._document = document_identifier(sequence, "person")
            self._office.notices.append(
                Notice(
                    sequence=sequence,
                    day=self._office.day,
                    recorded_at=self.recorded_at,
                    event=event,
                    number=under or self.person.number,
                    person=self.person,
                    moment=self.moment,
                    event_document=document_identifier(sequence, "event") if with_document else None,
                    person_document=self._document if with_document else None,
                )
            )
