"""
«Barn som trenger noe nå» a page at a time: the three lists of `needing_now` one after the other, narrowed in the database to what is asked
for, each with the nearest deadline first.

The list of those who are due may hold hundreds of thousands of rows, and is walked along an index: the steps with an open case by the
deadline of the case, those without by the end of their window, and the two are merged. The other lists are short in a large city, and
finding whom they hold means looking at every child; `among` says whom they held a moment ago (`needing_now.on_short_lists`), and only those
are asked about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from heapq import merge
from itertools import islice
from typing import Any, Final, cast

from django.db.models import DateField, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest

from fjorten.followup.models import Case
from fjorten.ledger.balance import unaccounted_children
from fjorten.ledger.needing_now import ShortLists, steps_due, steps_missed
from fjorten.organisation.models import Employee, Municipality
from fjorten.people.families import children_spoken_to_in
from fjorten.people.models import Person, PersonQuerySet
from fjorten.plans.models import PlannedStep
from fjorten.registers.enrolment import ANSWERED_BY_ENROLLING
from fjorten.registers.models import WorkItem

PAGE: Final = 100  # rows (ui.md section 5)
MOST_COUNTED: Final = 1_000  # of each part of a list: who has more rows than that has no use for their number [default]
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
    wanted: Wanted,
    *,
    municipality: Municipality,
    on: date,
    after: Place | None = None,
    before: Place | None = None,
    among: ShortLists | None = None,
) -> WorklistPage:
    """
    This function will read a page of rows: the first, or the one after or before a place. At most two questions for each list.

    `among`: whom the short lists held a moment ago; without it they are found anew.
    """
    lists = {group: _parts(group, wanted, municipality, on, among) for group in wanted.groups}
    if before is not None:
        found = list(islice(_backwards(lists, before), PAGE + 1))
        return WorklistPage(tuple(reversed(found[:PAGE])), has_earlier=len(found) > PAGE, has_later=True)
    found = list(islice(_forwards(lists, after), PAGE + 1))
    return WorklistPage(tuple(found[:PAGE]), has_earlier=after is not None, has_later=len(found) > PAGE)


def counts_wanted(wanted: Wanted, *, municipality: Municipality, on: date, among: ShortLists | None = None) -> Mapping[Group, int]:
    """
    This function will count the rows of every list as they are asked for, whichever lists are shown; of each part of a list at most
    `MOST_COUNTED`, so that a count above it means "more than". One question for each part.
    """
    return {group: sum(_counted(part) for part in _parts(group, wanted, municipality, on, among)) for group in Group}


def rows_picked(wanted: Wanted, places: Mapping[Group, list[int]], *, municipality: Municipality, on: date) -> list[Row]:
    """
    This function will find rows by their primary keys in their lists, in the order of the lists: what somebody has picked. A row that is on
    its list no longer, or is not for them to see, is not found.
    """
    found = []
    for group, keys in places.items():
        if keys:
            parts = (part.rows.filter(pk__in=keys) for part in _parts(group, wanted, municipality, on, None))
            found += sorted((_row(group, one) for part in parts for one in part), key=_order)
    return found


@dataclass(frozen=True, slots=True)
class _Part:
    """Rows of a list in order, and the expression of the deadline they are in order of, as the index has it."""

    rows: QuerySet[Any]
    deadline: str


def _forwards(lists: Mapping[Group, Sequence[_Part]], after: Place | None) -> Iterator[Row]:
    order = list(Group)
    for group, parts in lists.items():
        if after is not None and order.index(group) < order.index(after.group):
            continue
        of_parts = [part.rows if after is None or group is not after.group else _beyond(part, after, "gt") for part in parts]
        yield from merge(*([_row(group, one) for one in rows[: PAGE + 1]] for rows in of_parts), key=_order)


def _backwards(lists: Mapping[Group, Sequence[_Part]], before: Place) -> Iterator[Row]:
    order = list(Group)
    for group, parts in reversed(list(lists.items())):
        if order.index(group) > order.index(before.group):
            continue
        of_parts = [_beyond(part, before, "lt") if group is before.group else part.rows for part in parts]
        yield from merge(*([_row(group, one) for one in rows.reverse()[: PAGE + 1]] for rows in of_parts), key=_order, reverse=True)


def _beyond(part: _Part, place: Place, way: str) -> QuerySet[Any]:
    """The rows after ("gt") or before ("lt") a place. That the day itself is within is said apart: it is what an index is searched by."""
    day, row = place.due_on, place.row
    there = Q(**{f"{part.deadline}__{way}": day}) | Q(**{part.deadline: day, f"pk__{way}": row})
    return part.rows.filter(Q(**{f"{part.deadline}__{way}e": day}) & there)


def _order(row: Row) -> tuple[date, int]:
    return row.place.due_on, row.place.row


def _counted(part: _Part) -> int:
    return int(part.rows.order_by()[: MOST_COUNTED + 1].count())


def _row(group: Group, found: Any) -> Row:
    place = Place(group, found.listed_on, found.pk)
    return Row(place, found) if isinstance(found, Person) else Row(place, found.enrolment.person, found)


def _parts(group: Group, wanted: Wanted, municipality: Municipality, on: date, among: ShortLists | None) -> Sequence[_Part]:
    """A list as the parts it is walked in."""
    if group is Group.WITHOUT_JOURNAL:
        children = unaccounted_children(municipality=municipality, on=on)
        found = _without_journal(_among(children, among.without_journal if among else None), wanted, municipality, on)
        return [_Part(found.order_by("listed_on", "pk"), "listed_on")]
    if group is Group.MISSED:
        steps = _among(steps_missed(municipality=municipality, on=on), among.missed if among else None)
    else:
        steps = steps_due(municipality=municipality, on=on)
    steps = _narrowed(steps, wanted, municipality, on)
    parts = []
    if not wanted.is_nobodys:
        parts.append(_with_a_case(steps, wanted, municipality, on))
    if wanted.owner is None:
        without = steps.filter(~Exists(Case.objects.still_open().filter(planned_step=OuterRef("pk"))))
        parts.append(_Part(without.annotate(listed_on=F("window_until")).order_by("window_until", "pk"), "window_until"))
    return parts


def _among(rows: QuerySet[Any], keys: frozenset[int] | None) -> QuerySet[Any]:
    return rows if keys is None else rows.filter(pk__in=keys)


def _with_a_case(steps: QuerySet[PlannedStep], wanted: Wanted, municipality: Municipality, on: date) -> _Part:
    """The steps whose case is open, by its deadline, or the day a pause of it ends when that comes later."""
    of_case = Q(cases__closed_at__isnull=True, cases__municipality=municipality)
    if wanted.owner is not None:
        present = Employee.objects.filter(municipality=municipality).present_on(on).values("pk")
        of_case &= Q(cases__owner=wanted.owner) | (Q(cases__deputy=wanted.owner) & ~Q(cases__owner__in=present))
    listed_on = Greatest(F("cases__due_on"), Coalesce(F("cases__paused_until"), F("cases__due_on")))
    return _Part(steps.filter(of_case).annotate(listed_on=listed_on).order_by("listed_on", "pk"), "listed_on")


def _without_journal(children: QuerySet[Any], wanted: Wanted, municipality: Municipality, on: date) -> QuerySet[Any]:
    """The children without a journal, by the deadline of what the register's rules ask for; one no rule has seen yet is for today."""
    work = WorkItem.objects.unresolved().filter(person=OuterRef("pk"), rule__in=ANSWERED_BY_ENROLLING)
    children = children.filter(pk__in=wanted.children.values("pk"))
    if wanted.step:  # of a plan, which none of these has
        children = children.none()
    if wanted.language:
        children = children.filter(children_spoken_to_in(wanted.language, municipality=municipality, on=on))
    if wanted.owner is not None:
        children = children.filter(Exists(work.filter(owner=_GROUP_OF.get(wanted.owner.role, ""))))
    if wanted.is_nobodys:
        children = children.filter(~Exists(work))
    first = work.order_by().values("person").annotate(first=Min("deadline_on")).values("first")
    return cast("QuerySet[Any]", children.annotate(listed_on=Coalesce(Subquery(first), Value(on), output_field=DateField())))


def _narrowed(steps: QuerySet[PlannedStep], wanted: Wanted, municipality: Municipality, on: date) -> QuerySet[PlannedStep]:
    """The steps asked for, of the children somebody may see: asked of each step in turn, since a page of a long list is what is wanted."""
    steps = steps.filter(Exists(wanted.children.filter(pk=OuterRef("enrolment__person"))))
    if wanted.step:
        steps = steps.filter(step=wanted.step)
    if wanted.language:
        spoken_to = Person.objects.of(municipality).filter(children_spoken_to_in(wanted.language, municipality=municipality, on=on))
        steps = steps.filter(enrolment__person__in=spoken_to.values("pk"))
    return steps
