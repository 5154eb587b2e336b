"""What the worklist shows: a page of rows with all that stands on them, in a number of questions that does not grow with the list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fjorten.appointments.queries import days_missed
from fjorten.followup.queries import CaseRow, LastEntry, cases_of_steps, last_entries
from fjorten.ledger.tracks import StandingStep, tracks_of
from fjorten.ledger.worklist import Group, Row
from fjorten.organisation.models import Municipality
from fjorten.people.families import Family, families_of
from fjorten.people.queries import living_here_since
from fjorten.registers.models import WorkItem
from fjorten.registers.queries import findings_answered_by_enrolling


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the children on a page, by their primary keys; cases and missed days by planned step, entries by case."""

    tracks: Mapping[int, tuple[StandingStep, ...]]
    families: Mapping[int, Family]
    since: Mapping[int, date | None]
    findings: Mapping[int, WorkItem]
    cases: Mapping[int, CaseRow]
    entries: Mapping[int, LastEntry]
    missed: Mapping[int, list[date]]


def known_of(rows: Sequence[Row], *, municipality: Municipality, on: date) -> Known:
    """This function will read what stands on rows."""
    children = {row.person.pk: row.person for row in rows}
    without = [row.person.pk for row in rows if row.place.group is Group.WITHOUT_JOURNAL]
    steps = [row.planned.pk for row in rows if row.planned is not None]
    cases = cases_of_steps(steps, municipality=municipality, on=on)
    return Known(
        tracks=tracks_of(children, municipality=municipality, on=on),
        families=families_of(children, on=on, known=children),
        since=living_here_since(without, on=on),
        findings=findings_answered_by_enrolling(without),
        cases=cases,
        entries=last_entries([row.case.pk for row in cases.values()], municipality=municipality),
        missed=days_missed(steps, on=on),
    )
