"""Odd looks: found in the log, heaviest first, closed by somebody else with a verdict, and open again when there is more."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError

from fjorten.access.models import User
from fjorten.access.permissions import Role
from fjorten.audit.actor import Actor
from fjorten.audit.looks import note_look, note_refused
from fjorten.care_relations.actions import ReasonIsMissing, break_glass, close_access_review, review_emergency
from fjorten.care_relations.models import AccessReview, ReasonOfEmergency, ReviewVerdict
from fjorten.care_relations.odd_looks import OddLooks, odd_looks
from fjorten.care_relations.oddities import Oddity
from fjorten.care_relations.reviewers import OwnFamily, OwnLooks
from fjorten.organisation.models import Clinic
from fjorten.people.models import FamilyRelation, Person
from tests.factories.access import an_account, at_work
from tests.factories.clinic import AT, LEADER, StaffedClinic
from tests.factories.register import a_number

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OWN = a_number(date(1990, 1, 1))


@pytest.fixture
def kari(here: StaffedClinic) -> User:
    return an_account(here.municipality, "kari", employee=here.nurse, clinics=[here.clinic], number=OWN)


def look(child: Person, user: User, *, at: datetime = AT, ground: str = "clinic", is_refused: bool = False) -> None:
    note = note_refused if is_refused else note_look
    note("child.seen", persons=[str(child.public_id)], municipality="9901", by=at_work(user).actor(ground=ground), at=at)


def found(child: Person) -> list[OddLooks]:
    return odd_looks(child.municipality, since=AT - DAY, until=AT + 5 * DAY)


def kinds(child: Person) -> list[tuple[str, ...]]:
    return [tuple(kind.value for kind in row.kinds) for row in found(child)]


def test_an_ordinary_look_is_not_odd(kari: User, child: Person) -> None:
    look(child, kari)
    assert found(child) == []


def test_what_one_did_with_one_child_on_one_day_is_one_row(kari: User, child: Person) -> None:
    for hours in (0, 1, 12):
        look(child, kari, at=AT + hours * HOUR, ground="")
    look(child, kari, at=AT + DAY, ground="")
    later, first = found(child)
    assert (first.who, first.name, first.about, first.on) == ("kari", "Kari Kvist", str(child.public_id), date(2026, 3, 10))
    assert (first.kinds, first.count) == ((Oddity.NO_RELATION, Oddity.OFF_HOURS), 3)
    assert (first.first_at, first.last_at, first.up_to < later.up_to) == (AT, AT + 12 * HOUR, True)
    assert later.on == date(2026, 3, 11)


def test_own_family_a_colleagues_child_and_a_namesake_are_odd(here: StaffedClinic, kari: User, child: Person) -> None:
    FamilyRelation.objects.create(person=child, role="mor", related_number=OWN, source="prøve")
    per = an_account(here.municipality, "per", name="Per Myrull", employee=here.other_nurse)
    look(child, kari, is_refused=True)
    look(child, per)
    assert kinds(child) == [("own_family", "refused"), ("colleagues_child", "same_name")]


def test_an_emergency_is_odd_until_it_is_reviewed(here: StaffedClinic, kari: User, child: Person, north: Clinic) -> None:
    per = an_account(here.municipality, "per", employee=here.other_nurse, clinics=[north])
    staff = at_work(per)
    opened = break_glass(
        staff=staff, person=child, code=ReasonOfEmergency.ACUTE, reason="Barnet puster tungt", by=staff.actor(ground="emergency"), at=AT
    )
    look(child, per, ground="emergency")
    assert kinds(child) == [("emergency",)]
    review_emergency(emergency=opened, verdict=ReviewVerdict.IN_ORDER, note="Legevakten ringte", by=LEADER, at=AT + HOUR)
    assert kinds(child) == []


def test_more_than_sixty_records_in_ten_minutes_is_one_row_about_nobody_in_particular(
    here: StaffedClinic, kari: User, child: Person
) -> None:
    others = Person.objects.bulk_create([Person(municipality=here.municipality, born_by=AT.date()) for _ in range(61)])
    for number, other in enumerate(others):
        look(other, kari, at=AT + number * timedelta(seconds=5))
    [row] = found(child)
    assert (row.kinds, row.about, row.count) == ((Oddity.VOLUME,), "", 1)


def test_machines_and_what_is_about_no_person_do_not_disturb(here: StaffedClinic, kari: User, child: Person) -> None:
    note_look("child.read", persons=[str(child.public_id)], municipality="9901", by=Actor("nattkjøring", "job"), at=AT)
    note_look("child.read", persons=["ikke en id"], municipality="9901", by=LEADER, at=AT)
    [row] = found(child)
    assert (row.about, row.name, row.kinds) == ("ikke en id", "leder", (Oddity.NO_RELATION,))


def test_a_verdict_closes_what_was_seen_and_what_comes_later_is_open_again(kari: User, child: Person) -> None:
    look(child, kari, ground="")
    [odd] = found(child)
    given: dict[str, Any] = {"municipality": child.municipality, "odd": odd, "verdict": ReviewVerdict.IN_ORDER, "at": AT + HOUR}
    with pytest.raises(ReasonIsMissing):
        close_access_review(note=" ", by=LEADER, **given)
    with pytest.raises(OwnLooks):
        close_access_review(note="Det var meg", by=Actor("kari", "leader"), **given)
    review = close_access_review(note="Avtalt med lederen", by=LEADER, **given)
    assert [row.review for row in found(child)] == [review]
    look(child, kari, ground="", at=AT + 2 * HOUR)
    assert [row.review for row in found(child)] == [None]


def test_nobody_gives_a_verdict_on_a_look_at_their_own_family(kari: User, child: Person) -> None:
    FamilyRelation.objects.create(person=child, role="mor", related_number=OWN, source="prøve")
    mother = an_account(child.municipality, "lea", roles=[Role.LEADER])
    User.objects.filter(pk=kari.pk).update(national_id="")
    User.objects.filter(pk=mother.pk).update(national_id=OWN)
    look(child, kari, ground="")
    [odd] = found(child)
    with pytest.raises(OwnFamily):
        close_access_review(
            municipality=child.municipality, odd=odd, verdict=ReviewVerdict.IN_ORDER, note="Grei", by=Actor("lea", "leader"), at=AT
        )
    assert not AccessReview.objects.exists()


def test_what_turns_out_to_be_odd_for_another_reason_is_open_again(kari: User, child: Person) -> None:
    look(child, kari, ground="")
    [odd] = found(child)
    close_access_review(municipality=child.municipality, odd=odd, verdict=ReviewVerdict.MISTAKE, note="Feil barn", by=LEADER, at=AT + HOUR)
    FamilyRelation.objects.create(person=child, role="mor", related_number=OWN, source="prøve")
    assert [row.review for row in found(child)] == [None]


def test_what_waits_comes_first_and_then_the_weightiest(here: StaffedClinic, kari: User, child: Person) -> None:
    mons = an_account(here.municipality, "mons", roles=[Role.CLERK])
    look(child, kari, ground="")
    [odd] = found(child)
    close_access_review(municipality=child.municipality, odd=odd, verdict=ReviewVerdict.IN_ORDER, note="Avtalt", by=LEADER, at=AT)
    look(child, mons, at=AT + 12 * HOUR)
    look(child, mons, at=AT + DAY, is_refused=True)
    assert kinds(child) == [("refused",), ("off_hours",), ("no_relation",)]


def test_the_number_of_questions_does_not_grow_with_the_looks(kari: User, child: Person, django_assert_max_num_queries: Any) -> None:
    for hours in range(5):
        look(child, kari, at=AT + hours * HOUR, ground="")
    with django_assert_max_num_queries(9):
        found(child)


def test_a_verdict_is_never_changed(kari: User, child: Person) -> None:
    look(child, kari, ground="")
    [odd] = found(child)
    close_access_review(municipality=child.municipality, odd=odd, verdict=ReviewVerdict.IN_ORDER, note="Avtalt", by=LEADER, at=AT)
    with pytest.raises(DatabaseError, match="append-only"):
        AccessReview.objects.update(verdict="breach")
