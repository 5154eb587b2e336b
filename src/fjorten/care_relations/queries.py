"""What was given to whom, and by whom it could be used: lists for the leader, for the privacy officer and for whoever asks afterwards."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.db.models import Q, QuerySet

from fjorten.access.models import RoleHeld
from fjorten.access.permissions import Permission
from fjorten.access.policies import Ground, may_open
from fjorten.access.queries import Staff, staff_at
from fjorten.care_relations.models import Authorisation, Blocked, Emergency, EmergencyQuerySet, NamedForProtected, held_at, held_between
from fjorten.care_relations.relations import PROTECTED, subject_of, viewer_of
from fjorten.care_relations.reviewers import opaque_ids_of
from fjorten.kernel.refusals import Refused
from fjorten.kernel.times import start_of_day
from fjorten.organisation.models import Municipality
from fjorten.people.models import Person, PersonQuerySet
from fjorten.people.queries import resident_children


def open_emergencies(municipality: Municipality, *, at: datetime) -> EmergencyQuerySet:
    """This function will find the records that are open in an emergency at an instant, the one that ends first at the top."""
    return Emergency.objects.of(municipality).at(at).select_related("user__employee", "person").order_by("until_at", "pk")


def emergencies_to_review(municipality: Municipality) -> EmergencyQuerySet:
    """This function will find the emergencies nobody has given a verdict on, the oldest first. They stay until somebody does."""
    waiting = Emergency.objects.of(municipality).to_review()
    return waiting.select_related("user__employee", "person__municipality").order_by("opened_at", "pk")


def emergencies_reviewed(municipality: Municipality, *, since: datetime, until: datetime) -> EmergencyQuerySet:
    """This function will find the emergencies somebody gave a verdict on in `[since, until)`, the latest verdict first."""
    reviewed = Emergency.objects.of(municipality).filter(reviewed_at__gte=since, reviewed_at__lt=until)
    return reviewed.select_related("user__employee", "person__municipality").order_by("-reviewed_at", "-pk")


class NoSuchEmergency(Refused):
    """No emergency of the municipality has this number."""

    sentence = "Det finnes ingen nødåpning med dette nummeret i kommunen."


def emergency_numbered(number: int, municipality: Municipality) -> Emergency:
    """This function will find an emergency by its number, reviewed or not. Raises NoSuchEmergency."""
    found = Emergency.objects.of(municipality).filter(pk=number).select_related("user__employee", "person__municipality").first()
    if found is None:
        raise NoSuchEmergency(number)
    return found


def authorisations_of(person: Person) -> QuerySet[Authorisation]:
    """This function will find all authorisations a child has ever had, the latest first: what is over stays on the list."""
    return (
        Authorisation.objects.filter(_is_about(person)).select_related("user__employee", "person__municipality").order_by("-from_at", "-pk")
    )


def namings_of(person: Person) -> QuerySet[NamedForProtected]:
    """This function will find everybody who has ever been named for a protected child, the latest first."""
    named = NamedForProtected.objects.filter(_is_about(person))
    return named.select_related("user__employee", "person__municipality").order_by("-from_at", "-pk")


def blocks_of(person: Person) -> QuerySet[Blocked]:
    """This function will find all whom a family has ever blocked from a child's journal, the latest first."""
    return Blocked.objects.filter(_is_about(person)).select_related("user__employee", "person__municipality").order_by("-from_at", "-pk")


class NothingGivenHasThisNumber(Refused):
    """Nothing that was given or blocked for this child has this number."""

    sentence = "Dette finnes ikke på barnet. Åpne siden på nytt, og se hva som står der nå."


GivenT = TypeVar("GivenT", Authorisation, NamedForProtected, Blocked)


def numbered(given: QuerySet[GivenT], number: int) -> GivenT:
    """This function will find, of what was given or blocked for one child, the one with a number. Raises NothingGivenHasThisNumber."""
    found = given.filter(pk=number).first()
    if found is None:
        raise NothingGivenHasThisNumber(number)
    return found


def protected_children(municipality: Municipality, *, on: date) -> PersonQuerySet:
    """
    This function will find the children with address protection whom the municipality follows: they live here, or have an open journal.
    For those who see to that somebody is named for each.
    """
    here = Person.objects.of(municipality).filter(protection__in=PROTECTED)
    followed = Q(pk__in=resident_children(municipality=municipality, on=on).values("pk")) | Q(
        journals__closed_at__isnull=True, journals__isnull=False
    )
    return here.alive_on(on).filter(followed).distinct().order_by("born_by", "pk")


def teams_of(persons: Collection[int], *, at: datetime) -> Mapping[int, list[NamedForProtected]]:
    """This function will find who is named now for protected children (primary keys), in order of name; nobody: left out."""
    found: dict[int, list[NamedForProtected]] = {}
    is_theirs = Q(person__in=persons) | Q(person__continued_as__in=persons)
    named = NamedForProtected.objects.filter(held_at(at), is_theirs).select_related("user__employee", "person__municipality")
    for one in named.order_by("user__display_name", "pk"):
        found.setdefault(one.person.continued_as_id or one.person_id, []).append(one)
    return found


def own_family_of(staff: Staff, *, at: datetime) -> frozenset[str]:
    """This function will tell the opaque ids of the children of somebody's own family: whose log others go through."""
    return opaque_ids_of(viewer_of(staff, at=at).kin)


def authorisations_on(person: Person, *, day: date) -> QuerySet[Authorisation]:
    """This function will find the authorisations for a child that held at some time of a day, in order of when they began."""
    since, until = _instants(day)
    held = Authorisation.objects.filter(_is_about(person), held_between(since, until))
    return held.select_related("user__employee").order_by("from_at", "pk")


def named_on(person: Person, *, day: date) -> QuerySet[NamedForProtected]:
    """This function will find who was named for a protected child at some time of a day."""
    named = NamedForProtected.objects.filter(_is_about(person), held_between(*_instants(day)))
    return named.select_related("user__employee").order_by("from_at", "pk")


def blocked_on(person: Person, *, day: date) -> QuerySet[Blocked]:
    """This function will find whom the family had blocked from a child's journal at some time of a day."""
    blocked = Blocked.objects.filter(_is_about(person), held_between(*_instants(day)))
    return blocked.select_related("user__employee").order_by("from_at", "pk")


@dataclass(frozen=True, slots=True)
class CouldOpen:
    """Somebody who could open a child's record on a day, and the grounds they could do it on, in the order they are asked."""

    staff: Staff
    grounds: tuple[Ground, ...]


def who_could_open(person: Person, *, on: date) -> list[CouldOpen]:
    """
    This function will list who could open a child's record at some time of a day, and on what ground, in order of name.

    Asked of `policies.may_open` at the beginning of the day, at each instant of it when something given began or ended, and at its end.
    The number of questions grows with the staff: it is for one child and somebody who asks.
    """
    found: dict[int, tuple[Staff, set[Ground]]] = {}
    for at in _changes(person, on):
        for staff in staff_at(person.municipality, at=at):
            if staff.may(Permission.SEE_CHILDREN):
                ground = may_open(viewer_of(staff, at=at), subject_of(person, staff=staff, at=at), at=at).ground
                if ground is not None:
                    found.setdefault(staff.user, (staff, set()))[1].add(ground)
    could = [CouldOpen(staff, tuple(ground for ground in Ground if ground in grounds)) for staff, grounds in found.values()]
    return sorted(could, key=lambda one: (one.staff.name, one.staff.user))


def _changes(person: Person, day: date) -> list[datetime]:
    """The instants of a day between which no role and nothing that was given began or ended."""
    since, until = _instants(day)
    found = {since, until - timedelta(microseconds=1)}
    for model in (Authorisation, NamedForProtected, Blocked):
        given = model.objects.filter(_is_about(person), held_between(since, until)).values_list("from_at", "until_at")
        found.update(instant for pair in given for instant in pair if instant is not None)
    emergencies = Emergency.objects.between(since, until).filter(_is_about(person)).values_list("opened_at", "until_at")
    roles = RoleHeld.objects.of(person.municipality).some_time_on(day).values_list("given_at", "ended_at")
    found.update(instant for pair in (*emergencies, *roles) for instant in pair if instant is not None)
    return sorted(instant for instant in found if since <= instant < until)


def _is_about(person: Person) -> Q:
    return Q(person=person) | Q(person__continued_as=person)


def _instants(day: date) -> tuple[datetime, datetime]:
    return start_of_day(day), start_of_day(day + timedelta(days=1))
