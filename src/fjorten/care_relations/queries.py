"""What was given to whom, and by whom it could be used: lists for the leader, for the privacy officer and for whoever asks afterwards."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from fjorten.access.models import RoleHeld
from fjorten.access.permissions import Permission
from fjorten.access.policies import Ground, may_open
from fjorten.access.queries import Staff, staff_at
from fjorten.care_relations.models import Authorisation, Blocked, Emergency, EmergencyQuerySet, NamedForProtected, held_between
from fjorten.care_relations.relations import subject_of, viewer_of
from fjorten.kernel.times import start_of_day
from fjorten.organisation.models import Municipality
from fjorten.people.models import Person


def open_emergencies(municipality: Municipality, *, at: datetime) -> EmergencyQuerySet:
    """This function will find the records that are open in an emergency at an instant, the one that ends first at the top."""
    return Emergency.objects.of(municipality).at(at).select_related("user__employee", "person").order_by("until_at", "pk")


def emergencies_to_review(municipality: Municipality) -> EmergencyQuerySet:
    """This function will find the emergencies nobody has given a verdict on, the oldest first. They stay until somebody does."""
    waiting = Emergency.objects.of(municipality).to_review()
    return waiting.select_related("user__employee", "person__municipality").order_by("opened_at", "pk")


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
