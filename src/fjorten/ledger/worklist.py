"""
«Barn som trenger noe nå» a page at a time: the three lists of `needing_now` one after the other, narrowed in the database to what is asked
for, each with the nearest deadline first.

The list of those who are due may hold hundreds of thousands of rows, and is walked along an index: the steps with an open case by the
deadline of the case, those without by the end of their window, and the two are merged. The other lists are short in a large city, and
finding whom they hold means looking at every child; `among` says whom they held a moment ago (`needing_now.on_short_lists`), and only those
are asked about.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from heapq import merge
from itertools import islice
from typing import Any, Final, NamedTuple, cast

from django.db.models import DateField, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest

from fjorten.database.questions import Question
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

    children: Question[Person]
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

    def counts(self, groups: Collection[Group]) -> Mapping[Group, int]:
        """How many rows each of the lists that were asked for has, when all of them are on this page; nothing when there are more."""
        if self.has_earlier or self.has_later:
            return {}
        return {group: sum(row.place.group is group for row in self.rows) for group in groups}


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
            parts = (part.rows.built().filter(pk__in=keys) for part in _parts(group, wanted, municipality, on, None))
            found += sorted((_row(group, one) for part in parts for one in part), key=_order)
    return found


@dataclass(frozen=True, slots=True)
class _Part:
    """Rows of a list in order, and the expression of the deadline they are in order of, as the index has it."""

    rows: Question[Any]
    deadline: str

    def page(self, place: Place | None, way: str) -> list[Any]:
        """A page of them and one more: those after ("gt") or before ("lt") a place, or the first of all."""
        rows = self.rows if place is None else self.rows.then(_beyond, self.deadline, way, day=place.due_on, row=place.row)
        return rows.then(_first, way, PAGE + 1).rows()


def _beyond(rows: QuerySet[Any], deadline: str, way: str, *, day: date, row: int) -> QuerySet[Any]:
    """Keep those beyond a place. That the day itself is within is said apart: it is what an index is searched by."""
    there = Q(**{f"{deadline}__{way}": day}) | Q(**{deadline: day, f"pk__{way}": row})
    return rows.filter(Q(**{f"{deadline}__{way}e": day}) & there)


def _first(rows: QuerySet[Any], way: str, most: int) -> QuerySet[Any]:
    if rows.model is PlannedStep:
        rows = rows.select_related(None).select_related("enrolment__person")  # a list tells nothing of the clinic
    return (rows.reverse() if way == "lt" else rows)[:most]


def _forwards(lists: Mapping[Group, Sequence[_Part]], after: Place | None) -> Iterator[Row]:
    order = list(Group)
    for group, parts in lists.items():
        if after is not None and order.index(group) < order.index(after.group):
            continue
        there = after if after is not None and group is after.group else None
        yield from merge(*([_row(group, one) for one in part.page(there, "gt")] for part in parts), key=_order)


def _backwards(lists: Mapping[Group, Sequence[_Part]], before: Place) -> Iterator[Row]:
    order = list(Group)
    for group, parts in reversed(list(lists.items())):
        if order.index(group) > order.index(before.group):
            continue
        there = before if group is before.group else None
        yield from merge(*([_row(group, one) for one in part.page(there, "lt")] for part in parts), key=_order, reverse=True)


def _order(row: Row) -> tuple[date, int]:
    return row.place.due_on, row.place.row


def _counted(part: _Part) -> int:
    return int(part.rows.built().order_by()[: MOST_COUNTED + 1].count())


def _row(group: Group, found: Any) -> Row:
    place = Place(group, found.listed_on, found.pk)
    return Row(place, found) if isinstance(found, Person) else Row(place, found.enrolment.person, found)


class _Asked(NamedTuple):
    """What is asked of a list, besides whose children: what its question is told apart by."""

    group: Group
    municipality: Municipality
    on: date
    owner: Employee | None
    is_nobodys: bool
    step: str
    language: str


def _parts(group: Group, wanted: Wanted, municipality: Municipality, on: date, among: ShortLists | None) -> Sequence[_Part]:
    """A list as the parts it is walked in."""
    asked = _Asked(group, municipality, on, wanted.owner, wanted.is_nobodys, wanted.step, wanted.language)
    if group is Group.WITHOUT_JOURNAL:
        return [_Part(wanted.children.then(_without_journal, asked, **_keys(among.without_journal if among else None)), "listed_on")]
    keys = _keys(among.missed if among and group is Group.MISSED else None)
    parts = []
    if not wanted.is_nobodys:
        parts.append(_Part(wanted.children.then(_with_a_case, asked, **keys), "listed_on"))
    if wanted.owner is None:
        parts.append(_Part(wanted.children.then(_without_a_case, asked, **keys), "window_until"))
    return parts


def _keys(among: frozenset[int] | None) -> Mapping[str, frozenset[int]]:
    return {} if among is None else {"among": among}


def _with_a_case(children: PersonQuerySet, asked: _Asked, among: Collection[int] | None = None) -> QuerySet[PlannedStep]:
    """The steps whose case is open, by its deadline, or the day a pause of it ends when that comes later."""
    of_case = Q(cases__closed_at__isnull=True, cases__municipality=asked.municipality)
    if asked.owner is not None:
        present = Employee.objects.filter(municipality=asked.municipality).present_on(asked.on).values("pk")
        of_case &= Q(cases__owner=asked.owner) | (Q(cases__deputy=asked.owner) & ~Q(cases__owner__in=present))
    listed_on = Greatest(F("cases__due_on"), Coalesce(F("cases__paused_until"), F("cases__due_on")))
    return _steps(children, asked, among).filter(of_case).annotate(listed_on=listed_on).order_by("listed_on", "pk")


def _without_a_case(children: PersonQuerySet, asked: _Asked, among: Collection[int] | None = None) -> QuerySet[PlannedStep]:
    """The steps without an open case, by the end of their window."""
    without = _steps(children, asked, among).filter(~Exists(Case.objects.still_open().filter(planned_step=OuterRef("pk"))))
    return without.annotate(listed_on=F("window_until")).order_by("window_until", "pk")


def _without_journal(children: PersonQuerySet, asked: _Asked, among: Collection[int] | None = None) -> QuerySet[Any]:
    """The children without a journal, by the deadline of what the register's rules ask for; one no rule has seen yet is for today."""
    municipality, on = asked.municipality, asked.on
    work = WorkItem.objects.unresolved().filter(person=OuterRef("pk"), rule__in=ANSWERED_BY_ENROLLING)
    found = _among(unaccounted_children(municipality=municipality, on=on), among).filter(pk__in=children.values("pk"))
    if asked.step:  # of a plan, which none of these has
        found = found.none()
    if asked.language:
        found = found.filter(children_spoken_to_in(asked.language, municipality=municipality, on=on))
    if asked.owner is not None:
        found = found.filter(Exists(work.filter(owner=_GROUP_OF.get(asked.owner.role, ""))))
    if asked.is_nobodys:
        found = found.filter(~Exists(work))
    first = work.order_by().values("person").annotate(first=Min("deadline_on")).values("first")
    listed_on = Coalesce(Subquery(first), Value(on), output_field=DateField())
    return cast("QuerySet[Any]", found.annotate(listed_on=listed_on).order_by("listed_on", "pk"))


def _steps(children: PersonQuerySet, asked: _Asked, among: Collection[int] | None) -> QuerySet[PlannedStep]:
    """The steps asked for, of the children somebody may see: asked of each step in turn, since a page of a long list is what is wanted."""
    listed = steps_missed if asked.group is Group.MISSED else steps_due
    steps = _among(listed(municipality=asked.municipality, on=asked.on), among)
    steps = steps.filter(Exists(children.filter(pk=OuterRef("enrolment__person"))))
    if asked.step:
        steps = steps.filter(step=asked.step)
    if asked.language:
        spoken_to = children_spoken_to_in(asked.language, municipality=asked.municipality, on=asked.on)
        steps = steps.filter(enrolment__person__in=Person.objects.of(asked.municipality).filter(spoken_to).values("pk"))
    return steps


def _among(rows: QuerySet[Any], keys: Collection[int] | None) -> QuerySet[Any]:
    return rows if keys is None else rows.filter(pk__in=keys)
