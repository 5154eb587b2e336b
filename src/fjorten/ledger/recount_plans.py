"""Recounting plans: enrolments, their journals, their steps from windows and history, and the signed standing decisions."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Final, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from fjorten.appointments.models import Appointment
from fjorten.journal.models import Journal
from fjorten.ledger.differences import Difference, Table, differing_rows, field_difference, missing, superfluous
from fjorten.ledger.naive_plan import Visit, Window, is_waited_for, state_on, windows
from fjorten.ledger.raw_rows import (
    AppointmentRow,
    DecisionRow,
    EnrolmentRow,
    EventRow,
    JournalRow,
    OverlayRow,
    StepRow,
    chunks,
    rows,
    rows_with,
)
from fjorten.organisation.models import Municipality
from fjorten.plans.models import Enrolment, PlannedStep, ProgrammeOverlay, StandingDecision, StepEvent
from fjorten.programme.definitions import DefinitionIsInvalid, NoSuchVersion, definition_of
from fjorten.programme.overlays import Overlay, load_overlay

_PERSONS_AT_ONCE: Final = 400
_OSLO: Final = ZoneInfo("Europe/Oslo")

RowT = TypeVar("RowT", bound=NamedTuple)


class CountedStep(NamedTuple):
    """One step of one child on the day of the recount; `is_claimed` when it is said done elsewhere and not confirmed."""

    step: str
    state: str
    is_claimed: bool


class CountedEnrolment(NamedTuple):
    """An enrolment in force on the day of the recount."""

    clinic: int
    steps: tuple[CountedStep, ...]


class PlansOfPerson(NamedTuple):
    """What follows for one person: enrolments in force on the day and signed standings in force on it."""

    enrolments: tuple[CountedEnrolment, ...]
    decisions: frozenset[str]


class Plans:
    """The plans of a municipality, recounted person by person. `doubtful_steps` are those named as different, by person and code."""

    def __init__(self, *, municipality: Municipality, on: date, public_ids: Mapping[int, str], differences: list[Difference]) -> None:
        self._municipality = municipality
        self._on = on
        self._public_ids = public_ids
        self._differences = differences
        self._programmes = _Programmes(municipality)
        self.doubtful_steps: set[tuple[int, str]] = set()
        self.enrolments = 0
        self.not_closed = 0
        self.steps = 0

    def of(self, persons: Sequence[int], born_on: Mapping[int, date | None]) -> Iterator[tuple[int, PlansOfPerson]]:
        """
        Recount the plans of persons given by primary key; what differs is added to the differences.

        `born_on` holds the recounted birth dates of those whose plans follow it.
        """
        for some in chunks(persons, _PERSONS_AT_ONCE):
            enrolments = _grouped(rows_with(EnrolmentRow, Enrolment, "person_id", some), "person_id")
            journals = _grouped(rows_with(JournalRow, Journal, "person_id", some), "person_id")
            decisions = _grouped(rows_with(DecisionRow, StandingDecision, "person_id", some), "person_id")
            keys = [row.id for own in enrolments.values() for row in own]
            steps = _grouped(rows_with(StepRow, PlannedStep, "enrolment_id", keys), "enrolment_id")
            step_keys = [row.id for own in steps.values() for row in own]
            events = _grouped(rows_with(EventRow, StepEvent, "planned_step_id", step_keys), "planned_step_id")
            visits = _visits(step_keys)
            self.not_closed += sum(is_waited_for(self._on, visit) and visit.held_on < self._on for of in visits.values() for visit in of)
            self.enrolments += len(keys)
            self.steps += len(step_keys)
            for person in some:
                own = enrolments[person]
                self._differences += _journal_differences(self._public_ids[person], own, journals[person])
                self._differences += _overlaps(Table.ENROLMENT, self._public_ids[person], [(r.id, r.enrolled_on, r.ended_on) for r in own])
                signed = decisions[person]
                self._differences += _overlaps(Table.STANDING, self._public_ids[person], [(r.id, r.from_on, r.until_on) for r in signed])
                counted = [
                    (
                        row,
                        self._steps_of(row, steps[row.id], events, visits, born_on=born_on.get(person) if row.ended_at is None else None),
                    )
                    for row in own
                ]
                yield (
                    person,
                    PlansOfPerson(
                        tuple(
                            CountedEnrolment(row.clinic_id, found)
                            for row, found in counted
                            if _is_in_force(row.enrolled_on, row.ended_on, self._on)
                        ),
                        frozenset(row.standing for row in signed if _is_in_force(row.from_on, row.until_on, self._on)),
                    ),
                )

    def _steps_of(
        self,
        enrolment: EnrolmentRow,
        steps: Sequence[StepRow],
        events: Mapping[int, list[EventRow]],
        visits: Mapping[int, list[Visit]],
        *,
        born_on: date | None,
    ) -> tuple[CountedStep, ...]:
        about = self._public_ids[enrolment.person_id]
        planned_from = enrolment.planned_from_born_on if born_on is None else born_on
        expected = enrolment._replace(planned_from_born_on=planned_from, municipality_id=self._municipality.pk)
        self._name_fields(Table.ENROLMENT, about, enrolment, expected)
        planned = self._programmes.windows(enrolment.programme_version, planned_from)
        if planned is None:
            version, told = enrolment.programme_version, "et program som ikke finnes"
            self._differences.append(
                field_difference(Table.ENROLMENT, about, enrolment.id, "programme_version", ledger=version, recount=told)
            )
        seen: set[str] = set()
        counted = []
        for row in steps:
            before = len(self._differences)
            found = self._step(row, about, enrolment, events[row.id], planned, visits=visits[row.id], is_second=row.step in seen)
            seen.add(row.step)
            if found is not None:
                counted.append(found)
            if len(self._differences) > before:
                self.doubtful_steps.add((enrolment.person_id, row.step))
        for code in planned or {}:
            if code not in seen:
                self._differences.append(missing(Table.STEP, about, step=code))
                self.doubtful_steps.add((enrolment.person_id, code))
        return tuple(counted)

    def _step(
        self,
        row: StepRow,
        about: str,
        enrolment: EnrolmentRow,
        events: Sequence[EventRow],
        planned: Mapping[str, Window] | None,
        *,
        visits: Sequence[Visit],
        is_second: bool,
    ) -> CountedStep | None:
        history = _History(events)
        window = (planned or {}).get(row.step)
        left_over = planned is not None and window is None
        if is_second or not events or (left_over and history.outcome is None):
            # A row nobody planned: a second one, one without a history, or one the programme does not have and nobody has settled.
            self._differences.append(superfluous(Table.STEP, about, row.id, step=row.step))
            return None
        if history.broken_at is not None:
            self._differences.append(superfluous(Table.HISTORY, about, history.broken_at, step=row.step))
            return None
        expected = _as_it_must_be(row, history, window, municipality=self._municipality.pk, has_catch_up=enrolment.catch_up_on is not None)
        if row != expected:
            self._name_fields(Table.STEP, about, row, expected, step=row.step)
        latest = events[-1]
        if (latest.window_from, latest.window_until) != (expected.window_from, expected.window_until):
            # Named only where the row itself is as it must be: one fault, one line.
            told = {
                field: getattr(expected, field)
                for field in ("window_from", "window_until")
                if getattr(row, field) == getattr(expected, field)
            }
            self._name_fields(Table.HISTORY, about, latest, latest._replace(**told), step=row.step)
        state = state_on(
            self._on,
            outcome=history.outcome,
            outcome_on=history.outcome_on,
            window_from=expected.window_from,
            window_until=expected.window_until,
            visits=visits,
        )
        is_claimed = history.is_confirmed is False and history.outcome_on is not None and history.outcome_on <= self._on
        return CountedStep(row.step, state, is_claimed)

    def _name_fields(self, table: Table, about: str, row: RowT, expected: RowT, *, step: str = "") -> None:
        for field, stands, told in zip(row._fields, row, expected, strict=True):
            if stands != told:
                self._differences.append(field_difference(table, about, row[0], field, ledger=stands, recount=told, step=step))


def _as_it_must_be(row: StepRow, history: "_History", window: Window | None, *, municipality: int, has_catch_up: bool) -> StepRow:
    """
    Lay out a step's row anew: settled as its history says; the window by the programme, or, for a step of a catch-up plan or one the
    programme no longer has, as it was last planned.
    """
    position, target_on, window_from, window_until = row.position, row.target_on, history.window_from, history.window_until
    if row.basis == "catch_up" and not window_from <= target_on < window_until:
        target_on = window_from
    if window is not None:
        position = window.position
    if window is not None and row.basis != "catch_up":
        _, target_on, window_from, window_until = window
    return StepRow(
        id=row.id,
        municipality_id=municipality,
        enrolment_id=row.enrolment_id,
        step=row.step,
        position=position,
        target_on=target_on,
        window_from=window_from,
        window_until=window_until,
        basis="catch_up" if row.basis == "catch_up" and has_catch_up else "programme",
        outcome=history.outcome,
        outcome_on=history.outcome_on,
        outcome_at=history.at,
        outcome_by=history.by,
        outcome_reason=history.reason,
        is_confirmed=history.is_confirmed,
    )


class _Programmes:
    """The programmes enrolments were planned by, and the windows of each birth date once."""

    def __init__(self, municipality: Municipality) -> None:
        self._overlays = [_overlay(row) for row in rows(OverlayRow, ProgrammeOverlay, municipality=municipality.pk)]
        self._windows: dict[tuple[str, date], dict[str, Window] | None] = {}

    def windows(self, reference: str, born_on: date) -> dict[str, Window] | None:
        """Find the windows of a programme for a birth date; None when there is no such programme."""
        key = (reference, born_on)
        if key not in self._windows:
            try:
                self._windows[key] = windows(born_on, definition_of(reference, overlays=self._overlays))
            except (NoSuchVersion, DefinitionIsInvalid):
                self._windows[key] = None
        return self._windows[key]


class _History:
    """What a step's events add up to, in the order they were written. `broken_at` is the first event that cannot follow the one before."""

    __slots__ = ("at", "broken_at", "by", "is_confirmed", "outcome", "outcome_on", "reason", "window_from", "window_until")

    def __init__(self, events: Iterable[EventRow]) -> None:
        self.outcome: str | None = None
        self.outcome_on: date | None = None
        self.is_confirmed: bool | None = None
        self.at: object = None
        self.by: str | None = None
        self.reason: str | None = None
        self.window_from = self.window_until = date.min
        self.broken_at: int | None = None
        for place, event in enumerate(events):
            if not self._may_follow(event, is_first=place == 0):
                self.broken_at = event.id
                return
            self._follow(event)

    def _may_follow(self, event: EventRow, *, is_first: bool) -> bool:
        told = (event.outcome, event.outcome_on, event.is_confirmed)
        unsettled = told == (None, None, None)
        if is_first or event.what == "planned":
            return is_first and event.what == "planned" and unsettled
        if event.what == "replanned":
            return told == (self.outcome, self.outcome_on, self.is_confirmed)
        if event.what == "reopened":
            return unsettled and self.outcome is not None
        if self.outcome is None:
            return event.outcome is not None and event.outcome_on is not None
        # Settled already: the only thing that may follow is that a claim of done elsewhere is confirmed.
        return self.is_confirmed is False and told == (self.outcome, self.outcome_on, True)

    def _follow(self, event: EventRow) -> None:
        if event.what == "settled" and self.outcome is None:
            self.at, self.by, self.reason = event.at, event.by, event.reason
        elif event.what == "reopened":
            self.at, self.by, self.reason = None, None, None
        self.outcome, self.outcome_on, self.is_confirmed = event.outcome, event.outcome_on, event.is_confirmed
        self.window_from, self.window_until = event.window_from, event.window_until


def _journal_differences(about: str, enrolments: Sequence[EnrolmentRow], journals: Sequence[JournalRow]) -> list[Difference]:
    """Enrolling opens a journal at the clinic on the same day, and ending closes it."""
    return differing_rows(
        Table.JOURNAL,
        about,
        ("clinic", "opened_on", "closed_on"),
        [(row.id, (row.clinic_id, row.opened_on, row.closed_on)) for row in journals],
        [(row.clinic_id, row.enrolled_on, row.ended_on) for row in enrolments],
    )


def _overlaps(table: Table, about: str, periods: Sequence[tuple[int, date, date | None]]) -> Iterator[Difference]:
    """Name every period that begins before an earlier one is over: on some day the child would stand in two places."""
    latest: tuple[int, date] | None = None
    for key, begins, ends in sorted(periods, key=lambda period: (period[1], period[0])):
        if ends is not None and ends <= begins:
            if ends < begins:
                yield Difference(table, about, str(key), "period", f"fra {begins} til {ends}", "slutten er før begynnelsen")
            continue
        if latest is not None and begins < latest[1]:
            yield Difference(table, about, str(key), "period", f"fra {begins} til {ends or 'videre'}", f"rad {latest[0]} gjelder samme tid")
        if latest is None or (ends or date.max) > latest[1]:
            latest = key, ends or date.max


def _is_in_force(begins: date, ends: date | None, day: date) -> bool:
    return begins <= day and (ends is None or day < ends)


def _overlay(row: OverlayRow) -> Overlay:
    days = ("valid_from", "valid_until")  # kept as text, since JSON has no dates
    content = {key: date.fromisoformat(told) if key in days and isinstance(told, str) else told for key, told in row.content.items()}
    return load_overlay(content)


def _visits(steps: Sequence[int]) -> dict[int, list[Visit]]:
    found: dict[int, list[Visit]] = defaultdict(list)
    for row in rows_with(AppointmentRow, Appointment, "planned_step_id", steps):
        found[row.planned_step_id].append(Visit(_day(row.booked_at), _day(row.begins_at), row.state, _day(row.state_at)))
    return found


def _day(at: datetime) -> date:
    return at.astimezone(_OSLO).date()


def _grouped(found: Iterable[RowT], column: str) -> dict[int, list[RowT]]:
    owner = attrgetter(column)
    result: dict[int, list[RowT]] = defaultdict(list)
    for row in found:
        result[owner(row)].append(row)
    return result
