"""Persons, what the register says of them, and what we know of their families ourselves."""

from fjorten.people.models.family import Adult, ContactPause, ContactPoint, Placement, PostalAddress, Wish
from fjorten.people.models.register import (
    AGE_GROUP_YEARS,
    AddressProtection,
    Fact,
    FamilyRelation,
    Identifier,
    Migration,
    NameInForce,
    ParentalResponsibility,
    PeriodQuerySet,
    Person,
    PersonQuerySet,
    Residence,
)

__all__ = [
    "AGE_GROUP_YEARS",
    "AddressProtection",
    "Adult",
    "ContactPause",
    "ContactPoint",
    "Fact",
    "FamilyRelation",
    "Identifier",
    "Migration",
    "NameInForce",
    "ParentalResponsibility",
    "PeriodQuerySet",
    "Person",
    "PersonQuerySet",
    "Placement",
    "PostalAddress",
    "Residence",
    "Wish",
]
