"""A child's family as it is reached on a day: guardians, carer, their ways of being reached, and whether they are left in peace."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Q, QuerySet

from fjorten.database.questions import Question
from fjorten.kernel.chunks import chunks
from fjorten.organisation.models import Municipality
from fjorten.people.models import Adult, ContactPause, ContactPoint, ParentalResponsibility, Person, Placement, Residence, Wish


@dataclass(frozen=True, slots=True)
class Reach:
    """How one adult is reached now; a dead number and an address letters come back from are none."""

    adult: Adult
    telephone: ContactPoint | None
    email: ContactPoint | None
    has_postal_address: bool


@dataclass(frozen=True, slots=True)
class Family:
    """
    Who is around one child on a day. `lives_or_stays_here` is the register's word; `paused_until` the first day messages go out again, or
    None; `unnumbered_guardians` how many have responsibility by the register without a number we know anybody by.
    """

    person: Person
    lives_or_stays_here: bool
    guardians: tuple[Reach, ...]
    unnumbered_guardians: int
    carer: Reach | None
    paused_until: date | None
    wish: Wish | None


NORWEGIAN: Final = ("nb", "nn", "no")
_AT_ONCE = 5000  # SQLite takes about 32,000 values in a question


def families_of(persons: Collection[int], *, on: date, known: Mapping[int, Person] | None = None) -> Mapping[int, Family]:
    """
    Read the families of children (by primary key) on a day, in a handful of questions for each few thousand of them.

    `known`: the children themselves, by primary key, where they have just been read.
    """
    found: dict[int, Family] = {}
    for some in chunks(list(persons), _AT_ONCE):
        found |= _families(some, known, on)
    return found


def children_spoken_to_in(language: str, *, municipality: Municipality, on: date) -> Q:
    """
    This function will give the condition that a child's family is spoken to in a language (ISO 639) on a day: whoever cares for the child
    now, else one of those with responsibility. Norwegian in any form: nobody of them is known to want another.
    """
    adults = Adult.objects.filter(municipality=municipality)
    if language in NORWEGIAN:
        return ~_with_one_of(adults.exclude(language__in=(*NORWEGIAN, "")), on)
    return _with_one_of(adults.filter(language=language), on)


def _with_one_of(adults: QuerySet[Adult], on: date) -> Q:
    placed = Placement.objects.on(on)
    holds = (Q(valid_from__isnull=True) | Q(valid_from__lte=on)) & (Q(valid_until__isnull=True) | Q(valid_until__gt=on))
    numbers = adults.exclude(number="").values("number")
    responsible = ParentalResponsibility.objects.filter(holds, responsible_organisation="", responsible_number__in=numbers)
    cared_for = Q(pk__in=placed.filter(carer__in=adults.values("pk")).values("person_id"))
    return cared_for | (Q(pk__in=responsible.values("child_id")) & ~Q(pk__in=placed.values("person_id")))


def languages_spoken(*, municipality: Municipality) -> list[str]:
    """This function will list the languages (ISO 639) that the adults of a municipality's families are known to want, in order of code."""
    wanted = Adult.objects.filter(municipality=municipality).exclude(language="")
    return list(wanted.order_by("language").values_list("language", flat=True).distinct())


def _families(persons: Collection[int], known: Mapping[int, Person] | None, on: date) -> dict[int, Family]:
    if known is None:
        children = {child.pk: child for child in Question(_persons, (), {"persons": persons}).rows()}
    else:
        children = {pk: known[pk] for pk in persons}
    keys = {"persons": tuple(children)}
    here = {person for (person,) in Question(_living_here, (on,), keys).rows()}
    responsible = _responsible(children, on)
    placements = {row.person_id: row for row in Question(_placed, (on,), keys).rows()}
    adults = _adults(
        numbers={number for numbers in responsible.values() for number in numbers if number},
        municipalities={child.municipality_id for child in children.values()},
        carers={row.carer_id for row in placements.values()},
    )
    carers = {reach.adult.pk: reach for reach in adults}
    by_number = {(reach.adult.municipality_id, reach.adult.number): reach for reach in adults}
    pauses = pauses_of(children, on=on)
    wishes = {row.person_id: row for row in Question(_wishes, (), keys).rows()}
    found = {}
    for pk, child in children.items():
        named = [by_number.get((child.municipality_id, number)) for number in responsible[pk]]
        found[pk] = Family(
            person=child,
            lives_or_stays_here=pk in here or child.stays_here,
            guardians=tuple(reach for reach in named if reach is not None),
            unnumbered_guardians=sum(reach is None for reach in named),
            carer=carers[placements[pk].carer_id] if pk in placements else None,
            paused_until=pauses.get(pk),
            wish=wishes.get(pk),
        )
    return found


def _persons(persons: Collection[int]) -> QuerySet[Person]:
    return Person.objects.filter(pk__in=persons).select_related("municipality")


def _living_here(on: date, persons: Collection[int]) -> QuerySet[Residence, tuple[int]]:
    return Residence.objects.filter(person__in=persons, is_here=True).on(on).values_list("person_id")


def _placed(on: date, persons: Collection[int]) -> QuerySet[Placement]:
    return Placement.objects.filter(person__in=persons).on(on)


def _wishes(persons: Collection[int]) -> QuerySet[Wish]:
    return Wish.objects.filter(person__in=persons, ended_at__isnull=True)


def guardians_numbers(persons: Collection[int], *, on: date) -> Mapping[int, list[str]]:
    """List the numbers of those with parental responsibility on a day, by child; "" for one the register gives no number of."""
    return _responsible(persons, on)


def _responsible(children: Collection[int], on: date) -> Mapping[int, list[str]]:
    numbers: dict[int, list[str]] = defaultdict(list)
    for child, number, valid_from, valid_until in Question(_responsibilities, (), {"children": children}).rows():
        holds = (valid_from is None or valid_from <= on) and (valid_until is None or valid_until > on)
        if holds and number not in numbers[child]:
            numbers[child].append(number)
    return numbers


def _responsibilities(children: Collection[int]) -> QuerySet[Any, tuple[int, str, date | None, date | None]]:
    rows = ParentalResponsibility.objects.filter(child__in=children, responsible_organisation="").order_by("pk")
    return rows.values_list("child_id", "responsible_number", "valid_from", "valid_until")


def _adults(*, numbers: Collection[str], municipalities: Collection[int], carers: Collection[int]) -> list[Reach]:
    """Find adults by their numbers in municipalities' books, and by their primary keys."""
    found = []
    if numbers:
        found += Question(_numbered, (), {"numbers": numbers, "municipalities": municipalities}).rows()
    if carers:
        found += Question(_keyed, (), {"adults": carers}).rows()
    ways: dict[int, dict[str, ContactPoint]] = defaultdict(dict)
    for point in Question(_ways, (), {"adults": {adult.pk for adult in found}}).rows():
        ways[point.adult_id][point.kind] = point
    return [_reach(adult, ways[adult.pk]) for adult in found]


def _reach(adult: Adult, ways: Mapping[str, ContactPoint]) -> Reach:
    address = getattr(adult, "postal_address", None)
    return Reach(
        adult,
        ways.get(ContactPoint.Kind.TELEPHONE),
        ways.get(ContactPoint.Kind.EMAIL),
        address is not None and address.returned_on is None,
    )


def _numbered(numbers: Collection[str], municipalities: Collection[int]) -> QuerySet[Adult]:
    """Those of these numbers. That none of them is empty is said, for the index holds only those with a number."""
    known = Adult.objects.filter(number__in=numbers, municipality__in=municipalities).exclude(number="")
    return known.select_related("postal_address")


def _keyed(adults: Collection[int]) -> QuerySet[Adult]:
    return Adult.objects.filter(pk__in=adults).select_related("postal_address")


def _ways(adults: Collection[int]) -> QuerySet[ContactPoint]:
    """The ways adults are reached that are not dead."""
    return ContactPoint.objects.filter(adult__in=adults, ended_at__isnull=True, failed_on__isnull=True)


def pauses_of(persons: Collection[int], *, on: date) -> Mapping[int, date]:
    """Tell which of some children's families (primary keys) are left in peace on a day, and the first day messages go out again."""
    until: dict[int, date] = {}
    for child, until_on in Question(_pauses, (on,), {"persons": persons}).rows():
        until[child] = max(until_on, until.get(child, until_on))
    return until


def _pauses(on: date, persons: Collection[int]) -> QuerySet[Any, tuple[int, date]]:
    return ContactPause.objects.filter(person__in=persons).on(on).values_list("person_id", "until_on")
