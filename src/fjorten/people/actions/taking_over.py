"""Families an earlier system knew, taken over as they were known there. Nothing known here is overwritten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from fjorten.audit.actor import Actor
from fjorten.audit.trail import Entry, record_all
from fjorten.kernel.telephones import read_telephone
from fjorten.kernel.writing import must_fit
from fjorten.organisation.models import Municipality
from fjorten.people.actions.families import refuse_contradiction
from fjorten.people.earlier import EarlierAddress, EarlierGuardian, EarlierWish
from fjorten.people.models import Adult, ContactPoint, Person, PostalAddress, Wish
from fjorten.people.models.family import ADDRESS_LINES, ADULT_NAME, LANGUAGE_CODE, PLACE, POSTAL_CODE

_SOURCE = ContactPoint.Source.IMPORT


@dataclass(frozen=True, slots=True)
class EarlierFamily:
    """What is told of one child's family."""

    child: Person
    guardians: Sequence[EarlierGuardian] = ()
    wish: EarlierWish | None = None


@transaction.atomic
def take_over_families(*, families: Sequence[EarlierFamily], municipality: Municipality, by: Actor, at: datetime) -> None:
    """
    Note the guardians and wishes of many children, with one event each. All or none.

    Whoever is known here already stays as they are known: what was noted here is newer. No address is kept of the protected. Raises
    TextIsTooLong, TelephoneNumberIsInvalid or WishIsContradictory.
    """
    told = {guardian.number.digits: guardian for family in families for guardian in family.guardians}
    for guardian in told.values():
        _refuse_what_does_not_fit(guardian)
    known = set(Adult.objects.filter(municipality=municipality, number__in=told).values_list("number", flat=True))
    new = Adult.objects.bulk_create(
        [
            Adult(
                municipality=municipality,
                number=number,
                name=guardian.name,
                language=guardian.language,
                needs_interpreter=guardian.needs_interpreter,
                is_protected=guardian.is_protected,
                recorded_at=at,
                recorded_by=by.who,
            )
            for number, guardian in told.items()
            if number not in known
        ]
    )
    ContactPoint.objects.bulk_create(
        [
            ContactPoint(
                adult=adult,
                kind=ContactPoint.Kind.TELEPHONE,
                value=read_telephone(telephone).e164,
                source=_SOURCE,
                recorded_at=at,
                recorded_by=by.who,
            )
            for adult in new
            if (telephone := told[adult.number].telephone)
        ]
    )
    PostalAddress.objects.bulk_create(
        [_address(adult, address, at) for adult in new if not adult.is_protected and (address := told[adult.number].address) is not None]
    )
    _take_over_wishes(families, by=by, at=at)
    entries = [
        Entry("family.taken_over", about=str(family.child.public_id), detail={"guardians": len(family.guardians)}) for family in families
    ]
    record_all(entries, municipality=municipality.code, by=by, at=at)


def _refuse_what_does_not_fit(guardian: EarlierGuardian) -> None:
    must_fit("navnet", guardian.name, most=ADULT_NAME)
    must_fit("språkkoden", guardian.language, most=LANGUAGE_CODE)
    if guardian.address is not None:
        must_fit("adressen", "\n".join(guardian.address.lines), most=ADDRESS_LINES)
        must_fit("postnummeret", guardian.address.postal_code, most=POSTAL_CODE)
        must_fit("poststedet", guardian.address.place, most=PLACE)


def _address(adult: Adult, told: EarlierAddress, at: datetime) -> PostalAddress:
    return PostalAddress(
        adult=adult,
        lines="\n".join(told.lines),
        postal_code=told.postal_code,
        place=told.place,
        source=_SOURCE.value,
        recorded_at=at,
    )


def _take_over_wishes(families: Sequence[EarlierFamily], *, by: Actor, at: datetime) -> None:
    wished = {family.child.pk: family.wish for family in families if family.wish is not None}
    for wish in wished.values():
        refuse_contradiction(wish.unsuitable_weekdays, wish.earliest, wish.latest)
    told_here = set(Wish.objects.filter(person__in=wished, ended_at__isnull=True).values_list("person_id", flat=True))
    Wish.objects.bulk_create(
        [
            Wish(
                person_id=child,
                unsuitable_weekdays=sorted(set(wish.unsuitable_weekdays)),
                earliest=wish.earliest,
                latest=wish.latest,
                can_come_at_short_notice=wish.can_come_at_short_notice,
                recorded_at=at,
                recorded_by=by.who,
            )
            for child, wish in wished.items()
            if child not in told_here
        ]
    )
