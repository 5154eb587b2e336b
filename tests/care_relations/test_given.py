"""What a leader gives, an emergency opens and a family blocks: what it opens, when it ends, and who may not do it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from fjorten.access.actions import close_account, end_role
from fjorten.access.models import RoleHeld, User
from fjorten.access.permissions import Role
from fjorten.access.policies import Answer, Ground
from fjorten.audit.actor import Actor
from fjorten.audit.models import AuditEvent
from fjorten.care_relations.actions import (
    AccountIsElsewhere,
    AuthorisationHasEnded,
    AuthorisationHasNoDays,
    BlockHasEnded,
    CannotBreakGlass,
    ChildIsNotProtected,
    EmergencyIsReviewed,
    EmergencySaysTooLittle,
    IsBlockedAlready,
    IsNamedAlready,
    NamingHasEnded,
    NotForOneself,
    ReasonIsMissing,
    authorise,
    block,
    break_glass,
    name_for_protected,
    review_emergency,
    unblock,
    unname,
    withdraw_authorisation,
)
from fjorten.care_relations.models import Authorisation, Blocked, Emergency, NamedForProtected, ReasonOfEmergency, ReviewVerdict
from fjorten.care_relations.queries import (
    CouldOpen,
    authorisations_on,
    blocked_on,
    emergencies_to_review,
    named_on,
    open_emergencies,
    who_could_open,
)
from fjorten.care_relations.relations import may_open_child
from fjorten.care_relations.reviewers import OwnLooks
from fjorten.organisation.models import Clinic
from fjorten.people.models import Person
from tests.factories.access import OWNER, an_account, at_work
from tests.factories.clinic import AT, LEADER, TODAY, StaffedClinic

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WHY = "Vikar for Kari i to uker"


@pytest.fixture
def per(here: StaffedClinic, north: Clinic) -> User:
    """A nurse of the other clinic."""
    return an_account(here.municipality, "per", employee=here.other_nurse, clinics=[north])


@pytest.fixture
def kari(here: StaffedClinic) -> User:
    """A nurse of the child's clinic."""
    return an_account(here.municipality, "kari", employee=here.nurse, clinics=[here.clinic])


def ground(person: Person, user: User, *, at: Any = AT) -> Ground | Answer:
    verdict = may_open_child(person, staff=at_work(user, at=at), at=at)
    return verdict.ground or verdict.answer


def an_emergency(person: Person, user: User, *, reason: str = "Barnet puster tungt", at: Any = AT) -> Emergency:
    staff = at_work(user, at=at)
    return break_glass(staff=staff, person=person, code=ReasonOfEmergency.ACUTE, reason=reason, by=staff.actor(ground="emergency"), at=at)


def test_an_authorisation_opens_until_its_end_or_until_it_is_withdrawn(per: User, child: Person) -> None:
    assert ground(child, per) is Answer.REFUSED
    given = authorise(user=per, person=child, until_at=AT + 3 * DAY, reason=WHY, by=LEADER, at=AT)
    assert ground(child, per) is Ground.AUTHORISATION
    assert ground(child, per, at=AT + 3 * DAY) is Answer.REFUSED
    withdraw_authorisation(authorisation=given, by=LEADER, at=AT + DAY)
    assert ground(child, per, at=AT + DAY) is Answer.REFUSED
    with pytest.raises(AuthorisationHasEnded):
        withdraw_authorisation(authorisation=given, by=LEADER, at=AT + DAY)
    days = [authorisations_on(child, day=TODAY + number * DAY).count() for number in (-1, 0, 1, 2)]
    assert days == [0, 1, 1, 0], "who had it on which day is told afterwards"


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"until_at": AT}, AuthorisationHasNoDays),
        ({"until_at": AT + 93 * DAY}, AuthorisationHasNoDays),
        ({"reason": "  "}, ReasonIsMissing),
        ({"by": Actor("per", "leader")}, NotForOneself),
    ],
)
def test_an_authorisation_is_not_given(per: User, child: Person, changes: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        authorise(**({"user": per, "person": child, "until_at": AT + DAY, "reason": WHY, "by": LEADER, "at": AT} | changes))


def test_nothing_is_given_to_a_closed_account(per: User, child: Person) -> None:
    close_account(user=per, by=OWNER, at=AT)
    with pytest.raises(AccountIsElsewhere):
        authorise(user=per, person=child, until_at=AT + DAY, reason=WHY, by=LEADER, at=AT)


def test_an_emergency_opens_one_child_for_an_hour_and_waits_for_a_verdict(per: User, child: Person) -> None:
    opened = an_emergency(child, per)
    assert ground(child, per, at=AT + 59 * HOUR / 60) is Ground.EMERGENCY
    assert ground(child, per, at=AT + HOUR) is Answer.REFUSED
    assert list(open_emergencies(child.municipality, at=AT)) == [opened]
    assert list(open_emergencies(child.municipality, at=AT + HOUR)) == []
    assert list(emergencies_to_review(child.municipality)) == [opened], "it waits, also after the seven days"
    assert opened.review_due_at == AT + 7 * DAY
    row = AuditEvent.objects.get(action="emergency.opened")
    assert (row.about, row.who, row.ground, row.detail["code"]) == (str(child.public_id), "per", "emergency", "acute")
    assert "puster" not in str(row.__dict__), "what is written in words stands with the emergency, the trail has its digest"
    with pytest.raises(OwnLooks):
        review_emergency(emergency=opened, verdict=ReviewVerdict.IN_ORDER, note="ok", by=Actor("per", "leader"), at=AT)
    review_emergency(emergency=opened, verdict=ReviewVerdict.IN_ORDER, note="Legevakten ringte", by=LEADER, at=AT + DAY)
    assert not emergencies_to_review(child.municipality).exists()
    with pytest.raises(EmergencyIsReviewed):
        review_emergency(emergency=opened, verdict=ReviewVerdict.BREACH, note="Nei", by=LEADER, at=AT + DAY)


def test_an_emergency_goes_before_a_block_and_before_nothing_else(per: User, kari: User, child: Person) -> None:
    block(user=kari, person=child, source="Mor, på telefon", by=LEADER, at=AT)
    assert ground(child, kari) is Answer.REFUSED
    an_emergency(child, kari)
    assert ground(child, kari) is Ground.EMERGENCY
    Person.objects.filter(pk=child.pk).update(protection="confidential")
    child.refresh_from_db()
    with pytest.raises(CannotBreakGlass):
        an_emergency(child, per)


def test_an_emergency_is_for_who_has_no_access_and_in_their_own_name(here: StaffedClinic, kari: User, per: User, child: Person) -> None:
    with pytest.raises(CannotBreakGlass):
        an_emergency(child, kari)
    merkantil = an_account(here.municipality, "mons", roles=[Role.CLERK], clinics=[Clinic.objects.get(name="Nord")])
    with pytest.raises(CannotBreakGlass):
        an_emergency(child, merkantil)
    with pytest.raises(CannotBreakGlass):
        break_glass(
            staff=at_work(per), person=child, code=ReasonOfEmergency.OTHER, reason=WHY, by=at_work(kari).actor(ground="emergency"), at=AT
        )
    with pytest.raises(EmergencySaysTooLittle):
        an_emergency(child, per, reason="haster    nå")


def test_only_the_named_find_a_protected_child(kari: User, per: User, child: Person) -> None:
    with pytest.raises(ChildIsNotProtected):
        name_for_protected(user=kari, person=child, reason="Teamet", by=LEADER, at=AT)
    Person.objects.filter(pk=child.pk).update(protection="strictly_confidential")
    child.refresh_from_db()
    assert ground(child, kari) is Answer.ABSENT
    named = name_for_protected(user=kari, person=child, reason="Teamet", by=LEADER, at=AT)
    with pytest.raises(IsNamedAlready):
        name_for_protected(user=kari, person=child, reason="Teamet", by=LEADER, at=AT)
    with pytest.raises(NotForOneself):
        name_for_protected(user=per, person=child, reason="Teamet", by=Actor("per", "leader"), at=AT)
    assert (ground(child, kari), ground(child, per)) == (Ground.CLINIC, Answer.ABSENT)
    unname(named=named, by=LEADER, at=AT + HOUR)
    assert ground(child, kari, at=AT + HOUR) is Answer.ABSENT
    with pytest.raises(NamingHasEnded):
        unname(named=named, by=LEADER, at=AT + HOUR)
    assert list(named_on(child, day=TODAY)) == [named]


def test_a_block_holds_until_somebody_else_records_that_the_family_lifts_it(kari: User, child: Person) -> None:
    blocked = block(user=kari, person=child, source="Far, i brev", by=LEADER, at=AT)
    with pytest.raises(IsBlockedAlready):
        block(user=kari, person=child, source="Far, i brev", by=LEADER, at=AT)
    assert ground(child, kari) is Answer.REFUSED
    with pytest.raises(NotForOneself):
        unblock(blocked=blocked, source="Far, på gangen", by=Actor("kari", "public_health_nurse"), at=AT)
    unblock(blocked=blocked, source="Far, i brev", by=LEADER, at=AT + HOUR)
    assert ground(child, kari, at=AT + HOUR) is Ground.CLINIC
    with pytest.raises(BlockHasEnded):
        unblock(blocked=blocked, source="Far, i brev", by=LEADER, at=AT + HOUR)
    assert list(blocked_on(child, day=TODAY)) == [blocked]


def test_who_could_open_a_record_on_a_day_is_told_with_the_ground(here: StaffedClinic, kari: User, per: User, child: Person) -> None:
    an_account(here.municipality, "mons", roles=[Role.ANALYST])
    end_role(held=RoleHeld.objects.get(user=kari), on=TODAY + 2 * DAY, by=OWNER, at=AT)
    at_noon = AT + 3 * HOUR
    an_emergency(child, per, at=at_noon)
    given = authorise(user=per, person=child, until_at=AT + 5 * DAY, reason=WHY, by=LEADER, at=at_noon + 2 * HOUR)
    withdraw_authorisation(authorisation=given, by=LEADER, at=at_noon + 3 * HOUR)
    block(user=kari, person=child, source="Mor", by=LEADER, at=AT + DAY)

    def told(day: Any) -> list[tuple[str, tuple[Ground, ...]]]:
        found: list[CouldOpen] = who_could_open(child, on=day)
        return [(one.staff.who, one.grounds) for one in found]

    assert told(TODAY) == [("kari", (Ground.CLINIC,)), ("per", (Ground.AUTHORISATION, Ground.EMERGENCY))]
    assert told(TODAY + DAY) == [("kari", (Ground.CLINIC,))], "until the family blocked her in the course of the day"
    assert told(TODAY + 2 * DAY) == []
    assert told(TODAY - DAY) == []


@pytest.mark.parametrize("model", [Authorisation, Emergency, NamedForProtected, Blocked])
def test_nothing_that_was_given_is_deleted(model: Any, per: User, child: Person) -> None:
    authorise(user=per, person=child, until_at=AT + DAY, reason=WHY, by=LEADER, at=AT)
    block(user=per, person=child, source="Mor", by=LEADER, at=AT)
    Emergency.objects.create(user=per, person=child, code="acute", reason="barnet puster tungt", opened_at=AT, until_at=AT + HOUR)
    NamedForProtected.objects.create(user=per, person=child, from_at=AT, reason="teamet", named_by="leder")
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table}")
    assert model.objects.exists()


@pytest.mark.parametrize(
    ("model", "wrong"),
    [
        (Authorisation, {"from_at": AT, "until_at": AT - HOUR, "reason": "x", "given_by": "leder"}),
        (Authorisation, {"from_at": AT, "until_at": AT + HOUR, "reason": "", "given_by": "leder"}),
        (
            Authorisation,
            {"from_at": AT, "until_at": AT + HOUR, "reason": "x", "given_by": "leder", "withdrawn_at": AT, "withdrawn_by": "x"},
        ),
        (Emergency, {"code": "acute", "reason": "kort", "opened_at": AT, "until_at": AT + HOUR}),
        (Emergency, {"code": "nysgjerrig", "reason": "barnet puster tungt", "opened_at": AT, "until_at": AT + HOUR}),
        (Emergency, {"code": "acute", "reason": "barnet puster tungt", "opened_at": AT, "until_at": AT}),
        (Emergency, {"code": "acute", "reason": "barnet puster tungt", "opened_at": AT, "until_at": AT + HOUR, "verdict": "in_order"}),
        (NamedForProtected, {"from_at": AT, "reason": "", "named_by": "leder"}),
        (NamedForProtected, {"from_at": AT, "reason": "x", "named_by": "leder", "until_at": AT}),
        (Blocked, {"from_at": AT, "source": "", "recorded_by": "leder"}),
        (Blocked, {"from_at": AT, "source": "mor", "recorded_by": "leder", "until_at": AT, "ended_by": "leder"}),
    ],
)
def test_the_database_keeps_what_is_given_whole(model: Any, wrong: dict[str, Any], per: User, child: Person) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(user=per, person=child, **wrong)
