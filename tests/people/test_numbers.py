"""Numbers change; the person does not."""

from datetime import date, datetime

import pytest
from django.db import IntegrityError, transaction

from fjorten.audit.actor import Actor
from fjorten.audit.models import AuditEvent
from fjorten.kernel.national_id import parse
from fjorten.organisation.models import Municipality
from fjorten.people.actions.register import join_persons
from fjorten.people.models import Identifier, Person
from fjorten.people.queries import NobodyHasThisNumber, person_with_number
from tests.factories.register import a_number

BORN = date(2024, 1, 1)
D_NUMBER, NUMBER, OTHER = (a_number(BORN, is_d_number=True), a_number(BORN), a_number(BORN, 1))


def a_child(municipality: Municipality, **numbers: bool) -> Person:
    """A child with numbers, each in use or not."""
    child = Person.objects.create(municipality=municipality, born_on=BORN, born_by=BORN)
    for number, is_in_use in numbers.items():
        Identifier.objects.create(municipality=municipality, person=child, number=number, is_in_use=is_in_use)
    return child


@pytest.mark.parametrize("number", [D_NUMBER, NUMBER], ids=["old", "new"])
def test_an_old_number_finds_the_same_person_as_the_new_one(number: str, municipality: Municipality) -> None:
    child = a_child(municipality, **{D_NUMBER: False, NUMBER: True})
    assert person_with_number(parse(number), municipality=municipality) == child


def test_a_number_nobody_has_is_refused_without_being_repeated(municipality: Municipality) -> None:
    a_child(municipality, **{NUMBER: True})
    with pytest.raises(NobodyHasThisNumber) as refused:
        person_with_number(parse(OTHER), municipality=municipality)
    assert OTHER not in str(refused.value)


def test_a_number_is_looked_up_in_one_municipality_only(municipality: Municipality) -> None:
    neighbour = Municipality.objects.create(code="9902", name="Nabokommunen")
    there = a_child(neighbour, **{NUMBER: True})
    with pytest.raises(NobodyHasThisNumber):
        person_with_number(parse(NUMBER), municipality=municipality)
    here = a_child(municipality, **{NUMBER: True})
    assert person_with_number(parse(NUMBER), municipality=municipality) == here != there


def test_when_two_persons_are_one_all_their_numbers_find_the_one_they_continue_as(
    municipality: Municipality, clerk: Actor, at: datetime
) -> None:
    first, second, third = (a_child(municipality, **{number: True}) for number in (D_NUMBER, NUMBER, OTHER))
    join_persons(survivor=second, others=[first], by=clerk, at=at)
    join_persons(survivor=third, others=[second], by=clerk, at=at)
    for number in (D_NUMBER, NUMBER, OTHER):
        assert person_with_number(parse(number), municipality=municipality) == third
    assert set(Person.objects.filter(continued_as=third)) == {first, second}  # nobody is deleted, and nobody points to one who moved on
    assert list(Person.objects.of(municipality)) == [third]
    events = AuditEvent.objects.filter(action="person.continued_as").order_by("seq")
    assert [(event.about, event.detail) for event in events] == [
        (str(first.public_id), {"survivor": str(second.public_id)}),
        (str(second.public_id), {"survivor": str(third.public_id)}),
    ]


def test_a_number_belongs_to_one_person_and_has_eleven_digits(municipality: Municipality) -> None:
    a_child(municipality, **{NUMBER: True})
    for number in (NUMBER, NUMBER[:-1], f"{NUMBER[:-1]}x"):
        with pytest.raises(IntegrityError), transaction.atomic():
            a_child(municipality, **{number: True})


def test_neither_a_person_nor_a_number_shows_the_number(municipality: Municipality) -> None:
    child = a_child(municipality, **{NUMBER: True})
    identifier = child.identifiers.get()
    assert str(child) == str(child.public_id)
    assert NUMBER not in f"{child} {child!r} {identifier} {identifier!r}"


@pytest.mark.parametrize(
    ("protection", "is_protected"), [("none", False), ("client", False), ("confidential", True), ("strictly_confidential", True)]
)
def test_who_is_protected(protection: str, is_protected: bool) -> None:
    assert Person(protection=protection).is_protected is is_protected
