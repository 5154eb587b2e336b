"""
«Barn som trenger noe nå» a page at a time: the three lists of `needing_now` one after the other, narrowed in the database to what is asked
for, each with the nearest deadline first. A list may hold thousands of rows; no more than a page of them is ever read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import islice
from typing import Any, Final

from django.db.models import DateField, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest

from fjorten.followup.models import Case
from fjorten.ledger.balance import unaccounted_children
from fjorten.ledger.needing_now import steps_due, steps_missed
from fjorten.organisation.models import Employee, Municipality
from fjorten.people.families import children_spoken_to_in
from fjorten.people.models import Person, PersonQuerySet
from fjorten.plans.models import PlannedStep
from fjorten.registers.enrolment import ANSWERED_BY_ENROLLING
from fjorten.registers.models import WorkItem

PAGE: Final = 100  # rows (ui.md section 5)
# Whose work it is to open a journal is a group's (`registers.reconciliation`); whoever is of the group is asked for as one of them.
_GROUP_OF: Final = {
    Employee.Role.NURSE.value: WorkItem.Owner.NURSES.value,
    Employee.Role.CLERK.value: WorkItem.Owner.CLERKS.value,
    Employee.Role.LEADER.value: WorkItem.Owner.LEADER.value,
}


class Group(StrEnum):
    """Why a child needs something, the most pressing first."""

    WITHOUT_JOURNAL = "without_journal"
    MISSED = "missed"
    DUE = "due"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """
    Which rows are asked for: of `children` only, those somebody may see. `owner` is who acts in the case, or whose group the work is;
    `is_nobodys`: rows nobody is responsible for yet. `step` is the code of a consultation, `language` a code (ISO 639); "" asks for all.
    """

    children: PersonQuerySet
    groups: tuple[Group, ...] = tuple(Group)
    owner: Employee | None = None
    is_nobodys: bool = False
    step: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: its list, its deadline, and its primary key there (a person's, or a planned step's)."""

    group: Group
    due_on: date
    row: int


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a child who lives here without a journal (`planned` is None), or one of a child's planned steps."""

    place: Place
    person: Person
    planned: PlannedStep | None = None


@dataclass(frozen=True, slots=True)
class WorklistPage:
    """At most a page of rows in order, and whether there are rows before the first and after the last of them."""

    rows: tuple[Row, ...] = field(repr=False)
    has_earlier: bool
    has_later: bool


def rows_wanted(
    wanted: Wanted, *, municipality: Municipality, on: date, after: Place | None = None, before: Place | None = None
) -> WorklistPage:
    """This function will read a page of rows: the first, or the one after or before a place. At most one question for each list."""
    lists = {group: _list(group, wanted, municipality, on) for group in wanted.groups}
    if before is not None:
        found = list(islice(_backwards(lists, before), PAGE + 1))
        return WorklistPage(tuple(reversed(found[:PAGE])), has_earlier=len(found) > PAGE, has_later=True)
    found = list(islice(_forwards(lists, after), PAGE + 1))
    return WorklistPage(tuple(found[:PAGE]), has_earlier=after is not None, has_later=len(found) > PAGE)


def counts_wanted(wanted: Wanted, *, municipality: Municipality, on: date) -> Mapping[Group, int]:
    """This function will count the rows of every list as they are asked for, whichever lists are shown. One question for each."""
    return {group: _list(group, wanted, municipality, on).count() for group in Group}


def rows_picked(wanted: Wanted, places: Mapping[Group, list[int]], *, municipality: Municipality, on: date) -> list[Row]:
    """
    This function will find rows by their primary keys in their lists, in the order of the lists: what somebody has picked. A row that is on
    its list no longer, or is not for them to see, is not found.
    """
    found = ((group, _list(group, wanted, municipality, on).filter(pk__in=keys)) for group, keys in places.items() if keys)
    return [_row(group, one) for group, rows in found for one in rows]


def _forwards(lists: Mapping[Group, QuerySet[Any]], after: Place | None) -> Iterator[Row]:
    order = list(Group)
    for group, rows in lists.items():
        if after is not None and order.index(group) < order.index(after.group):
            continue
        if after is not None and group is after.group:
            rows = rows.filter(Q(listed_on__gt=after.due_on) | Q(listed_on=after.due_on, pk__gt=after.row))  # noqa: PLW2901
        yield from (_row(group, one) for one in rows[: PAGE + 1])


def _backwards(lists: Mapping[Group, QuerySet[Any]], before: Place) -> Iterator[Row]:
    order = list(Group)
    for group, rows in reversed(list(lists.items())):
        if order.index(group) > order.index(before.group):
            continue
        if group is before.group:
            rows = rows.filter(Q(listed_on__lt=before.due_on) | Q(listed_on=before.due_on, pk__lt=before.row))  # noqa: PLW2901
        yield from (_row(group, one) for one in rows.reverse()[: PAGE + 1])


def _row(group: Group, found: Any) -> Row:
    place = Place(group, found.listed_on, found.pk)
    return Row(place, found) if isinstance(found, Person) else Row(place, found.enrolment.person, found)


def _list(group: Group, wanted: Wanted, municipality: Municipality, on: date) -> QuerySet[Any]:
    if group is Group.WITHOUT_JOURNAL:
        return _without_journal(wanted, municipality, on).order_by("listed_on", "pk")
    steps = steps_missed(municipality=municipality, on=on) if group is Group.MISSED else steps_due(municipality=municipality, on=on)
    return _narrowed(steps, wanted, municipality, on).order_by("listed_on", "pk")


def _without_journal(wanted: Wanted, municipality: Municipality, on: date) -> QuerySet[Any]:
    """The children without a journal, by the deadline of what the register's rules ask for; one no rule has seen yet is for today."""
    work = WorkItem.objects.unresolved().filter(person=OuterRef("pk"), rule__in=ANSWERED_BY_ENROLLING)
    children = unaccounted_children(municipality=municipality, on=on).filter(pk__in=wanted.children.values("pk"))
    if wanted.step:  # of a plan, which none of these has
        children = children.none()
    if wanted.language:
        children = children.filter(children_spoken_to_in(wanted.language, municipality=municipality, on=on))
    if wanted.owner is not None:
        children = children.filter(Exists(work.filter(owner=_GROUP_OF.get(wanted.owner.role, ""))))
    if wanted.is_nobodys:
        children = children.filter(~Exists(work))
    first = work.order_by().values("person").annotate(first=Min("deadline_on")).values("first")
    return children.annotate(listed_on=Coalesce(Subquery(first), Value(on), output_field=DateField()))


def _narrowed(steps: QuerySet[PlannedStep], wanted: Wanted, municipality: Municipality, on: date) -> QuerySet[Any]:
    """The steps asked for, by the deadline of their open case, the day a pause of it ends when that comes later, else their window's."""
    steps = steps.filter(enrolment__person__in=wanted.children.values("pk"))
    case = Case.objects.still_open().filter(planned_step=OuterRef("pk"))
    if wanted.step:
        steps = steps.filter(step=wanted.step)
    if wanted.language:
        spoken_to = Person.objects.of(municipality).filter(children_spoken_to_in(wanted.language, municipality=municipality, on=on))
        steps = steps.filter(enrolment__person__in=spoken_to.values("pk"))
    if wanted.owner is not None:
        present = Employee.objects.filter(municipality=municipality).present_on(on).values("pk")
        acts = Q(owner=wanted.owner) | (Q(deputy=wanted.owner) & ~Q(owner__in=present))
        steps = steps.filter(Exists(case.filter(acts)))
    if wanted.is_nobodys:
        steps = steps.filter(~Exists(case))
    due_on = Greatest(F("due_on"), Coalesce(F("paused_until"), F("due_on")))
    deadline = case.order_by().annotate(waits_until=due_on).values("waits_until")
    return steps.annotate(listed_on=Coalesce(Subquery(deadline), F("window_until"), output_field=DateField()))
