"""A child's family as it is reached on a day: guardians, carer, their ways of being reached, and whether they are left in peace."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Prefetch, Q, QuerySet

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


def families_of(persons: Collection[int], *, on: date) -> Mapping[int, Family]:
    """Read the families of children (by primary key) on a day, in a handful of questions for each few thousand of them."""
    found: dict[int, Family] = {}
    for some in chunks(list(persons), _AT_ONCE):
        found |= _families(some, on)
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


def _families(persons: Collection[int], on: date) -> dict[int, Family]:
    children = {child.pk: child for child in Person.objects.filter(pk__in=persons).select_related("municipality")}
    here = set(Residence.objects.filter(person__in=children, is_here=True).on(on).values_list("person_id", flat=True))
    responsible = _responsible(children, on)
    adults = _adults([number for numbers in responsible.values() for number in numbers])
    placements = {row.person_id: row for row in Placement.objects.filter(person__in=children).on(on)}
    carers = _by_pk([row.carer_id for row in placements.values()])
    pauses = pauses_of(children, on=on)
    wishes = {row.person_id: row for row in Wish.objects.filter(person__in=children, ended_at__isnull=True)}
    found = {}
    for pk, child in children.items():
        known = [adults.get((child.municipality_id, number)) for number in responsible[pk]]
        found[pk] = Family(
            person=child,
            lives_or_stays_here=pk in here or child.stays_here,
            guardians=tuple(reach for reach in known if reach is not None),
            unnumbered_guardians=sum(reach is None for reach in known),
            carer=carers[placements[pk].carer_id] if pk in placements else None,
            paused_until=pauses.get(pk),
            wish=wishes.get(pk),
        )
    return found


def guardians_numbers(persons: Collection[int], *, on: date) -> Mapping[int, list[str]]:
    """List the numbers of those with parental responsibility on a day, by child; "" for one the register gives no number of."""
    return _responsible(dict.fromkeys(persons), on)


def _responsible(children: Mapping[int, object], on: date) -> Mapping[int, list[str]]:
    numbers: dict[int, list[str]] = defaultdict(list)
    rows = ParentalResponsibility.objects.filter(child__in=children, responsible_organisation="").order_by("pk")
    for row in rows:
        holds = (row.valid_from is None or row.valid_from <= on) and (row.valid_until is None or row.valid_until > on)
        if holds and row.responsible_number not in numbers[row.child_id]:
            numbers[row.child_id].append(row.responsible_number)
    return defaultdict(list, numbers)


def _adults(numbers: Collection[str]) -> Mapping[tuple[int, str], Reach]:
    known = _with_ways(Adult.objects.filter(number__in={number for number in numbers if number}))
    return {(reach.adult.municipality_id, reach.adult.number): reach for reach in known}


def _by_pk(keys: Collection[int]) -> Mapping[int, Reach]:
    return {reach.adult.pk: reach for reach in _with_ways(Adult.objects.filter(pk__in=keys))}


def _with_ways(adults: QuerySet[Adult]) -> list[Reach]:
    alive = ContactPoint.objects.filter(ended_at__isnull=True, failed_on__isnull=True)
    found = []
    for adult in adults.select_related("postal_address").prefetch_related(Prefetch("contact_points", queryset=alive, to_attr="alive")):
        ways = {point.kind: point for point in adult.alive}
        address = getattr(adult, "postal_address", None)
        found.append(
            Reach(
                adult,
                ways.get(ContactPoint.Kind.TELEPHONE),
                ways.get(ContactPoint.Kind.EMAIL),
                address is not None and address.returned_on is None,
            )
        )
    return found


def pauses_of(persons: Collection[int] | QuerySet[Any, Any], *, on: date) -> Mapping[int, date]:
    """
    Tell which of some children's families are left in peace on a day, and the first day messages go out again: the latest of their pauses.

    `persons` are primary keys, or a question for them.
    """
    until: dict[int, date] = {}
    pauses = ContactPause.objects.filter(person__in=persons).on(on)
    for child, until_on in pauses.values_list("person_id", "until_on"):
        until[child] = max(until_on, until.get(child, until_on))
    return until
