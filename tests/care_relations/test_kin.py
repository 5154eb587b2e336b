"""Whose family a child is of: by the register, by who cares for it, and through brothers and sisters."""

from datetime import date
from typing import Any

import pytest

from fjorten.care_relations.kin import kin_of
from fjorten.organisation.actions import open_municipality
from fjorten.organisation.models import Municipality
from fjorten.people.models import Adult, FamilyRelation, Identifier, ParentalResponsibility, Person, Placement
from tests.factories.access import OWNER
from tests.factories.clinic import AT, TODAY
from tests.factories.register import a_number

pytestmark = pytest.mark.django_db

MINE, MY_OLD_NUMBER = a_number(date(1990, 1, 1)), a_number(date(1990, 1, 1), is_d_number=True)
PARTNERS, STRANGERS = a_number(date(1989, 1, 1)), a_number(date(1988, 1, 1))


def a_child(municipality: Municipality, *, mother: str = "", father: str = "", responsible: str = "", **facts: Any) -> Person:
    child = Person.objects.create(municipality=municipality, born_on=TODAY, born_by=TODAY, **facts)
    for role, number in (("mor", mother), ("far", father)):
        if number:
            FamilyRelation.objects.create(person=child, role=role, related_number=number, source="prøve")
    if responsible:
        ParentalResponsibility.objects.create(child=child, kind="mor", responsible_number=responsible, source="prøve")
    return child


def kin(municipality: Municipality, number: str = MINE) -> set[int]:
    return set(kin_of([number], municipality=municipality)[number])


def test_my_family_is_the_register_s_and_through_it_the_sisters_and_brothers(municipality: Municipality) -> None:
    born_to_me = a_child(municipality, mother=MINE, father=PARTNERS)
    answered_for = a_child(municipality, responsible=MINE)
    stepchild = a_child(municipality, father=PARTNERS)
    a_child(municipality, mother=STRANGERS)
    assert kin(municipality) == {born_to_me.pk, answered_for.pk, stepchild.pk}
    assert kin(municipality, PARTNERS) == {born_to_me.pk, answered_for.pk, stepchild.pk}


def test_i_am_of_my_own_family_by_every_number_i_have_had_and_so_are_my_parents_children(municipality: Municipality) -> None:
    myself = a_child(municipality, mother=STRANGERS)
    brother = a_child(municipality, mother=STRANGERS)
    for number in (MINE, MY_OLD_NUMBER):
        Identifier.objects.create(person=myself, municipality=municipality, number=number)
    under_my_old_number = a_child(municipality, responsible=MY_OLD_NUMBER)
    assert kin(municipality) == {myself.pk, brother.pk, under_my_old_number.pk}


def test_a_child_i_care_for_is_of_my_family(municipality: Municipality) -> None:
    placed = a_child(municipality, mother=STRANGERS)
    carer = Adult.objects.create(municipality=municipality, number=MINE, recorded_at=AT, recorded_by="prøve")
    Placement.objects.create(
        person=placed, carer=carer, kind="private", source="barnevernet", from_on=TODAY, recorded_at=AT, recorded_by="leder"
    )
    assert kin(municipality) == {placed.pk}


def test_what_held_once_counts_for_good(municipality: Municipality) -> None:
    child = a_child(municipality)
    ParentalResponsibility.objects.create(child=child, kind="mor", responsible_number=MINE, source="prøve", valid_until=date(2020, 1, 1))
    assert kin(municipality) == {child.pk}


def test_a_child_whose_book_goes_on_is_of_the_family_under_both(municipality: Municipality) -> None:
    goes_on = a_child(municipality)
    began_as = a_child(municipality, mother=MINE, continued_as=goes_on)
    assert kin(municipality) == {began_as.pk, goes_on.pk}


def test_another_municipalitys_book_is_not_looked_in(municipality: Municipality) -> None:
    neighbour = open_municipality(code="9902", name="Nabokommunen", by=OWNER, at=AT)
    a_child(neighbour, mother=MINE)
    assert kin(municipality) == set()


def test_without_a_number_there_is_no_family_and_unnamed_parents_bind_nobody(municipality: Municipality) -> None:
    FamilyRelation.objects.create(person=a_child(municipality), role="mor", related_number="", source="prøve")
    FamilyRelation.objects.create(person=a_child(municipality, mother=MINE), role="far", related_number="", source="prøve")
    assert kin(municipality, "") == set()
    assert len(kin(municipality)) == 1


def test_the_families_of_many_cost_four_questions(municipality: Municipality, django_assert_max_num_queries: Any) -> None:
    a_child(municipality, mother=MINE, father=PARTNERS)
    with django_assert_max_num_queries(4):
        found = kin_of([MINE, PARTNERS, STRANGERS, ""], municipality=municipality)
    assert [len(found[number]) for number in (MINE, PARTNERS, STRANGERS, "")] == [1, 1, 0, 0]
