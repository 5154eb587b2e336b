"""What follows at once from what the register says: newborns are enrolled, plans follow birth dates, the protected are hidden."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef

from fjorten.audit.actor import Actor
from fjorten.kernel.times import oslo_date
from fjorten.messages.actions.protection import hide_families
from fjorten.organisation.models import Municipality
from fjorten.organisation.queries import clinic_map
from fjorten.people.models import Person, Residence
from fjorten.plans.actions.enrolment import NewEnrolment, count_enrolment_from, enrol_all
from fjorten.plans.actions.replanning import replan
from fjorten.plans.models import Enrolment
from fjorten.plans.programmes import Programmes
from fjorten.plans.steps import full_plan
from fjorten.registers.intake import statements_of
from fjorten.registers.statements import newborn_here_on

NEWBORN: Final = "nyfødt bosatt"


def follow_policy(
    persons: Collection[int],
    *,
    municipality: Municipality,
    own_codes: frozenset[str],
    programmes: Programmes,
    by: Actor,
    at: datetime,
) -> int:
    """
    Enrol the newborn residents among the persons given, and move the plans of those whose birth date was corrected; tells how many were
    enrolled. Inside the caller's transaction.

    Whoever is not a newborn is left to a person: it shows as unaccounted, with the catch-up plan one action away.
    """
    _count_from_the_first_word(persons, municipality=municipality, own_codes=own_codes, by=by, at=at)
    _move_plans(persons, programmes=programmes, by=by, at=at)
    hide_families(municipality=municipality, persons=persons, on=oslo_date(at), by=by, at=at)
    if not municipality.enrols_newborns:
        return 0
    living_here = Residence.objects.filter(person=OuterRef("pk"), is_here=True, valid_until__isnull=True)
    never_enrolled = Person.objects.of(municipality).filter(pk__in=persons, is_dead=False, born_on__isnull=False, enrolments__isnull=True)
    candidates = {person.pk: person for person in never_enrolled.filter(Exists(living_here)).prefetch_related("residences")}
    told = statements_of(candidates)
    clinics = clinic_map(municipality)
    new: dict[str, list[NewEnrolment]] = defaultdict(list)
    for pk, person in sorted(candidates.items()):
        first_seen_on = newborn_here_on(told[pk], own_codes=own_codes, newborn_days=municipality.newborn_days)
        if first_seen_on is not None and person.born_on is not None:
            definition = programmes.on(first_seen_on)
            steps = full_plan(person.born_on, definition)
            clinic = clinics.clinic_for(basic_unit_of(person))
            new[definition.reference].append(NewEnrolment(person=person, clinic=clinic, on=first_seen_on, steps=steps))
    for reference, children in sorted(new.items()):
        enrol_all(children=children, municipality=municipality, programme_version=reference, reason=NEWBORN, by=by, at=at)
    return sum(len(children) for children in new.values())


def _count_from_the_first_word(
    persons: Collection[int], *, municipality: Municipality, own_codes: frozenset[str], by: Actor, at: datetime
) -> None:
    """A late document may tell of an earlier day: a newborn's enrolment counts from the first, whatever came first."""
    enrolled = {
        row.person_id: row
        for row in Enrolment.objects.still_open().filter(person__in=persons, reason=NEWBORN).select_related("person__municipality")
    }
    for pk, statements in statements_of(enrolled).items():
        first = newborn_here_on(statements, own_codes=own_codes, newborn_days=municipality.newborn_days)
        if first is not None and first < enrolled[pk].enrolled_on:
            count_enrolment_from(enrolment=enrolled[pk], on=first, reason=NEWBORN, by=by, at=at)


def _move_plans(persons: Collection[int], *, programmes: Programmes, by: Actor, at: datetime) -> None:
    enrolled = (
        Enrolment.objects.still_open().filter(person__in=persons, person__born_on__isnull=False).select_related("person__municipality")
    )
    for enrolment in enrolled:
        born_on = enrolment.person.born_on
        if born_on is not None and born_on != enrolment.planned_from_born_on:
            replan(
                enrolment=enrolment,
                definition=programmes.of(enrolment.programme_version),
                born_on=born_on,
                reason="rettet fødselsdato",
                by=by,
                at=at,
            )


def basic_unit_of(person: Person) -> str:
    """Tell the basic unit a person lives in, "" when it is unknown or must not be used (protected)."""
    if person.is_protected:
        return ""
    here = [row for row in person.residences.all() if row.is_here and row.valid_until is None]
    return here[0].basic_unit if here else ""
