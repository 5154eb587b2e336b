"""
What binds somebody at work to children, as questions: the facts that `access.policies.may_open` decides by, and the same rule as a
condition for lists and search.

All of it is asked as of an instant, so that what held on a day that has passed can be told. What is not kept by instants answers as it is
known now: whose a case is, and what became of an appointment.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, TypeAlias, cast

from django.db.models import Exists, OuterRef, Q, QuerySet, Value

from fjorten.access.permissions import Permission
from fjorten.access.policies import Subject, Verdict, Viewer, may_open
from fjorten.access.queries import Staff
from fjorten.appointments.models import HOLDING_STATES, OPEN_STATES, Appointment
from fjorten.care_relations.kin import kin_of
from fjorten.care_relations.models import Authorisation, Blocked, Emergency, NamedForProtected, held_at
from fjorten.database.questions import Question
from fjorten.followup.models import Case
from fjorten.journal.models import Journal
from fjorten.kernel.chunks import chunks
from fjorten.organisation.models import Municipality
from fjorten.people.facts import Protection
from fjorten.people.models import Person, PersonQuerySet

# How long a time that was held binds the one who held it: the consultation is written, and answers come to them [default].
AFTER_AN_APPOINTMENT: Final = timedelta(days=30)
PROTECTED: Final = (Protection.CONFIDENTIAL.value, Protection.STRICTLY_CONFIDENTIAL.value)
_AT_ONCE: Final = 5000  # SQLite takes about 32,000 values in a question
_SETTLED_HELD: Final = [state for state in HOLDING_STATES if state not in OPEN_STATES]


def viewer_of(staff: Staff, *, at: datetime) -> Viewer:
    """This function will tell who wants to look, with the children of their own family and those they are named for."""
    return Viewer(
        municipality=staff.municipality.code,
        roles=staff.roles,
        clinics=staff.clinics,
        kin=kin_of([staff.national_id], municipality=staff.municipality)[staff.national_id],
        protected_team=_named_for(staff, at),
    )


def subject_of(person: Person, *, staff: Staff, at: datetime) -> Subject:
    """This function will tell what is known of a child and of what binds somebody to it at an instant."""
    return subjects_of([person], staff=staff, at=at)[person.pk]


def subjects_of(persons: Iterable[Person], *, staff: Staff, at: datetime) -> dict[int, Subject]:
    """
    This function will tell the same of many children, by primary key, in a handful of questions for each few thousand of them.

    What was given for a person whose book goes on as another's holds for that other too.
    """
    found: dict[int, Subject] = {}
    for some in chunks(list(persons), _AT_ONCE):
        found |= _subjects({person.pk: person for person in some}, staff, at)
    return found


def _subjects(children: Mapping[int, Person], staff: Staff, at: datetime) -> dict[int, Subject]:
    heirs = _heirs(children)
    clinics = _clinics(heirs, staff, at)
    times = set() if staff.employee is None else _of(heirs, _times(staff.employee, at, at - AFTER_AN_APPOINTMENT))
    cases = set() if staff.employee is None else _of(heirs, _cases(staff.employee, at))
    blocked = _of(heirs, _blocked(staff.user, at))
    authorised = _latest(heirs, _authorised(staff.user, at))
    emergencies = _latest(heirs, _emergencies(staff.user, at))
    codes = _codes(children.values(), staff.municipality)
    return {
        pk: Subject(
            child=pk,
            municipality=codes[person.municipality_id],
            clinic=clinics.get(pk),
            is_protected=person.is_protected,
            has_time_with_viewer=pk in times,
            is_viewers_case=pk in cases,
            is_blocked_for_viewer=pk in blocked,
            authorised_until=authorised.get(pk),
            emergency_until=emergencies.get(pk),
        )
        for pk, person in children.items()
    }


def may_open_child(person: Person, *, staff: Staff, at: datetime) -> Verdict:
    """This function will tell whether somebody may open a child's record at an instant: `policies.may_open`, asked of what stands."""
    return may_open(viewer_of(staff, at=at), subject_of(person, staff=staff, at=at), at=at)


def children_shown_to(staff: Staff, *, at: datetime) -> PersonQuerySet:
    """
    This function will find the persons of the municipality whose record somebody may open at an instant: the rule of `policies.may_open` as
    a condition, for lists and search. The two are held to one another by a test.
    """
    return cast("PersonQuerySet", shown_to(staff, at=at).built())


def shown_to(staff: Staff, *, at: datetime) -> Question[Person]:
    """
    This function will give the same as a question that is part of others and is asked often (`database.questions`): what binds them to
    single children is read now.
    """
    if Permission.SEE_CHILDREN not in staff.permissions:
        return Question(_nobody, (staff.municipality,))
    bound = _bound_to(staff, at)
    return Question(
        _shown,
        (staff.municipality, staff.clinics, Permission.SETTLE_FINDINGS in staff.permissions),
        {
            "at": at,
            "bound": bound[_Bond.AUTHORISED] | bound[_Bond.TIME] | bound[_Bond.CASE],
            "blocked": bound[_Bond.BLOCKED],
            "emergencies": bound[_Bond.EMERGENCY] if Permission.BREAK_GLASS in staff.permissions else (),
            "kin": kin_of([staff.national_id], municipality=staff.municipality)[staff.national_id],
            "team": bound[_Bond.NAMED],
        },
    )


def _nobody(municipality: Municipality) -> PersonQuerySet:
    return Person.objects.of(municipality).none()


def _shown(
    municipality: Municipality,
    clinics: Collection[int],
    with_those_without_a_journal: bool,
    *,
    at: datetime,
    bound: Collection[int],
    blocked: Collection[int],
    emergencies: Collection[int],
    kin: Collection[int],
    team: Collection[int],
) -> PersonQuerySet:
    journals = _journals(at)
    grounds = Q(pk__in=bound) | _has(journals.filter(clinic__in=clinics))
    if with_those_without_a_journal:
        grounds |= ~_has(journals)
    shown = (grounds & ~Q(pk__in=blocked)) | Q(pk__in=emergencies)
    return Person.objects.of(municipality).filter(_is_no_secret_to(team), shown).exclude(pk__in=kin)


def shown_among(children: Collection[int], *, staff: Staff, at: datetime) -> set[int]:
    """This function will tell which of some children (primary keys) somebody is shown, as `children_shown_to` has it."""
    return {pk for (pk,) in shown_to(staff, at=at).then(_keys_among, children=children).rows()}


def _keys_among(persons: PersonQuerySet, *, children: Collection[int]) -> QuerySet[Person, tuple[int]]:
    return persons.filter(pk__in=children).values_list("pk")


def children_refused_to(staff: Staff, *, at: datetime) -> PersonQuerySet:
    """
    This function will find the persons of the municipality whose record somebody may not open at an instant, but whom they may know to be
    there (`policies.Answer.REFUSED`): how many a search leaves out is told, and who is not. Never a protected child they are not named for.
    """
    everybody = Person.objects.of(staff.municipality)
    if Permission.SEE_CHILDREN not in staff.permissions:
        return everybody.none()
    shown = children_shown_to(staff, at=at)
    return everybody.filter(_is_no_secret_to(_named_for(staff, at))).exclude(pk__in=shown.values("pk"))


def _is_no_secret_to(protected_team: Collection[int]) -> Q:
    return ~Q(protection__in=PROTECTED) | Q(pk__in=protected_team)


def _named(user: int, at: datetime) -> QuerySet[NamedForProtected]:
    return NamedForProtected.objects.filter(held_at(at), user=user)


def _authorised(user: int, at: datetime) -> QuerySet[Authorisation]:
    return Authorisation.objects.filter(held_at(at), user=user)


def _blocked(user: int, at: datetime) -> QuerySet[Blocked]:
    return Blocked.objects.filter(held_at(at), user=user)


def _emergencies(user: int, at: datetime) -> QuerySet[Emergency]:
    return Emergency.objects.at(at).filter(user=user)


def _times(employee: int, at: datetime, held_after: datetime) -> QuerySet[Appointment]:
    """The appointments that bind somebody: those to come or not put down, and those held in the last month; not what was cancelled."""
    theirs = Q(employee=employee) | Q(doctor=employee)
    was_open_then = Q(state__in=OPEN_STATES) | (~Q(state__in=HOLDING_STATES) & Q(state_at__gt=at))
    was_held = Q(state__in=_SETTLED_HELD, ends_at__gt=held_after)
    return Appointment.objects.filter(theirs, was_open_then | was_held, booked_at__lte=at)


def _cases(employee: int, at: datetime) -> QuerySet[Case]:
    """The cases that bind somebody: those they own or are the deputy of, open or closed with an eye kept on them."""
    theirs = Q(owner=employee) | Q(deputy=employee)
    is_open = Q(closed_at__isnull=True) | Q(closed_at__gt=at)
    is_watched = Q(watch_on__isnull=False) & (Q(watch_ended_at__isnull=True) | Q(watch_ended_at__gt=at))
    return Case.objects.filter(theirs, is_open | is_watched, opened_at__lte=at)


def _journals(at: datetime) -> QuerySet[Journal]:
    return Journal.objects.filter(Q(closed_at__isnull=True) | Q(closed_at__gt=at), opened_at__lte=at)


def _clinics(heirs: Mapping[int, int], staff: Staff, at: datetime) -> dict[int, int]:
    """The clinic that has each child's journal; of several the viewer's own, else the first."""
    found: dict[int, int] = {}
    for person, clinic in _journals(at).filter(person__in=heirs).order_by("pk").values_list("person_id", "clinic_id"):
        child = heirs[person]
        if child not in found or (clinic in staff.clinics and found[child] not in staff.clinics):
            found[child] = clinic
    return found


def _heirs(children: Mapping[int, Person]) -> dict[int, int]:
    """Which child each row is about: itself, and those whose book goes on as it."""
    before = Person.objects.filter(continued_as__in=children).values_list("pk", "continued_as_id")
    return {**{pk: pk for pk in children}, **{pk: heir for pk, heir in before if heir is not None}}


def _of(heirs: Mapping[int, int], rows: QuerySet[Any, Any]) -> set[int]:
    return {heirs[person] for person in rows.filter(person__in=heirs).values_list("person_id", flat=True)}


def _latest(heirs: Mapping[int, int], rows: QuerySet[Any, Any]) -> dict[int, datetime]:
    found: dict[int, datetime] = {}
    for person, until_at in rows.filter(person__in=heirs).values_list("person_id", "until_at"):
        child = heirs[person]
        found[child] = max(until_at, found.get(child, until_at))
    return found


_Told: TypeAlias = tuple[str, int, int | None]


class _Bond(StrEnum):
    """What binds somebody to a single child, or keeps them from it."""

    NAMED = "named"
    AUTHORISED = "authorised"
    BLOCKED = "blocked"
    EMERGENCY = "emergency"
    TIME = "time"
    CASE = "case"


def _named_for(staff: Staff, at: datetime) -> frozenset[int]:
    """The protected children somebody is named for (primary keys), and those their books go on as."""
    return _persons_of(Question(_names, (), {"user": staff.user, "at": at}).rows())[_Bond.NAMED]


def _names(*, user: int, at: datetime) -> QuerySet[Any, _Told]:
    return _told(_Bond.NAMED, _named(user, at))


def _told(bond: _Bond, facts: QuerySet[Any]) -> QuerySet[Any, _Told]:
    """Tell whom facts are about: the bond, the person, and whom the person's book goes on as."""
    told = facts.order_by().annotate(bond=Value(bond.value)).values_list("bond", "person_id", "person__continued_as_id")
    return cast("QuerySet[Any, _Told]", told)


def _persons_of(told: Iterable[_Told]) -> Mapping[_Bond, frozenset[int]]:
    found: dict[_Bond, set[int]] = {bond: set() for bond in _Bond}
    for bond, person, goes_on_as in told:
        found[_Bond(bond)] |= {person} if goes_on_as is None else {person, goes_on_as}
    return {bond: frozenset(persons) for bond, persons in found.items()}


def _bound_to(staff: Staff, at: datetime) -> Mapping[_Bond, frozenset[int]]:
    """
    Those somebody is bound to (primary keys), and those their books go on as. Of one who works here they are some hundreds at most, and
    read first: asked of each row of a list, twenty questions within the question cost PostgreSQL more to plan than to answer.
    """
    of: dict[str, int | datetime] = {"user": staff.user, "at": at}
    if staff.employee is not None:
        of |= {"employee": staff.employee, "held_after": at - AFTER_AN_APPOINTMENT}
    return _persons_of(Question(_bonds, (), of).rows())


def _bonds(*, user: int, at: datetime, employee: int | None = None, held_after: datetime | None = None) -> QuerySet[Any, _Told]:
    facts: dict[_Bond, QuerySet[Any]] = {
        _Bond.NAMED: _named(user, at),
        _Bond.AUTHORISED: _authorised(user, at),
        _Bond.BLOCKED: _blocked(user, at),
        _Bond.EMERGENCY: _emergencies(user, at),
    }
    if employee is not None and held_after is not None:
        facts |= {_Bond.TIME: _times(employee, at, held_after), _Bond.CASE: _cases(employee, at)}
    first, *others = (_told(bond, rows) for bond, rows in facts.items())
    return first.union(*others)


def _has(journals: QuerySet[Journal]) -> Q:
    """
    The condition that a person, or one whose book goes on as theirs, has one of the journals: person by person, for a clinic has as many as
    there are children, and a list shows a page of them.
    """
    return Q(Exists(journals.filter(person=OuterRef("pk")))) | Q(Exists(journals.filter(person__continued_as=OuterRef("pk"))))


def _codes(persons: Iterable[Person], own: Municipality) -> dict[int, str]:
    elsewhere = {person.municipality_id for person in persons} - {own.pk}
    others = Municipality.objects.filter(pk__in=elsewhere).values_list("pk", "code") if elsewhere else []
    return {own.pk: own.code, **dict(others)}
