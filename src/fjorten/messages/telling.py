"""Who is told about a child right now, from what is kept: the rules of `addressees` over the families of `people`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from fjorten.kernel.ages import age_in_years
from fjorten.messages.addressees import Addressee, ChildToTellOf, Manual, Silence, addressees
from fjorten.messages.addressees import Adult as AdultToTell
from fjorten.messages.models import Way
from fjorten.messages.texts import Channel
from fjorten.people.families import Family, Reach, families_of


@dataclass(frozen=True, slots=True)
class Told:
    """One adult who is told, by which way."""

    reach: Reach
    way: Way
    language: str


@dataclass(frozen=True, slots=True)
class Telling:
    """Who is told about one child on a day: adults, or why a person sees to it, or why nobody is told; and how long it must wait."""

    family: Family
    answer: tuple[Told, ...] | Manual | Silence
    paused_until: date | None


def tellings(persons: Collection[int], *, on: date) -> Mapping[int, Telling]:
    """Tell for children (by primary key) who is told about them on a day, and by which way."""
    return {key: _telling(family, on) for key, family in families_of(persons, on=on).items()}


def _telling(family: Family, on: date) -> Telling:
    reaches = {str(reach.adult.pk): reach for reach in (*family.guardians, *([family.carer] if family.carer else []))}
    answer = addressees(_child(family, on))
    if isinstance(answer, Manual | Silence):
        return Telling(family, answer, family.paused_until)
    return Telling(family, tuple(_told(one, reaches[one.key]) for one in answer), family.paused_until)


def _told(one: Addressee, reach: Reach) -> Told:
    if one.channel is Channel.LETTER:
        return Told(reach, Way.LETTER, one.language)
    return Told(reach, Way.SMS if reach.telephone is not None else Way.EMAIL, one.language)


def _child(family: Family, on: date) -> ChildToTellOf:
    person = family.person
    return ChildToTellOf(
        age_years=age_in_years(person.born_by, on),
        is_dead=person.is_dead,
        is_protected=person.is_protected,
        lives_or_stays_here=family.lives_or_stays_here,
        guardians=[_adult(reach) for reach in family.guardians],
        carer=None if family.carer is None else _adult(family.carer),
    )


def _adult(reach: Reach) -> AdultToTell:
    adult = reach.adult
    return AdultToTell(
        key=str(adult.pk),
        language=adult.language,
        telephone=reach.telephone.value if reach.telephone else "",
        email=reach.email.value if reach.email else "",
        has_postal_address=reach.has_postal_address,
        is_dead=adult.is_dead,
        is_protected=adult.is_protected,
    )
