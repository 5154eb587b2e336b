"""Getting to know families: how they are reached, what suits them, who cares for the child now, and whose address is protected."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from fjorten.audit.actor import Actor
from fjorten.kernel.national_id import NationalId
from fjorten.ledger.balance import unaccounted_children
from fjorten.people.actions.families import (
    end_placement,
    protect_adult,
    record_address,
    record_adult,
    record_contact_point,
    record_placement,
    record_wish,
)
from fjorten.people.families import guardians_numbers
from fjorten.people.models import Adult, ContactPoint, Placement
from fjorten.people.models import Person as Child
from fjorten.plans.models import Enrolment
from fjorten.plans.programmes import programmes_of
from fjorten.programme.plan import plan_for
from fjorten.registers.enrolment import enrol_resident
from fjorten.simulation.clinic.workday import OFFICE, Workday
from fjorten.simulation.families.household import telephone_number
from fjorten.simulation.office.happenings import Happening
from fjorten.simulation.records import Person, Protection

SEEN_TO_A_DAY = 0.12  # of the newcomers nobody has seen to yet [default]
DOCUMENTED_ELSEWHERE = 0.8  # of what a newcomer is too old for [default]
IS_MET_AT_ONCE = 0.97  # of new families; the others are found when a message has nobody to go to [default]
IS_SECRET = 0.4  # of placements: not even where the child is may be told [default]


def enrol_newcomers(work: Workday) -> None:
    """This function will see to some of the children who live here and follow no programme, with what their papers say is done."""
    definition = programmes_of(work.municipality).on(work.day)
    for person in unaccounted_children(municipality=work.municipality, on=work.day).order_by("pk"):
        born_on = person.born_on
        known = work.people([person.pk]).get(person.pk)
        if born_on is None or known is None:
            continue
        rng = work.rng("newcomer", known.key, work.day)
        if rng.random() >= SEEN_TO_A_DAY:
            continue
        behind = [planned.step for planned in plan_for(born_on, definition) if planned.deadline_on < work.day]
        documented = [code for code in behind if rng.random() < DOCUMENTED_ELSEWHERE]
        with work.trying("enrol"):
            enrol_resident(person=person, on=work.day, reason="nytt barn i kommunen", documented=documented, by=OFFICE, at=work.at(8, 30))


def meet_families(work: Workday, met: set[int]) -> None:
    """This function will note how the families of the children who follow the programme are reached; `met` are those noted before."""
    rows = Enrolment.objects.of(work.municipality).still_open().exclude(person__is_dead=True)
    new = sorted(set(rows.values_list("person_id", flat=True)) - met)
    people = work.people(new)
    now = [pk for pk in new if pk in people and work.rng("met", people[pk].key, work.day).random() < IS_MET_AT_ONCE]
    met.update(now)
    note_families(work, now, by=OFFICE, at=work.at(8))


def note_families(work: Workday, persons: Collection[int], *, by: Actor, at: datetime) -> None:
    """This function will note the guardians of children, by the register, with what they tell of themselves, and what suits the family."""
    children = {child.pk: child for child in Child.objects.filter(pk__in=persons).select_related("municipality")}
    known = work.people(children)
    numbers = guardians_numbers(children, on=work.day)
    for pk, child in children.items():
        for number in numbers[pk]:
            guardian = work.world.person_numbered(number, on=work.day) if number else None
            if guardian is not None:
                _note_guardian(work, guardian, by=by, at=at)
        wish = work.households.wish(known[pk]) if pk in known else None
        if wish is not None:
            record_wish(
                person=child,
                unsuitable_weekdays=wish.unsuitable_weekdays,
                earliest=wish.earliest,
                latest=wish.latest,
                can_come_at_short_notice=wish.can_come_soon,
                by=by,
                at=at,
            )


def note_protection_and_placements(work: Workday) -> None:
    """This function will note what child welfare and the families tell about protection and who cares for a child now."""
    at = work.at(8, 15)
    hidden = [Happening.MADE_CONFIDENTIAL, Happening.MADE_STRICTLY_CONFIDENTIAL]
    for person in (person for happening in hidden for person in work.world.happened_to(happening, on=work.day)):
        for adult in Adult.objects.filter(municipality=work.municipality, number__in=[n.digits for n in _numbers(work, person)]):
            protect_adult(adult=adult, by=OFFICE, at=at)
    for person in work.world.happened_to(Happening.PLACED_AT_CLIENT_ADDRESS, on=work.day):
        child = _child(work, person)
        rng = work.rng("placed", person.key)
        if child is not None and not Placement.objects.on(work.day).filter(person=child).exists():
            carer = record_adult(municipality=work.municipality, name="Fosterforelder Oppdiktet", language="nb", by=OFFICE, at=at)
            number = telephone_number(5000 + person.key)
            record_contact_point(
                adult=carer, kind=ContactPoint.Kind.TELEPHONE, value=number, source=ContactPoint.Source.STAFF, by=OFFICE, at=at
            )
            with work.trying("placement"):
                record_placement(
                    person=child,
                    carer=carer,
                    kind="child_welfare",
                    is_secret=rng.random() < IS_SECRET,
                    source="barnevernet ringte",
                    on=work.day,
                    by=OFFICE,
                    at=at,
                )
    for person in work.world.happened_to(Happening.PLACEMENT_ENDED, on=work.day):
        child = _child(work, person)
        if child is not None:
            with work.trying("placement ended"):
                end_placement(person=child, on=work.day, source="barnevernet ringte", by=OFFICE, at=at)


def _child(work: Workday, person: Person) -> Child | None:
    numbers = [number.digits for number in _numbers(work, person)]
    return Child.objects.of(work.municipality).filter(identifiers__number__in=numbers).select_related("municipality").first()


def _numbers(work: Workday, person: Person) -> tuple[NationalId, ...]:
    standing = person.standing_on(work.day)
    return () if standing is None else standing.numbers


def _note_guardian(work: Workday, guardian: Person, *, by: Actor, at: datetime) -> None:
    standing = guardian.standing_on(work.day)
    if standing is None:
        return
    number = standing.number
    if Adult.objects.filter(municipality=work.municipality, number=number.digits).exists():
        return  # a sibling's family
    told = work.households.guardian(guardian)
    adult = record_adult(
        municipality=work.municipality,
        number=number,
        name=f"{standing.given_name} {standing.family_name}",
        language=told.language,
        needs_interpreter=told.needs_interpreter,
        by=by,
        at=at,
    )
    if told.telephone:
        record_contact_point(
            adult=adult, kind=ContactPoint.Kind.TELEPHONE, value=told.telephone, source=ContactPoint.Source.FAMILY, by=by, at=at
        )
    if standing.grading in (Protection.CONFIDENTIAL, Protection.STRICTLY_CONFIDENTIAL):
        protect_adult(adult=adult, by=by, at=at)
        return
    street, postcode, place = work.households.address(guardian, work.day)
    record_address(adult=adult, lines=[street], postal_code=postcode, place=place, source="familien", by=by, at=at)
