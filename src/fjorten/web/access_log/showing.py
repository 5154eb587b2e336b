"""What of the log somebody goes through: emergencies, odd looks of a week, one child's log and one employee's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from fjorten.access.models import User
from fjorten.access.queries import Staff, names_called, staff_at
from fjorten.audit.looks import PAGE, Look, looks_at, looks_by
from fjorten.care_relations.models import Emergency
from fjorten.care_relations.odd_looks import OddLooks, odd_looks
from fjorten.care_relations.oddities import WITHIN
from fjorten.care_relations.queries import emergencies_reviewed, emergencies_to_review
from fjorten.kernel.times import start_of_day
from fjorten.organisation.models import Municipality
from fjorten.people.models import Person
from fjorten.web.access_log.naming import Child, children_as_known

DAYS: Final = 7  # of the log at a time: all looks of these are read [default]
ROWS: Final = 25  # odd looks on a page: each takes a hand's breadth [default]


@dataclass(frozen=True, slots=True)
class Week:
    """The seven days that are gone through: the last of them, and which page of what is odd in them, from 1."""

    last: date
    page: int = 1

    @property
    def first(self) -> date:
        """The first of the days."""
        return self.last - timedelta(days=DAYS - 1)


@dataclass(frozen=True, slots=True)
class ToReview:
    """
    What the start page is made of: all emergencies nobody has given a verdict on, and a page of what is odd in a week and waits for one.

    `odd` is how many wait in the week, `roles` are those accounts (primary keys) have now.
    """

    emergencies: Sequence[Emergency]
    rows: Sequence[OddLooks]
    odd: int
    roles: dict[int, Staff]
    children: dict[str, Child]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What somebody has given a verdict on in a week, and what those who did are called."""

    emergencies: Sequence[Emergency]
    rows: Sequence[OddLooks]
    names: dict[str, str]
    children: dict[str, Child]


@dataclass(frozen=True, slots=True)
class LogPage:
    """A page of one child's or one employee's log; `before` is the number the next page begins before, None when there is none."""

    looks: Sequence[Look]
    before: int | None
    names: dict[str, str]
    children: dict[str, Child]


def odd_in(week: Week, municipality: Municipality) -> list[OddLooks]:
    """This function will list what is odd in a week, closed or not. That many were looked at begins in the minutes before it."""
    since, until = start_of_day(week.first), start_of_day(week.last + timedelta(days=1))
    found = odd_looks(municipality, since=since - WITHIN, until=until)
    return [row for row in found if row.on >= week.first]


def to_review(week: Week, *, staff: Staff, at: datetime) -> ToReview:
    """This function will read what waits for a verdict, in a number of questions that does not grow with it."""
    emergencies = list(emergencies_to_review(staff.municipality))
    waiting = [row for row in odd_in(week, staff.municipality) if row.review is None]
    rows = waiting[(week.page - 1) * ROWS : week.page * ROWS]
    return ToReview(
        emergencies=emergencies,
        rows=rows,
        odd=len(waiting),
        roles={one.user: one for one in staff_at(staff.municipality, at=at)} if emergencies else {},
        children=children_as_known(_about(emergencies, rows), staff=staff, at=at),
    )


def reviewed(week: Week, *, staff: Staff, at: datetime) -> Reviewed:
    """This function will read what was given a verdict: emergencies that were reviewed in a week, and odd looks of it."""
    since, until = start_of_day(week.first), start_of_day(week.last + timedelta(days=1))
    emergencies = list(emergencies_reviewed(staff.municipality, since=since, until=until))
    rows = [row for row in odd_in(week, staff.municipality) if row.review is not None]
    return Reviewed(
        emergencies=emergencies,
        rows=rows,
        names=names_called(
            {one.reviewed_by for one in emergencies} | {row.review.reviewed_by for row in rows if row.review}, staff.municipality
        ),
        children=children_as_known(_about(emergencies, rows), staff=staff, at=at),
    )


def log_of_child(person: Person, *, staff: Staff, at: datetime, before: int | None) -> LogPage:
    """This function will read a page of who looked at a child, the latest first."""
    return _log(looks_at(str(person.public_id), municipality=staff.municipality.code, before=before, most=PAGE + 1), staff, at)


def log_of_employee(user: User, *, staff: Staff, at: datetime, on: date | None, before: int | None) -> LogPage:
    """This function will read a page of what somebody looked at or tried to, the latest first; on one day only when it is told."""
    since = start_of_day(on) if on else None
    until = start_of_day(on + timedelta(days=1)) if on else None
    found = looks_by(user.who, municipality=staff.municipality.code, since=since, until=until, before=before, most=PAGE + 1)
    return _log(found, staff, at)


def _log(found: list[Look], staff: Staff, at: datetime) -> LogPage:
    looks = found[:PAGE]
    return LogPage(
        looks=looks,
        before=looks[-1].seq if len(found) > PAGE else None,
        names=names_called({look.who for look in looks}, staff.municipality),
        children=children_as_known({look.about for look in looks}, staff=staff, at=at),
    )


def _about(emergencies: Sequence[Emergency], rows: Sequence[OddLooks]) -> set[str]:
    return {str(one.person.public_id) for one in emergencies} | {row.about for row in rows}
