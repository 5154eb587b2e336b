"""The state of a ledger in a form that two runs can be compared by: no keys, no instants, no opaque ids."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from fjorten.organisation.models import Municipality
from fjorten.people.models import Person
from fjorten.people.queries import resident_children
from fjorten.plans.models import Enrolment, PlannedStep
from fjorten.registers.queries import received_runs

State = dict[str, Any]


def state_of(municipality: Municipality) -> State:
    """Tell what the register facts and the plans of a municipality add up to, by the children's numbers."""
    return {
        "received": received_runs(municipality),
        "children": sorted(_child(person) for person in _persons(municipality)),
    }


def residents_of(municipality: Municipality, *, on: date) -> list[Any]:
    """
    Tell the same of the children in the age group who live here on a day: what the ledger is about.

    Of the strictly protected only what does not depend on a document we may never have been allowed to keep.
    """
    return sorted(
        _child(person) if person.protection != "strictly_confidential" else _protected_child(person)
        for person in _persons(municipality).filter(pk__in=resident_children(municipality=municipality, on=on))
    )


def _persons(municipality: Municipality) -> QuerySet[Person]:
    return Person.objects.of(municipality).prefetch_related("identifiers", "residences", "names", "protections", "responsibilities")


def _protected_child(person: Person) -> tuple[Any, ...]:
    plans = tuple(_plan(row) for row in Enrolment.objects.filter(person=person).order_by("enrolled_on"))
    return (((f"protected, born {person.born_on}", True),), person.protection, plans)


def _child(person: Person) -> tuple[Any, ...]:
    return (
        tuple(sorted((row.number, row.is_in_use) for row in person.identifiers.all())),
        str(person.born_on),
        person.status,
        person.sex,
        person.is_dead,
        str(person.died_on),
        (person.given_name, person.middle_name, person.family_name),
        person.protection,
        tuple(
            sorted(
                (row.kind, row.municipality_code, row.is_here, str(row.valid_from), str(row.valid_until)) for row in person.residences.all()
            )
        ),
        tuple(sorted((row.level, str(row.valid_from), str(row.valid_until)) for row in person.protections.all())),
        tuple(sorted((row.kind, row.responsible_number) for row in person.responsibilities.all())),
        tuple(_plan(row) for row in Enrolment.objects.filter(person=person).order_by("enrolled_on")),
    )


def _plan(enrolment: Enrolment) -> tuple[Any, ...]:
    steps = PlannedStep.objects.filter(enrolment=enrolment).order_by("position")
    rows = steps.values_list("step", "target_on", "window_from", "window_until", "basis", "outcome", "outcome_on", "outcome_reason")
    return (
        str(enrolment.enrolled_on),
        str(enrolment.ended_on),
        enrolment.programme_version,
        str(enrolment.planned_from_born_on),
        tuple(tuple(str(value) for value in row) for row in rows),
    )
