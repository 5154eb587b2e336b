"""Whose family a child is of, by the register and by what we know of who cares for it."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Final

from fjorten.organisation.models import Municipality
from fjorten.people.models import FamilyRelation, Identifier, ParentalResponsibility, Placement

_PARENTS: Final = ("mor", "far", "medmor")  # the register's words for them [source: Folkeregisteret, element familierelasjon]


def kin_of(numbers: Collection[str], *, municipality: Municipality) -> Mapping[str, frozenset[int]]:
    """
    This function will find, for each identity number, the persons (primary keys) in a municipality's book who are its holder or of the
    holder's own family, in at most four questions.

    Of the family are those the register names the holder for as a relative or as having parental responsibility, those the holder cares
    for by our own facts, and the brothers and sisters of all these by a parent they share. What held once counts for good [default]. An
    empty number has no family: nobody has told whose account it is.
    """
    kin: dict[str, set[int]] = {number: set() for number in numbers}
    wanted = {number for number in numbers if number}
    if wanted:
        all_names = _holders(wanted, municipality, kin)
        for number, children in _children_by_adult(all_names, municipality).items():
            for holder in all_names[number]:
                kin[holder] |= children
    everybody: set[int] = set().union(*kin.values())
    if everybody:
        parents = _parents_of(everybody)
        siblings = _children_by_adult({parent for named in parents.values() for parent in named}, municipality)
        for holder in wanted:
            kin[holder] |= {sibling for child in kin[holder] for parent in parents[child] for sibling in siblings[parent]}
    return {number: frozenset(found) for number, found in kin.items()}


def _holders(wanted: Collection[str], municipality: Municipality, kin: Mapping[str, set[int]]) -> Mapping[str, set[str]]:
    """
    Put the holders themselves, where they are in the book, among their kin; and tell which of the wanted numbers each number stands for:
    itself, and all that the same person goes or has gone by.
    """
    stands_for: dict[str, set[str]] = defaultdict(set, {number: {number} for number in wanted})
    own = Identifier.objects.filter(municipality=municipality, number__in=wanted).values("person_id")
    by_person: dict[int, set[str]] = defaultdict(set)
    for person, number in Identifier.objects.filter(person__in=own).values_list("person_id", "number"):
        by_person[person].add(number)
    for person, all_numbers in by_person.items():
        for holder in all_numbers & set(wanted):
            kin[holder].add(person)
            for number in all_numbers:
                stands_for[number].add(holder)
    return stands_for


def _children_by_adult(numbers: Collection[str], municipality: Municipality) -> Mapping[str, set[int]]:
    """The persons some numbers are named for in the register or as carers, and those their books go on as."""
    relations = FamilyRelation.objects.filter(person__municipality=municipality, related_number__in=numbers)
    responsibilities = ParentalResponsibility.objects.filter(child__municipality=municipality, responsible_number__in=numbers)
    placements = Placement.objects.filter(person__municipality=municipality, carer__number__in=numbers)
    named = relations.values_list("related_number", "person_id", "person__continued_as_id").union(
        responsibilities.values_list("responsible_number", "child_id", "child__continued_as_id"),
        placements.values_list("carer__number", "person_id", "person__continued_as_id"),
    )
    found: dict[str, set[int]] = defaultdict(set)
    for number, child, goes_on_as in named:
        found[number] |= {child} if goes_on_as is None else {child, goes_on_as}
    return found


def _parents_of(children: Collection[int]) -> Mapping[int, set[str]]:
    """The numbers of those who are the parents of some persons by the register, or answer for them."""
    relations = FamilyRelation.objects.filter(person__in=children, role__in=_PARENTS).exclude(related_number="")
    responsibilities = ParentalResponsibility.objects.filter(child__in=children).exclude(responsible_number="")
    named = relations.values_list("person_id", "related_number").union(responsibilities.values_list("child_id", "responsible_number"))
    found: dict[int, set[str]] = defaultdict(set)
    for child, number in named:
        found[child].add(number)
    return found
